"""People who log in: their name, role and groups. Nobody chooses a password for somebody else: see `invitations`."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, delete, func, insert, select, update

from fotopoort.errors import AlreadyThere, BadRecord, NotFound
from fotopoort.registry.access.roles import MACHINES, Caller, KeyRole
from fotopoort.registry.people.groups import spelled
from fotopoort.registry.registry import Session
from fotopoort.registry.store.column_types import storable
from fotopoort.registry.store.tables import account, invitation, login_session
from fotopoort.vocabulary import Text

ID_BYTES: Final = 8
MIN_LOGIN, MAX_LOGIN = 2, 254  # characters; an e-mail address can be that long
MAX_NAME: Final = 200  # characters
ERASED_AFTER: Final = timedelta(days=90)  # of being disabled
SECOND_FACTOR: Final = frozenset({KeyRole.OFFICE, KeyRole.PRIVACY_OFFICER})  # who cannot do without


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who can log in.

    Attributes:
        login: what they type, in small letters; often an e-mail address.
        groups: a teacher's own.
        has_password: they followed their invitation.
        has_second_factor: they are asked for a code of their app as well.
    """

    id: str
    login: str = field(repr=False)
    name: str = field(repr=False)
    role: KeyRole
    groups: tuple[str, ...]
    has_password: bool
    has_second_factor: bool
    made: datetime
    disabled: datetime | None

    @property
    def needs_second_factor(self) -> bool:
        """Whether a password alone does not let them in."""
        return self.has_second_factor or self.role in SECOND_FACTOR

    def caller(self, tenant: str) -> Caller:
        """Them as a caller of the registry."""
        return Caller(tenant, self.id, self.role, frozenset(self.groups))


def add(session: Session, login: str, name: str, role: KeyRole, groups: Collection[str] = ()) -> Account:
    """Add somebody, who cannot log in yet: `invitations.invite` lets them choose a password.

    Raises:
        AlreadyThere: somebody logs in by that already.
        UnknownGroup: there is no such group.
        BadRecord: it cannot be typed, has no name, or is a machine; a teacher without a group, or a group for another.
    """
    typed, login = login.strip(), normal_login(login)
    fits = MIN_LOGIN <= len(login) and len(typed) <= MAX_LOGIN
    if not fits or not typed.isprintable() or not login.isprintable() or " " in login:
        raise BadRecord(
            Text(
                nl="Hiermee kan niemand inloggen: neem 2 tekens of meer, zonder spaties.",
                en="Nobody can log in with this: take 2 characters or more, without spaces.",
            ),
            hint=Text(nl="Een e-mailadres is een goede keuze.", en="An e-mail address is a good choice."),
        )
    same = select(account.c.id).where(account.c.tenant == session.tenant, account.c.login == login)
    if session.connection.execute(same).first():
        raise AlreadyThere(
            Text(nl="Met deze naam logt al iemand in.", en="Somebody logs in with this already."),
            hint=Text(nl="Kies een andere, of geef die persoon een nieuwe link.", en="Choose another one."),
        )
    columns = _checked(session, name, role, groups)
    account_id = secrets.token_hex(ID_BYTES)
    row = {"tenant": session.tenant, "id": account_id, "login": login, "made": session.now} | columns
    session.connection.execute(insert(account).values(row))
    session.note("account.made", account=account_id, role=role.value)
    return get(session, account_id)


def own_groups(session: Session, role: KeyRole, groups: Collection[str]) -> tuple[str, ...]:
    """The groups of which somebody is a teacher, as the school spells them, in order; a key's as well.

    Raises:
        UnknownGroup: there is no such group.
        BadRecord: a teacher without a group, or a group for somebody else.
    """
    if bool(groups) is not (role is KeyRole.TEACHER):
        raise BadRecord(
            Text(
                nl="Een leerkracht heeft groepen, en een ander niet.",
                en="A teacher has groups, and nobody else has.",
            ),
            hint=Text(nl="Noem de eigen groepen van de leerkracht.", en="Name the teacher's own groups."),
        )
    return tuple(sorted({spelled(session, group) for group in groups}))


def accounts(session: Session) -> list[Account]:
    """Everybody, oldest first."""
    rows = session.connection.execute(
        select(account).where(account.c.tenant == session.tenant).order_by(account.c.made, account.c.id)
    )
    return [from_row(row) for row in rows]


def get(session: Session, account_id: str) -> Account:
    """Somebody.

    Raises:
        NotFound: there is no such account.
    """
    row = session.connection.execute(select(account).where(is_account(session, account_id))).one_or_none()
    if row is None:
        raise NotFound(
            Text(nl="Dit account is er niet.", en="There is no such account."),
            hint=Text(nl="Kijk bij `fotopoort users list`.", en="See `fotopoort users list`."),
        )
    return from_row(row)


def by_login(session: Session, login: str) -> Account:
    """Who logs in with this.

    Raises:
        NotFound: nobody does.
    """
    same = select(account.c.id).where(account.c.tenant == session.tenant, account.c.login == normal_login(login))
    return get(session, session.connection.execute(same).scalar() or "")


