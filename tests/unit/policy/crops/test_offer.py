"""When a crop is offered, and what is decided of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fotopoort.policy.case import open_case
from fotopoort.policy.crops.offer import MIN_SHARE
from fotopoort.policy.crops.part import answers_about, findings_of
from fotopoort.policy.decide import decide, decide_all, decide_part, unverified
from fotopoort.policy.measures import face_cover
from fotopoort.policy.policy import Covering, Policy, PublicCloseUp
from fotopoort.vocabulary import (
    Action,
    Answers,
    Box,
    Crop,
    DrawnFace,
    Face,
    FaceAnswer,
    FaceLabel,
    Figure,
    Findings,
    NamePlace,
    Outcome,
    Pattern,
    People,
    Region,
    Verdict,
)

from ..scenes import (
    CLOSED,
    COVERED_MEANWHILE,
    FACEBOOK,
    NO,
    OBJECTED,
    POLICY,
    WEBSITE,
    board,
    bound,
    called,
    consenting,
    face,
    figure,
    name,
    photo,
    pupil,
    said,
    school,
    tapped,
    unhurried,
)

CLASS = consenting(24)
REFUSER = pupil("refuser", NO, closed=OBJECTED)
HIDDEN = pupil("hidden", never_locatable=True)
SCHOOL = school(*CLASS, REFUSER)
AT_THE_SIDE, INSIDE = Box(1400, 500, 60, 75), Box(500, 500, 60, 75)


def at(number: int, box: Box, *, yaw: float = 0.0) -> Face:
    return replace(face(number, yaw=yaw), box=box)


TWO = (at(1, INSIDE), at(2, AT_THE_SIDE))


@dataclass(frozen=True)
class Scene:
    """`crop` is whether a crop is offered."""

    id: str
    photo: Findings
    said: Answers
    crop: bool
    people: People = SCHOOL
    channel: str = WEBSITE
    policy: Policy = field(default=POLICY, repr=False)


REFUSER_TAPPED = said(faces=tapped(f2="refuser"))
CLOSE = Box(1000, 500, 320, 400)

SCENES = [
    Scene("who refused stands at the side", photo(*TWO), REFUSER_TAPPED, True),
    Scene("and objected on the closed channel", photo(*TWO), REFUSER_TAPPED, True, channel=CLOSED),
    Scene("nobody has to be left out", photo(*TWO), said(faces=tapped(f2="5-1"), absent={"refuser"}), False),
    Scene("in the middle", photo(at(1, INSIDE), at(2, Box(780, 560, 60, 75))), REFUSER_TAPPED, False),
    Scene("between others", photo(*TWO, at(3, Box(1520, 500, 60, 75))), REFUSER_TAPPED, False),
    Scene("who stands further out is too small to recognise", photo(*TWO, at(3, Box(1520, 500, 20, 25))),
          said(faces=tapped(f2="refuser")), True),
    Scene("the teacher asks to cover a face", photo(*TWO),
          said(faces=called(FaceLabel.COVER, "f2"), absent={"refuser"}), True),
    Scene("drawn", photo(TWO[0]), said(drawn=(DrawnFace(AT_THE_SIDE, "refuser"),)), True),
    Scene("of several who have no name, one is outside: the others can be anywhere", photo(*TWO),
          said(faces=tapped(f2="former")), False,
          people=school(*CLASS, replace(pupil("former", NO), name="", nameless=True, count=3))),
    Scene("tapped twice: nobody knows where", photo(*TWO, at(3, Box(300, 500, 60, 75))),
          said(faces=tapped(f1="refuser", f2="refuser")), False),
    Scene("tapped twice, and may be shown: nobody knows which is who", photo(*TWO, at(3, Box(300, 500, 60, 75))),
          said(faces=tapped(f1="5-1", f2="refuser", f3="5-1")), False, policy=COVERED_MEANWHILE),
    Scene("close-ups are only advised against", photo(*TWO, at(3, Box(400, 700, 250, 310))), REFUSER_TAPPED,
          True,
          policy=replace(POLICY, settings=replace(POLICY.settings, public_close_up=PublicCloseUp.ADVISE))),
    Scene("it is not known who is in it", photo(*TWO), said(), False),
    Scene("nor whether the face at the side is theirs", photo(*TWO), said(), False, policy=COVERED_MEANWHILE),
    Scene("who must never be found was pointed out", photo(*TWO), said(faces=tapped(f2="hidden")), False,
          people=school(*CLASS, HIDDEN)),
    Scene("more faces than people", photo(*TWO, at(3, Box(300, 500, 60, 75))),
          said(only_present=True, present={"5-1"}, faces=tapped(f2="refuser")), False),
    Scene("a close-up of somebody, and others beside", photo(at(1, INSIDE, yaw=70), at(2, CLOSE)),
          said(absent={"refuser"}), True),
    Scene("a close-up with nobody else: the scene without the child", photo(at(1, CLOSE)),
          said(absent={"refuser"}), True),
    Scene("the privacy officer set R30 aside for the close-up: nothing holds the photo back", photo(at(1, CLOSE)),
          said(absent={"refuser"}, overridden={(WEBSITE, "R30")}), False),
    Scene("who stays would be close by in the crop",
          photo(at(1, Box(300, 400, 210, 280)), at(2, Box(300, 1010, 60, 75))),
          said(faces=tapped(f2="refuser")), False),
    Scene("a name at the side", photo(TWO[0], names=(name(NamePlace.PICTURE, box=Box(1300, 100, 200, 40)),)),
          said(absent={"refuser"}), True),
    Scene("a name of which nobody knows where it is", photo(TWO[0], names=(name(NamePlace.PICTURE),)),
          said(absent={"refuser"}), False),
    Scene("a list of names at the side, closed", photo(TWO[0], names=board(5)), said(absent={"refuser"}), True,
          channel=CLOSED),
    Scene("a name in the text too", photo(*TWO, names=(name(NamePlace.CAPTION),)), REFUSER_TAPPED, False),
    Scene("reported before", photo(*TWO, blocked=True), REFUSER_TAPPED, False),
    Scene("behind a net", photo(*TWO, pattern=Pattern.NET), REFUSER_TAPPED, False),
    Scene("named in the file", photo(*TWO, regions=(Region(AT_THE_SIDE, "f2", "…", ("refuser",), certain=True),)),
          said(), False),
    Scene("named in the file, and pointed out",
          photo(*TWO, regions=(Region(AT_THE_SIDE, "f2", "…", ("refuser",), certain=True),)), REFUSER_TAPPED, True),
    Scene("somebody seen at the side without a face", photo(at(1, Box(300, 500, 60, 75)), figures=(figure(1400),)),
          said(absent={"refuser"}), True),
    Scene("the figure of who refused reaches over the others",
          photo(*TWO, figures=(Figure(Box(400, 480, 1100, 700), 0.9, "f2"),)), REFUSER_TAPPED, False),
    Scene("the whole person is covered", photo(*TWO), REFUSER_TAPPED, True,
          policy=replace(POLICY, settings=replace(POLICY.settings, cover=Covering.FIGURE))),
    Scene("a poster need not stay", photo(at(1, INSIDE), at(2, Box(1300, 500, 60, 75)), at(3, Box(1500, 500, 60, 75))),
          said(faces=tapped(f2="refuser") | called(FaceLabel.NOT_A_PERSON, "f3")), True),
]  # fmt: skip


def judged(scene: Scene, *channels: str, crop: bool = False, together: bool = False) -> dict[str, Verdict]:
    answers = replace(bound(scene.said, scene.photo), crop=crop)
    return decide_all(scene.photo, answers, scene.people, scene.policy, channels or (scene.channel,), together=together)


@pytest.mark.parametrize("scene", SCENES, ids=[scene.id for scene in SCENES])
def test_scene(scene: Scene) -> None:
    (offered,) = judged(scene).values()
    (asked,) = judged(scene, crop=True).values()
    plain = decide(scene.photo, bound(scene.said, scene.photo), scene.people, scene.policy, scene.channel)
    assert replace(offered, crop=None) == plain, "an offer changes nothing"
    assert (offered.crop is not None) is scene.crop
    if offered.crop is None:
        assert asked == plain
        return
    assert asked.crop == Crop(offered.crop.box, applied=True)
    assert (asked.outcome, asked.covered, asked.questions) == (Outcome.BLUR, (), ())
    assert asked.reasons[0].rule == "R44"
    assert "R50" not in {reason.rule for reason in asked.reasons}
    assert asked.faces.keys() == plain.faces.keys()
    box = offered.crop.box
    assert box.area >= MIN_SHARE * scene.photo.width * scene.photo.height
    part, answers = findings_of(scene.photo, box), bound(scene.said, scene.photo)
    alone = decide_part(scene.photo, answers, scene.people, scene.policy, scene.channel, part, box)
    assert alone.outcome is Outcome.PUBLISH, "it would go out as a photo of its own"
    for seen in scene.photo.faces:
        if asked.faces[seen.id].action is Action.COVER:
            assert face_cover(seen, scene.photo.width, scene.photo.height, scene.policy).overlap(box) == 0


def test_one_crop_does_for_all_channels_together() -> None:
    """On the closed channel only f2 may not be shown, on the others f1 too."""
    public_no = pupil("public-no", NO, closed=consenting(1)[0].consents[WEBSITE])
    seen = photo(at(1, Box(60, 500, 60, 75)), at(2, AT_THE_SIDE), at(3, Box(700, 500, 60, 75)))
    scene = Scene("", seen, said(faces=tapped(f1="public-no", f2="refuser")), True, school(*CLASS, REFUSER, public_no))
    apart, together = judged(scene, CLOSED, WEBSITE), judged(scene, CLOSED, WEBSITE, together=True)
    boxes = [verdict.crop.box for verdict in (*apart.values(), *together.values()) if verdict.crop]
    assert len(boxes) == 4
    assert boxes[0] != boxes[1] == boxes[2] == boxes[3]
    asked = judged(scene, CLOSED, WEBSITE, crop=True, together=True)
    assert {verdict.outcome for verdict in asked.values()} == {Outcome.BLUR}
    assert {verdict.crop for verdict in asked.values()} == {Crop(boxes[3], applied=True)}


def test_together_no_channel_gets_a_crop_where_one_may_not_have_the_photo() -> None:
    scene = Scene("", photo(*TWO, names=(name(NamePlace.CAPTION),)), REFUSER_TAPPED, False)
    assert judged(scene, CLOSED, WEBSITE)[CLOSED].crop is not None
    assert {verdict.crop for verdict in judged(scene, CLOSED, WEBSITE, together=True).values()} == {None}


def test_a_face_that_can_be_recognised_in_the_crop_alone_is_left_out_too() -> None:
    """In a photo of 4000 pixels the website's copy shows 65 as 26, too small; in a crop it is large enough."""
    seen = photo(
        at(1, Box(300, 1400, 120, 150)),
        at(2, Box(3500, 1500, 120, 150)),
        at(3, Box(2900, 1500, 52, 65)),
        at(4, Box(2700, 1400, 120, 150)),
        width=4000,
        height=3000,
    )
    people = school(*consenting(2), REFUSER, pupil("other", NO))
    answers = bound(said(faces=tapped(f1="5-1", f2="refuser", f4="5-2")), seen)
    (verdict,) = decide_all(seen, answers, people, COVERED_MEANWHILE, [WEBSITE]).values()
    assert verdict.faces["f3"].action is Action.KEEP
    assert verdict.crop is not None
    assert seen.faces[2].box.overlap(verdict.crop.box) == 0


