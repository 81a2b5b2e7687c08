"""A school with a pupil, a pupil who comes of age soon, and a member of staff."""

from __future__ import annotations

from datetime import date

import pytest

from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.people import people
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.registry import Registry
from fotopoort.vocabulary import Role


@pytest.fixture
def school(registry: Registry, caller: Caller) -> Registry:
    with registry.write(caller, Act.EDIT_PEOPLE) as session:
        people.add(session, PersonRecord("p1", name="Noor"), ["groep 5"])
        people.add(session, PersonRecord("p2", name="Sem", own_from=date(2026, 12, 1)), ["groep 6"])
        people.add(session, PersonRecord("s1", name="Juf", role=Role.STAFF), ["groep 5"])
    return registry
