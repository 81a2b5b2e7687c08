"""Photos of open posts that may not be kept any more: somebody was erased who can be in them, or a photo is blocked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import Row, select

from fotopoort.photo.perceptual_hash import Blocklist
from fotopoort.registry.people.groups import Years
from fotopoort.registry.photos.serialisation import years_from_json
from fotopoort.registry.posts import photo_files, photo_records
from fotopoort.registry.posts.answers import post_of
from fotopoort.registry.posts.photo_records import BLOCKED, GONE, PhotoState
from fotopoort.registry.posts.posts import PostState, bump
from fotopoort.registry.registry import Session
from fotopoort.registry.store.tables import post, screening
from fotopoort.vocabulary import Answers


def erase_where(session: Session, can_be_in: Callable[[Answers, Years], bool]) -> None:
    """Erase the photos in which somebody can be, by what was said of each and the school years that it can be of.

    Raises:
        RegistryError: one cannot be erased.
    """
    for row in _open_posts(session):
        content = post_of(session, row)
        for photo in _kept(session, row.id):
            if photo.id in content.photos:
                answers = content.about(photo.id)
            else:  # what was said of one that failed is not known any more: it can be of anybody
                groups = () if photo.state == PhotoState.FAILED else row.groups
                answers = Answers(frozenset(groups))
            if can_be_in(answers, _years(session, photo)):
                _erase(session, photo, GONE)


def erase_blocked(session: Session, blocked: Blocklist) -> None:
    """Erase the photos that are blocked, and those that are much like them.

    Raises:
        RegistryError: one cannot be erased.
    """
    for row in _open_posts(session):
        for photo in _kept(session, row.id):
            found = _screening(session, photo)
            if photo.sha256 and blocked.holds(photo.sha256, found.likeness if found else ""):
                _erase(session, photo, BLOCKED)


def erase(session: Session, post_id: str, photo_id: str, error: str) -> None:
    """Erase a photo of an open post that turns out to be one that may not be kept.

    Args:
        error: the code of why.

    Raises:
        NotFound: there is no such photo in the post.
        RegistryError: it cannot be erased.
    """
    _erase(session, photo_records.find(session, post_id, photo_id), error)


def _open_posts(session: Session) -> Iterable[Row[Any]]:
    is_open = post.c.tenant == session.tenant, post.c.state == PostState.OPEN.value
    return session.connection.execute(select(post).where(*is_open)).all()


def _kept(session: Session, post_id: str) -> list[Row[Any]]:
    return [row for row in photo_records.rows(session, post_id) if row.received]


def _erase(session: Session, photo: Row[Any], error: str) -> None:
    photo_files.discard(session, photo.id, PhotoState.FAILED, error)
    bump(session, photo.post, edited=True, photos=[photo.id])
    session.note("post.photo.erased", photo=photo.sha256, post=photo.post, id=photo.id, code=error)


def _years(session: Session, photo: Row[Any]) -> Years:
    """The school years that a photo can be of; any, as long as it was not judged."""
    found = _screening(session, photo)
    return years_from_json(found.years, found.taken) if found else None


def _screening(session: Session, photo: Row[Any]) -> Row[Any] | None:
    query = select(screening).where(screening.c.tenant == session.tenant, screening.c.id == photo.screening)
    return session.connection.execute(query).one_or_none() if photo.screening else None
