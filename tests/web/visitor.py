"""Somebody with a browser, as far as HTTP shows: it holds cookies, follows nothing by itself, and says where it is."""

from __future__ import annotations

import re
from base64 import b32decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any, Final

import httpx
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from tests.api.service import Door, PlayedScreeners, opened
from tests.seconds import Seconds
from tests.waiting import PATIENCE

from fotopoort.cli.registry_session import open_registry
from fotopoort.registry.access import accounts, invitations, login_sessions, passwords
from fotopoort.registry.access.accounts import Account
from fotopoort.registry.access.roles import Act, KeyRole, console
from fotopoort.registry.lists import imports
from fotopoort.registry.registry import Registry
from fotopoort.resources import resource
from fotopoort.settings import Settings
from fotopoort.web.sessions import COOKIE

PASSWORD: Final = "zeven paarse olifanten dansen"  # noqa: S105
OTHER_PASSWORD: Final = "groene kachel wandelt langzaam"  # noqa: S105
SCHOOL: Final = "school"
ROLES: Final = {"teacher": KeyRole.TEACHER, "office": KeyRole.OFFICE, "officer": KeyRole.PRIVACY_OFFICER}


@dataclass
class Visitor:
    """A browser.

    Attributes:
        cookies: that it holds. No jar: it would not send Secure ones to 127.0.0.1, as browsers do.
    """

    url: str
    cookies: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=lambda: {"Sec-Fetch-Site": "same-origin", "Accept-Language": "nl"})

    @property
    def secret(self) -> str | None:
        return self.cookies.get(COOKIE)

    @property
    def token(self) -> str:
        return login_sessions.csrf_token(self.secret or "")

    def get(self, path: str, **given: Any) -> httpx.Response:  # noqa: ANN401 - as httpx has them
        return self.send("GET", path, **given)

    def post(self, path: str, fields: dict[str, Any] | None = None, **given: Any) -> httpx.Response:  # noqa: ANN401
        """Send a form, with the token of the session that it holds."""
        return self.send("POST", path, data={"token": self.token} | (fields or {}), **given)

    def send(self, method: str, path: str, **given: Any) -> httpx.Response:  # noqa: ANN401
        held = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} if self.cookies else {}
        headers = self.headers | held | given.pop("headers", {})
        answer = httpx.request(method, self.url + path, headers=headers, timeout=PATIENCE, **given)
        for cookie in answer.headers.get_list("set-cookie"):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value.strip('"')
            if "Max-Age=0" in cookie:
                del self.cookies[name]
        return answer

    def log_in(self, login: str, password: str = PASSWORD) -> httpx.Response:
        return self.post("/login", {"login": login, "password": password})


@dataclass(frozen=True)
class School:
    """A service with accounts to log in to."""

    door: Door
    clock: Seconds

    @property
    def registry(self) -> Registry:
        return self.door.registry

    def visitor(self) -> Visitor:
        return Visitor(self.door.url)

    def add(self, login: str, role: KeyRole, name: str = "Noor") -> Account:
        """Somebody who has chosen a password."""
        return add(self.registry, login, role, name)

    def logged_in(self, account: Account) -> Visitor:
        """A browser in which somebody is logged in."""
        with self.registry.write(console(SCHOOL), Act.MANAGE_ACCOUNTS) as session:
            secret = login_sessions.start(session, account, confirmed=True)
        return Visitor(self.door.url, {COOKIE: secret})

    def audit_kinds(self) -> list[str]:
        with self.registry.database.read() as connection:
            return [row[0] for row in connection.exec_driver_sql("SELECT kind FROM audit ORDER BY seq")]


def add(registry: Registry, login: str, role: KeyRole, name: str = "Noor", tenant: str = SCHOOL) -> Account:
    groups = ["groep 5"] if role is KeyRole.TEACHER else []
    with registry.write(console(tenant), Act.MANAGE_ACCOUNTS) as session:
        made = accounts.add(session, login, name, role, groups)
        invitations.set_password(session, made.id, passwords.hashed(PASSWORD))
        return accounts.get(session, made.id)


@contextmanager
def school(folder: Path, *, has_list: bool = True, **settings: object) -> Iterator[School]:
    """A service of a school with the class list of the fixtures, and no account yet.

    Args:
        has_list: False: nobody is in its registry.
    """
    with open_registry(Settings(data_folder=folder), make=True) as (registry, caller):
        if has_list:
            with registry.write(caller, Act.IMPORT) as session:
                imports.apply(session, imports.plan(session, resource("fixtures/classlist.csv").read_bytes()))
    clock = Seconds()
    with opened(folder, PlayedScreeners(), settings, clock=clock) as door:
        yield School(door, clock)


def code_of(page: httpx.Response, now: float) -> str:
    """The code that an app shows which was given the secret on this page."""
    return code_for(secret_on(page), now)


def code_for(secret: str, now: float) -> str:
    """The code that an app shows which was given this secret."""
    return TOTP(b32decode(secret), 6, SHA1(), 30).generate(int(now)).decode()  # noqa: S303


def secret_on(page: httpx.Response) -> str:
    found = re.search(r'name="secret" value="([A-Z2-7]{32})"', page.text)
    assert found, page.text
    return found[1]


def link_on(page: httpx.Response) -> str:
    """The invitation's path."""
    found = re.search(r"(/invitation/[\w-]+)<", page.text)
    assert found, page.text
    return unescape(found[1])
