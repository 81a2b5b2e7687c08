"""What is asked about many photos is one question, and nothing that was asked is lost."""

from __future__ import annotations

from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.entries import (
    IS_HARMFUL,
    IS_PRIVATE_LIST,
    Json,
    any_of_these,
    entry,
    face,
    failed,
    is_name,
    outsiders,
    who_is_this,
)
from tests.unit.application.posts.test_given import OF_GROUP, PEOPLE, SIDEWAYS
from tests.unit.application.posts.test_given import given as judged_photo
from tests.unit.policy import scenes
from tests.unit.policy.posts.test_posts import CASES, Case

from fotopoort.application.contract.posts import question_document
from fotopoort.application.posts.given import post_document
from fotopoort.application.posts.given import questions_about as questions_of
from fotopoort.application.redecision import GivenScreening
from fotopoort.batch.entry import Entry
from fotopoort.batch.report.questions import GroupedQuestion, PhotoQuestion, as_asked_here, grouped, questions_about
from fotopoort.batch.report.texts import TEXTS
from fotopoort.policy.posts.answers import merge
from fotopoort.policy.posts.questions import OF_SEVERAL
from fotopoort.policy.posts.verdicts import decide_post
from fotopoort.policy.texts.wording import MAY_FACE_CAMERA, PERHAPS_FACES_CAMERA
from fotopoort.registry.answers.answers import KEYS, parse_answers
from fotopoort.vocabulary import Answers, Findings, NamePlace, QuestionKind


def of(*entries: Entry) -> tuple[GroupedQuestion, ...]:
    return grouped(question for number, entry in enumerate(entries) for question in questions_about(number, entry))


def asking(name: str, *asks: Json, faces: tuple[Json, ...] = (), names: tuple[Json, ...] = ()) -> Entry:
    return entry(f"{name}.jpg", faces=faces, names=names, asks=asks)


def test_one_person_in_many_photos_is_one_question() -> None:
    noor, sam = any_of_these("p1"), any_of_these("p2", "Sam")
    questions = of(asking("1", noor), asking("2", sam, noor), entry("3.jpg"), asking("4", noor))
    assert [(question.answer, question.photos, question.nl) for question in questions] == [
        ({"absent": ["p1"]}, [0, 1, 3], "Let op: Noor mag niet overal te zien zijn."),
        ({"absent": ["p2"]}, [1], "Let op: Sam mag niet overal te zien zijn."),
    ]


def test_a_question_about_several_persons_is_put_once_for_the_same_persons() -> None:
    some = any_of_these() | {"id": "q-any-of-these-1", "persons": ["p1", "p2"], "answer": {"absent": ["p1", "p2"]}}
    others = some | {"id": "q-any-of-these-2", "persons": ["p1", "p2", "p3"]}
    first, second = of(asking("1", some), asking("2", others), asking("3", some))
    assert (first.answer, first.photos) == ({"absent": ["p1", "p2"]}, [0, 2])
    assert second.photos == [1]


def test_whoever_is_to_be_pointed_out_is_asked_about_apart() -> None:
    noor = {"id": "q-point-out-p1", "kind": "point_out", "persons": ["p1"], "nl": "Op deze foto staat Noor.", "en": ""}
    sam = noor | {"id": "q-point-out-p2", "persons": ["p2"], "nl": "Op deze foto staat Sam."}
    questions = of(asking("1", any_of_these("p1"), noor), asking("2", noor, sam))
    assert [(question.kind, question.about, question.photos) for question in questions] == [
        ("any_of_these", "q-any-of-these-p1", [0]),
        ("point_out", "p1", [0, 1]),
        ("point_out", "p2", [1]),
    ]


