"""The closing line of commands, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from fotopoort.cli.output import VerdictTable, print_summary
from fotopoort.policy.policy import Policy
from fotopoort.vocabulary import Language

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
    asks = {"nl": "Staat Noor op deze foto?", "en": "Is Noor in this photo?"}
    verdicts = {"website": rejected | {"not_yet": True, "questions": [asks]}, "facebook": rejected}
    document = {"file": "1.jpg", "sha256": "", "verdicts": verdicts, "names": [], "asks": [asks]}
    VerdictTable(policy, language)(document)
    _, website, facebook, question = capsys.readouterr().out.splitlines()
    assert waits in website
    assert stays in facebook
    assert question.strip() == f"? {asks[language]}", "once, for all channels"
    VerdictTable(policy, language, with_questions=False)(document)
    assert asks[language] not in capsys.readouterr().out
