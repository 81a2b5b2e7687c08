"""What may not be given any more is given by no route, from the moment on that it may not."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest

from fotopoort.errors import Damaged, PhotoError, ScreenerCrashed, ScreeningTimeout, TooManyPixels
from fotopoort.registry.access.roles import Act
from fotopoort.registry.consent import consent_log
from fotopoort.registry.consent.statements import Statement
from fotopoort.registry.people import erasure
from fotopoort.registry.photos import blocks
from fotopoort.vocabulary import ConsentState

from .posting import CALLER, POSTS, School, change, make, photo, posting_school, put, say, settled, shown_post, upload

PICTURES = ("view", "original", "renditions/website", "renditions/facebook")


@dataclass
class Posted:
    """A post with two photos that may go out on two channels, and what was told of it then.

    Attributes:
        photos: their bytes, by id.
    """

    school: School
    client: httpx.Client
    id: str
    photos: dict[str, bytes]
    version: str

    def given(self) -> dict[str, set[str]]:
        """Which pictures are given of each photo."""
        return {
            photo: {
                path
                for path in PICTURES
                if self.client.get(f"{POSTS}/{self.id}/photos/{photo}/{path}").status_code == 200
            }
            for photo in self.photos
        }

    def in_archives(self) -> dict[str, int]:
        """How many photos are in the ZIP file of each channel."""
        counts = {}
        for channel in ("website", "facebook"):
            answer = self.client.get(f"{POSTS}/{self.id}/zip/{channel}")
            if answer.status_code == 200:
                with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
                    counts[channel] = len([name for name in archive.namelist() if name.endswith(".jpg")])
        return counts

    def told(self) -> dict[str, list[str]]:
        """The channels on which the document since then says that each photo is ready, where it tells of that photo."""
        document: dict[str, Any] = shown_post(self.client, self.id, self.version)
        return {
            of["id"]: [
                channel for channel, verdict in of.get("judged", {"verdicts": {}})["verdicts"].items()
                if verdict["rendition"]
            ]
            for of in document["photos"]
        }  # fmt: skip


@pytest.fixture
def posted(tmp_path: Any) -> Iterator[Posted]:  # noqa: ANN401
    with posting_school(tmp_path / "data") as school, school.client() as client:
        with school.door.registry.write(CALLER, Act.RECORD_CONSENT) as session:
            for person in ("noor", "yara"):
                consent_log.record(session, Statement(person, "facebook", ConsentState.GRANTED))
        post, contents = make(client, channels=["website", "facebook"]), [photo(1, 1), photo(1, 2)]
        ids = upload(client, post, *contents)
        say(client, post, ids, {"absent": ["daan"]})
        say(client, post, ids[:1], {"faces": {"f1": {"person": "noor"}}})
        say(client, post, ids[1:], {"faces": {"f1": {"person": "yara"}}, "absent": ["noor"]})
        document = settled(client, post)
        posted = Posted(school, client, post, dict(zip(ids, contents, strict=True)), document["version"])
        assert posted.given() == {id: set(PICTURES) for id in ids}
        assert posted.in_archives() == {"website": 2, "facebook": 2}
        yield posted


def withdraw(posted: Posted, person: str = "noor", channel: str = "website") -> None:
    with posted.school.door.registry.write(CALLER, Act.RECORD_CONSENT) as session:
        consent_log.record(session, Statement(person, channel, ConsentState.WITHDRAWN))


def erase(posted: Posted) -> None:
    with posted.school.door.registry.write(CALLER, Act.ERASE) as session:
        erasure.erase(session, "noor", "verzoek")


def report(posted: Posted) -> None:
    path = f"{POSTS}/{posted.id}/photos/{next(iter(posted.photos))}/report"
    assert posted.client.post(path, json={"reason": "ouder belde"}).status_code == 200


def reported_block(school: School) -> tuple[bool, bool]:
    """Whether the latest block holds for copies too, and whether a copy with the hash of what was rendered is held."""
    with school.door.registry.read(CALLER, Act.REPORT_PHOTO) as session:
        return blocks.blocks(session)[0].alike, blocks.blocklist(session).holds("", "0" * 26)


@pytest.mark.parametrize("error", [ScreeningTimeout(), ScreenerCrashed()])
def test_a_reported_photo_is_blocked_with_its_copies_also_when_nobody_can_look_at_it(
    posted: Posted, error: PhotoError
) -> None:
    posted.school.screeners.no_prints = error
    report(posted)
    assert reported_block(posted.school) == (True, True)


@pytest.mark.parametrize(("error", "status"), [(ScreeningTimeout(), 409), (TooManyPixels(), 409), (Damaged(), 200)])
def test_whoever_reports_a_photo_is_told_where_only_the_file_is_blocked(
    posted: Posted, error: PhotoError, status: int
) -> None:
    content = b"never looked at " * 2_000
    (photo_id,) = upload(posted.client, posted.id, content)
    posted.school.screeners.no_prints = error
    answer = posted.client.post(f"{POSTS}/{posted.id}/photos/{photo_id}/report", json={"reason": "ouder belde"})
    assert answer.status_code == status, answer.text
    assert status == 200 or answer.json()["error"]["code"] == "copies_not_blocked"
    assert reported_block(posted.school) == (False, False)
    with posted.school.door.registry.read(CALLER, Act.REPORT_PHOTO) as session:
        assert blocks.blocklist(session).holds(hashlib.sha256(content).hexdigest(), "")


def test_a_reported_photo_is_blocked_before_anybody_has_looked_at_it(
    posted: Posted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever else works at the post, or a CMS, could take it away meanwhile; and a restart would lose the report."""
    (first, content), registry = next(iter(posted.photos.items())), posted.school.door.registry
    prints, meanwhile = posted.school.screeners.prints, []

    def looking(data: bytes) -> Future[tuple[str, tuple[str, ...]] | PhotoError]:
        with registry.read(CALLER, Act.REPORT_PHOTO) as session:
            meanwhile.append(blocks.blocklist(session).holds(hashlib.sha256(content).hexdigest(), ""))
        meanwhile.append(not list((registry.data_folder / "posts").glob(f"*/{first}.*")))
        assert data == content
        return prints(data)

    monkeypatch.setattr(posted.school.screeners, "prints", looking)
    report(posted)
    assert meanwhile == [True, True]
    assert reported_block(posted.school) == (True, True)
    with registry.read(CALLER, Act.REPORT_PHOTO) as session:
        assert len(blocks.blocks(session)) == 1


