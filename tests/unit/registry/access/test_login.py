"""Password, second factor, session: who gets in, and for how long."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
import zxingcpp
from sqlalchemy import select, update
from tests.unit.registry.access.conftest import PASSWORD, Staff
from tests.unit.registry.conftest import Clock

from fotopoort.errors import (
    BadCode,
    BadLogin,
    BadPassword,
    BadRecord,
    KeyMissing,
    NotLoggedIn,
    RegistryUnavailable,
    TooManyAttempts,
)
from fotopoort.registry import maintenance
from fotopoort.registry.access import accounts, invitations, login, login_sessions, second_factor
from fotopoort.registry.access.login_guard import PACES, Attempts
from fotopoort.registry.access.login_sessions import TOUCHED, Lifetime, Stage
from fotopoort.registry.access.roles import Act, KeyRole, console
from fotopoort.registry.access.secret_hash import hashed
from fotopoort.registry.audit.verification import verify
from fotopoort.registry.store.tables import account, audit, invitation, login_session, recovery_code

pytestmark = pytest.mark.usefixtures("light_hashes")


def confirm(staff: Staff, secret: str, code: str) -> str:
    return login.confirm(staff.registry, staff.guard, staff.tenant, staff.found(secret), code).secret


def audit_kinds(staff: Staff) -> list[str]:
    with staff.registry.database.read() as connection:
        return list(connection.execute(select(audit.c.kind).order_by(audit.c.seq)).scalars())


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


@pytest.mark.parametrize("name", ["nobody@school.nl", "", "\0", "' OR 1=1 --", "\ud800", "a" * 100_000])
def test_nobody_is_refused_like_somebody(staff: Staff, name: str) -> None:
    staff.add()
    with pytest.raises(BadLogin) as refused:
        login.log_in(staff.registry, staff.guard, "school", name, PASSWORD, "192.0.2.1")
    assert str(refused.value) == BadLogin.text.en


def test_who_was_invited_and_chose_nothing_has_no_password(staff: Staff) -> None:
    with staff.registry.write(console("school"), Act.MANAGE_ACCOUNTS) as session:
        made = accounts.add(session, "office", "Office", KeyRole.OFFICE)
    for password in ("", PASSWORD):
        with pytest.raises(BadLogin):
            staff.log_in(made, password)


def test_guessing_slows_down_for_names_that_are_there_and_that_are_not(staff: Staff) -> None:
    made = staff.add("juf@school.nl")
    for name in ("juf@school.nl", "nobody@school.nl"):
        for _ in range(PACES[Attempts.LOGIN_HERE].free):
            with pytest.raises(BadLogin):
                login.log_in(staff.registry, staff.guard, "school", name, "wrong", "192.0.2.1")
        with pytest.raises(TooManyAttempts) as refused:  # the right password too, or it would tell that it is right
            login.log_in(staff.registry, staff.guard, "school", name.upper(), PASSWORD, "192.0.2.1")
        assert refused.value.seconds == 1
    assert audit_kinds(staff)[-3:] == ["password.chosen", "login.refused", "login.refused"]  # once for each
    assert staff.log_in(made, address="198.51.100.1")  # whoever guesses keeps nobody out


def test_what_goes_wrong_here_counts_for_nobody(staff: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    made = staff.add()

    def unavailable() -> None:
        raise RegistryUnavailable

    with monkeypatch.context() as patch:
        patch.setattr(staff.registry.database, "read", unavailable)
        for _ in range(2 * PACES[Attempts.LOGIN_HERE].free):
            with pytest.raises(RegistryUnavailable):
                staff.log_in(made)
    assert staff.log_in(made)


@pytest.mark.parametrize("role", [KeyRole.OFFICE, KeyRole.PRIVACY_OFFICER])
def test_the_office_sets_up_a_second_factor_first_and_is_asked_for_it_later(staff: Staff, role: KeyRole) -> None:
    made = staff.add("office@school.nl", role)
    first = staff.log_in(made)
    assert staff.found(first).stage is Stage.ENROL
    phone, done = staff.enrol(first)
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
    _, done = staff.enrol(staff.log_in(made))
    assert staff.found(done.secret).stage is Stage.IN
    with pytest.raises(NotLoggedIn):  # elsewhere too
        staff.found(other)
    assert staff.found(staff.log_in(made)).stage is Stage.CODE


def test_a_code_is_used_once(staff: Staff) -> None:
    secret, phone, _ = staff.officer_with_phone()
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
    secret, phone, _ = staff.officer_with_phone()
    with pytest.raises(BadCode):
        confirm(staff, secret, phone.code(steps))
    assert staff.found(secret).stage is Stage.CODE
    assert audit_kinds(staff)[-1] == "code.refused"


@pytest.mark.parametrize(
    "code", ["", "abcdef", "12345", "1234567", "\u0661\u0662\u0663\u0664\u0665\u0666", "\ud800" * 6]
)
def test_what_is_no_code_does_not_hold(staff: Staff, code: str) -> None:
    secret, _, _ = staff.officer_with_phone()
    with pytest.raises(BadCode):
        confirm(staff, secret, code)


def test_a_recovery_code_takes_the_place_of_the_phone_once(staff: Staff) -> None:
    secret, _, codes = staff.officer_with_phone()
    typed = codes[3].upper().replace("-", " ")
    assert staff.found(confirm(staff, secret, typed)).stage is Stage.IN
    again = login.log_in(staff.registry, staff.guard, "school", "po@school.nl", PASSWORD, "192.0.2.1").secret
    with pytest.raises(BadCode):
        confirm(staff, again, typed)
    assert confirm(staff, again, codes[4])


def test_codes_of_another_account_do_not_hold(staff: Staff) -> None:
    secret, _, _ = staff.officer_with_phone()
    other = staff.add("office@school.nl", KeyRole.OFFICE)
    others_phone, others = staff.enrol(staff.log_in(other))
    staff.clock.now += timedelta(minutes=1)
    for code in (others_phone.code(), others.recovery_codes[0]):
        with pytest.raises(BadCode):
            confirm(staff, secret, code)


def test_guessing_codes_slows_down_whatever_session_it_is_done_in(staff: Staff) -> None:
    secret, phone, _ = staff.officer_with_phone()
    hold = {phone.code(steps) for steps in (-1, 0, 1)}
    wrong = next(code for code in ("000000", "111111", "222222", "333333") if code not in hold)
    for _ in range(PACES[Attempts.CODE].free):
        with pytest.raises(BadCode):
            confirm(staff, secret, wrong)
    again = login.log_in(staff.registry, staff.guard, "school", "po@school.nl", PASSWORD, "192.0.2.1").secret
    for held in (secret, again):
        with pytest.raises(TooManyAttempts):
            confirm(staff, held, phone.code())


def test_a_password_alone_changes_nothing_of_an_account_with_a_second_factor(staff: Staff) -> None:
    secret, phone, _ = staff.officer_with_phone()
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
    earlier, phone = staff.begin(secret), staff.begin(secret)
    with pytest.raises(BadCode):
        login.set_up_second_factor(*args, staff.found(secret), earlier.code())
    assert staff.found(secret).stage is Stage.ENROL
    login.set_up_second_factor(*args, staff.found(secret), phone.code())


def test_who_lost_the_phone_begins_anew_by_a_link(staff: Staff) -> None:
    secret, phone, _ = staff.officer_with_phone()
    inside = confirm(staff, secret, phone.code())
    waiting = login.log_in(staff.registry, staff.guard, "school", "po@school.nl", PASSWORD, "192.0.2.1").secret
    with staff.registry.write(console("school"), Act.MANAGE_ACCOUNTS) as session:
        link, _ = invitations.reset(session, staff.found(inside).account.id, second_factor_too=True)
    for held in (inside, waiting):  # or whoever has the password alone could set up a phone
        with pytest.raises(NotLoggedIn):
            staff.found(held)
    with pytest.raises(BadLogin):
        login.log_in(staff.registry, staff.guard, "school", "po@school.nl", PASSWORD, "192.0.2.2")
    with staff.registry.database.read() as connection:
        assert connection.execute(select(recovery_code)).all() == []
    made = invitations.accept(staff.registry, "school", link, PASSWORD)
    assert staff.found(staff.log_in(made)).stage is Stage.ENROL


def test_a_half_session_begins_no_second_factor(staff: Staff) -> None:
    secret, phone, _ = staff.officer_with_phone()
    with pytest.raises(NotLoggedIn):
        staff.begin(secret)
    assert staff.begin(confirm(staff, secret, phone.code()))


def test_the_database_alone_gives_no_codes_away(staff: Staff) -> None:
    _, phone, codes = staff.officer_with_phone()
    with staff.registry.database.read() as connection:
        stored = repr([connection.execute(select(table)).all() for table in (account, recovery_code, login_session)])
        (row,) = connection.execute(select(account)).all()
    shared = base64.b32decode(phone.secret)
    assert shared not in base64.b64decode(row.second_factor)
    for secret in (PASSWORD, phone.secret, shared.hex(), *codes, *(code.replace("-", "") for code in codes)):
        assert secret not in stored
    key = staff.registry.keys_folder / second_factor.KEY.file_name
    assert key.stat().st_mode & 0o777 == 0o600
    content = key.read_bytes()
    for broken in (None, b"", bytes(32), b"no key"):
        key.unlink() if broken is None else key.write_bytes(broken)
        again = login.log_in(staff.registry, staff.guard, "school", "po@school.nl", PASSWORD, "192.0.2.1").secret
        with pytest.raises(KeyMissing):
            confirm(staff, again, phone.code())
    assert confirm(staff, again, codes[0])  # which takes no key
    again = login.log_in(staff.registry, staff.guard, "school", "po@school.nl", PASSWORD, "192.0.2.1").secret
    key.write_bytes(content)
    assert confirm(staff, again, phone.code())


def test_after_a_lost_key_others_can_set_one_up(staff: Staff) -> None:
    secret, phone, _ = staff.officer_with_phone()
    (staff.registry.keys_folder / second_factor.KEY.file_name).unlink()
    _, done = staff.enrol(staff.log_in(staff.add("office@school.nl", KeyRole.OFFICE)))
    assert staff.found(done.secret).stage is Stage.IN
    with pytest.raises(KeyMissing):
        confirm(staff, secret, phone.code())


def test_a_secret_is_of_one_account_alone(staff: Staff) -> None:
    _, phone, _ = staff.officer_with_phone()
    other = staff.add("office@school.nl", KeyRole.OFFICE)
    staff.enrol(staff.log_in(other))
    with staff.registry.database.write() as connection:
        (officers,) = connection.execute(select(account.c.second_factor).where(account.c.id != other.id)).scalars()
        connection.execute(update(account).where(account.c.id == other.id).values(second_factor=officers))
    staff.clock.now += timedelta(minutes=1)
    with pytest.raises(KeyMissing):
        confirm(staff, staff.log_in(other), phone.code())


def test_an_app_takes_the_secret_from_the_qr_code(staff: Staff) -> None:
    text = second_factor.address(staff.add("juf+groep5@school.nl"), "ABCDEFGH")
    assert urlsplit(text)[:3] == ("otpauth", "totp", "/Fotopoort:juf%2Bgroep5@school.nl")
    assert parse_qs(urlsplit(text).query) == {"secret": ["ABCDEFGH"], "issuer": ["Fotopoort"]}
    assert second_factor.qr_code(text).endswith("</svg>\n")
    drawn = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    assert drawn.to_svg() == second_factor.qr_code(text)
    (read,) = zxingcpp.read_barcodes(np.asarray(drawn.to_image(scale=4)))
    assert read.text == text


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
    secret, phone, _ = staff.officer_with_phone()
    found = staff.found(confirm(staff, secret, phone.code()))
    args = staff.registry, staff.guard, "school", found, PASSWORD, "dak lamp kaas fietsbel"
    assert staff.found(login.change_password(*args).secret).stage is Stage.IN


def test_a_new_password_stands_for_no_code(staff: Staff) -> None:
    """A teacher who logged in by a password becomes somebody who needs a code: changing the password gives none."""
    made = staff.add()
    held = staff.found(staff.log_in(made))
    with staff.registry.write(console("school"), Act.MANAGE_ACCOUNTS) as session:
        accounts.change(session, made.id, made.name, KeyRole.OFFICE)
    args = staff.registry, staff.guard, "school", held, PASSWORD, "dak lamp kaas fietsbel"
    assert staff.found(login.change_password(*args).secret).stage is Stage.ENROL


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


@pytest.mark.parametrize("act", ["confirm", "set up", "change password"])
def test_a_session_that_was_ended_meanwhile_is_not_renewed(staff: Staff, act: str) -> None:
    args = staff.registry, staff.guard, "school"
    if act == "confirm":
        secret, phone, _ = staff.officer_with_phone()
    else:
        secret = staff.log_in(staff.add())
        phone = staff.begin(secret)
    held = staff.found(secret)
    with staff.registry.visit("school") as session:
        login_sessions.end(session, held)
    acts: dict[str, Callable[[], login.Login]] = {
        "confirm": lambda: login.confirm(*args, held, phone.code()),
        "set up": lambda: login.set_up_second_factor(*args, held, phone.code()),
        "change password": lambda: login.change_password(*args, held, PASSWORD, "dak lamp kaas fietsbel"),
    }
    with pytest.raises(NotLoggedIn):
        acts[act]()
    with staff.registry.database.read() as connection:
        assert connection.execute(select(login_session)).all() == []


def test_a_session_of_a_wrong_clock_is_none(staff: Staff, clock: Clock) -> None:
    made, now = staff.add(), clock.now
    clock.now += timedelta(days=365)
    secret = staff.log_in(made)
    clock.now = now
    with pytest.raises(NotLoggedIn):
        staff.found(secret)
    maintenance.daily(staff.registry)
    with staff.registry.database.read() as connection:
        assert connection.execute(select(login_session)).all() == []


def test_a_code_that_was_used_while_the_clock_was_wrong_stands_in_nobodys_way(staff: Staff, clock: Clock) -> None:
    secret, phone, _ = staff.officer_with_phone()
    now = clock.now
    clock.now += timedelta(days=365)
    ahead = login.log_in(staff.registry, staff.guard, "school", "po@school.nl", PASSWORD, "192.0.2.1").secret
    confirm(staff, ahead, phone.code())
    clock.now = now
    assert confirm(staff, secret, phone.code())


def test_a_session_of_a_disabled_account_is_none_however_it_came_to_be(staff: Staff) -> None:
    made = staff.add()
    with staff.registry.write(console("school"), Act.MANAGE_ACCOUNTS) as session:
        accounts.disable(session, made.id)
        secret = login_sessions.start(session, made)
    with pytest.raises(NotLoggedIn):
        staff.found(secret)


def test_the_token_of_a_form_is_of_one_session_and_does_not_tell_it(staff: Staff) -> None:
    made = staff.add()
    one, two = staff.log_in(made), staff.log_in(made)
    assert login_sessions.csrf_token(one) not in (login_sessions.csrf_token(two), hashed(one), one)


def test_all_of_it_is_in_an_audit_log_that_holds(staff: Staff) -> None:
    secret, phone, _ = staff.officer_with_phone()
    confirm(staff, secret, phone.code())
    with staff.registry.read(console("school"), Act.SEE_AUDIT) as session:
        assert verify(session).problem is None
    with staff.registry.database.read() as connection:
        rows = repr(connection.execute(select(audit)).all())
    for personal in ("po@school.nl", "192.0.2.1", "Marieke", PASSWORD):
        assert personal not in rows
