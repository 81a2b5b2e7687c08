"""What goes over the wire in pull mode: codes, signed messages and sealed photos. No network, no clock.

The form of each is in `docs/pull.md`.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox
from nacl.signing import SigningKey

from fotopoort.settings import LOOPBACK

VERSION: Final = 1
SIGNED: Final = b"fotopoort pull 1\n"  # before what is signed: the signature means nothing elsewhere
CODE: Final = "fp1."
SECRET_BYTES: Final = 20
CHECKSUM_BYTES: Final = 4
KEY_BYTES: Final = 32
MAGIC: Final = b"FPQ1"
MAX_HEADER: Final = 150_000  # a text of 20,000 characters, escaped
OVERHEAD: Final = 160_000  # of a sealed photo beside the photo, at most
MAX_MESSAGE: Final = 32_000

_ID: Final = re.compile(r"[A-Za-z0-9_-]{8,64}", re.ASCII)
_SHA256: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_BY_SCHOOL, _BY_HOSTER = b"fotopoort pair school\n", b"fotopoort pair hoster\n"


class BadMessage(Exception):
    """What was sent cannot be what it should be. `args[0]` says which part, and holds nothing of what was sent."""


@dataclass(frozen=True, slots=True)
class Code:
    """What the plugin shows to be paired by.

    Attributes:
        secret: 20 bytes that the hoster knows as well; good once.
        address: of the hoster's routes, without the last part.
    """

    secret: bytes = field(repr=False)
    address: str

    def __str__(self) -> str:
        content = self.secret + self.address.encode()
        return CODE + encode(content + hashlib.sha256(content).digest()[:CHECKSUM_BYTES])


@dataclass(frozen=True, slots=True)
class Keys:
    """The school's keys for one website.

    Attributes:
        sign: seed of the ed25519 key, 32 bytes.
        box: X25519 private key, 32 bytes.
    """

    sign: bytes = field(repr=False)
    box: bytes = field(repr=False)

    @classmethod
    def make(cls) -> Keys:
        """New ones."""
        return cls(bytes(SigningKey.generate()), bytes(PrivateKey.generate()))

    @property
    def sign_key(self) -> bytes:
        """The public half."""
        return bytes(SigningKey(self.sign).verify_key)

    @property
    def box_key(self) -> bytes:
        """The public half."""
        return bytes(PrivateKey(self.box).public_key)

    @property
    def pairing(self) -> str:
        """The id of the pairing, and the fingerprint that both sides show."""
        return hashlib.sha256(self.sign_key).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class SealedPhoto:
    """What was in a sealed file.

    Attributes:
        content: the photo; empty where there is only a text.
        sha256: of the photo; None where there is none.
        text, file_name, reference, groups: as `POST /v1/gate` takes them; never to be logged.
    """

    content: bytes = field(repr=False)
    sha256: str | None
    channel: str
    text: str | None = field(repr=False)
    file_name: str | None = field(repr=False)
    reference: str | None = field(repr=False)
    groups: tuple[str, ...] = field(repr=False)


def encode(content: bytes) -> str:
    """In base64url without padding."""
    return urlsafe_b64encode(content).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """From base64url without padding.

    Raises:
        BadMessage: it is none.
    """
    if not re.fullmatch(r"[A-Za-z0-9_-]*", text, re.ASCII):
        raise BadMessage("base64url")
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        raise BadMessage("base64url") from None


def read_code(text: str) -> Code:
    """The code that somebody copied; spaces and line ends in it do not matter.

    Raises:
        BadMessage: a part is missing or was mistyped, or the address is not https.
    """
    compact = "".join(text.split())
    if not compact.startswith(CODE):
        raise BadMessage("code")
    raw = decode(compact.removeprefix(CODE))
    content, checksum = raw[:-CHECKSUM_BYTES], raw[-CHECKSUM_BYTES:]
    if len(content) <= SECRET_BYTES or hashlib.sha256(content).digest()[:CHECKSUM_BYTES] != checksum:
        raise BadMessage("code")
    try:
        address = content[SECRET_BYTES:].decode("ascii")
        parts = urlsplit(address)
        is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    except ValueError:
        raise BadMessage("code") from None
    if not is_safe or not parts.hostname or parts.username or parts.fragment or len(address) > 500:
        raise BadMessage("address")
    return Code(content[:SECRET_BYTES], address)


def school_proof(secret: bytes, sign_key: bytes, box_key: bytes) -> bytes:
    """Shows that the school has the code."""
    return hmac.digest(secret, _BY_SCHOOL + sign_key + box_key, "sha256")


def hoster_proof(secret: bytes, sign_key: bytes, box_key: bytes) -> bytes:
    """Shows that the hoster made the code."""
    return hmac.digest(secret, _BY_HOSTER + sign_key + box_key, "sha256")


def signed(keys: Keys, route: str, content: Mapping[str, Any], *, time: int, sequence: int) -> dict[str, str]:
    """The fields `message` and `signature` of a request.

    Args:
        route: what it is for.
        content: the route's own fields, as JSON has them.
        time: Unix time in seconds.
        sequence: higher than any before.

    Raises:
        ValueError: it is too long.
    """
    whole = {"v": VERSION, "route": route, "pairing": keys.pairing, "time": time, "sequence": sequence, **content}
    message = json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()
    if len(message) > MAX_MESSAGE:
        raise ValueError("a message is too long")
    return {"message": encode(message), "signature": encode(SigningKey(keys.sign).sign(SIGNED + message).signature)}


def unseal(keys: Keys, photo_id: str, sealed: bytes) -> SealedPhoto:
    """What is in a sealed file.

    Raises:
        BadMessage: it was sealed to another key, is of another photo, or is not of the form that it should have.
    """
    try:
        content = SealedBox(PrivateKey(keys.box)).decrypt(sealed)
    except (CryptoError, ValueError, TypeError):
        raise BadMessage("sealed") from None
    length = int.from_bytes(content[4:8])
    if content[:4] != MAGIC or length > MAX_HEADER or len(content) < 8 + length:
        raise BadMessage("sealed")
    header, photo = _object(content[8 : 8 + length]), content[8 + length :]
    if header.get("id") != photo_id:
        raise BadMessage("id")
    sha256 = header.get("sha256")
    if sha256 != (hashlib.sha256(photo).hexdigest() if photo else None):
        raise BadMessage("sha256")
    groups = header.get("group") or []
    if not isinstance(groups, list) or not all(isinstance(group, str) for group in groups):
        raise BadMessage("group")
    channel = _text(header, "channel")
    if not channel:
        raise BadMessage("channel")
    text, file_name, reference = (_text(header, name) for name in ("text", "file_name", "reference"))
    return SealedPhoto(photo, sha256, channel, text, file_name, reference, tuple(groups))


def is_id(text: object) -> bool:
    """Whether this can be the id of a photo."""
    return isinstance(text, str) and _ID.fullmatch(text) is not None


def is_sha256(text: object) -> bool:
    """Whether this is a SHA-256 in hexadecimal digits."""
    return isinstance(text, str) and _SHA256.fullmatch(text) is not None


def _object(content: bytes) -> Mapping[str, Any]:
    try:
        read = json.loads(content)
    except (ValueError, RecursionError):
        raise BadMessage("JSON") from None
    if not isinstance(read, dict):
        raise BadMessage("JSON")
    return read


def _text(header: Mapping[str, Any], name: str) -> str | None:
    value = header.get(name)
    if value is not None and not isinstance(value, str):
        raise BadMessage(name)
    return value or None
