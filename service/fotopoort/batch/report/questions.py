"""The same question about many photos, put as one: one answer settles them all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple

from fotopoort.application.contract.documents import Json
from fotopoort.batch.entry import Entry
from fotopoort.policy.questions import POINT_OR_DRAW, THEN_DRAW, THEN_POINT_OUT
from fotopoort.vocabulary import QuestionKind, Text


class FaceKind(StrEnum):
    """How a face is in a photo."""

    CLOSE_UP = "close_up"
    FRONTAL = "frontal"
    OTHER = "other"


class PhotoQuestion(NamedTuple):
    """A question about one photo.

    Attributes:
        photo: its number, in the order of the report.
        about: a person's id, what may be a name, a kind of face, or where to look. Questions of one kind that are about
            the same are put as one.
        name: id of the name hit, where the question is about one.
        persons: ids of the persons whom the question is about, where it is whether they are in the photo.
    """

    photo: int
    kind: QuestionKind
    about: str
    nl: str
    en: str
    name: str | None = None
    persons: tuple[str, ...] = ()


# The key in the answers file for the answer that is the same for many photos: "in none of these", "no name", "all may",
# "nobody".
ANSWERS: Final = {
    QuestionKind.IS_PRESENT: "absent",
    QuestionKind.ANY_OF_THESE: "absent",
    QuestionKind.IS_NAME: "not_names",
    QuestionKind.IS_PRIVATE_LIST: "not_a_private_list",
    QuestionKind.UNSEEN_PEOPLE: "no_unseen_people",
    QuestionKind.UNSEEN_PERSON: "no_unseen_people",
    QuestionKind.MAY_FACE_CAMERA: "may_face_camera",
}

NOTHING: Final = Text("", "")
ENDINGS: Final = {
    THEN_POINT_OUT: NOTHING,
    POINT_OR_DRAW: NOTHING,
    THEN_DRAW: Text(
        " Zo ja, vink die foto aan: die blijft dan zoals hij is. Een vak om elk gezicht kan in het bestand met"
        " antwoorden, onder “drawn”.",
        " If so, tick that photo: it stays as it is. A box around each face can go into the answers file, under"
        " “drawn”.",
    ),
}


@dataclass(frozen=True, slots=True)
class GroupedQuestion:
    """One question about many photos.

    Attributes:
        about: whom or what, see `PhotoQuestion`.
        nl, en: its wording for the first of them.
        photos: the number of each photo, ascending, with the ids of the name hits that it is about.
        persons: see `PhotoQuestion`.
    """

    kind: QuestionKind
    about: str = field(repr=False)
    nl: str = field(repr=False)
    en: str = field(repr=False)
    photos: dict[int, tuple[str, ...]]
    persons: tuple[str, ...] = ()

    @property
    def answer(self) -> str | None:
        """The key in the answers file for one answer to all; None: each photo needs an answer of its own."""
        return ANSWERS.get(self.kind)


def questions_about(number: int, entry: Entry) -> Iterator[PhotoQuestion]:
    """The questions about one photo, each once, on however many channels it is asked."""
    document = entry.document
    questions = {
        question["id"]: question for verdict in document["verdicts"].values() for question in verdict["questions"]
    }
    for question in questions.values():
        kind = QuestionKind(question["kind"])
        yield PhotoQuestion(
            number,
            kind,
            _about(question, document),
            question["nl"],
            question["en"],
            question.get("name"),
            tuple(question.get("persons") or filter(None, [question.get("person")])),
        )


def grouped(questions: Iterable[PhotoQuestion]) -> tuple[GroupedQuestion, ...]:
    """The same questions together: those that one answer settles first, then those about most photos."""
    groups: dict[tuple[QuestionKind, str], GroupedQuestion] = {}
    for question in questions:
        group = groups.setdefault(
            (question.kind, question.about),
            GroupedQuestion(question.kind, question.about, question.nl, question.en, {}, question.persons),
        )
        names = group.photos.get(question.photo, ())
        group.photos[question.photo] = (*names, question.name) if question.name else names
    return tuple(
        sorted(groups.values(), key=lambda group: (group.answer is None, -len(group.photos), group.kind, group.about))
    )


def as_asked_here(asked: str) -> str:
    """A question in either language, ending with what can be done on a page where nobody can point or draw."""
    for ending, here in ENDINGS.items():
        for there, instead in ((ending.nl, here.nl), (ending.en, here.en)):
            asked = asked.replace(there, instead)
    return asked


def _about(question: Json, document: Json) -> str:
    if "persons" in question:
        return str(question["id"])  # which tells whom it is about
    if "person" in question:
        return str(question["person"])
    if "name" in question:
        texts = (hit["text"] for hit in document["names"] if hit["id"] == question["name"])
        return str(next(texts, None) or "").casefold()
    if "boxes" in question:
        return str(question["nl"])  # which tells where to look
    if "face" in question:
        faces = (face for face in document["faces"] if face["id"] == question["face"])
        return next(map(_face_kind, faces), FaceKind.OTHER)
    return ""


def _face_kind(face: Json) -> FaceKind:
    if face["close_up"]:
        return FaceKind.CLOSE_UP
    return FaceKind.FRONTAL if face["frontal"] else FaceKind.OTHER
