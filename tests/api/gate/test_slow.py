"""What a CMS hears where a photo takes longer than it waits, where it leaves, and where too much is asked."""

from __future__ import annotations

import hashlib
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select
from tests.waiting import PATIENCE, wait_for

from fotopoort.api.gate import routes
from fotopoort.application.gate import service
from fotopoort.registry.access.roles import Act, KeyRole
from fotopoort.registry.store.tables import gate_rendition
from fotopoort.screening.screen import Screening, ScreeningJob

from ..posts.posting import (
    CALLER,
    School,
    Seeing,
    change,
    make,
    name,
    photo,
    posting_school,
    put,
    say,
    settled,
    withdraw,
)
from .asking import GATE, ask, new_key, now, once, post_of, told


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Nothing is seen until this is set."""
    release, seen = threading.Event(), Seeing.submit

    def wait_and_see(self: Seeing, data: bytes, job: ScreeningJob) -> Future[Screening]:
        assert release.wait(PATIENCE)
        return seen(self, data, job)

    monkeypatch.setattr(Seeing, "submit", wait_and_see)
    yield release
    release.set()


@pytest.fixture
def school(tmp_path: Path, held: threading.Event) -> Iterator[School]:
    with posting_school(tmp_path / "data", max_megabytes=1) as school:
        yield school
        held.set()


def revoked(school: School) -> list[str]:
    """The renditions that are on record as to be taken down."""
    with school.door.registry.read(CALLER, Act.MAINTAIN) as session:
        are_revoked = select(gate_rendition.c.sha256).where(gate_rendition.c.revoked.is_not(None))
        return list(session.connection.execute(are_revoked).scalars())


def test_what_takes_longer_goes_on(cms: httpx.Client, held: threading.Event) -> None:
    answer = ask(cms, photo(0, 1), deadline="1")
    document = told(answer, 202)
    assert (document["status"], document["outcome"], document["rendition"]) == ("pending", None, None)
    assert int(answer.headers["retry-after"]) > 0
    asked = cms.get(answer.headers["location"])
    assert (asked.json(), "retry-after" in asked.headers) == (document, True)
    refused = cms.get(f"{GATE}/{document['id']}/rendition")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "nothing_to_publish")
    held.set()
    assert once(cms, document["id"], status="done")["outcome"] == "publish"
    assert told(ask(cms, photo(0, 1)))["id"] == document["id"]


def test_it_goes_on_when_whoever_asked_leaves(school: School, cms: httpx.Client, held: threading.Event) -> None:
    sha256 = hashlib.sha256(photo(0, 2)).hexdigest()
    form = cms.build_request("POST", GATE, data={"channel": "website"}, files={"photo": ("foto.jpg", photo(0, 2))})
    body = form.read()
    head = "".join(f"{name}: {value}\r\n" for name, value in form.headers.items())
    with socket.create_connection((form.url.host, form.url.port or 80)) as line:
        line.sendall(f"POST {GATE} HTTP/1.1\r\n{head}\r\n".encode() + body)
        wait_for(lambda: cms.get(f"{GATE}/{sha256}", params={"channel": "website"}).status_code == 200)
    held.set()
    assert once(cms, sha256, status="done")["outcome"] == "publish"


@pytest.mark.parametrize(
    ("where", "limit", "status", "code"),
    [(routes, "MAX_WAITING", 429, "busy"), (service, "MAX_BACKLOG", 503, "overloaded")],
)
def test_where_too_much_is_asked_it_is_said_when_to_ask_again(
    cms: httpx.Client, monkeypatch: pytest.MonkeyPatch, where: object, limit: str, status: int, code: str
) -> None:
    monkeypatch.setattr(where, limit, 0)
    refused = ask(cms, photo(0, 3))
    assert (refused.status_code, refused.json()["error"]["code"]) == (status, code)
    assert int(refused.headers["retry-after"]) > 0
    sha256 = hashlib.sha256(photo(0, 3)).hexdigest()
    assert cms.get(f"{GATE}/{sha256}", params={"channel": "website"}).status_code == 404  # nothing was taken in


def test_whoever_sends_too_much_holds_up_no_other_key(
    school: School, cms: httpx.Client, held: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "MAX_WAITING", 1)
    with ThreadPoolExecutor(1) as pool, school.door.client(new_key(school, KeyRole.CMS)) as other:
        waits = pool.submit(ask, cms, photo(0, 6))
        sha256 = hashlib.sha256(photo(0, 6)).hexdigest()
        wait_for(lambda: cms.get(f"{GATE}/{sha256}", params={"channel": "website"}).status_code == 200)
        assert ask(cms, photo(0, 7), deadline="1").json()["error"]["code"] == "busy"
        assert ask(other, photo(0, 7), deadline="1").status_code == 202
        held.set()
        assert told(waits.result())["outcome"] == "publish"
    assert told(ask(cms, photo(0, 7)))["outcome"] == "publish"


def test_only_what_it_sent_itself_counts_as_too_much_of_a_key(
    school: School, cms: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not the photos that teachers put into posts, nor those of another key."""
    monkeypatch.setattr(service, "MAX_BACKLOG", 2)
    with school.client() as juf, school.door.client(new_key(school, KeyRole.MACHINE)) as other:
        post = make(juf)
        for number in range(3):
            assert put(juf, post, photo(0, number)).status_code == 200
        for number in range(2):
            assert ask(cms, photo(0, 10 + number), deadline="1").status_code == 202
            assert ask(other, photo(0, 10 + number), deadline="1").status_code == 202
        for client in (cms, other):
            refused = ask(client, photo(0, 12), deadline="1")
            assert (refused.status_code, refused.json()["error"]["code"]) == (503, "overloaded")


def test_where_many_wait_what_was_sent_before_is_still_told(
    cms: httpx.Client, held: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    held.set()
    document = told(ask(cms, photo(0, 8)))
    monkeypatch.setattr(service, "MAX_BACKLOG", 0)
    assert told(ask(cms, photo(0, 8))) == document
    assert told(ask(cms, text="Wij bouwen een toren."))["text"]["outcome"] == "publish"


def test_while_it_is_looked_at_again_what_is_out_stays(
    school: School, cms: httpx.Client, held: threading.Event
) -> None:
    held.set()
    document = told(ask(cms, photo(0, 4)))
    held.clear()
    name(school)  # somebody comes whose name was not searched for
    pending = once(cms, document["id"], status="pending")
    assert pending["rendition"] is None
    assert now(cms, document["rendition"]["sha256"])["holds"]
    held.set()
    assert once(cms, document["id"], status="done")["rendition"] == document["rendition"]


@pytest.mark.parametrize("ends", [False, True], ids=["while it is open", "after its post has ended"])
def test_what_waits_for_a_second_look_is_revoked_as_any_other(
    school: School, cms: httpx.Client, held: threading.Event, ends: bool
) -> None:
    held.set()
    document = told(ask(cms, photo(1, 5), reference="post-5"))
    post = post_of(document)
    with school.client("juf") as juf:
        (added,) = settled(juf, post)["photos"]
        say(juf, post, [added["id"]], {"absent": ["daan"]})
        rendition = once(cms, document["id"], outcome="publish")["rendition"]["sha256"]
        held.clear()
        name(school)  # somebody comes whose name was not searched for: the second look begins, and does not end
        once(cms, document["id"], status="pending")
        if ends:
            assert change(juf, "POST", "/finish", post).status_code == 200
    assert now(cms, rendition)["holds"]
    withdraw(school)
    withdraw(school, "yara")
    once(cms, rendition, holds=False)
    wait_for(lambda: revoked(school) == [rendition])
