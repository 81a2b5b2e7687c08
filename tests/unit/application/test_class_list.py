"""A class list beside a registry only tightens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete
from tests.unit.policy.test_properties import no_looser, photos, sayings, schools

from fotopoort.application.class_list import ClassList, beside, names_beside
from fotopoort.application.service import ScreeningService
from fotopoort.names.name_list import NameList
from fotopoort.policy.decide import decide_all
from fotopoort.policy.policy import Ground, Policy
from fotopoort.policy_file import load_policy
from fotopoort.registry.access.roles import Act, Caller, KeyRole, console
from fotopoort.registry.consent import consent_log
from fotopoort.registry.consent.statements import Statement
from fotopoort.registry.photos import blocks
from fotopoort.registry.registry import Registry
from fotopoort.registry.store.tables import person
from fotopoort.vocabulary import Answers, ConsentState, Findings, People, Person, Role

from .conftest import CALLER

POLICY = load_policy()
CHANNELS = tuple(channel.id for channel in POLICY.channels)
GROUND = st.sampled_from(Ground)
GROUP_5 = frozenset({"groep 5"})


@given(photos(), sayings(), schools().filter(lambda people: bool(people.persons)), schools(), GROUND, st.booleans())
def test_a_list_beside_a_registry_never_loosens(
    found: Findings, answers: Answers, registry: People, listed: People, basis: Ground, together: bool
) -> None:
    policy = replace(POLICY, channels=tuple(replace(channel, basis=basis) for channel in POLICY.channels))
    both = beside(registry, listed, CHANNELS)
    # Without the list an answer about somebody who is on the list alone is an error.
    on_both = frozenset(registry.persons)
    answers = replace(answers, present=answers.present & on_both, absent=answers.absent & on_both)
    before = decide_all(found, answers, registry, policy, CHANNELS, together=together)
    after = decide_all(found, answers, both, policy, CHANNELS, together=together)
    assert all(no_looser(before[channel], after[channel]) for channel in CHANNELS)


GRANTED = ConsentState.GRANTED


def on_list(*persons: Person) -> People:
    return People({person.id: person for person in persons}, "f" * 64)


def yes(id: str, group: str = "groep 5", name: str = "") -> Person:
    return Person(id, name or id.title(), groups=frozenset({group}), consents=dict.fromkeys(CHANNELS, GRANTED))


def test_who_is_a_pupil_on_the_list_alone_accounts_for_no_face() -> None:
    registry = on_list(yes("noor"), replace(yes("anna"), role=Role.OTHER))
    both = beside(registry, on_list(yes("noor"), yes("anna")), CHANNELS)
    assert both.persons["anna"].role is Role.PUPIL
    assert not {*both.persons["anna"].consents.values()} - {ConsentState.REFUSED}
    assert both.persons["noor"] == registry.persons["noor"]


def test_the_name_of_who_is_a_pupil_on_the_list_alone_is_a_childs() -> None:
    staff = ClassList(on_list(replace(yes("anna", name="Anna Bakker"), role=Role.STAFF)))
    pupil = ClassList(on_list(yes("anna", name="Anna Bakker")))
    found = NameList(names_beside(staff.names, pupil.names, {"anna"})).find("Anna Bakker bouwt een toren.")
    assert [hit.person for hit in found] == ["anna"]
    assert len(names_beside(pupil.names, pupil.names, {"anna"})) == len(pupil.names)


def withdraw(registry: Registry) -> None:
    with registry.write(CALLER, Act.RECORD_CONSENT) as session:
        consent_log.record(session, Statement("noor", "website", ConsentState.WITHDRAWN))


def block(registry: Registry) -> None:
    with registry.write(CALLER, Act.REPORT_PHOTO) as session:
        blocks.add(session, "a" * 64, (), "ouder belde")


@pytest.mark.parametrize("change", [withdraw, block])
def test_what_the_registry_forbids_counts_beside_a_list(
    change: Callable[[Registry], None], registry: Registry, policy: Policy
) -> None:
    service = ScreeningService(policy, registry=registry, people=on_list(yes("noor"), yes("sem", "groep 6")))
    change(registry)
    context = service.context(CALLER)
    assert context.people
    forbidden = context.people.persons["noor"].consent("website") is not GRANTED or context.blocked.holds("a" * 64, "")
    assert forbidden


def test_whom_the_list_alone_knows_may_be_in_it_and_may_not_be_shown(registry: Registry, policy: Policy) -> None:
    context = ScreeningService(policy, registry=registry, people=on_list(yes("kee"))).context(CALLER)
    assert context.people
    assert set(context.people.persons) == {"noor", "sem", "kee"}
    assert context.people.persons["kee"].consent("website") is ConsentState.REFUSED
    assert {entry.person for entry in context.names} == {"noor", "sem", "kee"}


def test_a_teacher_hears_of_nobody_outside_the_own_groups_by_a_list(registry: Registry, policy: Policy) -> None:
    listed = on_list(yes("noor"), yes("sem", "groep 5"), yes("kee", "groep 6"))
    teacher = Caller("school", "k1", KeyRole.TEACHER, GROUP_5)
    context = ScreeningService(policy, registry=registry, people=listed).context(teacher)
    assert context.people
    named = {id for id, person in context.people.persons.items() if not person.nameless}
    assert named == {"noor"}  # by the registry Sem is in another group
    assert {entry.person for entry in context.names} == {"noor", None}


def test_a_registry_that_knows_nobody_leaves_who_there_is_to_the_list(registry: Registry, policy: Policy) -> None:
    with registry.write(CALLER, Act.MAINTAIN) as session:
        session.connection.execute(delete(person))
        session.bump_revision()
    block(registry)
    context = ScreeningService(policy, registry=registry, people=on_list(yes("kee"))).context(CALLER)
    assert context.people
    assert context.people.persons["kee"].consent("website") is GRANTED
    assert context.blocked.holds("a" * 64, "")


def test_where_there_are_several_schools_a_list_names_nobody_to_any_of_them(registry: Registry, policy: Policy) -> None:
    other = console("another")
    registry.add_school(other, "De Ark")
    context = ScreeningService(policy, registry=registry, people=on_list(yes("kee"))).context(other)
    assert context.people is None
    assert context.failure is not None
    assert "several schools" in context.failure.message.en


def test_a_teacher_hears_of_the_own_groups_alone_where_the_registry_knows_nobody(
    registry: Registry, policy: Policy
) -> None:
    with registry.write(CALLER, Act.MAINTAIN) as session:
        session.connection.execute(delete(person))
        session.bump_revision()
    service = ScreeningService(policy, registry=registry, people=on_list(yes("noor"), yes("kee", "groep 6")))
    context = service.context(Caller("school", "k1", KeyRole.TEACHER, GROUP_5))
    assert context.people
    assert set(context.people.persons) == {"noor"}
    assert {(entry.name, entry.person, entry.groups) for entry in context.names} == {
        ("Noor", "noor", GROUP_5),
        ("Kee", None, frozenset()),
    }
    everything = service.context(CALLER)
    assert everything.people
    assert set(everything.people.persons) == {"noor", "kee"}
