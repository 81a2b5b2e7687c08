"""The fewest questions whose answers could make a verdict less strict. They may name people; verdicts never do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from fotopoort.policy.case import Case
from fotopoort.vocabulary import NameHit, NamePlace, PersonId, Question, QuestionKind, Text

# How a question whether somebody is in a photo ends, where a face can be pointed at.
THEN_POINT_OUT: Final = Text(" Zo ja, wijs aan wie het is.", " If so, point out which face it is.")
PUBLIC_PLACES = (NamePlace.CAPTION, NamePlace.FILE_NAME, NamePlace.PICTURE, NamePlace.CODE)


def questions(case: Case, *, about_list: bool) -> tuple[Question, ...]:
    """What to ask about a photo on a channel. Ids stay the same for the same subject.

    Args:
        about_list: names readable in the picture hold the photo back (rule R15).
    """
    result = [*_who(case), *_names(case)]
    if about_list:
        result.append(
            Question(
                "q-is-private-list",
                QuestionKind.IS_PRIVATE_LIST,
                "Mogen alle ouders de namen lezen die in de foto staan?",
                "May all parents read the names in this picture?",
            )
        )
    return tuple(result)


def _who(case: Case) -> Iterator[Question]:
    """Who is missing, and either whether each blocker is in it or who each face is, whichever is less to ask.

    While somebody who may not be shown is not ruled out, every face without an answer stays covered; so either all of
    those people must be asked about, or all of those faces. Asking about some of both never settles it.
    """
    for person in sorted(case.missing):
        yield _point_out(case, person)
    faces = case.unanswered()
    doubtful = case.blockers - case.missing
    if case.candidates.unknown or len(doubtful) > len(faces):
        for face in faces:
            yield Question(
                f"q-who-is-this-{face}",
                QuestionKind.WHO_IS_THIS,
                f"Wie is dit (gezicht {face})?",
                f"Who is this (face {face})?",
                face=face,
            )
    elif faces:
        for person in sorted(doubtful):
            yield _is_present(case, person)


def _is_present(case: Case, person: PersonId) -> Question:
    name = _name(case, person)
    return Question(
        f"q-is-present-{person}",
        QuestionKind.IS_PRESENT,
        f"Staat {name} op deze foto?" + THEN_POINT_OUT.nl,
        f"Is {name} in this photo?" + THEN_POINT_OUT.en,
        person=person,
    )


def _point_out(case: Case, person: PersonId) -> Question:
    name = _name(case, person)
    return Question(
        f"q-point-out-{person}",
        QuestionKind.POINT_OUT,
        f"{name} staat op deze foto. Wijs het gezicht aan, of teken er een vak omheen.",
        f"{name} is in this photo. Point out the face, or draw a box around it.",
        person=person,
    )


def _name(case: Case, person: PersonId) -> str:
    return case.persons[person].name if person in case.persons else person


def _names(case: Case) -> Iterator[Question]:
    if case.channel.public:
        for hit in case.names(*PUBLIC_PLACES):
            if not hit.certain:
                yield _is_name(hit)


def _is_name(hit: NameHit) -> Question:
    nl, en = (f"“{hit.text}”", f"“{hit.text}”") if hit.text else ("wat hier staat", "what is written here")
    return Question(
        f"q-is-name-{hit.id}",
        QuestionKind.IS_NAME,
        f"Is {nl} hier de naam van een kind?",
        f"Is {en} a child's name here?",
        name=hit.id,
    )
