"""Photos over HTTP, with the real models."""

from __future__ import annotations

import hashlib
import io
import json
from typing import Any

import httpx
import pytest
from PIL import Image

from fotopoort.application.contract.documents import Judged, Several, Unjudged
from fotopoort.resources import resource

from .pictures import drawn

SCREENINGS = "/v1/screenings"
NOBODY = drawn()
CLASS = resource("fixtures/demo/IMG_2031.jpg").read_bytes()


def post(client: httpx.Client, *photos: bytes, **fields: object) -> httpx.Response:
    fields = {"channel": ["website"], **fields}
    files = [("photo", (f"IMG_{number}.jpg", photo)) for number, photo in enumerate(photos)]
    return client.post(SCREENINGS, files=files, data=fields)


def outcomes(document: dict[str, Any]) -> dict[str, str]:
    return {channel: verdict["outcome"] for channel, verdict in document["verdicts"].items()}


@pytest.mark.quick
def test_one_photo_gets_one_object_with_a_verdict_per_channel(client: httpx.Client) -> None:
    answer = post(client, CLASS, channel=["website", "social_schools"], group=["groep 5"])
    assert answer.status_code == 200
    document = Judged.model_validate(answer.json())
    assert document.file == "IMG_0.jpg"
    assert document.sha256 == hashlib.sha256(CLASS).hexdigest()
    assert list(document.verdicts) == ["website", "social_schools"]
    for verdict in document.verdicts.values():
        assert (verdict.rendition is None) == (verdict.outcome == "reject")
        assert verdict.reasons
        assert verdict.registry


def test_a_photo_with_nobody_in_it_is_published_without_what_its_file_carried(client: httpx.Client) -> None:
    document = post(client, NOBODY).json()
    verdict = document["verdicts"]["website"]
    assert verdict["outcome"] == "publish"
    assert "gps" in document["removed"]
    rendition = client.get(verdict["rendition"]["href"])
    assert rendition.status_code == 200
    assert hashlib.sha256(rendition.content).hexdigest() == verdict["rendition"]["sha256"]
    with Image.open(io.BytesIO(rendition.content)) as image:
        assert (image.format, image.size) == ("JPEG", (640, 480))
        assert not image.getexif()


def test_a_rendition_is_for_nobody_to_keep_and_tells_no_name(client: httpx.Client) -> None:
    verdict = post(client, NOBODY).json()["verdicts"]["website"]
    headers = client.get(verdict["rendition"]["href"]).headers
    assert headers["content-type"] == "image/jpeg"
    assert headers["cache-control"] == "private, no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["etag"] == f'"{verdict["rendition"]["sha256"]}"'
    assert headers["content-disposition"] == f'inline; filename="foto-{verdict["rendition"]["sha256"][:12]}.jpg"'


def test_the_same_object_can_be_had_again(client: httpx.Client) -> None:
    document = post(client, NOBODY).json()
    assert client.get(f"{SCREENINGS}/{document['id']}").json() == document


def test_several_photos_get_a_list_in_the_order_sent_with_what_could_not_be_judged_in_its_place(
    client: httpx.Client,
) -> None:
    answer = post(client, NOBODY, b"no picture", CLASS, channel=["facebook"])
    assert answer.status_code == 200
    first, second, third = Several.model_validate(answer.json()).screenings
    assert [first.file, second.file, third.file] == ["IMG_0.jpg", "IMG_1.jpg", "IMG_2.jpg"]
    assert isinstance(first, Judged)
    assert isinstance(second, Unjudged)
    assert isinstance(third, Judged)
    assert [reason.rule for reason in second.verdicts["facebook"].reasons] == ["R01"]
    assert third.sha256 == hashlib.sha256(CLASS).hexdigest()


def test_several_photos_are_a_post_that_is_asked_about_and_answered_as_a_whole(client: httpx.Client) -> None:
    fields: dict[str, Any] = {"channel": ["website", "facebook"], "group": ["groep 5"]}
    photos = (CLASS, resource("fixtures/demo/IMG_2040.jpg").read_bytes())
    asked = Several.model_validate(post(client, *photos, **fields).json()).post
    assert asked is not None
    (listed,) = (question for question in asked.questions if question.kind == "any_of_these")
    assert listed.photos == [hashlib.sha256(photo).hexdigest() for photo in photos]
    said = {"posts": [{"photos": listed.photos} | listed.answer]}
    after = Several.model_validate(post(client, *photos, **fields, answers=json.dumps(said)).json()).post
    assert after is not None
    assert listed.id not in {question.id for question in after.questions}


