"""What a screen reader needs is in every page, also where something was filled in wrong; read without a browser."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest

from fotopoort.registry.access.roles import KeyRole

from .visitor import School, link_on, school

NO_LABEL = {"hidden", "radio", "checkbox"}  # the last two stand inside theirs
VOID = {"input", "meta", "link", "br", "path", "rect"}


class Page(HTMLParser):
    """The elements of a page, and whether each that was opened was closed in its turn."""

    def __init__(self, answer: httpx.Response) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self._open: list[str] = []
        self.feed(answer.text)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self._open.pop() == tag

    def check(self) -> None:
        ids = Counter(given["id"] for _, given in self.elements if "id" in given)
        assert [name for name, count in ids.items() if count > 1] == []
        named = {given["for"] for tag, given in self.elements if tag == "label" and "for" in given}
        assert named <= ids.keys()
        for tag, given in self.elements:
            for reference in ("aria-describedby", "aria-labelledby"):
                assert set(given.get(reference, "").split()) <= ids.keys()
            if given.get("href", "").startswith("#"):
                assert given["href"][1:] in ids
            if tag == "input" and given.get("type") not in NO_LABEL and "hidden" not in given:
                assert given["id"] in named
                assert given.get("autocomplete") or given["type"] == "file"
        assert [tag for tag, _ in self.elements].count("h1") == 1
        assert any(tag == "html" and given["lang"] in ("nl", "en") for tag, given in self.elements)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    with school(tmp_path_factory.mktemp("school") / "data") as served:
        yield served


def test_every_page_can_be_read_aloud(served: School, tmp_path: Path) -> None:
    visitor = served.visitor()
    pages = [visitor.get("/setup"), visitor.post("/setup", {"password": "x"})]
    account = served.add("officer", KeyRole.PRIVACY_OFFICER)
    officer = served.logged_in(account)
    pages += [visitor.get("/login?chosen="), visitor.log_in("officer", "wrong"), visitor.get("/setup")]
    pages += [officer.get(path) for path in ("/", "/account?changed=", "/users", f"/users/{account.id}", "/users/x")]
    pages += [officer.get("/login/second-factor"), officer.post("/login/second-factor")]
    for wrong in ({}, {"name": "Sam"}, {"name": "Sam", "role": "teacher"}, {"name": "Sam", "role": "office"}):
        pages.append(officer.post("/users", wrong))
    pages.append(officer.post("/account/password", {"password": "x", "again": "y"}))
    pages.append(officer.post(f"/users/{account.id}/disable"))
    added = officer.post("/users", {"name": "Sam", "login": "sam", "role": "office"})
    pages += [added, visitor.get(link_on(added)), visitor.post(link_on(added), {"password": "x", "again": "x"})]
    pages += [officer.get("/class-list"), officer.post("/class-list")]
    with school(tmp_path / "empty", has_list=False) as empty:
        first = empty.logged_in(empty.add("officer", KeyRole.PRIVACY_OFFICER))
        pages += [first.get("/class-list"), first.post("/class-list"), first.post("/users")]
        pages.append(first.post("/class-list", {"made-up": "yes"}))
    assert {page.status_code for page in pages} == {200, 403, 404, 422}
    for page in pages:
        Page(page).check()
