"""What a CMS does."""

from __future__ import annotations

from typing import Any, Final

import httpx
from tests.waiting import wait_for

from fotopoort.registry.access import api_keys
from fotopoort.registry.access.roles import Act, KeyRole

from ..posts.posting import CALLER, School

GATE: Final = "/v1/gate"


def ask(client: httpx.Client, content: bytes | None = None, *, key: str = "", **fields: Any) -> httpx.Response:  # noqa: ANN401
    """Send a photo of groep 5 for the website, or a text alone. Unless there is a deadline, wait for what is decided,
    however busy the machine is."""
    given = {"channel": "website", "group": ["groep 5"], "deadline": "60", **fields}
    files: dict[str, Any] = {"photo": ("IMG_1.jpg", content)} if content is not None else {}
    if content is None:
        files = {"channel": (None, given.pop("channel"))}  # so that it is a multipart form
    answer = client.post(GATE, data=given, files=files, headers={"Idempotency-Key": key} if key else {})
    if answer.status_code != httpx.codes.ACCEPTED or "deadline" in fields:
        return answer
    location = answer.headers["location"]
    wait_for(lambda: client.get(location).json()["status"] == "done")
    return client.get(location)


def told(answer: httpx.Response, status: int = 200) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    document: dict[str, Any] = answer.json()
    return document


def now(client: httpx.Client, which: str, channel: str = "website") -> dict[str, Any]:
    """What holds now."""
    return told(client.get(f"{GATE}/{which}", params={"channel": channel}))


def once(client: httpx.Client, which: str, **wanted: object) -> dict[str, Any]:
    """The same once it says this."""
    document: dict[str, Any] = {}

    def says() -> bool:
        document.update(now(client, which))
        return all(document[name] == value for name, value in wanted.items())

    wait_for(says)
    return document


def post_of(document: dict[str, Any], otherwise: str = "") -> str:
    """The post where somebody answers."""
    review = document["review"]
    return str(review["href"].partition("#post=")[2]) if review else otherwise


def new_key(school: School, role: KeyRole) -> str:
    with school.door.registry.write(CALLER, Act.MANAGE_KEYS) as session:
        return api_keys.make(session, role, "tests")[1]
