"""What the teacher's page shows of what was said of a face, and what it takes back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from tests.api.posts import posting
from tests.api.posts.posting import CALLER, School, faces, photo, posting_school

from fotopoort.registry.access.roles import Act, KeyRole
from fotopoort.registry.people import people
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.posts import posts, progress
from fotopoort.vocabulary import Face

from .teacher import begin, log_in
from .visitor import add

COVER, ADULT, OTHER_CHILD, TAKE_BACK = "Bedekken", "Volwassene die het goedvindt", "Een ander kind", "Neem terug"


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


@pytest.fixture
def dialog(page: Page) -> Locator:
    """A photo of two faces, opened."""
    send(page, photo(2))
    return near_by(page)


@pytest.fixture
def strip(dialog: Locator) -> Locator:
    """The two faces below it."""
    return dialog.locator(".strip button.face")


LookAgain = Callable[[Callable[[int], tuple[Face, ...]]], None]


@pytest.fixture
def look_again(school: School, page: Page, monkeypatch: pytest.MonkeyPatch) -> LookAgain:
    """Have the photos looked at again, where other faces are found now."""

    def look(found: Callable[[int], tuple[Face, ...]]) -> None:
        monkeypatch.setattr(posting, "faces", found)
        post = page.url.partition("#post=")[2]
        with school.door.registry.write(CALLER, Act.POST) as session:
            posts.bump(session, post, edited=False, photos=progress.look_again(session, post))

    return look


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


def test_what_is_taken_back_was_said_of_that_place(dialog: Locator, strip: Locator, look_again: LookAgain) -> None:
    """Also where its face has another id since the photo was looked at again."""
    first, second = strip.nth(0), strip.nth(1)
    tell(dialog, 1, OTHER_CHILD)
    tell(dialog, 2, OTHER_CHILD)
    expect(second).to_have_accessible_name(f"Gezicht 2: {OTHER_CHILD}")
    place = first.locator("svg").get_attribute("viewBox") or ""

    look_again(numbered_from_the_right)
    expect(second.locator("svg")).to_have_attribute("viewBox", place)
    expect(second).to_have_accessible_name(f"Gezicht 2: {COVER}")
    tell(dialog, 2, TAKE_BACK)
    expect(second).to_have_accessible_name("Gezicht 2")
    expect(first).to_have_accessible_name(f"Gezicht 1: {COVER}")
    tell(dialog, 1, TAKE_BACK)
    expect(first).to_have_accessible_name("Gezicht 1")


def test_a_wish_that_holds_for_two_faces_is_taken_back_of_either(
    dialog: Locator, strip: Locator, look_again: LookAgain
) -> None:
    """For the face at its place, and for the one that has its id since the photo was looked at again."""
    first, second = strip.nth(0), strip.nth(1)
    tell(dialog, 1, COVER)
    look_again(numbered_from_the_right)
    expect(second).to_have_accessible_name(f"Gezicht 2: {COVER}")
    expect(first).to_have_accessible_name(f"Gezicht 1: {COVER}")
    tell(dialog, 1, TAKE_BACK)
    expect(first).to_have_accessible_name("Gezicht 1")
    expect(second).to_have_accessible_name("Gezicht 2")


def numbered_from_the_right(count: int) -> tuple[Face, ...]:
    found = faces(count)
    return tuple(replace(face, box=other.box) for face, other in zip(found, reversed(found), strict=True))


def test_a_wish_is_taken_back_of_a_face_that_is_found_a_bit_further(
    dialog: Locator, strip: Locator, look_again: LookAgain
) -> None:
    """No face is at that place any more; the one of that id is covered."""
    face = strip.first
    tell(dialog, 1, COVER)
    place = face.locator("svg").get_attribute("viewBox") or ""
    look_again(further)
    expect(face.locator("svg")).not_to_have_attribute("viewBox", place)
    expect(face).to_have_accessible_name(f"Gezicht 1: {COVER}")
    tell(dialog, 1, TAKE_BACK)
    expect(face).to_have_accessible_name("Gezicht 1")


def further(count: int) -> tuple[Face, ...]:
    return tuple(replace(face, box=replace(face.box, x=face.box.x + 60)) for face in faces(count))


def test_somebody_who_was_said_to_be_the_wrong_face_is_the_right_one_after_it(page: Page, school: School) -> None:
    """One person is one face: of both, neither would be believed."""
    add_pupil(school, "mila", "Mila Achternaam")
    send(page, photo(2))
    asked = page.locator(".question .strip button.face")
    for right, wrong in ((0, 1), (1, 0)):
        asked.nth(right).click()
        expect(asked.nth(right)).to_have_accessible_name(f"Gezicht {right + 1} op foto 1: Daan Achternaam")
        expect(asked.nth(wrong)).to_have_accessible_name(f"Gezicht {wrong + 1} op foto 1")
    dialog = near_by(page)
    tell(dialog, 1, "Daan Achternaam mag niet overal")
    expect(dialog.locator(".strip button.face").first).to_have_accessible_name("Gezicht 1: Daan Achternaam")
    expect(dialog.locator(".strip button.face").last).to_have_accessible_name("Gezicht 2")


def test_two_children_of_one_name_are_two(page: Page, school: School) -> None:
    add_pupil(school, "daan-2", "Daan Achternaam")
    send(page, photo(2))
    names, face = page.locator(".question .chip"), page.locator(".question .strip button.face").first
    expect(names).to_have_text([re.compile("Daan")] * 2)
    persons = set()
    for name in names.all():
        name.click()
        face.click()
        expect(page.locator(".saving")).to_have_count(0)
        expect(face).to_have_accessible_name(re.compile("Daan"))
        persons.add(page.locator("fp-post").evaluate("view => view.post.photos[0].judged.faces[0].person"))
    assert persons == {"daan", "daan-2"}


def add_pupil(school: School, id: str, name: str) -> None:
    """Of whom nobody said yes."""
    with school.door.registry.write(CALLER, Act.EDIT_PEOPLE) as session:
        people.add(session, PersonRecord(id, name=name), {"groep 5"})


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


def test_a_box_that_was_drawn_over_a_face_is_taken_back_of_that_face(dialog: Locator, strip: Locator) -> None:
    first, second = strip.nth(0), strip.nth(1)
    tell(dialog, 2, COVER)
    draw_over(dialog, faces(1)[0])
    expect(first).to_have_accessible_name(f"Gezicht 1: {COVER}")
    tell(dialog, 1, TAKE_BACK)
    expect(first).to_have_accessible_name("Gezicht 1")
    expect(second).to_have_accessible_name(f"Gezicht 2: {COVER}")


def test_what_was_said_is_taken_back_before_a_box_that_covers(dialog: Locator, strip: Locator) -> None:
    """It is what the face is called; taking back the box would have shown the face."""
    face = strip.first
    tell(dialog, 1, OTHER_CHILD)
    draw_over(dialog, faces(1)[0])
    expect(dialog.locator(".strip button.face")).to_have_count(2)
    tell(dialog, 1, TAKE_BACK)
    expect(face).to_have_accessible_name(f"Gezicht 1: {COVER}")
    tell(dialog, 1, TAKE_BACK)
    expect(face).to_have_accessible_name("Gezicht 1")


def draw_over(dialog: Locator, face: Face) -> None:
    """A box, by a tap on each of two corners."""
    button, picture = dialog.get_by_role("button", name="Bedek nog iets"), dialog.locator("svg.picture")
    button.click()
    picture.scroll_into_view_if_needed()
    for corner in ((face.box.x + 10, face.box.y + 10), (face.box.right, face.box.bottom)):
        at = picture.evaluate("(svg, corner) => new DOMPoint(...corner).matrixTransform(svg.getScreenCTM())", corner)
        dialog.page.mouse.click(at["x"], at["y"])
    expect(button).to_have_attribute("aria-pressed", "false")
