"""Whether a photo can be screened now."""

from __future__ import annotations

import asyncio
import io
import logging
import time

from PIL import Image

from fotopoort.screening.processes.pool import ScreeningPool

log = logging.getLogger(__name__)

MAX_SECONDS_TO_ANSWER = 5
SECONDS_FRESH = 5  # one probe serves everyone who asks within this time: asking needs no key
PROBE_SIDE = 64  # pixels


class Readiness:
    """Has a screening process inspect a small grey picture, one at a time: that takes a process and every model."""

    def __init__(self, screeners: ScreeningPool) -> None:
        self._screeners = screeners
        self._probe: asyncio.Task[bool] | None = None
        self._started = 0.0  # when the latest probe began, in seconds that never go back

    async def check(self) -> bool:
        """Whether the picture was inspected, and in time."""
        stale = time.monotonic() - self._started > SECONDS_FRESH
        if self._probe is None or (self._probe.done() and stale):
            self._probe = asyncio.create_task(self._inspect_picture())
            self._started = time.monotonic()
        await asyncio.wait({self._probe}, timeout=MAX_SECONDS_TO_ANSWER)
        return self._probe.done() and self._probe.result()

    async def _inspect_picture(self) -> bool:
        picture = io.BytesIO()
        Image.new("RGB", (PROBE_SIDE, PROBE_SIDE), "grey").save(picture, "JPEG")
        try:
            findings, _ = await asyncio.wrap_future(self._screeners.inspect(picture.getvalue(), PROBE_SIDE))
        except Exception as error:  # whatever a pool of processes has come to
            log.error("the screening processes do not answer: %s", type(error).__name__)
            return False
        return findings.failure is None
