"""Class lists as schools have them: what they would change, that all of it is done or nothing, and what is refused."""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from fotopoort.errors import BadClassList, Forbidden, UseError
from fotopoort.registry.access.roles import Act, Caller, KeyRole
from fotopoort.registry.consent import consent_log
from fotopoort.registry.lists import exports, imports
from fotopoort.registry.lists.imports import Plan
from fotopoort.registry.lists.list_reader import Options
from fotopoort.registry.lists.sheets import MAX_BYTES
from fotopoort.registry.people import groups, people
from fotopoort.registry.registry import Registry
from fotopoort.vocabulary import ConsentState, Role

from .conftest import Clock

OFFICE = Caller("school", "k1", KeyRole.OFFICE)
LIST = (
    "Leerlingnummer;Roepnaam;Voorvoegsel;Achternaam;Groep;Geboortedatum;website;facebook\r\n"
    "101;Noor;van den;Berg;groep 5;12-03-2016;ja;nee\r\n"
    "102;Sem;;Bakker;groep 5;1 juli 2010;;bezwaar\r\n"
)


def bring(registry: Registry, content: str | bytes, options: Options = Options(), caller: Caller = OFFICE) -> Plan:  # noqa: B008
    """Import a list, and return what was planned."""
    with registry.write(caller, Act.IMPORT) as session:
        plan = imports.plan(session, content.encode() if isinstance(content, str) else content, options)
        imports.apply(session, plan)
    return plan


def refusal(registry: Registry, content: str | bytes, options: Options = Options()) -> BadClassList:  # noqa: B008
    with pytest.raises(BadClassList) as refused:
        bring(registry, content, options)
    with registry.read(OFFICE, Act.SEE_PEOPLE) as session:
        assert people.records(session) == []
    return refused.value


def book(**sheets: Sequence[Sequence[object]]) -> bytes:
    workbook, out = Workbook(), io.BytesIO()
    workbook.remove(workbook.active)
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    workbook.save(out)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_list_as_a_spreadsheet_writes_it(registry: Registry, encoding: str) -> None:
    bring(registry, LIST.replace("Sem", "Renée").encode(encoding))
    with registry.read(OFFICE, Act.SEE_PEOPLE) as session:
        noor, renee = people.find(session, "101"), people.find(session, "102")
        assert (noor.name, noor.surname, noor.own_from) == ("Noor van den Berg", "Berg", date(2032, 3, 12))
        assert renee.name == "Renée Bakker"
        assert len(people.members(session, "Groep 5")) == 2
        standings = consent_log.standings(session)
        refs = {person: ref for ref, person in people.ids(session).items()}
        assert standings[refs["101"], "website"].state is ConsentState.GRANTED
        assert standings[refs["102"], "facebook"].state is ConsentState.OBJECTED
        assert (refs["102"], "website") not in standings  # nothing was said


def test_the_plan_tells_line_by_line(registry: Registry) -> None:
    plan = bring(registry, LIST)
    assert [(one.line, one.person, one.new, one.words) for one in plan.changes] == [
        (2, "101", True, ("website granted", "facebook refused")),
        (3, "102", True, ("facebook objected",)),
    ]
    again = bring(registry, LIST.replace("Berg", "Bergh").replace("102;Sem;;Bakker;groep 5", "102;Sem;;Bakker;groep 6"))
    assert [(one.line, one.fields, one.groups) for one in again.changes] == [
        (2, ("name", "surname"), None),
        (3, (), ("groep 6",)),
    ]


def test_a_plan_alone_changes_nothing(registry: Registry) -> None:
    with registry.write(OFFICE, Act.IMPORT) as session:
        imports.plan(session, LIST.encode())
        assert people.records(session) == []


def test_the_same_list_twice_changes_nothing(registry: Registry) -> None:
    bring(registry, LIST)
    again = bring(registry, LIST)
    assert (again.changes, again.unchanged) == ((), 2)


def test_a_birthday_is_not_kept_only_the_sixteenth(registry: Registry, clock: Clock) -> None:
    bring(registry, "id;naam;geboortedatum\np1;Noor;29-02-2012\n")
    with registry.read(OFFICE, Act.SEE_PEOPLE) as session:
        assert people.find(session, "p1").own_from == date(2028, 2, 29)
        assert "2012" not in repr(people.find(session, "p1"))


