"""The way of a school from nothing to a teacher who logs in, in Debian's Chromium, without a script."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Literal

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from tests.waiting import PATIENCE

from fotopoort.registry.access import invitations
from fotopoort.registry.access.roles import Act, console
from fotopoort.resources import resource

from .visitor import OTHER_PASSWORD, PASSWORD, SCHOOL, School, code_for, school

WIDTHS = (320, 360, 1280)
ONE_ROW = 100  # pixels of a page's head, with the menu beside the name
CLASS_LIST = resource("fixtures/classlist.csv")
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    with school(tmp_path_factory.mktemp("school") / "data", has_list=False) as served:
        yield served


def fill(page: Page, **fields: str) -> None:
    for name, value in fields.items():
        page.locator(f'input[name="{name}"]').fill(value)


def check(page: Page, pictures: Path | None, name: str) -> None:
    """Nothing sticks out at any width, and every field has a label; pictures of it where a folder is given."""
    for field in page.locator("input:not([type=hidden]):not([hidden])").all():
        assert field.evaluate("field => field.labels.length > 0"), f"{name}: {field}"
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{name} is {wide} wide at {width}"
        if width == WIDTHS[-1]:
            assert page.locator("body > header").evaluate("header => header.offsetHeight") < ONE_ROW, name
        if pictures is not None:
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                page.screenshot(path=pictures / f"{name}-{width}-{scheme}.png", full_page=True)


def test_from_nothing_to_a_teacher_who_logs_in(served: School, browser: Browser) -> None:
    folder = Path(os.environ["PICTURES"]) if "PICTURES" in os.environ else None
    with served.registry.write(console(SCHOOL), Act.MANAGE_ACCOUNTS) as session:
        code, _ = invitations.invite_first(session)
    context = browser.new_context(java_script_enabled=False, locale="nl-NL")
    context.set_default_timeout(PATIENCE * 1000)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))

    page.goto(served.door.url)
    expect(page).to_have_url(re.compile("/setup$"))
    check(page, folder, "setup")
    fill(page, code=code, school="De Regenboog", name="Noor de Wit", login="noor@school.nl")
    fill(page, password=PASSWORD, again="x")
    page.get_by_role("button", name="Account maken").click()
    expect(page.get_by_role("alert")).to_be_focused()
    check(page, folder, "setup-mistake")
    page.get_by_role("alert").get_by_role("link").click()
    fill(page, password=PASSWORD, again=PASSWORD)
    page.get_by_role("button", name="Account maken").click()

    expect(page).to_have_url(re.compile(r"/login\?"))
    check(page, folder, "login")
    fill(page, login="noor@school.nl", password=PASSWORD)
    page.get_by_role("button", name="Inloggen").click()
    check(page, folder, "second-factor")
    page.get_by_role("button", name="Toon de QR-code").click()
    check(page, folder, "second-factor-code")
    secret = page.locator('input[name="secret"]').get_attribute("value")
    with Image.open(BytesIO(page.locator(".qr").screenshot())) as picture:
        (scanned,) = zxingcpp.read_barcodes(picture.convert("L"))
    assert scanned.text == f"otpauth://totp/Fotopoort:noor@school.nl?secret={secret}&issuer=Fotopoort"
    fill(page, code=code_for(secret or "", time.time()))
    page.get_by_role("button", name="Verder").click()
    expect(page.get_by_role("heading", name="Bewaar je herstelcodes")).to_be_visible()
    check(page, folder, "recovery-codes")
    page.get_by_role("link", name="Ik heb ze bewaard").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Klassenlijst")
    check(page, folder, "class-list")
    chosen = page.get_by_label("Bestand met de klassenlijst")
    chosen.set_input_files({"name": "klas.csv", "mimeType": "text/csv", "buffer": b"naam;groep\nNoor;5;6\n"})
    page.get_by_role("button", name="Lijst inlezen").click()
    expect(page.get_by_role("alert")).to_contain_text("Regel 2 van de klassenlijst heeft 3 cellen bij 2 kolommen.")
    check(page, folder, "class-list-mistake")
    page.get_by_role("link", name="Overslaan").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dag Noor de Wit")
    check(page, folder, "start")
    page.get_by_role("navigation").get_by_role("link", name="Klassenlijst").click()
    chosen.set_input_files(CLASS_LIST)
    page.get_by_role("button", name="Lijst inlezen").click()
    expect(page.get_by_role("status")).to_have_text("De lijst is ingelezen.")
    expect(page.get_by_role("definition").first).to_have_text("52")
    check(page, folder, "class-list-done")

    page.get_by_role("link", name="Leerkrachten toevoegen").click()
    check(page, folder, "users")
    fill(page, name="Sam van den Berg", login="sam@school.nl")
    page.get_by_label("leerkracht").check()
    page.get_by_label("groep 5").check()
    page.get_by_role("button", name="Toevoegen").click()
    check(page, folder, "link")
    link = page.locator("code").inner_text()
    page.get_by_role("link", name="Naar de gebruikers").click()
    page.get_by_role("link", name="Sam van den Berg").click()
    check(page, folder, "user")
    page.get_by_role("navigation").get_by_role("link", name="Je account").click()
    check(page, folder, "account")
    page.get_by_role("button", name="Uitloggen", exact=True).click()
    expect(page).to_have_url(re.compile("/login$"))

    page.goto(link)
    check(page, folder, "invitation")
    fill(page, password=OTHER_PASSWORD, again=OTHER_PASSWORD)
    page.get_by_role("button", name="Wachtwoord bewaren").click()
    fill(page, login="sam@school.nl", password="wrong")  # noqa: S106
    page.get_by_role("button", name="Inloggen").click()
    expect(page.get_by_role("alert")).to_contain_text("De naam of het wachtwoord klopt niet.")
    check(page, folder, "login-mistake")
    fill(page, password=OTHER_PASSWORD)
    page.get_by_role("button", name="Inloggen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dag Sam van den Berg")
    assert not page.get_by_role("link", name="Gebruikers").count()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hello Sam van den Berg")
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Log in")
    page.goto(f"{served.door.url}/account")
    expect(page).to_have_url(re.compile("/login"))
    page.goto(link)
    check(page, folder, "problem")
    assert [text for text in complaints if "Content Security Policy" in text or "Trusted" in text] == []
    context.close()
