"""The copy for the parents of one child: everybody else is covered, and it tells of nobody."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fotopoort.errors import NoCopy
from fotopoort.policy.crops.own_child import (
    BEHIND_OTHERS,
    BLOCKED,
    HARMFUL,
    MAY_HIDE_OTHERS,
    NOT_COVERABLE,
    NOT_POINTED_OUT,
    parents_copy,
    part_is_alone,
)
from fotopoort.policy.crops.part import findings_of, moved
from fotopoort.policy.measures import face_cover
from fotopoort.policy.policy import Covering
from fotopoort.policy.posts.elsewhere import holds_elsewhere
from fotopoort.vocabulary import (
    Action,
    Answers,
    Box,
    DrawnFace,
    FaceAnswer,
    FaceLabel,
    Figure,
    Findings,
    NamePlace,
    Outcome,
    Pattern,
    Text,
    Verdict,
)

from ..scenes import CLOSED, POLICY, bound, called, figure, name, photo, said, tapped, unhurried
from .test_offer import any_photo, at

CHILD = Box(500, 500, 60, 75)
ALONE, TWO = photo(at(1, CHILD)), photo(at(1, CHILD), at(2, Box(1400, 500, 60, 75)))
POINTED = said(faces=tapped(f1="child"))
WHOLE = replace(POLICY, settings=replace(POLICY.settings, cover=Covering.FIGURE))


def copy(findings: Findings, answers: Answers = POINTED, *, crop: bool = False) -> Verdict:
    return parents_copy(findings, bound(answers, findings), "child", POLICY, CLOSED, crop=crop)


def covered(verdict: Verdict) -> list[str]:
    return [id for id, judged in verdict.faces.items() if judged.action is Action.COVER]


def test_a_photo_with_the_child_alone_is_given_as_it_is() -> None:
    verdict = copy(ALONE)
    assert (verdict.outcome, verdict.covered, covered(verdict)) == (Outcome.PUBLISH, (), [])
    assert verdict.neutral_name


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param(POINTED, id="nobody answered for"),
        pytest.param(said(faces=tapped(f1="child", f2="other")), id="somebody else"),
        pytest.param(said(faces=tapped(f1="child") | called(FaceLabel.NO_PUPIL, "f2")), id="an adult who agreed"),
        pytest.param(said(faces=tapped(f1="child") | called(FaceLabel.COVER, "f2")), id="asked to cover"),
    ],
)
@pytest.mark.parametrize("height", [75, 12])
def test_everybody_else_is_covered(answers: Answers, height: int) -> None:
    seen = photo(TWO.faces[0], at(2, Box(1400, 500, 0.8 * height, height)))
    verdict = copy(seen, answers)
    assert (verdict.outcome, covered(verdict)) == (Outcome.BLUR, ["f2"])
    assert face_cover(seen.faces[1], seen.width, seen.height, POLICY) in verdict.covered


def test_a_poster_is_nobody() -> None:
    assert copy(TWO, said(faces=tapped(f1="child") | called(FaceLabel.NOT_A_PERSON, "f2"))).covered == ()
    elsewhere = FaceAnswer(FaceLabel.NOT_A_PERSON, box=Box(0, 0, 60, 75))
    assert copy(TWO, said(faces=tapped(f1="child") | {"f2": elsewhere})).covered


def test_what_is_drawn_and_what_can_be_read_of_others_is_covered() -> None:
    own, other = name(NamePlace.PICTURE, 1, box=Box(100, 100, 90, 30)), Box(100, 200, 90, 30)
    seen = replace(ALONE, names=(replace(own, person="child"), name(NamePlace.PICTURE, 2, box=other)))
    drawn = (DrawnFace(Box(900, 500, 60, 75)), DrawnFace(CHILD, "child"))
    verdict = copy(seen, said(faces=tapped(f1="child"), drawn=drawn))
    assert set(verdict.covered) == {other, Box(900, 500, 60, 75)}


@pytest.mark.parametrize("label", [FaceLabel.OTHER_CHILD, FaceLabel.COVER, FaceLabel.PERSON])
def test_where_somebody_else_was_said_to_be_is_covered_though_no_face_is_there_now(label: FaceLabel) -> None:
    there = Box(900, 500, 60, 75)
    elsewhere = FaceAnswer(label, "other" if label is FaceLabel.PERSON else None, there)
    assert there in copy(TWO, said(faces=tapped(f1="child") | {"f2@900,500,60,75": elsewhere})).covered


def test_whole_persons_are_covered_where_that_is_set() -> None:
    there = Box(1380, 480, 120, 400)
    seen = replace(TWO, figures=(Figure(there, 0.9, "f2"),))
    verdict = parents_copy(seen, bound(POINTED, seen), "child", WHOLE, CLOSED, crop=False)
    assert any(box.overlap(there) == there.area for box in verdict.covered)
    assert not any(box.overlap(there) == there.area for box in copy(seen).covered)


REFUSED = [
    pytest.param(TWO, said(), NOT_POINTED_OUT, id="not pointed out"),
    pytest.param(TWO, said(present={"child"}), NOT_POINTED_OUT, id="in it, but nobody knows where"),
    pytest.param(TWO, said(faces=tapped(f1="child", f2="child")), NOT_POINTED_OUT, id="pointed out twice"),
    pytest.param(TWO, said(faces={"f1": FaceAnswer(FaceLabel.PERSON, "child", Box(0, 0, 60, 75))}), NOT_POINTED_OUT,
                 id="an answer about a face elsewhere"),
    pytest.param(ALONE, said(faces=tapped(f1="child"), drawn=(DrawnFace(CHILD),)), NOT_POINTED_OUT,
                 id="somebody asked to cover it"),
    pytest.param(ALONE, said(faces=tapped(f1="child"), drawn=(DrawnFace(Box(0, 0, 9, 9), "child"),)), NOT_POINTED_OUT,
                 id="drawn elsewhere too, small"),
    pytest.param(replace(ALONE, blocked=True), POINTED, BLOCKED, id="reported"),
    pytest.param(ALONE, replace(POINTED, present=frozenset({"child", "r"})), MAY_HIDE_OTHERS, id="somebody somewhere"),
    pytest.param(ALONE, replace(POINTED, others=True), MAY_HIDE_OTHERS, id="others somewhere"),
    pytest.param(ALONE, replace(POINTED, harmful=True), HARMFUL, id="somebody can come to harm"),
    pytest.param(replace(ALONE, pattern=Pattern.NET), POINTED, MAY_HIDE_OTHERS, id="behind a net"),
    pytest.param(replace(ALONE, figures=(figure(1200),)), POINTED, MAY_HIDE_OTHERS, id="somebody without a face"),
    pytest.param(replace(ALONE, names=(name(NamePlace.PICTURE),)), POINTED, NOT_COVERABLE, id="a name somewhere"),
    pytest.param(photo(TWO.faces[0], at(2, Box(540, 500, 60, 75))), POINTED, BEHIND_OTHERS, id="cheek to cheek"),
    pytest.param(photo(TWO.faces[0], at(2, Box(440, 380, 200, 250))), POINTED, BEHIND_OTHERS, id="behind somebody"),
]  # fmt: skip


@pytest.mark.parametrize(("findings", "answers", "why"), REFUSED)
@pytest.mark.parametrize("crop", [False, True])
def test_a_refusal_says_why(findings: Findings, answers: Answers, why: Text, crop: bool) -> None:
    with pytest.raises(NoCopy) as refused:
        copy(findings, answers, crop=crop)
    assert refused.value.message == why


def test_the_word_that_nobody_else_is_in_it_settles_what_may_be_hidden() -> None:
    seen = replace(ALONE, pattern=Pattern.NET, figures=(figure(1200),))
    assert copy(seen, replace(POINTED, no_unseen_people=True)).outcome is Outcome.PUBLISH


def test_the_crop_has_the_child_alone() -> None:
    seen = replace(
        TWO, figures=(Figure(Box(1200, 480, 290, 700), 0.9, "f2"), Figure(Box(480, 480, 100, 300), 0.9, "f1"))
    )
    verdict = copy(seen, crop=True)
    assert verdict.crop is not None
    assert verdict.crop.applied
    assert verdict.covered == ()
    box = verdict.crop.box
    assert box.overlap(CHILD) == CHILD.area
    assert box.overlap(seen.figures[0].box) == 0
    assert part_is_alone(seen, bound(POINTED, seen), "child", POLICY, CLOSED, findings_of(seen, box), box)


def test_a_crop_that_nobody_needs_is_not_made() -> None:
    assert copy(ALONE, crop=True).crop is None


def test_where_there_is_no_crop_the_others_are_covered() -> None:
    around = [
        at(n + 2, Box(*corner, 60, 75)) for n, corner in enumerate(((380, 500), (620, 500), (500, 340), (500, 660)))
    ]
    verdict = copy(photo(TWO.faces[0], *around), crop=True)
    assert verdict.crop is None
    assert covered(verdict) == ["f2", "f3", "f4", "f5"]


@pytest.mark.parametrize("more", [{"faces": True}, {"pattern": Pattern.NET}])
def test_a_part_in_which_somebody_else_is_seen_is_not_alone(more: dict[str, object]) -> None:
    box = Box(300, 300, 800, 600)
    part = findings_of(TWO, box)
    if "faces" in more:
        more = {"faces": (*part.faces, at(9, moved(Box(700, 500, 30, 40), box)))}
    part = replace(part, **more)  # type: ignore[arg-type]
    assert not part_is_alone(TWO, bound(POINTED, TWO), "child", POLICY, CLOSED, part, box)


@unhurried
@given(any_photo(), st.booleans())
def test_no_face_but_the_childs_is_ever_left(case: tuple[Findings, Answers], crop: bool) -> None:
    findings, answers = case
    try:
        verdict = parents_copy(findings, answers, "5-1", POLICY, CLOSED, crop=crop)
    except NoCopy:
        return
    for seen in findings.faces:
        answer = answers.faces.get(seen.id)
        if answer and (answer.person == "5-1" or answer.label is FaceLabel.NOT_A_PERSON):
            assert verdict.faces[seen.id].action is Action.KEEP
            continue
        assert verdict.faces[seen.id].action is Action.COVER
        whole = face_cover(seen, findings.width, findings.height, POLICY)
        if verdict.crop:
            assert verdict.crop.box.overlap(whole) == 0
        else:
            assert whole in verdict.covered


MISSED = Box(1400, 500, 60, 75)


def beside(elsewhere: Answers, answers: Answers = POINTED, findings: Findings = ALONE) -> Answers:
    return replace(bound(answers, findings), elsewhere=holds_elsewhere(elsewhere))


def covers_beside(elsewhere: Answers, findings: Findings = ALONE) -> set[Box]:
    copy = parents_copy(findings, beside(elsewhere, findings=findings), "child", WHOLE, CLOSED, crop=False)
    return set(copy.covered)


@pytest.mark.parametrize(
    "said_of_child",
    [
        Answers(drawn=(DrawnFace(CHILD),)),
        Answers(drawn=(DrawnFace(CHILD, "child"),)),
        Answers(drawn=(DrawnFace(Box(460, 450, 140, 170), "child"),)),
        Answers(faces={"f1": FaceAnswer(FaceLabel.COVER, box=CHILD)}),
        Answers(faces={"f7": FaceAnswer(FaceLabel.PERSON, "other", CHILD)}),
    ],
)
def test_what_was_said_elsewhere_at_the_childs_own_face_does_not_count(said_of_child: Answers) -> None:
    assert covers_beside(said_of_child) == covers_beside(Answers())


@pytest.mark.parametrize("label", [FaceLabel.ADULT, FaceLabel.UNKNOWN])
def test_an_adult_or_unknown_face_elsewhere_is_no_place_of_others(label: FaceLabel) -> None:
    elsewhere = Answers(faces={"f2": FaceAnswer(label, box=Box(1400, 500, 60, 75))})
    assert covers_beside(elsewhere, TWO) == covers_beside(Answers(), TWO)


@pytest.mark.parametrize("label", [FaceLabel.COVER, FaceLabel.OTHER_CHILD, FaceLabel.PERSON])
def test_another_who_was_pointed_out_elsewhere_is_covered_there(label: FaceLabel) -> None:
    person = "other" if label is FaceLabel.PERSON else None
    elsewhere = Answers(faces={"f2": FaceAnswer(label, person, MISSED)})
    assert any(cover.overlap(MISSED) == MISSED.area for cover in covers_beside(elsewhere))


def test_who_was_drawn_elsewhere_is_covered_as_whole_as_there() -> None:
    covers = covers_beside(Answers(drawn=(DrawnFace(MISSED, "other"),)))
    there = replace(bound(POINTED, ALONE), drawn=(DrawnFace(MISSED, "other"),))
    assert covers == set(parents_copy(ALONE, there, "child", WHOLE, CLOSED, crop=False).covered)


def test_who_was_drawn_elsewhere_accounts_for_nobody_in_whom_no_face_was_found() -> None:
    findings = replace(ALONE, figures=(figure(1400),))
    drawn = DrawnFace(Box(1430, 700, 60, 75))
    assert copy(findings, replace(POINTED, drawn=(drawn,)))
    with pytest.raises(NoCopy) as refusal:
        copy(findings, beside(Answers(drawn=(drawn,)), findings=findings))
    assert refusal.value.message == MAY_HIDE_OTHERS


def test_harm_that_was_told_elsewhere_counts_whatever_was_said_here() -> None:
    for here in (None, False, True):
        with pytest.raises(NoCopy) as refusal:
            copy(ALONE, beside(Answers(harmful=True), replace(POINTED, harmful=here)))
        assert refusal.value.message == HARMFUL
