"""A photo is screened, and recorded as it was judged."""

from __future__ import annotations

import hashlib
import json
from typing import cast

import pytest
from sqlalchemy import select

from fotopoort.application.service import ScreeningService
from fotopoort.errors import FileUnreadable, NoRegistry, PhotoError, RegistryUnavailable, UnknownGroup
from fotopoort.policy.policy import Policy
from fotopoort.registry.access.roles import Act, Caller, KeyRole
from fotopoort.registry.answers import answer_log
from fotopoort.registry.photos.serialisation import answers_to_json
from fotopoort.registry.registry import Registry
from fotopoort.registry.store.tables import answer as answer_table
from fotopoort.registry.store.tables import screening as screening_table
from fotopoort.screening.processes.pool import ScreeningPool
from fotopoort.screening.screen import Request, Screening
from fotopoort.vocabulary import Answers, FaceAnswer, FaceLabel, Outcome

from .conftest import CALLER, DirectPool

PHOTO = b"the bytes of a photo"
REQUEST = Request(("website",), Answers(groups=frozenset({"groep 5"})), file_name="IMG_1")
PORTRAIT_OF_NOOR = Request(
    ("website",), Answers(groups=frozenset({"groep 5"}), faces={"f1": FaceAnswer(FaceLabel.PERSON, "noor")})
)


@pytest.fixture
def service(registry: Registry, policy: Policy) -> ScreeningService:
    return ScreeningService(policy, registry=registry, hours_held=1)


def screened(
    service: ScreeningService, pool: DirectPool, request: Request = REQUEST, data: bytes | PhotoError = PHOTO
) -> Screening:
    pending = service.submit(cast(ScreeningPool, pool), CALLER, data, request, service.context(CALLER))
    return service.record(CALLER, pending, pending.future.result())


def rejudged(service: ScreeningService, pool: DirectPool, screening_id: str, answers: Answers) -> Screening:
    pending = service.rejudge(cast(ScreeningPool, pool), CALLER, screening_id, answers)
    return service.record_rejudgement(CALLER, pending, pending.future.result())


def digest(content: object) -> str:
    """As a receipt has it."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def stored_answers(registry: Registry, screening_id: str) -> list[dict[str, object]]:
    with registry.read(CALLER, Act.SEE_AUDIT) as session:
        query = select(answer_table.c.answers).where(answer_table.c.screening == screening_id)
        return list(session.connection.execute(query.order_by(answer_table.c.number)).scalars())


def all_answers(registry: Registry, screening_id: str) -> Answers:
    with registry.read(CALLER, Act.SCREEN) as session:
        return answer_log.answers_of(session, screening_id)


# --- what is stored is what the receipt hashes -----------------------------------------------------------


def test_the_answers_that_are_stored_are_those_that_the_receipt_hashes(
    service: ScreeningService, pool: DirectPool, registry: Registry
) -> None:
    screening = screened(service, pool)
    assert [digest(content) for content in stored_answers(registry, screening.id)] == [screening.receipt.answers]


def test_a_rule_that_was_set_aside_earlier_is_stored_with_the_answers_to_the_photo_when_it_comes_again(
    service: ScreeningService, pool: DirectPool, registry: Registry
) -> None:
    first = screened(service, pool, PORTRAIT_OF_NOOR)
    assert first.verdicts["website"].outcome is Outcome.REJECT
    service.set_aside(CALLER, first.id, "website", "R30", "portret bij afscheid")
    again = screened(service, pool, PORTRAIT_OF_NOOR)
    assert again.verdicts["website"].outcome is Outcome.PUBLISH
    (content,) = stored_answers(registry, again.id)
    assert content["overridden"] == [["website", "R30"]]
    assert digest(content) == again.receipt.answers
    assert [digest(earlier) for earlier in stored_answers(registry, first.id)] == [first.receipt.answers]


def test_a_rule_that_is_set_aside_is_stored_when_a_photo_is_judged_again(
    service: ScreeningService, pool: DirectPool, registry: Registry
) -> None:
    screening = screened(service, pool)
    service.set_aside(CALLER, screening.id, "website", "R30", "portret bij afscheid")
    again = rejudged(service, pool, screening.id, Answers(faces=PORTRAIT_OF_NOOR.answers.faces))
    assert again.id == screening.id
    assert digest(answers_to_json(all_answers(registry, screening.id))) == again.receipt.answers
    assert all_answers(registry, screening.id).overridden == {("website", "R30")}
    later = rejudged(service, pool, screening.id, Answers(absent=frozenset({"sem"})))
    assert digest(answers_to_json(all_answers(registry, screening.id))) == later.receipt.answers


def test_of_the_rules_that_were_set_aside_those_of_the_latest_answers_hold(
    service: ScreeningService, pool: DirectPool, registry: Registry
) -> None:
    """Whoever reads stored answers is not told of a rule that no longer was set aside when the last ones came."""
    screening = screened(service, pool)
    service.set_aside(CALLER, screening.id, "website", "R30", "portret bij afscheid")
    copy = screened(service, pool)
    with registry.write(CALLER, Act.ERASE) as session:  # as when the time of the first one has come
        session.connection.execute(screening_table.delete().where(screening_table.c.id == screening.id))
        session.bump_revision()
    again = rejudged(service, pool, copy.id, Answers())
    assert all_answers(registry, copy.id).overridden == frozenset()
    assert digest(answers_to_json(all_answers(registry, copy.id))) == again.receipt.answers


# --- what cannot be judged -------------------------------------------------------------------------------


def test_when_the_registry_does_not_answer_nothing_is_looked_at(policy: Policy, pool: DirectPool) -> None:
    screening = screened(ScreeningService(policy, registry=RegistryUnavailable()), pool)
    assert screening.findings.failure == RegistryUnavailable().failure()
    assert screening.findings.sha256 == hashlib.sha256(PHOTO).hexdigest()
    assert [reason.rule for reason in screening.verdicts["website"].reasons] == ["R01"]
    assert pool.jobs == []


def test_a_photo_that_cannot_be_read_is_recorded_as_a_reject(
    service: ScreeningService, pool: DirectPool, registry: Registry
) -> None:
    screening = screened(service, pool, data=FileUnreadable())
    assert screening.findings.failure == FileUnreadable().failure()
    assert len(stored_answers(registry, screening.id)) == 1


def test_a_teacher_must_say_which_group_is_in_the_photo(service: ScreeningService, pool: DirectPool) -> None:
    teacher = Caller("school", "k1", KeyRole.TEACHER, frozenset({"groep 5"}))
    with pytest.raises(UnknownGroup) as caught:
        service.submit(cast(ScreeningPool, pool), teacher, PHOTO, Request(("website",)), service.context(teacher))
    assert caught.value.hint.en == "Name one of your own groups."
    assert caught.value.hint.nl == "Noem een van je eigen groepen."


def test_without_a_registry_nothing_can_be_judged_again(policy: Policy, pool: DirectPool) -> None:
    with pytest.raises(NoRegistry):
        rejudged(ScreeningService(policy), pool, "1", Answers())
