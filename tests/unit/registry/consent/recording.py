"""Recording statements in a test, and reading what they come to."""

from __future__ import annotations

from datetime import timedelta

from fotopoort.registry.access.roles import Act, Caller, KeyRole
from fotopoort.registry.consent import consent_log
from fotopoort.registry.consent.derivation import DerivedConsent
from fotopoort.registry.consent.statements import Statement
from fotopoort.registry.people import people
from fotopoort.registry.registry import Registry
from fotopoort.vocabulary import ConsentState

GRANTED, REFUSED, OBJECTED, WITHDRAWN = (
    ConsentState.GRANTED,
    ConsentState.REFUSED,
    ConsentState.OBJECTED,
    ConsentState.WITHDRAWN,
)
JUF = Caller("school", "k1", KeyRole.TEACHER, frozenset({"groep 5"}))
OFFICE = Caller("school", "k2", KeyRole.OFFICE)
DAY = timedelta(days=1)


def record(registry: Registry, *statements: Statement, caller: Caller = OFFICE) -> list[str]:
    act = Act.RECORD_CONSENT if caller.may(Act.RECORD_CONSENT) else Act.OBJECT
    with registry.write(caller, act) as session:
        return consent_log.record_many(session, statements)


def state(registry: Registry, person: str = "p1", channel: str = "website") -> DerivedConsent:
    with registry.read(OFFICE, Act.SEE_PEOPLE) as session:
        derived = consent_log.derived_consents(session).get((people.ref_of(session, person), channel))
        return derived or DerivedConsent(ConsentState.NOT_ASKED)
