"""The simple class list, a CSV file that serves where there is no registry; `fixtures/README.md` has its columns."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeVar

from fotopoort.canonical_json import digest
from fotopoort.errors import BadClassList, FileMissing
from fotopoort.policy.candidates import REFUSALS
from fotopoort.policy.policy import Channel
from fotopoort.policy_file import load_policy
from fotopoort.registry.lists.sheets import csv_rows, decoded
from fotopoort.vocabulary import ChannelId, ConsentState, People, Person, PersonId, Role, Text, group_key

COLUMNS: Final = {
    "id": "id",
    "naam": "name",
    "name": "name",
    "rol": "role",
    "role": "role",
    "groep": "groups",
    "groepen": "groups",
    "group": "groups",
    "groups": "groups",
    "nooit_vindbaar": "never_locatable",
    "never_locatable": "never_locatable",
}
ROLES: Final = {
    "": Role.PUPIL,  # the strictest reading of an empty cell
    "leerling": Role.PUPIL,
    "pupil": Role.PUPIL,
    "medewerker": Role.STAFF,
    "leerkracht": Role.STAFF,
    "staff": Role.STAFF,
    "teacher": Role.STAFF,
    "anders": Role.OTHER,
    "ouder": Role.OTHER,
    "other": Role.OTHER,
    "parent": Role.OTHER,
}
CONSENTS: Final = {
    "": ConsentState.NOT_ASKED,
    "niet gevraagd": ConsentState.NOT_ASKED,
    "onbekend": ConsentState.NOT_ASKED,
    "geen antwoord": ConsentState.NOT_ASKED,
    "niet ingevuld": ConsentState.NOT_ASKED,
    "not asked": ConsentState.NOT_ASKED,
    "ja": ConsentState.GRANTED,
    "toestemming": ConsentState.GRANTED,
    "wel toestemming": ConsentState.GRANTED,
    "akkoord": ConsentState.GRANTED,
    "j": ConsentState.GRANTED,
    "yes": ConsentState.GRANTED,
    "granted": ConsentState.GRANTED,
    "nee": ConsentState.REFUSED,
    "geen toestemming": ConsentState.REFUSED,
    "niet akkoord": ConsentState.REFUSED,
    "n": ConsentState.REFUSED,
    "no": ConsentState.REFUSED,
    "refused": ConsentState.REFUSED,
    "bezwaar": ConsentState.OBJECTED,
    "objection": ConsentState.OBJECTED,
    "objected": ConsentState.OBJECTED,
    "ingetrokken": ConsentState.WITHDRAWN,
    "withdrawn": ConsentState.WITHDRAWN,
}
YES_NO: Final = {"": False, "nee": False, "no": False, "ja": True, "yes": True}
SEVERAL_SCHOOLS: Final = Text(
    nl="In dit register staan meer scholen, en een klassenlijst is van één school.",
    en="This registry has several schools, and a class list is of one.",
)

Meaning = TypeVar("Meaning")
Line = tuple[int, Mapping[str, str]]  # its number, and its cells by column


def read_class_list(path: Path, channels: Sequence[Channel] | None = None, *, first_say_who: bool = True) -> People:
    """Everyone on a class list.

    Args:
        path: CSV in UTF-8 (with or without byte order mark) or Windows-1252, with comma or semicolon.
        channels: they may have a column of consents; None: those of the packaged policy. A no in one of them holds for
            every channel of its purpose.
        first_say_who: the policy's setting of that name.

    Raises:
        FileMissing: there is no such file.
        BadClassList: it cannot be understood; names the line and the column, never a person. Or somebody on it must
            never be found, and the setting that keeps this from showing is off.
    """
    if channels is None:
        channels = load_policy().channels
    persons: dict[PersonId, Person] = {}
    line_of: dict[PersonId, int] = {}
    spelling: dict[str, str] = {}  # a group is written as it was the first time
    for line, row in _rows(decoded(_content(path)), channels):
        person = _person(line, row, channels, spelling)
        if person.id in persons:
            raise BadClassList(
                Text(
                    nl=f"Regel {line_of[person.id]} en {line} van de klassenlijst zijn dezelfde persoon.",
                    en=f"Lines {line_of[person.id]} and {line} of the class list stand for the same person.",
                ),
                hint=Text(
                    nl="Geef elke regel een eigen id in de kolom id; twee mensen mogen dezelfde naam hebben.",
                    en="Give every line an id of its own in the column id; two people may have the same name.",
                ),
            )
        persons[person.id], line_of[person.id] = person, line
    if not persons:
        raise BadClassList(
            Text(nl="Op de klassenlijst staat niemand.", en="The class list names nobody."),
            hint=Text(
                nl="Zet op elke regel onder de namen van de kolommen één persoon.",
                en="Put one person on each line below the column names.",
            ),
        )
    if not first_say_who and any(person.never_locatable for person in persons.values()):
        raise BadClassList(
            Text(
                nl="Op de klassenlijst staat iemand die nooit vindbaar mag zijn, en first_say_who staat uit.",
                en="Somebody on the class list must never be found, and first_say_who is off.",
            ),
            hint=Text(
                nl="Zet first_say_who aan in het bestand met de regels: anders is aan een foto te zien wie het is.",
                en="Switch first_say_who on in the policy file: otherwise a photo can show who it is.",
            ),
        )
    return People(persons, _revision(persons))


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise FileMissing(
            Text(nl="Op dat pad staat geen klassenlijst.", en="There is no class list at that path.")
        ) from None
    except OSError:
        raise BadClassList(
            Text(nl="De klassenlijst kan niet worden gelezen.", en="The class list cannot be read."),
            hint=Text(nl="Noem een CSV-bestand dat je mag lezen.", en="Name a CSV file that you may read."),
        ) from None


def _rows(text: str, channels: Sequence[Channel]) -> Iterator[Line]:
    columns: list[str] | None = None
    for row in csv_rows(text):
        cells = [str(cell) for cell in row.cells]
        if columns is None:
            columns = _columns(cells, channels)
        else:
            yield row.line, dict(zip(columns, cells, strict=True))


def _columns(cells: list[str], channels: Sequence[Channel]) -> list[str]:
    """What each column holds, from the line that names them."""
    fields = COLUMNS | {channel.id: channel.id for channel in channels}
    titles = ["_".join(cell.split()).casefold() for cell in cells]
    # Until this is known to be a line of column names, it may be a line with a person: quote nothing from it.
    if not any(COLUMNS.get(title) == "name" for title in titles):
        example = "id;naam;rol;groep;" + ";".join(channel.id for channel in channels)
        raise BadClassList(
            Text(
                nl="De eerste regel van de klassenlijst moet de namen van de kolommen bevatten, waaronder naam.",
                en="The first line of the class list must name the columns, and one of them must be naam (or name).",
            ),
            hint=Text(nl=f"Bijvoorbeeld: {example}", en=f"For example: {example}"),
        )
    for number, title in enumerate(titles, 1):
        if title not in fields:
            near, cell = difflib.get_close_matches(title, fields, 1), cells[number - 1].strip()
            raise BadClassList(
                Text(
                    nl=f"Kolom {number} van de klassenlijst, “{cell}”, is onbekend.",
                    en=f"Column {number} of the class list, “{cell}”, is unknown.",
                ),
                hint=Text(nl=f"Bedoelde je {near[0]}?", en=f"Did you mean {near[0]}?")
                if near
                else Text(
                    nl=f"Haal hem weg, of kies uit: {', '.join(fields)}.",
                    en=f"Take it out, or choose from: {', '.join(fields)}.",
                ),
            )
    columns = [fields[title] for title in titles]
    for number, column in enumerate(columns, 1):
        if column in columns[: number - 1]:
            first = columns.index(column) + 1
            raise BadClassList(
                Text(
                    nl=f"In kolom {number} van de klassenlijst staat hetzelfde als in kolom {first}.",
                    en=f"Column {number} of the class list holds the same as column {first}.",
                ),
                hint=Text(nl="Haal een van de twee weg.", en="Take one of them out."),
            )
    return columns


def _person(line: int, row: Mapping[str, str], channels: Sequence[Channel], spelling: dict[str, str]) -> Person:
    name = row["name"]
    if not name:
        raise BadClassList(
            Text(
                nl=f"Op regel {line} van de klassenlijst staat geen naam.",
                en=f"Line {line} of the class list has no name.",
            ),
            hint=Text(nl="Vul hem in, of haal de regel weg.", en="Fill it in, or take the line out."),
        )
    ids = [channel.id for channel in channels]
    groups = [group.strip() for group in row.get("groups", "").split("|") if group.strip()]
    return Person(
        id=row.get("id") or derived_id(name),
        name=name,
        role=_meaning(ROLES, row, "role", line),
        groups=frozenset(spelling.setdefault(group_key(group), group) for group in groups),
        consents=_consents({id: _meaning(CONSENTS, row, id, line) for id in ids if id in row}, channels),
        never_locatable=_meaning(YES_NO, row, "never_locatable", line),
    )


def _consents(
    stated: Mapping[ChannelId, ConsentState], channels: Sequence[Channel]
) -> Mapping[ChannelId, ConsentState]:
    """What is said of each channel; where a no is said of another channel of the same purpose, that no."""
    consents = dict(stated)
    for channel in channels:
        siblings = [stated.get(other.id) for other in channels if other.purpose == channel.purpose]
        refusals = [state for state in siblings if state is not None and state in REFUSALS]
        if refusals and consents.get(channel.id) not in REFUSALS:
            consents[channel.id] = refusals[0]
    return consents


def _meaning(meanings: Mapping[str, Meaning], row: Mapping[str, str], column: str, line: int) -> Meaning:
    text = " ".join(row.get(column, "").replace("_", " ").split()).casefold()
    if text not in meanings:
        number, accepted = list(row).index(column) + 1, ", ".join(filter(None, meanings))
        raise BadClassList(
            Text(
                nl=f"Regel {line} van de klassenlijst, kolom {number} ({column}): dit woord is daar niet bekend.",
                en=f"Line {line} of the class list, column {number} ({column}): not a word known there.",
            ),
            hint=Text(
                nl=f"Schrijf een van: {accepted}; of laat het leeg.",
                en=f"Write one of: {accepted}; or leave it empty.",
            ),
        )
    return meanings[text]


def derived_id(name: str) -> PersonId:
    """An id that is the same for the same name, on whatever line and in whatever group it is."""
    return "p" + hashlib.sha256(group_key(name).encode()).hexdigest()[:10]


def _revision(persons: Mapping[PersonId, Person]) -> str:
    """SHA-256 of everything that was read, whatever the order of lines and columns."""
    content = [
        [
            person.id,
            person.name,
            person.role,
            sorted(person.groups),
            {channel: state for channel, state in person.consents.items() if state is not ConsentState.NOT_ASKED},
            person.never_locatable,
        ]
        for _, person in sorted(persons.items())
    ]
    return digest(content, compact=False)
