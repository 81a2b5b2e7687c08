"""The teacher's page: one document, in which the modules of `page/` do the rest through `/v1/posts`."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, Request, Response

from fotopoort.registry.access.login_sessions import Stage
from fotopoort.registry.access.roles import Act
from fotopoort.registry.people import groups
from fotopoort.registry.registry import Session
from fotopoort.web.addresses import HOME, SETUP
from fotopoort.web.page.texts import PAGE_TEXTS
from fotopoort.web.page_route import page_route
from fotopoort.web.site import POLICY, Site

# It has modules, photos and requests of its own. Its library makes one kind of trusted HTML.
MODULES_POLICY: Final = f"{POLICY}; script-src 'self'; img-src 'self'; connect-src 'self'; trusted-types lit-html"


def router(site: Site) -> APIRouter:
    """The page."""
    pages = APIRouter(route_class=page_route(site), include_in_schema=False)

    @pages.get(HOME)
    async def start(request: Request) -> Response:
        if not await site.is_set_up():
            return site.go_to(SETUP)
        holder = await site.holder(request, Stage.IN)
        language = site.language(request)

        def known(session: Session) -> dict[str, Any]:
            channels = [{"id": channel.id, "label": getattr(channel.label, language)} for channel in session.channels]
            return {"groups": groups.groups(session), "channels": channels}

        data = await site.look_up(holder, Act.POST, known) | {
            "csrf": holder.csrf_token,
            "language": language.value,
            "needs_group": holder.account.caller(site.tenant).own_groups_only,
            "max_bytes": site.max_bytes,
            "say": {key: f"{text:{language}}" for key, text in PAGE_TEXTS.items()},
        }
        page = await site.page(request, "start.html.j2", holder, data=data, static=site.static.page)
        page.headers["Content-Security-Policy"] = MODULES_POLICY
        return page

    return pages
