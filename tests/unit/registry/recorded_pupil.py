"""A pupil who is recorded wherever somebody can be, to see whether anything of them is left."""

from __future__ import annotations

from sqlalchemy import select

from fotopoort.registry import school_settings
from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.consent import consent_log
from fotopoort.registry.consent.statements import Statement
from fotopoort.registry.people import people
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.photos import blocks
from fotopoort.registry.registry import Registry
from fotopoort.registry.store.tables import metadata
from fotopoort.vocabulary import Answers, Box, ConsentState, DrawnFace, FaceAnswer, FaceLabel

from .screened_photos import face, fill, remembered

PUPIL, NAME = "leerling-4711", "Zonneschijn"


def record_pupil(registry: Registry, caller: Caller) -> Registry:
    """A school in which the pupil is recorded wherever somebody can be."""
    fill(registry, caller)
    record = PersonRecord(PUPIL, call_name="Iris", surname=NAME, nicknames=("Zonnetje",), given_names="Iris Maria")
    with registry.write(caller, Act.EDIT_PEOPLE) as session:
        people.add(session, record, ["groep 5"])
        consent_log.record(session, Statement(PUPIL, "website", ConsentState.GRANTED, speaker=f"mevrouw {NAME}"))
        school_settings.set_value(session, "takedown.days", "3", f"om Iris {NAME}")
    tapped = {"f1": FaceAnswer(FaceLabel.PERSON, PUPIL, face(1).box)}
    for answers in (
        Answers(frozenset({"groep 5"}), faces=tapped),
        Answers(present=frozenset({PUPIL, "p1"}), only_present=True),
        Answers(absent=frozenset({PUPIL}), drawn=(DrawnFace(Box(1, 1, 9, 9), PUPIL),)),
    ):
        remembered(registry, caller, answers, places={"website": f"iris-{NAME.lower()}.jpg"})
    with registry.write(caller, Act.RECORD_CONSENT) as session:
        consent_log.record(session, Statement(PUPIL, "website", ConsentState.WITHDRAWN))
        blocks.add(session, "0" * 64, [], f"op verzoek van {PUPIL}")
    return registry


def text(registry: Registry) -> str:
    """Everything in the database, as text."""
    with registry.database.read() as connection:
        return "".join(repr(connection.execute(select(table)).all()) for table in metadata.sorted_tables)
