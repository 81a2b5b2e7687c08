"""Errors over HTTP are in the language that `Accept-Language` asks for."""

from __future__ import annotations

import httpx
import pytest
from tests.other_files import OTHER_FILES
from tests.waiting import PATIENCE

from fotopoort.application.contract.documents import Problem, Unjudged
from fotopoort.errors import (
    UNTIL_THEN,
    FotopoortError,
    HostNotAllowed,
    MethodNotAllowed,
    NotAllowed,
    NotAPhoto,
    TooLarge,
)

from .service import Served

DUTCH = {"Accept-Language": "nl-NL,nl;q=0.9,en;q=0.8"}


def message(answer: httpx.Response, language: str) -> str:
    assert answer.headers["content-language"] == language
    assert answer.headers["vary"] == "Accept-Language"
    return Problem.model_validate(answer.json()).error.message


@pytest.mark.parametrize(
    ("method", "path", "headers", "error"),
    [
        pytest.param("GET", "/v1/screenings/x", {"Authorization": "Bearer wrong"}, NotAllowed, id="from a dependency"),
        pytest.param("DELETE", "/healthz", {}, MethodNotAllowed, id="from the router"),
        pytest.param("GET", "/healthz", {"Host": "evil.example"}, HostNotAllowed, id="from the middleware"),
    ],
)
def test_an_error_is_in_the_language_asked_for(
    client: httpx.Client, method: str, path: str, headers: dict[str, str], error: type[FotopoortError]
) -> None:
    dutch, english = (client.request(method, path, headers=headers | more) for more in (DUTCH, {}))
    assert dutch.status_code == english.status_code == error.http_status
    assert message(dutch, "nl") == error.text.nl
    assert message(english, "en") == error.text.en


def test_a_body_that_is_too_large_is_refused_in_dutch_as_well(client: httpx.Client) -> None:
    answer = client.post("/v1/names", json={"text": "a" * 2_100_000}, headers=DUTCH)
    assert (answer.status_code, message(answer, "nl")) == (413, TooLarge.text.nl)
    assert answer.json()["error"]["hint"] == "Wat je hierheen stuurt, mag hooguit 2 MB zijn."


def test_what_the_framework_finds_wrong_is_told_in_dutch_as_well(client: httpx.Client) -> None:
    assert message(client.get("/nergens", headers=DUTCH), "nl") == "Op dit adres is niets."
    unfit = client.post("/v1/names", json={"text": 1}, headers=DUTCH)
    assert message(unfit, "nl") == "body.text ontbreekt, of is niet wat het moet zijn."
    unknown = client.post("/v1/names", json={"text": "Hoi", "Sanne": 1}, headers=DUTCH)
    assert message(unknown, "nl") == "body heeft een onbekend veld."
    assert (
        message(client.post("/v1/names", json={"text": 1}), "en") == "body.text is missing, or is not what it must be."
    )


def test_a_language_that_is_not_there_is_answered_in_english(client: httpx.Client) -> None:
    answer = client.get("/nergens", headers={"Accept-Language": "fr-CH, fr;q=0.9, de;q=0.5"})
    assert message(answer, "en") == "There is nothing at this address."


@pytest.mark.parametrize(("headers", "language"), [(DUTCH, "nl"), ({}, "en")])
def test_the_error_of_a_photo_follows_though_another_process_found_it(
    client: httpx.Client, headers: dict[str, str], language: str
) -> None:
    answer = client.post("/v1/screenings", files={"photo": b"no picture"}, data={"channel": "website"}, headers=headers)
    error = Unjudged.model_validate(answer.json()).error
    assert error.as_json() == NotAPhoto().as_dict(language)


@pytest.mark.parametrize(("headers", "language"), [(DUTCH, "nl"), ({}, "en")])
def test_each_file_that_holds_no_photo_we_take_says_what_it_is_and_what_to_do(
    client: httpx.Client, headers: dict[str, str], language: str
) -> None:
    photos = [("photo", (file.name, file.content)) for file in OTHER_FILES]
    answer = client.post("/v1/screenings", files=photos, data={"channel": "website"}, headers=headers)
    assert answer.status_code == 200
    for document, file in zip(answer.json()["screenings"], OTHER_FILES, strict=True):
        judged = Unjudged.model_validate(document)
        words = file.nl if language == "nl" else file.en
        assert judged.error.code == file.code
        assert words[0] in judged.error.message
        assert words[1] in judged.error.hint
        assert judged.error.hint.endswith(f"{UNTIL_THEN:{language}}")
        assert document["verdicts"]["website"]["outcome"] == "reject"


def test_an_answer_that_is_no_error_names_no_language(served: Served) -> None:
    assert "content-language" not in httpx.get(f"{served.url}/healthz", headers=DUTCH, timeout=PATIENCE).headers
