"""What a teacher does in a browser before the first photo."""

from __future__ import annotations

from typing import Final

from playwright.sync_api import Page, expect
from tests.waiting import PATIENCE

from .visitor import PASSWORD

SLOWLY: Final = PATIENCE * 1000  # milliseconds


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