def test_a_workbook_with_consents_and_earlier_years(registry: Registry) -> None:
    content = book(
        leerlingen=[
            ["id", "naam", "rol", "groep"],
            [101, "Noor", "leerling", "groep 5"],
            [201, "Juf", "leerkracht", ""],
        ],
        toestemmingen=[
            ["id", "kanaal", "antwoord", "wie", "hoedanigheid", "datum", "geldig tot", "formulier"],
            [101, "website", "ja", "moeder", "ouder", date(2024, 9, 1), date(2026, 9, 1), "2024"],
            [101, "facebook", "nee", "vader", "ouder", "2 oktober 2025", None, "2025"],
            [201, "website", "ja", "", "zelf", "2024-09-01", None, ""],
        ],
        groepen=[["id", "schooljaar", "groep"], [101, "2024-2025", "groep 3"], [101, "2025/26", "groep 4"]],
    )
    plan = bring(registry, content)
    assert len(plan.changes) == 2 + 3 + 2
    with registry.read(OFFICE, Act.SEE_PEOPLE) as session:
        refs = {person: ref for ref, person in people.ids(session).items()}
        assert groups.groups_of(session, refs["101"]) == {2024: ["groep 3"], 2025: ["groep 4"], 2026: ["groep 5"]}
        noor = consent_log.history(session, refs["101"])
        assert [(one.purpose, one.word, one.speaker) for one in noor] == [
            ("website", ConsentState.GRANTED, "moeder"),
            ("facebook", ConsentState.REFUSED, "vader"),
        ]
        standings = consent_log.standings(session)
        assert standings[refs["101"], "website"].ended
        assert standings[refs["201"], "website"].state is ConsentState.GRANTED  # grown-ups speak for themselves
        assert people.find(session, "201").role is Role.STAFF
    assert bring(registry, content).changes == ()


def test_titles_can_be_renamed_and_left_out(registry: Registry) -> None:
    content = "Lln.nr;Naam;BSN\n101;Noor;123\n"
    assert "Column 1, “Lln.nr”, is unknown" in refusal(registry, content).message
    bring(registry, content, Options(rename={"Lln.nr": "id"}, ignore=["bsn"]))
    with registry.read(OFFICE, Act.SEE_PEOPLE) as session:
        assert people.find(session, "101").name == "Noor"


def test_who_is_no_longer_on_the_list_leaves_when_that_is_asked(registry: Registry) -> None:
    bring(registry, LIST)
    day = date(2026, 11, 23)
    plan = bring(registry, "\r\n".join(LIST.splitlines()[:2]), Options(leave_on=day))
    assert plan.leaving == ("102",)
    with registry.read(OFFICE, Act.SEE_PEOPLE) as session:
        assert people.find(session, "102").leaves == day


REFUSED = {
    "unknown column": ("id;naam;kleur\np1;Noor;rood\n", "Column 3, “kleur”, is unknown"),
    "nearly known": ("id;naam;webste\np1;Noor;ja\n", "did you mean website"),
    "column twice": ("id;naam;name\np1;Noor;Noor\n", "Column 3 holds the same as column 2"),
    "no titles": ("p1;Noor Bakker;groep 5\n", "The first line must name the columns"),
    "impossible date": ("id;naam;uitschrijfdatum\np1;Noor;31-02-2026\n", "column 3 (“uitschrijfdatum”): it is no day"),
    "short year": ("id;naam;geboortedatum\np1;Noor;01-02-16\n", "Line 2, column 3 (“geboortedatum”): it is no day"),
    "born tomorrow": ("id;naam;geboortedatum\np1;Noor;25-11-2026\n", "nobody at school was born then"),
    "born long ago": ("id;naam;geboortedatum\np1;Noor;01-01-1900\n", "nobody at school was born then"),
    "same person": ("id;naam\np1;Noor\np2;Sem\np1;Noor\n", "Line 4, column 1 (“id”): the same person is on line 2"),
    "no name": ("id;naam\np1;Noor\np2;\n", "Line 3, column 2 (“naam”): there is no name"),
    "unknown word": ("id;naam;website\np1;Noor;misschien\n", "Line 2, column 3 (“website”): not a word known there"),
    "unknown role": ("id;naam;rol\np1;Noor;kok\n", "Line 2, column 3 (“rol”): not a word known there"),
    "unknown person": ("id;kanaal;antwoord;datum\np9;website;ja;01-09-2026\n", "Line 2: nobody has that id"),
    "unknown channel": ("id;kanaal;antwoord;datum\np1;tv;ja;01-09-2026\n", "column 2 (“kanaal”): not a word known"),
    "said tomorrow": ("id;kanaal;antwoord;datum\np1;website;ja;25-11-2026\n", "that day is not yet there"),
    "no day": ("id;kanaal;antwoord;datum\np1;website;ja;\n", "the day it was said is missing"),
    "no school year": ("id;schooljaar;groep\np1;2024-2026;groep 5\n", "column 2 (“schooljaar”): it is no school year"),
    "too few cells": ("id;naam;groep\np1;Noor\n", "Line 2 of the class list has 2 cells"),
    "empty": ("", "names nobody"),
    "only titles": ("id;naam\n", "names nobody"),
    "no text": (b"\x00\x01\x02\x81\x8d", "not a text file"),
    "a damaged workbook": (b"PK\x03\x04" + bytes(100), "damaged"),
    "no workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "cannot be read"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "message"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_understood_is_told_by_line_and_column(
    registry: Registry, content: str | bytes, message: str
) -> None:
    error = refusal(registry, content)
    assert message in error.message
    assert error.hint
    assert not any(word in error.message + error.hint for word in ("Noor", "Bakker", "rood", "misschien", "kok"))


