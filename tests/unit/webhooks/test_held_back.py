"""An endpoint that does not answer holds up nobody else: one message at a time shows whether it does again."""

from __future__ import annotations

import socket
from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.unit.jobs.conftest import Clock

from fotopoort.jobs.execution import Outcome
from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.registry import Registry
from fotopoort.registry.webhooks import deliveries, endpoints
from fotopoort.registry.webhooks.announcements import announce
from fotopoort.registry.webhooks.endpoints import Endpoint, EventType
from fotopoort.webhooks import delivery
from fotopoort.webhooks.backoff import MARGIN

from .conftest import DATA
from .servers import answering, serving

Add = Callable[..., tuple[Endpoint, str]]
Tell = Callable[[], str]
Attempt = Callable[[], Outcome | None]


def closing(connection: socket.socket, _: bytes) -> None:
    """Ends before anything was answered."""


def due(registry: Registry, caller: Caller, endpoint: Endpoint) -> dict[str, object]:
    """When each message that waits for an endpoint is tried."""
    with registry.read(caller, Act.MANAGE_WEBHOOKS) as session:
        found = deliveries.deliveries(session, ["waiting"])
        return {row.message: row.next_at for row in found if row.endpoint == endpoint.id}


@pytest.fixture
def revoke(registry: Registry, caller: Caller) -> Tell:
    """Announces a revocation."""

    def revoke() -> str:
        with registry.write(caller, Act.MAINTAIN) as session:
            return announce(session, EventType.VERDICT_REVOKED, DATA | {"rendition_sha256": "cd" * 32})

    return revoke


def test_while_one_hangs_the_others_are_told(
    registry: Registry, caller: Caller, clock: Clock, endpoint: Add, tell: Tell, revoke: Tell, attempt: Attempt
) -> None:
    with serving(closing) as silent, serving(answering("200 OK")) as well:
        hanging, _ = endpoint(silent.port)
        tried, *_, revoked = [tell(), tell(), tell(), revoke()]
        assert attempt() is Outcome.RETRY
        clock.now += timedelta(seconds=1)
        endpoint(well.port)
        tell()
        assert [attempt(), attempt()] == [Outcome.DONE, None]  # the other's, and nothing of the one that hangs
        first = clock() + timedelta(seconds=4)
        at = due(registry, caller, hanging)
        assert [at.pop(tried), at.pop(revoked)] == [first, first]  # by its own schedule; and the one that is tried
        assert set(at.values()) == {first + timedelta(seconds=delivery.SECONDS + MARGIN)}
        assert len(at) == 3
    assert len(silent.requests) == 1


def test_however_much_waits_for_one_that_hangs_it_is_tried_seldom(
    clock: Clock, endpoint: Add, tell: Tell, attempt: Attempt
) -> None:
    with serving(closing) as silent:
        endpoint(silent.port)
        for _ in range(20):
            tell()
        for _ in range(120):  # ten minutes
            while attempt() is not None:
                pass
            clock.now += timedelta(seconds=5)
    assert len(silent.requests) <= 6


def test_what_waits_is_told_when_it_answers_again(clock: Clock, endpoint: Add, tell: Tell, attempt: Attempt) -> None:
    answers = [closing, answering("200 OK"), answering("200 OK"), answering("200 OK")]
    with serving(lambda connection, request: answers.pop(0)(connection, request)) as server:
        endpoint(server.port)
        for _ in range(3):
            tell()
        assert [attempt(), attempt()] == [Outcome.RETRY, None]
        clock.now += timedelta(seconds=5)
        assert [attempt(), attempt(), attempt()] == [Outcome.DONE, Outcome.DONE, None]
        clock.now += timedelta(seconds=delivery.SECONDS + MARGIN)
        assert [attempt(), attempt()] == [Outcome.DONE, None]
        tell()
        answers.append(answering("200 OK"))
        assert attempt() is Outcome.DONE  # at once


@pytest.mark.usefixtures("queue")  # by whose clock messages are due
def test_who_asked_for_more_time_keeps_it(
    registry: Registry, caller: Caller, clock: Clock, endpoint: Add, tell: Tell
) -> None:
    added, _ = endpoint(1)
    message, hour = tell(), clock() + timedelta(hours=1)
    with registry.write(caller, Act.MANAGE_WEBHOOKS) as session:
        endpoints.pause(session, added.id, hour)
        endpoints.hold_back(session, added.id, clock() + timedelta(seconds=5), clock() + timedelta(seconds=35))
        assert endpoints.find(session, added.id).paused_until == hour
    assert due(registry, caller, added) == {message: hour}