def change(session: Session, account_id: str, name: str, role: KeyRole, groups: Collection[str] = ()) -> None:
    """Give somebody another name, role or groups. It holds at once, also where they are logged in.

    Raises:
        NotFound: there is no such account.
        UnknownGroup, BadRecord: as `add`; or nobody could manage the accounts any more.
    """
    before = get(session, account_id)
    columns = _checked(session, name, role, groups)
    if role is not KeyRole.PRIVACY_OFFICER:
        require_another_officer(session, before)
    session.connection.execute(update(account).where(is_account(session, account_id)).values(columns))
    session.note("account.changed", account=account_id, role=role.value)


def disable(session: Session, account_id: str) -> None:
    """Let somebody in no more, and log them out everywhere; links to the account hold no more. The account is erased
    after `ERASED_AFTER`, unless it is enabled again.

    Raises:
        NotFound: there is no such account.
        BadRecord: nobody could manage the accounts any more.
    """
    require_another_officer(session, get(session, account_id))
    session.connection.execute(
        update(account)
        .where(is_account(session, account_id), account.c.disabled.is_(None))
        .values(disabled=session.now)
    )
    end_sessions(session, account_id)
    end_invitations(session, account_id)
    session.note("account.disabled", account=account_id)


def enable(session: Session, account_id: str) -> None:
    """Let somebody in again who was disabled.

    Raises:
        NotFound: there is no such account.
    """
    get(session, account_id)
    session.connection.execute(update(account).where(is_account(session, account_id)).values(disabled=None))
    session.note("account.enabled", account=account_id)


def end_sessions(session: Session, account_id: str) -> None:
    """Log somebody out everywhere."""
    conditions = (login_session.c.tenant == session.tenant, login_session.c.account == account_id)
    session.connection.execute(delete(login_session).where(*conditions))


def end_invitations(session: Session, account_id: str | None) -> None:
    """Have links to an account hold no more; None: those that make the school's first."""
    of = invitation.c.account.is_(None) if account_id is None else invitation.c.account == account_id
    session.connection.execute(delete(invitation).where(invitation.c.tenant == session.tenant, of))


def erase_disabled(session: Session) -> None:
    """Erase the accounts that have been disabled for `ERASED_AFTER`: who left is not kept by name."""
    over = account.c.tenant == session.tenant, account.c.disabled <= session.now - ERASED_AFTER
    for account_id in session.connection.execute(select(account.c.id).where(*over)).scalars().all():
        session.connection.execute(delete(account).where(is_account(session, account_id)))
        session.note("account.erased", account=account_id)


def are_there(session: Session) -> bool:
    """Whether anybody can log in, or was ever asked to."""
    return bool(session.connection.execute(select(func.count()).where(account.c.tenant == session.tenant)).scalar_one())


def normal_login(login: str) -> str:
    """A login as it is stored: the same however it is typed. No longer than one can be, whatever is sent."""
    return storable(unicodedata.normalize("NFKC", login[: 2 * MAX_LOGIN]).strip().casefold())[:MAX_LOGIN]


def is_account(session: Session, account_id: str) -> ColumnElement[bool]:
    return (account.c.tenant == session.tenant) & (account.c.id == account_id)


def from_row(row: Row[Any]) -> Account:
    """An account of a row of its table."""
    return Account(
        row.id,
        row.login,
        row.name,
        KeyRole(row.role),
        tuple(row.groups),
        row.password is not None,
        row.second_factor is not None,
        row.made,
        row.disabled,
    )


def _checked(session: Session, name: str, role: KeyRole, groups: Collection[str]) -> dict[str, Any]:
    name = " ".join(name.split())
    if not name.isprintable() or not 0 < len(name) <= MAX_NAME or role in MACHINES:
        raise BadRecord(
            Text(
                nl="Een account heeft een naam van hooguit 200 tekens, en is van iemand op school.",
                en="An account has a name of 200 characters at most, and is of somebody at school.",
            ),
            hint=Text(nl="Maak voor een programma een API-sleutel.", en="For a program, make an API key."),
        )
    return {"name": name, "role": role.value, "groups": list(own_groups(session, role, groups))}


def require_another_officer(session: Session, leaving: Account) -> None:
    """Go on only where somebody else can manage the accounts, if this account can.

    Raises:
        BadRecord: nobody can.
    """
    if leaving.role is not KeyRole.PRIVACY_OFFICER or not leaving.has_password or leaving.disabled is not None:
        return  # who manages nothing now, is not missed
    others = select(func.count()).where(
        account.c.tenant == session.tenant,
        account.c.role == KeyRole.PRIVACY_OFFICER.value,
        account.c.password.is_not(None),  # who was invited and never came manages nothing
        account.c.disabled.is_(None),
        account.c.id != leaving.id,
    )
    if not session.connection.execute(others).scalar_one():
        raise BadRecord(
            Text(
                nl="Dit is de enige privacyfunctionaris: dan kan niemand de accounts meer beheren.",
                en="This is the only privacy officer: nobody could manage the accounts any more.",
            ),
            hint=Text(nl="Maak eerst een tweede.", en="Make a second one first."),
        )
