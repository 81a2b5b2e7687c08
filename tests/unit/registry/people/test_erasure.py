"""Erasing a person: nothing says who they were, down to the bytes on the disk, and the log can still be verified."""

from __future__ import annotations

import pytest

from fotopoort.errors import BadRecord, UnknownPerson
from fotopoort.photo.perceptual_hash import Blocklist
from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.audit.verification import verify
from fotopoort.registry.people import erasure, people
from fotopoort.registry.photos import answer_log, blocks, takedowns
from fotopoort.registry.registry import Registry
from fotopoort.vocabulary import Answers, Box, DrawnFace, FaceAnswer, FaceLabel

from ..recorded_pupil import NAME, PUPIL, record_pupil, text
from ..screened_photos import face, findings


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
    assert answers[2].faces == {"f1": FaceAnswer(FaceLabel.COVER, None, face(1).box)}
    assert answers[0].present == {"p1"}
    assert answers[1] == Answers(drawn=(DrawnFace(Box(1, 1, 9, 9), None),))


@pytest.mark.parametrize(("person", "reason", "error"), [("p9", "x", UnknownPerson), (PUPIL, " ", BadRecord)])
def test_what_is_not_erased(school: Registry, caller: Caller, person: str, reason: str, error: type[Exception]) -> None:
    with pytest.raises(error), school.write(caller, Act.ERASE) as session:
        erasure.erase(session, person, reason)
    assert NAME in text(school)
