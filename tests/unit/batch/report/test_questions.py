"""What is asked about many photos is one question, and nothing that was asked is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.entries import IS_PRIVATE_LIST, Json, entry, face, failed, is_name, is_present, verdict, who_is_this

from fotopoort.batch.entry import Entry
from fotopoort.batch.report.questions import ANSWERS, GroupedQuestion, PhotoQuestion, grouped, questions_about
from fotopoort.registry.photos.answers import KEYS
from fotopoort.vocabulary import QuestionKind


def of(*entries: Entry) -> tuple[GroupedQuestion, ...]:
    return grouped(question for number, entry in enumerate(entries) for question in questions_about(number, entry))


def asking(name: str, *questions: Json, faces: tuple[Json, ...] = (), names: tuple[Json, ...] = ()) -> Entry:
    on = verdict("blur", f"website/{name}.jpg", questions=questions)
    return entry(f"{name}.jpg", faces=faces, names=names, website=on, social_schools=on)


def test_one_person_in_many_photos_is_one_question() -> None:
    noor, sam = is_present("p1"), is_present("p2", "Sam")
    questions = of(asking("1", noor), asking("2", sam, noor), entry("3.jpg"), asking("4", noor))
    assert [(question.about, list(question.photos), question.nl) for question in questions] == [
        ("p1", [0, 1, 3], "Staat Noor op deze foto?"),
        ("p2", [1], "Staat Sam op deze foto?"),
    ]


def test_a_question_that_two_channels_ask_is_one() -> None:
    assert [question.about for question in questions_about(0, asking("1", is_present("p1")))] == ["p1"]


def test_pointing_somebody_out_is_another_question_than_whether_they_are_there() -> None:
    point_out = is_present("p1") | {"id": "q-point-out-p1", "kind": "point_out"}
    assert [question.kind for question in of(asking("1", is_present("p1")), asking("2", point_out))] == [
        "is_present",
        "point_out",
    ]


def test_a_word_that_may_be_a_name_is_one_question_with_the_hits_of_each_photo() -> None:
    hits = ({"id": "n1", "text": "Roos"}, {"id": "n2", "text": "ROOS"}, {"id": "n3", "text": "Mei"})
    first = asking("1", is_name("n1", "Roos"), is_name("n2", "ROOS"), names=hits)
    other = asking("2", is_name("n1", "roos"), names=({"id": "n1", "text": "roos"},))
    third = asking("3", is_name("n3", "Mei"), names=hits)
    assert [(question.about, question.photos) for question in of(first, other, third)] == [
        ("roos", {0: ("n1", "n2"), 1: ("n1",)}),
        ("mei", {2: ("n3",)}),
    ]


def test_faces_that_nobody_knows_are_told_apart_by_how_they_are_seen() -> None:
    faces = (face(1, frontal=True, close_up=True), face(2, frontal=True), face(3), face(4, frontal=True))
    questions = of(asking("1", *map(who_is_this, ("f1", "f2", "f3", "f4")), faces=faces))
    assert {question.about: list(question.photos) for question in questions} == {
        "close_up": [0],
        "frontal": [0],
        "other": [0],
    }


def test_people_who_were_not_seen_are_asked_about_apart_by_where_to_look() -> None:
    left, right = (
        {"id": "q-unseen-person", "kind": "unseen_person", "nl": f"Kijk {where}.", "en": where, "boxes": [[0, 0, 9, 9]]}
        for where in ("links", "rechts")
    )
    questions = of(asking("1", left), asking("2", right), asking("3", left))
    assert {question.nl: list(question.photos) for question in questions} == {
        "Kijk links.": [0, 2],
        "Kijk rechts.": [1],
    }


def test_what_one_answer_settles_comes_first() -> None:
    faces = (face(1),)
    each = [asking(str(number), who_is_this("f1"), faces=faces) for number in range(3)]
    assert [question.kind for question in of(*each, asking("3", IS_PRIVATE_LIST))] == ["is_private_list", "who_is_this"]


@pytest.mark.parametrize("kind", QuestionKind)
def test_one_answer_for_all_is_offered_only_where_it_can_be(kind: QuestionKind) -> None:
    by_itself = {QuestionKind.WHO_IS_THIS, QuestionKind.POINT_OUT, QuestionKind.IS_PUPIL}
    by_itself |= {QuestionKind.OUTSIDERS, QuestionKind.IS_HARMFUL}  # of a post, or of whatever goes out
    assert (GroupedQuestion(kind, "", "", "", {}).answer is None) == (kind in by_itself)


def test_what_the_answers_are_called_is_what_the_answers_file_takes() -> None:
    assert set(ANSWERS.values()) <= set(KEYS)


def test_nothing_is_asked_about_a_photo_that_was_not_judged() -> None:
    assert list(questions_about(0, failed())) == []


questions = st.lists(
    st.builds(
        PhotoQuestion,
        st.integers(0, 8),
        st.sampled_from(QuestionKind),
        st.sampled_from(["p1", "p2", "roos", ""]),
        st.just("nl"),
        st.just("en"),
        st.none() | st.sampled_from(["n1", "n2"]),
    )
)


@given(questions)
def test_every_question_is_in_one_group_and_no_group_has_another(some: list[PhotoQuestion]) -> None:
    groups = grouped(some)
    assert len({(group.kind, group.about) for group in groups}) == len(groups)
    in_groups = {(group.kind, group.about, photo) for group in groups for photo in group.photos}
    assert in_groups == {(question.kind, question.about, question.photo) for question in some}


@given(questions)
def test_those_about_most_photos_come_first(some: list[PhotoQuestion]) -> None:
    groups = grouped(some)
    order = [(group.answer is None, -len(group.photos)) for group in groups]
    assert order == sorted(order)


def test_a_question_about_several_persons_is_put_once_for_the_same_persons() -> None:
    some = {
        "id": "q-any-of-these-1",
        "kind": "any_of_these",
        "persons": ["p1", "p2"],
        "nl": "Een van hen?",
        "en": "Any?",
    }
    others = some | {"id": "q-any-of-these-2", "persons": ["p1", "p2", "p3"]}
    first, second = of(asking("1", some), asking("2", others), asking("3", some))
    assert (first.persons, list(first.photos), first.answer) == (("p1", "p2"), [0, 2], "absent")
    assert (second.persons, list(second.photos)) == (("p1", "p2", "p3"), [1])
