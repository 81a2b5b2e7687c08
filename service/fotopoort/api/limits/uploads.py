"""Request bodies come in here: bounded in size, in pace and in what all of them hold, and in memory only."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager

from starlette.datastructures import FormData
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from fotopoort.errors import BadForm, Busy, NotAForm, TooLarge, UploadStalled

MEGABYTE = 1_000_000
LARGEST = 256 * MEGABYTE  # of one request, unless a single photo may be larger: 50 photos of a phone
FOR_TEXT = 2 * MEGABYTE  # and this for the text fields and the form itself
AT_ONCE = 2  # times the largest request: what all requests under way may hold
SECONDS_SILENT = 30  # an upload that pauses for longer is given up
MAX_FILES = 10_000  # the parser gives up; far above what is told politely to be too many


class InMemoryParser(MultiPartParser):
    """Photos never touch the disk: an upload has no size at which it moves to a temporary file."""

    spool_max_size = 0  # what a SpooledTemporaryFile takes for "no limit"


class FormReader:
    """Reads forms, and keeps count of the bytes that requests under way hold in memory.

    Args:
        max_megabytes: of one photo.
        max_photos: in one request.

    The framework's own limit on bodies is not used: it answers in plain text where the length was announced.
    """

    def __init__(self, *, max_megabytes: int, max_photos: int) -> None:
        one = max_megabytes * MEGABYTE
        self.largest = min(one * max_photos, max(one, LARGEST)) + FOR_TEXT
        self._held = 0

    @asynccontextmanager
    async def form(self, request: Request) -> AsyncIterator[FormData]:
        """The request's form. What it holds counts until this context is left.

        Raises:
            NotAForm, BadForm: it is no multipart form, or a broken one.
            TooLarge: it is larger than one request may be.
            Busy: together with the other requests it is more than may be held.
            UploadStalled: nothing came for a while.
        """
        if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
            raise NotAForm
        announced = request.headers.get("content-length", "")
        if announced.isdecimal() and int(announced) > self.largest:
            raise TooLarge
        hold = _Hold(self, self.largest)
        try:
            parser = InMemoryParser(request.headers, hold.chunks(request), max_files=MAX_FILES)
            try:
                form = await parser.parse()
            except (MultiPartException, ValueError):  # ValueError: a charset that cannot decode what was sent
                raise BadForm("The form is broken, or a text in it is longer than 1 MB.") from None
            try:
                yield form
            finally:
                await form.close()
        finally:
            self._held -= hold.bytes

    async def text(self, request: Request, most: int = FOR_TEXT) -> bytes:
        """The request's body, where that is a text of at most so many bytes.

        Raises:
            TooLarge: it is larger.
            UploadStalled: nothing came for a while.
        """
        hold = _Hold(self, most)
        try:
            return b"".join([chunk async for chunk in hold.chunks(request)])
        finally:
            self._held -= hold.bytes

    def take(self, count: int) -> None:
        """Hold `count` bytes more, or raise Busy."""
        if self._held + count > AT_ONCE * self.largest:
            raise Busy
        self._held += count


class _Hold:
    """What one request holds."""

    def __init__(self, intake: FormReader, most: int) -> None:
        self._intake, self._most = intake, most
        self.bytes = 0

    async def chunks(self, request: Request) -> AsyncGenerator[bytes, None]:
        stream = request.stream()
        try:
            while True:
                async with asyncio.timeout(SECONDS_SILENT):
                    chunk = await anext(stream)
                if self.bytes + len(chunk) > self._most:
                    raise TooLarge
                self._intake.take(len(chunk))
                self.bytes += len(chunk)
                yield chunk
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise UploadStalled from None
