"""Receipts hash what is stored: a name may change in the code, but not in the registry or in earlier receipts."""

from __future__ import annotations

import hashlib
import json

import pytest

from fotopoort.policy.decide import decide_all
from fotopoort.policy.policy import Policy
from fotopoort.registry.photos.serialisation import answers_to_json, findings_to_json, request_to_json
from fotopoort.screening.analysis import Stopwatch
from fotopoort.screening.screen import Request, conclude
from fotopoort.vocabulary import (
    Answers,
    Box,
    DrawnFace,
    Face,
    FaceAnswer,
    FaceLabel,
    Failure,
    Findings,
    Hint,
    HintKind,
    NameHit,
    NamePlace,
    TextLine,
)

EVERYTHING_SEEN = Findings(
    "0" * 64,
    2000,
    1500,
    "JPEG",
    (Face("f1", Box(100, 200.5, 80, 100.25), ((1.0, 2.0),) * 5, 0.9, 60.0, -1.5, 0, True),),
    (Hint(HintKind.GPS, "GPS"), Hint(HintKind.CAPTION, "Iptc.Caption", "Fenna op het plein")),
    (
        NameHit("n1", NamePlace.CAPTION, True, "p1", None, "Fenna", 0, 5),
        NameHit("n2", NamePlace.METADATA, False, None, None, "Roos"),
        NameHit("n3", NamePlace.PICTURE, False, "p2", Box(3, 5, 40, 20), "Sem"),
    ),
    (TextLine("Sem", ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))),),
    True,
    True,
    "0123456789abcdef" * 4,
    True,
    None,
    "models-1",
)
DAMAGED = Failure(
    "damaged",
    "The picture is damaged or cut off.",
    "Copy it from the camera or phone again.",
    "De foto is beschadigd of niet compleet.",
    "Kopieer hem opnieuw van de camera of telefoon.",
)
NOT_JUDGED = Findings("1" * 64, 0, 0, "", failure=DAMAGED)
FAILED_BEFORE_DUTCH = Findings("2" * 64, 0, 0, "", failure=Failure("damaged", "Damaged.", "Send it again."))
EVERYTHING_SAID = Answers(
    frozenset({"groep 5", "groep 6"}),
    frozenset({"p3", "p1"}),
    True,
    frozenset({"p7"}),
    {
        "f2": FaceAnswer(FaceLabel.NO_PUPIL),
        "f1": FaceAnswer(FaceLabel.PERSON, "p1", Box(100, 200.5, 80, 100.25)),
    },
    (DrawnFace(Box(9, 8, 7, 6), "p2"), DrawnFace(Box(1, 1, 1, 1))),
    frozenset({"n2"}),
    True,
    frozenset({("website", "R30"), ("facebook", "R30")}),
)
REQUEST = Request(("website", "facebook"), EVERYTHING_SAID, "Fenna", True, "IMG_1")


def digest(content: object) -> str:
    return hashlib.sha256(json.dumps(content, separators=(",", ":")).encode()).hexdigest()


@pytest.mark.parametrize(
    ("findings", "in_receipt", "stored"),
    [
        (
            EVERYTHING_SEEN,
            "bab44fb5f40ea23f7a8745a07cf17a7cd5f8a5a03ee2430d4663c882def806e9",
            "d14e58edb2552741b8faa2ff84b69caacf8293fb4cabdf7257056efa7155d7c6",
        ),
        (
            NOT_JUDGED,
            "6a05da9318356c2e641d050049b2556c44bb788e75ad8cf3775ec4aec8116c8d",
            "efbde75fea974faca73e89cc42a9b507246fa797c89c8c4735fb32997de428ec",
        ),
        (
            FAILED_BEFORE_DUTCH,
            "35a587d12cda69096eda066e185b33e4fd50956799c9362ceecb5c3f44de3b11",
            "fe6952d1ac05da8e6c344ab38c2c2b2b42b94dd824c51567740fad12a494dd44",
        ),
    ],
    ids=["everything seen", "not judged", "failed before there was Dutch"],
)
def test_findings_are_stored_and_hashed_as_they_always_were(
    findings: Findings, in_receipt: str, stored: str, policy: Policy
) -> None:
    verdicts = decide_all(findings, Answers(), None, policy, ("website",))
    assert conclude(findings, REQUEST, verdicts, {}, Stopwatch()).receipt.findings == in_receipt
    assert digest(findings_to_json(findings)) == stored


@pytest.mark.parametrize(
    ("answers", "in_receipt", "stored"),
    [
        (
            EVERYTHING_SAID,
            "a3f449176021d2d98123b17b1cb687125b0f42cf43787d062331da8345dd74c8",
            "6f60a1b43cfad92dd1ee99803ead8c36f9a5ff6b76e6b18c7dac8fc2006fda45",
        ),
        (
            Answers(),
            "7db910d48a4b791cd99069de110921c71effe64e5f482b2a52dfbac350b3f41a",
            "41002aea768b99c4070f80e707ca52f63fbf8c174af0d8d843b8ef8c83920567",
        ),
    ],
    ids=["everything said", "nothing said"],
)
def test_answers_are_stored_and_hashed_as_they_always_were(
    answers: Answers, in_receipt: str, stored: str, policy: Policy
) -> None:
    verdicts = decide_all(NOT_JUDGED, Answers(), None, policy, ("website",))
    request = Request(("website",), answers)
    assert conclude(NOT_JUDGED, request, verdicts, {}, Stopwatch()).receipt.answers == in_receipt
    assert digest(answers_to_json(answers)) == stored


def test_requests_are_stored_as_they_always_were() -> None:
    assert digest(request_to_json(REQUEST)) == "29b966a69753b117d9203cdc1b193b50159cf5ce37c09d70fe3e09e7c77bf199"
