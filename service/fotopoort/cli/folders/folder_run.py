"""A run over a folder, opened from its options: what is asked, what the work takes, and what is published of it."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from fotopoort.application.capture_date import require_past
from fotopoort.application.contract.documents import Json
from fotopoort.application.input_files import printable
from fotopoort.application.service import ScreeningService
from fotopoort.batch.eligibility import Eligibilities
from fotopoort.batch.grouping import Grouping, read_list
from fotopoort.batch.ledger.ledger import Ledger
from fotopoort.batch.report.html_report import Facts, write_report
from fotopoort.batch.report.results import write_results
from fotopoort.batch.report.thumbnails import sweep as sweep_thumbnails
from fotopoort.batch.run_request import RunRequest
from fotopoort.batch.storage.address import open_storage
from fotopoort.batch.storage.storage import Storage
from fotopoort.batch.storage.walk import FoundFile, shown
from fotopoort.batch.survey import Survey
from fotopoort.batch.validity import Validity
from fotopoort.batch.work import Worker
from fotopoort.cli.folders.options import FolderOptions
from fotopoort.cli.screen.run import named_channels, open_service
from fotopoort.errors import FileMissing, OutputUnwritable, UseError
from fotopoort.policy.policy import Policy
from fotopoort.policy_file import load_policy
from fotopoort.registry.access.roles import Caller, console
from fotopoort.registry.answers.answers import check_answers, read_json
from fotopoort.registry.answers.answers_file import AnswersFile, read_answers
from fotopoort.screening.processes.pool import ScreeningPool
from fotopoort.settings import Settings, load_settings
from fotopoort.vision.models.catalogue import Catalogue
from fotopoort.vocabulary import Answers, Text


@dataclass(frozen=True, slots=True)
class FolderRun:
    """A run over a folder, and everything that it takes.

    Attributes:
        models: a fingerprint of the models that look at photos.
        answers: as they stand in their file, for the report to add to.
    """

    validity: Validity
    service: ScreeningService
    caller: Caller
    policy: Policy
    settings: Settings
    models: str
    answers: Mapping[str, Json] = field(default_factory=dict, repr=False)

    @property
    def request(self) -> RunRequest:
        """What is asked of the folder."""
        return self.validity.request

    def worker(self, screeners: ScreeningPool, is_still: Callable[[FoundFile], bool] = lambda file: True) -> Worker:
        """The worker of this machine, see `Worker`."""
        return Worker(
            screeners,
            service=self.service,
            caller=self.caller,
            policy=self.policy,
            settings=self.settings,
            is_still=is_still,
        )

    def publish(self, ledger: Ledger, survey: Survey, started: datetime) -> None:
        """Write the results and the report.

        Raises:
            OutputUnwritable: one of them cannot be written.
        """
        people = self.service.context(self.caller).people
        passed_over, out = survey.passed_over, self.request.out
        write_results(ledger.entries(), self.request.channels, out)
        facts = Facts(
            folder=self.request.photos.shown(),
            channels={name: self.policy.channel(name).label for name in self.request.channels},
            policy=self.policy.id,
            registry=people.revision if people else None,
            started=started,
            finished=datetime.now(),
            hidden=passed_over.hidden,
            unsupported=passed_over.unsupported,
            endings=tuple(passed_over.endings.most_common()),
            system_folders=tuple(sorted(passed_over.system_folders.items())),
            links=passed_over.links,
            unreadable=shown(passed_over.unreadable),
            gone=survey.gone,
            answers=self.answers,
            mostly_overviews=frozenset(
                name for name in self.request.channels if self.request.together and self.policy.channel(name).public
            ),
        )
        write_report(ledger.entries(), facts, out)
        sweep_thumbnails(ledger, out)


@contextmanager
def open_run(options: FolderOptions) -> Iterator[FolderRun]:
    """The run that is asked for.

    Raises:
        UseError: it cannot be done so.
    """
    settings = load_settings()
    policy = load_policy(settings.policy_file)
    channels = named_channels(options.channels, policy)
    photos, out = open_storage(options.folder), open_storage(options.out)
    if photos.identity("") is None:
        folder = printable(options.folder)
        raise FileMissing(Text(nl=f"Er is geen map {folder}.", en=f"There is no folder {folder}."))
    if (photos.address.rstrip("/") + "/").startswith(out.address.rstrip("/") + "/"):
        raise OutputUnwritable(
            Text(nl="De foto's staan in de map voor de uitvoer.", en="The photos are in the output folder."),
            hint=Text(
                nl="Noem een andere map met --out: originelen worden nooit overschreven.",
                en="Name another folder with --out: originals are never written over.",
            ),
        )
    holding_none = settings.model_copy(update={"hours_held": 0.0})  # the originals are in the folder
    with stoppable(), open_service(holding_none, policy, options.class_list) as service:
        caller = console(settings.tenant)
        context = service.context(caller)
        require_past(options.day, context.today)
        people = context.people
        request = RunRequest(
            photos=photos,
            out=out,
            channels=channels,
            grouping=_grouping(options, photos, service, caller),
            answers=read_answers(options.answers, people, strangers=True) if options.answers else AnswersFile(),
            day=options.day,
            only_stale=options.only_stale,
            together=options.together,
        )
        models = Catalogue(settings.models_folder).fingerprint()
        validity = Validity(request, Eligibilities(service, caller, models))
        yield FolderRun(validity, service, caller, policy, settings, models, _answers_as_written(options.answers))


@contextmanager
def stoppable() -> Iterator[None]:
    """Let SIGTERM, as when the machine goes down, do what Ctrl-C does."""
    earlier = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, earlier)


def _grouping(options: FolderOptions, photos: Storage, service: ScreeningService, caller: Caller) -> Grouping:
    if options.groups and options.group_from:
        raise UseError(
            Text(
                nl="--group en --group-from gaan niet samen.",
                en="--group and --group-from exclude each other.",
            ),
            hint=Text(nl="Laat een van de twee weg.", en="Leave one of them out."),
        )
    if options.group_from is None:
        people = service.context(caller).people
        return Grouping(check_answers(Answers(groups=frozenset(options.groups)), people).groups)
    if options.group_from == "folder":
        return Grouping(folder=photos.name)
    if options.group_list is None:
        raise UseError(
            Text(
                nl="Achter --group-from hoort folder, of csv: en de naam van een bestand.",
                en="--group-from takes folder, or csv: and the name of a file.",
            ),
            hint=Text(nl="Zoals csv:groepen.csv.", en="As in csv:groepen.csv."),
        )
    return Grouping(listed=read_list(options.group_list))


def _answers_as_written(file: Path | None) -> Mapping[str, Json]:
    if file is None:
        return {}
    content = read_json(file.read_text(encoding="utf-8-sig"))
    return content if isinstance(content, dict) else {}
