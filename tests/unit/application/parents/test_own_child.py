"""The copy for a child's parents: by what was said of the photo, for the office alone, and written in the audit log."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from typing import Any, cast

import cv2
import numpy as np
import pytest
from sqlalchemy import select
from tests.unit.screening.detectors import HERE, NOBODY, THERE, ScriptedFinder, opened

from fotopoort.application.parents.own_child import NOT_HIDDEN, NOT_READ, Copy, OwnChildCopies
from fotopoort.application.service import ScreeningService
from fotopoort.errors import (
    Forbidden,
    FotopoortError,
    NoCopy,
    NoRegistry,
    PhotoGone,
    RegistryMoved,
    RegistryUnavailable,
    UnknownPerson,
)
from fotopoort.policy.crops.own_child import BLOCKED, HARMFUL, NOT_POINTED_OUT
from fotopoort.policy.policy import Policy
from fotopoort.registry.access.roles import Act, Caller, KeyRole
from fotopoort.registry.audit.verification import verify
from fotopoort.registry.consent import consent_log
from fotopoort.registry.consent.statements import Statement
from fotopoort.registry.people import people
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.photos import blocks
from fotopoort.registry.registry import Registry, Session
from fotopoort.registry.store.tables import audit
from fotopoort.registry.store.tables import screening as screening_table
from fotopoort.screening.analysis import Detectors
from fotopoort.screening.processes.pool import ScreeningPool
from fotopoort.screening.screen import Request, Screening, ScreeningJob, screen
from fotopoort.vocabulary import Answers, Box, ConsentState, DrawnFace, FaceAnswer, FaceLabel

from ..conftest import CALLER, Clock

OFFICE = Caller("school", "office-key", KeyRole.OFFICE)
RED = (220, 30, 30)
MISSED = Box(100, 100, 80, 96)  # a face that the finder does not see
NOOR = Answers(groups=frozenset({"groep 5"}), faces={"f1": FaceAnswer(FaceLabel.PERSON, "noor", HERE)})


def photo(*faces: Box) -> bytes:
    """1200 × 900: a red patch where a second face is, and where others are that are not found."""
    pixels = np.full((900, 1200, 3), (120, 150, 170), np.uint8)
    for box in (THERE, *faces):
        pixels[int(box.y) : int(box.bottom), int(box.x) : int(box.right)] = RED
    done, data = cv2.imencode(".jpg", pixels[..., ::-1])
    assert done
    return data.tobytes()


class RealPool:
    """Judges in this process with a finder that sees two faces in the photo, and then what it is told."""

    def __init__(self, *later: Sequence[Box]) -> None:
        self.looks: list[Sequence[Box]] = [[HERE, THERE], *later]
        self.between: Callable[[], object] = lambda: None  # what happens while a photo is judged

    def submit(self, data: bytes, job: ScreeningJob) -> Future[Screening]:
        future: Future[Screening] = Future()
        looks = self.looks[1:] if job.findings else self.looks
        self.between()
        future.set_result(screen(data, job, Detectors(ScriptedFinder(*looks), NOBODY)))
        return future

    def as_pool(self) -> ScreeningPool:
        return cast(ScreeningPool, self)


def screened(
    registry: Registry, policy: Policy, answers: Answers = NOOR, *, hours_held: float = 1, channel: str = "website",
    data: bytes | None = None,
) -> str:  # fmt: skip
    service = ScreeningService(policy, registry=registry, hours_held=hours_held)
    pool, data = RealPool([HERE], [HERE]), data or photo()
    pending = service.submit(pool.as_pool(), CALLER, data, Request((channel,), answers), service.context(CALLER))
    return service.record(CALLER, pending, pending.future.result()).id


def rows(registry: Registry) -> list[dict[str, object]]:
    with registry.read(CALLER, Act.SEE_AUDIT) as session:
        found = session.connection.execute(audit.select().where(audit.c.kind == "own_child"))
        return [dict(row._mapping) for row in found]


def shows_red(copy: Copy) -> bool:
    pixels = opened(copy.rendition.jpeg).astype(int)
    return bool((np.abs(pixels - RED).max(axis=2) <= 60).any())


@pytest.mark.parametrize("held", [True, False])
def test_everybody_else_is_covered_and_it_is_logged(registry: Registry, policy: Policy, held: bool) -> None:
    screening = screened(registry, policy)
    copies, pool = OwnChildCopies(policy, registry), RealPool([HERE]).as_pool()
    if held:
        copy = copies.of_screening(pool, OFFICE, screening, "noor", crop=False)
    else:
        copy = copies.of_photo(pool, OFFICE, photo(), "noor", crop=False)
    assert not shows_red(copy), "nothing of the other face"
    assert copy.crop is None
    assert copy.rendition.verified
    (row,) = rows(registry)
    assert copy.rendition.sha256 in repr(row)
    assert screening in repr(row)
    for personal in ("noor", "Noor"):
        assert personal not in repr(row)
    with registry.read(CALLER, Act.SEE_AUDIT) as session:
        assert verify(session).problem is None


def test_the_part_with_the_child_alone(registry: Registry, policy: Policy) -> None:
    screened(registry, policy)
    pool = RealPool([]).as_pool()
    copy = OwnChildCopies(policy, registry).of_photo(pool, OFFICE, photo(), "noor", crop=True)
    assert copy.crop is not None
    assert (copy.rendition.width, copy.rendition.height) == (copy.crop.box.w, copy.crop.box.h)
    assert copy.crop.box.overlap(THERE) == 0


def refused(
    registry: Registry, policy: Policy, child: str = "noor", caller: Caller = OFFICE, pool: RealPool | None = None,
    *, crop: bool = False,
) -> FotopoortError:  # fmt: skip
    with pytest.raises(FotopoortError) as refusal:
        OwnChildCopies(policy, registry).of_photo(
            (pool or RealPool([HERE])).as_pool(), caller, photo(), child, crop=crop
        )
    assert rows(registry) == []
    return refusal.value


def test_a_photo_in_which_nobody_pointed_the_child_out_gives_none(registry: Registry, policy: Policy) -> None:
    assert refused(registry, policy).message == NOT_POINTED_OUT
    screened(registry, policy, Answers(groups=frozenset({"groep 5"})))
    assert refused(registry, policy).message == NOT_POINTED_OUT
    screened(registry, policy)
    assert refused(registry, policy, "sem").message == NOT_POINTED_OUT


def test_a_photo_of_which_not_all_text_was_read_gives_none(registry: Registry, policy: Policy) -> None:
    """For a closed channel a name by itself is left unread."""
    screened(registry, policy, channel="social_schools")
    assert refused(registry, policy).message == NOT_READ


def test_the_latest_word_counts(registry: Registry, policy: Policy, clock: Clock) -> None:
    screened(registry, policy)
    clock.now = clock.now.replace(hour=13)
    cover = {"f1": FaceAnswer(FaceLabel.COVER, box=HERE)}
    screened(registry, policy, replace(NOOR, faces=cover))
    assert refused(registry, policy).message == NOT_POINTED_OUT


SEM = FaceAnswer(FaceLabel.PERSON, "sem", MISSED)


@pytest.mark.parametrize("drawn_first", [True, False])
@pytest.mark.parametrize(
    "said",
    [
        pytest.param({"drawn": (DrawnFace(MISSED),)}, id="drawn"),
        pytest.param({"drawn": (DrawnFace(MISSED, "sem"),)}, id="drawn, and named"),
        pytest.param({"drawn": (DrawnFace(MISSED, "noor"),)}, id="drawn as this child"),
        pytest.param({"faces": {"f2": FaceAnswer(FaceLabel.COVER, box=MISSED)}}, id="to cover"),
        pytest.param({"faces": {"f2": FaceAnswer(FaceLabel.OTHER_CHILD, box=MISSED)}}, id="another child"),
        pytest.param({"faces": {"f2": SEM}}, id="pointed out where no face is any more"),
    ],
)
def test_whoever_was_pointed_out_when_the_same_photo_was_sent_another_time_is_covered(
    registry: Registry, policy: Policy, clock: Clock, said: dict[str, Any], drawn_first: bool
) -> None:
    data, elsewhere = photo(MISSED), replace(Answers(groups=NOOR.groups), **said)
    sent = {}
    for hour, answers in enumerate([elsewhere, NOOR] if drawn_first else [NOOR, elsewhere], start=13):
        clock.now = clock.now.replace(hour=hour)
        sent[answers is NOOR] = screened(registry, policy, answers, hours_held=9, data=data)
    copies, pool = OwnChildCopies(policy, registry), RealPool([HERE]).as_pool()
    assert not shows_red(copies.of_screening(pool, OFFICE, sent[True], "noor", crop=False))
    if drawn_first:
        assert not shows_red(copies.of_photo(pool, OFFICE, data, "noor", crop=False))


def test_harm_that_was_told_when_the_same_photo_was_sent_another_time_counts(
    registry: Registry, policy: Policy, clock: Clock
) -> None:
    screened(registry, policy, Answers(groups=NOOR.groups, harmful=True))
    clock.now = clock.now.replace(hour=13)
    screened(registry, policy, replace(NOOR, harmful=False))
    assert refused(registry, policy).message == HARMFUL


def test_what_was_taken_back_when_the_photo_was_sent_another_time_does_not_count(
    registry: Registry, policy: Policy, clock: Clock
) -> None:
    data = photo(MISSED)
    first = screened(registry, policy, hours_held=9, data=data)
    service = ScreeningService(policy, registry=registry, hours_held=1)
    service.rejudge(RealPool([HERE]).as_pool(), CALLER, first, Answers(drawn=(DrawnFace(MISSED),)))
    clock.now = clock.now.replace(hour=13)
    screened(registry, policy, data=data)
    copies = OwnChildCopies(policy, registry)
    assert not shows_red(copies.of_photo(RealPool([HERE]).as_pool(), OFFICE, data, "noor", crop=False))
    service.retract(RealPool([HERE]).as_pool(), CALLER, first, 1)
    assert shows_red(copies.of_photo(RealPool([HERE]).as_pool(), OFFICE, data, "noor", crop=False))


def test_it_is_for_the_office_and_about_people_who_are_known(registry: Registry, policy: Policy) -> None:
    screened(registry, policy)
    teacher = Caller("school", "key", KeyRole.TEACHER, frozenset({"groep 5"}))
    assert isinstance(refused(registry, policy, caller=teacher), Forbidden)
    assert isinstance(refused(registry, policy, caller=Caller("school", "key", KeyRole.MACHINE)), Forbidden)
    assert isinstance(refused(registry, policy, "nobody"), UnknownPerson)


def test_a_blocked_photo_gives_none(registry: Registry, policy: Policy) -> None:
    screened(registry, policy)
    with registry.write(CALLER, Act.REPORT_PHOTO) as session:
        blocks.add(session, hashlib.sha256(photo()).hexdigest(), (), "vraag")
    assert refused(registry, policy).message == BLOCKED


@pytest.mark.parametrize("crop", [False, True])
def test_a_face_that_shows_all_the_same_gives_none(registry: Registry, policy: Policy, crop: bool) -> None:
    screened(registry, policy)
    again = [Box(300, 500, 90, 110)] if crop else [THERE]
    assert refused(registry, policy, pool=RealPool(again, again), crop=crop).message == NOT_HIDDEN


def test_what_cannot_be_looked_at_again_gives_none(registry: Registry, policy: Policy) -> None:
    screened(registry, policy)

    class OtherModels(RealPool):
        def submit(self, data: bytes, job: ScreeningJob) -> Future[Screening]:
            return super().submit(data, replace(job, findings=job.findings and replace(job.findings, models="other")))

    assert isinstance(refused(registry, policy, pool=OtherModels([HERE])), NoCopy)


def test_what_is_said_while_it_is_made_counts(registry: Registry, policy: Policy) -> None:
    screening = screened(registry, policy)
    service, pool = ScreeningService(policy, registry=registry, hours_held=1), RealPool([HERE])

    def say() -> None:
        pool.between = lambda: None
        service.rejudge(RealPool([HERE]).as_pool(), CALLER, screening, Answers(absent=frozenset({"sem"})))

    pool.between = say
    assert isinstance(refused(registry, policy, pool=pool), RegistryMoved)


def report(session: Session) -> None:
    blocks.add(session, hashlib.sha256(photo()).hexdigest(), (), "vraag")


def report_likeness(session: Session) -> None:
    row = session.connection.execute(select(screening_table.c.likeness)).first()
    assert row is not None
    blocks.add(session, hashlib.sha256(b"another file").hexdigest(), row.likeness, "vraag")


def name_somebody(session: Session) -> None:
    people.add(session, PersonRecord("new", name="Nieuw"), {"groep 5"})


@pytest.mark.parametrize("change", [report, report_likeness, name_somebody])
def test_what_becomes_of_the_photo_while_it_is_made_counts(
    registry: Registry, policy: Policy, change: Callable[[Session], object]
) -> None:
    screened(registry, policy)
    pool = RealPool([HERE])

    def happen() -> None:
        with registry.write(CALLER, Act.IMPORT) as session:
            change(session)

    pool.between = happen
    assert isinstance(refused(registry, policy, pool=pool), RegistryMoved)


def test_a_later_word_that_comes_with_the_photo_while_it_is_made_counts(
    registry: Registry, policy: Policy, clock: Clock
) -> None:
    screened(registry, policy)
    pool = RealPool([HERE])

    def send_again() -> None:
        clock.now = clock.now.replace(hour=13)
        screened(registry, policy, replace(NOOR, drawn=(DrawnFace(MISSED),)))

    pool.between = send_again
    assert isinstance(refused(registry, policy, pool=pool), RegistryMoved)


def test_a_consent_that_changes_while_it_is_made_makes_no_difference(registry: Registry, policy: Policy) -> None:
    screened(registry, policy)
    pool = RealPool([HERE])

    def withdraw() -> None:
        with registry.write(CALLER, Act.RECORD_CONSENT) as session:
            consent_log.record(session, Statement("noor", "website", ConsentState.WITHDRAWN))

    pool.between = withdraw
    assert OwnChildCopies(policy, registry).of_photo(pool.as_pool(), OFFICE, photo(), "noor", crop=False)


def test_a_photo_that_is_not_held_is_wanted_again(registry: Registry, policy: Policy) -> None:
    screening = screened(registry, policy, hours_held=0)
    with pytest.raises(PhotoGone):
        OwnChildCopies(policy, registry).of_screening(RealPool().as_pool(), OFFICE, screening, "noor", crop=False)


def test_names_that_became_known_since_are_searched_first(registry: Registry, policy: Policy) -> None:
    service = ScreeningService(policy, registry=registry)
    request = Request(("website",), NOOR, caption="Sportdag")
    pool = RealPool([HERE], [HERE])
    pending = service.submit(pool.as_pool(), CALLER, photo(), request, service.context(CALLER))
    service.record(CALLER, pending, pending.future.result())
    with registry.write(CALLER, Act.IMPORT) as session:
        people.add(session, PersonRecord("new", name="Nieuw"), {"groep 5"})
    assert isinstance(refused(registry, policy), PhotoGone)


def test_without_a_registry_there_is_none(policy: Policy) -> None:
    for registry, error in ((None, NoRegistry), (RegistryUnavailable(), RegistryUnavailable)):
        with pytest.raises(error):
            OwnChildCopies(policy, registry).of_photo(RealPool().as_pool(), OFFICE, photo(), "noor", crop=False)


def test_who_must_never_be_found_is_like_anybody_else(registry: Registry, policy: Policy) -> None:
    """The parents of that child may ask too. The same bytes, and the same in the audit log but for who and when."""
    screened(registry, policy)
    given = []
    for never_locatable in (False, True):
        with registry.write(CALLER, Act.EDIT_PEOPLE) as session:
            people.change(session, "noor", never_locatable=never_locatable)
        copy = OwnChildCopies(policy, registry).of_photo(
            RealPool([HERE]).as_pool(), OFFICE, photo(), "noor", crop=False
        )
        row = rows(registry)[-1]
        given.append((copy, {key: row[key] for key in row if key not in ("seq", "at", "previous", "hash", "sha256")}))
    assert given[0] == given[1]
