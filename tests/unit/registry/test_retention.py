"""How long records are kept: first it is told, then it is done."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from fotopoort.errors import RegistryUnavailable
from fotopoort.jobs import maintenance as job_maintenance
from fotopoort.jobs.handlers import Task
from fotopoort.registry import maintenance, retention, school_settings
from fotopoort.registry.access import api_keys
from fotopoort.registry.access.roles import Act, Caller, KeyRole
from fotopoort.registry.answers import answering
from fotopoort.registry.audit import checkpoints
from fotopoort.registry.audit.verification import verify
from fotopoort.registry.consent import consent_log, new_noes
from fotopoort.registry.consent.statements import Statement
from fotopoort.registry.people import erasure, people
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.photos import blocks, originals, takedowns
from fotopoort.registry.registry import Registry, Session
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


def test_what_is_said_of_a_photo_is_kept_as_long_from_the_last_word_on(
    registry: Registry, caller: Caller, clock: Clock
) -> None:
    """It holds wherever the photo is sent again."""
    fill(registry, caller)
    screening = remembered(registry, caller, Answers(frozenset({"groep 5"}), harmful=True))

    def due() -> int:
        with registry.write(caller, Act.MAINTAIN) as session:
            return {due.rule: due.count for due in retention.apply(session)}["rejected"]

    clock.now += timedelta(days=399)
    with registry.write(caller, Act.SCREEN) as session:
        answering.answer(session, screening.id, Answers(harmful=True))
    clock.now += timedelta(days=3)
    assert due() == 0
    clock.now += timedelta(days=399)
    assert due() == 1


def leavers(registry: Registry, caller: Caller, clock: Clock, count: int) -> None:
    """So many pupils who left long enough ago, beside two who did not."""
    fill(registry, caller)
    with registry.write(caller, Act.EDIT_PEOPLE) as session:
        for number in range(count):
            people.add(session, PersonRecord(f"left-{number}", name=f"Vertrokken {number}"), ["groep 8"])
            people.leave(session, f"left-{number}", session.today)
    clock.now += timedelta(days=400)


def everybody(registry: Registry, caller: Caller) -> set[str]:
    with registry.read(caller, Act.SEE_PEOPLE) as session:
        return set(people.ids(session).values())


@pytest.fixture
def transactions(registry: Registry) -> list[list[str]]:
    """What each transaction wrote in the audit log."""
    written: list[list[str]] = []
    registry.observe = lambda entries: written.append([entry.kind for entry in entries])
    return written


@pytest.mark.parametrize("how", ["in parts", "daily", "as a job"])
def test_who_left_is_erased_in_a_transaction_each(
    registry: Registry, caller: Caller, clock: Clock, transactions: list[list[str]], how: str
) -> None:
    leavers(registry, caller, clock, 4)
    transactions.clear()
    if how == "in parts":
        due = retention.apply_in_parts(registry, caller)
        assert {of_rule.rule: of_rule.count for of_rule in due}["left"] == 4
    elif how == "daily":
        maintenance.daily(registry)
    else:
        handler = job_maintenance.handlers(registry)[0]
        effects = handler.handle(Task(caller.tenant, "1", {}, 1, 1, 0.0))
        assert everybody(registry, caller) == {"p1", "p2"}, "before the transaction in which the job is finished"
        assert effects is not None
    assert [kinds for kinds in transactions if "erased" in kinds] == [["erased", "retention"]] * 4
    assert everybody(registry, caller) == {"p1", "p2"}
    with registry.read(caller, Act.SEE_AUDIT) as session:
        assert verify(session).problem is None


def test_who_cannot_be_erased_keeps_nobody_else(
    registry: Registry, caller: Caller, clock: Clock, transactions: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    leavers(registry, caller, clock, 4)
    transactions.clear()
    erase = erasure.erase

    def failing(session: Session, person_id: str, *rest: Any, **how: Any) -> None:  # noqa: ANN401 - as they come
        erase(session, person_id, *rest, **how)
        if person_id == "left-2":
            raise RegistryUnavailable

    with monkeypatch.context() as patch:
        patch.setattr(erasure, "erase", failing)
        with pytest.raises(RegistryUnavailable):
            retention.apply_in_parts(registry, caller)
    assert everybody(registry, caller) == {"p1", "p2", "left-2"}
    assert [kinds for kinds in transactions if kinds] == [["erased", "retention"]] * 3
    assert {due.rule: due.count for due in retention.apply_in_parts(registry, caller)}["left"] == 1
    assert everybody(registry, caller) == {"p1", "p2"}


@pytest.mark.parametrize("how", ["in parts", "daily"])
def test_who_cannot_be_erased_keeps_nothing_else_either(
    registry: Registry, caller: Caller, clock: Clock, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    leavers(registry, caller, clock, 2)
    with registry.write(caller, Act.MANAGE_KEYS) as session:
        api_keys.revoke(session, api_keys.make(session, KeyRole.OFFICE, "administratie")[0].id)
    clock.now += timedelta(days=800)
    vacuumed: list[set[str]] = []
    monkeypatch.setattr(registry.database, "vacuum", lambda: vacuumed.append(everybody(registry, caller)))
    erase = erasure.erase

    def failing(session: Session, person_id: str, *rest: Any, **how: Any) -> None:  # noqa: ANN401 - as they come
        if person_id == "left-0":
            raise RegistryUnavailable
        erase(session, person_id, *rest, **how)

    monkeypatch.setattr(erasure, "erase", failing)
    with pytest.raises(RegistryUnavailable):
        if how == "in parts":
            retention.apply_in_parts(registry, caller)
        else:
            maintenance.daily(registry)
    with registry.read(caller, Act.MAINTAIN) as session:
        assert api_keys.keys(session) == []
    assert everybody(registry, caller) == {"p1", "p2", "left-0"}
    if how == "daily":
        assert vacuumed == [{"p1", "p2", "left-0"}]
        assert list((registry.data_folder / checkpoints.FOLDER).iterdir())


def test_what_was_done_before_it_was_stopped_stays_done(
    registry: Registry, caller: Caller, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    leavers(registry, caller, clock, 4)
    erase, left = erasure.erase, [2]

    def stopping(session: Session, person_id: str, *rest: Any, **how: Any) -> None:  # noqa: ANN401 - as they come
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        erase(session, person_id, *rest, **how)

    with monkeypatch.context() as patch:
        patch.setattr(erasure, "erase", stopping)
        with pytest.raises(KeyboardInterrupt):
            retention.erase_leavers(registry, caller)
    assert len(everybody(registry, caller)) == 2 + 2
    assert retention.erase_leavers(registry, caller) == 2


def test_who_is_not_due_any_more_is_left_alone(
    registry: Registry, caller: Caller, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program erased one meanwhile, and of another the last day was moved."""
    leavers(registry, caller, clock, 3)
    erase = erasure.erase

    def meanwhile(session: Session, person_id: str, *rest: Any, **how: Any) -> None:  # noqa: ANN401 - as they come
        monkeypatch.setattr(erasure, "erase", erase)
        erased, moved = {"left-0", "left-1", "left-2"} - {person_id}
        erase(session, erased, "verzoek")
        people.leave(session, moved, session.today)
        erase(session, person_id, *rest, **how)

    monkeypatch.setattr(erasure, "erase", meanwhile)
    assert retention.erase_leavers(registry, caller) == 1
    assert len(everybody(registry, caller)) == 3


def test_places_of_who_left_are_told_before_nobody_knows_them_any_more(
    registry: Registry, caller: Caller, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    monkeypatch.setattr(new_noes, "take_down", lambda session: done.append("told"))
    monkeypatch.setattr(retention, "erase_leavers", lambda registry, caller: done.append("erased"))
    maintenance.before_daily(registry, caller.tenant)
    assert done == ["told", "erased"]
