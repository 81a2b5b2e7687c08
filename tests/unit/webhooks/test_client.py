"""Requests to addresses that somebody else names: only there, only so much, only so long."""

from __future__ import annotations

import gzip
import itertools
import socket
import ssl
import threading
from pathlib import Path

import pytest
from cryptography import x509
from tests.certificates import write_certificate
from tests.waiting import PATIENCE

from fotopoort.webhooks.outbound.client import GuardedClient
from fotopoort.webhooks.outbound.network import Deadline, OutboundError

from .outbound_client import Network, allowed, at_loopback
from .servers import answering, dripping, serving

LONG = PATIENCE  # seconds for what ends by itself
SHORT = 0.5  # for what never does


def test_what_is_there_is_fetched_and_nothing_else_is_said_of_us() -> None:
    network = at_loopback()
    with serving(answering("200 OK", b"a photo")) as server:
        answer = network.client().get(
            f"http://cms.example:{server.port}/a.jpg?b=c", allowed(server.port), max_bytes=7, seconds=LONG
        )
    assert (answer.status, answer.content) == (200, b"a photo")
    assert network.connected == [("127.0.0.1", server.port)]
    assert server.requests == [
        f"GET /a.jpg?b=c HTTP/1.1\r\nHost: cms.example:{server.port}\r\nUser-Agent: Fotopoort\r\n"
        "Accept-Encoding: identity\r\nConnection: close\r\n\r\n".encode()
    ]


def test_a_message_is_sent_whole() -> None:
    with serving(answering("204 No Content")) as server:
        answer = (
            at_loopback()
            .client()
            .post(
                f"http://cms.example:{server.port}/",
                allowed(server.port),
                b"x" * 20_000,
                headers={"A": "b"},
                seconds=LONG,
            )
        )
    assert answer.status == 204
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert body == b"x" * 20_000
    assert {b"A: b", b"Content-Length: 20000"} < set(head.split(b"\r\n"))


def test_no_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(answering("200 OK", b"proxied")) as proxy, serving(answering("200 OK", b"itself")) as server:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        url = f"http://cms.example:{server.port}/"
        answer = at_loopback().client().get(url, allowed(server.port), max_bytes=100, seconds=LONG)
    assert (answer.content, proxy.requests) == (b"itself", [])


def test_a_name_is_looked_up_once_and_what_was_checked_is_connected_to() -> None:
    answers = itertools.chain([["127.0.0.1"]], itertools.repeat(["169.254.169.254"]))
    network = Network(lambda _: next(answers))
    with serving(answering("200 OK", b"first")) as server:
        url = f"http://cms.example:{server.port}/"
        assert network.client().get(url, allowed(server.port), max_bytes=100, seconds=LONG).content == b"first"
        assert network.looked_up == ["cms.example"]
        with pytest.raises(OutboundError, match="address_refused"):
            network.client().get(url, allowed(server.port), max_bytes=100, seconds=LONG)
    assert network.connected == [("127.0.0.1", server.port)]


def test_one_bad_address_among_good_ones_is_enough() -> None:
    with serving(answering("200 OK")) as server:
        for answers in (["127.0.0.1", "10.0.0.1"], ["10.0.0.1", "127.0.0.1"], ["127.0.0.1"] * 33, ["127.0.0.1", "x"]):
            network = Network(lambda _, answers=answers: answers)  # type: ignore[misc]
            with pytest.raises(OutboundError, match="address_refused"):
                network.client().get(
                    f"http://cms.example:{server.port}/", allowed(server.port), max_bytes=1, seconds=LONG
                )
            assert network.connected == []


def test_the_next_address_is_tried_where_one_does_not_answer() -> None:
    network = Network(lambda _: ["127.0.0.2", "127.0.0.1"])
    with serving(answering("200 OK", b"x")) as server:
        url = f"http://cms.example:{server.port}/"
        assert network.client().get(url, allowed(server.port), max_bytes=1, seconds=LONG).content == b"x"
    assert network.connected == [("127.0.0.2", server.port), ("127.0.0.1", server.port)]


@pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308])
def test_no_redirect_is_followed(status: int) -> None:
    network = at_loopback()
    with serving(answering("200 OK")) as elsewhere:
        location = f"Location: http://cms.example:{elsewhere.port}/"
        with serving(answering(f"{status} Elsewhere", b"", location)) as server:
            url = f"http://cms.example:{server.port}/"
            with pytest.raises(OutboundError, match=f"http_{status}"):
                network.client().get(url, allowed(server.port), max_bytes=100, seconds=LONG)
            answer = network.client().post(url, allowed(server.port), b"{}", headers={}, seconds=LONG)
    assert (answer.status, elsewhere.requests) == (status, [])
    assert {port for _, port in network.connected} == {server.port}


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "deflate", "br", "identity, gzip", "x"])
def test_an_encoded_answer_is_refused_unread(encoding: str) -> None:
    bomb = gzip.compress(bytes(10_000_000))
    with serving(answering("200 OK", bomb, f"Content-Encoding: {encoding}")) as server:
        with pytest.raises(OutboundError, match="encoded"):
            at_loopback().client().get(
                f"http://cms.example:{server.port}/", allowed(server.port), max_bytes=10**8, seconds=LONG
            )


def test_two_encodings_are_one_that_is_not_known() -> None:
    headers = ("Content-Encoding: identity", "Content-Encoding: gzip")
    with serving(answering("200 OK", b"x", *headers)) as server, pytest.raises(OutboundError, match="encoded"):
        at_loopback().client().get(
            f"http://cms.example:{server.port}/", allowed(server.port), max_bytes=10, seconds=LONG
        )


