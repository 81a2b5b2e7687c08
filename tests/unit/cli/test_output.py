"""The closing line of commands, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from fotopoort.cli.output import print_summary
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
