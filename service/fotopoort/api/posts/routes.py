"""Posts: made, looked at, changed, answered about and finished."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Query, Request, Response
from pydantic import Field

from fotopoort.api import schema
from fotopoort.api.auth import AuthenticatedCaller
from fotopoort.api.posts import examples
from fotopoort.api.posts.archive import add_archive
from fotopoort.api.posts.events import add_events
from fotopoort.api.posts.photos import PhotoRoutes, add_photos
from fotopoort.api.posts.transactions import (
    CHANGED,
    PROBLEMS,
    READ,
    IfMatch,
    PostId,
    PostTransactions,
    Since,
    revision_of,
)
from fotopoort.api.responses import AsciiJSONResponse
from fotopoort.application.contract.documents import Document, Json
from fotopoort.application.contract.post_documents import KeptPost, PostAnswers, PostList
from fotopoort.application.posts import kept
from fotopoort.errors import (
    BadAnswers,
    BadForm,
    BadRecord,
    FutureDay,
    TextTooLong,
    UnknownChannel,
    UnknownGroup,
    UnknownPerson,
)
from fotopoort.registry.gate import gates
from fotopoort.registry.posts import answers, changing, ending, places, posts
from fotopoort.registry.registry import Session

PATH = kept.PATH
KEPT = schema.ok("The post.", KeptPost, post=examples.POST)
CANNOT_BE = schema.problems(UnknownGroup, UnknownChannel, FutureDay, TextTooLong)
SAID = schema.problems(BadAnswers, UnknownPerson, UnknownGroup)
Number = Annotated[int, Path(ge=1, le=1_000_000, description="Of the answer, see the list of answers.")]


TOGETHER = "One message on all channels: the strictest verdict counts for each."


class NewPost(Document):
    groups: Annotated[list[str], Field(max_length=100, description="Who is in its photos, where nothing else is said.")]
    channels: Annotated[list[str], Field(min_length=1, max_length=20)]
    day: Annotated[date | None, Field(description="On which most of its photos were taken. Left out: today.")] = None
    text: str = ""
    together: Annotated[bool, Field(description=TOGETHER)] = False


class PostChange(Document):
    """What is left out stays as it is."""

    groups: Annotated[list[str] | None, Field(max_length=100)] = None
    channels: Annotated[list[str] | None, Field(min_length=1, max_length=20)] = None
    day: date | None = None
    text: str | None = None
    together: Annotated[bool | None, Field(description=TOGETHER)] = None


class NewAnswer(Document):
    photos: Annotated[list[str], Field(max_length=500, description="The ids of those it is about. None: the text.")]
    answers: Annotated[dict[str, Any], Field(description="As for a photo alone; faces only where it is about one.")]


def router(
    transactions: PostTransactions, photos: PhotoRoutes, *, post_hours: float, stopping: asyncio.Event
) -> APIRouter:
    """The routes about posts, for people at school and their keys; machines have none.

    Args:
        photos: takes photos in.
        post_hours: until a post expires.
        stopping: set when the service stops.
    """
    routes = APIRouter(prefix=PATH, responses=PROBLEMS)

    @routes.post(
        "",
        summary="Begin a post",
        status_code=201,
        responses={201: KEPT[200]} | CANNOT_BE | schema.any_error(),
    )
    async def make(request: Request, caller: AuthenticatedCaller, new: NewPost) -> Response:
        def work(session: Session) -> Json:
            made = posts.make(
                session,
                groups=new.groups,
                channels=new.channels,
                day=new.day or session.today,
                text=new.text,
                together=new.together,
                hours=post_hours,
            )
            return {"id": made.id}

        made = await transactions.write(caller, work)
        response = await transactions.document(request, caller, made["id"], None)
        response.status_code = 201
        response.headers["Location"] = f"{PATH}/{made['id']}"
        return response

    @routes.get(
        "",
        summary="The posts within reach, newest first",
        responses=schema.ok("At most a hundred.", PostList, posts=examples.POSTS) | schema.any_error(),
    )
    async def listed(
        caller: AuthenticatedCaller,
        open: Annotated[bool, Query(description="Only those that are not over.")] = False,
    ) -> Response:
        def work(session: Session) -> Json:
            found = posts.listed(session, open_only=open)
            return kept.list_document(found, session.caller.id, gates.senders(session, found))

        return AsciiJSONResponse(await transactions.read(caller, work), headers={"Cache-Control": "private, no-store"})

    @routes.get("/{post}", summary="A post, and what is decided about its photos now", responses=KEPT | READ)
    async def show(request: Request, caller: AuthenticatedCaller, post: PostId, since: Since = None) -> Response:
        return await transactions.document(request, caller, post, since)

    @routes.patch("/{post}", summary="Change what a post is about", responses=KEPT | CANNOT_BE | CHANGED)
    async def change(
        request: Request,
        caller: AuthenticatedCaller,
        post: PostId,
        change: PostChange,
        if_match: IfMatch = None,
        since: Since = None,
    ) -> Response:
        revision = revision_of(if_match)

        def work(session: Session) -> None:
            changing.change(
                session,
                post,
                revision=revision,
                groups=change.groups,
                channels=change.channels,
                day=change.day,
                text=change.text,
                together=change.together,
            )

        return await transactions.change(request, caller, post, since, work)

    @routes.post(
        "/{post}/finish", summary="End a post: everything is erased that could be seen", responses=KEPT | CHANGED
    )
    async def finish(request: Request, caller: AuthenticatedCaller, post: PostId, if_match: IfMatch = None) -> Response:
        revision = revision_of(if_match)
        return await transactions.change(
            request, caller, post, None, lambda session: ending.finish(session, post, revision=revision)
        )

    @routes.get(
        "/{post}/places",
        summary="Where the photos of a post were published",
        responses=schema.ok("Per channel; empty where nobody said so.", dict[str, str], places=examples.PLACES) | READ,
    )
    async def show_places(caller: AuthenticatedCaller, post: PostId) -> Response:
        told = await transactions.read(caller, lambda session: places.places(session, post))
        return AsciiJSONResponse(told, headers={"Cache-Control": "private, no-store"})

    @routes.put(
        "/{post}/places",
        summary="Say where the photos were published, so that they can be taken down there; also after the end",
        responses=schema.ok("Per channel.", dict[str, str], places=examples.PLACES)
        | schema.problems(UnknownChannel, BadRecord, BadForm)
        | READ,
    )
    async def set_places(
        caller: AuthenticatedCaller, post: PostId, said: Annotated[dict[str, str], Body(examples=[examples.PLACES])]
    ) -> Response:
        def work(session: Session) -> dict[str, str]:
            places.set_places(session, post, said)
            return places.places(session, post)

        return AsciiJSONResponse(await transactions.write(caller, work))

    # --- what is said ------------------------------------------------------------------------------------

    @routes.get(
        "/{post}/answers",
        summary="What was said of a post's photos, and taken back",
        responses=schema.ok("In order.", PostAnswers, answers=examples.ANSWERS) | READ,
    )
    async def log(caller: AuthenticatedCaller, post: PostId) -> Response:
        told = await transactions.read(caller, lambda session: transactions.service.log(session, post))
        return AsciiJSONResponse(told, headers={"Cache-Control": "private, no-store"})

    @routes.post(
        "/{post}/answers",
        summary="Say something of one photo, or of several at once",
        responses=KEPT | SAID | CHANGED,
    )
    async def answer(
        request: Request,
        caller: AuthenticatedCaller,
        post: PostId,
        new: NewAnswer,
        if_match: IfMatch = None,
        since: Since = None,
    ) -> Response:
        revision = revision_of(if_match)

        def work(session: Session) -> None:
            transactions.service.answer(session, post, new.photos, new.answers, revision=revision)

        return await transactions.change(request, caller, post, since, work)

    @routes.delete("/{post}/answers/{number}", summary="Take an answer back", responses=KEPT | CHANGED)
    async def retract(
        request: Request,
        caller: AuthenticatedCaller,
        post: PostId,
        number: Number,
        if_match: IfMatch = None,
        since: Since = None,
    ) -> Response:
        revision = revision_of(if_match)
        return await transactions.change(
            request, caller, post, since, lambda session: answers.retract(session, post, number, revision=revision)
        )

    @routes.post("/{post}/undo", summary="Take the latest answer back", responses=KEPT | CHANGED)
    async def undo(
        request: Request, caller: AuthenticatedCaller, post: PostId, if_match: IfMatch = None, since: Since = None
    ) -> Response:
        revision = revision_of(if_match)
        return await transactions.change(
            request, caller, post, since, lambda session: answers.undo(session, post, revision=revision)
        )

    add_photos(routes, transactions, photos)
    add_archive(routes, transactions)
    add_events(routes, transactions, stopping)
    return routes
