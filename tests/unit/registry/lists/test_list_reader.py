"""Understanding a class list: titles, cells, and what is wrong, by line and column."""

from __future__ import annotations

from datetime import date

import pytest

from fotopoort.errors import BadClassList
from fotopoort.registry.access.roles import Act
from fotopoort.registry.lists.parsed_list import ImportOptions, renames
from fotopoort.registry.people import people
from fotopoort.registry.registry import Registry

from ..conftest import Clock
from .class_lists import OFFICE, book, bring, refusal


def test_titles_can_be_renamed_and_left_out(registry: Registry) -> None:
    content = "Pasnr;Naam;Kleur\n101;Noor;rood\n"
    assert "Column 1, “Pasnr”, is unknown" in refusal(registry, content).message.en
    bring(registry, content, ImportOptions(rename={"Pasnr": "id"}, ignore=["kleur"]))
    with registry.read(OFFICE, Act.SEE_PEOPLE) as session:
        assert people.find(session, "101").name == "Noor"


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
    assert message in error.message.en
    assert error.hint.en
    assert not any(word in repr((error.message, error.hint)) for word in ("Noor", "Bakker", "rood", "misschien", "kok"))


REFUSED_OPTIONS = {
    "two columns for one channel": (
        "id;naam;a;b\np1;Noor;nee;ja\n",
        ImportOptions(rename={"a": "website", "b": "website"}),
        "Column 4 holds the same as column 3",
    ),
    "a column beside the one that is renamed to it": (
        "id;naam;website;b\np1;Noor;nee;ja\n",
        ImportOptions(rename={"b": "website"}),
        "Column 4 holds the same as column 3",
    ),
    "a no that is left out": (
        "id;naam;website;b\np1;Noor;nee;ja\n",
        ImportOptions(rename={"b": "website"}, ignore=["website"]),
        "Column 3 is of website, and cannot be ignored",
    ),
    "a no that is read as another": (
        "id;naam;website\np1;Noor;nee\n",
        ImportOptions(rename={"website": "facebook"}),
        "Column 3 is of website, and cannot be ignored",
    ),
    "renamed in two spellings": (
        "id;naam;a.b\np1;Noor;nee\n",
        ImportOptions(rename={"a.b": "website", "A b": "facebook"}),
        "The option for “a b”: named twice",
    ),
    "renamed and ignored": (
        "id;naam;a\np1;Noor;nee\n",
        ImportOptions(rename={"a": "website"}, ignore=["A"]),
        "The option for “a”: named twice",
    ),
    "no such title": (
        "id;naam;websit\np1;Noor;nee\n",
        ImportOptions(rename={"webzit": "website"}),
        "The option for “webzit”: no column of the list: did you mean websit?",
    ),
    "nothing to leave out": ("id;naam\np1;Noor\n", ImportOptions(ignore=["BSN"]), "The option for “bsn”: no column"),
    "no such column": (
        "id;naam;a\np1;Noor;nee\n",
        ImportOptions(rename={"a": "webzite"}),
        "The option for “a”: “webzite” is no column: did you mean website?",
    ),
    "a year without groups": ("id;naam\np1;Noor\n", ImportOptions(year=2025), "has no column groep"),
    "leaving without groups": ("id;naam\np1;Noor\n", ImportOptions(leave_on=date(2026, 7, 1)), "no column groep"),
    "a no below no title": ("id;naam;\np1;Noor;nee\n", ImportOptions(), "Column 3 has no title"),
    "a no that nobody reads": (
        "id;schooljaar;groep;website\np1;2024-2025;groep 5;nee\n",
        ImportOptions(),
        "Column 4, “website”, means nothing beside the other columns",
    ),
    "a word without a channel": (
        "id;naam;antwoord\np1;Noor;nee\n",
        ImportOptions(),
        "Column 3, “antwoord”, is unknown",
    ),
    "a channel without a word": ("id;naam;kanaal\np1;Noor;website\n", ImportOptions(), "“kanaal”, means nothing"),
    "a day without a decision": (
        "id;naam;website datum\np1;Noor;01-09-2026\n",
        ImportOptions(),
        "“website datum”, means nothing",
    ),
    "decided tomorrow": (
        "id;naam;website;website datum\np1;Noor;nee;25-11-2026\n",
        ImportOptions(),
        "that day is not yet there",
    ),
}


@pytest.mark.parametrize(("content", "options", "message"), REFUSED_OPTIONS.values(), ids=REFUSED_OPTIONS)
def test_no_column_and_no_option_is_passed_over_in_silence(
    registry: Registry, content: str, options: ImportOptions, message: str
) -> None:
    error = refusal(registry, content, options)
    assert message in error.message.en
    assert error.message.nl != error.message.en
    assert error.hint.nl


def test_a_title_that_is_renamed_twice_is_refused() -> None:
    with pytest.raises(BadClassList, match="renamed twice"):
        renames([("a", "website"), ("a", "facebook")])


def test_all_that_is_wrong_is_told_at_once(registry: Registry) -> None:
    rows = "".join(f"p{number};Noor;31-02-2026;misschien\n" for number in range(30))
    error = refusal(registry, "id;naam;uitschrijfdatum;website\n" + rows)
    assert len(error.message.en.splitlines()) == 21
    assert "And 40 more." in error.message.en
    assert "En nog 40." in error.message.nl


@pytest.mark.parametrize("day", ["01-09-0202", "01-09-0001", "01-09-2999"])
def test_a_year_that_cannot_be_is_refused(registry: Registry, day: str) -> None:
    content = f"id;kanaal;antwoord;datum\np1;website;ja;{day}\n"
    assert "it is no day on the calendar" in refusal(registry, content).message.en


def test_a_birthday_is_not_kept_only_the_sixteenth(registry: Registry, clock: Clock) -> None:
    bring(registry, "id;naam;geboortedatum\np1;Noor;29-02-2012\n")
    with registry.read(OFFICE, Act.SEE_PEOPLE) as session:
        assert people.find(session, "p1").own_from == date(2028, 2, 29)
        assert "2012" not in repr(people.find(session, "p1"))


def test_the_same_problem_is_reported_in_dutch(registry: Registry) -> None:
    error = refusal(registry, "id;naam;website\np1;Noor;misschien\n")
    assert error.message.nl.startswith("Regel 2, kolom 3 (“website”): dit woord is daar niet bekend; schrijf een van ")
    error = refusal(registry, book(leerlingen=[["id", "naam"], ["p1", "Noor"], ["p1", "Noor"]]))
    assert "Regel 3 van tabblad “leerlingen”" in error.message.nl
    assert "dezelfde persoon staat op regel 2 van tabblad “leerlingen”" in error.message.nl
