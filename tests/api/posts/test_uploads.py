"""Photos that come in parts over HTTP, however badly they come: only what was sent is kept, and once."""

from __future__ import annotations

import json
import logging
import socket
import uuid
from typing import Final
from urllib.parse import quote, urlsplit

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fotopoort.registry.posts.photos import MAX_PHOTOS, MIN_PART

from .posting import POSTS, School, make, photo, put, settled, shown_post, upload

PARTS: Final = [1, 1_000, MIN_PART - 1, MIN_PART, MIN_PART + 1, 40_000, 100_000]
LIMIT: Final = 1024 * 1024  # bytes of a photo in this school
numbers = iter(range(1_000, 1_000_000))  # no photo is sent twice by accident


def part(client: httpx.Client, post: str, client_id: str, content: bytes, offset: int, size: int) -> httpx.Response:
    headers = {"Upload-Offset": str(offset), "Upload-Length": str(size)}
    return put(client, post, content, client_id, **headers)


def code(answer: httpx.Response) -> str:
    told: str = answer.json()["error"]["code"]
    return told


@settings(max_examples=8)
@given(
    size=st.sampled_from([1, MIN_PART, 50_000, 130_000]),
    tries=st.lists(st.tuples(st.sampled_from([-1, 0, 0, 0, 0, 1, 50_000]), st.sampled_from(PARTS)), max_size=12),
)
def test_parts_of_any_size_in_any_order(school: School, size: int, tries: list[tuple[int, int]]) -> None:
    """Each part is sent from so many bytes before or behind where the next one begins."""
    content = photo(1, next(numbers)).ljust(size, b".")[:size] if size > 30 else str(next(numbers)).encode()[-1:]
    client_id, kept = str(uuid.uuid4()), 0
    with school.client() as juf:
        post = make(juf)
        for by, length in [*tries, *[(0, 100_000)] * 2]:  # in the end what is left
            offset = max(0, kept + by)
            sent = content[offset : offset + length]
            answer = part(juf, post, client_id, sent, offset, size)
            if answer.status_code == 409:
                assert (offset != kept or kept == size, answer.headers["upload-offset"]) == (True, str(kept))
            elif answer.status_code == 422:
                assert offset == kept
                assert len(sent) < min(MIN_PART, size - kept)
            else:
                assert (answer.status_code, offset) == (200, kept)
                kept += len(sent)
                assert answer.json()["received"] == kept
            told = juf.get(f"{POSTS}/{post}/photos/{client_id}")
            # Of a photo of which no part was kept nothing is known.
            assert told.status_code == 404 if not kept else told.json()["received"] == kept
        assert kept == size
        (added,) = settled(juf, post)["photos"]
        original = juf.get(f"{POSTS}/{post}/photos/{added['id']}/original")
        assert original.content == content


