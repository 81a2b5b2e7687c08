"""What judges the photos that were fetched: an interface, so that this room knows nothing of how it is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from fotopoort.errors import FotopoortError, IdempotencyConflict, PhotoError, UseError, kind_of
from fotopoort.pull.messages import SealedPhoto
from fotopoort.registry.access.roles import Caller
from fotopoort.vocabulary import Text


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a photo comes to now.

    Attributes:
        document: as `POST /v1/gate` answers it; None: it is still being looked at.
        rendition: SHA-256 of what may be shown now; None: nothing may, or nothing is made yet.
        holds: whether what the website shows may be shown until then.
    """

    document: Mapping[str, Any] | None = field(repr=False)
    rendition: str | None = None
    holds: bool = False


class Verdicts(Protocol):
    """Judges photos for a website."""

    def take(self, caller: Caller, photo: SealedPhoto, idempotency_key: str) -> str:
        """Have a photo judged. It is stored when this returns: whoever is killed after it, it is judged.

        Args:
            idempotency_key: with the same one, it is the same photo, and gets the same ticket.

        Returns:
            The ticket by which its verdict is asked for: 80 characters at most.

        Raises:
            FotopoortError: of `UseError` or `PhotoError`, it can never be judged; any other, not now.
        """

    def verdict(self, caller: Caller, ticket: str, shown: str | None) -> Verdict:
        """What holds now.

        Args:
            shown: SHA-256 of the rendition that the website has.

        Raises:
            NotFound: nothing is known of it any more.
            FotopoortError: it cannot be said now.
        """

    def rendition(self, caller: Caller, ticket: str, sha256: str) -> bytes | None:
        """The JPEG of a verdict; None where it does not hold any more.

        Raises:
            PhotoGone, PostEnded: it is not kept any more.
            FotopoortError: it cannot be had now.
        """


UNREADABLE: Final = "pull.unreadable"
_FINAL_STATUSES: Final = frozenset({400, 413, 415, 422})  # 409: what was there just then, which may be a race
_UNREADABLE_TEXT: Final = Text(
    nl="Deze foto kon op school niet worden geopend. Zet hem opnieuw op de website.",
    en="This photo could not be opened at school. Put it on the website again.",
)


def is_final(error: FotopoortError) -> bool:
    """Whether a photo will never be judged otherwise; else it is tried again."""
    if isinstance(error, PhotoError | IdempotencyConflict):
        return True
    return isinstance(error, UseError) and error.http_status in _FINAL_STATUSES


def refused(code: str, sha256: str | None) -> dict[str, Any]:
    """The verdict on a photo that could not be judged, in the form of `POST /v1/gate`.

    Args:
        code: of the error.
        sha256: of the photo, if it could be opened.
    """
    text = _UNREADABLE_TEXT if code == UNREADABLE else kind_of(code, FotopoortError).text
    return {
        "status": "done",
        "sha256": sha256,
        "outcome": "reject",
        "review": None,
        "message": {"nl": text.nl, "en": text.en},
        "text": None,
        "rendition": None,
        "error": {"code": code},
    }


def lasting(document: Mapping[str, Any]) -> dict[str, Any]:
    """What a website need not be told again as long as it is the same."""
    return {name: value for name, value in document.items() if name not in ("registry", "policy")}


def without_addresses(document: Mapping[str, Any]) -> dict[str, Any]:
    """A verdict without the addresses that only somebody at school can call; but where a person answers."""
    told = {name: value for name, value in document.items() if name != "href"}
    if isinstance(rendition := told.get("rendition"), Mapping):
        told["rendition"] = {name: value for name, value in rendition.items() if name != "href"}
    return told
