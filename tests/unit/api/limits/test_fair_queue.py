from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fotopoort.api.limits.fair_queue import FairQueue
from fotopoort.errors import Busy


def order(queue: FairQueue[str]) -> str:
    """All who wait, one after another."""
    served = []
    while (ticket := queue.start()) is not None:
        served.append(ticket)
        queue.leave(ticket)
    return " ".join(served)


def joined(queue: FairQueue[str], tickets: str) -> list[str | None]:
    """Let them come: `a1` is the first of key a; `b2:5` the second of key b, five units of work."""
    gave_way = []
    for word in tickets.split():
        ticket, _, work = word.partition(":")
        gave_way.append(queue.join(ticket[0], ticket, work=float(work or 1)))
    return gave_way


@pytest.mark.parametrize(
    ("come", "served"),
    [
        pytest.param("", "", id="nobody"),
        pytest.param("a1 a2 a3", "a1 a2 a3", id="one key: who came first"),
        pytest.param("a1 a2 a3 b1", "a1 b1 a2 a3", id="another key goes in between"),
        pytest.param("a1 a2 b1 b2 c1", "a1 b1 c1 a2 b2", id="round and round"),
        pytest.param("a1:9 a2 b1:3 b2:3 b3:3 b4:3", "a1 b1 b2 b3 a2 b4", id="as much, not as many"),
        pytest.param("a1:100 b1 b2 b3", "a1 b1 b2 b3", id="small ones do not wait for two large ones"),
    ],
)
def test_who_is_next(come: str, served: str) -> None:
    queue: FairQueue[str] = FairQueue(places=1, max_waiting=99)
    joined(queue, come)
    assert order(queue) == served


def test_what_a_key_had_before_a_pause_is_forgotten() -> None:
    queue: FairQueue[str] = FairQueue(places=1, max_waiting=99)
    joined(queue, "a1:1000")
    assert order(queue) == "a1"
    joined(queue, "b1 a2 b2 a3")
    assert order(queue) == "b1 a2 b2 a3"


def test_who_left_is_not_served() -> None:
    queue: FairQueue[str] = FairQueue(places=1, max_waiting=99)
    joined(queue, "a1 a2 b1")
    queue.leave("a1")
    queue.leave("b1")
    queue.leave("b1")  # once more changes nothing
    assert order(queue) == "a2"


@pytest.mark.parametrize(
    ("places", "waiting", "come", "expected"),
    [
        pytest.param(1, 0, "a1", "busy", id="no room at all"),
        pytest.param(1, 2, "a1 a2 a3", "busy", id="a key does not push itself aside"),
        pytest.param(1, 2, "a1 b1 c1", "busy", id="nobody has two more"),
        pytest.param(1, 2, "a1 a2 b1", "a2", id="the last of the key with the most gives way"),
        pytest.param(1, 3, "a1 a2 b1 b2", "busy", id="one more is not two more"),
        pytest.param(1, 5, "a1 a2 a3 b1 b2 c1", "a3", id="of the key with the most of all"),
    ],
)
def test_who_gives_way(places: int, waiting: int, come: str, expected: str) -> None:
    queue: FairQueue[str] = FairQueue(places=places, max_waiting=waiting)
    queue.join("x", "x0")
    queue.start()
    *before, last = come.split()
    joined(queue, " ".join(before))
    if expected == "busy":
        with pytest.raises(Busy):
            joined(queue, last)
        assert order(queue) == ""
        queue.leave("x0")
        assert sorted(order(queue).split()) == before
    else:
        assert joined(queue, last) == [expected]
        queue.leave("x0")
        assert sorted(order(queue).split()) == sorted({*before, last} - {expected})


def test_the_next_part_of_a_request_needs_no_room_and_never_gives_way() -> None:
    queue: FairQueue[str] = FairQueue(places=1, max_waiting=0)
    queue.join("a", "a1")
    queue.start()
    assert queue.join("b", "b2", newcomer=False) is None
    with pytest.raises(Busy):
        queue.join("c", "c1")
    queue.leave("a1")
    assert order(queue) == "b2"


@given(st.lists(st.tuples(st.sampled_from("abcde"), st.booleans()), max_size=80), st.integers(1, 3))
def test_nobody_waits_for_more_than_one_turn_of_each_other_key(events: list[tuple[str, bool]], places: int) -> None:
    """Whoever is first of its key: while it waits, every other key begins at most one piece of work, of one size."""
    queue: FairQueue[int] = FairQueue(places=places, max_waiting=10**6)
    waiting: dict[str, list[int]] = {key: [] for key in "abcde"}
    at_work: list[int] = []
    passed: dict[str, Counter[str]] = {key: Counter() for key in "abcde"}
    keys: dict[int, str] = {}

    def start() -> None:
        while (ticket := queue.start()) is not None:
            key = keys[ticket]
            assert waiting[key][0] == ticket, "within a key first come, first served"
            waiting[key].pop(0)
            at_work.append(ticket)
            passed[key].clear()
            for other, tickets in waiting.items():
                if tickets and other != key:
                    passed[other][key] += 1
                    assert passed[other][key] <= 1
        assert len(at_work) == places or not any(waiting.values()), "no place stays empty while somebody waits"

    for number, (key, comes) in enumerate(events):
        if comes or not at_work:
            if not waiting[key]:
                passed[key].clear()
            keys[number] = key
            waiting[key].append(number)
            queue.join(key, number)
        else:
            queue.leave(at_work.pop(0))
        start()
    while at_work:
        queue.leave(at_work.pop(0))
        start()
    assert not any(waiting.values())


@given(st.lists(st.integers(1, 1000), min_size=5, max_size=40), st.integers(1, 1000))
def test_keys_that_keep_waiting_get_as_much_whatever_the_sizes(sizes: list[int], other: int) -> None:
    queue: FairQueue[str] = FairQueue(places=1, max_waiting=10**6)
    for number, size in enumerate(sizes):
        queue.join("a", f"a{number}", work=size)
        queue.join("b", f"b{number}", work=other)
    work = {"a": 0, "b": 0}
    left = {"a": len(sizes), "b": len(sizes)}
    while all(left.values()):
        ticket = queue.start()
        assert ticket is not None
        key, number = ticket[0], int(ticket[1:])
        work[key] += sizes[number] if key == "a" else other
        left[key] -= 1
        queue.leave(ticket)
        assert abs(work["a"] - work["b"]) <= max([*sizes, other])
