"""The very same photo comes in another post, by the CMS or by itself: what was said of it once keeps things covered."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any
from zlib import crc32

import httpx
import pytest
from tests.waiting import wait_for

from ..posts.posting import POSTS, School, change, make, photo, say, settled, shown, upload
from .asking import ask, now, once, post_of, told

MISSED = {"box": [1500, 1500, 80, 100]}
COVERED = [1500, 1500]
IN_IT = {"absent": ["daan"]}  # everybody else may be shown
SCREENINGS = "/v1/screenings"


@pytest.fixture
def content(request: pytest.FixtureRequest) -> bytes:
    """A photo with two faces, another one for each test: what is said of it stays said."""
    return photo(2, crc32(request.node.name.encode()))


@pytest.fixture
def juf(school: School) -> Iterator[httpx.Client]:
    with school.client("juf") as client:
        yield client


@pytest.fixture
def meester(school: School) -> Iterator[httpx.Client]:
    with school.client("meester") as client:
        yield client


def posted(client: httpx.Client, content: bytes) -> tuple[str, str]:
    """A post with the photo, in which everybody may be shown; and the photo in it."""
    post = make(client)
    (added,) = upload(client, post, content)
    say(client, post, [added], IN_IT)
    settled(client, post)
    return post, added


def rendered(client: httpx.Client, post: str, added: str) -> dict[str, Any]:
    """What goes out of the photo, once that is made."""
    settled(client, post)
    answer = client.get(f"{POSTS}/{post}/photos/{added}/renditions/website")
    assert answer.status_code == 200, answer.text
    return shown(answer.content)


def is_covered(client: httpx.Client, post: str, added: str) -> bool:
    return COVERED in rendered(client, post, added)["covered"]


def sent(client: httpx.Client, content: bytes) -> dict[str, Any]:
    """The photo by itself."""
    data = {"channel": ["website"], "group": ["groep 5"], "absent": ["daan"]}
    document: dict[str, Any] = told(client.post(SCREENINGS, files={"photo": ("IMG_1.jpg", content)}, data=data))
    return document


def is_uncovered(client: httpx.Client, post: str, added: str) -> bool:
    return not is_covered(client, post, added)


def test_a_face_that_was_missed_is_covered_in_posts_before_and_after(
    juf: httpx.Client, meester: httpx.Client, content: bytes
) -> None:
    earlier, mine = posted(juf, content), posted(meester, content)
    assert not is_covered(juf, *earlier)
    say(meester, mine[0], [mine[1]], {"drawn": [MISSED]})
    assert is_covered(meester, *mine)
    wait_for(lambda: is_covered(juf, *earlier))
    later = posted(juf, content)
    assert is_covered(juf, *later)
    (verdict,) = settled(juf, later[0])["photos"][0]["judged"]["verdicts"].values()
    assert "R26" in [reason["rule"] for reason in verdict["reasons"]]
    assert change(meester, "POST", "/undo", mine[0]).status_code == 200
    for post in (earlier, later):
        wait_for(partial(is_uncovered, juf, *post))


def test_it_is_taken_as_said_by_nobody_here(juf: httpx.Client, meester: httpx.Client, content: bytes) -> None:
    """The log here has nothing of it, and who was pointed out there is not named."""
    mine, theirs = posted(meester, content), posted(juf, content)
    say(meester, mine[0], [mine[1]], {"faces": {"f1": {"person": "daan"}}})
    wait_for(lambda: "f1" not in rendered(juf, *theirs)["shown"])
    document = settled(juf, theirs[0])
    assert "f2" in rendered(juf, *theirs)["shown"]
    answers = juf.get(f"{POSTS}/{theirs[0]}/answers").json()
    assert [entry["answers"] for entry in answers["answers"]] == [IN_IT]
    assert "daan" not in str(document["photos"])


def test_what_a_teacher_says_here_of_that_very_face_holds_here(
    juf: httpx.Client, meester: httpx.Client, content: bytes
) -> None:
    mine, theirs = posted(meester, content), posted(juf, content)
    say(meester, mine[0], [mine[1]], {"faces": {"f1": "cover"}})
    wait_for(lambda: "f1" not in rendered(juf, *theirs)["shown"])
    say(juf, theirs[0], [theirs[1]], {"faces": {"f1": {"person": "noor"}}})
    assert "f1" in rendered(juf, *theirs)["shown"]
    assert "f1" not in rendered(meester, *mine)["shown"]


@pytest.mark.parametrize("is_over", [False, True])
def test_what_a_website_published_is_taken_down(
    cms: httpx.Client, juf: httpx.Client, content: bytes, *, is_over: bool
) -> None:
    document = told(ask(cms, content, reference=f"artikel {is_over}"))
    post = post_of(document)
    say(juf, post, [settled(juf, post)["photos"][0]["id"]], IN_IT)
    wait_for(lambda: now(cms, document["id"])["holds"])
    if is_over:
        assert change(juf, "POST", "/finish", post).status_code == 200
    mine = posted(juf, content)
    say(juf, mine[0], [mine[1]], {"harmful": True})
    once(cms, document["id"], holds=False)
    again = told(ask(cms, content, reference=f"ander artikel {is_over}"))
    assert (again["outcome"], again["holds"]) == ("reject", False)


def test_what_was_said_in_a_post_that_is_over_is_taken_back_there(juf: httpx.Client, content: bytes) -> None:
    mine, other = posted(juf, content), posted(juf, content)
    say(juf, mine[0], [mine[1]], {"drawn": [MISSED]})
    number = juf.get(f"{POSTS}/{mine[0]}/answers").json()["answers"][-1]["number"]
    wait_for(partial(is_covered, juf, *other))
    assert change(juf, "POST", "/finish", mine[0]).status_code == 200
    assert is_covered(juf, *other)
    answer = change(juf, "DELETE", f"/answers/{number}", mine[0])
    assert answer.status_code == 200, answer.text
    wait_for(partial(is_uncovered, juf, *other))


def test_what_somebody_may_be_shown_by_leaves_what_was_given(juf: httpx.Client, content: bytes) -> None:
    first = sent(juf, content)
    rendition = first["verdicts"]["website"]["rendition"]["href"]
    mine = posted(juf, content)
    say(juf, mine[0], [mine[1]], {"faces": {"f1": {"person": "noor"}}})
    assert juf.get(rendition).status_code == 200


def test_what_was_given_of_the_photo_by_itself_is_not_given_again(juf: httpx.Client, content: bytes) -> None:
    first = sent(juf, content)
    rendition = first["verdicts"]["website"]["rendition"]["href"]
    assert juf.get(rendition).status_code == 200
    mine = posted(juf, content)
    say(juf, mine[0], [mine[1]], {"drawn": [MISSED]})
    assert juf.get(rendition).status_code == 410
    again = sent(juf, content)
    assert shown(juf.get(again["verdicts"]["website"]["rendition"]["href"]).content)["covered"] == [COVERED]
    assert again["receipt"]["answers"] != first["receipt"]["answers"]
