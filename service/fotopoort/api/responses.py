"""How answers look over HTTP: JSON, and every error as `{"error": {…}}` in the language that is asked for."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from fotopoort.api.limits.concurrency import ConcurrencyLimit
from fotopoort.application.contract.build import problem_document
from fotopoort.errors import BadForm, Busy, FotopoortError, MethodNotAllowed, NotAllowed, NotFound, Overloaded
from fotopoort.vocabulary import Text
from fotopoort.web.language import language_of

UNAVAILABLE = 503
SECONDS_TO_RETRY = 5
CLIENT_LEFT = 499  # what servers log when the client has gone; nobody receives it
SEE_OPENAPI = Text(nl="Kijk in /openapi.json.", en="See /openapi.json.")


class AsciiJSONResponse(Response):
    """JSON in ASCII: a file name may hold half a character, which UTF-8 cannot."""

    media_type = "application/json"

    def render(self, content: object) -> bytes:
        return json.dumps(content, allow_nan=False, separators=(",", ":")).encode("ascii")


class RefusedBody(HTTPException):
    """What is wrong with a body that is being read. Of any other error the framework would make a 400."""

    def __init__(self, error: FotopoortError) -> None:
        super().__init__(error.http_status)
        self.error = error


def problem(error: FotopoortError, request_headers: Headers, headers: Mapping[str, str] | None = None) -> Response:
    """An error as a response to a request with these headers.

    Args:
        headers: what the response carries besides.
    """
    language = language_of(request_headers)
    more = {"WWW-Authenticate": "Bearer"} if isinstance(error, NotAllowed) else {}
    if error.http_status == UNAVAILABLE:  # it passes: a database that is busy, processes that start again
        more["Retry-After"] = str(SECONDS_TO_RETRY)
    return JSONResponse(
        problem_document(error, language),
        status_code=error.http_status,
        headers={**more, **(headers or {}), "Content-Language": language.value, "Vary": "Accept-Language"},
    )


def handlers(
    concurrency: ConcurrencyLimit, error_page: Callable[[Request, FotopoortError], Awaitable[Response]] | None = None
) -> dict[int | type[Exception], Any]:
    """What becomes of each exception that a route or the framework raises.

    Args:
        error_page: for somebody in a browser, at an address that is none; None: JSON for everybody.
    """

    def ours(request: Request, error: FotopoortError) -> Response:
        headers = {}
        if isinstance(error, (Busy, Overloaded)):
            headers["Retry-After"] = str(concurrency.retry_after)
        return problem(error, request.headers, headers)

    def body(request: Request, refused: RefusedBody) -> Response:
        return ours(request, refused.error)

    async def routing(request: Request, error: HTTPException) -> Response:
        if error.status_code == MethodNotAllowed.http_status:
            return problem(MethodNotAllowed(), request.headers, error.headers)
        if error.status_code == 400:  # the body is no UTF-8, or nested too deep
            text = Text(nl="De inhoud is niet wat hij moet zijn.", en="The body is not what it must be.")
            return problem(BadForm(text, hint=SEE_OPENAPI), request.headers)
        missing = NotFound(
            Text(nl="Op dit adres is niets.", en="There is nothing at this address."),
            hint=Text(nl="De adressen staan in /openapi.json.", en="The addresses are in /openapi.json."),
        )
        is_page = not request.url.path.startswith("/v1/") and "text/html" in request.headers.get("accept", "")
        if error_page is not None and is_page:
            return await error_page(request, missing)
        return problem(missing, request.headers)

    def validation(request: Request, error: RequestValidationError) -> Response:
        """Says where, never what stood there; the name of an unknown field was made up by the sender."""
        first = error.errors()[0]
        unknown = first["type"] == "extra_forbidden"
        place = ".".join(str(part) for part in (first["loc"][:-1] if unknown else first["loc"]))
        text = Text(
            nl=f"{place} ontbreekt, of is niet wat het moet zijn.",
            en=f"{place} is missing, or is not what it must be.",
        )
        if unknown:
            text = Text(nl=f"{place} heeft een onbekend veld.", en=f"{place} has a field that is not known.")
        return problem(BadForm(text, hint=SEE_OPENAPI), request.headers)

    def disconnect(_: Request, __: ClientDisconnect) -> Response:
        return Response(status_code=CLIENT_LEFT)

    return {
        FotopoortError: ours,
        RefusedBody: body,
        HTTPException: routing,
        RequestValidationError: validation,
        ClientDisconnect: disconnect,
    }
