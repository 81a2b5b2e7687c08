"""Where the ledger of an output folder is: in the folder, for one machine, or in a database that machines share."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from fotopoort.batch.ledger.leases import lease_seconds
from fotopoort.batch.ledger.ledger import Ledger
from fotopoort.batch.run_request import RunRequest
from fotopoort.batch.storage.folder import Folder
from fotopoort.batch.storage.storage import Storage
from fotopoort.errors import OutputUnwritable, UseError
from fotopoort.registry.store.database import sqlite_url
from fotopoort.settings import Settings
from fotopoort.vocabulary import Text

FOLDER: Final = ".fotopoort"  # in the output folder
OWN: Final = f"{FOLDER}/ledger.sqlite"
SHARED: Final = f"{FOLDER}/cluster"  # holds the name of the ledger's schema in the database


@contextmanager
def own_ledger(request: RunRequest, settings: Settings) -> Iterator[Ledger]:
    """The ledger in the output folder, locked for this run. What a killed run left in the folder is removed first.

    Raises:
        OutputUnwritable: it cannot be written, another run has it, or the folder belongs to runs with --cluster.
        UseError: a folder is in a bucket, where a ledger cannot be.
    """
    if not isinstance(request.out, Folder) or not isinstance(request.photos, Folder):
        raise UseError(
            Text(nl="Een bucket kan alleen met --cluster.", en="A bucket needs --cluster."),
            hint=Text(
                nl="Zie docs/folders.md, bij On many machines.",
                en="See docs/folders.md, On many machines.",
            ),
        )
    if has_record(request.out, SHARED):
        raise OutputUnwritable(
            Text(
                nl="Deze map hoort bij opdrachten met --cluster.",
                en="This output folder belongs to runs with --cluster.",
            ),
            hint=Text(
                nl="Voeg dat toe, of noem een andere map met --out.", en="Add it, or name another folder with --out."
            ),
        )
    request.out.write(f"{FOLDER}/test", b"")
    request.out.remove(f"{FOLDER}/test")
    with (request.out.path / FOLDER / "lock").open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise OutputUnwritable(ANOTHER_RUN, hint=WAIT) from None
        request.out.sweep()
        url = sqlite_url((request.out.path / OWN).absolute())
        with Ledger.open(url, lease_seconds(settings)) as ledger:
            yield ledger


ANOTHER_RUN: Final = Text(
    nl="Er is al een andere opdracht bezig in de map voor de uitvoer.",
    en="Another run is at work in the output folder.",
)
WAIT: Final = Text(nl="Wacht tot die klaar is.", en="Wait until it ends.")


def has_record(out: Storage, path: str) -> bool:
    """Whether the output folder has this file among its records."""
    try:
        return any(f"{FOLDER}/{entry.name}" == path for entry in out.listing(FOLDER))
    except OSError:
        return False
