"""Who works on a folder: what is left goes to others, and a photo that ends its workers ends no more of them."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import Connection, select, update

from fotopoort.application.pending import PendingScreening
from fotopoort.application.redecision import GivenScreening
from fotopoort.application.service import ScreeningService
from fotopoort.batch.eligibility import Eligibilities
from fotopoort.batch.entry import Entry
from fotopoort.batch.ledger import held_leases
from fotopoort.batch.ledger.database import LedgerDatabase
from fotopoort.batch.ledger.leases import Lease, LeaseLost, Leases
from fotopoort.batch.ledger.ledger import Ledger
from fotopoort.batch.ledger.tables import shard
from fotopoort.batch.run_request import RunRequest
from fotopoort.batch.storage.folder import Folder
from fotopoort.batch.storage.walk import FoundFile
from fotopoort.batch.survey import survey
from fotopoort.batch.validity import Validity
from fotopoort.batch.work import MAX_FAILURES, Skipped, Worker
from fotopoort.errors import FolderUnreadable, NotAPhoto, RegistryUnavailable
from fotopoort.policy.policy import Policy
from fotopoort.policy.posts.asks import Asks
from fotopoort.registry.access.roles import Act, console
from fotopoort.registry.answers import answering
from fotopoort.registry.answers.answers_file import AnswersFile
from fotopoort.registry.answers.binding import tightening
from fotopoort.registry.consent import consent_log
from fotopoort.registry.consent.statements import Statement
from fotopoort.registry.people import people
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.photos.serialisation import answers_from_json
from fotopoort.registry.registry import Registry
from fotopoort.registry.store.database import Database, sqlite_url
from fotopoort.registry.store.tables import answer
from fotopoort.screening.processes.pool import ScreeningPool
from fotopoort.screening.screen import Screening
from fotopoort.settings import Settings
from fotopoort.vocabulary import Answers, Box, ConsentState, DrawnFace, FaceAnswer, FaceLabel

PHOTOS = ("IMG_1.jpg", "IMG_2.jpg", "IMG_3.jpg")


@pytest.fixture
def url(tmp_path: Path) -> str:
    return sqlite_url(tmp_path / "ledger.sqlite")


@pytest.fixture
def ledger(url: str) -> Iterator[Ledger]:
    with Ledger.open(url, 120) as ledger:
        yield ledger


@pytest.fixture
def validity(policy: Policy, tmp_path: Path) -> Validity:
    photos = tmp_path / "fotos"
    photos.mkdir()
    for number, name in enumerate(PHOTOS):
        Image.fromarray(np.full((300, 400, 3), 90 + 40 * number, np.uint8)).save(photos / name)
    request = RunRequest(Folder(photos), Folder(tmp_path / "uit"), ("website",))
    return Validity(request, Eligibilities(ScreeningService(policy), console("school"), "models"))


@pytest.fixture
def worker(screeners: ScreeningPool, policy: Policy) -> Worker:
    return Worker(
        screeners,
        service=ScreeningService(policy),
        caller=console("school"),
        policy=policy,
        settings=Settings(),
        name="one",
    )


@pytest.fixture
def registry(worker: Worker, tmp_path: Path) -> Iterator[Registry]:
    """A registry with the worker's school in it, and nobody there."""
    database = Database(sqlite_url(tmp_path / "registry.db"))
    database.migrate()
    registry = Registry(database, data_folder=tmp_path, keys_folder=tmp_path / "keys")
    registry.add_school(worker.caller, "De Regenboog")
    yield registry
    registry.close()


def never_came_back(ledger: Ledger, url: str, run: int) -> None:
    """Somebody has every shard, and is not heard of again."""
    while ledger.leases.claim(run, "gone"):
        pass
    database = Database(url)
    with database.write() as connection:
        connection.execute(update(shard).values(until=1.0))
    database.close()


def failures(results: Iterator[Entry | Skipped]) -> dict[str, str | None]:
    """The error code of each photo that has a new entry; None: it was judged."""
    entries = [result for result in results if isinstance(result, Entry)]
    return {entry.path: entry.failure.code if entry.failure else None for entry in entries}


def judged(path: str) -> Entry:
    return Entry(path, "a" * 64, None, (), "", {"file": path, "verdicts": {}}, None)


