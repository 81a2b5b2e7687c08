"""Which group is in a photo: one for all, by the folder it lies in, or by a list.

A group that was not there on the day of the photo is no group: then the whole school counts, which is stricter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from fotopoort.application.contract.documents import Json
from fotopoort.errors import BadAnswers, FileMissing
from fotopoort.registry.lists.class_list import group_key
from fotopoort.registry.lists.sheets import csv_rows
from fotopoort.vocabulary import People


@dataclass(frozen=True, slots=True)
class Grouping:
    """By what the groups in a photo are known: a list, else the names of folders, else they are the same in all.

    Attributes:
        groups: in every photo.
        folder: the name of the folder that all photos lie in.
        listed: per path of a photo or folder below it; the nearest counts.
    """

    groups: frozenset[str] = frozenset()
    folder: str | None = field(default=None, repr=False)
    listed: Mapping[str, frozenset[str]] | None = field(default=None, repr=False)

    def of(self, path: str, people: People | None) -> frozenset[str]:
        """The groups in a photo, as the school spells them.

        Args:
            path: of the photo, below the folder.
            people: who was at school then.
        """
        if self.listed is not None:
            places = (path, *map(str, PurePath(path).parents))
            return _spelled(next((self.listed[one] for one in places if one in self.listed), frozenset()), people)
        if self.folder is None:
            return _spelled(self.groups, people)
        known = _known(people)
        names = (*reversed(PurePath(path).parts[:-1]), self.folder)
        return frozenset(next(([known[group_key(name)]] for name in names if group_key(name) in known), []))

    def to_json(self) -> Json:
        """For `from_json`, on another machine."""
        listed = None if self.listed is None else {path: sorted(groups) for path, groups in self.listed.items()}
        return {"groups": sorted(self.groups), "folder": self.folder, "listed": listed}

    @classmethod
    def from_json(cls, document: Json) -> Grouping:
        """What `to_json` was made of."""
        listed = document["listed"]
        return cls(
            frozenset(document["groups"]),
            document["folder"],
            None if listed is None else {path: frozenset(groups) for path, groups in listed.items()},
        )


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
