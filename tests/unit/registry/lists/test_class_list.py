"""The simple class list: what is read from it, and what is refused by line and column."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from fotopoort.errors import BadClassList, FileMissing, FotopoortError
from fotopoort.policy_file import load_policy
from fotopoort.registry.lists.class_list import read_class_list
from fotopoort.vocabulary import ConsentState, People, Role, Text

FIXTURE = Path(__file__).parents[4] / "fixtures" / "classlist.csv"
WEBSITE = load_policy().channel("website")
NEWSLETTER = replace(WEBSITE, id="newsletter", purpose="newsletter")
HEADER = "id;naam;rol;groep;social_schools;website;facebook;nooit_vindbaar\n"


def written(tmp_path: Path, text: str | bytes, encoding: str = "utf-8") -> Path:
    path = tmp_path / "classlist.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return path


def read(tmp_path: Path, text: str | bytes, encoding: str = "utf-8") -> People:
    return read_class_list(written(tmp_path, text, encoding))


def refusal(tmp_path: Path, text: str | bytes) -> FotopoortError:
    with pytest.raises(BadClassList) as error:
        read(tmp_path, text)
    assert error.value.hint.en
    assert error.value.hint.nl
    assert error.value.exit_status == 2
    return error.value


# --- what is read ----------------------------------------------------------------------------------------


def test_the_made_up_school() -> None:
    people = list(read_class_list(FIXTURE).persons.values())
    for group in ("groep 5", "groep 6"):
        assert sum(group in person.groups and person.role is Role.PUPIL for person in people) == 24
    assert sum(person.role is Role.STAFF for person in people) == 4
    assert [person.groups for person in people if person.never_locatable] == [{"groep 6"}]
    for channel in ("social_schools", "website", "facebook"):
        assert len({person.consent(channel) for person in people}) >= 4
    assert len({person.name for person in people}) == len(people) == 52


def test_one_line(tmp_path: Path) -> None:
    people = read(tmp_path, HEADER + "p1;Noor;leerling;groep 5|groep 6;bezwaar;ja;;ja\n")
    person = people.persons["p1"]
    assert (person.name, person.role, person.groups) == ("Noor", Role.PUPIL, frozenset({"groep 5", "groep 6"}))
    assert person.consents == {
        "social_schools": ConsentState.OBJECTED,
        "website": ConsentState.GRANTED,
        "facebook": ConsentState.NOT_ASKED,
    }
    assert person.never_locatable


@pytest.mark.parametrize(
    "text",
    [
        "id,name,role,group,website\np1,Zoë,staff,year 1,yes\n",
        "WEBSITE;Groep;Rol;Naam;ID\r\nJA;year 1;Leerkracht;Zoë;p1\r\n",
        '\n id ; naam ;rol;groepen;website\n\n p1 ;"Zoë";medewerker; year 1 ;granted\n;;;;\n',
    ],
    ids=["English, commas", "other order, capitals, Windows lines", "spaces, quotes and empty lines"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_as_spreadsheets_write_it(tmp_path: Path, text: str, encoding: str) -> None:
    person = read(tmp_path, text, encoding).persons["p1"]
    assert (person.name, person.role, person.groups) == ("Zoë", Role.STAFF, frozenset({"year 1"}))
    assert person.consent("website") is ConsentState.GRANTED
    assert person.consent("facebook") is ConsentState.NOT_ASKED


@pytest.mark.parametrize(
    ("cell", "state"),
    [
        ("ja", ConsentState.GRANTED),
        ("Yes", ConsentState.GRANTED),
        ("nee", ConsentState.REFUSED),
        ("no", ConsentState.REFUSED),
        ("bezwaar", ConsentState.OBJECTED),
        ("objected", ConsentState.OBJECTED),
        ("ingetrokken", ConsentState.WITHDRAWN),
        ("withdrawn", ConsentState.WITHDRAWN),
        ("", ConsentState.NOT_ASKED),
        ("not_asked", ConsentState.NOT_ASKED),
        ("Niet gevraagd", ConsentState.NOT_ASKED),
    ],
)
def test_words_for_consent(tmp_path: Path, cell: str, state: ConsentState) -> None:
    assert read(tmp_path, f"id;naam;website\np1;Noor;{cell}\n").persons["p1"].consent("website") is state


def test_only_a_name_is_needed(tmp_path: Path) -> None:
    (person,) = read(tmp_path, "naam\nNoor\n").persons.values()
    assert (person.role, person.groups, person.never_locatable) == (Role.PUPIL, frozenset(), False)


def test_an_id_is_derived_from_the_name_alone(tmp_path: Path) -> None:
    before = read(tmp_path, "naam;groep\nNoor;groep 5\nDaan;groep 5\n")
    after = read(tmp_path, "naam;groep\nSem;groep 6\nDaan;groep 6\nNOOR;groep 6\n")
    assert set(before.persons) < set(after.persons)
    assert not any("noor" in id.casefold() for id in before.persons)


def test_a_group_is_spelled_as_it_was_first(tmp_path: Path) -> None:
    people = read(tmp_path, "naam;groep\nNoor;Groep 5\nDaan;groep  5\n")
    assert {group for person in people.persons.values() for group in person.groups} == {"Groep 5"}


def test_a_no_holds_for_every_channel_of_its_purpose(tmp_path: Path) -> None:
    guide = replace(WEBSITE, id="school_guide")
    path = written(tmp_path, "id;naam;website;school_guide\np1;Noor;nee;\np2;Sem;ja;bezwaar\np3;Daan;ja;\n")
    persons = read_class_list(path, [WEBSITE, guide, NEWSLETTER]).persons
    found = {
        id: tuple(person.consent(channel) for channel in ("website", "school_guide", "newsletter"))
        for id, person in persons.items()
    }
    refused, objected, nothing = ConsentState.REFUSED, ConsentState.OBJECTED, ConsentState.NOT_ASKED
    assert found == {
        "p1": (refused, refused, nothing),
        "p2": (objected, objected, nothing),
        "p3": (ConsentState.GRANTED, nothing, nothing),
    }


def test_channels_of_another_policy(tmp_path: Path) -> None:
    path = written(tmp_path, "id;naam;newsletter\np1;Noor;ja\n")
    assert read_class_list(path, [NEWSLETTER]).persons["p1"].consent("newsletter") is ConsentState.GRANTED
    with pytest.raises(BadClassList):
        read_class_list(path)


def test_the_revision_follows_the_content_and_nothing_else(tmp_path: Path) -> None:
    lines = ["p1;Noor;leerling;groep 5;;ja;;\n", "p2;Daan;leerling;groep 5;;nee;;\n", "p3;Sem;leerling;groep 5;;;;\n"]
    revision = read(tmp_path, HEADER + "".join(lines)).revision
    random.Random(1).shuffle(lines)  # noqa: S311 - any order
    assert read(tmp_path, HEADER + "".join(lines) + "\n", "utf-8-sig").revision == revision
    for old, new in (("ja", "nee"), ("Noor", "Nour"), ("p3", "p4"), ("groep 5", "groep 6"), (";;;;", ";;;;ja")):
        assert read(tmp_path, HEADER + "".join(lines).replace(old, new, 1)).revision != revision


# --- what is refused -------------------------------------------------------------------------------------

ONE = "p1;Noor Bakker;leerling;groep 5;;ja;;\n"

REFUSED = {
    "empty": ("", "names nobody"),
    "only column names": (HEADER, "names nobody"),
    "no column names": (ONE, "first line"),
    "no name column": ("id;groep\np1;groep 5\n", "first line"),
    "unknown column": ("naam;webste\nNoor;ja\n", "Column 2 of the class list, “webste”, is unknown"),
    "column twice": ("naam;name\nNoor;Noor\n", "Column 2 of the class list holds the same as column 1"),
    "too few cells": (HEADER + ONE + "p2;Daan Visser;leerling\n", "Line 3 of the class list has 3 cells"),
    "too many cells": (HEADER + "p2;Visser; Daan;leerling;groep 5;;ja;;\n", "Line 2 of the class list has 9 cells"),
    "no name": (HEADER + "p1;;leerling;groep 5;;ja;;\n", "Line 2 of the class list has no name"),
    "unknown role": (HEADER + "p1;Noor;kok;groep 5;;ja;;\n", "Line 2 of the class list, column 3 (role)"),
    "unknown consent": (HEADER + ONE + "p2;Noor;;;;misschien;;\n", "Line 3 of the class list, column 6 (website)"),
    "unknown yes": (HEADER + "p1;Noor;;;;;;Noor\n", "Line 2 of the class list, column 8 (never_locatable)"),
    "same id": (HEADER + ONE + "\n" + ONE, "Lines 2 and 4 of the class list stand for the same person"),
    "same name without ids": ("naam\nNoor\nSem\nnoor\n", "Lines 2 and 4"),
    "after a name on two lines": ('naam;groep\n"Noor\nBakker";5\nSem\n', "Line 4 of the class list has 1 cells"),
    "open quote": (HEADER + 'p1;"Noor Bakker;leerling\n' + ONE, "Line 2 of the class list is no CSV"),
    "a workbook": (b"PK\x03\x04\x14\x00\x06\x00\x08\x00", "not a text file"),
    "no text": (b"naam\n\x81\x8d\xff\n", "not a text file"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "message"), REFUSED.values(), ids=REFUSED)
def test_a_bad_list_is_refused_by_line_and_column_and_never_by_name(
    tmp_path: Path, text: str | bytes, message: str
) -> None:
    error = refusal(tmp_path, text)
    assert message in error.message.en
    assert not any(
        name in repr((error.message, error.hint)) for name in ("Noor", "Bakker", "Daan", "Visser", "misschien")
    )


def test_a_misspelled_column_gets_a_suggestion(tmp_path: Path) -> None:
    assert refusal(tmp_path, "naam;webste\nNoor;ja\n").hint == Text("Bedoelde je website?", "Did you mean website?")
    assert "social_schools" in refusal(tmp_path, "naam;qqqq\nNoor;ja\n").hint.en


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(FileMissing):
        read_class_list(tmp_path / "none.csv")
    with pytest.raises(BadClassList, match="cannot be read"):
        read_class_list(tmp_path)


def test_who_must_never_be_found_is_not_read_where_photos_do_not_wait(tmp_path: Path) -> None:
    """With the setting off a photo shows who that is: it is refused otherwise than an ordinary one."""
    path = written(tmp_path, HEADER + "p1;Noor;;;;;;ja\n")
    with pytest.raises(BadClassList, match="first_say_who is off") as error:
        read_class_list(path, first_say_who=False)
    assert "first_say_who staat uit" in error.value.message.nl
    assert read_class_list(path).persons["p1"].never_locatable
    others = written(tmp_path, HEADER + "p1;Noor;;;;;;nee\n")
    assert read_class_list(others, first_say_who=False) == read_class_list(others)