def test_all_that_is_wrong_is_told_at_once(registry: Registry) -> None:
    rows = "".join(f"p{number};Noor;31-02-2026;misschien\n" for number in range(30))
    error = refusal(registry, "id;naam;uitschrijfdatum;website\n" + rows)
    assert len(error.message.splitlines()) == 21
    assert "And 40 more." in error.message


def test_one_wrong_line_keeps_everything_out(registry: Registry) -> None:
    refusal(registry, LIST + "103;Daan;;Visser;groep 5;31-02-2016;ja;ja\r\n")


def test_a_large_file_is_refused_before_it_is_read(registry: Registry) -> None:
    assert "larger than 20 MB" in refusal(registry, b"a" * (MAX_BYTES + 1)).message


def test_a_workbook_that_unpacks_to_too_much_is_refused(registry: Registry) -> None:
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", bytes(310_000_000))
    assert len(out.getvalue()) < 1_000_000
    assert "unpacks to more" in refusal(registry, out.getvalue()).message


def test_who_must_never_be_found_is_not_for_the_office(registry: Registry, caller: Caller) -> None:
    content = "id;naam;nooit vindbaar\np1;Noor;\np2;Sem;ja\n"
    with pytest.raises(Forbidden):
        bring(registry, content)
    with pytest.raises(Forbidden):
        bring(registry, content.replace("ja", "nee"))  # else the plan would tell who is
    bring(registry, content.replace("ja", ""))
    bring(registry, content, caller=caller)
    assert not bring(registry, content.replace("ja", "")).changes
    assert not bring(registry, content.replace("ja", ""), caller=caller).changes
    with registry.read(caller, Act.SEE_HIDDEN) as session:
        assert people.find(session, "p2").never_locatable
    bring(registry, "id;naam\np2;Sem de Groot\n")  # a list without that column leaves it as it is
    with registry.read(caller, Act.SEE_HIDDEN) as session:
        assert people.find(session, "p2").never_locatable


LINES = st.text(max_size=400).map(lambda text: ("id;naam\n" + text).encode("utf-8", "replace"))


def test_a_workbook_that_asks_for_too_much_is_refused_and_costs_nothing(registry: Registry) -> None:
    """A cell at the first place and one at the last: a small file with more cells than there is memory for."""
    workbook, out = Workbook(), io.BytesIO()
    sheet = workbook.active
    sheet["A1"], sheet["XFD1048576"] = "id", "x"
    workbook.save(out)
    assert len(out.getvalue()) < 10_000
    assert "cannot be read" in refusal(registry, out.getvalue()).message


def test_a_list_with_too_many_columns_is_refused(registry: Registry) -> None:
    assert "more than 200 columns" in refusal(registry, "id;naam" + ";" * 300 + "\n").message


def test_an_old_list_does_not_undo_a_later_no(registry: Registry, clock: Clock) -> None:
    bring(registry, LIST)
    clock.now += timedelta(days=1)
    with registry.write(OFFICE, Act.RECORD_CONSENT) as session:
        consent_log.record(session, consent_log.Statement("101", "website", ConsentState.WITHDRAWN))
    again = bring(registry, LIST)
    assert again.changes == ()
    assert "Line 2: the list says yes for website, and the registry has a no" in again.warnings[0]
    clock.now += timedelta(days=2)
    dated = "id;naam;website;website datum\n101;Noor van den Berg;ja;26-11-2026\n"
    assert [one.words for one in bring(registry, dated).changes] == [("website granted",)]


