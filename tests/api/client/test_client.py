"""The typed client, against the real service."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from fotopoort.client import (
    ClientError,
    Fotopoort,
    NoAnswer,
    NotAllowed,
    NotAPhoto,
    NotValid,
    Refused,
    StillPending,
    Unknown,
    verified,
)
from fotopoort.vocabulary import Outcome
from fotopoort.webhooks.signatures import PrivateKey, SharedSecret, signed_headers

from ..posts.posting import School, photo, say, settled, shown

GROUP = ["groep 5"]


@pytest.fixture
def fotopoort(school: School) -> Iterator[Fotopoort]:
    with Fotopoort(school.door.url, school.keys["cms"]) as client:
        yield client


def test_a_photo_waits_for_a_teacher_and_then_goes_out(school: School, fotopoort: Fotopoort, tmp_path: Path) -> None:
    file = tmp_path / "foto.jpg"
    file.write_bytes(photo(1, 500))
    verdict = fotopoort.gate(file, channel="website", groups=GROUP, reference="a500")
    assert (verdict.outcome, verdict.may_publish) == (Outcome.REJECT, False)
    assert verdict.review is not None
    with pytest.raises(NotValid):
        fotopoort.rendition(verdict)
    post = verdict.review.partition("#post=")[2]
    with school.client("juf") as juf:
        (added,) = settled(juf, post)["photos"]
        say(juf, post, [added["id"]], {"absent": ["daan"]})
    verdict = fotopoort.gate(file, channel="website", groups=GROUP, reference="a500")
    while verdict.rendition is None:
        verdict = fotopoort.verdict(verdict.id)
    assert verdict.may_publish
    jpeg = fotopoort.rendition(verdict)
    assert shown(jpeg)["shown"] == ["f1"]
    assert fotopoort.holds(hashlib.sha256(jpeg).hexdigest(), "website")
    assert not fotopoort.holds("0" * 64, "website")


def test_a_text_alone(fotopoort: Fotopoort) -> None:
    verdict = fotopoort.gate(channel="website", text="Wij bouwen een toren.", groups=GROUP)
    assert (verdict.outcome, verdict.may_publish) == (None, True)
    named = fotopoort.gate(channel="website", text="Daan Achternaam wint.", groups=GROUP)
    assert named.text is not None
    assert (named.text.may_publish, named.may_publish) == (False, False)


def test_refusals_are_told_apart(school: School, fotopoort: Fotopoort) -> None:
    with pytest.raises(NotAPhoto) as pdf:
        fotopoort.gate(b"%PDF-1.7\n" + b"0" * 3000, channel="website")
    assert (pdf.value.code, pdf.value.unjudged) == ("not_a_photo_pdf", "hold")
    with pytest.raises(Refused) as nowhere:
        fotopoort.gate(photo(1, 501), channel="nowhere")
    assert nowhere.value.code == "unknown_channel"
    with pytest.raises(Unknown):
        fotopoort.verdict("g_" + "0" * 32)
    with Fotopoort(school.door.url, "no key") as stranger, pytest.raises(NotAllowed):
        stranger.gate(photo(1, 502), channel="website")


def played(*answers: httpx.Response | Exception, **how: object) -> tuple[Fotopoort, list[httpx.Request], list[float]]:
    """A client of a service that answers so, what it was asked, and for how long the client waited."""
    asked: list[httpx.Request] = []
    waited: list[float] = []
    left = iter(answers)

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        given = next(left)
        if isinstance(given, Exception):
            raise given
        return given

    client = httpx.Client(transport=httpx.MockTransport(answer))
    return Fotopoort("https://x.example", "k", client=client, sleep=waited.append, chance=lambda: 0.5), asked, waited


DOCUMENT = {
    "id": "g_1", "status": "done", "sha256": "0" * 64, "channel": "website", "outcome": "reject", "review": None,
    "message": {"nl": "Nee.", "en": "No."}, "text": None, "rendition": None, "href": "/", "holds": False, "new": 1,
}  # fmt: skip


def test_what_fails_is_asked_again_under_one_key_and_as_late_as_was_said() -> None:
    busy = httpx.Response(503, headers={"Retry-After": "7"})
    client, asked, waited = played(httpx.ConnectError("x"), busy, httpx.Response(200, json=DOCUMENT))
    assert client.gate(b"x", channel="website").outcome is Outcome.REJECT
    assert len({request.headers["idempotency-key"] for request in asked}) == 1
    assert waited == [0.5, 7.0]


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, text="<html>"),
        httpx.Response(200, json=[]),
        httpx.Response(200, json={}),
        httpx.Response(200, json=DOCUMENT | {"outcome": "perhaps"}),
        httpx.Response(302, headers={"Location": "https://elsewhere.example"}),
        httpx.Response(418, text="tea"),
    ],
)
def test_whatever_else_answers_is_no_verdict(answer: httpx.Response) -> None:
    client, _, _ = played(answer)
    with pytest.raises(NoAnswer):
        client.gate(b"x", channel="website")


def test_it_gives_up_in_the_end() -> None:
    client, asked, _ = played(*[httpx.Response(429)] * 9)
    with pytest.raises(NoAnswer):
        client.gate(b"x", channel="website")
    assert len(asked) == 4
    pending = DOCUMENT | {"status": "pending", "outcome": None}
    client, _, _ = played(httpx.Response(202, json=pending, headers={"Retry-After": "5"}))
    with pytest.raises(StillPending) as caught:
        client.gate(b"x", channel="website", wait=1)
    assert caught.value.verdict.id == "g_1"


@pytest.mark.parametrize("key", [PrivateKey.new(), SharedSecret.new()], ids=["v1a", "v1"])
def test_webhooks_are_verified(key: PrivateKey | SharedSecret) -> None:
    public = str(key.public if isinstance(key, PrivateKey) else key)
    data = {"id": "g_1", "sha256": "0" * 64, "channel": "website", "href": "/"}
    body = json.dumps({"type": "verdict.revoked", "data": data | {"rendition_sha256": "1" * 64}}).encode()
    headers = signed_headers([key], "msg_1", 1_000_000, body)
    event = verified(public, headers, body, now=1_000_010)
    assert (event.message, event.type, event.id, event.rendition_sha256) == (
        "msg_1",
        "verdict.revoked",
        "g_1",
        "1" * 64,
    )
    for spoiled, when in ((body + b" ", 1_000_010), (body, 1_001_000)):
        with pytest.raises(ClientError):
            verified(public, headers, spoiled, now=when)
