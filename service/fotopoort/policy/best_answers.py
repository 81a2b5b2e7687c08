"""What the questions about a photo could come to at best: with that it is known whether there is any use in asking."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from fotopoort.policy.candidates import may_be_shown
from fotopoort.policy.case import Case, CaseFace
from fotopoort.vocabulary import (
    Answers,
    Box,
    DrawnFace,
    FaceAnswer,
    FaceLabel,
    PersonId,
    Question,
    QuestionKind,
    Role,
)


def best_answers(case: Case, asked: Sequence[Question]) -> Iterator[Answers]:
    """The answers to all these questions that loosen most; two ways, since each can come out best.

    The first rules out whoever was asked about. In the second some of them are pointed out after all: a face close by
    that is an adult's then, and as many others as are needed for the rest to be people of the group.
    """
    if not asked:
        return
    by_kind = {kind: [question for question in asked if question.kind is kind] for kind in QuestionKind}
    doubtful = {question.person for question in by_kind[QuestionKind.IS_PRESENT] if question.person}
    doubtful |= {person for question in by_kind[QuestionKind.ANY_OF_THESE] for person in question.persons}
    missing = sorted(question.person for question in by_kind[QuestionKind.POINT_OUT] if question.person)
    asked_faces = {question.face for question in by_kind[QuestionKind.WHO_IS_THIS] + by_kind[QuestionKind.IS_PUPIL]}
    open_faces = [face for face in case.faces if face.unanswered and face.id not in asked_faces]
    vouched = {face.id: FaceAnswer(FaceLabel.ADULT, box=face.face.box) for face in case.faces if face.id in asked_faces}
    answers = replace(
        case.answers,
        absent=case.answers.absent | doubtful | set(missing),  # of several without a name, the others
        faces={id: answer for id, answer in case.answers.faces.items() if answer.person not in missing} | vouched,
        drawn=tuple(drawn for drawn in case.answers.drawn if drawn.person not in missing),
        not_names=case.answers.not_names | {question.name for question in asked if question.name},
        not_a_private_list=case.answers.not_a_private_list or bool(by_kind[QuestionKind.IS_PRIVATE_LIST]),
        no_unseen_people=case.answers.no_unseen_people
        or bool(by_kind[QuestionKind.UNSEEN_PEOPLE] or by_kind[QuestionKind.UNSEEN_PERSON]),
        may_face_camera=case.answers.may_face_camera or bool(by_kind[QuestionKind.MAY_FACE_CAMERA]),
    )
    yield _with_drawn(case, answers, missing)
    if taps := _taps(case, open_faces, sorted(doubtful), missing):
        identified = {face.id: FaceAnswer(FaceLabel.PERSON, person, face.face.box) for face, person in taps}
        with_taps = replace(answers, faces={**answers.faces, **identified})
        yield _with_drawn(case, with_taps, [person for person in missing if person not in {who for _, who in taps}])


def _taps(
    case: Case, faces: Sequence[CaseFace], doubtful: Sequence[PersonId], missing: Sequence[PersonId]
) -> list[tuple[CaseFace, PersonId]]:
    """Who could be pointed out on which of these faces, so that the rest can be cleared."""
    # Asked about for another channel, some of them may be shown on this one.
    shown_first = sorted(doubtful, key=lambda person: not may_be_shown(case.persons.get(person), case.channel))
    who = [*missing, *shown_first]
    adults = [person for person in who if person in case.persons and case.persons[person].role is not Role.PUPIL]
    taps = list(zip((face for face in faces if face.close_up and face.frontal), adults, strict=False))
    placed_faces, placed = {face.id for face, _ in taps}, {person for _, person in taps}
    others = sorted((face for face in faces if face.id not in placed_faces), key=lambda face: face.face.box.area)
    could_be = [person for person in who if person in case.candidates.counted]
    gone = sum(case.persons[person].count if person in case.persons else 1 for person in could_be)
    too_many = len(faces) - max(case.candidates.people - gone, 0) - len(taps)
    pairs = zip(others[: max(too_many, 0)], (person for person in who if person not in placed), strict=False)
    return taps + list(pairs)


def _with_drawn(case: Case, answers: Answers, persons: Sequence[PersonId]) -> Answers:
    """The answers, with a box of the smallest size drawn for each of these persons, from the bottom right corner."""
    width, height = case.findings.width, case.findings.height
    scale = min(1.0, case.channel.max_side / max(width, height))
    side = math.ceil(case.policy.recognisable.min_face_height / scale)
    in_a_row = max(width // side, 1)
    places = [(width - side * (n % in_a_row + 1), height - side * (n // in_a_row + 1)) for n in range(len(persons))]
    drawn = [DrawnFace(Box(x, y, side, side), person) for (x, y), person in zip(places, persons, strict=True)]
    return replace(answers, drawn=(*answers.drawn, *drawn))
