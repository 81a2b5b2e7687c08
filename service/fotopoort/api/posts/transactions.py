"""What every route of posts has in common: sessions, revisions, and the document that is answered."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Final, TypeVar

from fastapi import Header, Path, Query, Request, Response

from fotopoort.api import schema
from fotopoort.api.registry.transactions import RegistryTransactions
from fotopoort.api.responses import AsciiJSONResponse
from fotopoort.application.contract.documents import Json
from fotopoort.application.posts.service import PostService
from fotopoort.errors import (
    BadForm,
    Busy,
    Forbidden,
    FotopoortError,
    HostNotAllowed,
    NotAllowed,
    NotFound,
    Overloaded,
    PostChanged,
    PostEnded,
    RegistryUnavailable,
)
from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.registry import Session
from fotopoort.vocabulary import Text
from fotopoort.web.language import language_of

Result = TypeVar("Result")

_ETAG: Final = re.compile(r'(?:W/)?"(\d{1,18})"|(\d{1,18})')

PROBLEMS = schema.problems(BadForm, NotAllowed, Forbidden, HostNotAllowed, RegistryUnavailable, Busy, Overloaded)
READ = schema.problems(NotFound, BadForm, FotopoortError)
CHANGED = schema.problems(NotFound, PostEnded, PostChanged, BadForm, FotopoortError)

PostId = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="The id of a post.")]
PhotoId = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="The id of a photo of the post.")]
ClientId = Annotated[str, Path(pattern="^[0-9a-f-]{16,64}$", description="What you call the photo: a new UUID.")]
Since = Annotated[
    str | None,
    Query(max_length=80, description="The `version` that you have: only photos that differ from it are told of."),
]
IfMatch = Annotated[
    str | None, Header(description="The revision of the post that you saw. Whoever saw an older one is refused (412).")
]


class PostTransactions:
    """Runs work on posts on behalf of a caller.

    Args:
        transactions: in the registry.
        service: what is told of posts, and answered.
        wake: called when there may be jobs to do.
    """

    def __init__(self, transactions: RegistryTransactions, service: PostService, wake: Callable[[], None]) -> None:
        self._transactions, self.service, self._wake = transactions, service, wake

    async def read(self, caller: Caller, work: Callable[[Session], Result], *, first: bool = True) -> Result:
        """The result of work that only reads.

        Args:
            first: of this request: once it was let in it is not refused any more.
        """
        return await self._transactions.read(caller, Act.POST, work, first=first)

    async def write(
        self, caller: Caller, work: Callable[[Session], Result], act: Act = Act.POST, *, first: bool = True
    ) -> Result:
        """The result of work that changes something.

        Args:
            first: see `read`.
        """
        result = await self._transactions.write(caller, act, work, first=first)
        self._wake()
        return result

    async def document(
        self, request: Request, caller: Caller, post_id: str, since: str | None, *, first: bool = True
    ) -> Response:
        """A post as it is now. What would be decided otherwise than when it was made is asked to be made again.

        Args:
            first: see `read`.
        """
        language, service = language_of(request.headers), self.service
        told = await self.read(
            caller, lambda session: service.current_document(session, post_id, language, since), first=first
        )
        if told is None:
            await self.write(caller, lambda session: service.refresh(session, post_id), first=False)
            told = await self.read(
                caller, lambda session: service.document(session, post_id, language, since), first=False
            )
        return as_response(told)

    async def change(
        self,
        request: Request,
        caller: Caller,
        post_id: str,
        since: str | None,
        work: Callable[[Session], object],
        *,
        status: int = 200,
    ) -> Response:
        """The post after a change. What is told of it is found out when that is written: to decide about hundreds of
        photos takes a second or two, and nobody else could write meanwhile."""
        await self.write(caller, work)
        response = await self.document(request, caller, post_id, since, first=False)
        response.status_code = status
        return response


def as_response(document: Json) -> Response:
    """A post's document, with its revision."""
    headers = {"ETag": f'"{document["revision"]}"', "Cache-Control": "private, no-store"}
    return AsciiJSONResponse(document, headers=headers)


def revision_of(if_match: str | None) -> int:
    """The revision in `If-Match`.

    Raises:
        BadForm: there is none.
    """
    match = _ETAG.fullmatch((if_match or "").strip())
    if match is None:
        raise BadForm(
            Text(
                nl="In If-Match ontbreekt welke versie van het bericht je zag.",
                en="If-Match does not say which revision of the post you saw.",
            ),
            hint=Text(nl="Stuur `revision` van het bericht mee.", en="Send the post's `revision` along."),
        )
    return int(match[1] or match[2])
