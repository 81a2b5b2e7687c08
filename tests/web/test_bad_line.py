"""Photos over a slow line that is cut, from a page that is closed: each arrives once, and little is sent again."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, expect
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from tests.api import service
from tests.api.posts.posting import Seeing, photo
from tests.api.service import opened

from fotopoort.api.app import create_app
from fotopoort.registry.access.roles import Act, KeyRole, console
from fotopoort.registry.people import people
from fotopoort.registry.people.people import PersonRecord

from .teacher import SLOWLY, begin, log_in
from .visitor import add

PHOTOS, BYTES = 10, 1_000_000
PART, AT_ONCE = 256 * 1024, 2  # as in page/upload.js
LINE = 4_000_000 // 8  # bytes a second
CUTS, CLOSED = 3, 1


class CountUploads:
    """Middleware that counts what arrives of uploads, in bytes: a browser tells of a cut line too late."""

    def __init__(self, app: ASGIApp, received: list[int]) -> None:
        self._app, self._received = app, received

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def counted() -> Message:
            message = await receive()
            self._received.append(len(message.get("body", b"")))
            return message

        is_upload = scope["type"] == "http" and scope["method"] == "PUT"
        await self._app(scope, counted if is_upload else receive, send)


@pytest.fixture
def received(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Bytes of uploads that reach the services that are opened from now on."""
    sizes: list[int] = []

    def counting(*arguments: Any, **given: Any) -> FastAPI:  # noqa: ANN401
        app = create_app(*arguments, **given)
        app.add_middleware(CountUploads, sizes)
        return app

    monkeypatch.setattr(service, "create_app", counting)
    return sizes


def test_each_photo_arrives_once_and_little_is_sent_again(
    browser: Browser, tmp_path: Path, received: list[int]
) -> None:
    context = browser.new_context(locale="nl-NL")
    screeners = Seeing()
    with opened(tmp_path / "data", screeners, {}) as door:
        with door.registry.write(console("school"), Act.IMPORT) as session:
            people.add(session, PersonRecord("noor", name="Noor Achternaam"), {"groep 5"})
        add(door.registry, "juf", KeyRole.TEACHER)
        origin = door.url.replace("127.0.0.1", "localhost")
        page = slow(context.new_page())
        log_in(page, origin, "juf")
        begin(page, "de website")
        page.locator('input[type="file"][multiple]').set_input_files(files(tmp_path))
        for _ in range(CUTS):
            page.wait_for_timeout(2_500)
            context.set_offline(True)
            page.wait_for_timeout(200)
            context.set_offline(False)
        address = page.url
        page.close()
        page = slow(context.new_page())
        page.goto(address)
        expect(page.get_by_role("heading", name=f"{PHOTOS} foto's")).to_be_visible()
        expect(page.locator(".progress")).to_have_count(0)
        expect(page.locator(".tile .outcomes")).to_have_text([re.compile(r"\w")] * PHOTOS)
        context.close()
    assert screeners.looked_at == PHOTOS
    again = sum(received) - PHOTOS * BYTES
    assert again >= 0, "what arrives is not counted"
    assert again <= (CUTS + CLOSED) * AT_ONCE * PART, f"{again} bytes were sent again"


def test_on_a_quick_line_parts_become_larger(browser: Browser, tmp_path: Path) -> None:
    parts: list[int] = []
    with opened(tmp_path / "data", Seeing(), {}) as door, browser.new_context(locale="nl-NL") as context:
        with door.registry.write(console("school"), Act.IMPORT) as session:
            people.add(session, PersonRecord("noor", name="Noor Achternaam"), {"groep 5"})
        add(door.registry, "juf", KeyRole.TEACHER)
        page = context.new_page()
        page.add_init_script("performance.now = () => 0")  # each part takes no time
        page.on("request", lambda it: parts.append(int(it.headers["upload-offset"])) if it.method == "PUT" else None)
        log_in(page, door.url.replace("127.0.0.1", "localhost"), "juf")
        begin(page, "de website")
        content = photo(1).ljust(20 * PART, b" ")
        page.locator('input[type="file"][multiple]').set_input_files(
            {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": content}
        )
        expect(page.locator(".tile .outcomes")).to_have_text(re.compile(r"\w"))
    assert parts == [0, PART, 3 * PART, 7 * PART, 15 * PART]


def slow(page: Page) -> Page:
    page.set_default_timeout(SLOWLY)
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    conditions = {"offline": False, "latency": 30, "downloadThroughput": -1, "uploadThroughput": LINE}
    line.send("Network.emulateNetworkConditions", conditions)
    return page


def files(folder: Path) -> list[str]:
    paths = []
    for number in range(PHOTOS):
        paths.append(folder / f"IMG_{number}.jpg")
        paths[-1].write_bytes(photo(1, number).ljust(BYTES, b" "))
    return [str(path) for path in paths]
