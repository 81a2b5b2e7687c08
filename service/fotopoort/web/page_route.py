"""A route that answers with a page, whatever happens, and with the headers that all pages have."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from fotopoort.errors import FotopoortError, NotLoggedIn
from fotopoort.web import sessions
from fotopoort.web.addresses import LOGIN
from fotopoort.web.site import HEADERS, GoTo, Site


def page_route(site: Site) -> type[APIRoute]:
    """The class of such routes."""

    class PageRoute(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            answer = super().get_route_handler()

            async def handle(request: Request) -> Response:
                try:
                    response = await answer(request)
                except NotLoggedIn:  # it was ended since the request began
                    response = site.go_to(LOGIN)
                    sessions.take_away(response)
                except GoTo as elsewhere:
                    response = site.go_to(elsewhere.address)
                    if elsewhere.forget:
                        sessions.take_away(response)
                except FotopoortError as error:
                    response = await site.error_page(request, error)
                for name, value in HEADERS.items():
                    response.headers.setdefault(name, value)
                return response

            return handle

    return PageRoute