@pytest.mark.parametrize(
    "start",
    [
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: ",
        b"",
    ],
    ids=["until closed", "with a length", "in pieces", "in headers", "in heads"],
)
def test_an_endless_answer_is_ended_by_its_size(start: bytes) -> None:
    piece = b"1000\r\n" + b"x" * 4096 + b"\r\n" if b"chunked" in start else b"x" * 4096
    piece = b"HTTP/1.1 103 Early Hints\r\n\r\n" * 100 if not start else piece
    ended = threading.Event()
    with serving(dripping(start, piece, ended, seconds=0)) as server:
        with pytest.raises(OutboundError, match=r"too_large|bad_answer"):
            at_loopback().client().get(
                f"http://cms.example:{server.port}/", allowed(server.port), max_bytes=100_000, seconds=LONG
            )
        ended.set()


@pytest.mark.parametrize(
    ("start", "piece"),
    [
        (b"", b""),
        (b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
    ids=["nothing", "headers", "content", "pieces", "heads"],
)
def test_a_dripping_answer_is_ended_by_the_one_deadline(start: bytes, piece: bytes) -> None:
    ended = threading.Event()
    with serving(dripping(start, piece, ended)) as server:
        with pytest.raises(OutboundError, match="timed_out"):
            at_loopback().client().get(
                f"http://cms.example:{server.port}/", allowed(server.port), max_bytes=10**6, seconds=SHORT
            )
        ended.set()


def test_a_look_up_that_never_ends_is_left_behind() -> None:
    ended = threading.Event()
    network = Network(lambda _: ["127.0.0.1"] if ended.wait(PATIENCE) else [])
    with pytest.raises(OutboundError, match="timed_out"):
        network.client().get("http://cms.example:1/", allowed(1), max_bytes=1, seconds=SHORT)
    ended.set()
    assert network.connected == []


def test_a_deadline_is_one_for_everything() -> None:
    now = [100.0]
    deadline = Deadline(20, lambda: now[0])
    assert deadline.left() == 20
    now[0] = 119.0
    assert deadline.left() == 1
    for now[0] in (120.0, 1000.0):
        with pytest.raises(OutboundError, match="timed_out"):
            deadline.left()


@pytest.mark.parametrize(
    ("bytes_sent", "code"),
    [
        (b"", "bad_answer|connection_lost"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", "bad_answer|connection_lost"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "bad_answer"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", "bad_answer"),
        (b"SSH-2.0-OpenSSH_9\r\n\r\n", "bad_answer"),
        (b"\x16\x03\x01\x00\x00", "bad_answer"),
    ],
)
def test_an_answer_that_is_none_has_a_code(bytes_sent: bytes, code: str) -> None:
    def respond(connection: socket.socket, _: bytes) -> None:
        connection.sendall(bytes_sent)

    with serving(respond) as server, pytest.raises(OutboundError, match=code):
        at_loopback().client().get(
            f"http://cms.example:{server.port}/", allowed(server.port), max_bytes=100, seconds=LONG
        )


def test_a_name_that_nobody_has_and_a_port_where_nobody_listens() -> None:
    def nobody(_: str) -> list[str]:
        raise socket.gaierror

    def nothing(_: str) -> list[str]:
        return []

    for resolve in (nobody, nothing):
        with pytest.raises(OutboundError, match="name_not_found"):
            Network(resolve).client().get("http://cms.example:1/", allowed(1), max_bytes=1, seconds=LONG)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(OutboundError, match="connection_failed"):
        at_loopback().client().get(f"http://cms.example:{port}/", allowed(port), max_bytes=1, seconds=LONG)


def test_only_a_listed_host_is_looked_up() -> None:
    network = at_loopback()
    for url in ("http://cms.example/", "http://other.example:8000/", "https://127.0.0.1:8000/"):
        with pytest.raises(OutboundError, match="host_not_allowed"):
            network.client().get(url, allowed(8000), max_bytes=1, seconds=LONG)
    assert (network.looked_up, network.connected) == ([], [])


@pytest.mark.parametrize("name", ["cms.example", "other.example"])
def test_over_https_the_name_is_asked_for_and_its_certificate_checked(name: str, tmp_path: Path) -> None:
    asked = list[str | None]()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate, key = write_certificate(tmp_path, x509.DNSName(name))
    context.load_cert_chain(certificate, key)
    context.sni_callback = lambda _, asked_for, __: asked.append(asked_for)
    believed = ssl.create_default_context(cafile=str(certificate))
    network = at_loopback()
    client = GuardedClient(resolve=network.resolve, connect=network.connect, tls=believed)
    with serving(answering("200 OK", b"sealed"), tls=context) as server:
        url = f"https://cms.example:{server.port}/"
        if name == "cms.example":
            assert client.get(url, allowed(server.port), max_bytes=10, seconds=LONG).content == b"sealed"
            assert f"Host: cms.example:{server.port}".encode() in server.requests[0]
        else:
            with pytest.raises(OutboundError, match="connection_failed"):
                client.get(url, allowed(server.port), max_bytes=10, seconds=LONG)
        with pytest.raises(OutboundError, match="connection_failed"):  # of an authority of nobody's
            network.client().get(url, allowed(server.port), max_bytes=10, seconds=LONG)
    assert asked[0] == "cms.example"


def test_a_handshake_that_never_ends_is_ended() -> None:
    ended = threading.Event()

    def respond(connection: socket.socket, _: bytes) -> None:
        ended.wait(PATIENCE)

    with serving(respond) as server:
        with pytest.raises(OutboundError, match="timed_out"):
            at_loopback().client().get(
                f"https://cms.example:{server.port}/", allowed(server.port), max_bytes=10, seconds=SHORT
            )
        ended.set()
