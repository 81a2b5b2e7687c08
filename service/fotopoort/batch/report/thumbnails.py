"""The thumbnails of a report: where they lie, and removing those that show what no longer has a result."""

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
    """Where a thumbnail lies, below the output folder. It follows from the content, so no two share a place."""
    digest = hashlib.sha256(jpeg).hexdigest()
    return f"{FOLDER}/{digest[:2]}/{digest}.jpg"


def sweep(ledger: Ledger, out: Storage) -> None:
    """Remove those that belong to no result any more. Call it once the report is written: an older one shows them."""
    with suppress(OSError, OutputUnwritable):  # there are none, or the next run removes them
        for folder in out.listing(FOLDER):
            place = f"{FOLDER}/{folder.name}/"
            in_use = ledger.thumbnails(place)
            for file in out.listing(place):
                if place + file.name not in in_use:
                    out.remove(place + file.name)
