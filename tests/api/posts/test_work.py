"""What work is done at photos: for one that is asked about none at the others, and none twice by two services."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine, event
from tests.waiting import wait_for

from fotopoort.registry.audit import checkpoints
from fotopoort.registry.photos.serialisation import findings_from_json
from fotopoort.registry.posts import photo_records
from fotopoort.vocabulary import Findings

from ..service import opened
from .posting import POSTS, School, Seeing, make, photo, posting_school, put, say, settled, upload


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
    for path in (f"/photos/{photos[0]}/renditions/website", "", "/zip/website"):
        read.clear()
        assert juf.get(f"{POSTS}/{post}{path}").status_code == 200
        assert len(read) <= 1, path  # what was read for those that were asked about is remembered


def test_an_answer_about_many_photos_takes_no_more_statements_than_about_few(school: School, juf: httpx.Client) -> None:
    counts = []
    heads = school.door.registry.data_folder / checkpoints.FOLDER
    wait_for(lambda: list(heads.glob("school-*.json")))  # the last that maintenance does at the start
    for number in (2, 6):
        post = make(juf, text="")
        photos = upload(juf, post, *(photo(1, 700 + 10 * number + n) for n in range(number)))
        with statements(school) as asked:
            say(juf, post, photos, {"absent": ["daan"]})
            counts.append(len(asked))
    assert counts[0] == counts[1]


@contextmanager
def statements(school: School) -> Iterator[list[str]]:
    """What the database is asked meanwhile, but for what jobs and pull mode ask it."""
    asked: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        if not threading.current_thread().name.startswith(("job", "pull")):
            asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield asked
    event.remove(Engine, "before_cursor_execute", note)


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
