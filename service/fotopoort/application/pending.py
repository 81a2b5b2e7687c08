"""A photo that is being judged, with all that is needed to judge it again."""

from __future__ import annotations

import hashlib
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from functools import lru_cache

from fotopoort import canonical_json
from fotopoort.application.capture_date import CaptureDate
from fotopoort.application.context import DecisionContext
from fotopoort.application.redecision import GivenScreening
from fotopoort.errors import PhotoError, PhotoGone, RegistryError
from fotopoort.registry.photos.screenings import Rejudgement
from fotopoort.screening.processes.pool import ScreeningPool
from fotopoort.screening.screen import Request, Screening, unjudged
from fotopoort.screening.stored_form import digest
from fotopoort.vocabulary import NameEntry


@dataclass(frozen=True, slots=True)
class PendingScreening:
    """A photo that is being screened.

    Attributes:
        future: never fails for anything about the photo or the registry.
        data: the photo's bytes, or what kept it from being read.
        request: as the photo is judged: with the rules that are set aside for it among its answers.
        context: what the photo is judged by.
        capture_date: when it was taken.
        pool, preview_side, said_before: what it is judged again with, if the registry changed meanwhile.
    """

    future: Future[Screening]
    data: bytes | PhotoError = field(repr=False)
    request: Request
    context: DecisionContext = field(repr=False)
    capture_date: CaptureDate
    pool: ScreeningPool = field(repr=False)
    preview_side: int = 0
    said_before: bool = False

    def given(self, screening: Screening) -> GivenScreening:
        """What came of it, with what it rests on."""
        return GivenScreening(screening, self.request, self.context, captured_at=self.capture_date.moment)

    def again(self, request: Request, context: DecisionContext) -> PendingScreening:
        """The photo, being judged again by what holds now.

        Args:
            request: as the photo is judged now.
        """
        future = self.pool.submit(self.data, replace(context.job(request), preview_side=self.preview_side))
        return replace(self, future=future, request=request, context=context)


@dataclass(frozen=True, slots=True)
class PendingRejudgement:
    """A photo that was screened before, and is being judged again with further answers.

    Attributes:
        data: the photo's bytes.
        rejudgement: as it was read from the registry.
        request: as the photo is judged now: with everything that was said of it.
        context, pool: as in `PendingScreening`.
    """

    future: Future[Screening]
    screening_id: str
    data: bytes = field(repr=False)
    rejudgement: Rejudgement = field(repr=False)
    request: Request
    context: DecisionContext = field(repr=False)
    pool: ScreeningPool = field(repr=False)

    def given(self, screening: Screening) -> GivenScreening:
        """What came of it, with what it rests on. What was read in the photo is not kept, only what was found."""
        return GivenScreening(screening, self.request, self.context, number=self.rejudgement.latest, has_texts=False)


def rejudging(
    pool: ScreeningPool, screening_id: str, data: bytes, rejudgement: Rejudgement, context: DecisionContext
) -> PendingRejudgement:
    """Have a photo judged again from the findings of its first screening.

    Raises:
        PhotoGone: see `require_same_names`.
    """
    require_same_names(rejudgement, context)
    request = with_standing_overrides(rejudgement, context)
    future = pool.submit(data, replace(context.job(request), findings=rejudgement.findings))
    return PendingRejudgement(future, screening_id, data, rejudgement, request, context, pool)


def names_searched(given: GivenScreening) -> str:
    """A digest of the names that the texts of the photo were searched for; "" for a photo without any text."""
    has_text = given.text_size or given.screening.findings.has_text or given.request.file_name
    return searched_for(given.context.names) if has_text or not given.context.names else ""


def require_same_names(rejudgement: Rejudgement, context: DecisionContext) -> None:
    """Require that the photo was searched for the names that are at the school now. Its texts are not kept, so they
    cannot be searched for others.

    Raises:
        PhotoGone: it was searched for other names, or it is not known for which.
    """
    if rejudgement.names_searched not in ("", searched_for(context.names)):
        raise PhotoGone


@lru_cache(maxsize=16)
def searched_for(names: tuple[NameEntry, ...]) -> str:
    """A digest of the names alone that were searched for, see `screenings.remember`: it does not depend on the caller.
    Computed once for the same names."""
    return canonical_json.digest(sorted(digest(replace(name, person=None, groups=frozenset())) for name in names))


def with_standing_overrides(rejudgement: Rejudgement, context: DecisionContext) -> Request:
    """The request, with only those rules set aside that were so at the latest answer and still are."""
    answers = rejudgement.request.answers
    still = context.effective_for(rejudgement.request, rejudgement.findings.sha256).answers.overridden
    return replace(rejudgement.request, answers=replace(answers, overridden=answers.overridden & still))


def unjudged_pending(
    data: bytes | PhotoError,
    request: Request,
    failure: RegistryError,
    context: DecisionContext,
    capture_date: CaptureDate,
    pool: ScreeningPool,
) -> PendingScreening:
    """A photo that cannot be judged because of the registry."""
    future: Future[Screening] = Future()
    future.set_result(unjudged(bytes_of(data), request, failure, policy=context.policy))
    return PendingScreening(future, data, request, context, capture_date, pool)


def sha256_of(data: bytes | PhotoError) -> str:
    """Of a photo's bytes; "" where it could not be read."""
    return hashlib.sha256(data).hexdigest() if isinstance(data, bytes) else ""


def bytes_of(data: bytes | PhotoError) -> bytes:
    """The photo's bytes; none where it could not be read."""
    return data if isinstance(data, bytes) else b""
