"""The school's first class list: a file, or a made-up list to try things with.

A page of its own, behind logging in, and not a part of the form that makes the first account: nobody unknown sends a
file of this size or has a spreadsheet unpacked, and a browser forgets which file was chosen where a form is refused.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Request, Response

from fotopoort.errors import AlreadyThere, BadClassList, BadRecord, Forbidden, FotopoortError, TooLarge
from fotopoort.registry.access.login_sessions import Stage
from fotopoort.registry.access.roles import Act
from fotopoort.registry.lists import imports
from fotopoort.registry.lists.imports import Plan
from fotopoort.registry.lists.sheets import MAX_BYTES, read_sheets
from fotopoort.registry.people import groups as school_groups
from fotopoort.registry.people import people
from fotopoort.registry.registry import Session
from fotopoort.resources import resource
from fotopoort.vocabulary import Language
from fotopoort.web.addresses import CLASS_LIST
from fotopoort.web.forms import Form
from fotopoort.web.page_route import page_route
from fotopoort.web.sessions import Holder
from fotopoort.web.site import Site
from fotopoort.web.texts import NO_FILE, PEOPLE_ARE_THERE

PAGE: Final = "class_list.html.j2"
FIELD: Final = "list"


@dataclass(frozen=True, slots=True)
class School:
    """Who is in the registry.

    Attributes:
        groups: each with how many are in it.
    """

    people: int
    groups: tuple[tuple[str, int], ...]


def router(site: Site) -> APIRouter:
    """The page."""
    pages = APIRouter(route_class=page_route(site), include_in_schema=False)

    async def school(holder: Holder) -> School:
        return await site.look_up(holder, Act.IMPORT, _school)

    @pages.get(CLASS_LIST)
    async def class_list(request: Request) -> Response:
        holder = await site.holder(request, Stage.IN)
        return await site.page(request, PAGE, holder, registered=await school(holder), plan=None)

    @pages.post(CLASS_LIST)
    async def import_list(request: Request) -> Response:
        await school(await site.holder(request, Stage.IN))  # before a large file is read
        try:
            holder, form = await site.posted(request, Stage.IN, max_file_bytes=MAX_BYTES)
        except TooLarge as error:
            return await refused(request, error)
        try:
            content = _content(form)
            sheets = await asyncio.to_thread(read_sheets, content)

            def work(session: Session) -> Plan:
                if not people.knows_nobody(session):
                    raise AlreadyThere(PEOPLE_ARE_THERE.message, hint=PEOPLE_ARE_THERE.hint)
                plan = imports.plan(session, content, sheets=sheets)
                imports.apply(session, plan)
                return plan

            plan = await site.write(holder, Act.IMPORT, work)
        except (AlreadyThere, BadClassList, BadRecord) as error:
            return await refused(request, error)
        except Forbidden as error:  # of a column that is not for them: the page is
            return await refused(request, BadClassList(error.message, hint=error.hint))
        plan_told = _told(plan, site.language(request))
        return await site.page(request, PAGE, holder, registered=await school(holder), plan=plan_told)

    async def refused(request: Request, error: FotopoortError) -> Response:
        holder = await site.holder(request, Stage.IN)
        registered = await school(holder)
        field = "" if registered.people else FIELD  # with people in it, the page has no form
        return await site.refused(request, PAGE, error, field, holder, registered=registered, plan=None)

    return pages


def _school(session: Session) -> School:
    counts = ((group, len(people.members(session, group))) for group in school_groups.groups(session))
    return School(len(people.records(session)), tuple(counts))


def _content(form: Form) -> bytes:
    """The file that was chosen, or the made-up list where that was asked for."""
    if form["made-up"]:
        return resource("fixtures/classlist.csv").read_bytes()
    if not form.file:
        raise BadClassList(NO_FILE.message, hint=NO_FILE.hint)
    return form.file


def _told(plan: Plan, language: Language) -> dict[str, list[str]]:
    """What somebody should check in what was read: titles that stand for a consent under another name, columns that
    were left out, and warnings."""
    read = [title for title in plan.titles if title.read_as and title.read_as != title.title.casefold()]
    return {
        "read": [f"“{title.title}” = {title.read_as}" for title in read],
        "left_out": [f"“{title.title}”" for title in plan.titles if not title.read_as and not title.biometric],
        "warnings": list(plan.warnings_nl if language is Language.NL else plan.warnings),
    }
