"""Asks a service whether something may be published.

with Fotopoort("https://fotopoort.school.example", key) as fotopoort:
    verdict = fotopoort.gate(Path("photo.jpg"), channel="website", text="Noor bouwt een toren.")
    if verdict.may_publish:
        publish(fotopoort.rendition(verdict))
    else:
        show(verdict.message.nl, verdict.review)
"""

from __future__ import annotations

import hashlib
import random
import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import httpx

from fotopoort.client.failures import BY_STATUS, NoAnswer, NotAPhoto, NotValid, Refused, StillPending, Unknown
from fotopoort.client.verdicts import Verdict

GATE: Final = "/v1/gate"
SECONDS: Final = 30.0  # for one answer, beside the deadline that is asked for
ATTEMPTS: Final = 4
MAX_RETRY_AFTER: Final = 60.0  # seconds
AGAIN: Final = frozenset({408, 429, 500, 502, 503, 504})


class Fotopoort:
    """A service, as a program with a key asks it. Requests that fail are sent again, under one idempotency key.

    Args:
        address: of the service.
        key: made by `fotopoort registry keys add cms`.
        language: of what refusals say: "nl" or "en".
        client: makes the requests, in place of one of its own; its address, headers and time limits do not count.
        sleep, chance: between two attempts.
    """

    def __init__(
        self,
        address: str,
        key: str,
        *,
        language: str = "nl",
        client: httpx.Client | None = None,
        attempts: int = ATTEMPTS,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._address, self._client = address.rstrip("/"), client or httpx.Client()
        self._headers = {"Authorization": f"Bearer {key}", "Accept-Language": language}
        self._attempts, self._sleep, self._chance = attempts, sleep, chance

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close its connections."""
        self._client.close()

    def gate(
        self,
        photo: bytes | Path | None = None,
        *,
        channel: str,
        text: str | None = None,
        file_name: str | None = None,
        groups: Iterable[str] = (),
        reference: str | None = None,
        deadline: int = 15,
        wait: float = 120.0,
        idempotency_key: str | None = None,
    ) -> Verdict:
        """Ask whether a photo, a text or both may be published.

        Args:
            photo: its bytes, or its file; None: the text alone.
            channel: where it would be published.
            text: caption, title and what else goes with it, line by line.
            file_name: under which it would be published; of a file its own name.
            groups: that are in the photo; none: of the whole school.
            reference: your own id of the article: its photos go in one post.
            deadline: seconds, from 1 to 60, after which the service answers in any case.
            wait: seconds after which this gives up; the photo is looked at all the same.
            idempotency_key: of the same request the same; None: a new one.

        Raises:
            StillPending, NoAnswer, Refused: there is no verdict: do not publish.
        """
        if isinstance(photo, Path):
            file_name, photo = file_name or photo.name, photo.read_bytes()
        given = {"channel": channel, "deadline": str(deadline), "text": text, "file_name": file_name}
        fields = [*(given | {"reference": reference}).items(), *(("group", group) for group in groups)]
        # All as parts: a form without a file would be sent in another way.
        parts: list[tuple[str, Any]] = [(name, (None, value)) for name, value in fields if value]
        if photo is not None:
            parts.append(("photo", ("photo", photo, "application/octet-stream")))
        headers = {"Idempotency-Key": idempotency_key or uuid.uuid4().hex}
        until = time.monotonic() + wait
        answer = self._ask("POST", GATE, headers=headers, files=parts, seconds=deadline + SECONDS)
        verdict = Verdict.read(_document(answer))
        while verdict.is_pending:
            seconds = _retry_after(answer) or 1.0
            if time.monotonic() + seconds > until:
                raise StillPending(verdict)
            self._sleep(seconds)
            answer = self._ask("GET", f"{GATE}/{verdict.id}")
            verdict = Verdict.read(_document(answer))
        return verdict

    def verdict(self, which: str, channel: str | None = None) -> Verdict:
        """What holds now.

        Args:
            which: a verdict's id; or the SHA-256 of what was sent, or of a rendition, with its channel.

        Raises:
            Unknown: nothing is known of it.
            NoAnswer, Refused: there is no verdict.
        """
        return Verdict.read(
            _document(self._ask("GET", f"{GATE}/{which}", params={"channel": channel} if channel else {}))
        )

    def holds(self, sha256: str, channel: str) -> bool:
        """Whether what was published may stay: by the SHA-256 of the rendition, or of the original. What is not known
        may not.

        Raises:
            NoAnswer, Refused: it cannot be said now.
        """
        try:
            return self.verdict(sha256, channel).holds
        except Unknown:
            return False

    def rendition(self, verdict: Verdict) -> bytes:
        """The JPEG to publish.

        Raises:
            NotValid: there is none, or it may not be published any more.
            NoAnswer, Refused: it cannot be had now.
        """
        if verdict.rendition is None:
            raise NotValid(409, "nothing_to_publish", "There is no rendition to publish.")
        answer = self._ask("GET", f"{GATE}/{verdict.id}/rendition")
        if hashlib.sha256(answer.content).hexdigest() != verdict.rendition.sha256:
            raise NotValid(410, "no_longer_valid", "Another rendition holds now: ask for the verdict again.")
        return answer.content

    def _ask(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        seconds: float = SECONDS,
        **content: Any,  # noqa: ANN401 - as httpx takes it
    ) -> httpx.Response:
        problem = NoAnswer("the service does not answer")
        for attempt in range(self._attempts):
            pause = 0.5 * 2**attempt * (0.5 + self._chance())
            try:
                answer = self._client.request(
                    method,
                    self._address + path,
                    headers=self._headers | dict(headers or {}),
                    timeout=seconds,
                    follow_redirects=False,
                    **content,
                )
            except httpx.HTTPError:
                answer = None
            if answer is not None:
                if answer.status_code in (200, 202):
                    return answer
                if answer.status_code not in AGAIN:
                    raise _refusal(answer)
                problem = NoAnswer(f"the service answers {answer.status_code}")
                pause = max(pause, min(MAX_RETRY_AFTER, _retry_after(answer)))
            if attempt + 1 < self._attempts:
                self._sleep(pause)
        raise problem


def _document(answer: httpx.Response) -> Mapping[str, Any]:
    try:
        document = answer.json()
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise NoAnswer("something else answered")
    return document


def _refusal(answer: httpx.Response) -> Refused | NoAnswer:
    try:
        error = _document(answer)["error"]
        kind = NotAPhoto if error["code"].startswith("not_a_photo") else BY_STATUS.get(answer.status_code, Refused)
        unjudged = error.get("unjudged", "hold")
        return kind(answer.status_code, error["code"], error["message"], error.get("hint", ""), unjudged)
    except (NoAnswer, KeyError, TypeError, AttributeError):
        return NoAnswer(f"something else answers {answer.status_code}")


def _retry_after(answer: httpx.Response) -> float:
    text = answer.headers.get("retry-after", "")
    return float(text) if text.isascii() and text.isdigit() else 0.0
