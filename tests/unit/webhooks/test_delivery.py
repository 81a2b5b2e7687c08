"""Messages to endpoints: real receivers on this machine that take them, refuse them, and behave badly."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook
from tests.unit.jobs.conftest import Clock
from tests.waiting import PATIENCE

from fotopoort.errors import NotFound
from fotopoort.jobs.execution import Outcome
from fotopoort.jobs.handlers import Task
from fotopoort.jobs.job import Job, JobState
from fotopoort.jobs.queue import Queue
from fotopoort.jobs.retry import WEBHOOK_DELIVERY
from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.audit.verification import show, verify
from fotopoort.registry.registry import Registry
from fotopoort.registry.webhooks import deliveries, endpoints
from fotopoort.registry.webhooks.deliveries import Delivery
from fotopoort.registry.webhooks.endpoints import Endpoint, EventType
from fotopoort.webhooks import delivery
from fotopoort.webhooks.delivery import resend
from fotopoort.webhooks.outbound.client import Answer, GuardedClient
from fotopoort.webhooks.signatures import verify as verified
from fotopoort.webhooks.signatures import verifying_key

from .conftest import DATA
from .outbound_client import at_loopback
from .servers import Respond, answering, dripping, serving, split

Add = Callable[..., tuple[Endpoint, str]]
Tell = Callable[[], str]
Attempt = Callable[[], Outcome | None]

HOUR = 3600
DELAYS = [0, 5, 300, 1800, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR]  # the specification's


def listed(registry: Registry, caller: Caller, *states: str) -> list[Delivery]:
    with registry.read(caller, Act.MANAGE_WEBHOOKS) as session:
        return deliveries.deliveries(session, states or tuple(JobState))


def one(registry: Registry, caller: Caller) -> Delivery:
    (found,) = listed(registry, caller)
    return found


def state(registry: Registry, caller: Caller, endpoint: Endpoint) -> Endpoint:
    with registry.read(caller, Act.MANAGE_WEBHOOKS) as session:
        return endpoints.find(session, endpoint.id)


@pytest.mark.parametrize("shared", [False, True], ids=["v1a", "v1"])
def test_a_message_is_signed_says_what_was_announced_and_is_done_once(
    registry: Registry, caller: Caller, clock: Clock, endpoint: Add, tell: Tell, attempt: Attempt, shared: bool
) -> None:
    clock.now = datetime.now(UTC)  # the other implementation has no clock to set
    with serving(answering("204 No Content")) as server:
        _, key = endpoint(server.port, shared_secret=shared)
        message = tell()
        assert attempt() is Outcome.DONE
        assert attempt() is None
    headers, body = split(server.requests[0])
    assert verified([verifying_key(key)], headers.items(), body, clock().timestamp()) == message
    if shared:
        Webhook(key).verify(body, headers)
    assert headers["content-type"] == "application/json"
    told = json.loads(body)
    assert (told["type"], told["data"]) == ("screening.done", DATA)
    assert abs((datetime.fromisoformat(told["timestamp"]) - clock()).total_seconds()) < 1
    assert (one(registry, caller).state, one(registry, caller).status) == ("done", 204)
    with registry.read(caller, Act.SEE_AUDIT) as session:
        assert verify(session).problem is None
        assert [row.kind for row in show(session, max_rows=100)].count("webhook.delivered") == 1


@pytest.mark.parametrize("status", [299, 300, 301, 302, 307, 308, 400, 404, 500])
def test_what_is_not_taken_is_tried_again(
    registry: Registry, caller: Caller, clock: Clock, endpoint: Add, tell: Tell, attempt: Attempt, status: int
) -> None:
    headers = ("Location: http://cms.example/", "Retry-After: 7200")  # which only those have that are too busy
    with serving(answering(f"{status} X", b"", *headers)) as server:
        endpoint(server.port)
        tell()
        assert attempt() is (Outcome.DONE if status == 299 else Outcome.RETRY)
    if status != 299:
        found = one(registry, caller)
        assert (found.error, found.next_at) == (f"http_{status}", clock() + timedelta(seconds=5))
    assert len(server.requests) == 1


def closing(connection: socket.socket, _: bytes) -> None:
    """Ends before anything was answered."""


def halfway(connection: socket.socket, _: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200")


@pytest.mark.parametrize("respond", [closing, halfway])
def test_who_closes_early_did_not_take_it(
    registry: Registry, caller: Caller, endpoint: Add, tell: Tell, attempt: Attempt, respond: Respond
) -> None:
    with serving(respond) as server:
        endpoint(server.port)
        tell()
        assert attempt() is Outcome.RETRY
    assert one(registry, caller).error in {"bad_answer", "connection_lost"}


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 OK\r\nX-A: "], ids=["hangs", "drips"])
def test_who_does_not_answer_in_time_did_not_take_it(
    registry: Registry,
    caller: Caller,
    endpoint: Add,
    tell: Tell,
    attempt: Attempt,
    start: bytes,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert 15 <= delivery.SECONDS <= 30  # the specification's
    monkeypatch.setattr(delivery, "SECONDS", 0.3)
    ended = threading.Event()
    with serving(dripping(start, b"x" if start else b"", ended)) as server:
        endpoint(server.port)
        tell()
        assert attempt() is Outcome.RETRY
        ended.set()
    assert one(registry, caller).error == "timed_out"


def test_who_answers_and_then_drips_took_it(endpoint: Add, tell: Tell, attempt: Attempt) -> None:
    ended = threading.Event()
    with serving(dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", b"x", ended)) as server:
        endpoint(server.port)
        tell()
        assert attempt() is Outcome.DONE
        ended.set()


def test_the_schedule_is_the_specifications_with_one_id_and_a_new_timestamp_each_time(
    registry: Registry, caller: Caller, clock: Clock, endpoint: Add, tell: Tell, attempt: Attempt
) -> None:
    assert list(WEBHOOK_DELIVERY.delays) == DELAYS
    moments = []
    with serving(answering("500 X")) as server:
        _, key = endpoint(server.port)
        message = tell()
        for delay in DELAYS:
            clock.now += timedelta(seconds=delay)
            if delay:
                clock.now -= timedelta(seconds=1)
                assert attempt() is None
                clock.now += timedelta(seconds=1)
            assert attempt() is (Outcome.DEAD if delay == DELAYS[-1] else Outcome.RETRY)
            moments.append(int(clock().timestamp()))
        clock.now += timedelta(days=30)
        assert attempt() is None
    assert len({request.partition(b"\r\n\r\n")[2] for request in server.requests}) == 1
    for request, moment in zip(server.requests, moments, strict=True):
        headers, body = split(request)
        assert headers["webhook-timestamp"] == str(moment)
        assert verified([verifying_key(key)], headers.items(), body, moment) == message
    (dead,) = listed(registry, caller, "dead")
    assert (dead.attempts, dead.error, dead.message) == (10, "http_500", message)


@given(
    attempts=st.integers(0, 12),
    chance=st.floats(0, 1),
    after=st.none() | st.floats(0, 1e9),
)
def test_a_wait_is_never_shorter_than_the_schedule_nor_longer_than_a_day_more(
    attempts: int, chance: float, after: float | None
) -> None:
    wait = WEBHOOK_DELIVERY.delay(attempts, chance=chance, retry_after=after)
    if attempts >= len(DELAYS):
        assert wait is None
        return
    assert wait is not None
    assert DELAYS[attempts] <= wait <= max(DELAYS[attempts] * 1.1, 24 * HOUR)
    assert wait >= min(after or 0.0, 24 * HOUR)


def test_gone_is_gone_until_somebody_enables_it(
    registry: Registry, caller: Caller, clock: Clock, endpoint: Add, tell: Tell, attempt: Attempt
) -> None:
    with serving(answering("410 Gone")) as server:
        added, _ = endpoint(server.port)
        messages = [tell(), tell()]
        assert attempt() is Outcome.DEAD
        disabled = state(registry, caller, added)
        assert (disabled.disabled, disabled.reason) == (clock(), "gone")
        tell()  # nobody is there to be told
        assert attempt() is Outcome.DEAD
        assert attempt() is None
        assert len(server.requests) == 1
    assert {dead.error for dead in listed(registry, caller, "dead")} == {"http_410", "endpoint_disabled"}
    with registry.write(caller, Act.MANAGE_WEBHOOKS) as session:
        assert resend(session) == 0
        with pytest.raises(NotFound):
            resend(session, listed_ids(session)[0])
        endpoints.enable(session, added.id)
        assert resend(session) == 2
        with pytest.raises(NotFound):  # it waits now
            resend(session, listed_ids(session)[0])
    again: list[bytes] = []

    def take(connection: socket.socket, request: bytes) -> None:
        again.append(request)
        answering("200 OK")(connection, request)

    with socket.create_server(("127.0.0.1", server.port)) as listener:
        threads = [threading.Thread(target=_answer, args=(listener, take)) for _ in messages]
        for thread in threads:
            thread.start()
        assert [attempt(), attempt(), attempt()] == [Outcome.DONE, Outcome.DONE, None]
        for thread in threads:
            thread.join(PATIENCE)
    assert sorted(split(request)[0]["webhook-id"] for request in again) == sorted(messages)


def listed_ids(session: object) -> list[str]:
    return [found.id for found in deliveries.deliveries(session, tuple(JobState))]  # type: ignore[arg-type]


def _answer(listener: socket.socket, respond: Respond) -> None:
    connection, _ = listener.accept()
    with connection:
        request = b""
        while b"\r\n\r\n{" not in request or not request.endswith(b"}"):
            request += connection.recv(65_536)
        respond(connection, request)


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_who_asks_for_time_gets_it_for_all_that_waits_and_comes(
    registry: Registry, caller: Caller, clock: Clock, endpoint: Add, tell: Tell, attempt: Attempt, status: int
) -> None:
    with serving(answering(f"{status} X", b"", "Retry-After: 3600")) as busy, serving(answering("200 OK")) as other:
        endpoint(busy.port, events=[EventType.SCREENING_DONE])
        tell()
        tell()
        assert attempt() is Outcome.RETRY
        endpoint(other.port)
        tell()
        assert [attempt(), attempt()] == [Outcome.DONE, None]  # that of the other one alone
        assert {found.next_at for found in listed(registry, caller, "waiting")} == {clock() + timedelta(hours=1)}
        clock.now += timedelta(hours=1)
        assert attempt() is Outcome.RETRY
        assert (len(busy.requests), len(other.requests)) == (2, 1)


NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0.0), ("120", 120.0), (" 5 ", 5.0), ("999999999", 24.0 * HOUR), ("9999999999", None), ("-1", None),
        ("", None), ("soon", None), ("1.5", None), ("1e3", None), ("٣", None),
        (format_datetime(datetime(2026, 11, 24, 12, 0, 30, tzinfo=UTC), usegmt=True), 30.0),
        (format_datetime(datetime(2026, 11, 24, 11, tzinfo=UTC), usegmt=True), 0.0),
        (format_datetime(datetime(2029, 1, 1, tzinfo=UTC), usegmt=True), 24.0 * HOUR),
    ],
)  # fmt: skip
def test_what_retry_after_says(text: str, seconds: float | None) -> None:
    assert Answer(429, {"retry-after": text}).retry_after(NOON, at_most=24 * HOUR) == seconds


@given(st.text(max_size=60))
def test_whatever_retry_after_says_it_is_some_seconds_or_none(text: str) -> None:
    seconds = Answer(429, {"retry-after": text}).retry_after(NOON, at_most=24 * HOUR)
    assert seconds is None or 0 <= seconds <= 24 * HOUR


def test_every_message_that_was_given_up_can_be_sent_again(
    registry: Registry, caller: Caller, endpoint: Add, tell: Tell, attempt: Attempt, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also those that are too old to be listed."""
    with serving(answering("410 Gone")) as server:
        added, _ = endpoint(server.port)
        for _ in range(3):
            tell()
        while attempt() is not None:
            pass
    oldest = listed(registry, caller)[-1].id
    monkeypatch.setattr(deliveries.deliveries, "__kwdefaults__", {"limit": 1})
    with registry.write(caller, Act.MANAGE_WEBHOOKS) as session:
        endpoints.enable(session, added.id)
        assert len(deliveries.deliveries(session)) == 1
        assert resend(session, oldest) == 1
        assert resend(session) == 2


