"""What every route of the registry does alike: one session in a thread, in which the use of the key is written down."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from fastapi import Request, Response

from fotopoort.api import schema
from fotopoort.api.screenings.routes import Json
from fotopoort.application.contract import plain
from fotopoort.errors import (
    BadForm,
    BadRecord,
    Forbidden,
    FotopoortError,
    HostNotAllowed,
    NotAllowed,
    NotFound,
    RegistryUnavailable,
    UnknownChannel,
    UnknownGroup,
    UnknownPerson,
)
from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.registry import Registry, Session

PROBLEMS = schema.problems(NotAllowed, Forbidden, HostNotAllowed, RegistryUnavailable) | schema.any_error()
REFUSALS = schema.problems(BadForm, BadRecord, UnknownPerson, UnknownGroup, UnknownChannel, NotFound, FotopoortError)


class RegistryTransactions:
    """Does what is asked of the registry, for who may ask it."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry

    async def do(self, request: Request, caller: Caller, act: Act, work: Callable[[Session], Any]) -> Response:
        """Do the work in one transaction, and answer with what comes of it."""
        return Json(plain(await self.result(request, caller, act, work)))

    async def result(self, request: Request, caller: Caller, act: Act, work: Callable[[Session], Any]) -> Any:  # noqa: ANN401
        """Do the work in one transaction; the use of the key is written down in it."""

        def in_session() -> Any:  # noqa: ANN401
            with self.registry.write(caller, act) as session:
                session.note("key.used", route=f"{request.method} {getattr(request.scope.get('route'), 'path', '-')}")
                return work(session)

        return await asyncio.to_thread(in_session)

    async def tidy(self) -> None:
        """Clear the disk of what was erased; where the database is in use, the daily round does so."""
        with suppress(RegistryUnavailable):
            await asyncio.to_thread(self.registry.database.vacuum)


class Done(schema.Document):
    """It was done."""

    done: bool = True


DONE = {"done": True}
