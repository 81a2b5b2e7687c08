"""`fotopoort own-child`: the copy of a photo for the parents of one child."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from fotopoort.application.contract.pixels import crop_key
from fotopoort.application.input_files import PhotoFile, printable, read
from fotopoort.application.output_paths import check_output
from fotopoort.application.parents.own_child import OwnChildCopies
from fotopoort.cli.registry.rows import AsJson, say
from fotopoort.cli.registry_session import open_registry
from fotopoort.errors import PhotoError, UseError
from fotopoort.files import write_whole
from fotopoort.policy_file import load_policy
from fotopoort.screening.processes.pool import ScreeningPool
from fotopoort.settings import load_settings
from fotopoort.vocabulary import Text


def own_child(
    context: typer.Context,
    photo: Annotated[Path, typer.Argument(metavar="PHOTO", help="A photo in which the child was pointed out.")],
    child: Annotated[str, typer.Option(metavar="ID", help="The child whose parents ask.")],
    out: Annotated[Path, typer.Option(help="Write the copy to this folder.")],
    crop: Annotated[bool, typer.Option("--crop", help="The part with that child alone, where there is one.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make the copy of a photo for a child's parents: everybody else is covered. The audit log tells of it."""
    settings = load_settings()
    policy = load_policy(settings.policy_file)
    data = read(photo, settings)
    if isinstance(data, PhotoError):
        raise UseError(data.message, hint=data.hint)
    with (
        open_registry(settings) as (registry, caller),
        ScreeningPool.open(settings, policy, max_processes=1) as screeners,
    ):
        check_output(out, (), [PhotoFile(photo, photo.name, Path(photo.name))])
        copy = OwnChildCopies(policy, registry).of_photo(screeners, caller, data, child, crop=crop)
    made = copy.rendition
    path = out / f"foto-{made.sha256[:12]}.jpg"
    write_whole(path, made.jpeg)
    if as_json:
        rendition = {"path": str(path), "sha256": made.sha256, "width": made.width, "height": made.height}
        part = {key: value.model_dump() for key, value in crop_key(copy.crop).items()}
        print(json.dumps({"file": str(photo), "child": child, "rendition": rendition} | part))  # noqa: T201
        return
    say(context, Text(nl=f"Gemaakt: {printable(str(path))}", en=f"Made: {printable(str(path))}"))
