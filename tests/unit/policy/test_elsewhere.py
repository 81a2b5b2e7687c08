"""What was said of the same photo when it was sent at another time only covers: it clears, names and counts nobody."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from fotopoort.policy.case import open_case
from fotopoort.policy.crops.part import answers_about
from fotopoort.policy.decide import decide
from fotopoort.policy.policy import Covering
from fotopoort.policy.posts.answers import merge, own_word_wins
from fotopoort.policy.posts.elsewhere import holds_elsewhere
from fotopoort.policy.texts.wording import harm_question
from fotopoort.vocabulary import (
    NOTHING_ELSEWHERE,
    Action,
    Answers,
    Box,
    DrawnFace,
    FaceAnswer,
    FaceLabel,
    Findings,
    Outcome,
    People,
    SaidElsewhere,
    SaidPlace,
    Verdict,
)

from .scenes import (
    CLOSED,
    COVERED_MEANWHILE,
    NO,
    POLICY,
    WEBSITE,
    bound,
    called,
    consenting,
    drawn,
    face,
    figure,
    photo,
    pupil,
    said,
    school,
    tapped,
    unhurried,
)
from .test_properties import channels, no_looser, people_or_none, photos, sayings

SEEN = photo(face(1), face(2), face(3))
OUTSIDERS = (
    pupil("no", NO, closed=NO, group="groep 6"),
    pupil("hidden", NO, group="groep 6", never_locatable=True),
)
SCHOOL = school(*consenting(5), *OUTSIDERS)


def told(elsewhere: Answers, seen: Findings = SEEN) -> SaidElsewhere:
    """What the registry tells of what was said elsewhere: it knows everybody at the school."""
    found = holds_elsewhere(bound(elsewhere, seen))
    return replace(found, places=tuple(replace(place, hides=place.person == "hidden") for place in found.places))


def judged(elsewhere: Answers, here: Answers | None = None, seen: Findings = SEEN, channel: str = WEBSITE) -> Verdict:
    """What is decided about a photo of group 5, in which everybody may be shown, by what was said elsewhere."""
    answers = replace(here or said(), elsewhere=told(elsewhere, seen))
    return decide(seen, bound(answers, seen), SCHOOL, POLICY, channel)


def covered(verdict: Verdict) -> set[str]:
    return {id for id, face in verdict.faces.items() if face.action is Action.COVER}


def rules(verdict: Verdict) -> set[str]:
    return {reason.rule for reason in verdict.reasons}


def test_without_it_everybody_is_shown() -> None:
    assert judged(Answers()).outcome is Outcome.PUBLISH


@pytest.mark.parametrize("label", [FaceLabel.COVER, FaceLabel.OTHER_CHILD])
@pytest.mark.parametrize("channel", [WEBSITE, CLOSED])
def test_a_face_that_was_to_be_covered_is(label: FaceLabel, channel: str) -> None:
    verdict = judged(Answers(faces=called(label, "f2")), channel=channel)
    assert (verdict.outcome, covered(verdict)) == (Outcome.BLUR, {"f2"})
    assert "R26" in rules(verdict)
    assert not {"R20", "R21"} & rules(verdict)  # nobody asked for it here


@pytest.mark.parametrize("label", [FaceLabel.ADULT, FaceLabel.NO_PUPIL, FaceLabel.NOT_A_PERSON, FaceLabel.UNKNOWN])
def test_what_clears_a_face_or_leaves_it_open_is_not_carried(label: FaceLabel) -> None:
    assert holds_elsewhere(bound(Answers(faces=called(label, "f2")), SEEN)) == NOTHING_ELSEWHERE


def test_a_face_that_was_not_found_is_covered_where_it_was_drawn() -> None:
    (shape,) = drawn()
    verdict = judged(Answers(drawn=(shape,)))
    assert (verdict.outcome, covered(verdict)) == (Outcome.BLUR, set())
    assert shape.box in verdict.covered
    whole = judged(Answers(drawn=(DrawnFace(Box(30, 50, 80, 90)),)))
    assert covered(whole) == {"f1"}  # roomy, around a face that is found


def test_who_may_not_be_shown_is_covered_where_they_were_pointed_out() -> None:
    assert covered(judged(Answers(faces=tapped(f2="no")))) == {"f2"}
    assert judged(Answers(faces=tapped(f2="5-1"))).outcome is Outcome.PUBLISH
    assert covered(judged(Answers(faces=tapped(f2="nobody on the list")))) == {"f2"}


def test_who_must_never_be_found_keeps_the_photo_from_going_out() -> None:
    for elsewhere in (Answers(faces=tapped(f2="hidden")), Answers(drawn=drawn("hidden"))):
        assert judged(elsewhere).outcome is Outcome.REJECT


@pytest.mark.parametrize(
    "here",
    [tapped(f2="5-1"), called(FaceLabel.ADULT, "f2"), called(FaceLabel.NOT_A_PERSON, "f2")],
    ids=["whose it is", "an adult", "nobody"],
)
@pytest.mark.parametrize("elsewhere", [called(FaceLabel.COVER, "f2"), tapped(f2="no"), tapped(f2="hidden")])
def test_what_is_said_here_of_that_very_face_holds(
    here: dict[str, FaceAnswer], elsewhere: dict[str, FaceAnswer]
) -> None:
    assert judged(Answers(faces=elsewhere), said(faces=here)).outcome is Outcome.PUBLISH


def test_weet_ik_niet_and_what_is_said_of_another_face_does_not_lift_it() -> None:
    elsewhere = Answers(faces=called(FaceLabel.COVER, "f2"))
    for here in (called(FaceLabel.UNKNOWN, "f2"), tapped(f1="5-1")):
        assert covered(judged(elsewhere, said(faces=here))) >= {"f2"}


@pytest.mark.parametrize("here", [tapped(f2="5-1"), called(FaceLabel.ADULT, "f2")])
def test_what_was_said_elsewhere_later_is_not_lifted_by_it(here: dict[str, FaceAnswer]) -> None:
    said_later = SaidElsewhere((SaidPlace(face(2).box, later=True),))
    verdict = decide(SEEN, bound(said(faces=here, elsewhere=said_later), SEEN), SCHOOL, POLICY, WEBSITE)
    assert covered(verdict) == {"f2"}
    assert "R26" in rules(verdict)
    assert not {"R20", "R22"} & rules(verdict)  # whoever was pointed out here may be shown


STRICT_HERE = {
    "a wish to cover": said(faces=called(FaceLabel.COVER, "f2")),
    "another child": said(faces=called(FaceLabel.OTHER_CHILD, "f2")),
    "drawn": said(drawn=(DrawnFace(face(2).box),)),
    "drawn as somebody": said(drawn=(DrawnFace(face(2).box, "5-1"),)),
}


@pytest.mark.parametrize("here", STRICT_HERE.values(), ids=STRICT_HERE.keys())
def test_what_covers_here_lifts_nothing(here: Answers) -> None:
    assert judged(Answers(faces=tapped(f2="hidden")), here).outcome is Outcome.REJECT
    assert "f2" in covered(judged(Answers(faces=called(FaceLabel.COVER, "f2")), here))


def test_nothing_is_covered_for_who_must_never_be_found() -> None:
    """It would tell which face that is, to whoever did not point them out."""
    for elsewhere in (Answers(faces=tapped(f2="hidden")), Answers(drawn=(DrawnFace(face(2).box, "hidden"),))):
        verdict = judged(elsewhere)
        assert (verdict.outcome, covered(verdict), verdict.covered) == (Outcome.REJECT, set(), ())
        assert rules(verdict) == {"R23"}


def test_who_must_never_be_found_is_not_known_to_everybody_who_reads() -> None:
    """A teacher's list has the own groups: the registry tells it of whoever it is."""
    answers = replace(said(), elsewhere=told(Answers(faces=tapped(f2="hidden"))))
    assert decide(SEEN, answers, school(*consenting(5)), POLICY, WEBSITE).outcome is Outcome.REJECT


