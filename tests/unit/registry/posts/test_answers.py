"""What is said of a post: of one photo or of several, by one after the other, and taken back without a trace."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from tests.waiting import PATIENCE

from fotopoort.errors import BadAnswers, NotFound, PostChanged, UnknownGroup, UnknownPerson
from fotopoort.policy.posts.post import Post
from fotopoort.registry.access.roles import Act
from fotopoort.registry.lists import exports
from fotopoort.registry.people.groups import Years
from fotopoort.registry.people.snapshot import snapshot
from fotopoort.registry.photos.serialisation import answers_from_json
from fotopoort.registry.posts import answers, photos, posts
from fotopoort.registry.posts.photo_records import PhotoState
from fotopoort.registry.registry import Registry
from fotopoort.registry.store.tables import screening as table
from fotopoort.vocabulary import Answers, Box, DrawnFace, FaceAnswer, FaceLabel, People

from ..screened_photos import face
from .posting import (
    COLLEAGUE,
    OFFICE,
    TEACHER,
    answer,
    judge,
    judged_photo,
    make,
    photo,
    posting,
    seen,
    upload,
)

GROUP = frozenset({"groep 5"})


def content(registry: Registry, post: str) -> Post:
    with registry.read(TEACHER, Act.POST) as session:
        return answers.as_post(session, post)


def test_what_is_said_of_one_photo_holds_for_that_photo(school: Registry) -> None:
    post = make(school)
    first, second = judged_photo(school, post), judged_photo(school, post, photo(2))
    tapped = {"f1": FaceAnswer(FaceLabel.PERSON, "p1"), "f2": FaceAnswer(FaceLabel.ADULT)}
    assert answer(school, post, [first], Answers(faces=tapped, only_present=True)) == 1
    about = content(school, post).about(first)
    assert about.faces["f1"].box == face(1).box  # an id alone says nothing of where
    assert about.faces["f2"].by == TEACHER.id
    assert about.listed == frozenset({"p1", "p2"})
    assert content(school, post).about(second) == Answers(groups=GROUP)
    with posting(school) as session:
        states = [record.state for record in photos.listed(session, post)]
    assert states == [PhotoState.SEEN, PhotoState.JUDGED]


def test_what_was_said_of_a_photo_is_still_said_when_it_was_taken_out_and_sent_again(school: Registry) -> None:
    """Else a stricter word of its own would be gone, and "nobody else" would hold that was said of several."""
    post = make(school)
    both = [judged_photo(school, post), judged_photo(school, post, photo(2))]
    answer(school, post, both, Answers(only_present=True))
    answer(school, post, both[:1], Answers(others=True, harmful=True))
    with posting(school) as session:
        photos.remove(session, post, both[0], revision=seen(school, post).revision)
    again = judged_photo(school, post)
    assert again != both[0]
    about = content(school, post).about(again)
    assert (about.only_present, about.others, about.harmful) == (False, True, True)


def test_what_is_said_of_several_holds_for_these_and_for_none_that_comes_later(school: Registry) -> None:
    post = make(school)
    both = [judged_photo(school, post), judged_photo(school, post, photo(2))]
    answer(school, post, both, Answers(absent=frozenset({"p1"}), only_present=True))
    later = judged_photo(school, post, photo(3))
    answer(school, post, both[:1], Answers(present=frozenset({"p1"})))
    about = content(school, post).about
    assert [about(added).absent for added in (*both, later)] == [frozenset(), frozenset({"p1"}), frozenset()]
    assert about(both[0]).present == {"p1"}  # its own word wins
    assert [about(added).only_present for added in (*both, later)] == [True, True, False]
    assert about(both[1]).listed == frozenset({"p1", "p2"})


def test_nobody_else_is_said_of_those_who_are_listed_for_every_photo(school: Registry) -> None:
    post = make(school)
    both = [judged_photo(school, post), judged_photo(school, post, photo(2))]
    with posting(school) as session:
        screening = photos.get(session, post, both[1]).screening
        is_second = table.c.id == screening
        session.connection.execute(update(table).where(is_second).values(years=[2025]))
        everybody = snapshot(session)

        def people_in(years: Years) -> People:
            listed = ("p1", "p2") if years == frozenset({2026}) else ("p2",)
            return replace(everybody, persons={id: everybody.persons[id] for id in listed})

        revision = posts.get(session, post).revision
        answers.answer(session, post, both, Answers(only_present=True), revision=revision, people_in=people_in)
        (shared,) = answers.as_post(session, post).shared_answers
    assert shared.answers.listed == frozenset({"p2"})


@pytest.mark.parametrize(
    ("said", "of", "error"),
    [
        (Answers(present=frozenset({"p9"})), 1, UnknownPerson),
        (Answers(present=frozenset({"q1"})), 1, UnknownPerson),
        (Answers(groups=frozenset({"groep 6"})), 1, UnknownGroup),
        (Answers(faces={"f7": FaceAnswer(FaceLabel.COVER)}), 1, BadAnswers),
        (Answers(faces={"f1": FaceAnswer(FaceLabel.COVER)}), 2, BadAnswers),
        (Answers(drawn=(DrawnFace(Box(1, 1, 9, 9)),)), 2, BadAnswers),
        (Answers(left_open=frozenset({"q-is-pupil-f1"})), 2, BadAnswers),
        (Answers(absent=frozenset({"p1"})), 0, BadAnswers),
    ],
    ids=str,
)
def test_what_cannot_be_said(school: Registry, said: Answers, of: int, error: type[Exception]) -> None:
    post = make(school)
    both = [judged_photo(school, post), judged_photo(school, post, photo(2))]
    with pytest.raises(error):
        answer(school, post, both[:of], said)
    with posting(school) as session:
        assert answers.entries(session, post) == []


def test_nothing_is_said_of_a_photo_that_nobody_saw(school: Registry) -> None:
    post = make(school)
    judged, waiting = judged_photo(school, post), upload(school, post, photo(2))
    for of in ([waiting], [judged, waiting], ["0" * 32]):
        with pytest.raises(NotFound):
            answer(school, post, of, Answers(harmful=False))
    judge(school, post, waiting, photo(2))
    answer(school, post, [judged, waiting], Answers(harmful=False))


def test_a_teacher_does_not_read_who_of_another_group_was_named(school: Registry) -> None:
    post = make(school, OFFICE)
    judged = judged_photo(school, post, caller=OFFICE)
    answer(school, post, [judged], Answers(present=frozenset({"q1"})), OFFICE)
    answer(school, post, [judged], Answers(present=frozenset({"p1"})), OFFICE)
    for caller, named in ((OFFICE, ["q1", "p1"]), (TEACHER, ["p1"])):
        with school.read(caller, Act.POST) as session:
            log = answers.log_of(session, post)
        assert [person for said in log for person in said.entry.answers.named] == named


def test_of_two_who_answer_at_once_one_is_told(school: Registry) -> None:
    post = make(school)
    judged = judged_photo(school, post)
    saw, barrier = seen(school, post).revision, Barrier(2)

    def say(caller: object) -> bool:
        barrier.wait(PATIENCE)
        try:
            with posting(school, TEACHER if caller else COLLEAGUE) as session:
                answers.answer(session, post, [judged], Answers(harmful=bool(caller)), revision=saw)
        except PostChanged:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(say, (True, False))) == [False, True]
    with posting(school) as session:
        assert len(answers.entries(session, post)) == 1


def test_an_answer_is_taken_back_once(school: Registry) -> None:
    post = make(school)
    judged = judged_photo(school, post)
    number = answer(school, post, [judged], Answers(harmful=True))
    judge(school, post, judged, photo())
    with posting(school) as session:
        answers.retract(session, post, number, revision=posts.get(session, post).revision)
        assert photos.get(session, post, judged).state is PhotoState.SEEN
        for gone in (number, number + 1, 0, 7):
            with pytest.raises(NotFound):
                answers.retract(session, post, gone, revision=posts.get(session, post).revision)
        with pytest.raises(NotFound):
            answers.undo(session, post, revision=posts.get(session, post).revision)
        kinds = [(said.entry.kind.value, said.entry.retracted) for said in answers.log_of(session, post)]
    assert kinds == [("answer", True), ("retraction", False)]


people = st.frozensets(st.sampled_from(["p1", "p2"]))
of_several = st.builds(
    Answers,
    present=people,
    absent=people,
    only_present=st.booleans(),
    others=st.booleans(),
    unsure=people,
    harmful=st.none() | st.booleans(),
    not_names=st.frozensets(st.sampled_from(["n1", "n2"])),
    left_open=st.frozensets(st.just("q-harm")),
)
of_one = st.builds(
    Answers,
    groups=st.sampled_from([frozenset[str](), GROUP]),
    present=people,
    absent=people,
    faces=st.dictionaries(
        st.sampled_from(["f1", "f2"]),
        st.sampled_from([FaceAnswer(label) for label in FaceLabel if label is not FaceLabel.PERSON]),
    ),
    crop=st.booleans(),
)
said = st.tuples(st.just([0]) | st.just([1]), of_one) | st.tuples(st.just([0, 1]), of_several)
steps = st.lists(said | st.sampled_from(["undo", "retract first"]), max_size=6)


@settings(max_examples=10)
@given(steps, steps)
def test_whatever_was_said_all_of_it_taken_back_is_nothing_said(
    school: Registry, before: list[object], taken: list[object]
) -> None:
    """A property: with what came after taken back, in whatever order, what holds is what held before."""
    post = make(school)
    both = [judged_photo(school, post), judged_photo(school, post, photo(2))]

    def holding() -> list[int]:
        with posting(school) as session:
            return [entry.entry.number for entry in answers.entries(session, post) if entry.entry.holds]

    def take(step: object, earlier: set[int]) -> None:
        own = [number for number in holding() if number not in earlier]
        if isinstance(step, tuple):
            of, what = step
            answer(school, post, [both[index] for index in of], what)
        elif own:
            with posting(school) as session:
                revision = posts.get(session, post).revision
                if step == "undo":
                    assert answers.undo(session, post, revision=revision) == own[-1]
                else:
                    answers.retract(session, post, own[0], revision=revision)

    for step in before:
        take(step, set())
    held, earlier = content(school, post), set(holding())
    for step in taken:
        take(step, earlier)
    for number in holding():
        if number not in earlier:
            with posting(school) as session:
                answers.retract(session, post, number, revision=posts.get(session, post).revision)
    assert content(school, post) == held
    for number in holding():
        with posting(school) as session:
            answers.undo(session, post, revision=posts.get(session, post).revision)
        assert number
    assert content(school, post).shared_answers == ()
    assert [content(school, post).about(added) for added in both] == [Answers(groups=GROUP)] * 2


def test_who_asks_what_is_recorded_gets_what_was_said_of_them_in_posts(
    school: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only that is read: a school has said something of a hundred thousand photos."""
    read: list[object] = []

    def parsed(content: object) -> Answers:
        read.append(content)
        return answers_from_json(content)

    monkeypatch.setattr(exports, "answers_from_json", parsed)
    post = make(school)
    photos_of = [judged_photo(school, post, photo(number)) for number in (1, 2)]
    answer(school, post, photos_of, Answers(absent=frozenset({"p1"})))
    answer(school, post, photos_of[:1], Answers(faces={"f1": FaceAnswer(FaceLabel.PERSON, "p2")}))
    named = {}
    for person in ("p1", "p2", "q1"):
        with school.write(OFFICE, Act.EXPORT) as session:
            found = exports.person_export(session, person)["named_in_posts"]
        named[person] = [(row["post"], len(row["photos"]), row["absent"]) for row in found]
    assert named == {"p1": [(post, 2, True)], "p2": [(post, 1, False)], "q1": []}
    assert len(read) == 2
