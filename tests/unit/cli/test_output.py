"""The closing line of commands, in both languages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rich.console import Console

from fotopoort.application.contract.posts import question_document
from fotopoort.cli.output import VerdictTable, print_question, print_summary
from fotopoort.policy.policy import Policy
from fotopoort.policy.posts.questions import PostQuestion
from fotopoort.vocabulary import Language, QuestionKind

CASES = [
    pytest.param(
        {"photos": 1, "unjudged": 0, "passed_over": 0, "out": None}, "1 foto.", "1 photo.", id="one photo, and no more"
    ),
    pytest.param(
        {"photos": 3, "unjudged": 1, "passed_over": 1, "out": Path("uit")},
        "3 foto's, 1 niet beoordeeld, 1 ander bestand overgeslagen, nieuwe foto's in uit.",
        "3 photos, 1 could not be judged, 1 other file passed over, renditions in uit.",
        id="everything there is to tell",
    ),
    pytest.param(
        {"photos": 2, "unjudged": 0, "passed_over": 4, "out": None, "unused": 1},
        "2 foto's, 4 andere bestanden overgeslagen, antwoorden over 1 foto die er niet bij is.",
        "2 photos, 4 other files passed over, answers for 1 photo that is not here.",
        id="answers for another photo",
    ),
]


@pytest.mark.parametrize(("counts", "nl", "en"), CASES)
def test_the_last_line(counts: dict[str, int], nl: str, en: str, capsys: pytest.CaptureFixture[str]) -> None:
    for language, expected in ((Language.NL, nl), (Language.EN, en)):
        print_summary(**counts, language=language)  # type: ignore[arg-type]
        assert capsys.readouterr().err == expected + "\n"


@pytest.mark.parametrize(
    ("language", "waits", "stays"),
    [(Language.NL, "nog niet", "niet plaatsen"), (Language.EN, "not yet", "do not publish")],
)
def test_a_photo_that_waits_for_an_answer_is_told_from_one_that_is_rejected(
    language: Language, waits: str, stays: str, policy: Policy, capsys: pytest.CaptureFixture[str]
) -> None:
    rejected: dict[str, object] = {"outcome": "reject", "reasons": [], "questions": [], "rendition": None}
    asks = {"kind": "is_present", "nl": "Staat Noor op deze foto?", "en": "Is Noor in this photo?"}
    verdicts = {"website": rejected | {"not_yet": True, "questions": [asks]}, "facebook": rejected}
    document = {"file": "1.jpg", "sha256": "", "verdicts": verdicts, "names": [], "asks": [asks]}
    VerdictTable(policy, language)(document)
    _, website, facebook, question = capsys.readouterr().out.splitlines()
    assert waits in website
    assert stays in facebook
    assert question.strip() == f"? {asks[language]}", "once, for all channels"
    VerdictTable(policy, language, with_questions=False)(document)
    assert asks[language] not in capsys.readouterr().out


@pytest.mark.parametrize(("kind", "says"), [
    ("any_of_these", "If not"), ("is_name", "If not"), ("unseen_people", "If not"), ("unseen_person", "If not"),
    ("is_harmful", "If not"), ("is_private_list", "If so"), ("may_face_camera", "If so"),
])  # fmt: skip
def test_the_answer_that_settles_a_question_is_told_for_the_answer_that_it_is(
    kind: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What lets all names be read, or a face be shown, is said where that may be."""
    question = PostQuestion("q", QuestionKind(kind), "Vraag?", "Question?", ("a" * 64,), ("p1",), names=("n1",))
    assert question.settles() is not None
    document = question_document(question).as_json()
    print_question(Console(), document, "", Language.EN)
    assert f"{says}, in the answers file: {json.dumps(document['answer'])}" in " ".join(capsys.readouterr().out.split())


def test_every_kind_that_one_answer_settles_is_among_those() -> None:
    settled = {kind for kind in QuestionKind if PostQuestion("q", kind, "", "", persons=("p1",)).settles() is not None}
    (mark,) = (
        mark
        for mark in test_the_answer_that_settles_a_question_is_told_for_the_answer_that_it_is.pytestmark  # type: ignore[attr-defined]
        if mark.name == "parametrize"
    )
    assert {kind for kind, _ in mark.args[1]} == settled
