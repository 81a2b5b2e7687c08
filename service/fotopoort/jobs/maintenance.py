"""The registry's daily maintenance as jobs: once a day for each school, however many programs serve it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Final

from fotopoort.canonical_json import digest
from fotopoort.jobs import outbox
from fotopoort.jobs.handlers import Handler, Task
from fotopoort.jobs.queue import Effects
from fotopoort.jobs.retry import UNTIL_IT_WORKS
from fotopoort.registry import maintenance
from fotopoort.registry.access.roles import Act, console
from fotopoort.registry.registry import Registry, Session

DAILY: Final = "maintenance.daily"
VACUUM: Final = "maintenance.vacuum"  # on the disk: a transaction cannot do it


def plan(registry: Registry) -> None:
    """Have each school's maintenance of today done, where it was not planned yet. A day begins at midnight there. After
    a change of the policy it is done once more: by the new one, more people may have said no.

    Raises:
        RegistryError: it could not be planned; the next call does it.
    """
    policy = digest([[asdict(channel) for channel in registry.channels], registry.parents_word])
    for school in registry.schools():
        with registry.write(console(school), Act.MAINTAIN) as session:
            outbox.enqueue(session, DAILY, {}, key=f"{session.today}.{policy[:12]}")


def handlers(registry: Registry) -> list[Handler]:
    """What is done of both kinds."""

    def daily(_: Task) -> Effects:
        def effects(session: Session) -> None:
            maintenance.daily_in(session)
            outbox.enqueue(session, VACUUM, {})

        return effects

    def vacuum(_: Task) -> None:
        registry.database.vacuum()

    return [Handler(DAILY, daily, UNTIL_IT_WORKS, seconds=600), Handler(VACUUM, vacuum, UNTIL_IT_WORKS, seconds=600)]
