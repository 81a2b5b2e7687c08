"""A post over HTTP: begun, filled with photos, answered about, taken away and finished."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import httpx
import pytest

from fotopoort.api.posts import examples
from fotopoort.application.contract.post_documents import KeptPost, PostAnswers, PostList
from fotopoort.registry.access.roles import Act
from fotopoort.registry.consent import consent_log
from fotopoort.registry.consent.statements import Statement
from fotopoort.registry.people import people
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.photos import takedowns
from fotopoort.vocabulary import ConsentState, Language

from .posting import CALLER, POSTS, School, change, make, photo, say, settled, shown, shown_post, upload, verdicts


def outcomes(document: dict[str, Any], channel: str = "website") -> list[str]:
    return [entry["judged"]["verdicts"][channel]["outcome"] for entry in document["photos"]]


def test_the_examples_are_what_they_say() -> None:
    KeptPost.model_validate(examples.POST)
    PostList.model_validate(examples.POSTS)
    PostAnswers.model_validate(examples.ANSWERS)


def test_from_photos_to_what_may_go_out(juf: httpx.Client) -> None:
    post = make(juf)
    (added,) = upload(juf, post, photo(1))
    document = shown_post(juf, post)
    KeptPost.model_validate(document)
    assert outcomes(document) == ["reject"]
    (asked,) = document["post"]["questions"]
    assert (asked["kind"], asked["persons"], asked["photos"]) == ("any_of_these", ["daan"], [added])
    assert document["not_shown"] == [{"id": "daan", "name": "Daan Achternaam", "channels": ["website"]}]
    assert set(document["people"]) == {"noor", "daan", "yara"}

    document = say(juf, post, [added], asked["answer"])
    assert outcomes(document) == ["publish"]  # at once
    KeptPost.model_validate(document)
    document = settled(juf, post)
    rendition = document["photos"][0]["judged"]["verdicts"]["website"]["rendition"]
    fetched = juf.get(rendition["href"])
    assert (fetched.status_code, shown(fetched.content)["shown"]) == (200, ["f1"])
    assert fetched.headers["cache-control"] == "private, no-store"

    document = say(juf, post, [added], {"faces": {"f1": {"person": "daan"}}})
    assert outcomes(document) == ["blur"]
    fetched = juf.get(rendition["href"])  # what was made before shows Daan; another one may be there already
    assert fetched.status_code == 404 or shown(fetched.content)["shown"] == []
    document = settled(juf, post)
    assert shown(juf.get(rendition["href"]).content)["shown"] == []
    assert document["undo"] == 2
    PostAnswers.model_validate(juf.get(f"{POSTS}/{post}/answers").json())

    assert change(juf, "POST", "/undo", post).status_code == 200
    assert change(juf, "DELETE", "/answers/1", post).status_code == 200
    assert outcomes(settled(juf, post)) == ["reject"]
    assert juf.get(rendition["href"]).status_code == 404


def test_the_text_is_judged_beside_the_photos_and_goes_along_without_names(juf: httpx.Client) -> None:
    post = make(juf)
    (added,) = upload(juf, post, photo(1, 2))
    document = say(juf, post, [added], {"absent": ["daan"]})
    found = document["text_found"]
    assert [hit["person"] for hit in found["found"]["hits"]] == ["noor"]
    assert found["verdicts"]["website"]["outcome"] == "reject"
    settled(juf, post)
    fetched = juf.get(f"{POSTS}/{post}/zip/website")
    with zipfile.ZipFile(io.BytesIO(fetched.content)) as archive:
        assert archive.namelist() == ["foto-001.jpg", "tekst.txt"]
        assert shown(archive.read("foto-001.jpg"))["shown"] == ["f1"]
        assert archive.read("tekst.txt").decode() == found["found"]["clean"]
    changed = change(juf, "PATCH", "", post, json={"text": "Wij bouwen een toren."})
    assert changed.json()["text_found"]["verdicts"]["website"]["outcome"] == "publish"
    fetched = juf.get(f"{POSTS}/{post}/zip/website")
    with zipfile.ZipFile(io.BytesIO(fetched.content)) as archive:
        assert archive.read("tekst.txt").decode() == "Wij bouwen een toren."


def test_a_word_in_the_text_can_be_said_to_be_no_name(school: School, juf: httpx.Client) -> None:
    with school.door.registry.write(CALLER, Act.EDIT_PEOPLE) as session:
        people.add(session, PersonRecord("roos", name="Roos Achternaam"), {"groep 5"})
        consent_log.record(session, Statement("roos", "website", ConsentState.GRANTED))
    post = make(juf, text="Roos in de klas.")
    (asked,) = shown_post(juf, post)["post"]["questions"]
    assert (asked["kind"], asked["photos"]) == ("is_name", [])
    refused = change(juf, "POST", "/answers", post, json={"photos": [], "answers": {"absent": ["daan"]}})
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "bad_answers")
    document = say(juf, post, [], asked["answer"])
    assert document["post"]["questions"] == []
    assert document["text_found"]["found"]["hits"] == []
    assert document["text_found"]["verdicts"]["website"]["outcome"] == "publish"
    assert change(juf, "POST", "/undo", post).json()["post"]["questions"] == [asked]
    say(juf, post, [], asked["answer"])
    changed = change(juf, "PATCH", "", post, json={"text": "Een mooie Roos in de klas."})
    assert changed.json()["post"]["questions"]  # it was said of another text


def test_only_photos_that_changed_are_told_of(juf: httpx.Client) -> None:
    post = make(juf)
    first, second = upload(juf, post, photo(1, 3), photo(2, 3))
    before = settled(juf, post)
    assert [entry["id"] for entry in before["photos"]] == [first, second]
    after = say(juf, post, [second], {"absent": ["daan"]}, since=before["version"])
    assert [entry["id"] for entry in after["photos"]] == [second]
    assert after["order"] == [first, second]
    assert len(shown_post(juf, post, "0-000000000000")["photos"]) == 2  # of a version that nobody had


def test_what_an_answer_does_not_change_is_not_made_again(school: School, juf: httpx.Client) -> None:
    post = make(juf, channels=["website", "facebook"])
    first, second = upload(juf, post, photo(1, 4), photo(2, 4))
    say(juf, post, [first, second], {"absent": ["daan", "noor", "yara"]})
    settled(juf, post)
    looked_at, rendered = school.screeners.looked_at, school.screeners.rendered
    say(juf, post, [first], {"harmful": False})
    settled(juf, post)
    assert (school.screeners.looked_at, school.screeners.rendered) == (looked_at, rendered)
    say(juf, post, [first], {"faces": {"f1": "cover"}})
    settled(juf, post)
    assert school.screeners.looked_at == looked_at
    assert school.screeners.rendered - rendered <= 2  # of the first photo alone


def test_what_shows_after_all_once_it_was_made_goes_nowhere(school: School, juf: httpx.Client) -> None:
    post, content = make(juf), photo(1, 5)
    school.screeners.fails.add(content)
    (added,) = upload(juf, post, content)
    say(juf, post, [added], {"faces": {"f1": {"person": "daan"}}})
    document = settled(juf, post)
    verdict = document["photos"][0]["judged"]["verdicts"]["website"]
    assert (verdict["outcome"], verdict["rendition"]) == ("reject", None)
    assert juf.get(f"{POSTS}/{post}/photos/{added}/renditions/website").status_code == 404
    assert juf.get(f"{POSTS}/{post}/zip/website").status_code == 404


def test_whoever_saw_an_older_revision_is_refused(school: School, juf: httpx.Client) -> None:
    post = make(juf)
    (added,) = upload(juf, post, photo(1, 6))
    revision = shown_post(juf, post)["revision"]
    with school.client("meester") as meester:
        say(meester, post, [added], {"absent": ["daan"]})
    said = {"photos": [added], "answers": {"present": ["daan"]}}
    for match, status, code in ((f'"{revision}"', 412, "post_changed"), ("", 422, "bad_form"), ("*", 422, "bad_form")):
        headers = {"If-Match": match} if match else {}
        refused = juf.post(f"{POSTS}/{post}/answers", json=said, headers=headers)
        assert (refused.status_code, refused.json()["error"]["code"]) == (status, code)
    assert shown_post(juf, post)["undo"] == 1


def test_a_photo_that_cannot_be_judged_says_why_in_both_languages(juf: httpx.Client) -> None:
    post = make(juf)
    (added,) = upload(juf, post, b"no photo" * 5)
    assert shown_post(juf, post)["photos"][0]["error"]["code"] == "empty_file"
    told = {
        language: juf.get(f"{POSTS}/{post}", headers={"Accept-Language": language.value}).json()["photos"][0]["error"]
        for language in Language
    }
    assert told[Language.NL]["message"] == "Het bestand is leeg."
    assert told[Language.EN]["message"] == "The file is empty."
    (before,) = shown_post(juf, post)["photos"]
    (again,) = change(juf, "POST", f"/photos/{added}/retry", post).json()["photos"]
    assert again["revision"] > before["revision"]
    assert again["state"] in ("waiting", "failed")  # its job may be done before the answer is made
    assert settled(juf, post)["photos"][0]["state"] == "failed"
    assert change(juf, "DELETE", f"/photos/{added}", post).json()["photos"] == []


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"groups": ["groep 6"]}, 422, "unknown_group"),
        ({"groups": []}, 422, "unknown_group"),
        ({"channels": ["tiktok"]}, 422, "unknown_channel"),
        ({"channels": []}, 422, "bad_form"),
        ({"day": "2999-01-01"}, 422, "future_day"),
        ({"text": "x" * 20_001}, 413, "text_too_long"),
        ({"klas": "5"}, 422, "bad_form"),
    ],
)
def test_what_a_post_cannot_be(juf: httpx.Client, fields: dict[str, Any], status: int, code: str) -> None:
    given = {"groups": ["groep 5"], "channels": ["website"], **fields}
    refused = juf.post(POSTS, json=given)
    assert (refused.status_code, refused.json()["error"]["code"]) == (status, code)


def test_one_message_on_all_channels_is_as_strict_as_the_strictest(school: School, juf: httpx.Client) -> None:
    channels = ["website", "facebook"]  # on which nobody agreed to be shown
    post = make(juf, channels=channels, text="")
    (added,) = upload(juf, post, photo(1, 60))
    said = {"faces": {"f1": {"person": "noor"}}, "only_present": True}
    say(juf, post, [added], said)
    apart = settled(juf, post)
    assert apart["together"] is False
    assert [outcomes(apart, channel) for channel in channels] == [["publish"], ["blur"]]
    looked_at = school.screeners.looked_at

    assert change(juf, "PATCH", "", post, json={"together": True}).json()["together"] is True
    document = settled(juf, post)
    verdicts_now = document["photos"][0]["judged"]["verdicts"]
    assert [outcomes(document, channel) for channel in channels] == [["blur"], ["blur"]]
    for channel in channels:
        given = juf.get(verdicts_now[channel]["rendition"]["href"])
        assert shown(given.content)["shown"] == [], channel
    assert school.screeners.looked_at == looked_at  # it was decided again from what was found

    assert change(juf, "PATCH", "", post, json={"together": False}).status_code == 200
    assert verdicts(settled(juf, post)) == verdicts(apart)
    begun = make(juf, channels=channels, together=True)
    assert shown_post(juf, begun)["together"] is True


def test_a_changed_channel_has_everything_looked_at_again(school: School, juf: httpx.Client) -> None:
    post = make(juf)
    (added,) = upload(juf, post, photo(1, 7))
    say(juf, post, [added], {"absent": ["daan"]})
    settled(juf, post)
    looked_at = school.screeners.looked_at
    change(juf, "PATCH", "", post, json={"channels": ["website", "facebook"]})
    document = settled(juf, post)
    assert school.screeners.looked_at == looked_at + 1
    assert set(document["photos"][0]["judged"]["verdicts"]) == {"website", "facebook"}
    assert outcomes(document) == ["publish"]  # what was said holds still


def test_after_the_end_nothing_is_left(school: School, juf: httpx.Client) -> None:
    post = make(juf)
    (added,) = upload(juf, post, photo(1, 8))
    say(juf, post, [added], {"absent": ["daan"]})
    settled(juf, post)
    assert change(juf, "POST", "/finish", post).json()["state"] == "finished"
    document = shown_post(juf, post)
    assert (document["text"], document["photos"][0]["file"]) == ("", "")
    for path in ("view", "original", "renditions/website"):
        assert juf.get(f"{POSTS}/{post}/photos/{added}/{path}").status_code == 409
    assert juf.get(f"{POSTS}/{post}/zip/website").status_code == 409
    assert post not in [listed["id"] for listed in juf.get(POSTS, params={"open": True}).json()["posts"]]
    assert post in [listed["id"] for listed in juf.get(POSTS).json()["posts"]]
    assert not list((school.door.registry.data_folder / "posts").glob(f"*/{added}.*"))


def test_where_it_was_published_is_where_it_is_taken_down(school: School, juf: httpx.Client) -> None:
    post = make(juf)
    (added,) = upload(juf, post, photo(1, 10))
    say(juf, post, [added], {"faces": {"f1": {"person": "yara"}}})
    sha256 = settled(juf, post)["photos"][0]["judged"]["sha256"]
    assert change(juf, "POST", "/finish", post).status_code == 200
    assert juf.get(f"{POSTS}/{post}/places").json() == {"website": ""}
    where = {"website": "https://school.example/nieuws"}
    assert juf.put(f"{POSTS}/{post}/places", json=where).json() == where
    for wrong, code in (
        ({"facebook": "x"}, "unknown_channel"),
        ({"website": "x" * 501}, "bad_record"),
        ([], "bad_form"),
    ):
        assert juf.put(f"{POSTS}/{post}/places", json=wrong).json()["error"]["code"] == code
    with school.door.registry.write(CALLER, Act.RECORD_CONSENT) as session:
        consent_log.record(session, Statement("yara", "website", ConsentState.WITHDRAWN))
        tasks = takedowns.tasks(session)
        consent_log.record(session, Statement("yara", "website", ConsentState.GRANTED))
    assert [(task.place, task.certain) for task in tasks if task.photo == sha256] == [(where["website"], True)]


def test_verdicts_are_those_of_before_once_all_is_taken_back(juf: httpx.Client) -> None:
    post = make(juf, channels=["website", "facebook"])
    ids = upload(juf, post, photo(1, 9), photo(3, 9))
    before = verdicts(settled(juf, post))
    said: list[tuple[list[str], dict[str, Any]]] = [
        (ids, {"absent": ["daan"]}),
        ([ids[1]], {"faces": {"f2": {"person": "daan"}, "f3": "adult"}}),
        ([ids[0]], {"drawn": [{"box": [10, 10, 50, 50]}]}),
        (ids, {"only_present": True}),
        ([ids[0]], {"harmful": True}),
    ]
    for of, answers in said:
        say(juf, post, of, answers)
    assert verdicts(settled(juf, post)) != before
    for _ in said:
        assert change(juf, "POST", "/undo", post).status_code == 200
    assert verdicts(settled(juf, post)) == before
    assert change(juf, "POST", "/undo", post).status_code == 404
