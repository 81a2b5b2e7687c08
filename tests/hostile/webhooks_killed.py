"""What `test_webhooks_killed.py` kills: delivers messages, until it is stopped from outside. Each time it is a fork."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import NoReturn

from fotopoort.jobs.queue import Queue
from fotopoort.jobs.runner import Runner
from fotopoort.registry.registry import Registry
from fotopoort.webhooks.delivery import WebhookDelivery
from fotopoort.webhooks.outbound.client import GuardedClient

from . import jobs_killed
from .jobs_killed import opened, tell_parent

SECONDS_LEASED = 1.0  # whoever is killed is missed soon


def client() -> GuardedClient:
    """Finds every name on this machine."""
    return GuardedClient(resolve=lambda _, __: ["127.0.0.1"])


def runner(registry: Registry, queue: Queue, name: str) -> Runner:
    return Runner(queue, [WebhookDelivery(registry, client()).handler()], worker=name, poll_interval=0.05)


def work(url: str, folder: Path, _: str) -> NoReturn:
    registry = opened(url, folder)
    runner(registry, Queue(registry, seconds=SECONDS_LEASED), str(os.getpid())).start()
    tell_parent(f"ready {os.getpid()}")
    while True:
        time.sleep(1)


def main() -> None:
    """For each line that comes, a process that works until it is killed."""
    jobs_killed.main(work)
