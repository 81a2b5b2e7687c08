"""What the school itself decides, with its history."""

from __future__ import annotations

from datetime import date

import pytest

from fotopoort.errors import BadRecord, UnknownChannel
from fotopoort.policy.policy import Ground
from fotopoort.registry import school_settings
from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.people import people
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.people.snapshot import group_on_channel
from fotopoort.registry.registry import Registry
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
