"""`fotopoort jobs`: the work that `fotopoort serve` does by itself."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from fotopoort.application.contract.plain import plain
from fotopoort.cli.registry.rows import AsJson, say, show
from fotopoort.cli.registry_session import reading, writing
from fotopoort.errors import UseError
from fotopoort.jobs import overview
from fotopoort.jobs.job import Job, JobState
from fotopoort.registry.access.roles import Act
from fotopoort.vocabulary import Text

app = typer.Typer(
    help="Work that `fotopoort serve` does by itself: what waits, and what was given up.", no_args_is_help=True
)


@app.command("list")
def list_jobs(
    context: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="Also those that are done.")] = False,
    as_json: AsJson = False,
) -> None:
    """Jobs that wait, and those that were given up."""
    states = tuple(JobState) if everything else (JobState.WAITING, JobState.DEAD)
    with reading(Act.MAINTAIN) as session:
        found = overview.jobs(session, states, limit=overview.MAX_LISTED + 1)
    rows = [_row(job) for job in found[: overview.MAX_LISTED]]
    show(
        context,
        rows,
        ("kind", "state", "next_at", "attempts", "worker", "error", "id"),
        as_json=as_json,
        nothing=Text(nl="Er wacht niets, en er is niets opgegeven.", en="Nothing waits, and nothing was given up."),
    )
    if len(found) > len(rows):
        say(context, Text(nl=f"Er zijn er meer dan deze {len(rows)}.", en=f"There are more than these {len(rows)}."))


@app.command()
def retry(
    context: typer.Context,
    job: Annotated[str | None, typer.Argument(help="The id that `jobs list` shows.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every job that was given up.")] = False,
) -> None:
    """Try a job that was given up again."""
    if (job is None) is not everything:
        raise UseError(
            Text(nl="Noem één taak, of geef --all.", en="Name one job, or give --all."),
            hint=Text(nl="De taken staan in `fotopoort jobs list`.", en="`fotopoort jobs list` shows the jobs."),
        )
    with writing(Act.MAINTAIN) as session:
        count = overview.retry(session, job)
    say(context, Text(nl=f"Opnieuw te doen: {count}.", en=f"To be tried again: {count}."))


def _row(job: Job) -> dict[str, Any]:
    """A job as it is shown. In other lists `due` is a time limit, so that this has another name here."""
    row: dict[str, Any] = plain(job)
    next_at = row.pop("due")
    return row | {"next_at": next_at if job.state is JobState.WAITING else None}
