"""Size, number, turns and time. The screening processes are played by the test, so that it decides what takes long."""

from __future__ import annotations

import select
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import httpx
import pytest
from tests.waiting import PATIENCE, wait_for

from fotopoort.api import readiness
from fotopoort.api.limits.bodies import Bodies, BodyLimits
from fotopoort.api.limits.fair_queue import FairQueue
from fotopoort.errors import EmptyFile, RegistryUnavailable
from fotopoort.registry.access import api_keys
from fotopoort.registry.access.roles import Act, Caller, KeyRole, console
from fotopoort.screening.screen import Request, Screening, unjudged
from fotopoort.vocabulary import Rendition

from .service import POLICY, Door, PlayedScreeners, opened

SCREENINGS = "/v1/screenings"
Open = Callable[..., tuple[Door, PlayedScreeners]]


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Open]:
    """Opens doors with the settings given, and closes them after the test."""
    with ExitStack() as stack:

        def open_one(played: PlayedScreeners | None = None, given: Any = None, **settings: object) -> Any:  # noqa: ANN401
            played = played or PlayedScreeners()
            context: AbstractContextManager[Door] = opened(tmp_path / "data", played, settings, **(given or {}))
            return stack.enter_context(context), played

        yield open_one


def post(door: Door, photos: int = 1, size: int = 10) -> httpx.Response:
    with door.client() as client:
        files = [("photo", ("a.jpg", b"x" * size))] * photos
        return client.post(SCREENINGS, files=files, data={"channel": "website"})


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def test_more_photos_than_allowed_are_413(door: Open) -> None:
    service, _ = door(max_photos_per_request=2)
    assert code(post(service, photos=3)) == (413, "too_large")


def test_a_body_that_announces_more_than_allowed_is_413(door: Open) -> None:
    service, played = door(max_megabytes=1, max_photos_per_request=1)
    assert code(post(service, size=4_000_000)) == (413, "too_large")
    assert not played.given


def test_a_chunked_form_larger_than_allowed_is_413(door: Open) -> None:
    service, played = door(max_megabytes=1, max_photos_per_request=1)

    def body() -> Iterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="photo"; filename="a"\r\n\r\n'
        for _ in range(8):
            yield b"x" * 500_000
        yield b"\r\n--x--\r\n"

    with service.client() as client:
        answer = client.post(SCREENINGS, content=body(), headers={"Content-Type": "multipart/form-data; boundary=x"})
    assert code(answer) == (413, "too_large")
    assert not played.given


def test_who_comes_when_as_many_wait_as_may_is_told_to_come_back(door: Open) -> None:
    service, played = door(screeners=1, waiting=1, seconds_waiting=PATIENCE)
    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(post, service)
        wait_for(lambda: len(played.given) == 1)
        others = [pool.submit(post, service) for _ in range(2)]
        refused = next(as_completed(others)).result()
        assert code(refused) == (429, "busy")
        assert refused.headers["retry-after"] == str(PATIENCE)
        wait_for(lambda: settled(played, 2))
        assert first.result().status_code == 200
        assert sorted(other.result().status_code for other in others) == [200, 429]


def test_who_waits_too_long_is_told_to_come_back(door: Open) -> None:
    service, played = door(screeners=1, waiting=5, seconds_waiting=0.3)
    with ThreadPoolExecutor(1) as pool:
        pool.submit(post, service)
        wait_for(lambda: len(played.given) == 1)
        answer = post(service)
        assert code(answer) == (503, "overloaded")
        assert answer.headers["retry-after"] == "1"
        played.settle()
    assert_free(service, played)


