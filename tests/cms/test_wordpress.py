"""A photo comes into WordPress, by every way that there is, and leaves it again."""

from __future__ import annotations

import pytest
from tests.cms.conftest import WordPress
from tests.cms.gate import SENTENCES, FakeGate
from tests.cms.photos import digest, is_rendition, original


@pytest.mark.parametrize("outcome", ["publish", "blur"])
def test_a_rendition_takes_the_photos_place(wordpress: WordPress, gate: FakeGate, outcome: str) -> None:
    gate.default = outcome  # type: ignore[assignment]
    response = wordpress.upload(original(outcome))
    assert response.status_code == 201, response.text
    files = wordpress.files(response.json()["id"])
    assert set(files) >= {"source", "thumbnail", "medium"}
    assert all(is_rendition(file.content) for file in files.values())


def test_a_reject_is_told_in_dutch_and_is_no_failure(wordpress: WordPress, gate: FakeGate) -> None:
    wordpress.speak("nl_NL")
    gate.default = "reject"
    response = wordpress.upload(original("reject"))
    assert response.status_code == 422
    assert response.json()["message"] == SENTENCES["reject"][0]
    assert digest(original("reject")) in gate.photos
