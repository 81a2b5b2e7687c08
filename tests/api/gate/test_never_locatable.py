"""Somebody who must never be found is, for a CMS, somebody who said no: nothing that it hears is different."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from fotopoort.registry.access.roles import Act
from fotopoort.registry.consent import consent_log
from fotopoort.registry.consent.statements import Statement
from fotopoort.registry.people import people
from fotopoort.registry.people.people import PersonRecord
from fotopoort.vocabulary import ConsentState

from ..posts.posting import CALLER, School, photo, posting_school, say, settled
from .asking import ask, now, once, post_of

# Numbers that each school has of its own.
OURS: Final = re.compile(r"g_[0-9a-f]{32}|#post=[0-9a-f]{32}|127\.0\.0\.1:\d+|\"registry\": ?\d+")


@pytest.fixture
def schools(tmp_path: Path) -> Iterator[list[School]]:
    """In one, Tess said no; in the other she must never be found."""
    with posting_school(tmp_path / "a", max_megabytes=1) as a, posting_school(tmp_path / "b", max_megabytes=1) as b:
        for school, hidden in ((a, False), (b, True)):
            with school.door.registry.write(CALLER, Act.SEE_HIDDEN) as session:
                people.add(session, PersonRecord("tess", name="Tess Achternaam", never_locatable=hidden), {"groep 5"})
                consent_log.record(session, Statement("tess", "website", ConsentState.REFUSED))
        yield [a, b]


def told(school: School) -> list[tuple[int, Any]]:
    """All that a CMS hears of photos with and without people, and texts with and without her name."""
    heard: list[httpx.Response] = []
    with school.client("cms") as cms, school.client("kantoor") as office:
        for faces in range(4):
            for groups in (["groep 5"], []):
                for text in ("Tess bouwt een toren.", "Een toren."):
                    sent: dict[str, Any] = {"text": text, "reference": f"post-{faces}", "group": groups}
                    heard.append(ask(cms, photo(faces, faces), **sent))
                    heard.append(cms.get(heard[-1].json()["href"]))
        heard += [ask(cms, text="Tess Achternaam"), ask(cms, text="Tess", channel="social_schools")]
        waits = ask(cms, photo(2, 9), reference="post-9").json()
        post = post_of(waits)
        added = [of["id"] for of in settled(office, post)["photos"]]
        say(office, post, added, {"absent": ["daan", "tess"]})
        once(cms, waits["id"], outcome="publish")
        heard.append(cms.get(waits["href"]))
        assert now(cms, waits["id"])["holds"]
    return [(answer.status_code, OURS.sub("", answer.text)) for answer in heard]


def test_a_cms_hears_the_same(schools: list[School]) -> None:
    said_no, never_to_be_found = map(told, schools)
    assert said_no == never_to_be_found
