"""Who may see and do what over HTTP, as a table; and that no other site does it for them."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from typing import Final

import pytest

from fotopoort.errors import RegistryUnavailable
from fotopoort.registry.access import accounts
from fotopoort.registry.access.login_guard import PACES, Attempts
from fotopoort.registry.access.roles import Act, KeyRole, console
from fotopoort.web.sessions import COOKIE

from .visitor import ROLES, School, Visitor, school

ANYBODY, LOGGED_IN, OFFICE, OFFICER = "anybody", "logged in", "office", "officer"
# Method, path ({user}: an account's id), who may. A redirect to /login is a refusal.
ROUTES: Final = [
    ("GET", "/login", ANYBODY),
    ("GET", "/", LOGGED_IN),
    ("GET", "/account", LOGGED_IN),
    ("GET", "/login/second-factor", LOGGED_IN),
    ("POST", "/login/second-factor", LOGGED_IN),
    ("POST", "/account/password", LOGGED_IN),
    ("GET", "/class-list", OFFICE),
    ("POST", "/class-list", OFFICE),
    ("GET", "/users", OFFICER),
    ("POST", "/users", OFFICER),
    ("GET", "/users/{user}", OFFICER),
    ("POST", "/users/{user}", OFFICER),
    ("POST", "/users/{user}/link", OFFICER),
    ("POST", "/users/{user}/disable", OFFICER),
    ("POST", "/users/{user}/enable", OFFICER),
    ("POST", "/users/{user}/drop-second-factor", OFFICER),
    ("POST", "/account/log-out-everywhere", LOGGED_IN),
    ("POST", "/logout", LOGGED_IN),
]
MODULE: Final = r'<script type="module" src="/static/page-\w+/app\.js">'
DATA: Final = '<script type="application/json" id="data">'
UNSAFE: Final = [path for method, path, _ in ROUTES if method == "POST"]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    with school(tmp_path_factory.mktemp("school") / "data") as served:
        for login, role in ROLES.items():
            served.add(login, role)
        served.add("second", KeyRole.PRIVACY_OFFICER)
        served.add("user", KeyRole.TEACHER)
        yield served


def someone(served: School, login: str) -> tuple[Visitor, str]:
    """A browser in which that account is logged in, and the id of the account that things are done to."""
    with served.registry.read(console("school"), Act.MANAGE_ACCOUNTS) as session:
        account, user = accounts.by_login(session, login), accounts.by_login(session, "user")
    return served.logged_in(account), user.id


ASK_THE_PASSWORD = ("/account/password", "/login/second-factor")


@pytest.mark.parametrize(("method", "path", "who"), ROUTES, ids=[f"{method} {path}" for method, path, _ in ROUTES])
@pytest.mark.parametrize("login", [None, *ROLES])
def test_who_may(served: School, login: str | None, method: str, path: str, who: str) -> None:
    visitor, user = someone(served, login or "teacher")
    if login is None:
        visitor = served.visitor()
    answer = visitor.send(method, path.format(user=user), data={"token": visitor.token} if method == "POST" else None)
    may = {ANYBODY: (None, *ROLES), LOGGED_IN: tuple(ROLES), OFFICE: ("office", "officer"), OFFICER: ("officer",)}
    if login in may[who]:
        assert answer.status_code in (200, 303, 403 if path in ASK_THE_PASSWORD else 200, 422)
        assert not answer.headers.get("location", "").startswith("/login?")
    elif login is None:
        assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/login")
    else:
        assert answer.status_code == 403
        assert "Met jouw account kun je deze pagina niet gebruiken." in answer.text


@pytest.mark.parametrize("path", UNSAFE)
@pytest.mark.parametrize(
    ("headers", "token"),
    [
        pytest.param({"Sec-Fetch-Site": "same-origin"}, "", id="no token"),
        pytest.param({"Sec-Fetch-Site": "same-origin"}, "0" * 64, id="another token"),
        pytest.param({"Sec-Fetch-Site": "cross-site"}, None, id="another site"),
        pytest.param({"Sec-Fetch-Site": "same-site"}, None, id="a neighbour"),
        pytest.param({"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"}, None, id="a foreign origin"),
        pytest.param({"Origin": "https://evil.example"}, None, id="a foreign origin alone"),
        pytest.param({"Origin": "null"}, None, id="a hidden origin alone"),
        pytest.param({}, None, id="nothing said"),
    ],
)
def test_no_other_site_does_it_for_them(served: School, path: str, headers: dict[str, str], token: str | None) -> None:
    visitor, user = someone(served, "officer")
    visitor.headers = headers
    answer = visitor.post(path.format(user=user), {} if token is None else {"token": token})
    assert answer.status_code == 403
    assert "Dit verzoek kwam niet van deze pagina" in answer.text
    assert Visitor(visitor.url, {COOKIE: visitor.secret or ""}).get("/account").status_code == 200, "nothing happened"


@pytest.mark.parametrize("path", ["/login", "/setup", "/invitation/x", "/language"])
def test_no_other_site_logs_somebody_in(served: School, path: str) -> None:
    visitor = served.visitor()
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}, {}):
        visitor.headers = dict(headers)
        assert visitor.post(path, {"login": "teacher"}).status_code == 403


def test_a_browser_that_sends_only_an_origin_is_believed(served: School) -> None:
    visitor, _ = someone(served, "teacher")
    visitor.headers = {"Origin": served.door.url}
    assert visitor.post("/logout").headers["location"] == "/login"


@pytest.mark.parametrize(
    "path", ["/", "/login", "/account", "/users", "/setup", "/class-list", "/invitation/x", "/users/none"]
)
def test_every_page_has_the_headers(served: School, path: str) -> None:
    for visitor in (someone(served, "officer")[0], someone(served, "teacher")[0], served.visitor()):
        answer = visitor.get(path)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        # Scripts are modules of ours; what stands in the page itself is data.
        scripts = re.findall(r"<script[^>]*>", answer.text)
        assert all(re.fullmatch(MODULE, script) or script == DATA for script in scripts)
        assert not re.search(r"\sstyle=|\son\w+=", answer.text)


def test_the_style_sheet_may_be_kept(served: School) -> None:
    address = re.search(r'href="(/static/pages-\w+\.css)"', served.visitor().get("/login").text)
    assert address
    answer = served.visitor().get(address[1])
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert "immutable" in answer.headers["Cache-Control"]
    assert served.visitor().get("/static/pages.css").status_code == 404


def test_names_are_text_whatever_is_in_them(served: School) -> None:
    account = served.add("<b>bold</b>", KeyRole.PRIVACY_OFFICER, name='<img src=x onerror="alert(1)">')
    visitor = served.logged_in(account)
    for path in ("/", "/account", "/users", f"/users/{account.id}"):
        page = visitor.get(path).text
        assert "<img" not in page
        assert "<b>" not in page
        assert "&lt;img" in page


def test_while_the_registry_does_not_answer_a_page_says_so(served: School, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor, _ = someone(served, "officer")

    def unavailable() -> None:
        raise RegistryUnavailable

    monkeypatch.setattr(served.registry.database, "read", unavailable)
    for path in ("/", "/users", "/account"):
        answer = visitor.get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (503, "text/html; charset=utf-8")
    assert visitor.secret, "it is not logged out by that"
    assert visitor.get("/v1/registry/people").status_code == 503
    answer = visitor.post("/logout")
    assert (answer.status_code, answer.headers["Clear-Site-Data"]) == (503, '"cache", "storage"')
    assert visitor.secret is None, "logging out leaves nothing in the browser all the same"


@pytest.mark.parametrize("path", ["/nowhere", "/login/", "/users/x/y/z", "/static/none.css"])
def test_an_address_that_is_none_gets_a_page_in_a_browser_alone(served: School, path: str) -> None:
    in_browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    for visitor in (served.visitor(), someone(served, "teacher")[0]):
        answer = visitor.get(path, headers=in_browser)
        assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert "Deze pagina is er niet" in answer.text
        assert visitor.get(path).headers["content-type"] == "application/json"
    assert served.visitor().get("/v1/nowhere", headers=in_browser).headers["content-type"] == "application/json"


# --- the API ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("login", "method", "path", "status"),
    [
        ("office", "GET", "/v1/registry/people", 200),
        ("teacher", "GET", "/v1/registry/people", 403),
        ("teacher", "GET", "/v1/registry/groups", 200),
        ("teacher", "POST", "/v1/names", 200),
        ("office", "POST", "/v1/names", 200),
    ],
)
def test_the_api_takes_who_is_logged_in(served: School, login: str, method: str, path: str, status: int) -> None:
    visitor, _ = someone(served, login)
    body = {"json": {"text": "Sem"}} if method == "POST" else {}
    answer = visitor.send(method, path, headers={"X-CSRF-Token": visitor.token}, **body)
    assert answer.status_code == status, answer.text


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="no token"),
        pytest.param({"X-CSRF-Token": "0" * 64}, id="another token"),
        pytest.param({"X-CSRF-Token": "right", "Sec-Fetch-Site": "cross-site"}, id="another site"),
        pytest.param({"X-CSRF-Token": "right", "Origin": "https://evil.example"}, id="a foreign origin"),
    ],
)
def test_the_api_changes_nothing_for_another_site(served: School, headers: dict[str, str]) -> None:
    visitor, _ = someone(served, "office")
    sent = headers | ({"X-CSRF-Token": visitor.token} if headers.get("X-CSRF-Token") == "right" else {})
    answer = visitor.send("POST", "/v1/names", json={"text": "Sem"}, headers=sent)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "cross_site")


def test_where_there_is_a_key_the_key_counts(served: School) -> None:
    visitor, _ = someone(served, "office")
    machine = {"Authorization": f"Bearer {served.door.key}"}
    assert visitor.send("GET", "/v1/registry/people", headers=machine).status_code == 403
    assert visitor.send("POST", "/v1/names", json={"text": "Sem"}, headers=machine).status_code == 200
    for wrong in ("Bearer wrong", "Basic eDp5"):
        assert visitor.send("GET", "/v1/registry/people", headers={"Authorization": wrong}).status_code == 401


def test_half_a_login_opens_nothing(served: School) -> None:
    visitor = served.visitor()
    visitor.log_in("office")
    assert visitor.secret
    answer = visitor.get("/v1/registry/people")
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "not_logged_in")
    assert visitor.get("/account").headers["location"].startswith("/login/second-factor")


# --- what is written down --------------------------------------------------------------------------------


def test_no_log_line_tells_who_or_which_link(served: School, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "fotopoort")
    visitor = served.visitor()
    visitor.log_in("somebody@home.example", "their-password")
    for method in ("GET", "POST", "PUT"):
        visitor.send(method, "/invitation/the-secret-of-a-link")
    lines = [record.getMessage() for record in caplog.records]
    assert any("POST /login 403" in line for line in lines)
    assert any("GET /invitation/{secret} 403" in line for line in lines)
    assert not [line for line in lines if re.search("somebody|their-password|the-secret|127.0.0.1", line)]


def test_the_audit_log_tells_of_logins_by_id_alone(served: School) -> None:
    served.visitor().log_in("teacher")
    for _ in range(PACES[Attempts.LOGIN_HERE].free):  # it is told when somebody goes on and on
        served.visitor().log_in("teacher", "wrong")
    with served.registry.database.read() as connection:
        rows = connection.exec_driver_sql("SELECT kind, detail FROM audit").all()
    kinds = {row[0] for row in rows}
    assert {"login", "login.refused"} <= kinds
    assert "teacher@" not in json.dumps([list(map(str, row)) for row in rows])
