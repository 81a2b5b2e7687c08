"""How answers look over HTTP: JSON, and every error as `{"error": {"code", "message", "hint"}}`."""

from __future__ import annotations

from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from fotopoort.api.limits.concurrency import ConcurrencyLimit
from fotopoort.errors import BadForm, Busy, FotopoortError, MethodNotAllowed, NotAllowed, NotFound, Overloaded

NOBODY_THERE = 499  # what servers log when the client has left; nobody receives it


def problem(error: FotopoortError, headers: dict[str, str] | None = None) -> Response:
    """An error as a response."""
    return JSONResponse({"error": error.as_dict()}, status_code=error.http_status, headers=headers)


def handlers(turns: ConcurrencyLimit) -> dict[int | type[Exception], Any]:
    """What becomes of each exception that a route or the router raises."""

    def refused(_: Request, error: FotopoortError) -> Response:
        headers = {}
        if isinstance(error, NotAllowed):
            headers["WWW-Authenticate"] = "Bearer"
        if isinstance(error, (Busy, Overloaded)):
            headers["Retry-After"] = str(turns.retry_after)
        return problem(error, headers)

    def routed(_: Request, error: HTTPException) -> Response:
        if error.status_code == MethodNotAllowed.http_status:
            return problem(MethodNotAllowed(), dict(error.headers or {}))
        if error.status_code == 400:  # the body is no UTF-8, or nested too deep
            return problem(BadForm("The body is not what it must be.", hint="See /openapi.json."))
        return problem(NotFound("There is nothing at this address.", hint="The addresses are in /openapi.json."))

    def unfit(_: Request, error: RequestValidationError) -> Response:
        """Says where, never what stood there; the name of a field that nobody knows was made up by the sender."""
        first = error.errors()[0]
        unknown = first["type"] == "extra_forbidden"
        place = ".".join(str(part) for part in (first["loc"][:-1] if unknown else first["loc"]))
        if unknown:
            return problem(BadForm(f"{place} has a field that is not known.", hint="See /openapi.json."))
        return problem(BadForm(f"{place} is missing, or is not what it must be.", hint="See /openapi.json."))

    def left(_: Request, __: ClientDisconnect) -> Response:
        return Response(status_code=NOBODY_THERE)

    return {
        FotopoortError: refused,
        HTTPException: routed,
        RequestValidationError: unfit,
        ClientDisconnect: left,
    }
