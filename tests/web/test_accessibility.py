"""The pages for everybody: the whole way by keys alone, found by roles and names as a screen reader tells them, and
looked at by axe in every state, language and theme."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from tests.api.service import Served, serving

from fotopoort.cli.registry_session import open_registry
from fotopoort.registry.access.roles import Act, KeyRole
from fotopoort.registry.lists import imports
from fotopoort.resources import resource
from fotopoort.settings import Settings
from fotopoort.web.sessions import COOKIE

from .teacher import COPIES, SLOWLY, log_in, with_copies
from .test_teacher_page import choose, expect_looked_at
from .visitor import PASSWORD, add, school

STOPS: Final = 120 + 12 * COPIES  # of Tab, until something is not there
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
COLOURS: Final = ["color-contrast"]  # all that another theme can change
TEXT: Final = "Sem en Fenna bouwen een toren."


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("school") / "data"
    with open_registry(Settings(data_folder=folder), make=True) as (registry, caller):
        with registry.write(caller, Act.IMPORT) as session:
            imports.apply(session, imports.plan(session, resource("fixtures/classlist.csv").read_bytes()))
        add(registry, "juf", KeyRole.TEACHER)
    with serving(folder, screeners=1) as service:
        yield service


@pytest.fixture
def origin(served: Served) -> str:
    return served.url.replace("127.0.0.1", "localhost")


class Keys:
    """Somebody without a mouse: whatever is used is reached with Tab first, and the focus is never lost."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, target: Locator, key: str = "Enter") -> None:
        self.reach(target)
        self.page.keyboard.press(key)

    def reach(self, target: Locator) -> None:
        expect(target).to_be_visible()
        for _ in range(STOPS):
            if target.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"no key leads to {target}")

    def check(self) -> None:
        """The focus is somewhere on the page."""
        self.page.wait_for_function("document.activeElement !== document.body")


def test_the_whole_way_by_keys_alone_with_all_found_by_role_and_name(
    browser: Browser, origin: str, samples: Path, tmp_path: Path
) -> None:
    photos = with_copies(samples, tmp_path, "20260312_101544.jpg", "IMG_2031.jpg")
    with browser.new_context(locale="nl-NL", viewport={"width": 1024, "height": 768}) as context:
        page = context.new_page()
        page.set_default_timeout(SLOWLY)
        keys = Keys(page)
        page.goto(f"{origin}/login")
        keys.reach(page.get_by_label("Inlognaam"))
        page.keyboard.type("juf")
        keys.reach(page.get_by_label("Wachtwoord"))
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")

        begin = page.get_by_role("main")
        keys.press(begin.get_by_role("checkbox", name="de website"), "Space")
        keys.press(begin.get_by_role("button", name="Begin"))
        expect(page.get_by_role("heading", level=1, name=re.compile("groep 5"))).to_be_focused()

        region = page.get_by_role("region", name="Foto's erbij")
        with page.expect_file_chooser() as chooser:
            keys.press(region.get_by_label("Kies foto's"))
        chooser.value.set_files([str(tmp_path / name) for name in photos])
        expect_looked_at(page, len(photos))
        keys.check()

        question = page.get_by_role("region", name=re.compile(r"^\d+ vra")).get_by_role("article").first
        names = question.get_by_role("group", name="Van wie tik je de gezichten aan?")
        keys.press(names.get_by_role("button", name="Kaan Demir"), "Space")
        keys.press(question.get_by_role("button", name=re.compile(r"^Gezicht 1 op foto 1\b")), "Space")
        tapped = question.get_by_role("button", name="Gezicht 1 op foto 1: Kaan Demir")
        expect(tapped).to_be_focused()
        keys.press(question.get_by_role("button", name="Verder niemand van dit lijstje"))
        expect(page.get_by_role("button", name="Verder niemand van dit lijstje")).to_have_count(0)
        keys.check()

        wall = page.get_by_role("region", name=f"{len(photos)} foto's")
        tile = wall.get_by_role("button", name=re.compile(r"^Open foto 2\b"))
        keys.press(tile)
        dialog = page.get_by_role("dialog", name="Foto 2")
        keys.press(dialog.get_by_role("button", name="Gezicht 1", exact=True))
        menu = dialog.get_by_role("region", name="Wie is dit?")
        expect(menu).to_be_focused()
        keys.reach(menu.get_by_role("searchbox", name="Zoek een naam"))
        page.keyboard.type("bram")
        keys.press(menu.get_by_role("button", name="Bram Willems"))
        expect(dialog.get_by_role("button", name="Gezicht 1: Bram Willems")).to_be_focused()
        keys.press(dialog.get_by_role("button", name="Bedek nog iets"))
        expect(dialog.get_by_role("application", name="Teken waar")).to_be_focused()
        for key in ("ArrowLeft", "Shift+ArrowRight", "Enter"):
            page.keyboard.press(key)
        expect(dialog.get_by_role("button", name="Bedek nog iets")).to_be_focused()
        keys.press(dialog.get_by_role("button", name="Vorige foto"))
        before = page.get_by_role("dialog", name="Foto 1")
        expect(before).to_be_visible()
        page.keyboard.press("Escape")
        expect(before).to_have_count(0)
        expect(tile).to_be_focused()

        keys.reach(page.get_by_role("textbox", name="Tekst bij de foto's"))
        page.keyboard.type(TEXT)
        page.keyboard.press("Tab")
        keys.press(page.get_by_role("button", name="Haal de namen weg"))
        expect(page.get_by_role("textbox", name="Tekst bij de foto's")).to_be_focused()

        with page.expect_download() as started:
            keys.press(
                page.get_by_role("region", name="Klaar om te plaatsen").get_by_role("link", name=re.compile("^Down"))
            )
        assert started.value.path().stat().st_size
        keys.press(page.get_by_role("button", name="Klaar", exact=True))
        keys.press(page.get_by_role("button", name="Ja, wis alles"))
        expect(page.get_by_text("De foto's zijn gewist")).to_be_focused()


