"""The pages, one module a subject: `login` first, then `start` (the teacher's page), `account`, `users` (the privacy
officer's), `invitations` and `class_list`.

Each makes an `APIRouter` of a `Site`; `routers` has them all. A route raises what goes wrong, and its `PageRoute`
makes a page of that; where it is about a field of a form, the form is shown again instead.
"""

from __future__ import annotations

from fastapi import APIRouter

from fotopoort.web.routes import account, class_list, invitations, login, start, users
from fotopoort.web.site import Site
from fotopoort.web.static_files import static_router


def routers(site: Site) -> list[APIRouter]:
    """All pages, and the files that belong to them."""
    parts = (login, start, account, users, invitations, class_list)
    return [*(part.router(site) for part in parts), static_router(site.static)]
