"""How long records are kept: first it is told, then it is done."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from fotopoort.registry import retention, school_settings
from fotopoort.registry.access import api_keys
from fotopoort.registry.access.roles import Act, Caller, KeyRole
from fotopoort.registry.audit.verification import verify
from fotopoort.registry.consent import consent_log
from fotopoort.registry.consent.statements import Statement
from fotopoort.registry.people import people
from fotopoort.registry.photos import blocks, originals, takedowns
from fotopoort.registry.registry import Registry
from fotopoort.registry.store.tables import metadata
from fotopoort.vocabulary import Answers, ConsentState

from .conftest import Clock
from .recorded_pupil import NAME, PUPIL, record_pupil, text
from .screened_photos import PHOTO, fill, remembered


@pytest.fixture
def school(registry: Registry, caller: Caller) -> Registry:
    return record_pupil(registry, caller)


def test_first_it_is_told_then_it_is_done(school: Registry, caller: Caller, clock: Clock) -> None:
    with school.write(caller, Act.EDIT_PEOPLE) as session:
        people.leave(session, PUPIL, session.today)
        takedowns.mark_done(session, takedowns.tasks(session)[0].id)
        blocks.lift(session, blocks.blocks(session)[0].id, "vergissing")
        key, _ = api_keys.make(session, KeyRole.OFFICE, "administratie")
        api_keys.revoke(session, key.id)

    def counts() -> dict[str, int]:
        with school.read(caller, Act.MAINTAIN) as session:
            return {due.rule: due.count for due in retention.plan(session)}

    nothing = dict.fromkeys([rule.key for rule in retention.RULES], 0)
    assert counts() == nothing
    clock.now += timedelta(days=367)
    assert counts() == nothing | {"left": 1}
    clock.now += timedelta(days=2 * 365 - 366)
    assert counts() == nothing | {"left": 1, "takedowns": 1, "blocks": 1, "keys": 1}
    clock.now += timedelta(days=3 * 365)
    assert counts()["cleared"] == 3
    with school.write(caller, Act.MAINTAIN) as session:
        erased = {due.rule: due.count for due in retention.apply(session)}
    with school.read(caller, Act.SEE_AUDIT) as session:
        assert verify(session).problem is None
    assert erased == nothing | {"left": 1, "takedowns": 1, "blocks": 1, "keys": 1, "cleared": 3}
    assert counts() == nothing
    assert NAME not in text(school)


def test_the_school_sets_its_own_days(school: Registry, caller: Caller, clock: Clock) -> None:
    with school.write(caller, Act.SET) as session:
        school_settings.set_days(session, "retention.cleared", 10, "zo kort als kan")
    clock.now += timedelta(days=11)
    with school.read(caller, Act.MAINTAIN) as session:
        assert {due.rule: (due.days, due.count) for due in retention.plan(session)}["cleared"] == (10, 3)


def test_a_photo_that_could_go_nowhere_is_kept_for_a_school_year(
    registry: Registry, caller: Caller, clock: Clock
) -> None:
    fill(registry, caller)
    with registry.write(caller, Act.RECORD_CONSENT) as session:
        statements = Statement("p1", "website", ConsentState.REFUSED), Statement("p1", "facebook", ConsentState.REFUSED)
        consent_log.record_many(session, statements)
    present = Answers(frozenset({"groep 5"}), present=frozenset({"p1"}))
    screening = remembered(registry, caller, present)
    with registry.write(caller, Act.SCREEN) as session:
        originals.hold(session, screening.id, PHOTO, 1)
    clock.now += timedelta(days=402)
    with registry.write(caller, Act.MAINTAIN) as session:
        assert {due.rule: due.count for due in retention.apply(session)}["rejected"] == 1
        assert session.connection.execute(select(func.count()).select_from(metadata.tables["answer"])).scalar() == 0
