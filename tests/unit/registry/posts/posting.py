"""Posts to test with: what a teacher does, without looking at any photo."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from fotopoort.registry.access.roles import Act, Caller, KeyRole
from fotopoort.registry.people.groups import Years
from fotopoort.registry.people.snapshot import snapshot
from fotopoort.registry.photos import screenings
from fotopoort.registry.posts import answers, photos, posts, progress
from fotopoort.registry.posts.photos import MIN_PART
from fotopoort.registry.posts.posts import PostRecord
from fotopoort.registry.posts.progress import NewRendition
from fotopoort.registry.registry import Registry, Session
from fotopoort.screening.screen import Request
from fotopoort.vocabulary import Answers, People

from ..screened_photos import findings, judged

TEACHER = Caller("school", "k5", KeyRole.TEACHER, frozenset({"groep 5"}))
COLLEAGUE = Caller("school", "k5b", KeyRole.TEACHER, frozenset({"Groep 5"}))
TEACHER_OF_6 = Caller("school", "k6", KeyRole.TEACHER, frozenset({"groep 6"}))
OFFICE = Caller("school", "ko", KeyRole.OFFICE)
OFFICER = Caller("school", "kp", KeyRole.PRIVACY_OFFICER)
MACHINE = Caller("school", "km", KeyRole.MACHINE)
TEXT, FILE_NAME, WRITTEN = "Kind 1 Achternaam bouwt een toren", "toren-van-kind-1.jpg", "zo heet niemand hier"
RENDITION, VIEW = b"what may go out of a photo", b"the whole photo, small"
KEY = "a" * 64  # of the decision that the rendition is made by


def photo(number: int = 1, size: int = 2 * MIN_PART + 100) -> bytes:
    """The bytes of a photo, other ones for each number."""
    return hashlib.shake_256(str(number).encode()).digest(size)


@contextmanager
def posting(registry: Registry, caller: Caller = TEACHER) -> Iterator[Session]:
    with registry.write(caller, Act.POST) as session:
        yield session


def make(registry: Registry, caller: Caller = TEACHER, **changes: Any) -> str:  # noqa: ANN401 - arguments of `posts.make`
    """A post of this group for the website, for a day. Returns its id."""
    values: dict[str, Any] = {"groups": ["groep 5"], "channels": ["website"], "text": TEXT, "hours": 24}
    with posting(registry, caller) as session:
        return posts.make(session, **{"day": session.today, **values, **changes}).id


def seen(registry: Registry, post: str, caller: Caller = TEACHER) -> PostRecord:
    with registry.read(caller, Act.POST) as session:
        return posts.get(session, post)


def announce(registry: Registry, post: str, content: bytes, caller: Caller = TEACHER) -> str:
    with posting(registry, caller) as session:
        return photos.add(session, post, str(uuid.uuid4()), len(content), FILE_NAME).id


def parts(content: bytes, size: int = MIN_PART) -> Iterable[tuple[int, bytes]]:
    return ((start, content[start : start + size]) for start in range(0, len(content), size))


def upload(registry: Registry, post: str, content: bytes, caller: Caller = TEACHER) -> str:
    """A photo that is whole. Returns its id."""
    added = announce(registry, post, content, caller)
    for offset, part in parts(content):
        with posting(registry, caller) as session:
            photos.put_part(session, post, added, offset, part)
    return added


def judge(registry: Registry, post: str, added: str, content: bytes, caller: Caller = TEACHER) -> str:
    """Have a photo with two faces judged, with a rendition for the website. Returns its screening's id."""
    with registry.read(caller, Act.POST) as session:
        about = answers.as_post(session, post)
        said = about.about(added) if added in about.photos else Answers(about.groups)
    screening = judged(registry, caller, said, replace(findings(photo=content), perceptual_hash="0" * 26))
    request = Request(tuple(screening.verdicts), said)
    with posting(registry, caller) as session:
        screenings.remember(session, screening, request, places={}, years=frozenset({2026}))
        generation = photos.get(session, post, added).generation
        progress.record_seen(session, post, added, screening.id, VIEW, generation=generation)
        renditions = {"website": NewRendition(RENDITION, "1" * 26, KEY, 1600, 1200)}
        progress.record_rendered(session, post, added, renditions, generation=generation)
    return screening.id


def judged_photo(registry: Registry, post: str, content: bytes | None = None, caller: Caller = TEACHER) -> str:
    """A photo that is whole and was judged. Returns its id."""
    content = content or photo()
    added = upload(registry, post, content, caller)
    judge(registry, post, added, content, caller)
    return added


def answer(registry: Registry, post: str, of: list[str], said: Answers, caller: Caller = TEACHER) -> int:
    revision = seen(registry, post, caller).revision
    with posting(registry, caller) as session:

        def people_in(years: Years) -> People:
            return snapshot(session, years)

        return answers.answer(session, post, of, said, revision=revision, people_in=people_in)


def files(registry: Registry) -> list[str]:
    """The names of the encrypted files of posts."""
    return sorted(path.name for path in (registry.data_folder / "posts").glob("*/*"))
