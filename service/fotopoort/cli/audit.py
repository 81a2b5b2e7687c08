"""`fotopoort audit`: does the log hold together, and what does it say?"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Annotated

import typer

from fotopoort.cli.registry.rows import AsJson, show, spoken
from fotopoort.cli.registry_session import open_registry, reading
from fotopoort.errors import ChainBroken, UseError
from fotopoort.registry.access.roles import Act
from fotopoort.registry.audit import checkpoints
from fotopoort.registry.audit.verification import show as audit_rows
from fotopoort.registry.audit.verification import verify_with_checkpoints
from fotopoort.registry.people import people
from fotopoort.settings import load_settings
from fotopoort.vocabulary import Text

app = typer.Typer(help="The audit log: what happened, and that nobody changed it.", no_args_is_help=True)


@app.command()
def verify(
    context: typer.Context,
    folder: Annotated[
        Path | None, typer.Option("--heads", help="A folder with signed heads; heads in the data folder if left out.")
    ] = None,
) -> None:
    """Work out every hash anew, and name the first row that does not fit. Exit status 1 where one does not."""
    with open_registry(load_settings()) as (registry, caller):
        verification = verify_with_checkpoints(registry, caller, folder)
    if verification.problem is not None:
        raise ChainBroken(verification.problem)
    rows, checkpoints = verification.rows, verification.checkpoints
    in_order = Text(
        nl=f"{rows} regels, allemaal in orde; {checkpoints} getekende koppen.",
        en=f"{rows} rows, all in order; {checkpoints} signed heads.",
    )
    typer.echo(spoken(context, in_order))


@app.command("show")
def show_rows(
    context: typer.Context,
    photo: Annotated[str | None, typer.Option(help="A photo's file, or the first digits of its SHA-256.")] = None,
    person: Annotated[str | None, typer.Option(help="The school's own id of a person.")] = None,
    as_json: AsJson = False,
) -> None:
    """What the log says of a photo or a person."""
    if (photo is None) is (person is None):
        raise UseError(
            Text(nl="Noem een foto of een persoon.", en="Name a photo or a person."),
            hint=Text(nl="Met --photo of --person.", en="With --photo or --person."),
        )
    sha256 = _sha256(photo) if photo is not None else None
    with reading(Act.SEE_AUDIT) as session:
        ref = people.ref_of(session, person) if person is not None else None
        rows = audit_rows(session, photo=sha256, person=ref)
    plain = [row._asdict() | {"detail": json.loads(row.detail)} for row in rows]
    columns = ("seq", "at", "kind", "actor", "detail")
    show(
        context,
        plain,
        columns,
        as_json=as_json,
        nothing=Text(nl="Het logboek zegt daar niets over.", en="The log says nothing of that."),
    )


@app.command()
def head(
    out: Annotated[Path | None, typer.Option(help="A folder; heads in the data folder if left out.")] = None,
) -> None:
    """Sign where the log ends now, in a file of today. Keep these files elsewhere too."""
    settings = load_settings()
    with open_registry(settings) as (registry, caller), registry.read(caller, Act.SEE_AUDIT) as session:
        place = checkpoints.export_checkpoint(session, out or settings.data_folder / checkpoints.FOLDER)
    typer.echo(str(place))


def _sha256(photo: str) -> str:
    path = Path(photo)
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else photo
