"""What every route of the registry has in common: one session in a thread, in which the use of the key is recorded."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from typing import TypeVar

from fastapi import Request, Response

from fotopoort.api import schema
from fotopoort.api.auth import route_of
from fotopoort.api.limits.concurrency import ConcurrencyLimit
from fotopoort.api.responses import AsciiJSONResponse
from fotopoort.application.contract.documents import Document
from fotopoort.application.contract.plain import plain
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

Result = TypeVar("Result")

PROBLEMS = schema.problems(NotAllowed, Forbidden, HostNotAllowed, RegistryUnavailable) | schema.any_error()
REFUSALS = schema.problems(BadForm, BadRecord, UnknownPerson, UnknownGroup, UnknownChannel, NotFound, FotopoortError)


class RegistryTransactions:
    """Runs work in the registry on behalf of a caller.

    Args:
        concurrency: for the threads that this may take; others find out whose key a request carries, for one.
    """

    def __init__(self, registry: Registry, concurrency: ConcurrencyLimit) -> None:
        self.registry, self._concurrency = registry, concurrency

    async def run_as_response(
        self, request: Request, caller: Caller, act: Act, work: Callable[[Session], object]
    ) -> Response:
        """Run the work in one transaction, and answer with its result as JSON."""
        return AsciiJSONResponse(plain(await self.run(request, caller, act, work)))

    async def do(self, request: Request, caller: Caller, act: Act, work: Callable[[Session], object]) -> Response:
        """Run the work in one transaction, and answer that it was done."""
        await self.run(request, caller, act, work)
        return AsciiJSONResponse(DONE)

    async def run(self, request: Request, caller: Caller, act: Act, work: Callable[[Session], Result]) -> Result:
        """The result of the work, run in one transaction in which the use of the key is recorded.

        Raises:
            Forbidden: the caller may not do this.
            Busy, Overloaded: see `ConcurrencyLimit.slot`.
            FotopoortError: whatever the work raises; nothing is changed then.
        """

        def noted(session: Session) -> Result:
            session.note("key.used", route=route_of(request))
            return work(session)

        return await self.write(caller, act, noted)

    async def read(self, caller: Caller, act: Act, work: Callable[[Session], Result], *, first: bool = True) -> Result:
        """The result of work that only reads. That it was done is not in the audit log by itself.

        Args:
            first: see `ConcurrencyLimit.slot`.

        Raises:
            Forbidden, Busy, Overloaded, FotopoortError: as `run`.
        """

        return await self._in_thread(self.registry.read, caller, act, work, first=first)

    async def write(self, caller: Caller, act: Act, work: Callable[[Session], Result], *, first: bool = True) -> Result:
        """The result of work of which all that matters comes into the audit log by itself.

        Args:
            first: see `ConcurrencyLimit.slot`.

        Raises:
            Forbidden, Busy, Overloaded, FotopoortError: as `run`.
        """

        return await self._in_thread(self.registry.write, caller, act, work, first=first)

    async def _in_thread(
        self,
        transaction: Callable[[Caller, Act], AbstractContextManager[Session]],
        caller: Caller,
        act: Act,
        work: Callable[[Session], Result],
        *,
        first: bool = True,
    ) -> Result:
        def in_session() -> Result:
            with transaction(caller, act) as session:
                return work(session)

        async with self._concurrency.slot(caller, first=first):
            return await asyncio.to_thread(in_session)

    async def tidy(self) -> None:
        """Clear the disk of what was erased; where the database is in use, the daily maintenance does so."""
        with suppress(RegistryUnavailable):
            await asyncio.to_thread(self.registry.database.vacuum)


class Done(Document):
    """It was done."""

    done: bool = True


DONE = {"done": True}
