"""Password, second factor, session: who gets in, and for how long."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from tests.unit.registry.access.conftest import PASSWORD, Phone, Staff
from tests.unit.registry.conftest import Clock

from fotopoort.errors import BadCode, BadLogin, BadPassword, BadRecord, KeyMissing, NotLoggedIn, TooManyAttempts
from fotopoort.registry import maintenance
from fotopoort.registry.access import accounts, invitations, login, login_sessions, second_factor
from fotopoort.registry.access.login_guard import PACES, Of
from fotopoort.registry.access.login_sessions import TOUCHED, Lifetime, Stage
from fotopoort.registry.access.roles import Act, KeyRole, console
from fotopoort.registry.access.secret_hash import hashed
from fotopoort.registry.audit.verification import verify
from fotopoort.registry.store.tables import account, audit, invitation, login_session, recovery_code


def confirm(staff: Staff, secret: str, code: str) -> str:
    return login.confirm(staff.registry, staff.guard, staff.tenant, staff.found(secret), code).secret


def audit_kinds(staff: Staff) -> list[str]:
    with staff.registry.database.read() as connection:
        return list(connection.execute(select(audit.c.kind).order_by(audit.c.seq)).scalars())


def officer_with_phone(staff: Staff) -> tuple[str, Phone, tuple[str, ...]]:
    """The officer's login, their phone and their recovery codes; their first session is over."""
    made = staff.add("po@school.nl", KeyRole.PRIVACY_OFFICER)
    phone, done = staff.enrol(made, staff.log_in(made))
    with staff.registry.visit("school") as session:
        login_sessions.end(session, staff.found(done.secret))
    staff.clock.now += timedelta(minutes=5)
    return staff.log_in(made), phone, done.recovery_codes


def test_a_teacher_gets_in_with_a_password(staff: Staff) -> None:
    made = staff.add()
    found = staff.found(staff.log_in(made))
    assert (found.stage, found.account.id) == (Stage.IN, made.id)
    assert audit_kinds(staff)[-2:] == ["password.chosen", "login"]


@pytest.mark.parametrize("password", ["", PASSWORD.upper(), PASSWORD + " ", "x" * 100_000])
def test_another_password_does_not(staff: Staff, password: str) -> None:
    made = staff.add()
    with pytest.raises(BadLogin):
        staff.log_in(made, password)
    assert audit_kinds(staff)[-1] == "login.refused"


@pytest.mark.parametrize("name", ["nobody@school.nl", "", "\0", "' OR 1=1 --", "\ud800", "a" * 100_000])
def test_nobody_is_refused_like_somebody(staff: Staff, name: str) -> None:
    staff.add()
    with pytest.raises(BadLogin) as refused:
        login.log_in(staff.registry, staff.guard, "school", name, PASSWORD, "192.0.2.1")
    assert str(refused.value) == BadLogin.text.en
    assert audit_kinds(staff)[-1] == "login.refused"


def test_who_was_invited_and_chose_nothing_has_no_password(staff: Staff) -> None:
    with staff.registry.write(console("school"), Act.MANAGE_ACCOUNTS) as session:
        made = accounts.add(session, "office", "Office", KeyRole.OFFICE)
    for password in ("", PASSWORD):
        with pytest.raises(BadLogin):
            staff.log_in(made, password)


def test_guessing_slows_down_for_names_that_are_there_and_that_are_not(staff: Staff) -> None:
    staff.add("juf@school.nl")
    for name in ("juf@school.nl", "nobody@school.nl"):
        for attempt in range(PACES[Of.LOGIN].free):
            with pytest.raises(BadLogin):
                login.log_in(staff.registry, staff.guard, "school", name, "wrong", f"192.0.2.{attempt}")
        with pytest.raises(TooManyAttempts) as refused:  # the right password too, or it would tell that it is right
            login.log_in(staff.registry, staff.guard, "school", name.upper(), PASSWORD, "198.51.100.1")
        assert refused.value.seconds == 1


