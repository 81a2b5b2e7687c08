"""Words to describe a photo, a school and what a teacher says, in one line each."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import settings

from fotopoort.policy.policy import Policy
from fotopoort.policy_file import load_policy
from fotopoort.vocabulary import (
    Answers,
    Box,
    ConsentState,
    DrawnFace,
    Face,
    FaceAnswer,
    FaceLabel,
    Figure,
    Findings,
    NameHit,
    NamePlace,
    People,
    Person,
    Role,
)

unhurried = settings(max_examples=60)

WEBSITE, CLOSED, FACEBOOK = "website", "social_schools", "facebook"
POLICY: Policy = load_policy()
# The setting off: recognisable faces are covered until it is said who is in the photo, and it does not wait.
COVERED_MEANWHILE = replace(POLICY, settings=replace(POLICY.settings, first_say_who=False))

YES, NO, OBJECTED = ConsentState.GRANTED, ConsentState.REFUSED, ConsentState.OBJECTED
WITHDRAWN, NOT_ASKED = ConsentState.WITHDRAWN, ConsentState.NOT_ASKED

AWAY: dict[str, Any] = {"yaw": 70.0}  # seen from the side
WIDTH, HEIGHT = 1600, 1200  # as large as the website publishes: what is 28 pixels high here is 28 pixels there


def face(number: int = 1, height: float = 60, *, reliable: bool = True, **pose: Any) -> Face:  # noqa: ANN401 - yaw, pitch, roll
    """Face `f<number>`, four fifths as wide as high, in rows of ten that do not overlap when `height` <= 90."""
    column, row = (number - 1) % 10, (number - 1) // 10
    box = Box(40 + 155 * column, 60 + 200 * row, 0.8 * height, height)
    angles = {"yaw": 0.0, "pitch": 0.0, "roll": 0.0} | pose
    return Face(f"f{number}", box, (), 0.9, **angles, pose_reliable=reliable)


def faces(count: int, height: float = 60, **pose: Any) -> tuple[Face, ...]:  # noqa: ANN401
    return tuple(face(number, height, **pose) for number in range(1, count + 1))


def photo(*seen: Face, **more: Any) -> Findings:  # noqa: ANN401 - any field of Findings
    fields = {"width": WIDTH, "height": HEIGHT, "names_checked": True} | more
    return Findings(sha256="00" * 32, format="JPEG", faces=seen, **fields)


def pupil(
    id: str,
    consent: ConsentState = YES,
    *,
    closed: ConsentState = NOT_ASKED,
    group: str = "groep 5",
    role: Role = Role.PUPIL,
    never_locatable: bool = False,
) -> Person:
    """Somebody with that consent for the public channels."""
    consents = {WEBSITE: consent, FACEBOOK: consent, CLOSED: closed}
    return Person(id, f"Name of {id}", role, frozenset({group}), consents, never_locatable)


def school(*persons: Person) -> People:
    return People({person.id: person for person in persons}, "r1")


def consenting(count: int, group: str = "groep 5") -> tuple[Person, ...]:
    return tuple(pupil(f"{group[-1]}-{number}", group=group) for number in range(1, count + 1))


def said(group: str | None = "groep 5", **more: Any) -> Answers:  # noqa: ANN401 - any field of Answers
    groups = frozenset({group} if group else ())
    given: dict[str, Any] = {key: frozenset(value) if isinstance(value, set) else value for key, value in more.items()}
    return Answers(groups=groups, **given)


def tapped(**persons: str) -> dict[str, FaceAnswer]:
    return {face_id: FaceAnswer(FaceLabel.PERSON, person) for face_id, person in persons.items()}


def called(saying: FaceLabel, *face_ids: str) -> dict[str, FaceAnswer]:
    return {face_id: FaceAnswer(saying) for face_id in face_ids}


def bound(answers: Answers, seen: Findings) -> Answers:
    """The answers, each about a face with the box of that face in this photo, as a door fills it in."""
    boxes = {face.id: face.box for face in seen.faces}
    filled = {id: replace(answer, box=answer.box or boxes.get(id)) for id, answer in answers.faces.items()}
    return replace(answers, faces=filled)


def drawn(person: str | None = None, x: float = 700) -> tuple[DrawnFace, ...]:
    return (DrawnFace(Box(x, 700, 50, 60), person),)


def figure(x: float = 660, *, width: float = 120, height: float = 360, face: str | None = None) -> Figure:
    """Somebody who stands at `x`, with no face found unless one is named. `drawn()` is where the face would be."""
    return Figure(Box(x, 690, width, height), 0.9, face)


def name(place: NamePlace, number: int = 1, *, certain: bool = True, box: Box | None = None) -> NameHit:
    return NameHit(f"n{number}", place, certain, box=box, text="Roos")


def board(count: int) -> tuple[NameHit, ...]:
    """That many names on a board in the picture."""
    return tuple(name(NamePlace.PICTURE, n, box=Box(100, 40 * n, 90, 30)) for n in range(1, count + 1))
