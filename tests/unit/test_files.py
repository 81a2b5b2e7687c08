"""Files written whole or not at all."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from fotopoort.errors import OutputUnwritable
from fotopoort.files import create_once, remove_partial_files, write_secret, write_whole, writing_whole


def test_much_is_written_bit_by_bit_and_appears_whole(tmp_path: Path) -> None:
    with writing_whole(tmp_path / "new" / "a.jsonl") as file:
        file.write(b"een")
        assert not (tmp_path / "new" / "a.jsonl").exists()
        file.write(b" twee")
    assert (tmp_path / "new" / "a.jsonl").read_bytes() == b"een twee"


def test_what_fails_halfway_leaves_what_was_there(tmp_path: Path) -> None:
    write_whole(tmp_path / "a.jsonl", b"eerst")
    with pytest.raises(KeyError), writing_whole(tmp_path / "a.jsonl") as file:
        file.write(b"half")
        raise KeyError
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a.jsonl": b"eerst"}


def test_what_was_left_half_written_is_swept_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "diep").mkdir()
    for name in (".fotopoort-x.part", "diep/.fotopoort-y.part", "foto.part", ".fotopoort-z", "diep/a.jpg"):
        (tmp_path / name).write_bytes(b"x")
    assert remove_partial_files(tmp_path) == 2
    left = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert left == {"foto.part", ".fotopoort-z", "diep/a.jpg"}


def test_folders_are_made_and_nothing_else_is_left(tmp_path: Path) -> None:
    write_whole(tmp_path / "a" / "b" / "photo.jpg", b"content")
    assert (tmp_path / "a" / "b" / "photo.jpg").read_bytes() == b"content"
    assert [path.name for path in (tmp_path / "a" / "b").iterdir()] == ["photo.jpg"]


def test_what_was_there_is_replaced_in_one_step(tmp_path: Path) -> None:
    """Whoever has the old file open goes on reading the old one."""
    path = tmp_path / "photo.jpg"
    path.write_bytes(b"old and longer")
    with path.open("rb") as reader:
        write_whole(path, b"new")
        assert reader.read() == b"old and longer"
    assert path.read_bytes() == b"new"


def test_a_link_is_replaced_not_followed(tmp_path: Path) -> None:
    original = tmp_path / "original.jpg"
    original.write_bytes(b"original")
    (tmp_path / "photo.jpg").symlink_to(original)
    write_whole(tmp_path / "photo.jpg", b"rendition")
    assert original.read_bytes() == b"original"
    assert (tmp_path / "photo.jpg").read_bytes() == b"rendition"


@pytest.mark.parametrize(
    ("mask", "asked", "mode"), [(0o022, {}, 0o644), (0o077, {}, 0o600), (0o002, {"mode": 0o600}, 0o600)]
)
def test_who_may_read_it_is_as_the_user_and_the_program_say(
    tmp_path: Path, mask: int, asked: dict[str, int], mode: int
) -> None:
    before = os.umask(mask)
    try:
        write_whole(tmp_path / "file", b"", **asked)
    finally:
        os.umask(before)
    assert stat.S_IMODE(os.stat(tmp_path / "file").st_mode) == mode


def test_a_folder_that_cannot_be_is_told_without_its_name(tmp_path: Path) -> None:
    (tmp_path / "taken").write_bytes(b"")
    with pytest.raises(OutputUnwritable) as refused:
        write_whole(tmp_path / "taken" / "photo.jpg", b"content")
    assert str(tmp_path) not in str(refused.value)


def test_a_place_that_is_taken_by_a_folder_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").mkdir()
    with pytest.raises(OutputUnwritable):
        write_whole(tmp_path / "photo.jpg", b"content")
    assert [path.name for path in tmp_path.iterdir()] == ["photo.jpg"]


def test_when_it_is_interrupted_nothing_half_remains(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    (tmp_path / "photo.jpg").write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_whole(tmp_path / "photo.jpg", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["photo.jpg"]
    assert (tmp_path / "photo.jpg").read_bytes() == b"old"


def test_a_secret_is_for_this_user_alone_and_takes_the_place_of_nothing(tmp_path: Path) -> None:
    path = tmp_path / "data" / "key.txt"
    write_secret(path, "geheim")
    assert path.read_text() == "geheim\n"
    assert path.stat().st_mode & 0o777 == 0o600
    link = tmp_path / "link.txt"
    link.symlink_to(tmp_path / "elsewhere")
    for taken in (path, link):
        with pytest.raises(OutputUnwritable):
            write_secret(taken, "ander")
    assert path.read_text() == "geheim\n"
    assert not (tmp_path / "elsewhere").exists()


def test_of_several_that_create_a_file_at_once_all_have_the_first_ones(tmp_path: Path) -> None:
    programs = 8
    together = Barrier(programs)

    def create(number: int, path: Path) -> bytes:
        together.wait()
        return create_once(path, bytes([number]) * 32)

    with ThreadPoolExecutor(programs) as pool:
        for attempt in range(25):
            path = tmp_path / f"folder {attempt}" / "key"
            got = set(pool.map(create, range(programs), [path] * programs))
            assert got == {path.read_bytes()}
            assert [entry.name for entry in path.parent.iterdir()] == ["key"]
            assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_what_cannot_be_created_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OutputUnwritable):
        create_once(tmp_path / "file" / "key", b"")
    (tmp_path / "key").mkdir()
    with pytest.raises(OutputUnwritable):
        create_once(tmp_path / "key", b"")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "key"]