@pytest.fixture
def looked_at(browser: Browser) -> Iterator[BrowserContext]:
    """A browser in which axe may put its script into a page."""
    with browser.new_context(
        bypass_csp=True, viewport={"width": 360, "height": 740}, reduced_motion="reduce"
    ) as context:
        yield context


def look(page: Page, state: str) -> None:
    """Nothing that axe finds is wrong, in either theme."""
    for theme, rules in (("light", {"type": "tag", "values": RULES}), ("dark", {"type": "rule", "values": COLOURS})):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        found: dict[str, Any] = Axe().run(page, options={"runOnly": rules, "resultTypes": ["violations"]}).response
        wrong = [(it["id"], [node["html"][:120] for node in it["nodes"]][:3]) for it in found["violations"]]
        assert not wrong, f"{state}, {theme}: {wrong}"


@pytest.mark.parametrize("language", ["nl", "en"])
def test_axe_finds_nothing_wrong(looked_at: BrowserContext, origin: str, samples: Path, language: str) -> None:
    page = looked_at.new_page()
    page.set_default_timeout(SLOWLY)
    looked_at.set_extra_http_headers({"Accept-Language": language})
    page.goto(f"{origin}/login")
    expect(page.locator("html")).to_have_attribute("lang", language)
    look(page, "login")
    log_in(page, origin, "juf")
    look(page, "begin")
    page.goto(f"{origin}/account")
    look(page, "account")
    page.goto(origin)
    page.get_by_label(re.compile("website")).check()
    page.locator("fp-app form button").click()
    choose(page, samples, "20260312_101544.jpg", "IMG_2045.jpg")
    expect(page.locator(".tile")).to_have_count(2)
    look(page, "photos being sent or looked at")
    expect_looked_at(page, 2)
    page.locator("textarea").fill(TEXT)
    page.locator("textarea").blur()
    expect(page.locator(".said-text u")).to_have_count(2)
    page.locator("button.face").first.click()
    expect(page.locator("button.face .said").first).to_be_visible()
    page.locator('input[type="file"][multiple]').set_input_files(
        {"name": "film.mp4", "mimeType": "video/mp4", "buffer": b"film"}
    )
    expect(page.locator(".refused")).to_be_visible()
    page.get_by_role("button", name=re.compile("^(Klaar|Done)$")).click()
    look(page, "questions, names in the text, a refused file, and the end")
    page.locator(".tile .thumb").first.click()
    dialog = page.locator("dialog")
    dialog.locator("button.face").first.click()
    look(page, "a photo with what can be said of a face")
    dialog.locator(".tools button").first.click()
    look(page, "drawing")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    page.locator(".note .danger").click()
    expect(page.locator(".done")).to_be_visible()
    look(page, "finished")


def test_axe_finds_nothing_wrong_on_the_officers_pages(looked_at: BrowserContext, tmp_path: Path) -> None:
    with school(tmp_path / "data") as served:
        officer = served.add("officer", KeyRole.PRIVACY_OFFICER)
        secret = served.logged_in(officer).secret or ""
        looked_at.add_cookies(
            [{"name": COOKIE, "value": secret, "url": served.door.url.replace("http:", "https:"), "secure": True}]
        )
        page = looked_at.new_page()
        page.set_default_timeout(SLOWLY)
        for path in ("/account", "/users", f"/users/{officer.id}", "/class-list"):
            answer = page.goto(f"{served.door.url}{path}")
            assert answer is not None
            assert answer.status == 200, path
            look(page, path)
