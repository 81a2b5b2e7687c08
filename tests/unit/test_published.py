"""What was ever promised to other programs is still there: things are added, and nothing is taken away."""

from __future__ import annotations

import pytest
from tests import published


@pytest.fixture(scope="module")
def now() -> frozenset[str]:
    """What is promised today."""
    return published.published()


def test_nothing_that_was_promised_is_taken_away(now: frozenset[str]) -> None:
    """Where this fails, something that counts on it breaks: keep the old beside the new."""
    assert published.taken_away(published.promised(), now) == []


def test_whatever_is_promised_is_written_down(now: frozenset[str]) -> None:
    """Or the next change could take it away: python -m tests.published."""
    assert sorted(now - published.promised()) == []


def test_all_kinds_of_promises_are_in_the_list() -> None:
    """One of each, so that no part of the list is empty by mistake."""
    assert {
        "http POST /v1/screenings",
        "http GET /v1/registry/groups query year: integer",
        "http POST /v1/screenings answers 429 application/json",
        "http POST /v1/screenings takes multipart/form-data photo: list of string",
        "Judged (given) verdicts: always",
        "Outcome (given): “blur”",
        "document Inspected faces: list of InspectedFace",
        "document Several post: Post",
        "rule R01",
        "word QuestionKind “outsiders”",
        "answers may_face_camera",
        "answers faces box",
        "answers posts others",
        "error damaged: HTTP 422, exit 1",
        "exit 3",
        "cli screen --channel",
        "cli screen --channel several",
        "cli screen <photos>",
        "cli registry consent --from",
        "cli names check --lang “nl”",
        "environment FOTOPOORT_DATA_FOLDER",
        "environment FOTOPOORT_PRECISION “int8”",
        "table consent wording",
        "results.csv <channel>: uitkomst",
        "class list column “geboortedatum”: born",
        "consent list column “kanaal”: channel",
        "policy.toml channels website purpose",
        "needs: http GET /v1/registry/groups/{group} query channel",
        "needs: cli screen <photos>",
    } <= published.promised()


@pytest.mark.parametrize(
    ("before", "now", "taken"),
    [
        pytest.param({"rule R01"}, {"rule R01", "rule R02"}, [], id="something more"),
        pytest.param({"rule R01", "rule R02"}, {"rule R01"}, ["rule R02"], id="something less"),
        pytest.param({"A b: string"}, {"A b: string", "A b: null"}, [], id="another kind of value"),
        pytest.param({"A (given) b: always"}, set(), ["A (given) b: always"], id="no longer always there"),
        pytest.param({"needs: cli a --b", "cli a --b"}, {"cli a --b"}, [], id="no longer needed"),
        pytest.param(
            {"cli a --b"}, {"cli a --b", "needs: cli a --b"}, ["needs: cli a --b"], id="needed from now on"
        ),
        pytest.param(
            {"cli a"}, {"cli a", "cli a <c>", "needs: cli a <c>"}, ["needs: cli a <c>"], id="something new is needed"
        ),
        pytest.param({"cli a"}, {"cli a", "cli ab", "needs: cli ab <c>"}, [], id="of a new command"),
        pytest.param(
            {"http POST /a"},
            {"http POST /a", "needs: http POST /a takes text/plain b"},
            ["needs: http POST /a takes text/plain b"],
            id="a route that took nothing",
        ),
        pytest.param({"http GET /a"}, {"http GET /a", "needs: http GET /a/{b} path b"}, [], id="of a new route"),
        pytest.param({"A (given) b: string"}, {"A (given) b: string", "needs: A (taken) b"}, [], id="taken, at last"),
    ],
)  # fmt: skip
def test_what_is_taken_away_is_told_from_what_is_added(before: set[str], now: set[str], taken: list[str]) -> None:
    assert published.taken_away(frozenset(before), frozenset(now)) == taken
