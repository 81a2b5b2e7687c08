"""What the client raises. Whatever it is: do not publish.

ClientError
├── NoAnswer        the service is away, busy, or answers with something else
├── StillPending    it is still being looked at; `verdict.id` asks again
└── Refused         it will not do what was asked: `code`, `message`, `hint`
    ├── NotAllowed  the key (401, 403)
    ├── Unknown     nothing is known of it (404)
    ├── NotValid    nothing may be published, or not any more (409, 410)
    └── NotAPhoto   a PDF, video or another file that is not judged (415)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from fotopoort.client.verdicts import Verdict


class ClientError(Exception):
    """There is no verdict."""


class NoAnswer(ClientError):
    """The service did not answer, or not with what it should, however often it was asked."""


class StillPending(ClientError):
    """It is still being looked at, which goes on."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__("it is still being looked at")
        self.verdict = verdict


class Refused(ClientError):
    """The service will not do what was asked.

    Args:
        status: of HTTP.
        code: a word that stays the same.
        message, hint: for people, in the client's language.
        unjudged: of a file that is not judged, what the school wants on this channel: "hold" or "allow".
    """

    def __init__(self, status: int, code: str, message: str, hint: str = "", unjudged: str = "hold") -> None:
        super().__init__(f"{message} {hint}".strip())
        self.status, self.code, self.message, self.hint, self.unjudged = status, code, message, hint, unjudged


class NotAllowed(Refused):
    """The key is not taken, or may not do this."""


class Unknown(Refused):
    """Nothing is known of what was asked about."""


class NotValid(Refused):
    """There is nothing that may be published."""


class NotAPhoto(Refused):
    """The file is not judged: see `code` (`not_a_photo_pdf`, …) and `unjudged`."""


BY_STATUS: Final[dict[int, type[Refused]]] = {
    401: NotAllowed,
    403: NotAllowed,
    404: Unknown,
    409: NotValid,
    410: NotValid,
}
