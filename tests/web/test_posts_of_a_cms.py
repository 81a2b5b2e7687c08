"""A photo that a website asks about, with the real models: a teacher answers on the page, and it may go out."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, expect
from tests.api.gate.asking import ask, once, told
from tests.api.service import Served, serving

from fotopoort.cli.registry_session import open_registry
from fotopoort.registry.access import api_keys
from fotopoort.registry.access.roles import Act, KeyRole
from fotopoort.registry.lists import imports
from fotopoort.resources import resource
from fotopoort.settings import Settings

from .teacher import log_in
from .visitor import add


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, httpx.Client]]:
    """The school of the made-up class list, with a teacher of groep 5 and a website."""
    folder = tmp_path_factory.mktemp("school") / "data"
    with open_registry(Settings(data_folder=folder), make=True) as (registry, caller):
        with registry.write(caller, Act.IMPORT) as session:
            imports.apply(session, imports.plan(session, resource("fixtures/classlist.csv").read_bytes()))
        with registry.write(caller, Act.MANAGE_KEYS) as session:
            _, key = api_keys.make(session, KeyRole.CMS, "schoolsite")
        add(registry, "juf", KeyRole.TEACHER)
    with serving(folder, screeners=1) as service, service.client(key) as cms:
        yield service, cms


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser of somebody who reads Dutch."""
    context = browser.new_context(locale="nl-NL")
    yield context
    context.close()


def test_the_page_says_where_a_post_came_from_and_what_waits(
    school: tuple[Served, httpx.Client], context: BrowserContext, samples: Path
) -> None:
    served, cms = school
    document = told(ask(cms, (samples / "20260312_101544.jpg").read_bytes(), reference="nieuws 12"))
    assert document["outcome"] == "reject"
    page = context.new_page()
    log_in(page, served.url.replace("127.0.0.1", "localhost"), "juf")
    expect(page.get_by_role("heading", name="Dit wacht op jou")).to_be_visible()
    listed = page.locator(".doors li").first
    expect(listed).to_contain_text("van schoolsite, artikel nieuws 12")
    if folder := os.environ.get("FOTOPOORT_TEST_SCREENSHOTS"):
        page.screenshot(path=f"{folder}/posts-of-a-cms.png")
    listed.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("van schoolsite, artikel nieuws 12")
    expect(page.get_by_role("textbox", name="Tekst bij de foto's")).not_to_be_editable()
    if folder:
        page.screenshot(path=f"{folder}/post-of-a-cms.png", full_page=True)
    page.get_by_role("button", name="Verder niemand van dit lijstje").click()
    after = once(cms, document["id"], review=None, status="done")
    assert after["outcome"] in ("publish", "blur")
    fetched = cms.get(after["rendition"]["href"])
    assert fetched.content.startswith(b"\xff\xd8")
