"""What is out is looked at again by the rules and the class list that a service begins with, however often a day."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from tests.unit.webhooks.outbound_client import Network
from tests.waiting import wait_for

from fotopoort.policy.policy import PublicCloseUp
from fotopoort.registry.access import api_keys
from fotopoort.registry.access.roles import Act, KeyRole
from fotopoort.registry.consent import consent_log
from fotopoort.registry.consent.statements import Statement
from fotopoort.registry.lists.class_list import read_class_list
from fotopoort.registry.people import people
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.store.tables import webhook_delivery
from fotopoort.vocabulary import ConsentState
from fotopoort.webhooks.registration import add_endpoint

from ..posts.posting import CALLER, School, Seeing, photo, say, settled
from ..service import POLICY, opened
from .asking import ask, now, post_of, told

TURNED_AWAY = 60.0  # degrees, see `posting.faces`
STRICTER = replace(
    POLICY,
    frontal=replace(POLICY.frontal, max_yaw=TURNED_AWAY + 1),
    close_up=replace(POLICY.close_up, min_share=0.01),
    settings=replace(POLICY.settings, public_close_up=PublicCloseUp.REJECT),
)
CLASS_LIST = b"id;naam;groep;website\nyara;Yara Achternaam;groep 5;nee\n"


@contextmanager
def running(folder: Path, keys: dict[str, str], **given: Any) -> Iterator[School]:  # noqa: ANN401
    """The service, from its start to its end."""
    screeners = Seeing()
    with opened(folder, screeners, {}, outbound=Network(lambda _: []).client(), **given) as door:
        yield School(door, screeners, keys)


def fill(school: School) -> None:
    """Somebody who may not be shown and two who may, a CMS that is told, and a key for everybody."""
    with school.door.registry.write(CALLER, Act.IMPORT) as session:
        for person in ("noor", "daan", "yara"):
            people.add(session, PersonRecord(person, name=f"{person.title()} Achternaam"), {"groep 5"})
            decision = ConsentState.REFUSED if person == "daan" else ConsentState.GRANTED
            consent_log.record(session, Statement(person, "website", decision))
    with school.door.registry.write(CALLER, Act.MANAGE_WEBHOOKS) as session:
        add_endpoint(session, "https://cms.example/")
    with school.door.registry.write(CALLER, Act.MANAGE_KEYS) as session:
        school.keys["juf"] = api_keys.make(session, KeyRole.TEACHER, "tests", ["groep 5"])[1]
        school.keys["cms"] = api_keys.make(session, KeyRole.MACHINE, "tests")[1]


def is_revoked(school: School, times: int) -> bool:
    """Whether the CMS was told so often that a rendition must go."""
    with school.door.registry.read(CALLER, Act.MAINTAIN) as session:
        bodies = [json.loads(body) for body in session.connection.execute(select(webhook_delivery.c.body)).scalars()]
    return [body["type"] for body in bodies].count("verdict.revoked") == times


@pytest.mark.parametrize("stricter", ["policy", "class_list"])
def test_what_looser_rules_let_out_is_revoked_when_stricter_ones_return(tmp_path: Path, stricter: str) -> None:
    """Also on the day on which all was looked at by both before."""
    path = tmp_path / "class-list.csv"
    path.write_bytes(CLASS_LIST)
    given = {"policy": STRICTER} if stricter == "policy" else {"class_list": read_class_list(path)}
    keys = dict[str, str]()
    with running(tmp_path / "data", keys) as school:
        fill(school)
        with school.client("cms") as cms, school.client("juf") as juf:
            document = told(ask(cms, photo(1, 1), reference="post-1"))
            sent, post = document["id"], post_of(document)
            say(juf, post, [photo["id"] for photo in settled(juf, post)["photos"]], {"absent": ["daan"]})
            wait_for(lambda: now(cms, sent)["holds"])
    for times in (1, 2):
        with running(tmp_path / "data", keys, **given) as school:
            wait_for(partial(is_revoked, school, times))
        with running(tmp_path / "data", keys) as school, school.client("cms") as cms:
            wait_for(lambda: now(cms, sent)["holds"])
