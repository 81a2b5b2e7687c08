"""The photos of a post: announced, sent in parts, shown to whoever works at the post, and given as they may go out."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from email.message import Message
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request, Response
from pydantic import Field

from fotopoort.api import schema
from fotopoort.api.auth import AuthenticatedCaller
from fotopoort.api.limits.concurrency import ConcurrencyLimit, settled
from fotopoort.api.limits.uploads import FormReader
from fotopoort.api.posts import examples
from fotopoort.api.posts.transactions import (
    CHANGED,
    READ,
    ClientId,
    IfMatch,
    PhotoId,
    PostId,
    PostTransactions,
    Since,
    revision_of,
)
from fotopoort.api.responses import AsciiJSONResponse, problem
from fotopoort.api.screenings.own_child import JPEG
from fotopoort.application.contract.documents import Document, Json
from fotopoort.application.contract.post_documents import KeptPost
from fotopoort.errors import (
    SETTLED,
    AlreadyThere,
    BadForm,
    BadRecord,
    CopiesNotBlocked,
    Forbidden,
    PhotoError,
    PhotoGone,
    PostEnded,
    TooLarge,
    UploadStalled,
    WrongOffset,
)
from fotopoort.registry.access.roles import Act
from fotopoort.registry.photos import blocks
from fotopoort.registry.posts import photos, progress
from fotopoort.registry.posts.photo_records import PhotoRecord
from fotopoort.registry.registry import Session
from fotopoort.screening.processes.pool import ScreeningPool

KEPT = schema.ok("The post.", KeptPost, post=examples.POST)
UPLOAD = schema.problems(AlreadyThere, BadForm, BadRecord, PhotoGone, PostEnded, TooLarge, UploadStalled, WrongOffset)
PICTURE = schema.problems(PhotoGone, PostEnded)
NEVER_CACHED = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}
ANY = "application/octet-stream"


class NewPhoto(Document):
    client_id: Annotated[str, Field(pattern="^[0-9a-f-]{16,64}$", description="A new UUID for each photo.")]
    size: Annotated[int, Field(ge=1, description="Bytes.")]
    file: Annotated[str, Field(max_length=photos.MAX_FILE_NAME, description="The name it has with you.")] = ""


class NewPhotos(Document):
    photos: Annotated[list[NewPhoto], Field(min_length=1, max_length=500)]


class Upload(Document):
    """How far a photo is on its way in."""

    id: str
    client_id: str
    size: int
    received: Annotated[int, Field(description="Bytes that are kept: the next part begins here.")]
    state: str


class Uploads(Document):
    photos: list[Upload]


class Report(Document):
    reason: Annotated[str, Field(description="Why it may not be published anywhere.")]


@dataclass(frozen=True, slots=True)
class PhotoRoutes:
    """What the routes of photos need.

    Attributes:
        form_reader: lets parts in.
        screeners, concurrency: find out what a photo that is reported is recognised by.
        max_bytes: of a photo.
    """

    form_reader: FormReader
    screeners: ScreeningPool
    concurrency: ConcurrencyLimit
    max_bytes: int

    def require_size(self, size: int) -> None:
        """Raises TooLarge for a photo that is larger than may be sent."""
        if size > self.max_bytes:
            raise TooLarge


def add_photos(routes: APIRouter, transactions: PostTransactions, given: PhotoRoutes) -> None:
    """Add the routes of photos."""

    @routes.post(
        "/{post}/photos",
        summary="Announce photos; their bytes come after it",
        responses=schema.ok("How far each is.", Uploads, uploads={"photos": [examples.UPLOAD]}) | READ | UPLOAD,
    )
    async def announce(caller: AuthenticatedCaller, post: PostId, new: NewPhotos) -> Response:
        for photo in new.photos:
            given.require_size(photo.size)

        def work(session: Session) -> Json:
            added = [photos.add(session, post, photo.client_id, photo.size, photo.file) for photo in new.photos]
            return {"photos": list(map(_upload, added))}

        return AsciiJSONResponse(await transactions.write(caller, work))

    @routes.put(
        "/{post}/photos/{client_id}",
        summary="Send a photo, or the next part of one",
        description="The whole photo, or with `Upload-Offset` and `Upload-Length` a part of it, of 16 KiB at least but"
        " for the last one. After a lost connection ask how much is there, and go on behind that.",
        openapi_extra={"requestBody": _BYTES},
        responses=schema.ok("How far it is.", Upload, upload=examples.UPLOAD) | READ | UPLOAD,
    )
    async def put(
        request: Request,
        caller: AuthenticatedCaller,
        post: PostId,
        client_id: ClientId,
        upload_offset: Annotated[int, Header(ge=0, description="The first byte of this part.")] = 0,
        upload_length: Annotated[int | None, Header(ge=1, description="Bytes of the whole photo.")] = None,
        content_disposition: Annotated[
            str | None, Header(max_length=3000, description="`attachment; filename*=UTF-8''…`: the photo's name.")
        ] = None,
    ) -> Response:
        caller.must(Act.POST)
        given.require_size(upload_length or upload_offset)
        content = await given.form_reader.text(request, given.max_bytes)
        size = upload_length or upload_offset + len(content)
        given.require_size(size)
        is_announced_only = not content and upload_offset == 0

        def work(session: Session) -> Json:
            photo = photos.add(session, post, client_id, size, _file_name(content_disposition))
            if is_announced_only:
                return _upload(photo)
            return _upload(photos.put_part(session, post, photo.id, upload_offset, content))

        try:
            return AsciiJSONResponse(await transactions.write(caller, work))
        except WrongOffset as error:  # not for a person: the client goes on from there
            return problem(error, request.headers, {"Upload-Offset": str(error.received)})

    @routes.get(
        "/{post}/photos/{client_id}",
        summary="How much of a photo is there",
        responses=schema.ok("How far it is.", Upload, upload=examples.UPLOAD) | READ,
    )
    async def uploaded(caller: AuthenticatedCaller, post: PostId, client_id: ClientId) -> Response:
        return AsciiJSONResponse(
            await transactions.read(caller, lambda session: _upload(photos.sent(session, post, client_id)))
        )

    @routes.delete("/{post}/photos/{photo}", summary="Take a photo out of a post", responses=KEPT | CHANGED)
    async def remove(
        request: Request,
        caller: AuthenticatedCaller,
        post: PostId,
        photo: PhotoId,
        if_match: IfMatch = None,
        since: Since = None,
    ) -> Response:
        revision = revision_of(if_match)
        return await transactions.change(
            request, caller, post, since, lambda session: photos.remove(session, post, photo, revision=revision)
        )

    @routes.post(
        "/{post}/photos/{photo}/retry",
        summary="Have a photo looked at again that could not be judged",
        responses=KEPT | CHANGED,
    )
    async def retry(
        request: Request,
        caller: AuthenticatedCaller,
        post: PostId,
        photo: PhotoId,
        if_match: IfMatch = None,
        since: Since = None,
    ) -> Response:
        revision = revision_of(if_match)
        return await transactions.change(
            request, caller, post, since, lambda session: progress.try_again(session, post, photo, revision=revision)
        )

    @routes.post(
        "/{post}/photos/{photo}/report",
        summary="Never let this photo be published, nor one much like it",
        description="`copies_not_blocked`: the file is blocked, but it could not be found out what its copies are"
        " recognised by.",
        responses=KEPT | CHANGED | schema.problems(Forbidden, BadRecord, PhotoGone, CopiesNotBlocked),
    )
    async def report(
        request: Request, caller: AuthenticatedCaller, post: PostId, photo: PhotoId, body: Report
    ) -> Response:
        caller.must(Act.REPORT_PHOTO)

        def block(session: Session) -> tuple[str, bytes, tuple[str, ...]]:
            content = photos.original(session, post, photo)  # before it is erased
            likenesses, sha256 = photos.likenesses(session, post, photo), hashlib.sha256(content).hexdigest()
            return blocks.add(session, sha256, likenesses, body.reason), content, likenesses

        # The file is blocked at once, with what it was recognised by when it was looked at; what is new comes after.
        block_id, content, likenesses = await transactions.write(caller, block)
        async with given.concurrency.slot(caller, first=False):
            prints = await settled(given.screeners.prints(content))
        if not isinstance(prints, PhotoError):
            await transactions.write(
                caller, lambda session: blocks.add_likenesses(session, block_id, prints[1]), first=False
            )
        elif not likenesses and prints.code not in SETTLED:
            raise CopiesNotBlocked
        return await transactions.document(request, caller, post, None, first=False)

    # --- pictures ----------------------------------------------------------------------------------------

    @routes.get(
        "/{post}/photos/{photo}/view",
        summary="The whole photo, small, for whoever works at the post",
        response_class=Response,
        responses=JPEG | READ | PICTURE,
    )
    async def view(caller: AuthenticatedCaller, post: PostId, photo: PhotoId) -> Response:
        content = await transactions.read(caller, lambda session: photos.view(session, post, photo))
        return Response(content, media_type="image/jpeg", headers=NEVER_CACHED)

    @routes.get(
        "/{post}/photos/{photo}/original",
        summary="The photo as it was sent",
        response_class=Response,
        responses={200: {"description": "The file.", "content": {ANY: {}}}} | READ | PICTURE,
    )
    async def original(caller: AuthenticatedCaller, post: PostId, photo: PhotoId) -> Response:
        def work(session: Session) -> bytes:
            session.note("post.photo.fetched", post=post, id=photo)
            return photos.original(session, post, photo)

        # Whatever it is, no browser shows it: it may be a page in the guise of a photo.
        headers = NEVER_CACHED | {"Content-Disposition": 'attachment; filename="foto"'}
        return Response(await transactions.write(caller, work), media_type=ANY, headers=headers)

    @routes.get(
        "/{post}/photos/{photo}/renditions/{channel}",
        summary="The photo as it may be published on a channel",
        response_class=Response,
        responses=JPEG | READ | PICTURE,
    )
    async def rendition(caller: AuthenticatedCaller, post: PostId, photo: PhotoId, channel: str) -> Response:
        made = await transactions.read(
            caller, lambda session: transactions.service.rendition(session, post, photo, channel)
        )
        headers = NEVER_CACHED | {
            "Content-Disposition": f'inline; filename="foto-{made.sha256[:12]}.jpg"',
            "ETag": f'"{made.sha256}"',
        }
        return Response(made.jpeg, media_type="image/jpeg", headers=headers)


def _upload(photo: PhotoRecord) -> Json:
    return {
        "id": photo.id,
        "client_id": photo.client_id,
        "size": photo.size,
        "received": photo.received,
        "state": photo.state.value,
    }


def _file_name(content_disposition: str | None) -> str:
    """The file name in such a header, as RFC 6266 has it; "" where there is none, or one that cannot be read."""
    header = Message()
    header["Content-Disposition"] = (content_disposition or "").replace("\r", "").replace("\n", "")
    try:
        return (header.get_filename("") or "")[: photos.MAX_FILE_NAME]
    except (TypeError, ValueError):  # parts of a name that are numbered and not, an encoding that decodes no text
        return ""


_BYTES: dict[str, Any] = {"required": True, "content": {ANY: {"schema": {"type": "string", "format": "binary"}}}}
