"""What a photo is judged by now: the people within the caller's reach, names, rules, blocked photos and overrides.

`ScreeningService.context` hands it out. Two contexts of the same version are equal: whoever keeps something that was
worked out with a context compares versions.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, TypeVar

from cachetools import LRUCache

from fotopoort.application.class_list import ClassList, beside, names_beside
from fotopoort.canonical_json import digest
from fotopoort.errors import RegistryError
from fotopoort.names.places import entries_of
from fotopoort.photo.perceptual_hash import Blocklist
from fotopoort.policy.policy import Policy
from fotopoort.registry import school_settings
from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.answers import said_elsewhere
from fotopoort.registry.lists.class_list import SEVERAL_SCHOOLS
from fotopoort.registry.people.groups import Years
from fotopoort.registry.people.people import ids, knows_nobody
from fotopoort.registry.people.snapshot import name_entries, snapshot
from fotopoort.registry.photos import blocks, screenings
from fotopoort.registry.registry import Registry, Session
from fotopoort.screening.screen import Request, ScreeningJob
from fotopoort.vocabulary import NOTHING_ELSEWHERE, ChannelId, NameEntry, People, SaidElsewhere

T = TypeVar("T")

MAX_CACHED: Final = 100  # contexts: one for each school, reach of a caller and school years of photos


@dataclass(frozen=True, slots=True)
class DecisionContext:
    """What a photo that comes in now is judged by.

    Attributes:
        version: equal where nothing differs that a verdict depends on.
        policy: with the school's own basis for each channel.
        people: everyone within the caller's reach, and without a name who else can be in the photo; None: nobody is
            known, and anyone could be anyone.
        names: everyone's at the school; none: names cannot be checked.
        overridden: rules that the privacy officer set aside, per photo's SHA-256.
        failure: why none of this can be known.
        years: the school years that the photos can be of, as they were asked for.
        today: at school.
    """

    version: str
    policy: Policy
    people: People | None = None
    names: tuple[NameEntry, ...] = field(default=(), repr=False)
    blocked: Blocklist = field(default_factory=Blocklist)
    overridden: Mapping[str, frozenset[tuple[ChannelId, str]]] = field(default_factory=dict)
    failure: RegistryError | None = None
    years: Years = None
    today: date = field(default_factory=date.today)

    def effective_for(self, request: Request, sha256: str) -> Request:
        """The request, with exactly those rules set aside that now are for the photo with that SHA-256; "": it could
        not be read, and none are. From the people who were listed, those not known now are left out: nobody who was
        erased meanwhile is stored again."""
        overridden = self.overridden.get(sha256, frozenset()) if sha256 else frozenset()
        answers = replace(request.answers, overridden=overridden)
        if answers.listed is not None:
            answers = replace(answers, listed=answers.listed.intersection(self.people.persons if self.people else ()))
        return replace(request, answers=answers)

    def job(self, request: Request) -> ScreeningJob:
        """The job of judging a photo by this context and that request."""
        return ScreeningJob(request, self.policy, self.people, self.names, self.blocked)


class DecisionContexts:
    """Makes decision contexts, and keeps the latest.

    Args:
        policy: the school's rules.
        people: from a class list: beside a registry it may only tighten, see `class_list.py`.
    """

    def __init__(self, policy: Policy, people: People | None = None) -> None:
        self._policy, self._people, self._policy_id = policy, people, policy.id
        self._class_list = ClassList(people) if people else None
        self._without_registry = DecisionContext(self._version(), policy, people, entries_of(people))
        self._cache: LRUCache[tuple[object, ...], DecisionContext] = LRUCache(MAX_CACHED)
        self._lock = threading.Lock()

    def without_registry(self) -> DecisionContext:
        """The context where there is no registry."""
        return self._without_registry

    def failed(self, failure: RegistryError) -> DecisionContext:
        """The context where the registry cannot be used."""
        return DecisionContext(self._version(failure.code), self._policy, failure=failure)

    def current(self, session: Session, years: Years = None) -> DecisionContext:
        """The context now: the cached one, unless the registry changed or a day has passed since it was made.

        Args:
            years: the school years that the photo can be of: groups are as they were then; None: any.

        Raises:
            RegistryError: the registry cannot be used.
        """
        caller = session.caller
        scope = (session.tenant, caller.own_groups_only, caller.groups, years)
        version = self._version(
            session.tenant,
            caller.own_groups_only,
            sorted(caller.groups),
            years if years is None else sorted(years),
            session.revision(),
            session.today.isoformat(),
        )
        with self._lock:
            cached = self._cache.get(scope)
        if cached is not None and cached.version == version:
            return cached
        people, names = self._people_and_names(session, years)
        context = DecisionContext(
            version,
            policy=self._policy_of(session),
            people=people if people.persons else None,
            names=names,
            blocked=blocks.blocklist(session),
            overridden=screenings.overridden(session),
            years=years,
            today=session.today,
        )
        with self._lock:
            self._cache[scope] = context
        return context

    def _people_and_names(self, session: Session, years: Years) -> tuple[People, tuple[NameEntry, ...]]:
        """Those of the registry, with a class list beside them where there is one."""
        listed = self._class_list
        if listed is not None and session.has_other_schools():
            raise RegistryError(SEVERAL_SCHOOLS)
        if listed is None:
            return snapshot(session, years), name_entries(session, years)
        caller = session.caller
        known = listed.within(caller.groups) if caller.own_groups_only else listed.people
        if knows_nobody(session):
            return known, names_beside((), listed.names, known.persons.keys())
        people, names = snapshot(session, years), name_entries(session, years)
        elsewhere = set(ids(session).values()) - people.persons.keys()
        people = beside(people, known, [channel.id for channel in self._policy.channels], elsewhere)
        return people, names_beside(names, listed.names, people.persons.keys())

    def _policy_of(self, session: Session) -> Policy:
        """The rules with what the school decides itself."""
        first_say_who = school_settings.first_say_who(session)
        settings = replace(self._policy.settings, first_say_who=first_say_who)
        return replace(self._policy, channels=school_settings.channels(session), settings=settings)

    def _version(self, *parts: object) -> str:
        content = [self._policy_id, self._people and self._people.revision, *parts]
        return digest(content)


class SaidElsewhereReader:
    """Looks up what was said of the very same photo where it was sent at other times, for one not recorded yet.

    Args:
        registry: None: nothing is written down anywhere. A failure: it cannot be used.
    """

    def __init__(self, registry: Registry | RegistryError | None) -> None:
        self._registry = registry

    def of_photo(self, caller: Caller, sha256: str) -> SaidElsewhere:
        """What was said of a photo.

        Raises:
            RegistryError: the registry does not answer.
        """
        return self._read(caller, lambda session: said_elsewhere.of_photo(session, sha256), NOTHING_ELSEWHERE)

    def spoken_of(self, caller: Caller) -> frozenset[str]:
        """The SHA-256 of all photos of which there may be anything. Raises as `of_photo`."""
        return self._read(caller, said_elsewhere.spoken_of, frozenset())

    def count(self, caller: Caller) -> int:
        """How often anything was said of any photo, see `said_elsewhere.count`. Raises as `of_photo`."""
        return self._read(caller, said_elsewhere.count, 0)

    def effective(
        self, caller: Caller, request: Request, sha256: str, context: DecisionContext, *, said_before: bool
    ) -> Request:
        """See `effective`. Raises as `of_photo`."""

        def read(session: Session) -> Request:
            return effective(session, request, sha256, context, said_before=said_before)

        return self._read(caller, read, context.effective_for(request, sha256))

    def _read(self, caller: Caller, read: Callable[[Session], T], nothing: T) -> T:
        if self._registry is None:
            return nothing
        if isinstance(self._registry, RegistryError):
            raise self._registry
        with self._registry.read(caller, Act.SCREEN) as session:
            return read(session)


def effective(
    session: Session, request: Request, sha256: str, context: DecisionContext, *, said_before: bool
) -> Request:
    """The request, with all that holds now for this very photo: the rules that are set aside for it, and what was said
    of it elsewhere.

    Args:
        sha256: of the photo; "": it could not be read.
        said_before: see `ScreeningService.submit`.
    """
    if sha256:
        elsewhere = said_elsewhere.of_photo(session, sha256)
        elsewhere = elsewhere.after_all() if said_before else elsewhere
        request = replace(request, answers=replace(request.answers, elsewhere=elsewhere))
    return context.effective_for(request, sha256)
