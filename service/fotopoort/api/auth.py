"""Who comes in: the key that a request carries, and what it may do."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from fotopoort.errors import NotAllowed, RegistryUnavailable
from fotopoort.registry.access import api_keys
from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.registry import Registry

BEARER = HTTPBearer(auto_error=False, description="An API key, as it was shown when it was made.")
REMEMBERED = 1000  # keys


class Authenticator:
    """Knows whose key a request carries.

    While the registry does not answer, a key that was good before still is: whoever asks for a verdict then gets to
    hear that there is none (rule R01), rather than that the key is not valid. It opens nothing else, for there is
    nothing to be had.
    """

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._seen: dict[str, Caller] = {}  # by the key's hash

    async def caller(self, given: HTTPAuthorizationCredentials | None) -> Caller:
        """Whose key this is.

        Raises:
            NotAllowed: there is none, or it is nobody's.
            RegistryUnavailable: that cannot be told now.
        """
        if given is None:
            raise NotAllowed
        known = api_keys.hashed(given.credentials)
        try:
            caller = await asyncio.to_thread(api_keys.identify, self._registry.database, given.credentials)
        except NotAllowed:
            self._seen.pop(known, None)
            raise
        except RegistryUnavailable:
            if known not in self._seen:
                raise
            return self._seen[known]
        if len(self._seen) >= REMEMBERED:
            self._seen.clear()
        self._seen[known] = caller
        return caller

    async def log(self, caller: Caller, route: str) -> None:
        """Write in the audit log that a key was used, before anything is done."""
        await asyncio.to_thread(api_keys.log_use, self._registry, caller, Act.SCREEN, route)


Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)]


async def authenticated_caller(request: Request, given: Credentials) -> Caller:
    """Whose key this request carries. What they do is in the audit log by what comes of it."""
    doorkeeper: Authenticator = request.app.state.doorkeeper
    return await doorkeeper.caller(given)


async def audited_caller(request: Request, given: Credentials) -> Caller:
    """Whose key this request carries; that it was used, and for which route, is in the audit log."""
    doorkeeper: Authenticator = request.app.state.doorkeeper
    caller = await doorkeeper.caller(given)
    await doorkeeper.log(caller, f"{request.method} {getattr(request.scope.get('route'), 'path', '-')}")
    return caller


AuthenticatedCaller = Annotated[Caller, Depends(authenticated_caller)]
AuditedCaller = Annotated[Caller, Depends(audited_caller)]
