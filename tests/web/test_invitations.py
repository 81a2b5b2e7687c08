"""The school's first account, the others that its officer adds, and the links by which they choose a password."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from fotopoort.registry.access import accounts, invitations
from fotopoort.registry.access.roles import Act, KeyRole, console
from fotopoort.vocabulary import Text
from fotopoort.web import texts

from .visitor import OTHER_PASSWORD, PASSWORD, SCHOOL, School, link_on, school


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[School]:
    with school(tmp_path / "data") as served:
        yield served


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    with school(tmp_path_factory.mktemp("school") / "data") as served:
        yield served


def setup_code(served: School) -> str:
    with served.registry.write(console(SCHOOL), Act.MANAGE_ACCOUNTS) as session:
        return invitations.invite_first(session)[0]


def filled(code: str, **other: str) -> dict[str, str]:
    fields = {"code": code, "school": "De <Regenboog>", "name": "Noor", "login": "noor@school"}
    return fields | {"password": PASSWORD, "again": PASSWORD} | other


def test_the_first_account_is_made_once(empty: School) -> None:
    visitor, code = empty.visitor(), setup_code(empty)
    for path in ("/", "/login"):
        assert visitor.get(path).headers["location"] == "/setup"
    assert visitor.get("/setup").status_code == 200
    easy = {"password": "welkom123456", "again": "welkom123456"}
    for wrong in (filled("wrong"), filled(code, again="x"), filled(code, **easy)):
        assert visitor.post("/setup", wrong).status_code in (403, 422)
    nameless = visitor.post("/setup", filled(code, school=" "))
    assert (nameless.status_code, 'href="#school"' in nameless.text) == (422, True)
    assert visitor.get("/setup").status_code == 200
    assert visitor.post("/setup", filled(f" {code} ")).headers["location"] == "/login?next=%2Fclass-list&chosen="
    for late in (visitor.get("/setup"), visitor.post("/setup", filled(code, login="other@school"))):
        assert late.status_code == 404
    assert visitor.get("/login?next=/class-list&chosen=").status_code == 200
    assert visitor.log_in("noor@school").headers["location"] == "/login/second-factor"
    page = visitor.get("/login/second-factor").text
    assert "De &lt;Regenboog&gt;" in page
    assert "<Regenboog>" not in page


def test_a_code_that_was_replaced_makes_no_account(empty: School) -> None:
    old = setup_code(empty)
    setup_code(empty)
    assert empty.visitor().post("/setup", filled(old)).status_code == 403


def test_an_officer_adds_a_teacher_who_chooses_a_password(served: School) -> None:
    officer = served.logged_in(served.add("officer", KeyRole.PRIVACY_OFFICER))
    fields = {"name": "Sam", "login": "sam@school", "role": "teacher", "group": ["groep 5"]}
    added = officer.post("/users", fields)
    assert added.status_code == 200
    assert f"{served.door.url}/invitation/" in added.text
    assert "sam@school" in officer.get("/users").text
    assert link_on(added) not in officer.get("/users").text, "it is seen only once"

    teacher, link = served.visitor(), link_on(added)
    assert teacher.log_in("sam@school").status_code == 403
    page = teacher.get(link)
    assert (page.status_code, "Sam" in page.text) == (200, True)
    assert teacher.post(link, {"password": PASSWORD, "again": "x"}).status_code == 422
    assert teacher.post(link, {"password": "sam@school.nl", "again": "sam@school.nl"}).status_code == 422
    assert teacher.post(link, {"password": PASSWORD, "again": PASSWORD}).headers["location"] == "/login?chosen="
    for used in (teacher.get(link), teacher.post(link, {"password": OTHER_PASSWORD, "again": OTHER_PASSWORD})):
        assert used.status_code == 403
        assert "Deze link is niet geldig" in used.text
    assert teacher.log_in("sam@school").headers["location"] == "/"


@pytest.mark.parametrize(
    ("fields", "status", "field"),
    [
        pytest.param({"login": "officer"}, 409, "login", id="somebody has it"),
        pytest.param({"login": "a b"}, 422, "login", id="a space"),
        pytest.param({"name": " "}, 422, "name", id="no name"),
        pytest.param({"role": "machine"}, 422, "role", id="a machine"),
        pytest.param({"role": ""}, 422, "role", id="no role"),
        pytest.param({"group": []}, 422, "group-1", id="a teacher without a group"),
        pytest.param({"group": ["groep 99"]}, 422, "group-1", id="no such group"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(served: School, fields: dict[str, object], status: int, field: str) -> None:
    officer = served.logged_in(officer_of(served))
    good = {"name": "Kim", "login": "kim@school", "role": "teacher", "group": ["groep 5"]}
    answer = officer.post("/users", good | fields)
    assert answer.status_code == status
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}"' in answer.text


def test_changing_disabling_and_a_new_link(served: School) -> None:
    officer, user = served.logged_in(officer_of(served)), served.add("robin@school", KeyRole.TEACHER)
    page = f"/users/{user.id}"
    assert 'value="teacher" required checked' in officer.get(page).text
    assert officer.post(page, {"name": "Robin", "role": "office", "group": ["groep 5"]}).headers["location"] == "/users"
    assert state(served, user.id).role is KeyRole.OFFICE
    assert state(served, user.id).groups == ()

    first, second = link_on(officer.post(f"{page}/link")), link_on(officer.post(f"{page}/link"))
    assert served.visitor().get(first).status_code == 403, "the one before holds no more"
    assert served.visitor().get(second).status_code == 200
    browser = served.logged_in(state(served, user.id))
    assert officer.post(f"{page}/disable").headers["location"] == page
    assert served.visitor().get(second).status_code == 403
    assert browser.get("/account").status_code == 303
    assert officer.post(f"{page}/enable").headers["location"] == page
    assert served.visitor().log_in("robin@school").status_code == 303
    for nobody in ("0123456789abcdef", "none", "%00"):
        assert officer.get(f"/users/{nobody}").status_code == 404


def test_the_last_officer_stays(empty: School) -> None:
    only = empty.add("officer", KeyRole.PRIVACY_OFFICER)
    officer = empty.logged_in(only)
    for answer in (
        officer.post(f"/users/{only.id}/disable"),
        officer.post(f"/users/{only.id}", {"name": "Noor", "role": "teacher", "group": ["groep 5"]}),
    ):
        assert answer.status_code == 422
        assert "Dit is de enige privacyfunctionaris" in answer.text


def test_a_link_that_is_too_old(served: School) -> None:
    user = served.add("late@school", KeyRole.TEACHER)
    with served.registry.write(console(SCHOOL), Act.MANAGE_ACCOUNTS) as session:
        secret, until = invitations.invite(session, user.id)
    now = served.registry.clock
    served.registry.clock = lambda: until + timedelta(seconds=1)
    try:
        answer: httpx.Response = served.visitor().get(f"/invitation/{secret}")
    finally:
        served.registry.clock = now
    assert answer.status_code == 403


def test_every_text_of_the_pages_is_used() -> None:
    folder = Path(texts.__file__).parent / "templates"
    pages = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.j2"))
    assert [key for key in texts.TEXTS if f"say.{key}" not in pages] == []
    assert all(isinstance(text, Text) for text in texts.TEXTS.values())


def officer_of(served: School) -> accounts.Account:
    with served.registry.read(console(SCHOOL), Act.MANAGE_ACCOUNTS) as session:
        found = [account for account in accounts.accounts(session) if account.login == "officer"]
    return found[0] if found else served.add("officer", KeyRole.PRIVACY_OFFICER)


def state(served: School, account_id: str) -> accounts.Account:
    with served.registry.read(console(SCHOOL), Act.MANAGE_ACCOUNTS) as session:
        return accounts.get(session, account_id)