def test_harm_that_was_told_counts_whatever_is_said_here_and_is_not_asked_about() -> None:
    for harmful in (None, False, True):
        here = said(harmful=harmful)
        verdict = judged(Answers(harmful=True), here)
        assert (verdict.outcome, "R04" in rules(verdict)) == (Outcome.REJECT, True)
        assert harm_question(replace(here, elsewhere=SaidElsewhere(harmful=True))) is None
    assert judged(Answers(harmful=False)).outcome is Outcome.PUBLISH


def test_it_accounts_for_nobody_in_whom_no_face_was_found() -> None:
    seen = replace(SEEN, figures=(figure(),))
    assert judged(Answers(), said(drawn=drawn()), seen).outcome is Outcome.BLUR
    assert judged(Answers(drawn=drawn()), seen=seen).outcome is Outcome.REJECT  # it is still asked who that is


def test_a_whole_figure_is_covered_where_that_is_set() -> None:
    policy = replace(POLICY, settings=replace(POLICY.settings, cover=Covering.FIGURE))
    answers = replace(said(), elsewhere=holds_elsewhere(bound(Answers(faces=tapped(f2="no")), SEEN)))
    here = bound(said(faces=tapped(f2="no")), SEEN)
    by_word, by_own_word = (decide(SEEN, answers, SCHOOL, policy, WEBSITE) for answers in (answers, here))
    assert by_word.covered
    assert max(box.h for box in by_word.covered) == max(box.h for box in by_own_word.covered)


