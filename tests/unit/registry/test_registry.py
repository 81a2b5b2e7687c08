"""Sessions: who may begin one, and that what is done in one is stored as a whole, or not at all."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from fotopoort.errors import AlreadyThere, BadRecord, Forbidden, NoRegistry
from fotopoort.registry.access.roles import MAY, Act, Caller, KeyRole, console
from fotopoort.registry.people import groups, people
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.registry import Registry
from fotopoort.registry.store.tables import audit, person

JUF = Caller("school", "k1", KeyRole.TEACHER, frozenset({"groep 5"}))


def kinds(registry: Registry, tenant: str = "school") -> list[str]:
    with registry.database.read() as connection:
        query = select(audit.c.kind).where(audit.c.tenant == tenant).order_by(audit.c.seq)
        return list(connection.execute(query).scalars())


def people_there(registry: Registry) -> int:
    with registry.database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(person)).scalar_one())


@pytest.mark.parametrize("role", KeyRole)
@pytest.mark.parametrize("act", Act)
def test_who_may_not_is_refused_and_that_is_in_the_log(registry: Registry, role: KeyRole, act: Act) -> None:
    caller = Caller("school", "k1", role, frozenset({"groep 5"}) if role is KeyRole.TEACHER else frozenset())
    if role in MAY[act]:
        with registry.write(caller, act):
            pass
        assert kinds(registry) == ["school.made"]
    else:
        with pytest.raises(Forbidden), registry.write(caller, act):
            pytest.fail("let in")
        assert kinds(registry) == ["school.made", "refused"]


def test_an_error_leaves_nothing_behind(registry: Registry, caller: Caller) -> None:
    with pytest.raises(KeyError), registry.write(caller, Act.EDIT_PEOPLE) as session:
        people.add(session, PersonRecord("p1", name="Noor Bakker"))
        raise KeyError
    assert people_there(registry) == 0
    assert kinds(registry) == ["school.made"]


def test_a_refusal_halfway_leaves_the_refusal_alone(registry: Registry, caller: Caller) -> None:
    with pytest.raises(Forbidden), registry.write(caller, Act.EDIT_PEOPLE) as session:
        people.add(session, PersonRecord("p1", name="Noor Bakker"))
        raise Forbidden
    assert people_there(registry) == 0
    assert kinds(registry) == ["school.made", "refused"]


def test_what_a_teacher_may_not_know_is_unknown_and_asking_is_in_the_log(registry: Registry, caller: Caller) -> None:
    with registry.write(caller, Act.EDIT_PEOPLE) as session:
        people.add(session, PersonRecord("p1", name="Noor Bakker"), ["groep 6"])
    with pytest.raises(Exception, match="no such group"), registry.read(JUF, Act.SEE_GROUP) as session:
        groups.spelled(session, "groep 6")
    assert kinds(registry)[-1] == "refused"


def test_a_school_that_was_not_made_is_told(registry: Registry) -> None:
    with pytest.raises(NoRegistry), registry.read(console("nowhere"), Act.SCREEN):
        pass


def test_a_school_is_made_once(registry: Registry, caller: Caller) -> None:
    with pytest.raises(AlreadyThere):
        registry.add_school(caller, "De Regenboog")
    with pytest.raises(BadRecord):
        registry.add_school(console("third"), "De Derde", time_zone="Mars/Phobos")


def test_schools_know_nothing_of_each_other(registry: Registry, caller: Caller, other_school: Caller) -> None:
    with registry.write(caller, Act.EDIT_PEOPLE) as session:
        people.add(session, PersonRecord("p1", name="Noor Bakker"), ["groep 5"])
    with registry.write(other_school, Act.EDIT_PEOPLE) as session:
        assert people.records(session) == []
        assert groups.groups(session) == []
        people.add(session, PersonRecord("p1", name="Sem de Groot"), ["groep 5"])
        assert [record.name for record in people.records(session, "groep 5")] == ["Sem de Groot"]
    assert kinds(registry, "other") == ["school.made", "person.added"]


def test_the_revision_tells_of_every_change(registry: Registry, caller: Caller) -> None:
    with registry.write(caller, Act.EDIT_PEOPLE) as session:
        before = session.revision()
        people.add(session, PersonRecord("p1", name="Noor Bakker"))
        assert session.revision() == before + 1
        people.change(session, "p1", name="Noor de Bakker")
        assert session.revision() == before + 2
        people.change(session, "p1", name="Noor de Bakker")  # nothing is different
        assert session.revision() == before + 2
