"""The demo's page: everything on it is escaped, what it names is beside it, nothing is fetched from elsewhere."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from fotopoort.cli.demo.page import BADGES, write_page
from fotopoort.errors import OutputUnwritable
from fotopoort.vocabulary import HintKind, Outcome, Scene

HOSTILE = "<script>alert('x')</script>\"><img src=x onerror=alert(1)>.jpg"


def verdict(outcome: str, path: str | None = None, **more: object) -> dict[str, object]:
    rendition = {"path": path, "sha256": "0" * 64, "width": 8, "height": 6} if path else None
    reason = {"rule": "R50", "faces": ["f1"], "nl": "Een reden.", "en": "A reason."}
    return {
        "outcome": outcome,
        "faces": {},
        "covered": [],
        "reasons": [reason],
        "questions": [],
        "rendition": rendition,
    } | more


def photo(file: str = "IMG_1.jpg", **more: object) -> dict[str, object]:
    verdicts = {
        "social_schools": verdict("publish", "social_schools/IMG_1.jpg"),
        "website": verdict("blur", "website/IMG_1.jpg"),
        "facebook": verdict("reject"),
    }
    base = {"id": "1", "file": file, "sha256": "0" * 64, "scene": "group", "faces": [{"id": "f1"}], "removed": []}
    return {**base, "verdicts": verdicts, "before": "before/1.jpg", **more}


class Tags(HTMLParser):
    """Every start tag with its attributes, as a browser would see them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def values(self, *names: str) -> list[str]:
        return [value for _, attributes in self.tags for name in names if (value := attributes.get(name))]


