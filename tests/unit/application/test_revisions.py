"""A verdict holds at one revision of the registry: what changed while it was made is in it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import cast

import pytest
from sqlalchemy import select, update

from fotopoort.application.service import ScreeningService
from fotopoort.errors import NoLongerValid, NotAPhoto, PhotoError, PhotoGone, RegistryMoved
from fotopoort.policy.decide import decide_all
from fotopoort.policy.policy import Ground, Policy
from fotopoort.registry import school_settings
from fotopoort.registry.access.roles import Act
from fotopoort.registry.consent import consent_log
from fotopoort.registry.consent.statements import Statement
from fotopoort.registry.people import erasure, people
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.photos import blocks, takedowns
from fotopoort.registry.registry import Registry
from fotopoort.registry.store.tables import answer as answer_table
from fotopoort.registry.store.tables import screening as screening_table
from fotopoort.registry.store.tables import verdict as verdict_table
from fotopoort.screening.analysis import Stopwatch
from fotopoort.screening.processes.pool import ScreeningPool
from fotopoort.screening.screen import Request, Screening, ScreeningJob, conclude, names_to_find, search_names, unjudged
from fotopoort.vocabulary import (
    Answers,
    Box,
    ConsentState,
    Face,
    FaceAnswer,
    FaceLabel,
    Findings,
    Outcome,
    Rendition,
    Text,
)

from .conftest import CALLER, Clock

PHOTO = b"the bytes of a photo"
SHA256 = hashlib.sha256(PHOTO).hexdigest()
PLACE = {"website": "https://school.example/1"}
BOX = Box(200.0, 300.0, 80.0, 100.0)
OF_GROUP_5 = Request(("website",), Answers(groups=frozenset({"groep 5"})))
OF_NOOR = Request(
    ("website",), Answers(groups=frozenset({"groep 5"}), faces={"f1": FaceAnswer(FaceLabel.PERSON, "noor", BOX)})
)

Change = Callable[[Registry, Clock], None]


@dataclass
class SlowPool:
    """Judges in this process; while it is at a photo, whatever is next in `meanwhile` happens."""

    meanwhile: list[Callable[[], None]] = field(default_factory=list)
    jobs: list[ScreeningJob] = field(default_factory=list)

    def submit(self, data: bytes | PhotoError, job: ScreeningJob) -> Future[Screening]:
        self.jobs.append(job)
        future: Future[Screening] = Future()
        future.set_result(self._screened(data, job))
        if self.meanwhile:
            self.meanwhile.pop(0)()
        return future

    def _screened(self, data: bytes | PhotoError, job: ScreeningJob) -> Screening:
        if isinstance(data, PhotoError):
            return unjudged(b"", job.request, data, policy=job.policy)
        face = Face("f1", BOX, ((0.0, 0.0),) * 5, 0.9, 60.0, 0.0, 0.0, True)  # turned away
        sha256 = hashlib.sha256(data).hexdigest()
        findings = job.findings or Findings(sha256, 2000, 2000, "JPEG", (face,))
        if job.findings is None:
            findings = search_names(findings, job.request, names_to_find(job))
        findings = replace(findings, blocked=job.blocked.holds(sha256, ""))
        verdicts = decide_all(findings, job.request.answers, job.people, job.policy, job.request.channels)
        renditions = {
            channel: Rendition(b"jpeg", hashlib.sha256(channel.encode()).hexdigest(), 10, 10, verdict.covered, True)
            for channel, verdict in verdicts.items()
            if verdict.outcome is not Outcome.REJECT
        }
        return conclude(findings, job.request, verdicts, renditions, Stopwatch())


@pytest.fixture
def slow() -> SlowPool:
    return SlowPool()


@pytest.fixture
def service(registry: Registry, policy: Policy) -> ScreeningService:
    return ScreeningService(policy, registry=registry, hours_held=1)


def screened(
    service: ScreeningService, pool: SlowPool, request: Request = OF_GROUP_5, places: Mapping[str, str] = PLACE
) -> Screening:
    pending = service.submit(cast(ScreeningPool, pool), CALLER, PHOTO, request, service.context(CALLER))
    return service.record(CALLER, pending, pending.future.result(), places)


def outcome(screening: Screening) -> Outcome:
    return screening.verdicts["website"].outcome


def rules(screening: Screening) -> list[str]:
    return [reason.rule for reason in screening.verdicts["website"].reasons]


# --- what can change -------------------------------------------------------------------------------------


def withdraw(registry: Registry, clock: Clock) -> None:
    clock.now += timedelta(seconds=1)
    with registry.write(CALLER, Act.RECORD_CONSENT) as session:
        consent_log.record(session, Statement("noor", "website", ConsentState.WITHDRAWN, speaker="vader"))


def grant(registry: Registry, clock: Clock) -> None:
    clock.now += timedelta(seconds=1)
    with registry.write(CALLER, Act.RECORD_CONSENT) as session:
        consent_log.record(session, Statement("noor", "website", ConsentState.GRANTED, speaker="vader"))


def block(registry: Registry, clock: Clock) -> None:
    with registry.write(CALLER, Act.REPORT_PHOTO) as session:
        blocks.add(session, SHA256, (), "ouder belde")


def newcomer(registry: Registry, clock: Clock) -> None:
    with registry.write(CALLER, Act.EDIT_PEOPLE) as session:
        people.add(session, PersonRecord("daan", name="Daan"), {"groep 5"})


def end_of_consent(registry: Registry, clock: Clock) -> None:
    """Noor's consent holds until today; it becomes midnight."""
    clock.now += timedelta(days=1)


