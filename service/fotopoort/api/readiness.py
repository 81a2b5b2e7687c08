"""Can a photo be screened now?"""

from __future__ import annotations

import asyncio
import io
import logging
import time

from PIL import Image

from fotopoort.screening.pool import ScreeningPool

log = logging.getLogger(__name__)

SECONDS_TO_ANSWER = 5
SECONDS_FRESH = 5  # one look serves everyone who asks within this time: no key is wanted for asking
SIDE = 64  # pixels


class Readiness:
    """Has a screening process look at a small grey picture, once at a time: that takes a process and every model."""

    def __init__(self, screeners: ScreeningPool) -> None:
        self._screeners = screeners
        self._look: asyncio.Task[bool] | None = None
        self._asked = 0.0

    async def check(self) -> bool:
        """True when it was looked at, and in time."""
        stale = time.monotonic() - self._asked > SECONDS_FRESH
        if self._look is None or (self._look.done() and stale):
            self._look = asyncio.create_task(self._looked())
            self._asked = time.monotonic()
        await asyncio.wait({self._look}, timeout=SECONDS_TO_ANSWER)
        return self._look.done() and self._look.result()

    async def _looked(self) -> bool:
        picture = io.BytesIO()
        Image.new("RGB", (SIDE, SIDE), "grey").save(picture, "JPEG")
        try:
            findings, _ = await asyncio.wrap_future(self._screeners.inspect(picture.getvalue(), SIDE))
        except Exception as error:  # whatever a pool of processes has come to
            log.error("the screening processes do not answer: %s", type(error).__name__)
            return False
        return findings.failure is None
