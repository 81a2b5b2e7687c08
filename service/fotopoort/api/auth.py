"""Who sent a request: the API key that it carries, or else the person who is logged in in the browser it comes from."""

from __future__ import annotations

import asyncio
from typing import Annotated

from cachetools import LRUCache
from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from fotopoort.errors import NotAllowed, RegistryUnavailable
from fotopoort.registry.access import api_keys
from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.access.secret_hash import hashed
from fotopoort.registry.registry import Registry
from fotopoort.web import sessions
from fotopoort.web.sessions import Sessions

BEARER = HTTPBearer(auto_error=False, description="An API key, as it was given when it was made.")
MAX_REMEMBERED_KEYS = 1000


class Authenticator:
    """Finds the caller of a request in the registry.

    While the registry does not answer, a key that was good before still is: whoever asks for a verdict then hears
    that there is none (rule R01), not that the key is invalid. The key opens nothing else, because without the
    registry there is nothing to get.

    Args:
        logged_in: of the people who are logged in; None: only keys count.
    """

    def __init__(self, registry: Registry, logged_in: Sessions | None = None) -> None:
        self._registry, self._logged_in = registry, logged_in
        self._remembered: LRUCache[str, Caller] = LRUCache(MAX_REMEMBERED_KEYS)  # by the key's hash

    async def caller(self, request: Request) -> Caller:
        """Who sent this request. Where it carries a key, the key counts alone.

        Raises:
            NotAllowed: it carries no key, or one that is nobody's; nor is anybody logged in.
            CrossSite: a browser may have sent it for another site.
            RegistryUnavailable: the registry does not answer, and the key was not used lately.
        """
        if self._logged_in is None or "authorization" in request.headers or not sessions.is_sent(request):
            return await self._caller_of_key(await BEARER(request))
        return await self._logged_in.caller(request)

    async def _caller_of_key(self, credentials: HTTPAuthorizationCredentials | None) -> Caller:
        if credentials is None:
            raise NotAllowed
        key_hash = hashed(credentials.credentials)
        try:
            caller = await asyncio.to_thread(api_keys.identify, self._registry.database, credentials.credentials)
        except NotAllowed:
            self._remembered.pop(key_hash, None)
            raise
        except RegistryUnavailable:
            remembered = self._remembered.get(key_hash)
            if remembered is None:
                raise
            return remembered
        self._remembered[key_hash] = caller
        return caller

    async def log(self, caller: Caller, route: str) -> None:
        """Write in the audit log that a key was used, before anything is done."""
        await asyncio.to_thread(api_keys.log_use, self._registry, caller, Act.SCREEN, route)


Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)]


def route_of(request: Request) -> str:
    """Method and route, as the audit log has them: never the address as it was typed."""
    return f"{request.method} {getattr(request.scope.get('route'), 'path', '-')}"


async def authenticated_caller(request: Request, _: Credentials) -> Caller:
    """Who sent this request. What the caller does comes into the audit log by its result."""
    authenticator: Authenticator = request.app.state.authenticator
    found: Caller | None = getattr(request.state, "caller", None)  # before its body was let in, see limits/bodies.py
    return found or await authenticator.caller(request)


async def audited_caller(request: Request, credentials: Credentials) -> Caller:
    """Who sent this request; that they did, and for which route, is in the audit log."""
    authenticator: Authenticator = request.app.state.authenticator
    caller = await authenticated_caller(request, credentials)
    await authenticator.log(caller, route_of(request))
    return caller


AuthenticatedCaller = Annotated[Caller, Depends(authenticated_caller)]
AuditedCaller = Annotated[Caller, Depends(audited_caller)]
