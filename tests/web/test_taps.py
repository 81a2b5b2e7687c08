"""How many taps a class takes on the teacher's page: 26 pupils of whom four may not be shown, and 40 photos."""

from __future__ import annotations

import hashlib
import io
import os
import re
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from benchmarks.taps import ADULT, GROUP, MORE, appearances, every_face, made_post, school, what_is_shown
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect
from tests.api.service import POLICY, PlayedScreeners, opened

from fotopoort.policy.decide import decide_all
from fotopoort.policy.posts.verdicts import decide_post
from fotopoort.registry.access.roles import Act, KeyRole, console
from fotopoort.registry.consent import consent_log
from fotopoort.registry.consent.derivation import Capacity
from fotopoort.registry.consent.statements import Statement
from fotopoort.registry.people import people as registry_people
from fotopoort.registry.people.people import PersonRecord
from fotopoort.screening.analysis import Stopwatch
from fotopoort.screening.screen import Screening, ScreeningJob, conclude
from fotopoort.vocabulary import ConsentState, Findings, Outcome, Rendition, Role

from .teacher import SLOWLY, begin, log_in
from .visitor import add

CHANNELS = ("website", "facebook")
REFUSING = 4
CONSOLE = console("school")


@dataclass
class Seeing(PlayedScreeners):
    """Screening processes that see in each photo what was made for it, by its bytes."""

    made: dict[bytes, Findings] = field(default_factory=dict)

    def submit(self, data: bytes, job: ScreeningJob) -> Future[Screening]:
        findings = job.findings or replace(self.made[data], sha256=hashlib.sha256(data).hexdigest())
        verdicts = decide_all(findings, job.request.answers, job.people, job.policy, job.request.channels)
        renditions = {
            channel: Rendition(PICTURE, hashlib.sha256(PICTURE).hexdigest(), 16, 12, verdict.covered, True)
            for channel, verdict in verdicts.items()
            if job.renders and verdict.outcome is not Outcome.REJECT
        }
        future: Future[Screening] = Future()
        future.set_result(replace(conclude(findings, job.request, verdicts, renditions, Stopwatch()), view=PICTURE))
        return future

    def prints(self, data: bytes) -> Future[tuple[str, tuple[str, ...]]]:
        future: Future[tuple[str, tuple[str, ...]]] = Future()
        future.set_result((hashlib.sha256(data).hexdigest(), ()))
        return future


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (16, 12), "teal").save(out, "JPEG")
    return out.getvalue()


PICTURE = picture()


@pytest.fixture(params=os.environ.get("WINDOWS", "768x1024").split(","))  # a phone: WINDOWS=360x740
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    width, height = map(int, request.param.split("x"))
    context = browser.new_context(locale="nl-NL", viewport={"width": width, "height": height})
    page = context.new_page()
    page.set_default_timeout(SLOWLY)
    yield page
    context.close()


def test_a_class_is_settled_in_a_tap_for_each_appearance_and_a_few_more(page: Page, tmp_path: Path) -> None:
    random = Random(18)  # noqa: S311 - made photos
    people = school(random, 0)
    hidden = sorted(person for person in people.persons if person.startswith("p"))[:REFUSING]
    refused = dict.fromkeys(CHANNELS, ConsentState.REFUSED)
    persons = {
        id: replace(person, consents=refused if id in hidden else dict.fromkeys(CHANNELS, ConsentState.GRANTED))
        for id, person in people.persons.items()
        if id != "new"
    }
    people = replace(people, persons=persons)
    post, truth = made_post(random, people, CHANNELS)
    files = {name: f"photo {name}".encode() * 9 for name in post.photos}
    screeners = Seeing(made={files[name]: findings for name, findings in post.photos.items()})
    with opened(tmp_path / "data", screeners, {}) as door:
        with door.registry.write(CONSOLE, Act.IMPORT) as session:
            for person in persons.values():
                record = PersonRecord(person.id, name=person.name, role=person.role)
                registry_people.add(session, record, {GROUP})
                is_pupil = person.role is Role.PUPIL
                by = ("ouders", Capacity.GUARDIAN) if is_pupil else (person.id, Capacity.OWN)
                for channel in CHANNELS:
                    given = Statement(person.id, channel, person.consents[channel], *by)
                    consent_log.record(session, given)
        add(door.registry, "juf", KeyRole.TEACHER)
        taps = settle(page, door.url.replace("127.0.0.1", "localhost"), files, truth, tmp_path)
        document = page.evaluate("id => fetch('/v1/posts/' + id).then((answer) => answer.json())", post_id(page))

    assert taps <= appearances(truth, people, POLICY, CHANNELS) + MORE
    every = decide_post(every_face(post, truth), people, POLICY)
    names = {hashlib.sha256(content).hexdigest(): name for name, content in files.items()}
    for photo in document["photos"]:
        name = names[photo["judged"]["sha256"]]
        for channel in CHANNELS:
            assert shown(photo["judged"]["verdicts"][channel]) == what_is_shown(every.photos[name][channel]), name


