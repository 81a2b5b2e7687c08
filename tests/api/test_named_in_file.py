"""A photo whose file names somebody, over HTTP: asked at first, answered later from what was kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
from tests.regions import StatedRegion, mwg_attributes, packet, with_xmp

from fotopoort.application.contract.documents import Judged
from fotopoort.resources import resource

from .service import Served

SCREENINGS = "/v1/screenings"
TYGO = "p28"  # of groep 6, who objected everywhere
AREA = (199.3 / 1600, 465.4 / 1200, 117.4 / 1600, 143.9 / 1200)  # f1
PLAIN = resource("fixtures/demo/IMG_2040.jpg").read_bytes()
NAMED = with_xmp(PLAIN, packet(mwg_attributes([StatedRegion("Tygo Maas", AREA)], (1600, 1200))))


def post(client: httpx.Client, photo: bytes, **fields: object) -> dict[str, Any]:
    data = {"channel": ["social_schools"], "group": ["groep 5"], **fields}
    answer = client.post(SCREENINGS, files={"photo": ("IMG_1.jpg", photo)}, data=data)
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    Judged.model_validate(document)
    return document


def rules(document: dict[str, Any]) -> set[str]:
    return {reason["rule"] for reason in document["verdicts"]["social_schools"]["reasons"]}


def test_it_is_asked_kept_and_answered(holding: Served, folder: Path) -> None:
    with holding.client() as client:
        first = post(client, NAMED)
        assert rules(first) >= {"R25"}
        questions = first["verdicts"]["social_schools"]["questions"]
        question = next(question for question in questions if question.get("person") == TYGO)
        assert question["box"] == first["regions"][0]["box"]
        path = f"{SCREENINGS}/{first['id']}/answers"
        for said in ({"absent": [TYGO]}, {"present": [TYGO]}):
            later = client.post(path, json=said)
            assert later.status_code == 200, later.text
            assert client.get(f"{SCREENINGS}/{first['id']}").json() == later.json()
            fresh = post(client, NAMED, answers=json.dumps({"group": ["groep 5"], **said}))
            assert rules(later.json()) == rules(fresh)
            assert "R25" not in rules(fresh)
            number = later.json()["answer"]
            assert client.delete(f"{path}/{number}").status_code in (200, 204)
        again = client.get(f"{SCREENINGS}/{first['id']}").json()
        assert rules(again) == rules(first)
    kept = b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file() and "log" in file.suffix)
    assert b"Tygo Maas" not in kept


def test_what_is_written_down_holds_no_name_that_only_the_file_has(holding: Served, folder: Path) -> None:
    stranger = with_xmp(PLAIN, packet(mwg_attributes([StatedRegion("Oma Truuskevandam", AREA)], (1600, 1200))))
    with holding.client() as client:
        document = post(client, stranger)
        assert document["regions"] == [
            {"box": document["regions"][0]["box"], "face": "f1", "named": True, "persons": []}
        ]
        assert document["faces"][0]["box"]
    for file in folder.rglob("*"):
        if file.is_file() and "original" not in file.as_posix():
            assert b"Truuskevandam" not in file.read_bytes()
