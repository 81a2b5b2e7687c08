"""The photos of a post as they come and go: announced, received part by part, and shown again to whoever made it.

Whoever sends one says how large it is and then sends its bytes in parts of any size, each from where the last one
ended. After a lost connection or a restart the photo goes on from the bytes that are kept.
"""

from __future__ import annotations

import hashlib
import itertools
import re
import uuid
from typing import Any, Final

from sqlalchemy import Row, insert, select

from fotopoort.errors import AlreadyThere, BadRecord, NotFound, PhotoGone, TooLarge, WrongOffset
from fotopoort.registry.posts import photo_files, photo_records, progress
from fotopoort.registry.posts.photo_records import FAILURES, GONE, TWICE, PhotoRecord, PhotoState, store
from fotopoort.registry.posts.posts import bump, find, find_open
from fotopoort.registry.registry import Session
from fotopoort.registry.store.tables import post_photo, screening
from fotopoort.vocabulary import ChannelId, Text

MAX_PHOTOS: Final = 500  # of a post, with those that were removed
MAX_SIZE: Final = 2**31 - 1  # bytes; how much a school takes is for whoever lets it in to say
MAX_FILE_NAME: Final = 1000  # characters
MIN_PART: Final = 16 * 1024  # bytes of a part that is not the last: each is a file
_CLIENT_ID: Final = re.compile(r"[0-9a-f]{16,64}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")  # no room for a name


def listed(session: Session, post_id: str) -> list[PhotoRecord]:
    """The photos of a post in its order, without those that were removed.

    Raises:
        NotFound: there is no such post within reach.
    """
    find(session, post_id)
    rows = photo_records.rows(session, post_id)
    return [photo_records.record(row) for row in rows if row.state != PhotoState.REMOVED]


def get(session: Session, post_id: str, photo_id: str) -> PhotoRecord:
    """A photo of a post.

    Raises:
        NotFound: there is none within reach, or it was removed.
    """
    find(session, post_id)
    return _record(session, post_id, photo_id)


def sent(session: Session, post_id: str, client_id: str) -> PhotoRecord:
    """A photo of a post, by what the sender calls it.

    Raises:
        NotFound: there is none within reach, or it was removed.
    """
    find(session, post_id)
    return _record(session, post_id, photo_records.sent_as(session, post_id, client_id) or "")


# --- coming in -------------------------------------------------------------------------------------------


def add(session: Session, post_id: str, client_id: str, size: int, file_name: str = "") -> PhotoRecord:
    """Announce a photo of so many bytes. Announced again, by the same id, it is the same photo.

    Raises:
        NotFound, PostEnded: see `posts.find_open`; or the photo was removed.
        AlreadyThere: a photo of another size has that id.
        BadRecord: the id is no UUID and no hexadecimal number, or there are too many photos.
        TooLarge: no such size can be kept.
    """
    find_open(session, post_id)
    if not _CLIENT_ID.fullmatch(client_id):
        raise BadRecord(
            Text(nl="Het id van een foto is een UUID.", en="The id of a photo is a UUID."),
            hint=Text(nl="Bedenk voor elke foto een nieuw id.", en="Make a new one for each photo."),
        )
    if (announced := photo_records.sent_as(session, post_id, client_id)) is not None:
        photo = _record(session, post_id, announced)
        if photo.size != size:
            raise AlreadyThere
        return photo
    if not 0 < size <= MAX_SIZE:
        raise TooLarge(
            Text(nl="Een foto van deze grootte kan niet.", en="A photo cannot be of that size."),
            hint=Text(nl="Kies een andere foto.", en="Choose another photo."),
        )
    count = photo_records.count(session, post_id)
    if count >= MAX_PHOTOS:
        raise BadRecord(
            Text(nl=f"Een bericht heeft hoogstens {MAX_PHOTOS} foto's.", en=f"A post has at most {MAX_PHOTOS} photos."),
            hint=Text(nl="Maak een tweede bericht.", en="Make a second post."),
        )
    new = {
        "tenant": session.tenant,
        "id": uuid.uuid4().hex,
        "post": post_id,
        "client_id": client_id,
        "number": count + 1,
        "file_name": file_name,
        "size": size,
        "received": 0,
        "state": PhotoState.UPLOADING.value,
        "renditions": {},
        "added": session.now,
    }
    session.connection.execute(insert(post_photo).values(new))
    bump(session, post_id, edited=False, photos=[str(new["id"])])
    session.note("post.photo.added", post=post_id, id=new["id"], size=size)
    return _record(session, post_id, str(new["id"]))


def put_part(session: Session, post_id: str, photo_id: str, offset: int, content: bytes) -> PhotoRecord:
    """Receive the bytes of a photo that begin at `offset`. With the last of them it waits to be judged, or has failed:
    it is in the post already (TWICE), or what was kept of it was damaged (GONE).

    Raises:
        NotFound, PostEnded: see `posts.find_open`; or the photo was removed.
        WrongOffset: other bytes are next; the error says which.
        AlreadyThere, PhotoGone: it has failed for the reasons above.
        TooLarge: that is more than was announced.
        BadRecord: the part is too small to be kept as one.
        KeyMissing, RegistryError: it cannot be kept.
    """
    find_open(session, post_id)
    row = photo_records.find(session, post_id, photo_id)
    if row.error == TWICE:
        told, advice = FAILURES[TWICE]
        raise AlreadyThere(told, hint=advice)
    if row.state == PhotoState.FAILED and not row.received:
        raise PhotoGone
    if row.state != PhotoState.UPLOADING or offset != row.received:
        raise WrongOffset(row.received)
    received = row.received + len(content)
    if received > row.size:
        raise TooLarge(
            Text(nl="De foto is groter dan was gezegd.", en="The photo is larger than was announced."),
            hint=Text(nl="Stuur hem opnieuw, onder een nieuw id.", en="Send it again, under a new id."),
        )
    if received < row.size and len(content) < MIN_PART:
        raise BadRecord(
            Text(
                nl=f"Een deel van een foto heeft minstens {MIN_PART} bytes.",
                en=f"A part of a photo has at least {MIN_PART} bytes.",
            ),
            hint=Text(nl="Alleen het laatste deel mag kleiner zijn.", en="Only the last one may be smaller."),
        )
    photo_files.write_part(session, photo_id, offset, content)
    store(session, photo_id, received=received)
    if received == row.size:
        _complete(session, row)
    return _record(session, post_id, photo_id)


