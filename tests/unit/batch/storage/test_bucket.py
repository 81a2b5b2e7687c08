"""A folder in a bucket does what a folder on a disk does."""

from __future__ import annotations

import os
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.utils import parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from tests.s3 import KEY, NAME, SECRET, Server, environment, server

from fotopoort.batch.storage import bucket as module
from fotopoort.batch.storage.address import open_storage
from fotopoort.batch.storage.bucket import Bucket
from fotopoort.batch.storage.folder import Folder
from fotopoort.batch.storage.storage import DirectoryEntry, Kind, Storage
from fotopoort.batch.storage.walk import PassedOver, shown, walk
from fotopoort.errors import BadSetting, FileUnreadable, FotopoortError, OutputUnwritable, TooManyBytes
from fotopoort.settings import Settings

SETTINGS = Settings(max_megabytes=1)
NAMES = [
    "klas 5/é_1.jpg",
    "e\u0301.jpg",
    "a b.jpg",
    "a+b.jpg",
    "100%.jpg",
    "a%20b.jpg",
    "a#b?.jpg",
    "~(a)*&<b>'\".jpg",
    "😀.jpg",
]
IMPOSSIBLE = ["a\nb.jpg", "a\udcff.jpg", "a//b.jpg", "../a.jpg"]


@pytest.fixture(scope="module")
def running() -> Iterator[Server]:
    with server() as running:
        yield running


