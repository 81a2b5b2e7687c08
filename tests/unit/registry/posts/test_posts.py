"""A post: who may see and change it, and that nobody changes what somebody else changed meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TypeAlias

import pytest
from sqlalchemy import select

from fotopoort.errors import (
    Forbidden,
    FotopoortError,
    FutureDay,
    NotFound,
    PostChanged,
    PostEnded,
    TextTooLong,
    UnknownChannel,
    UnknownGroup,
)
from fotopoort.registry.access.roles import Act, Caller, KeyRole
from fotopoort.registry.audit.verification import verify
from fotopoort.registry.posts import answers, changing, ending, photos, posts, progress
from fotopoort.registry.posts.photo_records import PhotoState
from fotopoort.registry.posts.posts import PostState
from fotopoort.registry.registry import Registry, Session
from fotopoort.registry.store.tables import audit
from fotopoort.registry.store.tables import post as table
from fotopoort.vocabulary import Answers

from ..conftest import Clock
from .posting import (
    COLLEAGUE,
    FILE_NAME,
    KEY,
    MACHINE,
    OFFICE,
    OFFICER,
    TEACHER,
    TEACHER_OF_6,
    TEXT,
    announce,
    answer,
    judge,
    judged_photo,
    make,
    photo,
    posting,
    seen,
    upload,
)

Use: TypeAlias = Callable[[Session, str, str], object]  # of a post and a photo in it


def now(session: Session, post: str) -> int:
    """The revision of a post, also of one that is out of reach."""
    return session.connection.execute(select(table.c.revision).where(table.c.id == post)).scalar() or 0


USES: dict[str, Use] = {
    "get": lambda session, post, _: posts.get(session, post),
    "change": lambda session, post, _: changing.change(session, post, revision=now(session, post), text="x"),
    "add": lambda session, post, _: photos.add(session, post, "0" * 16, 9),
    "listed": lambda session, post, _: photos.listed(session, post),
    "photo": photos.get,
    "part": lambda session, post, photo: photos.put_part(session, post, photo, 0, b"x"),
    "original": photos.original,
    "rendition": lambda session, post, photo: photos.rendition(session, post, photo, "website", KEY),
    "seen": lambda session, post, photo: progress.record_seen(session, post, photo, "x", None, generation=1),
    "rendered": lambda session, post, photo: progress.record_rendered(session, post, photo, {}, generation=1),
    "failed": lambda session, post, photo: progress.record_failed(session, post, photo, "damaged"),
    "again": lambda session, post, photo: progress.try_again(session, post, photo, revision=now(session, post)),
    "view": photos.view,
    "remove": lambda session, post, photo: photos.remove(session, post, photo, revision=now(session, post)),
    "answer": lambda session, post, photo: answers.answer(
        session, post, [photo], Answers(), revision=now(session, post)
    ),
    "retract": lambda session, post, _: answers.retract(session, post, 1, revision=now(session, post)),
    "undo": lambda session, post, _: answers.undo(session, post, revision=now(session, post)),
    "log": lambda session, post, _: answers.log_of(session, post),
    "as_post": lambda session, post, _: answers.as_post(session, post),
    "finish": lambda session, post, _: ending.finish(session, post, revision=now(session, post)),
}


def raised(registry: Registry, caller: Caller, use: Use, post: str, of: str) -> tuple[type, str]:
    """What comes of it, as an error and what it says."""
    try:
        with registry.write(caller, Act.POST) as session:
            use(session, post, of)
            raise InterruptedError  # nothing is to be changed
    except InterruptedError:
        return InterruptedError, ""
    except FotopoortError as error:
        return type(error), f"{error.message:nl}{error.hint:nl}"


def test_who_may_see_a_post_of_whom(school: Registry, other_school: Caller) -> None:
    """Whatever is done with a post that is out of reach, it is as if there were none."""
    post = make(school)
    judged = judged_photo(school, post)
    answer(school, post, [judged], Answers(harmful=False))
    judge(school, post, judged, photo())
    elsewhere = Caller("other", TEACHER.id, KeyRole.TEACHER, TEACHER.groups)
    within = (TEACHER, COLLEAGUE, OFFICE, OFFICER)
    for caller in within:
        with school.read(caller, Act.POST) as session:
            assert [record.id for record in posts.listed(session)] == [post]
            assert (posts.get(session, post).text, len(photos.listed(session, post))) == (TEXT, 1)
            assert photos.original(session, post, judged) == photo()
    for caller in within:
        for name, use in USES.items():
            assert raised(school, caller, use, post, judged)[0] not in (NotFound, Forbidden), name
    for caller in (TEACHER_OF_6, elsewhere, other_school):
        with school.read(caller, Act.POST) as session:
            assert posts.listed(session) == []
        for name, use in USES.items():
            told = raised(school, caller, use, post, judged)
            assert told == raised(school, caller, use, "0" * 32, judged), name
            assert told[0] is NotFound, name
    with pytest.raises(Forbidden), school.read(MACHINE, Act.POST):
        pass
    with school.read(MACHINE, Act.SCREEN) as session, pytest.raises(NotFound):
        posts.get(session, post)


def test_a_photo_of_another_post_is_not_in_this_one(school: Registry) -> None:
    post, other = make(school), make(school)
    judged = judged_photo(school, other)
    for name in ("photo", "part", "original", "rendition", "failed", "seen", "rendered", "view", "remove", "answer"):
        told = raised(school, TEACHER, USES[name], post, judged)
        assert told[0] is NotFound, name


def test_a_post_of_two_groups_is_seen_by_those_of_both(school: Registry) -> None:
    post = make(school, OFFICE, groups=["groep 5", "groep 6"])
    both = Caller("school", "k56", KeyRole.TEACHER, frozenset({"groep 5", "groep 6"}))
    assert seen(school, post, both).groups == ("groep 5", "groep 6")
    for caller in (TEACHER, TEACHER_OF_6):
        with pytest.raises(NotFound):
            seen(school, post, caller)


def test_what_a_post_cannot_be(school: Registry) -> None:
    for error, changes in (
        (UnknownGroup, {"groups": ["groep 6"]}),
        (UnknownGroup, {"groups": ["groep 9"]}),
        (UnknownChannel, {"channels": ["website", "tiktok"]}),
        (TextTooLong, {"text": "x" * (posts.MAX_TEXT + 1)}),
    ):
        with pytest.raises(error):
            make(school, **changes)
    with pytest.raises(FutureDay), posting(school) as session:
        posts.make(session, groups=[], channels=[], day=session.today + timedelta(days=1), hours=1)


def test_whoever_saw_something_else_changes_nothing(school: Registry) -> None:
    post = make(school)
    saw = seen(school, post)
    with posting(school) as session:
        assert changing.change(session, post, revision=saw.revision, text="anders").revision == saw.revision + 1
    for use in (
        lambda s: changing.change(s, post, revision=saw.revision, text="weer anders"),
        lambda s: changing.change(s, post, revision=saw.revision + 2, text="weer anders"),  # nobody ever saw that
        lambda s: ending.finish(s, post, revision=saw.revision),
    ):
        with pytest.raises(PostChanged), posting(school, COLLEAGUE) as session:
            use(session)
    assert seen(school, post).text == "anders"


def test_photos_that_come_in_and_are_judged_are_nobodys_change(school: Registry) -> None:
    post = make(school)
    saw = seen(school, post)
    added = judged_photo(school, post)
    assert seen(school, post).revision > saw.revision  # what was fetched before is not what is there now
    with posting(school) as session:
        changing.change(session, post, revision=saw.revision, text="anders")
        with pytest.raises(PostChanged):
            photos.remove(session, post, added, revision=saw.revision)


def test_photos_are_judged_again_by_what_the_post_is_about_now(school: Registry) -> None:
    post = make(school)
    added = judged_photo(school, post)
    for changes, state in (
        ({"text": "anders"}, PhotoState.JUDGED),
        ({"channels": ["website"]}, PhotoState.JUDGED),
        ({"channels": ["website", "facebook"]}, PhotoState.WAITING),
    ):
        with posting(school) as session:
            changing.change(session, post, revision=posts.get(session, post).revision, **changes)
            record = photos.get(session, post, added)
            assert (record.state, bool(record.renditions)) == (state, state is PhotoState.JUDGED)
    with posting(school) as session, pytest.raises(NotFound):
        photos.rendition(session, post, added, "website", KEY)


def test_after_its_time_a_post_is_over_whether_or_not_it_was_erased(school: Registry, clock: Clock) -> None:
    post = make(school)
    added = upload(school, post, photo())
    clock.now += timedelta(hours=24)
    assert (seen(school, post).state, seen(school, post).text) == (PostState.EXPIRED, "")
    still = {"get", "listed", "photo", "log", "as_post", "retract"}  # what was said is told, and can be taken back
    for name in sorted(USES.keys() - still):
        told = raised(school, TEACHER, USES[name], post, added)
        assert told[0] is PostEnded, name


def test_the_log_tells_of_every_change_and_no_names(school: Registry, caller: Caller) -> None:
    post = make(school)
    judged = judged_photo(school, post)
    number = answer(school, post, [judged], Answers(present=frozenset({"p1"}), left_open=frozenset({"p1"})))
    with posting(school) as session:
        answers.retract(session, post, number, revision=posts.get(session, post).revision)
        revision = changing.change(session, post, revision=posts.get(session, post).revision, text="anders").revision
        photos.remove(session, post, judged, revision=revision)
    announce(school, post, photo(2))
    with posting(school) as session:
        ending.finish(session, post, revision=posts.get(session, post).revision)
    with school.read(caller, Act.SEE_AUDIT) as session:
        assert verify(session).problem is None
        rows = session.connection.execute(select(audit.c.kind, audit.c.detail).order_by(audit.c.seq)).all()
    kinds = [row.kind for row in rows if row.kind.startswith("post")]
    assert kinds == [
        "post.made",
        "post.photo.added",
        "post.photo.whole",
        "post.photo.seen",
        "post.photo.judged",
        "post.answer",
        "post.answer.retracted",
        "post.changed",
        "post.photo.removed",
        "post.photo.added",
        "post.finished",
    ]
    log = "".join(row.detail for row in rows)
    assert not any(word in log for word in ("anders", TEXT, FILE_NAME, '"p1"'))
