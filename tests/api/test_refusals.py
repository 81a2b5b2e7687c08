"""What is refused, with which status and which code; each in the same shape, and telling nothing that was sent."""

from __future__ import annotations

import json
import socket

import httpx
import pytest
from tests.waiting import PATIENCE

from fotopoort.application.contract.documents import Problem

from .pictures import drawn
from .service import Served

SCREENINGS = "/v1/screenings"
PHOTO = ("photo", ("Sanne.jpg", drawn(64, 48)))
PRIVATE = "Sanne de Vries"


def problem(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/json"
    assert PRIVATE not in answer.text
    assert "Traceback" not in answer.text
    return answer.status_code, Problem.model_validate(answer.json()).error.code


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        pytest.param({}, "bad_form", id="no channel"),
        pytest.param({"channel": PRIVATE}, "unknown_channel", id="unknown channel"),
        pytest.param({"channel": "website", PRIVATE: "x"}, "bad_form", id="unknown field"),
        pytest.param({"channel": "website", "photo": PRIVATE}, "bad_form", id="a photo that is text"),
        pytest.param({"channel": "website", "caption": [PRIVATE, PRIVATE]}, "bad_form", id="two captions"),
        pytest.param({"channel": "website", "together": PRIVATE}, "bad_form", id="no flag"),
        pytest.param({"channel": "website", "taken": PRIVATE}, "bad_form", id="no day"),
        pytest.param({"channel": "website", "taken": "2999-01-01"}, "future_day", id="a day that has not come"),
        pytest.param({"channel": "website", "group": PRIVATE}, "unknown_group", id="unknown group"),
        pytest.param({"channel": "website", "present": PRIVATE}, "unknown_person", id="unknown person"),
        pytest.param({"channel": "website", "present": "p1", "absent": "p1"}, "bad_answers", id="present and absent"),
        pytest.param({"channel": "website", "answers": PRIVATE}, "bad_answers", id="answers are no JSON"),
        pytest.param({"channel": "website", "answers": f'["{PRIVATE}"]'}, "bad_answers", id="answers are no object"),
        pytest.param({"channel": "website", "answers": "[" * 100_000}, "bad_answers", id="answers without an end"),
        pytest.param({"channel": "website", "answers": '{"absent":[],"absent":[]}'}, "bad_answers", id="key twice"),
        pytest.param(
            {"channel": "website", "answers": '{"drawn":[{"box":[0,0,5,1' + "0" * 9000 + "]}]}"},
            "bad_answers",
            id="a number out of this world",
        ),
        pytest.param(
            {"channel": "website", "answers": json.dumps({"faces": {"f1": {"person": PRIVATE}}})},
            "unknown_person",
            id="unknown person tapped",
        ),
    ],
)
def test_a_form_that_cannot_be_used_is_422(client: httpx.Client, fields: dict[str, object], code: str) -> None:
    assert problem(client.post(SCREENINGS, files=[PHOTO], data=fields)) == (422, code)


def test_no_photo_is_422(client: httpx.Client) -> None:
    answer = client.post(SCREENINGS, files={"channel": (None, "website")})
    assert problem(answer) == (422, "nothing_to_screen")


def test_answers_about_faces_are_for_one_photo_only(client: httpx.Client) -> None:
    fields = {"channel": "website", "answers": '{"faces": {"f1": "no_pupil"}}'}
    assert problem(client.post(SCREENINGS, files=[PHOTO, PHOTO], data=fields)) == (422, "bad_answers")


@pytest.mark.parametrize(
    ("content_type", "body", "expected"),
    [
        pytest.param("application/json", b"{}", (415, "not_a_form"), id="JSON"),
        pytest.param("", b"", (415, "not_a_form"), id="no content type"),
        pytest.param("multipart/form-data", b"", (422, "bad_form"), id="no boundary"),
        pytest.param("multipart/form-data; boundary=x", b"--y\r\n", (422, "bad_form"), id="another boundary"),
        pytest.param("multipart/form-data; boundary=x", b"--x\r\n\r\n\r\n--x--\r\n", (422, "bad_form"), id="no name"),
        pytest.param(
            "multipart/form-data; boundary=x; charset=punycode",
            b'--x\r\nContent-Disposition: form-data; name="\xff-\xff"\r\n\r\n\r\n--x--\r\n',
            (422, "bad_form"),
            id="odd charset",
        ),
        pytest.param(
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="caption"\r\n\r\n' + b"a" * 1_100_000 + b"\r\n--x--\r\n",
            (422, "bad_form"),
            id="endless caption",
        ),
    ],
)
def test_what_is_no_form_is_told_so(
    client: httpx.Client, content_type: str, body: bytes, expected: tuple[int, str]
) -> None:
    answer = client.post(SCREENINGS, content=body, headers={"Content-Type": content_type})
    assert problem(answer) == expected


@pytest.mark.parametrize("header", [None, "Bearer", "Bearer wrong", "Basic d3Jvbmc6a2V5", "Bearer \xff\xfe"])
@pytest.mark.parametrize("path", ["/v1/screenings", "/v1/screenings/x", "/v1/screenings/x/renditions/website"])
def test_without_a_key_nobody_comes_in(served: Served, path: str, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header.encode("latin-1")}
    method = "POST" if path == SCREENINGS else "GET"
    answer = httpx.request(method, served.url + path, headers=headers, timeout=PATIENCE)  # type: ignore[arg-type]
    assert problem(answer) == (401, "not_allowed")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_the_key_is_asked_before_the_body(served: Served) -> None:
    url = httpx.URL(served.url)
    with socket.create_connection((url.host, url.port or 80), timeout=PATIENCE) as line:
        line.sendall(
            b"POST /v1/screenings HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n"
            b"Content-Type: multipart/form-data; boundary=x\r\n\r\n"
        )
        assert line.recv(100).startswith(b"HTTP/1.1 401")


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/nothing", (404, "not_found")),
        ("GET", "/v1/screenings/", (404, "not_found")),
        ("GET", "/v1/screenings/0f8fad5bd9cb469fa16570867728950e", (404, "not_found")),
        ("GET", "/v1/screenings/0f8fad5bd9cb469fa16570867728950e/renditions/website", (404, "not_found")),
        ("GET", "/docs", (404, "not_found")),
        ("GET", "/v1/screenings", (405, "method_not_allowed")),
        ("DELETE", "/healthz", (405, "method_not_allowed")),
    ],
)
def test_elsewhere_is_nothing(client: httpx.Client, method: str, path: str, expected: tuple[int, str]) -> None:
    answer = client.request(method, path)
    assert problem(answer) == expected
    assert ("allow" in answer.headers) == (expected[0] == 405)


def test_a_channel_without_rendition_is_404(client: httpx.Client) -> None:
    document = client.post(SCREENINGS, files={"photo": b"no picture"}, data={"channel": "website"}).json()
    answer = client.get(f"{SCREENINGS}/{document['id']}/renditions/website")
    assert problem(answer) == (404, "not_found")


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "[", ""])
def test_a_request_for_another_host_is_refused(client: httpx.Client, host: str) -> None:
    assert problem(client.get("/healthz", headers={"Host": host})) == (421, "host_not_allowed")


@pytest.mark.parametrize("host", ["localhost:8470", "127.0.0.1", "[::1]:8470"])
def test_a_request_for_this_machine_is_answered(client: httpx.Client, host: str) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


def test_other_origins_get_no_permission(client: httpx.Client) -> None:
    answer = client.get("/healthz", headers={"Origin": "https://evil.example"})
    assert not [name for name in answer.headers if name.startswith(("access-control", "set-cookie"))]
