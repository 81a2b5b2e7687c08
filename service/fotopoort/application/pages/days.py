"""A day as people write it."""

from __future__ import annotations

from datetime import date
from typing import Final

from fotopoort.vocabulary import Language, Text

MONTHS: Final = (
    Text("januari", "January"),
    Text("februari", "February"),
    Text("maart", "March"),
    Text("april", "April"),
    Text("mei", "May"),
    Text("juni", "June"),
    Text("juli", "July"),
    Text("augustus", "August"),
    Text("september", "September"),
    Text("oktober", "October"),
    Text("november", "November"),
    Text("december", "December"),
)


def spelled(day: date, language: Language) -> str:
    """1 augustus 2026, 1 August 2026."""
    return f"{day.day} {MONTHS[day.month - 1]:{language}} {day.year}"
