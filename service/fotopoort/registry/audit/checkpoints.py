"""Signed checkpoints of the audit log, a file a day: kept elsewhere, they show a log that was cut off or rewritten."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import select

from fotopoort.canonical_json import canonical
from fotopoort.errors import KeyMissing
from fotopoort.files import create_once, write_whole
from fotopoort.registry.registry import Session
from fotopoort.registry.store.column_types import utc_text
from fotopoort.registry.store.tables import audit_head
from fotopoort.vocabulary import Text

FOLDER: Final = "heads"  # in the data folder
PRIVATE: Final = "audit-signing.key"  # in the keys folder
PUBLIC: Final = "audit-signing.pub"
DAY: Final = r"-\d{4}-\d\d-\d\d\.json"  # behind a school's id in the name of a file


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How far the log went at a moment (`seq`), and the hash of its last row then."""

    tenant: str
    seq: int
    hash: str
    at: str


def export_checkpoint(session: Session, folder: Path) -> Path:
    """Sign where the log ends now, and write that to today's file in a folder. Returns the file.

    Raises:
        KeyMissing: the signing key cannot be used.
        OutputUnwritable: the folder cannot be written to.
    """
    query = select(audit_head.c.seq, audit_head.c.hash).where(audit_head.c.tenant == session.tenant)
    row = session.connection.execute(query).one()
    checkpoint = Checkpoint(session.tenant, row.seq, row.hash, utc_text(session.now))
    key = _private_key(session.keys_folder)
    signature = key.sign(_signed_bytes(checkpoint)).hex()
    content = asdict(checkpoint) | {"key": _fingerprint(key.public_key()), "signature": signature}
    path = folder / f"{session.tenant}-{session.today.isoformat()}.json"
    write_whole(path, (json.dumps(content, indent=2) + "\n").encode())
    return path


def read_checkpoints(folder: Path, keys_folder: Path, tenant: str) -> tuple[list[Checkpoint], list[str]]:
    """The checkpoints of a school in a folder, oldest first, and the names of files that should be some and were not
    signed with the school's key.

    Raises:
        KeyMissing: there is no public key to verify them with.
    """
    try:
        public = serialization.load_pem_public_key((keys_folder / PUBLIC).read_bytes())
    except (OSError, ValueError):
        raise KeyMissing(
            Text(
                nl="De openbare sleutel van het logboek is er niet.", en="The public key of the audit log is not there."
            )
        ) from None
    assert isinstance(public, Ed25519PublicKey)  # noqa: S101 - we wrote it
    checkpoints, forged = [], []
    own_name = re.compile(re.escape(tenant) + DAY, re.ASCII)
    for path in sorted(path for path in folder.glob("*.json") if path.name.startswith(f"{tenant}-")):
        checkpoint = _read(path, public)
        if checkpoint is not None and checkpoint.tenant == tenant:  # a copy counts, whatever is behind the day
            checkpoints.append(checkpoint)
        elif own_name.fullmatch(path.name):  # others can be of a school whose id begins so
            forged.append(path.name)
    return sorted(checkpoints, key=lambda checkpoint: checkpoint.seq), forged


def furthest(checkpoints: Iterable[Checkpoint]) -> Checkpoint | None:
    """The checkpoint that goes furthest."""
    return max(checkpoints, key=lambda checkpoint: checkpoint.seq, default=None)


def _read(path: Path, public: Ed25519PublicKey) -> Checkpoint | None:
    try:
        content: dict[str, Any] = json.loads(path.read_bytes())
        checkpoint = Checkpoint(content["tenant"], content["seq"], content["hash"], content["at"])
        public.verify(bytes.fromhex(content["signature"]), _signed_bytes(checkpoint))
    except (OSError, ValueError, KeyError, TypeError, InvalidSignature):
        return None
    return checkpoint


def _signed_bytes(checkpoint: Checkpoint) -> bytes:
    return b"fotopoort audit head\n" + canonical(asdict(checkpoint)).encode()


def _private_key(folder: Path) -> Ed25519PrivateKey:
    path = folder / PRIVATE
    try:
        if not path.exists():
            _create_key(path)
        if os.stat(path).st_mode & 0o077:
            raise KeyMissing(
                Text(
                    nl="Anderen kunnen de sleutel voor handtekeningen lezen.",
                    en="The signing key can be read by others.",
                ),
                hint=Text(nl="Neem hun de rechten af: chmod 600.", en="Take their permission away: chmod 600."),
            )
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError):
        raise KeyMissing(
            Text(
                nl="De sleutel waarmee het logboek wordt ondertekend, is niet bruikbaar.",
                en="The signing key of the audit log cannot be used.",
            )
        ) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyMissing(
            Text(
                nl="De sleutel waarmee het logboek wordt ondertekend, is van een ander soort.",
                en="The signing key of the audit log is of another kind.",
            )
        )
    _publish(key.public_key(), folder / PUBLIC)
    return key


def _create_key(path: Path) -> None:
    """Make a private key, unless another program makes one at the same time: then that one holds."""
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    create_once(path, pem)


def _publish(key: Ed25519PublicKey, path: Path) -> None:
    """Have the public key beside the private one, also where whoever made that came no further."""
    pem = key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    try:
        published = path.read_bytes()
    except OSError:
        published = b""
    if published != pem:
        write_whole(path, pem)


def _fingerprint(key: Ed25519PublicKey) -> str:
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return hashlib.sha256(raw).hexdigest()[:16]