@pytest.mark.parametrize("role", [KeyRole.OFFICE, KeyRole.PRIVACY_OFFICER])
def test_the_office_sets_up_a_second_factor_first_and_is_asked_for_it_later(staff: Staff, role: KeyRole) -> None:
    made = staff.add("office@school.nl", role)
    first = staff.log_in(made)
    assert staff.found(first).stage is Stage.ENROL
    phone, done = staff.enrol(made, first)
    assert staff.found(done.secret).stage is Stage.IN
    assert len(set(done.recovery_codes)) == second_factor.RECOVERY_CODES
    with pytest.raises(NotLoggedIn):  # what a browser held before it gave a code is worth nothing after
        staff.found(first)
    staff.clock.now += timedelta(minutes=1)
    second = staff.log_in(made)
    assert staff.found(second).stage is Stage.CODE
    assert staff.found(confirm(staff, second, phone.code())).stage is Stage.IN
    with pytest.raises(NotLoggedIn):
        staff.found(second)


def test_a_teacher_may_set_one_up_and_is_asked_from_then_on(staff: Staff) -> None:
    made = staff.add()
    other = staff.log_in(made)
    _, done = staff.enrol(made, staff.log_in(made))
    assert staff.found(done.secret).stage is Stage.IN
    with pytest.raises(NotLoggedIn):  # elsewhere too
        staff.found(other)
    assert staff.found(staff.log_in(made)).stage is Stage.CODE


def test_a_code_is_used_once(staff: Staff) -> None:
    secret, phone, _ = officer_with_phone(staff)
    code = phone.code()
    confirm(staff, secret, code)
    staff.clock.now += timedelta(seconds=1)
    again = login.log_in(staff.registry, staff.guard, "school", "po@school.nl", PASSWORD, "192.0.2.1").secret
    for used in (code, phone.code(-1)):
        with pytest.raises(BadCode):
            confirm(staff, again, used)
    assert confirm(staff, again, phone.code(1))  # of a phone that is half a minute ahead


@pytest.mark.parametrize("steps", [-20, -2, 2, 20])
def test_a_code_of_another_time_does_not_hold(staff: Staff, steps: int) -> None:
    secret, phone, _ = officer_with_phone(staff)
    with pytest.raises(BadCode):
        confirm(staff, secret, phone.code(steps))
    assert staff.found(secret).stage is Stage.CODE
    assert audit_kinds(staff)[-1] == "code.refused"


@pytest.mark.parametrize(
    "code", ["", "abcdef", "12345", "1234567", "\u0661\u0662\u0663\u0664\u0665\u0666", "\ud800" * 6]
)
def test_what_is_no_code_does_not_hold(staff: Staff, code: str) -> None:
    secret, _, _ = officer_with_phone(staff)
    with pytest.raises(BadCode):
        confirm(staff, secret, code)


def test_a_recovery_code_takes_the_place_of_the_phone_once(staff: Staff) -> None:
    secret, _, codes = officer_with_phone(staff)
    typed = codes[3].upper().replace("-", " ")
    assert staff.found(confirm(staff, secret, typed)).stage is Stage.IN
    again = login.log_in(staff.registry, staff.guard, "school", "po@school.nl", PASSWORD, "192.0.2.1").secret
    with pytest.raises(BadCode):
        confirm(staff, again, typed)
    assert confirm(staff, again, codes[4])


def test_codes_of_another_account_do_not_hold(staff: Staff) -> None:
    secret, _, _ = officer_with_phone(staff)
    other = staff.add("office@school.nl", KeyRole.OFFICE)
    others_phone, others = staff.enrol(other, staff.log_in(other))
    staff.clock.now += timedelta(minutes=1)
    for code in (others_phone.code(), others.recovery_codes[0]):
        with pytest.raises(BadCode):
            confirm(staff, secret, code)


def test_guessing_codes_slows_down_whatever_session_it_is_done_in(staff: Staff) -> None:
    secret, phone, _ = officer_with_phone(staff)
    for _ in range(PACES[Of.CODE].free):
        with pytest.raises(BadCode):
            confirm(staff, secret, "000000" if phone.code() != "000000" else "111111")
    again = login.log_in(staff.registry, staff.guard, "school", "po@school.nl", PASSWORD, "192.0.2.1").secret
    for held in (secret, again):
        with pytest.raises(TooManyAttempts):
            confirm(staff, held, phone.code())


