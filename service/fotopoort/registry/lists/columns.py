"""What the columns of a class list are called and what is in their cells, as schools' programs write it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from fotopoort.registry.consent.derivation import Capacity
from fotopoort.registry.lists.sheets import Cell
from fotopoort.vocabulary import ChannelId

PEOPLE: Final[Mapping[str, str]] = {
    "id": "id",
    "leerlingnummer": "id",
    "leerlingnr": "id",
    "leerling nr": "id",
    "stamnummer": "id",
    "nummer": "id",
    "stamnr": "id",
    "stam nr": "id",
    "llnr": "id",
    "lln nr": "id",
    "leerling id": "id",
    "administratienummer": "id",
    "persoonsnummer": "id",
    "naam": "name",
    "name": "name",
    "volledige naam": "name",
    "naam leerling": "name",
    "leerling": "name",
    "roepnaam": "call_name",
    "voornaam": "call_name",
    "call name": "call_name",
    "voornamen": "given_names",
    "doopnamen": "given_names",
    "given names": "given_names",
    "tussenvoegsel": "prefix",
    "tussenvoegsels": "prefix",
    "voorvoegsel": "prefix",
    "voorvoegsels": "prefix",
    "tussenv": "prefix",
    "voorv": "prefix",
    "voorvoegsel achternaam": "prefix",
    "prefix": "prefix",
    "achternaam": "surname",
    "familienaam": "surname",
    "geslachtsnaam": "surname",
    "surname": "surname",
    "bijnaam": "nicknames",
    "bijnamen": "nicknames",
    "nicknames": "nicknames",
    "rol": "role",
    "role": "role",
    "groep": "groups",
    "groepen": "groups",
    "groepsnaam": "groups",
    "stamgroep": "groups",
    "basisgroep": "groups",
    "klas": "groups",
    "group": "groups",
    "groups": "groups",
    "geboortedatum": "born",
    "geb datum": "born",
    "geb dat": "born",
    "gebdatum": "born",
    "date of birth": "born",
    "zestien op": "own_from",
    "sixteen on": "own_from",
    "uitschrijfdatum": "leaves",
    "datum uitschrijving": "leaves",
    "uitstroomdatum": "leaves",
    "einddatum inschrijving": "leaves",
    "laatste schooldag": "leaves",
    "last day": "leaves",
    "nooit vindbaar": "never_locatable",
    "never locatable": "never_locatable",
}
STATEMENTS: Final[Mapping[str, str]] = {
    "kanaal": "channel",
    "channel": "channel",
    "doel": "channel",
    "antwoord": "word",
    "word": "word",
    "answer": "word",
    "wie": "speaker",
    "door": "speaker",
    "speaker": "speaker",
    "hoedanigheid": "capacity",
    "capacity": "capacity",
    "datum": "at",
    "at": "at",
    "geldig van": "valid_from",
    "valid from": "valid_from",
    "geldig tot": "valid_until",
    "geldig tot en met": "valid_until",
    "valid until": "valid_until",
    "gecontroleerd": "verified",
    "verified": "verified",
    "formulier": "wording",
    "wording": "wording",
    "bewijs": "evidence",
    "evidence": "evidence",
    "verklaring": "statement",
    "statement": "statement",
    "neemt terug": "undoes",
    "undoes": "undoes",
    "doelen toen": "purposes_then",
    "purposes then": "purposes_then",
}
BIOMETRIC: Final = frozenset({"biometrie", "biometric matching", "biometrische herkenning"})
YEARS: Final[Mapping[str, str]] = {"schooljaar": "year", "school year": "year"}

CAPACITIES: Final[Mapping[str, Capacity]] = {
    "": Capacity.GUARDIAN,
    "ouder": Capacity.GUARDIAN,
    "verzorger": Capacity.GUARDIAN,
    "voogd": Capacity.GUARDIAN,
    "guardian": Capacity.GUARDIAN,
    "parent": Capacity.GUARDIAN,
    "zelf": Capacity.OWN,
    "own": Capacity.OWN,
}
EARLIEST, LATEST = 1900, 2200  # years; others are typing errors
MONTHS: Final = (
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
)
DAY_FIRST: Final = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")
YEAR_FIRST: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?")
IN_WORDS: Final = re.compile(r"(\d{1,2}) ([a-z]+) (\d{4})")
SCHOOL_YEAR: Final = re.compile(r"(20\d\d)(?:\s*[-/–]\s*(?:20)?(\d\d))?")


def key(title: Cell) -> str:
    """A column's title as it is looked up: without regard to capitals, dots, hyphens and underscores."""
    return " ".join(re.sub(r"[._\-]+", " ", str(title)).split()).casefold()


def normalised(cell: Cell) -> str:
    """A cell's text as it is looked up: without regard to capitals and underscores."""
    return " ".join(str(cell).replace("_", " ").split()).casefold()


def day(cell: Cell) -> date | None:
    """A day as the Dutch write it; None in an empty cell. A year has four digits.

    Raises:
        ValueError: it is no day of the calendar, or one that no record can be about.
    """
    if isinstance(cell, date):
        cell = cell.isoformat()
    text = normalised(cell)
    if not text:
        return None
    if match := DAY_FIRST.fullmatch(text):
        number, month, year = match.groups()
    elif match := YEAR_FIRST.fullmatch(text):
        year, month, number = match.groups()
    elif (match := IN_WORDS.fullmatch(text)) and match.group(2) in MONTHS:
        number, month, year = match.group(1), str(MONTHS.index(match.group(2)) + 1), match.group(3)
    else:
        raise ValueError
    parsed = date(int(year), int(month), int(number))
    if not EARLIEST <= parsed.year <= LATEST:
        raise ValueError
    return parsed


def school_year(cell: Cell) -> int:
    """The year in which a school year begins: 2024 for 2024-2025, 2024/25 or 2024.

    Raises:
        ValueError: it is no school year.
    """
    match = SCHOOL_YEAR.fullmatch(normalised(cell))
    if match is None or (match.group(2) and (int(match.group(1)) + 1) % 100 != int(match.group(2))):
        raise ValueError
    return int(match.group(1))


def purposes_as_text(purposes: Mapping[ChannelId, str]) -> str:
    """What channels ask consent for, in one cell."""
    return "|".join(f"{channel}={purpose}" for channel, purpose in purposes.items())


def purposes_from_text(cell: Cell) -> Mapping[ChannelId, str] | None:
    """What `purposes_as_text` wrote; None where there is nothing in the cell.

    Raises:
        ValueError: it is something else.
    """
    text = str(cell).strip().casefold()
    pairs = [[part.strip() for part in pair.split("=")] for pair in text.split("|")] if text else []
    if any(len(pair) != 2 or not all(pair) for pair in pairs) or len({channel for channel, *_ in pairs}) < len(pairs):
        raise ValueError
    return dict(pairs) or None


def sixteenth_birthday(born: date) -> date:
    """The day on which somebody becomes 16: for 29 February, 1 March in a year without one."""
    try:
        return born.replace(year=born.year + 16)
    except ValueError:
        return date(born.year + 16, 3, 1)
