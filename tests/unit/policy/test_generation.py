"""What is decided in cases that are always the same is pinned to GENERATION, by which folders are judged again."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random
from typing import Any, Final, TypeVar

import pytest

from fotopoort.canonical_json import digest
from fotopoort.policy.decide import decide_all
from fotopoort.policy.posts.answers import merge
from fotopoort.vision.models.catalogue import GENERATION
from fotopoort.vocabulary import (
    Answers,
    Box,
    DrawnFace,
    FaceAnswer,
    FaceLabel,
    Figure,
    Findings,
    Hint,
    HintKind,
    NameHit,
    NamePlace,
    Outcome,
    Pattern,
    People,
    Person,
    Region,
    Role,
    Verdict,
)

from .scenes import (
    CLOSED,
    COVERED_MEANWHILE,
    FACEBOOK,
    NO,
    NOT_ASKED,
    OBJECTED,
    POLICY,
    WEBSITE,
    YES,
    face,
    photo,
    school,
)

CASES: Final = 500
PINNED: Final = (7, "ccbe26d37ebee2a0")  # GENERATION, and the digest of what is decided by it
CHANNELS: Final = (CLOSED, WEBSITE, FACEBOOK)
WHO: Final = [f"p{number}" for number in range(6)]
GROUPS: Final = ["groep 5", "groep 6"]
HEIGHTS: Final = [20, 28, 60, 60, 60, 60, 60, 60, 150, 310]
# Places: around the first face, half on it, where no face is found, and there too small for one.
NEAR: Final = [
    Box(30, 50, 70, 90),
    Box(60, 80, 48, 60),
    Box(900, 900, 60, 70),
    Box(900, 900, 60, 70),
    Box(900, 900, 60, 10),
]

T = TypeVar("T")


class Draw:
    """What is drawn: the same on every machine, with every version of Python and whatever the hash seed."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311 - not a secret

    def chance(self, of: float) -> bool:
        return self._random.random() < of

    def pick(self, values: Iterable[T]) -> T:
        options = list(values)
        return options[int(self._random.random() * len(options))]

    def some(self, values: Iterable[T], of: float) -> list[T]:
        return [value for value in values if self.chance(of)]


def drawn_people(draw: Draw) -> People:
    states = [YES] * 12 + [NO, OBJECTED, NOT_ASKED]

    def somebody(id: str) -> Person:
        is_nameless = draw.chance(0.04)
        return Person(
            id,
            "" if is_nameless else id,
            draw.pick([Role.PUPIL, Role.PUPIL, Role.PUPIL, Role.STAFF, Role.OTHER]),
            frozenset({draw.pick(GROUPS)}),
            {channel: draw.pick(states) for channel in CHANNELS},
            never_locatable=draw.chance(0.02),
            has_left=draw.chance(0.03),
            nameless=is_nameless,
            count=2 if is_nameless else 1,
        )

    return school(*(somebody(id) for id in draw.some(WHO, 0.8)))


def drawn_photo(draw: Draw) -> Findings:
    seen = [
        face(number, draw.pick(HEIGHTS), reliable=draw.chance(0.7), yaw=draw.pick([0.0, 20.0, 80.0]))
        for number in draw.some(range(1, 6), 0.5)
    ]
    ids = [None, *(found.id for found in seen)]
    return photo(
        *seen,
        regions=tuple(
            Region(draw.pick([None, *NEAR]), draw.pick(ids), "name", (draw.pick(WHO),), certain=draw.chance(0.5))
            for _ in draw.some(range(2), 0.1)
        ),
        hints=tuple(Hint(kind, "field") for kind in draw.some(HintKind, 0.01)),
        names=tuple(
            NameHit(f"n{number}", draw.pick(NamePlace), draw.chance(0.5), box=draw.pick([None, *NEAR]))
            for number in draw.some(range(3), 0.06)
        ),
        has_text=draw.chance(0.2),
        names_checked=draw.chance(0.97),
        blocked=draw.chance(0.01),
        pattern=draw.pick([None] * 40 + [*Pattern]),
        figures=tuple(
            Figure(draw.pick([Box(20, 50, 90, 250), Box(860, 880, 90, 250)]), draw.pick([0.31, 0.8]), draw.pick(ids))
            for _ in draw.some(range(2), 0.15)
        ),
    )