@pytest.mark.parametrize(
    ("content", "headers", "status", "error"),
    [
        pytest.param(b"", {}, 413, "too_large", id="nothing at all"),
        pytest.param(b"x" * (LIMIT + 1), {}, 413, "too_large", id="larger than may be"),
        pytest.param(b"x" * 9, {"Upload-Length": str(LIMIT + 1)}, 413, "too_large", id="announced as larger"),
        pytest.param(b"", {"Upload-Offset": str(LIMIT + 1)}, 413, "too_large", id="larger by its offset"),
        pytest.param(b"", {"Upload-Offset": "9", "Upload-Length": "9"}, 409, "wrong_offset", id="behind its end"),
        pytest.param(b"", {"Upload-Offset": "9" * 30}, 413, "too_large", id="larger than any number"),
        pytest.param(b"x" * 9, {"Upload-Length": "8"}, 413, "too_large", id="more than announced"),
        pytest.param(b"x" * 9, {"Upload-Length": "0"}, 422, "bad_form", id="announced as nothing"),
        pytest.param(b"x" * 9, {"Upload-Offset": "-1"}, 422, "bad_form", id="before its first byte"),
        pytest.param(b"x" * 9, {"Upload-Offset": "9" * 5_000}, 422, "bad_form", id="no number"),
        pytest.param(b"x" * 9, {"Upload-Offset": "1"}, 409, "wrong_offset", id="from the middle"),
        pytest.param(b"x" * 9, {"Upload-Length": "20000"}, 422, "bad_record", id="too small a part"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(
    school: School, juf: httpx.Client, content: bytes, headers: dict[str, str], status: int, error: str
) -> None:
    post, client_id = make(juf), str(uuid.uuid4())
    before = files(school)
    answer = put(juf, post, content, client_id, **headers)
    assert (answer.status_code, code(answer)) == (status, error)
    assert juf.get(f"{POSTS}/{post}/photos/{client_id}").status_code == 404
    assert shown_post(juf, post)["photos"] == []
    assert files(school) == before


def files(school: School) -> set[str]:
    return {path.name for path in (school.door.registry.data_folder / "posts").glob("*/*")}


def test_a_photo_that_was_announced_comes_as_it_was_announced(juf: httpx.Client) -> None:
    post, client_id, content = make(juf), str(uuid.uuid4()), photo(1, next(numbers))
    new = {"photos": [{"client_id": client_id, "size": len(content), "file": "IMG_1.jpg"}] * 2}
    first, second = juf.post(f"{POSTS}/{post}/photos", json=new).json()["photos"]
    assert first == second  # announced twice it is the same
    other = put(juf, post, content + b"more", client_id)
    assert (other.status_code, code(other)) == (409, "already_there")
    assert put(juf, post, content, client_id).json()["received"] == len(content)
    again = put(juf, post, content, client_id)
    assert (again.status_code, again.headers["upload-offset"]) == (409, str(len(content)))


@pytest.mark.parametrize("size", [0, -1, LIMIT + 1, 10**30])
def test_no_photo_is_announced_that_cannot_come(juf: httpx.Client, size: int) -> None:
    post = make(juf)
    new = {"photos": [{"client_id": str(uuid.uuid4()), "size": 9}, {"client_id": str(uuid.uuid4()), "size": size}]}
    assert juf.post(f"{POSTS}/{post}/photos", json=new).status_code == (422 if size < 1 else 413)
    assert shown_post(juf, post)["photos"] == []


def test_a_post_takes_so_many_photos_and_no_more(juf: httpx.Client) -> None:
    post = make(juf)
    new = [{"client_id": str(uuid.uuid4()), "size": 9} for _ in range(MAX_PHOTOS + 1)]
    assert juf.post(f"{POSTS}/{post}/photos", json={"photos": new}).status_code == 422
    assert juf.post(f"{POSTS}/{post}/photos", json={"photos": new[:-1]}).status_code == 200
    for one_more in (juf.post(f"{POSTS}/{post}/photos", json={"photos": new[-1:]}), put(juf, post, b"1 faces")):
        assert (one_more.status_code, code(one_more)) == (422, "bad_record")
    assert len(shown_post(juf, post)["photos"]) == MAX_PHOTOS


def test_the_same_photo_twice_is_told_and_kept_once(school: School, juf: httpx.Client) -> None:
    post, content = make(juf), photo(1, next(numbers))
    (first,) = upload(juf, post, content)
    looked_at, kept = school.screeners.looked_at, files(school)
    second = put(juf, post, content)
    assert (second.status_code, second.json()["state"], second.json()["received"]) == (200, "failed", 0)
    again = put(juf, post, content, second.json()["client_id"])
    assert (again.status_code, code(again)) == (409, "already_there")
    document = settled(juf, post)
    assert [of["state"] for of in document["photos"]] == ["judged", "failed"]
    assert document["photos"][1]["error"]["code"] == "photo_twice"
    assert (school.screeners.looked_at, files(school)) == (looked_at, kept)
    for path in ("original", "view"):
        assert juf.get(f"{POSTS}/{post}/photos/{second.json()['id']}/{path}").status_code == 409
    assert document["photos"][0]["id"] == first


def test_a_connection_lost_within_a_part_loses_that_part_alone(school: School, juf: httpx.Client) -> None:
    post, client_id, content = make(juf), str(uuid.uuid4()), photo(1, next(numbers)).ljust(3 * MIN_PART, b".")
    assert part(juf, post, client_id, content[:MIN_PART], 0, len(content)).status_code == 200
    before = files(school)
    address = urlsplit(school.door.url)
    with socket.create_connection((address.hostname, address.port)) as connection:
        head = (
            f"PUT {POSTS}/{post}/photos/{client_id} HTTP/1.1\r\nHost: {address.netloc}\r\n"
            f"Authorization: Bearer {school.keys['juf']}\r\nContent-Length: {2 * MIN_PART}\r\n"
            f"Upload-Offset: {MIN_PART}\r\nUpload-Length: {len(content)}\r\n\r\n"
        )
        connection.sendall(head.encode() + content[MIN_PART : 2 * MIN_PART + 5])
    told = juf.get(f"{POSTS}/{post}/photos/{client_id}").json()
    assert (told["received"], told["state"], files(school)) == (MIN_PART, "uploading", before)
    assert part(juf, post, client_id, content[MIN_PART:], MIN_PART, len(content)).json()["received"] == len(content)
    (added,) = settled(juf, post)["photos"]
    assert juf.get(f"{POSTS}/{post}/photos/{added['id']}/original").content == content


@pytest.mark.parametrize(
    "client_id",
    [
        "0B8E3C1E-6F2D-4A57-9D43-2F1F6A7C9E10",
        "noor-de-vries-2031",
        "0" * 15,
        "0" * 65,
        "-" * 32,
        "..%2F..%2F..%2Fetc%2Fpasswd",
        "%2e%2e%2f" * 8,
        f"{uuid.UUID(int=7)}%0a",
        f"{uuid.UUID(int=7)}%00",
        "%D9%A0" * 32,
    ],
)
def test_what_is_no_id_is_none(school: School, juf: httpx.Client, client_id: str) -> None:
    post, before = make(juf), files(school)
    answer = put(juf, post, photo(1, next(numbers)), client_id)
    assert answer.status_code in (404, 422)
    assert client_id.strip("-") == "" or client_id not in answer.text
    new = {"photos": [{"client_id": client_id, "size": 9}]}
    assert juf.post(f"{POSTS}/{post}/photos", json=new).status_code == 422
    assert (shown_post(juf, post)["photos"], files(school)) == ([], before)


NAMES: Final = [
    "IMG\r\nX-Evil: Sanne\r\n\r\n<html>.jpg",
    'Sanne "quoted"; filename="other.jpg"',
    "<img src=x onerror=alert('Sanne')>.jpg",
    "Sanne \u202egpj.exe\u2066",
    "Sanne \0 half \ud800 a letter",
    "Sanne" * 200,
    "../../Sanne/../etc/passwd",
    "C:\\Sanne\\x.jpg",
    "Sanne é 日本 👧.jpg",
]


@pytest.mark.parametrize("name", NAMES, ids=[ascii(name)[:20] for name in NAMES])
@pytest.mark.parametrize("is_announced", [True, False])
def test_a_file_name_is_nothing_but_data(
    school: School, juf: httpx.Client, name: str, is_announced: bool, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    post, client_id, content = make(juf, text=""), str(uuid.uuid4()), photo(1, next(numbers))
    headers = {}
    if is_announced:
        new = {"photos": [{"client_id": client_id, "size": len(content), "file": name}]}
        sent = juf.post(f"{POSTS}/{post}/photos", content=json.dumps(new), headers={"Content-Type": "application/json"})
        if "\ud800" in name:
            assert sent.status_code in (200, 422)
            name = name if sent.status_code == 200 else ""
        else:
            assert sent.status_code == 200
    else:
        encoded = quote(name.encode(errors="surrogatepass"), safe="")
        headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{encoded}"
    assert put(juf, post, content, client_id, **headers).status_code == 200
    document = settled(juf, post)
    (added,) = document["photos"]
    assert added["state"] == "judged"
    file = added["file"]
    assert ("Sanne" in file) == ("Sanne" in name)
    assert len(file) <= 1000
    answers = [
        juf.get(f"{POSTS}/{post}"),
        *(juf.get(f"{POSTS}/{post}/photos/{added['id']}/{path}") for path in ("original", "view")),
        juf.get(f"{POSTS}/{post}/photos/{added['id']}/renditions/website"),
        juf.get(f"{POSTS}/{post}/zip/website"),
        put(juf, post, content + b"more", client_id, **headers),
    ]
    for answer in answers:
        assert "Sanne" not in str(answer.headers)
        assert "X-Evil" not in answer.headers
        is_document = answer.headers["content-type"] == "application/json" and answer.status_code == 200
        assert is_document or b"Sanne" not in answer.content
    assert "Sanne" not in caplog.text
    with school.door.registry.database.read() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM audit").all()
    assert "Sanne" not in str(rows)


@pytest.mark.parametrize(
    "header",
    [
        "attachment; filename*=idna''Sanne%FF",
        "attachment; filename*=undefined''Sanne%FF",
        "attachment; filename*=punycode''Sanne%FF-",
        "attachment; filename*=hex''Sanne",
        "attachment; filename*=zip''Sanne",
        "attachment; filename*=utf-8%00''Sanne",
        "attachment; filename*=''''''",
        "attachment; filename*=UTF-16''%00%d8Sanne",
        "attachment; filename*0*=UTF-8''San; filename*1*=ne; filename*99999999*=x",
        "attachment; filename*0*=UTF-8''San; filename*=UTF-8''ne",
        "attachment; filename=" + "(" * 2_000,
        'attachment; filename="=?utf-8?b?U2FubmU=?="',
        "\xff\xfe;;;===",
    ],
)
def test_no_header_of_a_name_is_too_much(juf: httpx.Client, header: str) -> None:
    post = make(juf)
    answer = put(juf, post, photo(1, next(numbers)), **{"Content-Disposition": header.encode("latin-1")})  # type: ignore[arg-type]
    assert answer.status_code == 200, answer.text
    assert settled(juf, post)["photos"][0]["state"] == "judged"
