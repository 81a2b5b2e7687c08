"""Debian's Chromium, driven by the tests; skipped where there is none, except in CI."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright
from tests.needed import lacking
from tests.waiting import PATIENCE

MILLISECONDS = 1000

expect.set_options(timeout=PATIENCE * MILLISECONDS)  # a busy machine takes its time

# All but the first two keep it from calling home: on a machine without a way out it would try at length.
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="module")  # Playwright has an event loop running as long as it is there
def browser() -> Iterator[Browser]:
    program = shutil.which("chromium")
    if program is None:
        lacking("chromium is not here (on Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=program, args=list(SWITCHES), timeout=PATIENCE * MILLISECONDS
        )
        yield started
        started.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Where a test opens its pages. By itself a browser gives up after 30 seconds, which a busy machine can take."""
    context = browser.new_context()
    context.set_default_timeout(PATIENCE * MILLISECONDS)
    yield context
    context.close()
