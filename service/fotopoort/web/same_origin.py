"""Whether a request comes from a page of ours, or from another site that had the browser send it (CSRF)."""

from __future__ import annotations

import hmac
from typing import Final

from starlette.requests import Request

from fotopoort.errors import CrossSite
from fotopoort.registry.access import login_sessions

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})  # change nothing, so anybody may have them sent
FROM_HERE: Final = frozenset({"same-origin", "none"})  # none: typed or reloaded by the person
HIDDEN: Final = "null"  # what a browser sends as Origin where it was told not to say it


class SameOrigin:
    """Refuses requests of other origins.

    Args:
        public_url: the origin under which people reach the service through a proxy; beside it, the host that a request
            was sent to counts as ours, which `KnownHosts` and TLS vouch for.
    """

    def __init__(self, public_url: str | None = None) -> None:
        self._public = {public_url} if public_url else set[str]()

    def require(self, request: Request) -> None:
        """Go on only with a request that a browser says is of ours, by Sec-Fetch-Site or else by Origin.

        Raises:
            CrossSite: it does not, or one of these names another origin.
        """
        ours = {f"{request.url.scheme}://{request.headers.get('host', '')}".lower(), *self._public}
        origins, sites = set(request.headers.getlist("origin")), set(request.headers.getlist("sec-fetch-site"))
        if sites:
            is_ours = sites <= FROM_HERE and origins <= {HIDDEN, *ours}
        else:
            is_ours = bool(origins) and origins <= ours
        if not is_ours:
            raise CrossSite


def require_token(secret: str, given: str) -> None:
    """Go on only where the request brings the token of its session, which only a page of ours can have read.

    Raises:
        CrossSite: it does not.
    """
    if not hmac.compare_digest(login_sessions.csrf_token(secret).encode(), given.encode(errors="replace")):
        raise CrossSite
