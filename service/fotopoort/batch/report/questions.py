"""What is asked about many photos, put as one question: one answer settles them all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple

from fotopoort.application.contract.documents import Json
from fotopoort.batch.entry import Entry
from fotopoort.vocabulary import QuestionKind


class FaceKind(StrEnum):
    """How a face is in a photo."""

    CLOSE_UP = "close_up"
    FRONTAL = "frontal"
    OTHER = "other"


class PhotoQuestion(NamedTuple):
    """A question about one photo.

    Attributes:
        photo: its number, in the order of the report.
        about: a person's id, what may be a name, or a kind of face; questions of one kind about the same are one.
        name: id of the name hit, where it is about one.
    """

    photo: int
    kind: QuestionKind
    about: str
    nl: str
    en: str
    name: str | None = None


# What the answers file calls the answer that is the same for many photos: "in none of these", "no name", "all may".
ANSWERS: Final = {
    QuestionKind.IS_PRESENT: "absent",
    QuestionKind.IS_NAME: "not_names",
    QuestionKind.IS_PRIVATE_LIST: "not_a_private_list",
}


@dataclass(frozen=True, slots=True)
class GroupedQuestion:
    """One question about many photos.

    Attributes:
        about: whom or what, see `PhotoQuestion`.
        nl, en: as it was asked about the first of them.
        photos: the number of each photo, ascending, with the ids of the name hits that are meant in it.
    """

    kind: QuestionKind
    about: str = field(repr=False)
    nl: str = field(repr=False)
    en: str = field(repr=False)
    photos: dict[int, tuple[str, ...]]

    @property
    def answer(self) -> str | None:
        """The key in the answers file under which one answer holds for all; None: each photo needs its own."""
        return ANSWERS.get(self.kind)


def asked_by(number: int, entry: Entry) -> Iterator[PhotoQuestion]:
    """The questions about one photo, each once, on however many channels it is asked."""
    document = entry.document
    questions = {
        question["id"]: question for verdict in document["verdicts"].values() for question in verdict["questions"]
    }
    for question in questions.values():
        kind = QuestionKind(question["kind"])
        yield PhotoQuestion(
            number, kind, _about(question, document), question["nl"], question["en"], question.get("name")
        )


def grouped(asked: Iterable[PhotoQuestion]) -> tuple[GroupedQuestion, ...]:
    """The same questions together: those that one answer settles first, then those about most photos."""
    together: dict[tuple[QuestionKind, str], GroupedQuestion] = {}
    for one in asked:
        question = together.setdefault((one.kind, one.about), GroupedQuestion(one.kind, one.about, one.nl, one.en, {}))
        names = question.photos.get(one.photo, ())
        question.photos[one.photo] = (*names, one.name) if one.name else names
    return tuple(sorted(together.values(), key=lambda one: (one.answer is None, -len(one.photos), one.kind, one.about)))


def _about(question: Json, document: Json) -> str:
    if "person" in question:
        return str(question["person"])
    if "name" in question:
        texts = (hit["text"] for hit in document["names"] if hit["id"] == question["name"])
        return str(next(texts, None) or "").casefold()
    if "face" in question:
        faces = (face for face in document["faces"] if face["id"] == question["face"])
        return next(map(_face_kind, faces), FaceKind.OTHER)
    return ""


def _face_kind(face: Json) -> FaceKind:
    if face["close_up"]:
        return FaceKind.CLOSE_UP
    return FaceKind.FRONTAL if face["frontal"] else FaceKind.OTHER
