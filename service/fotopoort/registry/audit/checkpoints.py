"""The signed head of the audit log, a file a day: kept elsewhere, it shows when the log was cut off or written anew."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import select

from fotopoort.errors import KeyMissing, RegistryError
from fotopoort.files import write_whole
from fotopoort.registry.audit.chain import canonical
from fotopoort.registry.registry import Session
from fotopoort.registry.store.tables import audit_head, written

FOLDER: Final = "heads"  # in the data folder
PRIVATE: Final = "audit-signing.key"  # in the keys folder
PUBLIC: Final = "audit-signing.pub"


@dataclass(frozen=True, slots=True)
class Head:
    """How far the log went at a moment, and the hash of its last row then."""

    tenant: str
    seq: int
    hash: str
    at: str


def export_head(session: Session, folder: Path) -> Path:
    """Sign where the log ends now, and write that to today's file in a folder. Returns the file.

    Raises:
        KeyMissing: the signing key cannot be used.
        OutputUnwritable: the folder cannot be written to.
    """
    query = select(audit_head.c.seq, audit_head.c.hash).where(audit_head.c.tenant == session.tenant)
    row = session.connection.execute(query).one()
    head = Head(session.tenant, row.seq, row.hash, written(session.now))
    key = _private_key(session.keys_folder)
    content = asdict(head) | {"key": _fingerprint(key.public_key()), "signature": key.sign(_signed(head)).hex()}
    place = folder / f"{session.tenant}-{session.today.isoformat()}.json"
    write_whole(place, (json.dumps(content, indent=2) + "\n").encode())
    return place


def read_heads(folder: Path, keys_folder: Path, tenant: str) -> tuple[list[Head], list[str]]:
    """The heads in a folder, the oldest first, and the names of files that were not signed with the school's key.

    Raises:
        KeyMissing: there is no public key to hold them against.
    """
    try:
        public = serialization.load_pem_public_key((keys_folder / PUBLIC).read_bytes())
    except (OSError, ValueError):
        raise KeyMissing("The public key of the audit log is not there.") from None
    assert isinstance(public, Ed25519PublicKey)  # noqa: S101 - we wrote it
    heads, forged = [], []
    for place in sorted(folder.glob(f"{tenant}-*.json")):
        head = _read(place, public)
        if head is None or head.tenant != tenant:
            forged.append(place.name)
        else:
            heads.append(head)
    return sorted(heads, key=lambda head: head.seq), forged


def _read(place: Path, public: Ed25519PublicKey) -> Head | None:
    try:
        content: dict[str, Any] = json.loads(place.read_bytes())
        head = Head(content["tenant"], content["seq"], content["hash"], content["at"])
        public.verify(bytes.fromhex(content["signature"]), _signed(head))
    except (OSError, ValueError, KeyError, TypeError, InvalidSignature):
        return None
    return head


def latest(heads: Iterable[Head]) -> Head | None:
    """The one that goes furthest."""
    return max(heads, key=lambda head: head.seq, default=None)


def _signed(head: Head) -> bytes:
    return b"fotopoort audit head\n" + canonical(asdict(head)).encode()


def _private_key(folder: Path) -> Ed25519PrivateKey:
    place = folder / PRIVATE
    try:
        if not place.exists():
            _make_keys(folder)
        if os.stat(place).st_mode & 0o077:
            raise KeyMissing("The signing key can be read by others.", hint="Take their permission away: chmod 600.")
        key = serialization.load_pem_private_key(place.read_bytes(), password=None)
    except (OSError, ValueError):
        raise KeyMissing("The signing key of the audit log cannot be used.") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyMissing("The signing key of the audit log is of another kind.")
    return key


def _make_keys(folder: Path) -> None:
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(folder / PUBLIC, public)
        write_whole(folder / PRIVATE, private, mode=0o600)
    except OSError:
        raise RegistryError("The folder with the keys cannot be written to.") from None


def _fingerprint(key: Ed25519PublicKey) -> str:
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return hashlib.sha256(raw).hexdigest()[:16]
