"""A post of five hundred photos: what is asked of one of them does no work for the others."""

from __future__ import annotations

import httpx
import pytest

from fotopoort.registry.photos.serialisation import findings_from_json
from fotopoort.registry.posts import answers
from fotopoort.vocabulary import Findings

from .posting import POSTS, make, photo, say, settled, upload


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The hashes of the photos of which it was read what was found in them."""
    read: list[str] = []

    def counted(content: object) -> Findings:
        findings = findings_from_json(content)
        read.append(findings.sha256)
        return findings

    monkeypatch.setattr(answers, "findings_from_json", counted)
    return read


def test_nothing_is_read_of_photos_that_are_not_asked_about(juf: httpx.Client, read: list[str]) -> None:
    post = make(juf, text="")
    photos = upload(juf, post, *(photo(1, 300 + number) for number in range(4)))
    say(juf, post, photos, {"absent": ["daan"]})
    settled(juf, post)
    for path, most in (
        (f"/photos/{photos[0]}/renditions/website", 1),
        ("", 4),
        ("/zip/website", 3 * 4),  # which of them may go out, the text, and each when its turn comes
    ):
        read.clear()
        assert juf.get(f"{POSTS}/{post}{path}").status_code == 200
        assert len(read) <= most, path
