"""Before the work: what lies in a folder now, what is gone from it, and which photos must be judged."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from fotopoort.application.contract.documents import Json
from fotopoort.application.folders.passed_over import PassedOver
from fotopoort.application.input_files import nothing_to_screen
from fotopoort.batch.ledger.database import PAGE
from fotopoort.batch.ledger.ledger import Ledger
from fotopoort.batch.ledger.photo_state import PhotoState
from fotopoort.batch.storage.walk import FoundFile, walk
from fotopoort.batch.validity import Validity
from fotopoort.errors import BadAnswers, FolderUnreadable, OutputUnwritable
from fotopoort.vocabulary import Text

MAX_GONE: Final = 0.5  # of the photos; if more are gone, this must be another folder


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found in a folder.

    Attributes:
        run: its number.
        photos: how many there are now.
        wanted: how many must be judged.
        gone: how many are no longer there; their results were removed.
    """

    run: int
    photos: int
    wanted: int
    gone: int
    passed_over: PassedOver


def survey(
    validity: Validity,
    ledger: Ledger,
    *,
    shared_request: Json | None = None,
    is_still: Callable[[FoundFile], bool] | None = None,
) -> Survey:
    """Begin a run: find what lies in the folder, remove the results of photos that are gone, and plan the work.

    Args:
        shared_request: what other machines need in order to take part; None: there are none.
        is_still: whether nobody is writing a photo now; else it is left for a later run. Called for those photos that
            would be judged.

    Raises:
        RegistryError: it is not known who may be shown: nothing is begun.
        FolderUnreadable: the folder cannot be read.
        NothingToScreen: there is no photo.
        OutputUnwritable: the output folder belongs to another folder, or cannot be written.
        BadAnswers: in the answers is a name that several photos have.
        RunReplaced: another run was begun meanwhile, on another machine.
    """
    request, context = validity.request, validity.eligibility(None).context
    if context.failure is not None:
        raise context.failure
    last_folder, recorded = ledger.last_folder(), ledger.photo_count()
    folder = request.photos.address
    run = ledger.begin(folder, shared_request)
    passed_over = PassedOver()
    names: list[str] = []  # of photos that may stand in the answers by their name alone

    def noting(files: Iterator[FoundFile]) -> Iterator[FoundFile]:
        for file in files:
            name = os.path.basename(file.path)
            if name in request.answers.by_name:
                names.append(name)
            yield file

    photos = ledger.record_found(run, noting(walk(request.photos, request.out, passed_over)))
    try:
        request.answers.check_names(names)
    except BadAnswers:
        ledger.undo(run)
        raise
    if not photos:  # also where there were photos: an empty folder is more likely a drive that is not there
        ledger.undo(run)
        if "" in passed_over.unreadable:
            raise FolderUnreadable
        raise nothing_to_screen(passed_over)
    missing = sum(not passed_over.hides(path) for path in ledger.gone(run))
    if last_folder not in (None, folder) and missing > MAX_GONE * recorded:
        ledger.undo(run)
        raise OutputUnwritable(
            Text(
                nl="Deze map voor de uitvoer hoort bij een andere map met foto's.",
                en="The output folder is that of another folder with photos.",
            ),
            hint=Text(nl="Noem een andere map met --out.", en="Name another one with --out."),
        )
    gone = _remove_gone(validity, ledger, run, passed_over)

    spoken_of = validity.spoken_of()

    def is_wanted(file: FoundFile, state: PhotoState | None) -> bool:
        return must_be_judged(file, state) and (is_still is None or is_still(file))

    def must_be_judged(file: FoundFile, state: PhotoState | None) -> bool:
        if state is None or not state.settled:  # nothing was made of it that could be out of date
            return not request.only_stale
        if (file.size, file.modified) != (state.size, state.modified) and not request.only_stale:
            return True
        eligibility = validity.eligibility(validity.capture_date(file.path, state.captured_at), cached=True)
        return state.key != validity.current_key(file, state, eligibility, spoken_of)

    return Survey(run, photos, ledger.plan(run, is_wanted), gone, passed_over)


def _remove_gone(validity: Validity, ledger: Ledger, run: int, passed_over: PassedOver) -> int:
    """Remove the results of photos that are gone; how many. Those in folders that cannot be read stay as they are."""
    count, page = 0, list[str]()
    for path in ledger.gone(run):
        if passed_over.hides(path):
            continue
        for place in ledger.places(path):
            validity.request.out.remove(place)
        page.append(path)
        count += 1
        if len(page) == PAGE:
            ledger.forget(run, page)
            page = []
    ledger.forget(run, page)
    return count
