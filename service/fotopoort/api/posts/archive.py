"""All that may go out of a post on one channel, as one file."""

from __future__ import annotations

import io
import zipfile
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Any, Final

from fastapi import APIRouter, Response
from starlette.responses import StreamingResponse

from fotopoort.api import schema
from fotopoort.api.auth import AuthenticatedCaller
from fotopoort.api.posts.transactions import READ, PostId, PostTransactions
from fotopoort.application.posts.service import ReadyRendition
from fotopoort.errors import NotFound, PhotoGone, PostEnded
from fotopoort.registry.access.roles import Caller
from fotopoort.registry.registry import Session
from fotopoort.vocabulary import ChannelId, Text

ZIP: Final[schema.Responses] = {200: {"description": "A ZIP file.", "content": {"application/zip": {}}}}
A_DAY: Final = (1980, 1, 1, 0, 0, 0)  # of every file in it: when it was fetched is nobody's business


class _Pipe(io.RawIOBase):
    """What a ZIP file is written to, and taken out of as it comes."""

    def __init__(self) -> None:
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:  # noqa: ANN401 - whatever holds bytes
        before = len(self._written)
        self._written += memoryview(content)
        return len(self._written) - before

    def take(self) -> bytes:
        """What was written since the last time."""
        taken = bytes(self._written)
        self._written.clear()
        return taken


def add_archive(routes: APIRouter, transactions: PostTransactions) -> None:
    """Add the route."""

    @routes.get(
        "/{post}/zip/{channel}",
        summary="All photos that may be published on a channel now, with the text beside them",
        description="Each is looked up when its turn comes: what may not go out any more by then is left out.",
        response_class=Response,
        responses=ZIP | READ | schema.problems(PostEnded),
    )
    async def archive(caller: AuthenticatedCaller, post: PostId, channel: str) -> Response:
        def work(session: Session) -> list[str]:
            session.note("post.fetched", post=post, channel=_known(session, channel))
            return transactions.service.ready(session, post, channel)

        ids = await transactions.write(caller, work)
        if not ids:
            raise NotFound(
                Text(nl="Er mag nu niets heen op dit kanaal.", en="Nothing may go out on this channel now."),
                hint=Text(nl="Beantwoord eerst de vragen bij de foto's.", en="Answer the questions about the photos."),
            )
        headers = {
            "Cache-Control": "private, no-store",
            "Content-Disposition": f'attachment; filename="fotos-{_known_name(channel)}.zip"',
        }
        content = _zip(transactions, caller, post, channel, ids)
        return StreamingResponse(content, media_type="application/zip", headers=headers)


async def _zip(
    transactions: PostTransactions, caller: Caller, post: str, channel: ChannelId, ids: list[str]
) -> AsyncIterator[bytes]:
    pipe, service = _Pipe(), transactions.service

    def look_up(photo: str) -> Callable[[Session], ReadyRendition]:
        return lambda session: service.rendition(session, post, photo, channel)

    with zipfile.ZipFile(pipe, "w") as archive:  # a JPEG gets no smaller
        for photo in ids:
            with suppress(NotFound, PhotoGone, PostEnded):
                made = await transactions.read(caller, look_up(photo), first=False)
                archive.writestr(zipfile.ZipInfo(f"foto-{made.number:03}.jpg", A_DAY), made.jpeg)
                yield pipe.take()
        with suppress(NotFound, PostEnded):
            text = await transactions.read(
                caller, lambda session: service.clean_text(session, post, channel), first=False
            )
            if text:
                archive.writestr(zipfile.ZipInfo("tekst.txt", A_DAY), text.encode())
    yield pipe.take()


def _known(session: Session, channel: str) -> str:
    return channel if channel in {known.id for known in session.channels} else "-"


def _known_name(channel: str) -> str:
    """The channel in a file's name: it is one of the policy, as something may go out on it."""
    return "".join(letter for letter in channel if letter.isascii() and (letter.isalnum() or letter in "_-"))
