"""How lists from the registry are shown: a table for people, or one JSON object a line for programs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from fotopoort.application.contract.plain import plain
from fotopoort.cli.language import choice_of
from fotopoort.cli.registry.headings import heading, value
from fotopoort.vocabulary import Language, Text

MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d):\d\d\S*")  # in a table, minutes will do

YES, NO = Text("ja", "yes"), Text("nee", "no")

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object per line on stdout.")]


def say(context: typer.Context, line: Text) -> None:
    """Print a line on stderr, in the language that was asked for."""
    typer.echo(spoken(context, line), err=True)


def spoken(context: typer.Context, text: Text) -> str:
    """A text in the language that was asked for."""
    return f"{text:{choice_of(context).of_errors}}"


def show(context: typer.Context, rows: Iterable[Any], columns: Sequence[str], *, as_json: bool, nothing: Text) -> None:
    """Print rows, which are dictionaries or dataclasses.

    Args:
        columns: what a table shows of them, in order; JSON has everything.
        nothing: the message where there are none.
    """
    documents = [plain(row) for row in rows]
    if as_json:
        for row in documents:
            typer.echo(json.dumps(row))
        return
    if not documents:
        say(context, nothing)
        return
    language = choice_of(context).of_errors
    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(heading(column, language), overflow="fold")
    for row in documents:
        table.add_row(*(escape(_cell(row[column], column, language)) for column in columns))
    Console().print(table, highlight=False)


def day(moment: datetime | None) -> date | None:
    """The day of an option that takes a day."""
    return moment.date() if moment else None


def _cell(content: Any, column: str, language: Language) -> str:  # noqa: ANN401 - whatever JSON knows
    if isinstance(content, list):
        return ", ".join(_cell(member, column, language) for member in content)
    if isinstance(content, dict):
        return ", ".join(f"{key}: {_cell(member, column, language)}" for key, member in content.items())
    if isinstance(content, bool):
        return f"{YES if content else NO:{language}}"
    return "" if content is None else value(column, MOMENT.sub(r"\1 \2", str(content)), language)
