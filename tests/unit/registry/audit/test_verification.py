"""Nothing that is done to the log behind the program's back goes unseen."""

from __future__ import annotations

import pytest

from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.audit.verification import Checked, Verification, show
from fotopoort.registry.people import erasure, people
from fotopoort.registry.registry import Registry
from fotopoort.vocabulary import Text

from .tampering import ROWS, tamper, verified


def test_a_log_that_nobody_touched_holds_together(log: Registry, caller: Caller) -> None:
    assert verified(log, caller) == Verification(ROWS)


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        pytest.param("UPDATE audit SET kind = 'x' WHERE seq = 4", "Row 4 was changed", id="kind"),
        pytest.param("UPDATE audit SET actor = 'x' WHERE seq = 4", "Row 4 was changed", id="actor"),
        pytest.param("UPDATE audit SET at = '2020' WHERE seq = 4", "Row 4 was changed", id="moment"),
        pytest.param("UPDATE audit SET detail = '{}' WHERE seq = 4", "Row 4 was changed", id="detail"),
        pytest.param("UPDATE audit SET person = NULL WHERE seq = 4", "Row 4 was changed", id="person"),
        pytest.param("UPDATE audit SET photo = 'x' WHERE seq = 4", "Row 4 was changed", id="photo"),
        pytest.param("UPDATE audit SET hash = previous WHERE seq = 4", "Row 4 was changed", id="hash"),
        pytest.param("UPDATE audit SET previous = hash WHERE seq = 4", "Row 4 was changed", id="the one before"),
        pytest.param("DELETE FROM audit WHERE seq = 1", "Row 1 was taken out", id="the first deleted"),
        pytest.param("DELETE FROM audit WHERE seq = 4", "Row 4 was taken out", id="one deleted"),
        pytest.param("DELETE FROM audit WHERE seq = 8", "Rows 8 to 8 were cut off", id="the last deleted"),
        pytest.param("DELETE FROM audit WHERE seq > 5", "Rows 6 to 8 were cut off", id="cut off"),
        pytest.param("UPDATE audit SET seq = 99 WHERE seq = 4", "Row 4 was taken out", id="moved"),
        pytest.param("UPDATE audit_head SET seq = 7", "head of the log was changed", id="head"),
        pytest.param("UPDATE audit_head SET hash = 'x'", "head of the log was changed", id="hash of the head"),
        pytest.param("DELETE FROM audit_head", "head of the log was taken out", id="no head"),
        pytest.param("UPDATE consent SET word = 'refused' WHERE wording = '2'", "was changed", id="a consent changed"),
        pytest.param("DELETE FROM consent WHERE wording = '2'", "was taken out", id="a consent deleted"),
        pytest.param("UPDATE consent SET id = 'x' WHERE wording = '2'", "Consent x is not in the log", id="a new one"),
    ],
)
def test_whatever_is_done_to_it_is_found_and_named(log: Registry, caller: Caller, statement: str, says: str) -> None:
    tamper(log, statement)
    verification = verified(log, caller)
    assert verification.problem is not None
    assert says in verification.problem.en
    assert verification.document() == Checked(verification.rows, verification.problem.en)


def test_rows_that_change_places_are_found(log: Registry, caller: Caller) -> None:
    tamper(
        log,
        "UPDATE audit SET seq = 99 WHERE seq = 4",
        "UPDATE audit SET seq = 4 WHERE seq = 5",
        "UPDATE audit SET seq = 5 WHERE seq = 99",
    )
    assert verified(log, caller) == Verification(3, Text(nl="Rij 4 is veranderd.", en="Row 4 was changed."))


def test_erasing_somebody_leaves_the_log_whole(log: Registry, caller: Caller) -> None:
    with log.write(caller, Act.ERASE) as session:
        erasure.erase(session, "p1", "asked for it")
    assert verified(log, caller) == Verification(ROWS + 1)


def test_what_it_records_of_a_person(log: Registry, caller: Caller) -> None:
    with log.read(caller, Act.SEE_AUDIT) as session:
        rows = show(session, person=people.ref_of(session, "p1"))
    assert [row.kind for row in rows] == ["person.added", *["consent"] * (ROWS - 2)]
    assert "Noor" not in repr(rows)
