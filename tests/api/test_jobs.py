"""The service works off jobs as long as it runs: the daily maintenance once, however many services there are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.waiting import wait_for

from fotopoort.api import maintenance
from fotopoort.jobs import overview
from fotopoort.jobs.job import Job, JobState
from fotopoort.jobs.maintenance import DAILY
from fotopoort.registry.access.roles import Act, console
from fotopoort.registry.audit.verification import verify
from fotopoort.registry.registry import Registry
from fotopoort.registry.store.tables import audit_head

from .service import PlayedScreeners, opened


def jobs(registry: Registry) -> list[Job]:
    """Those of the daily maintenance."""
    with registry.read(console("school"), Act.MAINTAIN) as session:
        return [job for job in overview.jobs(session) if job.kind.startswith(DAILY)]


def test_services_that_start_at_once_and_again_do_the_days_maintenance_once(tmp_path: Path) -> None:
    data = tmp_path / "data"

    def signed() -> list[Path]:
        return list((data / "heads").glob("*.json"))

    for _ in range(2):
        for path in signed():
            path.unlink()
        with opened(data, PlayedScreeners(), {}) as one, opened(data, PlayedScreeners(), {}):
            registry = one.registry
            wait_for(lambda: {job.state for job in jobs(registry)} == {JobState.DONE})  # noqa: B023 - called here
            wait_for(signed)
            found = jobs(registry)
            assert len({job.key for job in found}) == len(found) <= 2  # two where midnight passed
            with registry.read(console("school"), Act.SEE_AUDIT) as session:
                assert verify(session).problem is None


def test_the_days_maintenance_is_in_what_is_signed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maintenance, "SECONDS_BETWEEN_RUNS", 0.1)
    data = tmp_path / "data"
    with opened(data, PlayedScreeners(), {}) as service:
        wait_for(lambda: {job.state for job in jobs(service.registry)} == {JobState.DONE})
        with service.registry.write(console("school"), Act.MAINTAIN) as session:
            session.note("test")
        with service.registry.read(console("school"), Act.SEE_AUDIT) as session:
            end = session.connection.execute(select(audit_head.c.seq)).scalar_one()
        wait_for(lambda: end in {json.loads(path.read_text())["seq"] for path in (data / "heads").glob("*.json")})
