"""What holds now of what was sent to the gate: decided as its post is, and told without anybody in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from fotopoort.application.gate.visibility import may_still_be_shown
from fotopoort.application.posts.service import PostService
from fotopoort.canonical_json import digest
from fotopoort.errors import NotFound
from fotopoort.registry.gate import gates, renditions
from fotopoort.registry.gate.gates import GateRecord
from fotopoort.registry.gate.renditions import GivenRendition
from fotopoort.registry.posts import photo_records, posts
from fotopoort.registry.posts.photo_records import KeptRendition, PhotoRecord, PhotoState
from fotopoort.registry.posts.posts import PostRecord, PostState
from fotopoort.registry.registry import Session
from fotopoort.vocabulary import ChannelId, Outcome, Verdict

REMOVED: Final = "photo_removed"  # somebody at school took it out of the post
NOT_LOOKED_AT: Final = "photo_gone"  # its post ended before it was


@dataclass(frozen=True, slots=True)
class GateState:
    """What holds now.

    Attributes:
        outcome: of the photo; None: it is not known yet, or there is none.
        waits: somebody at school can still let it go out.
        error: the code of why the photo goes nowhere, where that is no rule.
        text_outcome: None: no text was sent, or it is not known.
        ready: what may go out now, and was made; None: nothing.
        verdict: that this was made by.
        out: what was given last and may stay out.
    """

    gate: GateRecord
    post: PostRecord
    outcome: Outcome | None
    waits: bool
    error: str | None
    text_outcome: Outcome | None
    ready: KeptRendition | None
    verdict: Verdict | None
    out: GivenRendition | None
    is_pending: bool

    @property
    def digest(self) -> str:
        """Of what a CMS wants to know: equal where nothing of that changed."""
        rendition = self.ready.sha256 if self.ready else self.out.sha256 if self.out else ""
        return digest((self.outcome, self.error, self.text_outcome, self.waits, rendition))


@dataclass(frozen=True, slots=True)
class _Photo:
    outcome: Outcome | None
    waits: bool = False
    error: str | None = None
    ready: KeptRendition | None = None
    verdict: Verdict | None = None
    is_pending: bool = False


class GateStates:
    """Finds out what holds, within sessions that reach every post.

    Args:
        posts: decides.
    """

    def __init__(self, posts: PostService) -> None:
        self.posts = posts

    def of(self, session: Session, gate: GateRecord) -> GateState:
        """What holds now of what was sent.

        Raises:
            NotFound: what was found in the photo is not kept any more.
        """
        post = posts.get(session, gate.post)
        given = [given for given in renditions.of_gate(session, gate.id) if given.revoked is None]
        out = next((given for given in given if given.is_current and self.holds(session, given, gate.channel)), None)
        photo = self._photo(session, gate, post, out)
        text_outcome, text_waits = self._text(session, gate, post)
        return GateState(
            gate=gate,
            post=post,
            outcome=photo.outcome,
            waits=photo.waits or text_waits,
            error=photo.error,
            text_outcome=text_outcome,
            ready=photo.ready,
            verdict=photo.verdict,
            out=out,
            is_pending=photo.is_pending,
        )

    def holds(self, session: Session, given: GivenRendition, channel: ChannelId) -> bool:
        """Whether a rendition that was given may stay where it was published. While its photo waits to be looked at
        once more, what was found in it before decides: that look may never come.

        Raises:
            NotFound: what was found in the photo is not kept any more.
        """
        if given.revoked is not None:
            return False
        post = posts.get(session, given.post)
        try:
            record = _record(session, given.post, given.photo)
        except NotFound:
            return False
        waits, is_open = record.state is PhotoState.WAITING, post.state is PostState.OPEN
        if waits and record.screening is None:
            return is_open
        decided = self.posts.decisions.of_photo(session, post, record, names=is_open and not waits)
        if decided is None:
            if record.state is PhotoState.FAILED:
                return False
            raise gates.unknown()
        now = decided.verdicts.get(channel)
        return now is not None and may_still_be_shown(given.shows, now)

    def _photo(self, session: Session, gate: GateRecord, post: PostRecord, out: GivenRendition | None) -> _Photo:
        if gate.photo is None:
            return _Photo(None)
        is_open = post.state is PostState.OPEN
        try:
            record = _record(session, gate.post, gate.photo)
        except NotFound:
            return _Photo(Outcome.REJECT, error=REMOVED)
        if record.state is PhotoState.FAILED:
            return _Photo(Outcome.REJECT, error=record.error)
        if not is_open:  # nothing is made any more, and what was said in the end is erased in part
            error = NOT_LOOKED_AT if record.screening is None else None
            return _Photo(Outcome(out.shows["outcome"]) if out else Outcome.REJECT, error=error)
        decided = self.posts.decisions.of_photo(session, post, record)
        if decided is None or decided.is_outdated:
            return _Photo(None, is_pending=True)
        verdict = decided.verdicts.get(gate.channel)
        if verdict is None:  # somebody took that channel out of the post
            return _Photo(Outcome.REJECT, error=REMOVED)
        if verdict.outcome is Outcome.REJECT:
            return _Photo(Outcome.REJECT, waits=verdict.not_yet, verdict=verdict)
        if not decided.is_ready(gate.channel):
            return _Photo(None, is_pending=True)
        return _Photo(verdict.outcome, ready=record.renditions[gate.channel], verdict=verdict)

    def _text(self, session: Session, gate: GateRecord, post: PostRecord) -> tuple[Outcome | None, bool]:
        """What is decided about the text, and whether somebody can still let it go out."""
        if not gate.text or post.state is not PostState.OPEN:
            return gate.text_outcome, False
        verdict = self.posts.text_verdict(session, post, gate.text, gate.channel)
        if verdict is None:
            return Outcome.REJECT, False
        # What is covered in a photo cannot be covered in a text.
        outcome = Outcome.PUBLISH if verdict.outcome is Outcome.PUBLISH else Outcome.REJECT
        return outcome, verdict.not_yet


def _record(session: Session, post_id: str, photo_id: str) -> PhotoRecord:
    return photo_records.record(photo_records.find(session, post_id, photo_id))
