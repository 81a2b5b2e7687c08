"""What the command line shows: JSON lines for programs, a table for people, progress and a closing line on stderr."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from fotopoort.application.contract.documents import Json
from fotopoort.application.input_files import printable
from fotopoort.policy.policy import Policy
from fotopoort.vocabulary import Language, Outcome, Text

MAX_WITHOUT_BAR = 3  # photos; a progress bar for so few is noise

OUTCOMES = {
    Outcome.PUBLISH: ("green", Text(nl="plaatsen", en="publish")),
    Outcome.BLUR: ("yellow", Text(nl="plaatsen, bedekt", en="publish, covered")),
    Outcome.REJECT: ("red", Text(nl="niet plaatsen", en="do not publish")),
}
NOT_YET = ("red", Text(nl="nog niet", en="not yet"))  # a reject that an answer to a question can still lift
WITHOUT_NAMES = Text(nl="De tekst zonder namen", en="The text without names")


class JsonLines:
    """One object per line on stdout, in ASCII: a file name may hold bytes that are no UTF-8."""

    def __call__(self, document: Json) -> None:
        print(json.dumps(document), flush=True)  # noqa: T201 - this is the output


class VerdictTable:
    """One table row per photo and channel on stdout, as soon as the photo is judged."""

    def __init__(self, policy: Policy, language: Language) -> None:
        self._console = Console()
        self._labels = {channel.id: channel.label for channel in policy.channels}
        self._language = language

    def __call__(self, document: Json) -> None:
        self._console.print(f"[bold]{escape(printable(document['file']))}[/]", soft_wrap=True)
        if error := document.get("error"):
            self._console.print(f"  [red]{escape(error['message'])}[/] {escape(error['hint'])}", highlight=False)
            return
        table = Table(box=None, show_header=False, padding=(0, 1, 0, 2))
        table.add_column(min_width=14)
        table.add_column(min_width=16)
        table.add_column(overflow="fold")
        for channel, verdict in document["verdicts"].items():
            colour, outcome = NOT_YET if verdict.get("not_yet") else OUTCOMES[verdict["outcome"]]
            label = getattr(self._labels[channel], self._language)
            lines = [f"{reason[self._language]} [dim]({reason['rule']})[/]" for reason in verdict["reasons"]]
            lines += [f"[cyan]? {escape(question[self._language])}[/]" for question in verdict["questions"]]
            if verdict["rendition"] and "path" in verdict["rendition"]:
                lines.append(f"[dim]→ {escape(printable(verdict['rendition']['path']))}[/]")
            table.add_row(escape(label), f"[{colour}]{outcome:{self._language}}[/]", "\n".join(lines))
        self._console.print(table, highlight=False)
        if any(name["place"] == "caption" for name in document["names"]):
            clean = f"  {WITHOUT_NAMES:{self._language}}: {document['clean']}"
            self._console.print(clean, highlight=False, markup=False)


@contextmanager
def progress(total: int, language: Language) -> Iterator[Callable[[], None]]:
    """A progress bar on a terminal for more than a few photos; yields what to call after each photo."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    hidden = total <= MAX_WITHOUT_BAR or not console.is_terminal
    with Progress(*columns, console=console, disable=hidden, transient=True) as bar:
        task = bar.add_task(f"{PHOTO.more:{language}}", total=total)
        yield lambda: bar.advance(task)


def print_summary(
    photos: int, unjudged: int, passed_over: int, out: Path | None, language: Language, *, unused: int = 0
) -> None:
    """Print the last line, on stderr.

    Args:
        photos: how many were given; `unjudged`: how many of them could not be judged.
        passed_over: files in folders that are no photos.
        out: where the renditions went.
        unused: answers for photos that were not among those given.
    """
    parts = [counted(photos, PHOTO)]
    if unjudged:
        parts.append(not_judged(unjudged))
    if passed_over:
        parts.append(files_passed_over(passed_over))
    if unused:
        those = counted(unused, PHOTO)
        is_not = (
            Text("die er niet bij is", "that is not here")
            if unused == 1
            else Text("die er niet bij zijn", "that are not here")
        )
        parts.append(Text(f"antwoorden over {those.nl} {is_not.nl}", f"answers for {those.en} {is_not.en}"))
    if out is not None:
        parts.append(Text(f"nieuwe foto's in {printable(out)}", f"renditions in {printable(out)}"))
    print_line(parts, language)


class Noun(NamedTuple):
    """A word for things that are counted: one of them, and more."""

    one: Text
    more: Text


PHOTO: Final = Noun(Text("foto", "photo"), Text("foto's", "photos"))
OTHER_FILE: Final = Noun(Text("ander bestand", "other file"), Text("andere bestanden", "other files"))


def counted(count: int, noun: Noun) -> Text:
    """As in "1 photo", "2 photos"."""
    word = noun.one if count == 1 else noun.more
    return Text(f"{count} {word.nl}", f"{count} {word.en}")


def not_judged(count: int) -> Text:
    """How many could not be judged."""
    return Text(f"{count} niet beoordeeld", f"{count} could not be judged")


def files_passed_over(count: int) -> Text:
    """How many files are no photos."""
    files = counted(count, OTHER_FILE)
    return Text(f"{files.nl} overgeslagen", f"{files.en} passed over")


def sentence(parts: Sequence[Text]) -> Text:
    """The parts as one sentence."""
    return Text(", ".join(part.nl for part in parts) + ".", ", ".join(part.en for part in parts) + ".")


def print_line(parts: Sequence[Text], language: Language) -> None:
    """Print the parts as one sentence, on stderr."""
    Console(stderr=True, soft_wrap=True).print(f"{sentence(parts):{language}}", highlight=False, markup=False)
