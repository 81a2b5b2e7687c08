"""A school with two groups of two, and somebody in every role there."""

from __future__ import annotations

import pytest

from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.people import people
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.registry import Registry

from ..screened_photos import fill


@pytest.fixture
def school(registry: Registry, caller: Caller) -> Registry:
    fill(registry, caller)
    with registry.write(caller, Act.EDIT_PEOPLE) as session:
        people.add_many(session, [(PersonRecord(f"q{n}", name=f"Kind Zes {n}"), ["groep 6"]) for n in (1, 2)])
    return registry
