"""Bodies that nobody asked for: of any kind, without end, or one byte at a time, with and without a key."""

from __future__ import annotations

import re
import select
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.waiting import PATIENCE, wait_for

from fotopoort.api.limits.bodies import BodyLimits
from fotopoort.api.limits.connections import ConnectionLimits

from .service import Door, PlayedScreeners, Served, opened

MEGABYTE = 1_000_000
Open = Callable[..., Door]
KINDS = ["", "text/plain", "application/octet-stream", "application/x-www-form-urlencoded", "image/jpeg"]


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Open]:
    """Opens doors with the limits given, and closes them after the test."""
    with ExitStack() as stack:

        def open_one(bodies: BodyLimits | None = None, connections: ConnectionLimits | None = None) -> Any:  # noqa: ANN401
            given = {"body_limits": bodies or BodyLimits(), "connection_limits": connections or ConnectionLimits()}
            return stack.enter_context(opened(tmp_path / "data", PlayedScreeners(), {}, **given))

        yield open_one


def connected(url: str) -> socket.socket:
    place = httpx.URL(url)
    return socket.create_connection((place.host, place.port or 80), timeout=PATIENCE)


def head(method: str, path: str, *headers: str, key: str = "") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", *headers]
    lines += [f"Authorization: Bearer {key}"] if key else []
    return ("\r\n".join(line for line in lines if line) + "\r\n\r\n").encode()


def pour(line: socket.socket, most: int, chunked: bool) -> int:
    """Send nothing but bytes until the other side has answered or hung up, or `most` were sent; how many that was."""
    piece = b"x" * 500_000
    piece = b"%x\r\n%s\r\n" % (len(piece), piece) if chunked else piece
    sent = 0
    while sent < most and not select.select([line], [], [], 0)[0]:
        try:
            line.sendall(piece)
        except OSError:
            break
        sent += len(piece)
    return sent


def answered(line: socket.socket) -> bytes:
    """All that comes until the other side closes the connection, as it must."""
    received = b""
    try:
        while part := line.recv(65536):
            received += part
    except ConnectionResetError:
        pass
    return received


def peak_megabytes(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text()
    return int(re.search(r"VmHWM:\s*(\d+) kB", status)[1]) / 1000  # type: ignore[index]


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads the memory in /proc")
@pytest.mark.parametrize("with_key", [False, True], ids=["no key", "key"])
@pytest.mark.parametrize("chunked", [False, True], ids=["length", "chunked"])
def test_bodies_without_end_take_no_memory(served: Served, with_key: bool, chunked: bool) -> None:
    size = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {2**40}"
    key = served.key if with_key else ""
    wait_for(served.is_ready)
    before = peak_megabytes(served.process.pid)

    def post(kind: str) -> bytes:
        with connected(served.url) as line:
            line.sendall(head("POST", "/v1/names", size, kind and f"Content-Type: {kind}", key=key))
            assert pour(line, 60 * MEGABYTE, chunked) < 60 * MEGABYTE, "it is read without bound"
            return answered(line)

    with ThreadPoolExecutor(len(KINDS)) as pool:
        for answer in pool.map(post, KINDS):
            assert answer.startswith(b"HTTP/1.1 413" if with_key else b"HTTP/1.1 401")
    assert peak_megabytes(served.process.pid) < before + 50


@pytest.mark.parametrize("chunked", [False, True], ids=["length", "chunked"])
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/v1/screenings", 401),
        ("POST", "/v1/screenings/x/answers", 401),
        ("POST", "/v1/registry/people", 401),
        ("POST", "/v1/registry/import", 401),
        ("GET", "/v1/screenings/x", 401),
        ("DELETE", "/v1/names", 401),
        ("POST", "/nowhere", 401),
        ("PROPFIND", "/v1/names", 401),
        ("PROPFIND", "/", 405),
        ("POST", "/login", 403),
        ("GET", "/healthz", 200),
        ("POST", "/healthz", 405),
        ("GET", "/openapi.json", 200),
    ],
)
def test_without_a_key_no_byte_of_a_body_is_waited_for(
    door: Open, method: str, path: str, status: int, chunked: bool
) -> None:
    size = "Transfer-Encoding: chunked" if chunked else "Content-Length: 1000"
    with connected(door(BodyLimits(linger_seconds=0.1)).url) as line:
        line.sendall(head(method, path, size))
        answer = answered(line)
    assert answer.startswith(b"HTTP/1.1 %d" % status)
    assert b"connection: close" in answer.lower()


def test_a_body_that_no_route_reads_ends_with_the_connection(served: Served) -> None:
    with connected(served.url) as line:
        line.sendall(head("GET", "/v1/screenings/x", "Transfer-Encoding: chunked", key=served.key))
        pour(line, 60 * MEGABYTE, chunked=True)
        assert answered(line).startswith(b"HTTP/1.1 404")


