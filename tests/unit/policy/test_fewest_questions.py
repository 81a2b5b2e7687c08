"""The questions about who is in a photo are the fewest that settle it, and after the last answer nothing is open;
whether the photo waits for them or is covered meanwhile. And none is asked that changes nothing.

Held against brute force: every set of questions that could have been asked, in every case that could be the truth.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from itertools import chain, combinations, permutations

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fotopoort.policy.candidates import may_be_shown
from fotopoort.policy.decide import decide
from fotopoort.policy.policy import Policy
from fotopoort.vocabulary import (
    Action,
    Answers,
    Basis,
    Box,
    ConsentState,
    DrawnFace,
    FaceAnswer,
    FaceId,
    FaceLabel,
    Outcome,
    People,
    PersonId,
    Question,
    QuestionKind,
    Verdict,
)

from .scenes import (
    AWAY,
    CLOSED,
    COVERED_MEANWHILE,
    POLICY,
    WEBSITE,
    bound,
    faces,
    photo,
    pupil,
    said,
    school,
    unhurried,
)

WHO = (QuestionKind.IS_PRESENT, QuestionKind.ANY_OF_THESE, QuestionKind.WHO_IS_THIS, QuestionKind.POINT_OUT)
MAX_ROUNDS = 6

Asked = tuple[QuestionKind, tuple[str, ...]]  # about these persons, or this face


@dataclass(frozen=True)
class Case:
    """A photo of a group: who is on the list, how many faces there are, what was said before, and who they are."""

    people: People
    count: int
    before: Answers
    channel: str
    truth: dict[FaceId, PersonId]
    policy: Policy = POLICY

    def decided(self, answers: Answers) -> Verdict:
        seen = photo(*faces(self.count, **AWAY))
        return decide(seen, bound(answers, seen), self.people, self.policy, self.channel)

    def found_never_locatable(self, answers: Answers) -> bool:
        told = {answer.person for answer in answers.faces.values()} | {drawn.person for drawn in answers.drawn}
        return any(person.id in told for person in self.people.persons.values() if person.never_locatable)

    def truths(self) -> Iterator[dict[FaceId, PersonId]]:
        """Everything that could be the case, as far as what was said before goes: they are of the group."""
        members = sorted(set(self.people.persons) - self.before.absent)
        for persons in permutations(members, self.count):
            yield {f"f{number}": person for number, person in enumerate(persons, 1)}


def answered(answers: Answers, asked: Collection[Asked], truth: dict[FaceId, PersonId]) -> Answers:
    """What a teacher says who was asked this and knows the truth."""
    where = {person: face for face, person in truth.items()}
    told, absent, drawn = dict(answers.faces), set(answers.absent), list(answers.drawn)
    for kind, about in ((kind, one) for kind, several in asked for one in several):
        if kind is QuestionKind.WHO_IS_THIS:
            told[about] = FaceAnswer(FaceLabel.PERSON, truth[about])
        elif about in where:
            told[where[about]] = FaceAnswer(FaceLabel.PERSON, about)
        elif kind is QuestionKind.POINT_OUT:  # in it, and their face was not found
            drawn.append(DrawnFace(Box(1400, 1000, 50, 60), about))
        else:
            absent.add(about)
    return replace(answers, faces=told, absent=frozenset(absent), drawn=tuple(drawn))


def asked_by(verdict: Verdict) -> tuple[Asked, ...]:
    def subject(question: Question) -> tuple[str, ...]:
        return question.persons or (question.face or question.person or "",)

    return tuple((question.kind, subject(question)) for question in verdict.questions if question.kind in WHO)


def is_open(verdict: Verdict) -> bool:
    """Whether the photo waits, or a face is covered, for no other reason than that nobody knows whose it is."""
    return verdict.not_yet or any(judged.basis is Basis.NONE for judged in verdict.faces.values())


@st.composite
def cases(draw: st.DrawFn, most_people: int = 3, most_faces: int = 2, *, hidden: bool = False) -> Case:
    persons = [
        pupil(
            f"p{number}",
            draw(st.sampled_from(ConsentState)),
            closed=draw(st.sampled_from(ConsentState)),
            never_locatable=hidden and draw(st.integers(0, 4)) == 0,
        )
        for number in range(draw(st.integers(1, most_people)))
    ]
    people, count = school(*persons), draw(st.integers(1, min(most_faces, len(persons))))
    absent = draw(st.sets(st.sampled_from(sorted(people.persons)), max_size=len(persons) - count))
    policy = draw(st.sampled_from([POLICY, COVERED_MEANWHILE]))
    case = Case(people, count, said(absent=absent), draw(st.sampled_from([WEBSITE, CLOSED])), {}, policy)
    truth = draw(st.sampled_from(list(case.truths())))
    return replace(case, truth=truth)


@given(case=cases())
@settings(unhurried, max_examples=40)
def test_no_smaller_set_of_questions_would_settle_it(case: Case) -> None:
    verdict = case.decided(case.before)
    questions = asked_by(verdict)
    members = sorted(set(case.people.persons) - case.before.absent)
    could: list[Asked] = [(QuestionKind.IS_PRESENT, (person,)) for person in members]
    could += [(QuestionKind.WHO_IS_THIS, (f"f{number}",)) for number in range(1, case.count + 1)]
    truths = list(case.truths())

    def settles(asked: Collection[Asked]) -> bool:
        return not any(is_open(case.decided(answered(case.before, asked, truth))) for truth in truths)

    assert settles(questions)
    smaller = chain.from_iterable(combinations(could, size) for size in range(len(questions)))
    assert not any(settles(asked) for asked in smaller)


@given(case=cases(most_people=5, most_faces=4, hidden=True))
@settings(unhurried, max_examples=150)
def test_after_the_last_answer_no_face_is_open_and_each_is_judged_by_who_it_is(case: Case) -> None:
    answers, asked_before = case.before, set[Asked]()
    where = POLICY.channel(case.channel)
    allowed = {face for face, person in case.truth.items() if may_be_shown(case.people.persons[person], where)}
    for _ in range(MAX_ROUNDS):
        verdict = case.decided(answers)
        kept = {face for face, judged in verdict.faces.items() if judged.action is Action.KEEP}
        assert kept <= allowed  # on the way as well
        asked = asked_by(verdict)
        if not asked:
            break
        assert not asked_before & set(asked)  # nothing is asked twice
        asked_before |= set(asked)
        answers = answered(answers, asked, case.truth)
    assert not asked_by(verdict)
    assert not verdict.not_yet
    if case.found_never_locatable(answers):
        assert verdict.outcome is Outcome.REJECT  # for good: there is no use in asking about the others
    else:
        assert not is_open(verdict)
        assert kept == allowed


@given(case=cases(most_people=5, most_faces=4, hidden=True))
@settings(unhurried, max_examples=100)
def test_a_photo_that_waits_asks_one_question(case: Case) -> None:
    verdict = replace(case, policy=POLICY).decided(case.before)
    if "R24" in {reason.rule for reason in verdict.reasons}:
        assert [question.kind for question in verdict.questions] == [QuestionKind.ANY_OF_THESE]
        nobody = replace(case.before, absent=case.before.absent | set(verdict.questions[0].persons))
        assert "R24" not in {reason.rule for reason in case.decided(nobody).reasons}


@given(case=cases(), about=st.sampled_from(["p0", "p1", "p2"]))
@settings(unhurried, max_examples=60)
def test_of_who_must_never_be_found_the_same_is_asked_as_of_who_was_refused(case: Case, about: PersonId) -> None:
    assume(about in case.people.persons)
    case = replace(case, policy=POLICY)  # the setting cannot be off where there is such a person

    def with_(state: ConsentState, *, hidden: bool) -> Verdict:
        person = replace(
            case.people.persons[about],
            consents={WEBSITE: state, CLOSED: state},
            never_locatable=hidden,
        )
        people = People({**case.people.persons, about: person}, "r1")
        return replace(case, people=people).decided(case.before)

    assert with_(ConsentState.GRANTED, hidden=True) == with_(ConsentState.REFUSED, hidden=False)
