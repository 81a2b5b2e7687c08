"""The website's side of pull mode, as the school calls it: one function a route.

What it answers was made elsewhere: bounded in size and time, and read with care.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from fotopoort.errors import BadRecord
from fotopoort.pull import messages
from fotopoort.pull.connection import Connection
from fotopoort.pull.messages import Code, Keys
from fotopoort.webhooks.outbound.client import Answer
from fotopoort.webhooks.outbound.network import OutboundError

MAX_ANSWER: Final = 64_000  # bytes, of JSON
MAX_OFFERED: Final = 20
MAX_WAIT: Final = 20  # seconds of a long poll
MAX_POLL_AFTER: Final = 60.0
MAX_RETRY_AFTER: Final = 300.0
SECONDS_TO_ANSWER: Final = 20.0  # beside those of a long poll
SECONDS_FOR_A_PHOTO: Final = 120.0

UNKNOWN_PHOTO: Final = "fotopoort_unknown_photo"
REPLAYED: Final = "fotopoort_replayed"
BAD_CODE: Final = "fotopoort_bad_code"
_CODES: Final = {  # of the website's refusals, by the code that is stored and shown
    "fotopoort_bad_message": "hoster.bad_message",
    "fotopoort_unknown_pairing": "hoster.unknown_pairing",
    "fotopoort_bad_signature": "hoster.bad_signature",
    "fotopoort_clock": "hoster.clock",
    BAD_CODE: "hoster.bad_code",
    UNKNOWN_PHOTO: "hoster.unknown_photo",
    REPLAYED: "hoster.replayed",
    "fotopoort_bad_rendition": "hoster.bad_rendition",
}


class HosterFailed(Exception):
    """The website did not do what it was asked.

    Args:
        code: a word of ours, never of the website's.
        after: seconds for which it wants to be left alone.
    """

    def __init__(self, code: str, *, after: float | None = None) -> None:
        super().__init__(code)
        self.code, self.after = code, after


class UnknownPhoto(HosterFailed):
    """The website has no photo of that id."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A photo that waits at the website.

    Attributes:
        bytes, sha256: of the sealed file.
    """

    id: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Offer:
    """The answer to a poll.

    Attributes:
        poll_after: seconds until the website wants the next one.
    """

    photos: tuple[Offered, ...]
    poll_after: float


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs messages to one website.

    Attributes:
        sequence: gives the number of the next message.
        clock: Unix time in seconds.
    """

    keys: Keys
    sequence: Callable[[], int]
    clock: Callable[[], float] = time.time

    def fields(self, route: str, content: Mapping[str, Any]) -> dict[str, str]:
        """Those of a request."""
        return messages.signed(self.keys, route, content, time=int(self.clock()), sequence=self.sequence())


