"""What is decided now about each photo of a post: from what was found in it, without looking at the photo again.

Nothing of it is stored. Whatever changed since the photo was looked at (an answer, a consent, a rule, a name) is taken
into account each time, and a rendition may go out only where it was made by the very decision that is taken now.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Final

from cachetools import LRUCache, cachedmethod

from fotopoort.application.context import DecisionContext, DecisionContexts
from fotopoort.application.pending import searched_for
from fotopoort.policy.decide import unverified
from fotopoort.policy.posts.asks import Asks
from fotopoort.policy.posts.post import Post
from fotopoort.policy.posts.verdicts import decide_photo
from fotopoort.registry.access.roles import service
from fotopoort.registry.people.groups import Years
from fotopoort.registry.posts import answers as post_answers
from fotopoort.registry.posts import photo_records
from fotopoort.registry.posts.photo_records import KeptRendition, PhotoRecord, PhotoState, SeenPhoto
from fotopoort.registry.posts.posts import PostRecord
from fotopoort.registry.registry import Session
from fotopoort.screening.renditions import may_be_read
from fotopoort.screening.screen import Request
from fotopoort.screening.stored_form import digest
from fotopoort.vocabulary import Action, ChannelId, Findings, Outcome, Rendition, Verdict

MAX_CACHED: Final = 2_000  # decisions: of some fifty posts
DECIDED: Final = frozenset({PhotoState.SEEN, PhotoState.JUDGED})


@dataclass(frozen=True, slots=True)
class DecidedPhoto:
    """A photo of a post, and what is decided about it now.

    Attributes:
        findings: as they are now: with whether it is blocked.
        request: with everything that is said of it.
        verdicts: per channel; a reject where what was made by it showed something that is to be covered.
        keys: per channel where something may go out, of the decision; see `KeptRendition.key`.
        is_outdated: names became known that it was not searched for. It is to be looked at again, and until then
            nothing goes out.
    """

    record: PhotoRecord
    screening: str
    findings: Findings = field(repr=False)
    request: Request = field(repr=False)
    context: DecisionContext = field(repr=False)
    verdicts: Mapping[ChannelId, Verdict]
    asks: Asks
    keys: Mapping[ChannelId, str]
    is_outdated: bool

    def holds(self, channel: ChannelId) -> bool:
        """Whether what was made for a channel was made by what is decided now."""
        kept = self.record.renditions.get(channel)
        return kept is not None and kept.key == self.keys.get(channel)

    def is_ready(self, channel: ChannelId) -> bool:
        """Whether there is something that may go out on a channel now."""
        kept = self.record.renditions.get(channel)
        return kept is not None and self.holds(channel) and bool(kept.sha256) and not self.is_outdated


@dataclass(frozen=True, slots=True)
class DecidedPost:
    """A post, and what is decided about its photos now.

    Attributes:
        records: all its photos, in its order, without those that were removed.
        post: as the policy takes it: with the photos that were looked at.
        photos: the same, by their ids.
    """

    record: PostRecord
    records: tuple[PhotoRecord, ...]
    post: Post = field(repr=False)
    photos: Mapping[str, DecidedPhoto]
    context: DecisionContext = field(repr=False)

    @property
    def version(self) -> str:
        """Equal where nothing differs that is told of this post."""
        contexts = sorted({self.context.version, *(photo.context.version for photo in self.photos.values())})
        return f"{self.record.revision}-{digest(tuple(contexts))[:12]}"


class PostDecisions:
    """Decides about photos of posts, and remembers what it decided.

    Args:
        contexts: what photos are judged by now.
    """

    def __init__(self, contexts: DecisionContexts) -> None:
        self._contexts = contexts
        self._decided: LRUCache[str, tuple[dict[ChannelId, Verdict], Asks]] = LRUCache(MAX_CACHED)
        self._findings: LRUCache[bytes, Findings] = LRUCache(MAX_CACHED)
        self._lock = Lock()

    def context(self, session: Session, post: PostRecord, years: Years = None) -> DecisionContext:
        """What a photo of a post is judged by: the same for whoever asks. The people of its groups have names in it,
        all others none; of a post that is about no group in particular everybody has.

        Args:
            years: the school years that the photo can be of; None: any.
        """
        return self.context_of(session, frozenset(post.groups), years)

    def context_of(self, session: Session, groups: frozenset[str], years: Years = None) -> DecisionContext:
        """The same, of a post about these groups."""
        return self._contexts.current(session.as_caller(service(session.tenant, groups)), years)

    def policy_id(self, session: Session) -> str:
        """The version and hash of the rules that photos are judged by now."""
        return self._contexts.current(session.as_caller(service(session.tenant))).policy.id

    def rules_version(self) -> str:
        """What verdicts depend on and is written nowhere: 12 hexadecimal digits, equal where neither the policy differs
        nor the class list beside the registry."""
        return self._contexts.without_registry().version[:12]

    def of_post(self, session: Session, post: PostRecord) -> DecidedPost:
        """What is decided about all photos of a post within reach."""
        seen = photo_records.seen(session, post.id, read=self.read)
        content = post_answers.as_post(session, post.id, seen)
        records = [photo_records.record(row) for row in photo_records.rows(session, post.id)]
        contexts = {years: self.context(session, post, years) for years in {photo.years for photo in seen.values()}}
        decided = {
            record.id: self._decide(post, record, seen[record.id], content, contexts[seen[record.id].years])
            for record in records
            if record.id in seen and record.state in DECIDED
        }
        present = tuple(record for record in records if record.state is not PhotoState.REMOVED)
        content = replace(
            content, photos={photo: decided[photo].findings for photo in content.photos if photo in decided}
        )
        return DecidedPost(post, present, content, decided, self.context(session, post))

    def of_text(self, session: Session, post: PostRecord) -> DecidedPost:
        """The same, without its photos: to decide about a text."""
        return DecidedPost(post, (), post_answers.as_post(session, post.id, {}), {}, self.context(session, post))

    def of_photo(
        self, session: Session, post: PostRecord, record: PhotoRecord, *, names: bool = True
    ) -> DecidedPhoto | None:
        """What is decided about one photo; None: it was not looked at, or has to be once more.

        Args:
            names: False: whatever names stand in it. Which of them are none is erased with the end of its post.
        """
        looked_at = photo_records.seen(session, post.id, [record.id], read=self.read)
        seen = looked_at.get(record.id)
        if seen is None or (names and record.state not in DECIDED):
            return None
        if not names:
            seen = replace(seen, findings=replace(seen.findings, names=()))
        content = post_answers.as_post(session, post.id, looked_at)
        return self._decide(post, record, seen, content, self.context(session, post, seen.years))

    def _decide(
        self, post: PostRecord, record: PhotoRecord, seen: SeenPhoto, content: Post, context: DecisionContext
    ) -> DecidedPhoto:
        findings = replace(seen.findings, blocked=context.blocked.holds(seen.sha256, seen.findings.perceptual_hash))
        asked = Request(post.channels, content.about(record.id), together=post.together)
        request = context.effective_for(asked, seen.sha256)
        channels = (request.channels, "together") if request.together else request.channels
        key = digest(
            (
                seen.screening,
                findings.blocked,
                findings.names == (),
                channels,
                digest(request.answers),
                context.version,
            )
        )
        verdicts, asks = self._verdicts(key, findings, request, context)
        keys = {
            channel: decision_key(verdict, findings, request, context)
            for channel, verdict in verdicts.items()
            if verdict.outcome is not Outcome.REJECT
        }
        decided = DecidedPhoto(
            record=record,
            screening=seen.screening,
            findings=findings,
            request=request,
            context=context,
            verdicts=verdicts,
            asks=asks,
            keys=keys,
            is_outdated=seen.names_searched not in ("", searched_for(context.names)),
        )
        failed = {
            channel: unverified(verdicts[channel])
            for channel in keys
            if decided.holds(channel) and not record.renditions[channel].sha256
        }
        return replace(decided, verdicts={**verdicts, **failed})

    @cachedmethod(
        lambda self: self._findings,
        key=lambda self, stored: hashlib.sha256(stored.encode()).digest(),  # what is stored can be long
        lock=lambda self: self._lock,
    )
    def read(self, stored: str) -> Findings:
        """What was found in a photo, as it is stored: read once."""
        return photo_records.read_findings(stored)

    @cachedmethod(lambda self: self._decided, key=lambda self, key, *_: key, lock=lambda self: self._lock)
    def _verdicts(
        self,
        key: str,
        findings: Findings,
        request: Request,
        context: DecisionContext,
    ) -> tuple[dict[ChannelId, Verdict], Asks]:
        people, policy = context.people, context.policy
        return decide_photo(findings, request.answers, people, policy, request.channels, together=request.together)


def decision_key(verdict: Verdict, findings: Findings, request: Request, context: DecisionContext) -> str:
    """A digest of all that a rendition depends on: what it shows and covers, and what it was looked at again for."""
    answers = request.answers
    shown = tuple(sorted(id for id, face in verdict.faces.items() if face.action is Action.KEEP))
    parts: list[object] = [
        findings.models,
        verdict.policy,
        context.policy.channel(verdict.channel).max_side,
        verdict.outcome,
        verdict.covered,
        shown,
        verdict.part,
        verdict.neutral_name,
    ]
    if (verdict.covered or verdict.part) and findings.has_text:  # it is read again, for these names
        identified = frozenset(answer.person for answer in answers.faces.values() if answer.person)
        parts += [
            searched_for(context.names),
            answers.groups,
            answers.present | identified,
            may_be_read(findings, answers),
        ]
    if request.together:  # one size for all
        parts += [request.channels]
    if verdict.part is not None:  # what is in the part is decided about by the same rules as the photo
        parts += [digest(answers), context.version]
    return digest(tuple(parts))


def as_rendition(kept: KeptRendition, verdict: Verdict) -> Rendition:
    """A rendition that was kept, for documents and receipts: without its picture."""
    return Rendition(b"", kept.sha256, kept.width, kept.height, covered=verdict.covered, verified=True)
