"""What a teacher says of a post comes to the server, whatever the line does, or the page says that it did not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, FilePayload, Locator, Page, Route, expect
from tests.api.posts.posting import School, photo, posting_school
from tests.waiting import wait_for

from fotopoort.registry.access.roles import KeyRole
from fotopoort.screening.screen import Screening, ScreeningJob

from .teacher import begin, log_in, lose_first_answer
from .visitor import add

ANSWERS = re.compile(r"/answers\?")
GONE = 8  # tries without a line, some two minutes
NO_LINE = "Er is nu geen verbinding"


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    with posting_school(tmp_path / "data") as school:
        add(school.door.registry, "juf", KeyRole.TEACHER)
        add(school.door.registry, "meester", KeyRole.TEACHER)
        yield school


@pytest.fixture
def page(browser: Browser, school: School) -> Iterator[Page]:
    """A post of one photo with two faces, of which everything is said."""
    with browser.new_context(locale="nl-NL") as context:
        page = context.new_page()
        log_in(page, origin(school), "juf")
        begin(page, "de website")
        send(page, 1)
        page.get_by_role("button", name="Verder niemand van dit lijstje").click()
        expect(page.get_by_role("link", name="Download 1 foto")).to_be_visible()
        yield page


def origin(school: School) -> str:
    return school.door.url.replace("127.0.0.1", "localhost")


def send(page: Page, *numbers: int) -> None:
    """Photos of two faces."""
    page.locator('input[type="file"][multiple]').set_input_files(
        [FilePayload(name=f"IMG_{n}.jpg", mimeType="image/jpeg", buffer=photo(2, n)) for n in numbers]
    )
    expect(page.locator(".tile .outcomes")).to_have_text([re.compile(r"\w")] * len(numbers))


def name_face(page: Page, face: int, name: str) -> None:
    """Say in the open photo who somebody is, or what."""
    page.locator("dialog .strip button.face").nth(face).click()
    page.get_by_role("region", name="Wie is dit?").get_by_role("button", name=name).click()


def test_what_is_said_while_the_line_is_gone_is_sent_when_it_is_back_in_order(page: Page) -> None:
    page.clock.install()
    sent: list[str] = []

    def is_gone(route: Route) -> None:
        sent.append(route.request.post_data or "")
        route.abort()

    page.route(ANSWERS, is_gone)
    page.locator(".tile button.thumb").click()
    name_face(page, 0, "Bedekken")
    page.get_by_role("button", name="Sluit").click()
    page.locator(".tile button.thumb").click()
    name_face(page, 0, "Een ander kind")
    while len(sent) < GONE:
        with page.expect_request(ANSWERS):
            page.clock.run_for(16_000)
    assert len(set(sent)) == 1  # nothing goes before it
    expect(page.get_by_role("dialog").get_by_text(NO_LINE)).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)

    page.unroute(ANSWERS)
    with page.expect_request(ANSWERS) as first:
        page.clock.run_for(16_000)
    assert "cover" in (first.value.post_data or "")
    expect(page.locator("dialog .strip button.face").first).to_have_accessible_name(re.compile("Een ander kind$"))
    expect(page.get_by_text(NO_LINE)).to_have_count(0)


def test_what_is_refused_is_told_and_not_sent_again(page: Page) -> None:
    refusal = {"error": {"code": "bad_answers", "message": "Dat kan niet.", "hint": "Kijk nog eens."}}
    sent: list[str] = []

    def refused(route: Route) -> None:
        sent.append(route.request.url)
        if len(sent) == 1:
            route.fulfill(status=422, json=refusal)
        else:
            route.continue_()

    page.route(ANSWERS, refused)
    page.locator(".tile button.thumb").click()
    page.evaluate(  # at once, one after the other
        """() => {
            const { post, photo } = document.querySelector("fp-photo");
            post.answer([photo.id], { faces: { f1: "cover" } });
            post.answer([photo.id], { faces: { f2: "cover" } });
        }"""
    )
    expect(page.locator("dialog .strip button.face").nth(1)).to_have_accessible_name(re.compile("Bedekken$"))
    told = page.get_by_role("dialog").get_by_role("alert")
    expect(told).to_contain_text("Dat kan niet.")  # also after what went well behind it
    expect(told).to_contain_text("niet bewaard")
    assert len(sent) == 2
    page.evaluate("document.querySelector('fp-photo').post.change('PATCH', '', { text: 'anders' })")
    expect(page.locator("textarea")).to_have_value("anders")
    expect(told).to_contain_text("Dat kan niet.")  # and after what was said behind that
    told.get_by_role("button", name="Begrepen").click()
    expect(told).to_have_count(0)


def test_what_is_refused_after_the_post_was_left_is_told_when_somebody_comes_back(page: Page) -> None:
    page.route(ANSWERS, lambda route: route.abort())
    page.locator(".tile button.thumb").click()
    name_face(page, 0, "Bedekken")
    expect(page.get_by_role("dialog").get_by_text(NO_LINE)).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Alle berichten").click()
    refusal = {"error": {"code": "bad_answers", "message": "Dat kan niet.", "hint": "Kijk nog eens."}}
    page.unroute(ANSWERS)
    with page.expect_response(ANSWERS):
        page.route(ANSWERS, lambda route: route.fulfill(status=422, json=refusal))
    page.get_by_role("link", name="groep 5").first.click()
    expect(page.get_by_text("Dat kan niet.")).to_be_visible()
    page.get_by_role("button", name="Begrepen").click()
    expect(page.get_by_text("Dat kan niet.")).to_have_count(0)
    page.close(run_before_unload=True)
    expect_closed(page)


def test_what_was_made_while_the_line_broke_is_not_told_to_have_failed(page: Page) -> None:
    sent = lose_first_answer(page, re.compile(r"/photos/\w+\?"))
    page.locator(".tile button.thumb").click()
    page.get_by_role("button", name="Haal weg").click()
    expect(page.locator(".tile")).to_have_count(0)
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator(".saving")).to_have_count(0)
    expect(page.get_by_role("alert")).to_have_count(0)
    assert len(sent) > 1


def test_whoever_leaves_while_something_is_not_sent_is_asked(page: Page) -> None:
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.route(ANSWERS, lambda route: route.abort())
    page.locator(".tile button.thumb").click()
    name_face(page, 0, "Bedekken")
    expect(page.get_by_role("dialog").get_by_text(NO_LINE)).to_be_visible()
    page.close(run_before_unload=True)
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Alle berichten").click()
    page.get_by_role("link", name="groep 5").first.click()
    expect(page.get_by_text(NO_LINE).first).to_be_visible()  # and not as if nothing had been said
    page.unroute(ANSWERS)
    expect(page.get_by_text(NO_LINE)).to_have_count(0)
    page.locator(".tile button.thumb").click()
    expect(page.locator("dialog .strip button.face").first).to_have_accessible_name(re.compile("Bedekken$"))
    page.close(run_before_unload=True)
    expect_closed(page)


def test_nothing_is_downloaded_while_what_was_said_may_change_it(
    page: Page, school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[Route] = []
    page.route(ANSWERS, lambda route: held.append(route))
    links = page.get_by_role("link", name="Download", include_hidden=True)  # of the photo, and of all
    page.locator(".tile button.thumb").click()
    expect(links).to_have_count(2)
    name_face(page, 0, "Bedekken")
    expect(links).to_have_count(0)
    waiting = page.get_by_role("button", name="Even wachten", include_hidden=True)
    expect(waiting).to_have_count(2)

    made: list[Callable[[], None]] = []
    submit = school.screeners.submit

    def made_later(data: bytes, job: ScreeningJob) -> Future[Screening]:
        future: Future[Screening] = Future()
        made.append(lambda: future.set_result(submit(data, job).result()))
        return future

    monkeypatch.setattr(school.screeners, "submit", made_later)
    held[0].continue_()
    expect(page.get_by_text("Er wordt er nog 1 gemaakt")).to_be_visible()
    expect(page.get_by_role("dialog").get_by_text("De foto wordt gemaakt")).to_be_visible()
    expect(links).to_have_count(0)
    wait_for(lambda: made)
    made.pop()()
    expect(links).to_have_count(2)
    expect(waiting).to_have_count(0)


@pytest.mark.parametrize("how", ["taken out", "finished"])
def test_a_photo_that_is_gone_is_closed_for_a_colleague_too(
    page: Page, school: School, browser: Browser, how: str
) -> None:
    with browser.new_context(locale="nl-NL") as other:
        colleague = other.new_page()
        log_in(colleague, origin(school), "meester")
        colleague.get_by_role("link", name="groep 5").first.click()
        colleague.locator(".tile button.thumb").click()
        expect(colleague.get_by_role("dialog")).to_be_visible()
        if how == "finished":
            page.get_by_role("button", name="Klaar", exact=True).click()
            page.get_by_role("button", name="Ja, wis alles").click()
            expect(colleague.get_by_text("De foto's zijn gewist")).to_be_visible()
        else:
            page.locator(".tile button.thumb").click()
            page.get_by_role("button", name="Haal weg").click()
            expect(colleague.locator(".tile")).to_have_count(0)
        expect(colleague.get_by_role("dialog")).to_have_count(0)
        expect(colleague.locator("img, image")).to_have_count(0)


def test_a_photo_that_was_taken_out_comes_back_when_it_is_chosen_again(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "IMG_2.jpg"  # its time stays the same
    file.write_bytes(photo(2, 2))
    tiles = page.locator(".tile")

    def choose() -> None:
        page.locator('input[type="file"][multiple]').set_input_files(str(file))
        expect(page.locator(".tile .outcomes")).to_have_text([re.compile(r"\w")])
        expect(page.locator(".progress")).to_have_count(0)

    def take_out() -> None:
        page.locator(".tile button.thumb").click()
        page.get_by_role("button", name="Haal weg").click()
        expect(tiles).to_have_count(0)

    take_out()
    choose()
    take_out()
    choose()
    take_out()
    page.reload()
    choose()
    page.reload()
    expect(tiles).to_have_count(1)
    with page.expect_response(lambda answer: answer.request.method == "PUT" and answer.status == 409):  # it is there
        choose()
    expect(page.locator(".refused")).to_have_count(0)
    expect(tiles).to_have_count(1)


def test_back_to_another_post_shows_that_post(page: Page) -> None:
    first = page.url
    page.goto(first.partition("#")[0])
    begin(page, "de website")
    expect(page.get_by_role("heading", name="groep 5")).to_be_visible()
    expect(page.locator(".tile")).to_have_count(0)
    page.evaluate("address => { location.href = address; }", first)
    expect(page.locator(".tile")).to_have_count(1)
    page.go_back()
    expect(page.locator(".tile")).to_have_count(0)
    page.go_forward()
    expect(page.locator(".tile")).to_have_count(1)


def test_after_a_login_in_another_tab_it_says_to_load_the_page_again(page: Page, school: School) -> None:
    with page.context.new_page() as tab:
        page.context.clear_cookies()
        log_in(tab, origin(school), "juf")
    page.locator(".tile button.thumb").click()
    name_face(page, 0, "Bedekken")
    told = page.get_by_role("dialog").get_by_role("alert")
    expect(told).to_contain_text("Je bent intussen opnieuw ingelogd.")
    expect(told).to_contain_text("Dit is niet bewaard.")
    page.reload()
    page.locator(".tile button.thumb").click()
    name_face(page, 0, "Bedekken")
    expect(page.locator("dialog .strip button.face").first).to_have_accessible_name(re.compile("Bedekken$"))


def test_a_download_after_the_session_ended_asks_to_log_in(page: Page) -> None:
    with page.expect_download() as started:
        page.get_by_role("link", name="Download 1 foto").click()
    assert started.value.failure() is None
    page.context.clear_cookies()
    page.get_by_role("link", name="Download 1 foto").click()
    expect(page).to_have_url(re.compile("/login"))


def test_a_file_that_is_dropped_beside_its_place_is_not_opened(page: Page) -> None:
    dropped = """wall => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File(["x"], "IMG_1.jpg", { type: "image/jpeg" }));
        const event = (kind) => new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true });
        return [wall.dispatchEvent(event("dragover")), wall.dispatchEvent(event("drop"))];
    }"""
    assert page.locator("#wall").evaluate(dropped) == [False, False]


def text_box(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Tekst bij de foto's")


def type_behind(page: Page, text: str) -> None:
    text_box(page).focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(text)


def text_of(page: Page) -> str:
    """At the server."""
    text: str = page.evaluate(
        "id => fetch('/v1/posts/' + id).then((it) => it.json()).then((it) => it.text)", post_id(page)
    )
    return text


def post_id(page: Page) -> str:
    return page.url.partition("#post=")[2]


def test_what_is_typed_counts_for_every_button_beside_it(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    box, link = text_box(page), page.get_by_role("link", name="Download 1 foto")
    box.fill("Noor bouwt een toren.")
    expect(link).to_have_count(0)  # its text would be that from before
    box.blur()
    expect(link).to_be_visible()
    type_behind(page, " Daarna las Daan voor.")
    page.get_by_role("button", name="Haal de namen weg").click()
    expect(box).to_have_value(re.compile("^Een kind bouwt een toren. Daarna las een kind voor.$"))

    type_behind(page, " Het was mooi.")
    page.get_by_role("button", name="Kopieer tekst").click()
    expect(page.get_by_role("button", name="Gekopieerd")).to_be_visible()
    copied = "Een kind bouwt een toren. Daarna las een kind voor. Het was mooi."
    assert page.evaluate("navigator.clipboard.readText()") == copied == text_of(page)
    type_behind(page, " En lang.")
    expect(page.get_by_role("button", name="Kopieer tekst")).to_be_visible()  # that was not copied


def test_what_is_typed_is_saved_by_itself_and_when_the_post_is_left(page: Page) -> None:
    type_behind(page, "Wij bouwen")
    expect(page.get_by_role("link", name="Download 1 foto")).to_have_count(0)
    expect(page.get_by_role("link", name="Download 1 foto")).to_be_visible()
    assert text_of(page) == "Wij bouwen"
    address = page.url
    type_behind(page, " een toren.")
    page.evaluate("location.hash = ''")  # no click, which the box would notice
    expect(page.get_by_role("heading", name="Nieuw bericht")).to_be_visible()
    page.goto(address)
    expect(text_box(page)).to_have_value("Wij bouwen een toren.")
    type_behind(page, " Heel hoog.")
    page.reload()
    expect(text_box(page)).to_have_value("Wij bouwen een toren. Heel hoog.")
    expect(page.get_by_role("link", name="Download 1 foto")).to_be_visible()
    assert text_of(page) == "Wij bouwen een toren. Heel hoog."


def test_what_is_typed_after_coming_back_outlives_what_was_still_on_its_way(page: Page) -> None:
    held: list[Route] = []
    page.route("**/v1/posts/*", lambda route: held.append(route) if is_patch(route) else route.continue_())
    address = page.url
    type_behind(page, "Wij bouwen")
    page.evaluate("location.hash = ''")
    expect(page.get_by_role("heading", name="Nieuw bericht")).to_be_visible()
    page.goto(address)
    expect(text_box(page)).to_have_value("Wij bouwen")
    type_behind(page, " een toren.")
    with page.expect_response(lambda response: response.request.method == "PATCH"):
        held[0].continue_()
    page.reload()
    expect(text_box(page)).to_have_value("Wij bouwen een toren.")


def test_what_is_typed_stays_whatever_a_colleague_writes(page: Page, school: School, browser: Browser) -> None:
    with browser.new_context(locale="nl-NL") as other:
        colleague = other.new_page()
        log_in(colleague, origin(school), "meester")
        colleague.get_by_role("link", name="groep 5").first.click()
        box = text_box(colleague)
        page.route(
            re.compile(r"/v1/posts/\w+\?"), lambda route: route.abort() if is_patch(route) else route.continue_()
        )
        type_behind(page, "Van de juf.")
        box.fill("Van de meester.")
        box.blur()
        view = page.locator("fp-post")
        wait_for(lambda: view.evaluate("view => view.post.document.text") == "Van de meester.")
        expect(text_box(page)).to_have_value("Van de juf.")
        page.unroute(re.compile(r"/v1/posts/\w+\?"))
        expect(box).to_have_value("Van de juf.")


def is_patch(route: Route) -> bool:
    return route.request.method == "PATCH"


def expect_closed(page: Page) -> None:
    if not page.is_closed():
        page.wait_for_event("close")
