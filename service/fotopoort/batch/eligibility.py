"""Who may be shown, now, in a photo of given school years; and the key that tells that a verdict is still in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from cachetools import LRUCache

from fotopoort.application.context import DecisionContext
from fotopoort.application.service import ScreeningService
from fotopoort.canonical_json import digest
from fotopoort.registry.access.roles import Caller
from fotopoort.registry.people.groups import Years
from fotopoort.registry.photos.serialisation import answers_to_json
from fotopoort.screening.stored_form import stored_form
from fotopoort.vocabulary import NOTHING_ELSEWHERE, Answers, ChannelId, NameEntry, Person, SaidElsewhere

MAX_CACHED: Final = 100  # photos of one time lie together, so few school years are in use at a time


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Who may be shown, now, in photos of the same school years.

    Attributes:
        context: what a verdict is decided with.
        digest: where it is equal, so are verdicts, whatever today's date.
    """

    context: DecisionContext
    digest: str


class Eligibilities:
    """Who may be shown, now, in photos of any school year.

    `DecisionContexts` caches contexts too, but asks the registry each time whether the cached one still holds. This
    cache saves planning that question for each of very many photos, and keeps the digest, which takes long to compute.

    Args:
        service: gives the decision contexts.
        caller: on whose behalf.
        models: a fingerprint of the models that look at photos.
    """

    def __init__(self, service: ScreeningService, caller: Caller, models: str) -> None:
        self._service, self._caller, self._models = service, caller, models
        self._version = ""  # that of the context for any year when the cache was last known to hold
        self._cache: LRUCache[Years, Eligibility] = LRUCache(MAX_CACHED)

    def elsewhere(self, sha256: str) -> SaidElsewhere:
        """What was said of a photo where it was sent at other times, as it holds beside answers in a file.

        Raises:
            RegistryError: the registry does not answer.
        """
        return self._service.elsewhere.of_photo(self._caller, sha256).after_all()

    def spoken_of(self) -> frozenset[str]:
        """The SHA-256 of all photos of which there may be anything: for planning, of very many photos at once.

        Raises:
            RegistryError: the registry does not answer.
        """
        return self._service.elsewhere.spoken_of(self._caller)

    def on(self, years: Years, *, cached: bool = False) -> Eligibility:
        """Who may be shown in a photo of those school years. Never fails: see `DecisionContext.failure`.

        Args:
            years: None: any; then everyone who was ever at school may be in it.
            cached: return what the cache has, if it has it, without asking the registry. A call without this renews
                the cache.
        """
        recent = self._cache.get(years)
        if cached and recent:
            return recent
        if not cached and (version := self._service.context(self._caller).version) != self._version:
            self._cache.clear()
            self._version = version
            recent = None
        context = self._service.context(self._caller, years)
        if recent and recent.context.version == context.version:
            return recent
        eligibility = Eligibility(context, _digest_of(context, self._models))
        self._cache[years] = eligibility
        return eligibility


def validity_key(
    eligibility: Eligibility,
    channels: Sequence[ChannelId],
    answers: Answers,
    *,
    sha256: str,
    stem: str,
    blocked: bool,
    together: bool = False,
) -> str:
    """SHA-256 of everything that a photo's verdicts and the names of its renditions rest on, beside its pixels."""
    overridden = sorted(eligibility.context.overridden.get(sha256, ()))
    rests_on = [eligibility.digest, list(channels), answers_to_json(answers), overridden, stem, blocked]
    elsewhere = [stored_form(answers.elsewhere)] if answers.elsewhere != NOTHING_ELSEWHERE else []
    return digest([*rests_on, *(["together"] if together else []), *elsewhere], sort_keys=False)


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
            person.count,
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
