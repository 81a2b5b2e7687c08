"""Request bodies: bounded in size, in pace and in what all of them hold together, and in memory only."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager

from starlette.datastructures import FormData
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from fotopoort.errors import BadForm, Busy, NotAForm, TooLarge, UploadStalled
from fotopoort.vocabulary import Text

MEGABYTE = 1_000_000
MAX_REQUEST_BYTES = 256 * MEGABYTE  # 50 photos of a phone; more only where a single photo may be larger
MAX_TEXT_BYTES = 2 * MEGABYTE  # the text fields and the form itself, on top of the photos
REQUESTS_HELD = 2  # all requests under way together hold at most this many times the largest request
MAX_SILENT_SECONDS = 30  # an upload that pauses for longer is given up
MAX_FILES = 10_000  # where the parser gives up; far above the limit that gets a polite answer


class InMemoryParser(MultiPartParser):
    """Photos never touch the disk: an upload has no size at which it moves to a temporary file."""

    spool_max_size = 0  # what a SpooledTemporaryFile takes for "no limit"


class FormReader:
    """Reads forms, and counts the bytes that requests under way hold in memory.

    Args:
        max_megabytes: of one photo.
        max_photos: in one request.

    The framework's own limit on bodies is not used: it answers in plain text where the length was announced.
    """

    def __init__(self, *, max_megabytes: int, max_photos: int) -> None:
        photo = max_megabytes * MEGABYTE
        self.max_bytes = min(photo * max_photos, max(photo, MAX_REQUEST_BYTES)) + MAX_TEXT_BYTES
        self._held = 0

    @asynccontextmanager
    async def form(self, request: Request) -> AsyncIterator[FormData]:
        """The request's form. Its bytes count until this context is left.

        Raises:
            NotAForm, BadForm: it is no multipart form, or a broken one.
            TooLarge: it is larger than one request may be.
            Busy: together with the other requests it is more than may be held.
            UploadStalled: nothing came for a while.
        """
        if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
            raise NotAForm
        announced = request.headers.get("content-length", "")
        if announced.isdecimal() and int(announced) > self.max_bytes:
            raise TooLarge
        reservation = _Reservation(self, self.max_bytes)
        try:
            parser = InMemoryParser(request.headers, reservation.chunks(request), max_files=MAX_FILES)
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
        finally:
            self._held -= reservation.bytes

    async def text(self, request: Request, max_bytes: int = MAX_TEXT_BYTES) -> bytes:
        """The request's body, where that is a text.

        Raises:
            TooLarge: it is larger than `max_bytes`.
            Busy: together with the other requests it is more than may be held.
            UploadStalled: nothing came for a while.
        """
        reservation = _Reservation(self, max_bytes)
        try:
            return b"".join([chunk async for chunk in reservation.chunks(request)])
        finally:
            self._held -= reservation.bytes

    def reserve(self, count: int) -> None:
        """Hold `count` bytes more.

        Raises:
            Busy: all requests together would hold too much.
        """
        if self._held + count > REQUESTS_HELD * self.max_bytes:
            raise Busy
        self._held += count


class _Reservation:
    """The bytes that one request holds."""

    def __init__(self, reader: FormReader, max_bytes: int) -> None:
        self._reader, self._max_bytes = reader, max_bytes
        self.bytes = 0

    async def chunks(self, request: Request) -> AsyncGenerator[bytes, None]:
        stream = request.stream()
        try:
            while True:
                async with asyncio.timeout(MAX_SILENT_SECONDS):
                    chunk = await anext(stream)
                if self.bytes + len(chunk) > self._max_bytes:
                    raise TooLarge
                self._reader.reserve(len(chunk))
                self.bytes += len(chunk)
                yield chunk
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise UploadStalled from None
