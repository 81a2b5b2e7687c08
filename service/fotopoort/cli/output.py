"""What the command line shows: JSON lines for programs, a table for people, progress and a closing line on stderr."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from fotopoort.application.contract.build import called
from fotopoort.application.contract.documents import Json
from fotopoort.application.folders.passed_over import UNKNOWN_KIND, PassedOver
from fotopoort.application.folders.sorting import has_videos
from fotopoort.application.input_files import printable
from fotopoort.policy.policy import Policy
from fotopoort.policy.posts.questions import SETTLED_BY_YES
from fotopoort.vocabulary import Language, Outcome, Text, label_of

NONE: Final[Mapping[str, int]] = {}
MAX_ENDINGS: Final = 8  # kinds of files that are named
VIDEOS: Final = Text("video's worden niet beoordeeld: niet plaatsen", "videos are not judged: do not publish them")
MAX_WITHOUT_BAR = 3  # photos; a progress bar for so few is noise

COLOURS: Final = {Outcome.PUBLISH: "green", Outcome.BLUR: "yellow", Outcome.REJECT: "red"}
PHOTO_ITSELF: Final = Text("de foto zelf", "the photo itself")
CAN_BE_CROPPED: Final = Text(nl="of een stuk van de foto, met --crop", en="or a crop, with --crop")
IF_NOT: Final = Text(nl="Zo niet, dan in het bestand met antwoorden", en="If not, in the answers file")
IF_SO: Final = Text(nl="Zo ja, dan in het bestand met antwoorden", en="If so, in the answers file")
WITHOUT_NAMES: Final = Text(nl="De tekst zonder namen", en="The text without names")


class JsonLines:
    """One object per line on stdout, in ASCII: a file name may hold bytes that are no UTF-8."""

    def __call__(self, document: Json) -> None:
        print(json.dumps(document), flush=True)  # noqa: T201 - this is the output


class VerdictTable:
    """One table row per photo and channel on stdout, as soon as the photo is judged.

    Args:
        with_questions: what to ask about each photo is shown with it. Of several photos `screen/post.py` shows it.
    """

    def __init__(self, policy: Policy, language: Language, *, with_questions: bool = True) -> None:
        self._console, self._with_questions = Console(), with_questions
        self._labels = {channel.id: channel.label for channel in policy.channels}
        self._language = language

    def __call__(self, document: Json) -> None:
        self._console.print(f"[bold]{escape(printable(document['file']))}[/]", soft_wrap=True)
        if error := document.get("error"):
            self._console.print(
                f"  [red]{escape(error['message'])}[/] {escape(error['hint'])}", highlight=False, soft_wrap=True
            )
            return
        table = Table(box=None, show_header=False, padding=(0, 1, 0, 2))
        table.add_column(min_width=14)
        table.add_column(min_width=16)
        table.add_column(overflow="fold")
        for channel, verdict in document["verdicts"].items():
            colour, outcome = COLOURS[verdict["outcome"]], f"{called(verdict):{self._language}}"
            label = getattr(self._labels[channel], self._language)
            if own := verdict.get("photo_outcome"):
                outcome += f"\n[dim]{PHOTO_ITSELF:{self._language}}: {label_of(Outcome(own)):{self._language}}[/]"
            lines = [f"{reason[self._language]} [dim]({reason['rule']})[/]" for reason in verdict["reasons"]]
            if "crop" in verdict and not verdict["crop"]["applied"]:
                lines.append(f"[cyan]{CAN_BE_CROPPED:{self._language}}[/]")
            if verdict["rendition"] and "path" in verdict["rendition"]:
                lines.append(f"[dim]→ {escape(printable(verdict['rendition']['path']))}[/]")
            table.add_row(escape(label), f"[{colour}]{outcome}[/]", "\n".join(lines))
        self._console.print(table, highlight=False)
        if any(name["place"] == "caption" for name in document["names"]):
            clean = f"  {WITHOUT_NAMES:{self._language}}: {document['clean']}"
            self._console.print(clean, highlight=False, markup=False)
        asked = [*document.get("asks", ()), *document.get("questions", ())] if self._with_questions else []
        for question in asked:
            about = ", ".join(question.get("faces", {}).get(document["sha256"], ()))
            print_question(self._console, question, about, self._language)


def print_question(console: Console, question: Json, about: str, language: Language) -> None:
    """A question, with the faces or photos that it is about and the answer that settles it for all of them."""
    console.print(f"  [cyan]? {escape(question[language])}[/]", highlight=False)
    says = IF_SO if question["kind"] in SETTLED_BY_YES else IF_NOT
    answer = f"{says:{language}}: {json.dumps(question['answer'])}" if "answer" in question else ""
    if details := ". ".join(filter(None, [about, answer])):
        console.print(f"    [dim]{escape(details)}[/]", highlight=False)


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
    photos: int,
    unjudged: int,
    passed_over: int,
    out: Path | None,
    language: Language,
    *,
    unused: int = 0,
    unjudged_endings: Mapping[str, int] = NONE,
    found: PassedOver | None = None,
) -> None:
    """Print the last line, on stderr.

    Args:
        photos: how many were given; `unjudged`: how many of them could not be judged.
        passed_over: files in folders that are no photos.
        out: where the renditions went.
        unused: answers for photos that were not among those given.
        unjudged_endings: how many of those that could not be judged have each ending, of those that are no usual one.
        found: what was passed over, in more detail.
    """
    parts = [counted(photos, PHOTO)]
    if unjudged:
        parts.append(not_judged(unjudged, unjudged_endings))
    if passed_over:
        parts.append(files_passed_over(passed_over, found.endings if found else NONE))
    if found:
        parts += more_passed_over(found)
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


def print_named_system_folders(folders: Sequence[str], language: Language) -> None:
    """Tell, on stderr, that a folder of the system was looked into only because the user named it."""
    for folder in folders:
        line = Text(
            nl=f"{folder} is een map van de NAS of computer zelf, zoals een prullenbak. Je noemde hem, dus er is in"
            " gekeken.",
            en=f"{folder} is a folder that a NAS or computer keeps for itself, such as a bin. You named it, so it was"
            " looked into.",
        )
        Console(stderr=True, soft_wrap=True).print(f"{line:{language}}", highlight=False, markup=False)


class Noun(NamedTuple):
    """A word for things that are counted: one of them, and more."""

    one: Text
    more: Text


PHOTO: Final = Noun(Text("foto", "photo"), Text("foto's", "photos"))
SYSTEM_FOLDER: Final = Noun(Text("systeemmap", "system folder"), Text("systeemmappen", "system folders"))
OTHER_FILE: Final = Noun(Text("ander bestand", "other file"), Text("andere bestanden", "other files"))


def counted(count: int, noun: Noun) -> Text:
    """As in "1 photo", "2 photos"."""
    word = noun.one if count == 1 else noun.more
    return Text(f"{count} {word.nl}", f"{count} {word.en}")


def not_judged(count: int, endings: Mapping[str, int] = NONE) -> Text:
    """How many could not be judged, and how many of those have each ending."""
    of_kinds = _of_kinds(endings)
    return Text(f"{count} niet beoordeeld{of_kinds.nl}", f"{count} could not be judged{of_kinds.en}")


def files_passed_over(count: int, endings: Mapping[str, int] = NONE) -> Text:
    """How many files are no photos, and how many of those have each ending."""
    files, of_kinds = counted(count, OTHER_FILE), _of_kinds(endings)
    return Text(f"{files.nl} overgeslagen{of_kinds.nl}", f"{files.en} passed over{of_kinds.en}")


def more_passed_over(found: PassedOver) -> list[Text]:
    """What else should be told of what was passed over: that videos are not judged, and which folders were left out."""
    parts = [VIDEOS] if has_videos(found.endings) else []
    if found.system_folders:
        folders, names = counted(found.system_folders.total(), SYSTEM_FOLDER), ", ".join(sorted(found.system_folders))
        parts.append(Text(f"{folders.nl} overgeslagen ({names})", f"{folders.en} passed over ({names})"))
    return parts


def _of_kinds(endings: Mapping[str, int]) -> Text:
    """As in " (2 .pdf, 1 .jxl)", the most first; "" where there are none."""
    if not endings:
        return Text("", "")
    kinds = sorted(endings.items(), key=lambda kind: (-kind[1], kind[0]))
    named = [
        Text(f"{count} {ending or UNKNOWN_KIND.nl}", f"{count} {ending or UNKNOWN_KIND.en}") for ending, count in kinds
    ]
    shown = [*named[:MAX_ENDINGS], *([Text("…", "…")] if len(named) > MAX_ENDINGS else [])]
    return Text(f" ({', '.join(kind.nl for kind in shown)})", f" ({', '.join(kind.en for kind in shown)})")


def sentence(parts: Sequence[Text]) -> Text:
    """The parts as one sentence."""
    return Text(", ".join(part.nl for part in parts) + ".", ", ".join(part.en for part in parts) + ".")


def print_line(parts: Sequence[Text], language: Language) -> None:
    """Print the parts as one sentence, on stderr."""
    Console(stderr=True, soft_wrap=True).print(f"{sentence(parts):{language}}", highlight=False, markup=False)
