"""Answers to a stored photo: bound to its faces, logged, taken back and replaced."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from fotopoort.errors import BadAnswers, NotFound
from fotopoort.policy.decide import decide_all
from fotopoort.policy.posts.answers import merge
from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.answers import answer_log, answering
from fotopoort.registry.answers.answer_log import EntryKind
from fotopoort.registry.answers.binding import signed
from fotopoort.registry.people import people
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.people.snapshot import snapshot
from fotopoort.registry.registry import Registry
from fotopoort.registry.store.tables import answer, audit
from fotopoort.screening.screen import Screening
from fotopoort.vocabulary import Answers, Box, DrawnFace, FaceAnswer, FaceLabel, Verdict

from ..photos.tapping import GROUP, JUF, OTHER, tap
from ..screened_photos import POLICY, face, findings, remembered

CHANNELS = ("website", "facebook")


@pytest.fixture
def screening(school: Registry, caller: Caller) -> Screening:
    return remembered(school, caller, GROUP)


def held(registry: Registry, caller: Caller, screening: Screening, up_to: int | None = None) -> Answers:
    with registry.read(caller, Act.SCREEN) as session:
        return answer_log.answers_of(session, screening.id, up_to)


# --- what is said is bound -------------------------------------------------------------------------------


def test_an_answer_about_a_face_gets_the_box_at_which_the_face_was_found(
    school: Registry, caller: Caller, screening: Screening
) -> None:
    elsewhere = Box(1.0, 1.0, 9.0, 9.0)
    said = Answers(
        faces={"f1": FaceAnswer(FaceLabel.NO_PUPIL), "f2": FaceAnswer(FaceLabel.PERSON, "p1", elsewhere)},
    )
    with school.write(caller, Act.SCREEN) as session:
        again = answering.answer(session, screening.id, said)
    assert again.request.answers.faces == {
        "f1": FaceAnswer(FaceLabel.NO_PUPIL, None, face(1).box, by="console"),
        "f2": FaceAnswer(FaceLabel.PERSON, "p1", elsewhere),  # what was said of another place stays so
    }


def test_who_says_that_an_adult_agreed_is_kept_with_it(school: Registry, caller: Caller) -> None:
    screening = remembered(school, JUF, GROUP)
    first, later = (Answers(faces={id: FaceAnswer(FaceLabel.ADULT)}) for id in ("f1", "f2"))
    child = Answers(faces={"f2": FaceAnswer(FaceLabel.OTHER_CHILD)})
    for who, said in ((JUF, first), (caller, later), (caller, child)):
        with school.write(who, Act.SCREEN) as session:
            faces = answering.answer(session, screening.id, said).request.answers.faces
        by = {id: answer.by for id, answer in faces.items()}
        assert by["f1"] == JUF.id
        assert by.get("f2") == (caller.id if said is later else None)


def test_an_answer_about_a_face_that_was_not_found_is_refused(
    school: Registry, caller: Caller, screening: Screening
) -> None:
    for label in FaceLabel:
        said = Answers(faces={"f3": FaceAnswer(label, "p1" if label is FaceLabel.PERSON else None)})
        with pytest.raises(BadAnswers, match="a face that was not found"), school.write(caller, Act.SCREEN) as session:
            answering.answer(session, screening.id, said)
    assert held(school, caller, screening) == GROUP


def test_nobody_else_is_said_of_those_who_are_in_the_groups_of_the_photo_then(
    school: Registry, caller: Caller, screening: Screening
) -> None:
    with school.write(caller, Act.EDIT_PEOPLE) as session:
        people.add(session, PersonRecord("p9", name="Kind 9 Achternaam"), ["groep 6"])
    with school.write(caller, Act.SCREEN) as session:
        said = Answers(present=frozenset({"p1"}), only_present=True)
        again = answering.answer(session, screening.id, said, people_in=lambda _: snapshot(session))
    assert again.request.answers.listed == frozenset({"p1", "p2"}), "p9 would be asked about in this group"


# --- the log ---------------------------------------------------------------------------------------------


def test_the_log_tells_what_was_said_and_what_was_taken_back(
    school: Registry, caller: Caller, screening: Screening
) -> None:
    with school.write(JUF, Act.SCREEN) as session:
        answering.answer(session, screening.id, Answers(absent=frozenset({"p1"})))
        assert answering.retract(session, screening.id, 1).number == 2
    with school.write(caller, Act.SCREEN) as session:
        log = answering.log_of(session, screening.id)
        rows = session.connection.execute(select(answer.c.sha256).distinct()).scalars().all()
        details = session.connection.execute(select(audit.c.detail).where(audit.c.kind == "answer.retracted")).scalars()
        assert len(details.all()) == 1
    assert rows == [screening.findings.sha256]
    assert [(entry.number, entry.kind, entry.retracts, entry.retracted, entry.actor) for entry in log] == [
        (0, EntryKind.ANSWER, None, False, caller.id),
        (1, EntryKind.ANSWER, None, True, JUF.id),
        (2, EntryKind.RETRACTION, 1, False, JUF.id),
    ]
    assert log[1].answers.absent == {"p1"}
    assert held(school, caller, screening) == GROUP
    assert held(school, caller, screening, up_to=1).absent == {"p1"}, "as it was judged then"


def test_what_cannot_be_taken_back(school: Registry, caller: Caller, screening: Screening) -> None:
    with school.write(caller, Act.SCREEN) as session:
        answering.answer(session, screening.id, Answers(absent=frozenset({"p1"})))
        answering.retract(session, screening.id, 1)
    for number, error in ((0, BadAnswers), (1, NotFound), (2, NotFound), (3, NotFound)):
        with pytest.raises(error), school.write(caller, Act.SCREEN) as session:
            answering.retract(session, screening.id, number)
        with pytest.raises(error), school.write(caller, Act.SCREEN) as session:
            answering.answer(session, screening.id, Answers(), replaces=number)
    with pytest.raises(NotFound), school.write(OTHER, Act.SCREEN) as session:
        answering.log_of(session, screening.id)
    with pytest.raises(NotFound), school.write(OTHER, Act.SCREEN) as session:
        answering.retract(session, screening.id, 1)
    assert held(school, caller, screening) == GROUP


def test_a_replaced_answer_is_as_if_it_had_never_been_given(
    school: Registry, caller: Caller, screening: Screening
) -> None:
    with school.write(caller, Act.SCREEN) as session:
        answering.answer(session, screening.id, Answers(only_present=True, present=frozenset({"p1"})))
        again = answering.answer(session, screening.id, Answers(faces=tap("f1", "p2")), replaces=1)
    assert again.number == 3
    assert again.request.answers == Answers(GROUP.groups, faces=tap("f1", "p2"))


def test_a_teacher_reads_in_the_log_of_the_own_groups_alone(school: Registry, caller: Caller) -> None:
    with school.write(caller, Act.EDIT_PEOPLE) as session:
        people.add(session, PersonRecord("p9", name="Kind 9 Achternaam"), ["groep 6"])
    sent = remembered(school, JUF, GROUP)
    with school.write(caller, Act.SCREEN) as session:
        answering.answer(session, sent.id, Answers(present=frozenset({"p9"})))
        answering.answer(session, sent.id, Answers(present=frozenset({"p1"})))
    with school.write(JUF, Act.SCREEN) as session:
        assert [entry.answers.present for entry in answering.log_of(session, sent.id)] == [set(), set(), {"p1"}]


# --- any sequence ----------------------------------------------------------------------------------------

SAID = st.builds(
    Answers,
    groups=st.sampled_from([frozenset(), frozenset({"groep 5"})]),
    present=st.frozensets(st.sampled_from(["p1", "p2"])),
    only_present=st.booleans(),
    absent=st.frozensets(st.sampled_from(["p1", "p2"])),
    faces=st.dictionaries(
        st.sampled_from(["f1", "f2"]),
        st.sampled_from([FaceAnswer(label) for label in FaceLabel if label is not FaceLabel.PERSON])
        | st.sampled_from([FaceAnswer(FaceLabel.PERSON, person) for person in ("p1", "p2")]),
    ),
    drawn=st.sampled_from([(), (DrawnFace(Box(900, 900, 60, 70)),), (DrawnFace(Box(900, 900, 60, 70), "p1"),)]),
    not_names=st.frozensets(st.sampled_from(["n1", "n2"])),
    not_a_private_list=st.booleans(),
    no_unseen_people=st.booleans(),
)
STEPS = st.lists(
    st.tuples(st.just("answer"), SAID, st.just(0))
    | st.tuples(st.just("replace"), SAID, st.integers(0, 5))
    | st.tuples(st.just("retract"), st.just(Answers()), st.integers(0, 5)),
    max_size=8,
)


@dataclass
class Model:
    """What holds, kept in the plainest way: a list of what was said and not taken back."""

    first: Answers
    said: dict[int, Answers] = field(default_factory=dict)

    def holds(self) -> Answers:
        held = self.first
        for number in sorted(self.said):
            held = merge(held, self.said[number])
        return held


def verdicts_of(registry: Registry, caller: Caller, answers: Answers) -> dict[str, Verdict]:
    with registry.read(caller, Act.SCREEN) as session:
        return decide_all(findings(), answers, snapshot(session), POLICY, CHANNELS)


@settings(max_examples=25)
@given(first=SAID, steps=STEPS)
def test_after_any_sequence_everything_taken_back_gives_the_first_verdicts(
    school: Registry, caller: Caller, first: Answers, steps: list[tuple[str, Answers, int]]
) -> None:
    screening = remembered(school, caller, first)
    model = Model(first)
    for act, said, place in steps:
        open_numbers = sorted(model.said)
        with school.write(caller, Act.SCREEN) as session:
            if act == "retract" or act == "replace":
                if not open_numbers:
                    continue
                target = open_numbers[place % len(open_numbers)]
                del model.said[target]
            if act == "retract":
                again = answering.retract(session, screening.id, target)
            else:
                again = answering.answer(session, screening.id, said, replaces=target if act == "replace" else None)
                boxed = {id: FaceAnswer(a.label, a.person, face(int(id[1:])).box) for id, a in said.faces.items()}
                model.said[again.number] = signed(replace(said, faces=boxed), caller.id)
        assert again.request.answers == model.holds()
    for number in sorted(model.said, reverse=len(steps) % 2 == 0):
        with school.write(caller, Act.SCREEN) as session:
            again = answering.retract(session, screening.id, number)
            assert again.findings == screening.findings
    assert held(school, caller, screening) == first
    assert verdicts_of(school, caller, held(school, caller, screening)) == verdicts_of(school, caller, first)
