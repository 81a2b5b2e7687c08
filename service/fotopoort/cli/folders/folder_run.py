"""What the commands for whole folders share: what is asked, a ledger for this run alone, and what is made of it."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, TypeAlias

import typer

from fotopoort.application.input_files import printable
from fotopoort.application.service import ScreeningService
from fotopoort.batch.eligibility import Eligibilities
from fotopoort.batch.grouping import Grouping, read_list
from fotopoort.batch.ledger.ledger import Ledger
from fotopoort.batch.report.html_report import Facts, write_report
from fotopoort.batch.report.results import write_results
from fotopoort.batch.report.thumbnails import sweep as sweep_thumbnails
from fotopoort.batch.run_request import RunRequest
from fotopoort.batch.storage.storage import Storage, storage_at
from fotopoort.batch.storage.walk import FoundFile, shown
from fotopoort.batch.survey import Survey
from fotopoort.batch.validity import Validity
from fotopoort.batch.work import Worker
from fotopoort.cli.screen import gate_of, named_channels
from fotopoort.errors import FileMissing, OutputUnwritable, UseError
from fotopoort.policy.policy import Policy
from fotopoort.policy_file import load_policy
from fotopoort.registry.access.roles import Caller, console
from fotopoort.registry.photos.answers import check_answers, read_answers, read_json
from fotopoort.screening.pool import ScreeningPool
from fotopoort.settings import Settings, load_settings
from fotopoort.vision.models.catalogue import Catalogue
from fotopoort.vocabulary import Answers

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
AnswersFile: TypeAlias = Annotated[Path | None, typer.Option("--answers", help="A JSON file with answers per photo.")]
TakenOn: TypeAlias = Annotated[
    datetime | None,
    typer.Option("--taken", formats=["%Y-%m-%d"], help="The day of photos that do not tell theirs."),
]


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be done with a folder, and all that it takes.

    Attributes:
        models: a fingerprint of what looks at photos.
        said: the answers as they stand in their file, for the report to add to.
    """

    basis: Validity
    gate: ScreeningService
    caller: Caller
    policy: Policy
    settings: Settings
    models: str
    said: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def asked(self) -> RunRequest:
        """What is asked of the folder."""
        return self.basis.asked

    def worker(
        self, screeners: ScreeningPool, name: str = "this", is_still: Callable[[FoundFile], bool] | None = None
    ) -> Worker:
        """Who does it, see `Worker`."""
        return Worker(
            screeners,
            gate=self.gate,
            caller=self.caller,
            policy=self.policy,
            settings=self.settings,
            today=date.today(),
            name=name,
            is_still=is_still,
        )

    def publish(self, ledger: Ledger, survey: Survey, started: datetime) -> None:
        """Write the results and the report.

        Raises:
            OutputUnwritable: one of them cannot be written.
        """
        people = self.gate.known(self.caller).people
        passed_over, out = survey.passed_over, self.asked.out
        write_results(ledger.entries(), self.asked.channels, out)
        facts = Facts(
            folder=self.asked.photos.shown(),
            channels={name: self.policy.channel(name).label for name in self.asked.channels},
            policy=self.policy.id,
            registry=people.revision if people else None,
            started=started,
            finished=datetime.now(),
            hidden=passed_over.hidden,
            unsupported=passed_over.unsupported,
            links=passed_over.links,
            unreadable=shown(passed_over.unreadable),
            gone=survey.gone,
            answers=self.said,
        )
        write_report(ledger.entries(), facts, out)
        sweep_thumbnails(ledger, out)


@contextmanager
def task(
    folder: str,
    out: str,
    channel: list[str] | None,
    *,
    group: list[str] | None,
    group_from: str | None,
    class_list: Path | None,
    answers: Path | None,
    taken: datetime | None,
    only_stale: bool = False,
) -> Iterator[Task]:
    """What was asked on the command line.

    Raises:
        UseError: it cannot be done so.
    """
    settings = load_settings()
    policy = load_policy(settings.policy_file)
    channels = named_channels(channel, policy)
    photos, results = storage_at(folder), storage_at(out)
    if photos.identity("") is None:
        raise FileMissing(f"There is no folder {printable(folder)}.")
    if (photos.address.rstrip("/") + "/").startswith(results.address.rstrip("/") + "/"):
        raise OutputUnwritable(
            "The photos are in the output folder.",
            hint="Name another folder with --out: originals are never written over.",
        )
    held = settings.model_copy(update={"hours_held": 0.0})  # the originals are in the folder
    with stoppable(), gate_of(held, policy, class_list) as gate:
        caller = console(settings.tenant)
        people = gate.known(caller).people
        asked = RunRequest(
            photos=photos,
            out=results,
            channels=channels,
            grouping=_grouping(photos, group, group_from, gate, caller),
            answers=read_answers(answers, people) if answers else {},
            day=taken.date() if taken else None,
            only_stale=only_stale,
        )
        models = Catalogue(settings.models_folder).fingerprint()
        basis = Validity(asked, Eligibilities(gate, caller, models))
        yield Task(basis, gate, caller, policy, settings, models, _said(answers))


@contextmanager
def stoppable() -> Iterator[None]:
    """Being told to stop, as when the machine goes down, is the same as Ctrl-C."""
    earlier = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, earlier)


def _grouping(
    photos: Storage, named: list[str] | None, group_from: str | None, gate: ScreeningService, caller: Caller
) -> Grouping:
    if named and group_from:
        raise UseError("--group and --group-from exclude each other.", hint="Leave one of them out.")
    if group_from is None:
        people = gate.known(caller).people
        return Grouping(check_answers(Answers(groups=frozenset(named or ())), people).groups)
    if group_from == "folder":
        return Grouping(folder=photos.name)
    kind, _, place = group_from.partition(":")
    if kind != "csv" or not place:
        raise UseError("--group-from takes folder, or csv: and the name of a file.", hint="As in csv:groepen.csv.")
    return Grouping(listed=read_list(Path(place)))


def _said(answers: Path | None) -> Mapping[str, Any]:
    if answers is None:
        return {}
    content = read_json(answers.read_text(encoding="utf-8-sig"))
    return content["photos"] if isinstance(content, dict) else {}
