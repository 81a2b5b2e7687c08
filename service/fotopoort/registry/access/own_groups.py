"""The groups of which a teacher is one of the teachers: a key and an account have them alike."""

from __future__ import annotations

from collections.abc import Collection

from fotopoort.errors import BadRecord
from fotopoort.registry.access.roles import KeyRole
from fotopoort.registry.people.groups import spelled
from fotopoort.registry.registry import Session
from fotopoort.vocabulary import Text


def own_groups(session: Session, role: KeyRole, groups: Collection[str]) -> tuple[str, ...]:
    """The groups as the school spells them, in order.

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
