"""What a photo is judged by now: the people within the caller's reach, names, rules, blocked photos and overrides.

`ScreeningService.context` hands it out. Two contexts of the same version are equal: whoever keeps something that was
worked out with a context compares versions.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from cachetools import LRUCache

from fotopoort.canonical_json import digest
from fotopoort.errors import PhotoError, RegistryError
from fotopoort.names.places import entries_of
from fotopoort.photo.perceptual_hash import Blocklist
from fotopoort.policy.policy import Policy
from fotopoort.registry import school_settings
from fotopoort.registry.people.snapshot import name_entries, snapshot
from fotopoort.registry.photos import blocks, screenings
from fotopoort.registry.registry import Session
from fotopoort.screening.screen import Request, ScreeningJob
from fotopoort.vocabulary import ChannelId, NameEntry, People

MAX_CACHED: Final = 100  # contexts: one for each school, reach of a caller and day of photos


@dataclass(frozen=True, slots=True)
class DecisionContext:
    """What a photo that comes in now is judged by.

    Attributes:
        version: equal where nothing differs that a verdict depends on.
        policy: with the school's own basis for each channel.
        people: everyone within the caller's reach; None: nobody is known, and anyone could be anyone.
        names: everyone's at the school; none: names cannot be checked.
        overridden: rules that the privacy officer set aside, per photo's SHA-256.
        failure: why none of this can be known.
        day: of the photos that this context is for, as it was asked for.
    """

    version: str
    policy: Policy
    people: People | None = None
    names: tuple[NameEntry, ...] = field(default=(), repr=False)
    blocked: Blocklist = field(default_factory=Blocklist)
    overridden: Mapping[str, frozenset[tuple[ChannelId, str]]] = field(default_factory=dict)
    failure: RegistryError | None = None
    day: date | None = None

    def effective(self, request: Request, data: bytes | PhotoError) -> Request:
        """The request with the rules that are set aside for this photo among its answers."""
        if not isinstance(data, bytes):
            return request
        return self.effective_for(request, hashlib.sha256(data).hexdigest())

    def effective_for(self, request: Request, sha256: str) -> Request:
        """The request with the rules that are set aside now for the photo of that SHA-256, and no others."""
        overridden = self.overridden.get(sha256, frozenset())
        return replace(request, answers=replace(request.answers, overridden=overridden))

    def job(self, request: Request) -> ScreeningJob:
        """What a photo is judged by when this is asked about it."""
        return ScreeningJob(request, self.policy, self.people, self.names, self.blocked)


class DecisionContexts:
    """Makes decision contexts, and keeps the latest.

    Args:
        policy: the school's rules.
        people: from a class list, in place of the registry's.
    """

    def __init__(self, policy: Policy, people: People | None = None) -> None:
        self._policy, self._people, self._policy_id = policy, people, policy.id
        self._without_registry = DecisionContext(self._version(), policy, people, entries_of(people))
        self._cache: LRUCache[tuple[object, ...], DecisionContext] = LRUCache(MAX_CACHED)
        self._lock = threading.Lock()

    def without_registry(self) -> DecisionContext:
        """The context where there is no registry."""
        return self._without_registry

    def failed(self, failure: RegistryError) -> DecisionContext:
        """The context where the registry cannot be used."""
        return DecisionContext(self._version(failure.code), self._policy, failure=failure)

    def current(self, session: Session, day: date | None = None) -> DecisionContext:
        """The context now: the cached one, unless the registry changed or a day has passed since it was made.

        Args:
            day: of the photo: groups are as they were then; None: today.

        Raises:
            RegistryError: the registry cannot be used.
        """
        caller = session.caller
        scope = (session.tenant, caller.own_groups_only, caller.groups, day)
        version = self._version(
            session.tenant,
            caller.own_groups_only,
            sorted(caller.groups),
            day and day.isoformat(),
            session.revision(),
            session.today.isoformat(),
        )
        with self._lock:
            cached = self._cache.get(scope)
        if cached is not None and cached.version == version:
            return cached
        people = self._people or snapshot(session, day)
        context = DecisionContext(
            version,
            policy=replace(self._policy, channels=school_settings.channels(session)),
            people=people if people.persons else None,
            names=entries_of(self._people) or name_entries(session, day),
            blocked=blocks.blocklist(session),
            overridden=screenings.overridden(session),
            day=day,
        )
        with self._lock:
            self._cache[scope] = context
        return context

    def _version(self, *parts: object) -> str:
        content = [self._policy_id, self._people and self._people.revision, *parts]
        return digest(content)
