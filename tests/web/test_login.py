"""Logging in and out over HTTP: what a browser gets to hold, what it must bring along, and for how long."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import httpx
import pytest

from fotopoort.registry.access import accounts, login_sessions
from fotopoort.registry.access.roles import Act, KeyRole, console
from fotopoort.registry.lists import imports
from fotopoort.resources import resource
from fotopoort.web.sessions import COOKIE

from .visitor import OTHER_PASSWORD, PASSWORD, SCHOOL, School, Visitor, add, code_of, link_on, school, secret_on

NUMBERS = count()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    with school(tmp_path_factory.mktemp("school") / "data") as served:
        served.add("first@school", KeyRole.PRIVACY_OFFICER)
        yield served


@pytest.fixture
def login(served: School) -> str:
    """Of a teacher of this test's own."""
    return f"teacher{next(NUMBERS)}@school"


def enrol(visitor: Visitor) -> httpx.Response:
    """Set up a second factor; the page with recovery codes."""
    shown = visitor.post("/login/second-factor")
    return visitor.post(
        "/login/second-factor",
        {"secret": secret_on(shown), "code": code_of(shown, time.time())},
    )


def recovery_codes(page: httpx.Response) -> list[str]:
    return [part.partition("</code>")[0] for part in page.text.split("<li><code>")[1:]]


def test_a_password_lets_a_teacher_in(served: School, login: str) -> None:
    served.add(login, KeyRole.TEACHER, name="Noor")
    visitor = served.visitor()
    assert visitor.get("/").headers["location"] == "/login"
    answer = visitor.log_in(f"  {login.upper()} ")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    page = visitor.get("/")
    assert page.status_code == 200
    assert "Dag Noor" in page.text
    assert "Gebruikers" not in page.text


def test_the_cookie_is_for_this_host_alone_and_for_no_script(served: School, login: str) -> None:
    served.add(login, KeyRole.TEACHER)
    (cookie,) = served.visitor().log_in(login).headers.get_list("set-cookie")
    name, *flags = cookie.split("; ")
    assert name.startswith("__Host-fotopoort=")
    assert {flag.lower() for flag in flags} == {"secure", "httponly", "samesite=lax", "path=/"}


@pytest.mark.parametrize("password", ["", "x", PASSWORD.upper(), "é" * 2000], ids=["none", "short", "upper", "long"])
def test_another_password_lets_nobody_in(served: School, login: str, password: str) -> None:
    served.add(login, KeyRole.TEACHER)
    for who in (login, "nobody@school"):
        visitor = served.visitor()
        answer = visitor.log_in(who, password)
        assert answer.status_code == 403
        assert "De naam of het wachtwoord klopt niet." in answer.text
        assert visitor.secret is None


def test_a_login_that_is_html_stays_text(served: School) -> None:
    answer = served.visitor().log_in('"><script>alert(1)</script>')
    assert "<script" not in answer.text
    assert "&lt;script&gt;" in answer.text


@pytest.mark.parametrize(
    "body", [b"login=%00", b"login=%ff", b"\xff", b"a&" * 500], ids=["NUL", "no UTF-8", "raw", "many"]
)
def test_what_no_form_can_hold_is_refused(served: School, body: bytes) -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert served.visitor().send("POST", "/login", content=body, headers=kind).status_code == 422


def test_a_form_of_another_kind_or_size_is_refused(served: School) -> None:
    visitor = served.visitor()
    assert visitor.send("POST", "/login", files={"login": b"x"}).status_code == 422
    assert visitor.send("POST", "/login", data={"login": "x" * 20_000}).status_code == 413


def test_whoever_guesses_waits_longer_and_longer(served: School, login: str) -> None:
    served.add(login, KeyRole.TEACHER)
    visitor = served.visitor()
    for _ in range(5):
        assert visitor.log_in(login, "wrong").status_code == 403
    refused = visitor.log_in(login)
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "1"
    assert "Wacht 1 seconden" in refused.text
    served.clock.now += 1
    assert visitor.log_in(login, "wrong").status_code == 403
    assert visitor.log_in(login).headers["Retry-After"] == "2"
    served.clock.now += 2
    assert visitor.log_in(login).status_code == 303
    served.clock.now += 3600


