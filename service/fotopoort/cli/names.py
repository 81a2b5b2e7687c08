"""`fotopoort names`: looks for children's names in texts."""

from __future__ import annotations

import codecs
import io
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Final, TypeAlias

import typer
from rich.console import Console
from rich.text import Text as RichText

from fotopoort.application.contract.build import problem_document
from fotopoort.application.contract.documents import Json
from fotopoort.application.contract.statements import names_document
from fotopoort.cli import output
from fotopoort.cli.language import Lang, choice_of
from fotopoort.cli.screen.run import open_service
from fotopoort.errors import BadClassList, BadNames, FileMissing, FotopoortError, NoNames, UseError
from fotopoort.names.places import MAX_CHARACTERS
from fotopoort.policy_file import load_policy
from fotopoort.registry.access.roles import console
from fotopoort.registry.lists.sheets import decoded
from fotopoort.screening.name_search import find, name_list
from fotopoort.settings import load_settings
from fotopoort.vocabulary import Language, NameEntry, NameHit, Text

app = typer.Typer(help="Look for children's names in texts.", no_args_is_help=True)

Find: TypeAlias = Callable[[str], tuple[tuple[NameHit, ...], str]]
Show: TypeAlias = Callable[[Json], None]

MAX_BYTES: Final = 2_000_000  # of a list of names; a school of 600 pupils is some 10 kB
MAX_NAME: Final = 200  # characters
MAX_LINE: Final = MAX_CHARACTERS + len("\r\n")
ONE_NAME: Final = Text(
    nl="Zet op elke regel één volledige naam; een klassenlijst hoort bij --registry.",
    en="Put one full name on each line; a class list goes with --registry.",
)
NAME_A_LIST: Final = Text(
    nl="Importeer de mensen op school met `fotopoort registry import`, of geef een lijst met --names of --registry.",
    en="Import the school's people with `fotopoort registry import`, or name a list with --names or --registry.",
)
UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Characters on which a terminal acts, and those that change the direction of what it shows.
CONTROL: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
CERTAIN: Final = Text(nl="naam van een kind", en="a child's name")
UNCERTAIN: Final = Text(nl="misschien een naam van een kind", en="perhaps a child's name")
NONE_FOUND: Final = Text(nl="geen naam van een kind gevonden", en="no child's name found")
WITHOUT_NAMES: Final = Text(nl="zonder namen", en="without names")


@app.callback()
def names() -> None:
    """Look for children's names in texts."""


@app.command()
def check(
    context: typer.Context,
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
    lang: Lang = Language.NL,
) -> None:
    """Show the names of children in texts, and how the texts could read without them."""
    show = output.JsonLines() if as_json else partial(_show, lang)
    errors_in = choice_of(context).of_errors
    if listed is not None:
        if class_list is not None or group:
            raise UseError(
                Text(
                    nl="--names gaat niet samen met --registry en --group.",
                    en="--names goes without --registry and --group.",
                ),
                hint=Text(nl="Een lijst met namen heeft geen groepen.", en="A plain list of names has no groups."),
            )
        _check(texts, partial(find, name_list(_entries(listed))), show, errors_in)
        return
    settings = load_settings()
    with open_service(settings, load_policy(settings.policy_file), class_list) as service:
        caller, groups = console(settings.tenant), frozenset(group or ())

        def find_names(
            text: str,
        ) -> tuple[tuple[NameHit, ...], str]:  # in the list as it is now, for each text of a pipe
            return service.names_to_find(caller, groups).find(text)

        try:
            find_names("")  # an error that would meet every text comes before the first one is read
        except NoNames:
            raise NoNames(hint=NAME_A_LIST) from None
        _check(texts, find_names, show, errors_in)


def _check(texts: Sequence[str], find_names: Find, show: Show, errors_in: Language) -> None:
    """Show the names in each text, or why it cannot be searched; the others are searched all the same."""
    failed = False
    for text in _texts(texts):
        try:
            text = _decoded(text)
            document = names_document(text, *find_names(text))
        except FotopoortError as error:
            failed, document = True, problem_document(error, errors_in)
        show(document)
    if failed:
        raise typer.Exit(1)


def _texts(arguments: Sequence[str]) -> Iterator[str]:
    for text in arguments:
        if text == "-":
            with open(sys.stdin.fileno(), "rb", closefd=False) as stdin:
                yield from _lines(stdin)
        else:
            yield text


