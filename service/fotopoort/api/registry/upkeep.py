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
from fotopoort.api.limits.uploads import FormReader
from fotopoort.api.registry.transactions import DONE, PROBLEMS, REFUSALS, Done, RegistryTransactions
from fotopoort.errors import BadForm, PhotoError
from fotopoort.photo.perceptual_hash import Blocklist
from fotopoort.registry import retention, school_settings
from fotopoort.registry.access import api_keys
from fotopoort.registry.access.roles import Act, KeyRole
from fotopoort.registry.audit import verification
from fotopoort.registry.people import people
from fotopoort.registry.photos import blocks
from fotopoort.registry.registry import Session
from fotopoort.screening.pool import ScreeningPool


class NewKey(schema.Document):
    role: KeyRole
    label: str
    groups: list[str] = Field(default_factory=list, description="A teacher's own.")


class MadeKey(schema.Document):
    id: str
    key: Annotated[str, Field(description="Shown only now.")]


class Reason(schema.Document):
    reason: str


class NewDays(schema.Document):
    days: Annotated[int, Field(ge=1, le=36_500)]
    reason: str


class Blocked(schema.Document):
    id: str
    earlier: Annotated[
        list[dict[str, Any]], Field(description="Verdicts that were given for it, and for photos like it.")
    ]


def routes(desk: RegistryTransactions, intake: FormReader, screeners: ScreeningPool) -> APIRouter:
    """The routes about keys, the log, retention and blocks."""
    here = APIRouter(responses=PROBLEMS)

    @here.get(
        "/v1/registry/keys",
        summary="Every key that was made",
        responses=schema.ok("", list[api_keys.ApiKey]) | REFUSALS,
    )
    async def list_keys(request: Request, caller: AuthenticatedCaller) -> Response:
        return await desk.do(request, caller, Act.MANAGE_KEYS, api_keys.keys)

    @here.post("/v1/registry/keys", summary="Make a key", responses=schema.ok("", MadeKey) | REFUSALS)
    async def make_key(request: Request, caller: AuthenticatedCaller, new: NewKey) -> Response:
        def work(session: Session) -> dict[str, str]:
            made, secret = api_keys.make(session, new.role, new.label, new.groups)
            return {"id": made.id, "key": secret}

        return await desk.do(request, caller, Act.MANAGE_KEYS, work)

    @here.delete("/v1/registry/keys/{key}", summary="Take a key back", responses=schema.ok("", Done) | REFUSALS)
    async def revoke_key(request: Request, caller: AuthenticatedCaller, key: str) -> Response:
        def work(session: Session) -> dict[str, bool]:
            api_keys.revoke(session, key)
            return DONE

        return await desk.do(request, caller, Act.MANAGE_KEYS, work)

    @here.get(
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

        return await desk.do(request, caller, Act.SEE_AUDIT, work)

    @here.get(
        "/v1/registry/audit/verify",
        summary="Does the log hold together?",
        responses=schema.ok("How many rows are in order, and what is wrong.", verification.Checked) | REFUSALS,
    )
    async def verify(request: Request, caller: AuthenticatedCaller) -> Response:
        return await desk.do(request, caller, Act.SEE_AUDIT, lambda session: verification.verify(session).document())

    @here.get(
        "/v1/registry/retention",
        summary="What has been kept long enough",
        responses=schema.ok("Nothing is taken away.", list[retention.Due]) | REFUSALS,
    )
    async def show_retention(request: Request, caller: AuthenticatedCaller) -> Response:
        return await desk.do(request, caller, Act.MAINTAIN, retention.plan)

    @here.post(
        "/v1/registry/retention",
        summary="Take away what has been kept long enough",
        responses=schema.ok("What was taken away.", list[retention.Due]) | REFUSALS,
    )
    async def apply_retention(request: Request, caller: AuthenticatedCaller) -> Response:
        return await desk.do(request, caller, Act.MAINTAIN, retention.apply)

    @here.put(
        "/v1/registry/retention/{rule}",
        summary="How long a kind of record is kept",
        responses=schema.ok("", Done) | REFUSALS,
    )
    async def set_retention(request: Request, caller: AuthenticatedCaller, rule: str, new: NewDays) -> Response:
        def work(session: Session) -> dict[str, bool]:
            school_settings.set_days(session, retention.setting(rule), new.days, new.reason)
            return DONE

        return await desk.do(request, caller, Act.SET, work)

    @here.get(
        "/v1/blocks", summary="Photos that may not be published", responses=schema.ok("", list[blocks.Block]) | REFUSALS
    )
    async def list_blocks(request: Request, caller: AuthenticatedCaller) -> Response:
        def work(session: Session) -> list[blocks.Block]:
            told = session.caller.may(Act.SEE_TAKEDOWNS)  # a reason may tell of others' children
            return [one if told else replace(one, reason="") for one in blocks.blocks(session)]

        return await desk.do(request, caller, Act.REPORT_PHOTO, work)

    @here.post(
        "/v1/blocks",
        summary="Never let a photo be published, nor one much like it",
        openapi_extra={"requestBody": BLOCK},
        responses=schema.ok("It is blocked.", Blocked) | REFUSALS,
    )
    async def block(request: Request, caller: AuthenticatedCaller) -> Response:
        caller.must(Act.REPORT_PHOTO)
        async with intake.form(request) as form:
            photo, sha256, reason = (form.get(name) for name in ("photo", "sha256", "reason"))
            if isinstance(photo, UploadFile) is isinstance(sha256, str) or not isinstance(reason, str):
                raise BadForm("Send a reason, and either a photo or its sha256.")
            known: tuple[str, tuple[str, ...]] = (sha256.lower(), ()) if isinstance(sha256, str) else ("", ())
            if isinstance(photo, UploadFile):
                seen = await asyncio.wrap_future(screeners.prints(await photo.read()))
                if isinstance(seen, PhotoError):
                    raise seen
                known = seen

        def work(session: Session) -> dict[str, Any]:
            made = blocks.add(session, *known, reason)
            told = session.caller.may(Act.SEE_TAKEDOWNS)
            return {
                "id": made,
                "earlier": blocks.verdicts_given(session, Blocklist.of([known[0]], known[1])) if told else [],
            }

        return await desk.do(request, caller, Act.REPORT_PHOTO, work)

    @here.post("/v1/blocks/{block}/lift", summary="Let it be published again", responses=schema.ok("", Done) | REFUSALS)
    async def lift(request: Request, caller: AuthenticatedCaller, block: str, why: Reason) -> Response:
        def work(session: Session) -> dict[str, bool]:
            blocks.lift(session, block, why.reason)
            return DONE

        return await desk.do(request, caller, Act.LIFT_BLOCK, work)

    return here


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
