"""Original photos, kept encrypted beside the database for answers that come later, and for a limited time only.

Each is a file of its own, AES-256-GCM under a key in a file elsewhere: whoever takes the database or these files has no
photo. A key is rotated by creating the next one, encrypting every file again and only then replacing the old key. Until
then both keys are there, so that a rotation can be interrupted at any point.
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
from fotopoort.vocabulary import Text

FOLDER: Final = "originals"  # in the data folder
KEY: Final = "originals.key"  # in the keys folder
NEXT_KEY: Final = "originals.key.next"
KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
KEY_ID_BYTES: Final = 8  # of a key's hash, at the beginning of each file
SECONDS_TO_SETTLE: Final = 600  # before a file that no screening refers to counts as left behind


def hold(session: Session, screening_id: str, photo: bytes, hours: float) -> None:
    """Keep a photo, encrypted, for so many hours.

    Raises:
        KeyMissing: the key file cannot be used.
        RegistryError: it cannot be written.
    """
    if hours <= 0:
        return
    key = _keys(session, create=True)[0]
    _write(_path(session, screening_id), _encrypted(key, photo, _associated_data(session, screening_id)))
    until = session.now + timedelta(hours=hours)
    session.connection.execute(update(screening).where(_is(session, screening_id)).values(held_until=until))


def take(session: Session, screening_id: str) -> bytes:
    """A photo that is kept.

    Raises:
        PhotoGone: it is no longer kept, or never was.
        KeyMissing: the key file cannot be used.
    """
    query = select(screening.c.held_until, screening.c.sha256).where(_is(session, screening_id))
    row = session.connection.execute(query).one_or_none()
    if row is None or row.held_until is None or row.held_until <= session.now:
        raise PhotoGone
    try:
        content = _path(session, screening_id).read_bytes()
    except OSError:
        raise PhotoGone from None
    photo = _decrypted(_keys(session), content, _associated_data(session, screening_id))
    if photo is None or hashlib.sha256(photo).hexdigest() != row.sha256:
        raise PhotoGone
    return photo


def erase(session: Session, screening_id: str) -> None:
    """Erase the original of a screening, if one is held."""
    _remove(_path(session, screening_id))
    session.connection.execute(update(screening).where(_is(session, screening_id)).values(held_until=None))
    session.note("originals.erased", count=1)


def erase_expired(session: Session) -> int:
    """Erase the originals past their time, and files that no screening refers to. Returns how many were erased."""
    query = select(screening.c.id, screening.c.held_until).where(
        screening.c.tenant == session.tenant, screening.c.held_until.is_not(None)
    )
    held_until = {row.id: row.held_until for row in session.connection.execute(query)}
    erased = 0
    for path in sorted((session.data_folder / FOLDER / session.tenant).glob("*")):
        if held_until[path.name] <= session.now if path.name in held_until else _is_left_behind(path):
            _remove(path)
            erased += 1
    for screening_id, until in held_until.items():
        if until <= session.now:
            session.connection.execute(update(screening).where(_is(session, screening_id)).values(held_until=None))
    if erased:
        session.note("originals.erased", count=erased)
    return erased


def rotate(session: Session) -> int:
    """Encrypt every original under a new key, and drop the old one. Returns how many photos there are.

    Raises:
        KeyMissing: the key file cannot be used.
    """
    old_keys = _keys(session, create=True)
    next_key = session.keys_folder / NEXT_KEY
    if not next_key.exists():
        _write(next_key, secrets.token_bytes(KEY_BYTES))
    new = _read_key(next_key)
    count = 0
    # The files of every school, because all schools share the key.
    for path in sorted((session.data_folder / FOLDER).glob("*/*")):
        associated_data = f"{path.parent.name}/{path.name}".encode()
        if (photo := _decrypted([new, *old_keys], path.read_bytes(), associated_data)) is not None:
            _write(path, _encrypted(new, photo, associated_data))
            count += 1
    os.replace(next_key, session.keys_folder / KEY)
    session.note("originals.key.changed", count=count)
    return count


def _encrypted(key: bytes, photo: bytes, associated_data: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return _key_id(key) + nonce + AESGCM(key).encrypt(nonce, photo, associated_data)


def _decrypted(keys: list[bytes], content: bytes, associated_data: bytes) -> bytes | None:
    """The photo; None where no key fits, or a bit of the file was changed."""
    key_id, rest = content[:KEY_ID_BYTES], content[KEY_ID_BYTES:]
    for key in keys:
        if _key_id(key) == key_id:
            try:
                return AESGCM(key).decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], associated_data)
            except (InvalidTag, ValueError):
                return None
    return None


def _keys(session: Session, *, create: bool = False) -> list[bytes]:
    """The key in use, and the next one where a rotation was interrupted."""
    key, next_key = session.keys_folder / KEY, session.keys_folder / NEXT_KEY
    if not key.exists():
        if not create or any((session.data_folder / FOLDER).glob("*/*")):
            raise KeyMissing(
                Text(
                    nl="De sleutel van de foto's die worden bewaard, is er niet.",
                    en="The key of the photos that are held is not there.",
                ),
                hint=Text(
                    nl="Zet het sleutelbestand terug, of haal de map originals weg: dan ben je de foto's daarin kwijt.",
                    en="Put the key file back, or take the folder originals away: the photos in it are lost then.",
                ),
            )
        _write(key, secrets.token_bytes(KEY_BYTES))
    return [_read_key(path) for path in (key, next_key) if path.exists()]


def _read_key(path: Path) -> bytes:
    try:
        if path.stat().st_mode & 0o077:
            raise KeyMissing(
                Text(nl="Anderen kunnen een sleutelbestand lezen.", en="A key file can be read by others."),
                hint=Text(nl="Neem hun de rechten af: chmod 600.", en="Take their permission away: chmod 600."),
            )
        key = path.read_bytes()
    except OSError:
        raise KeyMissing from None
    if len(key) != KEY_BYTES:
        raise KeyMissing
    return key


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"fotopoort originals" + key).digest()[:KEY_ID_BYTES]


def _write(path: Path, content: bytes) -> None:
    try:
        for folder in reversed([path.parent, *path.parents[1:2]]):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(path, content, mode=0o600)
    except (OSError, OutputUnwritable):
        raise RegistryError(
            Text(
                nl="Een bestand naast het register kan niet worden geschreven.",
                en="A file beside the registry cannot be written.",
            )
        ) from None


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        raise RegistryError(
            Text(nl="Een foto die werd bewaard, kan niet worden gewist.", en="A photo that was held cannot be erased.")
        ) from None


def _is_left_behind(path: Path) -> bool:
    """Whether a file without a screening was left behind. A new file may belong to a screening that is being stored."""
    try:
        return time.time() - path.stat().st_mtime > SECONDS_TO_SETTLE
    except OSError:
        return False


def _path(session: Session, screening_id: str) -> Path:
    return session.data_folder / FOLDER / session.tenant / screening_id


def _associated_data(session: Session, screening_id: str) -> bytes:
    """What a file is bound to: it cannot be decrypted as the photo of another screening."""
    return f"{session.tenant}/{screening_id}".encode()


def _is(session: Session, screening_id: str) -> ColumnElement[bool]:
    return (screening.c.tenant == session.tenant) & (screening.c.id == screening_id)
