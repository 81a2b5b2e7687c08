"""A folder in a bucket does what a folder on a disk does."""

from __future__ import annotations

import os
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from tests.s3 import NAME, Server
from tests.unit.batch.storage.paths import IMPOSSIBLE, SETTINGS

from fotopoort.application.folders.passed_over import PassedOver
from fotopoort.batch.storage.bucket import Bucket
from fotopoort.batch.storage.folder import Folder
from fotopoort.batch.storage.storage import DirectoryEntry, Kind, Storage
from fotopoort.batch.storage.walk import shown, walk
from fotopoort.errors import FileUnreadable, FormatNotAllowed, NotHereYet, OutputUnwritable, TooManyBytes
from fotopoort.settings import Settings

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


def listed(storage: Storage, path: str = "") -> set[tuple[str, Kind, int]]:
    return {(entry.name, entry.kind, entry.size) for entry in storage.listing(path)}


# --- what is in it -------------------------------------------------------------------------------------


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


def test_keys_in_folders_of_a_nas_are_passed_over_and_what_may_be_a_photo_is_told(bucket: Bucket) -> None:
    for folder in ("@eaDir/a.jpg", "#recycle", "klas/@eaDir", "klas/Thumbs", "$RECYCLE.BIN/S-1-5", "x.lrdata/0"):
        bucket.write(f"{folder}/a.jpg", b"\xff\xd8\xff")
    contents = {"a.jpg": b"x", "b.pdf": b"%PDF", ".c.jpg.icloud": b"x", "d": b"\xff\xd8\xff", "klas/e.jxl": b"\xff\x0a"}
    for path, content in (contents | {"f.mov": b"x", "g": b"x", "leeg": b"", "Thumbs.db": b"x"}).items():
        bucket.write(path, content)
    passed_over = PassedOver()
    assert {file.path for file in walk(bucket, Bucket.open(bucket.address + "/uit"), passed_over)} == contents.keys()
    assert passed_over.system_folders.total() == 6
    assert passed_over.endings == {".mov": 1, "": 2}
    told = bucket.read(".c.jpg.icloud", SETTINGS)
    assert isinstance(told, NotHereYet)
    bucket.write("groot.mov", b"\0\0\0\x14ftypqt  " + bytes(1_000_000))
    film = bucket.read("groot.mov", SETTINGS)
    assert isinstance(film, FormatNotAllowed)
    assert "video" in film.message.nl
    assert bucket.read("d", SETTINGS) == b"\xff\xd8\xff"
    assert bucket.head("nergens") == b""


# --- reading -------------------------------------------------------------------------------------------


def test_a_photo_over_the_limit_is_not_taken(bucket: Bucket) -> None:
    bucket.write("groot.jpg", bytes(1_000_001))
    bucket.write("past.jpg", bytes(1_000_000))
    assert isinstance(bucket.read("groot.jpg", SETTINGS), TooManyBytes)
    assert bucket.read("past.jpg", SETTINGS) == bytes(1_000_000)


@pytest.mark.parametrize("path", [*IMPOSSIBLE, "weg.jpg", ""])
def test_what_is_not_there_cannot_be_read(path: str, bucket: Bucket) -> None:
    assert isinstance(bucket.read(path, SETTINGS), FileUnreadable)


# --- writing -------------------------------------------------------------------------------------------


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
