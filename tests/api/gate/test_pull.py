"""A website that cannot call in: its photos go through the real service, which fetches them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from tests.pull.hoster import PlayedHoster, served
from tests.waiting import wait_for

from fotopoort.pull.pairing import pair
from fotopoort.registry.access.roles import Act
from fotopoort.registry.consent import consent_log
from fotopoort.registry.consent.statements import Statement
from fotopoort.registry.store.tables import pull_photo
from fotopoort.vocabulary import ConsentState

from ..posts.posting import CALLER, School, change, photo, say, settled, shown


@pytest.fixture
def website(school: School, tmp_path: Path) -> Iterator[PlayedHoster]:
    with served(tmp_path / "hoster") as hoster:
        hoster.max_wait = 0.1
        pair(school.door.registry, CALLER, hoster.code())
        yield hoster


def verdict(website: PlayedHoster, photo_id: str, outcome: str) -> dict[str, Any]:
    """The document with which the school said this."""
    said = dict[str, Any]()

    def is_said() -> bool:
        said.update(website.result(photo_id) or {})
        return bool(said) and said["verdict"]["outcome"] == outcome

    wait_for(is_said)
    document: dict[str, Any] = said["verdict"]
    return document


def test_a_photo_waits_for_a_teacher_goes_out_stays_and_is_withdrawn(school: School, website: PlayedHoster) -> None:
    photo_id = website.upload(photo(1, 90), group=["groep 5"], reference="post-90", file_name="foto.jpg")
    document = verdict(website, photo_id, "reject")
    post = document["review"]["href"].partition("#post=")[2]
    with school.client("juf") as juf:
        assert juf.get(f"/v1/posts/{post}").json()["cms"]["name"] == "127.0.0.1"
        (added,) = settled(juf, post)["photos"]
        say(juf, post, [added["id"]], {"absent": ["daan"]})
    document = verdict(website, photo_id, "publish")
    assert document["rendition"]["width"] == 1600
    rendition = website.rendition(photo_id)
    assert rendition is not None
    assert shown(rendition)["shown"] == ["f1"]
    with school.client("juf") as juf:
        assert change(juf, "POST", "/finish", post).status_code == 200
    told = website.log.count("result")
    with school.door.registry.write(CALLER, Act.GATE) as session:
        session.connection.execute(update(pull_photo).values(changed=1))  # as at every start of the service
    wait_for(lambda: not _is_anything_to_tell(school))
    assert website.log.count("result") == told
    assert website.rendition(photo_id) == rendition  # it stays after its post ended
    with school.door.registry.write(CALLER, Act.RECORD_CONSENT) as session:
        for person in ("noor", "yara"):
            consent_log.record(session, Statement(person, "website", ConsentState.REFUSED))
    wait_for(lambda: website.rendition(photo_id) is None)
    assert website.taken_down == [document["rendition"]["sha256"]]


def test_a_text_alone_and_what_is_no_photo(school: School, website: PlayedHoster) -> None:
    text = website.upload(b"", text="Wij bouwen een toren.")
    pdf = website.upload(b"%PDF-1.7\n" + b"0" * 3000)
    nowhere = website.upload(photo(1, 91), channel="nowhere")
    wait_for(lambda: all(website.result(photo_id) for photo_id in (text, pdf, nowhere)))
    said = {photo_id: (website.result(photo_id) or {})["verdict"] for photo_id in (text, pdf, nowhere)}
    assert said[text]["text"]["outcome"] == "publish"
    assert [said[pdf]["outcome"], said[pdf]["error"]["code"]] == ["reject", "not_a_photo_pdf"]
    assert said[nowhere]["error"]["code"] == "unknown_channel"


def _is_anything_to_tell(school: School) -> bool:
    with school.door.registry.read(CALLER, Act.GATE) as session:
        return bool(session.connection.execute(select(pull_photo.c.id).where(pull_photo.c.changed > 0)).all())
