"""What the teacher's page shows of what was said of a face, and what a tap takes back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from tests.api.posts.posting import School, photo, posting_school

from fotopoort.registry.access.roles import KeyRole

from .teacher import begin, log_in
from .visitor import add

COVER, ADULT = "Bedekken", "Volwassene die het goedvindt"


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    with posting_school(tmp_path / "data") as school:
        add(school.door.registry, "juf", KeyRole.TEACHER)
        yield school


@pytest.fixture
def page(browser: Browser, school: School) -> Iterator[Page]:
    with browser.new_context(locale="nl-NL") as context:
        page = context.new_page()
        log_in(page, school.door.url.replace("127.0.0.1", "localhost"), "juf")
        begin(page, "de website")
        yield page


def send(page: Page, content: bytes) -> None:
    page.locator('input[type="file"][multiple]').set_input_files(
        {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": content}
    )
    expect(page.locator(".question .strip")).to_be_visible()


def near_by(page: Page) -> Locator:
    """The photo, opened."""
    page.locator(".wall").get_by_role("button", name="Open foto 1").click()
    return page.get_by_role("dialog", name="Foto 1")


def tell(dialog: Locator, face: int, button: str) -> None:
    dialog.get_by_role("button", name=f"Gezicht {face}").click()
    dialog.locator("fp-face-menu").get_by_role("button", name=button, exact=True).click()
    expect(dialog.locator("fp-face-menu")).to_have_count(0)


def test_a_wish_to_cover_is_no_adult(page: Page) -> None:
    send(page, photo(5))
    page.get_by_role("button", name="Verder niemand van dit lijstje").click()
    expect(page.locator(".question .chip").first).to_have_text(ADULT)
    dialog = near_by(page)
    tell(dialog, 1, COVER)
    page.keyboard.press("Escape")
    face = page.locator(".question .strip button.face").first
    expect(face).to_have_accessible_name(f"Gezicht 1 op foto 1: {COVER}")
    face.click()
    expect(face).to_have_accessible_name(f"Gezicht 1 op foto 1: {ADULT}")
    face.click()
    expect(face).to_have_accessible_name(f"Gezicht 1 op foto 1: {COVER}")
