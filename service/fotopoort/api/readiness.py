"""Whether a photo can be screened now, and what is missing where it cannot."""

from __future__ import annotations

import asyncio
import io
import logging
import shutil
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from PIL import Image

from fotopoort.errors import ModelError, RegistryError, kinds
from fotopoort.operations.doctor.database import MAX_SKEW
from fotopoort.operations.doctor.files import existing
from fotopoort.registry.registry import Registry
from fotopoort.registry.store.database import HEAD, schema_version
from fotopoort.registry.store.dialects import database_clock
from fotopoort.screening.processes.pool import ScreeningPool

log = logging.getLogger(__name__)

MAX_SECONDS_TO_ANSWER: Final = 5
SECONDS_FRESH: Final = 5  # one look serves everyone who asks within this time: asking needs no key
PROBE_SIDE: Final = 64  # pixels
MIN_FREE_BYTES: Final = 200_000_000  # below it the next photos cannot be kept
MODEL_CODES: Final = frozenset(kind.code for kind in kinds(ModelError))


class Missing(StrEnum):
    """What is not there. These words are published, and say nothing of what is behind them."""

    MODELS = "models"
    SCREENING = "screening"  # no process answers
    DATABASE = "database"
    SCHEMA = "schema"  # the database is of another version of the program
    CLOCK = "clock"  # it differs from the database's
    DISK = "disk"


@dataclass(frozen=True, slots=True)
class _Look:
    """A look that is under way or over.

    Attributes:
        of: what is missing while there is no answer.
        begun: in seconds that never go back.
    """

    of: Missing
    begun: float
    answer: asyncio.Task[list[Missing]]


class Readiness:
    """Has a screening process inspect a small grey picture, one at a time: that takes a process and every model. And
    looks at the database and the disk."""

    def __init__(self, screeners: ScreeningPool, registry: Registry) -> None:
        self._screeners, self._registry = screeners, registry
        self._looks: dict[Missing, _Look] = {}  # the latest

    @property
    def resting(self) -> str:
        """How many screening processes could not be started, such as "1 of 2", and are tried again after a pause; "":
        none."""
        resting = self._screeners.state().resting
        return f"{resting} of {self._screeners.count}" if resting else ""

    async def missing(self, *, busy: bool) -> list[Missing]:
        """What is missing, or did not answer in time.

        Args:
            busy: all processes are at work, so that nobody has to ask them whether they can be, unless none can start.
        """
        asked = [self._look(Missing.DATABASE, self._look_at_machine)]
        if not busy or self._screeners.state().resting == self._screeners.count:
            asked.append(self._look(Missing.SCREENING, self._inspect_picture))
        await asyncio.wait([look.answer for look in asked], timeout=MAX_SECONDS_TO_ANSWER)
        return [what for look in asked for what in (look.answer.result() if look.answer.done() else [look.of])]

    def _look(self, of: Missing, look: Callable[[], Coroutine[Any, Any, list[Missing]]]) -> _Look:
        """The latest look, or a new one where that was long ago."""
        earlier, now = self._looks.get(of), time.monotonic()
        if earlier is None or (earlier.answer.done() and now - earlier.begun > SECONDS_FRESH):
            earlier = self._looks[of] = _Look(of, now, asyncio.create_task(look()))
        return earlier

    async def _inspect_picture(self) -> list[Missing]:
        picture = io.BytesIO()
        Image.new("RGB", (PROBE_SIDE, PROBE_SIDE), "grey").save(picture, "JPEG")
        try:
            findings, _ = await asyncio.wrap_future(self._screeners.inspect(picture.getvalue(), PROBE_SIDE))
        except Exception as error:  # whatever a pool of processes has come to
            log.error("the screening processes do not answer: %s", type(error).__name__)
            return [Missing.SCREENING]
        if findings.failure is None:
            return []
        return [Missing.MODELS if findings.failure.code in MODEL_CODES else Missing.SCREENING]

    async def _look_at_machine(self) -> list[Missing]:
        try:
            return await asyncio.to_thread(self._found_missing)
        except Exception as error:
            log.error("the database or the disk cannot be looked at: %s", getattr(error, "code", type(error).__name__))
            return [Missing.DATABASE]

    def _found_missing(self) -> list[Missing]:
        found = []
        if shutil.disk_usage(existing(self._registry.data_folder)).free < MIN_FREE_BYTES:
            found.append(Missing.DISK)
        try:
            with self._registry.database.read() as connection:
                version, skew = schema_version(connection), self._registry.clock() - database_clock(connection)
        except RegistryError:
            return [*found, Missing.DATABASE]
        if version != HEAD:
            found.append(Missing.SCHEMA)
        if abs(skew) > MAX_SKEW and self._registry.database.dialect != "sqlite":  # whose clock is this machine's
            found.append(Missing.CLOCK)
        return found
