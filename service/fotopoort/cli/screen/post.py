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
MAX_NAMED: Final = 8  # photos that are named with a question


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
        print_question(console, question, _about(question, names, language), language)


def _use_instead(better: str, photo: str) -> Text:
    """Which of two photos of one moment to use."""
    return Text(
        nl=f"Gebruik liever {better} in plaats van {photo}: bijna dezelfde foto, en daarvan mag je meer laten zien.",
        en=f"Better use {better} than {photo}: nearly the same photo, and you may show more of it.",
    )


def _about(question: Json, names: Mapping[str, str], language: Language) -> str:
    """The photos that a question is about, with the faces in each."""
    photos, faces = question["photos"], question.get("faces", {})
    if len(photos) == len(names) > 1 and not faces:
        return f"{ALL_PHOTOS:{language}}"
    named = [_with_faces(names[photo], faces.get(photo, ())) for photo in photos[:MAX_NAMED]]
    more = [f"+ {len(photos) - MAX_NAMED}"] if len(photos) > MAX_NAMED else []
    return ", ".join([*named, *more])


def _with_faces(name: str, faces: Sequence[str]) -> str:
    return f"{printable(name)} ({' '.join(faces)})" if faces else printable(name)
