"""What the school itself decides, with its history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from fotopoort.errors import BadRecord, UnknownChannel
from fotopoort.policy.policy import Ground
from fotopoort.registry import school_settings
from fotopoort.registry.access.roles import Act, Caller, KeyRole
from fotopoort.registry.audit import verification
from fotopoort.registry.lists import exports, imports
from fotopoort.registry.people import erasure, people
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.people.snapshot import group_on_channel
from fotopoort.registry.registry import Registry, Session
from fotopoort.registry.school_settings import Unjudged
from fotopoort.vocabulary import Role

from .conftest import Clock


@pytest.fixture
def school(registry: Registry, caller: Caller) -> Registry:
    with registry.write(caller, Act.EDIT_PEOPLE) as session:
        people.add(session, PersonRecord("p1", name="Noor"), ["groep 5"])
        people.add(session, PersonRecord("p2", name="Sem", own_from=date(2026, 12, 1)), ["groep 6"])
        people.add(session, PersonRecord("s1", name="Juf", role=Role.STAFF), ["groep 5"])
    return registry


def test_the_basis_of_a_channel_is_the_schools_with_a_history(school: Registry, caller: Caller, clock: Clock) -> None:
    def allowed() -> list[bool]:
        with school.read(caller, Act.SEE_GROUP) as session:
            return [member.may_be_shown for member in group_on_channel(session, "groep 5", "website")]

    assert allowed() == [False, False]
    for ground, reason in ((Ground.OBJECTION, "ouderraad"), (Ground.CONSENT, "toezichthouder")):
        with school.write(caller, Act.SET) as session:
            school_settings.set_basis(session, "website", ground, reason)
        assert allowed() == [ground is Ground.OBJECTION] * 2
    with school.read(caller, Act.SET) as session:
        assert [(setting.value, setting.reason) for setting in school_settings.history(session, "basis.website")] == [
            ("objection", "ouderraad"),
            ("consent", "toezichthouder"),
        ]
        assert school_settings.channel(session, "social_schools").basis is Ground.OBJECTION
    for channel, reason, error in (("tv", "x", UnknownChannel), ("website", " ", BadRecord)):
        with pytest.raises(error), school.write(caller, Act.SET) as session:
            school_settings.set_basis(session, channel, Ground.CONSENT, reason)


@pytest.mark.parametrize("key", [school_settings.UNJUDGED, school_settings.BASIS, "days."])
def test_a_setting_is_of_its_own_channel_alone(school: Registry, caller: Caller, clock: Clock, key: str) -> None:
    """Also where the id of one channel is how that of another begins, or differs from it in case alone."""
    ids = ["website", "website_intern", "websit", "Website", "website%", "websit_"]
    for number, channel in enumerate([*ids, "website", *reversed(ids)]):
        with school.write(caller, Act.SET) as session:
            before = {other: school_settings.value(session, key + other, "none") for other in ids}
            school_settings.set_value(session, key + channel, str(number), "proef")
            after = {other: school_settings.value(session, key + other, "none") for other in ids}
        assert after == before | {channel: str(number)}
        clock.now += timedelta(minutes=1)


def test_what_becomes_of_files_is_said_of_one_channel(school: Registry, caller: Caller, clock: Clock) -> None:
    public = next(channel for channel in school.channels if channel.id == "website")
    school.channels = (*school.channels, replace(public, id="website_intern", public=False))
    for channel, then in (("website", Unjudged.HOLD), ("website_intern", Unjudged.ALLOW)):
        with school.write(caller, Act.SET) as session:
            school_settings.set_unjudged(session, channel, then, "alleen voor personeel")
        clock.now += timedelta(minutes=1)
    with school.read(caller, Act.SET) as session:
        told = [school_settings.unjudged(session, channel) for channel in ("website", "website_intern")]
    assert told == [Unjudged.HOLD, Unjudged.ALLOW]


def turn(registry: Registry, caller: Caller, on: bool) -> None:
    with registry.write(caller, Act.SET) as session:
        school_settings.set_first_say_who(session, on, "ouderraad")


def is_on(registry: Registry, caller: Caller) -> bool:
    with registry.read(caller, Act.SCREEN) as session:
        return school_settings.first_say_who(session)


def test_a_photo_waits_for_who_is_in_it_unless_the_school_turns_that_off(school: Registry, caller: Caller) -> None:
    assert is_on(school, caller)
    for on in (False, True, False):
        turn(school, caller, on)
        assert is_on(school, caller) is on
    with pytest.raises(BadRecord), school.write(caller, Act.SET) as session:
        school_settings.set_first_say_who(session, True, " ")


def test_it_stays_on_while_somebody_is_never_locatable_also_who_was_erased(school: Registry, caller: Caller) -> None:
    with school.write(caller, Act.EDIT_PEOPLE) as session:
        people.change(session, "p1", never_locatable=True)
    with pytest.raises(BadRecord, match="never locatable"):
        turn(school, caller, False)
    with school.write(caller, Act.ERASE) as session:
        erasure.erase(session, "p1", "ouders vroegen het")
    with pytest.raises(BadRecord, match="never locatable"):
        turn(school, caller, False)
    assert is_on(school, caller)


def change(session: Session) -> None:
    people.change(session, "p1", never_locatable=True)


def add(session: Session) -> None:
    people.add(session, PersonRecord("p9", name="Nieuw", never_locatable=True))


def import_list(session: Session) -> None:
    content = b"id;naam;nooit_vindbaar\np9;Nieuw Kind;ja\n"
    imports.apply(session, imports.plan(session, content))


@pytest.mark.parametrize("how", [change, add, import_list])
def test_while_it_is_off_nobody_becomes_never_locatable(
    school: Registry, caller: Caller, how: Callable[[Session], None]
) -> None:
    turn(school, caller, False)
    with pytest.raises(BadRecord, match="first say who"), school.write(caller, Act.IMPORT) as session:
        how(session)
    turn(school, caller, True)
    with school.write(caller, Act.IMPORT) as session:
        how(session)


def test_the_office_does_not_see_who_is_never_locatable(school: Registry, caller: Caller) -> None:
    """All that anybody below the privacy officer gets of a child is the same before and after."""
    office = Caller(caller.tenant, "k1", KeyRole.OFFICE)
    juf = Caller(caller.tenant, "k2", KeyRole.TEACHER, frozenset({"groep 5"}))

    def everything() -> str:
        with school.write(office, Act.EXPORT) as session:
            export = exports.person_export(session, "p1")
            of_export = [row for row in export.pop("log") if row["kind"] != "export"]  # each export adds a row
            listed = exports.class_list(session)
            group = group_on_channel(session, "groep 5", "website")
        with school.read(juf, Act.SEE_GROUP) as session:
            return repr((export, of_export, listed, group, group_on_channel(session, "groep 5", "website")))

    before = everything()
    with school.write(caller, Act.EDIT_PEOPLE) as session:
        people.change(session, "p1", never_locatable=True)
    assert everything() == before
    with school.read(caller, Act.SEE_AUDIT) as session:
        rows = verification.show(session, person=people.ref_of(session, "p1"))
        assert people.HIDDEN in {row.kind for row in rows}
        assert not any(row.kind == "person.changed" for row in rows)
