"""People with accounts, and the codes of their phones."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from tests.seconds import Seconds
from tests.unit.registry.conftest import Clock

from fotopoort.registry.access import accounts, invitations, login, login_sessions, passwords, second_factor
from fotopoort.registry.access.accounts import Account
from fotopoort.registry.access.login_guard import LoginGuard
from fotopoort.registry.access.login_sessions import Lifetime, LoginSession
from fotopoort.registry.access.roles import Act, KeyRole, console
from fotopoort.registry.people import people
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.registry import Registry

PASSWORD = "fietsbel kaas lamp dak"  # noqa: S105
GROUP = "groep 5"


@dataclass
class Phone:
    """An app with a code that changes every half minute."""

    secret: str
    clock: Clock

    def code(self, steps: int = 0) -> str:
        """The code of so many steps later."""
        totp = TOTP(base64.b32decode(self.secret), 6, SHA1(), 30)  # noqa: S303
        return totp.generate(int(self.clock().timestamp()) + 30 * steps).decode()


@dataclass
class Staff:
    """A school's people, as they make their accounts and log in."""

    registry: Registry
    clock: Clock
    tenant: str = "school"
    guard: LoginGuard = field(default_factory=lambda: LoginGuard(Seconds()))

    def add(self, login: str = "juf@school.nl", role: KeyRole = KeyRole.TEACHER, name: str = "Juf Marieke") -> Account:
        """Somebody with a password."""
        groups = (GROUP,) if role is KeyRole.TEACHER else ()
        with self.registry.write(console(self.tenant), Act.MANAGE_ACCOUNTS) as session:
            made = accounts.add(session, login, name, role, groups)
            secret, _ = invitations.invite(session, made.id)
        return invitations.accept(self.registry, self.tenant, secret, PASSWORD)

    def log_in(self, who: Account, password: str = PASSWORD, address: str = "192.0.2.1") -> str:
        """What their browser holds."""
        return login.log_in(self.registry, self.guard, self.tenant, who.login, password, address).secret

    def found(self, secret: str, lifetime: Lifetime | None = None) -> LoginSession:
        return login_sessions.find(self.registry.database, self.tenant, secret, self.clock(), lifetime or Lifetime())

    def begin(self, secret: str) -> Phone:
        """Scan the code of a new second factor."""
        with self.registry.visit(self.tenant) as session:
            return Phone(second_factor.begin(session, self.found(secret)), self.clock)

    def enrol(self, secret: str) -> tuple[Phone, login.Login]:
        """Set up a second factor."""
        phone = self.begin(secret)
        return phone, login.set_up_second_factor(
            self.registry, self.guard, self.tenant, self.found(secret), phone.code()
        )

    def officer_with_phone(self) -> tuple[str, Phone, tuple[str, ...]]:
        """The officer's login, their phone and their recovery codes; the session in which they set it up is over."""
        made = self.add("po@school.nl", KeyRole.PRIVACY_OFFICER)
        phone, done = self.enrol(self.log_in(made))
        with self.registry.visit(self.tenant) as session:
            login_sessions.end(session, self.found(done.secret))
        self.clock.now += timedelta(minutes=5)
        return self.log_in(made), phone, done.recovery_codes


@pytest.fixture
def light_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes of passwords in little memory, with as little for nobody's; test_passwords.py holds how much it is. Not
    where several are at work at once: the longer it takes, the more they meet."""
    monkeypatch.setattr(passwords, "KIBIBYTES", 8)
    monkeypatch.setattr(passwords, "_NOBODYS", passwords._NOBODYS.replace("m=19456", "m=8"))


@pytest.fixture
def staff(registry: Registry, clock: Clock) -> Staff:
    """Those of the school, none of whom has an account yet; there is one group."""
    with registry.write(console("school"), Act.EDIT_PEOPLE) as session:
        people.add(session, PersonRecord("p1", name="Noor Bakker"), [GROUP])
    return Staff(registry, clock)
