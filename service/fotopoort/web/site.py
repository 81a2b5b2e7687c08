"""What all pages share: the school, who is logged in, and how a page is made and answered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from typing import Final, TypeVar

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from fotopoort.application import html_page
from fotopoort.errors import Forbidden, FotopoortError, NotFound, RegistryError, TooManyAttempts
from fotopoort.registry.access import accounts, setup
from fotopoort.registry.access.login_guard import LoginGuard
from fotopoort.registry.access.login_sessions import Lifetime, Stage
from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.registry import Registry, Session
from fotopoort.settings import Settings
from fotopoort.vocabulary import Language, Text
from fotopoort.web import forms, sessions, static_files
from fotopoort.web.addresses import CODE, ENROL, HOME, LOGIN, local_path, page_address
from fotopoort.web.forms import Form
from fotopoort.web.language import language_of_page
from fotopoort.web.same_origin import SameOrigin, require_token
from fotopoort.web.sessions import Holder, Sessions
from fotopoort.web.texts import NO_PAGE, NOT_FOR_YOU, ROLES, TEXTS
from fotopoort.web.work_threads import WorkThreads

Result = TypeVar("Result")

MAX_ADDRESS: Final = 100  # characters; they are remembered for a day
LANGUAGE_COOKIE: Final = "__Host-fotopoort-language"
PAGE_OF_STAGE: Final = {Stage.CODE: CODE, Stage.ENROL: ENROL, Stage.IN: HOME}
POLICY: Final = (
    "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "require-trusted-types-for 'script'"
)
HEADERS: Final = {
    "Content-Security-Policy": f"{POLICY}; trusted-types 'none'",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # with none, older browsers would not say where a form is from
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class GoTo(Exception):
    """The person must do something else first, on the page at this address.

    Args:
        forget: have the browser forget its session, which is over.
    """

    def __init__(self, address: str, *, forget: bool = False) -> None:
        self.address, self.forget = address, forget
        super().__init__()


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with what was filled in.

    Attributes:
        field: the field of the form that it is about; empty: none of them alone.
    """

    message: str
    hint: str
    field: str = ""


