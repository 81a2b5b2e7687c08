from __future__ import annotations

from fotopoort.api.screenings.rendition_cache import DOCUMENT_BYTES, CachedScreening, RenditionCache
from fotopoort.registry.access.roles import Caller, KeyRole
from fotopoort.vocabulary import Rendition

CALLER = Caller("school", "k1", KeyRole.MACHINE)


def screening(name: str, *jpegs: bytes) -> CachedScreening:
    renditions = {
        str(number): Rendition(jpeg, jpeg.hex(), 1, 1, (), verified=True) for number, jpeg in enumerate(jpegs)
    }
    return CachedScreening(CALLER, {"id": name}, renditions)


def test_each_is_kept_for_its_own_time() -> None:
    now = [0.0]
    cache = RenditionCache(seconds=10, max_bytes=10**9, clock=lambda: now[0])
    cache.put(screening("a"))
    now[0] = 5
    cache.put(screening("b"))
    now[0] = 10
    assert cache.get("a") is None
    assert cache.get("b") is not None
    now[0] = 15
    assert cache.get("b") is None


def test_the_oldest_leave_when_there_is_too_much() -> None:
    cache = RenditionCache(seconds=10, max_bytes=2 * DOCUMENT_BYTES + 5, clock=lambda: 0.0)
    for name, jpeg in (("a", b"123"), ("b", b"45"), ("c", b"678")):
        cache.put(screening(name, jpeg))
    assert [name for name in "abc" if cache.get(name)] == ["b", "c"]


def test_channels_that_share_a_rendition_count_once() -> None:
    assert screening("a", b"12", b"12", b"3").bytes == DOCUMENT_BYTES + 3


def test_cleared_is_empty_and_can_be_filled_again() -> None:
    cache = RenditionCache(seconds=10, max_bytes=DOCUMENT_BYTES, clock=lambda: 0.0)
    cache.put(screening("a"))
    cache.clear()
    assert cache.get("a") is None
    cache.put(screening("b"))
    assert cache.get("b") is not None


def test_a_screening_stays_within_its_school_and_a_teachers_with_that_teacher() -> None:
    cached = screening("a")
    assert cached.is_for(Caller("school", "k2", KeyRole.OFFICE))
    assert not cached.is_for(Caller("other", "k1", KeyRole.PRIVACY_OFFICER))
    assert not cached.is_for(Caller("school", "k2", KeyRole.TEACHER, frozenset({"groep 5"})))
    assert cached.is_for(Caller("school", "k1", KeyRole.TEACHER, frozenset({"groep 5"})))


def test_a_later_one_of_the_same_id_takes_its_place() -> None:
    cache = RenditionCache(seconds=10, max_bytes=10**9, clock=lambda: 0.0)
    cache.put(screening("a", b"1"))
    cache.put(screening("a", b"22"))
    found = cache.get("a")
    assert found is not None
    assert [rendition.jpeg for rendition in found.renditions.values()] == [b"22"]


def test_one_that_is_too_large_by_itself_is_not_kept() -> None:
    cache = RenditionCache(seconds=10, max_bytes=DOCUMENT_BYTES, clock=lambda: 0.0)
    cache.put(screening("a"))
    cache.put(screening("a", b"1"))
    assert cache.get("a") is None, "nor an earlier one with its id"
