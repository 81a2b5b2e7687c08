"""Whoever looks at a post hears that it changed, and no stream outlives what it is about, or whoever reads it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from typing import Any

import httpx
import pytest
from tests.waiting import wait_for

from fotopoort.api.posts import events

from .posting import POSTS, School, change, make, photo, say, shown_post, upload


@pytest.fixture(autouse=True)
def look_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "SECONDS_BETWEEN_LOOKS", 0.02)


@contextmanager
def stream(client: httpx.Client, post: str) -> Iterator[Iterator[dict[str, Any]]]:
    """What the events of a post say, as they come."""
    with client.stream("GET", f"{POSTS}/{post}/events") as answer:
        if answer.status_code != 200:
            answer.read()
            raise Refused(answer)
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["cache-control"] == "private, no-store"
        lines = (line.partition(": ") for line in answer.iter_lines())
        yield (json.loads(value) for field, _, value in lines if field == "data")


class Refused(Exception):
    """No stream was given."""

    def __init__(self, answer: httpx.Response) -> None:
        super().__init__(answer.status_code)
        self.answer = answer


def test_what_one_teacher_does_reaches_the_other(school: School, juf: httpx.Client) -> None:
    post = make(juf)
    (added,) = upload(juf, post, photo(1, 400))
    with school.client("meester") as meester, stream(meester, post) as told:
        assert next(told) == {"revision": shown_post(juf, post)["revision"], "state": "open"}
        revision = say(juf, post, [added], {"absent": ["daan"]})["revision"]
        assert any(event["revision"] >= revision for event in told)


def test_a_stream_ends_with_its_post(school: School, juf: httpx.Client) -> None:
    post = make(juf)
    with school.client("meester") as meester, stream(meester, post) as told:
        assert next(told)["state"] == "open"
        assert change(juf, "POST", "/finish", post).status_code == 200
        assert [event["state"] for event in told][-1] == "finished"
        with stream(meester, post) as again:
            assert [event["state"] for event in again] == ["finished"]


def test_a_stream_ends_when_the_time_of_its_post_is_over(
    school: School, juf: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    post, registry = make(juf), school.door.registry
    with stream(juf, post) as told:
        assert next(told)["state"] == "open"
        now = registry.clock
        monkeypatch.setattr(registry, "clock", lambda: now() + timedelta(days=30))
        assert [event["state"] for event in told][-1] == "expired"


def test_one_person_has_so_many_and_gets_them_back(school: School, juf: httpx.Client) -> None:
    post = make(juf)
    with ExitStack() as open_streams:
        mine = [open_streams.enter_context(stream(juf, post)) for _ in range(events.MAX_STREAMS_OF_ONE)]
        assert all(next(told)["state"] == "open" for told in mine)
        with pytest.raises(Refused) as refused, stream(juf, post):
            pass
        assert refused.value.answer.status_code == 429
        assert refused.value.answer.headers["retry-after"]
        with school.client("meester") as meester, stream(meester, post) as told:
            assert next(told)["state"] == "open"  # somebody else has some of their own
    wait_for(lambda: is_given(juf, post))


def is_given(client: httpx.Client, post: str) -> bool:
    try:
        with stream(client, post) as told:
            return bool(next(told))
    except Refused:
        return False


def test_nobody_gets_more_by_asking_for_all_at_once(school: School) -> None:
    with school.client("kantoor") as office:
        post = make(office)
    done, given, refused = threading.Event(), list[int](), list[int]()

    def ask(client: httpx.Client) -> None:
        try:
            with stream(client, post) as told:
                next(told)
                given.append(1)
                done.wait()
        except Refused as error:
            refused.append(error.answer.status_code)

    wanted = 3 * events.MAX_STREAMS_OF_ONE
    with school.client("kantoor") as office:
        office._transport = httpx.HTTPTransport(limits=httpx.Limits(max_connections=wanted))
        threads = [threading.Thread(target=ask, args=[office]) for _ in range(wanted)]
        for thread in threads:
            thread.start()
        wait_for(lambda: len(given) + len(refused) == wanted)
        done.set()
        for thread in threads:
            thread.join()
    assert (len(given), set(refused)) == (events.MAX_STREAMS_OF_ONE, {429})
