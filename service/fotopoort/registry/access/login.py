"""Logging in, in one step or two: the password, then a code of the second factor."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import select

from fotopoort.errors import BadCode, BadLogin, NotLoggedIn
from fotopoort.registry.access import accounts, invitations, login_sessions, passwords, second_factor
from fotopoort.registry.access.accounts import Account
from fotopoort.registry.access.login_guard import LoginGuard, Of
from fotopoort.registry.access.login_sessions import LoginSession, Stage
from fotopoort.registry.access.roles import Act
from fotopoort.registry.registry import Registry, Session
from fotopoort.registry.store.tables import account

MAX_TYPED: Final = 1000  # characters of a login that are looked at


@dataclass(frozen=True, slots=True)
class Login:
    """Somebody who gave the right password or code.

    Attributes:
        secret: what their browser is to hold, in place of what it held before.
        recovery_codes: where they just set up a second factor: seen only now.
    """

    secret: str = field(repr=False)
    recovery_codes: tuple[str, ...] = field(default=(), repr=False)


def log_in(registry: Registry, guard: LoginGuard, tenant: str, login: str, password: str, address: str) -> Login:
    """Log in with a password. What it takes next, the session's `stage` tells.

    Args:
        address: of the browser; it is not stored.

    Raises:
        BadLogin: there is no such account, it was disabled, or the password is another.
        TooManyAttempts: wait first.
        RegistryUnavailable: the database does not answer.
    """
    login = accounts.normal_login(login[:MAX_TYPED])
    subjects = (Of.LOGIN, login), (Of.ADDRESS, address)
    guard.admit(*subjects)
    query = select(account).where(account.c.tenant == tenant, account.c.login == login)
    with registry.database.read() as connection:
        row = connection.execute(query).one_or_none()
    stored = row.password if row is not None and row.disabled is None else None
    is_right = passwords.matches(password, stored)  # takes a while, also where there is nothing to compare
    with registry.visit(tenant) as session:
        found = _still(session, row.id, stored) if is_right and row is not None else None
        secret = login_sessions.start(session, found) if found else None
        about = {"account": row.id} if row is not None else {}
        session.note("login" if found else "login.refused", **about)
    if secret is None:
        raise BadLogin
    guard.succeeded(*subjects)
    return Login(secret)


def confirm(registry: Registry, guard: LoginGuard, tenant: str, of: LoginSession, code: str) -> Login:
    """Give a code of the second factor: of the app, or a recovery code.

    Raises:
        BadCode: it is not right, or was used before.
        NotLoggedIn: the session asks for no code, or was ended meanwhile.
        TooManyAttempts: wait first.
        KeyMissing: the key file cannot be used.
    """
    if of.stage is not Stage.CODE:
        raise NotLoggedIn
    subject = (Of.CODE, of.account.id)
    guard.admit(subject)
    with registry.visit(tenant) as session:
        try:
            second_factor.use(session, of.account, code)
        except BadCode:
            secret = None
            session.note("code.refused", account=of.account.id)
        else:
            secret = login_sessions.renew(session, of)
            session.note("login.confirmed", account=of.account.id)
    if secret is None:
        raise BadCode
    guard.succeeded(subject)
    return Login(secret)


def set_up_second_factor(registry: Registry, guard: LoginGuard, tenant: str, of: LoginSession, code: str) -> Login:
    """Have the second factor that was begun hold, by a code of it. Whoever else is logged in to the account is logged
    out.

    Raises:
        BadCode: it is not a code of it.
        BadRecord: none was begun.
        NotLoggedIn: a code of the present one must be given first, or the session was ended meanwhile.
        TooManyAttempts: wait first.
        KeyMissing: the key file cannot be used.
    """
    if of.stage is Stage.CODE:
        raise NotLoggedIn
    subject = (Of.CODE, of.account.id)
    guard.admit(subject)
    with registry.visit(tenant) as session:
        codes = second_factor.finish(session, of.account, code)
        secret = login_sessions.renew(session, of)
        login_sessions.end_others(session, of.account.id, secret)
    guard.succeeded(subject)
    return Login(secret, tuple(codes))


def change_password(registry: Registry, guard: LoginGuard, tenant: str, of: LoginSession, old: str, new: str) -> Login:
    """Choose another password. Whoever else is logged in to the account is logged out.

    Raises:
        BadLogin: the old password is another.
        BadPassword: the new one is short or easy to guess.
        NotLoggedIn: they are not logged in, or the session was ended meanwhile.
        TooManyAttempts: wait first.
    """
    if of.stage is not Stage.IN:
        raise NotLoggedIn
    subject = (Of.LOGIN, of.account.login)
    guard.admit(subject)
    if not passwords.matches(old, _stored_password(registry, tenant, of.account)):
        raise BadLogin
    guard.succeeded(subject)
    stored = passwords.chosen(new, (of.account.login, of.account.name))
    with registry.write(of.account.caller(tenant), Act.OWN_ACCOUNT) as session:
        confirmed = login_sessions.is_confirmed(session, of)
        invitations.set_password(session, of.account.id, stored)
        return Login(login_sessions.start(session, of.account, confirmed=confirmed))


def _still(session: Session, account_id: str, stored: str | None) -> Account | None:
    """The account, unless it was disabled meanwhile or got another password."""
    row = session.connection.execute(select(account).where(accounts.is_account(session, account_id))).one_or_none()
    return accounts.from_row(row) if row is not None and row.disabled is None and row.password == stored else None


def _stored_password(registry: Registry, tenant: str, of: Account) -> str | None:
    query = select(account.c.password).where(account.c.tenant == tenant, account.c.id == of.id)
    with registry.database.read() as connection:
        stored: str | None = connection.execute(query).scalar()
    return stored
