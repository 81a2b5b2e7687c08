"""Runs the registry's scheduled maintenance (`registry/maintenance.py`) as long as the service runs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Protocol

from fotopoort.errors import FotopoortError
from fotopoort.jobs.maintenance import plan
from fotopoort.jobs.runner import Runner
from fotopoort.registry import maintenance
from fotopoort.registry.registry import Registry

log = logging.getLogger(__name__)

SECONDS_BETWEEN_RUNS = 600


class Plan(Protocol):
    """Has work done in each school."""

    def __call__(self, registry: Registry, *, at_start: bool = False) -> None: ...


async def run_maintenance(registry: Registry, runner: Runner, also: Sequence[Plan] = ()) -> None:
    """Every few minutes run the frequent tasks, have the daily ones done that nobody did yet today, and sign where the
    audit log ends: today's file then holds what was done since, the daily maintenance as well. Never ends.

    Args:
        also: other work to plan, each time; as at the start until that succeeded once.
    """
    at_start = dict.fromkeys((plan, *also), True)
    while True:
        await _attempt(maintenance.frequent, registry)
        for plan_work, is_first in at_start.items():
            if await _attempt(plan_work, registry, at_start=is_first):
                at_start[plan_work] = False
            runner.wake()
        await _attempt(maintenance.sign, registry)
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
