"""A school with two pupils and a member of staff."""

from __future__ import annotations

from datetime import date

import pytest

from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.people import people
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.registry import Registry
from fotopoort.vocabulary import Role

NOOR = PersonRecord("p1", call_name="Noor", prefix="van den", surname="Berg", own_from=date(2032, 3, 1))
SEM = PersonRecord("p2", name="Sem Bakker", nicknames=("Semmie",))


@pytest.fixture
def school(registry: Registry, caller: Caller) -> Registry:
    with registry.write(caller, Act.EDIT_PEOPLE) as session:
        people.add_many(session, [(NOOR, ["groep 5"]), (SEM, ["groep 6", "plusklas"])])
        people.add(session, PersonRecord("s1", name="Juf Anna", role=Role.STAFF), ["groep 5"])
    return registry
