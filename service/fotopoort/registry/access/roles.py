"""Who may do what with the registry, in one table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from fotopoort.errors import Forbidden


class KeyRole(StrEnum):
    """What a key or an account is for."""

    TEACHER = "teacher"  # sees what to do about their own groups, not why
    OFFICE = "office"  # people and consents
    PRIVACY_OFFICER = "privacy_officer"  # everything
    MACHINE = "machine"  # screens photos
    CMS = "cms"  # asks the gate, and learns nothing about anybody


class Act(StrEnum):
    """Something that a caller can ask of the registry."""

    LOG_IN = "log_in"  # show who they are
    SCREEN = "screen"  # have photos judged, and answer the questions about them
    GATE = "gate"  # have photos judged, and leave the questions to people at school
    POST = "post"  # put together a post: its photos, text and answers
    SEE_GROUP = "see_group"  # who of a group may be shown where: yes, no or ask
    OBJECT = "object"  # record an objection or a withdrawal
    REPORT_PHOTO = "report_photo"  # block a photo
    SEE_PEOPLE = "see_people"  # names, groups, and what was said by whom
    EDIT_PEOPLE = "edit_people"
    RECORD_CONSENT = "record_consent"
    OWN_CHILD = "own_child"  # make the copy of a photo for a child's parents
    IMPORT = "import"
    EXPORT = "export"
    SEE_TAKEDOWNS = "see_takedowns"  # and mark them done
    SEE_HIDDEN = "see_hidden"  # who must never be locatable
    OVERRIDE = "override"
    LIFT_BLOCK = "lift_block"
    ERASE = "erase"
    SET = "set"  # the basis of a channel, how long records are kept
    SEE_AUDIT = "see_audit"
    MANAGE_KEYS = "manage_keys"
    MANAGE_ACCOUNTS = "manage_accounts"  # who can log in, and as what
    OWN_ACCOUNT = "own_account"  # one's own password and second factor
    MAINTAIN = "maintain"  # retention, backup, restore, key rotation


CONSOLE: Final = "console"  # the id of whoever sits at the machine itself
SERVICE: Final = "service"  # the id of the program, where nobody asks it to
MACHINES: Final = frozenset({KeyRole.MACHINE, KeyRole.CMS})  # nobody: they have keys, and no account
_EVERYONE: Final = frozenset(KeyRole)
_AT_SCHOOL: Final = _EVERYONE - MACHINES
_OFFICE: Final = frozenset({KeyRole.OFFICE, KeyRole.PRIVACY_OFFICER})
_OFFICER: Final = frozenset({KeyRole.PRIVACY_OFFICER})

MAY: Final[Mapping[Act, frozenset[KeyRole]]] = {
    Act.LOG_IN: _EVERYONE,
    Act.SCREEN: _EVERYONE - {KeyRole.CMS},
    Act.GATE: _EVERYONE,
    Act.POST: _AT_SCHOOL,
    Act.SEE_GROUP: _AT_SCHOOL,
    Act.OBJECT: _AT_SCHOOL,
    Act.REPORT_PHOTO: _AT_SCHOOL,
    Act.SEE_PEOPLE: _OFFICE,
    Act.EDIT_PEOPLE: _OFFICE,
    Act.RECORD_CONSENT: _OFFICE,
    Act.OWN_CHILD: _OFFICE,
    Act.IMPORT: _OFFICE,
    Act.EXPORT: _OFFICE,
    Act.SEE_TAKEDOWNS: _OFFICE,
    Act.SEE_HIDDEN: _OFFICER,
    Act.OVERRIDE: _OFFICER,
    Act.LIFT_BLOCK: _OFFICER,
    Act.ERASE: _OFFICER,
    Act.SET: _OFFICER,
    Act.SEE_AUDIT: _OFFICER,
    Act.MANAGE_KEYS: _OFFICER,
    Act.MANAGE_ACCOUNTS: _OFFICER,
    Act.OWN_ACCOUNT: _AT_SCHOOL,
    Act.MAINTAIN: _OFFICER,
}


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks.

    Attributes:
        tenant: the school; nothing of another school is ever within reach.
        id: of the key or the account, or "console" for whoever sits at the machine itself. The audit log records it.
        groups: a teacher's own.
    """

    tenant: str
    id: str
    role: KeyRole
    groups: frozenset[str] = frozenset()

    def may(self, act: Act) -> bool:
        return self.role in MAY[act]

    def must(self, act: Act) -> None:
        """Check that this caller may.

        Raises:
            Forbidden: they may not.
        """
        if not self.may(act):
            raise Forbidden

    @property
    def is_machine(self) -> bool:
        return self.role in MACHINES

    @property
    def own_groups_only(self) -> bool:
        return self.role is KeyRole.TEACHER


def console(tenant: str) -> Caller:
    """Whoever sits at the machine itself: they can read its files, and therefore may do everything."""
    return Caller(tenant, CONSOLE, KeyRole.PRIVACY_OFFICER)


def service(tenant: str, groups: frozenset[str] = frozenset()) -> Caller:
    """The service itself, at work on something that is of these groups; none: of the whole school."""
    return Caller(tenant, SERVICE, KeyRole.TEACHER if groups else KeyRole.OFFICE, groups)


def visitor(tenant: str) -> Caller:
    """Somebody who has not said yet who they are: may do no more than every caller may."""
    return Caller(tenant, "visitor", KeyRole.CMS)