def finish(posted: Posted) -> None:
    assert change(posted.client, "POST", "/finish", posted.id).status_code == 200


def expire(posted: Posted) -> None:
    registry = posted.school.door.registry
    now = registry.clock
    registry.clock = lambda: now() + timedelta(days=30)


def test_a_withdrawal_takes_back_what_shows_them_on_that_channel(posted: Posted) -> None:
    first, second = posted.photos
    withdraw(posted)
    # At once, before anything was made again.
    assert posted.given() == {first: set(PICTURES) - {"renditions/website"}, second: set(PICTURES)}
    assert posted.in_archives() == {"website": 1, "facebook": 2}
    told = posted.told()
    assert told[first] == ["facebook"]
    document = settled(posted.client, posted.id)  # by then they are covered there
    assert document["photos"][0]["judged"]["verdicts"]["website"]["outcome"] == "blur"


@pytest.mark.parametrize("happens", [erase, report])
def test_of_a_photo_that_may_not_be_kept_nothing_is_given(posted: Posted, happens: Callable[[Posted], None]) -> None:
    first, second = posted.photos
    happens(posted)
    given = posted.given()
    assert given[first] == set()
    assert given[second] >= {"view", "original"}
    assert max(posted.in_archives().values(), default=0) <= 1
    assert posted.told()[first] == []
    of = shown_post(posted.client, posted.id, posted.version)["photos"][0]
    assert (of["state"], of["file"], {"view", "original"} & of.keys()) == ("failed", "", set())
    assert not list((posted.school.door.registry.data_folder / "posts").glob(f"*/{first}.*"))


@pytest.mark.parametrize("happens", [finish, expire])
def test_of_a_post_that_ended_nothing_is_given(posted: Posted, happens: Callable[[Posted], None]) -> None:
    happens(posted)
    assert posted.given() == {id: set() for id in posted.photos}
    assert posted.in_archives() == {}
    assert not any(posted.told().values())
    for of in shown_post(posted.client, posted.id)["photos"]:
        assert (of["file"], {"view", "original"} & of.keys()) == ("", set())


def test_a_reported_photo_that_is_sent_again_is_not_kept(posted: Posted) -> None:
    """Nor is one that waited to be looked at while it was reported elsewhere."""
    report(posted)
    content = next(iter(posted.photos.values()))
    again = put(posted.client, posted.id, content).json()["id"]
    document = settled(posted.client, posted.id)
    (told,) = [of for of in document["photos"] if of["id"] == again]
    assert (told["state"], told["error"]["code"]) == ("failed", "photo_blocked")
    for path in PICTURES:
        assert posted.client.get(f"{POSTS}/{posted.id}/photos/{again}/{path}").status_code in (404, 409)
    assert not list((posted.school.door.registry.data_folder / "posts").glob(f"*/{again}.*"))
