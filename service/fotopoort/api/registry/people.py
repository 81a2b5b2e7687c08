"""`/v1/registry/people`, `/groups`, `/import` and `/export`."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from fotopoort.api import schema
from fotopoort.api.auth import AuthenticatedCaller
from fotopoort.api.limits.uploads import FormReader
from fotopoort.api.registry.transactions import PROBLEMS, REFUSALS, Done, RegistryTransactions
from fotopoort.application.contract.documents import Document
from fotopoort.errors import AlreadyThere, BadClassList, BadForm, Forbidden
from fotopoort.registry.access.roles import Act
from fotopoort.registry.lists import exports, imports
from fotopoort.registry.lists.parsed_list import ImportOptions, renames
from fotopoort.registry.lists.sheets import MAX_BYTES, read_sheets
from fotopoort.registry.people import erasure, groups, people, school_years
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.people.school_years import Move
from fotopoort.registry.people.snapshot import MayBeShown, group_on_channel
from fotopoort.registry.registry import Session
from fotopoort.vocabulary import Role, Text

Year = Annotated[
    int | None, Query(ge=2000, le=2100, description="The year a school year begins in; this one if left out.")
]
HIDDEN = "never_locatable"


class PersonFields(Document):
    """What is written down of a person. `never_locatable` is for the privacy officer alone."""

    name: str | None = None
    call_name: str | None = None
    given_names: str | None = None
    prefix: str | None = None
    surname: str | None = None
    nicknames: list[str] | None = None
    role: Role | None = None
    own_from: Annotated[date | None, Field(description="The 16th birthday of a pupil.")] = None
    leaves: Annotated[date | None, Field(description="The last day at school.")] = None
    informed: Annotated[
        date | None, Field(description="The day on which a pupil was told that they decide from 16 on.")
    ] = None
    never_locatable: Annotated[bool | None, Field(json_schema_extra={"x-role": "privacy_officer"})] = None


class PersonChanges(PersonFields):
    correction: Annotated[
        bool,
        Field(
            description="The last day that was written down was wrong: consents go on as if it had never been there."
            " Otherwise whoever comes back after their last day is asked again."
        ),
    ] = False


class NewPerson(PersonFields):
    id: str
    groups: list[str] = Field(default_factory=list)


class PersonDocument(PersonFields):
    id: str
    had_left: Annotated[
        list[datetime], Field(description="Of who came back, from when they had left: earlier consents have ended.")
    ]
    groups: Annotated[dict[str, list[str]], Field(description="By school year.")]


class Groups(Document):
    groups: list[str]
    year: int | None = None


class Onward(Document):
    onward: dict[str, str] = Field(default_factory=dict, description="Where a group without a number goes.")


class Reason(Document):
    reason: str


def router(transactions: RegistryTransactions, form_reader: FormReader) -> APIRouter:
    """The routes about people."""
    routes = APIRouter(prefix="/v1/registry", responses=PROBLEMS)

    @routes.get("/groups", summary="The groups of a school year", responses=schema.ok("", list[str]) | REFUSALS)
    async def list_groups(request: Request, caller: AuthenticatedCaller, year: Year = None) -> Response:
        return await transactions.run_as_response(
            request, caller, Act.SEE_GROUP, lambda session: groups.groups(session, year)
        )

    @routes.get(
        "/groups/{group}",
        summary="Who of a group may be shown on a channel now",
        responses=schema.ok("By name; not why.", list[MayBeShown]) | REFUSALS,
    )
    async def group_now(request: Request, caller: AuthenticatedCaller, group: str, channel: str) -> Response:
        return await transactions.run_as_response(
            request, caller, Act.SEE_GROUP, lambda session: group_on_channel(session, group, channel)
        )

    @routes.get("/people", summary="Everyone, by name", responses=schema.ok("", list[PersonDocument]) | REFUSALS)
    async def list_people(
        request: Request, caller: AuthenticatedCaller, group: str | None = None, year: Year = None
    ) -> Response:
        def work(session: Session) -> list[dict[str, Any]]:
            return [_document(session, record) for record in people.records(session, group, year)]

        return await transactions.run_as_response(request, caller, Act.SEE_PEOPLE, work)

    @routes.post(
        "/people",
        summary="Write a person down",
        responses=schema.ok("", Done) | REFUSALS | schema.problems(AlreadyThere),
    )
    async def add_person(request: Request, caller: AuthenticatedCaller, new: NewPerson) -> Response:
        return await transactions.do(
            request,
            caller,
            Act.EDIT_PEOPLE,
            lambda session: people.add(session, PersonRecord(id=new.id, **_sent_fields(session, new)), new.groups),
        )

    @routes.get("/people/{person}", summary="One person", responses=schema.ok("", PersonDocument) | REFUSALS)
    async def one_person(request: Request, caller: AuthenticatedCaller, person: str) -> Response:
        return await transactions.run_as_response(
            request, caller, Act.SEE_PEOPLE, lambda session: _document(session, people.find(session, person))
        )

    @routes.patch("/people/{person}", summary="Change what is written down", responses=schema.ok("", Done) | REFUSALS)
    async def change_person(
        request: Request, caller: AuthenticatedCaller, person: str, fields: PersonChanges
    ) -> Response:
        return await transactions.do(
            request,
            caller,
            Act.EDIT_PEOPLE,
            lambda session: people.change(
                session, person, corrected=fields.correction, **_sent_fields(session, fields)
            ),
        )

    @routes.put(
        "/people/{person}/groups", summary="The groups of a school year", responses=schema.ok("", Done) | REFUSALS
    )
    async def set_groups(request: Request, caller: AuthenticatedCaller, person: str, new: Groups) -> Response:
        return await transactions.do(
            request, caller, Act.EDIT_PEOPLE, lambda session: people.join(session, person, new.groups, new.year)
        )

    @routes.post(
        "/people/{person}/erasure",
        summary="Take everything out that says who this person was",
        responses=schema.ok("", Done) | REFUSALS,
    )
    async def erase(request: Request, caller: AuthenticatedCaller, person: str, body: Reason) -> Response:
        answer = await transactions.do(
            request, caller, Act.ERASE, lambda session: erasure.erase(session, person, body.reason)
        )
        await transactions.tidy()
        return answer

    @routes.get(
        "/people/{person}/export",
        summary="Everything that is known of one person",
        responses=schema.ok("", dict[str, Any]) | REFUSALS,
    )
    async def export_person(request: Request, caller: AuthenticatedCaller, person: str) -> Response:
        return await transactions.run_as_response(
            request, caller, Act.EXPORT, lambda session: exports.person_export(session, person)
        )

    @routes.get("/export", summary="The class list as CSV", response_class=Response, responses=CSV | REFUSALS)
    async def export(request: Request, caller: AuthenticatedCaller, group: str | None = None) -> Response:
        content = await transactions.run(
            request, caller, Act.EXPORT, lambda session: exports.class_list(session, group)
        )
        return _csv(content, "klassenlijst.csv")

    @routes.get(
        "/export/consents", summary="All that was said, as CSV", response_class=Response, responses=CSV | REFUSALS
    )
    async def export_consents(request: Request, caller: AuthenticatedCaller) -> Response:
        return _csv(await transactions.run(request, caller, Act.EXPORT, exports.consents), "toestemmingen.csv")

    @routes.post(
        "/import",
        summary="Import a class list; or, unless `apply` is true, tell what it would change",
        openapi_extra={"requestBody": LIST},
        responses=schema.ok("What changes, line by line.", dict[str, Any]) | REFUSALS | schema.problems(BadClassList),
    )
    async def import_list(
        request: Request,
        caller: AuthenticatedCaller,
        apply: bool = False,
        year: Year = None,
        rename: Annotated[list[str], Query(description="title=column")] = [],  # noqa: B006 - FastAPI's own copy
        ignore: Annotated[list[str], Query(description="A title to leave out.")] = [],  # noqa: B006
        leave_on: date | None = None,
        wording: Annotated[str, Query(description="Which version of the question the answers are to.")] = "",
    ) -> Response:
        caller.must(Act.IMPORT)  # before a large file is read
        content = await form_reader.text(request, MAX_BYTES + 1)
        options = ImportOptions(_renamed(rename), tuple(ignore), year, leave_on, wording)
        sheets = await asyncio.to_thread(read_sheets, content)

        def work(session: Session) -> imports.Plan:
            plan = imports.plan(session, content, options, sheets)
            if apply:
                imports.apply(session, plan)
            return plan

        return await transactions.run_as_response(request, caller, Act.IMPORT, work)

    @routes.post(
        "/move-up",
        summary="The year's end; unless `apply` is true it is only told",
        responses=schema.ok("What it means for each group.", list[Move]) | REFUSALS,
    )
    async def move_up(
        request: Request,
        caller: AuthenticatedCaller,
        body: Onward,
        year: Annotated[int, Query(ge=2000, le=2100)],
        apply: bool = False,
    ) -> Response:
        return await transactions.run_as_response(
            request,
            caller,
            Act.EDIT_PEOPLE,
            lambda session: school_years.move_up(session, year, body.onward, apply=apply),
        )

    return routes


CSV: schema.Responses = {200: {"description": "A CSV file.", "content": {"text/csv": {}}}}
LIST = {
    "required": True,
    "description": "A CSV file or spreadsheet.",
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
}


def _document(session: Session, record: PersonRecord) -> dict[str, Any]:
    document = asdict(record) | {"groups": groups.groups_of(session, people.ref_of(session, record.id))}
    if not session.caller.may(Act.SEE_HIDDEN):
        del document[HIDDEN]
    return document


def _sent_fields(session: Session, fields: PersonFields) -> dict[str, Any]:
    """The fields that were sent, as a `PersonRecord` has them."""
    sent = fields.model_dump(exclude_unset=True, exclude={"id", "groups", "correction"})
    if HIDDEN in sent and not session.caller.may(Act.SEE_HIDDEN):
        raise Forbidden
    if any(value is None and name not in ("own_from", "leaves", "informed") for name, value in sent.items()):
        raise BadForm(
            Text(nl="Een veld is null dat een waarde moet hebben.", en="A field is null that must have a value."),
            hint=Text(nl="Laat weg wat je niet weet.", en="Leave out what you do not know."),
        )
    return sent | ({"nicknames": tuple(sent["nicknames"])} if "nicknames" in sent else {})


def _renamed(pairs: list[str]) -> Mapping[str, str]:
    if any("=" not in pair for pair in pairs):
        raise BadForm(
            Text(nl="Bij rename hoort een titel en een kolom.", en="rename takes a title and a column."),
            hint=Text(nl="Zoals rename=Lln.nr=id.", en="As in rename=Lln.nr=id."),
        )
    return renames((title, column) for title, _, column in (pair.rpartition("=") for pair in pairs))


def _csv(content: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)
