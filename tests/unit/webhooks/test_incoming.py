"""Photos that others tell of: fetched from where they may be, taken in once, and what was told is erased."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from tests.unit.jobs.conftest import Clock

from fotopoort.application.gate.requests import GateRequest, GateTicket
from fotopoort.errors import (
    BadSignature,
    Busy,
    FotopoortError,
    IdempotencyConflict,
    Overloaded,
    PdfNotJudged,
    RegistryUnavailable,
)
from fotopoort.jobs.execution import Outcome, execute
from fotopoort.jobs.job import Job
from fotopoort.jobs.queue import Queue
from fotopoort.registry.access import api_keys
from fotopoort.registry.access.roles import Act, Caller, KeyRole
from fotopoort.registry.registry import Registry
from fotopoort.registry.webhooks import incoming, sources
from fotopoort.registry.webhooks.incoming import KIND
from fotopoort.registry.webhooks.sources import Source
from fotopoort.webhooks.incoming import SCHEDULE, IncomingPhotos
from fotopoort.webhooks.registration import add_source
from fotopoort.webhooks.signatures import PrivateKey, SharedSecret, SigningKey, signed_headers

from .outbound_client import Network, at_loopback
from .servers import answering, serving

MAX_BYTES = 1000


@dataclass
class PlayedIntake:
    """Where photos go. `error`: raised in place of taking one."""

    error: FotopoortError | None = None
    taken: list[tuple[Caller, GateRequest]] = field(default_factory=list)

    def take(self, caller: Caller, request: GateRequest) -> GateTicket:
        if self.error is not None:
            raise self.error
        self.taken.append((caller, request))
        return GateTicket("g_" + "ab" * 16, request.sha256, request.channel)


@dataclass
class Website:
    """A source, and what it tells."""

    registry: Registry
    source: Source
    keys: list[SigningKey]
    photos: IncomingPhotos
    queue: Queue

    def tell(self, port: int, *, id_: str = "msg_1", **data: object) -> str:
        given = {"href": f"http://cms.example:{port}/a.jpg", "channel": "website", **data}
        body = json.dumps({"type": "media.uploaded", "data": given}).encode()
        headers = signed_headers(self.keys, id_, int(self.registry.clock().timestamp()), body)
        return self.photos.receive(self.source.id, headers.items(), body)

    def attempt(self) -> Outcome | None:
        handler = self.photos.handler()
        lease = self.queue.take(handler.kind, handler.version, "worker", handler.schedule)
        return None if lease is None else execute(self.queue, handler, lease, chance=lambda: 0.0)


@pytest.fixture
def intake() -> PlayedIntake:
    return PlayedIntake()


@pytest.fixture
def network() -> Network:
    return at_loopback()


@pytest.fixture
def website(
    registry: Registry, caller: Caller, queue: Queue, intake: PlayedIntake, network: Network
) -> Callable[..., Website]:
    """Adds a website whose photos are at this port of this machine."""

    def website(port: int, *keys: SharedSecret | PrivateKey) -> Website:
        given = [str(key.public) if isinstance(key, PrivateKey) else str(key) for key in keys]
        with registry.write(caller, Act.MANAGE_KEYS) as session:
            key = api_keys.make(session, KeyRole.CMS, "site")[0]
            hosts, networks = [f"cms.example:{port}"], ["127.0.0.0/8"]
            source, _ = add_source(session, "site", hosts, api_key=key.id, networks=networks, keys=given)
        photos = IncomingPhotos(registry, network.client(), intake, channels=["website"], max_bytes=MAX_BYTES)
        return Website(registry, source, list(keys), photos, queue)

    return website


@pytest.mark.parametrize("key", [SharedSecret.new(), PrivateKey.new()], ids=["v1", "v1a"])
def test_a_photo_is_fetched_and_taken_in_as_it_was_told(
    website: Callable[..., Website], intake: PlayedIntake, key: SharedSecret | PrivateKey
) -> None:
    with serving(answering("200 OK", b"a photo")) as server:
        site = website(server.port, SharedSecret.new(), key)
        site.keys = [key]  # any of them will do
        text = "Titel\r\nNoor"
        told = site.tell(server.port, group=["groep 5"], reference="7", file_name="a.jpg", text=text)
        assert site.tell(server.port, id_="msg_1") == told != site.tell(server.port, id_="msg_2")
        assert [site.attempt(), site.attempt(), site.attempt()] == [Outcome.DONE, Outcome.DONE, None]
    (caller, request), _ = intake.taken
    assert (caller.id, caller.role) == (site.source.key, KeyRole.CMS)
    given = request.content, request.text, request.file_name, request.groups, request.reference
    assert given == (b"a photo", "Titel\nNoor", "a.jpg", frozenset({"groep 5"}), "7")


@dataclass
class StoppedIntake(PlayedIntake):
    """Where the program is stopped just after the first photo was taken. Of keys it makes what a gate makes of them."""

    def take(self, caller: Caller, request: GateRequest) -> GateTicket:
        under_key = [earlier.content for _, earlier in self.taken if request.key and earlier.key == request.key]
        if under_key and request.content not in under_key:
            raise IdempotencyConflict
        ticket = super().take(caller, request)
        if len(self.taken) == 1:
            raise RegistryUnavailable
        return ticket


def test_a_photo_that_changed_before_it_was_fetched_again_is_taken_in(
    website: Callable[..., Website], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents, stopped = [b"a photo", b"another"], StoppedIntake()

    def respond(connection: socket.socket, request: bytes) -> None:
        answering("200 OK", contents[len(stopped.taken)])(connection, request)

    with serving(respond) as server:
        site = website(server.port, SharedSecret.new())
        monkeypatch.setattr(site.photos, "_intake", stopped)
        told = site.tell(server.port)
        assert site.attempt() is Outcome.RETRY
        clock.now += timedelta(minutes=10)
        assert site.attempt() is Outcome.DONE
    assert state(site, told) == ("done", None, False)
    assert [request.content for _, request in stopped.taken] == contents


def state(site: Website, told: str) -> tuple[str, str | None, bool]:
    """Of its job, with the error; and whether what was told is still there."""
    with site.registry.read(Caller("school", "x", KeyRole.PRIVACY_OFFICER), Act.MANAGE_WEBHOOKS) as session:
        found = incoming.state(session, site.source.id, told)
        assert found is not None
        return found.state, found.error, incoming.told(session, told) is not None


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (answering("302 Found", b"", "Location: http://169.254.169.254/"), "http_302"),
        (answering("200 OK", b"x" * (MAX_BYTES + 1)), "too_large"),
        (answering("200 OK", b"x", "Content-Encoding: gzip"), "encoded"),
    ],
    ids=["redirect", "large", "encoded"],
)
def test_what_can_never_be_fetched_is_given_up_and_forgotten(
    website: Callable[..., Website], intake: PlayedIntake, answer: Callable[..., None], code: str
) -> None:
    with serving(answer) as server:
        site = website(server.port, SharedSecret.new())
        told = site.tell(server.port)
        assert site.attempt() is Outcome.DEAD
    assert state(site, told) == ("dead", code, False)
    assert intake.taken == []


def test_what_cannot_be_fetched_now_is_tried_again(
    website: Callable[..., Website], intake: PlayedIntake, clock: Clock
) -> None:
    with serving(answering("503 Busy")) as server:
        site = website(server.port, SharedSecret.new())
        told = site.tell(server.port)
        assert site.attempt() is Outcome.RETRY
        assert state(site, told) == ("waiting", "http_503", True)
        intake.error = Overloaded()
        clock.now += timedelta(seconds=5)
        assert site.attempt() is Outcome.RETRY


@pytest.mark.parametrize("ended_by", ["the site", "an error", "its worker"])
def test_what_was_never_fetched_is_forgotten_with_the_last_attempt(
    website: Callable[..., Website], intake: PlayedIntake, clock: Clock, ended_by: str
) -> None:
    intake.error = RegistryUnavailable() if ended_by == "an error" else None
    with serving(answering("200 OK" if intake.error else "503 Busy", b"x")) as server:
        site = website(server.port, SharedSecret.new())
        told = site.tell(server.port, text="Noor")
        for _ in SCHEDULE.delays[1:]:
            assert site.attempt() is Outcome.RETRY
            assert state(site, told)[::2] == ("waiting", True)
            clock.now += timedelta(hours=2)
        if ended_by == "its worker":
            assert site.queue.take(KIND, 1, "killed", SCHEDULE) is not None
            clock.now += timedelta(seconds=site.queue.seconds)
        assert site.attempt() is Outcome.DEAD
    assert state(site, told)[::2] == ("dead", False)
    assert site.attempt() is None


def test_while_a_site_hangs_the_photos_of_others_are_fetched(
    website: Callable[..., Website], intake: PlayedIntake, clock: Clock
) -> None:
    with serving(lambda *_: None) as hanging, serving(answering("200 OK", b"x")) as well:
        slow, site = website(hanging.port, SharedSecret.new()), website(well.port, SharedSecret.new())
        for number in range(4):
            slow.tell(hanging.port, id_=f"msg_{number}")
        assert slow.attempt() is Outcome.RETRY
        slow.tell(hanging.port, id_="msg_later")
        site.tell(well.port)
        assert [site.attempt(), site.attempt()] == [Outcome.DONE, None]
        assert [caller.id for caller, _ in intake.taken] == [site.source.key]
        for _ in range(120):  # ten minutes
            clock.now += timedelta(seconds=5)
            while slow.attempt() is not None:
                pass
    assert len(hanging.requests) <= 6


def test_a_photo_that_is_not_there_does_not_delay_the_others(website: Callable[..., Website]) -> None:
    answers = [answering("200 OK", b"x"), answering("404 Not Found")]
    with serving(lambda connection, request: answers.pop()(connection, request)) as server:
        site = website(server.port, SharedSecret.new())
        site.tell(server.port, id_="msg_1")
        site.tell(server.port, id_="msg_2")
        assert [site.attempt(), site.attempt()] == [Outcome.RETRY, Outcome.DONE]


def test_of_one_source_no_more_wait_than_the_limit(
    website: Callable[..., Website], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incoming, "MAX_WAITING", 2)
    with serving(answering("200 OK", b"x")) as server:
        site, other = website(server.port, SharedSecret.new()), website(server.port, SharedSecret.new())
        first, _ = site.tell(server.port, id_="msg_1"), site.tell(server.port, id_="msg_2")
        for _ in range(2):
            with pytest.raises(Busy):
                site.tell(server.port, id_="msg_3")
        assert site.tell(server.port, id_="msg_1") == first  # it waits already
        other.tell(server.port, id_="msg_3")
        assert site.attempt() is Outcome.DONE
        site.tell(server.port, id_="msg_3")


def test_a_name_that_leads_elsewhere_later_is_not_followed(
    website: Callable[..., Website], intake: PlayedIntake, network: Network
) -> None:
    with serving(answering("200 OK", b"x")) as server:
        site = website(server.port, SharedSecret.new())
        told = site.tell(server.port)
        network.answers = lambda _: ["10.0.0.1"]
        assert site.attempt() is Outcome.RETRY
        assert state(site, told) == ("waiting", "address_refused", True)
    assert (network.connected, server.requests, intake.taken) == ([], [], [])


def test_what_is_no_photo_is_given_up(website: Callable[..., Website], intake: PlayedIntake) -> None:
    intake.error = PdfNotJudged()
    with serving(answering("200 OK", b"%PDF-1.7")) as server:
        site = website(server.port, SharedSecret.new())
        told = site.tell(server.port)
        assert site.attempt() is Outcome.DEAD
    assert state(site, told) == ("dead", PdfNotJudged.code, False)


@pytest.mark.parametrize("what", ["source", "key"])
def test_of_who_was_revoked_nothing_is_taken_or_fetched(
    website: Callable[..., Website], registry: Registry, caller: Caller, what: str, find: Callable[[str], Job]
) -> None:
    with serving(answering("200 OK", b"x")) as server:
        site = website(server.port, SharedSecret.new())
        told = site.tell(server.port)
        with registry.write(caller, Act.MANAGE_KEYS) as session:
            sources.revoke(session, site.source.id) if what == "source" else api_keys.revoke(session, site.source.key)
        with pytest.raises(BadSignature):
            site.tell(server.port, id_="msg_2")
        assert site.attempt() is Outcome.DEAD
        assert find(told).error == "source_revoked"
        assert server.requests == []
