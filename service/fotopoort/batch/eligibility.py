"""Who may be shown, now, in a photo of a given day; and the key by which a verdict is known to be still in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from cachetools import LRUCache

from fotopoort.application.context import DecisionContext
from fotopoort.application.service import ScreeningService
from fotopoort.canonical_json import digest
from fotopoort.registry.access.roles import Caller
from fotopoort.registry.photos.serialisation import answers_to_json
from fotopoort.vocabulary import Answers, ChannelId, ConsentState, NameEntry, People, Person

EVER: Final = date(1900, 1, 1)  # nobody had left the school yet, and nobody was in a group
MAX_CACHED_DAYS: Final = 100  # photos of one day lie together, so few days are in use at a time


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Who may be shown, now, in photos of one day.

    Attributes:
        context: what a verdict is decided with.
        digest: where it is equal, so are verdicts, whatever today's date.
    """

    context: DecisionContext
    digest: str


class Eligibilities:
    """Who may be shown, now, in photos of any day.

    Args:
        service: gives the decision contexts.
        caller: on whose behalf.
        models: a fingerprint of the models that look at photos.
    """

    def __init__(self, service: ScreeningService, caller: Caller, models: str) -> None:
        self._service, self._caller, self._models = service, caller, models
        self._today: DecisionContext | None = None
        self._cache: LRUCache[date, tuple[str, Eligibility]] = LRUCache(MAX_CACHED_DAYS)  # and the version it is of

    def on(self, day: date | None, *, cached: bool = False) -> Eligibility:
        """Who may be shown in a photo of that day. Never fails: see `DecisionContext.failure`.

        Args:
            day: None: it is not known; then everyone who was ever at school may be in it.
            cached: take what was found since the last call without this, rather than ask the registry for each of very
                many photos.
        """
        day = day or EVER
        version, recent = self._cache.get(day, ("", None))
        if cached and recent:
            return recent
        if not cached:
            today = self._service.context(self._caller)
            if self._today is None or today.version != self._today.version:
                self._cache.clear()
                self._today = today
                recent = None
        today = self._today or self._service.context(self._caller)
        on_day = self._service.context(self._caller, day)
        if recent and version == on_day.version:
            return recent
        context = replace(
            on_day, people=_without_leavers(on_day.people, today.people), failure=on_day.failure or today.failure
        )
        eligibility = Eligibility(context, _digest_of(context, self._models))
        self._cache[day] = on_day.version, eligibility
        return eligibility


def validity_key(
    eligibility: Eligibility,
    channels: Sequence[ChannelId],
    answers: Answers,
    *,
    sha256: str,
    stem: str,
    blocked: bool,
) -> str:
    """SHA-256 of everything that a photo's verdicts and the names of its renditions rest on, beside its pixels."""
    overridden = sorted(eligibility.context.overridden.get(sha256, ()))
    return digest(
        [eligibility.digest, list(channels), answers_to_json(answers), overridden, stem, blocked], sort_keys=False
    )


def _without_leavers(then: People | None, now: People | None) -> People | None:
    """Everyone as on the day of the photo; whoever has left since counts as not asked. A refusal stays a refusal."""
    if then is None or now is None:
        return then
    left = {id for id in then.persons if id not in now.persons or now.persons[id].has_left}
    persons = {id: _not_asked(person) if id in left else person for id, person in then.persons.items()}
    return replace(then, persons=persons) if left else then


def _not_asked(person: Person) -> Person:
    refusals = {channel: state for channel, state in person.consents.items() if state is not ConsentState.GRANTED}
    return replace(person, consents=refusals)


def _digest_of(context: DecisionContext, models: str) -> str:
    persons = context.people.persons if context.people else {}
    names = sorted(_name_content(entry) for entry in context.names)
    return digest(
        [models, context.policy.id, context.people is None, _persons_content(persons), names], sort_keys=False
    )


def _persons_content(persons: Mapping[str, Person]) -> list[object]:
    return [
        [
            id,
            person.name,
            person.role,
            sorted(person.groups),
            sorted(person.consents.items()),
            person.never_locatable,
            person.has_left,
        ]
        for id, person in sorted(persons.items())
    ]


def _name_content(entry: NameEntry) -> list[str]:
    parts = (
        entry.name,
        entry.person or "",
        entry.call_name,
        entry.given_names,
        entry.prefix,
        entry.surname,
        entry.role,
    )
    return [*parts, *sorted(entry.nicknames), "|", *sorted(entry.groups)]
