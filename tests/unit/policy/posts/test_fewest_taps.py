"""The questions of a post take the fewest taps, and settle it: after the last answer no face is open, and what is shown
is what would be shown if every face had been answered.

Held against brute force: every set of lists and faces that could have been asked about, in every case that could be the
truth. The teacher is that of `benchmarks/taps.py`, which shows the same on posts of the usual size.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain, combinations, permutations, product
from random import Random

import pytest
from benchmarks.taps import (
    ADULT,
    MORE,
    SOMEBODY,
    Teacher,
    appearances,
    every_face,
    made_post,
    what_is_shown,
)
from benchmarks.taps import school as made_school
from hypothesis import given, settings
from hypothesis import strategies as st

from fotopoort.policy.decide import decide_all
from fotopoort.policy.policy import Policy
from fotopoort.policy.posts.post import Post
from fotopoort.policy.posts.verdicts import decide_post
from fotopoort.vocabulary import (
    Answers,
    Basis,
    ConsentState,
    FaceAnswer,
    FaceLabel,
    People,
    PersonId,
    QuestionKind,
    Role,
    Verdict,
)

from ..scenes import (
    AWAY,
    CLOSED,
    COVERED_MEANWHILE,
    FACEBOOK,
    NO,
    POLICY,
    WEBSITE,
    consenting,
    faces,
    photo,
    pupil,
    school,
    unhurried,
)

GROUP = frozenset({"groep 5"})
Truths = dict[str, dict[str, PersonId]]


def is_open(verdict: Verdict) -> bool:
    """Whether the photo waits, or a face is covered, for no other reason than that nobody knows whose it is."""
    return verdict.not_yet or any(judged.basis is Basis.NONE for judged in verdict.faces.values())


def post_of(counts: list[int], channels: tuple[str, ...]) -> Post:
    """A post of photos with so many faces each, seen from the side."""
    seen = {f"p{n}": replace(photo(*faces(count, **AWAY)), sha256=f"{n:064x}") for n, count in enumerate(counts)}
    return Post(seen, channels, GROUP)


# --- brute force -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Plan:
    """What could be asked at once: whether any of these is in any photo, and whose these faces are."""

    persons: frozenset[PersonId]
    who: frozenset[tuple[str, str]]  # photo and face

    def answered(self, post: Post, truth: Truths) -> tuple[Post, int]:
        """The post after the answers, and the taps: one a face that is pointed out, and one for "nobody else" where
        there is a face left that could be somebody. Choosing a name is left out: that depends on who happens to be in
        it, and a list that is lucky with one of them saves it."""
        taps, left = 0, 0
        for name, people in truth.items():
            boxes = {face.id: face.box for face in post.photos[name].faces}
            told = {
                face: FaceAnswer(FaceLabel.PERSON, person, boxes[face])
                for face, person in people.items()
                if person in self.persons or (name, face) in self.who
            }
            taps, left = taps + len(told), left + len(people) - len(told)
            post = post.with_answer(name, Answers(faces=told))
        if self.persons:
            post, taps = post.with_shared_answers(Answers(absent=self.persons)), taps + bool(left)
        return post, taps


def plans(post: Post, people: People) -> Iterator[Plan]:
    persons = sorted(people.persons)
    places = [(name, face.id) for name, seen in post.photos.items() for face in seen.faces]
    lists = chain.from_iterable(combinations(persons, size) for size in range(len(persons) + 1))
    asked = [*chain.from_iterable(combinations(places, size) for size in range(len(places) + 1))]
    for about, who in product(lists, asked):
        yield Plan(frozenset(about), frozenset(who))


def truths(post: Post, people: People) -> Iterator[Truths]:
    """Everything that could be the case: everybody in it is of the group."""
    each = [
        [{face.id: who for face, who in zip(seen.faces, some, strict=True)} for some in _in(people, len(seen.faces))]
        for seen in post.photos.values()
    ]
    for together in product(*each):
        yield dict(zip(post.photos, together, strict=True))


def _in(people: People, count: int) -> Iterator[tuple[PersonId, ...]]:
    return permutations(sorted(people.persons), count)


class Settling:
    """Whether plans settle a post. Photos do not depend on each other, and many truths and plans come to the same
    answers about a photo, which is judged once for each of those."""

    def __init__(self, post: Post, people: People, policy: Policy) -> None:
        self._people, self._policy = people, policy
        self._alone = {name: replace(post, photos={name: seen}) for name, seen in post.photos.items()}
        self._open: dict[tuple[object, ...], bool] = {}

    def settles(self, plan: Plan) -> bool:
        """Whether nothing is open after the answers, whatever the truth."""
        return not any(
            self._is_open(name, plan, truth[name])
            for name, alone in self._alone.items()
            for truth in truths(alone, self._people)
        )

    def _is_open(self, name: str, plan: Plan, truth: dict[str, PersonId]) -> bool:
        told = {face: who for face, who in truth.items() if who in plan.persons or (name, face) in plan.who}
        key = (name, plan.persons, frozenset(told.items()))
        if key not in self._open:
            post, _ = plan.answered(self._alone[name], {name: truth})
            verdicts = decide_all(post.photos[name], post.about(name), self._people, self._policy, post.channels)
            self._open[key] = any(map(is_open, verdicts.values()))
        return self._open[key]


@st.composite
def small(draw: st.DrawFn) -> tuple[Post, People, Truths, Policy]:
    """Two photos, three people, two channels, and who is who."""
    states = st.sampled_from([ConsentState.GRANTED, ConsentState.GRANTED, ConsentState.REFUSED, ConsentState.NOT_ASKED])
    persons = [pupil(f"p{n}", draw(states), closed=draw(st.sampled_from(ConsentState))) for n in range(3)]
    persons = [replace(one, consents={**one.consents, FACEBOOK: draw(states)}) for one in persons]
    people = school(*persons)
    counts = draw(st.lists(st.integers(1, 2), min_size=2, max_size=2))
    post = post_of(counts, draw(st.sampled_from([(WEBSITE, CLOSED), (WEBSITE, FACEBOOK)])))
    truth = {
        name: dict(zip((face.id for face in seen.faces), draw(st.permutations(sorted(people.persons))), strict=False))
        for name, seen in post.photos.items()
    }
    return post, people, truth, draw(st.sampled_from([POLICY, POLICY, COVERED_MEANWHILE]))


@settings(unhurried, max_examples=25)
@given(small())
def test_nothing_else_that_could_be_asked_takes_fewer_taps(case: tuple[Post, People, Truths, Policy]) -> None:
    post, people, truth, policy = case
    teacher = Teacher(truth, people, policy)
    _, verdict = teacher.finish(post)
    assert not any(is_open(judged) for channels in verdict.photos.values() for judged in channels.values())
    cheaper = [plan for plan in plans(post, people) if plan.answered(post, truth)[1] < teacher.taps]
    settling = Settling(post, people, policy)
    assert not any(map(settling.settles, cheaper))


# --- what is asked settles it ----------------------------------------------------------------------------


@st.composite
def larger(draw: st.DrawFn) -> tuple[Post, People, Truths, Policy]:
    """A class, a teacher, others, and people without a name; faces of any size; not everybody in it is of the class."""
    states = st.sampled_from([ConsentState.GRANTED] * 3 + list(ConsentState))
    persons = [
        pupil(
            f"p{n}",
            draw(states),
            closed=draw(st.sampled_from(ConsentState)),
            role=draw(st.sampled_from([Role.PUPIL] * 5 + [Role.STAFF, Role.OTHER])),
        )
        for n in range(draw(st.integers(1, 6)))
    ]
    people = school(*persons)
    counts = draw(st.lists(st.integers(0, 4), min_size=1, max_size=3))
    channels = draw(st.sampled_from([(WEBSITE,), (WEBSITE, CLOSED), (CLOSED, WEBSITE, FACEBOOK)]))
    post, truth = post_of(counts, channels), {}
    for name, seen in post.photos.items():
        small = draw(st.booleans())
        if small:
            height = draw(st.sampled_from([20.0, 60.0]))
            post = replace(
                post,
                photos={**post.photos, name: replace(seen, faces=faces(len(seen.faces), height, **AWAY))},
            )
        who = [*draw(st.permutations(sorted(people.persons))), *[ADULT] * 4]
        mixed = [ADULT if draw(st.integers(0, 5)) == 0 else person for person in who]
        truth[name] = {face.id: person for face, person in zip(seen.faces, mixed, strict=False)}
    together = draw(st.booleans())
    return replace(post, together=together), people, truth, draw(st.sampled_from([POLICY, COVERED_MEANWHILE]))


@settings(unhurried, max_examples=120)
@given(larger())
def test_after_the_last_answer_no_face_is_open_and_what_is_shown_is_what_every_answer_would_show(
    case: tuple[Post, People, Truths, Policy],
) -> None:
    post, people, truth, policy = case
    teacher = Teacher(truth, people, policy)
    done, verdict = teacher.finish(post)
    assert not verdict.questions
    everything = decide_post(every_face(post, truth), people, policy)
    for name, channels in verdict.photos.items():
        for channel, judged in channels.items():
            known = everything.photos[name][channel]
            # Nobody who may not be shown is shown, but a teacher of whom nobody said anything.
            silent = {
                face
                for face, person in truth[name].items()
                if person != ADULT
                and people.persons[person].role is Role.STAFF
                and people.persons[person].consent(channel) is ConsentState.NOT_ASKED
            }
            assert what_is_shown(judged)[1] <= what_is_shown(known)[1] | too_small(judged) | silent
            # Where a photo does not wait, nobody asks about faces that are too small to recognise.
            asked = policy.settings.first_say_who or not too_small(judged)
            if asked and not outsiders_pass_for_the_class(done, truth, people, name):
                assert what_is_shown(judged) == what_is_shown(known), (name, channel, done, people, truth)
                assert not is_open(judged), (name, channel, done, people, truth)


def too_small(verdict: Verdict) -> set[str]:
    return {face for face, judged in verdict.faces.items() if judged.basis is Basis.TOO_SMALL}


def outsiders_pass_for_the_class(post: Post, truth: Truths, people: People, name: str) -> bool:
    """Whether somebody in the photo is not of the class, and was not pointed out: naming the class says that nobody is,
    and there are no more faces than people."""
    told = post.about(name).faces
    return any(
        face not in told and (person == ADULT or people.persons[person].role is Role.STAFF)
        for face, person in truth[name].items()
    )


def test_somebody_nobody_knows_ends_in_one_tap() -> None:
    post = post_of([3, 2], (WEBSITE,))
    truth = {"p0": {"f1": SOMEBODY, "f2": "5-1", "f3": SOMEBODY}, "p1": {"f1": SOMEBODY, "f2": SOMEBODY}}
    teacher = Teacher(truth, None, POLICY)
    _, verdict = teacher.finish(post)
    assert (teacher.questions, teacher.taps, verdict.questions) == (1, 2, ()), "a face, and nobody knows"


@pytest.mark.parametrize(("refusing", "taps"), [(1, 2), (2, 4)])
def test_a_name_is_chosen_once_for_all_the_faces_of_that_person(refusing: int, taps: int) -> None:
    """And not at all where the list has one name alone."""
    people = school(*consenting(5), *(pupil(f"no-{number}", NO) for number in range(refusing)))
    post = post_of([4, 4], (WEBSITE,))
    truth = {
        name: {"f1": "no-0", "f2": f"no-{refusing - 1}" if refusing > 1 else "5-3", "f3": "5-1", "f4": "5-2"}
        for name in post.photos
    }
    teacher = Teacher(truth, people, POLICY)
    _, verdict = teacher.finish(post)
    assert (teacher.taps, verdict.questions) == (taps, ())
    assert teacher.named == (refusing if refusing > 1 else 0)


def test_outsiders_need_no_name_but_it_is_told_what_they_are() -> None:
    post = post_of([4, 4], (WEBSITE,))
    truth = {name: {"f1": "5-1", "f2": "5-2", "f3": ADULT, "f4": ADULT} for name in post.photos}
    teacher = Teacher(truth, school(*consenting(3)), POLICY)
    _, verdict = teacher.finish(post)
    assert [question.kind for question in teacher.asked] == [QuestionKind.OUTSIDERS]
    assert (teacher.taps, teacher.named, teacher.kinds, verdict.questions) == (4, 0, 1, ())


def test_who_is_in_it_and_not_seen_is_drawn() -> None:
    people = school(*consenting(5), pupil("no", NO))
    post = post_of([1], (WEBSITE,)).with_shared_answers(Answers(present=frozenset({"no"})))
    teacher = Teacher({"p0": {"f1": "5-1"}}, people, POLICY)
    done, verdict = teacher.finish(post)
    assert ([question.kind for question in teacher.asked], teacher.taps) == ([QuestionKind.POINT_OUT], 1)
    assert done.about("p0").drawn
    assert verdict.photos["p0"][WEBSITE].outcome == "blur"


@pytest.mark.parametrize(("refusing", "channels"), [(1, (WEBSITE,)), (3, (CLOSED, WEBSITE, FACEBOOK))])
def test_a_post_of_a_class_takes_a_tap_for_each_time_they_are_in_it_and_a_few_more(
    refusing: int, channels: tuple[str, ...]
) -> None:
    """At a small count; `python -m benchmarks taps` shows it for forty photos."""
    random = Random(18)  # noqa: S311 - made photos
    people = made_school(random, refusing)
    post, truth = made_post(random, people, channels, photos=5)
    teacher = Teacher(truth, people, POLICY)
    _, verdict = teacher.finish(post)
    assert teacher.taps <= appearances(truth, people, POLICY, channels) + MORE
    everything = decide_post(every_face(post, truth), people, POLICY)
    for name in post.photos:
        for channel in channels:
            assert what_is_shown(verdict.photos[name][channel]) == what_is_shown(everything.photos[name][channel])
