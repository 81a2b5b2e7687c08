"""The teacher's page in a browser, with the real server and the real models: from photos to what may be published."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Position, Route, expect
from tests.api.service import Served, serving

from fotopoort.cli.registry_session import open_registry
from fotopoort.registry.access.roles import Act, KeyRole
from fotopoort.registry.lists import imports
from fotopoort.resources import resource
from fotopoort.settings import Settings
from fotopoort.web.sessions import COOKIE

from .teacher import begin, fill_in, log_in, lose_first_answer, with_copies
from .visitor import add

# A phone, a tablet and a desk: the window, and how many of PHOTOS.
SIZES = [(360, 740, 3), (768, 1024, 2), (1440, 900, 2)]
STORED = """new Promise((resolve) => {
    const opening = indexedDB.open("fotopoort");
    opening.onsuccess = () => {
        const counting = opening.result.transaction("photos").objectStore("photos").count();  // after all writing
        counting.onsuccess = () => { opening.result.close(); resolve(counting.result); };
    };
})"""
PHOTOS = ("20260312_101544.jpg", "IMG_2031.jpg", "IMG_2071.HEIC")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The school of the made-up class list, with a teacher of groep 5."""
    folder = tmp_path_factory.mktemp("school") / "data"
    with open_registry(Settings(data_folder=folder), make=True) as (registry, caller):
        with registry.write(caller, Act.IMPORT) as session:
            imports.apply(session, imports.plan(session, resource("fixtures/classlist.csv").read_bytes()))
        add(registry, "juf", KeyRole.TEACHER, name="Juf <b>Anna</b>")
        add(registry, "meester", KeyRole.TEACHER)
    with serving(folder, screeners=2) as service:
        assert service.url
        yield service


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser of somebody who reads Dutch."""
    context = browser.new_context(locale="nl-NL")
    yield context
    context.close()


@dataclass
class Watched:
    """A page, with what it asked for and what it complained of."""

    page: Page
    origin: str
    messages: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def listen(self) -> None:
        self.page.on("console", lambda message: self.messages.append(message.text))
        self.page.on("pageerror", lambda error: self.messages.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))

    def check(self) -> None:
        """Nothing went wrong, and nothing left this server."""
        assert not self.messages
        assert not [address for address in self.requests if not address.startswith((self.origin, "blob:", "data:"))]


@pytest.fixture
def watched(context: BrowserContext, served: Served) -> Iterator[Watched]:
    page = context.new_page()
    watched = Watched(page, served.url.replace("127.0.0.1", "localhost"))
    log_in(page, watched.origin, "juf")
    watched.listen()
    yield watched
    watched.check()


def choose(page: Page, samples: Path, *names: str) -> None:
    page.locator('input[type="file"][multiple]').set_input_files([str(samples / name) for name in names])


def expect_looked_at(page: Page, count: int) -> None:
    expect(page.locator(".tile")).to_have_count(count)
    expect(page.locator(".progress")).to_have_count(0)


@pytest.mark.parametrize(("width", "height", "count"), SIZES, ids=["phone", "tablet", "desktop"])
def test_from_photos_to_a_zip_that_may_be_published(
    watched: Watched, samples: Path, tmp_path: Path, width: int, height: int, count: int
) -> None:
    page = watched.page
    names = with_copies(samples, tmp_path, *PHOTOS[:count])
    page.set_viewport_size({"width": width, "height": height})
    begin(page, "de website", "Facebook")
    choose(page, tmp_path, *names)
    expect(page.get_by_role("heading", name=re.compile(r"^\d+ vra"))).to_be_visible()
    expect_looked_at(page, len(names))
    assert overflow(page) <= 0
    page.get_by_role("button", name="Kaan Demir").click()
    faces = page.locator(".strip").first.get_by_role("button")
    number = faces.count()
    faces.first.click()
    expect(page.get_by_role("button", name=re.compile(r"^Gezicht 1 op foto \d+: Kaan"))).to_be_visible()
    assert faces.count() == number
    page.get_by_role("button", name="Verder niemand van dit lijstje").click()
    expect(page.get_by_text("Verder niemand")).to_have_count(0)

    page.get_by_role("textbox", name="Tekst bij de foto's").fill("Sem en Fenna bouwen een toren.")
    page.get_by_role("textbox", name="Tekst bij de foto's").blur()
    expect(page.locator(".said-text u")).to_have_text(["Sem", "Fenna"])
    page.get_by_role("button", name="Haal de namen weg").click()
    expect(page.get_by_role("textbox", name="Tekst bij de foto's")).to_have_value(
        re.compile("^Twee kinderen|^Een kind")
    )

    link = page.get_by_role("link", name=re.compile("^Download")).first
    expect(link).to_be_visible()
    expect(page.get_by_text(re.compile("nog .* gemaakt", re.IGNORECASE))).to_have_count(0)
    with page.expect_download() as started:
        link.click()
    with zipfile.ZipFile(io.BytesIO(started.value.path().read_bytes())) as archive:
        inside = archive.namelist()
    assert "foto-001.jpg" in inside
    assert inside[-1] == "tekst.txt"
    assert not re.search("sem|fenna|IMG|2026|kopie", "".join(inside), re.IGNORECASE)

    page.get_by_role("button", name="Klaar", exact=True).click()
    page.get_by_role("button", name="Ja, wis alles").click()
    expect(page.get_by_text("De foto's zijn gewist")).to_be_visible()
    assert overflow(page) <= 0
    page.get_by_role("link", name="Alle berichten").click()
    expect(page.get_by_role("heading", name="Nieuw bericht")).to_be_visible()
    expect(page.get_by_label("Facebook")).to_be_checked()  # as the last time


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    wider: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wider


def test_one_photo_from_near_by(watched: Watched, samples: Path) -> None:
    """Faces by keyboard, a box by mouse, by two taps and by keys, and the result beside the photo."""
    page = watched.page
    begin(page, "de website")
    choose(page, samples, "20260312_101544.jpg")
    expect_looked_at(page, 1)
    page.locator(".wall").get_by_role("button", name="Open foto 1").click()
    dialog = page.get_by_role("dialog", name="Foto 1")
    dialog.get_by_role("button", name="Gezicht 1").focus()
    page.keyboard.press("Enter")
    dialog.get_by_role("searchbox").fill("fenna")
    dialog.get_by_role("button", name="Fenna Hoekstra").click()
    expect(dialog.get_by_role("button", name="Gezicht 1: Fenna Hoekstra")).to_be_visible()

    picture = dialog.locator("svg.picture")
    for way in ("drag", "taps", "keys"):
        dialog.get_by_role("button", name="Bedek nog iets").click()
        box = picture.bounding_box()
        assert box is not None
        at = {"drag": 0.4, "taps": 0.5, "keys": 0}[way]
        corners: list[Position] = [{"x": box["width"] * (at + part), "y": 20 + 40 * part} for part in (0, 0.06)]
        if way == "drag":  # both wait until the picture stands still
            picture.hover(position=corners[0])
            page.mouse.down()
            picture.hover(position=corners[1])
            page.mouse.up()
        elif way == "taps":
            for corner in corners:
                picture.click(position=corner)
        else:
            for key in ("ArrowLeft", "ArrowDown", "Shift+ArrowRight", "Enter"):
                page.keyboard.press(key)
        expect(dialog.get_by_role("button", name="Bedek nog iets")).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    page.get_by_role("button", name="Verder niemand van dit lijstje").click()
    page.locator(".wall").get_by_role("button", name=re.compile("Open foto 1")).click()
    expect(dialog.get_by_text("plaatsen, bedekt")).to_be_visible()
    dialog.get_by_role("button", name="Bekijk het resultaat").click()
    expect(dialog.get_by_role("img", name="Zo komt de foto op de website")).to_be_visible()
    dialog.get_by_role("slider").fill("50")


def test_a_photo_that_is_none_and_a_video_say_what_to_do(watched: Watched, samples: Path, tmp_path: Path) -> None:
    page = watched.page
    begin(page, "de website")
    (tmp_path / "<b>film.mp4").write_bytes(b"film")
    (tmp_path / "pagina.jpg").write_bytes(b"<script>alert(1)</script>" * 9)
    files = [str(tmp_path / name) for name in ("<b>film.mp4", "pagina.jpg")]
    page.locator('input[type="file"][multiple]').set_input_files(files)
    expect(page.get_by_text("Dit is een video.")).to_be_visible()
    expect(page.get_by_text("<b>film.mp4")).to_be_visible()  # as text
    expect_looked_at(page, 1)
    expect(page.locator(".tile .state")).to_have_text(re.compile("geen foto|niet"))
    page.locator(".wall").get_by_role("button", name=re.compile("Open foto 1")).click()
    dialog = page.get_by_role("dialog", name="Foto 1")
    expect(dialog.get_by_role("alert")).to_be_visible()
    dialog.get_by_role("button", name="Haal weg").click()
    expect(page.locator(".tile")).to_have_count(0)


def test_what_goes_wrong_is_told_where_somebody_looks_and_a_class_of_faces_stays_where_it_is(
    watched: Watched, samples: Path
) -> None:
    page = watched.page
    page.set_viewport_size({"width": 360, "height": 740})
    begin(page, "de website")
    choose(page, samples, "IMG_2031.jpg")
    expect_looked_at(page, 1)
    faces = page.locator(".question .strip button.face")
    names = page.locator(".question .names")
    faces.last.scroll_into_view_if_needed()
    expect(names.first).to_be_in_viewport()  # they stay at the top
    before = [face.bounding_box() for face in faces.all()]
    page.route("**/answers?*", lambda route: route.fulfill(status=500, json={}))
    faces.last.click()
    told = page.get_by_role("alert")
    expect(told).to_be_in_viewport()
    told.get_by_role("button", name="Begrepen").click()
    expect(told).to_have_count(0)
    page.unroute("**/answers?*")
    faces.last.click()
    expect(faces.last).to_have_accessible_name(re.compile(": Daan Visser$"))
    assert [face.bounding_box() for face in faces.all()] == before
    watched.messages.clear()  # the browser tells of the status


def test_what_the_server_did_while_the_line_broke_is_not_done_twice_nor_lost(watched: Watched, samples: Path) -> None:
    page = watched.page
    begin(page, "de website")
    choose(page, samples, "IMG_2031.jpg")
    expect_looked_at(page, 1)
    faces = page.locator(".question .strip button.face")
    broken: list[str] = []

    def breaks_off(route: Route) -> None:
        """An answer that breaks off, of a change that was never made."""
        if broken:
            route.continue_()
        else:
            broken.append(route.request.url)
            route.fulfill(status=200, content_type="application/json", body='{"revision": ')

    page.route("**/answers?*", breaks_off)
    faces.nth(0).click()
    expect(faces.nth(0)).to_have_accessible_name(re.compile(": Daan Visser$"))
    page.locator(".question .names").get_by_role("button", name="Finn Mulder").click()
    faces.nth(1).click()
    expect(faces.nth(1)).to_have_accessible_name(re.compile(": Finn Mulder$"))
    sent = lose_first_answer(page, "**/undo?*")
    page.get_by_role("button", name="Maak ongedaan").click()
    expect(faces.nth(1)).not_to_have_accessible_name(re.compile("Finn"))
    expect(page.locator(".saving")).to_have_count(0)
    expect(faces.nth(0)).to_have_accessible_name(re.compile(": Daan Visser$"))
    assert len(sent) == 2
    watched.messages.clear()  # the browser tells of what broke


def test_two_teachers_on_one_post_see_the_same(watched: Watched, served: Served, samples: Path) -> None:
    page = watched.page
    begin(page, "de website")
    choose(page, samples, "20260312_101544.jpg")
    expect_looked_at(page, 1)
    browser = page.context.browser
    assert browser is not None
    with browser.new_context(locale="nl-NL") as other:
        colleague = other.new_page()
        log_in(colleague, watched.origin, "meester")
        colleague.get_by_role("link", name="groep 5").first.click()
        expect(colleague.locator(".tile")).to_have_count(1)
        colleague.get_by_role("button", name="Verder niemand van dit lijstje").click()
        expect(page.get_by_text("Verder niemand")).to_have_count(0)
        expect(page.locator(".tile .outcomes")).to_contain_text("plaatsen")
        page.get_by_role("button", name="Maak ongedaan").click()
        expect(colleague.get_by_role("button", name="Verder niemand van dit lijstje")).to_be_visible()


def test_photos_go_on_after_the_line_was_cut_and_the_page_was_closed(watched: Watched, samples: Path) -> None:
    page = watched.page
    begin(page, "de website")
    cuts = {"left": 2}

    def cut(route: Route) -> None:
        if cuts["left"]:
            cuts["left"] -= 1
            route.abort()
        else:
            route.continue_()

    page.route("**/photos/*", cut)
    choose(page, samples, "20260312_101544.jpg", "IMG_2031.jpg")
    expect_looked_at(page, 2)
    watched.messages.clear()  # the browser tells of each cut
    page.unroute("**/photos/*")

    page.route("**/photos/*", lambda route: route.abort())
    choose(page, samples, "IMG_2034.jpg")
    expect(page.get_by_text("2 van 3 verstuurd")).to_be_visible()
    page.evaluate(STORED)
    page.reload()  # the browser kept it
    watched.messages.clear()
    page.unroute("**/photos/*")
    expect_looked_at(page, 3)
    choose(page, samples, "IMG_2034.jpg")  # the same once more is the same photo
    expect_looked_at(page, 3)
    watched.messages.clear()


def test_the_page_takes_few_requests_and_bytes(context: BrowserContext, served: Served) -> None:
    page = context.new_page()
    origin = served.url.replace("127.0.0.1", "localhost")
    log_in(page, origin, "juf")
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.reload()
    expect(page.get_by_role("heading", name="Nieuw bericht")).to_be_visible()
    assert len(set(requests)) <= 12, requests  # of the icon it can ask twice


def test_after_logging_out_the_browser_has_nothing_of_it(
    context: BrowserContext, served: Served, samples: Path
) -> None:
    page = context.new_page()
    origin = served.url.replace("127.0.0.1", "localhost")
    log_in(page, origin, "juf")
    begin(page, "de website")
    choose(page, samples, "20260312_101544.jpg")
    expect_looked_at(page, 1)
    view = page.locator(".tile img").get_attribute("src")
    post = page.url
    page.get_by_role("button", name="Uitloggen").click()
    expect(page).to_have_url(re.compile("/login"))
    assert page.evaluate("localStorage.length") == 0
    answer = page.goto(f"{origin}{view}")
    assert answer is not None
    assert (answer.status, answer.headers["content-type"]) == (401, "application/json")
    page.goto(post)
    expect(page).to_have_url(re.compile("/login"))


def test_after_logging_out_when_the_session_is_over_the_browser_has_no_photo(
    context: BrowserContext, served: Served, samples: Path
) -> None:
    page = context.new_page()
    origin = served.url.replace("127.0.0.1", "localhost")
    log_in(page, origin, "juf")
    begin(page, "de website")
    page.route("**/photos/*", lambda route: route.abort())  # the line is lost: the photo stays in the browser
    choose(page, samples, "20260312_101544.jpg")
    expect(page.get_by_text("0 van 1 verstuurd")).to_be_visible()
    assert page.evaluate(STORED) == 1
    page.evaluate("sessionStorage.setItem('left', 'behind')")
    over = "0" * 64  # of a session that is not there any more
    context.add_cookies([{"name": COOKIE, "value": over, "domain": "localhost", "path": "/", "secure": True}])
    page.get_by_role("button", name="Uitloggen").click()
    expect(page).to_have_url(re.compile("/login"))
    assert page.evaluate("sessionStorage.length") == 0
    assert page.evaluate("indexedDB.databases().then((found) => found.length)") == 0


def test_whoever_has_to_log_in_again_comes_back_to_the_post(context: BrowserContext, served: Served) -> None:
    page = context.new_page()
    origin = served.url.replace("127.0.0.1", "localhost")
    log_in(page, origin, "juf")
    begin(page, "de website")
    post = page.url
    context.clear_cookies(name="__Host-fotopoort")
    page.get_by_role("textbox", name="Tekst bij de foto's").fill("Wij bouwen een toren.")
    page.get_by_role("textbox", name="Tekst bij de foto's").blur()
    expect(page).to_have_url(re.compile("/login"))
    fill_in(page, "juf")
    expect(page).to_have_url(post)
    expect(page.get_by_role("textbox", name="Tekst bij de foto's")).to_have_value("Wij bouwen een toren.")
