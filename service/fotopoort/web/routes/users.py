"""Accounts, as the privacy officer manages them: who can log in, as what, and with which link for a start."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from fotopoort.application.pages.days import spelled
from fotopoort.errors import AlreadyThere, BadRecord, NotFound, UnknownGroup
from fotopoort.registry.access import accounts, invitations
from fotopoort.registry.access.accounts import Account
from fotopoort.registry.access.login_sessions import Stage
from fotopoort.registry.access.roles import Act, KeyRole
from fotopoort.registry.people import groups as school_groups
from fotopoort.registry.registry import Session
from fotopoort.web.addresses import INVITATION, USERS
from fotopoort.web.forms import Form
from fotopoort.web.page_route import page_route
from fotopoort.web.sessions import Holder
from fotopoort.web.site import Site
from fotopoort.web.texts import ROLES

LIST_PAGE, USER_PAGE, LINK_PAGE = "users.html.j2", "user.html.j2", "link.html.j2"
USER: Final = f"{USERS}/{{account_id}}"
ACCOUNT_ID: Final = re.compile(r"[0-9a-f]{16}")
Change = Callable[[Session, str], None]
CHANGES: Final[dict[str, Change]] = {
    "disable": accounts.disable,
    "enable": accounts.enable,
}
LINKS: Final[dict[str, Callable[[Session, str], tuple[str, datetime]]]] = {
    "link": invitations.invite,
    "drop-second-factor": partial(invitations.reset, second_factor_too=True),  # with the password, for a lost phone
}


def router(site: Site) -> APIRouter:
    """The pages."""
    pages = APIRouter(route_class=page_route(site), include_in_schema=False)

    async def list_of(holder: Holder) -> dict[str, Any]:
        everybody, groups = await site.look_up(
            holder, Act.MANAGE_ACCOUNTS, lambda session: (accounts.accounts(session), school_groups.groups(session))
        )
        return {"users": everybody, "groups": groups}

    async def one_of(holder: Holder, account_id: str) -> dict[str, Any]:
        user, groups = await site.look_up(
            holder, Act.MANAGE_ACCOUNTS, lambda session: (_user(session, account_id), school_groups.groups(session))
        )
        return {"user": user, "groups": sorted({*groups, *user.groups}), "here": f"{USERS}/{user.id}"}

    async def link(request: Request, holder: Holder, user: Account, secret: str, until: datetime) -> Response:
        address = f"{site.origin_of(request)}{INVITATION}/{secret}"
        day = spelled(until.date(), site.language(request))
        return await site.page(request, LINK_PAGE, holder, user=user, link=address, until=day, here=USERS)

    @pages.get(USERS)
    async def users(request: Request) -> Response:
        holder = await site.holder(request, Stage.IN)
        return await site.page(request, LIST_PAGE, holder, **await list_of(holder))

    @pages.post(USERS)
    async def add(request: Request) -> Response:
        holder, form = await site.posted(request, Stage.IN)

        def work(session: Session) -> tuple[Account, tuple[str, datetime]]:
            role, groups = _role_and_groups(form)
            made = accounts.add(session, form["login"], form["name"], role, groups)
            return made, invitations.invite(session, made.id)

        try:
            user, (secret, until) = await site.write(holder, Act.MANAGE_ACCOUNTS, work)
        except (AlreadyThere, BadRecord, UnknownGroup) as error:
            return await site.refused(
                request, LIST_PAGE, error, _field(error, form), holder, form=form, **await list_of(holder)
            )
        return await link(request, holder, user, secret, until)

    @pages.get(USER)
    async def user_page(request: Request, account_id: str) -> Response:
        holder = await site.holder(request, Stage.IN)
        return await site.page(request, USER_PAGE, holder, **await one_of(holder, account_id))

    @pages.post(USER)
    async def change(request: Request, account_id: str) -> Response:
        holder, form = await site.posted(request, Stage.IN)

        def work(session: Session) -> None:
            role, groups = _role_and_groups(form)
            accounts.change(session, _user(session, account_id).id, form["name"], role, groups)

        try:
            await site.write(holder, Act.MANAGE_ACCOUNTS, work)
        except (BadRecord, UnknownGroup) as error:
            shown = await one_of(holder, account_id)
            return await site.refused(request, USER_PAGE, error, _field(error, form), holder, form=form, **shown)
        return site.go_to(USERS)

    def giving(make: Callable[[Session, str], tuple[str, datetime]]) -> Callable[[Request, str], Awaitable[Response]]:
        async def route(request: Request, account_id: str) -> Response:
            holder, _ = await site.posted(request, Stage.IN)
            try:
                user, (secret, until) = await site.write(
                    holder,
                    Act.MANAGE_ACCOUNTS,
                    lambda session: (_user(session, account_id), make(session, account_id)),
                )
            except BadRecord as error:  # it was disabled meanwhile
                return await site.refused(request, USER_PAGE, error, "", holder, **await one_of(holder, account_id))
            return await link(request, holder, user, secret, until)

        return route

    for name, make in LINKS.items():
        pages.add_api_route(f"{USER}/{name}", giving(make), methods=["POST"])
    for name, act in CHANGES.items():
        pages.add_api_route(f"{USER}/{name}", _changing(site, act, one_of), methods=["POST"])
    return pages


def _changing(
    site: Site, act: Change, one_of: Callable[[Holder, str], Awaitable[dict[str, Any]]]
) -> Callable[[Request, str], Awaitable[Response]]:
    async def route(request: Request, account_id: str) -> Response:
        holder, _ = await site.posted(request, Stage.IN)
        try:
            await site.write(holder, Act.MANAGE_ACCOUNTS, lambda session: act(session, _user(session, account_id).id))
        except BadRecord as error:  # nobody could manage the accounts any more
            return await site.refused(request, USER_PAGE, error, "", holder, **await one_of(holder, account_id))
        return site.go_to(f"{USERS}/{account_id}")

    return route


def _user(session: Session, account_id: str) -> Account:
    if not ACCOUNT_ID.fullmatch(account_id):
        raise NotFound
    return accounts.get(session, account_id)


def _role_and_groups(form: Form) -> tuple[KeyRole, list[str]]:
    """Groups are those that were ticked for a teacher; others have none, whatever is ticked."""
    role = KeyRole(form["role"]) if form["role"] in ROLES else KeyRole.MACHINE
    return role, form.all("group") if role is KeyRole.TEACHER else []


def _field(error: Exception, form: Form) -> str:
    """The field that an error is about, as far as that can be told."""
    if isinstance(error, UnknownGroup) or (form["role"] == KeyRole.TEACHER and not form.all("group")):
        return "group-1"
    if not form["name"].strip():
        return "name"
    return "login" if form["login"] and form["role"] in ROLES else "role"
