"""What happens while a photo is being looked at, or what may go out of it is being made, counts all the same."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.waiting import PATIENCE, wait_for

from fotopoort.registry.access.roles import Act
from fotopoort.registry.people import people
from fotopoort.registry.photos import blocks
from fotopoort.screening.screen import Screening, ScreeningJob

from .posting import (
    CALLER,
    POSTS,
    School,
    Seeing,
    change,
    erase,
    make,
    name,
    photo,
    posting_school,
    put,
    say,
    settled,
    shown,
    shown_post,
    upload,
    withdraw,
)

Happens = Callable[[School], None]
Meanwhile = list[tuple[bool, Happens]]  # while a photo is looked at (or rendered), what happens; each once


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    return []


@pytest.fixture
def own_school(tmp_path: Path, meanwhile: Meanwhile, monkeypatch: pytest.MonkeyPatch) -> Iterator[School]:
    screened = Seeing._screened

    def busy(self: Seeing, data: bytes, job: ScreeningJob) -> Screening:
        screening = screened(self, data, job)
        if meanwhile and meanwhile[0][0] is not job.renders:
            meanwhile[0][1](school)
            meanwhile.pop(0)
        return screening

    monkeypatch.setattr(Seeing, "_screened", busy)
    with posting_school(tmp_path / "data") as school:
        yield school


def move(school: School) -> None:
    """The names are the same, but not whose group they are of."""
    with school.door.registry.write(CALLER, Act.EDIT_PEOPLE) as session:
        people.join(session, "sem", {"groep 5"})


def block(school: School) -> None:
    with school.door.registry.write(CALLER, Act.REPORT_PHOTO) as session:
        blocks.add(session, "f" * 64, ["0" * 26], "ouder belde")


def ask(school: School, action: Callable[[httpx.Client, str], object]) -> None:
    with school.client("meester") as meester:
        (post,) = [of["id"] for of in meester.get(POSTS).json()["posts"]]
        action(meester, post)


def remove(school: School) -> None:
    def removed(client: httpx.Client, post: str) -> None:
        (photo,) = client.get(f"{POSTS}/{post}").json()["order"]
        assert change(client, "DELETE", f"/photos/{photo}", post).status_code == 200

    ask(school, removed)


def finish(school: School) -> None:
    ask(school, lambda client, post: change(client, "POST", "/finish", post))


def facebook(school: School) -> None:
    ask(school, lambda client, post: change(client, "PATCH", "", post, json={"channels": ["website", "facebook"]}))


@pytest.mark.parametrize("happens", [name, move, facebook])
def test_a_photo_is_looked_at_by_what_holds_now(own_school: School, meanwhile: Meanwhile, happens: Happens) -> None:
    with own_school.client() as juf:
        meanwhile.append((True, happens))
        upload(juf, make(juf), photo(1))
        assert not meanwhile
        assert own_school.screeners.looked_at == 2


def test_a_registry_that_goes_on_changing_holds_no_photo_up(own_school: School, meanwhile: Meanwhile) -> None:
    with own_school.client() as juf:
        meanwhile += [(True, move), (True, name), (True, withdraw)]  # of which the last changes no name
        upload(juf, make(juf), photo(1))
        assert not meanwhile
        assert own_school.screeners.looked_at == 3


def test_whoever_looks_at_a_post_is_told_that_a_photo_is_looked_at_again(
    own_school: School, meanwhile: Meanwhile
) -> None:
    told: list[dict[str, Any]] = []
    with own_school.client() as juf:
        post = make(juf)
        (added,) = upload(juf, post, photo(1))
        answered = threading.Event()  # which itself would see that the name changes
        meanwhile.append((False, lambda school: name(school) if answered.wait(PATIENCE) else None))
        meanwhile.append((True, lambda school: ask(school, lambda client, post: told.append(shown_post(client, post)))))
        said = say(juf, post, [added], {"absent": ["daan"]})
        answered.set()
        wait_for(lambda: told)
        (document,) = told
        assert document["photos"][0]["state"] == "waiting"
        assert document["revision"] > said["revision"]
        assert document["photos"][0]["revision"] == document["revision"]
        settled(juf, post)


@pytest.mark.parametrize("looks", [True, False], ids=["looked at", "rendered"])
@pytest.mark.parametrize("happens", [erase, remove, finish])
def test_of_what_may_not_be_kept_any_more_nothing_comes_back(
    own_school: School, meanwhile: Meanwhile, happens: Happens, looks: bool
) -> None:
    with own_school.client() as juf:
        post = make(juf)
        if not looks:
            (added,) = upload(juf, post, photo(1))
            meanwhile.append((False, happens))
            say(juf, post, [added], {"absent": ["daan"]})
        else:
            meanwhile.append((True, happens))
            assert put(juf, post, photo(1)).status_code == 200
        wait_until_done(juf, post, meanwhile)
        for of in juf.get(f"{POSTS}/{post}").json()["photos"]:
            assert of["state"] in ("failed", "waiting", "seen")
            assert not {"view", "original"} & of.keys()
        assert not list((own_school.door.registry.data_folder / "posts").glob("*/*"))


def wait_until_done(client: httpx.Client, post: str, meanwhile: Meanwhile) -> None:
    """Wait until it happened, and the job during which it did is done."""
    wait_for(lambda: not meanwhile)
    document = client.get(f"{POSTS}/{post}").json()
    if document["state"] == "open":
        settled(client, post)


def test_a_photo_that_is_reported_elsewhere_is_not_kept(own_school: School, meanwhile: Meanwhile) -> None:
    with own_school.client() as juf:
        meanwhile.append((True, block))
        post = make(juf)
        (added,) = upload(juf, post, photo(1))
        assert settled(juf, post)["photos"][0]["state"] in ("judged", "failed")
        assert juf.get(f"{POSTS}/{post}/photos/{added}/renditions/website").status_code in (404, 409)


def test_what_goes_out_is_what_is_decided_when_it_is_there(own_school: School, meanwhile: Meanwhile) -> None:
    with own_school.client() as juf:
        post = make(juf)
        (added,) = upload(juf, post, photo(1))
        meanwhile.append((False, withdraw))
        say(juf, post, [added], {"faces": {"f1": {"person": "noor"}}, "absent": ["daan"]})
        document = settled(juf, post)
        assert not meanwhile
        verdict = document["photos"][0]["judged"]["verdicts"]["website"]
        assert verdict["outcome"] == "blur"
        fetched = juf.get(verdict["rendition"]["href"])
        assert shown(fetched.content)["shown"] == []
        assert own_school.screeners.rendered == 2
