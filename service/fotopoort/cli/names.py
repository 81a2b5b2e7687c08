"""`fotopoort names`: is there a child's name in a text?"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, TypeAlias

import typer
from rich.console import Console
from rich.text import Text

from fotopoort.cli import report
from fotopoort.cli.screen import ClassList, gate_of
from fotopoort.contract import names_in
from fotopoort.errors import BadNames, FileMissing, NoNames
from fotopoort.naming import MOST_CHARACTERS, find, name_list
from fotopoort.policy.policy import load_policy
from fotopoort.registry.roles import console
from fotopoort.registry.sheets import decoded
from fotopoort.settings import load_settings
from fotopoort.vocabulary import NameEntry, NameHit

app = typer.Typer(help="Look for children's names in texts.", no_args_is_help=True)

Find: TypeAlias = Callable[[str], tuple[tuple[NameHit, ...], str]]

MOST_BYTES = 50_000_000


@app.callback()
def names() -> None:
    """Look for children's names in texts."""


@app.command()
def check(
    texts: Annotated[
        list[str], typer.Argument(metavar="TEXT…|-", help="Texts; - reads one a line.", show_default=False)
    ],
    listed: Annotated[
        Path | None,
        typer.Option("--names", help="A file with one full name a line, in place of the school's registry."),
    ] = None,
    class_list: ClassList = None,
    group: Annotated[
        list[str] | None, typer.Option(help="The group that the text is about; may be repeated.", show_default=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per text on stdout.")] = False,
) -> None:
    """Show the names of children in texts, and how the texts could read without them."""
    show = report.Json() if as_json else _show
    if listed is not None:
        entries = _entries(listed)
        _check(texts, lambda text: find(name_list(entries), text), show)
        return
    settings = load_settings()
    with gate_of(settings, load_policy(settings.policy_file), class_list) as gate:
        caller, groups = console(settings.tenant), frozenset(group or ())
        _check(texts, lambda text: gate.find_names(caller, text, groups), show)


def _check(texts: Sequence[str], find: Find, show: Callable[[dict[str, Any]], None]) -> None:
    for text in _texts(texts):
        hits, clean = find(text)
        show(names_in(text, hits, clean))


def _texts(given: Sequence[str]) -> Iterator[str]:
    for text in given:
        if text == "-":
            yield from _lines(sys.stdin.buffer.read(MOST_BYTES + 1))
        else:
            yield text


def _lines(content: bytes) -> list[str]:
    if len(content) > MOST_BYTES:
        raise BadNames("There is more text than can be looked through at once.", hint="Send it in parts.")
    return [line.removesuffix("\r") for line in decoded(content).removesuffix("\n").split("\n")] if content else []


def _entries(path: Path) -> tuple[NameEntry, ...]:
    """The names in a file; who it is, is the name as it is written there."""
    try:
        content = path.read_bytes() if path.stat().st_size <= MOST_BYTES else b""
    except FileNotFoundError:
        raise FileMissing("There is no list of names at that path.") from None
    except OSError:
        raise BadNames("The list of names cannot be read.", hint="Name a text file that you may read.") from None
    names = dict.fromkeys(" ".join(line.split()) for line in _lines(content))
    entries = tuple(NameEntry(name[:MOST_CHARACTERS], name) for name in names if name)
    if not entries:
        raise NoNames("The list of names is empty.", hint="Put one full name on each line.")
    return entries


def _show(document: dict[str, Any]) -> None:
    console = Console(highlight=False, soft_wrap=True)
    text = Text(document["text"])
    for hit in document["hits"]:
        text.stylize("bold red" if hit["certain"] else "bold yellow", hit["start"], hit["end"])
    console.print(text)
    if not document["hits"]:
        console.print("  no name of a child")
        return
    for hit in document["hits"]:
        said = "a name" if hit["certain"] else "perhaps a name"
        console.print(Text(f"  {hit['text']}: {said}" + (f" ({hit['person']})" if hit["person"] else "")))
    console.print(Text(f"  without: {document['clean']}"))
