"""Which group is in a photo."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fotopoort.batch.grouping import Grouping, read_list
from fotopoort.errors import BadAnswers, BadClassList, FileMissing
from fotopoort.vocabulary import People, Person

PEOPLE = People({str(n): Person(str(n), "x", groups=frozenset({f"groep {n}"})) for n in (5, 6)}, "1")
NOBODY: frozenset[str] = frozenset()


@pytest.mark.parametrize(
    ("named", "people", "groups"),
    [
        ({"Groep  5"}, PEOPLE, {"groep 5"}),
        ({"groep 5", "groep 6"}, PEOPLE, {"groep 5", "groep 6"}),
        ({"groep 5", "groep 9"}, PEOPLE, set()),  # not there on that day: the whole school
        (set(), PEOPLE, set()),
        ({"groep 5"}, None, {"groep 5"}),
    ],
)
def test_groups_for_all_are_those_of_the_day(named: set[str], people: People | None, groups: set[str]) -> None:
    assert Grouping(frozenset(named)).of("a.jpg", people) == groups


@pytest.mark.parametrize(
    ("path", "groups"),
    [
        ("groep 5/a.jpg", {"groep 5"}),
        ("2023/GROEP 6/kamp/a.jpg", {"groep 6"}),
        ("groep 5/groep 6/a.jpg", {"groep 6"}),
        ("groep 9/a.jpg", set()),
        ("groep 5 kamp/a.jpg", set()),
        ("groep 5.jpg", set()),
        ("a.jpg", set()),
    ],
)
def test_the_nearest_folder_that_is_called_as_a_group_counts(path: str, groups: set[str]) -> None:
    assert Grouping(folder="fotos").of(path, PEOPLE) == groups
    assert Grouping(folder="fotos").of(path, None) == NOBODY


def test_the_folder_itself_may_be_called_so() -> None:
    assert Grouping(folder="Groep 5").of("kamp/a.jpg", PEOPLE) == {"groep 5"}


@pytest.mark.parametrize(
    "grouping",
    [Grouping(frozenset({"groep 5"})), Grouping(folder="kamp"), Grouping(listed={"a.jpg": frozenset({"groep 6"})})],
)
def test_another_machine_groups_alike(grouping: Grouping) -> None:
    assert Grouping.from_json(json.loads(json.dumps(grouping.to_json()))) == grouping


def test_a_list_names_photos_and_folders(tmp_path: Path) -> None:
    path = tmp_path / "groepen.csv"
    path.write_text(
        "foto;groep\nkamp;groep 5\nkamp/a.jpg;groep 6\nkamp/b.jpg;groep 5\nkamp/b.jpg;groep 6\n", "utf-8-sig"
    )
    grouping = Grouping(listed=read_list(path))
    assert grouping.of("kamp/a.jpg", PEOPLE) == {"groep 6"}
    assert grouping.of("kamp/b.jpg", PEOPLE) == {"groep 5", "groep 6"}
    assert grouping.of("kamp/diep/c.jpg", PEOPLE) == {"groep 5"}
    assert grouping.of("elders/c.jpg", PEOPLE) == NOBODY


@pytest.mark.parametrize(
    ("content", "error"),
    [(b"a;b;c\n1;2;3\n", BadAnswers), (b"\xff\xfe\xff", BadAnswers), (b'a;b\n"c;d\n', BadClassList)],
)
def test_a_list_that_cannot_be_read_is_refused(content: bytes, error: type[Exception], tmp_path: Path) -> None:
    (tmp_path / "groepen.csv").write_bytes(content)
    with pytest.raises(error):
        read_list(tmp_path / "groepen.csv")


def test_the_line_of_a_list_that_is_wrong_is_named_in_both_languages(tmp_path: Path) -> None:
    (tmp_path / "groepen.csv").write_text("sportdag;groep 6;geheim\n")
    with pytest.raises(BadAnswers) as refused:
        read_list(tmp_path / "groepen.csv")
    assert refused.value.message.en == "Line 1 of the list of groups has 3 cells."
    assert refused.value.message.nl == "Regel 1 van de lijst met groepen heeft 3 cellen."


def test_a_list_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileMissing):
        read_list(tmp_path / "nergens.csv")
