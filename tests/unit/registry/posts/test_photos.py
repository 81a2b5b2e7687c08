"""A photo that comes in part by part: in order, once, whole, and never as plain bytes on the disk."""

from __future__ import annotations

import hashlib
import os
import time
import uuid
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from fotopoort.errors import AlreadyThere, BadRecord, NotFound, PhotoGone, PostChanged, TooLarge, WrongOffset
from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.posts import changing, ending, photo_files, photos, posts, progress
from fotopoort.registry.posts.photo_records import GONE, TWICE, PhotoRecord, PhotoState
from fotopoort.registry.posts.photos import MIN_PART
from fotopoort.registry.posts.work import LOOK, RENDER
from fotopoort.registry.registry import Registry
from fotopoort.registry.store import sealed_files
from fotopoort.registry.store.tables import job
from fotopoort.vocabulary import Answers

from .posting import (
    COLLEAGUE,
    KEY,
    RENDITION,
    TEACHER,
    announce,
    answer,
    files,
    judge,
    judged_photo,
    make,
    parts,
    photo,
    posting,
    seen,
    upload,
)

numbers = count(1000)


def original(registry: Registry, post: str, added: str) -> bytes:
    with registry.read(TEACHER, Act.POST) as session:
        return photos.original(session, post, added)


def record(registry: Registry, post: str, added: str) -> PhotoRecord:
    with registry.read(TEACHER, Act.POST) as session:
        return photos.get(session, post, added)


def put(registry: Registry, post: str, added: str, offset: int, content: bytes) -> PhotoRecord:
    with posting(registry) as session:
        return photos.put_part(session, post, added, offset, content)


def test_a_photo_is_what_its_parts_are(school: Registry) -> None:
    post, content = make(school), photo()
    added = announce(school, post, content)
    with pytest.raises(PhotoGone):
        original(school, post, added)
    for offset, part in parts(content):
        assert record(school, post, added).state is PhotoState.UPLOADING
        assert put(school, post, added, offset, part).received == offset + len(part)
        kept = b"".join(path.read_bytes() for path in (school.data_folder / "posts").glob("*/*"))
        assert not any(part[start : start + 16] in kept for start in range(0, len(part) - 16, 16))
    whole = record(school, post, added)
    assert (whole.state, whole.sha256) == (PhotoState.WAITING, hashlib.sha256(content).hexdigest())
    assert original(school, post, added) == content
    with pytest.raises(WrongOffset) as told:
        put(school, post, added, 0, content)
    assert told.value.received == len(content)


def test_the_same_id_is_the_same_photo(school: Registry) -> None:
    post, other, client_id = make(school), make(school), str(uuid.uuid4())
    with posting(school) as session:
        added = photos.add(session, post, client_id, 100)
    with posting(school, COLLEAGUE) as session:
        assert photos.add(session, post, client_id, 100) == added
        with pytest.raises(AlreadyThere):
            photos.add(session, post, client_id, 101)
        assert len(photos.listed(session, post)) == 1
        assert photos.add(session, other, client_id, 100).id != added.id


