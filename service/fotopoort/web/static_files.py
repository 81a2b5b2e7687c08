"""The style sheet and the modules of the pages, under addresses that change with their content, so that browsers may
keep them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.responses import Response

PACKAGE: Final = Path(__file__).parent
STYLESHEET: Final = PACKAGE / "templates" / "pages.css"
PAGE: Final = PACKAGE / "page"  # of the teacher's page, whose modules import each other by name
KINDS: Final = {".js": "text/javascript", ".svg": "image/svg+xml"}
HASH_CHARACTERS: Final = 16
NOTHING: Final = {"Content-Security-Policy": "default-src 'none'"}  # is loaded or run by a file by itself
A_YEAR: Final = {"Cache-Control": "public, max-age=31536000, immutable"}


@dataclass(frozen=True, slots=True)
class StaticFiles:
    """The files and their addresses.

    Attributes:
        stylesheet: the address of the style sheet of all pages.
        page: the address of the folder of the teacher's page.
        files: by address, with their media type.
    """

    stylesheet: str
    page: str
    files: dict[str, tuple[bytes, str]]


def load() -> StaticFiles:
    """The files that come with the package."""
    style = STYLESHEET.read_bytes() + (PAGE / "page.css").read_bytes()  # one request less
    stylesheet = f"/static/pages-{_digest(style)}.css"
    modules = {path.name: path.read_bytes() for path in sorted(PAGE.iterdir()) if path.suffix in KINDS}
    page = f"/static/page-{_digest(b''.join(modules.values()))}"
    files = {f"{page}/{name}": (content, KINDS[Path(name).suffix]) for name, content in modules.items()}
    return StaticFiles(stylesheet, page, {**files, stylesheet: (style, "text/css")})


def static_router(static: StaticFiles) -> APIRouter:
    """Their route."""
    router = APIRouter(include_in_schema=False)

    @router.get("/static/{path:path}")
    async def file(path: str) -> Response:
        content, kind = static.files.get(f"/static/{path}", (b"", ""))
        if not kind:
            raise HTTPException(404)
        return Response(content, media_type=kind, headers=A_YEAR | NOTHING)

    return router


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:HASH_CHARACTERS]
