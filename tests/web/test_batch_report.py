"""The report of a folder as somebody uses it: opened from the disk, in a browser, without a server.

In one file, as every test opens the same page by the same few helpers.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Locator, Page, ViewportSize
from tests.entries import FACTS, IS_HARMFUL, any_of_these, entry, face, failed, is_name, outsiders, verdict, who_is_this
from tests.waiting import wait_for

from fotopoort.batch.entry import Entry
from fotopoort.batch.report import html_report
from fotopoort.batch.report.html_report import write_report
from fotopoort.batch.storage.folder import Folder
from fotopoort.photo.perceptual_hash import BYTES
from fotopoort.registry.answers.answers_file import AnswersFile, read_answers
from fotopoort.vocabulary import Box

Opened: TypeAlias = Callable[..., Page]
DESKTOP, PHONE = ViewportSize(width=1280, height=900), ViewportSize(width=390, height=844)
HOSTILE = "</script><script>window.hit=1</script><img src=x onerror='window.hit=1'>"


@pytest.fixture
def opened(tmp_path: Path, context: BrowserContext) -> Iterator[Opened]:
    """Write a report of some photos and open it. Fails where the page meets an error or asks for what is not there."""
    out, trouble = tmp_path / "uit", list[str]()

    def open_report(entries: list[Entry], facts: html_report.Facts = FACTS) -> Page:
        for photo in entries:
            for path in pictures(photo):
                draw(out / path)
        page = context.new_page()
        page.set_viewport_size(DESKTOP)
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("console", lambda message: trouble.append(message.text))
        page.on("requestfailed", lambda request: trouble.append(request.url))
        write_report(entries, facts, Folder(out))
        page.goto((out / html_report.PAGE).as_uri())
        page.wait_for_function("() => !document.getElementById('found').textContent.includes('laden')")
        return page

    yield open_report
    assert trouble == []


def pictures(entry: Entry) -> Iterator[str]:
    if entry.thumbnail:
        yield entry.thumbnail
    for judged in entry.document["verdicts"].values():
        if judged["rendition"]:
            yield judged["rendition"]["path"]


def draw(path: Path) -> None:
    out = io.BytesIO()
    Image.new("RGB", (32, 24), "teal").save(out, "JPEG")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(out.getvalue())


def photo(name: str, **more: object) -> Entry:
    """With a picture of its own."""
    made = entry(name, **more)  # type: ignore[arg-type]
    return replace(made, thumbnail=f"report/thumbnails/{made.sha256[:2]}/{made.sha256}.jpg")


def asking(name: str, *asks: dict[str, object], **more: object) -> Entry:
    return photo(name, asks=asks, **({"website": verdict("blur", f"website/{name}")} | more))


def cards(page: Page) -> list[str]:
    """The names of the photos in sight."""
    return [name.split("\n")[0] for name in page.locator("#sheet .name").all_inner_texts()]


def all_seen(pictures: Locator) -> bool:
    """Whether each of these pictures is there and could be read."""
    return bool(
        pictures.evaluate_all("found => found.length > 0 && found.every(one => one.complete && one.naturalWidth)")
    )


def test_photos_are_seen_with_their_verdicts(opened: Opened) -> None:
    page = opened([photo("1.jpg"), photo("2.jpg", website=verdict("reject")), failed("3.jpg")])
    assert cards(page) == ["1.jpg", "2.jpg", "3.jpg"]
    wait_for(lambda: all_seen(page.locator("#sheet img")))
    assert page.locator("#sheet > li").nth(1).locator(".verdicts li").all_inner_texts() == [
        "Social Schools: plaatsen",
        "De website: niet plaatsen",
    ]
    assert (
        "De foto is beschadigd of niet compleet. Kopieer hem opnieuw" in page.locator("#sheet > li").nth(2).inner_text()
    )


def test_filters_work_together(opened: Opened) -> None:
    page = opened(
        [
            photo("groep 5/IMG_1.jpg"),
            photo("groep 5/IMG_2.jpg", website=verdict("reject")),
            photo(
                "groep 6/IMG_3.jpg", website=verdict("reject"), social_schools=verdict("blur", "social_schools/3.jpg")
            ),
            asking("groep 6/Zoë.jpg", any_of_these("p1")),
            failed("kapot.jpg"),
        ]
    )
    page.get_by_label("De website").select_option("reject")
    assert cards(page) == ["IMG_2.jpg", "IMG_3.jpg", "kapot.jpg"]
    page.get_by_label("Social Schools").select_option("publish")
    assert cards(page) == ["IMG_2.jpg"]
    page.get_by_role("button", name="Alles weer tonen").click()
    assert len(cards(page)) == 5
    page.get_by_label("Naam van bestand of map").fill("ZOE")
    assert cards(page) == ["Zoë.jpg"]
    page.get_by_label("Naam van bestand of map").fill("groep 6")
    page.locator("select[name=rule]").select_option("R30")
    assert cards(page) == ["IMG_3.jpg"]
    page.get_by_label("Naam van bestand of map").fill("nergens")
    assert page.locator("#found").inner_text() == "Geen foto past hierbij."
    page.get_by_role("button", name="Alles weer tonen").click()
    page.locator("select[name=show]").select_option("with_question")
    assert cards(page) == ["Zoë.jpg"]
    page.get_by_role("button", name="1 foto", exact=True).click()  # beside why it could not be judged
    assert cards(page) == ["kapot.jpg"]


def test_one_answer_settles_many_photos_but_those_excepted(opened: Opened, tmp_path: Path) -> None:
    """What is saved is what the next run takes."""
    names = ({"id": "n1", "text": "Roos"}, {"id": "n2", "text": "roos"})
    entries = [
        asking("1.jpg", any_of_these("p1"), any_of_these("p2", "Sam")),
        asking("2.jpg", any_of_these("p1")),
        asking("3.jpg", any_of_these("p1"), is_name("n1", "Roos"), is_name("n2", "roos"), names=names),
        asking("4.jpg", who_is_this("f1"), faces=[face()]),
    ]
    earlier: dict[str, dict[str, Any]] = {
        "1.jpg": {"absent": ["p8"]},  # of a name alone: it does not come to be said of this photo
        "3.jpg": {"sha256": entries[2].sha256, "absent": ["p9"]},
        "elders.jpg": {"group": ["groep 5"]},
    }
    posts: Any = [{"photos": ["ab" * 32], "unsure": ["p7"]}]
    facts = replace(FACTS, answers={"photos": earlier, "posts": posts})
    page = opened(entries, facts)
    questions = page.locator("#questions > li")
    assert [text.split("\n")[0] for text in questions.all_inner_texts()] == [
        "Let op: Noor mag niet overal te zien zijn.",
        "Let op: Sam mag niet overal te zien zijn.",
        "Is “Roos” hier de naam van een kind?",
        "Wie is dit?",
    ]
    questions.nth(0).get_by_role("button", name="Nee, op geen van deze foto's").click()
    questions.nth(2).get_by_role("button", name="Nee, geen naam van een kind").click()
    assert questions.nth(3).get_by_role("button", name="Nee").count() == 0
    questions.nth(0).get_by_role("button", name="Toon de foto's").click()
    assert cards(page) == ["1.jpg", "2.jpg", "3.jpg"]
    page.locator("#sheet > li").nth(1).get_by_label("niet bij deze foto").check()
    assert "2 vragen beantwoord" in page.locator("#answers").inner_text()
    answers = saved_answers(page, tmp_path / "antwoorden.json")
    assert answers.keys() == {entries[0].sha256, entries[2].sha256, "1.jpg", "elders.jpg", "ab" * 32}
    assert answers.by_sha256[entries[0].sha256].absent == {"p1"}
    assert answers.by_sha256[entries[2].sha256].absent == {"p1", "p9"}
    assert answers.by_sha256[entries[2].sha256].not_names == {"n1", "n2"}
    assert [said.answers.unsure for said in answers.posts] == [{"p7"}]


def test_a_tick_answers_for_no_other_photo(opened: Opened) -> None:
    """Whoever taps beside the mark must not have answered for all the others."""
    page = opened([asking(f"{number}.jpg", any_of_these("p1")) for number in range(3)], FACTS)
    page.locator("#questions > li").nth(0).get_by_role("button", name="Toon de foto's").click()
    page.locator("#sheet > li").nth(1).get_by_label("niet bij deze foto").check()
    assert page.locator("#answers").is_hidden()
    page.locator("#questions > li").nth(0).get_by_role("button", name="Nee, op geen van deze foto's").click()
    assert "1 vraag beantwoord" in page.locator("#answers").inner_text()
    assert "1 niet meegeteld" in page.locator("#questions > li").nth(0).inner_text()


def saved_answers(page: Page, path: Path) -> AnswersFile:
    with page.expect_download() as saved:
        page.get_by_role("button", name="Antwoorden opslaan").click()
    saved.value.save_as(path)
    return read_answers(path, None)


def test_whether_it_does_harm_is_asked_once_and_a_ticked_photo_is_held_back(opened: Opened, tmp_path: Path) -> None:
    entries = [
        photo("1.jpg", questions=[IS_HARMFUL]),
        photo("2.jpg", questions=[IS_HARMFUL]),
        asking("3.jpg", any_of_these(), website=verdict("reject")),
    ]
    page = opened(entries)
    harm, who = page.locator("#questions > li").all()
    assert harm.inner_text().startswith("Kan iemand hier last van krijgen?")
    harm.get_by_role("button", name="Toon de foto's").click()
    assert cards(page) == ["1.jpg", "2.jpg"]
    page.locator("#sheet > li").nth(1).get_by_label("ja, bij deze foto").check()
    assert "1 niet plaatsen" in harm.inner_text()
    answers = saved_answers(page, tmp_path / "alleen.json")
    assert {sha256: said.harmful for sha256, said in answers.by_sha256.items()} == {entries[1].sha256: True}
    harm.get_by_role("button", name="Nee, bij geen van deze foto's").click()
    answers = saved_answers(page, tmp_path / "alles.json")
    assert {sha256: said.harmful for sha256, said in answers.by_sha256.items()} == {
        entries[0].sha256: False,
        entries[1].sha256: True,
    }
    harm.get_by_role("button", name="Nee, bij geen van deze foto's").click()
    page.locator("#sheet > li").nth(1).get_by_label("ja, bij deze foto").uncheck()
    assert page.locator("#answers").is_hidden()
    assert "Nee, op geen van deze foto's" in who.inner_text()
    page.get_by_role("button", name="Alles weer tonen").last.click()
    page.locator("select[name=show]").select_option("with_question")
    assert cards(page) == ["3.jpg"], "that one question leaves no other photo without a question"


def test_which_faces_a_question_is_about_is_told_beside_the_photo(opened: Opened) -> None:
    page = opened([asking("1.jpg", outsiders("f1", "f3"), faces=[face(1), face(2), face(3)])])
    question = page.locator("#questions > li")
    assert "Dit is per foto anders" in question.inner_text()
    assert question.get_by_role("button").all_inner_texts()[-1] == "Toon de foto's"
    page.locator("#sheet .open").click()
    assert page.locator(".asking li").inner_text() == "Hier staan meer gezichten op. f1 f3"


def of_a_moment(name: str, moment: int, *asks: dict[str, object], **more: object) -> Entry:
    """One of the photos of that moment."""
    at = {"captured_at": f"2024-03-12T10:{moment:02}:00", "likeness": f"{moment % 16:x}" * 2 * BYTES}
    return asking(name, *asks, **at, **more)


def test_photos_of_one_moment_are_shown_together_with_a_line_around_each_face_asked_about(opened: Opened) -> None:
    three = [face(1), face(5), face(9)]
    noor = any_of_these("p1") | {"faces": ["f1", "f9"]}
    first = [of_a_moment(f"a{number}.jpg", 1, noor, faces=three) for number in range(2)]
    other = of_a_moment("b.jpg", 2, noor, faces=three)
    last = of_a_moment("a2.jpg", 1, noor, faces=three)
    page = opened([*first, other, last])
    question = page.locator("#questions > li")
    assert question.locator(".strip .open .name").all_inner_texts() == ["a0.jpg", "a1.jpg", "a2.jpg", "b.jpg"]
    together = question.get_by_role("list", name="3 foto's van één moment")
    assert together.locator("> li").count() == 3
    drawn, pixels = question.locator(".over").first, question.locator(".over img").first
    wait_for(lambda: all_seen(pixels))
    assert drawn.locator(".line").count() == 2, "not the face that was answered"
    box, image = drawn.locator(".line").last.bounding_box(), pixels.bounding_box()
    assert box is not None
    assert image is not None
    assert image["width"] / image["height"] == pytest.approx(4 / 3, abs=0.05)
    assert box["x"] + box["width"] / 2 == pytest.approx(image["x"] + 0.238 * image["width"], abs=1)
    assert box["y"] + box["height"] / 2 == pytest.approx(image["y"] + 0.07 * image["height"], abs=1)
    assert "met een lijn om 2 gezichten" in (pixels.get_attribute("alt") or "")


def test_where_somebody_may_be_missed_each_face_that_was_found_is_outlined(opened: Opened) -> None:
    unseen = {"id": "q-unseen-person", "kind": "unseen_person", "nl": "Staat er nog iemand op?", "en": ""}
    page = opened([asking("1.jpg", unseen | {"answer": {"no_unseen_people": True}}, faces=[face(1), face(2)])])
    assert page.locator("#questions .line").count() == 2
    assert page.locator("#sheet .line").count() == 0, "which is about no question"
    page.get_by_role("button", name="Toon de foto's").click()
    assert page.locator("#sheet .line").count() == 2


def test_one_answer_for_all_photos_waits_until_all_were_shown(opened: Opened) -> None:
    page = opened([asking(f"{number:03}.jpg", any_of_these("p1")) for number in range(80)])
    question = page.locator("#questions > li")
    everybody = question.get_by_role("button", name="Nee, op geen van deze foto's")
    assert question.locator(".strip .open").count() == 12
    assert everybody.is_disabled()
    assert "Bekijk ze eerst: nog 68." in question.inner_text()
    question.get_by_role("button", name="Toon er meer (68)").press("Enter")
    assert question.locator(".strip .open").count() == 72
    assert everybody.is_disabled()
    page.keyboard.press("Enter")  # the button that shows more keeps the focus
    assert question.locator(".strip .open").count() == 80
    assert question.get_by_role("button", name="Toon er meer").count() == 0
    assert everybody.is_enabled()
    page.keyboard.press("Enter")  # and then the first photo that was not seen has it: whoever goes on answers nothing
    assert page.get_by_role("dialog").get_by_role("heading", level=2).inner_text().startswith("072.jpg")
    assert everybody.get_attribute("aria-pressed") == "false"


def test_a_moment_is_shown_whole(opened: Opened) -> None:
    page = opened([of_a_moment(f"{number:02}.jpg", 1, any_of_these("p1")) for number in range(20)])
    question = page.locator("#questions > li")
    assert question.locator(".strip .open").count() == 20
    assert question.get_by_role("button", name="Nee, op geen van deze foto's").is_enabled()


def test_what_nobody_knows_is_said_and_rules_nobody_out(opened: Opened, tmp_path: Path) -> None:
    names = ({"id": "n1", "text": "Roos"},)
    entries = [
        asking("1.jpg", any_of_these("p1"), who_is_this("f2"), faces=[face(1), face(2)]),
        asking("2.jpg", any_of_these("p1"), is_name("n1", "Roos"), names=names),
        photo("3.jpg", questions=[IS_HARMFUL]),
    ]
    earlier: dict[str, Any] = {entries[0].sha256: {"faces": {"f1": {"say": "adult", "box": [1, 2, 3, 4]}}}}
    page = opened(entries, replace(FACTS, answers={"photos": earlier}))
    harm, any_of, name, who = page.locator("#questions > li").all()
    any_of.get_by_role("button", name="Nee, op geen van deze foto's").click()
    for question in (harm, any_of, name, who):
        question.get_by_role("button", name="Weet ik niet").click()
    pressed = any_of.locator("button[aria-pressed=true]").all_inner_texts()
    assert pressed == ["Weet ik niet"], "not both at once"
    any_of.get_by_role("button", name="Toon de foto's").click()
    page.locator("#sheet > li").nth(1).get_by_label("niet bij deze foto").check()
    said = saved_answers(page, tmp_path / "antwoorden.json").by_sha256
    first, second, third = (said[entry.sha256] for entry in entries)
    assert [*first.unsure] == ["p1"]
    assert not first.absent | second.unsure | second.not_names
    assert {face: answer.label for face, answer in first.faces.items()} == {"f1": "adult", "f2": "unknown"}
    assert first.faces["f2"].box is not None
    assert ([*second.left_open], [*third.left_open]) == (["q-is-name-n1"], ["q-is-harmful"])
    assert third.harmful is None


def test_not_to_know_a_face_takes_back_nothing_that_was_said_before(opened: Opened, tmp_path: Path) -> None:
    asked = asking("1.jpg", *(who_is_this(f"f{number}") for number in (1, 2, 3, 4)), faces=[*map(face, (1, 2, 3, 4))])
    far, here = [900, 900, 40, 50], [310, 150, 100, 120]
    earlier = {
        "f1": "cover",
        "f2": {"say": "other_child", "box": far},
        "f3": {"person": "p1", "box": here},
        "f3@900,900,40,50": {"say": "other_child", "box": far},
    }
    page = opened([asked], replace(FACTS, answers={"photos": {asked.sha256: {"faces": earlier}}}))
    for question in page.locator("#questions > li").all():
        question.get_by_role("button", name="Weet ik niet").click()
    faces = saved_answers(page, tmp_path / "antwoorden.json").by_sha256[asked.sha256].faces
    assert {id: answer.label for id, answer in faces.items()} == {
        "f1": "cover", "f2@900,900,40,50": "other_child", "f2": "unknown", "f3": "person",
        "f3@900,900,40,50": "other_child", "f4": "unknown",
    }  # fmt: skip
    assert faces["f2@900,900,40,50"].box == Box(*far)


def test_a_crop_is_offered_and_the_tick_asks_for_it(opened: Opened, tmp_path: Path) -> None:
    crop = {"crop": {"box": [0, 0, 2000, 3000], "applied": False}}
    entries = [photo("1.jpg"), photo("2.jpg", website=verdict("blur", "website/2.jpg") | crop)]
    page = opened(entries)
    offered = page.locator("#sheet").get_by_label("Gebruik een stuk van de foto: dat mag zonder bedekken (De website)")
    assert offered.count() == 1
    page.locator("select[name=show]").select_option("can_be_cropped")
    assert cards(page) == ["2.jpg"]
    offered.check()
    assert offered.is_checked()
    assert page.locator("#answered").inner_text() == "1 foto waarvan je een stuk gebruikt"
    page.locator("#sheet .open").click()
    assert page.get_by_role("dialog").get_by_role("checkbox").is_checked()
    page.keyboard.press("Escape")
    said = saved_answers(page, tmp_path / "antwoorden.json").by_sha256
    assert {sha256: answers.crop for sha256, answers in said.items()} == {entries[1].sha256: True}
    offered.uncheck()
    assert page.locator("#answers").is_hidden()


def test_an_answer_can_be_taken_back(opened: Opened) -> None:
    page = opened([asking("1.jpg", any_of_these("p1"))])
    answer = page.get_by_role("button", name="Nee, op geen van deze foto's")
    answer.click()
    assert answer.get_attribute("aria-pressed") == "true"
    answer.click()
    assert answer.get_attribute("aria-pressed") == "false"
    assert page.locator("#answers").is_hidden()


def test_of_a_burst_the_best_is_proposed(opened: Opened) -> None:
    alike = {"likeness": "0" * 2 * BYTES, "captured_at": "2024-03-12T10:00:00"}
    page = opened([photo("1.jpg", faces=[face(frontal=True)], **alike), photo("2.jpg", **alike)])
    first, second = page.locator("#bursts .strip > li").all()
    assert "Gebruik deze" not in first.inner_text()
    assert "Gebruik deze" in second.inner_text()
    page.locator("select[name=show]").select_option("in_burst")
    assert cards(page) == ["1.jpg", "2.jpg"]


def test_before_and_after_are_seen_with_the_keyboard_alone(opened: Opened) -> None:
    page = opened([photo("1.jpg", website=verdict("blur", "website/1.jpg")), photo("2.jpg", website=verdict("reject"))])
    page.locator("#sheet .open").first.focus()
    page.keyboard.press("Enter")
    detail = page.get_by_role("dialog")
    assert detail.get_by_role("heading", level=2).inner_text().startswith("1.jpg")
    wait_for(lambda: all_seen(detail.locator("img")))
    assert detail.locator("img").count() == 3
    assert "Dit kan iemand zijn die niet op dit kanaal mag. R22 f1" in detail.inner_text()
    page.keyboard.press("ArrowRight")
    assert detail.get_by_role("heading", level=2).inner_text().startswith("2.jpg")
    assert "Geen nieuwe foto" in detail.inner_text()
    page.keyboard.press("Escape")
    assert detail.count() == 0
    assert page.evaluate("() => document.activeElement.dataset.photo") == "0"


def test_each_face_bears_its_number_where_it_is(opened: Opened) -> None:
    page = opened([photo("1.jpg", faces=[face(1), face(9)])])
    page.locator("#sheet .open").click()
    picture, mark = page.locator(".marked img").bounding_box(), page.locator(".mark", has_text="f9").bounding_box()
    assert picture is not None
    assert mark is not None
    assert page.locator(".mark").all_inner_texts() == ["f1", "f9"]
    assert mark["x"] + mark["width"] / 2 == pytest.approx(picture["x"] + 0.238 * picture["width"], abs=1)
    assert mark["y"] + mark["height"] / 2 == pytest.approx(picture["y"] + 0.07 * picture["height"], abs=1)


def test_many_photos_are_turned_page_by_page(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html_report, "PHOTOS_PER_FILE", 50)
    page = opened([photo(f"{number:03}.jpg") for number in range(130)])
    assert (len(cards(page)), cards(page)[0]) == (60, "000.jpg")
    page.get_by_role("button", name="Volgende").click()
    page.get_by_role("button", name="Volgende").click()
    assert (len(cards(page)), cards(page)[-1]) == (10, "129.jpg")
    assert page.get_by_role("button", name="Volgende").is_disabled()
    assert page.locator("#page").inner_text() == "121–130 van 130"


def test_pictures_out_of_sight_are_not_fetched(opened: Opened) -> None:
    page = opened([photo(f"{number:03}.jpg") for number in range(60)])
    pictures = page.locator("#sheet img")
    wait_for(lambda: all_seen(pictures.first))
    assert pictures.evaluate_all("found => found.filter(one => one.naturalWidth).length") < 60


@pytest.mark.parametrize("name", ["een\nnaam.jpg", "caf\udce9.jpg", "juf & meester #1?.jpg", "100%25.jpg", "a:b.jpg"])
def test_any_name_is_shown_and_its_pictures_too(opened: Opened, name: str) -> None:
    page = opened([photo(name)])
    page.locator("#sheet .open").click()
    pictures = page.get_by_role("dialog").locator("img")
    assert pictures.count() == 3
    wait_for(lambda: all_seen(pictures))


def test_a_hostile_name_is_read_as_it_is(opened: Opened) -> None:
    name = HOSTILE.replace("/", "|")
    judged = verdict("blur", "website/1.jpg")
    judged["reasons"][0]["nl"] = HOSTILE
    hostile = replace(photo("1.jpg", website=judged, asks=[any_of_these("p1", HOSTILE)]), path=name)
    page = opened([failed(HOSTILE), hostile], replace(FACTS, folder=HOSTILE))
    page.locator("#sheet .open").last.click()
    assert page.evaluate("() => window.hit") is None
    assert page.locator("h1").inner_text().endswith(HOSTILE)
    assert HOSTILE in page.locator("#questions b").inner_text()
    assert name in page.get_by_role("dialog").inner_text()
    assert HOSTILE in page.get_by_role("dialog").inner_text()


def test_the_page_speaks_english_too(opened: Opened) -> None:
    page = opened([asking("1.jpg", any_of_these("p1")), failed()], replace(FACTS, folder="2024", hidden=1))
    page.get_by_role("button", name="English").click()
    text = page.locator("body").inner_text()
    assert page.locator("html").get_attribute("lang") == "en"
    assert "Note: Noor may not be shown everywhere." in text
    assert "No, in none of these photos" in text
    assert "The photo is damaged or cut off." in text
    assert "The website: publish, covered" in text
    for dutch in ("foto's", "plaatsen", "Toon", "alle", "Verborgen"):
        assert dutch not in text
    page.get_by_role("button", name="Nederlands").click()
    assert "Let op: Noor mag niet overal te zien zijn." in page.locator("body").inner_text()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_nothing_sticks_out(opened: Opened, size: ViewportSize) -> None:
    long = "een-heel-lange-naam-zonder-spaties-" * 6
    page = opened(
        [asking(f"{long}.jpg", any_of_these("p1", long)), photo("2.jpg"), failed(long)], replace(FACTS, folder=long)
    )
    page.set_viewport_size(size)
    assert page.evaluate("() => document.documentElement.scrollWidth") == size["width"]
    page.locator("#sheet .open").first.click()
    assert (
        page.evaluate(
            "() => { const one = document.querySelector('dialog'); return one.scrollWidth - one.clientWidth }"
        )
        == 0
    )


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_on_a_card_nothing_lies_over_anything_else(opened: Opened, size: ViewportSize) -> None:
    page = opened([asking("1.jpg", any_of_these())])
    page.set_viewport_size(size)
    page.locator("#questions").get_by_role("button", name="Toon de foto's").click()
    assert page.locator("#sheet > li > *").evaluate_all(
        "found => found.map(one => one.scrollHeight - one.clientHeight)"
    ) == [0, 0, 0], "picture with name, verdicts, and what can be ticked"


def test_everything_that_can_be_pressed_has_a_name(opened: Opened) -> None:
    page = opened([asking("1.jpg", any_of_these("p1")), photo("2.jpg")])
    page.locator("#sheet .open").first.click()
    nameless = page.locator("button, a, input, select").evaluate_all(
        "found => found.filter(one => !one.innerText.trim() && !one.ariaLabel && !one.labels?.length)"
        ".filter(one => one.checkVisibility() && !one.querySelector('img[alt]')).length"
    )
    assert nameless == 0
    assert page.locator("img:not([alt])").count() == 0


def test_a_part_that_is_missing_is_told(context: BrowserContext, tmp_path: Path) -> None:
    write_report([entry()], FACTS, Folder(tmp_path))
    for part in (tmp_path / "report").glob("*-photos-0.js"):
        part.unlink()
    opened_alone = context.new_page()
    opened_alone.goto((tmp_path / html_report.PAGE).as_uri())
    opened_alone.get_by_text("Een deel van dit verslag ontbreekt.").wait_for()


def test_it_can_be_printed(opened: Opened) -> None:
    page = opened([asking("1.jpg", any_of_these("p1")), photo("2.jpg")])
    page.emulate_media(media="print")
    page.locator("#filter").wait_for(state="hidden")
    assert page.locator("#sheet > li").count() == 2
    assert page.get_by_text("Let op: Noor mag niet overal te zien zijn.").is_visible()
