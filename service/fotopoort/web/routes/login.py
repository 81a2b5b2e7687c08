"""Logging in, with a password and a code of the second factor; and logging out."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request, Response

from fotopoort.errors import BadCode, BadLogin, BadRecord, NotLoggedIn, RegistryError, TooManyAttempts
from fotopoort.registry.access import login, login_sessions, second_factor
from fotopoort.registry.access.login_sessions import Stage
from fotopoort.registry.access.roles import Act
from fotopoort.registry.registry import Session
from fotopoort.vocabulary import Language
from fotopoort.web import sessions
from fotopoort.web.addresses import CODE, ENROL, HOME, IN_ANOTHER_LANGUAGE, LOGIN, SETUP, local_path, page_address
from fotopoort.web.enrolment import Enrolment
from fotopoort.web.page_route import page_route
from fotopoort.web.same_origin import require_token
from fotopoort.web.sessions import Holder
from fotopoort.web.site import LANGUAGE_COOKIE, PAGE_OF_STAGE, Site

A_YEAR: Final = 365 * 24 * 3600
PASSWORD_PAGE: Final = "login.html.j2"  # noqa: S105 - a template
CODE_PAGE: Final = "code.html.j2"
ENROL_PAGE: Final = "second_factor.html.j2"
RECOVERY_PAGE: Final = "recovery_codes.html.j2"


def router(site: Site) -> APIRouter:
    """The pages."""
    pages = APIRouter(route_class=page_route(site), include_in_schema=False)

    def goal(request: Request) -> str:
        return local_path(request.query_params.get("next", HOME))

    @pages.get(LOGIN)
    async def password_page(request: Request) -> Response:
        if not await site.is_set_up():
            return site.go_to(SETUP)
        holder = await site.sessions.holder(request)
        if holder is not None and holder.stage is Stage.IN:
            return site.go_to(goal(request))
        return await site.page(request, PASSWORD_PAGE, chosen="chosen" in request.query_params)

    @pages.post(LOGIN)
    async def log_in(request: Request) -> Response:
        form = await site.posted_by_visitor(request)
        before = await site.sessions.holder(request)
        address = site.address_of(request)
        try:
            given = await site.threads.run(
                lambda: login.log_in(site.registry, site.guard, site.tenant, form["login"], form["password"], address)
            )
        except (BadLogin, TooManyAttempts) as error:
            return await site.refused(request, PASSWORD_PAGE, error, "login", form=form, chosen=False)
        if before is not None:
            await _end(site, before)
        after = await site.sessions.of_secret(given.secret)
        if after.stage is Stage.IN:
            return site.go_to(goal(request), given.secret)
        return site.go_to(page_address(PAGE_OF_STAGE[after.stage], goal(request)), given.secret)

    @pages.get(CODE)
    async def code_page(request: Request) -> Response:
        return await site.page(request, CODE_PAGE, await site.holder(request, Stage.CODE))

    @pages.post(CODE)
    async def confirm(request: Request) -> Response:
        holder, form = await site.posted(request, Stage.CODE)
        try:
            given = await site.threads.run(
                lambda: login.confirm(site.registry, site.guard, site.tenant, holder.session, form["code"])
            )
        except (BadCode, TooManyAttempts) as error:
            return await site.refused(request, CODE_PAGE, error, "code", holder)
        return site.go_to(goal(request), given.secret)

    @pages.get(ENROL)
    async def explain_second_factor(request: Request) -> Response:
        holder = await site.holder(request, Stage.ENROL, Stage.IN)
        return await site.page(request, ENROL_PAGE, holder, enrolment=None)

    @pages.post(ENROL)
    async def set_up_second_factor(request: Request) -> Response:
        """Begin, where no code is given yet; else have what was begun hold."""
        holder, form = await site.posted(request, Stage.ENROL, Stage.IN)
        if not form["secret"]:
            if holder.stage is Stage.IN:  # or whoever finds their browser open could keep them out
                try:
                    await site.threads.run(
                        lambda: login.require_password(
                            site.registry, site.guard, site.tenant, holder.session, form["password"]
                        )
                    )
                except (BadLogin, TooManyAttempts) as error:
                    return await site.refused(request, ENROL_PAGE, error, "password", holder, enrolment=None)
            secret = await site.write(
                holder, Act.OWN_ACCOUNT, lambda session: second_factor.begin(session, holder.session)
            )
            return await site.page(request, ENROL_PAGE, holder, enrolment=Enrolment.of(holder.account, secret))
        try:
            given = await site.threads.run(
                lambda: login.set_up_second_factor(site.registry, site.guard, site.tenant, holder.session, form["code"])
            )
        except (BadCode, BadRecord, TooManyAttempts) as error:
            shown = Enrolment.of(holder.account, form["secret"])  # the same again: it is in the app already
            return await site.refused(request, ENROL_PAGE, error, "code", holder, enrolment=shown)
        after = await site.sessions.of_secret(given.secret)
        page = await site.page(request, RECOVERY_PAGE, after, codes=given.recovery_codes, next=goal(request))
        sessions.give(page, given.secret)
        return page

    @pages.post("/logout")
    async def log_out(request: Request) -> Response:
        """Whatever has become of the session: what the browser keeps is for nobody who comes after."""
        form = await site.posted_by_visitor(request)
        response = site.go_to(LOGIN)
        try:
            if (holder := await site.sessions.holder(request)) is not None:
                require_token(holder.secret, form["token"])
                await _end(site, holder)
        except NotLoggedIn:  # it was ended since the request began
            pass
        except RegistryError as error:
            response = await site.error_page(request, error)
        sessions.take_away(response, all_data=True)
        return response

    @pages.post("/language")
    async def choose_language(request: Request) -> Response:
        form = await site.posted_by_visitor(request)
        response = site.go_to(local_path(form["next"], IN_ANOTHER_LANGUAGE))
        if form["language"] in set(Language):
            cookie = {"path": "/", "secure": True, "httponly": True, "samesite": "lax"}
            response.set_cookie(LANGUAGE_COOKIE, form["language"], max_age=A_YEAR, **cookie)  # type: ignore[arg-type]
        return response

    return pages


async def _end(site: Site, holder: Holder) -> None:
    def end(session: Session) -> None:
        login_sessions.end(session, holder.session)

    await site.write(holder, Act.OWN_ACCOUNT, end)
