"""What a teacher does in a browser before the first photo."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import Final

from benchmarks.service import another
from playwright.sync_api import Page, Route, expect
from tests.waiting import PATIENCE

from .visitor import PASSWORD

SLOWLY: Final = PATIENCE * 1000  # milliseconds
COPIES: Final = int(os.environ.get("COPIES", "0"))  # of one photo, beside those of a test: a post of 40 takes minutes
COPIED: Final = "IMG_2031.jpg"


def with_copies(samples: Path, folder: Path, *names: str) -> list[str]:
    """Put these photos, and the copies, into a folder. Returns the names of all."""
    for name in names:
        shutil.copy(samples / name, folder)
    copies = [f"kopie-{number}.jpg" for number in range(COPIES)]
    for number, name in enumerate(copies):
        (folder / name).write_bytes(another((samples / COPIED).read_bytes(), number))
    return [*names, *copies]


def log_in(page: Page, origin: str, login: str) -> None:
    page.set_default_timeout(SLOWLY)
    page.goto(f"{origin}/login")
    fill_in(page, login)
    expect(page.locator("fp-app h1")).to_be_visible()


def fill_in(page: Page, login: str) -> None:
    """Log in on the page that asks for it."""
    page.locator('input[name="login"]').fill(login)
    page.locator('input[name="password"]').fill(PASSWORD)
    page.locator("main button").first.click()


def begin(page: Page, *channels: str) -> None:
    expect(page.get_by_label("groep 5")).to_be_checked()  # the only one
    for channel in channels:
        page.get_by_label(channel).check()
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("groep 5")


def lose_first_answer(page: Page, address: str | re.Pattern[str]) -> list[str]:
    """The first change at such an address is made, and nobody is told. Returns where to each was sent, as they come."""
    sent: list[str] = []

    def is_lost(route: Route) -> None:
        if not sent:
            route.fetch()
        sent.append(route.request.url)
        if len(sent) == 1:
            route.abort()
        else:
            route.continue_()

    page.route(address, is_lost)
    return sent
