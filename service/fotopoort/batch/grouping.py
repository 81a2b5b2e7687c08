"""Which groups are in a photo: named once for all photos, by the folder it lies in, or by a list.

A group that did not exist in any school year of the photo counts as none: then anyone in the school may be in it, which
is stricter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from fotopoort.application.contract.documents import Json
from fotopoort.errors import BadAnswers, FileMissing
from fotopoort.registry.lists.sheets import csv_rows
from fotopoort.vocabulary import People, Text, group_key


@dataclass(frozen=True, slots=True)
class Grouping:
    """What tells the groups in a photo: a list where there is one, else names of folders, else the same for all photos.

    Attributes:
        groups: in every photo.
        folder: the name of the folder that all photos lie in; None: names of folders do not tell.
        listed: groups by path of a photo or folder below it; the nearest path counts. None: there is no list.
    """

    groups: frozenset[str] = frozenset()
    folder: str | None = field(default=None, repr=False)
    listed: Mapping[str, frozenset[str]] | None = field(default=None, repr=False)

    def of(self, path: str, people: People | None) -> frozenset[str]:
        """The groups in a photo, as the school spells them.

        Args:
            path: of the photo, below the folder.
            people: who was at school in the school years that the photo can be of.
        """
        if self.listed is not None:
            paths = (path, *map(str, PurePath(path).parents))
            listed = next((self.listed[place] for place in paths if place in self.listed), frozenset())
            return _as_spelled(listed, people)
        if self.folder is None:
            return _as_spelled(self.groups, people)
        spellings = _spellings(people)
        keys = (group_key(name) for name in (*reversed(PurePath(path).parts[:-1]), self.folder))
        return frozenset(next(([spellings[key]] for key in keys if key in spellings), []))

    def to_json(self) -> Json:
        """For `from_json`, on another machine."""
        listed = None if self.listed is None else {path: sorted(groups) for path, groups in self.listed.items()}
        return {"groups": sorted(self.groups), "folder": self.folder, "listed": listed}

    @classmethod
    def from_json(cls, document: Json) -> Grouping:
        """The grouping that `to_json` wrote."""
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
        raise FileMissing(
            Text(
                nl="Op dat pad staat geen lijst met groepen.",
                en="There is no list of groups at that path.",
            )
        ) from None
    except (OSError, UnicodeDecodeError):
        raise BadAnswers(
            Text(nl="De lijst met groepen kan niet worden gelezen.", en="The list of groups cannot be read."),
            hint=Text(nl="Sla hem op als CSV in UTF-8.", en="Save it as CSV in UTF-8."),
        ) from None
    listed: dict[str, frozenset[str]] = {}
    for row in csv_rows(text):
        if len(row.cells) != 2:
            raise BadAnswers(
                Text(
                    nl=f"Regel {row.line} van de lijst met groepen heeft {len(row.cells)} cellen.",
                    en=f"Line {row.line} of the list of groups has {len(row.cells)} cells.",
                ),
                hint=Text(nl="Er hoort pad;groep te staan.", en="It takes path;group."),
            )
        place, group = (str(cell) for cell in row.cells)
        place = str(PurePath(place))
        if group and group_key(group) not in ("group", "groep"):
            listed[place] = listed.get(place, frozenset()) | {group}
    return listed


def _as_spelled(groups: frozenset[str], people: People | None) -> frozenset[str]:
    """These groups as the school spells them; none where one of them did not exist."""
    if people is None:
        return groups
    spellings = _spellings(people)
    keys = {group_key(group) for group in groups}
    return frozenset(spellings[key] for key in keys) if keys <= spellings.keys() else frozenset()


def _spellings(people: People | None) -> dict[str, str]:
    """The school's spelling of each group, by its key."""
    if people is None:
        return {}
    return {group_key(group): group for person in people.persons.values() for group in person.groups}