def test_a_word_that_may_be_a_name_is_one_question_with_the_hits_of_each_photo() -> None:
    hits = ({"id": "n1", "text": "Roos"}, {"id": "n2", "text": "ROOS"}, {"id": "n3", "text": "Mei"})
    first = asking("1", is_name("n1", "Roos"), is_name("n2", "ROOS"), names=hits)
    other = asking("2", is_name("n1", "roos"), names=({"id": "n1", "text": "roos"},))
    third = asking("3", is_name("n3", "Mei"), names=hits)
    assert [(question.about, question.photos, question.names) for question in of(first, other, third)] == [
        ("roos", [0, 1], {0: ["n1", "n2"], 1: ["n1"]}),
        ("mei", [2], {2: ["n3"]}),
    ]


def test_faces_that_nobody_knows_are_told_apart_by_how_they_are_seen() -> None:
    faces = (face(1, frontal=True, close_up=True), face(2, frontal=True), face(3), face(4, frontal=True))
    questions = of(asking("1", who_is_this("f1", "f2", "f3", "f4"), faces=faces))
    assert {question.about: question.faces for question in questions} == {
        "close_up": {0: ["f1"]},
        "frontal": {0: ["f2", "f4"]},
        "other": {0: ["f3"]},
    }


def test_of_a_face_whose_direction_is_not_known_it_is_not_said_that_it_looks_into_the_camera() -> None:
    faces = (face(1, frontal=True), face(2, frontal=True) | {"pose_reliable": False})
    questions = of(asking("1", who_is_this("f1", "f2"), faces=faces))
    assert {question.about: question.faces for question in questions} == {"frontal": {0: ["f1"]}, "other": {0: ["f2"]}}


def test_where_nobody_knows_it_is_said_as_the_answers_file_has_it() -> None:
    hits = ({"id": "n1", "text": "Roos"}, {"id": "n2", "text": "ROOS"})
    faces = (face(1), face(2, frontal=True))
    pupils = {"id": "q-is-pupil-f1", "kind": "is_pupil", "faces": ["f1", "f2"], "nl": "Zijn dit leerlingen?", "en": ""}
    alone = asking("1", any_of_these(), is_name("n1", "Roos"), is_name("n2", "ROOS"), names=hits, faces=faces)
    many = asking("2", any_of_these(), is_name("n2", "roos"), outsiders("f1"), pupils, names=hits, faces=faces)
    many.document["asks"][-1]["left_open"] = {many.sha256: ["q-is-pupil-f1", "q-is-pupil-f2"]}
    harm = entry("3.jpg", questions=[IS_HARMFUL])
    told = {
        (question.kind.value, question.about): [
            question.unknown_of.get(photo, question.unknown) for photo in question.photos
        ]
        for question in of(alone, many, harm)
    }
    assert told == {
        ("is_harmful", ""): [{"left_open": ["q-is-harmful"]}],
        ("any_of_these", "q-any-of-these-p1"): [{"unsure": ["p1"]}] * 2,
        ("is_name", "roos"): [{"left_open": ["q-is-name-n1", "q-is-name-n2"]}, {"left_open": ["q-is-name-n2"]}],
        ("outsiders", ""): [{"faces": {"f1": {"say": "unknown", "box": [100.0, 150.0, 100.0, 120.0]}}}],
        ("is_pupil", "other"): [{"left_open": ["q-is-pupil-f1"]}],
        ("is_pupil", "frontal"): [{"left_open": ["q-is-pupil-f2"]}],
    }


PERHAPS = tuple(scenes.name(place, certain=False) for place in (NamePlace.PICTURE, NamePlace.CAPTION))
BOARD = scenes.photo(names=PERHAPS, has_text=True)
SEEN = {
    "turned away": SIDEWAYS,
    "more than the group": scenes.photo(*scenes.faces(30, **scenes.AWAY)),
    "words": BOARD,
    "one close by": scenes.photo(scenes.face(1, 700, **scenes.AWAY)),
    "two in front": scenes.photo(*scenes.faces(2, 300)),
    "nobody": scenes.photo(),
}


