"""A ZIP file is made while it is fetched: what may not go out any more when its turn comes is not in it."""

from __future__ import annotations

import asyncio
import io
import zipfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from fotopoort.api.limits.concurrency import ConcurrencyLimit
from fotopoort.api.posts.transactions import PostTransactions
from fotopoort.application.posts.service import PostService, ReadyRendition
from fotopoort.errors import Busy
from fotopoort.registry.access.roles import Caller
from fotopoort.registry.registry import Session

from .posting import (
    POSTS,
    School,
    change,
    erase,
    make,
    name,
    photo,
    posting_school,
    say,
    settled,
    upload,
    withdraw,
)

Between = Callable[[Callable[[], object]], None]


@pytest.fixture
def between(monkeypatch: pytest.MonkeyPatch) -> Between:
    """Have something happen once the first photo is in a ZIP file."""
    pending: list[Callable[[], object]] = []
    ready = PostService.rendition

    def rendition(self: PostService, session: Session, *place: str) -> ReadyRendition:
        made = ready(self, session, *place)
        happening.extend(pending)
        pending.clear()
        return made

    read = PostTransactions.read
    happening: list[Callable[[], object]] = []

    async def reading(self: PostTransactions, *given: Any, **more: Any) -> object:  # noqa: ANN401
        result: object = await read(self, *given, **more)
        while happening:
            await asyncio.to_thread(happening.pop())
        return result

    monkeypatch.setattr(PostService, "rendition", rendition)
    monkeypatch.setattr(PostTransactions, "read", reading)
    return pending.append


def archived(client: httpx.Client, post: str) -> list[str]:
    answer = client.get(f"{POSTS}/{post}/zip/website")
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        return archive.namelist()


@pytest.fixture
def own_school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    with posting_school(tmp_path_factory.mktemp("school") / "data") as school:
        yield school


def begun(client: httpx.Client, text: str) -> str:
    post = make(client, text=text)
    say(client, post, upload(client, post, *(photo(1, number) for number in range(3))), {"absent": ["daan"]})
    settled(client, post)
    return post


@pytest.mark.parametrize("happens", [withdraw, erase])
def test_what_may_not_go_out_any_more_is_left_out(
    own_school: School, between: Between, happens: Callable[[School], None]
) -> None:
    with own_school.client() as juf:
        post = begun(juf, "Bram bouwt een toren.")
        assert archived(juf, post) == ["foto-001.jpg", "foto-002.jpg", "foto-003.jpg", "tekst.txt"]
        between(lambda: happens(own_school))
        assert archived(juf, post) == ["foto-001.jpg", "tekst.txt"]


def test_a_name_that_became_known_meanwhile_is_not_in_the_text(own_school: School, between: Between) -> None:
    with own_school.client() as juf:
        post = begun(juf, "Bram bouwt een toren.")
        between(lambda: name(own_school))
        answer = juf.get(f"{POSTS}/{post}/zip/website")
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            assert b"Bram" not in archive.read("tekst.txt")


def test_a_post_that_ends_meanwhile_gives_nothing_more(own_school: School, between: Between) -> None:
    with own_school.client() as juf, own_school.client("meester") as meester:
        post = begun(juf, "Bram bouwt een toren.")
        between(lambda: change(meester, "POST", "/finish", post))
        assert archived(juf, post) == ["foto-001.jpg"]


def test_a_service_that_is_busy_does_not_break_it_off(
    own_school: School, between: Between, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who was let in is served to the end; others may have to come back."""
    is_full: list[bool] = []
    slot = ConcurrencyLimit.slot

    @asynccontextmanager
    async def full(self: ConcurrencyLimit, caller: Caller, *, first: bool = True) -> AsyncIterator[None]:
        if is_full and first:
            raise Busy
        async with slot(self, caller, first=first):
            yield

    monkeypatch.setattr(ConcurrencyLimit, "slot", full)
    with own_school.client() as juf:
        post = begun(juf, "Bram bouwt een toren.")
        between(lambda: is_full.append(True))
        assert archived(juf, post) == ["foto-001.jpg", "foto-002.jpg", "foto-003.jpg", "tekst.txt"]
