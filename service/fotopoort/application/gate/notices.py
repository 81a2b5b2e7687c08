"""A CMS is told when something changes about what it sent: in the transaction of a job that the change asked for.

Each change of a post of a CMS asks for one (`registry/posts/posts.py: bump`), and each change of who may be shown for
one that looks which posts it matters to (`registry/gate/rechecks.py`).
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from fotopoort.application.gate.states import GateState, GateStates
from fotopoort.application.gate.visibility import shown_by
from fotopoort.errors import NotFound
from fotopoort.jobs.handlers import Handler, Task
from fotopoort.jobs.queue import Effects
from fotopoort.jobs.retry import RetrySchedule
from fotopoort.jobs.superseding import supersede, untaken
from fotopoort.registry import maintenance, outbox
from fotopoort.registry.access.roles import Act, console, service
from fotopoort.registry.gate import gates, rechecks, renditions
from fotopoort.registry.gate.gates import GateRecord
from fotopoort.registry.gate.rechecks import RECHECK
from fotopoort.registry.gate.renditions import GivenRendition
from fotopoort.registry.posts import photo_files, posts
from fotopoort.registry.posts.posts import GATE_NOTICE, PostState
from fotopoort.registry.registry import Registry, Session
from fotopoort.registry.webhooks.announcements import EventType, announce

PATH: Final = "/v1/gate"
SCHEDULE: Final = RetrySchedule((0, 1, 5, 30, 120), forever=True)  # what must be taken down is told within a minute
REVIEW, DONE = "review", "done"  # what a CMS was told last
NOTICES_AT_ONCE: Final = 2
RECHECKS_AT_ONCE: Final = 4  # of different schools: one looks at all that ever went out


@dataclass(frozen=True, slots=True)
class _Changes:
    """What is to be told of a post.

    Attributes:
        is_outdated: something of it is to be looked at or made again.
        given: the gates and hashes of renditions to take down.
        gates: the ids of what was sent of which something is to be told.
    """

    post: str
    is_outdated: bool
    given: frozenset[tuple[str, str]]
    gates: frozenset[str]

    @property
    def are_any(self) -> bool:
        return self.is_outdated or bool(self.given) or bool(self.gates)


class GateNotices:
    """Finds out what a CMS is to be told, and has it told.

    Args:
        states: what holds now.
    """

    def __init__(self, states: GateStates) -> None:
        self.states = states

    def handlers(self, registry: Registry) -> list[Handler]:
        """What is done of both kinds of jobs. What changed is found out before the transaction that tells it: nobody
        can write meanwhile. One job does for all of its kind that waited when it looked."""

        def notice(task: Task) -> Effects:
            post_id = str(task.payload["post"])
            with registry.read(service(task.tenant), Act.POST) as session:
                others = untaken(session, GATE_NOTICE, f"{post_id}:")
                changes = self._changes(session, post_id)

            def effects(session: Session) -> None:
                self._tell(session.as_caller(service(task.tenant)), changes)
                supersede(session, others)

            return effects

        def recheck(task: Task) -> Effects:
            with registry.read(service(task.tenant), Act.POST) as session:
                others = untaken(session, RECHECK)
                of_posts = renditions.posts_of(session) | set(gates.open_posts(session))
                # Of a post that is over, all but what must be taken down was told at its end.
                changed = [post for post in sorted(of_posts) if self._changes(session, post, at_end=False).are_any]

            def effects(session: Session) -> None:
                for post in changed:  # each in a transaction of its own: none holds the others up
                    outbox.enqueue(session, GATE_NOTICE, {"post": post}, key=f"{post}:{task.id}")
                supersede(session, others)

            return effects

        return [
            Handler(GATE_NOTICE, notice, SCHEDULE, concurrency=NOTICES_AT_ONCE),
            Handler(RECHECK, recheck, SCHEDULE, timeout=3600, concurrency=RECHECKS_AT_ONCE),
        ]

    def plan(self, registry: Registry, *, at_start: bool = False) -> None:
        """Have everything that is out looked at again where that was not done today, by the rules of now.

        Args:
            at_start: this program just read its rules, see `rechecks.ask_today`.

        Raises:
            RegistryError: it could not be planned in some school; the next call does it.
        """

        rules = self.states.posts.decisions.rules_version()

        def plan_in(school: str) -> None:
            with registry.read(console(school), Act.MAINTAIN) as session:
                if not rechecks.is_anything_there(session):  # most schools: nobody has to wait for that
                    return
            with registry.write(console(school), Act.MAINTAIN) as session:
                rechecks.ask_today(session, rules, at_start=at_start)

        maintenance.in_each_school(registry, plan_in)

    def tell(self, session: Session, gate: GateRecord) -> None:
        """Have told what changed about one thing that was sent.

        Args:
            session: reaches every post.
        """
        given = frozenset((gate.id, given.sha256) for given in renditions.of_gate(session, gate.id))
        self._tell(session, _Changes(gate.post, False, given, frozenset({gate.id})))

    def is_told(self, session: Session, state: GateState) -> bool:
        """Whether all that holds now is on record as told."""
        gate = state.gate
        is_given = state.ready is None or (state.out is not None and state.out.sha256 == state.ready.sha256)
        if state.is_pending:
            return True
        return is_given and (gate.told, gate.told_digest) == (REVIEW if state.waits else DONE, state.digest)

    def _changes(self, session: Session, post_id: str, *, at_end: bool = True) -> _Changes:
        """What is to be told of a post.

        Args:
            session: reaches every post.
            at_end: also of a post that is over; else only what must be taken down of that.
        """
        is_open = False
        with suppress(NotFound):
            is_open = posts.get(session, post_id).state is PostState.OPEN
        given = [given for given in renditions.of_post(session, post_id) if self._is_over(session, given)]
        sent = gates.in_post(session, post_id) if is_open or at_end else []
        return _Changes(
            post_id,
            is_open and self.states.posts.needs_refresh(session, post_id),
            frozenset((one.gate, one.sha256) for one in given),
            frozenset(gate.id for gate in sent if self._is_news(session, gate)),
        )

    def _is_over(self, session: Session, given: GivenRendition) -> bool:
        """Whether a rendition that is out must be taken down."""
        with suppress(NotFound):  # what was found in it is not kept any more: there is nothing to tell
            return not self.states.holds(session, given, gates.get(session, given.gate).channel)
        return False

    def _is_news(self, session: Session, gate: GateRecord) -> bool:
        """Whether there is anything to tell of what was sent."""
        with suppress(NotFound):
            return not self.is_told(session, self.states.of(session, gate))
        return False

    def _tell(self, session: Session, changes: _Changes) -> None:
        """Have told what changed about what was sent in a post, as it is by now; and have made again what would be made
        otherwise now."""
        if changes.is_outdated:
            with suppress(NotFound):
                self.states.posts.refresh(session, changes.post)
        for gate_id, sha256 in sorted(changes.given):
            for given in renditions.of_gate(session, gate_id):
                if given.sha256 == sha256 and given.revoked is None and self._is_over(session, given):
                    self._revoke(session, given)
        for gate_id in sorted(changes.gates):
            with suppress(NotFound):
                self._tell_of(session, gates.get(session, gate_id))

    def _revoke(self, session: Session, given: GivenRendition) -> None:
        gate = gates.get(session, given.gate)
        renditions.revoke(session, given)
        session.note("gate.revoked", photo=gate.sha256, gate=gate.id, rendition=given.sha256)
        announce(session, EventType.VERDICT_REVOKED, {**_data(gate, given.sha256), "rendition_sha256": given.sha256})

    def _tell_of(self, session: Session, gate: GateRecord) -> None:
        state = self.states.of(session, gate)
        if state.is_pending or self.is_told(session, state):
            return
        if state.ready is not None and not self._give(session, state):
            return
        state = self.states.of(session, gate)  # with what was given
        told = REVIEW if state.waits else DONE
        gates.change(
            session,
            gate.id,
            told=told,
            told_digest=state.digest,
            text_outcome=state.text_outcome.value if state.text_outcome else None,
        )
        if told == REVIEW and gate.told != REVIEW:
            announce(session, EventType.REVIEW_NEEDED, _data(gate))
        if told == DONE:
            announce(session, EventType.SCREENING_DONE, _data(gate))

    def _give(self, session: Session, state: GateState) -> bool:
        """Record what may be published from now on. Whether it is there."""
        gate, ready, verdict = state.gate, state.ready, state.verdict
        content = photo_files.read_rendition(session, gate.photo, ready.sha256) if gate.photo and ready else None
        if content is None or ready is None or verdict is None or gate.photo is None:
            return False
        renditions.give(
            session,
            GivenRendition(
                gate=gate.id,
                sha256=ready.sha256,
                post=gate.post,
                photo=gate.photo,
                width=ready.width,
                height=ready.height,
                bytes=len(content),
                shows=shown_by(verdict),
            ),
        )
        return True


def href_of(sha256: str, channel: str) -> str:
    """Where a CMS finds what holds now."""
    return f"{PATH}/{sha256}?channel={channel}"


def _data(gate: GateRecord, sha256: str = "") -> dict[str, str]:
    """What is told of a gate outside: where to ask, and nothing of what the answer is."""
    href = href_of(sha256 or gate.sha256, gate.channel)
    return {"id": gate.id, "sha256": gate.sha256, "channel": gate.channel, "href": href}
