"""`fotopoort names`: is there a child's name in a text?"""

from __future__ import annotations

import codecs
import io
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Final, TypeAlias

import typer
from rich.console import Console
from rich.text import Text

from fotopoort.application.contract import names_in
from fotopoort.cli import output
from fotopoort.cli.screen import gate_of
from fotopoort.errors import BadClassList, BadNames, FileMissing, FotopoortError, NoNames, UseError
from fotopoort.names.places import MAX_CHARACTERS
from fotopoort.policy_file import load_policy
from fotopoort.registry.access.roles import console
from fotopoort.registry.lists.sheets import decoded
from fotopoort.screening.name_search import find, name_list
from fotopoort.settings import load_settings
from fotopoort.vocabulary import NameEntry, NameHit

app = typer.Typer(help="Look for children's names in texts.", no_args_is_help=True)

Find: TypeAlias = Callable[[str], tuple[tuple[NameHit, ...], str]]
Show: TypeAlias = Callable[[dict[str, Any]], None]

MAX_BYTES: Final = 2_000_000  # of a list of names; a school of 600 pupils is some 10 kB
LONGEST_NAME: Final = 200  # characters
LONGEST_LINE: Final = MAX_CHARACTERS + len("\r\n")
ONE_NAME: Final = "Put one full name on each line; a class list goes with --registry."
NAME_A_LIST: Final = (
    "Import the school's people with `fotopoort registry import`, or name a list with --names or --registry."
)
UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Characters that would make a terminal do something, and those that turn the order of what it shows.
CONTROL: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
WORDS: Final = {
    "nl": ("naam van een kind", "misschien een naam van een kind", "geen naam van een kind gevonden", "zonder namen"),
    "en": ("a child's name", "perhaps a child's name", "no child's name found", "without names"),
}


@app.callback()
def names() -> None:
    """Look for children's names in texts."""


@app.command()
def check(
    texts: Annotated[
        list[str],
        typer.Argument(
            metavar="TEXT…|-", help="Texts; - takes each line of stdin for one, as it comes.", show_default=False
        ),
    ],
    listed: Annotated[
        Path | None,
        typer.Option(
            "--names",
            help="A file with one full name a line, in place of the school's registry.",
            show_default=False,
        ),
    ] = None,
    class_list: Annotated[
        Path | None,
        typer.Option("--registry", help="A class list (CSV), in place of the school's registry.", show_default=False),
    ] = None,
    group: Annotated[
        list[str] | None, typer.Option(help="The group that the text is about; may be repeated.", show_default=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per text on stdout.")] = False,
    lang: Annotated[output.Language, typer.Option(help="Language of what is said.")] = output.Language.NL,
) -> None:
    """Show the names of children in texts, and how the texts could read without them."""
    show = output.Json() if as_json else partial(_show, lang.value)
    if listed is not None:
        if class_list is not None or group:
            raise UseError("--names goes without --registry and --group.", hint="A plain list of names has no groups.")
        _check(texts, partial(find, name_list(_entries(listed))), show)
        return
    settings = load_settings()
    with gate_of(settings, load_policy(settings.policy_file), class_list) as gate:
        look = partial(gate.find_names, console(settings.tenant), groups=frozenset(group or ()))
        try:
            look("")  # what would stand in the way of every text is told before the first one comes
        except NoNames:
            raise NoNames(hint=NAME_A_LIST) from None
        _check(texts, look, show)


def _check(texts: Sequence[str], look: Find, show: Show) -> None:
    """Show what each text holds, or why that cannot be told; the others are looked through all the same."""
    failed = False
    for text in _texts(texts):
        try:
            text = _decoded(text)
            document = names_in(text, *look(text))
        except FotopoortError as error:
            failed, document = True, {"error": error.as_dict()}
        show(document)
    if failed:
        raise typer.Exit(1)


def _texts(given: Sequence[str]) -> Iterator[str]:
    for text in given:
        if text == "-":
            with open(sys.stdin.fileno(), "rb", closefd=False) as stdin:
                yield from _lines(stdin)
        else:
            yield text


def _lines(file: io.BufferedReader) -> Iterator[str]:
    """The lines of a text file, each as soon as it is there; `_decoded` makes texts of them.

    Of a line that is too long it is the beginning, which is too long as well.
    """
    wide = file.peek(2)[:2] in UTF_16
    encoding, errors = ("utf-16", "replace") if wide else ("utf-8", "surrogateescape")
    with io.TextIOWrapper(file, encoding, errors, newline="\n") as lines:
        while line := lines.readline(LONGEST_LINE):
            rest = line
            while rest and not rest.endswith("\n"):
                rest = lines.readline(LONGEST_LINE)
            yield line.removesuffix("\n").removesuffix("\r")


def _decoded(line: str) -> str:
    """The text of a line or an argument. Python escapes the bytes in it that are no UTF-8.

    Raises:
        BadNames: it is no text.
    """
    try:
        return decoded(line.encode("utf-8", "surrogateescape"))
    except BadClassList:
        raise BadNames("The text is neither UTF-8 nor Windows-1252.", hint="Send it as UTF-8.") from None


def _entries(path: Path) -> tuple[NameEntry, ...]:
    """The names in a file; who it is, is the name as it is written there.

    Raises:
        FileMissing, BadNames, NoNames: it cannot be used, or there is none in it.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        lines = decoded(content).split("\n")
    except FileNotFoundError:
        raise FileMissing("There is no list of names at that path.") from None
    except OSError:
        raise BadNames("The list of names cannot be read.", hint="Name a text file that you may read.") from None
    except BadClassList:
        raise BadNames("The list of names is not a text file.", hint=ONE_NAME) from None
    if len(content) > MAX_BYTES:
        raise BadNames(f"The list of names is larger than {MAX_BYTES // 1_000_000} MB.", hint=ONE_NAME)
    names = [" ".join(line.split()) for line in lines]
    for number, name in enumerate(names, 1):
        if ";" in name or name.count(",") > 1 or len(name) > LONGEST_NAME:
            raise BadNames(f"Line {number} of the list of names holds more than one name.", hint=ONE_NAME)
    entries = tuple(NameEntry(name, name) for name in dict.fromkeys(names) if name)
    if not entries:
        raise NoNames("The list of names is empty.", hint=ONE_NAME)
    return entries


def _show(lang: str, document: dict[str, Any]) -> None:
    Console(highlight=False, soft_wrap=True).print(Text("\n").join(_told(document, *WORDS[lang])))


def _told(document: dict[str, Any], sure: str, perhaps: str, none: str, without: str) -> Iterator[Text]:
    if error := document.get("error"):
        yield Text.assemble("  ", (error["message"], "red"), f" {error['hint']}")
        return
    text = Text(_harmless(document["text"]))
    for hit in document["hits"]:
        text.stylize("bold red" if hit["certain"] else "bold yellow", hit["start"], hit["end"])
    yield text
    for hit in document["hits"]:
        person = f" ({hit['person']})" if hit["person"] else ""
        yield Text(_harmless(f"  {hit['text']}: {sure if hit['certain'] else perhaps}{person}"))
    yield Text(_harmless(f"  {without}: {document['clean']}") if document["hits"] else f"  {none}")


def _harmless(text: str) -> str:
    """The text as a terminal may have it, each character still in its place."""
    return CONTROL.sub("\ufffd", text)
