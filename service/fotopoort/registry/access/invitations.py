"""Links by which somebody chooses a password: for a new account, one that was forgotten, or the school's first."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, insert, select, update

from fotopoort.errors import BadInvitation, BadRecord
from fotopoort.registry.access import accounts, passwords, second_factor
from fotopoort.registry.access.accounts import Account
from fotopoort.registry.access.roles import CONSOLE
from fotopoort.registry.access.secret_hash import hashed, new_secret
from fotopoort.registry.registry import Registry, Session
from fotopoort.registry.store.tables import account, invitation
from fotopoort.vocabulary import Text

VALID: Final = timedelta(days=7)


def invite(session: Session, account_id: str) -> tuple[str, datetime]:
    """Make a link for this account; earlier ones hold no more. Returns its secret, seen only now, and until when.

    Raises:
        NotFound: there is no such account.
        BadRecord: it is disabled.
    """
    if accounts.get(session, account_id).disabled is not None:
        raise BadRecord(
            Text(nl="Dit account staat uit.", en="This account is disabled."),
            hint=Text(nl="Zet het eerst weer aan.", en="Enable it first."),
        )
    accounts.end_invitations(session, account_id)
    session.note("account.invited", account=account_id)
    return _make(session, account_id)


def reset(session: Session, account_id: str, *, second_factor_too: bool = False) -> tuple[str, datetime]:
    """Log somebody out everywhere and have them choose another password by a link, as `invite` returns it.

    Args:
        second_factor_too: forget that as well, as for a lost phone.

    Raises:
        NotFound: there is no such account.
        BadRecord: it is disabled; or nobody could manage the accounts until the link was followed, and it is not asked
            for at the machine itself.
    """
    if session.caller.id != CONSOLE:
        accounts.require_another_officer(session, accounts.get(session, account_id))
    link = invite(session, account_id)
    session.connection.execute(update(account).where(accounts.is_account(session, account_id)).values(password=None))
    accounts.end_sessions(session, account_id)
    if second_factor_too:
        second_factor.remove(session, account_id)
    return link


def invite_first(session: Session) -> tuple[str, datetime]:
    """The same for the school's first account, which is made by following it; earlier ones hold no more."""
    accounts.end_invitations(session, None)
    session.note("setup.invited")
    return _make(session, None)


def invited(session: Session, secret: str) -> Account | None:
    """Whose link this is; None: whoever makes the school's first account.

    Raises:
        BadInvitation: it is nobody's, was used, is too old, or its account was disabled.
    """
    row = session.connection.execute(
        select(invitation.c.account).where(
            invitation.c.tenant == session.tenant, invitation.c.hash == hashed(secret), invitation.c.until > session.now
        )
    ).one_or_none()
    if row is None or (row.account is None and accounts.are_there(session)):
        raise BadInvitation
    if row.account is None:
        return None
    found = accounts.get(session, row.account)
    if found.disabled is not None:
        raise BadInvitation
    return found


def accept(registry: Registry, tenant: str, secret: str, password: str) -> Account:
    """Choose a password by a link, which holds no more then. Whoever was logged in to the account is logged out.

    Raises:
        BadInvitation: it does not hold.
        BadPassword: it is short or easy to guess; the link still holds.
        RegistryUnavailable: the database does not answer.
    """
    with registry.visit(tenant, writes=False) as session:
        found = invited(session, secret)
    if found is None:
        raise BadInvitation
    stored = passwords.chosen(password, (found.login, found.name))  # takes a while, so in no transaction
    with registry.visit(tenant) as session:
        if invited(session, secret) is None:
            raise BadInvitation
        set_password(session, found.id, stored)
        return accounts.get(session, found.id)


def set_password(session: Session, account_id: str, stored: str) -> None:
    """Give an account a password, as `passwords.chosen` returns it. It is logged out everywhere, and links to it hold
    no more."""
    session.connection.execute(update(account).where(accounts.is_account(session, account_id)).values(password=stored))
    accounts.end_invitations(session, account_id)
    accounts.end_sessions(session, account_id)
    session.note("password.chosen", account=account_id)


def forget_ended(session: Session) -> None:
    """Erase the rows of links that are too old."""
    over = invitation.c.until <= session.now
    session.connection.execute(delete(invitation).where(invitation.c.tenant == session.tenant, over))


def _make(session: Session, account_id: str | None) -> tuple[str, datetime]:
    secret, until = new_secret(), session.now + VALID
    row = {"tenant": session.tenant, "hash": hashed(secret), "account": account_id, "until": until}
    session.connection.execute(insert(invitation).values(row))
    return secret, until
