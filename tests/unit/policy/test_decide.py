"""What a verdict holds, what is covered, and several channels at once. What is decided stands in `test_scenes.py`."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fotopoort.errors import UnknownChannel
from fotopoort.policy.decide import decide, decide_all, unverified
from fotopoort.policy.policy import Covering, Policy
from fotopoort.policy.rules import FIRST_SEE_WHO_IS_IN_IT, RULES
from fotopoort.vocabulary import (
    Answers,
    Box,
    DrawnFace,
    FaceAnswer,
    FaceLabel,
    Figure,
    Findings,
    NamePlace,
    Outcome,
    Reason,
)

from .scenes import (
    AWAY,
    CLOSED,
    COVERED_MEANWHILE,
    FACEBOOK,
    NO,
    NOT_ASKED,
    OBJECTED,
    POLICY,
    WEBSITE,
    board,
    bound,
    called,
    consenting,
    drawn,
    face,
    faces,
    figure,
    name,
    photo,
    pupil,
    said,
    school,
    tapped,
)

PUBLISH, BLUR, REJECT = Outcome.PUBLISH, Outcome.BLUR, Outcome.REJECT

CLASS = consenting(24)
REFUSER = pupil("refuser", NO, closed=OBJECTED)
ALL_AGREE = school(*CLASS)
ONE_REFUSES = school(*CLASS, REFUSER)
CLOSE = 320  # pixels high in a photo of 1200: a close-up


def test_a_verdict_says_what_it_rests_on() -> None:
    verdict = decide(photo(face()), said(), ALL_AGREE, POLICY, CLOSED)
    assert (verdict.channel, verdict.basis, verdict.policy, verdict.registry) == (CLOSED, "objection", POLICY.id, "r1")
    assert decide(photo(face()), said(), None, POLICY, WEBSITE).registry is None


def test_an_unknown_channel_is_wrong_use() -> None:
    with pytest.raises(UnknownChannel) as error:
        decide(photo(), said(), None, POLICY, "tiktok")
    assert "social_schools, website, facebook" in error.value.hint.en


# --- what is covered -------------------------------------------------------------------------------------


def test_covers_reach_beyond_the_face_and_stay_in_the_photo() -> None:
    seen = replace(face(**AWAY), box=Box(-10, 5, 100, 100))
    verdict = decide(photo(seen), said(faces=called(FaceLabel.COVER, "f1")), ALL_AGREE, POLICY, WEBSITE)
    assert verdict.covered == (Box(0, 0, 105, 120),)


def test_drawn_boxes_and_names_are_covered_as_they_are() -> None:
    answers = said(drawn=drawn())
    verdict = decide(photo(names=board(1)), answers, ALL_AGREE, POLICY, WEBSITE)
    assert verdict.covered == (Box(100, 40, 90, 30), answers.drawn[0].box)


def test_a_wish_to_cover_holds_for_the_face_and_for_the_place_it_was_said_of() -> None:
    elsewhere = Box(900, 900, 48, 60)
    answers = said(faces={"f1": FaceAnswer(FaceLabel.COVER, box=elsewhere)})
    verdict = decide(photo(face(**AWAY)), answers, ALL_AGREE, POLICY, WEBSITE)
    assert verdict.faces["f1"].action == "cover"
    assert elsewhere in verdict.covered
    assert len(verdict.covered) == 2


def test_a_face_that_no_rule_keeps_is_covered() -> None:
    rules = [row for row in RULES if row.id not in ("R22", "R33")]
    verdict = decide(photo(face(**AWAY)), said(), ALL_AGREE, POLICY, WEBSITE, rules=rules)
    assert verdict.outcome is BLUR
    assert verdict.faces["f1"].action == "cover"


# --- reasons ---------------------------------------------------------------------------------------------


def test_reasons_name_the_faces_they_are_about() -> None:
    answers = said(faces=tapped(f2="refuser") | called(FaceLabel.COVER, "f3"))
    seen = photo(*faces(4, 150))
    verdict = decide(seen, bound(answers, seen), ONE_REFUSES, POLICY, WEBSITE)
    assert {reason.rule: reason.faces for reason in verdict.reasons} == {
        "R20": ("f2",),
        "R21": ("f3",),
        "R33": ("f1", "f4"),
    }


@pytest.mark.parametrize("answers", [said(), said(present={"x"}), said(absent={"x"})], ids=["", "present", "absent"])
@pytest.mark.parametrize("channel", [WEBSITE, CLOSED])
def test_nobody_can_read_that_somebody_is_never_locatable(answers: Answers, channel: str) -> None:
    """As long as they are not pointed out, the verdict is that of an ordinary refusal."""
    people = (school(*CLASS, pupil("x", never_locatable=True)), school(*CLASS, pupil("x", NO, closed=OBJECTED)))
    hidden, ordinary = (decide(photo(face(**AWAY)), answers, known, POLICY, channel) for known in people)
    assert hidden == ordinary


@pytest.mark.parametrize(
    "answers",
    [said(faces=tapped(f1="x")), said(drawn=drawn("x")), said(faces=tapped(f9="x"))],
    ids=["tapped", "drawn", "tapped elsewhere"],
)
@pytest.mark.parametrize("channel", [WEBSITE, CLOSED])
def test_somebody_never_locatable_who_is_pointed_out_holds_the_photo_back_for_good(
    answers: Answers, channel: str
) -> None:
    """In the words of an ordinary R23, and nothing is asked that would not lift it."""
    seen = photo(face(**AWAY))
    hidden = decide(seen, bound(answers, seen), school(*CLASS, pupil("x", never_locatable=True)), POLICY, channel)
    assert (hidden.outcome, hidden.questions, hidden.not_yet) == (REJECT, (), False)
    assert hidden.reasons[0] == Reason("R23", (), *FIRST_SEE_WHO_IS_IN_IT)
    assert "R03" not in [reason.rule for reason in hidden.reasons]


def test_reasons_hold_no_names() -> None:
    verdict = decide(photo(face(**AWAY)), said(present={"refuser"}), ONE_REFUSES, POLICY, WEBSITE)
    assert "refuser" not in "".join(reason.nl + reason.en for reason in verdict.reasons)
    assert "Name of refuser" not in repr(verdict)


# --- after covering, and together ------------------------------------------------------------------------


@pytest.mark.parametrize("answers", [said(), said(faces=called(FaceLabel.COVER, "f1"))], ids=["published", "covered"])
def test_what_could_not_be_covered_is_rejected(answers: Answers) -> None:
    verdict = unverified(decide(photo(face(**AWAY)), answers, ALL_AGREE, POLICY, WEBSITE))
    assert verdict.outcome is REJECT
    assert verdict.reasons[0].rule == "R41"
    assert "R50" not in [reason.rule for reason in verdict.reasons]


def test_each_channel_gets_its_own_verdict() -> None:
    verdicts = decide_all(photo(face(1, CLOSE)), said(), ALL_AGREE, POLICY, [WEBSITE, CLOSED])
    assert list(verdicts) == [WEBSITE, CLOSED]
    assert [verdict.outcome for verdict in verdicts.values()] == [REJECT, PUBLISH]


def test_together_the_strictest_counts_for_all_and_says_so() -> None:
    seen = photo(face(1, CLOSE), face(9, **AWAY))
    people = school(*CLASS, REFUSER)
    answers = bound(said(faces=tapped(f1="5-1"), absent={"refuser"}), seen)
    verdicts = decide_all(seen, answers, people, POLICY, [CLOSED, WEBSITE, FACEBOOK], together=True)
    assert {verdict.outcome for verdict in verdicts.values()} == {REJECT}
    reason = verdicts[CLOSED].reasons[0]
    assert reason.rule == "R60"
    assert "de website en Facebook." in reason.nl
    assert "the website and Facebook." in reason.en
    assert all("R60" not in [reason.rule for reason in verdicts[channel].reasons] for channel in (WEBSITE, FACEBOOK))


def test_together_covers_add_up() -> None:
    """One refused the website and one objected on the closed channel: in one rendition both are covered."""
    people = school(*CLASS, pupil("site", NO), pupil("app", closed=OBJECTED))
    seen = photo(*faces(4, **AWAY), names_checked=False)
    answers = bound(said(faces=tapped(f1="site", f2="app")), seen)
    alone = decide_all(seen, answers, people, POLICY, [CLOSED, WEBSITE])
    joint = decide_all(seen, answers, people, POLICY, [CLOSED, WEBSITE], together=True)
    assert set(joint[CLOSED].covered) == set(alone[CLOSED].covered) | set(alone[WEBSITE].covered)
    assert joint[CLOSED].covered == joint[WEBSITE].covered
    for verdict in joint.values():
        assert verdict.outcome is BLUR
        assert [face.action for face in verdict.faces.values()] == ["cover", "cover", "keep", "keep"]
        assert verdict.neutral_name
        assert verdict.reasons[0].rule == "R60"


def test_together_a_publish_that_must_be_covered_elsewhere_is_no_longer_a_publish() -> None:
    joint = decide_all(photo(names=board(1)), said(), ALL_AGREE, POLICY, [CLOSED, WEBSITE], together=True)
    assert joint[CLOSED].outcome is BLUR
    assert [reason.rule for reason in joint[CLOSED].reasons] == ["R60"]


def test_together_a_neutral_file_name_is_everybodys_too() -> None:
    joint = decide_all(photo(names_checked=False), said(), ALL_AGREE, POLICY, [CLOSED, WEBSITE], together=True)
    assert joint[CLOSED].neutral_name
    assert [reason.rule for reason in joint[CLOSED].reasons] == ["R60", "R50"]


def test_together_all_questions_are_everybodys() -> None:
    people = school(*CLASS, pupil("new", NOT_ASKED))
    joint = decide_all(photo(face(**AWAY)), said(), people, COVERED_MEANWHILE, [CLOSED, WEBSITE], together=True)
    assert [question.id for question in joint[CLOSED].questions] == ["q-is-present-new"]


def test_together_who_may_not_be_shown_on_any_of_the_channels_is_one_question() -> None:
    people = school(*CLASS, pupil("site", NO), pupil("app", closed=OBJECTED))
    seen = photo(face(**AWAY))
    joint = decide_all(seen, said(), people, POLICY, [CLOSED, WEBSITE], together=True)
    assert [question.persons for question in joint[CLOSED].questions] == [("app", "site")]
    assert joint[CLOSED].questions == joint[WEBSITE].questions
    assert joint[CLOSED].not_yet
    assert joint[WEBSITE].not_yet


def test_together_nothing_is_asked_where_one_channel_holds_it_back_for_good() -> None:
    people = school(*CLASS, pupil("app", closed=OBJECTED))
    seen = photo(face(**AWAY), names=(name(NamePlace.CAPTION),))
    apart, joint = (decide_all(seen, said(), people, POLICY, [CLOSED, WEBSITE], together=t) for t in (False, True))
    assert (apart[CLOSED].not_yet, apart[WEBSITE].not_yet) == (True, False)
    assert apart[CLOSED].questions
    assert not any(verdict.not_yet or verdict.questions for verdict in joint.values())


def test_together_without_difference_changes_nothing() -> None:
    seen = photo(face(**AWAY))
    apart, joint = (decide_all(seen, said(), ALL_AGREE, POLICY, [WEBSITE, FACEBOOK], together=t) for t in (False, True))
    assert apart == joint


WHOLE = replace(POLICY, settings=replace(POLICY.settings, cover=Covering.FIGURE))
REFUSED = school(*consenting(5), pupil("refuser", NO))


def covers(seen: Findings, answers: Answers, policy: Policy = WHOLE) -> tuple[Box, ...]:
    return decide(seen, bound(answers, seen), REFUSED, policy, WEBSITE).covered


def test_of_whom_is_pointed_out_and_may_not_be_shown_the_whole_figure_is_covered_where_that_is_set() -> None:
    """And the face as always; others keep their bodies."""
    seen = photo(*faces(3), figures=(Figure(Box(20, 50, 90, 300), 0.9, "f1"), Figure(Box(180, 50, 90, 300), 0.9, "f2")))
    refuser = said(faces=tapped(f1="refuser"))
    (face_alone,) = covers(seen, refuser, POLICY)
    assert set(covers(seen, refuser)) == {face_alone, Box(11, 20, 108, 360)}
    assert covers(seen, said(faces=tapped(f1="5-1"), absent={"refuser"})) == ()
    wish = said(faces=called(FaceLabel.COVER, "f1"), absent={"refuser"})
    assert covers(seen, wish) == covers(seen, wish, POLICY)


def test_where_no_figure_was_found_with_the_face_it_is_as_large_as_most_people_are() -> None:
    seen = photo(*faces(2), figures=(Figure(Box(180, 50, 90, 300), 0.9, "f2"),))
    refuser = said(faces=tapped(f1="refuser"))
    (face_alone,) = covers(seen, refuser, POLICY)
    (figure,) = set(covers(seen, refuser)) - {face_alone}
    assert figure.overlap(face_alone) == face_alone.area
    assert figure.bottom == pytest.approx(60 + 9.5 * 60)


def test_who_was_drawn_and_may_not_be_shown_is_covered_as_a_whole_too() -> None:
    unseen, others = figure(), (Figure(Box(180, 50, 90, 300), 0.9, "f2"),)
    shown, refuser, nobody = (said(drawn=drawn(person)) for person in ("5-1", "refuser", None))
    seen = photo(figures=(*others, unseen))
    (face_alone,) = covers(seen, shown)
    assert covers(seen, refuser, POLICY) == (face_alone,)
    assert len(covers(seen, refuser)) == 2
    assert any(box.overlap(unseen.box) == unseen.box.area for box in covers(seen, refuser))
    assert len(covers(photo(), refuser)) == 2
    assert covers(seen, nobody) == tuple(shape.box for shape in drawn())


def test_who_was_drawn_is_never_taken_for_a_neighbour_whose_own_face_was_found() -> None:
    """A figure is not exact, so that the neighbour's reaches over the face that was drawn."""
    neighbour = replace(face(), box=Box(640, 700, 50, 60))
    beside, unseen = Figure(Box(610, 690, 150, 360), 0.95, "f1"), figure()
    refuser = said(drawn=drawn("refuser", x=705))
    alone = photo(neighbour, figures=(beside,))
    assert any(box.overlap(Box(705, 700, 50, 500)) == 50 * 500 for box in covers(alone, refuser))
    both = covers(photo(neighbour, figures=(beside, unseen)), refuser)
    assert any(box.overlap(unseen.box) == unseen.box.area for box in both)
    assert not any(box.overlap(beside.box) == beside.box.area for box in both)
    over = said(drawn=(DrawnFace(neighbour.box, "refuser"),))
    seen = photo(neighbour, figures=(unseen, beside))
    assert any(box.overlap(beside.box) == beside.box.area for box in covers(seen, over))


