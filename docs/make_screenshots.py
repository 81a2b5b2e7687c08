"""Makes the pictures of `docs/teacher.nl.md` and README: the teacher's page of the made-up school, in both themes.

    python docs/make_screenshots.py

It starts `fotopoort serve --demo` and drives Debian's Chromium; it takes a minute. Everybody in the pictures is made
up, see `fixtures/PROVENANCE.md`.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Literal

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

PICTURES: Final = Path(__file__).parent / "pictures"
PHONE: Final = (390, 780)
DESKTOP: Final = (1120, 720)
QUALITY: Final = 80
PATIENCE: Final = 120_000  # milliseconds
THEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")


@contextmanager
def demo() -> Iterator[tuple[str, str]]:
    """The made-up school: its address, and the teacher's password."""
    command = [sys.executable, "-m", "fotopoort", "serve", "--demo", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as service:  # noqa: S603 - this program
        address = password = ""
        for line in service.stdout or ():
            address = found[0] if (found := re.search(r"http://\S+", line)) else address
            if found := re.match(r" +password +(\S+)", line):
                password = found[1]
                break  # the teacher comes first
        try:
            yield address, password
        finally:
            service.terminate()


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    with demo() as (address, password), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = opened(browser, PHONE, is_phone=True)
        log_in(page, address, password)
        page.get_by_label("de website").check()
        take(page, "begin")
        page.get_by_role("link", name="groep 5").click()
        expect(page.locator(".tile")).to_have_count(5)
        expect(page.locator(".progress")).to_have_count(0)
        post = page.url
        show(page, "#needs-you")
        take(page, "questions")
        show(page, "textarea")
        take(page, "text")
        page.locator(".tile button.thumb").nth(1).click()
        page.get_by_role("dialog").get_by_role("button", name="Gezicht 1", exact=True).click()
        page.get_by_role("dialog").get_by_role("searchbox").fill("kaan")
        page.get_by_role("heading", name="Wie is dit?").evaluate("element => element.scrollIntoView({block: 'center'})")
        take(page, "face")
        page.get_by_role("dialog").get_by_role("button", name="Kaan Demir").click()
        expect(page.get_by_role("button", name="Gezicht 1: Kaan Demir")).to_be_visible()
        page.keyboard.press("Escape")
        for answer in ("Verder niemand van dit lijstje", "Nee, niemand"):
            for button in page.get_by_role("button", name=answer).all():
                button.click()
                expect(button).to_have_count(0)
        expect(page.get_by_text("worden gemaakt")).to_have_count(0)
        show(page, "#wall")
        take(page, "ready")

        wide = opened(browser, DESKTOP, is_phone=False)
        log_in(wide, address, password)
        wide.goto(post)
        wide.locator(".tile button.thumb").nth(1).click()
        dialog = wide.get_by_role("dialog")
        dialog.get_by_role("button", name="Bekijk het resultaat").nth(1).click()
        dialog.get_by_role("slider").scroll_into_view_if_needed()
        take(wide, "photo")
        browser.close()


def opened(browser: Browser, size: tuple[int, int], *, is_phone: bool) -> Page:
    width, height = size
    page = browser.new_page(
        locale="nl-NL",
        viewport={"width": width, "height": height},
        is_mobile=is_phone,
        has_touch=is_phone,
        device_scale_factor=1.5 if is_phone else 1,
    )
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    return page


def log_in(page: Page, address: str, password: str) -> None:
    page.goto(f"{address}/login")
    page.locator('input[name="login"]').fill("leerkracht")
    page.locator('input[name="password"]').fill(password)
    page.locator("main button").first.click()
    expect(page.locator("fp-app h1")).to_be_visible()


def show(page: Page, place: str) -> None:
    """Scroll to something, below what stays at the top."""
    page.locator(place).evaluate("element => scrollTo(0, element.getBoundingClientRect().top + scrollY - 60)")


def take(page: Page, name: str) -> None:
    """One picture in each theme, of what is in the window."""
    page.evaluate("document.activeElement.blur()")
    for theme in THEMES:
        page.emulate_media(color_scheme=theme)
        page.wait_for_timeout(500)  # pictures fade in
        with Image.open(io.BytesIO(page.screenshot())) as shot:
            shot.convert("RGB").save(PICTURES / f"{name}-{theme}.webp", quality=QUALITY, method=6)
    page.emulate_media(color_scheme="light")


if __name__ == "__main__":
    main()
