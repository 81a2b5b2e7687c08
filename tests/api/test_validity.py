"""What was given over HTTP is given again only while it holds, and only to the key that it was given to."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from fotopoort.errors import EmptyFile
from fotopoort.policy.decide import decide_all
from fotopoort.registry.access import api_keys
from fotopoort.registry.access.roles import Act, KeyRole, console
from fotopoort.registry.consent import consent_log
from fotopoort.registry.consent.statements import Statement
from fotopoort.registry.people import erasure, people
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.photos import blocks
from fotopoort.registry.registry import Registry
from fotopoort.screening.analysis import Stopwatch
from fotopoort.screening.screen import Screening, ScreeningJob, conclude, names_to_find, search_names, unjudged
from fotopoort.vocabulary import Box, ConsentState, Face, Findings, Outcome, Rendition

from .service import Door, PlayedScreeners, opened

SCREENINGS = "/v1/screenings"
CALLER = console("school")
PHOTO = b"the bytes of a photo"
BOX = Box(200.0, 300.0, 80.0, 100.0)


@dataclass
class Judging(PlayedScreeners):
    """Screening processes that see one child, turned away, in every photo that is not empty."""

    def submit(self, data: bytes, job: ScreeningJob) -> Future[Screening]:
        future: Future[Screening] = Future()
        future.set_result(_judged(data, job))
        return future


def _judged(data: bytes, job: ScreeningJob) -> Screening:
    if not data:
        return unjudged(data, job.request, EmptyFile(), policy=job.policy)
    sha256 = hashlib.sha256(data).hexdigest()
    findings = job.findings
    if findings is None:
        face = Face("f1", BOX, ((0.0, 0.0),) * 5, 0.9, 60.0, 0.0, 0.0, True)
        findings = search_names(Findings(sha256, 2000, 2000, "JPEG", (face,)), job.request, names_to_find(job))
    findings = replace(findings, blocked=job.blocked.holds(sha256, ""))
    verdicts = decide_all(findings, job.request.answers, job.people, job.policy, job.request.channels)
    renditions = {
        channel: Rendition(b"jpeg", hashlib.sha256(b"jpeg").hexdigest(), 10, 10, verdict.covered, True)
        for channel, verdict in verdicts.items()
        if verdict.outcome is not Outcome.REJECT
    }
    return conclude(findings, job.request, verdicts, renditions, Stopwatch())


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    """Of a school with Noor in groep 5 and Sem in groep 6, who may both be shown on the website."""
    with opened(tmp_path / "data", Judging(), {}) as door:
        with door.registry.write(CALLER, Act.IMPORT) as session:
            for person, group in (("noor", "groep 5"), ("sem", "groep 6")):
                people.add(session, PersonRecord(person, name=person.title()), {group})
                consent_log.record(session, Statement(person, "website", ConsentState.GRANTED))
        yield door


def key(door: Door, role: KeyRole, *groups: str) -> str:
    with door.registry.write(CALLER, Act.MANAGE_KEYS) as session:
        return api_keys.make(session, role, "tests", groups)[1]


def post(client: httpx.Client, photo: bytes = PHOTO, **fields: object) -> dict[str, Any]:
    data = {"channel": ["website"], "group": ["groep 5"], **fields}
    answer = client.post(SCREENINGS, files={"photo": ("IMG_1.jpg", photo)}, data=data)
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


def addresses(document: dict[str, Any]) -> list[str]:
    return [f"{SCREENINGS}/{document['id']}", document["verdicts"]["website"]["rendition"]["href"]]


# --- what ends it ----------------------------------------------------------------------------------------


def withdraw(registry: Registry) -> None:
    with registry.write(CALLER, Act.RECORD_CONSENT) as session:
        consent_log.record(session, Statement("noor", "website", ConsentState.WITHDRAWN))


def block(registry: Registry) -> None:
    with registry.write(CALLER, Act.REPORT_PHOTO) as session:
        blocks.add(session, hashlib.sha256(PHOTO).hexdigest(), (), "ouder belde")


def newcomer(registry: Registry) -> None:
    with registry.write(CALLER, Act.EDIT_PEOPLE) as session:
        people.add(session, PersonRecord("daan", name="Daan"), {"groep 5"})


def name(registry: Registry) -> None:
    """Somebody of another group, whose name is in the caption."""
    with registry.write(CALLER, Act.EDIT_PEOPLE) as session:
        people.add(session, PersonRecord("kee", name="Kee Zonneveld"), {"groep 8"})


def erase(registry: Registry) -> None:
    with registry.write(CALLER, Act.ERASE) as session:
        erasure.erase(session, "noor", "verzoek")


@pytest.mark.parametrize("change", [withdraw, block, newcomer, name, erase])
def test_what_no_longer_holds_is_not_given_any_more(change: Callable[[Registry], None], door: Door) -> None:
    with door.client() as client:
        document = post(client, caption="Kee Zonneveld wint de beker")
        for address in addresses(document):
            assert client.get(address).status_code == 200
        change(door.registry)
        for address in addresses(document):
            answer = client.get(address, headers={"Accept-Language": "nl"})
            error = answer.json()["error"]
            assert (answer.status_code, error["code"]) == (410, "no_longer_valid")
            assert error["hint"].startswith("Laat de foto opnieuw beoordelen.")
            assert "oor" not in answer.text.replace("oordeel", "").replace("beoordelen", "")


def test_a_document_that_names_somebody_who_is_erased_is_gone_whatever_the_verdict(door: Door) -> None:
    with door.client() as client:
        document = post(client, absent=["noor"], group=["groep 5", "groep 6"])
        erase(door.registry)
        assert client.get(f"{SCREENINGS}/{document['id']}").status_code == 410


def another_photo(registry: Registry) -> None:
    with registry.write(CALLER, Act.REPORT_PHOTO) as session:
        blocks.add(session, "f" * 64, (), "ouder belde")


def another_channel(registry: Registry) -> None:
    with registry.write(CALLER, Act.RECORD_CONSENT) as session:
        consent_log.record(session, Statement("noor", "facebook", ConsentState.REFUSED))


@pytest.mark.parametrize("change", [another_photo, another_channel])
def test_a_change_that_makes_no_difference_ends_nothing(change: Callable[[Registry], None], door: Door) -> None:
    with door.client() as client:
        document = post(client)
        change(door.registry)
        assert client.get(addresses(document)[0]).json() == document
        assert client.get(addresses(document)[1]).content == b"jpeg"


def test_an_answer_that_comes_later_ends_what_was_given_before_it(door: Door) -> None:
    officer = key(door, KeyRole.PRIVACY_OFFICER)
    with door.client() as sender, door.client(officer) as other:
        document = post(sender)
        box = [BOX.x, BOX.y, BOX.w, BOX.h]
        answers = {"faces": {"f1": {"say": "cover", "box": box}}}
        later = other.post(f"{SCREENINGS}/{document['id']}/answers", json=answers)
        assert later.json()["verdicts"]["website"]["outcome"] != "publish"
        assert other.get(f"{SCREENINGS}/{document['id']}").json() == later.json()
        for address in addresses(document):
            assert sender.get(address).status_code == 410
        own = sender.post(f"{SCREENINGS}/{document['id']}/answers", json={}).json()
        assert own["verdicts"]["website"]["outcome"] == later.json()["verdicts"]["website"]["outcome"]
        assert own["file"] == "IMG_1.jpg"


def test_a_photo_with_a_name_that_became_known_since_is_asked_for_again(door: Door) -> None:
    caption = "Kee Zonneveld wint de beker"
    with door.client() as client:
        document = post(client, caption=caption)
        assert document["verdicts"]["website"]["outcome"] == "publish"
        name(door.registry)
        answer = client.post(f"{SCREENINGS}/{document['id']}/answers", json={})
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "photo_gone")
        assert client.get(addresses(document)[0]).status_code == 410
        assert post(client, caption=caption)["verdicts"]["website"]["outcome"] == "reject"


# --- whose it is -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [role for role in KeyRole if role is not KeyRole.CMS])  # which opens the gate alone
def test_what_a_key_was_given_no_other_key_of_the_school_gets(role: KeyRole, door: Door) -> None:
    other = key(door, role, *(["groep 5"] if role is KeyRole.TEACHER else []))
    with door.client() as sender, door.client(other) as client:
        document = post(sender)
        for address in addresses(document):
            assert client.get(address).status_code == 404
            assert sender.get(address).status_code == 200


def test_a_machine_hears_nothing_of_what_another_key_sent(door: Door) -> None:
    """An answer that says nothing would be answered with the names of everybody it could be."""
    with door.client() as sender, door.client(key(door, KeyRole.MACHINE)) as other:
        document = post(sender)
        assert other.post(f"{SCREENINGS}/{document['id']}/answers", json={}).status_code == 404


def test_a_document_is_told_again_in_the_language_that_asks(door: Door) -> None:
    with door.client() as client:
        document = post(client, b"")
        said = {
            language: client.get(f"{SCREENINGS}/{document['id']}", headers={"Accept-Language": language}).json()
            for language in ("nl", "en")
        }
    assert {language: each["error"]["message"] for language, each in said.items()} == EmptyFile.text._asdict()
