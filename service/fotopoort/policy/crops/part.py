"""Findings and answers of a part of a photo, from those of the whole: the same faces under the same ids, from the
part's own corner. What lies outside it is gone; whatever overlaps it counts whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from fotopoort.policy.case import Case
from fotopoort.policy.measures import is_recognisable, seen_side
from fotopoort.vocabulary import (
    Answers,
    Box,
    DrawnFace,
    Face,
    FaceAnswer,
    Figure,
    Findings,
    NameHit,
    PersonId,
    Region,
    SaidPlace,
)

Place = TypeVar("Place", DrawnFace, SaidPlace)


def findings_of(findings: Findings, part: Box) -> Findings:
    """What is in the part. What the file says of people stays, wherever it says that they are, and so does a name of
    which nobody knows where it is; texts are left out, but not that there are any."""

    def moved_face(face: Face) -> Face:
        points = tuple((x - part.x, y - part.y) for x, y in face.landmarks)
        return replace(face, box=moved(face.box, part), landmarks=points)

    faces = tuple(moved_face(face) for face in findings.faces if face.box.overlap(part) > 0)
    ids = {face.id for face in faces}

    def moved_figure(figure: Figure) -> Figure:
        return replace(figure, box=moved(figure.box, part), face=figure.face if figure.face in ids else None)

    def moved_hit(hit: NameHit) -> NameHit:
        return replace(hit, box=hit.box and moved(hit.box, part))

    def moved_region(region: Region) -> Region:
        return replace(
            region, box=region.box and moved(region.box, part), face=region.face if region.face in ids else None
        )

    return replace(
        findings,
        width=int(part.w),
        height=int(part.h),
        faces=faces,
        names=tuple(moved_hit(hit) for hit in findings.names if hit.box is None or hit.box.overlap(part) > 0),
        text=(),
        regions=tuple(map(moved_region, findings.regions)),
        figures=tuple(moved_figure(figure) for figure in findings.figures if figure.box.overlap(part) > 0),
    )


def answers_about(case: Case, part: Box) -> Answers:
    """What was said of the part. Whoever was pointed out, and believed to be, outside it alone is not in it.

    Args:
        case: the whole photo.
    """
    answers = case.answers
    inside = {face.id for face in case.findings.faces if face.box.overlap(part) > 0}
    gone = _outside(case, part)

    def holds(id: str, answer: FaceAnswer) -> bool:
        return answer.box.overlap(part) > 0 if answer.box else id in inside

    return replace(
        answers,
        present=answers.present - gone,
        absent=answers.absent | gone,
        faces={
            id: replace(answer, box=answer.box and moved(answer.box, part))
            for id, answer in answers.faces.items()
            if holds(id, answer) and answer.person not in gone
        },
        drawn=_moved(answers.drawn, part),
        elsewhere=replace(answers.elsewhere, places=_moved(answers.elsewhere.places, part)),
    )


def within_count(case: Case, answers: Answers, part: Findings) -> Answers:
    """What was said of a part, with what the whole photo tells of how many there are: faces that are left outside are
    somebody's too. Where there are more than people of the group, nobody in the part is cleared by the group.

    Args:
        case: the whole photo.
        answers: of the part.
        part: what was found in it.
    """
    answered, inside = {face.id for face in case.faces if face.answered}, {face.id for face in part.faces}
    counted = {face.id for face in case.faces if face.counts}
    drawn = max(0, case.candidates.faces - len(counted - answered))
    large = {
        face.id
        for face in part.faces
        if is_recognisable(face, part.width, part.height, seen_side(case.policy), case.policy)
    }
    faces = len((counted - inside | large) - answered) + drawn
    if case.candidates.unknown or faces > case.candidates.people:
        return replace(answers, others=True)
    return answers


def moved(box: Box, part: Box) -> Box:
    """A box of the photo, in pixels from the corner of the part."""
    return Box(box.x - part.x, box.y - part.y, box.w, box.h)


def _moved(places: Sequence[Place], part: Box) -> tuple[Place, ...]:
    """Those in the part."""
    return tuple(replace(place, box=moved(place.box, part)) for place in places if place.box.overlap(part) > 0)


def _outside(case: Case, part: Box) -> frozenset[PersonId]:
    """Who is known to be outside the part: pointed out there and nowhere else, and so a candidate for no other face."""
    answers = case.answers
    places = [(answer.person, face.box) for face in case.findings.faces if (answer := answers.faces.get(face.id))]
    places += [(answer.person, answer.box) for answer in answers.faces.values() if answer.box]
    places += [(drawn.person, drawn.box) for drawn in answers.drawn]
    inside = {person for person, box in places if box.overlap(part) > 0}
    return case.answers.pointed_out - inside - case.candidates.persons
