"""Makes the pictures of `docs/teacher.nl.md` and README: the teacher's page of the made-up school, in both themes.

    python docs/make_screenshots.py

It starts `fotopoort serve --demo` and drives Debian's Chromium; it takes a minute. Everybody in the pictures is made
up, see `fixtures/PROVENANCE.md`.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Literal

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright
from tests.web.visitor import PASSWORD, code_for

from fotopoort.resources import resource

PICTURES: Final = Path(__file__).parent / "pictures"
PHONE: Final = (390, 780)
DESKTOP: Final = (1120, 720)
QUALITY: Final = 80
PATIENCE: Final = 600_000  # milliseconds
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
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        with demo() as (address, password):
            page = opened(browser, PHONE, is_phone=True)
            log_in(page, address, password)
            post = questions(page)
            wide = opened(browser, DESKTOP, is_phone=False)
            log_in(wide, address, password)
            one_photo(wide, post)
            out(page)
            coming_in(page)
        with tempfile.TemporaryDirectory() as empty:
            setting_up(opened(browser, PHONE, is_phone=True), Path(empty))
        browser.close()


def questions(page: Page) -> str:
    """From the first page to the faces and the text. Returns the address of the post."""
    page.get_by_label("de website").check()
    page.get_by_label("Facebook").check()
    take(page, "begin")
    page.get_by_role("link", name="groep 5").click()
    expect(page.locator(".tile")).to_have_count(5)
    expect(page.locator(".progress")).to_have_count(0)
    show(page, "#needs-you")
    take(page, "questions")
    page.get_by_role("button", name=re.compile("^Gezicht 1 op foto")).first.click()
    expect(page.get_by_role("button", name=re.compile("^Gezicht 1 op foto .*:")).first).to_be_visible()
    show(page, ".names")
    take(page, "strip")
    show(page, "textarea")
    take(page, "text")
    post = page.url
    page.locator(".tile button.thumb").nth(1).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Gezicht 1", exact=True).click()
    dialog.get_by_role("searchbox").fill("kaan")
    page.get_by_role("heading", name="Wie is dit?").evaluate("element => element.scrollIntoView({block: 'center'})")
    take(page, "face")
    dialog.get_by_role("button", name="Kaan Demir").click()
    expect(page.get_by_role("button", name="Gezicht 1: Kaan Demir")).to_be_visible()
    page.keyboard.press("Escape")
    for answer in ("Verder niemand van dit lijstje", "Nee, niemand"):
        for button in page.get_by_role("button", name=answer).all():
            button.click()
            expect(button).to_have_count(0)
    expect(page.get_by_text(re.compile("nog .* gemaakt", re.IGNORECASE))).to_have_count(0)
    return post


def one_photo(page: Page, post: str) -> None:
    """A photo from near by: beside what becomes of it, and while something is covered in it."""
    page.goto(post)
    page.locator(".tile button.thumb").nth(1).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Bekijk het resultaat").nth(1).click()
    dialog.get_by_role("slider").fill("8")  # to the left of what is covered
    dialog.get_by_role("slider").scroll_into_view_if_needed()
    take(page, "photo")
    dialog.get_by_role("button", name="Bedek nog iets").click()
    picture = dialog.locator("svg.picture")
    left, top, width, height = picture.evaluate("it => Object.values(it.getBoundingClientRect().toJSON()).slice(0, 4)")
    page.mouse.move(left + 0.71 * width, top + 0.1 * height)
    page.mouse.down()
    page.mouse.move(left + 0.9 * width, top + 0.32 * height)
    take(page, "drawing", points_at_nothing=False)
    page.mouse.up()
    page.close()


def out(page: Page) -> None:
    """What is ready, taken away, and the end."""
    show(page, "#wall")
    take(page, "ready")
    expect(page.get_by_text(re.compile("nog .* gemaakt", re.IGNORECASE))).to_have_count(0)
    show(page, "#out")
    take(page, "out")
    page.get_by_role("button", name="Klaar", exact=True).click()
    page.get_by_role("button", name="Ja, wis alles").click()
    expect(page.locator(".done")).to_be_visible()
    page.evaluate("scrollTo(0, 0)")
    take(page, "finished")


def coming_in(page: Page) -> None:
    """A post without photos, and photos on their way, over a line that is as slow as a phone's."""
    page.get_by_role("link", name="Alle berichten").click()
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_text("Kies foto's")).to_be_visible()
    take(page, "empty")
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    slow = {"offline": False, "latency": 30, "downloadThroughput": -1, "uploadThroughput": 40_000}
    line.send("Network.emulateNetworkConditions", slow)
    samples = [resource(f"fixtures/demo/{name}") for name in ("IMG_2031.jpg", "IMG_2040.jpg", "IMG_2066.jpg")]
    page.locator('input[type="file"][multiple]').set_input_files([str(sample) for sample in samples])
    expect(page.locator(".tile")).to_have_count(2)
    page.wait_for_timeout(1500)
    take(page, "uploading")


def setting_up(page: Page, folder: Path) -> None:
    """The first start: the setup page, and the class list behind it."""
    settings = {"FOTOPOORT_DATA_FOLDER": str(folder), "FOTOPOORT_PORT": "0"}
    command = [sys.executable, "-m", "fotopoort", "serve"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=os.environ | settings) as service:  # noqa: S603
        address = ""
        for said in service.stderr or ():
            if found := re.search(r"listens on (http://\S+)", said):
                address = found[1].replace("127.0.0.1", "localhost")
                break
        try:
            page.goto(address)
            code = (folder / "setup-code.txt").read_text(encoding="ascii").strip()
            for name, value in {"code": code, "school": "De Regenboog", "name": "Noor de Wit", "login": "noor"}.items():
                page.locator(f'input[name="{name}"]').fill(value)
            page.evaluate("scrollTo(0, 0)")
            take(page, "setup")
            for name in ("password", "again"):
                page.locator(f'input[name="{name}"]').fill(PASSWORD)
            page.get_by_role("button", name="Account maken").click()
            page.locator('input[name="login"]').fill("noor")
            page.locator('input[name="password"]').fill(PASSWORD)
            take(page, "login")
            page.get_by_role("button", name="Inloggen").click()
            page.get_by_role("button", name="Toon de QR-code").click()
            secret = page.locator('input[name="secret"]').get_attribute("value") or ""
            page.locator('input[name="code"]').fill(code_for(secret, time.time()))
            page.get_by_role("button", name="Verder").click()
            page.get_by_role("link", name="Ik heb ze bewaard").click()
            expect(page.get_by_role("heading", level=1)).to_have_text("Klassenlijst")
            take(page, "class-list")
        finally:
            service.terminate()


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
    page.locator(place).first.evaluate("element => scrollTo(0, element.getBoundingClientRect().top + scrollY - 60)")


def take(page: Page, name: str, *, points_at_nothing: bool = True) -> None:
    """One picture in each theme, of what is in the window."""
    page.evaluate("document.activeElement.blur()")
    if points_at_nothing:
        page.mouse.move(0, 0)
    for theme in THEMES:
        page.emulate_media(color_scheme=theme)
        page.wait_for_timeout(500)  # pictures fade in
        with Image.open(io.BytesIO(page.screenshot())) as shot:
            shot.convert("RGB").save(PICTURES / f"{name}-{theme}.webp", quality=QUALITY, method=6)
    page.emulate_media(color_scheme="light")


if __name__ == "__main__":
    main()
