"""Writing down what was decided, as of the revision of the registry at which it holds.

What a verdict was decided from is taken again inside the transaction that writes it. Where that moved and something
would be decided otherwise, the photo is judged again; after three tries it is rejected by rule R01.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from fotopoort.application.context import DecisionContext, DecisionContexts, effective
from fotopoort.application.pending import (
    PendingRejudgement,
    PendingScreening,
    bytes_of,
    names_searched,
    rejudging,
    require_same_names,
    with_standing_overrides,
)
from fotopoort.application.redecision import GivenScreening, at_revision, differs, has_lost, is_outdated
from fotopoort.errors import NoLongerValid, RegistryError, RegistryMoved
from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.answers import answering
from fotopoort.registry.photos import originals, screenings
from fotopoort.registry.photos.screenings import Rejudgement
from fotopoort.registry.registry import Registry, Session
from fotopoort.screening.screen import Request, Screening, unjudged
from fotopoort.vocabulary import ChannelId

log = logging.getLogger(__name__)

MAX_TRIES: Final = 3  # to judge a photo while the registry moves on


class Recorder:
    """Writes down what was decided, see `ScreeningService` for each function.

    Args:
        contexts: what photos are judged by now.
        hours_held: how long an original is held.
    """

    def __init__(self, registry: Registry, contexts: DecisionContexts, hours_held: float) -> None:
        self._registry, self._contexts, self._hours_held = registry, contexts, hours_held

    def record(
        self,
        caller: Caller,
        pending: PendingScreening,
        screening: Screening,
        places: Mapping[ChannelId, str],
    ) -> GivenScreening:
        """See `ScreeningService.record`."""
        try:
            for tries_left in reversed(range(MAX_TRIES)):
                with self._registry.write(caller, Act.SCREEN) as session:
                    context = self._current(session, pending.context)
                    sha256 = screening.findings.sha256 if isinstance(pending.data, bytes) else ""
                    before = pending.said_before
                    request = effective(session, pending.request, sha256, context, said_before=before)
                    given = _unchanged(pending, screening, request, context)
                    if given is not None:
                        self._remember(session, pending, given, places)
                        return given
                if tries_left:
                    pending = pending.again(request, context)
                    screening = pending.future.result()
            raise RegistryMoved
        except RegistryError as failure:
            log.error("a verdict could not be written down: %s", failure.code)
            data, policy = bytes_of(pending.data), pending.context.policy
            return pending.given(unjudged(data, pending.request, failure, policy=policy))

    def record_again(self, caller: Caller, pending: PendingRejudgement, screening: Screening) -> GivenScreening:
        """See `ScreeningService.record_rejudgement`."""
        screening_id = pending.screening_id
        try:
            for tries_left in reversed(range(MAX_TRIES)):
                with self._registry.write(caller, Act.SCREEN) as session:
                    now = screenings.read_again(session, screening_id, pending.rejudgement)
                    context = self._current(session, pending.context)
                    require_same_names(now, context)
                    given = _unchanged_again(pending, screening, now, context)
                    if given is not None:
                        screenings.remember_again(session, given.screening, now)
                        return given
                if tries_left:
                    pending = rejudging(pending.pool, screening_id, pending.data, now, context)
                    screening = pending.future.result()
            raise RegistryMoved
        except RegistryError as failure:
            log.error("a verdict could not be written down: %s", failure.code)
            rejected = unjudged(b"", pending.request, failure, policy=pending.context.policy)
            return pending.given(replace(rejected, id=screening_id))

    def require_valid(self, caller: Caller, given: GivenScreening) -> None:
        """See `ScreeningService.require_valid`."""
        if given.screening.findings.failure is not None:
            return
        with self._registry.read(caller, Act.SCREEN) as session:
            stored = answering.stored_answers(session, given.screening.id)
            context = self._contexts.current(session, given.context.years)
        if stored is None or is_outdated(given, *stored, context):
            raise NoLongerValid

    def _current(self, session: Session, earlier: DecisionContext) -> DecisionContext:
        """What holds now, and goes on to hold until the session ends."""
        session.hold_revision()
        return self._contexts.current(session, earlier.years)

    def _remember(
        self,
        session: Session,
        pending: PendingScreening,
        given: GivenScreening,
        places: Mapping[ChannelId, str],
    ) -> None:
        screening, data, capture_date = given.screening, pending.data, pending.capture_date
        screenings.remember(
            session,
            screening,
            given.request,
            places=places,
            taken=capture_date.day,
            years=capture_date.years,
            names_searched=names_searched(given),
        )
        if isinstance(data, bytes) and screening.findings.failure is None and self._hours_held:
            originals.hold(session, screening.id, data, self._hours_held)


def _unchanged(
    pending: PendingScreening, screening: Screening, request: Request, context: DecisionContext
) -> GivenScreening | None:
    """The screening as it holds now; None where something would be decided otherwise.

    Args:
        request: as the photo would be judged now.

    Raises:
        RegistryMoved: somebody whom the answers name is not in the registry any more; nobody else can say of whom they
            are now.
    """
    given = pending.given(screening)
    if has_lost(given, context):
        raise RegistryMoved
    return None if differs(given, request, context) else _at(replace(given, request=request), context)


def _unchanged_again(
    pending: PendingRejudgement, screening: Screening, now: Rejudgement, context: DecisionContext
) -> GivenScreening | None:
    """The screening as it holds now; None where something else was said or found, or would be decided otherwise."""
    given = replace(pending.given(replace(screening, id=pending.screening_id)), number=now.latest)
    if now.findings != pending.rejudgement.findings or differs(given, with_standing_overrides(now, context), context):
        return None
    return _at(given, context)


def _at(given: GivenScreening, context: DecisionContext) -> GivenScreening:
    if context.version == given.context.version:
        return given
    return replace(given, screening=at_revision(given.screening, context), context=context)
