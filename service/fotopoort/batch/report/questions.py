"""The same question about many photos, put as one: one answer settles them all.

What is asked of a photo is the fewest that settle it on all its channels together, and once, of everything that may go
out, whether anybody can come to harm by it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final, NamedTuple

from fotopoort.application.contract.documents import Json
from fotopoort.batch.entry import Entry
from fotopoort.policy.posts.questions import (
    TAP_AND_SAY_WHO,
    TAP_OUTSIDERS,
    TAP_THE_FACE,
    TAP_THEIR_FACES,
    of_several,
)
from fotopoort.policy.questions import POINT_OR_DRAW, THEN_DRAW
from fotopoort.vocabulary import FaceLabel, QuestionKind, Text


class FaceKind(StrEnum):
    """How a face is in a photo."""

    CLOSE_UP = "close_up"
    FRONTAL = "frontal"
    OTHER = "other"


NOTHING_SAID: Final[Json] = {}


class PhotoQuestion(NamedTuple):
    """A question about one photo.

    Attributes:
        photo: its number, in the order of the report.
        about: ids of people, what may be a name, a kind of face, or where to look. Questions of one kind that are about
            the same are put as one.
        answer: what to say of this photo where the answer is no, as the answers file has it; None: each face needs an
            answer of its own.
        faces: ids of the faces it is about.
        unknown: what to say of this photo where nobody knows, as the answers file has it: it is not asked again.
    """

    photo: int
    kind: QuestionKind
    about: str
    nl: str
    en: str
    answer: Json | None = None
    faces: tuple[str, ...] = ()
    unknown: Json = NOTHING_SAID


NOT_HARMFUL: Final[Json] = {"harmful": False}
HARMFUL: Final[Json] = {"harmful": True}

NOTHING: Final = Text("", "")
ENDINGS: Final = {
    TAP_THE_FACE: Text(
        " Is dat gezicht op een van deze foto's te zien?", " Can that face be seen in any of these photos?"
    ),
    TAP_THEIR_FACES: Text(
        " Is een van hen op een van deze foto's te zien?", " Can any of them be seen in any of these photos?"
    ),
    TAP_OUTSIDERS: Text(" Wie hoort niet bij de groep?", " Who is not of the group?"),
    TAP_AND_SAY_WHO: NOTHING,
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
        nl, en: its wording.
        answer: that of the first photo; of the others it is the same, but for the names in it.
        photos: the number of each, ascending.
        names: of the photos in which it is about words that may be names, the ids of those.
        faces: of the photos in which it is about some faces, their ids.
        unknown: what to say of a photo where nobody knows.
        unknown_of: the same, of the photos of which that is something else.
    """

    kind: QuestionKind
    about: str = field(repr=False)
    nl: str = field(repr=False)
    en: str = field(repr=False)
    answer: Json | None
    photos: list[int] = field(default_factory=list)
    names: dict[int, list[str]] = field(default_factory=dict)
    faces: dict[int, list[str]] = field(default_factory=dict)
    unknown: Json = field(default_factory=dict)
    unknown_of: dict[int, Json] = field(default_factory=dict)

    @property
    def ticked(self) -> Json | None:
        """What to say of a photo for which the answer does not hold; None: nothing, it stays as it is."""
        return HARMFUL if self.kind is QuestionKind.IS_HARMFUL else None

    def add(self, question: PhotoQuestion) -> None:
        """Put the same question about the same photo, or the next, to this one."""
        before = NOTHING_SAID
        if question.photo in self.photos[-1:]:
            before = self.unknown_of.get(question.photo, self.unknown)
        else:
            self.photos.append(question.photo)
        if (unknown := _both(before, question.unknown)) != self.unknown:
            self.unknown_of[question.photo] = unknown
        if names := (question.answer or {}).get("not_names"):
            self.names.setdefault(question.photo, []).extend(names)
        if question.faces:
            self.faces.setdefault(question.photo, []).extend(question.faces)


def questions_about(number: int, entry: Entry) -> Iterator[PhotoQuestion]:
    """The questions about one photo, on all its channels together."""
    document = entry.document
    for asked in document.get("asks", ()):
        kind = QuestionKind(asked["kind"])
        faces = asked.get("faces", {}).get(document["sha256"], ())
        for about, ids in _subjects(kind, asked, faces, document):
            unknown = _unknown(kind, asked, ids, document)
            yield PhotoQuestion(number, kind, about, asked["nl"], asked["en"], asked.get("answer"), ids, unknown)
    for asked in document.get("questions", ()):  # about whatever goes out; no verdict waits for the answer
        kind = QuestionKind(asked["kind"])
        answer = NOT_HARMFUL if kind is QuestionKind.IS_HARMFUL else None
        left_open = {"left_open": [asked["id"]]}
        yield PhotoQuestion(number, kind, "", asked["nl"], asked["en"], answer, unknown=left_open)


