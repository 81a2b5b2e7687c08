"""What every front door calls: a photo is screened, and what was decided is recorded.

`screening/screen.py` judges one photo with what it is given. Here that is looked up (see `context.py`), and the result
is written down. Where there is no registry, a class list or nothing at all is used, and nothing is written down.

When the registry does not answer, before the photo or after it, the photo is rejected by rule R01: a verdict that could
rest on an old consent, or that nobody could account for, is no verdict. Where the registry moved on while a photo was
judged, what would be decided now is compared inside the transaction that writes the verdict down (see `recording.py`);
where that differs, the photo is judged again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from fotopoort.application.capture_date import CaptureDate, find_capture_date, moment_in_file
from fotopoort.application.context import DecisionContext, DecisionContexts, SaidElsewhereReader
from fotopoort.application.pending import PendingRejudgement, PendingScreening, rejudging, sha256_of, unjudged_pending
from fotopoort.application.recording import Recorder
from fotopoort.application.redecision import GivenScreening
from fotopoort.errors import NoNames, NoRegistry, PhotoError, RegistryError, UnknownGroup
from fotopoort.policy.policy import Policy, StaffNames
from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.answers import answering
from fotopoort.registry.answers.answer_log import LogEntry
from fotopoort.registry.answers.answers import check_answers
from fotopoort.registry.answers.binding import signed
from fotopoort.registry.people.groups import Years, school_year
from fotopoort.registry.photos import originals, screenings
from fotopoort.registry.photos.screenings import Rejudgement
from fotopoort.registry.registry import Registry, Session
from fotopoort.screening.name_search import NamesToFind
from fotopoort.screening.processes.pool import ScreeningPool
from fotopoort.screening.screen import Request, Screening
from fotopoort.vocabulary import Answers, ChannelId, People, Text

log = logging.getLogger(__name__)


class ScreeningService:
    """Screens photos on behalf of callers, and records what was decided.

    Args:
        policy: the school's rules.
        registry: who may be shown, and where everything is written down; None: nowhere. A failure: there is one, but
            it cannot be used.
        people: from a class list: beside a registry it may only tighten.
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
        self.contexts, self.elsewhere = DecisionContexts(policy, people), SaidElsewhereReader(registry)

    def context(self, caller: Caller, years: Years = None) -> DecisionContext:
        """What a photo is judged by now. Where the registry does not answer, `DecisionContext.failure` says so.

        Args:
            years: the school years that the photo can be of; None: any, so that everybody ever at school counts.

        Raises:
            NoRegistry: there is no such school in it.
        """
        if self._registry is None:
            return self.contexts.without_registry()
        if isinstance(self._registry, RegistryError):
            return self.contexts.failed(self._registry)
        try:
            with self._registry.read(caller, Act.SCREEN) as session:
                return self.contexts.current(session, years)
        except RegistryError as failure:
            log.error("the registry does not answer: %s", failure.code)
            return self.contexts.failed(failure)

    def names_to_find(self, caller: Caller, groups: frozenset[str] = frozenset()) -> NamesToFind:
        """The names to look for in a text that comes without a photo.

        Raises:
            RegistryError: the registry does not answer.
            NoNames: there is no list of names.
            UnknownGroup: there is no such group within the caller's reach.
        """
        context = self.context(caller)
        if context.failure is None:
            context = self.context(caller, frozenset({school_year(context.today)}))
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
        stated_day: date | None = None,
        path: str | None = None,
        capture_date: CaptureDate | None = None,
        preview_side: int = 0,
        said_before: bool = False,
    ) -> PendingScreening:
        """Have one photo screened. Pass the result to `record`.

        Args:
            context: of any school year; the photo is judged by that of the years it can be of.
            stated_day: the day that the caller gives.
            path: the photo's name with its folders, where that tells more than the name in the request.
            capture_date: when it was taken, where that was looked for before: `context` is of its years then.
            preview_side: see `ScreeningJob`.
            said_before: the answers were said at some earlier time, so they lift nothing that was said elsewhere.

        Raises:
            UnknownGroup: a teacher did not say which of the own groups is in the photo.
            FutureDay: the day that the caller gives has not come yet.
        """
        if capture_date is None:
            in_file = moment_in_file(data) if isinstance(data, bytes) else None
            capture_date = find_capture_date(
                path or request.file_name, in_file, today=context.today, stated_day=stated_day
            )
            context = self.context(caller, capture_date.years)
        if context.failure is not None:
            return unjudged_pending(data, request, context.failure, context, capture_date, pool)
        if caller.own_groups_only and not (request.answers.groups or request.answers.only_present):
            raise UnknownGroup(
                Text(
                    nl="Er is niet gezegd welke groep op de foto staat.",
                    en="It is not said which group is in the photo.",
                ),
                hint=Text(nl="Noem een van je eigen groepen.", en="Name one of your own groups."),
            )
        request = replace(request, answers=signed(request.answers, caller.id))
        try:
            request = self.elsewhere.effective(caller, request, sha256_of(data), context, said_before=said_before)
        except RegistryError as failure:
            log.error("the registry does not answer: %s", failure.code)
            return unjudged_pending(data, request, failure, context, capture_date, pool)
        future = pool.submit(data, replace(context.job(request), preview_side=preview_side))
        return PendingScreening(future, data, request, context, capture_date, pool, preview_side, said_before)

    def record(
        self,
        caller: Caller,
        pending: PendingScreening,
        screening: Screening,
        places: Mapping[ChannelId, str] | None = None,
    ) -> Screening:
        """Write down what was decided, and hold the original for answers that come later.

        If the registry has changed and the verdict would now be different, the photo is judged again first. This
        function waits for that.

        Args:
            screening: what came of `pending`.
            places: where the caller says that the photo will appear, per channel.

        Returns:
            The screening; or, where it could not be written down, a reject on every channel by rule R01.
        """
        return self.record_given(caller, pending, screening, places).screening

    def record_given(
        self,
        caller: Caller,
        pending: PendingScreening,
        screening: Screening,
        places: Mapping[ChannelId, str] | None = None,
    ) -> GivenScreening:
        """Do what `record` does. Returns the screening with what it rests on, for `require_valid`."""
        if not isinstance(self._registry, Registry):
            return pending.given(screening)
        return self._recorder(self._registry).record(caller, pending, screening, places or {})

    def rejudge(
        self, pool: ScreeningPool, caller: Caller, screening_id: str, answers: Answers, *, replaces: int | None = None
    ) -> PendingRejudgement:
        """Write down a teacher's answers about a photo that was screened before, and have it judged again from its
        findings. The answers are stored even if judging fails. Pass the result to `record_rejudgement`.

        Args:
            replaces: the number of an earlier answer that is taken back, see `PendingRejudgement.number`.

        Raises:
            NotFound: there is no such screening within this caller's reach, or no such answer to replace.
            BadAnswers: they speak of a face that is not in it, or replace what came with the photo.
            PhotoGone: the original is no longer held, or names became known that it was not searched for: send it
                again, with the answers.
            RegistryUnavailable: nothing was written down.
        """

        def change(session: Session) -> Rejudgement:
            def people_in(years: Years) -> People | None:
                return self.contexts.current(session, years).people

            return answering.answer(session, screening_id, answers, replaces=replaces, people_in=people_in)

        return self._rejudge(pool, caller, screening_id, change)

    def retract(self, pool: ScreeningPool, caller: Caller, screening_id: str, number: int) -> PendingRejudgement:
        """Take an answer back, and judge the photo again as if it had never been given.

        Raises:
            NotFound: there is no such screening within this caller's reach, or no such answer.
            BadAnswers: it came with the photo.
            PhotoGone, RegistryUnavailable: as `rejudge`.
        """
        return self._rejudge(
            pool, caller, screening_id, lambda session: answering.retract(session, screening_id, number)
        )

    def answer_log(self, caller: Caller, screening_id: str) -> list[LogEntry]:
        """What was said of a photo that was screened before, and what was taken back.

        Raises:
            NotFound: there is no such screening within this caller's reach.
            RegistryUnavailable: the registry does not answer.
        """
        with self._usable_registry().write(caller, Act.SCREEN) as session:
            return answering.log_of(session, screening_id)

    def _rejudge(
        self, pool: ScreeningPool, caller: Caller, screening_id: str, change: Callable[[Session], Rejudgement]
    ) -> PendingRejudgement:
        registry = self._usable_registry()
        with registry.write(caller, Act.SCREEN) as session:
            rejudgement = change(session)
        with registry.read(caller, Act.SCREEN) as session:
            data = originals.take(session, screening_id)
            context = self.contexts.current(session, rejudgement.years)
        return rejudging(pool, screening_id, data, rejudgement, context)

    def record_rejudgement(self, caller: Caller, pending: PendingRejudgement, screening: Screening) -> Screening:
        """Write down what was decided after an answer, under the screening's own id.

        Where the registry moved on meanwhile, or something else was said of this photo, the photo is judged again first
        with all of that, if it makes a difference; this waits for that.

        Returns:
            As `record`.

        Raises:
            NotFound: the screening is no longer there, or no longer within this caller's reach.
            PhotoGone: as `rejudge`.
        """
        return self.record_given_again(caller, pending, screening).screening

    def record_given_again(self, caller: Caller, pending: PendingRejudgement, screening: Screening) -> GivenScreening:
        """Do what `record_rejudgement` does. Returns the screening with what it rests on, for `require_valid`."""
        return self._recorder(self._usable_registry()).record_again(caller, pending, screening)

    def require_valid(self, caller: Caller, given: GivenScreening) -> None:
        """Require that a result that was given before may be given again: see `redecision.is_outdated`.

        Raises:
            NoLongerValid: it may not.
            RegistryError: the registry does not answer.
        """
        if self._registry is not None:
            self._recorder(self._usable_registry()).require_valid(caller, given)

    def set_aside(self, caller: Caller, screening_id: str, channel: ChannelId, rule: str, reason: str) -> None:
        """Set a rule aside for one photo, see `screenings.override`; `rejudge` then decides again.

        Raises:
            Forbidden, NotFound, UnknownChannel, BadAnswers, BadRecord: see `screenings.override`.
        """
        with self._usable_registry().write(caller, Act.OVERRIDE) as session:
            screenings.override(session, screening_id, channel, rule, reason)

    def _recorder(self, registry: Registry) -> Recorder:
        return Recorder(registry, self.contexts, self._hours_held)

    def _usable_registry(self) -> Registry:
        if isinstance(self._registry, Registry):
            return self._registry
        raise self._registry or NoRegistry()
