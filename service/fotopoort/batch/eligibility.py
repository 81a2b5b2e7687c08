"""Who may be shown in a photo of some day, as of now; and by what a verdict is known to be still in force."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from cachetools import LRUCache

from fotopoort.application.context import DecisionContext
from fotopoort.application.service import ScreeningService
from fotopoort.registry.access.roles import Caller
from fotopoort.registry.photos.serialisation import answers_to_json
from fotopoort.vocabulary import Answers, ChannelId, ConsentState, NameEntry, People, Person

EVER: Final = date(1900, 1, 1)  # nobody had left yet, and nobody was in a group
MAX_DAYS: Final = 100  # in the cache; photos of one day lie together


@dataclass(frozen=True, slots=True)
class Eligibility:
    """What holds now for photos of one day. `digest`: equal ones, equal verdicts, whatever the day of today."""

    known: DecisionContext
    digest: str


class Eligibilities:
    """What holds now for photos of any day.

    Args:
        gate: where that is known.
        caller: on whose behalf.
        models: a fingerprint of what looks at photos.
    """

    def __init__(self, gate: ScreeningService, caller: Caller, models: str) -> None:
        self._gate, self._caller, self._models = gate, caller, models
        self._now: DecisionContext | None = None
        self._cache: LRUCache[date, tuple[str, Eligibility]] = LRUCache(MAX_DAYS)  # with the version it was made of

    def on(self, day: date | None, *, lately: bool = False) -> Eligibility:
        """What holds for a photo of that day. Never fails: see `DecisionContext.failure`.

        Args:
            day: None: it is not known; then everyone who was ever at school may be in it.
            lately: what was found since this was last asked without it will do: the registry is not asked for each of
                very many photos.
        """
        day = day or EVER
        if not lately:
            now = self._gate.context(self._caller)
            if self._now is None or now.version != self._now.version:
                self._cache.clear()
                self._now = now
        version, cached = self._cache.get(day, ("", None))
        if cached and lately:
            return cached
        now, then = self._now or self._gate.context(self._caller), self._gate.context(self._caller, day)
        if cached and version == then.version:
            return cached
        failure = then.failure or now.failure
        known = replace(then, people=_without_leavers(then.people, now.people), failure=failure)
        standing = Eligibility(known, _digest_of(known, self._models))
        self._cache[day] = then.version, standing
        return standing


def key_of(
    standing: Eligibility,
    channels: Sequence[ChannelId],
    answers: Answers,
    *,
    sha256: str,
    stem: str,
    blocked: bool,
) -> str:
    """SHA-256 of everything that a photo's verdicts and the names of its renditions rest on, beside its pixels."""
    aside = sorted(standing.known.overridden.get(sha256, ()))
    return _digest([standing.digest, list(channels), answers_to_json(answers), aside, stem, blocked])


def _without_leavers(then: People | None, now: People | None) -> People | None:
    """Everyone as they were then; whoever has left since counts as not asked. A no stays a no."""
    if then is None or now is None:
        return then
    left = {id for id in then.persons if id not in now.persons or now.persons[id].has_left}
    persons = {id: _not_asked(person) if id in left else person for id, person in then.persons.items()}
    return replace(then, persons=persons) if left else then


def _not_asked(person: Person) -> Person:
    kept = {channel: state for channel, state in person.consents.items() if state is not ConsentState.GRANTED}
    return replace(person, consents=kept)


def _digest_of(known: DecisionContext, models: str) -> str:
    people = known.people.persons if known.people else {}
    content = [models, known.policy.id, known.people is None, _persons(people), sorted(map(_name, known.names))]
    return _digest(content)


def _persons(persons: Mapping[str, Person]) -> list[object]:
    return [
        [
            id,
            one.name,
            one.role,
            sorted(one.groups),
            sorted(one.consents.items()),
            one.never_locatable,
            one.has_left,
        ]
        for id, one in sorted(persons.items())
    ]


def _name(entry: NameEntry) -> list[str]:
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


def _digest(content: object) -> str:
    return hashlib.sha256(json.dumps(content, separators=(",", ":")).encode()).hexdigest()
