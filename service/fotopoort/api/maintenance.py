"""Runs the registry's scheduled maintenance (`registry/maintenance.py`) as long as the service runs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import date

from fotopoort.errors import FotopoortError
from fotopoort.jobs.maintenance import plan
from fotopoort.jobs.runner import Runner
from fotopoort.registry import maintenance
from fotopoort.registry.registry import Registry

log = logging.getLogger(__name__)

SECONDS_BETWEEN_RUNS = 600


async def run_maintenance(registry: Registry, runner: Runner) -> None:
    """Run the frequent tasks every few minutes; at the start and on each new day have the daily ones done that nobody
    did yet, and sign the audit log here. Never ends."""
    last_signed: date | None = None
    at_start = True
    while True:
        await _attempt(maintenance.frequent, registry)
        if await _attempt(plan, registry, at_start=at_start):
            at_start = False
            runner.wake()
        today = registry.clock().date()
        if last_signed != today and await _attempt(maintenance.sign, registry):
            last_signed = today
        await asyncio.sleep(SECONDS_BETWEEN_RUNS)


async def _attempt(task: Callable[..., None], registry: Registry, **how: bool) -> bool:
    """Whether the task succeeded. A failure is logged by its code or type, never by what it says."""
    try:
        await asyncio.to_thread(task, registry, **how)
    except FotopoortError as error:
        log.error("the maintenance failed (%s): %s", task.__name__, error.code)
        return False
    except Exception as error:
        log.error("the maintenance failed (%s): %s", task.__name__, type(error).__name__)
        return False
    return True
