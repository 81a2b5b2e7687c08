"""A folder in a bucket, when the server refuses, is silent or is not there."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from tests.s3 import KEY, NAME, SECRET, Server, environment
from tests.unit.batch.storage.paths import IMPOSSIBLE, SETTINGS

from fotopoort.application.folders.passed_over import PassedOver
from fotopoort.batch.storage import bucket as module
from fotopoort.batch.storage.bucket import Bucket
from fotopoort.batch.storage.walk import shown, walk
from fotopoort.errors import FileUnreadable, FotopoortError, OutputUnwritable, TooManyBytes


def writing(bucket: Bucket, path: str) -> None:
    with bucket.writing(path) as file:
        file.write(b"x")


WAYS: list[Callable[[Bucket, str], None]] = [
    lambda bucket, path: bucket.write(path, b"x"),
    writing,
    lambda bucket, path: bucket.remove(path),
]


def visible(error: FotopoortError) -> str:
    """All that anybody could get to see of an error."""
    assert error.__cause__ is None
    assert error.__suppress_context__
    return f"{error!r} {error} {error.message!r} {error.hint!r}"


@pytest.mark.parametrize("way", WAYS[:2], ids=["write", "writing"])
@pytest.mark.parametrize("path", IMPOSSIBLE)
def test_a_name_that_buckets_do_not_take_is_refused(
    path: str, way: Callable[[Bucket, str], None], bucket: Bucket
) -> None:
    with pytest.raises(OutputUnwritable, match=r"\(a bucket does not take such a name\)\.$") as error:
        way(bucket, path)
    assert ".jpg" not in visible(error.value)


@pytest.mark.parametrize("way", WAYS, ids=["write", "writing", "remove"])
def test_who_may_not_is_told_so_and_nothing_else(
    way: Callable[[Bucket, str], None], s3: Server, bucket: Bucket
) -> None:
    with s3.distrustful():
        with pytest.raises(OutputUnwritable, match=r"\(this key may not\)\.$") as error:
            way(bucket, "klas/kind.jpg")
        with pytest.raises(OSError, match="does not answer as it should"):
            bucket.listing("klas")
        assert isinstance(bucket.read("klas/kind.jpg", SETTINGS), FileUnreadable)
    assert not any(word in visible(error.value) for word in (KEY, SECRET, "kind", NAME))


@pytest.mark.usefixtures("s3")
@pytest.mark.parametrize("way", WAYS[:2], ids=["write", "writing"])
def test_a_bucket_that_is_not_there_takes_nothing(way: Callable[[Bucket, str], None]) -> None:
    elsewhere = Bucket.open("s3://nergens")
    with pytest.raises(OutputUnwritable, match=r"does not answer as it should\)\.$"):
        way(elsewhere, "a.jpg")
    with pytest.raises(OSError, match="does not answer as it should"):
        elsewhere.listing("")


@pytest.fixture
def trying_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "RETRYING", timedelta(0))


@pytest.fixture
def impatient(trying_once: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SILENT", timedelta(milliseconds=200))


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("listens", [True, False])
def test_a_server_that_says_nothing_is_given_up(listens: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        if listens:
            silent.listen()
        environment(f"http://127.0.0.1:{silent.getsockname()[1]}", monkeypatch)
        bucket = Bucket.open("s3://school")
        passed_over = PassedOver()
        assert list(walk(bucket, Bucket.open("s3://uit"), passed_over)) == []
        assert shown(passed_over.unreadable) == (".",)
        assert isinstance(bucket.read("kind.jpg", SETTINGS), FileUnreadable)
        for way in WAYS:
            with pytest.raises(OutputUnwritable, match=r"does not answer as it should\)\.$") as error:
                way(bucket, "kind.jpg")
            assert "kind" not in visible(error.value)


class Promising(BaseHTTPRequestHandler):
    """Says how much it has, and gives a part of it."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", self.path.rpartition("/")[2])
        self.send_header("Last-Modified", "Tue, 12 Mar 2024 10:00:00 GMT")
        self.send_header("ETag", '"1"')
        self.end_headers()
        self.wfile.write(b"een deel")
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.usefixtures("trying_once")
def test_how_large_a_photo_is_counts_before_it_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    with HTTPServer(("127.0.0.1", 0), Promising) as promising:
        thread = threading.Thread(target=promising.serve_forever)
        thread.start()
        try:
            environment(f"http://127.0.0.1:{promising.server_port}", monkeypatch)
            bucket = Bucket.open("s3://school")
            assert isinstance(bucket.read("2000000000", SETTINGS), TooManyBytes)
            assert isinstance(bucket.read("1000", SETTINGS), FileUnreadable)
        finally:
            promising.shutdown()
            thread.join()