def test_each_of_several_photos_has_its_own_answers(client: httpx.Client) -> None:
    box = post(client, CLASS).json()["faces"][0]["box"]
    said = {"photos": {hashlib.sha256(CLASS).hexdigest(): {"faces": {"f1": {"person": "p1", "box": box}}}}}
    nobody, group = post(client, NOBODY, CLASS, answers=json.dumps(said)).json()["screenings"]
    assert group["faces"][0]["person"] == "p1"
    assert nobody["receipt"]["answers"] == post(client, NOBODY).json()["receipt"]["answers"]
    refused = post(client, NOBODY, CLASS, answers=json.dumps({"photos": {"0": {"absent": ["nobody"]}}}))
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "unknown_person")


def test_answers_that_would_not_count_are_refused(client: httpx.Client) -> None:
    """What was said to cover somebody must not be lost by a typing error."""
    elsewhere = hashlib.sha256(b"another photo").hexdigest()
    for said in (
        {"photos": {elsewhere: {"faces": {"f1": "cover"}}}},
        {"photos": {"IMG_7.jpg": {"faces": {"f1": "cover"}}}},
        {"posts": [{"photos": [elsewhere], "present": ["p7"]}]},
        {"photos": {"IMG_0.jpg": {"group": ["groep 5"]}}},
    ):
        refused = post(client, NOBODY, CLASS, answers=json.dumps(said))
        assert (refused.status_code, refused.json()["error"]["code"]) == (422, "bad_answers"), said
    named = {"photos": {"IMG_1.jpg": {"faces": {"f1": "cover"}}}}
    _, group = post(client, NOBODY, CLASS, answers=json.dumps(named)).json()["screenings"]
    assert group["verdicts"]["website"]["faces"]["f1"]["action"] == "cover"


def test_answers_come_as_fields_or_as_json_and_mean_the_same(client: httpx.Client) -> None:
    fields = post(client, NOBODY, group=["groep 5"], absent=["p2"]).json()
    as_json = post(client, NOBODY, answers=json.dumps({"group": ["groep 5"], "absent": ["p2"]})).json()
    silent = post(client, NOBODY, group=["groep 5"]).json()
    assert fields["receipt"]["answers"] == as_json["receipt"]["answers"] != silent["receipt"]["answers"]


def test_a_photos_own_word_wins_of_the_fields_that_are_about_all(client: httpx.Client) -> None:
    """Absent, except here; and another group."""
    own = {"photos": {hashlib.sha256(CLASS).hexdigest(): {"group": ["groep 6"], "present": ["p2"]}}}
    fields = {"group": ["groep 5"], "absent": ["p1", "p2"]}
    sent = post(client, NOBODY, CLASS, answers=json.dumps(own), **fields)
    assert sent.status_code == 200, sent.text
    nobody, group = (document["receipt"]["answers"] for document in sent.json()["screenings"])
    assert nobody == post(client, NOBODY, **fields).json()["receipt"]["answers"]
    alone = {"group": ["groep 6"], "absent": ["p1"], "present": ["p2"]}
    assert group == post(client, CLASS, **alone).json()["receipt"]["answers"]


def test_who_was_tapped_is_told_with_the_face(client: httpx.Client) -> None:
    box = post(client, CLASS).json()["faces"][0]["box"]
    said = {"faces": {"f1": {"person": "p1", "box": box}, "f2": "cover"}}
    document = post(client, CLASS, answers=json.dumps(said)).json()
    assert [face["person"] for face in document["faces"][:2]] == ["p1", None]
    assert document["verdicts"]["website"]["faces"]["f2"]["action"] == "cover"


def test_where_others_are_in_it_nobody_is_shown_for_being_one_of_the_group(client: httpx.Client) -> None:
    fields = post(client, CLASS, group=["groep 5"], others="true").json()
    as_json = post(client, CLASS, answers=json.dumps({"group": ["groep 5"], "others": True})).json()
    assert fields["receipt"]["answers"] == as_json["receipt"]["answers"]
    judged = fields["verdicts"]["website"]["faces"].values()
    assert {face["action"] for face in judged if face["basis"] != "too_small"} == {"cover"}
    assert "group" not in {face["basis"] for face in judged}


