"""`fotopoort doctor`: is everything as it must be on this machine, and what is to be done?"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fotopoort.cli.language import choice_of
from fotopoort.errors import BadSetting
from fotopoort.settings import load_settings

if TYPE_CHECKING:
    from fotopoort.operations.doctor.finding import Finding

CertificateOption = Annotated[
    Path | None,
    typer.Option("--tls-cert", help="The certificate that `serve` is given, to see until when it is valid."),
]


def doctor(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per line on stdout.")] = False,
    certificate: CertificateOption = None,
) -> None:
    """Check this installation, and say what to do. Exit status 1 where something does not work or is not safe."""
    from fotopoort.operations.doctor.finding import Level

    language, levels = choice_of(context).of_errors, set[Level]()
    for finding in _findings(certificate):
        levels.add(finding.level)
        if as_json:
            typer.echo(json.dumps(_document(finding)))
        else:
            advice = f" {finding.advice:{language}}" if finding.advice else ""
            typer.echo(f"{finding.level:<5} {finding.check:<12} {finding.text:{language}}{advice}")
    raise typer.Exit(1 if Level.FAIL in levels else 0)


def _findings(certificate: Path | None) -> Iterator[Finding]:
    # Imported here: they take a quarter of a second, which no other command should have to wait for.
    from fotopoort.operations.doctor.examination import examine
    from fotopoort.operations.doctor.finding import Subject, fail

    try:
        settings = load_settings()
    except BadSetting as error:  # without settings nothing else can be looked for
        yield fail("settings", error.message, error.hint)
        return
    yield from examine(Subject(settings, os.environ, lambda: datetime.now(UTC), certificate))


def _document(finding: Finding) -> dict[str, object]:
    """A finding as JSON: more may be added to it."""
    document: dict[str, object] = {"check": finding.check, "level": finding.level.value}
    document |= {"nl": finding.text.nl, "en": finding.text.en, "advice": None}
    if finding.advice is not None:
        document["advice"] = {"nl": finding.advice.nl, "en": finding.advice.en}
    return document