def test_a_password_alone_changes_nothing_of_an_account_with_a_second_factor(staff: Staff) -> None:
    secret, phone, _ = officer_with_phone(staff)
    found = staff.found(secret)
    args = staff.registry, staff.guard, "school", found
    with pytest.raises(NotLoggedIn):
        login.set_up_second_factor(*args, phone.code())
    with pytest.raises(NotLoggedIn):
        login.change_password(*args, PASSWORD, "dak lamp kaas fietsbel")
    fresh = staff.add("po2@school.nl", KeyRole.PRIVACY_OFFICER)
    with pytest.raises(NotLoggedIn):
        login.confirm(staff.registry, staff.guard, "school", staff.found(staff.log_in(fresh)), "000000")


def test_a_second_factor_is_confirmed_before_it_holds(staff: Staff) -> None:
    made = staff.add("office@school.nl", KeyRole.OFFICE)
    secret = staff.log_in(made)
    args = staff.registry, staff.guard, "school"
    with pytest.raises(BadRecord):
        login.set_up_second_factor(*args, staff.found(secret), "000000")
    with staff.registry.visit("school") as session:
        earlier = Phone(second_factor.begin(session, made), staff.clock)
        phone = Phone(second_factor.begin(session, made), staff.clock)
    with pytest.raises(BadCode):
        login.set_up_second_factor(*args, staff.found(secret), earlier.code())
    assert staff.found(secret).stage is Stage.ENROL
    login.set_up_second_factor(*args, staff.found(secret), phone.code())


def test_without_a_second_factor_any_more_the_office_sets_up_another(staff: Staff) -> None:
    secret, _, codes = officer_with_phone(staff)
    found = staff.found(secret)
    with staff.registry.write(console("school"), Act.MANAGE_ACCOUNTS) as session:
        second_factor.remove(session, found.account.id)
    assert staff.found(secret).stage is Stage.ENROL
    with staff.registry.database.read() as connection:
        assert connection.execute(select(recovery_code)).all() == []
    with pytest.raises(NotLoggedIn):
        confirm(staff, secret, codes[0])


def test_the_database_alone_gives_no_codes_away(staff: Staff) -> None:
    _, phone, codes = officer_with_phone(staff)
    with staff.registry.database.read() as connection:
        stored = repr([connection.execute(select(table)).all() for table in (account, recovery_code, login_session)])
    for secret in (PASSWORD, phone.secret, *codes, *(code.replace("-", "") for code in codes)):
        assert secret not in stored
    key = staff.registry.keys_folder / second_factor.KEY
    assert key.stat().st_mode & 0o777 == 0o600
    content = key.read_bytes()
    for broken in (None, b"", bytes(32), b"no key"):
        key.unlink() if broken is None else key.write_bytes(broken)
        again = login.log_in(staff.registry, staff.guard, "school", "po@school.nl", PASSWORD, "192.0.2.1").secret
        with pytest.raises(KeyMissing):
            confirm(staff, again, phone.code())
    other = staff.add("office@school.nl", KeyRole.OFFICE)
    key.unlink()
    with pytest.raises(KeyMissing), staff.registry.visit("school") as session:  # no new one over secrets of an old one
        second_factor.begin(session, other)
    key.write_bytes(content)
    assert confirm(staff, again, phone.code())


def test_a_password_is_changed_with_the_old_one_and_others_are_logged_out(staff: Staff) -> None:
    made = staff.add()
    here, elsewhere = staff.log_in(made), staff.log_in(made)

    def change(old: str, new: str) -> str:
        return login.change_password(staff.registry, staff.guard, "school", staff.found(here), old, new).secret

    with pytest.raises(BadLogin):
        change("another", "dak lamp kaas fietsbel")
    with pytest.raises(BadPassword):
        change(PASSWORD, "Juf Marieke 1")
    assert staff.found(elsewhere)
    secret = change(PASSWORD, "dak lamp kaas fietsbel")
    for ended in (here, elsewhere):
        with pytest.raises(NotLoggedIn):
            staff.found(ended)
    assert staff.found(secret).stage is Stage.IN
    assert staff.log_in(made, "dak lamp kaas fietsbel")


