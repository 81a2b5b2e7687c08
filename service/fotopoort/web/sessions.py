"""Who is logged in in the browser that a request comes from: the cookie, and the session that it names."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from fotopoort.errors import NotLoggedIn, RegistryUnavailable
from fotopoort.registry.access import login_sessions
from fotopoort.registry.access.accounts import Account
from fotopoort.registry.access.login_sessions import Lifetime, LoginSession, Stage
from fotopoort.registry.access.roles import Caller
from fotopoort.registry.registry import Registry
from fotopoort.web.same_origin import SAFE_METHODS, SameOrigin, require_token

COOKIE: Final = "__Host-fotopoort"  # the prefix: no other host can have set it, and it goes nowhere else
CSRF_HEADER: Final = "X-CSRF-Token"


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody in whose browser a session is.

    Attributes:
        secret: what their browser holds.
    """

    secret: str = field(repr=False)
    session: LoginSession

    @property
    def account(self) -> Account:
        return self.session.account

    @property
    def stage(self) -> Stage:
        return self.session.stage

    @property
    def csrf_token(self) -> str:
        """What each of their forms sends along."""
        return login_sessions.csrf_token(self.secret)


class Sessions:
    """Finds sessions of one school.

    Args:
        tenant: the school; cookies of another one name no session here.
    """

    def __init__(self, registry: Registry, tenant: str, lifetime: Lifetime, same_origin: SameOrigin) -> None:
        self._registry, self._tenant, self._lifetime = registry, tenant, lifetime
        self._same_origin = same_origin

    async def holder(self, request: Request) -> Holder | None:
        """Whose session the request's cookie names; None: nobody's, or it is over. It is recorded that it is in use.

        Raises:
            RegistryUnavailable: the database does not answer.
        """
        secret = request.cookies.get(COOKIE)
        return await asyncio.to_thread(self._find, secret) if secret else None

    async def of_secret(self, secret: str) -> Holder:
        """Whose session this is, that was started just now.

        Raises:
            NotLoggedIn: it was ended already.
            RegistryUnavailable: the database does not answer.
        """
        holder = await asyncio.to_thread(self._find, secret)
        if holder is None:
            raise NotLoggedIn
        return holder

    async def caller(self, request: Request) -> Caller:
        """The caller of the API who is logged in in this browser. What changes anything must come from a page of ours.

        Raises:
            NotLoggedIn: nobody is, or they have not given everything yet that logging in takes.
            CrossSite: another site may have had it sent.
            RegistryUnavailable: the database does not answer.
        """
        holder = await self.holder(request)
        if holder is None or holder.stage is not Stage.IN:
            raise NotLoggedIn
        if request.method not in SAFE_METHODS:
            self._same_origin.require(request)
            require_token(holder.secret, request.headers.get(CSRF_HEADER, ""))
        return holder.account.caller(self._tenant)

    def _find(self, secret: str) -> Holder | None:
        now = self._registry.clock()
        try:
            found = login_sessions.find(self._registry.database, self._tenant, secret, now, self._lifetime)
        except NotLoggedIn:
            return None
        if found.needs_touch:
            with suppress(RegistryUnavailable):  # it only ends earlier, then
                with self._registry.visit(self._tenant) as session:
                    login_sessions.touch(session, found)
        return Holder(secret, found)


def is_sent(request: Request) -> bool:
    """Whether the request's browser holds a session, or did."""
    return COOKIE in request.cookies


def give(response: Response, secret: str) -> None:
    """Have the browser hold this until it is closed, in place of what it held."""
    response.set_cookie(COOKIE, secret, path="/", secure=True, httponly=True, samesite="lax")


def take_away(response: Response, *, all_data: bool = False) -> None:
    """Have the browser forget its session.

    Args:
        all_data: and all else that it keeps of these pages, such as photos that were on their way.
    """
    if all_data:
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
    response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")
