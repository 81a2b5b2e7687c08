"""`fotopoort openapi`: the description of the HTTP interface, for programs that make a client from it."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, cast

import typer

from fotopoort.files import write_whole
from fotopoort.policy_file import load_policy
from fotopoort.settings import load_settings

if TYPE_CHECKING:
    from fotopoort.screening.processes.pool import ScreeningPool


class NoScreeners:
    """In the place of processes that look at photos: nothing is looked at."""

    count = 1


def openapi(
    swagger2: Annotated[
        bool, typer.Option("--swagger2", help="Only the gate, as Swagger 2.0: for Power Automate and older programs.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="The file to write; stdout if left out.")] = None,
) -> None:
    """Print the description of the HTTP interface: OpenAPI 3.1, with this school's channels."""
    from fotopoort.api.app import create_app
    from fotopoort.api.swagger2 import gate_part
    from fotopoort.cli.registry_session import open_registry

    settings = load_settings()
    with TemporaryDirectory() as folder:  # a registry of its own: nothing of the school's is opened
        empty = settings.model_copy(update={"data_folder": Path(folder), "registry_url": None, "keys_folder": None})
        with open_registry(empty, make=True) as (registry, _):
            policy = load_policy(settings.policy_file)
            screeners = cast("ScreeningPool", NoScreeners())
            document = create_app(empty, screeners=screeners, policy=policy, registry=registry).openapi()
    if swagger2:
        host = settings.public_url.removeprefix("https://") if settings.public_url else None
        document = gate_part(document, host)
    content = json.dumps(document, indent=2) + "\n"
    if out is None:
        typer.echo(content, nl=False)
    else:
        write_whole(out, content.encode())
