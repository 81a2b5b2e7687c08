"""Who can log in, as whom, and who manages that."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.unit.registry.access.conftest import GROUP, PASSWORD, Staff
from tests.unit.registry.conftest import Clock

from fotopoort.errors import (
    AlreadyThere,
    BadInvitation,
    BadLogin,
    BadPassword,
    BadRecord,
    Forbidden,
    FotopoortError,
    NotFound,
    NotLoggedIn,
    UnknownGroup,
)
from fotopoort.registry import maintenance
from fotopoort.registry.access import accounts, invitations, setup
from fotopoort.registry.access.accounts import Account
from fotopoort.registry.access.invitations import VALID
from fotopoort.registry.access.roles import Act, Caller, KeyRole, console
from fotopoort.registry.registry import Registry

pytestmark = pytest.mark.usefixtures("light_hashes")


def listed(registry: Registry, tenant: str = "school") -> list[Account]:
    with registry.read(console(tenant), Act.MANAGE_ACCOUNTS) as session:
        return accounts.accounts(session)


def add(registry: Registry, login: str, role: KeyRole, groups: tuple[str, ...] = (), name: str = "Iemand") -> Account:
    with registry.write(console("school"), Act.MANAGE_ACCOUNTS) as session:
        return accounts.add(session, login, name, role, groups)


def test_an_account_is_a_caller_with_its_role_and_groups(staff: Staff) -> None:
    made = staff.add(" Juf.Marieke@School.NL ")
    assert [account.id for account in listed(staff.registry)] == [made.id]
    assert (made.login, made.has_second_factor, made.needs_second_factor) == ("juf.marieke@school.nl", False, False)
    assert made.caller("school") == Caller("school", made.id, KeyRole.TEACHER, frozenset({GROUP}))


@pytest.mark.parametrize(
    ("login", "role", "groups", "name", "error"),
    [
        ("x", KeyRole.OFFICE, (), "Iemand", BadRecord),
        ("twee woorden", KeyRole.OFFICE, (), "Iemand", BadRecord),
        ("a" * 255, KeyRole.OFFICE, (), "Iemand", BadRecord),
        ("nul\0byte", KeyRole.OFFICE, (), "Iemand", BadRecord),
        ("juf\u200b@school.nl", KeyRole.OFFICE, (), "Iemand", BadRecord),
        ("a\u00a8b", KeyRole.OFFICE, (), "Iemand", BadRecord),  # which is a space and an accent
        ("\ufdfa" * 200, KeyRole.OFFICE, (), "Iemand", BadRecord),
        ("iemand", KeyRole.OFFICE, (), "I" * 201, BadRecord),
        ("iemand", KeyRole.OFFICE, (), "  ", BadRecord),
        ("iemand", KeyRole.MACHINE, (), "Een programma", BadRecord),
        ("iemand", KeyRole.TEACHER, (), "Iemand", BadRecord),
        ("iemand", KeyRole.OFFICE, (GROUP,), "Iemand", BadRecord),
        ("iemand", KeyRole.TEACHER, ("groep 9",), "Iemand", UnknownGroup),
        ("JUF@school.nl", KeyRole.OFFICE, (), "Iemand", AlreadyThere),
    ],
)
def test_what_cannot_be_an_account_is_refused(
    staff: Staff, login: str, role: KeyRole, groups: tuple[str, ...], name: str, error: type[FotopoortError]
) -> None:
    first = staff.add("juf@school.nl")
    with pytest.raises(error):
        add(staff.registry, login, role, groups, name)
    assert [account.id for account in listed(staff.registry)] == [first.id]


@pytest.mark.parametrize("role", [role for role in KeyRole if role is not KeyRole.PRIVACY_OFFICER])
def test_only_the_privacy_officer_manages_accounts(staff: Staff, role: KeyRole) -> None:
    with pytest.raises(Forbidden), staff.registry.write(Caller("school", "x", role), Act.MANAGE_ACCOUNTS):
        pass


def test_another_school_has_other_accounts(staff: Staff, other_school: Caller) -> None:
    made = staff.add()
    assert listed(staff.registry, "other") == []
    with (
        pytest.raises(NotFound),
        staff.registry.write(other_school, Act.MANAGE_ACCOUNTS) as session,
    ):
        accounts.disable(session, made.id)
    secret = staff.log_in(made)
    with pytest.raises(NotLoggedIn):
        Staff(staff.registry, staff.clock, "other").found(secret)
    with pytest.raises(BadLogin):
        Staff(staff.registry, staff.clock, "other").log_in(made)


def test_a_disabled_account_is_out_at_once_and_may_come_back(staff: Staff) -> None:
    made = staff.add()
    secret = staff.log_in(made)
    with staff.registry.write(console("school"), Act.MANAGE_ACCOUNTS) as session:
        link, _ = invitations.invite(session, made.id)
        accounts.disable(session, made.id)
        for give in (invitations.invite, invitations.reset):
            with pytest.raises(BadRecord):
                give(session, made.id)
    for act in (lambda: staff.found(secret), lambda: staff.log_in(made)):
        with pytest.raises((NotLoggedIn, BadLogin)):
            act()
    with pytest.raises(BadInvitation):
        invitations.accept(staff.registry, "school", link, PASSWORD + " twee")
    with staff.registry.write(console("school"), Act.MANAGE_ACCOUNTS) as session:
        accounts.enable(session, made.id)
    with pytest.raises(BadInvitation):  # of whoever had their mailbox then
        invitations.accept(staff.registry, "school", link, PASSWORD + " twee")
    with pytest.raises(NotLoggedIn):
        staff.found(secret)
    assert staff.found(staff.log_in(made)).account.id == made.id


def test_another_role_holds_at_once_where_somebody_is_logged_in(staff: Staff) -> None:
    made = staff.add()
    secret = staff.log_in(made)
    with staff.registry.write(console("school"), Act.MANAGE_ACCOUNTS) as session:
        accounts.change(session, made.id, "Marieke de Vries", KeyRole.OFFICE)
    found = staff.found(secret)
    assert (found.account.role, found.account.groups, found.stage) == (KeyRole.OFFICE, (), "enrol")


def test_somebody_can_always_manage_the_accounts(staff: Staff) -> None:
    only = staff.add("po@school.nl", KeyRole.PRIVACY_OFFICER)
    with pytest.raises(BadRecord), staff.registry.write(console("school"), Act.MANAGE_ACCOUNTS) as session:
        accounts.disable(session, only.id)
    with pytest.raises(BadRecord), staff.registry.write(console("school"), Act.MANAGE_ACCOUNTS) as session:
        accounts.change(session, only.id, only.name, KeyRole.OFFICE)
    invited = add(staff.registry, "invited@school.nl", KeyRole.PRIVACY_OFFICER)  # and never came
    with pytest.raises(BadRecord), staff.registry.write(console("school"), Act.MANAGE_ACCOUNTS) as session:
        accounts.disable(session, only.id)
    with staff.registry.write(console("school"), Act.MANAGE_ACCOUNTS) as session:
        accounts.disable(session, invited.id)  # whom nobody misses
    staff.add("po2@school.nl", KeyRole.PRIVACY_OFFICER)
    with staff.registry.write(console("school"), Act.MANAGE_ACCOUNTS) as session:
        accounts.disable(session, only.id)
    assert {account.login for account in listed(staff.registry) if account.disabled} == {only.login, invited.login}


def test_who_left_is_erased_some_time_after(staff: Staff, clock: Clock) -> None:
    left, stays = staff.add("left@school.nl"), staff.add("stays@school.nl")
    with staff.registry.write(console("school"), Act.MANAGE_ACCOUNTS) as session:
        accounts.disable(session, left.id)
    clock.now += accounts.ERASED_AFTER - timedelta(minutes=1)
    maintenance.daily(staff.registry)
    assert len(listed(staff.registry)) == 2
    clock.now += timedelta(minutes=1)
    maintenance.daily(staff.registry)
    assert [account.id for account in listed(staff.registry)] == [stays.id]
    assert add(staff.registry, "left@school.nl", KeyRole.OFFICE).id != left.id


def test_a_password_of_the_school_or_the_name_is_refused_by_a_link(staff: Staff) -> None:
    made = add(staff.registry, "office", KeyRole.OFFICE, name="Wilhelmina Zonneveld")
    with staff.registry.write(console("school"), Act.MANAGE_ACCOUNTS) as session:
        link, _ = invitations.invite(session, made.id)
    with pytest.raises(BadPassword):
        invitations.accept(staff.registry, "school", link, "Wilhelmina Zonneveld 7")


def test_a_link_is_followed_once_and_for_a_week(staff: Staff, clock: Clock) -> None:
    made = add(staff.registry, "office", KeyRole.OFFICE)
    with staff.registry.write(console("school"), Act.MANAGE_ACCOUNTS) as session:
        earlier, _ = invitations.invite(session, made.id)
        link, until = invitations.invite(session, made.id)
    assert until == clock() + VALID
    with pytest.raises(BadInvitation):
        invitations.accept(staff.registry, "school", earlier, PASSWORD)
    with pytest.raises(BadPassword):
        invitations.accept(staff.registry, "school", link, "welkom01")
    assert invitations.accept(staff.registry, "school", link, PASSWORD).id == made.id
    with pytest.raises(BadInvitation):
        invitations.accept(staff.registry, "school", link, PASSWORD)
    with staff.registry.write(console("school"), Act.MANAGE_ACCOUNTS) as session:
        link, _ = invitations.invite(session, made.id)
    clock.now += VALID
    with pytest.raises(BadInvitation):
        invitations.accept(staff.registry, "school", link, PASSWORD)


def test_a_new_password_logs_out_whoever_had_the_old_one(staff: Staff) -> None:
    made = staff.add()
    secret = staff.log_in(made)
    with staff.registry.write(console("school"), Act.MANAGE_ACCOUNTS) as session:
        link, _ = invitations.invite(session, made.id)
    assert staff.found(secret)  # a link that nobody followed changes nothing
    invitations.accept(staff.registry, "school", link, "dak lamp kaas fietsbel")
    with pytest.raises(NotLoggedIn):
        staff.found(secret)
    with pytest.raises(BadLogin):
        staff.log_in(made)
    assert staff.found(staff.log_in(made, "dak lamp kaas fietsbel"))


def test_the_first_account_is_made_once(registry: Registry) -> None:
    with registry.write(console("school"), Act.MANAGE_ACCOUNTS) as session:
        earlier, _ = invitations.invite_first(session)
        link, _ = invitations.invite_first(session)
    answers = {"school": "De Linde", "login": "po@school.nl", "name": "Sanne", "password": PASSWORD}
    for wrong in (earlier, "", "x"):
        with pytest.raises(BadInvitation):
            setup.complete(registry, "school", wrong, **answers)
    with pytest.raises(BadRecord):
        setup.complete(registry, "school", link, **answers | {"school": " "})
    with pytest.raises(BadPassword):
        setup.complete(registry, "school", link, **answers | {"password": "De Linde Sanne 1"})
    made = setup.complete(registry, "school", link, **answers)
    assert made.role is KeyRole.PRIVACY_OFFICER
    with registry.read(console("school"), Act.MANAGE_ACCOUNTS) as session:
        assert setup.school_name(session) == "De Linde"
    with registry.write(console("school"), Act.MANAGE_ACCOUNTS) as session:
        later, _ = invitations.invite_first(session)
    for link_again in (link, later):
        with pytest.raises(BadInvitation):
            setup.complete(registry, "school", link_again, **answers | {"login": "po2@school.nl"})
    assert [account.id for account in listed(registry)] == [made.id]


def test_a_link_to_the_first_account_chooses_no_password(registry: Registry) -> None:
    with registry.write(console("school"), Act.MANAGE_ACCOUNTS) as session:
        link, _ = invitations.invite_first(session)
    with pytest.raises(BadInvitation):
        invitations.accept(registry, "school", link, PASSWORD)
