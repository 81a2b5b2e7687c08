"""Who signed a message: the signatures of the Standard Webhooks specification, `v1` (HMAC-SHA256) and `v1a` (Ed25519).

What is signed is `{id}.{timestamp}.{body}`. Headers are parsed strictly: whatever is not exactly what the specification
says was signed by nobody.
"""

from __future__ import annotations

import hmac
import re
import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from fotopoort.errors import BadRecord, BadSignature
from fotopoort.vocabulary import Text

ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
TOLERANCE: Final = 5 * 60  # seconds that a timestamp may be off, to either side
SHARED, PRIVATE, PUBLIC = "whsec_", "whsk_", "whpk_"  # how a key's text begins
MIN_SHARED, MAX_SHARED = 24, 64  # bytes of a shared secret
NEW_SHARED: Final = 32
SEED: Final = 32  # bytes of an Ed25519 private key; its public key has as many
MAX_SIGNATURES: Final = 16  # in one header: more are no rotation of keys

_ID: Final = re.compile(r"[!-\-/-~]{1,200}")  # printable, and no dot: it would move what is signed
_TIMESTAMP: Final = re.compile(r"[1-9][0-9]{0,10}")
_ONE_SIGNATURE: Final = re.compile(r"(v[0-9]{1,3}[a-z]{0,3}),([A-Za-z0-9+/]{1,200}={0,2})")


class SigningKey(Protocol):
    """What signs messages; the same key, or its public one, verifies them."""

    @property
    def version(self) -> str:
        """What its signatures begin with."""

    def sign(self, content: bytes) -> bytes:
        """The signature of the content."""


class VerifyingKey(Protocol):
    """What tells whether a message was signed with the key that it belongs to."""

    @property
    def version(self) -> str:
        """What its signatures begin with."""

    def has_signed(self, content: bytes, signature: bytes) -> bool:
        """Whether this is the signature of the content."""


@dataclass(frozen=True, slots=True)
class SharedSecret:
    """A secret that both sides hold (`v1`): each of them could sign."""

    secret: bytes = field(repr=False)
    version: str = field(default="v1", init=False)

    @classmethod
    def new(cls) -> Self:
        """A secret that nobody has yet."""
        return cls(secrets.token_bytes(NEW_SHARED))

    def sign(self, content: bytes) -> bytes:
        return hmac.digest(self.secret, content, "sha256")

    def has_signed(self, content: bytes, signature: bytes) -> bool:
        return hmac.compare_digest(self.sign(content), signature)

    def __str__(self) -> str:
        return SHARED + b64encode(self.secret).decode()


@dataclass(frozen=True, slots=True)
class PublicKey:
    """The key with which others verify (`v1a`): whoever holds it can sign nothing."""

    key: bytes
    version: str = field(default="v1a", init=False)

    def has_signed(self, content: bytes, signature: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.key).verify(signature, content)
        except (InvalidSignature, ValueError):
            return False
        return True

    def __str__(self) -> str:
        return PUBLIC + b64encode(self.key).decode()


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """The key with which one side alone signs (`v1a`)."""

    seed: bytes = field(repr=False)
    version: str = field(default="v1a", init=False)

    @classmethod
    def new(cls) -> Self:
        """A key that nobody has yet."""
        return cls(secrets.token_bytes(SEED))

    @property
    def public(self) -> PublicKey:
        """The key to give away."""
        return PublicKey(Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw())

    def sign(self, content: bytes) -> bytes:
        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(content)

    def __str__(self) -> str:
        return PRIVATE + b64encode(self.seed + self.public.key).decode()


def signing_key(text: str) -> SharedSecret | PrivateKey:
    """The key in a text that begins with `whsec_` or `whsk_`. A private key is its seed, or that and its public key.

    Raises:
        BadRecord: it is neither.
    """
    if text.startswith(SHARED):
        return _shared(text)
    content = _decoded(text, PRIVATE)
    key = PrivateKey(content[:SEED])
    if len(content) not in (SEED, 2 * SEED) or content[SEED:] not in (b"", key.public.key):
        raise _bad_key()
    return key


