"""The school's first class list, chosen on the page after the first account."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import httpx
import pytest
from openpyxl import Workbook

from fotopoort.registry.access.roles import Act, KeyRole, console
from fotopoort.registry.lists.sheets import MAX_BYTES
from fotopoort.registry.people import people

from .visitor import SCHOOL, School, Visitor, school

PAGE: Final = "/class-list"
LIST: Final = "id;naam;groep;Beeldmateriaal website\n1;Noor <b>Bakker</b>;groep 5;ja\n2;Sem;groep 6;nee\n"


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[School]:
    """A school with nobody in its registry."""
    with school(tmp_path / "data", has_list=False) as served:
        yield served


def logged_in(served: School, role: KeyRole = KeyRole.PRIVACY_OFFICER) -> Visitor:
    return served.logged_in(served.add(role.value, role))


def send(visitor: Visitor, content: bytes | str, **fields: str) -> httpx.Response:
    """Choose a file and press the button, as a browser sends it."""
    file = {"list": ("klas.csv", content, "text/csv")}
    return visitor.send("POST", PAGE, data={"token": visitor.token} | fields, files=file)


def registered(served: School) -> int:
    with served.registry.read(console(SCHOOL), Act.SEE_PEOPLE) as session:
        return len(people.records(session))


def workbook() -> bytes:
    book, out = Workbook(), io.BytesIO()
    assert book.active is not None
    for row in (("id", "naam", "groep"), ("1", "Noor Bakker", "groep 5"), ("2", "Sem", "groep 5")):
        book.active.append(row)
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("content", [LIST.encode(), LIST.encode("utf-16"), workbook()], ids=["csv", "utf-16", "xlsx"])
def test_a_list_is_imported_and_it_is_told_what_is_there(empty: School, content: bytes) -> None:
    officer = logged_in(empty)
    assert 'type="file"' in officer.get(PAGE).text
    told = send(officer, content)
    assert told.status_code == 200
    assert "De lijst is ingelezen." in told.text
    assert "<dt>groep 5</dt>" in told.text
    assert "Noor" not in told.text
    assert registered(empty) == 2
    assert "import" in empty.audit_kinds()
    again = officer.get(PAGE)
    assert "<dt>Mensen in het register</dt><dd>2</dd>" in again.text
    assert 'type="file"' not in again.text


def test_what_to_check_is_told(empty: School) -> None:
    told = send(logged_in(empty), "naam;groep;BSN;website;Beeldmateriaal Facebook\nNoor;groep 5;123;ja;nee\n").text
    assert "“Beeldmateriaal Facebook” = facebook</li>" in told, "and not that website is website"
    assert "Niet nodig, en niet gelezen: “BSN”" in told
    assert "De lijst heeft geen id&#39;s" in told


def test_the_made_up_list(empty: School) -> None:
    told = logged_in(empty).post(PAGE, {"made-up": "yes"})
    assert "<dt>Mensen in het register</dt><dd>52</dd>" in told.text
    assert "<dt>groep 6</dt><dd>26</dd>" in told.text


@pytest.mark.parametrize(
    ("content", "dutch", "english"),
    [
        pytest.param(b"", "Er is geen bestand gekozen", "No file was chosen", id="none chosen"),
        pytest.param('voornaam\nNoor\n"', "Regel 3", "Line 3", id="no CSV"),
        pytest.param("naam;groep\nNoor;5;6\n", "Regel 2 van de klassenlijst heeft 3", "Line 2 of", id="a cell more"),
        pytest.param("naam;schoenmaat\nNoor;31\n", "schoenmaat", "schoenmaat", id="an unknown column"),
        pytest.param(b"PK\x03\x04 nothing", "Het rekenblad is beschadigd.", "is damaged", id="a damaged spreadsheet"),
        pytest.param("naam;website\n;misschien\n", "Regel 2", "Line 2", id="a cell that means nothing"),
        pytest.param(f"naam;groep\nNoor;{'x' * 100}\n", "80", "80", id="a group's name that is too long"),
    ],
)
def test_a_list_that_cannot_be_read_changes_nothing(
    empty: School, content: bytes | str, dutch: str, english: str
) -> None:
    officer = logged_in(empty)
    for language, words in (("nl", dutch), ("en", english)):
        officer.headers["Accept-Language"] = language
        answer = send(officer, content)
        assert answer.status_code == 422
        assert words in answer.text
        assert 'href="#list"' in answer.text
        assert 'type="file"' in answer.text
    assert registered(empty) == 0


def test_a_file_that_is_too_large_is_refused_before_it_is_read(empty: School) -> None:
    officer = logged_in(empty)
    answer = send(officer, b"x" * (MAX_BYTES + 100_000))
    assert answer.status_code == 413
    assert "Kies een bestand van hooguit 20 MB." in answer.text


def test_a_second_list_is_refused(empty: School) -> None:
    officer = logged_in(empty)
    assert send(officer, LIST).status_code == 200
    for answer in (send(officer, LIST), officer.post(PAGE, {"made-up": "yes"})):
        assert answer.status_code == 409
        assert "Er staan al mensen in het register." in answer.text
    assert registered(empty) == 2


def test_who_must_never_be_found_is_for_the_officer_to_import(empty: School) -> None:
    hidden = "id;naam;groep;nooit_vindbaar\n1;Noor;groep 5;ja\n"
    refused = send(logged_in(empty, KeyRole.OFFICE), hidden)
    assert refused.status_code == 422
    assert "nooit_vindbaar is voor de privacyfunctionaris" in refused.text
    assert registered(empty) == 0
    accepted = send(logged_in(empty), hidden)
    assert accepted.status_code == 200
    assert "vindbaar" not in accepted.text


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Sec-Fetch-Site": "cross-site"}, id="another site"),
        pytest.param({"Origin": "https://evil.example"}, id="a foreign origin"),
    ],
)
def test_no_other_site_sends_a_list(empty: School, headers: dict[str, str]) -> None:
    officer = logged_in(empty)
    officer.headers = headers
    assert send(officer, LIST).status_code == 403
    officer.headers = {"Sec-Fetch-Site": "same-origin"}
    assert send(officer, LIST, token="0" * 64).status_code == 403
    assert registered(empty) == 0


def test_nobody_sends_one_who_may_not(empty: School) -> None:
    stranger = empty.visitor()
    assert send(stranger, LIST).headers["location"].startswith("/login")
    half = empty.visitor()
    empty.add("half", KeyRole.OFFICE)
    half.log_in("half")
    assert send(half, LIST).headers["location"].startswith("/login/second-factor")
    assert registered(empty) == 0


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"--x\r\nContent-Disposition: form-data\r\n\r\nno name\r\n--x--\r\n", id="a part without a name"),
        pytest.param(b"nothing", id="no parts"),
        pytest.param(
            b"".join(
                b'--x\r\nContent-Disposition: form-data; name="list"; filename="%d.csv"\r\n\r\nnaam\r\n' % number
                for number in range(2)
            )
            + b"--x--\r\n",
            id="two files",
        ),
        pytest.param(
            b'--x\r\nContent-Disposition: form-data; name="token"\r\n\r\n' + b"x" * 20_000 + b"\r\n--x--\r\n",
            id="a long field",
        ),
    ],
)
def test_a_form_that_is_broken_is_refused(empty: School, body: bytes) -> None:
    officer = logged_in(empty)
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = officer.send("POST", PAGE, content=body, headers=kind)
    assert answer.status_code in (403, 422)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert registered(empty) == 0


def test_no_other_page_takes_a_file(empty: School) -> None:
    officer = logged_in(empty)
    answer = officer.send("POST", "/users", data={"token": officer.token}, files={"list": ("a.csv", LIST)})
    assert answer.status_code == 422
