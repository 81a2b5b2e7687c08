"""When what went out is looked at again by rules that stand beside the registry."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.gate import rechecks
from fotopoort.registry.registry import Registry
from fotopoort.registry.store.tables import job

from .conftest import Clock

ONE, OTHER = "0" * 12, "f" * 12


def asked(registry: Registry, caller: Caller, rules: str, *, at_start: bool) -> int:
    """How many more jobs there are after this."""
    count = select(func.count()).where(job.c.tenant == caller.tenant, job.c.kind == rechecks.RECHECK)
    with registry.write(caller, Act.MAINTAIN) as session:
        before = session.connection.execute(count).scalar_one()
        rechecks.ask_today(session, rules, at_start=at_start)
        return int(session.connection.execute(count).scalar_one()) - int(before)


def test_once_a_day_and_at_each_start_with_other_rules(
    registry: Registry, caller: Caller, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert asked(registry, caller, ONE, at_start=True) == 0  # nothing ever went out
    monkeypatch.setattr(rechecks, "is_anything_there", lambda _: True)
    for day in range(2):
        clock.now += timedelta(days=day)
        for rules in (ONE, OTHER, ONE, OTHER):
            assert [asked(registry, caller, rules, at_start=True) for _ in range(2)] == [1, 0]
            assert asked(registry, caller, rules, at_start=False) == 0
        for rules in (ONE, OTHER) * 2:  # programs that go on side by side
            assert asked(registry, caller, rules, at_start=False) == 0
    clock.now += timedelta(days=1)
    assert [asked(registry, caller, rules, at_start=False) for rules in (ONE, OTHER, ONE)] == [1, 1, 0]