def test_a_body_of_unknown_length_that_is_small_is_read(served: Served, client: httpx.Client) -> None:
    answer = client.post(
        "/v1/names", content=iter([b'{"text": ', b'"Sem"}']), headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 200


def test_a_body_that_drips_ends(door: Open) -> None:
    """It never pauses for long, and all the same comes to an end."""
    service = door(BodyLimits(grace_seconds=0.3, bytes_per_second=1000, silent_seconds=20))
    with connected(service.url) as line:
        line.sendall(head("POST", "/v1/names", "Content-Length: 1000000", key=service.key))
        drip(line)
        assert answered(line).startswith(b"HTTP/1.1 408")


def test_a_body_that_stops_ends(door: Open) -> None:
    service = door(BodyLimits(silent_seconds=0.2))
    with connected(service.url) as line:
        line.sendall(head("POST", "/v1/names", "Content-Length: 100", key=service.key) + b"x")
        assert answered(line).startswith(b"HTTP/1.1 408")


def test_a_head_that_drips_ends(door: Open) -> None:
    service = door(connections=ConnectionLimits(head_seconds=0.3))
    with connected(service.url) as line:
        line.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        drip(line)
        assert answered(line).startswith(b"HTTP/1.1 408")


def test_the_head_of_a_second_request_that_drips_ends(door: Open) -> None:
    service = door(connections=ConnectionLimits(head_seconds=0.3))
    with ExitStack() as lines:
        tried: list[socket.socket] = []

        def is_served() -> bool:  # a busy machine may be too late with the first head as well
            tried.append(lines.enter_context(connected(service.url)))
            with suppress(OSError):
                tried[-1].sendall(head("GET", "/healthz"))
                return tried[-1].recv(1000).startswith(b"HTTP/1.1 200")
            return False

        wait_for(is_served)
        tried[-1].sendall(b"GET /healthz HTTP/1.1\r\nX-Slow: ")
        drip(tried[-1])
        assert b"HTTP/1.1 408" in answered(tried[-1])


def test_who_connects_and_says_nothing_is_hung_up_on(door: Open) -> None:
    service = door(connections=ConnectionLimits(head_seconds=0.2))
    with connected(service.url) as line:
        assert answered(line).startswith(b"HTTP/1.1 408")


def test_who_does_not_take_the_answer_is_hung_up_on(door: Open) -> None:
    """Answers that nobody reads pile up until the kernel takes no more; then the service waits, but not forever."""
    service = door(connections=ConnectionLimits(write_seconds=0.2))
    with connected(service.url) as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        asked = head("GET", "/openapi.json")

        def is_cut() -> bool:
            try:
                line.settimeout(1)
                line.sendall(asked * 10)
            except TimeoutError:
                return False
            except OSError:
                return True
            return False

        wait_for(is_cut)


def test_answers_that_were_given_make_room(door: Open) -> None:
    """A body that nobody reads keeps its connection for a moment; that is no reason to turn somebody else away."""
    service = door(BodyLimits(linger_seconds=60), ConnectionLimits(connections=5))
    with ExitStack() as lines:
        for _ in range(20):
            line = lines.enter_context(connected(service.url))
            line.sendall(head("GET", "/healthz", "Content-Length: 1000"))
            assert line.recv(1000).startswith(b"HTTP/1.1 200")
        assert httpx.get(f"{service.url}/healthz", timeout=PATIENCE).status_code == 200


def test_a_hundred_silent_connections_keep_nobody_out(door: Open) -> None:
    service = door(connections=ConnectionLimits(connections=20, head_seconds=60))
    with ExitStack() as lines:
        silent = [lines.enter_context(connected(service.url)) for _ in range(100)]
        assert httpx.get(f"{service.url}/healthz", timeout=PATIENCE).status_code == 200
        with service.client() as client:
            assert client.get("/v1/screenings/x").status_code == 404
        wait_for(lambda: len(select.select(silent, [], [], 0)[0]) >= 80)  # the ones that waited longest are hung up on


def test_more_requests_than_allowed_are_503_and_health_is_answered(door: Open) -> None:
    service = door(connections=ConnectionLimits(requests=10))
    with ExitStack() as lines:
        for _ in range(10):
            line = lines.enter_context(connected(service.url))
            line.sendall(head("POST", "/v1/names", "Content-Length: 1000", key=service.key))
        with service.client() as client:
            wait_for(lambda: client.get("/v1/screenings/x").status_code == 503)
            answer = client.get("/v1/screenings/x")
            assert answer.json()["error"]["code"] == "overloaded"
            assert int(answer.headers["retry-after"]) > 0
            assert client.get("/healthz").status_code == 200
            assert client.get("/readyz").status_code == 200
            lines.close()
            wait_for(lambda: client.get("/v1/screenings/x").status_code == 404)


def drip(line: socket.socket) -> None:
    """One byte after another until the other side answers; fails where it never does."""

    def is_answered() -> bool:
        if not select.select([line], [], [], 0)[0]:
            line.sendall(b"x")
            return False
        return True

    wait_for(is_answered)
