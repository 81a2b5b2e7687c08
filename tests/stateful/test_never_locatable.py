"""Who may never be found cannot be told from anybody else who may not be shown, by whoever is below privacy officer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.stateful import photos
from tests.stateful.doors import Key
from tests.stateful.long import sqlite_databases
from tests.stateful.machine import APPROACH, ASKED
from tests.stateful.world import CHANNELS, Approach, World

from fotopoort.registry.access.roles import KeyRole

WHO = photos.PEOPLE[4]  # in groep 7, as the second teacher's own
# Differ between any two screenings, or two registries with other histories; the digest of what was said holds which key
# said that an adult agreed.
LOOSE = ("id", "ms", "registry", "answers")


@pytest.fixture(scope="module")
def new_database() -> Iterator[Callable[[], str]]:
    with sqlite_databases() as make:
        yield make


@settings(max_examples=8, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_never_locatable_is_like_any_refusal(new_database: Callable[[], str], data: st.DataObject) -> None:
    """Two schools differ in this alone: in one somebody refused, in the other they may never be found."""
    ordinary, hidden = World(new_database()), World(new_database())
    try:
        yes = data.draw(st.booleans(), label="who may never be found said yes")
        for channel in CHANNELS:
            ordinary.say(WHO, channel, "refused", speaker="moeder", key=ordinary.office)
            hidden.say(WHO, channel, "granted" if yes else "refused", speaker="moeder", key=hidden.office)
        hidden.hide(WHO, True)
        assert hidden.school.people[WHO]["hidden"]
        for number in range(1, 4):
            who = data.draw(st.lists(st.sampled_from(photos.EVERYBODY), min_size=1, max_size=5, unique=True))
            photo = photos.make(number, who, ordinary.today, tiny=None)
            channels, approach = data.draw(ASKED), data.draw(APPROACH)
            key = data.draw(st.sampled_from([0, 1, 2, 4]), label="key")
            later = data.draw(APPROACH)
            answers = [
                _answers(world, photo, world.keys[key], channels, approach, later) for world in (ordinary, hidden)
            ]
            assert answers[0] == answers[1]
        assert _seen_by(ordinary) == _seen_by(hidden)
    finally:
        ordinary.close()
        hidden.close()


def _answers(
    world: World, photo: photos.MadePhoto, key: Key, channels: tuple[str, ...], approach: Approach, later: Approach
) -> list[Any]:
    """All that a key gets about a photo: at first, after an answer, and when it is fetched again."""
    sent = world.http.wait(world.http.screen(photo, key, channels, _said(world, photo, key, approach), photo.said))
    results = [_plain(sent)]
    if sent.status_code != 200:
        return results
    screening = sent.json()["id"]
    further = world.http.wait(world.http.answer(screening, key, _said(world, photo, key, later)))
    for channel in channels:
        results.append(_plain(world.http.get(f"/v1/screenings/{screening}/renditions/{channel}", key)))
    return [*results, _plain(further), _plain(world.http.get(f"/v1/screenings/{screening}", key))]


def _said(world: World, photo: photos.MadePhoto, key: Key, approach: Approach) -> dict[str, Any]:
    """True answers in which WHO is not pointed out."""
    answers, _ = world.say_of(photo, key, approach)
    faces = answers.get("faces", {})
    answers["faces"] = {face: answer for face, answer in faces.items() if answer.get("person") != WHO}
    return answers


def _seen_by(world: World) -> list[Any]:
    """What the routes about groups say to everybody below privacy officer."""
    routes = [f"/v1/registry/groups/groep 7?channel={channel}" for channel in CHANNELS]
    routes += ["/v1/registry/groups", f"/v1/registry/people/{WHO}", "/v1/registry/people"]
    below = [key for key in world.keys if key.caller.role is not KeyRole.PRIVACY_OFFICER]
    return [_plain(world.http.get(route, key)) for route in routes for key in below]


def _plain(answer: httpx.Response) -> Any:  # noqa: ANN401 - status, headers and body, to be compared
    """An answer without what differs between any two."""
    headers = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
    if answer.headers.get("content-type") == "image/jpeg":
        return answer.status_code, headers, answer.content
    body = re.sub(r"/v1/screenings/[0-9a-f]{32}", "/v1/screenings/…", answer.text)
    for name in LOOSE:
        body = re.sub(rf'"{name}": ?("[^"]*"|\{{[^}}]*\}}|[0-9.]+)', f'"{name}":…', body)
    headers["content-length"] = str(len(body)) if "content-length" in headers else ""
    return answer.status_code, headers, body
