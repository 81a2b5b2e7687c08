"""A folder of photos that is run over again and again, as `fotopoort batch` does it, and what then lies on the disk."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from tests.stateful.photos import MadePhoto
from tests.stateful.played import PlayedPool

from fotopoort.application.pending import PendingScreening
from fotopoort.application.redecision import GivenScreening
from fotopoort.application.service import ScreeningService
from fotopoort.batch.eligibility import Eligibilities
from fotopoort.batch.entry import Entry
from fotopoort.batch.grouping import Grouping
from fotopoort.batch.ledger.location import own_ledger
from fotopoort.batch.report.thumbnails import FOLDER as THUMBNAILS
from fotopoort.batch.run_request import RunRequest
from fotopoort.batch.storage.folder import Folder
from fotopoort.batch.survey import survey
from fotopoort.batch.validity import Validity
from fotopoort.cli.folders.folder_run import FolderRun
from fotopoort.policy.policy import Policy
from fotopoort.registry.access.roles import Caller
from fotopoort.registry.answers.answers_file import parse_answers_file
from fotopoort.registry.registry import Registry
from fotopoort.screening.screen import Screening
from fotopoort.settings import Settings

BY_FOLDER: Final = "folder"  # the name of the folder that a photo lies in tells its group


@dataclass(frozen=True)
class Asked:
    """What is asked of one run.

    Attributes:
        grouping: the groups in every photo, or BY_FOLDER.
        only_stale: photos that are new are left out.
        stops_after: the run is stopped after so many photos; None: it goes on to the end.
        publishes: results and report are written, where it comes to its end.
    """

    channels: tuple[str, ...]
    grouping: tuple[str, ...] | str = ()
    only_stale: bool = False
    stops_after: int | None = None
    publishes: bool = True


class _Service(ScreeningService):
    """The service, in which something can happen between a verdict that is recorded and the file that is written.

    Attributes:
        once_recorded: is done after the next record, once.
    """

    once_recorded: Callable[[], None] = staticmethod(lambda: None)

    def record_given(
        self,
        caller: Caller,
        pending: PendingScreening,
        screening: Screening,
        places: Mapping[str, str] | None = None,
    ) -> GivenScreening:
        """See `ScreeningService.record_given`."""
        given = super().record_given(caller, pending, screening, places)
        happens, self.once_recorded = self.once_recorded, lambda: None
        happens()
        return given


class FolderDoor:
    """Runs over one folder, on behalf of whoever owns the machine."""

    def __init__(self, registry: Registry, rules: Policy, pool: PlayedPool, folder: Path, caller: Caller) -> None:
        self.photos: dict[str, MadePhoto] = {}  # by their path below the folder
        self._in, self._out = folder / "fotos", folder / "uit"
        self._in.mkdir()
        self._service, self._rules, self._pool, self._caller = (
            _Service(rules, registry=registry),
            rules,
            pool,
            caller,
        )
        self._settings = Settings(data_folder=folder / "data", hours_held=0)

    def put(self, path: str, photo: MadePhoto) -> None:
        (self._in / path).parent.mkdir(exist_ok=True)
        (self._in / path).write_bytes(photo.data)
        self.photos[path] = photo

    def take_away(self, path: str) -> None:
        (self._in / path).unlink()
        del self.photos[path]

    def touch(self, path: str) -> None:
        """Give it another time of change, as copying a folder does. It is the same photo."""
        before = (self._in / path).stat().st_mtime_ns
        os.utime(self._in / path, ns=(before, before + 1_000_000_000))

    def run(
        self, asked: Asked, answers: Mapping[str, Any], meanwhile: Callable[[], None], *, once_recorded: bool
    ) -> list[str]:
        """The places of the renditions that this run made.

        Args:
            answers: as they stand in the file of answers, by path or SHA-256.
            meanwhile: happens while the first photo is judged.
            once_recorded: or when its verdict is recorded, and nothing is written yet.

        Raises:
            FotopoortError: the run refuses, or cannot be done.
        """
        people = self._service.context(self._caller).people
        request = RunRequest(
            photos=Folder(self._in),
            out=Folder(self._out),
            channels=asked.channels,
            grouping=self._grouping(asked),
            answers=parse_answers_file({"photos": answers}, people),
            only_stale=asked.only_stale,
        )
        validity = Validity(request, Eligibilities(self._service, self._caller, "eyes for hues"))
        run = FolderRun(validity, self._service, self._caller, self._rules, self._settings, "eyes for hues", answers)
        if once_recorded:
            self._service.once_recorded = meanwhile
        else:
            self._pool.meanwhile = meanwhile
        try:
            with own_ledger(request, self._settings) as ledger:
                found = survey(validity, ledger)
                with closing(run.worker(self._pool).work(validity, ledger.leases, found.run)) as results:
                    wanted = itertools.islice(results, asked.stops_after)
                    made = [result for result in wanted if isinstance(result, Entry)]
                if asked.publishes and asked.stops_after is None:
                    run.publish(ledger, found, datetime.now())
        finally:
            self._service.once_recorded = self._pool.meanwhile = lambda: None
        verdicts = [verdict for entry in made for verdict in entry.document["verdicts"].values()]
        return [verdict["rendition"]["path"] for verdict in verdicts if verdict["rendition"]]

    def rendition(self, place: str) -> bytes | None:
        """What lies at that place; None: nothing."""
        path = self._out / place
        return path.read_bytes() if path.exists() else None

    def places(self, channels: tuple[str, ...]) -> Iterator[str]:
        """Where renditions for these channels lie."""
        for channel in channels:
            yield from (str(path.relative_to(self._out)) for path in (self._out / channel).rglob("*.jpg"))

    def thumbnails(self) -> Iterator[str]:
        """Where the small pictures of the report lie."""
        yield from (str(path.relative_to(self._out)) for path in (self._out / THUMBNAILS).rglob("*.jpg"))

    def texts(self) -> Iterator[tuple[str, bytes]]:
        """Everything else that lies on the disk: results, report and records."""
        for path in self._out.rglob("*"):
            if path.is_file() and path.suffix != ".jpg":
                yield str(path.relative_to(self._out)), path.read_bytes()

    def _grouping(self, asked: Asked) -> Grouping:
        if asked.grouping == BY_FOLDER:
            return Grouping(folder=self._in.name)
        return Grouping(frozenset(asked.grouping))
