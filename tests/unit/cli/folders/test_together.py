"""`--together` on whole folders: one message on all channels, by the strictest of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.results import documents
from tests.unit.cli.folders.runs import Run, nothing

from fotopoort.batch.report.html_report import Facts
from fotopoort.cli.folders import folder_run
from fotopoort.vocabulary import Outcome

if TYPE_CHECKING:
    from tests.unit.cli.conftest import Done

GROUP = ("--group", "groep 5")


@pytest.fixture
def class_list(class_list: Path, tmp_path: Path) -> Path:
    """Nobody objects to the closed channel, and some refuse the public ones: the channels differ by themselves."""
    path = tmp_path / "klassenlijst.csv"
    path.write_text(class_list.read_text().replace("bezwaar", ""))
    return path


def outcomes(out: Path) -> dict[str, list[Outcome]]:
    """Of each photo, on its channels."""
    return {
        file: [Outcome(verdict["outcome"]) for verdict in document["verdicts"].values()]
        for file, document in documents(out).items()
    }


def strictest(apart: list[Outcome]) -> list[Outcome]:
    return [max(apart, key=lambda outcome: outcome.strictness)] * len(apart)


def test_every_channel_gets_the_strictest_verdict_and_one_rendition(batch: Run, out: Path) -> None:
    batch(*GROUP)
    apart = outcomes(out)
    assert apart["IMG_2.jpg"] == [Outcome.REJECT, Outcome.PUBLISH]
    assert batch(*GROUP, "--together").status == 0
    assert outcomes(out) == {file: strictest(found) for file, found in apart.items()}
    for document in documents(out).values():
        renditions = [verdict["rendition"] for verdict in document["verdicts"].values()]
        assert len({rendition and rendition["sha256"] for rendition in renditions}) == 1


def test_switching_it_on_or_off_judges_again_and_nothing_else_does(batch: Run, screened_photos: list[str]) -> None:
    judged = []
    for more in ((), ("--together",), ("--together",), (), ()):
        batch(*more)
        judged.append(len(screened_photos))
        screened_photos.clear()
    assert judged == [3, 3, 0, 3, 0]


def test_the_report_tells_of_few_overviews_where_the_folder_is_a_post(
    batch: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the public channel alone. What it says then is tested with the report."""
    told: list[Facts] = []
    monkeypatch.setattr(folder_run, "write_report", lambda entries, facts, out: told.append(facts))
    batch()
    batch("--together")
    assert [[*facts.mostly_overviews] for facts in told] == [[], ["website"]]


def test_watch_takes_it_too(watch: Callable[..., Done], class_list: Path, out: Path) -> None:
    options = ("--channel", "website", "--registry", class_list, *GROUP)
    watch(nothing, nothing, options=options)
    apart = outcomes(out)
    assert apart["IMG_2.jpg"] == [Outcome.PUBLISH, Outcome.REJECT]
    watch(nothing, nothing, options=(*options, "--together"))
    assert outcomes(out) == {file: strictest(found) for file, found in apart.items()}


def test_what_is_asked_of_a_photo_is_answered_with_what_stands_beside_it(batch: Run, tmp_path: Path, out: Path) -> None:
    """On all its channels at once; each question that has one answer is gone once that was given."""
    batch(*GROUP)
    before = documents(out)
    asked = [question for document in before.values() for question in document.get("asks", ()) if "answer" in question]
    assert asked
    answers = tmp_path / "antwoorden.json"
    answers.write_text(
        json.dumps({"posts": [{"photos": question["photos"]} | question["answer"] for question in asked]})
    )
    batch(*GROUP, "--answers", answers)
    after = documents(out)
    still = [question["id"] for document in after.values() for question in document.get("asks", ())]
    assert not {question["id"] for question in asked} & set(still)
    changed = [file for file in before if after[file]["verdicts"] != before[file]["verdicts"]]
    assert changed
