"""Forms and texts, read from request bodies into memory. How much may come, and how fast, is in `bodies.py`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.datastructures import FormData
from starlette.formparsers import MultiPartException
from starlette.requests import Request

from fotopoort.api.limits.bodies import MEGABYTE, Body
from fotopoort.errors import BadForm, NotAForm
from fotopoort.vocabulary import Text
from fotopoort.web.forms import InMemoryParser

MAX_REQUEST_BYTES = 256 * MEGABYTE  # 50 photos of a phone; more only where a single photo may be larger
MAX_TEXT_BYTES = 2 * MEGABYTE  # the text fields and the form itself, on top of the photos
REQUESTS_HELD = 2  # all requests under way together hold at most this many times the largest request
MAX_FILES = 10_000  # where the parser gives up; far above the limit that gets a polite answer


class FormReader:
    """Reads forms. Their bytes count as held until the request has its answer.

    Args:
        max_megabytes: of one photo.
        max_photos: in one request.
    """

    def __init__(self, *, max_megabytes: int, max_photos: int) -> None:
        photo = max_megabytes * MEGABYTE
        self.max_bytes = min(photo * max_photos, max(photo, MAX_REQUEST_BYTES)) + MAX_TEXT_BYTES

    @property
    def max_held(self) -> int:
        """Bytes that all requests under way may hold together."""
        return REQUESTS_HELD * self.max_bytes

    @asynccontextmanager
    async def form(self, request: Request) -> AsyncIterator[FormData]:
        """The request's form.

        Raises:
            NotAForm, BadForm: it is no multipart form, or a broken one.
            RefusedBody: see `Body.receive`.
        """
        if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
            raise NotAForm
        _allow(request, self.max_bytes)
        parser = InMemoryParser(request.headers, request.stream(), max_files=MAX_FILES)
        try:
            form = await parser.parse()
        except (MultiPartException, ValueError):  # ValueError: a charset that cannot decode what was sent
            raise BadForm(
                Text(
                    nl="Het formulier is kapot, of er staat een tekst in van meer dan 1 MB.",
                    en="The form is broken, or a text in it is longer than 1 MB.",
                )
            ) from None
        try:
            yield form
        finally:
            await form.close()

    async def text(self, request: Request, max_bytes: int = MAX_TEXT_BYTES) -> bytes:
        """The request's body, where that is a text.

        Raises:
            RefusedBody: see `Body.receive`.
        """
        _allow(request, max_bytes)
        return await request.body()


def _allow(request: Request, max_bytes: int) -> None:
    body: Body = request.state.body
    body.allow(max_bytes)
