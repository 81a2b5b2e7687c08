"""The encrypted files of photos of posts: each part of a photo as it came in, and a rendition for each that may go out.

A part's name says of which photo it is and where in it, and a file is bound to its name: parts cannot be swapped, and
none can stand in for another. Parts are joined from the first byte on, so that none can be left out. A part that is
written when the program is killed is not recorded, and is written again.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping
from typing import Final

from sqlalchemy import select

from fotopoort.registry.posts.photo_records import PhotoState, store
from fotopoort.registry.registry import Session
from fotopoort.registry.store import sealed_files
from fotopoort.registry.store.sealed_files import POSTS
from fotopoort.registry.store.tables import post, post_photo

_NAME: Final = re.compile(r"(?P<photo>\w+)\.(?:part\.(?P<offset>\d+)|rendition\.(?P<sha256>\w+)|(?P<view>view))")


def write_part(session: Session, photo_id: str, offset: int, content: bytes) -> None:
    """Keep the part of a photo that begins at this byte.

    Raises:
        KeyMissing, RegistryError: it cannot be kept.
    """
    sealed_files.write(session, POSTS, _part(photo_id, offset), content)


def read_parts(session: Session, photo_id: str, received: int) -> bytes | None:
    """The first so many bytes of a photo; None where any of them is missing or was changed.

    Raises:
        KeyMissing: the key file cannot be used.
    """
    joined = bytearray()
    while len(joined) < received:
        part = sealed_files.read(session, POSTS, _part(photo_id, len(joined)))
        if not part:
            return None
        joined += part
    return bytes(joined) if len(joined) == received else None


def write_rendition(session: Session, photo_id: str, content: bytes) -> str:
    """Keep a rendition. Returns its SHA-256.

    Raises:
        KeyMissing, RegistryError: it cannot be kept.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    sealed_files.write(session, POSTS, _rendition(photo_id, sha256), content)
    return sha256


def read_rendition(session: Session, photo_id: str, sha256: str) -> bytes | None:
    """A rendition; None where it is missing or was changed.

    Raises:
        KeyMissing: the key file cannot be used.
    """
    return sealed_files.read(session, POSTS, _rendition(photo_id, sha256))


def write_view(session: Session, photo_id: str, content: bytes) -> None:
    """Keep a small JPEG of the whole photo, for whoever works at the post.

    Raises:
        KeyMissing, RegistryError: it cannot be kept.
    """
    sealed_files.write(session, POSTS, _view(photo_id), content)


def read_view(session: Session, photo_id: str) -> bytes | None:
    """That JPEG; None where it is missing or was changed.

    Raises:
        KeyMissing: the key file cannot be used.
    """
    return sealed_files.read(session, POSTS, _view(photo_id))


def discard(session: Session, photo_id: str, state: PhotoState, error: str | None = None) -> None:
    """Erase every file of a photo that is of no use any more; what was found in it and decided stays on record.

    Args:
        state, error: what becomes of it, and why.

    Raises:
        RegistryError: a file cannot be erased.
    """
    _erase(session, f"{photo_id}.")
    store(session, photo_id, state=state.value, error=error, received=0, renditions={}, file_name="", moment=None)


def erase_renditions(session: Session, photo_id: str, *, but: Collection[str] = ()) -> None:
    """Erase the renditions of a photo but those with these hashes.

    Raises:
        RegistryError: one cannot be erased.
    """
    _erase(session, f"{photo_id}.rendition.", {_rendition(photo_id, sha256) for sha256 in but})


def _erase(session: Session, beginning: str, kept: Collection[str] = ()) -> None:
    for name in sealed_files.names(session, POSTS, beginning):
        if name not in kept:
            sealed_files.remove(session, POSTS, name)


def erase_left_behind(session: Session) -> int:
    """Erase files that are of no photo of an open post. Returns how many there were."""
    query = (
        select(post_photo.c.id, post_photo.c.received, post_photo.c.renditions)
        .join(post, (post.c.tenant == post_photo.c.tenant) & (post.c.id == post_photo.c.post))
        .where(post.c.tenant == session.tenant, post.c.state == "open")
    )
    of_open_posts = {
        row.id: (int(row.received), {str(kept["sha256"]) for kept in row.renditions.values()})
        for row in session.connection.execute(query)
    }
    left_behind = [
        name
        for name in sealed_files.names(session, POSTS)
        if not _is_kept(name, of_open_posts) and sealed_files.is_left_behind(session, POSTS, name)
    ]
    for name in left_behind:
        sealed_files.remove(session, POSTS, name)
    return len(left_behind)


def _is_kept(name: str, photos: Mapping[str, tuple[int, set[str]]]) -> bool:
    """Whether a file is of these photos, each with how many bytes were received and the hashes of its renditions."""
    match = _NAME.fullmatch(name)
    if match is None or match["photo"] not in photos:
        return False
    received, renditions = photos[match["photo"]]
    if match["view"]:
        return received > 0
    return match["sha256"] in renditions if match["offset"] is None else int(match["offset"]) < received


def _part(photo_id: str, offset: int) -> str:
    return f"{photo_id}.part.{offset}"


def _view(photo_id: str) -> str:
    return f"{photo_id}.view"


def _rendition(photo_id: str, sha256: str) -> str:
    return f"{photo_id}.rendition.{sha256}"