def test_photos_of_other_keys_go_in_between_those_of_a_large_request(
    door: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Deterministic by order: each photo is settled when everyone who will wait for the next turn does."""
    joins: list[object] = []
    join = FairQueue.join

    def recorded(self: FairQueue[Any], key: object, ticket: Any, **given: Any) -> Any:  # noqa: ANN401
        result = join(self, key, ticket, **given)
        joins.append(key)
        return result

    monkeypatch.setattr(FairQueue, "join", recorded)
    service, played = door(screeners=1)
    with service.registry.write(console("school"), Act.MANAGE_KEYS) as session:
        keys = {name: api_keys.make(session, KeyRole.MACHINE, name)[1] for name in "abc"}

    def request(name: str, photos: int) -> int:
        with service.client(keys[name]) as client:
            files = [("photo", ("a.jpg", name.encode()))] * photos
            return client.post(SCREENINGS, files=files, data={"channel": "website"}).status_code

    with ThreadPoolExecutor(3) as pool:
        statuses = []
        for number, (name, photos) in enumerate((("a", 4), ("b", 2), ("c", 1))):
            statuses.append(pool.submit(request, name, photos))
            wait_for(lambda: len(joins) == number + 1)  # noqa: B023 - waited for at once
        left, expected = {"a": 4, "b": 2, "c": 1}, 3
        for number in range(7):
            wait_for(lambda: len(joins) == expected and len(played.given) == number + 1)  # noqa: B023
            name = played.given[-1][0].decode()
            left[name] -= 1
            expected += left[name] > 0  # the next photo of that request waits for its turn
            played.settle()
        assert [status.result() for status in statuses] == [200, 200, 200]
    assert "".join(data.decode() for data, _, _ in played.given) == "abcabaa"


def test_who_leaves_while_waiting_gives_up_the_place(door: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    gone: list[object] = []
    leave = FairQueue.leave

    def recorded(self: FairQueue[Any], ticket: Any) -> None:  # noqa: ANN401
        leave(self, ticket)
        gone.append(ticket)

    monkeypatch.setattr(FairQueue, "leave", recorded)
    service, played = door(screeners=1, waiting=1)
    with ThreadPoolExecutor(1) as pool, ExitStack() as lines:
        first = pool.submit(post, service)
        wait_for(lambda: len(played.given) == 1)
        both = [lines.enter_context(send(service)) for _ in range(2)]
        refused, _, _ = select.select(both, [], [], PATIENCE)
        waiting = next(line for line in both if line not in refused)
        told = len(gone)
        waiting.close()
        wait_for(lambda: len(gone) > told)
        next_one = lines.enter_context(send(service))
        played.settle()
        wait_for(lambda: settled(played, 2))
        assert next_one.recv(100).startswith(b"HTTP/1.1 200")
        assert first.result().status_code == 200
        assert len(played.given) == 2, "the one that left was not screened"


def test_who_leaves_while_being_screened_frees_the_place_when_the_process_is_free(door: Open) -> None:
    service, played = door(screeners=1, waiting=0)
    leaving = send(service, photos=3)
    wait_for(lambda: len(played.given) == 1)
    leaving.close()
    assert code(post(service)) == (429, "busy")
    played.settle()
    assert_free(service, played)
    assert len(played.given) == 2, "the photos nobody waits for any more are not screened"


def test_a_slow_upload_holds_no_place(door: Open) -> None:
    service, played = door(screeners=1, waiting=0)
    with send(service, whole=False):
        assert_free(service, played)


def test_an_upload_that_stops_is_given_up(door: Open) -> None:
    service, _ = door(given={"body_limits": BodyLimits(silent_seconds=0.2)})
    with send(service, whole=False) as line:
        assert line.recv(100).startswith(b"HTTP/1.1 408")


def test_all_uploads_together_hold_no_more_than_allowed(door: Open) -> None:
    service, played = door(max_megabytes=1, max_photos_per_request=1, screeners=1, waiting=10)
    with ThreadPoolExecutor(3) as pool:
        uploads = [pool.submit(post, service, 1, 2_500_000) for _ in range(3)]  # each may hold 3 MB, all of them 6
        refused = next(as_completed(uploads)).result()
        assert code(refused) == (429, "busy")
        wait_for(lambda: settled(played, 2))
        assert sorted(upload.result().status_code for upload in uploads) == [200, 200, 429]


def test_uploads_of_one_key_leave_room_for_those_of_another(door: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """Together requests may hold 6 MB; one key has 5.2 MB of it, in uploads that do not go on."""
    held: list[int] = []
    hold = Bodies.hold

    def recorded(self: Bodies, caller: Caller, count: int) -> None:
        hold(self, caller, count)
        held.append(count)

    monkeypatch.setattr(Bodies, "hold", recorded)
    given = {"body_limits": BodyLimits(silent_seconds=PATIENCE, grace_seconds=PATIENCE)}
    service, _ = door(given=given, max_megabytes=1, max_photos_per_request=1)
    with service.registry.write(console("school"), Act.MANAGE_KEYS) as session:
        other = api_keys.make(session, KeyRole.MACHINE, "other")[1]

    def answer(key: str) -> tuple[int, str]:
        with service.client(key) as client:
            return code(client.post(SCREENINGS, files={"photo": ("a.jpg", b"x" * 500_000)}))

    with ExitStack() as lines:
        for _ in range(2):
            line = lines.enter_context(send(service, photos=0, whole=False, announced=2_900_000))
            line.sendall(b'--x\r\nContent-Disposition: form-data; name="photo"; filename="a"\r\n\r\n')
            line.sendall(b"x" * 2_600_000)
        wait_for(lambda: sum(held) > 5_200_000)
        assert answer(service.key) == (429, "busy")
        assert answer(other) == (422, "bad_form"), "it was read, and names no channel"


def test_what_was_screened_is_kept_for_its_time_and_no_longer(door: Open) -> None:
    now = [1000.0]
    service, _ = door(
        PlayedScreeners(at_once=screening(b"jpeg")), {"clock": lambda: now[0]}, renditions_kept_seconds=60
    )
    document = post(service).json()
    place = f"{SCREENINGS}/{document['id']}"
    with service.client() as client:
        now[0] += 59
        assert client.get(place).json() == document
        assert client.get(f"{place}/renditions/website").content == b"jpeg"
        now[0] += 1
        assert code(client.get(place)) == (404, "not_found")
        assert code(client.get(f"{place}/renditions/website")) == (404, "not_found")


@pytest.mark.parametrize(("healthy", "status"), [(True, 200), (False, 503)])
def test_ready_means_that_the_models_are_there(door: Open, healthy: bool, status: int) -> None:
    service, _ = door(PlayedScreeners(healthy=healthy))
    assert httpx.get(f"{service.url}/readyz", timeout=PATIENCE).status_code == status
    assert httpx.get(f"{service.url}/healthz", timeout=PATIENCE).status_code == 200


def test_what_is_missing_is_said_to_anybody_and_nothing_else(door: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    service, _ = door(PlayedScreeners(healthy=False))

    def away() -> NoReturn:
        raise RegistryUnavailable

    monkeypatch.setattr(service.registry.database, "read", away)
    answer = httpx.get(f"{service.url}/readyz", timeout=PATIENCE)
    assert answer.status_code == 503
    assert answer.json().keys() == {"error", "missing"}
    assert sorted(answer.json()["missing"]) == ["database", "models"]
    assert answer.json()["error"]["code"] == "not_ready"


@pytest.mark.parametrize(
    ("where", "value", "missing"),
    [
        pytest.param("MIN_FREE_BYTES", 2**62, ["disk"], id="no room"),
        pytest.param("HEAD", "9999", ["schema"], id="another version"),
    ],
)
def test_the_machine_is_looked_at_too(
    door: Open, monkeypatch: pytest.MonkeyPatch, where: str, value: object, missing: list[str]
) -> None:
    service, _ = door()
    monkeypatch.setattr(readiness, where, value)
    answer = httpx.get(f"{service.url}/readyz", timeout=PATIENCE)
    assert (answer.status_code, answer.json()["missing"]) == (503, missing)


def test_metrics_are_for_this_machine_or_whoever_has_the_key(door: Open, tmp_path: Path) -> None:
    service, _ = door()
    with service.client() as client:
        client.get(f"{SCREENINGS}/x")
        counted = 'fotopoort_requests_total{method="GET",route="/v1/screenings/{screening}",status="404"} 1.0'
        wait_for(lambda: counted in client.get("/metrics").text)
        assert client.get("/metrics").headers["content-type"].startswith("text/plain; version=0.0.4")
        assert code(client.get("/metrics", headers={"X-Forwarded-For": "192.0.2.7"})) == (403, "forbidden")
        client.request("SANNE", "/v1/screenings")
        assert "SANNE" not in client.get("/metrics").text
    (tmp_path / "key").write_text("k" * 32)
    service, _ = door(metrics_key_file=tmp_path / "key")
    with service.client() as client:
        assert code(client.get("/metrics")) == (401, "not_allowed")
        given = client.get("/metrics", headers={"Authorization": "Bearer " + "k" * 32})
        assert "fotopoort_database_up 1.0" in given.text


def test_at_work_is_ready(door: Open) -> None:
    service, played = door(PlayedScreeners(healthy=False), screeners=1)
    with send(service):
        wait_for(lambda: len(played.given) == 1)
        assert httpx.get(f"{service.url}/readyz", timeout=PATIENCE).status_code == 200


def test_at_work_is_not_ready_where_no_process_can_start(door: Open) -> None:
    service, played = door(PlayedScreeners(healthy=False, resting=1), screeners=1)
    with send(service):
        wait_for(lambda: len(played.given) == 1)
        answer = httpx.get(f"{service.url}/readyz", timeout=PATIENCE)
    assert (answer.status_code, answer.json()["missing"]) == (503, ["models"])
    assert "fotopoort models verify" in answer.json()["error"]["hint"]


def test_ready_says_how_many_processes_cannot_start(door: Open) -> None:
    service, played = door()
    played.count = 2
    for resting, told in ((1, {"status": "ready", "resting": "1 of 2"}), (0, {"status": "ready"})):
        played.resting = resting
        answer = httpx.get(f"{service.url}/readyz", timeout=PATIENCE)
        assert (answer.status_code, answer.json()) == (200, told)


def test_what_nobody_expected_is_told_without_a_word_of_it(
    door: Open, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("Sanne de Vries")

    played = PlayedScreeners()
    monkeypatch.setattr(played, "submit", broken)
    service, _ = door(played)
    answer = post(service)
    assert code(answer) == (500, "error")
    assert "Sanne" not in answer.text + caplog.text
    assert answer.headers["x-request-id"] in caplog.text
    assert "RuntimeError" in caplog.text


def test_only_a_service_for_this_machine_minds_the_host(door: Open) -> None:
    service, _ = door(host="0.0.0.0")  # noqa: S104 - only told, not listened on
    assert (
        httpx.get(f"{service.url}/healthz", headers={"Host": "foto.school.example"}, timeout=PATIENCE).status_code
        == 200
    )


# --- playing ---------------------------------------------------------------------------------------------


def screening(jpeg: bytes) -> Screening:
    plain = unjudged(b"", Request(("website",)), EmptyFile(), policy=POLICY)
    return replace(plain, renditions={"website": Rendition(jpeg, "0" * 64, 1, 1, (), True)})


def send(door: Door, *, photos: int = 1, whole: bool = True, announced: int = 0) -> socket.socket:
    """Send a request, or all but its last byte, and leave the line open. Where a length is announced, only the head."""
    part = b'--x\r\nContent-Disposition: form-data; name="photo"; filename="a"\r\n\r\nx\r\n'
    channel = b'--x\r\nContent-Disposition: form-data; name="channel"\r\n\r\nwebsite\r\n--x--\r\n'
    body = part * photos + channel
    url = httpx.URL(door.url)
    line = socket.create_connection((url.host, url.port or 80), timeout=PATIENCE)
    line.sendall(
        b"POST /v1/screenings HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\n"
        + f"Authorization: Bearer {door.key}\r\nContent-Length: {announced or len(body)}\r\n\r\n".encode()
        + (b"" if announced else body if whole else body[:-1])
    )
    return line


def until(ask: Callable[[], httpx.Response], status: int) -> httpx.Response:
    """Ask until the answer has this status: what another connection did may take a moment to be seen."""
    answers: list[httpx.Response] = []

    def has_asked() -> bool:
        answers.append(ask())
        return answers[-1].status_code == status

    wait_for(has_asked)
    return answers[-1]


def settled(played: PlayedScreeners, photos: int) -> bool:
    played.settle()
    return len(played.given) >= photos


def assert_free(door: Door, played: PlayedScreeners) -> None:
    """A photo that comes now is screened at once."""
    done = threading.Event()

    def play() -> None:
        while not done.wait(0.02):
            played.settle()

    player = threading.Thread(target=play)
    player.start()
    try:
        assert until(lambda: post(door), 200).status_code == 200
    finally:
        done.set()
        player.join()
