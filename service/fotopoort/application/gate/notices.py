"""A CMS is told when something changes about what it sent: in the transaction of a job that the change asked for.

Each change of a post of a CMS asks for one (`registry/posts/posts.py: bump`), and each change of who may be shown for
one that looks which posts it matters to (`registry/gate/rechecks.py`).
"""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from fotopoort.application.gate.states import GateState, GateStates
from fotopoort.application.gate.visibility import shown_by
from fotopoort.errors import NotFound
from fotopoort.jobs.handlers import Handler, Task
from fotopoort.jobs.queue import Effects
from fotopoort.jobs.retry import RetrySchedule
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


class GateNotices:
    """Finds out what a CMS is to be told, and has it told.

    Args:
        states: what holds now.
    """

    def __init__(self, states: GateStates) -> None:
        self.states = states

    def handlers(self, registry: Registry) -> list[Handler]:
        """What is done of both kinds of jobs."""

        def notice(task: Task) -> Effects:
            post_id = str(task.payload["post"])
            return lambda session: self.tell(session.as_caller(service(task.tenant)), post_id)

        def recheck(task: Task) -> Effects:
            with registry.read(service(task.tenant), Act.POST) as session:
                of_posts = renditions.posts_of(session) | set(gates.open_posts(session))
                changed = [post for post in sorted(of_posts) if self._is_to_be_told(session, post)]

            def effects(session: Session) -> None:
                for post in changed:  # each in a transaction of its own: none holds the others up
                    outbox.enqueue(session, GATE_NOTICE, {"post": post}, key=f"{post}:{task.id}")

            return effects

        return [
            Handler(GATE_NOTICE, notice, SCHEDULE),
            Handler(RECHECK, recheck, SCHEDULE, timeout=3600),
        ]

    def plan(self, registry: Registry) -> None:
        """Have everything that is out looked at again where that was not done today, by the rules of now.

        Raises:
            RegistryError: it could not be planned in some school; the next call does it.
        """

        def plan_in(school: str) -> None:
            with registry.read(console(school), Act.MAINTAIN) as session:
                if not rechecks.is_anything_there(session):  # most schools: nobody has to wait for that
                    return
            with registry.write(console(school), Act.MAINTAIN) as session:
                policy = self.states.posts.decisions.policy_id(session)
                rechecks.ask(session, policy, session.today.isoformat())

        maintenance.in_each_school(registry, plan_in)

    def tell(self, session: Session, post_id: str) -> None:
        """Have told what changed about what was sent in a post; and have made again what would be made otherwise now.

        Args:
            session: reaches every post.
        """
        with suppress(NotFound):
            if posts.get(session, post_id).state is PostState.OPEN:
                self.states.posts.refresh(session, post_id)
        for given in renditions.of_post(session, post_id):
            with suppress(NotFound):  # what was found in it is not kept any more: there is nothing to tell
                self._revoke(session, given)
        for gate in gates.in_post(session, post_id):
            with suppress(NotFound):
                self._tell_of(session, gate)

    def is_told(self, session: Session, state: GateState) -> bool:
        """Whether all that holds now is on record as told."""
        gate = state.gate
        is_given = state.ready is None or (state.out is not None and state.out.sha256 == state.ready.sha256)
        if state.is_pending:
            return True
        return is_given and (gate.told, gate.told_digest) == (REVIEW if state.waits else DONE, state.digest)

    def _is_to_be_told(self, session: Session, post_id: str) -> bool:
        try:
            is_open = posts.get(session, post_id).state is PostState.OPEN
            if is_open and self.states.posts.needs_refresh(session, post_id):
                return True
            for given in renditions.of_post(session, post_id):
                if not self.states.holds(session, given, gates.get(session, given.gate).channel):
                    return True
            return is_open and any(  # of one that is over, all else was told at its end
                not self.is_told(session, self.states.of(session, gate)) for gate in gates.in_post(session, post_id)
            )
        except NotFound:
            return False

    def _revoke(self, session: Session, given: GivenRendition) -> None:
        gate = gates.get(session, given.gate)
        if not self.states.holds(session, given, gate.channel):
            renditions.revoke(session, given)
            session.note("gate.revoked", photo=gate.sha256, gate=gate.id, rendition=given.sha256)
            told = {**_data(gate, given.sha256), "rendition_sha256": given.sha256}
            announce(session, EventType.VERDICT_REVOKED, told)

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
