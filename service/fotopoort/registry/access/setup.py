"""The school's first account: made once, by a link that whoever runs the service finds in a file."""

from __future__ import annotations

from sqlalchemy import select, update

from fotopoort.errors import BadInvitation, BadRecord
from fotopoort.registry.access import accounts, invitations, passwords
from fotopoort.registry.access.accounts import Account
from fotopoort.registry.access.roles import KeyRole
from fotopoort.registry.registry import Registry, Session
from fotopoort.registry.store.tables import tenant
from fotopoort.vocabulary import Text


def complete(
    registry: Registry, tenant_id: str, secret: str, *, school: str, login: str, name: str, password: str
) -> Account:
    """Make the privacy officer's account and name the school. The link holds no more then.

    Args:
        secret: of the link, see `invitations.invite_first`.

    Raises:
        BadInvitation: it does not hold, or there is an account.
        BadPassword: it is short or easy to guess; the link still holds.
        BadRecord: the school or the officer has no name, or nobody can log in with this.
    """
    school = " ".join(school.split())
    if not school.isprintable() or not 0 < len(school) <= accounts.MAX_NAME:
        raise BadRecord(
            Text(
                nl="De naam van de school ontbreekt, of is te lang.", en="The school's name is missing, or is too long."
            ),
            hint=Text(nl="Vul hem in, met hooguit 200 tekens.", en="Fill it in, with 200 characters at most."),
        )
    with registry.visit(tenant_id, writes=False) as session:
        _require_first(session, secret)
    stored = passwords.chosen(password, (login, name, school))
    with registry.visit(tenant_id) as session:
        _require_first(session, secret)
        made = accounts.add(session, login, name, KeyRole.PRIVACY_OFFICER)
        invitations.set_password(session, made.id, stored)
        accounts.end_invitations(session, None)
        session.connection.execute(update(tenant).where(tenant.c.id == session.tenant).values(name=school))
        session.note("school.named")
    return made


def school_name(session: Session) -> str:
    """The school's name."""
    return str(session.connection.execute(select(tenant.c.name).where(tenant.c.id == session.tenant)).scalar_one())


def _require_first(session: Session, secret: str) -> None:
    if invitations.invited(session, secret) is not None:
        raise BadInvitation