def test_what_was_under_way_when_a_program_was_killed_is_sent_again_under_the_same_id(
    registry: Registry,
    caller: Caller,
    clock: Clock,
    queue: Queue,
    endpoint: Add,
    tell: Tell,
    attempt: Attempt,
    find: Callable[[str], Job],
) -> None:
    handler = delivery.WebhookDelivery(registry, _client())
    with serving(answering("200 OK")) as server:
        endpoint(server.port)
        message = tell()
        lease = queue.take("webhook.deliver", 1, "killed", WEBHOOK_DELIVERY)
        assert lease is not None
        handler._deliver(_task(lease))  # it was sent; nobody came to write that down
        assert attempt() is None
        clock.now += timedelta(seconds=queue.seconds)
        assert attempt() is None  # a worker that was lost may have been ended by it
        clock.now += timedelta(seconds=DELAYS[1])
        assert attempt() is Outcome.DONE
    assert [split(request)[0]["webhook-id"] for request in server.requests] == [message, message]
    assert find(lease.id).state is JobState.DONE


def test_what_is_removed_is_told_nothing_more(
    registry: Registry, caller: Caller, endpoint: Add, tell: Tell, attempt: Attempt
) -> None:
    with serving(answering("200 OK")) as server:
        added, _ = endpoint(server.port)
        tell()
        with registry.write(caller, Act.MANAGE_WEBHOOKS) as session:
            endpoints.remove(session, added.id)
        assert attempt() is Outcome.DONE
        assert server.requests == []
    assert listed(registry, caller) == []


def _client() -> GuardedClient:
    return at_loopback().client()


def _task(lease: Job) -> Task:
    return Task(lease.tenant, lease.id, lease.payload, lease.version, lease.attempts, float("inf"))
