"""Encrypted files beside the database, in a few folders, each with a folder for every school in it.

A file is AES-256-GCM under a key in a file elsewhere: whoever takes the database or these files has no photo. It is
bound to where it lies, so that it cannot be read in another's place, and is written whole or not at all. The key is
rotated by creating the next one, encrypting every file again and only then replacing the old key. Until then both keys
are there, so that a rotation can be interrupted at any point.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from fotopoort.errors import KeyMissing, OutputUnwritable, RegistryError
from fotopoort.files import write_whole
from fotopoort.registry.registry import Session
from fotopoort.registry.store.encryption import KEY_BYTES, create_key, decrypted, encrypted
from fotopoort.vocabulary import Text

ORIGINALS: Final = "originals"  # of screenings; see `photos/originals.py`
POSTS: Final = "posts"  # photos of posts and their renditions; see `posts/photo_files.py`
FOLDERS: Final = (ORIGINALS, POSTS)  # in the data folder
KEY: Final = "originals.key"  # in the keys folder; of all these folders
NEXT_KEY: Final = "originals.key.next"
KEY_ID_BYTES: Final = 8  # of a key's hash, at the beginning of each file
SECONDS_TO_SETTLE: Final = 600  # before a file that no row refers to counts as left behind


def write(session: Session, folder: str, name: str, content: bytes) -> None:
    """Write a file, whole or not at all, in place of an earlier one of that name.

    Args:
        folder: one of FOLDERS.
        name: in the school's folder.

    Raises:
        KeyMissing: the key file cannot be used.
        RegistryError: it cannot be written.
    """
    path = _folder(session, folder) / name
    # Under the next key where a rotation is under way: it may have passed this folder already.
    _write(path, _encrypted(_keys(session, create=True)[-1], content, _associated_data(path)))


def read(session: Session, folder: str, name: str) -> bytes | None:
    """What was written in a file; None where it is not there, no key fits, or a bit of it was changed.

    Raises:
        KeyMissing: the key file cannot be used.
    """
    path = _folder(session, folder) / name
    try:
        content = path.read_bytes()
    except OSError:
        return None
    return _decrypted(_keys(session), content, _associated_data(path))


def remove(session: Session, folder: str, name: str) -> None:
    """Remove a file, if it is there.

    Raises:
        RegistryError: it cannot be removed.
    """
    try:
        (_folder(session, folder) / name).unlink(missing_ok=True)
    except OSError:
        raise RegistryError(
            Text(nl="Een foto die werd bewaard, kan niet worden gewist.", en="A photo that was held cannot be erased.")
        ) from None


def names(session: Session, folder: str, beginning: str = "") -> list[str]:
    """The names of the school's files that begin like this, also of those that were never finished."""
    try:
        with os.scandir(_folder(session, folder)) as entries:  # there may be thousands
            return sorted(entry.name for entry in entries if entry.name.startswith(beginning))
    except FileNotFoundError:
        return []


def is_left_behind(session: Session, folder: str, name: str) -> bool:
    """Whether a file that no row refers to was left behind. A new file may belong to a row that is being stored."""
    try:
        return time.time() - (_folder(session, folder) / name).stat().st_mtime > SECONDS_TO_SETTLE
    except OSError:
        return False


def rotate(session: Session) -> int:
    """Encrypt every file under a new key, and drop the old one. Returns how many files there are.

    Raises:
        KeyMissing: the key file cannot be used.
    """
    old_keys = _keys(session, create=True)
    next_key = session.keys_folder / NEXT_KEY
    if not next_key.exists():
        _create_key(next_key)
    new = _read_key(next_key)
    count = 0
    for path in _files(session.data_folder):
        associated_data = _associated_data(path)
        if (content := _decrypted([new, *old_keys], path.read_bytes(), associated_data)) is not None:
            _write(path, _encrypted(new, content, associated_data))
            count += 1
    os.replace(next_key, session.keys_folder / KEY)
    session.note("originals.key.changed", count=count)
    return count


def _files(data_folder: Path) -> Iterator[Path]:
    """The files of every school, because all schools share the key."""
    for folder in FOLDERS:
        yield from sorted((data_folder / folder).glob("*/*"))


def _encrypted(key: bytes, content: bytes, place: bytes) -> bytes:
    return _key_id(key) + encrypted(key, content, place)


def _decrypted(keys: list[bytes], content: bytes, place: bytes) -> bytes | None:
    key_id, rest = content[:KEY_ID_BYTES], content[KEY_ID_BYTES:]
    key = next((key for key in keys if _key_id(key) == key_id), None)
    return None if key is None else decrypted(key, rest, place)


def _keys(session: Session, *, create: bool = False) -> list[bytes]:
    """The key in use, and the next one where a rotation is under way or was interrupted."""
    key, next_key = session.keys_folder / KEY, session.keys_folder / NEXT_KEY
    if not key.exists():
        is_lost = not create or any(_files(session.data_folder))
        if is_lost and not key.exists():  # another program may have made it, and then files, since it was looked for
            raise KeyMissing(
                Text(
                    nl="De sleutel van de foto's die worden bewaard, is er niet.",
                    en="The key of the photos that are held is not there.",
                ),
                hint=Text(
                    nl="Zet het sleutelbestand terug, of haal de mappen originals en posts weg: dan ben je de foto's"
                    " daarin kwijt.",
                    en="Put the key file back, or take the folders originals and posts away: the photos in them are"
                    " lost then.",
                ),
            )
        _create_key(key)
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


def _create_key(path: Path) -> None:
    try:
        create_key(path)
    except OutputUnwritable:
        raise _unwritable() from None


def _write(path: Path, content: bytes) -> None:
    try:
        for folder in reversed([path.parent, *path.parents[1:2]]):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(path, content, mode=0o600)
    except (OSError, OutputUnwritable):
        raise _unwritable() from None


def _unwritable() -> RegistryError:
    return RegistryError(
        Text(
            nl="Een bestand naast het register kan niet worden geschreven.",
            en="A file beside the registry cannot be written.",
        )
    )


def _folder(session: Session, folder: str) -> Path:
    return session.data_folder / folder / session.tenant


def _associated_data(path: Path) -> bytes:
    """What a file is bound to: its name, its school and, but for originals (they were there first), its folder."""
    parts = path.parts[-2:] if path.parts[-3] == ORIGINALS else path.parts[-3:]
    return "/".join(parts).encode()
