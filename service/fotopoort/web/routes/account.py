"""What people see and change of their own account."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from fotopoort.errors import BadLogin, BadPassword, TooManyAttempts
from fotopoort.registry.access import accounts, login
from fotopoort.registry.access.login_sessions import Stage
from fotopoort.registry.access.roles import Act
from fotopoort.registry.registry import Session
from fotopoort.web import sessions
from fotopoort.web.addresses import ACCOUNT, LOGIN
from fotopoort.web.page_route import page_route
from fotopoort.web.site import Site
from fotopoort.web.texts import NOT_THE_SAME

ACCOUNT_PAGE = "account.html.j2"


def router(site: Site) -> APIRouter:
    """The pages."""
    pages = APIRouter(route_class=page_route(site), include_in_schema=False)

    @pages.get(ACCOUNT)
    async def own_account(request: Request) -> Response:
        holder = await site.holder(request, Stage.IN)
        return await site.page(request, ACCOUNT_PAGE, holder, changed="changed" in request.query_params)

    @pages.post(f"{ACCOUNT}/password")
    async def change_password(request: Request) -> Response:
        holder, form = await site.posted(request, Stage.IN)
        try:
            if form["password"] != form["again"]:
                raise BadPassword(NOT_THE_SAME.message, hint=NOT_THE_SAME.hint)
            given = await site.threads.run(
                lambda: login.change_password(
                    site.registry, site.guard, site.tenant, holder.session, form["old"], form["password"]
                )
            )
        except (BadLogin, BadPassword, TooManyAttempts) as error:
            field = "password" if isinstance(error, BadPassword) else "old"
            return await site.refused(request, ACCOUNT_PAGE, error, field, holder, changed=False, here=ACCOUNT)
        return site.go_to(f"{ACCOUNT}?changed=", given.secret)

    @pages.post(f"{ACCOUNT}/log-out-everywhere")
    async def log_out_everywhere(request: Request) -> Response:
        holder, _ = await site.posted(request, Stage.IN)

        def end(session: Session) -> None:
            accounts.end_sessions(session, holder.account.id)
            session.note("logout", account=holder.account.id, everywhere=True)

        await site.write(holder, Act.OWN_ACCOUNT, end)
        response = site.go_to(LOGIN)
        sessions.take_away(response, all_data=True)
        return response

    return pages
