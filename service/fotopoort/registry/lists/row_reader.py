"""Reads the cells of one row of a class list, and reports what is wrong with them by line and column."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import TypeVar

from fotopoort.registry.lists import columns
from fotopoort.registry.lists.sheets import Cell, Sheet, SheetRow
from fotopoort.vocabulary import Text

Value = TypeVar("Value")


class RowReader:
    """One row of a sheet.

    Args:
        fields: what each column of the sheet holds; None: a column that is left out.
        header: the row with the titles.
        report: takes a sentence about what is wrong; no sentence quotes what is in a cell.
    """

    def __init__(
        self,
        sheet: Sheet,
        row: SheetRow,
        fields: Sequence[str | None],
        header: SheetRow,
        report: Callable[[Text], None],
    ) -> None:
        self._sheet, self._header, self._report = sheet, header, report
        self._cells = {name: cell for name, cell in zip(fields, row.cells, strict=False) if name}
        self._numbers = {name: number for number, name in enumerate(fields, 1) if name}
        self.number = row.line

    @property
    def fields(self) -> Collection[str]:
        """What the sheet has columns for."""
        return self._numbers.keys()

    @property
    def place(self) -> Text:
        """The line, as it begins a sentence."""
        sheet = sheet_suffix(self._sheet)
        return Text(nl=f"Regel {self.number}{sheet.nl}", en=f"Line {self.number}{sheet.en}")

    def wrong(self, name: str, problem: Text) -> None:
        """Report what is wrong in the column `name`."""
        place = self.place
        if (number := self._numbers.get(name)) is not None:
            title = self._header.cells[number - 1]
            place = Text(
                nl=f"{place.nl}, kolom {number} (“{title}”)",
                en=f"{place.en}, column {number} (“{title}”)",
            )
        self._report(Text(nl=f"{place.nl}: {problem.nl}.", en=f"{place.en}: {problem.en}."))

    def text(self, name: str) -> str:
        """The text in the column; empty where there is none."""
        return " ".join(str(self._cells.get(name, "")).split())

    def required(self, name: str) -> str:
        """The text in the column, which must not be empty."""
        text = self.text(name)
        if not text:
            self.wrong(name, Text(nl="er staat niets", en="it is empty"))
        return text

    def one_of(self, name: str, meanings: Mapping[str, Value]) -> Value | None:
        """The meaning of the column's cell; None where it is wrong."""
        text = columns.normalised(self._cells.get(name, ""))
        if text not in meanings:
            accepted = ", ".join(filter(None, meanings))
            self.wrong(
                name,
                Text(
                    nl=f"dit woord is daar niet bekend; schrijf een van {accepted}",
                    en=f"not a word known there; write one of {accepted}",
                ),
            )
            return None
        return meanings[text]

    def day(self, name: str) -> date | None:
        """The day in the column; None where it is empty or wrong."""
        problem = Text(
            nl="het is geen dag van de kalender, zoals 31-12-2026",
            en="it is no day on the calendar, as in 31-12-2026",
        )
        return self.parsed(name, columns.day, problem)

    def parsed(self, name: str, parse: Callable[[Cell], Value | None], problem: Text) -> Value | None:
        """What `parse` makes of the column's cell; None where that raises ValueError, which is reported."""
        try:
            return parse(self._cells.get(name, ""))
        except ValueError:
            self.wrong(name, problem)
            return None


def sheet_suffix(sheet: Sheet) -> Text:
    """The name of the sheet, as it follows a line's number; empty for a CSV."""
    if not sheet.name:
        return Text("", "")
    return Text(nl=f" van tabblad “{sheet.name}”", en=f" of sheet “{sheet.name}”")
