"""What is sent to the gate, and what is told of it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePath
from typing import Final

from fotopoort.application.contract.documents import Json
from fotopoort.application.gate.messages import document
from fotopoort.application.gate.notices import GateNotices
from fotopoort.application.gate.requests import MAX_REFERENCE, GateRequest, GateTicket, latest_lines, refusal_of
from fotopoort.application.gate.states import GateState, GateStates
from fotopoort.application.posts.service import PostService
from fotopoort.canonical_json import digest
from fotopoort.errors import (
    BadRecord,
    NoLongerValid,
    NotFound,
    NothingToPublish,
    NothingToScreen,
    Overloaded,
    TextTooLong,
)
from fotopoort.names.places import file_line
from fotopoort.registry import school_settings
from fotopoort.registry.access.roles import Act, Caller, KeyRole, service
from fotopoort.registry.gate import gates, renditions
from fotopoort.registry.gate.gates import GateRecord
from fotopoort.registry.posts import changing, photo_records, photos, posts
from fotopoort.registry.posts.photo_records import PhotoState
from fotopoort.registry.posts.posts import MAX_TEXT, Origin, PostRecord, PostState
from fotopoort.registry.registry import Registry, Session
from fotopoort.vocabulary import ChannelId, Outcome, Text

MAX_BACKLOG: Final = 500  # photos of one key that wait to be looked at; those of others take turns with them


class Gate:
    """Takes in what a CMS sends, and tells what holds of it.

    Args:
        registry: where its posts are.
        posts: decides about them.
        post_hours: until a post expires.
        wake: called when there may be jobs to do.
    """

    def __init__(
        self, registry: Registry, posts: PostService, *, post_hours: float, wake: Callable[[], None] = lambda: None
    ) -> None:
        self._registry, self._hours, self.wake = registry, post_hours, wake
        self.states = GateStates(posts)
        self.notices = GateNotices(self.states)

    # --- sent --------------------------------------------------------------------------------------------

    def take(self, caller: Caller, request: GateRequest) -> GateTicket:
        """Take in what was sent, in a transaction of its own; it is looked at behind this. See `take_in`."""
        with self._registry.write(caller, Act.GATE) as session:
            ticket = self.take_in(session, request)
        self.wake()
        return ticket

    def take_in(self, session: Session, request: GateRequest) -> GateTicket:
        """Take in what was sent. What was sent before, and is not over, is not looked at again.

        Raises:
            NothingToScreen: there is no photo and no text, or the photo is empty.
            NotJudged: the file is no photo, by its content.
            IdempotencyConflict: something else came under this key.
            UnknownChannel, UnknownGroup, FutureDay, TextTooLong: it cannot be so.
            BadRecord: the reference is too long.
            Overloaded: too many photos of this key wait to be looked at; those that were sent before are let be.
            KeyMissing, RegistryError: it cannot be kept.
        """
        self._check(session, request)
        request = self._with_names_of_file(session, request)
        owner, sha256 = session.caller.id, request.sha256
        content = digest(
            (sha256, request.channel, sorted(request.groups), request.text, request.reference, request.taken)
        )
        earlier = gates.by_key(session, owner, request.key, content) if request.key else None
        is_new_key = bool(request.key) and earlier is None
        acting = _at_school(session)
        gate = earlier or gates.by_content(session, owner, content)
        if gate is None or not _is_under_way(acting, gate):
            if request.content is not None and gates.backlog(session) >= MAX_BACKLOG:
                raise Overloaded
            post = self._post(acting, request)
            gate = gates.add(
                session,
                gate,
                owner=owner,
                content=content,
                channel=request.channel,
                sha256=sha256,
                post_id=post.id,
                photo_id=_photo(acting, post, request, sha256) if request.content is not None else None,
                text=request.text,
            )
            _set_text(acting, post.id)
        elif gate.photo is None:  # the text that counts is the one that was sent last
            gates.change(session, gate.id, sent=session.now)
            _set_text(acting, gate.post)
        if is_new_key:
            gates.keep_key(session, owner, request.key, gate.id)
        return GateTicket(gate.id, gate.sha256, gate.channel)

    def _with_names_of_file(self, session: Session, request: GateRequest) -> GateRequest:
        """What was sent, with the name of its file as a line of its text where there are names in it: it would be
        published with the photo, and the same photo can come again under another name."""
        line = file_line(PurePath(request.file_name).name)
        if request.content is None or not self.states.posts.has_names(session, request.groups, line):
            return request
        return replace(request, text="\n".join(filter(None, (request.text, line))))

    def _check(self, session: Session, request: GateRequest) -> None:
        if (request.content is None and request.text is None) or request.content == b"":
            raise NothingToScreen(
                hint=Text(nl="Stuur een foto, een tekst of allebei.", en="Send a photo, a text or both.")
            )
        if request.text is not None and len(request.text) > MAX_TEXT:
            raise TextTooLong(
                Text(
                    nl=f"De tekst is langer dan {MAX_TEXT} tekens.",
                    en=f"The text is longer than {MAX_TEXT} characters.",
                ),
                hint=Text(nl="Stuur de tekst in delen.", en="Send the text in parts."),
            )
        if len(request.reference) > MAX_REFERENCE:
            raise BadRecord(
                Text(
                    nl=f"Een verwijzing heeft hoogstens {MAX_REFERENCE} tekens.",
                    en=f"A reference has at most {MAX_REFERENCE} characters.",
                ),
                hint=Text(nl="Stuur het nummer van het artikel.", en="Send the number of the article."),
            )
        unjudged = school_settings.unjudged(session, request.channel)
        if request.content is not None and (refused := refusal_of(request.content)) is not None:
            raise refused(unjudged.value)

    def _post(self, session: Session, request: GateRequest) -> PostRecord:
        """The post that this goes into."""
        groups, channels = request.groups, [request.channel]
        if request.reference:
            found = posts.of_reference(session, request.reference, groups=groups, channels=channels, day=request.taken)
            if found is not None and photo_records.count(session, found.id) < photos.MAX_PHOTOS:
                return found
        return posts.make(
            session,
            day=request.taken or session.today,
            day_known=request.taken is not None,
            hours=self._hours,
            origin=Origin.CMS,
            reference=request.reference,
            groups=groups,
            channels=channels,
        )

    # --- told --------------------------------------------------------------------------------------------

    def find(self, session: Session, which: str, channel: ChannelId | None) -> tuple[GateRecord, str]:
        """What the caller sent, by its id, or by the hash of what was sent or given; and the hash of the rendition that
        is asked about, "" for the last. A hash can be of both: what was given may be sent again.

        Raises:
            NotFound: there is none.
        """
        if which.startswith(gates.ID):
            return gates.of(session, which), ""
        if channel is None:
            raise gates.unknown()
        given = renditions.by_sha256(session, which, channel)
        if (sent := gates.by_sha256(session, which, channel)) is not None:
            return sent, which if given else ""
        if not given:
            raise gates.unknown()
        return gates.get(session, given[0].gate), which

    def is_settled(self, session: Session, gate_id: str) -> bool:
        """Whether it is not being looked at any more."""
        gate = gates.of(session, gate_id)
        if gate.photo is None:
            return True
        rows = photo_records.rows(session, gate.post, [gate.photo])
        return not rows or rows[0].state in (PhotoState.JUDGED, PhotoState.FAILED, PhotoState.REMOVED)

    def tell(self, session: Session, which: str, channel: ChannelId | None) -> None:
        """Write down what holds now of what was sent: what is answered is on record first."""
        gate, _ = self.find(session, which, channel)
        self.notices.tell(session.as_caller(service(session.tenant)), gate)

    def document(self, session: Session, which: str, channel: ChannelId | None, page: str) -> tuple[Json, bool]:
        """What holds now, see `contract/gate.py`; and whether it is on record that this is told. If not, `tell` writes
        that down.

        Args:
            page: the address of the pages, without a slash at its end.

        Raises:
            NotFound: nothing was sent that is called so.
        """
        gate, asked = self.find(session, which, channel)
        state = self._state(session, gate)
        policy = self.states.posts.decisions.policy_id(session)
        told = document(state, session.revision(), policy, page, holds=self._holds(session, state, asked))
        return told, self.notices.is_told(session, state)

    def holds(self, session: Session, sha256: str, channel: ChannelId) -> bool:
        """Whether what was given may stay where it was published; see `find`.

        Raises:
            NotFound: nothing was sent or given that has this hash.
        """
        gate, asked = self.find(session, sha256, channel)
        return self._holds(session, self._state(session, gate), asked)

    def rendition(self, session: Session, gate_id: str) -> tuple[str, bytes]:
        """What may be published now, and its SHA-256.

        Raises:
            NotFound: nothing was sent that is called so.
            NoLongerValid: nothing may be published, though something might before.
            NothingToPublish: nothing may be published, or not yet.
            PhotoGone: it is not kept any more.
        """
        gate = gates.of(session, gate_id)
        state = self._state(session, gate)
        if state.ready is None or gate.photo is None:
            was_given = bool(renditions.of_gate(session, gate.id))
            raise NoLongerValid if was_given and not state.is_pending else NothingToPublish
        if state.out is None or state.out.sha256 != state.ready.sha256:
            raise NothingToPublish  # nobody could be told to take it down: it is not on record yet that it is out
        acting = session.as_caller(service(session.tenant))
        made = self.states.posts.rendition(acting, gate.post, gate.photo, gate.channel)
        return made.sha256, made.jpeg

    def _holds(self, session: Session, state: GateState, asked: str) -> bool:
        if state.gate.photo is None:
            return state.text_outcome is Outcome.PUBLISH
        if asked:
            acting = session.as_caller(service(session.tenant))
            given = renditions.by_sha256(session, asked, state.gate.channel)
            if not any(self.states.holds(acting, rendition, state.gate.channel) for rendition in given):
                return False
        return state.out is not None or asked not in ("", state.gate.sha256)

    def _state(self, session: Session, gate: GateRecord) -> GateState:
        return self.states.of(session.as_caller(service(session.tenant)), gate)


def _at_school(session: Session) -> Session:
    """The same transaction on behalf of whoever takes care of what this caller sends: machines reach no post."""
    caller = session.caller
    return session.as_caller(Caller(caller.tenant, caller.id, KeyRole.OFFICE)) if caller.is_machine else session


def _is_under_way(session: Session, gate: GateRecord) -> bool:
    """Whether what was sent before is still decided about where it is."""
    try:
        post = posts.get(session, gate.post)
    except NotFound:
        return False
    if post.state is not PostState.OPEN or gate.photo is None:
        return post.state is PostState.OPEN
    rows = photo_records.rows(session, gate.post, [gate.photo])
    return bool(rows) and rows[0].error != photo_records.GONE


def _photo(session: Session, post: PostRecord, request: GateRequest, sha256: str) -> str:
    """The photo in its post: the one that is there already, or a new one."""
    content = request.content or b""
    for row in photo_records.rows(session, post.id):
        if row.sha256 == sha256 and row.received == row.size:
            return str(row.id)
    new = photos.add(session, post.id, uuid.uuid4().hex, len(content), request.file_name)
    photos.put_part(session, post.id, new.id, 0, content)
    return new.id


def _set_text(session: Session, post_id: str) -> None:
    """Have the post's text be each line of what was sent with its photos, once; and of the texts that came alone, the
    latest. Where that is too long, the latest lines."""
    sent = gates.in_post(session, post_id)
    latest = next((gate.id for gate in reversed(sent) if gate.photo is None), None)
    texts = [gate.text for gate in sent if gate.text and (gate.photo is not None or gate.id == latest)]
    lines = list(dict.fromkeys(line.rstrip() for text in texts for line in text.splitlines() if line.strip()))
    post = posts.get(session, post_id)
    changing.change(session, post_id, revision=post.revision, text="\n".join(latest_lines(lines)))