@pytest.fixture
def s3(running: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """A server with an empty bucket, which the environment names."""
    running.empty()
    environment(running.url, monkeypatch)
    return running


@pytest.fixture
def bucket(s3: Server) -> Bucket:
    return Bucket.open(f"s3://{NAME}/foto's/2024")


def listed(storage: Storage, path: str = "") -> set[tuple[str, Kind, int]]:
    return {(entry.name, entry.kind, entry.size) for entry in storage.listing(path)}


# --- its address -----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("s3")
@pytest.mark.parametrize(
    ("given", "address", "name"),
    [
        ("s3://school", "s3://school", "school"),
        ("s3://school/", "s3://school", "school"),
        ("s3://school/a/klas 5//", "s3://school/a/klas 5", "klas 5"),
        ("s3://school/100%#?", "s3://school/100%#?", "100%#?"),
    ],
)
def test_an_address_is_the_same_however_it_is_written(given: str, address: str, name: str) -> None:
    storage = open_storage(given)
    assert (storage.address, storage.name, storage.identity("")) == (address, name, address)
    assert storage == open_storage(address)
    assert storage.identity("klas/") == storage.identity("klas") == f"{address}/klas"
    assert storage.shown("a\n.jpg") == f"{address}/a\\n.jpg"


def test_it_shows_nothing_of_itself(bucket: Bucket) -> None:
    assert repr(bucket) == "Bucket()"
    assert SECRET not in repr(bucket.store)


@pytest.mark.usefixtures("s3")
@pytest.mark.parametrize(
    "address", ["s3://", "s3:///a", "s3://.a/b", "s3://een twee/b", f"s3://{KEY}:{SECRET}@school/a"]
)
def test_an_address_without_a_bucket_is_refused(address: str) -> None:
    with pytest.raises(BadSetting, match=r"^This is not the address of a bucket\.$"):
        open_storage(address)


@pytest.mark.usefixtures("s3")
@pytest.mark.parametrize("prefix", ["a//b", "a/../b", "./a", "a\nb", "a\udcff"])
def test_a_folder_that_a_bucket_cannot_have_is_refused(prefix: str) -> None:
    with pytest.raises(BadSetting, match=r"^No folder in a bucket is called so\.$"):
        open_storage(f"s3://school/{prefix}")


# --- what the environment says ---------------------------------------------------------------------------


@pytest.mark.usefixtures("s3")
@pytest.mark.parametrize("missing", ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
def test_a_key_that_is_not_set_is_asked_for(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(missing, "")
    with pytest.raises(BadSetting, match=r"^There is no key for the bucket\.$") as error:
        open_storage("s3://school")
    assert error.value.hint.en == "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
    assert error.value.message.nl == "Er is geen sleutel voor de bucket."


@pytest.mark.usefixtures("s3")
def test_a_role_will_do_for_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_WEB_IDENTITY_TOKEN_FILE", "/var/run/secrets/token")
    assert open_storage("s3://school").address == "s3://school"


@pytest.mark.usefixtures("s3")
@pytest.mark.parametrize("endpoint", ["", None])
def test_without_a_server_the_region_must_be_known(endpoint: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    if endpoint is not None:
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    with pytest.raises(BadSetting, match=r"^It is not known where the bucket is\.$"):
        open_storage("s3://school")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    amazon = Bucket.open("s3://school").store
    assert {"eu-central-1", "https://s3.eu-central-1.amazonaws.com"} <= set(amazon.config.values())
    assert amazon.client_options is not None
    assert str(amazon.client_options["allow_http"]) == "false"


@pytest.mark.usefixtures("s3")
@pytest.mark.parametrize(
    "endpoint", ["geheim", "ftp://geheim", "http://geheim:1 x", "http://", "https://ik:geheim@host", "http://h:99999"]
)
def test_a_server_that_cannot_be_is_refused(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    with pytest.raises(BadSetting, match=r"^AWS_ENDPOINT_URL takes https://HOST or http://HOST\.$"):
        open_storage("s3://school")


@pytest.mark.usefixtures("s3")
def test_what_the_library_does_not_take_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_CONDITIONAL_PUT", "geheim")
    with pytest.raises(BadSetting, match=r"^What is set for the bucket cannot be used\.$"):
        open_storage("s3://school")


def test_without_the_library_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "fotopoort.batch.storage.bucket")
    monkeypatch.setitem(sys.modules, "obstore.exceptions", None)
    with pytest.raises(BadSetting) as error:
        open_storage("s3://school")
    assert error.value.hint == ("Installeer fotopoort[s3].", "Install fotopoort[s3].")


# --- what is in it ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_a_name_stays_what_it_is(name: str, s3: Server, bucket: Bucket) -> None:
    folder, _, file = name.rpartition("/")
    bucket.write(name, b"inhoud")
    assert s3.get(f"foto's/2024/{name}").content == b"inhoud"
    assert listed(bucket, folder) == {(file, Kind.FILE, 6)}
    assert bucket.read(name, SETTINGS) == b"inhoud"
    bucket.remove(name)
    assert bucket.listing("") == []


def test_a_listing_is_of_one_folder(s3: Server, bucket: Bucket) -> None:
    for key in ("a.jpg", "a/b.jpg", "a/c/d.jpg", "a/c/e.jpg", "ab/f.jpg"):
        s3.put(f"foto's/2024/{key}", b"1234")
    s3.put("foto's/2024b/g.jpg")
    assert listed(bucket) == {("a.jpg", Kind.FILE, 4), ("a", Kind.FOLDER, 0), ("ab", Kind.FOLDER, 0)}
    assert listed(bucket, "a") == listed(bucket, "a/") == {("b.jpg", Kind.FILE, 4), ("c", Kind.FOLDER, 0)}


def test_a_file_has_the_time_that_the_server_gave_it(s3: Server, bucket: Bucket) -> None:
    s3.put("foto's/2024/a.jpg")
    (entry,) = bucket.listing("")
    modified = parsedate_to_datetime(s3.get("foto's/2024/a.jpg").headers["Last-Modified"])
    assert entry == DirectoryEntry("a.jpg", Kind.FILE, 1, int(modified.timestamp()) * 1_000_000_000)


def test_a_folder_of_thousands_is_listed_to_its_end(
    s3: Server, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("moto.settings.get_s3_default_max_keys", lambda: 2)
    for number in range(5):
        s3.put(f"foto's/2024/{number}.jpg")
    assert len(bucket.listing("")) == 5


def test_a_mark_that_a_folder_is_there_is_no_file(s3: Server, bucket: Bucket) -> None:
    for key in ("foto's/2024/", "foto's/2024/leeg/", "foto's/2024/a.jpg/"):
        s3.put(key, b"")
    assert listed(bucket) == {("leeg", Kind.FOLDER, 0), ("a.jpg", Kind.FOLDER, 0)}
    assert bucket.listing("leeg") == []


def test_the_root_may_be_empty_but_no_other_folder(bucket: Bucket) -> None:
    assert bucket.listing("") == []
    with pytest.raises(FileNotFoundError):
        bucket.listing("weg")


@pytest.mark.parametrize("key", ["foto's/2024//a.jpg", "foto's/2024/./a.jpg", "foto's/2024/../a.jpg"])
def test_a_folder_with_a_key_that_is_no_path_is_told_as_unreadable(key: str, s3: Server, bucket: Bucket) -> None:
    s3.put(key)
    assert s3.get(key).content == b"x"
    with pytest.raises(OSError, match="does not answer as it should"):
        bucket.listing("")


def test_a_key_that_begins_with_a_slash_does_not_make_a_folder_of_itself(s3: Server) -> None:
    s3.put("/a.jpg")
    s3.put("b.jpg")
    passed_over = PassedOver()
    whole = Bucket.open(f"s3://{NAME}")
    assert list(walk(whole, Bucket.open(f"s3://{NAME}/uit"), passed_over)) == []
    assert shown(passed_over.unreadable) == (".",)


def test_a_walk_finds_what_it_finds_on_a_disk(bucket: Bucket, tmp_path: Path) -> None:
    on_disk = Folder(tmp_path)
    more = "a.heic a.jpg A.png a.jpg.txt .b.jpg .map/c.jpg klas/a.jpg klas/a.webp klas-6/b.JPG klas/lijst.csv".split()
    for path in [*NAMES, *more, "uit/website/a.jpg"]:
        for storage in (bucket, on_disk):
            storage.write(path, os.fsencode(path))
    found, counts = [], []
    for storage, out in ((bucket, Bucket.open(bucket.address + "/uit")), (on_disk, Folder(tmp_path / "uit"))):
        passed_over = PassedOver()
        found.append([(file.path, file.size, file.stem) for file in walk(storage, out, passed_over)])
        counts.append(passed_over)
    assert found[0] == found[1]
    assert counts[0] == counts[1] == PassedOver(hidden=2, unsupported=2)


# --- reading ---------------------------------------------------------------------------------------------


def test_a_photo_over_the_limit_is_not_taken(bucket: Bucket) -> None:
    bucket.write("groot.jpg", bytes(1_000_001))
    bucket.write("past.jpg", bytes(1_000_000))
    assert isinstance(bucket.read("groot.jpg", SETTINGS), TooManyBytes)
    assert bucket.read("past.jpg", SETTINGS) == bytes(1_000_000)


@pytest.mark.parametrize("path", [*IMPOSSIBLE, "weg.jpg", ""])
def test_what_is_not_there_cannot_be_read(path: str, bucket: Bucket) -> None:
    assert isinstance(bucket.read(path, SETTINGS), FileUnreadable)


# --- writing ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("report.html", "text/html"),
        ("report/report.css", "text/css"),
        ("website/a.b.jpg", "image/jpeg"),
        ("results.csv", "text/csv"),
        ("a.nergens-bekend", "application/octet-stream"),
        ("zonder", "application/octet-stream"),
    ],
)
def test_what_is_written_opens_in_a_browser_and_stays_in_no_cache(
    path: str, kind: str, s3: Server, bucket: Bucket
) -> None:
    bucket.write(path, b"x")
    headers = s3.get(f"foto's/2024/{path}").headers
    assert (headers["Content-Type"].partition(";")[0], headers["Cache-Control"]) == (kind, "no-store")


def test_much_is_written_bit_by_bit_and_appears_whole(bucket: Bucket) -> None:
    bit = bytes(range(256)) * 4096
    with bucket.writing("results.jsonl") as file:
        for _ in range(6):
            file.write(bit)
        assert bucket.listing("") == []
    assert bucket.read("results.jsonl", Settings(max_megabytes=10)) == bit * 6


@pytest.mark.parametrize(("raised", "met"), [(KeyError, KeyError), (OSError(28, "No space left"), OutputUnwritable)])
def test_what_fails_halfway_leaves_what_was_there(
    raised: type[Exception] | Exception, met: type[Exception], bucket: Bucket
) -> None:
    bucket.write("a.jsonl", b"eerst")
    with pytest.raises(met), bucket.writing("a.jsonl") as file:
        file.write(b"half")
        raise raised
    assert bucket.read("a.jsonl", SETTINGS) == b"eerst"
    assert len(bucket.listing("")) == 1


def test_what_was_there_is_replaced(bucket: Bucket) -> None:
    bucket.write("a.jpg", b"old and longer")
    bucket.write("a.jpg", b"new")
    assert bucket.read("a.jpg", SETTINGS) == b"new"


@pytest.mark.parametrize("path", [*IMPOSSIBLE, "weg.jpg"])
def test_what_is_not_there_is_taken_away_in_silence(path: str, bucket: Bucket) -> None:
    bucket.write("a.jpg", b"x")
    bucket.remove(path)
    bucket.sweep()
    assert listed(bucket) == {("a.jpg", Kind.FILE, 1)}


# --- when it does not go well ----------------------------------------------------------------------------


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
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SILENT", timedelta(milliseconds=200))
    monkeypatch.setattr(module, "RETRYING", timedelta(0))


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


@pytest.mark.usefixtures("impatient")
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
