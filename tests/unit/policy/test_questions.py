"""Questions: the fewest that settle it, and always the same for the same subject."""

from __future__ import annotations

from itertools import combinations, permutations

import pytest

from fotopoort.policy.decide import decide
from fotopoort.vocabulary import (
    Action,
    Answers,
    FaceAnswer,
    FaceLabel,
    NamePlace,
    People,
    Question,
    QuestionKind,
    Verdict,
)

from .scenes import AWAY, CLOSED, NO, POLICY, WEBSITE, board, consenting, faces, name, photo, pupil, said, school

Truth = dict[str, str]  # who each face really is


def decided(count: int, people: People, answers: Answers) -> Verdict:
    return decide(photo(*faces(count, **AWAY)), answers, people, POLICY, WEBSITE)


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
    seen = photo(names=(*names, name(NamePlace.CAPTION, 9), *board(1)))
    questions = decide(seen, said(), None, POLICY, WEBSITE).questions
    assert [(question.id, question.name) for question in questions] == [("q-is-name-n0", "n0"), ("q-is-name-n1", "n1")]
    assert "“Roos”" in questions[0].nl


def test_a_name_whose_text_is_not_kept_is_asked_about_without_it() -> None:
    hit = name(NamePlace.CAPTION, certain=False)
    seen = photo(names=(type(hit)(hit.id, hit.place, certain=False),))
    assert "wat hier staat" in decide(seen, said(), None, POLICY, WEBSITE).questions[0].nl


def test_a_list_is_asked_about_on_the_closed_channel_only() -> None:
    seen = photo(names=board(5))
    assert [q.kind for q in decide(seen, said(), None, POLICY, CLOSED).questions] == [QuestionKind.IS_PRIVATE_LIST]
    assert decide(seen, said(), None, POLICY, WEBSITE).questions == ()
