"""Which group is in a photo: one for all, by the folder it lies in, or by a list.

A group that was not there on the day of the photo is no group: then the whole school counts, which is stricter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path, PurePath
from typing import TypeAlias

from fotopoort.errors import BadAnswers, FileMissing
from fotopoort.registry.class_list import group_key
from fotopoort.registry.sheets import csv_rows
from fotopoort.vocabulary import People

# A photo's path below the folder, and who was at school then → the groups in it, as the school spells them.
GroupsOf: TypeAlias = Callable[[str, People | None], frozenset[str]]


def for_all(groups: frozenset[str]) -> GroupsOf:
    """The same groups for every photo."""
    return lambda path, people: _spelled(groups, people)


def from_folder(folder: Path) -> GroupsOf:
    """The nearest folder whose name is a group's, `folder` itself last."""

    def groups_of(path: str, people: People | None) -> frozenset[str]:
        known = _known(people)
        for name in (*reversed(PurePath(path).parts[:-1]), folder.resolve().name):
            if group_key(name) in known:
                return frozenset({known[group_key(name)]})
        return frozenset()

    return groups_of


def from_list(listed: Mapping[str, frozenset[str]]) -> GroupsOf:
    """As a list has it, per photo or per folder; the nearest counts."""

    def groups_of(path: str, people: People | None) -> frozenset[str]:
        for place in (path, *(str(parent) for parent in PurePath(path).parents)):
            if place in listed:
                return _spelled(listed[place], people)
        return frozenset()

    return groups_of


def read_list(path: Path) -> dict[str, frozenset[str]]:
    """A CSV with a path below the folder (of a photo, or of a folder of them) and a group on each line.

    Raises:
        FileMissing: there is no such file.
        BadAnswers: it is no CSV of two columns in UTF-8; the message names the line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise FileMissing("There is no list of groups at that path.") from None
    except (OSError, UnicodeDecodeError):
        raise BadAnswers("The list of groups cannot be read.", hint="Save it as CSV in UTF-8.") from None
    listed: dict[str, frozenset[str]] = {}
    for row in csv_rows(text):
        if len(row.cells) != 2:
            raise BadAnswers(
                f"Line {row.line} of the list of groups has {len(row.cells)} cells.", hint="It takes path;group."
            )
        place, group = (str(cell) for cell in row.cells)
        place = str(PurePath(place))
        if group and group_key(group) not in ("group", "groep"):
            listed[place] = listed.get(place, frozenset()) | {group}
    return listed


def _spelled(groups: frozenset[str], people: People | None) -> frozenset[str]:
    if people is None:
        return groups
    known = _known(people)
    keys = {group_key(group) for group in groups}
    return frozenset(known[key] for key in keys) if keys <= known.keys() else frozenset()


def _known(people: People | None) -> dict[str, str]:
    if people is None:
        return {}
    return {group_key(group): group for person in people.persons.values() for group in person.groups}