def _complete(session: Session, row: Row[Any]) -> None:
    photo = photo_files.read_parts(session, row.id, row.size)
    if photo is None:
        photo_files.discard(session, row.id, PhotoState.FAILED, GONE)
    else:
        sha256 = hashlib.sha256(photo).hexdigest()
        is_twice = any(
            other.sha256 == sha256 and other.received == other.size for other in photo_records.rows(session, row.post)
        )
        store(session, row.id, sha256=sha256)
        if is_twice:
            photo_files.discard(session, row.id, PhotoState.FAILED, TWICE)
        else:
            progress.start(session, row)
        session.note("post.photo.whole", photo=sha256, post=row.post, id=row.id)
    bump(session, row.post, edited=False, photos=[row.id])


def remove(session: Session, post_id: str, photo_id: str, *, revision: int) -> None:
    """Take a photo out of a post; nothing of it is kept but what was found and decided.

    Raises:
        NotFound, PostEnded, PostChanged: see `posts.find_open`; or it was removed before.
        RegistryError: it cannot be erased.
    """
    find_open(session, post_id, revision)
    row = photo_records.find(session, post_id, photo_id)
    photo_files.discard(session, photo_id, PhotoState.REMOVED)
    bump(session, post_id, edited=True, photos=[photo_id])
    session.note("post.photo.removed", photo=row.sha256, post=post_id, id=photo_id)


# --- shown again -----------------------------------------------------------------------------------------


def original(session: Session, post_id: str, photo_id: str) -> bytes:
    """A photo as it was received.

    Raises:
        NotFound, PostEnded: see `posts.find_open`; or there is no such photo.
        PhotoGone: it is not whole, or not kept any more.
        KeyMissing: the key file cannot be used.
    """
    find_open(session, post_id)
    row = progress.whole(session, post_id, photo_id)
    photo = photo_files.read_parts(session, photo_id, row.received)
    if photo is None or hashlib.sha256(photo).hexdigest() != row.sha256:
        raise PhotoGone
    return photo


def likenesses(session: Session, post_id: str, photo_id: str) -> tuple[str, ...]:
    """What a photo is recognised by, as far as that was found out when it was looked at and rendered: perceptual
    hashes, of the photo and of what was made of it. Empty where it was not looked at.

    Raises:
        NotFound: there is no such photo in the post.
    """
    row = photo_records.find(session, post_id, photo_id)
    query = select(screening.c.likeness).where(screening.c.tenant == session.tenant, screening.c.id == row.screening)
    of_photo = session.connection.execute(query).scalars() if row.screening else ()
    of_renditions = (kept.perceptual_hash.split() for kept in photo_records.record(row).renditions.values())
    return tuple(dict.fromkeys(filter(None, (*of_photo, *itertools.chain.from_iterable(of_renditions)))))


def view(session: Session, post_id: str, photo_id: str) -> bytes:
    """A small JPEG of the whole photo, for whoever works at the post.

    Raises:
        NotFound, PostEnded: see `posts.find_open`; or there is no such photo, or it was not looked at yet.
        PhotoGone: the photo is not whole, or not kept any more.
        KeyMissing: the key file cannot be used.
    """
    find_open(session, post_id)
    if progress.whole(session, post_id, photo_id).screening is None:
        raise NotFound(
            Text(nl="Deze foto is nog niet te zien.", en="This photo cannot be shown yet."),
            hint=Text(nl="Wacht tot de foto is bekeken.", en="Wait until the photo was looked at."),
        )
    content = photo_files.read_view(session, photo_id)
    if content is None:
        raise PhotoGone
    return content


def rendition(session: Session, post_id: str, photo_id: str, channel: ChannelId, key: str | None) -> bytes:
    """What may go out of a photo on a channel.

    Args:
        key: of what is decided now, see `KeptRendition`: what was made by anything else may not go out. None: nothing
            may go out there now.

    Raises:
        NotFound, PostEnded: see `posts.find_open`; or there is nothing that may go out there, or not now.
        PhotoGone: it is not kept any more.
        KeyMissing: the key file cannot be used.
    """
    find_open(session, post_id)
    kept = photo_records.record(progress.whole(session, post_id, photo_id)).renditions.get(channel)
    if kept is None or kept.key != key or not kept.sha256:
        raise NotFound(
            Text(nl="Van deze foto mag daar nu niets heen.", en="Nothing of this photo may go out there now."),
            hint=Text(nl="Kijk naar het oordeel over de foto.", en="See the verdict about the photo."),
        )
    content = photo_files.read_rendition(session, photo_id, kept.sha256)
    if content is None:
        raise PhotoGone
    return content


def _record(session: Session, post_id: str, photo_id: str) -> PhotoRecord:
    """A photo of a post that was found to be within reach."""
    return photo_records.record(photo_records.find(session, post_id, photo_id))
