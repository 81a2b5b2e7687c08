"""A CMS tells of a photo, hears what came of it, and whether that still holds: over real HTTP, both ways."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.unit.webhooks.outbound_client import at_loopback
from tests.unit.webhooks.servers import Server, answering, serving, split
from tests.waiting import PATIENCE, wait_for

from fotopoort.api.limits.bodies import SIGNED_BYTES
from fotopoort.api.webhooks import incoming as routes
from fotopoort.registry.access import api_keys
from fotopoort.registry.access.roles import Act
from fotopoort.registry.webhooks import sources
from fotopoort.webhooks.registration import add_endpoint, add_source
from fotopoort.webhooks.signatures import SharedSecret, signed_headers, signing_key, verify, verifying_key

from ..posts.posting import CALLER, School, photo, posting_school, say, settled

CONTENT = photo(1, 7)


@dataclass
class Cms:
    """A website with a photo, a key and a secret.

    Attributes:
        site: where its photos are.
        told: where it is told of what happens.
    """

    school: School
    client: httpx.Client
    site: Server
    told: Server
    source: str
    secret: str
    key: str
    number: int = field(default=0)

    def message(self, **data: Any) -> dict[str, Any]:  # noqa: ANN401
        given = {"href": f"http://cms.example:{self.site.port}/a.jpg", "channel": "website", "group": ["groep 5"]}
        return {"type": "media.uploaded", "timestamp": "2026-11-24T12:00:00Z", "data": given | data}

    def send(self, content: Any, *, id_: str = "", secret: str = "", **headers: str) -> httpx.Response:  # noqa: ANN401
        self.number += 1
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        key = signing_key(secret or self.secret)
        signed = signed_headers([key], id_ or f"msg_{self.number}", int(time.time()), body)
        return self.client.post(f"{sources.PATH}{self.source}", content=body, headers=signed | headers)

    def events(self) -> list[dict[str, Any]]:
        """What it was told, verified."""
        events = []
        for request in self.told.requests:
            headers, body = split(request)
            verify([verifying_key(self.key)], headers.items(), body, time.time())
            events.append(json.loads(body))
        return events

    def once(self, event: str, count: int = 1) -> dict[str, Any]:
        wait_for(lambda: sum(told["type"] == event for told in self.events()) >= count)
        return [told for told in self.events() if told["type"] == event][-1]["data"]  # type: ignore[no-any-return]


@contextmanager
def cms_of(folder: Path) -> Iterator[Cms]:
    with (
        serving(answering("200 OK", CONTENT)) as site,
        serving(answering("204 No Content")) as told,
        posting_school(folder, outbound=at_loopback().client(), max_megabytes=1) as school,
        school.client("cms") as client,
    ):
        registry, networks = school.door.registry, ["127.0.0.0/8"]
        with registry.write(CALLER, Act.MANAGE_WEBHOOKS) as session:
            own = api_keys.identify(registry.database, school.keys["cms"]).id
            hosts = [f"cms.example:{site.port}"]
            source, secret = add_source(session, "Onze site", hosts, api_key=own, networks=networks)
            url = f"http://cms.example:{told.port}/hook"
            _, key = add_endpoint(session, url, networks=networks)
        assert secret is not None
        yield Cms(school, client, site, told, source.id, secret, key)


@pytest.fixture(scope="module")
def cms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cms]:
    with cms_of(tmp_path_factory.mktemp("cms") / "data") as cms:
        yield cms


def test_the_examples_are_what_they_say() -> None:
    routes.Received.model_validate(routes._RECEIVED)
    routes.IncomingDocument.model_validate(routes._FETCHED)


def test_a_photo_is_told_of_fetched_answered_about_and_taken_back(cms: Cms) -> None:
    answer = cms.send(cms.message(reference="post-7"), id_="msg_seven")
    assert answer.status_code == 202, answer.text
    again = cms.send(cms.message(reference="post-7"), id_="msg_seven")
    assert again.json() == answer.json()
    assert cms.once("review.needed")["channel"] == "website"
    assert len(cms.site.requests) == 1
    wait_for(lambda: cms.client.get(answer.json()["href"]).json()["status"] == "done")
    became = cms.client.get(answer.json()["href"]).json()
    routes.IncomingDocument.model_validate(became)
    assert became["error"] is None
    gate = cms.client.get(became["gate"]["href"], params={"channel": "website"}).json()
    assert (gate["outcome"], gate["id"]) == ("reject", cms.once("review.needed")["id"])
    post = gate["review"]["href"].partition("#post=")[2]
    with cms.school.client("juf") as juf:
        (added,) = settled(juf, post)["photos"]
        say(juf, post, [added["id"]], {"absent": ["daan"]})
    done = cms.once("screening.done")
    assert done.keys() == {"id", "sha256", "channel", "href"}
    after = cms.client.get(done["href"]).json()
    assert (after["outcome"], after["holds"]) == ("publish", True)
    with cms.school.client("juf") as juf:
        say(juf, post, [added["id"]], {"present": ["daan"]})
    revoked = cms.once("verdict.revoked")
    assert revoked["rendition_sha256"] == after["rendition"]["sha256"]
    assert cms.client.get(revoked["href"]).json()["holds"] is False
    assert not any("noor" in json.dumps(event).lower() or "daan" in json.dumps(event) for event in cms.events())


def test_what_was_told_is_sealed_and_then_gone(cms: Cms) -> None:
    text = "Een geheim van Pietertje"
    answer = cms.send(cms.message(text=text))
    wait_for(lambda: cms.client.get(answer.json()["href"]).json()["status"] == "done")
    with cms.school.door.registry.database.read() as connection:
        rows = connection.exec_driver_sql("SELECT request FROM webhook_incoming").all()
    assert {row.request for row in rows} == {None}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"href": "http://elsewhere.example/a.jpg"}, "bad_record"),
        ({"href": "http://169.254.169.254/latest"}, "bad_record"),
        ({"href": "file:///etc/passwd"}, "bad_record"),
        ({"href": "http://cms.example@127.0.0.1/"}, "bad_record"),
        ({"channel": "nowhere"}, "unknown_channel"),
        ({"channel": 3}, "bad_form"),
        ({"href": None}, "bad_form"),
        ({"reference": "r" * 201}, "bad_form"),
        ({"group": "groep 5"}, "bad_form"),
    ],
)
def test_what_tells_of_no_photo_is_refused_at_once(cms: Cms, data: dict[str, Any], code: str) -> None:
    answer = cms.send(cms.message(**data))
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, code)


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{", b"null", b'{"type": "media.removed", "data": {}}', b"\xff", b"[" * 9000]
)
def test_what_is_no_message_is_refused(cms: Cms, content: bytes) -> None:
    assert cms.send(content).status_code == 422


def test_only_who_has_the_secret_is_heard(cms: Cms) -> None:
    count = len(cms.site.requests)
    assert cms.send(cms.message(), secret=str(SharedSecret.new())).status_code == 401
    changes: list[dict[str, str]] = [
        {"webhook-signature": ""}, {"webhook-signature": "v1,é"}, {"webhook-timestamp": "1"}, {"webhook-id": "a.b"},
        {"webhook-signature": "v1," + "A" * 60_000}, {"webhook-timestamp": "9" * 5000},
    ]  # fmt: skip
    for changed in changes:
        body = json.dumps(cms.message()).encode()
        raw = [(name.encode(), value.encode()) for name, value in (_signed(cms, body) | changed).items()]
        answer = cms.client.post(f"{sources.PATH}{cms.source}", content=body, headers=raw)
        assert answer.status_code in {401, 431}, (changed, answer.text)
    for source in ("0" * 16, cms.source[::-1]):
        body = json.dumps(cms.message()).encode()
        assert cms.client.post(f"{sources.PATH}{source}", content=body, headers=_signed(cms, body)).status_code == 401
    assert cms.send(b"x" * (SIGNED_BYTES + 1)).status_code == 413
    assert len(cms.site.requests) == count


def _signed(cms: Cms, body: bytes) -> dict[str, str]:
    return signed_headers([signing_key(cms.secret)], "msg_x", int(time.time()), body)


def test_what_became_of_it_is_told_to_its_key_alone(cms: Cms) -> None:
    href = cms.send(cms.message()).json()["href"]
    with cms.school.client("juf") as juf:
        assert juf.get(href).status_code == 404
    with httpx.Client(base_url=cms.school.door.url, timeout=PATIENCE) as nobody:
        assert nobody.get(href).status_code == 401
    assert cms.client.get(href.replace(cms.source, "0" * 16)).status_code == 404


def test_a_source_that_was_revoked_is_heard_no_more(tmp_path: Path) -> None:
    with cms_of(tmp_path / "data") as cms:
        assert cms.send(cms.message()).status_code == 202
        with cms.school.door.registry.write(CALLER, Act.MANAGE_WEBHOOKS) as session:
            sources.revoke(session, cms.source)
        assert cms.send(cms.message()).status_code == 401
