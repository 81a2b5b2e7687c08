"""What a verdict depends on beside the consents cannot be changed behind the program's back either."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text

from fotopoort.errors import EmptyFile
from fotopoort.policy.policy import Ground
from fotopoort.policy_file import load_policy
from fotopoort.registry import retention, school_settings
from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.audit import chain
from fotopoort.registry.people import erasure, people
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.photos import blocks, screenings
from fotopoort.registry.registry import Registry
from fotopoort.registry.store import tables
from fotopoort.screening.screen import Request, unjudged
from fotopoort.vocabulary import Text

from ..conftest import Clock
from .tampering import tamper, verified


@pytest.fixture
def school(registry: Registry, caller: Caller) -> Registry:
    """A school with a setting, an override, a block, a lifted block, and somebody who must never be located."""
    screening = unjudged(b"x", Request(("website",)), EmptyFile(), policy=load_policy())
    with registry.write(caller, Act.SET) as session:
        school_settings.set_basis(session, "website", Ground.OBJECTION, "ouderraad")
        people.add(session, PersonRecord("p1", name="Noor"), ["groep 5"])
        people.add(session, PersonRecord("p2", name="Sem"), ["groep 5"])
        people.change(session, "p2", never_locatable=True)
        screenings.remember(session, screening, Request(("website",)), places={})
        screenings.override(session, screening.id, "website", "R30", "vraag")
        screenings.override(session, screening.id, "website", "R30", "nog een keer")
        blocks.add(session, "0" * 64, [], "melding")
        blocks.lift(session, blocks.add(session, "1" * 64, [], "melding"), "vergissing")
    return registry


def test_rows_that_nobody_touched_are_as_the_log_has_them(school: Registry, caller: Caller, clock: Clock) -> None:
    assert verified(school, caller).problem is None
    with school.write(caller, Act.ERASE) as session:
        erasure.erase(session, "p2", "gevraagd")
    assert verified(school, caller).problem is None
    clock.now += timedelta(days=3 * 365)
    with school.write(caller, Act.MAINTAIN) as session:
        assert any(due.count for due in retention.apply(session))
    assert verified(school, caller).problem is None


TAMPERED = {
    "setting changed": ("UPDATE setting SET value = 'consent'", "Setting basis.website was changed"),
    "setting moved": ("UPDATE setting SET since = '2020-01-01T00:00:00.000000Z'", "Setting basis.website was changed"),
    "setting deleted": ("DELETE FROM setting", "Setting basis.website was taken out"),
    "setting added": (
        "INSERT INTO setting SELECT tenant, 'x', since, value, actor, reason FROM setting",
        "Setting x was changed",
    ),
    "override changed": ("UPDATE override SET channel = 'facebook'", "/facebook/R30 is not in the log"),
    "override dated": ("UPDATE override SET at = '2020-01-01T00:00:00.000000Z'", "/website/R30 was changed"),
    "override deleted": ("DELETE FROM override", "/website/R30 was taken out"),
    "block lifted": ("UPDATE block SET lifted = at, lifted_by = actor WHERE lifted IS NULL", "was changed"),
    "block of another photo": ("UPDATE block SET sha256 = 'x' WHERE lifted IS NULL", "was changed"),
    "block deleted": ("DELETE FROM block WHERE lifted IS NULL", "was taken out"),
    "block not lifted": ("UPDATE block SET lifted = NULL", "was changed"),
    "block lifted by another": ("UPDATE block SET lifted_by = 'x' WHERE lifted IS NOT NULL", "was changed"),
    "block added": ("UPDATE block SET id = 'x' WHERE lifted IS NULL", "Block x is not in the log"),
    "to be located": ("UPDATE person SET never_locatable = false WHERE id = 'p2'", "was changed"),
    "never to be located": ("UPDATE person SET never_locatable = true WHERE id = 'p1'", "was changed"),
    "no salt": ("UPDATE person SET salt = NULL WHERE id = 'p2'", "was changed"),
    "person deleted": ("DELETE FROM person WHERE id = 'p2'", "was taken out"),
    "person added": ("UPDATE person SET ref = 'x' WHERE id = 'p2'", "Person x is not in the log"),
}


@pytest.mark.parametrize(("statement", "says"), TAMPERED.values(), ids=TAMPERED)
def test_a_row_that_is_not_as_the_log_has_it_is_named(
    school: Registry, caller: Caller, statement: str, says: str
) -> None:
    tamper(school, "DELETE FROM membership", statement)  # those refer to people
    problem = verified(school, caller).problem
    assert problem is not None
    assert says in problem.en
    assert problem.nl != problem.en


def test_a_salt_put_back_together_with_what_it_went_with_is_found(school: Registry, caller: Caller) -> None:
    with school.database.read() as connection:
        before = connection.execute(select(tables.person).where(tables.person.c.id == "p1")).one()
    with school.write(caller, Act.EDIT_PEOPLE) as session:
        people.change(session, "p1", never_locatable=True)
    tamper(school, f"UPDATE person SET never_locatable = false, salt = '{before.salt}' WHERE id = 'p1'")  # noqa: S608
    assert verified(school, caller).problem == Text(
        nl=f"Persoon {before.ref} is veranderd.", en=f"Person {before.ref} was changed."
    )


def test_the_log_does_not_tell_who_must_never_be_located(registry: Registry, caller: Caller) -> None:
    """But in the rows that only the privacy officer gets."""
    for person, hidden in (("p1", False), ("p2", True)):
        with registry.write(caller, Act.EDIT_PEOPLE) as session:
            people.add(session, PersonRecord(person, name="Noor", never_locatable=hidden))
            people.change(session, person, name="Sem", never_locatable=not hidden)
            people.change(session, person, name="Noor", never_locatable=hidden)
    with registry.database.read() as connection:
        query = select(tables.audit.c.kind, tables.audit.c.detail).order_by(tables.audit.c.seq)
        rows = [row for row in connection.execute(query) if row.kind not in ("school.made", people.HIDDEN)]
        details = [json.loads(row.detail) for row in rows]
    assert len({detail.pop("sha256") for detail in details}) == 6
    kinds = [row.kind for row in rows]
    assert (kinds[:3], details[:3]) == (kinds[3:], details[3:])


def test_rows_of_before_the_log_held_digests_are_known_by_their_keys(school: Registry, caller: Caller) -> None:
    with school.database.write() as connection:
        connection.execute(text("UPDATE person SET salt = NULL"))
    # A log as it was written then: the same entries without digests, each hash following from the one before.
    with school.database.write() as connection:
        entries = connection.execute(select(tables.audit).order_by(tables.audit.c.seq)).all()
        connection.execute(text("DELETE FROM audit"))
        connection.execute(text(f"UPDATE audit_head SET seq = 0, hash = '{chain.BEGINNING}'"))  # noqa: S608
        for row in entries:
            detail = {name: value for name, value in json.loads(row.detail).items() if name != "sha256"}
            entry = chain.AuditEntry(row.kind, row.photo, row.person, detail)
            at = datetime.fromisoformat(row.at.replace("Z", "+00:00"))
            chain.append(connection, "school", at, row.actor, [entry])
    assert verified(school, caller).problem is None
    tamper(school, "UPDATE setting SET value = 'consent'")
    problem = verified(school, caller).problem
    assert problem is not None
    assert problem.en == "Setting basis.website was changed."