@pytest.mark.parametrize("seen", SEEN.values(), ids=SEEN)
@pytest.mark.parametrize("base", [OF_GROUP, Answers(), Answers(present=frozenset({"refuser"}))], ids=str)
def test_what_nobody_knows_is_not_asked_in_the_next_report(seen: Findings, base: Answers) -> None:
    first = entry_of(judged_photo(1, seen, base))
    unknown = [parse_answers(asked.unknown, PEOPLE) for asked in questions_about(0, first)]
    assert unknown
    said = reduce(merge, unknown, base)
    again = entry_of(judged_photo(1, seen, said))
    assert [(asked.kind, asked.nl) for asked in questions_about(0, again)] == []


def entry_of(judged: GivenScreening) -> Entry:
    """A photo as it is recorded, as far as questions go."""
    findings = judged.screening.findings
    made = entry(
        faces=[face() | {"id": it.id, "box": [it.box.x, it.box.y, it.box.w, it.box.h]} for it in findings.faces],
        names=[{"id": hit.id, "text": hit.text} for hit in findings.names],
    )
    made.document["sha256"] = findings.sha256
    made.document["asks"] = [question_document(asked).as_json() for asked in questions_of([judged])]
    harm = [asked for asked in post_document([judged])["questions"] if asked["kind"] == "is_harmful"]
    made.document["questions"] = harm
    return made


def test_those_who_are_not_of_the_group_are_asked_about_in_all_photos_at_once() -> None:
    faces = (face(1), face(2, close_up=True))
    one, both = asking("1", outsiders("f1"), faces=faces), asking("2", outsiders("f1", "f2"), faces=faces)
    (question,) = of(one, both)
    assert (question.kind, question.answer, question.faces) == ("outsiders", None, {0: ["f1"], 1: ["f1", "f2"]})


def test_people_who_were_not_seen_are_asked_about_apart_by_where_to_look() -> None:
    left, right = (
        {"id": "q-unseen-person", "kind": "unseen_person", "nl": f"Kijk {where}.", "en": where}
        | {"answer": {"no_unseen_people": True}}
        for where in ("links", "rechts")
    )
    questions = of(asking("1", left), asking("2", right), asking("3", left))
    assert {question.nl: question.photos for question in questions} == {
        "Kijk links.": [0, 2],
        "Kijk rechts.": [1],
    }


def test_what_is_asked_of_several_photos_is_put_in_words_for_several() -> None:
    several = OF_SEVERAL[QuestionKind.IS_PRIVATE_LIST]
    assert [question.nl for question in of(asking("1", IS_PRIVATE_LIST))] == [IS_PRIVATE_LIST["nl"]]
    (both,) = of(asking("1", IS_PRIVATE_LIST), asking("2", IS_PRIVATE_LIST))
    assert (both.nl, both.en) == several


def test_of_several_photos_it_says_perhaps_only_where_nothing_is_sure() -> None:
    sure, guess = (
        {"id": it.id, "kind": it.kind, "nl": it.nl, "en": it.en, "answer": {"may_face_camera": True}}
        for it in (MAY_FACE_CAMERA, PERHAPS_FACES_CAMERA)
    )
    for asked, told in (((sure, guess), False), ((guess, sure), False), ((guess, guess), True)):
        (both,) = of(*(asking(str(number), each) for number, each in enumerate(asked)))
        assert ("misschien" in both.nl, "erhaps" in both.en, both.photos) == (told, told, [0, 1])


def test_what_one_answer_settles_comes_first() -> None:
    faces = (face(1),)
    each = [asking(str(number), who_is_this("f1"), faces=faces) for number in range(3)]
    assert [question.kind for question in of(*each, asking("3", IS_PRIVATE_LIST))] == ["is_private_list", "who_is_this"]


