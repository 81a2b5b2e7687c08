"""Before the work: what lies in a folder now, what is gone from it, and what must be judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from fotopoort.application.capture_date import taken
from fotopoort.application.contract.documents import Json
from fotopoort.batch.ledger.database import PAGE
from fotopoort.batch.ledger.ledger import Ledger
from fotopoort.batch.ledger.photo_state import PhotoState
from fotopoort.batch.storage.walk import FoundFile, PassedOver, walk
from fotopoort.batch.validity import Validity
from fotopoort.errors import FolderUnreadable, NothingToScreen, OutputUnwritable

MAX_GONE: Final = 0.5  # of the photos; more of them gone, and it is another folder


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found in a folder. `photos`: there are now; `wanted`: to be judged; `gone`: taken out of the results."""

    run: int
    photos: int
    wanted: int
    gone: int
    passed_over: PassedOver


def survey(
    basis: Validity,
    ledger: Ledger,
    *,
    for_others: Json | None = None,
    is_still: Callable[[FoundFile], bool] | None = None,
) -> Survey:
    """Begin a run: see what lies in the folder, take away what was made of photos that are gone, and plan the work.

    Args:
        for_others: what other machines must know to take part; None: none does.
        is_still: whether nobody is writing a photo now; else it is left for another time. Asked of those that would
            be judged.

    Raises:
        RegistryError: it is not known who may be shown: nothing is begun.
        FolderUnreadable: the folder cannot be read.
        NothingToScreen: there is no photo.
        OutputUnwritable: the output folder is another folder's, or cannot be written.
        RunReplaced: another run was begun meanwhile, on another machine.
    """
    asked, standing = basis.asked, basis.standing(None)
    if standing.known.failure is not None:
        raise standing.known.failure
    earlier_folder, before = ledger.last_folder(), ledger.photos()
    here = asked.photos.address
    run = ledger.begin(here, for_others)
    passed_over = PassedOver()
    photos = ledger.see(run, walk(asked.photos, asked.out, passed_over))
    if not photos:  # also where there were: an empty folder is more likely a drive that is not there
        ledger.undo(run)
        if "" in passed_over.unreadable:
            raise FolderUnreadable
        raise NothingToScreen
    missing = sum(not passed_over.hides(path) for path in ledger.gone(run))
    if earlier_folder not in (None, here) and missing > MAX_GONE * before:
        ledger.undo(run)
        raise OutputUnwritable(
            "The output folder is that of another folder with photos.", hint="Name another one with --out."
        )
    gone = _take_away(basis, ledger, run, passed_over)

    def is_wanted(seen: FoundFile, earlier: PhotoState | None) -> bool:
        return is_to_be_judged(seen, earlier) and (is_still is None or is_still(seen))

    def is_to_be_judged(seen: FoundFile, earlier: PhotoState | None) -> bool:
        if earlier is None or not earlier.settled or (seen.size, seen.modified) != (earlier.size, earlier.modified):
            return not asked.only_stale
        standing = basis.standing(taken(seen.path, earlier.taken), lately=True)
        return earlier.key != basis.key_now(seen, earlier, standing)

    return Survey(run, photos, ledger.plan(run, is_wanted), gone, passed_over)


def _take_away(basis: Validity, ledger: Ledger, run: int, passed_over: PassedOver) -> int:
    """Take away what was made of photos that are gone. Those in folders that cannot be read stay as they are."""
    count, waiting = 0, []
    for path in ledger.gone(run):
        if passed_over.hides(path):
            continue
        for place in ledger.places(path):
            basis.asked.out.remove(place)
        waiting.append(path)
        count += 1
        if len(waiting) == PAGE:
            ledger.forget(run, waiting)
            waiting = []
    ledger.forget(run, waiting)
    return count
