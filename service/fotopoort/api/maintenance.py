"""The service's own rounds: what `registry/rounds.py` does, while it runs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import date

from fotopoort.errors import FotopoortError
from fotopoort.registry import maintenance
from fotopoort.registry.registry import Registry

log = logging.getLogger(__name__)

SECONDS_BETWEEN = 600


async def make_rounds(registry: Registry) -> None:
    """Do the frequent round every few minutes, and the daily one at the start and with each new day. Never ends."""
    done: date | None = None
    while True:
        await _try(maintenance.frequent, registry)
        today = registry.clock().date()
        if done != today and await _try(maintenance.daily, registry):
            done = today
        await asyncio.sleep(SECONDS_BETWEEN)


async def _try(work: Callable[[Registry], None], registry: Registry) -> bool:
    try:
        await asyncio.to_thread(work, registry)
    except FotopoortError as error:
        log.error("the %s round failed: %s", work.__name__, error.code)
        return False
    except Exception as error:
        log.error("the %s round failed: %s", work.__name__, type(error).__name__)
        return False
    return True