def test_what_nobody_knows_is_not_asked_again(client: httpx.Client) -> None:
    def questions(**said: object) -> list[dict[str, Any]]:
        verdict = post(client, CLASS, answers=json.dumps({"group": ["groep 5"], **said})).json()["verdicts"]["website"]
        assert verdict["outcome"] == "reject"
        return list(verdict["questions"])

    (asked,) = (question for question in questions() if question["kind"] == "any_of_these")
    assert not [question for question in questions(unsure=asked["persons"]) if "persons" in question]


def test_together_the_strictest_channel_counts_for_all(client: httpx.Client) -> None:
    channels = ["social_schools", "website"]
    apart = post(client, CLASS, channel=channels, group=["groep 5"]).json()["verdicts"]
    together = post(client, CLASS, channel=channels, group=["groep 5"], together="true").json()["verdicts"]
    strictness = ["publish", "blur", "reject"].index
    strictest = max((verdict["outcome"] for verdict in apart.values()), key=strictness)
    assert {verdict["outcome"] for verdict in together.values()} == {strictest}


def test_a_name_in_the_caption_holds_back_the_public_copy_and_the_text_without_it_is_offered(
    client: httpx.Client,
) -> None:
    """The names are those of the class list that the service was started with."""
    channels = ["website", "social_schools"]
    named = post(client, NOBODY, channel=channels, caption="😀 Vandaag bouwen Sem en Noor een toren.").json()
    Judged.model_validate(named)
    assert outcomes(named) == {"website": "reject", "social_schools": "publish"}
    assert [reason["rule"] for reason in named["verdicts"]["website"]["reasons"]] == ["R10", "R12"]
    assert [(hit["place"], hit["text"], hit["person"], hit["start"], hit["end"]) for hit in named["names"]] == [
        ("caption", "Sem", "p4", 17, 20),
        ("caption", "Noor", "p1", 24, 28),
    ]
    assert named["clean"] == "😀 Vandaag bouwen twee kinderen een toren."
    assert outcomes(post(client, NOBODY, caption=named["clean"]).json()) == {"website": "publish"}


def test_a_word_that_may_be_a_name_is_asked_about_and_an_answer_settles_it(client: httpx.Client) -> None:
    asking = post(client, NOBODY, caption="Een lieve Roos").json()
    (question,) = asking["verdicts"]["website"]["questions"]
    assert (question["kind"], question["name"]) == ("is_name", asking["names"][0]["id"])
    assert (outcomes(asking), asking["clean"]) == ({"website": "reject"}, "Een lieve [naam]")
    answers = {"not_names": [question["name"]]}
    later = client.post(f"{SCREENINGS}/{asking['id']}/answers", json=answers)
    at_once = post(client, NOBODY, caption="Een lieve Roos", answers=json.dumps(answers))
    for settled in (later.json(), at_once.json()):
        assert outcomes(settled) == {"website": "publish"}
        assert settled["verdicts"]["website"]["questions"] == []


@pytest.mark.parametrize(("file_name", "found"), [("Sem op het plein.jpg", True), ("op het plein.jpg", False)])
def test_a_name_in_the_file_name_is_told_on_public_channels(file_name: str, found: bool, client: httpx.Client) -> None:
    fields = {"channel": ["website", "social_schools"]}
    document = client.post(SCREENINGS, files={"photo": (file_name, NOBODY)}, data=fields).json()
    assert [hit["place"] for hit in document["names"]] == ["file_name"] * found
    rules = {
        channel: [reason["rule"] for reason in verdict["reasons"]] for channel, verdict in document["verdicts"].items()
    }
    assert ("R11" in rules["website"], "R11" in rules["social_schools"]) == (found, False)


@pytest.mark.parametrize("name", ["Noor\ud83d.jpg", 'a"b\\c.jpg', "élève 📷.jpg", ""])
def test_any_file_name_is_answered_as_it_was_sent(client: httpx.Client, name: str) -> None:
    quoted = name.encode("utf-8", "surrogatepass").replace(b"\\", b"\\\\").replace(b'"', b'\\"')
    body = b"\r\n".join(
        [
            b"--x",
            b'Content-Disposition: form-data; name="photo"; filename="' + quoted + b'"',
            b"",
            b"no picture",
            b"--x",
            b'Content-Disposition: form-data; name="channel"',
            b"",
            b"website",
            b"--x--",
            b"",
        ]
    )
    answer = client.post(SCREENINGS, content=body, headers={"Content-Type": "multipart/form-data; boundary=x"})
    assert answer.status_code == 200
    if name.isprintable():
        assert answer.json()["file"] == name