def test_whether_anybody_can_come_to_harm_is_asked_once_and_before_all_else() -> None:
    goes_out = [entry(f"{number}.jpg", questions=[IS_HARMFUL]) for number in range(2)]
    waits = [asking(str(number), IS_PRIVATE_LIST) for number in range(3)]
    harm, others = of(*waits, *goes_out)
    assert (harm.kind, harm.photos, harm.answer, harm.ticked) == (
        "is_harmful", [3, 4], {"harmful": False}, {"harmful": True},
    )  # fmt: skip
    assert others.ticked is None


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_every_question_of_a_post_can_be_put_on_the_page(case: Case) -> None:
    """In the program's own words: with an answer that the answers file takes or none, and nothing to tap on or draw."""
    for asked in decide_post(case.post, case.people, case.policy).questions:
        document = question_document(asked).as_json()
        photo = entry("1.jpg", faces=[face(number) for number in range(1, 44)])
        of_photo: Json = {photo.sha256: next(iter(document.get("faces", {}).values()), [])}
        photo.document["asks"] = [document | {"faces": of_photo}]
        put = of(photo)
        assert put
        for question in put:
            assert (question.answer or {}).keys() <= set(KEYS)
            said = question.unknown_of.get(0, question.unknown)
            assert parse_answers(said, None) != Answers(), "weet ik niet says something"
            assert (question.answer is None) == (f"answer_{question.kind}" not in TEXTS)
            nl, en = as_asked_here(question.nl), as_asked_here(question.en)
            assert not [word for word in (" tik ", "teken", "wijs", "verder niemand") if word in f" {nl.lower()}"]
            assert not [word for word in (" tap ", "draw a", "point", "nobody else") if word in f" {en.lower()}"]
            assert nl.endswith((".", "?"))


@pytest.mark.parametrize("kind", QuestionKind)
def test_one_answer_for_all_has_words_where_it_can_be(kind: QuestionKind) -> None:
    by_itself = {QuestionKind.WHO_IS_THIS, QuestionKind.POINT_OUT, QuestionKind.IS_PUPIL, QuestionKind.OUTSIDERS}
    of_one_verdict = {QuestionKind.IS_PRESENT}  # of several channels it is asked otherwise
    assert (f"answer_{kind}" not in TEXTS) == (kind in by_itself | of_one_verdict)


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
        st.none() | st.just({"not_names": ["n1"]}) | st.just({"absent": ["p1"]}),
        st.just(()) | st.just(("f1",)),
        st.sampled_from([{"left_open": ["q1"]}, {"left_open": ["q2"]}, {"faces": {"f1": {"say": "unknown"}}}]),
    )
).map(lambda some: sorted(some, key=lambda question: question.photo))


@given(questions)
def test_every_question_is_in_one_group_and_no_group_has_another(some: list[PhotoQuestion]) -> None:
    groups = grouped(some)
    assert len({(group.kind, group.about) for group in groups}) == len(groups)
    in_groups = [(group.kind, group.about, photo) for group in groups for photo in group.photos]
    assert len(in_groups) == len(set(in_groups))
    assert set(in_groups) == {(question.kind, question.about, question.photo) for question in some}


@given(questions)
def test_where_nobody_knows_nothing_that_was_asked_of_a_photo_is_lost(some: list[PhotoQuestion]) -> None:
    for group in grouped(some):
        for photo in group.photos:
            said = group.unknown_of.get(photo, group.unknown)
            of_photo = [one for one in some if (one.kind, one.about, one.photo) == (group.kind, group.about, photo)]
            assert set(said.get("left_open", ())) == {id for one in of_photo for id in one.unknown.get("left_open", ())}
            assert ("faces" in said) == any("faces" in one.unknown for one in of_photo)


@given(questions)
def test_those_about_most_photos_come_first(some: list[PhotoQuestion]) -> None:
    groups = grouped(some)
    order = [(group.kind != "is_harmful", group.answer is None, -len(group.photos)) for group in groups]
    assert order == sorted(order)