def test_what_is_exported_is_what_holds_by_whoevers_word(registry: Registry) -> None:
    bring(registry, LIST)
    with registry.write(OFFICE, Act.RECORD_CONSENT) as session:
        consent_log.record(session, consent_log.Statement("101", "website", ConsentState.OBJECTED, speaker="moeder"))
    with registry.write(OFFICE, Act.EXPORT) as session:
        row = next(line for line in exports.class_list(session).decode().splitlines() if line.startswith("101;"))
    assert "ja" not in row.split(";")


@pytest.mark.parametrize("day", ["01-09-0202", "01-09-0001", "01-09-2999"])
def test_a_year_that_cannot_be_is_refused(registry: Registry, day: str) -> None:
    content = f"id;kanaal;antwoord;datum\np1;website;ja;{day}\n"
    assert "it is no day on the calendar" in refusal(registry, content).message


def test_who_left_and_is_on_the_list_again_is_told(registry: Registry, clock: Clock) -> None:
    bring(registry, LIST)
    with registry.write(OFFICE, Act.EDIT_PEOPLE) as session:
        people.leave(session, "101", session.today)
    clock.now += timedelta(days=1)
    assert "has left" in bring(registry, LIST).warnings[0]


@given(content=st.binary(max_size=400) | LINES)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_whatever_it_is_the_answer_is_a_plan_or_a_refusal(registry: Registry, content: bytes) -> None:
    with registry.read(OFFICE, Act.IMPORT) as session, suppress(UseError):
        imports.plan(session, content)


# --- and out again ---------------------------------------------------------------------------------------


def test_what_is_exported_can_be_imported_and_changes_nothing(registry: Registry, caller: Caller) -> None:
    bring(
        registry, LIST + "103;=1+1;;@cmd|' /C calc'!A0;groep 5;;ja;\r\n104;'=Jan;;\uff0dx;groep 6;;;\r\n", caller=caller
    )
    for export in (exports.class_list, exports.consents):
        with registry.write(caller, Act.EXPORT) as session:
            content = export(session)
        for line in content.decode("utf-8-sig").splitlines():
            assert not any(
                cell.lstrip(" '").startswith(("=", "@", "\uff0d")) and cell[:1] != "'" for cell in line.split(";")
            )
        if export is exports.class_list:
            assert bring(registry, content, caller=caller).changes == ()


def test_everything_about_one_person(registry: Registry, caller: Caller) -> None:
    bring(registry, LIST)
    with registry.write(OFFICE, Act.EXPORT) as session:
        content = exports.person_export(session, "101")
    assert content["person"]["name"] == "Noor van den Berg"
    assert "never_locatable" not in content["person"]
    assert content["groups"] == {2026: ["groep 5"]}
    assert content["holds_now"] == {"website": ConsentState.GRANTED, "facebook": ConsentState.REFUSED}
    assert len(content["said"]) == 2
    assert [row["kind"] for row in content["log"]][:1] == ["person.added"]
    with registry.write(caller, Act.EXPORT) as session:
        assert exports.person_export(session, "101")["person"]["never_locatable"] is False


def test_the_office_gets_a_list_that_says_nothing_of_who_is_hidden(registry: Registry, caller: Caller) -> None:
    bring(registry, "id;naam;nooit vindbaar\np1;Noor;\np2;Sem;ja\n", caller=caller)
    with registry.write(OFFICE, Act.EXPORT) as session:
        assert b"vindbaar" not in exports.class_list(session)
    with registry.write(caller, Act.EXPORT) as session:
        assert b"nooit_vindbaar" in exports.class_list(session)


def test_words_with_a_day_of_their_own(registry: Registry, clock: Clock) -> None:
    content = "id;naam;website;website datum;website tot\np1;Noor;ja;01-09-2025;24-11-2026\n"
    bring(registry, content)
    with registry.read(OFFICE, Act.SEE_PEOPLE) as session:
        ref = people.ref_of(session, "p1")
        (word,) = consent_log.history(session, ref)
        assert word.at.astimezone(session.now.tzinfo).date() == date(2025, 9, 1)
        assert consent_log.standings(session)[ref, "website"].state is ConsentState.GRANTED
    clock.now += timedelta(days=1)
    with registry.read(OFFICE, Act.SEE_PEOPLE) as session:
        assert consent_log.standings(session)[ref, "website"].state is ConsentState.NOT_ASKED
    assert bring(registry, content).changes == ()
