"""By which school years a photo is judged: worked out in one place, for every door."""

from __future__ import annotations

from datetime import date, timedelta
from typing import cast

import pytest
from sqlalchemy import null, select, update

from fotopoort.application.service import ScreeningService
from fotopoort.errors import FutureDay
from fotopoort.policy.policy import Policy
from fotopoort.registry import school_settings
from fotopoort.registry.access.roles import Act, Caller, KeyRole
from fotopoort.registry.consent import consent_log
from fotopoort.registry.consent.statements import Statement
from fotopoort.registry.people import erasure, people
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.registry import Registry
from fotopoort.registry.store.tables import screening as screening_table
from fotopoort.screening.processes.pool import ScreeningPool
from fotopoort.screening.screen import Request, Screening
from fotopoort.vocabulary import Answers, ConsentState, Person

from .conftest import CALLER, Clock, DirectPool

PHOTO = b"the bytes of a photo"
TODAY = date(2026, 11, 24)
GROUP_5 = Answers(groups=frozenset({"groep 5"}))
TEACHER = Caller("school", "k1", KeyRole.TEACHER, frozenset({"groep 5"}))


@pytest.fixture
def service(registry: Registry, policy: Policy) -> ScreeningService:
    """Daan, of groep 5, may not be shown, and left yesterday; Mila was in groep 5 last year and is in groep 6 now."""
    with registry.write(CALLER, Act.IMPORT) as session:
        people.add(session, PersonRecord("daan", name="Daan", leaves=TODAY - timedelta(days=1)), {"groep 5"})
        people.add(session, PersonRecord("mila", name="Mila"), {"groep 6"})
        people.join(session, "mila", {"groep 5"}, 2025)
        consent_log.record(session, Statement("daan", "website", ConsentState.REFUSED))
        consent_log.record(session, Statement("mila", "website", ConsentState.REFUSED))
    return ScreeningService(policy, registry=registry, hours_held=1)


def screened(
    service: ScreeningService,
    pool: DirectPool,
    name: str = "IMG_1",
    *,
    stated_day: date | None = None,
    caller: Caller = CALLER,
) -> Screening:
    request = Request(("website",), GROUP_5, file_name=name)
    context = service.context(caller)
    pending = service.submit(cast(ScreeningPool, pool), caller, PHOTO, request, context, stated_day=stated_day)
    return service.record(caller, pending, pending.future.result())


def candidates(pool: DirectPool) -> dict[str, Person]:
    """Who the faces in the last photo can be."""
    known = pool.jobs[-1].people
    assert known is not None
    return {id: person for id, person in known.persons.items() if not person.has_left and "groep 5" in person.groups}


@pytest.mark.parametrize(
    ("name", "stated_day", "expected"),
    [
        ("IMG_1", None, {"noor", "daan", "mila"}),  # nothing tells: everyone who ever was in the group
        ("IMG_1", TODAY, {"noor", "daan"}),
        ("IMG_1", TODAY - timedelta(days=7), {"noor", "daan"}),
        ("2026-11-17 sportdag", None, {"noor", "daan"}),
        ("2025-2026/groep 5/IMG_1", None, {"mila"}),
        ("2025-2026/groep 5/IMG_1", TODAY, {"noor", "daan", "mila"}),
        ("20310101", None, {"noor", "daan", "mila"}),  # a camera that is ahead of today
    ],
)
def test_candidates_are_those_of_every_school_year_that_it_can_be_of(
    service: ScreeningService, pool: DirectPool, name: str, stated_day: date | None, expected: set[str]
) -> None:
    screened(service, pool, name, stated_day=stated_day)
    assert candidates(pool).keys() == expected


def test_a_day_that_has_not_come_is_refused(service: ScreeningService, pool: DirectPool) -> None:
    with pytest.raises(FutureDay) as refused:
        screened(service, pool, stated_day=TODAY + timedelta(days=1))
    assert (refused.value.http_status, refused.value.exit_status) == (422, 2)
    assert pool.jobs == []


def test_a_teacher_with_an_old_photo_gets_nobody_of_another_group_by_name(
    service: ScreeningService, pool: DirectPool
) -> None:
    screened(service, pool, "2025-2026/IMG_1", caller=TEACHER)
    (somebody,) = candidates(pool).values()
    assert somebody.nameless
    assert somebody.consent("website") is ConsentState.REFUSED
    job = pool.jobs[-1]
    assert job.people is not None
    assert job.people.persons.keys() == {"noor", "daan", somebody.id}
    assert "mila" not in {entry.person for entry in job.names}
    assert service.context(TEACHER).people is not None
    assert somebody.id in service.context(TEACHER).people.persons  # type: ignore[union-attr] # it can be answered about


@pytest.mark.parametrize("name", ["2025-2026/IMG_1", "IMG_1"])
def test_it_is_judged_again_by_the_same_school_years(
    service: ScreeningService, pool: DirectPool, registry: Registry, name: str
) -> None:
    screening = screened(service, pool, name)
    before = candidates(pool)
    service.rejudge(cast(ScreeningPool, pool), CALLER, screening.id, Answers())
    assert candidates(pool) == before


def test_what_was_recorded_with_a_day_alone_is_judged_again_by_its_school_year(
    service: ScreeningService, pool: DirectPool, registry: Registry
) -> None:
    screening = screened(service, pool, stated_day=date(2026, 3, 12))
    with registry.write(CALLER, Act.ERASE) as session:
        assert session.connection.execute(select(screening_table.c.years)).scalar_one() == [2025]
        session.connection.execute(update(screening_table).values(years=null()))
    service.rejudge(cast(ScreeningPool, pool), CALLER, screening.id, Answers())
    assert candidates(pool).keys() == {"mila"}


def test_who_is_erased_stays_a_candidate_without_a_name(
    service: ScreeningService, pool: DirectPool, registry: Registry, clock: Clock
) -> None:
    screened(service, pool, stated_day=TODAY)
    before = pool.jobs[-1]
    with registry.write(CALLER, Act.ERASE) as session:
        erasure.erase(session, "daan", "ouders vroegen het")
    screened(service, pool, stated_day=TODAY)
    (somebody,) = candidates(pool).keys() - {"noor"}
    assert candidates(pool)[somebody].consent("website") is ConsentState.REFUSED
    assert before.people is not None
    assert before.people.revision != pool.jobs[-1].people.revision  # type: ignore[union-attr]


def test_the_rules_have_what_the_school_set(service: ScreeningService, registry: Registry) -> None:
    assert service.context(CALLER).policy.settings.first_say_who
    with registry.write(CALLER, Act.SET) as session:
        school_settings.set_first_say_who(session, False, "ouderraad")
    assert not service.context(CALLER).policy.settings.first_say_who
