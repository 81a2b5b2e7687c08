"""How answers look over HTTP: JSON, and every error as `{"error": {"code", "message", "hint"}}`."""

from __future__ import annotations

from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from fotopoort.api.turns import Turns
from fotopoort.errors import BadForm, Busy, FotopoortError, MethodNotAllowed, NotAllowed, NotFound, Overloaded

NOBODY_THERE = 499  # what servers log when the client has left; nobody receives it


def problem(error: FotopoortError, headers: dict[str, str] | None = None) -> Response:
    """An error as a response."""
    return JSONResponse({"error": error.as_dict()}, status_code=error.http_status, headers=headers)


def handlers(turns: Turns) -> dict[int | type[Exception], Any]:
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
        return problem(NotFound("There is nothing at this address.", hint="The addresses are in /openapi.json."))

    def unfit(_: Request, error: RequestValidationError) -> Response:
        """Says where, never what stood there."""
        place = ".".join(str(part) for part in error.errors()[0]["loc"])
        return problem(BadForm(f"{place} is missing, or is not what it must be.", hint="See /openapi.json."))

    def left(_: Request, __: ClientDisconnect) -> Response:
        return Response(status_code=NOBODY_THERE)

    return {
        FotopoortError: refused,
        HTTPException: routed,
        RequestValidationError: unfit,
        ClientDisconnect: left,
    }
