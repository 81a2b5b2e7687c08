"""What a CMS is told when something changes about what it sent, and what holds after its post has ended."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import and_, delete, select, update
from tests.unit.webhooks.outbound_client import Network
from tests.waiting import wait_for

from fotopoort.application.gate.notices import GateNotices
from fotopoort.jobs.superseding import SUPERSEDED
from fotopoort.registry import outbox
from fotopoort.registry.access.roles import Act
from fotopoort.registry.gate import rechecks
from fotopoort.registry.gate.gates import GateRecord
from fotopoort.registry.photos import blocks
from fotopoort.registry.posts import ending
from fotopoort.registry.posts.posts import GATE_NOTICE
from fotopoort.registry.registry import Session
from fotopoort.registry.store.tables import gate, gate_rendition, job, post, webhook_delivery
from fotopoort.registry.webhooks.announcements import KIND
from fotopoort.webhooks.registration import add_endpoint

from ..posts.posting import CALLER, School, change, erase, photo, posting_school, say, settled, withdraw
from .asking import GATE, ask, now, once, post_of, told

REJECTED = {"nl": "Deze foto mag hier niet worden geplaatst.", "en": "This photo may not be published here."}


@dataclass
class Sent:
    """A photo that waited for a teacher, and may be out."""

    school: School
    cms: httpx.Client
    juf: httpx.Client
    id: str
    post: str
    content: bytes

    def events(self, since: int = 0) -> list[str]:
        """What was told of it."""
        with self.school.door.registry.read(CALLER, Act.MAINTAIN) as session:
            of_job = and_(job.c.tenant == webhook_delivery.c.tenant, job.c.id == webhook_delivery.c.id)
            query = select(webhook_delivery.c.body).join(job, of_job).order_by(job.c.made)
            told = [json.loads(body) for body in session.connection.execute(query).scalars()]
            return [event["type"] for event in told if event["data"]["id"] == self.id][since:]

    def hears(self, *events: str, since: int = 0) -> None:
        wait_for(lambda: self.events(since) == list(events))

    def now(self) -> dict[str, Any]:
        return now(self.cms, self.id)

    def say(self, answers: dict[str, Any]) -> None:
        document = settled(self.juf, self.post)
        say(self.juf, self.post, [photo["id"] for photo in document["photos"]], answers)
        settled(self.juf, self.post)


@pytest.fixture
def sent(tmp_path: Path) -> Iterator[Sent]:
    nowhere = Network(lambda _: []).client()
    with posting_school(tmp_path / "data", outbound=nowhere, max_megabytes=1) as school:
        with school.door.registry.write(CALLER, Act.MANAGE_WEBHOOKS) as session:
            add_endpoint(session, "https://cms.example/")  # what it would be told is looked at where it waits
        with school.client("cms") as cms, school.client("juf") as juf:
            document = told(ask(cms, photo(1, 1), reference="post-1"))
            found = Sent(school, cms, juf, document["id"], post_of(document), photo(1, 1))
            found.hears("review.needed")
            found.say({"absent": ["daan"]})
            found.hears("review.needed", "screening.done")
            assert found.now()["outcome"] == "publish"
            yield found


def finish(sent: Sent) -> None:
    assert change(sent.juf, "POST", "/finish", sent.post).status_code == 200


def expire(sent: Sent) -> None:
    with sent.school.door.registry.write(CALLER, Act.MAINTAIN) as session:
        session.connection.execute(update(post).values(until=session.now - timedelta(hours=1)))
    with sent.school.door.registry.write(CALLER, Act.MAINTAIN) as session:
        assert ending.expire(session) == 1


def block(sent: Sent) -> None:
    with sent.school.door.registry.write(CALLER, Act.REPORT_PHOTO) as session:
        blocks.add(session, sent.now()["sha256"], [], "een ouder belde")


def withdrawn(sent: Sent) -> None:
    withdraw(sent.school)
    withdraw(sent.school, "yara")


def erased(sent: Sent) -> None:
    erase(sent.school)
    erase(sent.school, "yara")


ENDS = {"while it is open": None, "after it was finished": finish, "after it has expired": expire}
CAUSES = {"withdrawn": withdrawn, "blocked": block, "erased": erased}


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("cause", CAUSES)
def test_what_is_out_and_no_longer_holds_is_revoked(sent: Sent, end: str, cause: str) -> None:
    before = sent.now()
    if (ended := ENDS[end]) is not None:
        ended(sent)
        after = sent.now()
        assert (after["outcome"], after["holds"], after["rendition"]) == ("publish", True, None)
        assert sent.cms.get(f"{GATE}/{sent.id}/rendition").status_code in (409, 410)
    CAUSES[cause](sent)
    wait_for(lambda: "verdict.revoked" in sent.events(2))
    for which in (sent.id, before["sha256"], before["rendition"]["sha256"]):
        after = once(sent.cms, which, holds=False)
        assert after["outcome"] in ("reject", None)
    assert sent.cms.get(f"{GATE}/{sent.id}/rendition").status_code == 410
    assert sent.events(2).count("verdict.revoked") == 1


def test_the_end_of_a_post_settles_nothing(sent: Sent) -> None:
    waits = told(ask(sent.cms, photo(1, 2), reference="post-2"))
    juf_post = post_of(waits)
    assert change(sent.juf, "POST", "/finish", juf_post).status_code == 200
    after = once(sent.cms, waits["id"], review=None)
    assert (after["outcome"], after["holds"]) == ("reject", False)
    # Sent again, it is asked about again.
    again = told(ask(sent.cms, photo(1, 2), reference="post-2"))
    assert again["id"] == waits["id"]
    assert post_of(again) not in ("", juf_post)


def test_a_later_answer_takes_back_what_is_out(sent: Sent) -> None:
    before = sent.now()
    sent.say({"faces": {"f1": {"person": "daan"}}})
    sent.hears("verdict.revoked", "screening.done", since=2)
    after = sent.now()
    assert (after["outcome"], after["holds"]) == ("blur", True)
    assert after["rendition"]["sha256"] != before["rendition"]["sha256"]
    assert not now(sent.cms, before["rendition"]["sha256"])["holds"]
    assert now(sent.cms, after["rendition"]["sha256"])["holds"]


def test_a_looser_answer_leaves_out_what_is_out(sent: Sent) -> None:
    sent.say({"faces": {"f1": "cover"}})
    sent.hears("verdict.revoked", "screening.done", since=2)
    covered = sent.now()["rendition"]["sha256"]
    assert change(sent.juf, "POST", "/undo", sent.post).status_code == 200
    settled(sent.juf, sent.post)
    sent.hears("screening.done", since=4)
    after = sent.now()
    assert after["outcome"] == "publish"
    assert now(sent.cms, covered)["holds"]  # it shows less than what may be shown


def test_sent_again_after_the_end_what_is_out_stays(sent: Sent) -> None:
    before = sent.now()
    finish(sent)
    again = told(ask(sent.cms, sent.content, reference="post-1"))
    assert (again["id"], again["outcome"]) == (sent.id, "reject")  # it is asked about anew
    assert now(sent.cms, before["rendition"]["sha256"])["holds"]
    assert "verdict.revoked" not in sent.events()
    withdrawn(sent)
    wait_for(lambda: "verdict.revoked" in sent.events(2))
    assert not now(sent.cms, before["rendition"]["sha256"])["holds"]


def test_nothing_is_given_that_is_not_on_record_as_given(sent: Sent) -> None:
    """As while the job that tells of it was not done: nobody could be told to take it down."""
    rendition = sent.now()["rendition"]
    wait_for(lambda: not waiting_jobs(sent))  # one that is under way would write it down again
    with sent.school.door.registry.write(CALLER, Act.MAINTAIN) as session:
        session.connection.execute(delete(gate_rendition))
    refused = sent.cms.get(rendition["href"])
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "nothing_to_publish")
    assert sent.now()["rendition"] == rendition  # whoever asks what holds has it written down
    assert sent.cms.get(rendition["href"]).status_code == 200


def test_a_revoked_rendition_that_is_sent_again_does_not_hold(sent: Sent) -> None:
    sha256 = sent.now()["rendition"]["sha256"]
    withdrawn(sent)
    once(sent.cms, sha256, holds=False)
    # No photo here has the bytes of a rendition: one that is fine, and is out, is made to.
    told(ask(sent.cms, photo(0, 3)))
    with sent.school.door.registry.write(CALLER, Act.MAINTAIN) as session:
        fine = gate.c.sha256 == hashlib.sha256(photo(0, 3)).hexdigest()
        session.connection.execute(update(gate).where(fine).values(sha256=sha256))
    after = now(sent.cms, sha256)
    assert (after["outcome"], after["holds"]) == ("publish", False)


def test_what_changes_nothing_tells_nothing(sent: Sent) -> None:
    with sent.school.door.registry.write(CALLER, Act.SET) as session:
        session.bump_revision()
    sent.say({"harmful": False})
    wait_for(lambda: not waiting_jobs(sent))
    assert sent.events(2) == []


def test_a_cms_is_not_told_that_somebody_reported_a_photo(sent: Sent) -> None:
    block(sent)
    assert once(sent.cms, sent.id, holds=False, outcome="reject")["message"] == REJECTED
    again = told(ask(sent.cms, sent.content, reference="post-2"))
    assert (again["outcome"], again["message"], again["review"]) == ("reject", REJECTED, None)


def test_one_job_tells_what_many_were_asked_for(sent: Sent) -> None:
    """Each of them looks at a whole post, or at all that ever went out."""
    many = 40
    with sent.school.door.registry.write(CALLER, Act.MAINTAIN) as session:
        for number in range(many):
            outbox.enqueue(session, GATE_NOTICE, {"post": sent.post}, key=f"{sent.post}:{900_000 + number}")
            session.bump_revision()
            rechecks.ask(session)
    wait_for(lambda: not waiting_jobs(sent))
    with sent.school.door.registry.read(CALLER, Act.MAINTAIN) as session:
        for kind in (GATE_NOTICE, rechecks.RECHECK):
            undone = job.c.kind == kind, job.c.error == SUPERSEDED
            assert len(session.connection.execute(select(job.c.id).where(*undone)).all()) > many / 2
    assert sent.events(2) == []


def test_of_a_post_only_what_changed_is_written_about(sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    others = [told(ask(sent.cms, photo(0, number), reference="post-1"))["id"] for number in range(3)]
    wait_for(lambda: not waiting_jobs(sent))
    written, tell = set[str](), GateNotices._tell_of

    def write_down(self: GateNotices, session: Session, gate: GateRecord) -> None:
        written.add(gate.id)
        tell(self, session, gate)

    monkeypatch.setattr(GateNotices, "_tell_of", write_down)
    withdrawn(sent)
    wait_for(lambda: "verdict.revoked" in sent.events(2))
    wait_for(lambda: not waiting_jobs(sent))
    assert written == {sent.id}
    assert all(now(sent.cms, other)["holds"] for other in others)


def test_who_is_erased_is_in_no_text_that_was_sent(sent: Sent) -> None:
    told(ask(sent.cms, text="Titel\nNoor Achternaam bouwt.", reference="over Noor"))
    erase(sent.school)
    with sent.school.door.registry.read(CALLER, Act.MAINTAIN) as session:
        kept = [
            *session.connection.execute(select(gate.c.text).where(gate.c.text.is_not(None))).scalars(),
            *session.connection.execute(select(post.c.text)).scalars(),
            *session.connection.execute(select(post.c.reference)).scalars(),
        ]
    assert len(kept) > 3
    assert not [text for text in kept if "Noor" in text]


def waiting_jobs(sent: Sent) -> list[str]:
    with sent.school.door.registry.read(CALLER, Act.MAINTAIN) as session:
        waits = job.c.state == "waiting", job.c.kind != KIND, job.c.kind.not_like("maintenance.%")
        return list(session.connection.execute(select(job.c.kind).where(*waits)).scalars())