def test_who_gave_a_code_need_not_give_it_again_for_a_new_password(staff: Staff) -> None:
    secret, phone, _ = officer_with_phone(staff)
    found = staff.found(confirm(staff, secret, phone.code()))
    args = staff.registry, staff.guard, "school", found, PASSWORD, "dak lamp kaas fietsbel"
    assert staff.found(login.change_password(*args).secret).stage is Stage.IN


@pytest.mark.parametrize("secret", ["", "x", "\0", "\ud800", "a" * 10_000])
def test_what_is_no_session_is_none(staff: Staff, secret: str) -> None:
    staff.log_in(staff.add())
    with pytest.raises(NotLoggedIn):
        staff.found(secret)


def test_a_session_ends_without_use_and_after_a_day_of_work(staff: Staff, clock: Clock) -> None:
    made = staff.add()
    lifetime = Lifetime(idle=timedelta(hours=2), longest=timedelta(hours=12))
    begun, idle, used = clock.now, staff.log_in(made), staff.log_in(made)
    while clock.now - begun < lifetime.longest - timedelta(hours=1):
        clock.now += timedelta(hours=1)
        with staff.registry.visit("school") as session:
            login_sessions.touch(session, staff.found(used, lifetime))
        if clock.now - begun >= lifetime.idle:
            with pytest.raises(NotLoggedIn):
                staff.found(idle, lifetime)
    clock.now = begun + lifetime.longest
    with pytest.raises(NotLoggedIn):
        staff.found(used, lifetime)


def test_rows_of_what_is_over_are_erased(staff: Staff, clock: Clock) -> None:
    made = staff.add()
    staff.log_in(made)
    with staff.registry.write(console("school"), Act.MANAGE_ACCOUNTS) as session:
        invitations.invite(session, made.id)
    clock.now += max(login_sessions.LONGEST, invitations.VALID) - timedelta(minutes=1)
    fresh = staff.log_in(made)
    clock.now += timedelta(minutes=1)
    maintenance.daily(staff.registry)
    assert staff.found(fresh)
    with staff.registry.database.read() as connection:
        assert len(connection.execute(select(login_session)).all()) == 1
        assert connection.execute(select(invitation)).all() == []


def test_use_is_recorded_once_a_minute(staff: Staff, clock: Clock) -> None:
    secret = staff.log_in(staff.add())
    assert not staff.found(secret).needs_touch
    clock.now += TOUCHED
    found = staff.found(secret)
    assert found.needs_touch
    with staff.registry.visit("school") as session:
        login_sessions.touch(session, found)
    assert not staff.found(secret).needs_touch


@pytest.mark.parametrize(
    "ended_meanwhile",
    [
        lambda staff, found, phone: login.confirm(staff.registry, staff.guard, "school", found, phone.code()),
        lambda staff, found, phone: login.confirm(staff.registry, staff.guard, "school", found, phone.code(1)),
    ],
)
def test_a_session_that_was_ended_meanwhile_is_not_renewed(
    staff: Staff, ended_meanwhile: Callable[..., login.Login]
) -> None:
    secret, phone, _ = officer_with_phone(staff)
    found = staff.found(secret)
    with staff.registry.visit("school") as session:
        login_sessions.end(session, found)
    with pytest.raises(NotLoggedIn):
        ended_meanwhile(staff, found, phone)
    with staff.registry.database.read() as connection:
        assert connection.execute(select(login_session)).all() == []


def test_the_token_of_a_form_is_of_one_session_and_does_not_tell_it(staff: Staff) -> None:
    made = staff.add()
    one, two = staff.log_in(made), staff.log_in(made)
    assert login_sessions.csrf_token(one) not in (login_sessions.csrf_token(two), hashed(one), one)


def test_all_of_it_is_in_an_audit_log_that_holds(staff: Staff) -> None:
    secret, phone, _ = officer_with_phone(staff)
    confirm(staff, secret, phone.code())
    with staff.registry.read(console("school"), Act.SEE_AUDIT) as session:
        assert verify(session).problem is None
    with staff.registry.database.read() as connection:
        rows = repr(connection.execute(select(audit)).all())
    for personal in ("po@school.nl", "192.0.2.1", "Marieke", PASSWORD):
        assert personal not in rows
