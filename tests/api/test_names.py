"""Messages without a photo, over HTTP: the names in them, within what each key may know."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import delete
from tests.waiting import PATIENCE, wait_for

from fotopoort.api.names import CHECKED
from fotopoort.application.contract.statements import CheckedText
from fotopoort.application.found_names import TextProcess
from fotopoort.errors import EmptyFile
from fotopoort.registry.access import api_keys
from fotopoort.registry.access.roles import Act, KeyRole, console
from fotopoort.registry.people import people
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.store.tables import membership
from fotopoort.screening.name_search import NamesToFind
from fotopoort.screening.screen import Request, unjudged
from fotopoort.vocabulary import Role

from .service import POLICY, Door, PlayedScreeners, Served, opened, spoil

NAMES = "/v1/names"
PUBLIC = "website"
AS_JSON = {"Content-Type": "application/json"}


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    """A service of a school that has nobody in its registry yet."""
    at_once = unjudged(b"", Request(("website",)), EmptyFile(), policy=POLICY)
    with opened(tmp_path / "data", PlayedScreeners(at_once), {"tenant": "school"}) as door:
        yield door


@pytest.fixture
def school(door: Door) -> Door:
    """The same, with a child in each of two groups, one called Sem in both, and a teacher."""
    with door.registry.write(console("school"), Act.EDIT_PEOPLE) as session:
        people.add(session, PersonRecord("p1", name="Noor Bakker", nicknames=("Noortje",)), ["groep 5"])
        people.add(session, PersonRecord("p2", name="Sem de Groot"), ["groep 5"])
        people.add(session, PersonRecord("p3", name="Sara Osman", never_locatable=True), ["groep 6"])
        people.add(session, PersonRecord("p4", name="Sem Vos"), ["groep 6"])
        people.add(session, PersonRecord("s1", name="Ellen Terpstra", role=Role.STAFF), ["groep 5"])
    return door


def key(door: Door, role: KeyRole, *groups: str) -> str:
    with door.registry.write(console("school"), Act.MANAGE_KEYS) as session:
        return api_keys.make(session, role, "tests", groups)[1]


def checked(client: httpx.Client, text: str, *groups: str) -> dict[str, Any]:
    answer = client.post(NAMES, json={"text": text} | ({"groups": groups} if groups else {}))
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    CheckedText.model_validate(document)
    return document


def found(document: dict[str, Any]) -> list[tuple[str, str | None, bool]]:
    return [(hit["text"], hit["person"], hit["certain"]) for hit in document["hits"]]


def problem(answer: httpx.Response) -> tuple[int, str]:
    assert answer.json().keys() == {"error"}
    assert answer.json()["error"].keys() == {"code", "message", "hint"}
    return answer.status_code, answer.json()["error"]["code"]


# --- what is answered ------------------------------------------------------------------------------------


def test_a_message_gets_its_names_and_a_copy_without_them(client: httpx.Client) -> None:
    """The people are those of the class list that the service was started with."""
    assert checked(client, "Sem en een lieve Roos bouwen een toren.") == {
        "text": "Sem en een lieve Roos bouwen een toren.",
        "hits": [
            {"start": 0, "end": 3, "text": "Sem", "person": "p4", "certain": True},
            {"start": 17, "end": 21, "text": "Roos", "person": "p17", "certain": False},
        ],
        "clean": "Een kind en een lieve [naam] bouwen een toren.",
    }
    assert checked(client, str(CHECKED["text"])) == CHECKED, "the published example is true"


@pytest.mark.parametrize("text", ["", "Wij bouwen een toren.", "\0", " \r\n\t", "\u202e\u200b\ufeff", "<p>&amp;</p>"])
def test_a_message_without_names_comes_back_as_it_was(text: str, client: httpx.Client) -> None:
    assert checked(client, text) == {"text": text, "hits": [], "clean": text}


@pytest.mark.parametrize(
    ("text", "start"),
    [("😀👩‍👧 met Sem", 9), ("שלום Sem", 5), ("<b>Sem</b>", 3), ("e\u0301e\u0301n Sem", 6), ("Half \ud83d, Sem", 8)],
    ids=["emoji", "right to left", "HTML", "loose accents", "half an emoji"],
)
def test_offsets_are_in_characters_whatever_stands_before(text: str, start: int, client: httpx.Client) -> None:
    answer = client.post(NAMES, content=json.dumps({"text": text}), headers=AS_JSON)
    assert answer.status_code == 200, answer.text
    document = answer.json()
    assert document["text"] == text
    (hit,) = document["hits"]
    assert (hit["start"], hit["end"], text[hit["start"] : hit["end"]]) == (start, start + 3, "Sem")


def test_the_names_of_the_groups_it_is_about_are_looked_for_more_strictly(client: httpx.Client) -> None:
    text = "wij zien sem en sara, en juf Ellen"
    assert found(checked(client, text, "Groep  5")) == [("sem", "p4", True), ("sara", "p41", False)]
    assert found(checked(client, text, "groep 6")) == [("sem", "p4", False), ("sara", "p41", True)]
    both = [("sem", "p4", True), ("sara", "p41", True)]
    assert found(checked(client, text, "groep 5", "groep 6")) == found(checked(client, text)) == both


def test_a_message_of_a_million_characters_is_looked_through(client: httpx.Client) -> None:
    text = "x" * 999_996 + " Sem"
    (hit,) = checked(client, text)["hits"]
    assert (hit["start"], hit["end"]) == (999_997, 1_000_000)


# --- what is refused -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (json.dumps({"text": "x" * 1_000_001}), (413, "text_too_long")),
        (json.dumps({"text": "😀" * 500_000}), (413, "too_large")),
        (json.dumps({"text": "Sem", "groups": ["groep 7"]}), (422, "unknown_group")),
        (json.dumps({"text": "Sem", "groups": ["groep 5", ""]}), (422, "unknown_group")),
        (json.dumps({"text": "Sem", "groups": "groep 5"}), (422, "bad_form")),
        (json.dumps({"text": "Sem", "groups": [5]}), (422, "bad_form")),
        (json.dumps({"text": "Sem", "group": ["groep 5"]}), (422, "bad_form")),
        (json.dumps({"text": ["Sem"]}), (422, "bad_form")),
        (json.dumps({"text": None}), (422, "bad_form")),
        (json.dumps({"message": "x"}), (422, "bad_form")),
        (json.dumps([{"text": "Sem"}]), (422, "bad_form")),
        ("Sem", (422, "bad_form")),
        ('{"text": "Sem"', (422, "bad_form")),
        ("", (422, "bad_form")),
    ],
    ids=["too long", "too many bytes", "an unknown group", "no group", "a group for a list", "a number for a group",
         "a key of the form", "a list for a text", "no text", "no such key", "a list", "no JSON", "half", "nothing"],
)  # fmt: skip
def test_what_cannot_be_looked_through_is_told_without_what_it_held(
    content: str, expected: tuple[int, str], client: httpx.Client
) -> None:
    answer = client.post(NAMES, content=content, headers=AS_JSON)
    assert problem(answer) == expected
    assert "Sem" not in answer.text


def test_a_form_is_no_message(client: httpx.Client) -> None:
    assert problem(client.post(NAMES, data={"text": "Sem"})) == (422, "bad_form")


def test_an_unknown_group_comes_with_what_there_is(client: httpx.Client) -> None:
    assert "groep 6" in client.post(NAMES, json={"text": "", "groups": ["groep 7"]}).json()["error"]["hint"]


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer wrong"}], ids=["no key", "a wrong key"])
def test_without_a_key_nothing_is_looked_through(header: dict[str, str], served: Served) -> None:
    answer = httpx.post(served.url + NAMES, json={"text": "Sem"}, headers=header, timeout=PATIENCE)
    assert problem(answer) == (401, "not_allowed")
    assert "Sem" not in answer.text


def test_without_a_list_of_names_it_is_no_text_without_names(door: Door) -> None:
    with door.client() as client:
        assert problem(client.post(NAMES, json={"text": "Sem"})) == (409, "no_names")


# --- what each key may know ------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [KeyRole.MACHINE, KeyRole.OFFICE, KeyRole.PRIVACY_OFFICER])
def test_whoever_may_know_of_the_whole_school_hears_whose_names_they_are(role: KeyRole, school: Door) -> None:
    with school.client(key(school, role)) as client:
        document = checked(client, "Noortje, Sara en Sem Vos zien Sem")
    assert found(document) == [
        ("Noortje", "p1", True), ("Sara", "p3", True), ("Sem Vos", "p4", True), ("Sem", None, True),
    ]  # fmt: skip


def test_a_teacher_hears_of_every_name_and_of_the_own_children_whose(school: Door) -> None:
    """Nothing tells a child who must never be found from any other of another group."""
    with school.client(key(school, KeyRole.TEACHER, "groep 5")) as client:
        answer = client.post(NAMES, json={"text": "Noortje, Sara, Sem Vos en Sem", "groups": ["groep 5"]})
    assert found(answer.json()) == [
        ("Noortje", "p1", True), ("Sara", None, True), ("Sem Vos", None, True), ("Sem", "p2", True),
    ]  # fmt: skip
    assert answer.json()["clean"] == "Vier kinderen"
    assert not [id_ for id_ in ("p3", "p4", "groep 6", "locat") if id_ in answer.text]


def test_a_teacher_may_not_name_another_group(school: Door) -> None:
    with school.client(key(school, KeyRole.TEACHER, "groep 5")) as client:
        answer = client.post(NAMES, json={"text": "Sara", "groups": ["groep 6"]})
        assert problem(answer) == (422, "unknown_group")
        assert "groep 6" not in answer.text


def test_a_teacher_of_a_group_that_nobody_is_in_may_name_none(school: Door) -> None:
    """As on the first day of a school year, before the new groups are there."""
    teacher = key(school, KeyRole.TEACHER, "groep 6")
    with school.registry.write(console("school"), Act.EDIT_PEOPLE) as session:
        session.connection.execute(delete(membership).where(membership.c.group == "groep 6"))
        session.bump_revision()
    with school.client(teacher) as client:
        assert found(checked(client, "sara zingt")) == [("sara", None, True)]
        for group in ("groep 6", "groep 7", "groep 5"):
            assert problem(client.post(NAMES, json={"text": "sara", "groups": [group]})) == (422, "unknown_group")


def test_another_school_is_not_searched_for(school: Door) -> None:
    school.registry.add_school(console("other"), "Het Kompas")
    with school.registry.write(console("other"), Act.EDIT_PEOPLE) as session:
        people.add(session, PersonRecord("p9", name="Boaz Prins"), ["groep 5"])
    with school.client() as client:
        assert found(checked(client, "Boaz en Noor")) == [("Noor", "p1", True)]


def test_who_comes_is_known_from_the_next_message_on(school: Door) -> None:
    with school.client() as client:
        assert found(checked(client, "Boaz ziet Noor")) == [("Noor", "p1", True)]
        with school.registry.write(console("school"), Act.EDIT_PEOPLE) as session:
            people.add(session, PersonRecord("p9", name="Boaz Prins"), ["groep 5"])
        assert found(checked(client, "Boaz ziet Noor")) == [("Boaz", "p9", True), ("Noor", "p1", True)]


def test_staff_are_no_children(school: Door) -> None:
    with school.client() as client:
        assert found(checked(client, "Ellen Terpstra leest voor")) == []


def test_a_registry_that_does_not_answer_is_no_text_without_names(school: Door, tmp_path: Path) -> None:
    with school.client() as client:
        checked(client, "Noor")
        spoil(tmp_path / "data")
        assert problem(client.post(NAMES, json={"text": "Noor"})) == (503, "registry_unavailable")


def test_nobody_is_named_in_what_the_service_says(client: httpx.Client, served: Served) -> None:
    answers = [
        client.post(NAMES, json=asked)
        for asked in (
            {"text": "Tygo Maas zingt", "groups": ["groep 6"]},
            {"text": "Tygo Maas", "groups": ["Tygo Maas"]},
            {"text": ["Tygo Maas"]},
        )
    ]
    for answer in answers:
        wait_for(lambda said=answer.headers["x-request-id"]: any(said in line for line in served.output))
    assert not [line for line in served.output if "Tygo" in line or "Maas" in line]


# --- fair share ------------------------------------------------------------------------------------------


def test_long_texts_of_one_key_keep_nobody_waiting(school: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process that long texts go to is played: what else is asked is answered while they are looked through."""
    given: list[tuple[str, Future[bytes]]] = []

    def submit(_: TextProcess, __: NamesToFind, text: str) -> Future[bytes]:
        given.append((text, Future()))
        return given[-1][1]

    monkeypatch.setattr(TextProcess, "submit", submit)
    keys = {name: key(school, KeyRole.MACHINE) for name in "ab"}

    def long_text(name: str) -> int:
        with school.client(keys[name]) as client:
            return client.post(NAMES, json={"text": name * 400_000}).status_code

    with ThreadPoolExecutor(13) as pool:
        of_a = [pool.submit(long_text, "a") for _ in range(12)]
        wait_for(lambda: given)
        of_b = pool.submit(long_text, "b")
        with school.client(keys["b"]) as client:
            assert found(checked(client, "Sem")) != []
            assert client.get("/healthz").status_code == 200
            answer = client.post("/v1/screenings", files={"photo": b"no photo"}, data={"channel": PUBLIC})
            assert answer.status_code == 200

        def are_done() -> bool:
            for _, future in given:
                if not future.done():
                    future.set_result(b"{}")
            return of_b.done() and all(text.done() for text in of_a)

        wait_for(are_done)
        assert {text.result() for text in [*of_a, of_b]} == {200}


def test_a_long_text_is_answered_as_a_short_one(client: httpx.Client) -> None:
    sentence = "Sem en een lieve Roos bouwen een toren. "
    short, long = checked(client, sentence), checked(client, sentence * 1000)
    assert len(long["hits"]) == 2000
    assert long["hits"][:2] == short["hits"]
    assert long["clean"] == short["clean"] * 1000