def _lines(file: io.BufferedReader) -> Iterator[str]:
    """The lines of a text file, each as soon as it is there; `_decoded` makes texts of them.

    A line that is too long is cut off where it is still too long for the search.
    """
    wide = file.peek(2)[:2] in UTF_16
    encoding, errors = ("utf-16", "replace") if wide else ("utf-8", "surrogateescape")
    with io.TextIOWrapper(file, encoding, errors, newline="\n") as lines:
        while line := lines.readline(MAX_LINE):
            rest = line
            while rest and not rest.endswith("\n"):
                rest = lines.readline(MAX_LINE)
            yield line.removesuffix("\n").removesuffix("\r")


def _decoded(line: str) -> str:
    """The text of a line or an argument. Python escapes the bytes in it that are no UTF-8.

    Raises:
        BadNames: it is no text.
    """
    try:
        return decoded(line.encode("utf-8", "surrogateescape"))
    except BadClassList:
        raise BadNames(
            Text(
                nl="De tekst is geen UTF-8 en ook geen Windows-1252.", en="The text is neither UTF-8 nor Windows-1252."
            ),
            hint=Text(nl="Stuur hem als UTF-8.", en="Send it as UTF-8."),
        ) from None


def _entries(path: Path) -> tuple[NameEntry, ...]:
    """The names in a file; each name, as it is written there, stands for its person.

    Raises:
        FileMissing, BadNames, NoNames: it cannot be used, or there is none in it.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        lines = decoded(content).split("\n")
    except FileNotFoundError:
        raise FileMissing(
            Text(nl="Op dat pad staat geen lijst met namen.", en="There is no list of names at that path.")
        ) from None
    except OSError:
        raise BadNames(
            Text(nl="De lijst met namen kan niet worden gelezen.", en="The list of names cannot be read."),
            hint=Text(nl="Noem een tekstbestand dat je mag lezen.", en="Name a text file that you may read."),
        ) from None
    except BadClassList:
        raise BadNames(
            Text(nl="De lijst met namen is geen tekstbestand.", en="The list of names is not a text file."),
            hint=ONE_NAME,
        ) from None
    if len(content) > MAX_BYTES:
        raise BadNames(
            Text(
                nl=f"De lijst met namen is groter dan {MAX_BYTES // 1_000_000} MB.",
                en=f"The list of names is larger than {MAX_BYTES // 1_000_000} MB.",
            ),
            hint=ONE_NAME,
        )
    names = [" ".join(line.split()) for line in lines]
    for number, name in enumerate(names, 1):
        if ";" in name or name.count(",") > 1 or len(name) > MAX_NAME:
            raise BadNames(
                Text(
                    nl=f"Op regel {number} van de lijst met namen staat meer dan één naam.",
                    en=f"Line {number} of the list of names holds more than one name.",
                ),
                hint=ONE_NAME,
            )
    entries = tuple(NameEntry(name, name) for name in dict.fromkeys(names) if name)
    if not entries:
        raise NoNames(Text(nl="De lijst met namen is leeg.", en="The list of names is empty."), hint=ONE_NAME)
    return entries


def _show(language: Language, document: Json) -> None:
    Console(highlight=False, soft_wrap=True).print(RichText("\n").join(_lines_of(document, language)))


def _lines_of(document: Json, language: Language) -> Iterator[RichText]:
    if error := document.get("error"):
        yield RichText.assemble("  ", (error["message"], "red"), f" {error['hint']}")
        return
    text = RichText(_without_controls(document["text"]))
    for hit in document["hits"]:
        text.stylize("bold red" if hit["certain"] else "bold yellow", hit["start"], hit["end"])
    yield text
    for hit in document["hits"]:
        person = f" ({hit['person']})" if hit["person"] else ""
        what = CERTAIN if hit["certain"] else UNCERTAIN
        yield RichText(_without_controls(f"  {hit['text']}: {what:{language}}{person}"))
    clean = f"  {WITHOUT_NAMES:{language}}: {document['clean']}"
    yield RichText(_without_controls(clean) if document["hits"] else f"  {NONE_FOUND:{language}}")


def _without_controls(text: str) -> str:
    """The text without what a terminal would act on, each character still in its place."""
    return CONTROL.sub("\ufffd", text)
