"""Who may be shown in a photo of some school year, and when a verdict is still in force."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from fotopoort.application.service import ScreeningService
from fotopoort.batch.eligibility import Eligibilities, validity_key
from fotopoort.canonical_json import digest
from fotopoort.policy.policy import Policy
from fotopoort.registry.access.roles import Act, console
from fotopoort.registry.consent import consent_log
from fotopoort.registry.consent.statements import Statement
from fotopoort.registry.people import people
from fotopoort.registry.people.groups import Years
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.photos import blocks
from fotopoort.registry.photos.serialisation import answers_to_json
from fotopoort.registry.registry import Registry
from fotopoort.registry.store.database import Database, sqlite_url
from fotopoort.vocabulary import Answers, ConsentState

CALLER = console("school")
IN_2023, IN_2024 = frozenset({2023}), frozenset({2024})
GRANTED, REFUSED, NOT_ASKED = ConsentState.GRANTED, ConsentState.REFUSED, ConsentState.NOT_ASKED


class Clock:
    now = datetime(2026, 11, 24, 12, tzinfo=ZoneInfo("Europe/Amsterdam"))

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def registry(tmp_path: Path, clock: Clock) -> Iterator[Registry]:
    """Noor, in groep 5 and then groep 6, may be shown; Daan, who left in 2025, might; Sem, who left too, never."""
    database = Database(sqlite_url(tmp_path / "registry.db"))
    database.migrate()
    registry = Registry(database, data_folder=tmp_path, keys_folder=tmp_path / "keys", clock=clock)
    registry.add_school(CALLER, "De Regenboog")
    with registry.write(CALLER, Act.IMPORT) as session:
        for id, leaves in (("noor", None), ("daan", date(2025, 7, 1)), ("sem", date(2025, 7, 1))):
            people.add(session, PersonRecord(id, name=id.title(), leaves=leaves), {"groep 5"}, 2023)
            people.join(session, id, {"groep 6"}, 2024)
            consent_log.record(session, Statement(id, "website", REFUSED if id == "sem" else GRANTED))
    yield registry
    registry.close()


@pytest.fixture
def eligibilities(registry: Registry, policy: Policy) -> Eligibilities:
    return Eligibilities(ScreeningService(policy, registry=registry), CALLER, "models")


def groups_of(eligibilities: Eligibilities, years: Years) -> dict[str, list[str]]:
    people_of_day = eligibilities.on(years).context.people
    assert people_of_day
    return {id: sorted(person.groups) for id, person in people_of_day.persons.items() if not person.has_left}


def consents_of(eligibilities: Eligibilities, years: Years) -> dict[str, ConsentState]:
    people_of_day = eligibilities.on(years).context.people
    assert people_of_day
    return {id: person.consent("website") for id, person in people_of_day.persons.items()}


def test_groups_are_as_they_were_in_the_school_year_of_the_photo(eligibilities: Eligibilities) -> None:
    assert groups_of(eligibilities, IN_2023) == {"noor": ["groep 5"], "daan": ["groep 5"], "sem": ["groep 5"]}
    assert groups_of(eligibilities, IN_2024) == {"noor": ["groep 6"], "daan": ["groep 6"], "sem": ["groep 6"]}


def test_where_the_year_is_not_known_everyone_who_ever_was_there_may_be_in_it(eligibilities: Eligibilities) -> None:
    both = ["groep 5", "groep 6"]
    assert groups_of(eligibilities, None) == {"noor": both, "daan": both, "sem": both}
    assert groups_of(eligibilities, IN_2023 | IN_2024) == {"noor": both, "daan": both, "sem": both}
    assert groups_of(eligibilities, frozenset({2025})) == {"noor": []}


@pytest.mark.parametrize("years", [IN_2023, IN_2024, None])
def test_who_left_since_counts_as_not_asked_and_a_no_stays_a_no(years: Years, eligibilities: Eligibilities) -> None:
    assert consents_of(eligibilities, years) == {"noor": GRANTED, "daan": NOT_ASKED, "sem": REFUSED}


def test_the_next_day_changes_nothing_but_a_consent_does(registry: Registry, clock: Clock, policy: Policy) -> None:
    def digest() -> str:
        return Eligibilities(ScreeningService(policy, registry=registry), CALLER, "models").on(IN_2023).digest

    before = digest()
    clock.now = clock.now.replace(day=25)
    assert digest() == before
    with registry.write(CALLER, Act.RECORD_CONSENT) as session:
        consent_log.record(session, Statement("noor", "website", ConsentState.WITHDRAWN))
    assert digest() != before


def test_a_consent_counts_in_the_run_in_which_it_changes(registry: Registry, eligibilities: Eligibilities) -> None:
    assert consents_of(eligibilities, IN_2023)["noor"] == GRANTED
    with registry.write(CALLER, Act.RECORD_CONSENT) as session:
        consent_log.record(session, Statement("noor", "website", ConsentState.WITHDRAWN))
    assert consents_of(eligibilities, IN_2023)["noor"] == ConsentState.WITHDRAWN


def test_what_is_cached_is_forgotten_when_anything_changes(registry: Registry, eligibilities: Eligibilities) -> None:
    """Asking about no photo in particular, before planning, renews all that is cached."""
    before = eligibilities.on(IN_2023)
    with registry.write(CALLER, Act.RECORD_CONSENT) as session:
        consent_log.record(session, Statement("noor", "website", ConsentState.WITHDRAWN))
    assert eligibilities.on(IN_2023, cached=True) is before
    eligibilities.on(None)
    after = eligibilities.on(IN_2023, cached=True)
    assert after.digest != before.digest
    eligibilities.on(None)
    assert eligibilities.on(IN_2023, cached=True) is after


def test_without_a_registry_nobody_is_known(policy: Policy) -> None:
    eligibility = Eligibilities(ScreeningService(policy), CALLER, "models").on(IN_2023)
    assert eligibility.context.people is None
    assert eligibility.context.failure is None


def test_a_registry_that_does_not_answer_is_a_failure(registry: Registry, policy: Policy, tmp_path: Path) -> None:
    registry.close()
    (tmp_path / "registry.db").write_bytes(b"stuk" * 1000)
    assert (
        Eligibilities(ScreeningService(policy, registry=registry), CALLER, "models").on(None).context.failure
        is not None
    )


# --- keys ------------------------------------------------------------------------------------------------


def test_a_key_changes_with_everything_that_a_verdict_rests_on(registry: Registry, policy: Policy) -> None:
    service = ScreeningService(policy, registry=registry)
    eligibility = Eligibilities(service, CALLER, "models").on(IN_2023)
    other = Eligibilities(ScreeningService(replace(policy, version="9"), registry=registry), CALLER, "models").on(
        IN_2023
    )
    models = Eligibilities(service, CALLER, "other models").on(IN_2023)
    overridden = replace(
        eligibility, context=replace(eligibility.context, overridden={"a": frozenset({("website", "R30")})})
    )

    def key(
        rests_on: object = eligibility,
        channels: tuple[str, ...] = ("website",),
        answers: Answers = Answers(),  # noqa: B008 - a frozen value
        stem: str = "a",
        blocked: bool = False,
        together: bool = False,
    ) -> str:
        return validity_key(
            rests_on,  # type: ignore[arg-type]
            channels,
            answers,
            sha256="a",
            stem=stem,
            blocked=blocked,
            together=together,
        )

    keys = [
        key(),
        key(other),
        key(models),
        key(overridden),
        key(channels=("website", "facebook")),
        key(channels=("facebook", "website")),
        key(answers=Answers(groups=frozenset({"groep 5"}))),
        key(answers=Answers(absent=frozenset({"sem"}))),
        key(stem="b"),
        key(blocked=True),
        key(together=True),
    ]
    assert len(set(keys)) == len(keys)
    assert key() == key()
    as_it_always_was = [eligibility.digest, ["website"], answers_to_json(Answers()), [], "a", False]
    assert key() == digest(as_it_always_was, sort_keys=False), "else every folder would be judged again"


def test_blocking_another_photo_changes_no_key(registry: Registry, eligibilities: Eligibilities) -> None:
    before = eligibilities.on(IN_2023).digest
    with registry.write(CALLER, Act.REPORT_PHOTO) as session:
        blocks.add(session, "f" * 64, (), "gemeld")
    after = eligibilities.on(IN_2023)
    assert after.digest == before
    assert after.context.blocked.holds("f" * 64, "")