def test_in_a_part_it_holds_where_it_lies_in_the_part() -> None:
    elsewhere = Answers(faces=called(FaceLabel.COVER, "f2") | tapped(f1="no"), drawn=drawn("no"), harmful=True)
    answers = replace(said(), elsewhere=holds_elsewhere(bound(elsewhere, SEEN)))
    case = open_case(SEEN, answers, SCHOOL, POLICY, POLICY.channel(WEBSITE))
    part, cover = Box(150, 40, 300, 400), face(2).box
    in_part = SaidPlace(Box(cover.x - 150, cover.y - 40, cover.w, cover.h))
    assert answers_about(case, part).elsewhere == SaidElsewhere((in_part,), harmful=True)


def test_it_stays_whatever_more_is_said() -> None:
    one, other = SaidElsewhere((SaidPlace(Box(1, 1, 9, 9)),)), SaidElsewhere((SaidPlace(Box(2, 1, 9, 9), "no"),), True)
    both = SaidElsewhere((*one.places, *other.places), harmful=True)
    first, second = Answers(elsewhere=one), Answers(elsewhere=other)
    assert merge(first, second).elsewhere == own_word_wins(first, second).elsewhere == both
    assert merge(first, Answers()).elsewhere == merge(first, first).elsewhere == one


@unhurried
@given(photos(), sayings(), sayings(), people_or_none, channels)
def test_it_never_loosens(
    seen: Findings, elsewhere: Answers, here: Answers, people: People | None, channel: str
) -> None:
    more = replace(here, elsewhere=holds_elsewhere(elsewhere))
    for policy in (POLICY, COVERED_MEANWHILE):
        before, after = (decide(seen, answers, people, policy, channel) for answers in (here, more))
        assert no_looser(before, after)


@unhurried
@given(photos(), sayings(), sayings(), sayings(), people_or_none, channels)
def test_what_only_covers_here_does_not_loosen_it(
    seen: Findings, elsewhere: Answers, here: Answers, more: Answers, people: People | None, channel: str
) -> None:
    here = replace(here, elsewhere=holds_elsewhere(elsewhere))
    covers = {id: it for id, it in more.faces.items() if it.label is FaceLabel.COVER and id not in here.faces}
    stricter = replace(here, faces={**here.faces, **covers}, harmful=more.harmful or here.harmful)
    before, after = (decide(seen, answers, people, POLICY, channel) for answers in (here, stricter))
    assert no_looser(before, after)
