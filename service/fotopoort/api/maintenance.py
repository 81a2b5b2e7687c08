"""Runs the registry's scheduled maintenance (`registry/maintenance.py`) as long as the service runs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import date

from fotopoort.errors import FotopoortError
from fotopoort.registry import maintenance
from fotopoort.registry.registry import Registry

log = logging.getLogger(__name__)

SECONDS_BETWEEN_RUNS = 600


async def run_maintenance(registry: Registry) -> None:
    """Run the frequent tasks every few minutes, and the daily ones at the start and on each new day. Never ends."""
    last_daily: date | None = None
    while True:
        await _attempt(maintenance.frequent, registry)
        today = registry.clock().date()
        if last_daily != today and await _attempt(maintenance.daily, registry):
            last_daily = today
        await asyncio.sleep(SECONDS_BETWEEN_RUNS)


async def _attempt(task: Callable[[Registry], None], registry: Registry) -> bool:
    """Whether the task succeeded. A failure is logged by its code or type, never by what it says."""
    try:
        await asyncio.to_thread(task, registry)
    except FotopoortError as error:
        log.error("the %s maintenance failed: %s", task.__name__, error.code)
        return False
    except Exception as error:
        log.error("the %s maintenance failed: %s", task.__name__, type(error).__name__)
        return False
    return True
