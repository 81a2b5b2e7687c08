"""Erasing a person: nothing says who they were, down to the bytes on the disk, and the log can still be verified."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from fotopoort.errors import BadRecord, PhotoGone, UnknownPerson
from fotopoort.photo.perceptual_hash import Blocklist
from fotopoort.policy.decide import decide_all
from fotopoort.registry import retention
from fotopoort.registry.access.roles import Act, Caller, console
from fotopoort.registry.answers import answer_log
from fotopoort.registry.audit.verification import verify
from fotopoort.registry.consent import consent_log
from fotopoort.registry.consent.statements import Statement
from fotopoort.registry.people import erasure, people
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.people.snapshot import snapshot
from fotopoort.registry.photos import blocks, originals, screenings, takedowns
from fotopoort.registry.photos.serialisation import findings_from_json
from fotopoort.registry.registry import Registry
from fotopoort.registry.store.tables import screening as screening_table
from fotopoort.registry.store.tables import takedown
from fotopoort.screening.analysis import Stopwatch
from fotopoort.screening.screen import Request, conclude
from fotopoort.vocabulary import (
    Action,
    Answers,
    Box,
    ConsentState,
    DrawnFace,
    Face,
    FaceAnswer,
    FaceLabel,
    NameHit,
    NamePlace,
    Region,
)

from ..conftest import Clock
from ..recorded_pupil import NAME, PUPIL, record_pupil, text
from ..screened_photos import PHOTO, POLICY, face, fill, findings, remembered

YEARS = frozenset({2026})
CHANNELS = tuple(channel.id for channel in POLICY.channels)
schools = count()


@pytest.fixture
def school(registry: Registry, caller: Caller) -> Registry:
    return record_pupil(registry, caller)


def test_nothing_says_who_they_were(school: Registry, caller: Caller) -> None:
    assert NAME in text(school)
    with school.write(caller, Act.ERASE) as session:
        erasure.erase(session, PUPIL, "ouders vroegen het")
    school.database.vacuum()
    everything = text(school)
    assert not any(word.lower() in everything.lower() for word in (NAME, PUPIL, "Zonnetje", "Iris Maria"))
    for path in school.data_folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not any(word.encode() in content for word in (NAME, NAME.lower(), PUPIL, "Zonnetje"))
    with school.read(caller, Act.SEE_AUDIT) as session:
        assert verify(session).problem is None
        with pytest.raises(UnknownPerson):
            people.find(session, PUPIL)
        assert [task.person for task in takedowns.tasks(session)] == [None]  # the photo may still be there


def test_answers_about_photos_stay_in_their_stricter_reading(school: Registry, caller: Caller) -> None:
    with school.write(caller, Act.ERASE) as session:
        erasure.erase(session, PUPIL, "ouders vroegen het")
        same = Blocklist.of([findings().sha256], [])
        ids = [row.screening for row in blocks.verdicts_given(session, same) if row.channel == "website"]
        answers = sorted(
            (answer_log.answers_of(session, screening_id) for screening_id in ids),
            key=lambda of_photo: (bool(of_photo.faces), bool(of_photo.drawn)),
        )
    tapped = answers[2].faces["f1"]
    assert (tapped.label, tapped.box) == (FaceLabel.PERSON, face(1).box)
    (present,) = answers[0].present - {"p1"}
    (drawn,) = answers[1].drawn
    assert answers[1] == Answers(drawn=(DrawnFace(Box(1, 1, 9, 9), drawn.person),))
    nobodies = {tapped.person, present, drawn.person}
    assert len(nobodies) == 3, "nothing links the photos of somebody who was erased"
    assert all(nobody and nobody.startswith("erased-") for nobody in nobodies)


def test_whom_a_file_names_is_somebody_unknown_then(registry: Registry, caller: Caller) -> None:
    fill(registry, caller)
    named = Region(Box(1, 1, 90, 90), "f1", "…", ("p1",), certain=True)
    photos = [replace(findings(photo=bytes([number])), regions=(named,)) for number in range(2)]
    before = [remembered(registry, caller, Answers(), found=found) for found in photos]
    with registry.write(caller, Act.ERASE) as session:
        erasure.erase(session, "p1", "ouders vroegen het")
    with registry.read(caller, Act.SEE_AUDIT) as session:
        kept = [findings_from_json(row.findings) for row in session.connection.execute(select(screening_table)).all()]
        known = snapshot(session)
    nobodies = {person for found in kept for region in found.regions for person in region.persons}
    assert len(nobodies) == 2, "nothing links the photos of somebody who was erased"
    assert all(nobody.startswith("erased-") for nobody in nobodies)
    for earlier, found in zip(before, kept, strict=True):
        now = decide_all(found, Answers(), known, POLICY, earlier.verdicts)
        assert all(
            now[channel].outcome.strictness >= verdict.outcome.strictness
            for channel, verdict in earlier.verdicts.items()
        )


ids = st.sampled_from(["p1", "p2", "p3"])
answers_about_two_faces = st.builds(
    Answers,
    groups=st.sampled_from([frozenset[str](), frozenset({"groep 5"})]),
    present=st.frozensets(ids),
    only_present=st.booleans(),
    absent=st.frozensets(ids),
    faces=st.dictionaries(st.sampled_from([1, 2]), st.tuples(st.sampled_from([*FaceLabel]), ids), max_size=2).map(
        lambda said: {
            f"f{number}": FaceAnswer(label, person if label is FaceLabel.PERSON else None, full(number).box)
            for number, (label, person) in said.items()
        }
    ),
    drawn=st.lists(st.builds(DrawnFace, st.just(Box(1200.0, 10.0, 90.0, 90.0)), st.none() | ids), max_size=1).map(
        tuple
    ),
).filter(lambda answers: not answers.absent & (answers.present | answers.pointed_out))


def full(number: int) -> Face:
    """A face full in the photo, close by."""
    return replace(face(number), box=Box(1000.0 * (number - 1), 900.0, 900.0, 1000.0), yaw=0.0)


@settings(max_examples=40)
@given(
    answers_about_two_faces,
    st.sampled_from([ConsentState.GRANTED, ConsentState.REFUSED, ConsentState.NOT_ASKED]),
    st.booleans(),
    st.integers(0, 2),
    st.booleans(),
)
def test_no_photo_gets_freer_by_an_erasure(
    registry: Registry, answers: Answers, state: ConsentState, hidden: bool, faces: int, close: bool
) -> None:
    """A property: whatever was said of the photo, and whatever held for who is erased."""
    school = console(f"school-{next(schools)}")
    registry.add_school(school, "x")
    found = replace(findings(faces), faces=tuple((full if close else face)(number + 1) for number in range(faces)))
    with registry.write(school, Act.ERASE) as session:
        for person in ("p1", "p2", "p3"):
            people.add(
                session, PersonRecord(person, name=person, never_locatable=hidden and person == "p1"), ["groep 5"]
            )
            what = state if person == "p1" else ConsentState.GRANTED
            consent_log.record_many(session, [Statement(person, channel.id, what) for channel in session.channels])
        before = decide_all(found, answers, snapshot(session, YEARS), POLICY, CHANNELS)
        screening = conclude(found, Request(CHANNELS, answers), before, {}, Stopwatch())
        screenings.remember(session, screening, Request(CHANNELS, answers), places={}, years=YEARS)
        erasure.erase(session, "p1", "ouders vroegen het")
        rewritten = answer_log.answers_of(session, screening.id)
        after = decide_all(found, rewritten, snapshot(session, YEARS), POLICY, CHANNELS)
    for channel in CHANNELS:
        assert after[channel].outcome.strictness >= before[channel].outcome.strictness, channel
        kept = {id for id, judged in after[channel].faces.items() if judged.action is Action.KEEP}
        assert kept <= {id for id, judged in before[channel].faces.items() if judged.action is Action.KEEP}


def test_originals_of_photos_that_they_can_be_in_are_gone(registry: Registry, caller: Caller) -> None:
    fill(registry, caller)
    said = {
        "named": Answers(present=frozenset({"p1"}), only_present=True),
        "group": Answers(frozenset({"groep 5"})),
        "nobody": Answers(),
        "absent": Answers(frozenset({"groep 5"}), absent=frozenset({"p1"})),
        "another group": Answers(frozenset({"groep 6"}), present=frozenset({"p2"})),
        "others besides another group": Answers(frozenset({"groep 6"}), others=True),
    }
    kept = {name: remembered(registry, caller, answers).id for name, answers in said.items()}
    with registry.write(caller, Act.ERASE) as session:
        for screening in kept.values():
            originals.hold(session, screening, PHOTO, 1)
        erasure.erase(session, "p1", "ouders vroegen het")
    with registry.read(caller, Act.SCREEN) as session:
        for name, screening in kept.items():
            if name in ("absent", "another group"):
                assert originals.take(session, screening) == PHOTO
            else:
                with pytest.raises(PhotoGone):
                    originals.take(session, screening)


def test_who_is_erased_by_hand_is_taken_down_and_who_is_kept_long_enough_is_not(
    registry: Registry, caller: Caller, clock: Clock
) -> None:
    fill(registry, caller)
    everybody = Answers(frozenset({"groep 5"}), present=frozenset({"p1", "p2"}))
    remembered(registry, caller, everybody, places={"website": "https://school.example/1"})
    with registry.write(caller, Act.ERASE) as session:
        people.leave(session, "p2", session.today)
        erasure.erase(session, "p1", "ouders vroegen het")
        (task,) = takedowns.tasks(session)
        assert (task.person, task.channel, task.place) == (None, "website", "https://school.example/1")
        assert session.connection.execute(select(takedown.c.cause)).scalars().all() == [takedowns.ERASURE]
    clock.now += timedelta(days=400)
    with registry.write(caller, Act.MAINTAIN) as session:
        assert {due.rule: due.count for due in retention.apply(session)}["left"] == 1
        assert len(takedowns.tasks(session)) == 1


@pytest.mark.parametrize(("person", "reason", "error"), [("p9", "x", UnknownPerson), (PUPIL, " ", BadRecord)])
def test_what_is_not_erased(school: Registry, caller: Caller, person: str, reason: str, error: type[Exception]) -> None:
    with pytest.raises(error), school.write(caller, Act.ERASE) as session:
        erasure.erase(session, person, reason)
    assert NAME in text(school)


def test_ids_that_are_made_of_a_name_go_with_it_and_no_answer_holds_for_the_new_ones(
    registry: Registry, caller: Caller
) -> None:
    fill(registry, caller)
    theirs = NameHit("n1", NamePlace.CAPTION, False, "p1", None, "Kind", 0, 4)
    other = NameHit("n2", NamePlace.CAPTION, False, "p2", None, "Ander", 5, 10)
    found = replace(findings(), names=(theirs, other))
    screening = remembered(registry, caller, Answers(not_names=frozenset({"n1", "n2"})), found=found)
    with registry.write(caller, Act.ERASE) as session:
        erasure.erase(session, "p1", "ouders vroegen het")
        row = session.connection.execute(select(screening_table)).one()
        found, said = findings_from_json(row.findings), answer_log.answers_of(session, screening.id)
    assert found.names[1] == other
    assert found.names[0].id != "n1"
    assert said.not_names == {"n2"}


def test_a_no_that_a_yes_had_taken_back_is_kept_of_somebody_erased(registry: Registry, caller: Caller) -> None:
    """The yes goes with whoever said it, and takes nothing back any more."""
    with registry.write(caller, Act.ERASE) as session:
        people.add(session, PersonRecord("p1", name="Noor"), ["groep 5"])
        no = Statement("p1", "website", ConsentState.OBJECTED, "moeder", at=session.now - timedelta(days=9))
        yes = Statement("p1", "website", ConsentState.GRANTED, "moeder", valid_until=session.today)
        consent_log.record_many(session, [no, yes])
        (known,) = snapshot(session).persons.values()
        assert known.consent("website") is ConsentState.GRANTED
        erasure.erase(session, "p1", "ouders vroegen het")
        somebody = next(person for person in snapshot(session, YEARS).persons.values() if person.groups)
    assert somebody.consent("website") is ConsentState.REFUSED
    assert somebody.consent("social_schools") is ConsentState.NOT_ASKED
