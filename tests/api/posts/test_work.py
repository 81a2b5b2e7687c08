"""What work is done at photos: for one that is asked about none at the others, and none twice by two services."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from fotopoort.registry.photos.serialisation import findings_from_json
from fotopoort.registry.posts import photo_records
from fotopoort.vocabulary import Findings

from ..service import opened
from .posting import POSTS, Seeing, make, photo, posting_school, put, say, settled, upload


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The hashes of the photos of which it was read what was found in them."""
    read: list[str] = []

    def counted(content: object) -> Findings:
        findings = findings_from_json(content)
        read.append(findings.sha256)
        return findings

    monkeypatch.setattr(photo_records, "findings_from_json", counted)
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


def test_two_services_on_one_database_judge_each_photo_once(tmp_path: Path) -> None:
    data, others = tmp_path / "data", Seeing()
    with posting_school(data) as school, opened(data, others, {}) as second:
        with school.client() as juf, second.client(school.keys["meester"]) as meester:
            post = make(juf, text="")
            for number in range(6):
                for client in (juf, meester):
                    assert put(client, post, photo(1, 10 * number + (client is juf))).status_code == 200
            ids = [of["id"] for of in settled(juf, post)["photos"]]
            revision = say(meester, post, ids, {"absent": ["daan"]})["revision"]
            assert settled(juf, post)["revision"] > revision
            assert juf.get(f"{POSTS}/{post}/zip/website").content == meester.get(f"{POSTS}/{post}/zip/website").content
    assert school.screeners.looked_at + others.looked_at == len(ids)
    assert school.screeners.rendered + others.rendered == len(ids)
