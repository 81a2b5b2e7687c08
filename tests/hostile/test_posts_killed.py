"""kill -9 of a service while photos of a post come in and are judged: none is lost, sent again, or judged twice."""

from __future__ import annotations

import io
import random
import signal
import threading
import uuid
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx
import numpy as np
from sqlalchemy import update
from tests.api.posts.posting import POSTS, TEXT
from tests.api.service import serving
from tests.waiting import wait_for

from fotopoort.cli.registry_session import open_registry
from fotopoort.registry.access import api_keys
from fotopoort.registry.access.roles import Act, KeyRole, console
from fotopoort.registry.audit.verification import show, verify
from fotopoort.registry.consent import consent_log
from fotopoort.registry.consent.statements import Statement
from fotopoort.registry.people import people
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.posts.photos import MIN_PART
from fotopoort.registry.registry import Registry
from fotopoort.registry.store.tables import job
from fotopoort.settings import Settings
from fotopoort.vocabulary import ConsentState

from .played import picture

KILLS: Final = 3
PHOTOS: Final = 8
PARTS: Final = 7  # that came in before it is killed
LONGEST: Final = 0.2  # seconds after that
SERVICE: Final = "from tests.hostile.played import main; main()"
CALLER: Final = console("school")
FILE: Final = "Noor in het bos.jpg"


@dataclass
class Sender:
    """Sends photos in parts, and goes on where the service says that it was.

    Attributes:
        contents: the photos, by client id.
        received: how much of each the service said that it has.
        sent: bytes that were sent of each.
    """

    contents: dict[str, bytes]
    received: Counter[str] = field(default_factory=Counter)
    sent: Counter[str] = field(default_factory=Counter)

    def go_on(self, client: httpx.Client, post: str, then: Callable[[], None] | None = None) -> None:
        """Send until all is there, or nobody answers.

        Args:
            then: called after some parts, or when all is there.
        """
        parts = 0
        for client_id, content in self.contents.items():
            self.find_out(client, post, client_id)
            while self.received[client_id] < len(content):
                if parts == PARTS and then is not None:
                    then()
                parts += 1
                offset = self.received[client_id]
                part = content[offset : offset + MIN_PART]
                self.sent[client_id] += len(part)
                answer = client.put(
                    f"{POSTS}/{post}/photos/{client_id}",
                    content=part,
                    headers={
                        "Upload-Offset": str(offset),
                        "Upload-Length": str(len(content)),
                        "Content-Disposition": f'attachment; filename="{FILE}"',
                    },
                )
                assert answer.status_code == 200, answer.text
                self.received[client_id] = answer.json()["received"]
        if parts <= PARTS and then is not None:
            then()

    def find_out(self, client: httpx.Client, post: str, client_id: str) -> None:
        """How much is there: all that was said to be, and the last part at most besides."""
        answer = client.get(f"{POSTS}/{post}/photos/{client_id}")
        is_there = answer.json()["received"] if answer.status_code == 200 else 0
        assert self.received[client_id] <= is_there <= self.received[client_id] + MIN_PART
        self.received[client_id] = is_there


def photos() -> list[bytes]:
    """Of some parts each; every fifth has a face in it."""
    chance, made = np.random.default_rng(5), []
    for number in range(PHOTOS):
        written = io.BytesIO()
        picture(chance, number, (400, 300)).save(written, "JPEG", quality=97)
        made.append(written.getvalue())
    assert min(map(len, made)) > 3 * MIN_PART
    return made


def test_none_is_lost_none_is_judged_twice_and_no_more_than_a_part_is_sent_again(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with open_registry(Settings(data_folder=data), make=True) as (registry, _):
        key = filled(registry)
        chance, sender = random.Random(3), Sender({str(uuid.uuid4()): content for content in photos()})  # noqa: S311
        post, output = "", list[str]()
        for kill in range(KILLS + 1):
            with serving(data, program=SERVICE) as service, service.client(key) as client:
                post = post or begun(client)
                if kill < KILLS:
                    end = threading.Timer(chance.uniform(0.0, LONGEST), service.process.kill)
                    with suppress(httpx.TransportError):
                        sender.go_on(client, post, end.start)
                    end.join()
                    service.process.wait()
                    assert service.process.returncode == -signal.SIGKILL
                    let_leases_end(registry)
                else:
                    sender.go_on(client, post)
                    document = judged(client, post)
                    originals(client, post, document, sender)
            output += service.output
        for client_id, content in sender.contents.items():
            assert sender.sent[client_id] <= len(content) + KILLS * MIN_PART
        once(registry, post)
        told_nothing(registry, output)


def filled(registry: Registry) -> str:
    """A school of one group, and the key of its teacher."""
    with registry.write(CALLER, Act.IMPORT) as session:
        people.add(session, PersonRecord("noor", name="Noor Achternaam"), {"groep 5"})
        consent_log.record(session, Statement("noor", "website", ConsentState.GRANTED))
    with registry.write(CALLER, Act.MANAGE_KEYS) as session:
        return api_keys.make(session, KeyRole.TEACHER, "tests", ["groep 5"])[1]


def begun(client: httpx.Client) -> str:
    made = client.post(POSTS, json={"groups": ["groep 5"], "channels": ["website"], "text": TEXT})
    assert made.status_code == 201, made.text
    post: str = made.json()["id"]
    return post


def let_leases_end(registry: Registry) -> None:
    """Have the time pass for which a service had leased its jobs."""
    with registry.database.write() as connection:
        connection.execute(update(job).where(job.c.worker.is_not(None)).values(due=job.c.made))


def judged(client: httpx.Client, post: str) -> dict[str, Any]:
    document: dict[str, Any] = {}

    def all_are() -> bool:
        document.update(client.get(f"{POSTS}/{post}").json())
        return [photo["state"] for photo in document["photos"]] == ["judged"] * PHOTOS

    wait_for(all_are)
    return document


def originals(client: httpx.Client, post: str, document: dict[str, Any], sender: Sender) -> None:
    """Every photo is there, as it was sent, and each but those with a face may go out."""
    for photo in document["photos"]:
        assert client.get(photo["original"]).content == sender.contents[photo["client_id"]]
        assert client.get(photo["view"]).status_code == 200
    assert len(document["photos"]) == PHOTOS
    assert client.get(f"{POSTS}/{post}/zip/website").status_code == 200


def once(registry: Registry, post: str) -> None:
    with registry.read(CALLER, Act.SEE_AUDIT) as session:
        assert verify(session).problem is None
        noted = [(row.kind, row.photo) for row in show(session, max_rows=100_000)]
    for kind in ("post.photo.whole", "post.photo.seen", "post.photo.judged"):
        counted = Counter(photo for of_kind, photo in noted if of_kind == kind)
        assert (len(counted), set(counted.values())) == (PHOTOS, {1}), kind


def told_nothing(registry: Registry, output: list[str]) -> None:
    """No name, text or file name stands in what the services said, nor in the audit log."""
    with registry.database.read() as connection:
        rows = str(connection.exec_driver_sql("SELECT * FROM audit").all())
    for told in (rows, "".join(output)):
        for secret in ("Noor", "noor", TEXT, FILE, "Achternaam", "groep 5"):
            assert secret not in told