@pytest.mark.parametrize("only", [False, True])
def test_faces_that_are_left_outside_use_up_people_of_the_group(only: bool) -> None:
    """Three of the group, four faces; the fourth can be recognised in the crop alone, and need be none of the three."""
    close = at(1, Box(30, 900, 900, 1100))
    others = [at(n, Box(x, 1200, w, h)) for n, x, w, h in ((2, 2000, 200, 250), (3, 2500, 200, 250), (4, 3000, 44, 54))]
    seen = photo(close, *others, width=4000, height=3000)
    people = school(*(pupil(id) for id in ("a", "b", "c")))
    answers = said(crop=True, only_present=only, present={"a", "b", "c"} if only else set())
    verdict = decide_all(seen, answers, people, POLICY, [WEBSITE])[WEBSITE]
    assert verdict.faces["f4"].action is Action.COVER or verdict.outcome is Outcome.REJECT


def test_a_crop_that_could_not_be_verified_is_rejected() -> None:
    (asked,) = judged(SCENES[0], crop=True).values()
    (offered,) = judged(SCENES[0]).values()
    assert unverified(asked).outcome is unverified(offered).outcome is Outcome.REJECT
    assert unverified(asked).crop is None
    assert unverified(offered).crop == offered.crop, "instead of covers that fail there is still the crop"


