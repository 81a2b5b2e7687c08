"""Reads the files that schools keep class lists in as rows of cells: spreadsheets, and CSV from any program."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final, TypeAlias

from fotopoort.errors import BadClassList
from fotopoort.registry.lists import workbook
from fotopoort.vocabulary import Text

Cell: TypeAlias = str | date

MAX_BYTES: Final = 20_000_000  # a school of 600 pupils is some 100 kB
MAX_UNPACKED: Final = 300_000_000  # a spreadsheet is a compressed file
MAX_ROWS: Final = 100_000
MAX_COLUMNS: Final = 200
SECONDS_FOR_A_WORKBOOK: Final = 60
PACKED: Final = b"PK\x03\x04"  # how XLSX and ODS begin
OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # XLS, and XLSX with a password
FORMULA: Final = ("=", "+", "-", "@")
AS_CSV: Final = Text(
    nl="Sla het vanuit het rekenblad op als CSV UTF-8.", en="Save it from the spreadsheet as CSV UTF-8."
)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row that is not empty. `line`: its number in the spreadsheet, from 1."""

    line: int
    cells: tuple[Cell, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a spreadsheet; or a CSV file, for which the name is empty."""

    name: str
    rows: tuple[SheetRow, ...]


def read_sheets(content: bytes) -> list[Sheet]:
    """The sheets of a file that are not empty.

    Raises:
        BadClassList: the file cannot be read, or is too large.
    """
    if len(content) > MAX_BYTES:
        raise BadClassList(
            Text(
                nl=f"Het bestand is groter dan {MAX_BYTES // 1_000_000} MB.",
                en=f"The file is larger than {MAX_BYTES // 1_000_000} MB.",
            ),
            hint=Text(
                nl="Haal de plaatjes en andere tabbladen eruit.", en="Take the pictures and other sheets out of it."
            ),
        )
    if content.startswith((PACKED, OLD_EXCEL)):
        sheets = [Sheet(name, tuple(rows)) for name, rows in _workbook(content)]
    else:
        sheets = [Sheet("", tuple(csv_rows(decoded(content))))]
    return [sheet for sheet in sheets if sheet.rows]


def decoded(content: bytes) -> str:
    """The text of a CSV file: UTF-8 with or without byte order mark, UTF-16 with one, or Windows-1252.

    Raises:
        BadClassList: it is no text.
    """
    has_utf_16_mark = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if has_utf_16_mark else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise BadClassList(
        Text(nl="De klassenlijst is geen tekstbestand.", en="The class list is not a text file."), hint=AS_CSV
    )


def csv_rows(text: str) -> Iterator[SheetRow]:
    """The rows of a CSV with semicolons, commas or tabs.

    Raises:
        BadClassList: it is no CSV, or a row has another number of cells than the first one; names the line.
    """
    first = text.lstrip().partition("\n")[0]
    delimiter = max(";,\t", key=first.count) if any(mark in first for mark in ";,\t") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    columns, end = 0, 0
    try:
        for cells in reader:
            line, end = end + 1, reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            columns = columns or len(cells)
            _check_size(line, columns)
            if len(cells) != columns:
                raise BadClassList(
                    Text(
                        nl=f"Regel {line} van de klassenlijst heeft {len(cells)} cellen bij {columns} kolommen.",
                        en=f"Line {line} of the class list has {len(cells)} cells where there are {columns} columns.",
                    ),
                    hint=Text(
                        nl="Zet tekst met een komma of puntkomma erin tussen dubbele aanhalingstekens.",
                        en="Put text with a comma or semicolon in it between double quotes.",
                    ),
                )
            yield SheetRow(line, tuple(without_mark(cell.strip()) for cell in cells))
    except csv.Error:
        raise BadClassList(
            Text(
                nl=f"Regel {end + 1} van de klassenlijst is geen CSV.",
                en=f"Line {end + 1} of the class list is no CSV.",
            ),
            hint=Text(
                nl="Zoek een dubbel aanhalingsteken dat niet wordt gesloten, of sla het vanuit het rekenblad"
                " opnieuw op als CSV UTF-8.",
                en="Look for a double quote that is not closed, or save it from the spreadsheet as CSV UTF-8 again.",
            ),
        ) from None


def harmless(cell: str) -> str:
    """The cell; with an apostrophe before it if a spreadsheet would take it for a formula."""
    return "'" + cell if _is_formula(cell.lstrip("'")) else cell


def without_mark(cell: str) -> str:
    """The cell as it was before `harmless`."""
    return cell[1:] if cell.startswith("'") and _is_formula(cell.lstrip("'")) else cell


def _is_formula(cell: str) -> bool:
    """Whether a spreadsheet would take it for a formula. Full-width signs count as plain ones; spaces are skipped."""
    return cell.startswith(("\t", "\r", "\n")) or unicodedata.normalize("NFKC", cell).lstrip().startswith(FORMULA)


def _workbook(content: bytes) -> Iterator[tuple[str, list[SheetRow]]]:
    if content.startswith(PACKED):
        _check_unpacked(content)
    try:
        process = subprocess.run(  # noqa: S603 - our own module, and nothing of the file is in the command
            [sys.executable, "-m", workbook.__name__],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            timeout=SECONDS_FOR_A_WORKBOOK,
            check=True,
        )
        sheets = json.loads(process.stdout)
    except (subprocess.SubprocessError, ValueError):
        raise BadClassList(
            Text(nl="Het rekenblad kan niet worden gelezen.", en="The spreadsheet cannot be read."),
            hint=Text(
                nl=f"Haal het wachtwoord eraf, als er een op zit. {AS_CSV.nl}",
                en=f"Take its password away, if it has one. {AS_CSV.en}",
            ),
        ) from None
    for name, rows in sheets:
        _check_size(len(rows), max(map(len, rows), default=0))
        sheet_rows = (SheetRow(line, tuple(map(_cell, cells))) for line, cells in enumerate(rows, 1))
        yield name, [row for row in sheet_rows if any(row.cells)]


def _check_unpacked(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
    except (zipfile.BadZipFile, OSError, ValueError):
        raise BadClassList(
            Text(nl="Het rekenblad is beschadigd.", en="The spreadsheet is damaged."),
            hint=Text(nl="Sla het opnieuw op, of als CSV UTF-8.", en="Save it again, or as CSV UTF-8."),
        ) from None
    if unpacked > MAX_UNPACKED:
        raise BadClassList(
            Text(
                nl="Het rekenblad wordt na het uitpakken te groot.",
                en="The spreadsheet unpacks to more than it should.",
            ),
            hint=AS_CSV,
        )


def _check_size(rows: int, columns: int) -> None:
    if rows > MAX_ROWS:
        raise BadClassList(
            Text(
                nl=f"De klassenlijst heeft meer dan {MAX_ROWS} regels.",
                en=f"The class list has more than {MAX_ROWS:,} rows.",
            ),
            hint=Text(nl="Importeer hem in delen.", en="Import it in parts."),
        )
    if columns > MAX_COLUMNS:
        raise BadClassList(
            Text(
                nl=f"De klassenlijst heeft meer dan {MAX_COLUMNS} kolommen.",
                en=f"The class list has more than {MAX_COLUMNS} columns.",
            ),
            hint=Text(nl="Haal weg wat niet nodig is.", en="Take out what is not needed."),
        )


def _cell(value: str | dict[str, str]) -> Cell:
    return date.fromisoformat(value[workbook.DAY]) if isinstance(value, dict) else value
