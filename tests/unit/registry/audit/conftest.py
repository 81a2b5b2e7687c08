"""A log of a known number of rows."""

from __future__ import annotations

import pytest

from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.consent import consent_log
from fotopoort.registry.consent.statements import Statement
from fotopoort.registry.people import people
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.registry import Registry
from fotopoort.vocabulary import ConsentState

from .tampering import ROWS


@pytest.fixture
def log(registry: Registry, caller: Caller) -> Registry:
    """A log of so many rows: the school that was made, a person, and what was said."""
    with registry.write(caller, Act.EDIT_PEOPLE) as session:
        people.add(session, PersonRecord("p1", name="Noor Bakker"), ["groep 5"])
    for number in range(ROWS - 2):
        with registry.write(caller, Act.RECORD_CONSENT) as session:
            consent_log.record(session, Statement("p1", "website", ConsentState.GRANTED, wording=str(number)))
    return registry
