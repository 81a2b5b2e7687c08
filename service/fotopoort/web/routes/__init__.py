"""The pages, one module a subject: `login` first, then `start` (the teacher's page), `account`, `users` (the privacy
officer's), `invitations` and `class_list`.

Each makes an `APIRouter` of a `Site`; `router` puts them together. A route raises what goes wrong, and its `PageRoute`
makes a page of that; where it is about a field of a form, the form is shown again instead.
"""

from __future__ import annotations

from fastapi import APIRouter

from fotopoort.web.routes import account, class_list, invitations, login, start, users
from fotopoort.web.site import Site
from fotopoort.web.static_files import static_router


def router(site: Site) -> APIRouter:
    """All pages, and the files that belong to them."""
    pages = APIRouter(include_in_schema=False)
    for part in (login, start, account, users, invitations, class_list):
        pages.include_router(part.router(site))
    pages.include_router(static_router(site.static))
    return pages
