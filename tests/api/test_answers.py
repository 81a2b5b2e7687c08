"""With a school's registry behind it: answers that come later, blocks, and a registry that does not answer."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image
from tests.waiting import PATIENCE

from fotopoort.cli.registry_session import open_registry
from fotopoort.registry.access import api_keys
from fotopoort.registry.access.roles import Act, KeyRole
from fotopoort.resources import resource
from fotopoort.settings import Settings

from .pictures import written
from .service import Served, overwrite, serving, spoil

SCREENINGS = "/v1/screenings"
CLASS = resource("fixtures/demo/IMG_2031.jpg").read_bytes()


@pytest.fixture(scope="module")
def officer(folder: Path) -> str:
    return key(folder, KeyRole.PRIVACY_OFFICER)


def key(folder: Path, role: KeyRole, *groups: str) -> str:
    with open_registry(Settings(data_folder=folder)) as (registry, caller):
        with registry.write(caller, Act.MANAGE_KEYS) as session:
            return api_keys.make(session, role, "tests", groups)[1]


def post(client: httpx.Client, photo: bytes = CLASS, **fields: object) -> dict[str, Any]:
    data = {"channel": ["website"], "group": ["groep 5"], **fields}
    answer = client.post(SCREENINGS, files={"photo": ("IMG_1.jpg", photo)}, data=data)
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


def answered(document: dict[str, Any]) -> dict[str, Any]:
    """What a teacher says who was asked: nobody of those asked about is in it, and each face is no pupil."""
    questions = document["verdicts"]["website"]["questions"]
    return {
        "absent": [person for question in questions for person in question.get("persons", [])],
        "faces": {question["face"]: "no_pupil" for question in questions if "face" in question},
    }


def test_an_answer_decides_again_and_makes_another_rendition(holding: Served) -> None:
    with holding.client() as client:
        first = post(client)
        before = first["verdicts"]["website"]
        assert before["questions"]
        again = client.post(f"{SCREENINGS}/{first['id']}/answers", json=answered(first))
        assert again.status_code == 200, again.text
        after = again.json()["verdicts"]["website"]
        assert again.json()["id"] == first["id"]
        assert len(after["covered"]) < len(before["covered"])
        assert not [one for one in after["questions"] if one["kind"] in ("any_of_these", "who_is_this")]
        rendition = client.get(after["rendition"]["href"])
        assert rendition.headers["etag"] == f'"{after["rendition"]["sha256"]}"'
        assert client.get(f"{SCREENINGS}/{first['id']}").json() == again.json()


def test_the_verdict_is_what_the_photo_sent_again_with_the_answers_gets(holding: Served) -> None:
    with holding.client() as client:
        first = post(client)
        answers = answered(first)
        again = client.post(f"{SCREENINGS}/{first['id']}/answers", json=answers).json()
        boxes = {face["id"]: face["box"] for face in first["faces"]}
        faces = {face: {"say": said, "box": boxes[face]} for face, said in answers["faces"].items()}
        fresh = post(client, answers=json.dumps(answers | {"faces": faces}))
        for document in (again, fresh):
            document["verdicts"]["website"]["rendition"].pop("href")
        assert again["verdicts"] == fresh["verdicts"]


def without_id(document: dict[str, Any]) -> dict[str, Any]:
    """The document without what is another each time."""
    verdicts = {
        channel: verdict | {"registry": None, "rendition": (verdict["rendition"] or {}) | {"href": ""}}
        for channel, verdict in document["verdicts"].items()
    }
    return document | {"ms": {}, "verdicts": verdicts, "answer": 0}


@pytest.mark.parametrize("channels", [["website"], ["social_schools", "website"]], ids=lambda names: "+".join(names))
def test_what_is_taken_back_leaves_the_first_verdict_and_rendition_byte_for_byte(
    holding: Served, channels: list[str]
) -> None:
    def renditions(client: httpx.Client, document: dict[str, Any]) -> dict[str, bytes]:
        verdicts = document["verdicts"]
        return {
            name: client.get(verdicts[name]["rendition"]["href"]).content
            for name in channels
            if verdicts[name]["rendition"]
        }

    with holding.client() as client:
        first = post(client, channel=channels)
        path, jpegs = f"{SCREENINGS}/{first['id']}/answers", renditions(client, first)
        said = client.post(path, json={"faces": {face["id"]: "cover" for face in first["faces"]}}).json()
        other = client.put(f"{path}/{said['answer']}", json=answered(first)).json()
        drawn = client.post(path, json={"drawn": [{"box": [0, 0, 900, 900]}], "only_present": True}).json()
        assert (said["answer"], other["answer"], drawn["answer"]) == (1, 3, 4)
        assert len({json.dumps(without_id(one)) for one in (first, said, other, drawn)}) == 4
        assert client.delete(f"{path}/4").json()["answer"] == 5
        last = client.delete(f"{path}/3").json()
        assert without_id(last) == without_id(first) | {"clean": None}
        assert renditions(client, last) == jpegs
        log = client.get(path).json()["answers"]
        assert [(one["number"], one["kind"], one["retracted"], one.get("retracts")) for one in log] == [
            (0, "answer", False, None),
            (1, "answer", True, None),
            (2, "retraction", False, 1),
            (3, "answer", True, None),
            (4, "answer", True, None),
            (5, "retraction", False, 4),
            (6, "retraction", False, 3),
        ]
        assert log[0]["answers"] == {"group": ["groep 5"]}
        about = log[1]["answers"]["faces"]["f1"]
        assert (about["say"], about["box"]) == ("cover", pytest.approx(first["faces"][0]["box"], abs=0.1))
        for number, status in ((0, 422), (1, 404), (2, 404), (9, 404)):
            assert client.delete(f"{path}/{number}").status_code == status
            assert client.put(f"{path}/{number}", json={}).status_code == status


def test_a_face_that_was_not_found_cannot_be_spoken_of(holding: Served) -> None:
    with holding.client() as client:
        first = post(client)
        refused = client.post(f"{SCREENINGS}/{first['id']}/answers", json={"faces": {"f99": "no_pupil"}})
        assert (refused.status_code, refused.json()["error"]["code"]) == (422, "bad_answers")


def test_who_may_not_know_of_it_finds_no_screening(holding: Served, folder: Path) -> None:
    with holding.client() as client:
        first = post(client)
    with holding.client(key(folder, KeyRole.TEACHER, "groep 6")) as client:
        assert client.post(f"{SCREENINGS}/{first['id']}/answers", json={}).status_code == 404
        assert client.get(f"{SCREENINGS}/{first['id']}").status_code == 404
    with holding.client(key(folder, KeyRole.TEACHER, "groep 5")) as client:
        assert client.post(f"{SCREENINGS}/{first['id']}/answers", json={"absent": ["p1"]}).status_code == 200
        assert client.post(f"{SCREENINGS}/0/answers", json={}).status_code == 404


def test_a_teacher_says_which_of_the_own_groups_is_in_it(holding: Served, folder: Path) -> None:
    with holding.client(key(folder, KeyRole.TEACHER, "groep 5")) as client:
        for groups in ([], ["groep 6"]):
            answer = client.post(
                SCREENINGS, files={"photo": ("a.jpg", CLASS)}, data={"channel": ["website"], "group": groups}
            )
            assert (answer.status_code, answer.json()["error"]["code"]) == (422, "unknown_group")
        assert "verdicts" in post(client)


def test_a_withdrawal_counts_from_the_next_photo_on(holding: Served, officer: str) -> None:
    def blockers(client: httpx.Client) -> set[str]:
        questions = post(client, channel=["social_schools"])["verdicts"]["social_schools"]["questions"]
        return {question["person"] for question in questions if "person" in question}

    with holding.client(officer) as client:
        assert "p3" not in blockers(client)
        wish = {"purpose": "social_schools", "word": "objected"}
        assert client.post("/v1/registry/people/p3/consents", json=wish).status_code == 200
        document = post(client, channel=["social_schools"], present=["p3"])
        assert document["verdicts"]["social_schools"]["outcome"] == "reject"
        wish = {"purpose": "social_schools", "word": "not_asked"}
        assert client.post("/v1/registry/people/p3/consents", json=wish).status_code == 200


def test_a_basis_that_changes_is_named_by_the_next_verdict(holding: Served, officer: str) -> None:
    with holding.client(officer) as client:
        for basis in ("objection", "consent"):
            change = {"basis": basis, "reason": "proef"}
            assert client.put("/v1/registry/channels/facebook/basis", json=change).status_code == 200
            assert post(client, channel=["facebook"])["verdicts"]["facebook"]["basis"] == basis


def test_a_basis_without_a_weighing_is_set_and_told_not_to_be_weighed(holding: Served, officer: str) -> None:
    weighing = {"by": "de directie", "on": "2020-05-01", "filed": "map 3"}
    with holding.client(officer) as client:
        for change, weighed in (
            ({"basis": "objection"}, False),
            ({"basis": "objection", "weighing": weighing}, True),
            ({"basis": "objection"}, False),  # set anew, and nobody weighed that
            ({"basis": "consent"}, None),
        ):
            told = client.put("/v1/registry/channels/facebook/basis", json={"reason": "proef", **change})
            assert told.json() == {"done": True, "weighed": weighed}


def test_a_blocked_photo_is_known_when_it_comes_back_smaller(holding: Served, officer: str) -> None:
    with Image.open(resource("fixtures/demo/IMG_2031.jpg")) as image:
        smaller = written(image.convert("RGB").resize((image.width // 2, image.height // 2)), "JPEG", quality=60)
    with holding.client(officer) as client:
        post(client)
        blocked = client.post("/v1/blocks", files={"photo": ("a.jpg", CLASS)}, data={"reason": "ouder belde"}).json()
        assert blocked["earlier"]
        for photo in (CLASS, smaller):
            verdict = post(client, photo)["verdicts"]["website"]
            assert (verdict["outcome"], verdict["reasons"][0]["rule"]) == ("reject", "R02")
        assert client.post(f"/v1/blocks/{blocked['id']}/lift", json={"reason": "mag weer"}).status_code == 200
        assert post(client)["verdicts"]["website"]["reasons"][0]["rule"] != "R02"
        nothing = client.post("/v1/blocks", files={"photo": ("a.jpg", b"no photo")}, data={"reason": "x"})
        assert nothing.json()["error"]["code"] == "not_a_photo"


def test_an_original_that_is_gone_is_asked_for_again(folder: Path) -> None:
    with serving(folder, "--new-key", screeners=1, hours_held=0) as service, service.client() as client:
        first = post(client)
        gone = client.post(f"{SCREENINGS}/{first['id']}/answers", json=answered(first))
        assert (gone.status_code, gone.json()["error"]["code"]) == (409, "photo_gone")


@pytest.mark.parametrize("outage", ["locked", "no database"])
def test_while_the_registry_does_not_answer_everything_is_rejected(folder: Path, tmp_path: Path, outage: str) -> None:
    with serving(folder, "--new-key", screeners=1) as service, service.client() as client:
        assert "error" not in post(client)
        path = folder / "registry.db"
        if outage == "locked":
            lock = sqlite3.connect(path, isolation_level=None)
            lock.execute("BEGIN IMMEDIATE")  # as a program that hangs while it writes
        else:
            lock = None
            contents = spoil(folder)
        try:
            document = post(client, channel=["website", "social_schools"])
            for verdict in document["verdicts"].values():
                assert (verdict["outcome"], verdict["rendition"]) == ("reject", None)
                assert [reason["rule"] for reason in verdict["reasons"]] == ["R01"]
            assert document["error"]["code"] == "registry_unavailable"
            assert "who may be shown" in document["error"]["message"]
            assert client.get(f"{SCREENINGS}/x").status_code == 503
            assert httpx.get(f"{service.url}/healthz", timeout=PATIENCE).status_code == 200
        finally:
            if lock is not None:
                lock.close()
            else:
                for file, content in contents.items():
                    overwrite(file, content)


def test_somebody_in_whom_no_face_was_found_is_asked_about_answered_and_asked_about_again(holding: Served) -> None:
    """Of six children from behind; what is taken back leaves the first verdict."""
    with holding.client() as client:
        first = post(client, resource("fixtures/demo/IMG_2051.jpg").read_bytes())
        website = first["verdicts"]["website"]
        assert (website["outcome"], website["not_yet"]) == ("reject", True)
        assert [question["kind"] for question in website["questions"]] == ["unseen_person"]
        path = f"{SCREENINGS}/{first['id']}/answers"
        said = client.post(path, json={"no_unseen_people": True}).json()
        after = said["verdicts"]["website"]
        assert (after["outcome"], after["questions"]) == ("publish", [])
        assert said["receipt"]["findings"] == first["receipt"]["findings"]
        assert said["receipt"]["answers"] != first["receipt"]["answers"]
        assert client.get(after["rendition"]["href"]).status_code == 200
        assert client.get(path).json()["answers"][-1]["answers"] == {"no_unseen_people": True}
        last = client.delete(f"{path}/{said['answer']}").json()
        assert without_id(last) == without_id(first) | {"clean": None}
        assert client.get(after["rendition"]["href"]).status_code == 404


FOUR = {  # IMG_2040: p1, at the right, may not be on Facebook
    "f1": {"person": "p5", "box": [199.3, 465.4, 117.4, 143.9]},
    "f2": {"person": "p6", "box": [565.9, 417.9, 123.0, 139.4]},
    "f3": {"person": "p8", "box": [930.1, 448.1, 125.0, 148.4]},
    "f4": {"person": "p1", "box": [1306.4, 431.2, 112.0, 141.6]},
}


def test_a_crop_is_an_answer_and_parents_get_their_own_child(holding: Served, folder: Path) -> None:
    photo = resource("fixtures/demo/IMG_2040.jpg").read_bytes()
    with holding.client() as client:
        first = post(client, photo, channel=["facebook"], answers=json.dumps({"faces": FOUR}))
        offered = first["verdicts"]["facebook"]
        assert (offered["outcome"], offered["crop"]["applied"]) == ("blur", False)
        asked = client.post(f"{SCREENINGS}/{first['id']}/answers", json={"crop": True}).json()
        verdict = asked["verdicts"]["facebook"]
        assert verdict["crop"] == {"box": offered["crop"]["box"], "applied": True}
        assert [verdict["rendition"]["width"], verdict["rendition"]["height"]] == verdict["crop"]["box"][2:]
        assert client.get(verdict["rendition"]["href"]).status_code == 200
        back = client.delete(f"{SCREENINGS}/{first['id']}/answers/{asked['answer']}").json()
        assert back["verdicts"]["facebook"]["crop"] == offered["crop"]
    with httpx.Client(
        base_url=holding.url, headers={"Authorization": f"Bearer {key(folder, KeyRole.OFFICE)}"}, timeout=PATIENCE
    ) as office:
        path = f"{SCREENINGS}/{first['id']}/own-child"
        for crop in (False, True):
            copy = office.post(path, json={"child": "p1", "crop": crop})
            assert copy.status_code == 200, copy.text
            assert copy.headers["content-type"] == "image/jpeg"
        assert office.post(path, json={"child": "p2"}).json()["error"]["code"] == "no_copy"
        assert office.post(path, json={"child": "nobody"}).json()["error"]["code"] == "unknown_person"
