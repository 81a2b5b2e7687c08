"""Who takes back all that was said of a photo gets the first verdict again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.stateful import photos
from tests.stateful.doors import Key
from tests.stateful.long import sqlite_databases
from tests.stateful.machine import APPROACH, ASKED
from tests.stateful.world import World


@pytest.fixture(scope="module")
def new_database() -> Iterator[Callable[[], str]]:
    with sqlite_databases() as make:
        yield make


@settings(max_examples=8, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_taking_back_every_answer_gives_the_first_verdict(new_database: Callable[[], str], data: st.DataObject) -> None:
    world = World(new_database())
    try:
        refuser = data.draw(st.sampled_from(photos.PEOPLE[:9]), label="who refuses")
        world.say(refuser, "website", "refused", speaker="moeder", key=world.office)
        for number in range(1, 4):
            who = data.draw(st.lists(st.sampled_from(photos.EVERYBODY), min_size=1, max_size=5, unique=True))
            photo, channels = photos.make(number, who, world.today), data.draw(ASKED)
            key = world.keys[data.draw(st.sampled_from([2, 3]), label="key")]
            said, _ = world.say_of(photo, key, data.draw(APPROACH))
            sent = world.http.wait(world.http.screen(photo, key, channels, said, None))
            if sent.status_code != 200:
                continue
            first, screening = sent.json(), sent.json()["id"]
            renditions = _renditions(world, key, first, screening)
            numbers: list[int] = []
            last = first
            for approach in data.draw(st.lists(APPROACH, min_size=1, max_size=3)):
                more, _ = world.say_of(photo, key, approach)
                answered = world.http.wait(world.http.answer(screening, key, more))
                if answered.status_code == 200:
                    numbers.append(answered.json().get("answer", len(numbers) + 1))
            for number in data.draw(st.permutations(numbers)):
                retracted = world.http.retract(screening, key, number)
                assert retracted is not None, "the program has no way to take answers back"
                assert retracted.status_code == 200, retracted.text
                last = retracted.json()
            assert _verdicts(last) == _verdicts(first)
            assert _renditions(world, key, last, screening) == renditions
    finally:
        world.close()


def _verdicts(document: dict[str, Any]) -> dict[str, Any]:
    """A document without what differs each time."""
    return {
        **{name: value for name, value in document.items() if name not in ("id", "ms", "answer", "verdicts")},
        "verdicts": {
            channel: {name: value for name, value in verdict.items() if name != "registry"}
            for channel, verdict in document["verdicts"].items()
        },
    }


def _renditions(world: World, key: Key, document: dict[str, Any], screening: str) -> dict[str, bytes]:
    return {
        channel: world.http.get(f"/v1/screenings/{screening}/renditions/{channel}", key).content
        for channel, verdict in document["verdicts"].items()
        if verdict["rendition"]
    }
