"""Questions: the fewest that settle it, and always the same for the same subject."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, permutations

import pytest

from fotopoort.policy.decide import decide, decide_all
from fotopoort.policy.policy import Policy
from fotopoort.vocabulary import (
    Action,
    Answers,
    Box,
    DrawnFace,
    FaceAnswer,
    FaceLabel,
    NamePlace,
    Outcome,
    Pattern,
    People,
    Question,
    QuestionKind,
    Role,
    Verdict,
)

from .scenes import (
    AWAY,
    CLOSED,
    COVERED_MEANWHILE,
    FACEBOOK,
    NO,
    POLICY,
    WEBSITE,
    board,
    bound,
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
)

Truth = dict[str, str]  # who each face really is


def decided(count: int, people: People, answers: Answers, policy: Policy = COVERED_MEANWHILE) -> Verdict:
    seen = photo(*faces(count, **AWAY))
    return decide(seen, bound(answers, seen), people, policy, WEBSITE)


def decided_first(count: int, people: People, answers: Answers) -> Verdict:
    """Where it must first be said who is in it."""
    return decided(count, people, answers, POLICY)


def answered(asked: tuple[Question, ...], truth: Truth) -> Answers:
    """What a teacher who knows the truth answers, and nothing more."""
    where = {person: face for face, person in truth.items()}
    taps = {question.face: truth[question.face] for question in asked if question.face}
    taps |= {where[question.person]: question.person for question in asked if question.person in where}
    absent = {question.person for question in asked if question.person and question.person not in where}
    return said(faces={face: FaceAnswer(FaceLabel.PERSON, person) for face, person in taps.items()}, absent=absent)


def settles(asked: tuple[Question, ...], count: int, people: People, truths: list[Truth], refused: set[str]) -> bool:
    """Whether after the answers, whatever the truth, just those faces are covered that must be."""
    for truth in truths:
        verdict = decided(count, people, answered(asked, truth))
        must = {face for face, person in truth.items() if person in refused}
        if {face for face, judged in verdict.faces.items() if judged.action is Action.COVER} != must:
            return False
    return True


@pytest.mark.parametrize(("refusing", "count"), [(0, 2), (1, 1), (1, 3), (2, 1), (2, 2), (2, 3), (3, 1), (3, 2)])
def test_no_smaller_set_of_questions_would_do(refusing: int, count: int) -> None:
    """Held against every set of questions and every truth of a small class."""
    agreed = consenting(count)
    refused = [pupil(f"no-{n}", NO) for n in range(refusing)]
    people = school(*agreed, *refused)
    ids = [f"f{n + 1}" for n in range(count)]
    truths = [dict(zip(ids, who, strict=True)) for who in permutations(people.persons, count)]
    asked = decided(count, people, said()).questions
    refused_ids = {person.id for person in refused}
    assert settles(asked, count, people, truths, refused_ids)
    possible = [
        *(Question("", QuestionKind.IS_PRESENT, "", "", person=person) for person in people.persons),
        *(Question("", QuestionKind.WHO_IS_THIS, "", "", face=face) for face in ids),
    ]
    fewer = [some for size in range(len(asked)) for some in combinations(possible, size)]
    assert not any(settles(some, count, people, truths, refused_ids) for some in fewer)


def test_somebody_who_is_there_is_pointed_out_rather_than_asked_about() -> None:
    people = school(*consenting(5), pupil("a", NO), pupil("b", NO))
    verdict = decided(3, people, said(present={"a"}))
    assert [question.id for question in verdict.questions] == ["q-point-out-a", "q-is-present-b"]
    first = decided_first(3, people, said(present={"a"}))
    assert [(question.person, question.persons) for question in first.questions] == [("a", ()), (None, ("b",))]
    assert first.not_yet


def test_questions_name_people_in_both_languages() -> None:
    question = decided(3, school(*consenting(5), pupil("a", NO)), said()).questions[0]
    assert question.nl == "Staat Name of a op deze foto? Zo ja, wijs aan wie het is."
    assert question.en == "Is Name of a in this photo? If so, point out which face it is."
    assert "Name of a" not in repr(question)


def test_ids_do_not_depend_on_what_else_is_asked() -> None:
    alone = decided(3, school(*consenting(5), pupil("b", NO)), said()).questions
    both = decided(3, school(pupil("a", NO), *consenting(5), pupil("b", NO)), said()).questions
    assert [question.id for question in alone] == ["q-is-present-b"]
    assert [question.id for question in both] == ["q-is-present-a", "q-is-present-b"]


def test_only_an_uncertain_name_is_asked_about() -> None:
    places = (NamePlace.CAPTION, NamePlace.FILE_NAME, NamePlace.METADATA)
    names = [name(place, number, certain=False) for number, place in enumerate(places)]
    seen = photo(names=(*names, name(NamePlace.METADATA, 9), *board(1)))
    questions = decide(seen, said(), None, POLICY, WEBSITE).questions
    assert [(question.id, question.name) for question in questions] == [("q-is-name-n0", "n0"), ("q-is-name-n1", "n1")]
    assert "“Roos”" in questions[0].nl


def test_nothing_is_asked_about_a_photo_that_no_answer_would_let_through() -> None:
    names = (name(NamePlace.CAPTION, 1, certain=False), name(NamePlace.CAPTION, 2))
    people = school(*consenting(5), pupil("a", NO))
    for seen in (photo(*faces(2), names=names), photo(*faces(2), blocked=True)):
        verdict = decide(seen, said(), people, POLICY, WEBSITE)
        assert (verdict.outcome, verdict.questions, verdict.not_yet) == (Outcome.REJECT, (), False)


def test_all_who_may_not_be_shown_are_asked_about_at_once() -> None:
    people = school(*consenting(5), pupil("b", NO), pupil("a", NO, role=Role.STAFF), pupil("h", never_locatable=True))
    (question,) = decided_first(3, people, said()).questions
    assert (question.kind, question.persons) == (QuestionKind.ANY_OF_THESE, ("a", "b", "h"))
    assert question.nl == (
        "Staat een van deze mensen op de foto: Name of a, Name of b en Name of h? Zo ja, wijs aan wie het is."
    )
    assert question.en == (
        "Is any of these people in the photo: Name of a, Name of b and Name of h? If so, point out which face it is."
    )
    assert "Name of" not in repr(question)


def test_one_who_may_not_be_shown_is_asked_about_by_name() -> None:
    (question,) = decided_first(3, school(*consenting(5), pupil("a", NO)), said()).questions
    assert question.nl == "Staat Name of a op deze foto? Zo ja, wijs aan wie het is."
    assert question.persons == ("a",)


def test_the_question_about_others_is_another_question() -> None:
    few = school(*consenting(5), pupil("a", NO))
    more = school(*consenting(5), pupil("a", NO), pupil("b", NO))
    asked = [decided_first(3, people, said()).questions[0] for people in (few, more, few)]
    assert asked[0].id == asked[2].id != asked[1].id


@pytest.mark.parametrize(
    ("count", "ends"),
    [(12, "k en Name of l"), (13, "l en nog 1 ander"), (20, "l en nog 8 anderen")],
)
def test_no_more_than_twelve_are_named(count: int, ends: str) -> None:
    people = school(*consenting(5), *(pupil(chr(ord("a") + number), NO) for number in range(count)))
    (question,) = decided_first(3, people, said()).questions
    assert f"{ends}?" in question.nl
    assert len(question.persons) == count


def test_people_who_are_not_in_the_register_any_more_are_named_once_and_last() -> None:
    former = [replace(pupil(f"former-{n}", NO), name="", nameless=True, count=n + 1) for n in range(2)]
    people = school(*consenting(5), pupil("z", NO), *former)
    (question,) = decided_first(3, people, said()).questions
    assert question.persons == ("z", "former-0", "former-1")
    assert ": Name of z en iemand die niet meer in het register staat?" in question.nl
    assert ": Name of z and somebody who is no longer in the registry?" in question.en
    (question,) = decided_first(3, school(*consenting(5), *former), said()).questions
    assert question.nl.startswith("Staat iemand die niet meer in het register staat op deze foto?")
    verdict = decided_first(0, people, said(present={"former-1"}))
    assert verdict.questions[0].nl.startswith("Op deze foto staat iemand die niet meer in het register staat.")


def test_a_name_whose_text_is_not_kept_is_asked_about_without_it() -> None:
    hit = name(NamePlace.CAPTION, certain=False)
    seen = photo(names=(type(hit)(hit.id, hit.place, certain=False),))
    assert "wat hier staat" in decide(seen, said(), None, POLICY, WEBSITE).questions[0].nl


def test_a_list_is_asked_about_on_the_closed_channel_only() -> None:
    seen = photo(names=board(5))
    assert [q.kind for q in decide(seen, said(), None, POLICY, CLOSED).questions] == [QuestionKind.IS_PRIVATE_LIST]
    assert decide(seen, said(), None, POLICY, WEBSITE).questions == ()


def test_whether_somebody_is_there_is_asked_once_for_all_channels_with_where() -> None:
    seen = photo(figures=(figure(100), figure()))
    verdicts = decide_all(seen, said(), None, POLICY, [CLOSED, WEBSITE, FACEBOOK])
    assert verdicts[CLOSED].questions == ()
    (question,) = {question for channel in (WEBSITE, FACEBOOK) for question in verdicts[channel].questions}
    assert question.kind is QuestionKind.UNSEEN_PERSON
    assert question.boxes == tuple(figure.box for figure in seen.figures)
    assert question.nl == (
        "Staat er iemand op deze foto van wie het gezicht niet is gevonden? Kijk vooral links en in het midden."
        " Zo ja, teken een vak om elk gezicht. Wie je van achteren ziet, telt niet."
    )
    (one,) = decide(photo(figures=(figure(1500),)), said(), None, POLICY, WEBSITE).questions
    assert one.en == (
        "Is there anybody in this photo whose face was not found? Look on the right above all."
        " If so, draw a box around each face. Whoever is seen from behind does not count."
    )


def test_where_to_look_is_not_told_where_that_is_everywhere() -> None:
    seen = photo(figures=(figure(100), figure(), figure(1400)))
    (question,) = decide(seen, said(), None, POLICY, WEBSITE).questions
    assert "Kijk" not in question.nl
    assert "Look" not in question.en
    assert len(question.boxes) == 3


@pytest.mark.parametrize("together", [False, True])
@pytest.mark.parametrize("order", [(WEBSITE, FACEBOOK), (FACEBOOK, WEBSITE)])
def test_the_answer_that_holds_for_all_channels_is_asked_about_everybody(
    order: tuple[str, str], together: bool
) -> None:
    """Where one channel publishes smaller, fewer would be recognisable there: the question is about all the same."""
    small = tuple(replace(each, max_side=800) if each.id == FACEBOOK else each for each in POLICY.channels)
    policy = replace(POLICY, channels=small)
    seen = photo(figures=(figure(100), figure(1200, width=90, height=250)))
    verdicts = decide_all(seen, said(), None, policy, order, together=together)
    (question,) = {question for verdict in verdicts.values() for question in verdict.questions}
    assert question.boxes == tuple(figure.box for figure in seen.figures)


def test_who_was_drawn_too_small_for_a_channel_is_still_asked_about_there() -> None:
    small = tuple(replace(each, max_side=800) if each.id == FACEBOOK else each for each in POLICY.channels)
    answers = said(drawn=(DrawnFace(Box(700, 700, 40, 40)),))
    (question,) = decide(
        photo(figures=(figure(width=200),)), answers, None, replace(POLICY, channels=small), FACEBOOK
    ).questions
    assert question.boxes == (figure(width=200).box,)


def test_whether_there_are_people_behind_a_pattern_is_asked_once_for_all_channels() -> None:
    seen = photo(pattern=Pattern.SCREEN)
    verdicts = decide_all(seen, said(), None, POLICY, [CLOSED, WEBSITE, FACEBOOK], together=True)
    asked = {question for verdict in verdicts.values() for question in verdict.questions}
    (question,) = asked
    assert question.kind is QuestionKind.UNSEEN_PEOPLE
    assert question.nl == "Staan er mensen op deze foto? Zo ja, teken een vak om elk gezicht."
    assert question.en == "Are there people in this photo? If so, draw a box around each face."


def test_where_some_were_found_or_drawn_it_is_asked_whether_there_are_more() -> None:
    found = decide(photo(face(), pattern=Pattern.NET), said(), None, POLICY, WEBSITE)
    shown = decide(photo(pattern=Pattern.NET), said(drawn=drawn()), None, POLICY, WEBSITE)
    for verdict in (found, shown):
        (question,) = (asked for asked in verdict.questions if asked.kind is QuestionKind.UNSEEN_PEOPLE)
        assert question.nl.startswith("Staan er nog meer mensen op deze foto?")
        assert question.en.startswith("Are there more people in this photo?")
