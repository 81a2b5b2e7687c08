"""What was said of the very same photo when it was sent at other times: what of that keeps something covered here.

It only makes stricter: it clears no face, names nobody and accounts for nobody. Where somebody says here, later, whose
that very face is, that holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fotopoort.policy.candidates import SAME_FACE, may_be_shown
from fotopoort.policy.measures import drawn_covers, is_meant
from fotopoort.policy.policy import Channel, Policy
from fotopoort.vocabulary import (
    Answers,
    Box,
    DrawnFace,
    FaceId,
    FaceLabel,
    Findings,
    Person,
    PersonId,
    SaidElsewhere,
    SaidPlace,
)

TO_COVER: Final = frozenset({FaceLabel.COVER, FaceLabel.OTHER_CHILD})
TELLS_WHO: Final = frozenset({FaceLabel.PERSON, FaceLabel.ADULT, FaceLabel.NO_PUPIL, FaceLabel.NOT_A_PERSON})


@dataclass(frozen=True, slots=True)
class ElsewhereCovers:
    """What is covered on a channel because of what was said elsewhere.

    Attributes:
        faces: of those that were found.
        hides: somebody who must never be found was pointed out. The photo goes nowhere, and nothing is covered for
            them: that would tell who it is.
    """

    faces: tuple[FaceId, ...]
    boxes: tuple[Box, ...]
    hides: bool


def holds_elsewhere(answers: Answers) -> SaidElsewhere:
    """What holds of these answers wherever the same photo is sent again. Who is in it, or that others are, does not:
    it would have to be asked again where, of somebody who has not said it."""
    return SaidElsewhere(tuple(dict.fromkeys(_places(answers))), answers.harmful is True)


def _places(answers: Answers) -> Iterator[SaidPlace]:
    for answer in answers.faces.values():
        if answer.box and answer.label in TO_COVER:
            yield SaidPlace(answer.box)
        elif answer.box and answer.label is FaceLabel.PERSON:
            yield SaidPlace(answer.box, answer.person)
    for shape in answers.drawn:
        yield SaidPlace(shape.box, shape.person, drawn=True)


def is_same_place(box: Box, others: Iterable[Box]) -> bool:
    """Whether one of the others is that very place."""
    return any(box.iou(other) >= SAME_FACE for other in others)


def elsewhere_covers(
    said: SaidElsewhere,
    said_here: Sequence[Box],
    findings: Findings,
    persons: Mapping[PersonId, Person],
    policy: Policy,
    channel: Channel,
) -> ElsewhereCovers:
    """What is covered on a channel because of what was said elsewhere.

    Args:
        said_here: the faces of which was said here whose they are, or that they are no child's, and it is believed.
        persons: everyone within reach; somebody else may not be shown.
    """
    places = [place for place in said.places if place.later or not is_same_place(place.box, said_here)]
    told = [place for place in places if not place.hides]
    covered = [place for place in told if place.drawn or not may_be_shown(persons.get(place.person or ""), channel)]
    faces = (
        face.id
        for face in findings.faces
        if is_same_place(face.box, (place.box for place in covered))
        or any(place.drawn and is_meant(face.box, place.box) for place in covered)
    )
    shapes = [DrawnFace(place.box, place.person) for place in covered]
    boxes = dict.fromkeys(covers_of(shapes, findings, persons, policy, channel))
    return ElsewhereCovers(tuple(faces), tuple(boxes), any(place.hides for place in places))


def covers_of(
    shapes: Sequence[DrawnFace],
    findings: Findings,
    persons: Mapping[PersonId, Person],
    policy: Policy,
    channel: Channel,
) -> list[Box]:
    """What is covered on a channel where faces were drawn."""
    return [
        box
        for shape in shapes
        for box in drawn_covers(shape, findings, policy, shown=may_be_shown(persons.get(shape.person or ""), channel))
    ]