def test_what_is_left_when_it_stops_is_for_others_at_once(worker: Worker, validity: Validity, ledger: Ledger) -> None:
    found = survey(validity, ledger)
    working = worker.work(validity, ledger.leases, found.run)
    next(working)
    working.close()
    lease = ledger.leases.claim(found.run, "two")
    assert lease
    assert lease.failures == 0
    assert len(ledger.leases.remaining_in(lease)) == len(PHOTOS) - 1


def test_a_photo_that_ended_too_many_workers_is_not_tried_again(
    worker: Worker, validity: Validity, ledger: Ledger, url: str
) -> None:
    found = survey(validity, ledger)
    never_came_back(ledger, url, found.run)
    lease = ledger.leases.claim(found.run, "two")
    assert lease
    ledger.leases.split(lease, [file for file, _ in ledger.leases.remaining_in(lease)])
    one_by_one = {}
    while lease := ledger.leases.claim(found.run, "two"):
        one_by_one[ledger.leases.remaining_in(lease)[0][0].path] = lease
    for name in ("IMG_1.jpg", "IMG_3.jpg"):
        ledger.leases.record(one_by_one[name], judged(name), FoundFile(name, 1, 2, name), "k", [])
        ledger.leases.finish(one_by_one[name])
    for _ in range(MAX_FAILURES - 1):
        never_came_back(ledger, url, found.run)
    entries = failures(worker.work(validity, ledger.leases, found.run))
    assert entries == {"IMG_2.jpg": "crashed"}
    assert ledger.remaining(found.run) == 0


def test_a_shard_whose_worker_never_came_back_is_done(
    worker: Worker, validity: Validity, ledger: Ledger, url: str
) -> None:
    found = survey(validity, ledger)
    never_came_back(ledger, url, found.run)
    assert failures(worker.work(validity, ledger.leases, found.run)) == dict.fromkeys(PHOTOS)
    assert ledger.remaining(found.run) == 0


def test_what_was_not_judged_again_is_told_with_why(worker: Worker, validity: Validity, ledger: Ledger) -> None:
    list(worker.work(validity, ledger.leases, survey(validity, ledger).run))
    for name in PHOTOS:
        os.utime(photos_of(validity) / name, (1, 1))
    busy = replace(worker, is_still=lambda file: file.path != "IMG_2.jpg")
    assert list(busy.work(validity, ledger.leases, survey(validity, ledger).run)) == [
        Skipped.UP_TO_DATE,
        Skipped.BEING_WRITTEN,
        Skipped.UP_TO_DATE,
    ]


def test_an_error_is_recorded_in_both_languages(worker: Worker, validity: Validity, ledger: Ledger) -> None:
    (photos_of(validity) / "IMG_2.jpg").write_bytes(b"geen foto")
    list(worker.work(validity, ledger.leases, survey(validity, ledger).run))
    recorded = {entry.path: entry.failure for entry in ledger.entries()}
    assert recorded == dict.fromkeys(PHOTOS) | {"IMG_2.jpg": NotAPhoto().failure()}


