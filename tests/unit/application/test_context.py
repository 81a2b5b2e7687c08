"""What a photo is judged by now, and when two of such contexts are the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from fotopoort.application.context import DecisionContext
from fotopoort.application.service import ScreeningService
from fotopoort.errors import KeyMissing, RegistryUnavailable
from fotopoort.policy.policy import Policy
from fotopoort.registry.access.roles import Act, Caller, KeyRole
from fotopoort.registry.consent import consent_log
from fotopoort.registry.consent.statements import Statement
from fotopoort.registry.photos import blocks
from fotopoort.registry.registry import Registry
from fotopoort.screening.screen import Request
from fotopoort.vocabulary import Answers, ConsentState, People

from .conftest import CALLER, LAST_YEAR, Clock

TEACHER = Caller("school", "k1", KeyRole.TEACHER, frozenset({"groep 5"}))


@pytest.fixture
def service(registry: Registry, policy: Policy) -> ScreeningService:
    return ScreeningService(policy, registry=registry)


def persons(context: DecisionContext) -> set[str]:
    return set(context.people.persons) if context.people else set()


def test_while_nothing_changes_the_context_is_made_once(service: ScreeningService) -> None:
    assert service.context(CALLER) is service.context(CALLER)
    assert service.context(CALLER, LAST_YEAR) is service.context(CALLER, LAST_YEAR)
    assert service.context(replace(CALLER, id="another key")) is service.context(CALLER)


def test_another_service_on_the_same_registry_gives_the_same_version(
    service: ScreeningService, registry: Registry, policy: Policy
) -> None:
    assert ScreeningService(policy, registry=registry).context(CALLER).version == service.context(CALLER).version


def withdraw(registry: Registry, clock: Clock) -> None:
    with registry.write(CALLER, Act.RECORD_CONSENT) as session:
        consent_log.record(session, Statement("noor", "website", ConsentState.WITHDRAWN))


def block(registry: Registry, clock: Clock) -> None:
    with registry.write(CALLER, Act.REPORT_PHOTO) as session:
        blocks.add(session, "a" * 64, (), "ouder belde")


def wait_a_day(registry: Registry, clock: Clock) -> None:
    clock.now = clock.now.replace(day=25)


@pytest.mark.parametrize("change", [withdraw, block, wait_a_day])
def test_a_change_gives_another_version(
    change: Callable[[Registry, Clock], None], service: ScreeningService, registry: Registry, clock: Clock
) -> None:
    before = {years: service.context(CALLER, years).version for years in (None, LAST_YEAR)}
    change(registry, clock)
    after = {years: service.context(CALLER, years).version for years in (None, LAST_YEAR)}
    assert not set(before.values()) & set(after.values())


def test_contexts_that_differ_have_different_versions(
    service: ScreeningService, registry: Registry, policy: Policy, people: People
) -> None:
    other_rules = ScreeningService(replace(policy, version="9"), registry=registry)
    contexts = [
        service.context(CALLER),
        service.context(CALLER, LAST_YEAR),
        service.context(TEACHER),
        service.context(replace(TEACHER, groups=frozenset({"groep 6"}))),
        other_rules.context(CALLER),
        ScreeningService(policy, registry=registry, people=people).context(CALLER),
        ScreeningService(policy, people=people).context(CALLER),
        ScreeningService(policy).context(CALLER),
        ScreeningService(policy, registry=RegistryUnavailable()).context(CALLER),
        ScreeningService(policy, registry=KeyMissing()).context(CALLER),
    ]
    assert len({context.version for context in contexts}) == len(contexts)


def test_who_is_known_depends_on_who_asks(service: ScreeningService) -> None:
    assert persons(service.context(CALLER)) == {"noor", "sem"}
    assert persons(service.context(TEACHER)) == {"noor"}
    assert persons(service.context(replace(TEACHER, groups=frozenset()))) == set()


def test_a_registry_that_stops_answering_is_a_failure_of_one_version(
    service: ScreeningService, registry: Registry, tmp_path: Path
) -> None:
    before = service.context(CALLER)
    registry.close()
    (tmp_path / "registry.db").write_bytes(b"stuk" * 1000)
    first, second = service.context(CALLER), service.context(CALLER)
    assert first.failure is not None
    assert first.people is None
    assert first.version == second.version != before.version


def test_an_effective_request_has_the_rules_that_were_set_aside_for_that_photo(policy: Policy) -> None:
    digest = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"  # of b"x"
    context = DecisionContext("1", policy, overridden={digest: frozenset({("website", "R30")})})
    request = Request(("website",), Answers(groups=frozenset({"groep 5"})))
    effective = context.effective_for(request, digest)
    assert effective.answers == replace(request.answers, overridden=frozenset({("website", "R30")}))
    assert context.effective_for(request, "0" * 64) == context.effective_for(request, "") == request
