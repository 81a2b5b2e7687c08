"""Logging in, in one step or two: the password, then a code of the second factor."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import select

from fotopoort.errors import BadCode, BadLogin, NotLoggedIn
from fotopoort.registry.access import accounts, invitations, login_sessions, passwords, second_factor
from fotopoort.registry.access.accounts import Account
from fotopoort.registry.access.login_guard import Attempts, LoginGuard, login_here, of_account
from fotopoort.registry.access.login_sessions import LoginSession, Stage
from fotopoort.registry.access.roles import Act
from fotopoort.registry.registry import Registry, Session
from fotopoort.registry.store.tables import account


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
        BadLogin: there is no such account, it was disabled, or the password is another. That it happened often from
            one address is in the audit log, once for each attempt.
        TooManyAttempts: wait first.
        RegistryUnavailable: the database does not answer.
    """
    login = accounts.normal_login(login)
    with guard.login(tenant, login, address):
        query = select(account).where(account.c.tenant == tenant, account.c.login == login)
        with registry.database.read() as connection:
            row = connection.execute(query).one_or_none()
        stored = row.password if row is not None and row.disabled is None else None
        if passwords.matches(password, stored) and row is not None:  # takes as long where there is nothing to compare
            with registry.visit(tenant) as session:
                if found := _still(session, row.id, stored):
                    session.note("login", account=found.id)
                    return Login(login_sessions.start(session, found))
        if guard.has_failed_often(login_here(tenant, login, address)):
            with registry.visit(tenant) as session:  # also where there is nobody: it takes as long
                session.note("login.refused", **({"account": row.id} if row is not None else {}))
        raise BadLogin


def confirm(registry: Registry, guard: LoginGuard, tenant: str, held: LoginSession, code: str) -> Login:
    """Give a code of the second factor: of the app, or a recovery code.

    Raises:
        BadCode: it is not right, or was used before.
        NotLoggedIn: the session asks for no code, or was ended meanwhile.
        TooManyAttempts: wait first.
        KeyMissing: the key file cannot be used.
    """
    if held.stage is not Stage.CODE:
        raise NotLoggedIn
    with guard.attempt(of_account(Attempts.CODE, tenant, held.account.id)):
        try:
            with registry.visit(tenant) as session:
                second_factor.use(session, held.account, code)
                session.note("login.confirmed", account=held.account.id)
                return Login(login_sessions.renew(session, held))
        except BadCode:
            _note_refusal(registry, tenant, held, "code.refused")
            raise


def set_up_second_factor(registry: Registry, guard: LoginGuard, tenant: str, held: LoginSession, code: str) -> Login:
    """Have the second factor that was begun hold, by a code of it. Whoever else is logged in to the account is logged
    out.

    Raises:
        BadCode: it is not a code of it.
        BadRecord: none was begun.
        NotLoggedIn: a code of the present one must be given first, or the session was ended meanwhile.
        TooManyAttempts: wait first.
        KeyMissing: the key file cannot be used.
    """
    if held.stage is Stage.CODE:
        raise NotLoggedIn
    with guard.attempt(of_account(Attempts.CODE, tenant, held.account.id)), registry.visit(tenant) as session:
        codes = second_factor.finish(session, held.account, code)
        secret = login_sessions.renew(session, held)
        login_sessions.end_others(session, held.account.id, secret)
        return Login(secret, tuple(codes))


def require_password(registry: Registry, guard: LoginGuard, tenant: str, held: LoginSession, password: str) -> None:
    """Have whoever is logged in show that it is still them, before something that would keep them out.

    Raises:
        BadLogin: the password is another.
        NotLoggedIn: they are not logged in.
        TooManyAttempts: wait first.
    """
    if held.stage is not Stage.IN:
        raise NotLoggedIn
    with guard.attempt(of_account(Attempts.PASSWORD, tenant, held.account.id)):
        if not passwords.matches(password, _stored_password(registry, tenant, held.account)):
            _note_refusal(registry, tenant, held, "password.refused")
            raise BadLogin


def change_password(
    registry: Registry, guard: LoginGuard, tenant: str, held: LoginSession, old: str, new: str
) -> Login:
    """Choose another password. Whoever else is logged in to the account is logged out.

    Raises:
        BadLogin: the old password is another.
        BadPassword: the new one is short or easy to guess.
        NotLoggedIn: they are not logged in, or the session was ended meanwhile.
        TooManyAttempts: wait first.
    """
    require_password(registry, guard, tenant, held, old)
    stored = passwords.chosen(new, (held.account.login, held.account.name))
    with registry.write(held.account.caller(tenant), Act.OWN_ACCOUNT) as session:
        confirmed = login_sessions.is_confirmed(session, held)
        invitations.set_password(session, held.account.id, stored)
        return Login(login_sessions.start(session, held.account, confirmed=confirmed))


def _note_refusal(registry: Registry, tenant: str, held: LoginSession, kind: str) -> None:
    with registry.visit(tenant) as session:
        session.note(kind, account=held.account.id)


def _still(session: Session, account_id: str, stored: str | None) -> Account | None:
    """The account, unless it was disabled meanwhile or got another password."""
    row = session.connection.execute(select(account).where(accounts.is_account(session, account_id))).one_or_none()
    return accounts.from_row(row) if row is not None and row.disabled is None and row.password == stored else None


def _stored_password(registry: Registry, tenant: str, of: Account) -> str | None:
    query = select(account.c.password).where(account.c.tenant == tenant, account.c.id == of.id)
    with registry.database.read() as connection:
        stored: str | None = connection.execute(query).scalar()
    return stored
