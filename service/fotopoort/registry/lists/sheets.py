"""Class lists as schools have them: CSV as any spreadsheet wrote it, and spreadsheets themselves, as rows of cells."""

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

Cell: TypeAlias = str | date

MAX_BYTES: Final = 20_000_000  # a school of 600 pupils is some 100 kB
MAX_UNPACKED: Final = 300_000_000  # a spreadsheet is a compressed file
MAX_ROWS: Final = 100_000
MAX_COLUMNS: Final = 200
SECONDS_FOR_A_WORKBOOK: Final = 60
PACKED: Final = b"PK\x03\x04"  # how XLSX and ODS begin
OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # XLS, and XLSX with a password
FORMULA: Final = ("=", "+", "-", "@")
AS_CSV: Final = "Save it from the spreadsheet as CSV UTF-8."


@dataclass(frozen=True, slots=True)
class Row:
    """A row with something in it. `line`: as the spreadsheet numbers it, from 1."""

    line: int
    cells: tuple[Cell, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a spreadsheet, or a CSV file, whose name is empty."""

    name: str
    rows: tuple[Row, ...]


def read_sheets(content: bytes) -> list[Sheet]:
    """The sheets of a file that have anything in them.

    Raises:
        BadClassList: it is none that can be read, or too large.
    """
    if len(content) > MAX_BYTES:
        raise BadClassList(
            f"The file is larger than {MAX_BYTES // 1_000_000} MB.",
            hint="Take the pictures and other sheets out of it.",
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
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise BadClassList("The class list is not a text file.", hint=AS_CSV)


def csv_rows(text: str) -> Iterator[Row]:
    """The rows of a CSV with semicolons, commas or tabs.

    Raises:
        BadClassList: it is no CSV, or one row has another number of cells than the first; names the line.
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
                    f"Line {line} of the class list has {len(cells)} cells where there are {columns} columns.",
                    hint="Put text with a comma or semicolon in it between double quotes.",
                )
            yield Row(line, tuple(without_mark(cell.strip()) for cell in cells))
    except csv.Error:
        raise BadClassList(
            f"Line {end + 1} of the class list is no CSV.",
            hint="Look for a double quote that is not closed, or save it from the spreadsheet as CSV UTF-8 again.",
        ) from None


def harmless(cell: str) -> str:
    """The cell with an apostrophe before what a spreadsheet would take for a formula."""
    return "'" + cell if _is_formula(cell.lstrip("'")) else cell


def without_mark(cell: str) -> str:
    """The cell as it was before `harmless`."""
    return cell[1:] if cell.startswith("'") and _is_formula(cell.lstrip("'")) else cell


def _is_formula(cell: str) -> bool:
    """Whether a spreadsheet would; full-width signs count as their plain ones, and spaces do not count."""
    return cell.startswith(("\t", "\r", "\n")) or unicodedata.normalize("NFKC", cell).lstrip().startswith(FORMULA)


def _workbook(content: bytes) -> Iterator[tuple[str, list[Row]]]:
    if content.startswith(PACKED):
        _check_unpacked(content)
    try:
        read = subprocess.run(  # noqa: S603 - our own module, and nothing of the file is in the command
            [sys.executable, "-m", workbook.__name__],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            timeout=SECONDS_FOR_A_WORKBOOK,
            check=True,
        )
        sheets = json.loads(read.stdout)
    except (subprocess.SubprocessError, ValueError):
        raise BadClassList(
            "The spreadsheet cannot be read.", hint=f"Take its password away, if it has one. {AS_CSV}"
        ) from None
    for name, rows in sheets:
        _check_size(len(rows), max(map(len, rows), default=0))
        filled = (Row(line, tuple(map(_cell, cells))) for line, cells in enumerate(rows, 1))
        yield name, [row for row in filled if any(row.cells)]


def _check_unpacked(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
    except (zipfile.BadZipFile, OSError, ValueError):
        raise BadClassList("The spreadsheet is damaged.", hint="Save it again, or as CSV UTF-8.") from None
    if unpacked > MAX_UNPACKED:
        raise BadClassList("The spreadsheet unpacks to more than it should.", hint=AS_CSV)


def _check_size(rows: int, columns: int) -> None:
    if rows > MAX_ROWS:
        raise BadClassList(f"The class list has more than {MAX_ROWS:,} rows.", hint="Import it in parts.")
    if columns > MAX_COLUMNS:
        raise BadClassList(f"The class list has more than {MAX_COLUMNS} columns.", hint="Take out what is not needed.")


def _cell(value: str | dict[str, str]) -> Cell:
    return date.fromisoformat(value[workbook.DAY]) if isinstance(value, dict) else value