def erase(registry: Registry, clock: Clock) -> None:
    with registry.write(CALLER, Act.ERASE) as session:
        erasure.erase(session, "noor", "verzoek")


TIGHTENING = [withdraw, block, newcomer, end_of_consent]


@pytest.fixture
def until_today(registry: Registry, clock: Clock) -> None:
    with registry.write(CALLER, Act.RECORD_CONSENT) as session:
        today = clock.now.date()
        consent_log.record(session, Statement("noor", "website", ConsentState.GRANTED, valid_until=today))


# --- while it is judged ----------------------------------------------------------------------------------


@pytest.mark.parametrize("change", TIGHTENING)
@pytest.mark.usefixtures("until_today")
def test_what_changes_while_a_photo_is_judged_is_in_its_verdict(
    change: Change, service: ScreeningService, slow: SlowPool, registry: Registry, clock: Clock
) -> None:
    assert outcome(screened(service, slow)) is Outcome.PUBLISH
    slow.meanwhile.append(lambda: change(registry, clock))
    screening = screened(service, slow)
    assert outcome(screening) is not Outcome.PUBLISH
    with registry.read(CALLER, Act.SCREEN) as session:
        query = select(verdict_table.c.outcome, verdict_table.c.registry)
        row = session.connection.execute(query.where(verdict_table.c.screening == screening.id)).one()
        assert row.outcome == outcome(screening).value
        assert row.registry == f"{session.revision()}@{session.today.isoformat()}" == screening.receipt.registry


def test_a_basis_that_changes_while_a_photo_is_judged_is_in_its_verdict(
    service: ScreeningService, slow: SlowPool, registry: Registry
) -> None:
    def basis(value: Ground) -> None:
        with registry.write(CALLER, Act.SET) as session:
            school_settings.set_basis(session, "facebook", value, "proef")

    basis(Ground.OBJECTION)
    request = Request(("facebook",), OF_GROUP_5.answers)
    slow.meanwhile.append(lambda: basis(Ground.CONSENT))
    screening = screened(service, slow, request, {})
    assert screening.verdicts["facebook"].basis == "consent"
    assert screening.verdicts["facebook"].outcome is not Outcome.PUBLISH


def test_an_override_that_is_made_while_a_photo_is_judged_is_in_its_verdict(
    service: ScreeningService, slow: SlowPool, registry: Registry
) -> None:
    first = screened(service, slow)
    slow.meanwhile.append(lambda: service.set_aside(CALLER, first.id, "website", "R30", "portret bij afscheid"))
    screening = screened(service, slow)
    with registry.read(CALLER, Act.SCREEN) as session:
        query = select(answer_table.c.answers).where(answer_table.c.screening == screening.id)
        assert session.connection.execute(query).scalar_one()["overridden"] == [["website", "R30"]]


def test_a_change_that_makes_no_difference_keeps_the_verdict_at_the_revision_at_which_it_holds(
    service: ScreeningService, slow: SlowPool, registry: Registry
) -> None:
    def another_photo() -> None:
        with registry.write(CALLER, Act.REPORT_PHOTO) as session:
            blocks.add(session, "f" * 64, (), "ouder belde")

    slow.meanwhile.append(another_photo)
    screening = screened(service, slow)
    assert outcome(screening) is Outcome.PUBLISH
    assert len(slow.jobs) == 1
    with registry.read(CALLER, Act.SCREEN) as session:
        revision = f"{session.revision()}@{session.today.isoformat()}"
    assert screening.verdicts["website"].registry == screening.receipt.registry == revision


