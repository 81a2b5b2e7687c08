"""Erasing a person: nothing says who they were any more, down to the bytes on the disk, and the log holds together."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from fotopoort.errors import BadRecord, UnknownPerson
from fotopoort.photo.perceptual_hash import Blocklist
from fotopoort.registry import retention, school_settings
from fotopoort.registry.access import api_keys
from fotopoort.registry.access.roles import Act, Caller, KeyRole
from fotopoort.registry.audit.verification import verify
from fotopoort.registry.consent import consent_log
from fotopoort.registry.consent.consent_log import Statement
from fotopoort.registry.people import erasure, people
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.photos import blocks, originals, screenings, takedowns
from fotopoort.registry.registry import Registry
from fotopoort.registry.store.tables import metadata
from fotopoort.vocabulary import Answers, Box, ConsentState, DrawnFace, FaceAnswer, FaceLabel

from .conftest import Clock
from .photos_there import PHOTO, face, fill, findings, remembered

PUPIL, NAME = "leerling-4711", "Zonneschijn"


@pytest.fixture
def school(registry: Registry, caller: Caller) -> Registry:
    """A school in which somebody is written down wherever somebody can be."""
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


def test_nothing_says_who_they_were(school: Registry, caller: Caller) -> None:
    assert NAME in text(school)
    with school.write(caller, Act.ERASE) as session:
        erasure.erase(session, PUPIL, "ouders vroegen het")
    school.database.tidy()
    everything = text(school)
    assert not any(word.lower() in everything.lower() for word in (NAME, PUPIL, "Zonnetje", "Iris Maria"))
    for place in school.data_folder.rglob("*"):
        if place.is_file():
            content = place.read_bytes()
            assert not any(word.encode() in content for word in (NAME, NAME.lower(), PUPIL, "Zonnetje"))
    with school.read(caller, Act.SEE_AUDIT) as session:
        assert verify(session).wrong is None
        with pytest.raises(UnknownPerson):
            people.find(session, PUPIL)
        assert [task.person for task in takedowns.tasks(session)] == [None]  # the photo may still be there


def test_what_was_said_of_photos_stays_in_its_stricter_meaning(school: Registry, caller: Caller) -> None:
    with school.write(caller, Act.ERASE) as session:
        erasure.erase(session, PUPIL, "ouders vroegen het")
        same = Blocklist.of([findings().sha256], [])
        ids = [row.screening for row in screenings.earlier(session, same) if row.channel == "website"]
        said = sorted(
            (screenings.said(session, one) for one in ids), key=lambda one: (bool(one.faces), bool(one.drawn))
        )
    assert said[2].faces == {"f1": FaceAnswer(FaceLabel.COVER, None, face(1).box)}
    assert said[0].present == {"p1"}
    assert said[1] == Answers(drawn=(DrawnFace(Box(1, 1, 9, 9), None),))


@pytest.mark.parametrize(("person", "reason", "error"), [("p9", "x", UnknownPerson), (PUPIL, " ", BadRecord)])
def test_what_is_not_erased(school: Registry, caller: Caller, person: str, reason: str, error: type[Exception]) -> None:
    with pytest.raises(error), school.write(caller, Act.ERASE) as session:
        erasure.erase(session, person, reason)
    assert NAME in text(school)


# --- retention -------------------------------------------------------------------------------------------


def test_first_it_is_told_then_it_is_done(school: Registry, caller: Caller, clock: Clock) -> None:
    with school.write(caller, Act.EDIT_PEOPLE) as session:
        people.leave(session, PUPIL, session.today)
        takedowns.done(session, takedowns.tasks(session)[0].id)
        blocks.lift(session, blocks.blocks(session)[0].id, "vergissing")
        made, _ = api_keys.make(session, KeyRole.OFFICE, "administratie")
        api_keys.revoke(session, made.id)

    def counts() -> dict[str, int]:
        with school.read(caller, Act.MAINTAIN) as session:
            return {due.rule: due.count for due in retention.plan(session)}

    nothing = dict.fromkeys([rule.key for rule in retention.RULES], 0)
    assert counts() == nothing
    clock.now += timedelta(days=367)
    assert counts() == nothing | {"left": 1}
    clock.now += timedelta(days=2 * 365 - 366)
    assert counts() == nothing | {"left": 1, "takedowns": 1, "blocks": 1, "keys": 1}
    clock.now += timedelta(days=3 * 365)
    assert counts()["cleared"] == 3
    with school.write(caller, Act.MAINTAIN) as session:
        taken = {due.rule: due.count for due in retention.apply(session)}
    with school.read(caller, Act.SEE_AUDIT) as session:
        assert verify(session).wrong is None
    assert taken == nothing | {"left": 1, "takedowns": 1, "blocks": 1, "keys": 1, "cleared": 3}
    assert counts() == nothing
    assert NAME not in text(school)


def test_the_school_sets_its_own_days(school: Registry, caller: Caller, clock: Clock) -> None:
    with school.write(caller, Act.SET) as session:
        school_settings.set_days(session, "retention.cleared", 10, "zo kort als kan")
    clock.now += timedelta(days=11)
    with school.read(caller, Act.MAINTAIN) as session:
        assert {due.rule: (due.days, due.count) for due in retention.plan(session)}["cleared"] == (10, 3)


def test_a_photo_that_could_go_nowhere_is_kept_for_a_school_year(
    registry: Registry, caller: Caller, clock: Clock
) -> None:
    fill(registry, caller)
    with registry.write(caller, Act.RECORD_CONSENT) as session:
        said = Statement("p1", "website", ConsentState.REFUSED), Statement("p1", "facebook", ConsentState.REFUSED)
        consent_log.record_many(session, said)
    present = Answers(frozenset({"groep 5"}), present=frozenset({"p1"}))
    screening = remembered(registry, caller, present)
    with registry.write(caller, Act.SCREEN) as session:
        originals.hold(session, screening.id, PHOTO, 1)
    clock.now += timedelta(days=402)
    with registry.write(caller, Act.MAINTAIN) as session:
        assert {due.rule: due.count for due in retention.apply(session)}["rejected"] == 1
        assert session.connection.execute(select(func.count()).select_from(metadata.tables["answer"])).scalar() == 0
