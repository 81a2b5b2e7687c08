"""Originals that are held: encrypted, for a while, and under a key that can be changed."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest

from fotopoort.errors import KeyMissing, PhotoGone
from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.photos import originals
from fotopoort.registry.registry import Registry
from fotopoort.registry.store import sealed_files
from fotopoort.vocabulary import Answers

from ..conftest import Clock
from ..screened_photos import PHOTO, fill, remembered

GROUP = Answers(groups=frozenset({"groep 5"}))


@pytest.fixture
def held(registry: Registry, caller: Caller) -> str:
    """The id of a screening whose original is held for an hour."""
    fill(registry, caller)
    screening = remembered(registry, caller, GROUP)
    with registry.write(caller, Act.SCREEN) as session:
        originals.hold(session, screening.id, PHOTO, 1)
    return screening.id


def take(registry: Registry, caller: Caller, screening: str) -> bytes:
    with registry.read(caller, Act.SCREEN) as session:
        return originals.take(session, screening)


def file(registry: Registry, screening: str) -> Path:
    return registry.data_folder / "originals" / "school" / screening


def test_a_photo_comes_back_as_it_was(registry: Registry, caller: Caller, held: str) -> None:
    assert take(registry, caller, held) == PHOTO
    path = file(registry, held)
    assert PHOTO not in path.read_bytes()
    key = registry.keys_folder / "originals.key"
    assert [file.stat().st_mode & 0o777 for file in (path, key)] == [0o600, 0o600]
    assert [folder.stat().st_mode & 0o777 for folder in (path.parent, path.parent.parent, key.parent)] == [0o700] * 3


def test_after_its_time_it_is_gone_and_then_erased(registry: Registry, caller: Caller, held: str, clock: Clock) -> None:
    clock.now += timedelta(hours=1)
    with pytest.raises(PhotoGone):
        take(registry, caller, held)
    assert file(registry, held).exists()
    with registry.write(caller, Act.MAINTAIN) as session:
        assert originals.erase_expired(session) == 1
        assert originals.erase_expired(session) == 0
    assert not file(registry, held).exists()


def test_where_nothing_is_held_there_is_nothing(registry: Registry, caller: Caller) -> None:
    fill(registry, caller)
    screening = remembered(registry, caller, GROUP)
    with registry.write(caller, Act.SCREEN) as session:
        originals.hold(session, screening.id, PHOTO, 0)
    with pytest.raises(PhotoGone):
        take(registry, caller, screening.id)
    assert not registry.keys_folder.exists()


def test_a_file_that_was_changed_or_moved_is_none(registry: Registry, caller: Caller, held: str) -> None:
    second = remembered(registry, caller, GROUP).id
    with registry.write(caller, Act.SCREEN) as session:
        originals.hold(session, second, PHOTO, 1)
    path = file(registry, held)
    for content in (path.read_bytes()[:-1] + b"x", b"", b"short", file(registry, second).read_bytes()):
        path.write_bytes(content)
        with pytest.raises(PhotoGone):
            take(registry, caller, held)


def test_without_the_key_nothing_opens_and_no_other_is_made(registry: Registry, caller: Caller, held: str) -> None:
    key = registry.keys_folder / "originals.key"
    original_key = key.read_bytes()
    key.unlink()
    with pytest.raises(KeyMissing):
        take(registry, caller, held)
    with pytest.raises(KeyMissing), registry.write(caller, Act.SCREEN) as session:
        originals.hold(session, held, PHOTO, 1)
    key.write_bytes(original_key)
    with pytest.raises(KeyMissing, match="read by others"):
        take(registry, caller, held)
    key.chmod(0o600)
    assert take(registry, caller, held) == PHOTO


def test_another_schools_photos_keep_the_key_from_being_made_anew(
    registry: Registry, caller: Caller, other_school: Caller, held: str
) -> None:
    (registry.keys_folder / "originals.key").unlink()
    with pytest.raises(KeyMissing), registry.write(other_school, Act.SCREEN) as session:
        originals.hold(session, "x", PHOTO, 1)


def test_under_a_new_key_everything_opens_and_the_old_one_is_gone(
    registry: Registry, caller: Caller, held: str
) -> None:
    key = registry.keys_folder / "originals.key"
    before = key.read_bytes()
    with registry.write(caller, Act.MAINTAIN) as session:
        assert sealed_files.rotate(session) == 1
    assert key.read_bytes() != before
    assert key.stat().st_mode & 0o777 == 0o600
    assert take(registry, caller, held) == PHOTO
    key.write_bytes(before)
    with pytest.raises(PhotoGone):
        take(registry, caller, held)


def test_a_change_of_key_can_be_broken_off_anywhere(
    registry: Registry, caller: Caller, held: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [held]
    for _ in range(3):
        ids.append(remembered(registry, caller, GROUP).id)
        with registry.write(caller, Act.SCREEN) as session:
            originals.hold(session, ids[-1], PHOTO, 1)
    real = os.replace
    for steps in range(7):
        remaining = steps

        def stops(*arguments: object) -> None:
            nonlocal remaining
            if not remaining:
                raise KeyboardInterrupt
            remaining -= 1
            real(*arguments)  # type: ignore[arg-type]

        monkeypatch.setattr(os, "replace", stops)
        try:
            with registry.write(caller, Act.MAINTAIN) as session:
                sealed_files.rotate(session)
        except KeyboardInterrupt:
            pass
        monkeypatch.setattr(os, "replace", real)
        assert [take(registry, caller, screening) for screening in ids] == [PHOTO] * len(ids), steps


def test_files_that_were_left_behind_are_erased(registry: Registry, caller: Caller, held: str) -> None:
    stray = file(registry, held).with_name("stray")
    stray.write_bytes(b"x")
    with registry.write(caller, Act.MAINTAIN) as session:
        assert originals.erase_expired(session) == 0  # it may belong to a screening that is being written down
        os.utime(stray, (time.time() - 3600,) * 2)
        assert originals.erase_expired(session) == 1
    assert not stray.exists()
    assert file(registry, held).exists()


def test_programs_that_keep_their_first_photo_at_the_same_moment_have_one_key(
    registry: Registry, caller: Caller, tmp_path: Path
) -> None:
    """As do two services of different schools, which keep each other from nothing."""
    programs = 6
    together = Barrier(programs)

    def keep(number: int, folder: Path) -> None:
        with registry.read(caller, Act.SCREEN) as session:
            there = replace(session, keys_folder=folder / "keys", data_folder=folder)
            together.wait()
            sealed_files.write(there, sealed_files.ORIGINALS, f"photo-{number}", PHOTO)

    with ThreadPoolExecutor(programs) as pool:
        for attempt in range(10):
            folder = tmp_path / str(attempt)
            list(pool.map(keep, range(programs), [folder] * programs))
            with registry.read(caller, Act.SCREEN) as session:
                there = replace(session, keys_folder=folder / "keys", data_folder=folder)
                for number in range(programs):
                    assert sealed_files.read(there, sealed_files.ORIGINALS, f"photo-{number}") == PHOTO
