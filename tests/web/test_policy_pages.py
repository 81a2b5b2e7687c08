"""The pages about the policy as Chromium shows them: on a desk, on a phone and on paper."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from fotopoort.application.pages.facts import Facts
from fotopoort.application.pages.officer import officer_page
from fotopoort.application.pages.parents import parents_page
from fotopoort.policy_file import PACKAGED, load_policy
from fotopoort.school_file import load_school
from fotopoort.vocabulary import Language

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize("make", [parents_page, officer_page], ids=["parents", "officer"])
def test_a_page_fits_on_a_desk_on_a_phone_and_on_paper(context: BrowserContext, make: object, tmp_path: Path) -> None:
    assert callable(make)
    path = tmp_path / "policy.toml"
    path.write_text(PACKAGED.read_text("utf-8") + (EXAMPLES / "channels.toml").read_text("utf-8"), "utf-8")
    facts = Facts(load_policy(path), load_school(EXAMPLES / "school.toml"))
    page, errors = context.new_page(), list[str]()
    page.on("console", lambda message: errors.append(message.text))
    for language in Language:
        page.set_content(make(facts, language))
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate(WIDER) == 0, (language, width)
        assert page.locator("h1").count() == 1
        assert page.evaluate("getComputedStyle(document.querySelector('main')).maxWidth") != "none", "it has its style"
        page.emulate_media(media="print")
        pdf = page.pdf(prefer_css_page_size=True)
        assert pdf.startswith(b"%PDF")
        assert 1 <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= (2 if make is parents_page else 8)
        page.emulate_media(media="screen")
    assert errors == []
