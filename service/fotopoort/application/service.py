"""What every front door calls: a photo is screened, and what was decided is recorded.

`screening/screen.py` judges one photo with what it is given. Here that is looked up (see `context.py`), and the result
is written down. Where there is no registry, a class list or nothing at all is used, and nothing is written down.

When the registry does not answer, before the photo or after it, the photo is rejected by rule R01: a verdict that could
rest on an old consent, or that nobody could account for, is no verdict.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import date

from fotopoort.application.context import DecisionContext, DecisionContexts
from fotopoort.errors import NoNames, NoRegistry, PhotoError, RegistryError, UnknownGroup
from fotopoort.policy.policy import Policy, StaffNames
from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.photos import originals, screenings
from fotopoort.registry.photos.answers import check_answers
from fotopoort.registry.photos.screenings import Rejudgement
from fotopoort.registry.registry import Registry
from fotopoort.screening.name_search import NamesToFind
from fotopoort.screening.pool import ScreeningPool
from fotopoort.screening.screen import Request, Screening, unjudged
from fotopoort.vocabulary import Answers, ChannelId, NameHit, People, Text

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PendingScreening:
    """A photo that is being screened.

    Attributes:
        future: never fails for anything about the photo or the registry.
        data: the photo's bytes, or what kept it from being read.
        request: as the photo is judged: with the rules that are set aside for it among its answers.
        context: what the photo is judged by.
    """

    future: Future[Screening]
    data: bytes | PhotoError = field(repr=False)
    request: Request
    context: DecisionContext = field(repr=False)


@dataclass(frozen=True, slots=True)
class PendingRejudgement:
    """A photo that was screened before, and is being judged again with further answers."""

    future: Future[Screening]
    screening_id: str
    rejudgement: Rejudgement

    @property
    def request(self) -> Request:
        """As the photo is judged now: with everything that was said of it."""
        return self.rejudgement.request


class ScreeningService:
    """Screens photos on behalf of callers, and records what was decided.

    Args:
        policy: the school's rules.
        registry: who may be shown, and where everything is written down; None: nowhere. A failure: there is one, but
            it cannot be used.
        people: from a class list, in place of the registry's.
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
        self._policy, self._registry, self._hours_held = policy, registry, hours_held
        self._contexts = DecisionContexts(policy, people)

    def context(self, caller: Caller, day: date | None = None) -> DecisionContext:
        """What a photo is judged by now. Never fails: see `DecisionContext.failure`.

        Args:
            day: of the photo, where it is known: groups are as they were then.
        """
        if self._registry is None:
            return self._contexts.without_registry()
        if isinstance(self._registry, RegistryError):
            return self._contexts.failed(self._registry)
        try:
            with self._registry.read(caller, Act.SCREEN) as session:
                return self._contexts.current(session, day)
        except RegistryError as failure:
            log.error("the registry does not answer: %s", failure.code)
            return self._contexts.failed(failure)

    def find_names(
        self, caller: Caller, text: str, groups: frozenset[str] = frozenset()
    ) -> tuple[tuple[NameHit, ...], str]:
        """The names in a text that comes without a photo, and the text without them.

        Raises:
            RegistryError, NoNames, UnknownGroup: see `names_to_find`.
            TextTooLong: the text is too long to look through.
        """
        return self.names_to_find(caller, groups).find(text)

    def names_to_find(self, caller: Caller, groups: frozenset[str] = frozenset()) -> NamesToFind:
        """The names to look for in a text that comes without a photo.

        Raises:
            RegistryError: the registry does not answer.
            NoNames: there is no list of names.
            UnknownGroup: there is no such group within the caller's reach.
        """
        context = self.context(caller)
        if context.failure is not None:
            raise context.failure
        if not context.names:
            raise NoNames
        if groups and context.people is None:  # nobody within reach is in any group
            raise UnknownGroup(
                hint=Text(
                    nl="Importeer de groepen van dit schooljaar, of noem geen groep.",
                    en="Import this school year's groups, or name no group.",
                )
            )
        groups = check_answers(Answers(groups=groups), context.people).groups
        staff_counts = self._policy.settings.staff_names is StaffNames.COUNT
        return NamesToFind(context.names, groups, staff_counts)

    def submit(
        self,
        pool: ScreeningPool,
        caller: Caller,
        data: bytes | PhotoError,
        request: Request,
        context: DecisionContext,
        *,
        preview_side: int = 0,
    ) -> PendingScreening:
        """Have one photo screened. What comes of it is for `record`.

        Args:
            preview_side: see `ScreeningJob`.

        Raises:
            UnknownGroup: a teacher did not say which of the own groups is in the photo.
        """
        if context.failure is not None:
            screening = unjudged(_bytes(data), request, context.failure, policy=context.policy)
            return PendingScreening(_settled(screening), data, request, context)
        if caller.own_groups_only and not (request.answers.groups or request.answers.only_present):
            raise UnknownGroup(
                Text(
                    nl="Er is niet gezegd welke groep op de foto staat.",
                    en="It is not said which group is in the photo.",
                ),
                hint=Text(nl="Noem een van je eigen groepen.", en="Name one of your own groups."),
            )
        request = context.effective(request, data)
        future = pool.submit(data, replace(context.job(request), preview_side=preview_side))
        return PendingScreening(future, data, request, context)

    def record(
        self,
        caller: Caller,
        pending: PendingScreening,
        screening: Screening,
        places: Mapping[ChannelId, str] | None = None,
        capture_date: date | None = None,
    ) -> Screening:
        """Write down what was decided, and hold the original for answers that come later.

        Args:
            screening: what came of `pending`.
            places: where the caller says that the photo will appear, per channel.
            capture_date: the day of the photo.

        Returns:
            The screening; or, where it could not be written down, a reject on every channel by rule R01.
        """
        if not isinstance(self._registry, Registry):
            return screening
        data, request = pending.data, pending.request
        try:
            with self._registry.write(caller, Act.SCREEN) as session:
                screenings.remember(session, screening, request, places=places or {}, taken=capture_date)
                if isinstance(data, bytes) and screening.findings.failure is None and self._hours_held:
                    originals.hold(session, screening.id, data, self._hours_held)
        except RegistryError as failure:
            log.error("a verdict could not be written down: %s", failure.code)
            return unjudged(_bytes(data), request, failure, policy=self._policy)
        return screening

    def rejudge(self, pool: ScreeningPool, caller: Caller, screening_id: str, answers: Answers) -> PendingRejudgement:
        """Write down what the teacher says of a photo that was screened before, and judge it again by what was seen
        then. The answers are stored, whatever comes after; what comes of it is for `record_rejudgement`.

        Raises:
            NotFound: there is no such screening within this caller's reach.
            PhotoGone: the original is no longer held: send it again, with the answers.
            RegistryUnavailable: nothing was written down.
        """
        registry = self._usable_registry()
        with registry.write(caller, Act.SCREEN) as session:
            rejudgement = screenings.answer(session, screening_id, answers)
        with registry.read(caller, Act.SCREEN) as session:
            data = originals.take(session, screening_id)
            context = self._contexts.current(session, rejudgement.taken)
        future = pool.submit(data, replace(context.job(rejudgement.request), findings=rejudgement.findings))
        return PendingRejudgement(future, screening_id, rejudgement)

    def record_rejudgement(self, caller: Caller, pending: PendingRejudgement, screening: Screening) -> Screening:
        """Write down what was decided after an answer, under the screening's own id.

        Returns:
            As `record`.
        """
        screening = replace(screening, id=pending.screening_id)
        try:
            with self._usable_registry().write(caller, Act.SCREEN) as session:
                screenings.remember_again(session, screening, pending.rejudgement)
        except RegistryError as failure:
            log.error("a verdict could not be written down: %s", failure.code)
            return replace(unjudged(b"", pending.request, failure, policy=self._policy), id=pending.screening_id)
        return screening

    def set_aside(self, caller: Caller, screening_id: str, channel: ChannelId, rule: str, reason: str) -> None:
        """Set a rule aside for one photo, see `screenings.override`; `rejudge` then decides again.

        Raises:
            Forbidden, NotFound, UnknownChannel, BadAnswers, BadRecord: see `screenings.override`.
        """
        with self._usable_registry().write(caller, Act.OVERRIDE) as session:
            screenings.override(session, screening_id, channel, rule, reason)

    def _usable_registry(self) -> Registry:
        if isinstance(self._registry, Registry):
            return self._registry
        raise self._registry or NoRegistry()


def _bytes(data: bytes | PhotoError) -> bytes:
    return data if isinstance(data, bytes) else b""


def _settled(screening: Screening) -> Future[Screening]:
    future: Future[Screening] = Future()
    future.set_result(screening)
    return future
