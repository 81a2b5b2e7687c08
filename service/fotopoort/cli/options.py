"""Arguments and options that several commands have, in the same words."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

Photos: TypeAlias = Annotated[
    list[Path], typer.Argument(metavar="PHOTO…", help="Photos, or folders with photos.", show_default=False)
]
Channels: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--channel", "-c", help="Where it would be published; once for each channel.", show_default=False),
]
ClassList: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--registry",
        help="A class list (CSV). Beside a school's registry it only tightens. Without either everyone is unknown.",
        show_default=False,
    ),
]
AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="One JSON object per photo on stdout.")]
Answered: TypeAlias = Annotated[Path | None, typer.Option("--answers", help="A JSON file with answers per photo.")]
Together: TypeAlias = Annotated[
    bool, typer.Option("--together", help="One message on all channels: the strictest counts.")
]
TakenOn: TypeAlias = Annotated[
    datetime | None,
    typer.Option("--taken", formats=["%Y-%m-%d"], help="The day the photos were taken, beside what they tell."),
]