def test_a_name_that_comes_on_the_list_while_a_photo_is_judged_is_found(
    service: ScreeningService, slow: SlowPool, registry: Registry
) -> None:
    def newcomer_elsewhere() -> None:
        with registry.write(CALLER, Act.EDIT_PEOPLE) as session:
            people.add(session, PersonRecord("kee", name="Kee Zonneveld"), {"groep 8"})

    request = Request(("website",), OF_GROUP_5.answers, caption="Kee Zonneveld wint de beker")
    slow.meanwhile.append(newcomer_elsewhere)
    screening = screened(service, slow, request)
    assert outcome(screening) is Outcome.REJECT
    assert [hit.person for hit in screening.findings.names] == ["kee"]


def test_where_it_never_stays_the_same_the_photo_is_rejected_after_three_tries(
    service: ScreeningService, slow: SlowPool, registry: Registry, clock: Clock
) -> None:
    slow.meanwhile += [lambda change=change: change(registry, clock) for change in (withdraw, grant) * 2]  # type: ignore[misc]
    screening = screened(service, slow)
    assert len(slow.jobs) == 3
    assert rules(screening) == ["R01"]
    assert screening.findings.failure is not None
    assert screening.findings.failure.code == "registry_moved"
    assert "again" in screening.findings.failure.hint
    assert screening.findings.failure.hint_nl


def test_whoever_is_erased_while_a_photo_is_judged_is_not_stored_again(
    service: ScreeningService, slow: SlowPool, registry: Registry, clock: Clock
) -> None:
    slow.meanwhile.append(lambda: erase(registry, clock))
    screening = screened(service, slow, OF_NOOR)
    assert rules(screening) == ["R01"]
    with registry.read(CALLER, Act.SCREEN) as session:
        assert "noor" not in str(session.connection.execute(select(answer_table.c.answers)).scalars().all())


@pytest.mark.parametrize("data", [PHOTO, NotAPhoto()], ids=["a photo", "no photo"])
def test_whoever_is_erased_while_a_photo_is_judged_is_listed_nowhere(
    data: bytes | PhotoError, service: ScreeningService, slow: SlowPool, registry: Registry, clock: Clock
) -> None:
    """With "nobody else" everybody who was listed then is stored."""
    listed = frozenset({"noor", "sem"})
    request = Request(("website",), Answers(present=frozenset({"sem"}), only_present=True, listed=listed))
    slow.meanwhile.append(lambda: erase(registry, clock))
    pending = service.submit(cast(ScreeningPool, slow), CALLER, data, request, service.context(CALLER))
    service.record(CALLER, pending, pending.future.result(), PLACE)
    with registry.read(CALLER, Act.SCREEN) as session:
        stored = session.connection.execute(select(answer_table.c.answers)).scalars().all()
    assert "sem" in str(stored)
    assert "noor" not in str(stored)


# --- answers that come later -----------------------------------------------------------------------------


def rejudged(service: ScreeningService, pool: SlowPool, screening_id: str, answers: Answers) -> Screening:
    pending = service.rejudge(cast(ScreeningPool, pool), CALLER, screening_id, answers)
    return service.record_rejudgement(CALLER, pending, pending.future.result())


@pytest.mark.parametrize("change", TIGHTENING)
@pytest.mark.usefixtures("until_today")
def test_what_changes_while_a_photo_is_judged_again_is_in_its_verdict(
    change: Change, service: ScreeningService, slow: SlowPool, registry: Registry, clock: Clock
) -> None:
    first = screened(service, slow)
    slow.meanwhile.append(lambda: change(registry, clock))
    again = rejudged(service, slow, first.id, Answers())
    assert again.id == first.id
    assert outcome(again) is not Outcome.PUBLISH


def test_whoever_is_erased_while_a_photo_is_judged_again_is_covered(
    service: ScreeningService, slow: SlowPool, registry: Registry, clock: Clock
) -> None:
    first = screened(service, slow, OF_NOOR)
    slow.meanwhile.append(lambda: erase(registry, clock))
    again = rejudged(service, slow, first.id, Answers())
    assert outcome(again) is not Outcome.PUBLISH
    with registry.read(CALLER, Act.SCREEN) as session:
        assert "noor" not in str(session.connection.execute(select(answer_table.c.answers)).scalars().all())


def test_of_two_answers_at_the_same_time_each_verdict_has_both(
    service: ScreeningService, slow: SlowPool, registry: Registry, clock: Clock
) -> None:
    """One says nothing new, the other that a face is to be covered: neither order leaves the face uncovered."""
    first = screened(service, slow)
    cover = Answers(faces={"f1": FaceAnswer(FaceLabel.COVER, None, BOX)})
    pool = cast(ScreeningPool, slow)
    loose = service.rejudge(pool, CALLER, first.id, Answers())
    strict = service.rejudge(pool, CALLER, first.id, cover)
    stricter = service.record_rejudgement(CALLER, strict, strict.future.result())
    looser = service.record_rejudgement(CALLER, loose, loose.future.result())
    assert outcome(stricter) is outcome(looser) is not Outcome.PUBLISH
    assert stricter.receipt.answers == looser.receipt.answers


