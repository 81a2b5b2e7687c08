"""When a post is done or its time over, when somebody is erased or a photo blocked: nothing is left to see."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import select

from fotopoort.errors import PhotoGone, PostEnded
from fotopoort.registry import maintenance, retention
from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.audit.verification import verify
from fotopoort.registry.people import erasure, people
from fotopoort.registry.photos import blocks
from fotopoort.registry.posts import answers, ending, photos, posts, progress
from fotopoort.registry.posts.photo_records import BLOCKED, GONE, PhotoState
from fotopoort.registry.posts.posts import PostState
from fotopoort.registry.registry import Registry
from fotopoort.registry.store.tables import metadata, post_answer, verdict
from fotopoort.vocabulary import Answers

from ..conftest import Clock
from ..recorded_pupil import text
from .posting import (
    FILE_NAME,
    KEY,
    OFFICE,
    RENDITION,
    TEACHER,
    TEXT,
    WRITTEN,
    announce,
    answer,
    files,
    judge,
    judged_photo,
    make,
    photo,
    posting,
    seen,
    upload,
)


def finish(registry: Registry, post: str) -> None:
    revision = seen(registry, post).revision
    with posting(registry) as session:
        ending.finish(session, post, revision=revision)


def full_post(registry: Registry) -> tuple[str, str]:
    """A post with a photo in every state, and something said of one. Returns its id and that of the judged photo."""
    post = make(registry)
    added = judged_photo(registry, post)
    answer(registry, post, [added], Answers(not_names=frozenset({WRITTEN}), left_open=frozenset({WRITTEN})))
    judge(registry, post, added, photo())
    upload(registry, post, photo(2))
    begun = announce(registry, post, photo(3))
    with posting(registry) as session:
        photos.put_part(session, post, begun, 0, photo(3)[: photos.MIN_PART])
    failed = upload(registry, post, photo(4))
    with posting(registry) as session:
        progress.record_failed(session, post, failed, "damaged")
    return post, added


def test_of_a_finished_post_hashes_and_verdicts_are_left(school: Registry, caller: Caller) -> None:
    post, added = full_post(school)
    with posting(school) as session:
        before = photos.get(session, post, added)
    assert all(word in text(school) for word in (TEXT, FILE_NAME, WRITTEN))
    finish(school, post)
    finish(school, post)  # which does nothing
    assert files(school) == []
    assert not any(word in text(school) for word in (TEXT, FILE_NAME, WRITTEN))
    with posting(school) as session:
        record = posts.get(session, post)
        assert (record.state, record.text) == (PostState.FINISHED, "")
        after = photos.get(session, post, added)
        assert (after.sha256, after.screening, after.renditions) == (
            hashlib.sha256(photo()).hexdigest(),
            before.screening,
            before.renditions,
        )
        assert session.connection.execute(select(verdict.c.policy).where(verdict.c.screening == before.screening)).all()
        assert len(answers.log_of(session, post)) == 1
        with pytest.raises(PostEnded):
            photos.original(session, post, added)
        with pytest.raises(PostEnded):
            photos.rendition(session, post, added, "website", KEY)
    with school.read(caller, Act.SEE_AUDIT) as session:
        assert verify(session).problem is None


def test_a_post_that_is_past_its_time_expires_and_others_do_not(school: Registry, clock: Clock) -> None:
    post, _ = full_post(school)
    later = make(school, hours=48)
    added = upload(school, later, photo())
    kept = [name for name in files(school) if name.startswith(added)]
    clock.now += timedelta(hours=24)
    maintenance.frequent(school)
    assert files(school) == kept
    assert (seen(school, post).state, seen(school, later).state) == (PostState.EXPIRED, PostState.OPEN)
    assert WRITTEN not in text(school)
    clock.now += timedelta(hours=24)
    maintenance.daily(school)
    assert files(school) == []
    assert not any(word in text(school) for word in (TEXT, FILE_NAME))
    with pytest.raises(PostEnded):
        finish(school, post)


def test_what_is_kept_of_a_post_is_kept_as_long_as_the_school_says(
    school: Registry, caller: Caller, clock: Clock
) -> None:
    post, _ = full_post(school)
    finish(school, post)
    make(school, hours=24 * 365 * 9)
    clock.now += timedelta(days=5 * 365 + 2)
    with school.write(caller, Act.MAINTAIN) as session:
        assert {due.rule: due.count for due in retention.plan(session)}["posts"] == 1
        assert {due.rule: due.count for due in retention.apply(session)}["posts"] == 1
        counts = {
            name: len(session.connection.execute(select(metadata.tables[name])).all())
            for name in ("post", "post_photo", "post_answer")
        }
    assert counts == {"post": 1, "post_photo": 0, "post_answer": 0}


def test_who_is_erased_is_in_no_photo_and_no_answer_of_a_post(school: Registry, caller: Caller) -> None:
    post, other = make(school, OFFICE), make(school, OFFICE, groups=["groep 6"])
    contents = {name: photo(number) for number, name in enumerate(["group", "absent", "named", "waiting"])}
    of = {name: judged_photo(school, post, content, OFFICE) for name, content in list(contents.items())[:2]}
    of["waiting"] = upload(school, post, contents["waiting"], OFFICE)
    of["named"] = judged_photo(school, other, contents["named"], OFFICE)
    elsewhere = judged_photo(school, other, photo(9), OFFICE)
    of["failed"] = judged_photo(school, other, photo(8), OFFICE)
    with posting(school, OFFICE) as session:
        progress.record_failed(session, other, of["failed"], "screening_timeout")
    answer(school, post, [of["absent"]], Answers(absent=frozenset({"p1"})), OFFICE)
    answer(school, other, [of["named"]], Answers(present=frozenset({"p1"})), OFFICE)
    with school.write(caller, Act.ERASE) as session:
        erasure.erase(session, "p1", "ouders vroegen het")
    with posting(school, OFFICE) as session:
        for name, within in (("group", post), ("waiting", post), ("named", other), ("failed", other)):
            erased = photos.get(session, within, of[name])
            assert (erased.state, erased.error) == (PhotoState.FAILED, GONE), name
            with pytest.raises(PhotoGone):
                photos.original(session, within, of[name])
        assert photos.original(session, post, of["absent"]) == contents["absent"]
        assert photos.original(session, other, elsewhere) == photo(9)
        assert TEXT not in posts.get(session, post).text  # it had the name in it
        stored = session.connection.execute(select(post_answer.c.answers)).scalars().all()
    assert len(stored) == 2
    assert "p1" not in str(stored)
    assert {name.partition(".")[0] for name in files(school)} == {of["absent"], elsewhere}


def test_who_gets_another_id_stays_the_same_in_what_was_said(school: Registry, caller: Caller) -> None:
    post = make(school)
    judged = judged_photo(school, post)
    answer(school, post, [judged], Answers(present=frozenset({"p1"})))
    with school.write(caller, Act.EDIT_PEOPLE) as session:
        people.change(session, "p1", id="p8")
    with posting(school) as session:
        assert answers.as_post(session, post).about(judged).present == {"p8"}


def test_a_photo_that_is_blocked_goes_out_of_every_post(school: Registry, caller: Caller) -> None:
    first, second = make(school), make(school)
    blocked = [(post, upload(school, post, photo())) for post in (first, second)]
    kept = judged_photo(school, first, photo(2))
    with school.write(caller, Act.REPORT_PHOTO) as session:
        blocks.add(session, hashlib.sha256(photo()).hexdigest(), [], "ouders vroegen het")
    with posting(school) as session:
        for post, added in blocked:
            record = photos.get(session, post, added)
            assert (record.state, record.error) == (PhotoState.FAILED, BLOCKED)
            with pytest.raises(PhotoGone):
                photos.original(session, post, added)
        assert photos.rendition(session, first, kept, "website", KEY) == RENDITION
    assert {name.partition(".")[0] for name in files(school)} == {kept}


def test_a_photo_much_like_one_that_is_blocked_goes_too(school: Registry, caller: Caller) -> None:
    post = make(school)
    added = judged_photo(school, post)
    with school.write(caller, Act.REPORT_PHOTO) as session:
        blocks.add(session, "f" * 64, ["0" * 26], "ouders vroegen het")
    with school.read(TEACHER, Act.POST) as session:
        assert photos.get(session, post, added).error == BLOCKED
    assert files(school) == []