def drawn_answers(draw: Draw, seen: Findings) -> Answers:
    def answer(place: Box, owner: str, mostly: FaceLabel = FaceLabel.PERSON) -> FaceAnswer:
        label = draw.pick([mostly] * 8 + [*FaceLabel])
        person = draw.pick([owner] * 15 + WHO) if label is FaceLabel.PERSON else None
        return FaceAnswer(label, person, draw.pick([place] * 15 + [None, *NEAR]))

    return Answers(
        groups=frozenset([draw.pick([*GROUPS * 4, "groep 9"])] * draw.chance(0.8)),
        present=frozenset(draw.some(WHO, 0.1)),
        only_present=draw.chance(0.6),
        listed=draw.pick([None, frozenset(WHO), frozenset(WHO), frozenset(WHO[:3])]),
        absent=frozenset(draw.some(WHO, 0.3)),
        faces={
            **{found.id: answer(found.box, f"p{found.id[1:]}") for found in seen.faces if draw.chance(0.7)},
            **{id: answer(draw.pick(NEAR), "p0", FaceLabel.OTHER_CHILD) for id in draw.some(["f8", "f9"], 0.2)},
        },
        drawn=tuple(DrawnFace(draw.pick(NEAR), draw.pick([None, *WHO])) for _ in draw.some(range(2), 0.3)),
        not_names=frozenset(draw.some(["n0", "n1"], 0.3)),
        not_a_private_list=draw.chance(0.3),
        no_unseen_people=draw.chance(0.8),
        harmful=draw.pick([None] * 15 + [False, True]),
        may_face_camera=draw.chance(0.5),
        others=draw.chance(0.1),
        unsure=frozenset(draw.some(WHO, 0.05)),
        unbound=frozenset(draw.some(WHO, 0.04)),
        crop=draw.chance(0.2),
    )


def decided(verdict: Verdict) -> dict[str, Any]:
    """All of a verdict but its sentences, and what tells by which policy it was decided; boxes in whole pixels."""

    def place(box: Box | None) -> list[int] | None:
        return [round(number) for number in (box.x, box.y, box.w, box.h)] if box else None

    return {
        "outcome": [verdict.outcome, verdict.photo_outcome, verdict.not_yet, verdict.neutral_name],
        "faces": {face_id: [judged.action, judged.basis] for face_id, judged in verdict.faces.items()},
        "covered": sorted(map(place, verdict.covered), key=str),
        "reasons": sorted([reason.rule, *sorted(reason.faces)] for reason in verdict.reasons),
        "asked": sorted(
            [asked.kind, asked.person or "", asked.face or "", asked.name or "", *sorted(asked.persons)]
            for asked in verdict.questions
        ),
        "crop": verdict.crop and [place(verdict.crop.box), verdict.crop.applied],
    }


def all_decisions() -> list[dict[str, Any]]:
    found = []
    for seed in range(CASES):
        draw = Draw(seed)
        people, seen = drawn_people(draw), drawn_photo(draw)
        answers = drawn_answers(draw, seen)
        if draw.chance(0.3):
            answers = merge(answers, drawn_answers(draw, seen))
        policy = draw.pick([POLICY, COVERED_MEANWHILE])
        verdicts = decide_all(seen, answers, people, policy, CHANNELS, together=draw.chance(0.2))
        found.append({channel: decided(verdict) for channel, verdict in verdicts.items()})
    return found


@pytest.fixture(scope="module")
def decisions() -> list[dict[str, Any]]:
    return all_decisions()


def test_decisions_are_those_of_this_generation(decisions: list[dict[str, Any]]) -> None:
    now = digest(decisions)[:16]
    assert (GENERATION, now) == PINNED, (
        "Photos are judged otherwise than before. Raise GENERATION in vision/models/catalogue.py by one, so that"
        f' folders judged before are judged again, and pin it here: PINNED = (<the new number>, "{now}"). Where'
        " GENERATION was raised for something else, or nothing changed but policy.toml, which tells by itself that it"
        " did, pin only what is now."
    )


def test_the_cases_are_of_many_kinds(decisions: list[dict[str, Any]]) -> None:
    """Else a change of decisions could go unseen."""
    verdicts = [verdict for case in decisions for verdict in case.values()]
    outcomes = [verdict["outcome"][0] for verdict in verdicts]
    assert min(outcomes.count(outcome) for outcome in Outcome) >= 30
    assert len({rule for verdict in verdicts for rule, *_ in verdict["reasons"]}) >= 20