def test_it_is_told_whose_face_disappears_behind_the_cover_of_somebody_else() -> None:
    seen = photo(*faces(3), figures=(Figure(Box(20, 50, 200, 300), 0.9, "f1"),))
    refuser = bound(said(faces=tapped(f1="refuser")), seen)
    alone, whole = (decide(seen, refuser, REFUSED, policy, WEBSITE) for policy in (POLICY, WHOLE))
    told = {reason.rule: reason.faces for reason in whole.reasons}
    assert (whole.outcome, told["R43"]) == (Outcome.BLUR, ("f2",))
    assert "R43" not in {reason.rule for reason in alone.reasons}
    far = replace(seen, figures=(Figure(Box(20, 50, 90, 300), 0.9, "f1"),))
    assert "R43" not in {reason.rule for reason in decide(far, refuser, REFUSED, WHOLE, WEBSITE).reasons}
    most = replace(seen, figures=(Figure(Box(0, 0, 1000, 900), 0.9, "f1"),))
    assert "R43" not in {reason.rule for reason in decide(most, refuser, REFUSED, WHOLE, WEBSITE).reasons}


def test_a_figure_cover_counts_in_how_much_of_the_photo_is_left() -> None:
    seen = photo(*faces(2), figures=(Figure(Box(0, 0, 1000, 900), 0.9, "f1"),))
    refuser = bound(said(faces=tapped(f1="refuser")), seen)
    outcomes = [decide(seen, refuser, REFUSED, policy, WEBSITE).outcome for policy in (POLICY, WHOLE)]
    assert outcomes == [Outcome.BLUR, Outcome.REJECT]