def test_an_officer_sets_up_a_second_factor_and_is_asked_for_it(served: School) -> None:
    served.add("officer@school", KeyRole.PRIVACY_OFFICER)
    visitor = served.visitor()
    assert visitor.log_in("officer@school").headers["location"] == "/login/second-factor"
    first = visitor.secret
    assert visitor.get("/users").headers["location"] == "/login/second-factor?next=%2Fusers"
    assert "QR-code" in visitor.get("/login/second-factor").text
    shown = visitor.post("/login/second-factor")
    assert '<svg viewBox="0 0 ' in shown.text
    wrong = visitor.post("/login/second-factor", {"secret": secret_on(shown), "code": "x"})
    assert wrong.status_code == 403
    assert secret_on(wrong) == secret_on(shown)
    codes = recovery_codes(enrol(visitor))
    assert len(codes) == 10
    assert visitor.secret not in (None, first)
    assert visitor.get("/users").status_code == 200

    again = served.visitor()
    assert again.log_in("officer@school").headers["location"] == "/login/code"
    before = again.secret
    assert again.get("/users").headers["location"] == "/login/code?next=%2Fusers"
    assert again.post("/login/code", {"code": "000000"}).status_code == 403
    assert again.post("/login/code?next=/users", {"code": codes[0]}).headers["location"] == "/users"
    assert again.secret != before, "whoever knew the secret before is not logged in"
    assert Visitor(served.door.url, {COOKIE: before or ""}).get("/users").headers["location"].startswith("/login?")
    third = served.visitor()
    third.log_in("officer@school")
    assert third.post("/login/code", {"code": codes[0]}).status_code == 403, "it was used"


def test_a_secret_that_was_planted_is_not_taken_up(served: School, login: str) -> None:
    account = served.add(login, KeyRole.TEACHER)
    planted = served.logged_in(account)
    victim = Visitor(served.door.url, {COOKIE: planted.secret or ""})
    victim.log_in(login)
    assert victim.secret != planted.secret
    assert planted.get("/account").status_code == 303, "the session before is over"


