"""Reads a spreadsheet in a process of its own (`python -m` this module): the file on stdin, JSON on stdout.

A small file may demand more memory than there is, which ends the process that reads it: only this one, then.
"""

from __future__ import annotations

import io
import json
import resource
import sys
from datetime import date, datetime
from typing import Final

MAX_MEMORY: Final = 1_500_000_000  # bytes
MAX_SECONDS: Final = 30  # of processor time
MAX_CELLS: Final = 3_000_000  # of a sheet, empty ones included
DAY: Final = "day"  # the key of a date's object in the JSON


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from python_calamine import CalamineWorkbook

    workbook = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    sheets = []
    for name in workbook.sheet_names:
        sheet = workbook.get_sheet_by_name(name)
        if sheet.end is not None and (sheet.end[0] + 1) * (sheet.end[1] + 1) > MAX_CELLS:
            sys.exit(1)
        sheets.append([name, [[_cell(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]])
    json.dump(sheets, sys.stdout)


def _cell(value: object) -> object:
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return {DAY: value.isoformat()}
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


if __name__ == "__main__":
    main()
