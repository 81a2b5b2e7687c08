"""`/v1/registry`: keys, the audit log and how long records are kept; `/v1/blocks`: photos that may not be published."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field
from starlette.datastructures import UploadFile

from fotopoort.api import schema
from fotopoort.api.auth import AuthenticatedCaller
from fotopoort.api.limits.concurrency import ConcurrencyLimit, settled
from fotopoort.api.limits.uploads import FormReader
from fotopoort.api.registry.transactions import PROBLEMS, REFUSALS, Done, RegistryTransactions
from fotopoort.api.responses import AsciiJSONResponse
from fotopoort.application.contract.documents import Document
from fotopoort.application.contract.plain import plain
from fotopoort.errors import BadForm, PhotoError
from fotopoort.photo.perceptual_hash import Blocklist
from fotopoort.registry import retention, school_settings
from fotopoort.registry.access import api_keys
from fotopoort.registry.access.roles import Act, KeyRole
from fotopoort.registry.audit import verification
from fotopoort.registry.people import people
from fotopoort.registry.photos import blocks
from fotopoort.registry.registry import Session
from fotopoort.screening.processes.pool import ScreeningPool
from fotopoort.vocabulary import Text


class NewKey(Document):
    role: KeyRole
    label: str
    groups: list[str] = Field(default_factory=list, description="A teacher's own.")


class MadeKey(Document):
    id: str
    key: Annotated[str, Field(description="Shown only now.")]


class Reason(Document):
    reason: str


class NewDays(Document):
    days: Annotated[int, Field(ge=1, le=36_500)]
    reason: str


class Blocked(Document):
    id: str
    earlier: Annotated[
        list[dict[str, Any]], Field(description="Verdicts that were given for it, and for photos like it.")
    ]


def router(
    transactions: RegistryTransactions, form_reader: FormReader, screeners: ScreeningPool, concurrency: ConcurrencyLimit
) -> APIRouter:
    """The routes about keys, the log, retention and blocks."""
    routes = APIRouter(responses=PROBLEMS)

    @routes.get(
        "/v1/registry/keys",
        summary="Every key that was made",
        responses=schema.ok("", list[api_keys.ApiKey]) | REFUSALS,
    )
    async def list_keys(request: Request, caller: AuthenticatedCaller) -> Response:
        return await transactions.run_as_response(request, caller, Act.MANAGE_KEYS, api_keys.keys)

    @routes.post("/v1/registry/keys", summary="Make a key", responses=schema.ok("", MadeKey) | REFUSALS)
    async def make_key(request: Request, caller: AuthenticatedCaller, new: NewKey) -> Response:
        def work(session: Session) -> dict[str, str]:
            key, secret = api_keys.make(session, new.role, new.label, new.groups)
            return {"id": key.id, "key": secret}

        return await transactions.run_as_response(request, caller, Act.MANAGE_KEYS, work)

    @routes.delete("/v1/registry/keys/{key}", summary="Take a key back", responses=schema.ok("", Done) | REFUSALS)
    async def revoke_key(request: Request, caller: AuthenticatedCaller, key: str) -> Response:
        return await transactions.do(request, caller, Act.MANAGE_KEYS, lambda session: api_keys.revoke(session, key))

    @routes.get(
        "/v1/registry/audit",
        summary="What the log says of a photo or a person",
        responses=schema.ok("", list[dict[str, Any]]) | REFUSALS,
    )
    async def show_audit(
        request: Request,
        caller: AuthenticatedCaller,
        photo: Annotated[str | None, Query(description="The first digits of its SHA-256.")] = None,
        person: str | None = None,
    ) -> Response:
        def work(session: Session) -> list[dict[str, Any]]:
            ref = people.ref_of(session, person) if person is not None else None
            rows = verification.show(session, photo=photo, person=ref)
            return [row._asdict() | {"detail": json.loads(row.detail)} for row in rows]

        return await transactions.run_as_response(request, caller, Act.SEE_AUDIT, work)

    @routes.get(
        "/v1/registry/audit/verify",
        summary="Does the log hold together?",
        responses=schema.ok("How many rows are in order, and what is wrong.", verification.Checked) | REFUSALS,
    )
    async def verify(request: Request, caller: AuthenticatedCaller) -> Response:
        await transactions.run(
            request, caller, Act.SEE_AUDIT, lambda _: None
        )  # the log that is read has this use in it
        verified = await asyncio.to_thread(verification.verify_with_checkpoints, transactions.registry, caller)
        return AsciiJSONResponse(plain(verified.document()))

    @routes.get(
        "/v1/registry/retention",
        summary="What has been kept long enough",
        responses=schema.ok("Nothing is taken away.", list[retention.Due]) | REFUSALS,
    )
    async def show_retention(request: Request, caller: AuthenticatedCaller) -> Response:
        return await transactions.run_as_response(request, caller, Act.MAINTAIN, retention.plan)

    @routes.post(
        "/v1/registry/retention",
        summary="Take away what has been kept long enough",
        responses=schema.ok("What was taken away.", list[retention.Due]) | REFUSALS,
    )
    async def apply_retention(request: Request, caller: AuthenticatedCaller) -> Response:
        await transactions.run(request, caller, Act.MAINTAIN, lambda _: None)  # the use of the key is recorded
        return AsciiJSONResponse(
            plain(await asyncio.to_thread(retention.apply_in_parts, transactions.registry, caller))
        )

    @routes.put(
        "/v1/registry/retention/{rule}",
        summary="How long a kind of record is kept",
        responses=schema.ok("", Done) | REFUSALS,
    )
    async def set_retention(request: Request, caller: AuthenticatedCaller, rule: str, new: NewDays) -> Response:
        return await transactions.do(
            request,
            caller,
            Act.SET,
            lambda session: school_settings.set_days(session, retention.setting(rule), new.days, new.reason),
        )

    @routes.get(
        "/v1/blocks", summary="Photos that may not be published", responses=schema.ok("", list[blocks.Block]) | REFUSALS
    )
    async def list_blocks(request: Request, caller: AuthenticatedCaller) -> Response:
        def work(session: Session) -> list[blocks.Block]:
            with_reason = session.caller.may(Act.SEE_TAKEDOWNS)  # a reason may be about others' children
            return [block if with_reason else replace(block, reason="") for block in blocks.blocks(session)]

        return await transactions.run_as_response(request, caller, Act.REPORT_PHOTO, work)

    @routes.post(
        "/v1/blocks",
        summary="Never let a photo be published, nor one much like it",
        openapi_extra={"requestBody": BLOCK},
        responses=schema.ok("It is blocked.", Blocked) | REFUSALS,
    )
    async def block(request: Request, caller: AuthenticatedCaller) -> Response:
        caller.must(Act.REPORT_PHOTO)
        async with form_reader.form(request) as form:
            photo, sha256, reason = (form.get(name) for name in ("photo", "sha256", "reason"))
            if isinstance(photo, UploadFile) is isinstance(sha256, str) or not isinstance(reason, str):
                raise BadForm(
                    Text(
                        nl="Stuur een reden, en de foto zelf of de sha256 ervan.",
                        en="Send a reason, and either a photo or its sha256.",
                    )
                )
            digest: str = sha256.lower() if isinstance(sha256, str) else ""
            likenesses: tuple[str, ...] = ()
            if isinstance(photo, UploadFile):
                async with concurrency.slot(caller):
                    prints = await settled(screeners.prints(await photo.read()))
                if isinstance(prints, PhotoError):
                    raise prints
                digest, likenesses = prints

        def work(session: Session) -> dict[str, Any]:
            block_id = blocks.add(session, digest, likenesses, reason)
            may_see = session.caller.may(Act.SEE_TAKEDOWNS)
            return {
                "id": block_id,
                "earlier": blocks.verdicts_given(session, Blocklist.of([digest], likenesses)) if may_see else [],
            }

        return await transactions.run_as_response(request, caller, Act.REPORT_PHOTO, work)

    @routes.post(
        "/v1/blocks/{block}/lift", summary="Let it be published again", responses=schema.ok("", Done) | REFUSALS
    )
    async def lift(request: Request, caller: AuthenticatedCaller, block: str, body: Reason) -> Response:
        return await transactions.do(
            request, caller, Act.LIFT_BLOCK, lambda session: blocks.lift(session, block, body.reason)
        )

    return routes


BLOCK = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["reason"],
                "properties": {
                    "photo": {"type": "string", "format": "binary"},
                    "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
                    "reason": {"type": "string", "minLength": 1},
                },
            }
        }
    },
}