def verifying_key(text: str) -> SharedSecret | PublicKey:
    """The key in a text that begins with `whsec_` or `whpk_`.

    Raises:
        BadRecord: it is neither.
    """
    if text.startswith(SHARED):
        return _shared(text)
    content = _decoded(text, PUBLIC)
    if len(content) != SEED:
        raise _bad_key()
    return PublicKey(content)


def signed_headers(keys: Sequence[SigningKey], message: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The headers that tell who signed a message: with every key, for as long as the other side may hold an old one.

    Args:
        message: its id, the same at each attempt.
        timestamp: of this attempt, in seconds since 1970.

    Raises:
        ValueError: no receiver would take that id or timestamp.
    """
    if not _ID.fullmatch(message) or not _TIMESTAMP.fullmatch(str(timestamp)):
        raise ValueError("an id is printable and has no dot; a timestamp is a number of seconds")
    content = _content(message, str(timestamp), body)
    signatures = [f"{key.version},{b64encode(key.sign(content)).decode()}" for key in keys]
    return {ID: message, TIMESTAMP: str(timestamp), SIGNATURE: " ".join(signatures)}


def verify(keys: Iterable[VerifyingKey], headers: Iterable[tuple[str, str]], body: bytes, now: float) -> str:
    """The id of a message, if it was signed with one of the keys, lately.

    Args:
        headers: names, in any case, and values, as they came.
        body: as it came, to the byte.
        now: seconds since 1970.

    Raises:
        BadSignature: it was not.
    """
    came: dict[str, list[str]] = {ID: [], TIMESTAMP: [], SIGNATURE: []}
    for name, value in headers:
        if (lower := name.lower()) in came:
            came[lower].append(value)
    if any(len(values) != 1 for values in came.values()):
        raise BadSignature
    message, timestamp = came[ID][0], came[TIMESTAMP][0]
    if not _ID.fullmatch(message) or not _TIMESTAMP.fullmatch(timestamp) or abs(now - int(timestamp)) > TOLERANCE:
        raise BadSignature
    content, signatures = _content(message, timestamp, body), _signatures(came[SIGNATURE][0])
    for key in keys:
        for version, signature in signatures:
            if version == key.version and key.has_signed(content, signature):
                return message
    raise BadSignature


def _signatures(header: str) -> list[tuple[str, bytes]]:
    """The signatures in a header, each with its version; also those of versions that are not known here."""
    items = header.split(" ")
    if len(items) > MAX_SIGNATURES:
        raise BadSignature
    found = []
    for item in items:
        matched = _ONE_SIGNATURE.fullmatch(item)
        content = matched and _strict_base64(matched[2])
        if not matched or content is None:
            raise BadSignature
        found.append((matched[1], content))
    return found


def _content(message: str, timestamp: str, body: bytes) -> bytes:
    return b".".join((message.encode("ascii"), timestamp.encode("ascii"), body))


def _shared(text: str) -> SharedSecret:
    content = _decoded(text, SHARED)
    if not MIN_SHARED <= len(content) <= MAX_SHARED:
        raise _bad_key()
    return SharedSecret(content)


def _decoded(text: str, prefix: str) -> bytes:
    content = _strict_base64(text.removeprefix(prefix)) if text.startswith(prefix) else None
    if content is None:
        raise _bad_key()
    return content


def _strict_base64(text: str) -> bytes | None:
    """What a text holds in Base64; None where another text would say the same, or it is none."""
    try:
        content = b64decode(text, validate=True)
    except ValueError:
        return None
    return content if b64encode(content).decode() == text else None


def _bad_key() -> BadRecord:
    return BadRecord(
        Text(nl="Dit is geen sleutel voor webhooks.", en="This is no key for webhooks."),
        hint=Text(
            nl="Een sleutel begint met whsec_, whsk_ of whpk_, met Base64 erachter.",
            en="A key begins with whsec_, whsk_ or whpk_, followed by Base64.",
        ),
    )
