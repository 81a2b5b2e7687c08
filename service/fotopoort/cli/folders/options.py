"""What the command line says of a folder of photos, made once into a value; and the arguments of its commands alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

Photos: TypeAlias = Annotated[
    str, typer.Argument(metavar="FOLDER", help="A folder with photos, or s3://BUCKET/PREFIX.", show_default=False)
]
Groups: TypeAlias = Annotated[
    list[str] | None, typer.Option("--group", help="The group in all photos; may be repeated.")
]
GroupFrom: TypeAlias = Annotated[
    str | None,
    typer.Option(metavar="folder|csv:FILE", help="The group of a photo: by its folder's name, or as a list has it."),
]
Out: TypeAlias = Annotated[str, typer.Option(help="Renditions, results and the report go here.")]


@dataclass(frozen=True, slots=True)
class FolderOptions:
    """What is asked of a folder on the command line, not checked yet.

    Attributes:
        folder, out: addresses of the photos and of the results.
        channels: as they were named; none: see `named_channels`.
        groups: in all photos.
        group_from: "folder", or "csv:" with the path of a list; None: `groups` tells.
        class_list, answers: paths of files.
        day: on which the photos were taken, beside what they tell themselves.
        only_stale: leave out photos that are new or need another try, and changes of files whose verdicts still
            hold.
        together: each photo goes to all channels in one message, by the strictest of them.
    """

    folder: str = field(repr=False)
    out: str = field(repr=False)
    channels: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    group_from: str | None = field(default=None, repr=False)
    class_list: Path | None = field(default=None, repr=False)
    answers: Path | None = field(default=None, repr=False)
    day: date | None = None
    only_stale: bool = False
    together: bool = False

    @property
    def group_list(self) -> Path | None:
        """The file in `--group-from csv:FILE`; None: another form was given, or none."""
        kind, _, path = (self.group_from or "").partition(":")
        return Path(path) if kind == "csv" and path else None