def test_what_is_asked_rests_on_what_was_recorded(
    worker: Worker, validity: Validity, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where the registry moved on meanwhile, so that the photo was judged once more."""
    record = worker.service.record_given

    def judged_once_more(*given: Any, **more: Any) -> GivenScreening:  # noqa: ANN401
        recorded = record(*given, **more)
        return replace(recorded, screening=replace(recorded.screening, asks=Asks(who=("f1",))))

    monkeypatch.setattr(worker.service, "record_given", judged_once_more)
    list(worker.work(validity, ledger.leases, survey(validity, ledger).run))
    asked = {entry.path: entry.document["asks"] for entry in ledger.entries()}
    assert asked.keys() == set(PHOTOS)
    assert all([question["kind"] for question in asks] == ["who_is_this"] for asks in asked.values())


def test_a_worker_that_lost_its_shard_leaves_it_to_whoever_has_it(
    worker: Worker, validity: Validity, ledger: Ledger, url: str
) -> None:
    found = survey(validity, ledger)
    working = worker.work(validity, ledger.leases, found.run)
    assert isinstance(next(working), Entry)
    never_came_back(ledger, url, found.run)
    other = ledger.leases.claim(found.run, "two")
    assert other
    assert list(working) == [Skipped.LEASE_LOST] * (len(PHOTOS) - 1)
    assert len(ledger.leases.remaining_in(other)) == len(PHOTOS) - 1


def test_a_photo_that_takes_longer_than_a_lease_lasts_loses_none(
    worker: Worker, validity: Validity, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one full of text on a busy machine: others would begin with it too, one after another, and give it up."""
    renew, renewed, slow = Leases.renew, list[Lease](), Future[Screening]()
    submit, pendings = worker.service.submit, list[PendingScreening]()

    now, lease_seconds, passed = LedgerDatabase.now, 3600.0, [0.0]

    def renewed_until_it_is_done(self: Leases, lease: Lease) -> None:
        renewed.append(lease)
        passed[0] += 0.9 * lease_seconds
        renew(self, lease)
        assert self.claim(lease.run, "two") is None
        if len(renewed) == 3:
            slow.set_result(pendings[0].future.result())

    def kept(*given: Any, **more: Any) -> PendingScreening:  # noqa: ANN401
        pendings.append(submit(*given, **more))
        return replace(pendings[-1], future=slow) if len(pendings) == 1 else pendings[-1]

    monkeypatch.setattr(worker.service, "submit", kept)
    monkeypatch.setattr(Leases, "renew", renewed_until_it_is_done)
    monkeypatch.setattr(LedgerDatabase, "now", lambda self, connection: now(self, connection) + passed[0])
    monkeypatch.setattr(held_leases, "RENEWALS", 100 * lease_seconds)
    with Ledger.open(url, lease_seconds) as ledger:
        found = survey(validity, ledger)
        assert failures(worker.work(validity, ledger.leases, found.run)) == dict.fromkeys(PHOTOS)
        assert ledger.remaining(found.run) == 0
    assert len(renewed) >= 3


def test_a_lease_that_was_lost_is_not_renewed(validity: Validity, ledger: Ledger, url: str) -> None:
    found = survey(validity, ledger)
    lost = ledger.leases.claim(found.run, "one")
    assert lost
    never_came_back(ledger, url, found.run)
    other = ledger.leases.claim(found.run, "two")
    assert other
    ledger.leases.renew(lost)
    ledger.leases.finish(lost)
    assert len(ledger.leases.remaining_in(other)) == len(PHOTOS)
    assert ledger.leases.claim(found.run, "three") is None


def test_where_the_photos_are_not_there_any_more_nothing_is_recorded(
    worker: Worker, validity: Validity, ledger: Ledger
) -> None:
    """As a drive that was pulled out: what was made of them stays."""
    assert set(failures(worker.work(validity, ledger.leases, survey(validity, ledger).run))) == set(PHOTOS)
    for name in PHOTOS:
        os.utime(photos_of(validity) / name, (1, 1))
    found = survey(validity, ledger)
    for name in PHOTOS:
        (photos_of(validity) / name).unlink()
    with pytest.raises(FolderUnreadable):
        list(worker.work(validity, ledger.leases, found.run))
    assert ledger.remaining(found.run) == len(PHOTOS)
    assert ledger.leases.claim(found.run, "two"), "it was given back"
    assert validity.request.out.identity("website/IMG_1.jpg")


def test_where_the_registry_does_not_answer_what_was_decided_stays(
    validity: Validity, ledger: Ledger, screeners: ScreeningPool, policy: Policy, worker: Worker
) -> None:
    list(worker.work(validity, ledger.leases, survey(validity, ledger).run))
    before = list(ledger.entries())
    for name in PHOTOS:
        Image.fromarray(np.full((300, 400, 3), 20, np.uint8)).save(photos_of(validity) / name)
    found = survey(validity, ledger)
    away = ScreeningService(policy, registry=RegistryUnavailable())
    cut_off = Validity(validity.request, Eligibilities(away, console("school"), "models"))
    other = Worker(screeners, service=away, caller=console("school"), policy=policy, settings=Settings())
    with pytest.raises(RegistryUnavailable):
        list(other.work(cut_off, ledger.leases, found.run))
    assert list(ledger.entries()) == before


def test_a_worker_that_loses_its_shard_while_it_writes_writes_no_more(
    worker: Worker, validity: Validity, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one that was frozen there: the database let go of its transaction, and another worker took the shard."""
    found = survey(validity, ledger)
    write, written = Folder.write, list[str]()

    def write_and_lose(self: Folder, path: str, content: bytes) -> None:
        write(self, path, content)
        written.append(path)

    renew = Leases._renew
    monkeypatch.setattr(Folder, "write", write_and_lose)

    def refused(self: Leases, connection: Connection, lease: Lease) -> None:
        if written:
            raise LeaseLost
        renew(self, connection, lease)

    monkeypatch.setattr(Leases, "_renew", refused)
    assert next(worker.work(validity, ledger.leases, found.run)) is Skipped.LEASE_LOST
    assert list(ledger.entries()) == []
    assert [path for path in written if path.startswith("website/")] == [], "only its thumbnail"


def photos_of(validity: Validity) -> Path:
    return Path(validity.request.photos.address)


def test_a_rendition_has_a_name_that_its_place_takes(
    worker: Worker, validity: Validity, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Folder, "takes", lambda self, path: "IMG_2.jpg" not in path)
    found = survey(validity, ledger)
    named = {
        result.path: result.document["verdicts"]["website"]["rendition"]["path"]
        for result in worker.work(validity, ledger.leases, found.run)
        if isinstance(result, Entry)
    }
    assert named["IMG_1.jpg"] == "website/IMG_1.jpg"
    assert re.fullmatch(r"website/foto-[0-9a-f]{12}\.jpg", named["IMG_2.jpg"])
    assert validity.request.out.identity(named["IMG_2.jpg"])


def test_what_changes_while_a_folder_is_judged_and_changes_back_is_judged_again(
    worker: Worker,
    validity: Validity,
    ledger: Ledger,
    policy: Policy,
    registry: Registry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What was written down rests on what held in between: it is not in force because the beginning has come back."""

    def say(decision: ConsentState) -> None:
        with registry.write(worker.caller, Act.RECORD_CONSENT) as session:
            consent_log.record(session, Statement("noor", "website", decision))

    with registry.write(worker.caller, Act.IMPORT) as session:
        people.add(session, PersonRecord("noor", name="Noor"), {"groep 5"})
    say(ConsentState.GRANTED)
    service = ScreeningService(policy, registry=registry)
    submit, submitted = service.submit, []

    def submit_and_change(*given: Any, **more: Any) -> PendingScreening:  # noqa: ANN401
        pending = submit(*given, **more)
        submitted.append(pending)
        if len(submitted) == len(PHOTOS):  # none has been recorded yet
            say(ConsentState.WITHDRAWN)
        return pending

    monkeypatch.setattr(service, "submit", submit_and_change)
    worker = replace(worker, service=service)
    validity = Validity(validity.request, Eligibilities(service, worker.caller, "models"))
    assert len(failures(worker.work(validity, ledger.leases, survey(validity, ledger).run))) == len(PHOTOS)
    say(ConsentState.GRANTED)
    assert len(failures(worker.work(validity, ledger.leases, survey(validity, ledger).run))) == len(PHOTOS)
    assert failures(worker.work(validity, ledger.leases, survey(validity, ledger).run)) == {}


def test_what_moved_on_after_a_verdict_was_recorded_leaves_no_rendition(
    worker: Worker,
    validity: Validity,
    ledger: Ledger,
    policy: Policy,
    registry: Registry,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with registry.write(worker.caller, Act.IMPORT) as session:
        people.add(session, PersonRecord("noor", name="Noor"), {"groep 5"})
        consent_log.record(session, Statement("noor", "website", ConsentState.GRANTED))
    service = ScreeningService(policy, registry=registry)
    record_given, recorded = service.record_given, list[GivenScreening]()

    def record_and_change(*given: Any) -> GivenScreening:  # noqa: ANN401
        recorded.append(record_given(*given))
        if len(recorded) == len(PHOTOS):
            with registry.write(worker.caller, Act.RECORD_CONSENT) as session:
                consent_log.record(session, Statement("noor", "website", ConsentState.WITHDRAWN))
        return recorded[-1]

    monkeypatch.setattr(service, "record_given", record_and_change)
    worker = replace(worker, service=service)
    validity = Validity(validity.request, Eligibilities(service, worker.caller, "models"))
    entries = [*worker.work(validity, ledger.leases, survey(validity, ledger).run)]
    assert all(given.screening.renditions for given in recorded)
    out = {entry.path for entry in entries if isinstance(entry, Entry)}
    assert out == set(PHOTOS)
    last = next(entry for entry in entries if isinstance(entry, Entry) and entry.path == PHOTOS[-1])
    assert last.document["verdicts"]["website"]["rendition"] is None
    assert sorted(os.listdir(tmp_path / "uit" / "website")) == list(PHOTOS[:-1])
    assert survey(validity, ledger).wanted == len(PHOTOS)


def test_who_says_that_an_adult_agreed_is_kept(
    worker: Worker, validity: Validity, ledger: Ledger, policy: Policy, registry: Registry
) -> None:
    """As at every other door; what stands under a file's name alone clears nobody, and so is nobody's word."""
    box = Box(10, 10, 40, 50)
    said = Answers(faces={"f1": FaceAnswer(FaceLabel.ADULT, box=box), "f2": FaceAnswer(FaceLabel.COVER, box=box)})
    first = hashlib.sha256((photos_of(validity) / PHOTOS[0]).read_bytes()).hexdigest()
    answers = AnswersFile(by_sha256={first: said}, by_name={PHOTOS[1]: tightening(said)})
    service = ScreeningService(policy, registry=registry)
    worker = replace(worker, service=service)
    validity = Validity(replace(validity.request, answers=answers), Eligibilities(service, worker.caller, "models"))
    assert len(failures(worker.work(validity, ledger.leases, survey(validity, ledger).run))) == len(PHOTOS)
    with registry.read(worker.caller, Act.SEE_AUDIT) as session:
        rows = session.connection.execute(select(answer.c.sha256, answer.c.answers)).all()
        stored = {row.sha256: answers_from_json(row.answers).faces for row in rows}
    assert {id: face.by for id, face in stored.pop(first).items()} == {"f1": worker.caller.id, "f2": None}
    assert {face.by for faces in stored.values() for face in faces.values()} == {None}
    assert list(worker.work(validity, ledger.leases, survey(validity, ledger).run)) == [], "and it is still in force"


def test_what_is_said_of_a_photo_afterwards_has_it_judged_again_and_covers(
    worker: Worker, validity: Validity, ledger: Ledger, policy: Policy, registry: Registry
) -> None:
    """Also where its file was only touched; and what is taken back has it judged once more."""
    service = ScreeningService(policy, registry=registry)
    worker = replace(worker, service=service)
    validity = Validity(validity.request, Eligibilities(service, worker.caller, "models"))
    path = photos_of(validity) / PHOTOS[0]
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()

    def judged_now() -> dict[str, bool]:
        """Each photo that is judged, and whether anything is covered."""
        entries = worker.work(validity, ledger.leases, survey(validity, ledger).run)
        verdicts = {entry.path: entry.document["verdicts"]["website"] for entry in entries if isinstance(entry, Entry)}
        return {path: bool(verdict["covered"]) for path, verdict in verdicts.items()}

    assert len(judged_now()) == len(PHOTOS)
    with registry.write(worker.caller, Act.SCREEN) as session:
        screening = session.connection.execute(select(answer.c.screening).where(answer.c.sha256 == sha256)).scalar_one()
        number = answering.answer(session, screening, Answers(drawn=(DrawnFace(Box(50, 60, 80, 90)),))).latest
    assert judged_now() == {PHOTOS[0]: True}
    os.utime(path, (1, 1))
    assert judged_now() == {}
    with registry.write(worker.caller, Act.SCREEN) as session:
        answering.retract(session, screening, number)
    os.utime(path, (2, 2))
    assert judged_now() == {PHOTOS[0]: False}


def test_answers_in_a_file_lift_nothing_that_was_said_elsewhere(
    worker: Worker,
    validity: Validity,
    ledger: Ledger,
    policy: Policy,
    registry: Registry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """They were said before, however long ago."""
    service = ScreeningService(policy, registry=registry)
    given: list[GivenScreening] = []
    record = service.record_given

    def record_and_keep(*them: Any) -> GivenScreening:  # noqa: ANN401
        given.append(record(*them))
        return given[-1]

    monkeypatch.setattr(service, "record_given", record_and_keep)
    worker = replace(worker, service=service)
    validity = Validity(validity.request, Eligibilities(service, worker.caller, "models"))
    assert len(failures(worker.work(validity, ledger.leases, survey(validity, ledger).run))) == len(PHOTOS)
    with registry.write(worker.caller, Act.SCREEN) as session:
        screening = session.connection.execute(select(answer.c.screening)).scalars().first()
        assert screening
        answering.answer(session, screening, Answers(drawn=(DrawnFace(Box(50, 60, 80, 90)),)))
    assert len(failures(worker.work(validity, ledger.leases, survey(validity, ledger).run))) == 1
    assert [place.later for place in given[-1].request.answers.elsewhere.places] == [True]
    assert list(worker.work(validity, ledger.leases, survey(validity, ledger).run)) == []
