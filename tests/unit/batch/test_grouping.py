"""Which group is in a photo."""

from __future__ import annotations

from pathlib import Path

import pytest

from fotopoort.batch.grouping import for_all, from_folder, from_list, read_list
from fotopoort.errors import BadAnswers, BadClassList, FileMissing
from fotopoort.vocabulary import People, Person

PEOPLE = People({str(n): Person(str(n), "x", groups=frozenset({f"groep {n}"})) for n in (5, 6)}, "1")
NOBODY: frozenset[str] = frozenset()


@pytest.mark.parametrize(
    ("named", "known", "groups"),
    [
        ({"Groep  5"}, PEOPLE, {"groep 5"}),
        ({"groep 5", "groep 6"}, PEOPLE, {"groep 5", "groep 6"}),
        ({"groep 5", "groep 9"}, PEOPLE, set()),  # not there on that day: the whole school
        (set(), PEOPLE, set()),
        ({"groep 5"}, None, {"groep 5"}),
    ],
)
def test_groups_for_all_are_those_of_the_day(named: set[str], known: People | None, groups: set[str]) -> None:
    assert for_all(frozenset(named))("a.jpg", known) == groups


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
def test_the_nearest_folder_that_is_called_as_a_group_counts(path: str, groups: set[str], tmp_path: Path) -> None:
    assert from_folder(tmp_path)(path, PEOPLE) == groups
    assert from_folder(tmp_path)(path, None) == NOBODY


def test_the_folder_itself_may_be_called_so(tmp_path: Path) -> None:
    (tmp_path / "groep 5").mkdir()
    assert from_folder(tmp_path / "groep 5")("kamp/a.jpg", PEOPLE) == {"groep 5"}


def test_a_list_names_photos_and_folders(tmp_path: Path) -> None:
    path = tmp_path / "groepen.csv"
    path.write_text(
        "foto;groep\nkamp;groep 5\nkamp/a.jpg;groep 6\nkamp/b.jpg;groep 5\nkamp/b.jpg;groep 6\n", "utf-8-sig"
    )
    groups_of = from_list(read_list(path))
    assert groups_of("kamp/a.jpg", PEOPLE) == {"groep 6"}
    assert groups_of("kamp/b.jpg", PEOPLE) == {"groep 5", "groep 6"}
    assert groups_of("kamp/diep/c.jpg", PEOPLE) == {"groep 5"}
    assert groups_of("elders/c.jpg", PEOPLE) == NOBODY


@pytest.mark.parametrize(
    ("content", "error"),
    [(b"a;b;c\n1;2;3\n", BadAnswers), (b"\xff\xfe\xff", BadAnswers), (b'a;b\n"c;d\n', BadClassList)],
)
def test_a_list_that_cannot_be_read_is_refused(content: bytes, error: type[Exception], tmp_path: Path) -> None:
    (tmp_path / "groepen.csv").write_bytes(content)
    with pytest.raises(error):
        read_list(tmp_path / "groepen.csv")


def test_a_list_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileMissing):
        read_list(tmp_path / "nergens.csv")
