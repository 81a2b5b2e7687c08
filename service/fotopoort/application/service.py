"""The gate: a photo, everyone the school knows and the processes that look, brought together for every front door.

`screening.py` judges one photo with what it is given. Here stands where that comes from and where the result goes: who
may be shown as of now, which photos are blocked, and what is written down afterwards. Where there is no registry, what
comes from a class list or nothing at all is used, and nothing is written down.

When the registry does not answer, before the photo or after it, the photo is rejected by rule R01: a verdict that could
rest on an old consent, or that nobody could account for, is no verdict.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import date

from fotopoort.errors import NoNames, NoRegistry, PhotoError, RegistryError, UnknownGroup
from fotopoort.names.places import entries_of
from fotopoort.photo.perceptual_hash import Blocklist
from fotopoort.policy.policy import Policy, StaffNames
from fotopoort.registry import school_settings
from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.people.snapshot import name_entries, snapshot
from fotopoort.registry.photos import blocks, originals, screenings
from fotopoort.registry.photos.answers import check_answers
from fotopoort.registry.registry import Registry, Session
from fotopoort.screening.name_search import find, name_list
from fotopoort.screening.pool import ScreeningPool
from fotopoort.screening.screen import Request, Screening, ScreeningJob, unjudged
from fotopoort.vocabulary import Answers, ChannelId, NameEntry, NameHit, People

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DecisionContext:
    """What holds for a photo that comes in now.

    Attributes:
        people: everyone within the caller's reach; None: nobody is known, and anyone could be anyone.
        names: everyone's at the school; none: names cannot be checked.
        policy: with the school's own ground for each channel.
        overridden: rules that the privacy officer set aside, per photo's SHA-256.
        failure: why none of this can be known.
    """

    policy: Policy
    people: People | None = None
    names: tuple[NameEntry, ...] = field(default=(), repr=False)
    blocked: Blocklist = field(default_factory=Blocklist)
    overridden: Mapping[str, frozenset[tuple[ChannelId, str]]] = field(default_factory=dict)
    failure: RegistryError | None = None

    def job(self, request: Request) -> ScreeningJob:
        """What a photo is judged by, within this context."""
        return ScreeningJob(request, self.policy, self.people, self.names, self.blocked)


class ScreeningService:
    """What every front door has in its hands.

    Args:
        policy: the school's rules.
        registry: who may be shown, and where everything is written down; None: nowhere. A failure: there is one, but
            it cannot be used.
        people: in place of the registry's, from a class list.
        hours_held: how long an original is held, encrypted, for answers that come later; 0: not at all.
    """

    def __init__(
        self,
        policy: Policy,
        *,
        registry: Registry | RegistryError | None = None,
        people: People | None = None,
        hours_held: float = 0,
    ) -> None:
        self._policy, self._registry, self._people, self._hours_held = policy, registry, people, hours_held
        self._without = DecisionContext(policy, people, entries_of(people))
        if isinstance(registry, RegistryError):
            self._without = DecisionContext(policy, failure=registry)
        self._lately: dict[tuple[str, frozenset[str], date | None], tuple[tuple[int, date], DecisionContext]] = {}
        self._looking = threading.Lock()

    def known(self, caller: Caller, on: date | None = None) -> DecisionContext:
        """What holds now; the same object as long as nothing has changed. Never fails: see `DecisionContext.failure`.

        Args:
            on: the day of the photo, where it is known: groups are as they were then.
        """
        if not isinstance(self._registry, Registry):
            return self._without
        try:
            with self._registry.read(caller, Act.SCREEN) as session:
                return self._as_of_now(session, on)
        except RegistryError as failure:
            log.error("the registry does not answer: %s", failure.code)
            return DecisionContext(self._policy, failure=failure)

    def find_names(
        self, caller: Caller, text: str, groups: frozenset[str] = frozenset()
    ) -> tuple[tuple[NameHit, ...], str]:
        """The names in a text that comes without a photo, and the text without them.

        Raises:
            RegistryError: the registry does not answer.
            NoNames: there is no list of names.
            UnknownGroup: there is no such group within the caller's reach.
            TextTooLong: it cannot be looked through.
        """
        known = self.known(caller)
        if known.failure is not None:
            raise known.failure
        if not known.names:
            raise NoNames
        if groups and known.people is None:  # nobody within reach is in any group
            raise UnknownGroup(hint="Import this school year's groups, or name no group.")
        groups = check_answers(Answers(groups=groups), known.people).groups
        counts = self._policy.settings.staff_names is StaffNames.COUNT
        return find(name_list(known.names, groups, staff_counts=counts), text)

    def submit(
        self,
        screeners: ScreeningPool,
        caller: Caller,
        data: bytes | PhotoError,
        request: Request,
        known: DecisionContext,
        *,
        preview_side: int = 0,
    ) -> Future[Screening]:
        """Have one photo screened. The future never fails for anything about the photo or the registry.

        Args:
            preview_side: see `screening.screen`.

        Raises:
            UnknownGroup: a teacher did not say which of the own groups is in it.
        """
        if known.failure is not None:
            return _settled(unjudged(_bytes(data), request, known.failure, policy=known.policy))
        if caller.own_groups_only and not (request.answers.groups or request.answers.only_present):
            raise UnknownGroup("It is not said which group is in the photo.", hint="Name one of your own groups.")
        if isinstance(data, bytes) and known.overridden:
            aside = known.overridden.get(hashlib.sha256(data).hexdigest(), frozenset())
            request = replace(request, answers=replace(request.answers, overridden=aside))
        return screeners.submit(data, replace(known.job(request), preview_side=preview_side))

    def remember(
        self,
        caller: Caller,
        data: bytes | PhotoError,
        request: Request,
        screening: Screening,
        places: Mapping[ChannelId, str] | None = None,
        taken: date | None = None,
    ) -> Screening:
        """Write down what was decided, and hold the original for answers that come later.

        Args:
            places: where the caller says that the photo will appear, per channel.
            taken: the day of the photo.

        Returns:
            The screening; or, where it could not be written down, a reject on every channel by rule R01.
        """
        if not isinstance(self._registry, Registry):
            return screening
        try:
            with self._registry.write(caller, Act.SCREEN) as session:
                screenings.remember(session, screening, request, places=places or {}, taken=taken)
                if isinstance(data, bytes) and screening.findings.failure is None and self._hours_held:
                    originals.hold(session, screening.id, data, self._hours_held)
        except RegistryError as failure:
            log.error("a verdict could not be written down: %s", failure.code)
            return unjudged(_bytes(data), request, failure, policy=self._policy)
        return screening

    def answer(
        self, screeners: ScreeningPool, caller: Caller, screening_id: str, answers: Answers
    ) -> tuple[Future[Screening], screenings.Rejudgement]:
        """Take what the teacher says of a photo that was screened before, and decide again from what was seen then.

        The answers are kept, whatever comes after.

        Raises:
            NotFound: there is no such screening within this caller's reach.
            PhotoGone: the original is no longer held: send it again, with the answers.
            RegistryUnavailable: nothing was written down.
        """
        registry = self._kept()
        with registry.write(caller, Act.SCREEN) as session:
            again = screenings.answer(session, screening_id, answers)
        with registry.read(caller, Act.SCREEN) as session:
            data = originals.take(session, screening_id)
            known = self._as_of_now(session, again.taken)
        return screeners.submit(data, replace(known.job(again.request), findings=again.findings)), again

    def set_aside(self, caller: Caller, screening_id: str, channel: ChannelId, rule: str, reason: str) -> None:
        """Set a rule aside for one photo, see `photos.override`; `answer` then decides again.

        Raises:
            Forbidden, NotFound, UnknownChannel, BadAnswers, BadRecord: as `photos.override` says.
        """
        with self._kept().write(caller, Act.OVERRIDE) as session:
            screenings.override(session, screening_id, channel, rule, reason)

    def remember_again(
        self, caller: Caller, screening_id: str, again: screenings.Rejudgement, screening: Screening
    ) -> Screening:
        """Write down what was decided after an answer, under the screening's own id."""
        screening = replace(screening, id=screening_id)
        try:
            with self._kept().write(caller, Act.SCREEN) as session:
                screenings.remember_again(session, screening, again)
        except RegistryError as failure:
            log.error("a verdict could not be written down: %s", failure.code)
            return replace(unjudged(b"", again.request, failure, policy=self._policy), id=screening_id)
        return screening

    def _kept(self) -> Registry:
        if isinstance(self._registry, Registry):
            return self._registry
        raise self._registry or NoRegistry()

    def _as_of_now(self, session: Session, on: date | None) -> DecisionContext:
        """What holds now; worked out anew when the registry has changed or a day has passed."""
        asked = (session.tenant, session.caller.groups, on)
        state = (session.revision(), session.today)
        with self._looking:
            found, known = self._lately.get(asked, (None, None))
        if found == state and known is not None:
            return known
        people = self._people or snapshot(session, on)
        known = DecisionContext(
            policy=replace(self._policy, channels=school_settings.channels(session)),
            people=people if people.persons else None,
            names=entries_of(self._people) or name_entries(session, on),
            blocked=blocks.blocklist(session),
            overridden=screenings.overridden(session),
        )
        with self._looking:
            if len(self._lately) > KEPT:
                self._lately.clear()
            self._lately[asked] = (state, known)
        return known


KEPT = 100  # answers to "who may be shown", one for each school, set of groups and day of photos


def _bytes(data: bytes | PhotoError) -> bytes:
    return data if isinstance(data, bytes) else b""


def _settled(screening: Screening) -> Future[Screening]:
    future: Future[Screening] = Future()
    future.set_result(screening)
    return future
