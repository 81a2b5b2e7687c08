"""Of what holds once, one gets it, however many try at the same moment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

from sqlalchemy import select
from tests.unit.registry.access.conftest import PASSWORD, Staff

from fotopoort.errors import BadCode, BadInvitation, BadRecord, FotopoortError
from fotopoort.registry.access import accounts, invitations, login, setup
from fotopoort.registry.access.accounts import Account
from fotopoort.registry.access.login_guard import LoginGuard
from fotopoort.registry.access.roles import Act, KeyRole, console
from fotopoort.registry.registry import Registry
from fotopoort.registry.store.tables import login_session


def at_once(acts: Sequence[Callable[[], object]]) -> list[object]:
    """What each of these came to: its result, or its error."""
    together = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        together.wait()
        try:
            return act()
        except FotopoortError as error:
            return error

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def how_many(results: Sequence[object], kind: type[object]) -> int:
    return sum(isinstance(result, kind) for result in results)


def test_one_code_lets_one_session_in(staff: Staff) -> None:
    secret, phone, codes = staff.officer_with_phone()
    made = staff.found(secret).account
    for code in (phone.code(), codes[0]):
        staff.guard = LoginGuard()
        held = [staff.found(staff.log_in(made)) for _ in range(4)]
        done = at_once([partial(login.confirm, staff.registry, staff.guard, "school", one, code) for one in held])
        assert (how_many(done, login.Login), how_many(done, BadCode)) == (1, 3)


def test_one_session_is_confirmed_once(staff: Staff) -> None:
    secret, _, codes = staff.officer_with_phone()
    held = staff.found(secret)
    done = at_once([partial(login.confirm, staff.registry, staff.guard, "school", held, code) for code in codes[:3]])
    assert how_many(done, login.Login) == 1


def test_a_link_is_followed_once(staff: Staff) -> None:
    made = staff.add()
    with staff.registry.write(console("school"), Act.MANAGE_ACCOUNTS) as session:
        link, _ = invitations.invite(session, made.id)
    passwords = [f"{word} lamp kaas fietsbel" for word in ("dak", "brug", "tuin")]
    done = at_once([partial(invitations.accept, staff.registry, "school", link, password) for password in passwords])
    assert (how_many(done, Account), how_many(done, BadInvitation)) == (1, 2)


def test_the_first_account_is_one(registry: Registry) -> None:
    with registry.write(console("school"), Act.MANAGE_ACCOUNTS) as session:
        link, _ = invitations.invite_first(session)
    complete = partial(setup.complete, registry, "school", link, school="De Linde", name="Sanne", password=PASSWORD)
    done = at_once([partial(complete, login=f"po{number}@school.nl") for number in range(3)])
    assert (how_many(done, Account), how_many(done, BadInvitation)) == (1, 2)


def test_who_is_disabled_while_they_log_in_is_out(staff: Staff) -> None:
    made = staff.add()

    def disable() -> None:
        with staff.registry.write(console("school"), Act.MANAGE_ACCOUNTS) as session:
            accounts.disable(session, made.id)

    at_once([disable, *[partial(staff.log_in, made)] * 2])
    with staff.registry.database.read() as connection:
        assert connection.execute(select(login_session)).all() == []


def test_one_of_two_last_officers_stays(staff: Staff) -> None:
    officers = [staff.add(f"po{number}@school.nl", KeyRole.PRIVACY_OFFICER) for number in range(2)]

    def disable(account_id: str) -> None:
        with staff.registry.write(console("school"), Act.MANAGE_ACCOUNTS) as session:
            accounts.disable(session, account_id)

    assert how_many(at_once([partial(disable, made.id) for made in officers]), BadRecord) == 1
