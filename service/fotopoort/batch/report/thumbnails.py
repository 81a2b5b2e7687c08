"""The small pictures of a report: where they lie, and that none stays for longer than what it shows."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from typing import Final

from fotopoort.batch.ledger.ledger import Ledger
from fotopoort.batch.storage.storage import Storage
from fotopoort.errors import OutputUnwritable

SIDE: Final = 320  # pixels at most, of the longer side
FOLDER: Final = "report/thumbnails"


def place_of(jpeg: bytes) -> str:
    """Where a thumbnail lies, below the output folder: two that differ in anything lie in two places."""
    digest = hashlib.sha256(jpeg).hexdigest()
    return f"{FOLDER}/{digest[:2]}/{digest}.jpg"


def sweep(ledger: Ledger, out: Storage) -> None:
    """Take away those that belong to no result any more. After the report is written: an older one shows them."""
    with suppress(OSError, OutputUnwritable):  # none, or next time
        for folder in out.listing(FOLDER):
            place = f"{FOLDER}/{folder.name}/"
            kept = ledger.thumbnails(place)
            for file in out.listing(place):
                if place + file.name not in kept:
                    out.remove(place + file.name)