def test_what_cannot_be_announced(school: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    post = make(school)
    for client_id, size, error in (
        ("noor-op-het-plein", 100, BadRecord),
        ("../0123456789abcdef", 100, BadRecord),
        ("0123456789abcdef", 0, TooLarge),
        ("0123456789abcdef", 2**31, TooLarge),
    ):
        with pytest.raises(error), posting(school) as session:
            photos.add(session, post, client_id, size)
    monkeypatch.setattr(photos, "MAX_PHOTOS", 1)
    announce(school, post, photo())
    with pytest.raises(BadRecord, match="at most 1"):
        announce(school, post, photo())


def test_what_cannot_be_a_part(school: Registry) -> None:
    post, content = make(school), photo()
    added = announce(school, post, content)
    for part, error in ((b"", BadRecord), (content[: MIN_PART - 1], BadRecord), (content + b"x", TooLarge)):
        with pytest.raises(error):
            put(school, post, added, 0, part)
    assert record(school, post, added).received == 0
    assert files(school) == []


steps = st.lists(
    st.tuples(st.sampled_from(["next", "again", "skip", "lost"]), st.integers(MIN_PART, 2 * MIN_PART)), max_size=8
)


@settings(max_examples=15)
@given(steps, st.integers(1, 3 * MIN_PART))
def test_parts_in_any_order_lost_doubled_or_cut(school: Registry, taken: list[tuple[str, int]], size: int) -> None:
    """A property: what is received is always the beginning of the photo, and in the end all of it."""
    post, content = make(school), photo(next(numbers), size)
    added, received = announce(school, post, content), 0

    def send(offset: int, length: int) -> None:
        nonlocal received
        if received == size or offset != received:
            with pytest.raises(WrongOffset) as told:
                put(school, post, added, offset, content[offset : offset + length])
            assert told.value.received == received
        else:
            received = put(school, post, added, offset, content[offset : offset + length]).received

    for kind, length in taken:
        if kind == "next":
            send(received, length)
        elif kind == "again" and received:
            send(0, length)
        elif kind == "skip":
            send(received + length, length)
        elif kind == "lost" and received < size:  # it was written, but the transaction came to nothing
            with pytest.raises(InterruptedError), posting(school) as session:
                photos.put_part(session, post, added, received, content[received : received + length])
                raise InterruptedError
        assert record(school, post, added).received == received
    while received < size:
        send(received, MIN_PART)
    assert original(school, post, added) == content


def test_who_is_killed_while_a_part_is_written_loses_that_part_alone(
    school: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    post, content = make(school), photo()
    added = announce(school, post, content)
    whole = list(parts(content))
    real = os.replace
    for offset, part in whole:

        def stops(source: object, target: object) -> None:
            if ".part." not in str(target):
                return real(str(source), str(target))
            with open(f"{source}-left", "wb") as left:  # as a killed program leaves it
                left.write(b"x")
            raise KeyboardInterrupt

        monkeypatch.setattr(os, "replace", stops)
        with pytest.raises(KeyboardInterrupt):
            put(school, post, added, offset, part)
        monkeypatch.setattr(os, "replace", real)
        assert record(school, post, added).received == offset
        put(school, post, added, offset, part)
    assert original(school, post, added) == content
    with school.write(TEACHER, Act.POST) as session:
        ending.expire(session)
        assert len(files(school)) == 2 * len(whole)  # they may be of something that is being written
        for path in (school.data_folder / "posts").glob("*/*"):
            os.utime(path, (time.time() - 3600,) * 2)
        ending.expire(session)
    assert len(files(school)) == len(whole)
    assert original(school, post, added) == content


def test_parts_cannot_be_swapped_left_out_changed_or_taken_from_another_photo(school: Registry) -> None:
    post = make(school)
    content = photo(size=3 * MIN_PART)
    added, other = upload(school, post, content), upload(school, post, photo(2, size=3 * MIN_PART))
    folder = school.data_folder / "posts" / "school"
    first, second = folder / f"{added}.part.0", folder / f"{added}.part.{MIN_PART}"
    kept = {path: path.read_bytes() for path in (first, second)}
    for changed in (
        {first: kept[second], second: kept[first]},
        {second: (folder / f"{added}.part.{2 * MIN_PART}").read_bytes()},
        {second: (folder / f"{other}.part.{MIN_PART}").read_bytes()},
        {second: kept[second][:-1]},
        {second: b""},
        {first: kept[first][:-1] + bytes([kept[first][-1] ^ 1])},
    ):
        for path, sealed in changed.items():
            path.write_bytes(sealed)
        with school.read(TEACHER, Act.POST) as session:  # before its hash is known as well
            assert photo_files.read_parts(session, added, len(content)) is None
        with pytest.raises(PhotoGone):
            original(school, post, added)
        for path, sealed in kept.items():
            path.write_bytes(sealed)
    assert original(school, post, added) == content
    second.unlink()
    with pytest.raises(PhotoGone):
        original(school, post, added)


def test_a_photo_of_which_a_part_is_lost_before_it_is_whole_has_failed(school: Registry) -> None:
    post, content = make(school), photo(size=2 * MIN_PART)
    added = announce(school, post, content)
    put(school, post, added, 0, content[:MIN_PART])
    (school.data_folder / "posts" / "school" / f"{added}.part.0").unlink()
    failed = put(school, post, added, MIN_PART, content[MIN_PART:])
    assert (failed.state, failed.error, files(school)) == (PhotoState.FAILED, GONE, [])
    with pytest.raises(PhotoGone):
        put(school, post, added, 0, content)


def test_the_same_photo_twice_is_told_and_kept_once(school: Registry) -> None:
    post = make(school)
    upload(school, post, photo())
    kept = files(school)
    again = upload(school, post, photo())
    failed = record(school, post, again)
    assert (failed.state, failed.error, files(school)) == (PhotoState.FAILED, TWICE, kept)
    with pytest.raises(AlreadyThere):
        put(school, post, again, 0, photo())
    upload(school, make(school), photo())  # in another post it may be
    assert len(files(school)) == 2 * len(kept)


def test_a_photo_that_was_taken_out_is_gone_and_may_come_again(school: Registry) -> None:
    post = make(school)
    added = judged_photo(school, post)
    revision = seen(school, post).revision
    with posting(school) as session:
        photos.remove(session, post, added, revision=revision)
        assert photos.listed(session, post) == []
    assert files(school) == []
    with pytest.raises(NotFound):
        original(school, post, added)
    assert original(school, post, upload(school, post, photo())) == photo()


def test_what_may_go_out_is_kept_until_something_else_is_said(school: Registry) -> None:
    post = make(school)
    added = upload(school, post, photo())
    for channel in ("website", "facebook"):
        with posting(school) as session, pytest.raises(NotFound):
            photos.rendition(session, post, added, channel, KEY)
    judge(school, post, added, photo())
    with posting(school) as session:
        assert photos.rendition(session, post, added, "website", KEY) == RENDITION
        with pytest.raises(NotFound):
            photos.rendition(session, post, added, "facebook", KEY)
    (kept,) = record(school, post, added).renditions.values()
    assert (kept.sha256, kept.perceptual_hash) == (hashlib.sha256(RENDITION).hexdigest(), "1" * 26)
    number_of_files = len(files(school))
    answer(school, post, [added], Answers(present=frozenset({"p1"})))
    assert record(school, post, added).state is PhotoState.SEEN
    with posting(school) as session:
        assert photos.rendition(session, post, added, "website", KEY) == RENDITION  # that was not changed by it
        with pytest.raises(NotFound):
            photos.rendition(session, post, added, "website", "b" * 64)  # something else is decided now
    with posting(school) as session:
        progress.record_rendered(session, post, added, {}, generation=1)
    assert len(files(school)) == number_of_files - 1


def test_what_was_found_by_less_than_was_said_is_not_recorded(school: Registry) -> None:
    post = make(school)
    added = judged_photo(school, post)
    screening = record(school, post, added).screening or ""
    answer(school, post, [added], Answers(harmful=True))
    with pytest.raises(PostChanged), posting(school) as session:
        progress.record_rendered(session, post, added, {}, generation=0)
    with pytest.raises(PostChanged), posting(school) as session:
        progress.record_seen(session, post, added, screening, None, generation=0)
    other = upload(school, post, photo(2))  # which changes nothing about the first
    with posting(school) as session:
        progress.record_rendered(session, post, added, {}, generation=1)
    with pytest.raises(BadRecord, match="another photo"), posting(school) as session:
        progress.record_seen(session, post, other, screening, None, generation=0)


def test_a_photo_asks_for_work_once_for_each_thing_that_changed(school: Registry, caller: Caller) -> None:
    post = make(school)
    added = upload(school, post, photo())
    judge(school, post, added, photo())
    answer(school, post, [added], Answers(harmful=False))
    with posting(school) as session:
        changing.change(session, post, revision=posts.get(session, post).revision, text="x")  # nothing to look at
        changing.change(session, post, revision=posts.get(session, post).revision, channels=["facebook"])
    with school.read(caller, Act.MAINTAIN) as session:
        asked = session.connection.execute(select(job.c.kind, job.c.key).order_by(job.c.due, job.c.made)).all()
    work = [(kind, key) for kind, key in asked if key.startswith(added)]
    assert sorted(work, key=lambda asked: asked[1]) == [
        (LOOK, f"{added}:0"),
        (RENDER, f"{added}:0"),
        (RENDER, f"{added}:1"),
        (LOOK, f"{added}:2"),
    ]


def test_a_photo_that_could_not_be_judged_goes_nowhere_and_can_be_tried_again(school: Registry) -> None:
    post = make(school)
    added = judged_photo(school, post)
    with posting(school) as session:
        progress.record_failed(session, post, added, "screening_timeout")
        failed = photos.get(session, post, added)
        assert (failed.state, failed.error, failed.renditions) == (PhotoState.FAILED, "screening_timeout", {})
    with posting(school) as session:
        progress.try_again(session, post, added, revision=posts.get(session, post).revision)
    assert record(school, post, added).state is PhotoState.WAITING
    judge(school, post, added, photo())
    assert (record(school, post, added).state, record(school, post, added).error) == (PhotoState.JUDGED, None)


def test_under_a_new_key_photos_go_on_where_they_were(school: Registry, caller: Caller) -> None:
    post, content = make(school), photo()
    judged = judged_photo(school, post, photo(2))
    added = announce(school, post, content)
    put(school, post, added, 0, content[:MIN_PART])
    with school.write(caller, Act.MAINTAIN) as session:
        assert sealed_files.rotate(session) == len(files(school))
    put(school, post, added, MIN_PART, content[MIN_PART:])
    assert original(school, post, added) == content
    with posting(school) as session:
        assert photos.rendition(session, post, judged, "website", KEY) == RENDITION


def test_what_is_written_while_a_key_is_changed_can_be_read_after_it(
    school: Registry, caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    post, content = make(school), photo()
    upload(school, post, photo(2))
    added = announce(school, post, content)
    real = os.replace

    def stops(source: str, target: object) -> None:
        if str(target).endswith("originals.key"):
            raise KeyboardInterrupt
        real(source, str(target))

    monkeypatch.setattr(os, "replace", stops)
    with pytest.raises(KeyboardInterrupt), school.write(caller, Act.MAINTAIN) as session:
        sealed_files.rotate(session)
    monkeypatch.setattr(os, "replace", real)
    put(school, post, added, 0, content)  # every file was encrypted anew before this one came
    os.replace(school.keys_folder / "originals.key.next", school.keys_folder / "originals.key")
    assert original(school, post, added) == content


def test_files_of_no_open_post_are_left_behind(school: Registry, caller: Caller) -> None:
    post = make(school)
    judged_photo(school, post)
    kept = files(school)
    with posting(school) as session:
        photo_files.write_part(session, "0" * 32, 0, b"x")
        photo_files.write_part(session, kept[0].partition(".")[0], len(photo()), b"x")
        photo_files.write_rendition(session, kept[0].partition(".")[0], b"another one")
        for path in (school.data_folder / "posts").glob("*/*"):
            os.utime(path, (time.time() - 3600,) * 2)
    with school.write(caller, Act.MAINTAIN) as session:
        ending.expire(session)
    assert files(school) == kept


def test_a_photo_is_recognised_by_what_was_found_out_when_it_was_looked_at(school: Registry) -> None:
    post = make(school)
    new, seen = upload(school, post, photo(2)), judged_photo(school, post)
    with posting(school) as session:
        assert photos.likenesses(session, post, new) == ()
        assert photos.likenesses(session, post, seen) == ("0" * 26, "1" * 26)