heights = st.sampled_from([20.0, 40.0, 75.0, 130.0, 280.0])
labels = st.sampled_from([None, "5-1", "5-2", "refuser", FaceLabel.NO_PUPIL, FaceLabel.COVER, FaceLabel.NOT_A_PERSON])


@st.composite
def any_photo(draw: st.DrawFn) -> tuple[Findings, Answers]:
    count = draw(st.integers(1, 5))
    seen = []
    for number in range(1, count + 1):
        height = draw(heights)
        corner = draw(st.integers(0, 3000 - 300)), draw(st.integers(0, 2250 - 300))
        seen.append(at(number, Box(*corner, 0.8 * height, height), yaw=draw(st.sampled_from([0.0, 70.0]))))
    figures = tuple(
        Figure(
            Box(other.box.x - 30, other.box.y - 20, other.box.w + 60, 4 * other.box.h),
            0.9,
            draw(st.sampled_from([other.id, None])),
        )
        for other in seen
        if draw(st.booleans())
    )
    names = board(draw(st.sampled_from([0, 0, 1, 5])))
    labelled = {other.id: draw(labels) for other in seen}
    faces = {
        id: FaceAnswer(label) if isinstance(label, FaceLabel) else FaceAnswer(FaceLabel.PERSON, label)
        for id, label in labelled.items()
        if label
    }
    drawn = (DrawnFace(Box(draw(st.integers(0, 2900)), 900, 60, 80), draw(st.sampled_from([None, "refuser", "5-3"]))),)
    answers = Answers(
        groups=frozenset({"groep 5"}),
        faces=faces,
        drawn=drawn if draw(st.booleans()) else (),
        absent=frozenset(draw(st.sampled_from([(), ("refuser",)])))
        - {answer.person or "" for answer in faces.values()},
        only_present=draw(st.booleans()),
        present=frozenset(draw(st.sampled_from([(), ("5-1", "5-2", "5-4", "5-5")]))),
    )
    findings = photo(*seen, width=3000, height=2250, figures=figures, names=names)
    return findings, bound(answers, findings)


