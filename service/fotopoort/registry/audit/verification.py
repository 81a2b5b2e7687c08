"""Reading the audit log: was it tampered with, and what does it record of a photo or a person?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from sqlalchemy import CursorResult, Row, Select, select

from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.audit.chain import BEGINNING, COLUMNS, consent_digest
from fotopoort.registry.audit.checkpoints import FOLDER, Checkpoint, furthest, read_checkpoints
from fotopoort.registry.audit.recorded_rows import KINDS, RecordedRows
from fotopoort.registry.consent import wordings
from fotopoort.registry.registry import Registry, Session
from fotopoort.registry.store.tables import audit, audit_head, consent
from fotopoort.vocabulary import Text

BATCH_ROWS: Final = 10_000  # in memory at once


@dataclass(frozen=True, slots=True)
class Checked:
    """The JSON document of a verification: how many rows are in order, and what is wrong; null: nothing is.

    Attributes:
        heads: how many signed checkpoints the log was compared with.
    """

    rows: int
    wrong: str | None = None
    heads: int = 0


@dataclass(frozen=True, slots=True)
class Verification:
    """The outcome of verifying the log.

    Attributes:
        rows: how many rows were in order.
        problem: what is wrong, and with which row; None: nothing is.
        checkpoints: how many signed checkpoints it was compared with.
    """

    rows: int
    problem: Text | None = None
    checkpoints: int = 0

    def document(self) -> Checked:
        """The outcome as the JSON contract has it, in English."""
        return Checked(self.rows, self.problem.en if self.problem is not None else None, self.checkpoints)


def verify_with_checkpoints(registry: Registry, caller: Caller, folder: Path | None = None) -> Verification:
    """Verify the log as of one moment, with the signed checkpoints in a folder; nobody is kept waiting meanwhile.

    Args:
        folder: None: the one in the data folder.

    Raises:
        Forbidden: the caller may not.
        KeyMissing: there is no public key to verify the checkpoints with.
    """
    caller.must(Act.SEE_AUDIT)
    folder = folder or registry.data_folder / FOLDER
    # Before the session begins: a checkpoint that is made meanwhile would go further than what the session sees.
    signed, forged = read_checkpoints(folder, registry.keys_folder, caller.tenant) if folder.is_dir() else ([], [])
    with registry.read(caller, Act.SEE_AUDIT) as session:
        verification = replace(verify(session, signed), checkpoints=len(signed))
    if not forged:
        return verification
    names = ", ".join(forged)
    problem = Text(
        nl=f"Niet ondertekend met de sleutel van deze school: {names}.",
        en=f"Not signed with this school's key: {names}.",
    )
    return replace(verification, problem=problem)


def verify(session: Session, checkpoints: Sequence[Checkpoint] = ()) -> Verification:
    """Compute every hash again, and report the first thing that does not fit.

    Args:
        checkpoints: signed ones that were kept elsewhere; they show a log that was cut off or rewritten from a row on.
    """
    expected, previous = 1, BEGINNING
    logged_consents, erased = dict[str, tuple[str, str]](), set[str]()  # a consent's digest and person, by its id
    recorded = RecordedRows()
    hash_at = {checkpoint.seq: checkpoint.hash for checkpoint in checkpoints}
    with _streamed(session, _COLUMNS) as rows:
        for row in rows:
            problem = _row_problem(row, expected, previous, session.tenant, hash_at)
            if problem is not None:
                return Verification(expected - 1, problem)
            previous, expected = row.hash, expected + 1
            if row.kind == "consent":
                detail = json.loads(row.detail)
                logged_consents[detail["consent"]] = (detail["sha256"], row.person)
            elif row.kind == "erased":
                erased.add(row.person)
            if row.kind in KINDS:
                recorded.take(row)
    last = expected - 1
    problem = _end_problem(session, last, previous, furthest(checkpoints))
    problem = problem or _consent_problem(session, logged_consents, erased)
    return Verification(last, problem or recorded.problem(session))


def show(
    session: Session, *, photo: str | None = None, person: str | None = None, max_rows: int = 1000
) -> list[Row[Any]]:
    """The rows about a photo (the first digits of its SHA-256 will do) or a person (their ref), oldest first."""
    query = select(audit.c.seq, audit.c.at, audit.c.kind, audit.c.actor, audit.c.photo, audit.c.person, audit.c.detail)
    query = query.where(audit.c.tenant == session.tenant).order_by(audit.c.seq).limit(max_rows)
    if photo is not None:
        query = query.where(audit.c.photo.startswith(photo.lower(), autoescape=True))
    if person is not None:
        query = query.where(audit.c.person == person)
    return list(session.connection.execute(query))


_COLUMNS: Final = select(*(audit.c[name] for name in COLUMNS), audit.c.hash).order_by(audit.c.seq)


def _streamed(session: Session, query: Select[Any]) -> CursorResult[Any]:
    """The rows of this school, a batch in memory at a time. Close it also when not all are read."""
    own_rows = query.where(query.selected_columns.tenant == session.tenant)
    return session.connection.execute(own_rows, execution_options={"yield_per": BATCH_ROWS})


def _row_problem(row: Row[Any], expected: int, previous: str, tenant: str, hash_at: Mapping[int, str]) -> Text | None:
    if row.seq > expected:
        return Text(nl=f"Rij {expected} is weggehaald.", en=f"Row {expected} was taken out.")
    if row.seq < expected:
        return Text(nl=f"Rij {row.seq} hoort daar niet.", en=f"Row {row.seq} does not belong there.")
    # As `chain.row_hash` does; written out, because there may be a million rows.
    content = (
        f"{row.previous}\n{tenant}\n{row.seq}\n{row.at}\n{row.kind}\n{row.actor}\n"
        f"{row.photo or ''}\n{row.person or ''}\n{row.detail}"
    )
    if hashlib.sha256(content.encode()).hexdigest() != row.hash:
        return Text(nl=f"Rij {row.seq} is veranderd.", en=f"Row {row.seq} was changed.")
    if row.previous != previous:
        return Text(
            nl=f"Rij {row.seq} sluit niet aan op de rij ervoor: er zijn rijen herschreven, ingevoegd of verplaatst.",
            en=f"Row {row.seq} does not follow the one before it: rows were written anew, put in or moved.",
        )
    if hash_at.get(row.seq, row.hash) != row.hash:
        return Text(
            nl=f"Het logboek is herschreven: rij {row.seq} is niet de rij die is ondertekend.",
            en=f"The log was written anew: row {row.seq} is not the one that was signed.",
        )
    return None


def _end_problem(session: Session, last: int, last_hash: str, checkpoint: Checkpoint | None) -> Text | None:
    """Whether the rows end where the furthest checkpoint and the head of the log say that they do."""
    if checkpoint is not None and checkpoint.seq > last:
        return Text(
            nl=f"De rijen {last + 1} tot en met {checkpoint.seq} zijn afgeknipt: een ondertekend bestand heeft ze nog.",
            en=f"Rows {last + 1} to {checkpoint.seq} were cut off: a signed head has them.",
        )
    query = select(audit_head.c.seq, audit_head.c.hash).where(audit_head.c.tenant == session.tenant)
    head = session.connection.execute(query).one_or_none()
    if head is None:
        return Text(nl="De kop van het logboek is weggehaald.", en="The head of the log was taken out.")
    if head.seq > last:
        return Text(
            nl=f"De rijen {last + 1} tot en met {head.seq} zijn afgeknipt.",
            en=f"Rows {last + 1} to {head.seq} were cut off.",
        )
    if (head.seq, head.hash) != (last, last_hash):
        return Text(nl="De kop van het logboek is veranderd.", en="The head of the log was changed.")
    return None


def _consent_problem(session: Session, logged: dict[str, tuple[str, str]], erased: set[str]) -> Text | None:
    """Whether every consent is still as it was recorded, and the question that it answers."""
    questions = {sha256 for sha256, question in wordings.kept(session).items() if question.sha256 == sha256}
    with _streamed(session, select(consent)) as rows:
        for row in rows:
            logged_digest, _ = logged.pop(row.id, (None, None))
            if logged_digest is None:
                return Text(
                    nl=f"Toestemming {row.id} staat niet in het logboek.", en=f"Consent {row.id} is not in the log."
                )
            if logged_digest != consent_digest(row._asdict()):
                return Text(nl=f"Toestemming {row.id} is veranderd.", en=f"Consent {row.id} was changed.")
            if row.wording_sha256 is not None and row.wording_sha256 not in questions:
                return Text(
                    nl=f"De vraag bij toestemming {row.id} is weggehaald of veranderd.",
                    en=f"The question that consent {row.id} answers was taken out or changed.",
                )
    for consent_id, (_, person) in logged.items():
        if person not in erased:
            return Text(nl=f"Toestemming {consent_id} is weggehaald.", en=f"Consent {consent_id} was taken out.")
    return None
