from __future__ import annotations

from dataclasses import replace

import pytest

from fotopoort.api.screenings.rendition_cache import DOCUMENT_BYTES, CachedScreening, RenditionCache
from fotopoort.application.context import DecisionContext
from fotopoort.application.redecision import GivenScreening
from fotopoort.errors import EmptyFile
from fotopoort.policy_file import load_policy
from fotopoort.registry.access.roles import Caller, KeyRole
from fotopoort.screening.screen import Request, unjudged
from fotopoort.vocabulary import Rendition

CALLER = Caller("school", "k1", KeyRole.MACHINE)
POLICY = load_policy()


def screening(name: str, *jpegs: bytes, caller: Caller = CALLER, number: int = 0) -> CachedScreening:
    renditions = {str(count): Rendition(jpeg, jpeg.hex(), 1, 1, (), verified=True) for count, jpeg in enumerate(jpegs)}
    request = Request(("website",))
    made = replace(unjudged(b"", request, EmptyFile(), policy=POLICY), id=name, renditions=renditions)
    return CachedScreening(caller, "a.jpg", GivenScreening(made, request, DecisionContext("1", POLICY), number))


def test_each_is_kept_for_its_own_time() -> None:
    now = [0.0]
    cache = RenditionCache(seconds=10, max_bytes=10**9, clock=lambda: now[0])
    cache.put(screening("a"))
    now[0] = 5
    cache.put(screening("b"))
    now[0] = 10
    assert cache.get(CALLER, "a") is None
    assert cache.get(CALLER, "b") is not None
    now[0] = 15
    assert cache.get(CALLER, "b") is None


def test_the_oldest_leave_when_there_is_too_much() -> None:
    cache = RenditionCache(seconds=10, max_bytes=2 * DOCUMENT_BYTES + 5, clock=lambda: 0.0)
    for name, jpeg in (("a", b"123"), ("b", b"45"), ("c", b"678")):
        cache.put(screening(name, jpeg))
    assert [name for name in "abc" if cache.get(CALLER, name)] == ["b", "c"]


def test_channels_that_share_a_rendition_count_once() -> None:
    assert screening("a", b"12", b"12", b"3").bytes == DOCUMENT_BYTES + 3


def test_cleared_is_empty_and_can_be_filled_again() -> None:
    cache = RenditionCache(seconds=10, max_bytes=DOCUMENT_BYTES, clock=lambda: 0.0)
    cache.put(screening("a"))
    cache.clear()
    assert cache.get(CALLER, "a") is None
    cache.put(screening("b"))
    assert cache.get(CALLER, "b") is not None


@pytest.mark.parametrize(
    "other",
    [
        Caller("school", "k2", KeyRole.OFFICE),
        Caller("school", "k2", KeyRole.MACHINE),
        Caller("school", "k2", KeyRole.PRIVACY_OFFICER),
        Caller("school", "k2", KeyRole.TEACHER, frozenset({"groep 5"})),
        Caller("other", "k1", KeyRole.PRIVACY_OFFICER),
    ],
)
def test_what_a_key_was_given_is_for_that_key_alone(other: Caller) -> None:
    cache = RenditionCache(seconds=10, max_bytes=10**9, clock=lambda: 0.0)
    cache.put(screening("a", b"1"))
    assert cache.get(other, "a") is None
    cache.put(screening("a", b"2", caller=other))
    for caller, jpeg in ((CALLER, b"1"), (other, b"2")):
        kept = cache.get(caller, "a")
        assert kept is not None
        assert kept.given.screening.renditions["0"].jpeg == jpeg


def test_one_in_which_less_was_said_does_not_take_the_place_of_one_with_more() -> None:
    cache = RenditionCache(seconds=10, max_bytes=10**9, clock=lambda: 0.0)
    for number, jpeg in ((2, b"2"), (1, b"1")):
        cache.put(screening("a", jpeg, number=number))
    kept = cache.get(CALLER, "a")
    assert kept is not None
    assert kept.given.number == 2


def test_a_later_one_of_the_same_id_takes_its_place() -> None:
    cache = RenditionCache(seconds=10, max_bytes=10**9, clock=lambda: 0.0)
    cache.put(screening("a", b"1"))
    cache.put(screening("a", b"22"))
    found = cache.get(CALLER, "a")
    assert found is not None
    assert [rendition.jpeg for rendition in found.given.screening.renditions.values()] == [b"22"]


def test_one_that_is_too_large_by_itself_is_not_kept() -> None:
    cache = RenditionCache(seconds=10, max_bytes=DOCUMENT_BYTES, clock=lambda: 0.0)
    cache.put(screening("a"))
    cache.put(screening("a", b"1"))
    assert cache.get(CALLER, "a") is None, "nor an earlier one with its id"