def shown(verdict: dict[str, Any]) -> tuple[Outcome, frozenset[str]]:
    """As `what_is_shown`, of a document."""
    kept = (face for face, judged in verdict["faces"].items() if judged["action"] == "keep")
    return Outcome(verdict["outcome"]), frozenset() if verdict["outcome"] == "reject" else frozenset(kept)


def post_id(page: Page) -> str:
    return page.url.partition("#post=")[2]


def settle(page: Page, origin: str, files: dict[str, bytes], truth: dict[str, dict[str, str]], folder: Path) -> int:
    """Send all photos and answer what is asked. Returns how many taps that took."""
    log_in(page, origin, "juf")
    begin(page, "de website", "Facebook")
    paths = []
    for name, content in files.items():
        paths.append(folder / f"{name}.jpg")
        paths[-1].write_bytes(content)
    page.locator('input[type="file"][multiple]').set_input_files([str(path) for path in paths])
    expect(page.locator(".tile")).to_have_count(len(files))
    expect(page.locator(".progress")).to_have_count(0)
    document = page.evaluate("id => fetch('/v1/posts/' + id).then((answer) => answer.json())", post_id(page))
    order = [photo["file"].removesuffix(".jpg") for photo in document["photos"]]  # as sent

    taps = 0

    def tap(target: Locator) -> None:
        nonlocal taps
        target.click()
        taps += 1

    chips = page.locator(".names .chip")
    faces = page.locator("fp-faces .strip button.face")
    labels = [face.get_attribute("aria-label") or "" for face in faces.all()]
    people = [truth[order[photo - 1]][f"f{face}"] for face, photo in map(face_and_photo, labels)]
    for number in range(chips.count()):
        name = chips.nth(number).inner_text()
        if number:
            tap(chips.nth(number))
        pupil = f"p{int(name.split()[1]):02}"
        for index, person in enumerate(people):
            if person == pupil:
                tap(page.get_by_role("button", name=labels[index], exact=True))
                expect(page.get_by_role("button", name=f"{labels[index]}: {name}")).to_be_visible()
    tap(page.get_by_role("button", name="Verder niemand van dit lijstje"))
    expect(page.get_by_text("Verder niemand")).to_have_count(0)
    for word, person in (("Volwassene die het goedvindt", ADULT), ("Teacher", "teacher")):
        asked = [face.get_attribute("aria-label") or "" for face in faces.all()]
        if word == "Teacher":
            tap(page.locator(".names .chip", has_text=word))
        for label in asked:
            face, photo = face_and_photo(label)
            if truth[order[photo - 1]][f"f{face}"] == person:
                tap(page.get_by_role("button", name=label, exact=True))
                expect(page.get_by_role("button", name=label, exact=True)).to_have_count(0)
    return taps


def face_and_photo(label: str) -> tuple[int, int]:
    match = re.match(r"Gezicht (\d+) op foto (\d+)", label)
    assert match
    return int(match[1]), int(match[2])
