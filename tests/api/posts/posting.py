"""A school with posts over HTTP: photos are seen by the test, everything else is real."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import httpx
from tests.waiting import wait_for

from fotopoort.errors import EmptyFile, PhotoError
from fotopoort.policy.decide import decide_all, unverified
from fotopoort.registry.access import api_keys
from fotopoort.registry.access.roles import Act, KeyRole, console
from fotopoort.registry.consent import consent_log
from fotopoort.registry.consent.statements import Statement
from fotopoort.registry.people import erasure, people
from fotopoort.registry.people.people import PersonRecord
from fotopoort.screening.analysis import Stopwatch
from fotopoort.screening.screen import Screening, ScreeningJob, conclude, names_to_find, search_names, unjudged
from fotopoort.vocabulary import Action, Box, ConsentState, Face, Findings, Outcome, Rendition
from fotopoort.webhooks.outbound.client import GuardedClient

from ..service import Door, PlayedScreeners, opened

POSTS: Final = "/v1/posts"
CALLER: Final = console("school")
TEXT: Final = "Noor bouwt een toren."
# Who may be shown on the website, by group.
SCHOOL: Final = {
    "groep 5": {"noor": ConsentState.GRANTED, "daan": ConsentState.REFUSED, "yara": ConsentState.GRANTED},
    "groep 6": {"sem": ConsentState.GRANTED, "kee": ConsentState.REFUSED},
}


def photo(faces: int = 1, number: int = 0) -> bytes:
    """The bytes of a photo with so many faces, other ones for each number."""
    return f"{faces} faces {number} ".encode() * 2_000


def shown(rendition: bytes) -> dict[str, Any]:
    """What a rendition shows, and covers."""
    told: dict[str, Any] = json.loads(rendition)
    return told


@dataclass
class Seeing(PlayedScreeners):
    """Screening processes that see in a photo as many faces as its bytes say. What they render tells what it shows.

    Attributes:
        fails: of photos with these bytes what is rendered is never good enough to go out.
        no_prints: why nobody can be told what a photo is recognised by; None: they are told.
        looked_at: how many photos were looked at, and rendered how many channels.
    """

    fails: set[bytes] = field(default_factory=set)
    no_prints: PhotoError | None = None
    looked_at: int = 0
    rendered: int = 0

    def submit(self, data: bytes, job: ScreeningJob) -> Future[Screening]:
        future: Future[Screening] = Future()
        future.set_result(self._screened(data, job))
        return future

    def prints(self, data: bytes) -> Future[tuple[str, tuple[str, ...]] | PhotoError]:
        future: Future[tuple[str, tuple[str, ...]] | PhotoError] = Future()
        future.set_result(self.no_prints or (hashlib.sha256(data).hexdigest(), ("0" * 26,)))
        return future

    def _screened(self, data: bytes, job: ScreeningJob) -> Screening:
        count = data.split(b" ")[0]
        if not count.isdigit():
            return unjudged(data, job.request, EmptyFile(), policy=job.policy)
        findings = job.findings
        if findings is None:
            self.looked_at += 1
            found = Findings(hashlib.sha256(data).hexdigest(), 2000, 2000, "JPEG", faces(int(count)))
            findings = search_names(found, job.request, names_to_find(job))
        findings = replace(findings, blocked=job.blocked.holds(findings.sha256, ""))
        verdicts = decide_all(
            findings,
            job.request.answers,
            job.people,
            job.policy,
            job.request.channels,
            together=job.request.together,
        )
        if not job.renders:
            screening = conclude(findings, job.request, verdicts, {}, Stopwatch())
            return replace(screening, view=b"the whole photo")
        self.rendered += len(verdicts)
        published = [channel for channel, verdict in verdicts.items() if verdict.outcome is not Outcome.REJECT]
        if data in self.fails:
            verdicts |= {channel: unverified(verdicts[channel]) for channel in published}
            published = []
        renditions = {}
        for channel in published:
            kept = sorted(face for face, judged in verdicts[channel].faces.items() if judged.action is Action.KEEP)
            covered = [[box.x, box.y] for box in verdicts[channel].covered]
            jpeg = json.dumps({"channel": channel, "shown": kept, "covered": covered}).encode()
            sha256 = hashlib.sha256(jpeg).hexdigest()
            renditions[channel] = Rendition(jpeg, sha256, 1600, 1200, verdicts[channel].covered, True)
        return conclude(findings, job.request, verdicts, renditions, Stopwatch())


def faces(count: int) -> tuple[Face, ...]:
    """So many faces that can be recognised, none of which looks into the camera."""
    return tuple(
        Face(f"f{n + 1}", Box(100.0 + 300 * n, 300.0, 90.0, 110.0), ((0.0, 0.0),) * 5, 0.9, 60.0, 0.0, 0.0, True)
        for n in range(count)
    )


@dataclass(frozen=True)
class School:
    """The service, and a client for everybody."""

    door: Door
    screeners: Seeing
    keys: dict[str, str]

    def client(self, who: str = "juf") -> httpx.Client:
        return self.door.client(self.keys[who])


@contextmanager
def posting_school(data_folder: Path, *, outbound: GuardedClient | None = None, **settings: object) -> Iterator[School]:
    screeners = Seeing()
    with opened(data_folder, screeners, settings, outbound=outbound) as door:
        with door.registry.write(CALLER, Act.IMPORT) as session:
            for group, members in SCHOOL.items():
                for person, state in members.items():
                    people.add(session, PersonRecord(person, name=f"{person.title()} Achternaam"), {group})
                    consent_log.record(session, Statement(person, "website", state))
        if not door.registry.has_school("elders"):
            door.registry.add_school(console("elders"), "Elders")
        yield School(door, screeners, {name: _key(door, *given) for name, given in PEOPLE.items()})


PEOPLE: Final[dict[str, tuple[str, KeyRole, tuple[str, ...]]]] = {
    "juf": ("school", KeyRole.TEACHER, ("groep 5",)),
    "meester": ("school", KeyRole.TEACHER, ("groep 5",)),
    "juf van 6": ("school", KeyRole.TEACHER, ("groep 6",)),
    "kantoor": ("school", KeyRole.OFFICE, ()),
    "privacy": ("school", KeyRole.PRIVACY_OFFICER, ()),
    "cms": ("school", KeyRole.MACHINE, ()),
    "elders": ("elders", KeyRole.PRIVACY_OFFICER, ()),
}


def _key(door: Door, tenant: str, role: KeyRole, groups: Sequence[str]) -> str:
    with door.registry.write(console(tenant), Act.MANAGE_KEYS) as session:
        return api_keys.make(session, role, "tests", groups)[1]


# --- what a teacher does -----------------------------------------------------------------------------------


def make(client: httpx.Client, **fields: object) -> str:
    """A post of groep 5 for the website. Returns its id."""
    given = {"groups": ["groep 5"], "channels": ["website"], "text": TEXT, **fields}
    answer = client.post(POSTS, json=given)
    assert answer.status_code == 201, answer.text
    post: str = answer.json()["id"]
    return post


def put(client: httpx.Client, post: str, content: bytes, client_id: str = "", **headers: str) -> httpx.Response:
    named = {"Content-Disposition": "attachment; filename*=UTF-8''IMG_1.jpg", **headers}
    return client.put(f"{POSTS}/{post}/photos/{client_id or uuid.uuid4()}", content=content, headers=named)


def upload(client: httpx.Client, post: str, *contents: bytes) -> list[str]:
    """Photos that are judged, with all that may go out of them. Returns their ids."""
    ids = []
    for content in contents:
        answer = put(client, post, content)
        assert answer.status_code == 200, answer.text
        ids.append(answer.json()["id"])
    settled(client, post)
    return ids


def shown_post(client: httpx.Client, post: str, since: str | None = None) -> dict[str, Any]:
    answer = client.get(f"{POSTS}/{post}", params={"since": since} if since else {})
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


def settled(client: httpx.Client, post: str) -> dict[str, Any]:
    """The post once all its photos are judged."""
    document: dict[str, Any] = {}

    def is_settled() -> bool:
        document.update(shown_post(client, post))
        return all(photo["state"] in ("judged", "failed") for photo in document["photos"])

    wait_for(is_settled)
    return document


def say(client: httpx.Client, post: str, photos: list[str], answers: dict[str, Any], **query: str) -> dict[str, Any]:
    """Give an answer, having seen the post as it is now."""
    revision = shown_post(client, post)["revision"]
    answer = client.post(
        f"{POSTS}/{post}/answers",
        json={"photos": photos, "answers": answers},
        headers={"If-Match": f'"{revision}"'},
        params=query,
    )
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


def change(client: httpx.Client, method: str, path: str, post: str, **given: Any) -> httpx.Response:  # noqa: ANN401
    """Anything that wants to know which revision the client saw."""
    revision = shown_post(client, post)["revision"]
    return client.request(method, f"{POSTS}/{post}{path}", headers={"If-Match": f'"{revision}"'}, **given)


def verdicts(document: dict[str, Any]) -> dict[str, Any]:
    """The verdicts of each photo, without what hashes and versions are in them."""
    return {
        photo["id"]: {
            channel: {key: verdict[key] for key in ("outcome", "faces", "covered", "reasons", "questions", "not_yet")}
            for channel, verdict in photo["judged"]["verdicts"].items()
        }
        for photo in document["photos"]
        if "judged" in photo
    }


# --- what changes meanwhile --------------------------------------------------------------------------------


def withdraw(school: School, person: str = "noor", channel: str = "website") -> None:
    with school.door.registry.write(CALLER, Act.RECORD_CONSENT) as session:
        consent_log.record(session, Statement(person, channel, ConsentState.WITHDRAWN))


def name(school: School) -> None:
    """Somebody of another group comes, whose name was not searched for."""
    with school.door.registry.write(CALLER, Act.EDIT_PEOPLE) as session:
        people.add(session, PersonRecord("bram", name="Bram Achternaam"), {"groep 6"})


def erase(school: School, person: str = "noor") -> None:
    with school.door.registry.write(CALLER, Act.ERASE) as session:
        erasure.erase(session, person, "verzoek")
