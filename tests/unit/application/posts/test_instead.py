"""Of several photos of one moment, which to use."""

from __future__ import annotations

from dataclasses import replace

from tests.unit.policy.scenes import (
    AWAY,
    CLOSED,
    NO,
    OBJECTED,
    POLICY,
    WEBSITE,
    consenting,
    faces,
    photo,
    pupil,
    school,
)

from fotopoort.application.context import DecisionContext
from fotopoort.application.posts.given import post_document, post_of
from fotopoort.application.redecision import GivenScreening
from fotopoort.errors import Damaged
from fotopoort.photo.perceptual_hash import BYTES
from fotopoort.policy.posts.verdicts import decide_photo
from fotopoort.screening.analysis import Stopwatch
from fotopoort.screening.screen import Request, conclude, unjudged
from fotopoort.vocabulary import Answers, Findings

PEOPLE = school(*consenting(24), pupil("refuser", NO, closed=OBJECTED))
CONTEXT = DecisionContext("1", POLICY, PEOPLE)
SETTLED = Answers(groups=frozenset({"groep 5"}), absent=frozenset({"refuser"}))
LIKE, UNLIKE = "0" * 2 * BYTES, "f" * 2 * BYTES


def given(
    name: str, *, said: Answers = SETTLED, likeness: str = LIKE, seconds: int | None = 0, seen: Findings | None = None
) -> GivenScreening:
    """A photo of three people from the side, of whom everybody may be shown once it is said who is in it."""
    findings = replace(seen or photo(*faces(3, **AWAY)), sha256=f"{ord(name):064x}", perceptual_hash=likeness)
    request = Request((WEBSITE, CLOSED), said, file_name=name)
    verdicts, asks = decide_photo(findings, said, PEOPLE, POLICY, request.channels, together=False)
    screening = replace(conclude(findings, request, verdicts, {}, Stopwatch()), asks=asks)
    captured_at = None if seconds is None else f"2026-11-24T10:00:{seconds:02}"
    return GivenScreening(screening, request, CONTEXT, captured_at=captured_at)


def instead(*several: GivenScreening) -> str:
    """As in "b<a": a rather than b."""
    found: dict[str, str] = post_document(several).get("instead", {})
    return " ".join(f"{chr(int(photo, 16))}<{chr(int(better, 16))}" for photo, better in found.items())


HARMFUL = replace(SETTLED, harmful=True)
NOT_YET = replace(SETTLED, absent=frozenset())


def test_one_of_which_more_can_go_out_is_named() -> None:
    assert instead(given("a", said=HARMFUL), given("b"), given("c", said=NOT_YET)) == "a<b c<b"


def test_none_is_named_where_they_are_alike_or_of_another_moment() -> None:
    assert instead(given("a"), given("b")) == ""
    assert instead(given("a", said=HARMFUL), given("b", likeness=UNLIKE)) == ""
    assert "instead" not in post_document([given("a", said=HARMFUL)])


def test_photos_of_one_minute_may_differ_more_than_those_of_which_no_time_is_known() -> None:
    moved = f"{(1 << 25) - 1:0{2 * BYTES}x}"
    assert instead(given("a", said=HARMFUL), given("b", likeness=moved, seconds=3)) == "a<b"
    assert instead(given("a", said=HARMFUL), given("b", likeness=moved, seconds=None)) == ""


def test_of_those_that_would_do_the_fewest_faces_full_in_view_come_first() -> None:
    frontal = given("b", seen=photo(*faces(3)))
    assert instead(given("a", said=HARMFUL), frontal, given("c")) == "a<c"


def test_what_could_not_be_judged_is_of_no_moment() -> None:
    request = Request((WEBSITE, CLOSED), SETTLED, file_name="b")
    broken = GivenScreening(unjudged(b"x", request, Damaged(), policy=POLICY), request, CONTEXT)
    assert instead(given("a", said=HARMFUL), broken) == ""
    assert list(post_of([given("a"), broken]).photos) == [f"{ord('a'):064x}"]


def test_the_post_shows_photos_of_one_moment_together() -> None:
    post = post_of([given("a"), given("b", likeness=UNLIKE), given("c")])
    assert [len(shown) for shown in post.in_bursts(post.photos)] == [2, 1]
