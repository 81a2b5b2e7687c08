"""People put photos into WordPress in a real browser, and read why one does not come in."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, FrameLocator, Page, expect
from tests.cms.client import WordPress
from tests.cms.gate import FORBIDDEN, SENTENCES, FakeGate, Outcome
from tests.cms.photos import digest, is_rendition, original
from tests.cms.ways import log_in

INSERT = "wp.data.dispatch('core/block-editor').insertBlocks(wp.blocks.createBlock('core/image'))"
NO_TOUR = """wp.data.dispatch('core/preferences').set('core/edit-post', 'welcomeGuide', false)"""
IMAGE = "wp.data.select('core/block-editor').getBlocks()[0].attributes"


@pytest.fixture
def page(context: BrowserContext, wordpress: WordPress) -> Page:
    """Logged in as the administrator, who reads Dutch."""
    wordpress.speak("nl_NL")
    cookies = log_in(wordpress).cookies.jar  # without WordPress's own form, which moves while it is filled in
    context.add_cookies(
        [{"name": cookie.name, "value": cookie.value or "", "url": wordpress.site.url} for cookie in cookies]
    )
    return context.new_page()


def new_post(page: Page, wordpress: WordPress) -> None:
    page.goto(f"{wordpress.site.url}/wp-admin/post-new.php")
    page.wait_for_function("window.wp && wp.data && wp.data.select('core/editor').getCurrentPostId()")
    page.evaluate(NO_TOUR)


def canvas(page: Page) -> Page | FrameLocator:
    """Where the blocks are: newer editors have them in a frame."""
    frame = "iframe[name=editor-canvas]"
    return page.frame_locator(frame) if page.locator(frame).count() else page


@pytest.mark.parametrize("outcome", ["publish", "reject", "late"])
def test_the_block_editor(page: Page, wordpress: WordPress, gate: FakeGate, outcome: Outcome, tmp_path: Path) -> None:
    content = original(f"editor {outcome}", size=(1600, 1000))
    gate.outcomes[digest(content)] = outcome
    file = tmp_path / "schoolreis.jpg"
    file.write_bytes(content)
    before = len(gate.photos)
    new_post(page, wordpress)
    page.evaluate(INSERT)
    page.wait_for_function("document.querySelector('iframe[name=editor-canvas], .block-editor-media-placeholder')")
    canvas(page).locator(".block-editor-media-placeholder input[type=file]").set_input_files(file)
    if outcome == "reject":
        expect(page.get_by_text(SENTENCES["reject"][0]).first).to_be_visible()
    else:
        page.wait_for_function(f"{IMAGE}.id > 0")
        attachment = page.evaluate(f"{IMAGE}.id")
        files = wordpress.files(attachment)
        assert {is_rendition(file.content) for file in files.values()} == {outcome == "publish"}
    assert len(gate.photos) == before + 1  # the sizes were not made in the browser


def test_the_block_editor_says_why_a_text_is_not_published(page: Page, wordpress: WordPress) -> None:
    new_post(page, wordpress)
    page.evaluate(f"wp.data.dispatch('core/editor').editPost({{title: '{FORBIDDEN}', status: 'publish'}})")
    page.evaluate("void wp.data.dispatch('core/editor').savePost()")
    expect(page.get_by_text(SENTENCES["text"][0]).first).to_be_visible()


def test_the_media_page(page: Page, wordpress: WordPress, gate: FakeGate, tmp_path: Path) -> None:
    gate.default = "reject"
    file = tmp_path / "schoolreis.jpg"
    file.write_bytes(original("media page"))
    page.goto(f"{wordpress.site.url}/wp-admin/media-new.php")
    page.locator(".moxie-shim input[type=file]").set_input_files(file)
    expect(page.locator("#media-items")).to_contain_text(SENTENCES["reject"][0])


def test_the_settings_keep_what_is_filled_in(page: Page, wordpress: WordPress) -> None:
    page.goto(f"{wordpress.site.url}/wp-admin/options-general.php?page=fotopoort")
    page.get_by_label("Kanaal").fill("facebook")
    page.get_by_label("Pdf").check()
    page.get_by_role("textbox", name="admin").fill("groep 5")
    page.get_by_role("button", name="Opslaan").click()
    expect(page.get_by_text("Opgeslagen.")).to_be_visible()
    expect(page.get_by_label("Kanaal")).to_have_value("facebook")
    expect(page.get_by_label("Pdf")).to_be_checked()
    expect(page.get_by_role("textbox", name="admin")).to_have_value("groep 5")
    expect(page.get_by_text("Het adres staat in wp-config.php")).to_be_visible()


def test_site_health_says_whether_it_works(page: Page, wordpress: WordPress, gate: FakeGate) -> None:
    wordpress.set_options(fotopoort={"webhook_key": "whpk_x"})
    page.goto(f"{wordpress.site.url}/wp-admin/site-health.php")
    page.get_by_role("button", name="Passed tests").click()
    expect(page.get_by_text("Fotopoort bewaakt de foto’s op deze site")).to_be_visible()
    gate.away = True
    page.goto(f"{wordpress.site.url}/wp-admin/site-health.php")
    expect(page.get_by_text("Fotopoort bewaakt deze site niet zoals het hoort")).to_be_visible()
