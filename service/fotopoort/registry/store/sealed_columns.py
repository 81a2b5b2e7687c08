"""Secrets in columns: encrypted under a key in a file elsewhere, so that the database or a backup has none of them."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass

from fotopoort.errors import KeyMissing
from fotopoort.registry.registry import Session
from fotopoort.registry.store.encryption import KEY_BYTES, create_key, decrypted, encrypted
from fotopoort.vocabulary import Text


@dataclass(frozen=True, slots=True)
class SealingKey:
    """The key of some columns.

    Attributes:
        file_name: in the keys folder.
        advice: what to do where it is lost.
    """

    file_name: str
    advice: Text

    def seal(self, session: Session, place: str, content: bytes) -> str:
        """The content, encrypted for this place in this school alone, in Base64. Makes the key where there is none:
        what was sealed with one that is lost cannot be read any more.

        Raises:
            KeyMissing: the key file cannot be used.
        """
        path = session.keys_folder / self.file_name
        if not path.exists():
            create_key(path)
        return b64encode(encrypted(self._key(session), content, _place(session, place))).decode()

    def open(self, session: Session, place: str, sealed: str) -> bytes:
        """What was sealed for this place.

        Raises:
            KeyMissing: the key file cannot be used, or is another one.
        """
        key = self._key(session)
        try:
            content = decrypted(key, b64decode(sealed), _place(session, place))
        except ValueError:  # it is no Base64
            content = None
        if content is None:
            raise KeyMissing(hint=self.advice)
        return content

    def _key(self, session: Session) -> bytes:
        try:
            key = (session.keys_folder / self.file_name).read_bytes()
        except OSError:
            key = b""
        if len(key) != KEY_BYTES:
            raise KeyMissing(hint=self.advice)
        return key


def _place(session: Session, place: str) -> bytes:
    return f"{session.tenant}/{place}".encode()