@pytest.mark.parametrize(
    ("goal", "location"),
    [
        ("/account", "/account"),
        ("/users", "/users"),
        ("/users/0123456789abcdef", "/users/0123456789abcdef"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example/", "/"),
        ("/account\n", "/"),
        ("/account/../logout", "/"),
        ("/users/0123456789abcdef/disable", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_after_logging_in_only_pages_of_ours_come(served: School, goal: str, location: str) -> None:
    visitor = served.logged_in(accounts_of(served)["first@school"])
    assert visitor.send("GET", "/login", params={"next": goal}).headers["location"] == location


def test_logging_out_ends_the_session_itself(served: School, login: str) -> None:
    visitor = served.logged_in(served.add(login, KeyRole.TEACHER))
    held = visitor.secret or ""
    assert visitor.post("/logout").headers["location"] == "/login"
    assert visitor.secret is None
    late = Visitor(served.door.url, {COOKIE: held})
    answer = late.get("/account")
    assert answer.headers["location"] == "/login?next=%2Faccount"
    assert late.secret is None, "the browser is told to forget it"


def test_logging_out_clears_the_browser_whatever_became_of_the_session(served: School, login: str) -> None:
    visitor = served.logged_in(served.add(login, KeyRole.TEACHER))
    held = visitor.secret or ""
    for secret in (held, held, None):  # it is there, is over, and the browser holds none
        late = Visitor(served.door.url, {COOKIE: secret} if secret else {})
        answer = late.post("/logout")
        assert (answer.status_code, answer.headers["location"]) == (303, "/login")
        assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
        assert late.secret is None


def test_logging_out_everywhere(served: School, login: str) -> None:
    account = served.add(login, KeyRole.TEACHER)
    here, there = served.logged_in(account), served.logged_in(account)
    assert here.post("/account/log-out-everywhere").status_code == 303
    assert there.get("/account").status_code == here.get("/account").status_code == 303


def test_who_is_disabled_or_gets_another_role_feels_it_at_once(served: School, login: str) -> None:
    account = served.add(login, KeyRole.PRIVACY_OFFICER)
    visitor = served.logged_in(account)
    assert visitor.get("/users").status_code == 200
    with served.registry.write(console(SCHOOL), Act.MANAGE_ACCOUNTS) as session:
        accounts.change(session, account.id, "Noor", KeyRole.TEACHER, ["groep 5"])
    assert visitor.get("/users").status_code == 403
    with served.registry.write(console(SCHOOL), Act.MANAGE_ACCOUNTS) as session:
        accounts.disable(session, account.id)
    assert visitor.get("/account").status_code == 303
    assert visitor.log_in(login).status_code == 403


def test_a_new_password_logs_out_elsewhere(served: School, login: str) -> None:
    account = served.add(login, KeyRole.TEACHER)
    here, there = served.logged_in(account), served.logged_in(account)
    fields = {"old": PASSWORD, "password": OTHER_PASSWORD, "again": OTHER_PASSWORD}
    assert here.post("/account/password", fields | {"old": "x"}).status_code == 403
    assert here.post("/account/password", fields | {"again": "x"}).status_code == 422
    easy = here.post("/account/password", fields | {"password": "welkomwelkom", "again": "welkomwelkom"})
    assert easy.status_code == 422
    assert 'href="#password"' in easy.text
    assert here.post("/account/password", fields).headers["location"] == "/account?changed="
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 303
    assert served.visitor().log_in(login, OTHER_PASSWORD).status_code == 303


def test_a_cookie_of_another_school_is_nobodys(served: School, tmp_path: Path) -> None:
    with school(tmp_path / "other") as other:
        caller = console("other")
        other.registry.add_school(caller, "Other")
        with other.registry.write(caller, Act.IMPORT) as session:
            imports.apply(session, imports.plan(session, resource("fixtures/classlist.csv").read_bytes()))
        add(other.registry, "here@school", KeyRole.PRIVACY_OFFICER)
        stranger = add(other.registry, "there@school", KeyRole.TEACHER, tenant="other")
        with other.registry.write(caller, Act.MANAGE_ACCOUNTS) as session:
            secret = login_sessions.start(session, stranger, confirmed=True)
        visitor = Visitor(other.door.url, {COOKIE: secret})
        assert visitor.get("/account").status_code == 303
        assert Visitor(other.door.url, {COOKIE: secret}).get("/v1/registry/people").status_code == 401
        assert visitor.log_in("there@school").status_code == 403


def test_the_language_is_dutch_unless_asked_otherwise(served: School) -> None:
    visitor = served.visitor()
    visitor.headers = {"Sec-Fetch-Site": "same-origin"}
    assert '<html lang="nl">' in visitor.get("/login").text
    assert '<html lang="en">' in visitor.get("/login", headers={"Accept-Language": "en-GB,en"}).text
    answer = visitor.post("/language", {"language": "en", "next": "/login"})
    assert answer.headers["location"] == "/login"
    assert "Log in" in visitor.get("/login", headers={"Accept-Language": "nl"}).text
    assert visitor.post("/language", {"language": "xx", "next": "//evil.example"}).headers["location"] == "/"


def accounts_of(served: School) -> dict[str, accounts.Account]:
    with served.registry.read(console(SCHOOL), Act.MANAGE_ACCOUNTS) as session:
        return {account.login: account for account in accounts.accounts(session)}


def test_whoever_finds_a_browser_open_puts_no_other_phone_in_place(served: School) -> None:
    served.add("office@open", KeyRole.OFFICE)
    visitor = served.visitor()
    visitor.log_in("office@open")
    shown = visitor.post("/login/second-factor")
    visitor.post("/login/second-factor", {"secret": secret_on(shown), "code": code_of(shown, time.time())})
    assert "current-password" in visitor.get("/login/second-factor").text
    for password in ("", "another"):
        refused = visitor.post("/login/second-factor", {"password": password})
        assert refused.status_code == 403
        assert 'name="secret"' not in refused.text
    assert secret_on(visitor.post("/login/second-factor", {"password": PASSWORD})) != secret_on(shown)


def test_who_lost_the_phone_gets_a_link_from_the_officer(served: School) -> None:
    made = served.add("office@phone", KeyRole.OFFICE)
    officer, there = served.logged_in(served.add("po@phone", KeyRole.PRIVACY_OFFICER)), served.logged_in(made)
    given = officer.post(f"/users/{made.id}/drop-second-factor")
    assert there.get("/account").status_code == 303
    assert served.visitor().log_in("office@phone").status_code == 403
    other = {"password": OTHER_PASSWORD, "again": OTHER_PASSWORD}
    assert served.visitor().post(link_on(given), other).status_code == 303
    assert served.visitor().log_in("office@phone", OTHER_PASSWORD).headers["location"] == "/login/second-factor"
