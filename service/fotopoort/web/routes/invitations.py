"""Choosing a password by a link, and the form that makes the school's first account."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from fotopoort.errors import BadInvitation, BadPassword, BadRecord, NotFound
from fotopoort.registry.access import invitations, setup
from fotopoort.registry.access.accounts import Account
from fotopoort.web.addresses import CLASS_LIST, INVITATION, LOGIN, SETUP, page_address
from fotopoort.web.forms import Form
from fotopoort.web.page_route import page_route
from fotopoort.web.site import Site
from fotopoort.web.texts import BAD_SETUP_CODE, NOT_THE_SAME

SETUP_PAGE, INVITATION_PAGE = "setup.html.j2", "invitation.html.j2"
NOW_LOG_IN = f"{LOGIN}?chosen="  # with a word about the password that was chosen
AFTER_SETUP = f"{page_address(LOGIN, CLASS_LIST)}&chosen="  # the school's people come next


def router(site: Site) -> APIRouter:
    """The pages."""
    pages = APIRouter(route_class=page_route(site), include_in_schema=False)

    async def whose(secret: str) -> Account:
        found = await site.read(lambda session: invitations.invited(session, secret))
        if found is None:  # of the first account, which has a form of its own
            raise BadInvitation
        return found

    @pages.get(SETUP)
    async def setup_page(request: Request) -> Response:
        if await site.is_set_up():
            raise NotFound
        return await site.page(request, SETUP_PAGE)

    @pages.post(SETUP)
    async def set_up(request: Request) -> Response:
        form = await site.posted_by_visitor(request)
        if await site.is_set_up():
            raise NotFound
        try:
            _require_same(form)
            code = form["code"].strip()
            typed = {field: form[field] for field in ("school", "login", "name", "password")}
            await site.threads.run(lambda: setup.complete(site.registry, site.tenant, code, **typed))
        except BadInvitation:
            error = BadInvitation(BAD_SETUP_CODE.message, hint=BAD_SETUP_CODE.hint)
            return await site.refused(request, SETUP_PAGE, error, "code", form=form)
        except BadPassword as error:
            return await site.refused(request, SETUP_PAGE, error, "password", form=form)
        except BadRecord as error:
            missing = [field for field in ("school", "name") if not form[field].strip()]
            return await site.refused(request, SETUP_PAGE, error, [*missing, "login"][0], form=form)
        return site.go_to(AFTER_SETUP)

    @pages.get(f"{INVITATION}/{{secret}}")
    async def invitation_page(request: Request, secret: str) -> Response:
        return await site.page(request, INVITATION_PAGE, invited=await whose(secret))

    @pages.post(f"{INVITATION}/{{secret}}")
    async def choose_password(request: Request, secret: str) -> Response:
        form = await site.posted_by_visitor(request)
        try:
            _require_same(form)
            await site.threads.run(lambda: invitations.accept(site.registry, site.tenant, secret, form["password"]))
        except BadPassword as error:
            return await site.refused(request, INVITATION_PAGE, error, "password", invited=await whose(secret))
        return site.go_to(NOW_LOG_IN)

    return pages


def _require_same(form: Form) -> None:
    if form["password"] != form["again"]:
        raise BadPassword(NOT_THE_SAME.message, hint=NOT_THE_SAME.hint)
