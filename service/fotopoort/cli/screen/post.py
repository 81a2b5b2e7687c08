"""What to ask about several photos together, for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from rich.console import Console
from rich.markup import escape

from fotopoort.application.contract.documents import Json
from fotopoort.application.input_files import printable
from fotopoort.cli.output import print_question
from fotopoort.policy.policy import Policy
from fotopoort.vocabulary import Language, Text

TOGETHER: Final = Text(nl="Over deze foto's samen", en="About these photos together")
ALL_PHOTOS: Final = Text(nl="alle foto's", en="all photos")
OF_ONE_MOMENT: Final = Text(nl="van één moment", en="of one moment")
UNTIL: Final = Text(nl="t/m", en="to")
MAX_NAMED: Final = 8  # photos, or bursts, that are named with a question


def print_post(post: Json, policy: Policy, names: Mapping[str, str], language: Language) -> None:
    """Print the questions, and what is told of the photos as a whole, on stdout; nothing where there is nothing.

    Args:
        post: what `post_document` makes.
        names: of the photos, by SHA-256.
    """
    notes, instead = post.get("notes", {}), post.get("instead", {})
    if not (post["questions"] or notes or instead):
        return
    console = Console()
    console.print(f"[bold]{TOGETHER:{language}}[/]", soft_wrap=True)
    for channel, note in notes.items():
        label = getattr(policy.channel(channel).label, language)
        console.print(f"  {escape(label)}: {escape(note[language])} [dim]({note['rule']})[/]", highlight=False)
    for photo, better in instead.items():
        line = f"{_use_instead(printable(names[better]), printable(names[photo])):{language}}"
        console.print(f"  {escape(line)}", highlight=False, soft_wrap=True)
    for question in post["questions"]:
        about = _about(question, names, post.get("bursts", ()), language)
        print_question(console, question, about, language)


def _use_instead(better: str, photo: str) -> Text:
    """Which of two photos of one moment to use."""
    return Text(
        nl=f"Gebruik liever {better} in plaats van {photo}: bijna dezelfde foto, en daarvan mag je meer laten zien.",
        en=f"Better use {better} than {photo}: nearly the same photo, and you may show more of it.",
    )


def _about(question: Json, names: Mapping[str, str], bursts: Sequence[Sequence[str]], language: Language) -> str:
    """The photos that a question is about, with the faces in each; those of a burst as one."""
    photos, faces = question["photos"], question.get("faces", {})
    if len(photos) == len(names) > 1 and not faces:
        return f"{ALL_PHOTOS:{language}}"
    items = _in_bursts(photos, bursts)
    named = [_item(item, names, faces, language) for item in items[:MAX_NAMED]]
    more = sum(map(len, items[MAX_NAMED:]))
    between = ", " if len(items) == len(photos) else "; "
    return between.join([*named, *([f"+ {more}"] if more else [])])


def _in_bursts(photos: Sequence[str], bursts: Sequence[Sequence[str]]) -> list[list[str]]:
    """The photos in their order; those of a burst together, where the first of them stands."""
    burst_of = {photo: burst[0] for burst in bursts for photo in burst}
    items: dict[str, list[str]] = {}
    for photo in photos:
        items.setdefault(burst_of.get(photo, photo), []).append(photo)
    return [*items.values()]


def _item(
    photos: Sequence[str], names: Mapping[str, str], faces: Mapping[str, Sequence[str]], language: Language
) -> str:
    """One photo, or those of one burst: from the first to the last, where nothing else must be told of each."""
    named = [_with_faces(names[photo], faces.get(photo, ())) for photo in photos]
    if len(photos) == 1:
        return named[0]
    together = f"{len(photos)} {OF_ONE_MOMENT:{language}}"
    order = [*names]
    first = order.index(photos[0])
    if len(photos) > 2 and not any(map(faces.get, photos)) and order[first : first + len(photos)] == [*photos]:
        return f"{named[0]} {UNTIL:{language}} {named[-1]} ({together})"
    return f"{together}: {', '.join(named)}"


def _with_faces(name: str, faces: Sequence[str]) -> str:
    return f"{printable(name)} ({' '.join(faces)})" if faces else printable(name)