@dataclass(frozen=True, slots=True)
class Hoster:
    """The website of one pairing.

    Attributes:
        address: of its routes, without the last part.
        max_bytes: of a photo.
    """

    connection: Connection = field(repr=False)
    address: str
    signer: Signer
    max_bytes: int

    def poll(self, wait: int) -> Offer:
        """What waits there, once there is something or so many seconds have passed.

        Raises:
            HosterFailed: it did not answer, or not with what it should.
        """
        answer = self._json("poll", {"wait": wait}, seconds=wait + SECONDS_TO_ANSWER)
        photos, after = answer.get("photos"), answer.get("poll_after", 0)
        if not isinstance(photos, list) or not isinstance(after, int | float):
            raise HosterFailed("hoster.bad_answer")
        return Offer(tuple(map(_offered, photos[:MAX_OFFERED])), min(MAX_POLL_AFTER, max(0.0, float(after))))

    def take(self, photo: Offered) -> bytes:
        """The sealed file, which stays there until `result`.

        Raises:
            UnknownPhoto: it is not there any more.
            HosterFailed: it did not answer, or with another file.
        """
        sealed = self._send(
            "take", {"photo": photo.id}, limit=self.max_bytes + messages.OVERHEAD, seconds=SECONDS_FOR_A_PHOTO
        )
        if hashlib.sha256(sealed).hexdigest() != photo.sha256:
            raise HosterFailed("hoster.other_file")
        return sealed

    def result(
        self, photo: str, *, sealed: str, sha256: str | None, verdict: Mapping[str, Any], rendition: bytes | None
    ) -> None:
        """Bring a verdict. It can be brought twice.

        Args:
            sealed: SHA-256 of the sealed file.
            sha256: of the photo.
            rendition: a JPEG, where the verdict allows one.

        Raises:
            UnknownPhoto, HosterFailed: it was not taken.
        """
        about = None
        if rendition is not None:
            about = {"sha256": hashlib.sha256(rendition).hexdigest(), "bytes": len(rendition)}
        content = {"photo": photo, "sealed": sealed, "sha256": sha256, "verdict": dict(verdict), "rendition": about}
        if self._json("result", content, file=rendition, seconds=SECONDS_FOR_A_PHOTO).get("stored") is not True:
            raise HosterFailed("hoster.bad_answer")

    def revoked(self, photo: str, *, sha256: str | None, rendition: str) -> None:
        """Have a rendition taken down. It can be said twice.

        Args:
            sha256: of the photo.
            rendition: SHA-256 of it.

        Raises:
            UnknownPhoto, HosterFailed: it was not done.
        """
        answer = self._json("revoked", {"photo": photo, "sha256": sha256, "rendition_sha256": rendition})
        if answer.get("revoked") is not True:
            raise HosterFailed("hoster.bad_answer")

    def pair(self, code: Code) -> None:
        """Give the website our public keys.

        Raises:
            HosterFailed: it did not take them, or did not make that code.
        """
        keys = self.signer.keys
        proof = messages.encode(messages.school_proof(code.secret, keys.sign_key, keys.box_key))
        public = {"sign_key": messages.encode(keys.sign_key), "box_key": messages.encode(keys.box_key)}
        answer = self._json("pair", public | {"proof": proof})
        expected = messages.encode(messages.hoster_proof(code.secret, keys.sign_key, keys.box_key))
        if answer.get("pairing") != keys.pairing or answer.get("proof") != expected:
            raise HosterFailed("hoster.bad_proof")

    def _json(
        self,
        route: str,
        content: Mapping[str, Any],
        *,
        file: bytes | None = None,
        seconds: float = SECONDS_TO_ANSWER,
    ) -> dict[str, Any]:
        answer = self._send(route, content, limit=MAX_ANSWER, file=file, seconds=seconds)
        read = _read(answer)
        if read is None:
            raise HosterFailed("hoster.bad_answer")
        return read

    def _send(
        self,
        route: str,
        content: Mapping[str, Any],
        *,
        limit: int,
        file: bytes | None = None,
        seconds: float = SECONDS_TO_ANSWER,
    ) -> bytes:
        """The body of the answer to a request, which is sent again where its number was too low."""
        for attempt in range(2):
            form = {name: value.encode() for name, value in self.signer.fields(route, content).items()}
            if file is not None:
                form["rendition"] = file
            url = f"{self.address}/{route}"
            try:
                answer = self.connection.post(url, form, max_bytes=max(limit, MAX_ANSWER), seconds=seconds)
            except OutboundError as error:
                raise HosterFailed(f"hoster.{error.code}") from None
            except BadRecord:
                raise HosterFailed("hoster.bad_address") from None
            if answer.status == 200:
                return answer.content
            refusal = _refusal(answer)
            if refusal.code != _CODES[REPLAYED] or attempt:
                raise refusal
        raise AssertionError


def _offered(photo: Any) -> Offered:  # noqa: ANN401 - whatever came
    if not isinstance(photo, dict):
        raise HosterFailed("hoster.bad_answer")
    photo_id, size, sha256 = photo.get("id"), photo.get("bytes"), photo.get("sha256")
    if not (isinstance(size, int) and messages.is_id(photo_id) and messages.is_sha256(sha256)):
        raise HosterFailed("hoster.bad_answer")
    return Offered(str(photo_id), size, str(sha256))


def _refusal(answer: Answer) -> HosterFailed:
    said = (_read(answer.content) or {}).get("code")
    code = _CODES.get(said) if isinstance(said, str) else None
    if said == UNKNOWN_PHOTO:
        return UnknownPhoto(_CODES[UNKNOWN_PHOTO])
    after = answer.retry_after(datetime.now(UTC), at_most=MAX_RETRY_AFTER)
    return HosterFailed(code or f"hoster.status_{answer.status}", after=after)


def _read(content: bytes) -> dict[str, Any] | None:
    """A JSON object; None: it is none."""
    try:
        read = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return read if isinstance(read, dict) else None