class Site:
    """The pages of one school.

    Args:
        clock: seconds that never go back, for how long somebody who guesses has to wait.
    """

    def __init__(self, registry: Registry, settings: Settings, clock: Callable[[], float]) -> None:
        self.registry, self.tenant, self.public_url = registry, settings.tenant, settings.public_url
        lifetime = Lifetime(timedelta(minutes=settings.session_idle_minutes), timedelta(hours=settings.session_hours))
        self.max_bytes = settings.max_bytes  # of a photo
        self.guard, self.threads, self.same_origin = LoginGuard(clock), WorkThreads(), SameOrigin(settings.public_url)
        self.sessions = Sessions(registry, settings.tenant, lifetime, self.same_origin)
        self.static = static_files.load()
        self._templates = html_page.environment("fotopoort.web", {})
        self._was_set_up = False

    # --- who asks -----------------------------------------------------------------------------------------

    async def holder(self, request: Request, *stages: Stage) -> Holder:
        """Who is logged in, as far as one of these stages.

        Raises:
            GoTo: nobody is, or they must do something else first.
            RegistryUnavailable: the database does not answer.
        """
        holder = await self.sessions.holder(request)
        goal = local_path(request.query_params.get("next", request.url.path))
        if holder is None:
            raise GoTo(page_address(LOGIN, goal), forget=sessions.is_sent(request))
        if holder.stage not in stages:
            raise GoTo(goal if holder.stage is Stage.IN else page_address(PAGE_OF_STAGE[holder.stage], goal))
        return holder

    async def posted(self, request: Request, *stages: Stage, max_file_bytes: int = 0) -> tuple[Holder, Form]:
        """The same for a form that they sent, from a page of ours.

        Raises:
            CrossSite: it may be of another site.
            BadForm, TooLarge, RefusedBody: it cannot be read.
        """
        self.same_origin.require(request)
        form = await forms.read(request, max_file_bytes)  # first: who they are once it came counts, not who they were
        holder = await self.holder(request, *stages)
        require_token(holder.secret, form["token"])
        return holder, form

    async def posted_by_visitor(self, request: Request) -> Form:
        """A form of somebody who has not logged in, from a page of ours.

        Raises:
            CrossSite: it may be of another site.
            BadForm, RefusedBody: it cannot be read.
        """
        self.same_origin.require(request)
        return await forms.read(request)

    def address_of(self, request: Request) -> str:
        """The address of somebody's machine: as the proxy in front says, where there is one."""
        forwarded = ",".join(request.headers.getlist("x-forwarded-for")) if self.public_url else ""
        last = forwarded.rpartition(",")[2].strip()[:MAX_ADDRESS]
        peer = request.client.host if request.client else ""
        for address in (last, last.rpartition(":")[0].strip("[]")):  # some proxies tell the port as well
            with suppress(ValueError):
                return str(ip_address(address))
        return peer

    def origin_of(self, request: Request) -> str:
        """What links to these pages begin with."""
        return self.public_url or f"{request.url.scheme}://{request.headers.get('host', '')}"

    # --- the registry -------------------------------------------------------------------------------------

    async def read(self, work: Callable[[Session], Result]) -> Result:
        """The result of work that reads what anybody may know who has an address of one of the pages.

        Raises:
            RegistryUnavailable: the database does not answer.
        """

        def in_transaction() -> Result:
            with self.registry.visit(self.tenant, writes=False) as session:
                return work(session)

        return await asyncio.to_thread(in_transaction)

    async def write(self, holder: Holder, act: Act, work: Callable[[Session], Result]) -> Result:
        """The result of work in one transaction, on behalf of who is logged in.

        Raises:
            Forbidden: they may not do this.
            FotopoortError: whatever the work raises; nothing is changed then.
        """
        return await self._transact(self.registry.write, holder, act, work)

    async def look_up(self, holder: Holder, act: Act, work: Callable[[Session], Result]) -> Result:
        """The same for work that changes nothing."""
        return await self._transact(self.registry.read, holder, act, work)

    async def _transact(
        self,
        transaction: Callable[[Caller, Act], AbstractContextManager[Session]],
        holder: Holder,
        act: Act,
        work: Callable[[Session], Result],
    ) -> Result:
        def in_transaction() -> Result:
            with transaction(holder.account.caller(self.tenant), act) as session:
                return work(session)

        return await self.threads.run(in_transaction)

    async def is_set_up(self) -> bool:
        """Whether there is an account. Once there is, there always will be."""
        self._was_set_up = self._was_set_up or await self.read(accounts.are_there)
        return self._was_set_up

    # --- what is answered ---------------------------------------------------------------------------------

    async def page(
        self, request: Request, template: str, holder: Holder | None = None, *, status: int = 200, **values: object
    ) -> Response:
        """A page.

        Args:
            values: what its template has a place for, beside what all of them have.
        """
        language = self.language(request)
        say = {key: f"{text:{language}}" for key, text in TEXTS.items()}
        base = {
            "say": say,
            "language": language.value,
            "roles": {role.value: f"{label:{language}}" for role, label in ROLES.items()},
            "style": self.static.stylesheet,
            "school": await self._school(),
            "here": request.url.path,
            "next": local_path(request.query_params.get("next", HOME)),
            "person": holder.account if holder is not None and holder.stage is Stage.IN else None,
            "manages": holder is not None and holder.account.caller(self.tenant).may(Act.MANAGE_ACCOUNTS),
            "imports": holder is not None and holder.account.caller(self.tenant).may(Act.IMPORT),
            "token": holder.csrf_token if holder is not None else "",
            "problem": None,
            "form": Form(),
        }
        content = self._templates.get_template(template).render(base | values)
        return HTMLResponse(content, status, {"Content-Language": language.value, "Vary": "Accept-Language, Cookie"})

    async def refused(
        self,
        request: Request,
        template: str,
        error: FotopoortError,
        field: str,
        holder: Holder | None = None,
        **values: object,
    ) -> Response:
        """A page with a form that was filled in wrong.

        Args:
            field: that the error is about.
        """
        problem = self.problem(request, error, field)
        return self._with_wait(
            error, await self.page(request, template, holder, status=_status(error), problem=problem, **values)
        )

    async def error_page(self, request: Request, error: FotopoortError) -> Response:
        """A page that says what went wrong, and nothing else."""
        holder = None
        if not isinstance(error, RegistryError):
            holder = await self.sessions.holder(request)
        about = self.problem(request, error)
        page = await self.page(request, "problem.html.j2", holder, status=_status(error), about=about, here=HOME)
        page.headers.update(HEADERS)  # where no route of ours answers, too
        return self._with_wait(error, page)

    def problem(self, request: Request, error: FotopoortError, field: str = "") -> Problem:
        """What is wrong, in the person's language."""
        language, (message, hint) = self.language(request), _told(error)
        return Problem(f"{message:{language}}", f"{hint:{language}}", field)

    def go_to(self, address: str, secret: str | None = None) -> Response:
        """Send the browser on.

        Args:
            secret: what it is to hold from now on; None: what it holds.
        """
        response = RedirectResponse(address, 303)
        if secret is not None:
            sessions.give(response, secret)
        return response

    def language(self, request: Request) -> Language:
        """The language that somebody reads the pages in."""
        accepted = ",".join(request.headers.getlist("accept-language"))
        return language_of_page(accepted, request.cookies.get(LANGUAGE_COOKIE))

    async def _school(self) -> str:
        """The school's name; nothing as long as it has none, or cannot be read."""
        try:
            name = await self.read(setup.school_name)
        except FotopoortError:
            return ""
        return "" if name == self.tenant else name

    def _with_wait(self, error: FotopoortError, response: Response) -> Response:
        if isinstance(error, TooManyAttempts):
            response.headers["Retry-After"] = str(error.seconds)
        return response


def _status(error: FotopoortError) -> int:
    """As the error has it; but 401 asks a browser for a way to log in that there is not."""
    return 403 if error.http_status == 401 else error.http_status


def _told(error: FotopoortError) -> tuple[Text, Text]:
    """An error that speaks of keys and screenings, for somebody who looks at a page."""
    if type(error) is Forbidden:
        return NOT_FOR_YOU
    if isinstance(error, NotFound):
        return NO_PAGE
    return error.message, error.hint
