"""`fotopoort inspect`: what is in a photo, without judging it."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from fotopoort.application.contract.build import inspection_document
from fotopoort.application.contract.documents import Json
from fotopoort.application.folders.sorting import other_endings
from fotopoort.application.input_files import collect, printable, read
from fotopoort.cli import output
from fotopoort.cli.language import choice_of
from fotopoort.cli.options import AsJson, Photos
from fotopoort.policy.measures import seen_side
from fotopoort.policy_file import load_policy
from fotopoort.screening.processes.pool import ScreeningPool
from fotopoort.settings import load_settings


def inspect(
    context: typer.Context,
    photos: Photos,
    as_json: AsJson = False,
    text: Annotated[bool, typer.Option(help="Read the text in the pictures.")] = True,
) -> None:
    """Show the faces, the kind of scene, the text that can be read and what the file carries."""
    settings = load_settings()
    policy = load_policy(settings.policy_file)
    long_side = seen_side(policy)
    files, passed_over = collect(photos)
    show = output.JsonLines() if as_json else _show
    language, unjudged = choice_of(context).of_errors, list[str]()
    with (
        ScreeningPool.open(settings, policy, max_processes=len(files)) as screeners,
        output.progress(len(files), language) as step,
    ):
        looks = screeners.in_order(screeners.inspect(read(file.path, settings), long_side, text=text) for file in files)
        for file, (findings, milliseconds) in zip(files, looks, strict=True):
            show(inspection_document(file.display_name, findings, policy, milliseconds, language))
            step()
            if findings.failure is not None:
                unjudged.append(file.path.name)
    output.print_named_system_folders(passed_over.named_system_folders, language)
    output.print_summary(
        len(files),
        len(unjudged),
        passed_over.files,
        None,
        language,
        unjudged_endings=other_endings(unjudged),
        found=passed_over,
    )
    if unjudged:
        raise typer.Exit(1)


def _show(document: Json) -> None:
    console = Console(highlight=False)
    console.print(f"[bold]{escape(printable(document['file']))}[/]", soft_wrap=True)
    if error := document.get("error"):
        console.print(f"  [red]{escape(error['message'])}[/] {escape(error['hint'])}", soft_wrap=True)
        return
    console.print(f"  {document['width']} × {document['height']}, {document['scene']}, {len(document['faces'])} faces")
    for face in document["faces"]:
        marks = [mark for mark in ("frontal", "close_up", "recognisable") if face[mark]]
        x, y, w, h = (round(value) for value in face["box"])
        console.print(f"  {face['id']}: {w} × {h} at {x}, {y}; yaw {face['yaw']:+.0f}°; {', '.join(marks) or '-'}")
    for line in document["text"]:
        console.print(f"  reads: {escape(printable(line['text']))}")
    if document["hints"]:
        console.print(f"  carries: {', '.join(sorted({hint['kind'] for hint in document['hints']}))}")
