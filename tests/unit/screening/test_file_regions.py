"""From a file that says who is in it to verdicts: regions are held against the faces, names against the list."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from tests.regions import DIALECTS, StatedRegion, Write, mwg_elements, packet, with_xmp
from tests.unit.screening.detectors import HERE, NOBODY, ScriptedFinder, outcomes, rules

from fotopoort.application.contract.build import inspection_document, screening_document
from fotopoort.photo.decode import Limits
from fotopoort.policy.policy import Policy
from fotopoort.registry.photos.serialisation import findings_from_json, findings_to_json
from fotopoort.screening.analysis import Array, Detectors, inspect
from fotopoort.screening.screen import Request, Screening, ScreeningJob, screen
from fotopoort.screening.stored_form import stored_form
from fotopoort.vision.faces.detector import FaceDetector
from fotopoort.vocabulary import (
    Answers,
    Box,
    ConsentState,
    Face,
    FaceAnswer,
    FaceLabel,
    FaceSource,
    NameEntry,
    Outcome,
    People,
    Person,
    Role,
)

CHANNELS = ("social_schools", "website")
SIZE = (1200, 900)
YES = dict.fromkeys(CHANNELS, ConsentState.GRANTED)
NO = dict.fromkeys(CHANNELS, ConsentState.REFUSED)
PERSONS = (
    Person("p1", "Noor Bakker", groups=frozenset({"groep 5"}), consents=YES),
    Person("p2", "Tygo Maas", groups=frozenset({"groep 6"}), consents=NO),
    Person("p3", "Roos Kok", groups=frozenset({"groep 6"}), consents=NO),
    Person("p4", "Sem de Groot", groups=frozenset({"groep 6"}), consents=YES),
    Person("p5", "Sem Bakker", groups=frozenset({"groep 7"}), consents=NO),
    Person("s1", "Ellen Terpstra", Role.STAFF, consents=YES),
)
PEOPLE = People({person.id: person for person in PERSONS}, "r1")
NAMES = tuple(NameEntry(person.name, person.id, role=person.role, groups=person.groups) for person in PERSONS)
GROUP_5 = Answers(groups=frozenset({"groep 5"}))


def area(box: Box) -> tuple[float, float, float, float]:
    return box.x / SIZE[0], box.y / SIZE[1], box.w / SIZE[0], box.h / SIZE[1]


class ToldFinder(ScriptedFinder):
    """A scripted finder that sees nothing more at the end, and remembers where it was told that there is a face."""

    def __init__(self, *looks: Sequence[Box] | BaseException) -> None:
        super().__init__(*looks)
        self.told: list[tuple[Box, ...]] = []

    def find(
        self, pixels: Array, scale: float = 1.0, expected: Sequence[Box] = (), told: Sequence[Box] = ()
    ) -> tuple[Face, ...]:
        self.told.append(tuple(told))
        return super().find(pixels, scale, expected, told) if self.looks else ()


def screened(
    data: bytes,
    policy: Policy,
    finder: ToldFinder,
    answers: Answers = GROUP_5,
    names: tuple[NameEntry, ...] = NAMES,
) -> Screening:
    job = ScreeningJob(Request(CHANNELS, answers), policy, PEOPLE, names)
    return screen(data, job, Detectors(finder, NOBODY))


@pytest.mark.parametrize("write", DIALECTS.values(), ids=list(DIALECTS))
def test_whoever_is_named_and_may_not_be_shown_is_asked_about(plain: bytes, policy: Policy, write: Write) -> None:
    carrying = with_xmp(plain, packet(write([StatedRegion("Tygo Maas", area(HERE))], SIZE)))
    bare = screened(plain, policy, ToldFinder([HERE]))
    assert set(outcomes(bare).values()) == {Outcome.PUBLISH}, "of the group everybody may be shown"
    screening = screened(carrying, policy, ToldFinder([HERE]))
    (region,) = screening.findings.regions
    assert (region.face, region.persons, region.certain) == ("f1", ("p2",), True)
    for channel in CHANNELS:
        verdict = screening.verdicts[channel]
        assert (verdict.outcome, verdict.not_yet) == (Outcome.REJECT, True)
        assert [question.id for question in verdict.questions] == ["q-is-present-p2"]
        assert verdict.questions[0].box == region.box
    absent = replace(GROUP_5, absent=frozenset({"p2"}))
    assert set(outcomes(screened(carrying, policy, ToldFinder([HERE]), absent)).values()) == {Outcome.PUBLISH}
    there = replace(GROUP_5, faces={"f1": FaceAnswer(FaceLabel.PERSON, "p2", HERE)})
    pointed = screened(carrying, policy, ToldFinder([HERE], []), there)
    assert set(outcomes(pointed).values()) <= {Outcome.BLUR, Outcome.REJECT}
    assert "R20" in rules(pointed, "website")


@pytest.mark.parametrize(
    ("name", "persons", "certain"),
    [
        ("Tygo", ("p2",), True),
        ("tygo maas", ("p2",), True),
        ("Maas, Tygo", ("p2",), True),
        ("TYGO", ("p2",), True),
        ("Tygootje", ("p2",), True),
        ("Tygo Jansen", ("p2",), False),
        ("Roos", ("p3",), True),  # an ordinary word, and in the place of a name it is one
        ("Sem", ("p4", "p5"), False),
        ("Sem de Groot", ("p4",), True),
        ("Juf Ellen", ("s1",), True),
        ("Ellen Terpstra", ("s1",), True),
        ("Oma Truus", (), False),
        ("Tygo en Noor", ("p1", "p2"), False),
        ("123", (), False),
        ("☺", (), False),
    ],
)
def test_whose_a_name_is(plain: bytes, policy: Policy, name: str, persons: tuple[str, ...], *, certain: bool) -> None:
    carrying = with_xmp(plain, packet(mwg_elements([StatedRegion(name, area(HERE))], SIZE)))
    screening = screened(carrying, policy, ToldFinder([HERE]), Answers())
    assert [(region.persons, region.certain) for region in screening.findings.regions] == [(persons, certain)]


def test_a_name_beyond_the_callers_reach_is_a_strangers(plain: bytes, policy: Policy) -> None:
    carrying = with_xmp(plain, packet(mwg_elements([StatedRegion("Tygo Maas", area(HERE))], SIZE)))
    names = tuple(replace(name, person=None) if name.person == "p2" else name for name in NAMES)
    screening = screened(carrying, policy, ToldFinder([HERE], []), names=names)
    assert screening.findings.regions[0].persons == ()
    assert rules(screening, "social_schools") >= {"R22"}


def test_without_a_list_every_name_is_a_strangers(plain: bytes, policy: Policy) -> None:
    carrying = with_xmp(plain, packet(mwg_elements([StatedRegion("Tygo Maas", area(HERE))], SIZE)))
    screening = screened(carrying, policy, ToldFinder([HERE], []), names=())
    assert screening.findings.regions[0].persons == ()
    assert rules(screening, "social_schools") >= {"R22"}


# --- a place without a face ------------------------------------------------------------------------------


def test_where_no_face_was_found_it_is_looked_again(plain: bytes, policy: Policy) -> None:
    there = Box(700, 400, 90, 110)
    carrying = with_xmp(
        plain, packet(mwg_elements([StatedRegion(None, area(HERE)), StatedRegion(None, area(there))], SIZE))
    )
    seen = Box(705, 408, 80, 96)
    finder = ToldFinder([HERE], [seen, Box(20, 20, 50, 60)])
    screening = screened(carrying, policy, finder)
    assert [len(told) for told in finder.told[:2]] == [0, 1]
    assert [(face.id, face.box, face.source) for face in screening.findings.faces] == [
        ("f1", HERE, FaceSource.SEEN),
        ("f2", seen, FaceSource.SEEN),
    ], "the one that is where the file says, and no other"
    assert [region.face for region in screening.findings.regions] == ["f1", "f2"]


def test_where_none_is_found_it_counts_as_one(plain: bytes, policy: Policy) -> None:
    carrying = with_xmp(plain, packet(mwg_elements([StatedRegion(None, area(HERE))], SIZE)))
    alone = Answers(present=frozenset({"p1"}), only_present=True)
    screening = screened(carrying, policy, ToldFinder([], [], []), Answers(groups=frozenset({"groep 7"})))
    (face,) = screening.findings.faces
    assert (face.id, face.source, face.landmarks, face.pose_reliable) == ("f1", FaceSource.METADATA, (), False)
    assert face.box.iou(HERE) > 0.99
    assert set(outcomes(screening).values()) == {Outcome.REJECT}
    assert "R24" in rules(screening, "social_schools")
    assert set(outcomes(screened(carrying, policy, ToldFinder([], []), alone)).values()) == {Outcome.PUBLISH}


def test_what_is_covered_because_of_it_goes_out_covered(plain: bytes, policy: Policy) -> None:
    small = Box(300, 300, 50, 60)
    carrying = with_xmp(plain, packet(mwg_elements([StatedRegion("Oma Truus", area(small))], SIZE)))
    screening = screened(carrying, policy, ToldFinder([], [], []))
    assert outcomes(screening)["social_schools"] is Outcome.BLUR
    (cover,) = screening.renditions["social_schools"].covered
    assert cover.contains(small.centre)
    assert cover.area > small.area


@pytest.mark.parametrize("kind", ["Pet", "Focus", "BarCode"])
def test_animals_and_things_are_no_faces(plain: bytes, policy: Policy, kind: str) -> None:
    carrying = with_xmp(plain, packet(mwg_elements([StatedRegion("Tygo Maas", area(HERE), kind)], SIZE)))
    screening = screened(carrying, policy, ToldFinder([]))
    assert (screening.findings.faces, screening.findings.regions) == ((), ())
    assert set(outcomes(screening).values()) == {Outcome.PUBLISH}


def test_of_a_photo_that_was_cut_only_the_names_are_asked_about(plain: bytes, policy: Policy) -> None:
    said = [StatedRegion("Tygo Maas", area(HERE)), StatedRegion(None, (0.6, 0.6, 0.1, 0.1))]
    screening = screened(with_xmp(plain, packet(mwg_elements(said, (900, 1600)))), policy, ToldFinder([]))
    assert screening.findings.faces == ()
    assert [(region.box, region.persons) for region in screening.findings.regions] == [(None, ("p2",))]
    assert rules(screening, "website") >= {"R25"}


def test_ten_thousand_regions_are_as_many_faces_as_a_photo_can_have(plain: bytes, policy: Policy) -> None:
    many = [StatedRegion(None, (n % 100 / 100, n // 100 / 100, 0.009, 0.009)) for n in range(1000)]
    screening = screened(with_xmp(plain, packet(mwg_elements(many[:180], SIZE))), policy, ToldFinder([], []))
    assert len(screening.findings.faces) <= 200
    assert screening.findings.failure is None


# --- what is kept and told -------------------------------------------------------------------------------


def test_findings_are_kept_without_the_names_and_decide_the_same(plain: bytes, policy: Policy) -> None:
    said = [StatedRegion("Tygo Maas", area(HERE)), StatedRegion("Oma Truus", (0.6, 0.4, 0.08, 0.1))]
    carrying = with_xmp(plain, packet(mwg_elements(said, SIZE)))
    first = screened(carrying, policy, ToldFinder([HERE], []))
    content = json.loads(json.dumps(findings_to_json(first.findings)))
    assert not any(name in json.dumps(content) for name in ("Tygo", "Truus"))
    kept = findings_from_json(content)
    job = ScreeningJob(Request(CHANNELS, GROUP_5), policy, PEOPLE, NAMES, findings=kept)
    again = screen(carrying, job, Detectors(ToldFinder(), NOBODY))
    assert again.verdicts == first.verdicts
    assert again.receipt.findings == first.receipt.findings


def test_what_was_kept_before_there_were_regions_is_read_and_hashed_as_it_was(plain: bytes, policy: Policy) -> None:
    screening = screened(plain, policy, ToldFinder([HERE]))
    content = stored_form(screening.findings)
    assert isinstance(content, dict)
    assert "regions" not in content
    assert "source" not in content["faces"][0]
    assert findings_from_json(findings_to_json(screening.findings)).regions == ()


def test_documents_say_where_and_never_the_name(plain: bytes, policy: Policy) -> None:
    xmp = packet(mwg_elements([StatedRegion("Oma Truus", area(HERE))], SIZE))
    screening = screened(with_xmp(plain, xmp), policy, ToldFinder([], [], []))
    document = screening_document("a.jpg", screening, policy, GROUP_5, {})
    assert document["regions"] == [{"box": [300, 300, 100, 120], "face": "f1", "named": True, "persons": []}]
    assert (document["faces"][0]["source"], document["faces"][0]["landmarks"]) == ("metadata", [])
    assert {"xmp", "person_name"} <= set(document["removed"])
    assert "Truus" not in json.dumps([document["regions"], document["verdicts"]])
    bare = screening_document("a.jpg", screened(plain, policy, ToldFinder([HERE])), policy, GROUP_5, {})
    assert "regions" not in bare
    assert "source" not in bare["faces"][0]


def test_inspect_shows_them(plain: bytes, policy: Policy) -> None:
    xmp = packet(mwg_elements([StatedRegion("Tygo", area(HERE))], SIZE))
    findings, ms = inspect(with_xmp(plain, xmp), Detectors(ToldFinder([HERE]), NOBODY), limits=Limits(), long_side=1600)
    document = inspection_document("a.jpg", findings, policy, ms)
    assert document["regions"] == [{"box": [300, 300, 100, 120], "face": "f1", "named": True, "persons": []}]


def test_no_name_in_logs_or_in_what_values_say_of_themselves(
    plain: bytes, policy: Policy, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for xmp in (
        packet(mwg_elements([StatedRegion("Xandertygo", area(HERE))], SIZE)),
        b"<a><b>Xandertygo</a>" + packet(""),
    ):
        screening = screened(with_xmp(plain, xmp), policy, ToldFinder([HERE], [], []))
        assert "Xandertygo" not in repr(screening)
    failing = screened(
        with_xmp(plain, packet(mwg_elements([StatedRegion("Xandertygo", area(HERE))], SIZE))),
        policy,
        ToldFinder(OSError()),
    )
    assert failing.findings.failure is not None
    assert "Xandertygo" not in caplog.text + repr(failing)


# --- with the real models --------------------------------------------------------------------------------


def test_told_of_a_face_on_the_wall_the_others_stay_as_they_are(
    read: Callable[[str], bytes], finder: FaceDetector, policy: Policy
) -> None:
    """Where only the wall is, the place counts; the faces that are found without being told are the same."""
    data = read("IMG_2040.jpg")
    plain_findings, _ = inspect(data, Detectors(finder, NOBODY), limits=Limits(), long_side=1600)
    width, height = plain_findings.width, plain_findings.height
    wall = Box(40, 40, 120, 140)
    said = [StatedRegion(None, (wall.x / width, wall.y / height, wall.w / width, wall.h / height))]
    for face in plain_findings.faces:
        said.append(
            StatedRegion(None, (face.box.x / width, face.box.y / height, face.box.w / width, face.box.h / height))
        )
    told = with_xmp(data, packet(mwg_elements(said, (width, height))))
    findings, _ = inspect(told, Detectors(finder, NOBODY), limits=Limits(), long_side=1600)
    assert findings.faces[: len(plain_findings.faces)] == plain_findings.faces
    (wall_face,) = findings.faces[len(plain_findings.faces) :]
    assert wall_face.box.overlap(wall) > 0
