"""Every way from these tests into the program: what it is called there may change, what it means may not."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Collection, Coroutine
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, TypeAlias

import httpx
from tests.stateful.photos import MadePhoto
from tests.stateful.played import PlayedPool

from fotopoort.api.app import create_app
from fotopoort.application.pending import PendingScreening
from fotopoort.application.service import ScreeningService
from fotopoort.policy.policy import Ground, Policy
from fotopoort.policy_file import load_policy
from fotopoort.registry import retention, school_settings
from fotopoort.registry.access import api_keys
from fotopoort.registry.access.roles import Act, Caller, KeyRole, console
from fotopoort.registry.consent import consent_log
from fotopoort.registry.consent.speakers import GUARDIANS
from fotopoort.registry.consent.statements import Statement
from fotopoort.registry.lists import imports
from fotopoort.registry.lists.parsed_list import ImportOptions
from fotopoort.registry.people import erasure, people, school_years
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.photos import blocks
from fotopoort.registry.registry import Registry
from fotopoort.registry.store.database import Database
from fotopoort.screening.screen import Request, Screening
from fotopoort.settings import Settings
from fotopoort.vocabulary import Answers, ConsentState, People

SCHOOL: Final = "school"
SIDES: Final = {"social_schools": 512, "website": 320, "facebook": 320}  # pixels: small photos make quick steps

Pending: TypeAlias = "asyncio.Task[httpx.Response]"


def policy() -> Policy:
    """The packaged rules, for channels that publish small pictures."""
    packaged = load_policy()
    channels = tuple(replace(channel, max_side=SIDES[channel.id]) for channel in packaged.channels)
    return replace(packaged, channels=channels)


@dataclass(frozen=True)
class Key:
    """An API key, and the caller it stands for."""

    caller: Caller
    secret: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}"}


# --- the registry ----------------------------------------------------------------------------------------


def add_school(registry: Registry, school: str) -> None:
    registry.add_school(console(school), f"De {school}")


def open_registry(url: str, folder: Path, rules: Policy, clock: Callable[[], datetime]) -> Registry:
    """A registry in a database with the schema in it, with one empty school."""
    database = Database(url, seconds=5)
    registry = Registry(
        database, data_folder=folder / "data", keys_folder=folder / "keys", channels=rules.channels, clock=clock
    )
    registry.add_school(console(SCHOOL), "De Regenboog")
    return registry


def make_key(registry: Registry, role: KeyRole, groups: Collection[str] = (), school: str = SCHOOL) -> Key:
    with registry.write(console(school), Act.MANAGE_KEYS) as session:
        key, secret = api_keys.make(session, role, role.value, groups)
    return Key(Caller(school, key.id, role, frozenset(groups)), secret)


def import_list(registry: Registry, caller: Caller, content: str, options: ImportOptions) -> None:
    with registry.write(caller, Act.IMPORT) as session:
        imports.apply(session, imports.plan(session, content.encode(), options))


def add_person(registry: Registry, caller: Caller, person: str, name: str, groups: Collection[str], year: int) -> None:
    with registry.write(caller, Act.EDIT_PEOPLE) as session:
        people.add(session, PersonRecord(person, name), groups, year)


def join(registry: Registry, caller: Caller, person: str, groups: Collection[str], year: int) -> None:
    with registry.write(caller, Act.EDIT_PEOPLE) as session:
        people.join(session, person, groups, year)


def leave(registry: Registry, caller: Caller, person: str, last_day: date | None) -> None:
    with registry.write(caller, Act.EDIT_PEOPLE) as session:
        people.change(session, person, leaves=last_day)


def hide(registry: Registry, caller: Caller, person: str, hidden: bool) -> None:
    """Make somebody never locatable, or end that."""
    with registry.write(caller, Act.SEE_HIDDEN) as session:
        people.change(session, person, never_locatable=hidden)


def say(
    registry: Registry,
    caller: Caller,
    person: str,
    channel: str,
    word: str,
    *,
    speaker: str,
    at: datetime | None = None,
    until: date | None = None,
) -> None:
    statement = Statement(
        person, channel, ConsentState(word), speaker or GUARDIANS, at=at, valid_until=until, wording="2026"
    )
    act = Act.OBJECT if caller.own_groups_only else Act.RECORD_CONSENT
    with registry.write(caller, act) as session:
        consent_log.record(session, statement)


def move_up(registry: Registry, caller: Caller, year: int) -> None:
    with registry.write(caller, Act.EDIT_PEOPLE) as session:
        school_years.move_up(session, year, apply=True)


def erase(registry: Registry, caller: Caller, person: str) -> None:
    with registry.write(caller, Act.ERASE) as session:
        erasure.erase(session, person, "asked for")


def apply_retention(registry: Registry, caller: Caller) -> None:
    with registry.write(caller, Act.MAINTAIN) as session:
        retention.apply(session)


def registered(registry: Registry) -> frozenset[str]:
    """The ids of everybody in the registry."""
    with registry.read(console(SCHOOL), Act.SEE_PEOPLE) as session:
        return frozenset(people.ids(session).values())


def block(registry: Registry, caller: Caller, sha256: str, likenesses: Collection[str] = ()) -> str:
    with registry.write(caller, Act.REPORT_PHOTO) as session:
        return blocks.add(session, sha256, tuple(likenesses), "reported")


def lift(registry: Registry, caller: Caller, block_id: str) -> None:
    with registry.write(caller, Act.LIFT_BLOCK) as session:
        blocks.lift(session, block_id, "looked at")


def set_basis(registry: Registry, caller: Caller, channel: str, basis: str) -> None:
    with registry.write(caller, Act.SET) as session:
        school_settings.set_basis(session, channel, Ground(basis), "decided")


# --- the service -----------------------------------------------------------------------------------------


class Service:
    """The screening service, called as other programs of the house call it."""

    def __init__(self, registry: Registry, rules: Policy, pool: PlayedPool) -> None:
        self.service = ScreeningService(rules, registry=registry, hours_held=72)
        self.pool = pool

    def people(self, caller: Caller) -> People | None:
        """Everybody whom this caller may speak of."""
        return self.service.context(caller).people

    def submit(
        self, caller: Caller, photo: MadePhoto, channels: tuple[str, ...], answers: Answers, *, together: bool
    ) -> PendingScreening:
        request = Request(channels, answers, together=together, file_name=Path(photo.file_name).stem)
        context = self.service.context(caller)
        return self.service.submit(self.pool, caller, photo.data, request, context, stated_day=photo.said)

    def record(self, caller: Caller, pending: PendingScreening) -> Screening:
        """What became of a photo that was submitted, once it is judged."""
        return self.service.record(caller, pending, pending.future.result())


# --- HTTP ------------------------------------------------------------------------------------------------


class Http:
    """The HTTP service inside this process. A request whose photo is held back can be left waiting.

    Args:
        seconds: the clock by which renditions are kept.
    """

    def __init__(
        self, registry: Registry, rules: Policy, pool: PlayedPool, folder: Path, seconds: Callable[[], float]
    ) -> None:
        settings = Settings(
            data_folder=folder / "data", screeners=8, renditions_kept_seconds=86_400, hours_held=72, waiting=8
        )
        app = create_app(settings, screeners=pool, policy=rules, registry=registry, clock=seconds)
        self._pool = pool
        self._runner = asyncio.Runner()
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self._client = httpx.AsyncClient(transport=transport, base_url="http://localhost")

    def close(self) -> None:
        self._runner.run(self._client.aclose())
        self._runner.close()

    def get(self, path: str, key: Key) -> httpx.Response:
        return self._runner.run(self._client.get(path, headers=key.headers))

    def delete(self, path: str, key: Key) -> httpx.Response:
        return self._runner.run(self._client.delete(path, headers=key.headers))

    def override(self, screening: str, key: Key, channel: str, rule: str) -> httpx.Response:
        """Set a rule aside for the photo on a channel."""
        content = {"channel": channel, "rule": rule, "reason": "looked at"}
        path = f"/v1/screenings/{screening}/overrides"
        return self._runner.run(self._client.post(path, headers=key.headers, json=content))

    def screen(
        self,
        photo: MadePhoto,
        key: Key,
        channels: Collection[str],
        answers: object,
        said: date | None,
        *,
        together: bool = False,
    ) -> Pending:
        """Send a photo with what is said of it."""
        fields: dict[str, Any] = {"channel": list(channels), "answers": json.dumps(answers)}
        if together:
            fields["together"] = "true"
        if said is not None:
            fields["taken"] = said.isoformat()
        files = {"photo": (photo.file_name, photo.data, "image/jpeg")}
        return self._started(self._client.post("/v1/screenings", headers=key.headers, data=fields, files=files))

    def answer(self, screening: str, key: Key, answers: object) -> Pending:
        """Say more of a photo that was sent."""
        path = f"/v1/screenings/{screening}/answers"
        return self._started(self._client.post(path, headers=key.headers, json=answers))

    def retract(self, screening: str, key: Key, number: int) -> httpx.Response | None:
        """Take back the answer of that number; None: the program has no way to do so."""
        answer = self.delete(f"/v1/screenings/{screening}/answers/{number}", key)
        return None if answer.status_code == 404 and answer.json().get("detail") == "Not Found" else answer

    def wait(self, pending: Pending) -> httpx.Response:
        """The answer, once the photo was judged."""

        async def end() -> httpx.Response:
            return await pending

        return self._runner.run(end())

    def _started(self, work: Coroutine[Any, Any, httpx.Response]) -> Pending:
        """Begin a request, and go on until it is answered or its photo is held back."""
        held = self._pool.held

        async def start() -> Pending:
            task = asyncio.ensure_future(work)
            while not task.done() and self._pool.held == held:
                await asyncio.wait({task}, timeout=0.001)
            return task

        return self._runner.run(start())
