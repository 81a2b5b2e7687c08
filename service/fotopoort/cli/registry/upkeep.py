"""`fotopoort registry …`: keeping the registry in order."""

from __future__ import annotations

import typer

from fotopoort.cli import school
from fotopoort.registry import originals
from fotopoort.registry.roles import Act
from fotopoort.settings import load_settings


def rotate_key() -> None:
    """Hold the photos that wait for answers under a new key, and let the old key go."""
    with school.opened(load_settings()) as (registry, caller), registry.write(caller, Act.MAINTAIN) as session:
        count = originals.rotate(session)
    typer.echo(f"Photos under the new key: {count}.", err=True)
