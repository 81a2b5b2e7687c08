"""The style sheet of all pages, under an address that changes with its content, so that browsers may keep it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

SOURCE: Final = Path(__file__).parent / "templates" / "pages.css"
HASH_CHARACTERS: Final = 16
A_YEAR: Final = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Stylesheet:
    """A style sheet and its address."""

    content: bytes
    address: str


def load() -> Stylesheet:
    """The style sheet that comes with the package."""
    content = SOURCE.read_bytes()
    return Stylesheet(content, f"/static/pages-{hashlib.sha256(content).hexdigest()[:HASH_CHARACTERS]}.css")


def stylesheet_router(stylesheet: Stylesheet) -> APIRouter:
    """Its route."""
    router = APIRouter(include_in_schema=False)

    @router.get(stylesheet.address)
    async def style() -> Response:
        return Response(stylesheet.content, media_type="text/css", headers={"Cache-Control": A_YEAR})

    return router
