"""What a website was told changes: whatever it shows is known here, and what was withdrawn is taken down."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace

import pytest

from fotopoort.errors import AlreadyThere, Busy, EmptyFile, FotopoortError, IdempotencyConflict, PostEnded
from fotopoort.pull import pairing as pairing_module
from fotopoort.pull import puller as puller_module
from fotopoort.pull.hoster import Hoster
from fotopoort.pull.puller import LeaseLost, Puller
from fotopoort.pull.verdicts import Verdict, is_final
from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.pull import pairings, photos
from fotopoort.registry.pull.photos import PulledPhoto

from .hoster import PlayedHoster
from .school import PlayedSchool, PlayedVerdicts, puller, rendition_of


class Killed(BaseException):
    """As a program that is killed: nothing after it runs."""


class Ticks:
    """A clock that stands still unless the test moves it on."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def paired(school: PlayedSchool, hoster: PlayedHoster) -> str:
    return pairing_module.pair(school.registry, school.caller, hoster.code())


@pytest.fixture
def pull(school: PlayedSchool, paired: str) -> Puller:
    return puller(school, paired)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def row(school: PlayedSchool, pairing: str, photo_id: str) -> PulledPhoto:
    with school.registry.read(school.caller, Act.MANAGE_KEYS) as session:
        return photos.find(session, pairing, [photo_id])[photo_id]


def published(school: PlayedSchool, hoster: PlayedHoster, pull: Puller) -> tuple[str, str, bytes]:
    """A photo that is out: its id, its ticket, and what is shown."""
    original = secrets.token_bytes(300)
    photo_id = hoster.upload(original)
    pull.step()
    pull.step()
    assert hoster.rendition(photo_id) == rendition_of(original)
    ticket = next(ticket for ticket, taken in school.verdicts.taken.items() if taken.content == original)
    return photo_id, ticket, rendition_of(original)


class Ending(PlayedVerdicts):
    """Posts end: what was given holds, and nothing is made any more."""

    ended = False

    def verdict(self, caller: Caller, ticket: str, shown: str | None) -> Verdict:
        verdict = super().verdict(caller, ticket, shown)
        if not self.ended or verdict.rendition is None:
            return verdict
        return Verdict({**(verdict.document or {}), "rendition": None}, None, holds=shown == verdict.rendition)


def test_what_is_shown_stays_after_its_post_ended(school: PlayedSchool, hoster: PlayedHoster, paired: str) -> None:
    school.verdicts = verdicts = Ending()
    photo_id, ticket, rendition = published(school, hoster, puller(school, paired))
    verdicts.ended = True
    again = puller(school, paired)  # it looks again at all that is shown
    before = len(hoster.log)
    again.step()
    assert hoster.log[before:] == ["poll"]
    assert hoster.rendition(photo_id) == rendition
    assert row(school, paired, photo_id).rendition == sha256(rendition)
    school.verdicts.reject(ticket)
    school.tell(ticket)
    again.step()
    assert hoster.taken_down == [sha256(rendition)]
    assert hoster.rendition(photo_id) is None


def test_a_post_that_ended_before_its_rendition_was_there_is_refused(
    school: PlayedSchool, hoster: PlayedHoster, pull: Puller, paired: str
) -> None:
    school.verdicts = verdicts = Ending()
    photo_id = hoster.upload(secrets.token_bytes(300))
    pull = puller(school, paired)
    pull.step()
    verdicts.ended = True
    pull.step()
    said = (hoster.result(photo_id) or {})["verdict"]
    assert (said["outcome"], said["error"]["code"]) == ("reject", PostEnded.code)


