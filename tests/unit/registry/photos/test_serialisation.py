"""Findings, answers and requests as JSON: they come back exactly the same, and anything else is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fotopoort.errors import RegistryError
from fotopoort.registry.photos.serialisation import (
    answers_from_json,
    answers_to_json,
    findings_from_json,
    findings_to_json,
    request_from_json,
    request_to_json,
)
from fotopoort.screening.screen import Request
from fotopoort.screening.stored_form import without_texts
from fotopoort.vocabulary import (
    Answers,
    Box,
    DrawnFace,
    Face,
    FaceAnswer,
    FaceLabel,
    Failure,
    Figure,
    Findings,
    Hint,
    HintKind,
    NameHit,
    NamePlace,
    Pattern,
)

NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.integers(0, 10_000)
TEXTS = st.text(max_size=12)
BOXES = st.builds(Box, NUMBERS, NUMBERS, NUMBERS, NUMBERS)
POINTS = st.tuples(NUMBERS, NUMBERS)
IDS = st.sampled_from(["p1", "p2", "leerling é", "\N{SNOWMAN}"])
FACES = st.builds(
    Face, TEXTS, BOXES, st.lists(POINTS, max_size=5).map(tuple), NUMBERS, NUMBERS, NUMBERS, NUMBERS, st.booleans()
)
HINTS = st.builds(Hint, st.sampled_from(HintKind), TEXTS, st.sampled_from([None, "", "…"]))
FIGURES = st.builds(Figure, BOXES, NUMBERS, st.none() | TEXTS)
NAMES = st.builds(
    NameHit, TEXTS, st.sampled_from(NamePlace), st.booleans(), st.none() | IDS, st.none() | BOXES, st.none() | TEXTS
)
FINDINGS = st.builds(
    Findings,
    sha256=TEXTS,
    width=st.integers(0, 10_000),
    height=st.integers(0, 10_000),
    format=TEXTS,
    faces=st.lists(FACES, max_size=3).map(tuple),
    hints=st.lists(HINTS, max_size=3).map(tuple),
    names=st.lists(NAMES, max_size=3).map(tuple),
    has_text=st.booleans(),
    names_checked=st.booleans(),
    blocked=st.booleans(),
    failure=st.none() | st.builds(Failure, TEXTS, TEXTS, TEXTS),
    models=TEXTS,
    perceptual_hash=TEXTS,
    pattern=st.none() | st.sampled_from(Pattern),
    figures=st.lists(FIGURES, max_size=3).map(tuple),
)
ANSWERS = st.builds(
    Answers,
    groups=st.frozensets(TEXTS),
    present=st.frozensets(IDS),
    only_present=st.booleans(),
    absent=st.frozensets(IDS),
    faces=st.dictionaries(TEXTS, st.builds(FaceAnswer, st.sampled_from(FaceLabel), st.none() | IDS, st.none() | BOXES)),
    drawn=st.lists(st.builds(DrawnFace, BOXES, st.none() | IDS), max_size=3).map(tuple),
    not_names=st.frozensets(TEXTS),
    not_a_private_list=st.booleans(),
    no_unseen_people=st.booleans(),
    others=st.booleans(),
    unsure=st.frozensets(IDS),
    left_open=st.frozensets(TEXTS),
    unbound=st.frozensets(IDS),
)
CHANNELS = st.lists(TEXTS, max_size=3).map(tuple)


def through_json(content: object) -> Any:  # noqa: ANN401
    return json.loads(json.dumps(content, allow_nan=False))


@given(FINDINGS)
def test_findings_come_back(findings: Findings) -> None:
    assert findings_from_json(through_json(findings_to_json(findings))) == without_texts(findings)


@given(ANSWERS)
def test_answers_come_back(answers: Answers) -> None:
    assert answers_from_json(through_json(answers_to_json(answers))) == answers


@given(CHANNELS, ANSWERS, st.booleans())
def test_a_request_comes_back_without_the_caption(channels: tuple[str, ...], answers: Answers, together: bool) -> None:
    stored = request_to_json(Request(channels, answers, "Fenna op het plein", together))
    assert "Fenna" not in json.dumps(stored)
    assert request_from_json(through_json(stored), answers) == Request(channels, answers, None, together)


def test_of_texts_in_the_file_only_that_they_were_there_is_kept() -> None:
    texts = ("Fenna", "", None)
    findings = Findings(
        "0" * 64, 1, 1, "JPEG", hints=tuple(Hint(HintKind.CAPTION, "Iptc.Caption", text) for text in texts)
    )
    stored = findings_to_json(findings)
    assert [bool(hint.text) for hint in findings_from_json(stored).hints] == [True, False, False]
    assert "Fenna" not in json.dumps(stored)


SEEN = through_json(
    findings_to_json(
        Findings(
            "0" * 64,
            640,
            480,
            "JPEG",
            faces=(Face("f1", Box(1, 2, 3, 4), ((1.0, 2.0),), 0.9, 0, 0, 0, True),),
            hints=(Hint(HintKind.GPS, "GPS"),),
        )
    )
)


@pytest.mark.parametrize(
    "changed",
    [
        None,
        [],
        {},
        {key: value for key, value in SEEN.items() if key != "faces"},
        {key: value for key, value in SEEN.items() if key != "blocked"},
        SEEN | {"more": 1},
        SEEN | {"width": "640"},
        SEEN | {"width": 640.0},
        SEEN | {"width": True},
        SEEN | {"width": None},
        SEEN | {"has_text": 0},
        SEEN | {"faces": {}},
        SEEN | {"faces": [[]]},
        SEEN | {"faces": [SEEN["faces"][0] | {"score": float("nan")}]},
        SEEN | {"faces": [SEEN["faces"][0] | {"landmarks": [[1.0, 2.0, 3.0]]}]},
        SEEN | {"hints": [{"kind": "nothing", "field": "", "text": None}]},
        SEEN | {"failure": {"code": "error"}},
    ],
)
def test_what_is_not_exactly_what_was_stored_is_refused(changed: object) -> None:
    """Above all what would look like a photo without faces."""
    with pytest.raises(RegistryError):
        findings_from_json(changed)


def test_a_set_with_a_member_twice_is_refused() -> None:
    with pytest.raises(RegistryError):
        answers_from_json(answers_to_json(Answers()) | {"absent": ["p1", "p1"]})


def test_what_json_cannot_hold_is_not_stored() -> None:
    with pytest.raises(RegistryError):
        findings_to_json(
            Findings(
                "0" * 64, 1, 1, "JPEG", names=(NameHit("n1", NamePlace.CODE, True, box=Box(0, 0, 1, float("inf"))),)
            )
        )


def test_who_was_on_the_list_is_stored_only_where_it_was_said() -> None:
    assert "listed" not in answers_to_json(Answers(only_present=True))
    said = Answers(only_present=True, listed=frozenset({"p2", "p1"}))
    assert answers_to_json(said)["listed"] == ["p1", "p2"]
    assert answers_from_json(answers_to_json(said)) == said
    assert answers_from_json(answers_to_json(Answers(listed=frozenset()))) == Answers(listed=frozenset())


def test_a_pattern_is_stored_only_where_there_is_one_and_what_was_stored_before_is_read() -> None:
    plain = Findings("0" * 64, 1, 1, "JPEG")
    assert "pattern" not in findings_to_json(plain)
    assert findings_from_json(findings_to_json(plain)).pattern is None
    stored = through_json(findings_to_json(replace(plain, pattern=Pattern.SCREEN)))
    assert stored["pattern"] == "screen"
    assert findings_from_json(stored).pattern is Pattern.SCREEN
    with pytest.raises(RegistryError):
        findings_from_json(stored | {"pattern": "stripes"})


def test_that_nobody_else_is_seen_is_stored_only_where_it_was_said() -> None:
    assert "no_unseen_people" not in answers_to_json(Answers())
    assert answers_to_json(Answers(no_unseen_people=True))["no_unseen_people"] is True
    assert answers_from_json(answers_to_json(Answers(no_unseen_people=True))) == Answers(no_unseen_people=True)


def test_figures_are_stored_only_where_there_are_any_and_what_was_stored_before_is_read() -> None:
    plain = Findings("00" * 32, 800, 600, "JPEG")
    assert "figures" not in findings_to_json(plain)
    assert findings_from_json(findings_to_json(plain)).figures == ()
    seen = (Figure(Box(10.5, 20, 100, 300), 0.75, "f1"), Figure(Box(200, 20, 100, 300), 0.5))
    stored = through_json(findings_to_json(replace(plain, figures=seen)))
    assert [figure["face"] for figure in stored["figures"]] == ["f1", None]
    assert findings_from_json(stored).figures == seen