@unhurried
@given(any_photo(), st.sampled_from([POLICY, COVERED_MEANWHILE]))
def test_what_is_offered_would_go_out_as_a_photo_of_its_own(case: tuple[Findings, Answers], policy: Policy) -> None:
    """And in it nobody is cleared who was not in the whole photo."""
    findings, answers = case
    for channel, verdict in decide_all(findings, answers, SCHOOL, policy, [CLOSED, WEBSITE, FACEBOOK]).items():
        if verdict.crop is None:
            continue
        box = verdict.crop.box
        part = decide_part(findings, answers, SCHOOL, policy, channel, findings_of(findings, box), box)
        assert part.outcome is Outcome.PUBLISH
        assert not part.covered
        for id in part.faces:
            assert verdict.faces[id].action is Action.KEEP
        for seen in findings.faces:
            if verdict.faces[seen.id].action is Action.COVER:
                assert seen.box.overlap(box) == 0
                assert all(other.box.overlap(box) == 0 for other in findings.figures if other.face == seen.id)
        assert all(covered.overlap(box) == 0 for covered in verdict.covered)


@unhurried
@given(any_photo(), st.sampled_from([POLICY, COVERED_MEANWHILE]), st.data())
def test_no_part_clears_anybody_whom_the_photo_does_not(
    case: tuple[Findings, Answers], policy: Policy, data: st.DataObject
) -> None:
    """Of any part, not only of those that are offered: where the photo goes out covered, who stays covered."""
    findings, answers = case
    x, y = data.draw(st.integers(0, 1400)), data.draw(st.integers(0, 1000))
    part = Box(x, y, data.draw(st.integers(200, 3000 - x)), data.draw(st.integers(200, 2250 - y)))
    for channel in (CLOSED, WEBSITE):
        whole = decide(findings, answers, SCHOOL, policy, channel)
        if whole.outcome is Outcome.REJECT:
            continue
        opened = open_case(findings, answers, SCHOOL, policy, policy.channel(channel))
        if opened.answers.pointed_out & opened.candidates.persons:
            continue  # tapped in several places, so that nobody knows where they are: no part is offered then
        judged = decide(findings_of(findings, part), answers_about(opened, part), SCHOOL, policy, channel)
        for id, verdict in judged.faces.items():
            assert verdict.action is Action.COVER or whole.faces[id].action is Action.KEEP


def test_a_part_has_what_overlaps_it_from_its_own_corner() -> None:
    seen = photo(
        replace(TWO[0], landmarks=((510.0, 520.0),) * 5),
        TWO[1],
        figures=(Figure(Box(480, 480, 100, 300), 0.9, "f1"), Figure(Box(1200, 480, 260, 300), 0.9, "f2")),
        names=(*board(1), name(NamePlace.CAPTION)),
        regions=(Region(AT_THE_SIDE, "f2"), Region(INSIDE, "f1"), Region(None, None, "…", ("refuser",))),
    )
    part = findings_of(seen, Box(400, 300, 900, 600))
    assert (part.width, part.height, part.sha256) == (900, 600, seen.sha256)
    assert [other.id for other in part.faces] == ["f1"]
    assert part.faces[0].box == Box(100, 200, 60, 75)
    assert part.faces[0].landmarks == ((110.0, 220.0),) * 5
    assert [(other.box.x, other.face) for other in part.figures] == [(80, "f1"), (800, None)]
    assert [hit.place for hit in part.names] == [NamePlace.CAPTION]
    assert [region.face for region in part.regions] == [None, "f1", None]


def test_answers_without_a_box_go_with_their_face() -> None:
    seen = photo(*TWO)
    answers = said(faces=called(FaceLabel.COVER, "f1", "f2"))
    opened = open_case(seen, answers, SCHOOL, POLICY, POLICY.channel(WEBSITE))
    assert answers_about(opened, Box(400, 300, 900, 600)).faces == called(FaceLabel.COVER, "f1")