def test_what_was_brought_and_not_written_down_is_revoked(
    school: PlayedSchool, hoster: PlayedHoster, pull: Puller, paired: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = secrets.token_bytes(300)
    hoster.upload(original)
    pull.step()
    result = Hoster.result

    def killed(*args: object, **named: object) -> None:
        result(*args, **named)  # type: ignore[arg-type]
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(Hoster, "result", killed)
        with pytest.raises(Killed):
            pull.step()
    [ticket] = school.verdicts.taken
    school.verdicts.reject(ticket)
    puller(school, paired).step()
    assert hoster.taken_down == [sha256(rendition_of(original))]


def test_an_older_rendition_is_revoked_before_another_is_brought(
    school: PlayedSchool, hoster: PlayedHoster, pull: Puller, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo_id, ticket, rendition = published(school, hoster, pull)
    verdict = school.verdicts.verdict
    monkeypatch.setattr(school.verdicts, "verdict", lambda *asked: replace(verdict(*asked), holds=True))
    monkeypatch.setattr(school.verdicts, "picture", lambda photo: rendition_of(photo) + b"another")
    school.verdicts.publish(ticket)
    school.tell(ticket)
    pull.step()
    assert hoster.taken_down == [sha256(rendition)]
    assert hoster.rendition(photo_id) == rendition + b"another"


def test_what_was_revoked_and_is_allowed_again_is_brought_again(
    school: PlayedSchool, hoster: PlayedHoster, pull: Puller, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo_id, ticket, rendition = published(school, hoster, pull)
    with monkeypatch.context() as patch:
        patch.setattr(school.verdicts, "verdict", lambda *asked: Verdict(None))  # it is looked at once more
        school.tell(ticket)
        pull.step()
    assert hoster.rendition(photo_id) is None
    pull.step()
    assert hoster.rendition(photo_id) == rendition


@pytest.mark.parametrize("error", [Busy(), RuntimeError("a bad row"), None], ids=["busy", "bad", "waiting"])
def test_many_that_are_stuck_hold_up_no_other(
    school: PlayedSchool,
    hoster: PlayedHoster,
    paired: str,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception | None,
) -> None:
    monkeypatch.setattr(puller_module, "MAX_TOLD", 2)
    pull = puller(school, paired)
    school.verdicts.by_itself = False
    for _ in range(5):
        hoster.upload(secrets.token_bytes(300))
    pull.step()
    stuck = set(school.verdicts.taken)
    school.verdicts.by_itself = True
    last = hoster.upload(secrets.token_bytes(300))
    pull = puller(school, paired, ticks=Ticks())
    verdict = school.verdicts.verdict

    def failing(caller: Caller, ticket: str, shown: str | None) -> Verdict:
        if error is not None and ticket in stuck:
            raise error
        return verdict(caller, ticket, shown)

    monkeypatch.setattr(school.verdicts, "verdict", failing)
    for _ in range(5):
        pull.step()
        pull._next_poll = 0.0
    assert hoster.result(last)


def test_what_is_shown_is_looked_at_first(
    school: PlayedSchool, hoster: PlayedHoster, pull: Puller, paired: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    school.verdicts.by_itself = False
    waiting = hoster.upload(secrets.token_bytes(300))
    pull.step()
    school.verdicts.by_itself = True
    shown, ticket, _ = published(school, hoster, pull)
    school.tell(ticket)
    with school.registry.read(school.caller, Act.MANAGE_KEYS) as session:
        assert [photo.id for photo in photos.changed(session, paired, 5)] == [shown, waiting]
        assert [photo.id for photo in photos.changed(session, paired, 5, without={shown})] == [waiting]


def test_whoever_lost_the_lease_on_the_way_writes_nothing(
    school: PlayedSchool, hoster: PlayedHoster, pull: Puller, paired: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo_id = hoster.upload(secrets.token_bytes(300))
    pull.step()
    result = Hoster.result

    def slowly(*args: object, **named: object) -> None:
        result(*args, **named)  # type: ignore[arg-type]
        with school.registry.write(school.caller, Act.MAINTAIN) as session:
            pairings.release(session, paired, "w")
            pairings.lease(session, paired, "another", seconds=60, number=1)

    monkeypatch.setattr(Hoster, "result", slowly)
    with pytest.raises(LeaseLost):
        pull.step()
    assert row(school, paired, photo_id).changed == 1


def test_what_was_told_twice_does_not_hide_the_next_change(
    school: PlayedSchool, hoster: PlayedHoster, pull: Puller, paired: str
) -> None:
    photo_id, ticket, rendition = published(school, hoster, pull)
    school.tell(ticket)
    read = row(school, paired, photo_id)
    with school.registry.write(school.caller, Act.MAINTAIN) as session:
        for _ in range(2):
            photos.record_sent(session, paired, read, "a", sha256(rendition))
        photos.mark_changed(session, ticket)
        assert [photo.id for photo in photos.changed(session, paired, 5)] == [photo_id]


def test_a_lease_is_longer_than_any_exchange() -> None:
    from fotopoort.pull import hoster as hoster_module

    assert puller_module.LEASE_SECONDS > hoster_module.SECONDS_FOR_A_PHOTO + hoster_module.SECONDS_TO_ANSWER
    assert puller_module.LEASE_SECONDS > hoster_module.MAX_WAIT + hoster_module.SECONDS_TO_ANSWER


def test_a_website_that_answers_at_once_is_not_asked_without_a_pause(
    school: PlayedSchool, hoster: PlayedHoster, paired: str
) -> None:
    assert puller(school, paired, ticks=Ticks()).step() == 1.0


@pytest.mark.parametrize(
    ("error", "final"),
    [
        (EmptyFile(), True),
        (IdempotencyConflict(), True),
        (AlreadyThere(), False),
        (PostEnded(), False),
        (Busy(), False),
    ],
)
def test_only_what_never_changes_is_final(error: FotopoortError, final: bool) -> None:
    assert is_final(error) is final