def grouped(questions: Iterable[PhotoQuestion]) -> tuple[GroupedQuestion, ...]:
    """The same questions together: the one about harm first, then those that one answer settles, then those about most
    photos.

    Args:
        questions: those about a photo together, in the order of the photos.
    """
    groups: dict[tuple[QuestionKind, str], GroupedQuestion] = {}
    wordings: dict[tuple[QuestionKind, str], set[Text]] = {}
    for asked in questions:
        wordings.setdefault((asked.kind, asked.about), set()).add(Text(asked.nl, asked.en))
        first = GroupedQuestion(asked.kind, asked.about, asked.nl, asked.en, asked.answer, unknown=asked.unknown)
        groups.setdefault((asked.kind, asked.about), first).add(asked)
    return tuple(sorted((_as_put(group, wordings[key]) for key, group in groups.items()), key=_order))


def as_asked_here(asked: str) -> str:
    """A question in either language, ending with what can be done on a page where nobody can point or draw."""
    for ending, here in ENDINGS.items():
        for there, instead in ((ending.nl, here.nl), (ending.en, here.en)):
            asked = asked.replace(there, instead)
    return asked


def _as_put(group: GroupedQuestion, wordings: Collection[Text]) -> GroupedQuestion:
    """The question in the words for several photos, where there are several and it is the same in each."""
    several = of_several(group.kind, wordings) if len(group.photos) > 1 and not group.about else None
    return replace(group, nl=several.nl, en=several.en) if several else group


def _order(group: GroupedQuestion) -> tuple[bool, bool, int, str, str]:
    is_other = group.kind is not QuestionKind.IS_HARMFUL
    return is_other, group.answer is None, -len(group.photos), group.kind, group.about


def _subjects(
    kind: QuestionKind, asked: Json, faces: Sequence[str], document: Json
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What it is about, see `PhotoQuestion.about`, with its faces: where they are asked about, each kind apart."""
    if kind in (QuestionKind.WHO_IS_THIS, QuestionKind.IS_PUPIL):
        kinds = {face["id"]: _face_kind(face) for face in document["faces"]}
        for about in sorted(set(kinds.values())):
            if ids := tuple(face for face in faces if kinds[face] == about):
                yield about, ids
    else:
        yield _about(kind, asked, document), tuple(faces)


def _about(kind: QuestionKind, asked: Json, document: Json) -> str:
    if kind is QuestionKind.ANY_OF_THESE:
        return str(asked["id"])  # which tells whom it is about
    if kind is QuestionKind.POINT_OUT:
        return ",".join(asked["persons"])
    if kind is QuestionKind.IS_NAME:
        texts = (hit["text"] for hit in document["names"] if hit["id"] in asked["names"])
        return str(next(texts, None) or "").casefold()
    return str(asked["nl"]) if kind is QuestionKind.UNSEEN_PERSON else ""  # which tells where to look


def _face_kind(face: Json) -> FaceKind:
    if face["close_up"]:
        return FaceKind.CLOSE_UP
    # A face whose direction is not known counts as frontal everywhere; nobody can see that it looks into the camera.
    return FaceKind.FRONTAL if face["frontal"] and face.get("pose_reliable", True) else FaceKind.OTHER


def _unknown(kind: QuestionKind, asked: Json, faces: Sequence[str], document: Json) -> Json:
    """What says of a photo that nobody knows, so that it is not asked again; see `posts.questions.nobody_knows`."""
    if kind in (QuestionKind.WHO_IS_THIS, QuestionKind.OUTSIDERS):
        boxes = {face["id"]: face["box"] for face in document["faces"]}
        return {"faces": {face: {"say": FaceLabel.UNKNOWN.value, "box": boxes[face]} for face in faces}}
    if kind in (QuestionKind.ANY_OF_THESE, QuestionKind.POINT_OUT):
        return {"unsure": asked["persons"]}
    left_open = asked.get("left_open", {}).get(document["sha256"], [asked["id"]])
    if kind is QuestionKind.IS_PUPIL:  # each kind of faces is asked about apart
        left_open = [question for question in left_open if question.rpartition("-")[2] in faces]
    return {"left_open": left_open}


def _both(said: Json, more: Json) -> Json:
    """What is said of one photo by two questions about the same."""
    lists = [key for key in {**said, **more} if key != "faces"]
    both: Json = {key: [*dict.fromkeys((*said.get(key, ()), *more.get(key, ())))] for key in lists}
    faces = {**said.get("faces", {}), **more.get("faces", {})}
    return both | ({"faces": faces} if faces else {})