def add_kee(registry: Registry, clock: Clock) -> None:
    """Somebody of another group."""
    with registry.write(CALLER, Act.EDIT_PEOPLE) as session:
        people.add(session, PersonRecord("kee", name="Kee Zonneveld"), {"groep 8"})


WITH_TEXT = {
    "a caption": replace(OF_GROUP_5, caption="Kee Zonneveld wint de beker"),
    "a file name": replace(OF_GROUP_5, file_name="Kee Zonneveld"),
}


@pytest.mark.parametrize("request_", WITH_TEXT.values(), ids=WITH_TEXT)
def test_an_answer_does_not_wash_off_a_name_that_became_known_since(
    request_: Request, service: ScreeningService, slow: SlowPool, registry: Registry, clock: Clock
) -> None:
    first = screened(service, slow, request_)
    add_kee(registry, clock)
    with pytest.raises(PhotoGone):
        rejudged(service, slow, first.id, Answers())


@pytest.mark.parametrize("request_", WITH_TEXT.values(), ids=WITH_TEXT)
def test_nor_one_that_becomes_known_while_the_photo_is_judged_again(
    request_: Request, service: ScreeningService, slow: SlowPool, registry: Registry, clock: Clock
) -> None:
    first = screened(service, slow, request_)
    slow.meanwhile.append(lambda: add_kee(registry, clock))
    with pytest.raises(PhotoGone):
        rejudged(service, slow, first.id, Answers())


def test_a_photo_screened_before_it_was_kept_which_names_were_searched_is_asked_for_again(
    service: ScreeningService, slow: SlowPool, registry: Registry
) -> None:
    first = screened(service, slow)
    with registry.write(CALLER, Act.IMPORT) as session:
        session.connection.execute(update(screening_table).values(names_searched=None))
    with pytest.raises(PhotoGone):
        rejudged(service, slow, first.id, Answers())


@pytest.mark.parametrize("request_", [*WITH_TEXT.values(), OF_GROUP_5], ids=[*WITH_TEXT, "nothing"])
def test_the_same_names_are_not_asked_about_again(
    request_: Request, service: ScreeningService, slow: SlowPool, registry: Registry, clock: Clock
) -> None:
    first = screened(service, slow, request_)
    withdraw(registry, clock)
    assert rejudged(service, slow, first.id, Answers()).id == first.id
    if request_ is OF_GROUP_5:
        add_kee(registry, clock)
        assert rejudged(service, slow, first.id, Answers()).id == first.id


# --- afterwards ------------------------------------------------------------------------------------------


def open_tasks(registry: Registry) -> list[takedowns.Task]:
    with registry.read(CALLER, Act.SEE_TAKEDOWNS) as session:
        return takedowns.tasks(session)


def test_a_withdrawal_while_a_photo_is_judged_leaves_no_task_and_one_after_it_does(
    service: ScreeningService, slow: SlowPool, registry: Registry, clock: Clock
) -> None:
    slow.meanwhile.append(lambda: withdraw(registry, clock))
    screened(service, slow, OF_NOOR)
    assert open_tasks(registry) == []
    grant(registry, clock)
    screened(service, slow, OF_NOOR)
    assert open_tasks(registry) == []
    withdraw(registry, clock)
    (task,) = open_tasks(registry)
    assert (task.person, task.channel, task.photo, task.place) == ("noor", "website", SHA256, PLACE["website"])


def test_a_block_leaves_a_task_for_each_place_where_the_photo_may_have_gone(
    service: ScreeningService, slow: SlowPool, registry: Registry, clock: Clock
) -> None:
    for number in (1, 2):
        screened(service, slow, OF_GROUP_5, {"website": f"https://school.example/{number}"})
    block(registry, clock)
    tasks = open_tasks(registry)
    assert {(task.place, task.channel, task.photo, task.person, task.cause) for task in tasks} == {
        (f"https://school.example/{number}", "website", SHA256, None, "block") for number in (1, 2)
    }
    block(registry, clock)  # reported twice is taken down once
    assert len(open_tasks(registry)) == 2


def test_a_block_while_a_photo_is_judged_leaves_no_task(
    service: ScreeningService, slow: SlowPool, registry: Registry, clock: Clock
) -> None:
    slow.meanwhile.append(lambda: block(registry, clock))
    assert rules(screened(service, slow))[0] == "R02"
    assert open_tasks(registry) == []


def test_no_error_of_the_registry_is_without_both_languages() -> None:
    for error in (RegistryMoved(), NoLongerValid()):
        assert isinstance(error.message, Text)
        assert all((*error.message, *error.hint))