@pytest.fixture
def page(tmp_path: Path) -> str:
    for name in ("before/1.jpg", "social_schools/IMG_1.jpg", "website/IMG_1.jpg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"picture")
    return write_page([photo()], tmp_path).read_text("utf-8")


def test_every_outcome_shows_in_both_languages(page: str) -> None:
    for outcome in Outcome:
        for text in BADGES[outcome]:
            assert re.search(rf'class="badge {outcome}".*?{text}', page, re.DOTALL), (outcome, text)


def test_a_rejected_photo_shows_no_picture(tmp_path: Path) -> None:
    """Even when a rendition is named by mistake."""
    verdicts = {"website": verdict("reject", "website/IMG_1.jpg")}
    html = write_page([photo(verdicts=verdicts, before=None)], tmp_path).read_text("utf-8")
    assert "Geen foto" in html
    assert not [tag for tag, _ in Tags(html).tags if tag == "img"]


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    question = {"id": "q", "kind": "is_name", "nl": HOSTILE, "en": HOSTILE}
    reason = {"rule": HOSTILE, "faces": [HOSTILE], "nl": HOSTILE, "en": HOSTILE}
    nasty = verdict("blur", f"website/{HOSTILE}", reasons=[reason])
    asked = photo(HOSTILE, verdicts={HOSTILE: nasty}, scene=HOSTILE, removed=[HOSTILE], asks=[question] * 4)
    html = write_page([asked], tmp_path).read_text("utf-8")
    plain = Tags(write_page([photo()], tmp_path).read_text("utf-8"))
    tags = Tags(html)
    assert [tag for tag, _ in tags.tags].count("script") == [tag for tag, _ in plain.tags].count("script") == 1
    assert not [name for _, attributes in tags.tags for name in attributes if name.startswith("on")]
    assert "x" not in tags.values("src")
    assert HOSTILE in unescape(html), "it is still shown, as text"


def test_pictures_are_relative_and_beside_the_page(page: str, tmp_path: Path) -> None:
    addresses = [address for address in Tags(page).values("src", "href") if not address.startswith("#")]
    assert len(addresses) == 5  # one preview; two renditions, each shown and linked
    for address in addresses:
        assert not address.startswith(("/", "file:"))
        assert (tmp_path / unquote(address)).is_file()


@pytest.mark.parametrize("name", ["juf & meester #1?.jpg", "100%.jpg", "javascript:alert(1).jpg", "é ü.jpg"])
def test_any_file_name_makes_a_working_link(tmp_path: Path, name: str) -> None:
    html = write_page(
        [photo(verdicts={"website": verdict("publish", f"website/{name}")}, before=None)], tmp_path
    ).read_text("utf-8")
    (address,) = Tags(html).values("src")
    assert unquote(address) == f"website/{name}"
    assert ":" not in address


def test_a_full_path_becomes_a_relative_one(tmp_path: Path) -> None:
    verdicts = {"website": verdict("publish", str(tmp_path / "website" / "IMG_1.jpg"))}
    html = write_page([photo(verdicts=verdicts, before=None)], tmp_path).read_text("utf-8")
    assert Tags(html).values("src") == ["website/IMG_1.jpg"]


@pytest.mark.parametrize("path", ["../elders/IMG_1.jpg", "/etc/hosts", "website/../../IMG_1.jpg"])
def test_a_picture_outside_the_folder_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(ValueError, match="outside"):
        write_page([photo(before=path)], tmp_path)
    assert not (tmp_path / "index.html").exists()


def test_nothing_is_fetched_from_elsewhere(page: str) -> None:
    assert not re.findall(r"(?:https?:)?//\w", page)
    assert "@import" not in page
    assert "url(" not in page


def test_every_picture_is_described(page: str) -> None:
    pictures = [attributes for tag, attributes in Tags(page).tags if tag == "img"]
    assert len(pictures) == 3
    assert all(attributes["alt"] and attributes["data-other"] for attributes in pictures), "in both languages"
    assert all("IMG_1.jpg" in (attributes["alt"] or "") for attributes in pictures)


def test_what_was_removed_from_the_file_is_told_in_words(tmp_path: Path) -> None:
    html = write_page([photo(removed=list(HintKind))], tmp_path).read_text("utf-8")
    items = re.findall(r"<li><span lang=\"nl\">([^<]+)</span>", html.split("Uit het bestand gehaald")[1])
    assert len(items) == len(HintKind)
    assert not any("_" in item for item in items)


@pytest.mark.parametrize("scene", list(Scene))
def test_every_scene_has_words(tmp_path: Path, scene: Scene) -> None:
    html = write_page([photo(scene=scene)], tmp_path).read_text("utf-8")
    (about,) = re.findall(r'class="about">\s*<span lang="nl">([^<]+)', html)
    assert about not in set(Scene) or about == "group"


def test_a_photo_that_could_not_be_judged_is_shown_as_such(tmp_path: Path) -> None:
    reason = {"rule": "R01", "faces": [], "nl": "Kon niet bekeken worden.", "en": "Could not be judged."}
    failed: dict[str, Any] = {
        "file": "kapot.jpg",
        "error": {"code": "damaged", "message": "m", "hint": "h"},
        "verdicts": {"website": {"outcome": "reject", "reasons": [reason]}},
    }
    html = write_page([failed], tmp_path).read_text("utf-8")
    assert "Deze foto kon niet bekeken worden." in html
    assert "R01" in html
    assert "Geen foto" in html


def test_outcomes_are_counted_per_channel(tmp_path: Path) -> None:
    html = write_page([photo(), photo("IMG_2.jpg")], tmp_path).read_text("utf-8")
    assert "2 plaatsen · 0 plaatsen, bedekt · 0 nog niet · 0 niet plaatsen" in html
    assert "0 plaatsen · 2 plaatsen, bedekt · 0 nog niet · 0 niet plaatsen" in html
    assert "0 plaatsen · 0 plaatsen, bedekt · 0 nog niet · 2 niet plaatsen" in html


def test_a_photo_that_waits_for_an_answer_is_told_from_one_that_is_rejected(tmp_path: Path) -> None:
    asks = [{"id": "q1", "kind": "any_of_these", "nl": "Staat een van hen erop?", "en": "Is any of them?"}]
    waits = {"website": verdict("reject", questions=asks, not_yet=True), "facebook": verdict("reject")}
    html = write_page([photo(verdicts=waits)], tmp_path).read_text("utf-8")
    assert html.count('class="badge not_yet"') == html.count('class="badge reject"') == 1
    assert "Nog geen foto" in html
    assert "0 plaatsen · 0 plaatsen, bedekt · 1 nog niet · 0 niet plaatsen" in html


def test_all_questions_are_there_the_first_three_in_sight(tmp_path: Path) -> None:
    """Those about all channels together, once; last the one about harm."""
    asked = [{"id": f"q{i}", "kind": "is_present", "nl": f"Vraag {i}?", "en": f"Question {i}?"} for i in range(5)]
    verdicts = {
        channel: verdict("blur", "website/IMG_1.jpg", questions=asked[:1]) for channel in ("website", "facebook")
    }
    html = write_page([photo(verdicts=verdicts, asks=asked[:4], questions=asked[4:])], tmp_path).read_text("utf-8")
    assert html.count("Vraag 0?") == 1
    shown, folded = html.split("<details>")
    assert [i for i in range(5) if f"Vraag {i}?" in shown] == [0, 1, 2]
    assert [i for i in range(5) if f"Vraag {i}?" in folded] == [3, 4]


def test_the_page_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = write_page([photo()], tmp_path)
    before = page.read_bytes()

    def full_disk(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full_disk)
    with pytest.raises(OutputUnwritable):
        write_page([photo("IMG_2.jpg")], tmp_path)
    assert page.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["index.html"]


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(OutputUnwritable):
        write_page([], tmp_path / "file" / "demo")
