"""Originals, held for answers that come later: encrypted, beside the database, and for a while only.

Each is a file of its own, AES-256-GCM under a key that is in a file elsewhere: who takes the database or these files
has no photo. A key is changed by making the next one, encrypting everything anew and only then letting the old one go;
until that is done both are there, so that it can be broken off anywhere.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from datetime import timedelta
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import ColumnElement, select, update

from fotopoort.errors import KeyMissing, OutputUnwritable, PhotoGone, RegistryError
from fotopoort.files import write_whole
from fotopoort.registry.registry import Session
from fotopoort.registry.store.tables import screening

FOLDER: Final = "originals"  # in the data folder
KEY: Final = "originals.key"  # in the keys folder
NEXT_KEY: Final = "originals.key.next"
KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
SECONDS_TO_SETTLE: Final = 600
ID_BYTES: Final = 8  # of a key's hash, at the head of each file


def hold(session: Session, screening_id: str, photo: bytes, hours: float) -> None:
    """Hold a photo for so many hours.

    Raises:
        KeyMissing: the key file cannot be used.
        RegistryError: it cannot be written.
    """
    if hours <= 0:
        return
    key = _keys(session, make=True)[0]
    _write(_place(session, screening_id), _sealed(key, photo, _about(session, screening_id)))
    until = session.now + timedelta(hours=hours)
    session.connection.execute(update(screening).where(_is(session, screening_id)).values(held_until=until))


def take(session: Session, screening_id: str) -> bytes:
    """A photo that is held.

    Raises:
        PhotoGone: it is not held any more, or never was.
        KeyMissing: the key file cannot be used.
    """
    query = select(screening.c.held_until, screening.c.sha256).where(_is(session, screening_id))
    row = session.connection.execute(query).one_or_none()
    if row is None or row.held_until is None or row.held_until <= session.now:
        raise PhotoGone
    try:
        sealed = _place(session, screening_id).read_bytes()
    except OSError:
        raise PhotoGone from None
    photo = _opened(_keys(session), sealed, _about(session, screening_id))
    if photo is None or hashlib.sha256(photo).hexdigest() != row.sha256:
        raise PhotoGone
    return photo


def sweep(session: Session) -> int:
    """Erase what has had its time, and files that no screening knows of. Returns how many were erased."""
    query = select(screening.c.id, screening.c.held_until).where(
        screening.c.tenant == session.tenant, screening.c.held_until.is_not(None)
    )
    held = {row.id: row.held_until for row in session.connection.execute(query)}
    erased = 0
    for place in _files(session):
        if held[place.name] <= session.now if place.name in held else _is_left(place):
            _remove(place)
            erased += 1
    for screening_id, until in held.items():
        if until <= session.now:
            session.connection.execute(update(screening).where(_is(session, screening_id)).values(held_until=None))
    if erased:
        session.note("originals.erased", count=erased)
    return erased


def rotate(session: Session) -> int:
    """Hold everything under a new key, and let the old one go. Returns how many photos are held.

    Raises:
        KeyMissing: the key file cannot be used.
    """
    old = _keys(session, make=True)
    after = session.keys_folder / NEXT_KEY
    if not after.exists():
        _write(after, secrets.token_bytes(KEY_BYTES))
    new = _read_key(after)
    count = 0
    # Every school's: they share the key.
    for place in sorted((session.data_folder / FOLDER).glob("*/*")):
        about = f"{place.parent.name}/{place.name}".encode()
        if (photo := _opened([new, *old], place.read_bytes(), about)) is not None:
            _write(place, _sealed(new, photo, about))
            count += 1
    os.replace(after, session.keys_folder / KEY)
    session.note("originals.key.changed", count=count)
    return count


def _sealed(key: bytes, photo: bytes, about: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return _key_id(key) + nonce + AESGCM(key).encrypt(nonce, photo, about)


def _opened(keys: list[bytes], sealed: bytes, about: bytes) -> bytes | None:
    """The photo; None where no key fits, or a bit of it was changed."""
    key_id, rest = sealed[:ID_BYTES], sealed[ID_BYTES:]
    for key in keys:
        if _key_id(key) == key_id:
            try:
                return AESGCM(key).decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], about)
            except (InvalidTag, ValueError):
                return None
    return None


def _keys(session: Session, *, make: bool = False) -> list[bytes]:
    """The key in use, and the one that is to follow where a change was broken off."""
    place, after = session.keys_folder / KEY, session.keys_folder / NEXT_KEY
    if not place.exists():
        if not make or any((session.data_folder / FOLDER).glob("*/*")):
            raise KeyMissing(
                "The key of the photos that are held is not there.",
                hint="Put the key file back, or take the folder originals away: the photos in it are lost then.",
            )
        _write(place, secrets.token_bytes(KEY_BYTES))
    return [_read_key(one) for one in (place, after) if one.exists()]


def _read_key(place: Path) -> bytes:
    try:
        if place.stat().st_mode & 0o077:
            raise KeyMissing("A key file can be read by others.", hint="Take their permission away: chmod 600.")
        key = place.read_bytes()
    except OSError:
        raise KeyMissing from None
    if len(key) != KEY_BYTES:
        raise KeyMissing
    return key


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"fotopoort originals" + key).digest()[:ID_BYTES]


def _write(place: Path, content: bytes) -> None:
    try:
        for folder in reversed([place.parent, *place.parents[1:2]]):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(place, content, mode=0o600)
    except (OSError, OutputUnwritable):
        raise RegistryError("A file beside the registry cannot be written.") from None


def _remove(place: Path) -> None:
    try:
        place.unlink(missing_ok=True)
    except OSError:
        raise RegistryError("A photo that was held cannot be erased.") from None


def _is_left(place: Path) -> bool:
    """Whether a file without a screening was left behind; a new one may belong to one that is being written down."""
    try:
        return time.time() - place.stat().st_mtime > SECONDS_TO_SETTLE
    except OSError:
        return False


def _files(session: Session) -> list[Path]:
    return sorted((session.data_folder / FOLDER / session.tenant).glob("*"))


def _place(session: Session, screening_id: str) -> Path:
    return session.data_folder / FOLDER / session.tenant / screening_id


def _about(session: Session, screening_id: str) -> bytes:
    """What a file is sealed to: it opens nowhere else."""
    return f"{session.tenant}/{screening_id}".encode()


def _is(session: Session, screening_id: str) -> ColumnElement[bool]:
    return (screening.c.tenant == session.tenant) & (screening.c.id == screening_id)
