"""A CMS asks whether it may publish a photo or a text."""

from __future__ import annotations

import hashlib
import io
import uuid
import zipfile
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from tests.waiting import PATIENCE

from fotopoort.api.gate import examples
from fotopoort.application.context import DecisionContexts
from fotopoort.application.contract.gate import GateDocument
from fotopoort.application.gate.requests import GateRequest
from fotopoort.application.gate.service import Gate
from fotopoort.application.posts.decisions import PostDecisions
from fotopoort.application.posts.service import PostService
from fotopoort.policy_file import load_policy
from fotopoort.registry import school_settings
from fotopoort.registry.access import api_keys
from fotopoort.registry.access.roles import Act, KeyRole
from fotopoort.registry.people import people
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.school_settings import Unjudged

from ..posts.posting import CALLER, School, photo, say, settled, shown, shown_post
from .asking import GATE, ask, new_key, now, once, post_of, told


def test_the_examples_are_what_they_say() -> None:
    for example in (examples.DONE, examples.WAITS, examples.PENDING):
        GateDocument.model_validate(example)


def test_a_photo_waits_for_a_teacher_and_then_may_go_out(school: School, cms: httpx.Client) -> None:
    content = photo(1, 1)
    document = told(ask(cms, content, reference="post-1"))
    GateDocument.model_validate(document)
    assert (document["status"], document["outcome"], document["rendition"]) == ("done", "reject", None)
    post = post_of(document)
    with school.client("juf") as juf:
        (added,) = settled(juf, post)["photos"]
        say(juf, post, [added["id"]], {"absent": ["daan"]})
    after = once(cms, document["id"], outcome="publish")
    GateDocument.model_validate(after)
    assert after["review"] is None
    fetched = cms.get(after["rendition"]["href"])
    assert (fetched.status_code, shown(fetched.content)["shown"]) == (200, ["f1"])
    assert hashlib.sha256(fetched.content).hexdigest() == after["rendition"]["sha256"]
    assert len(fetched.content) == after["rendition"]["bytes"]
    by_hash = [now(cms, sha256) for sha256 in (after["sha256"], after["rendition"]["sha256"])]
    assert by_hash == [after, after]
    assert after["href"] == f"{GATE}/{hashlib.sha256(content).hexdigest()}?channel=website"
    assert after["holds"]


def test_the_same_again_is_the_same_and_is_not_looked_at_twice(school: School, cms: httpx.Client) -> None:
    content = photo(1, 2)
    first = told(ask(cms, content, reference="post-2", key="k1"))
    looked_at = school.screeners.looked_at
    for key in ("k1", "", "k2", "k2"):
        assert told(ask(cms, content, reference="post-2", key=key)) == first
    assert school.screeners.looked_at == looked_at
    for other in ({"text": "Een toren."}, {"reference": "post-3"}, {"channel": "facebook"}):
        refused = ask(cms, content, **{"reference": "post-2", **other}, key="k1")
        assert (refused.status_code, refused.json()["error"]["code"]) == (409, "idempotency_conflict")
    other = told(ask(cms, content, reference="post-2", text="Een toren."))
    assert other["id"] != first["id"]
    assert post_of(other) == post_of(first)
    assert school.screeners.looked_at == looked_at  # it is the same photo of the same post


def test_the_same_from_many_at_once_is_one(school: School, cms: httpx.Client) -> None:
    content, looked_at = photo(1, 3), school.screeners.looked_at
    with ThreadPoolExecutor(8) as pool:
        documents = list(pool.map(lambda key: told(ask(cms, content, reference="post-4", key=f"k3{key}")), range(8)))
    assert {document["id"] for document in documents} == {documents[0]["id"]}
    assert school.screeners.looked_at == looked_at + 1


def test_photos_of_one_article_are_asked_about_together(cms: httpx.Client) -> None:
    documents = [told(ask(cms, photo(1, number), reference="post-5")) for number in (4, 5)]
    elsewhere = told(ask(cms, photo(1, 6), reference="post-6"))
    alone = [told(ask(cms, photo(1, number))) for number in (7, 8)]
    assert post_of(documents[0]) == post_of(documents[1])
    assert len({post_of(document) for document in (*documents, elsewhere, *alone)}) == 4


@pytest.mark.parametrize(
    ("groups", "answering"),
    [
        (["groep 5"], {"juf", "kantoor", "privacy"}),
        (["groep 6"], {"juf van 6", "kantoor", "privacy"}),
        ([], {"kantoor", "privacy"}),
    ],
)
def test_the_groups_teachers_answer_or_the_office(
    school: School, cms: httpx.Client, groups: list[str], answering: set[str]
) -> None:
    post = post_of(told(ask(cms, photo(1, 9), group=groups)))
    listed = set()
    for who in ("juf", "juf van 6", "kantoor", "privacy", "elders"):
        with school.client(who) as client:
            for found in client.get("/v1/posts").json()["posts"]:
                if found["id"] == post:
                    assert found["cms"] == {"name": "tests", "reference": "", "waits": True}
                    listed.add(who)
    assert listed == answering
    with school.client("kantoor") as office:
        assert shown_post(office, post)["cms"] == {"name": "tests", "reference": "", "waits": True}


# --- texts -----------------------------------------------------------------------------------------------


def test_a_text_alone_gets_a_verdict(school: School, cms: httpx.Client) -> None:
    document = told(ask(cms, text="Wij bouwen\neen toren.", reference="post-7"))
    assert (document["outcome"], document["text"]["outcome"], document["holds"]) == (None, "publish", True)
    named = told(ask(cms, text="Wij bouwen\nmet Noor.", reference="post-7"))
    assert (named["text"]["outcome"], named["holds"], named["review"]) == ("reject", False, None)
    assert now(cms, named["sha256"])["text"] == named["text"]
    assert named["sha256"] == hashlib.sha256(b"Wij bouwen\nmet Noor.").hexdigest()


def test_a_word_that_is_no_name_waits_for_somebody_to_say_so(school: School, cms: httpx.Client) -> None:
    with school.door.registry.write(CALLER, Act.EDIT_PEOPLE) as session:
        people.add(session, PersonRecord("roos", name="Roos Achternaam"), {"groep 5"})
    first = told(ask(cms, text="Titel\nRoos in de klas.", reference="post-8"))
    assert first["text"]["outcome"] == "reject"
    post = post_of(first)
    with school.client("juf") as juf:
        document = shown_post(juf, post)
        assert document["text"] == "Titel\nRoos in de klas."
        (asked,) = document["post"]["questions"]
        say(juf, post, [], asked["answer"])
    assert once(cms, first["id"], review=None)["text"]["outcome"] == "publish"
    # The article is edited elsewhere: what was said of that line still holds.
    edited = told(ask(cms, text="Andere titel\nRoos in de klas.", reference="post-8"))
    assert (edited["id"] != first["id"], edited["text"]["outcome"], post_of(edited, post)) == (True, "publish", post)
    with school.client("juf") as juf:
        assert shown_post(juf, post)["text"] == "Andere titel\nRoos in de klas."


def test_a_name_in_the_name_of_a_file_is_told_also_of_the_same_photo_again(cms: httpx.Client) -> None:
    sent = [
        told(ask(cms, photo(0, 40), reference="post-10", file_name=name))
        for name in ("IMG_1.jpg", "toren 2.jpg", "2026-noor_achternaam-2.jpg", "Noor.jpg")
    ]
    assert [document["text"] and document["text"]["outcome"] for document in sent] == [None, None, "reject", "reject"]
    assert [document["outcome"] for document in sent] == ["publish"] * 4
    assert sent[0]["id"] == sent[1]["id"] != sent[2]["id"]


@pytest.mark.parametrize(
    "text",
    [
        "Noor&nbsp;is jarig",
        "Met dank aan de ouders en Noor",
        "Jarig deze week:\nnoor\ndaan",
        "#hoeranoor",
        "12 kinderen, ook Noor\u02bcs broer",
    ],
)
def test_the_gate_finds_in_a_text_what_the_page_finds(text: str, school: School, cms: httpx.Client) -> None:
    with school.client("juf") as juf:
        assert juf.post("/v1/names", json={"text": text, "groups": ["groep 5"]}).json()["hits"]
    assert told(ask(cms, text=text, reference=text))["text"]["outcome"] == "reject"


@pytest.mark.parametrize("name", ["fotovannoor.jpg", "noorjarig.HEIC", "foto.noor", "2026 toren/noor 2.jpg"])
def test_a_name_is_found_in_the_name_of_a_file_however_that_is_written(name: str, cms: httpx.Client) -> None:
    assert told(ask(cms, photo(0, 41), reference=name, file_name=name))["text"]["outcome"] == "reject"


# --- what is refused -------------------------------------------------------------------------------------


def zipped(name: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(name, "x" * 100)
    return content.getvalue()


OTHER_FILES = {
    "pdf": b"%PDF-1.7\n" + b"x" * 100,
    "video": b"\0\0\0\x18ftypmp42" + b"\0" * 100,
    "office": zipped("word/document.xml"),
    "archive": zipped("foto.jpg"),
    "drawing": b'<svg xmlns="http://www.w3.org/2000/svg"></svg>',
    "page": b"<!doctype html><html></html>",
    "sound": b"ID3" + b"\0" * 100,
}


@pytest.mark.parametrize("kind", OTHER_FILES)
def test_what_is_no_photo_is_refused_by_name_and_says_what_then(school: School, cms: httpx.Client, kind: str) -> None:
    for then in (Unjudged.HOLD, Unjudged.ALLOW):
        with school.door.registry.write(CALLER, Act.SET) as session:
            school_settings.set_unjudged(session, "website", then, "proef")
        refused = ask(cms, OTHER_FILES[kind])  # its name says that it is a JPEG
        assert (refused.status_code, refused.json()["error"]["code"]) == (415, f"not_a_photo_{kind}")
        assert refused.json()["error"]["unjudged"] == then
    elsewhere = ask(cms, OTHER_FILES[kind], channel="facebook")
    assert elsewhere.json()["error"]["unjudged"] == "hold"


def test_a_photo_that_cannot_be_judged_is_a_no_and_no_error(cms: httpx.Client) -> None:
    document = told(ask(cms, b"no photo at all"))
    assert (document["outcome"], document["review"], document["rendition"]) == ("reject", None, None)


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"channel": "nergens"}, 422, "unknown_channel"),
        ({"group": ["groep 99"]}, 422, "unknown_group"),
        ({"deadline": "0"}, 422, "bad_form"),
        ({"deadline": "61"}, 422, "bad_form"),
        ({"deadline": "nan"}, 422, "bad_form"),
        ({"taken": "gisteren"}, 422, "bad_form"),
        ({"taken": "2999-01-01"}, 422, "future_day"),
        ({"reference": "x" * 201}, 422, "bad_record"),
        ({"text": "x" * 20_001}, 413, "text_too_long"),
        ({"present": "noor"}, 422, "bad_form"),
    ],
)
def test_what_cannot_be_is_refused(cms: httpx.Client, fields: dict[str, Any], status: int, code: str) -> None:
    refused = ask(cms, photo(1, 10), **fields)
    assert (refused.status_code, refused.json()["error"]["code"]) == (status, code)


def test_nothing_at_all_is_refused(cms: httpx.Client) -> None:
    for answer in (ask(cms), ask(cms, b"")):
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "nothing_to_screen")
    too_large = ask(cms, b"1 faces" + b" " * 1_500_000)
    assert (too_large.status_code, too_large.json()["error"]["code"]) == (413, "too_large")


# --- who -------------------------------------------------------------------------------------------------


def test_nobody_learns_of_what_another_key_sent(school: School, cms: httpx.Client) -> None:
    document = told(ask(cms, photo(0, 11)))
    assert document["outcome"] == "publish"
    asked = [document["id"], document["sha256"], document["rendition"]["sha256"]]
    for who in ("elders", "juf", "privacy", "another"):
        key = school.keys.get(who) or new_key(school, KeyRole.MACHINE)
        with school.door.client(key) as other:
            for which in asked:
                missing = "g_" + uuid.uuid4().hex if which.startswith("g_") else hashlib.sha256(b"").hexdigest()
                answers = [other.get(f"{GATE}/{name}", params={"channel": "website"}) for name in (which, missing)]
                assert [answer.status_code for answer in answers] == [404, 404]
                assert answers[0].json() == answers[1].json()
            assert other.get(f"{GATE}/{document['id']}/rendition").status_code == 404
    assert cms.get(f"{GATE}/{document['sha256']}").json()["error"]["code"] == "bad_form"  # on which channel?
    assert cms.get(f"{GATE}/{document['sha256']}", params={"channel": "facebook"}).status_code == 404


def test_a_teacher_asks_about_the_own_groups_alone(school: School) -> None:
    with school.client("juf") as juf:
        assert told(ask(juf, photo(0, 12)))["outcome"] == "publish"
        for groups in (["groep 6"], []):
            assert ask(juf, photo(0, 13), group=groups).json()["error"]["code"] == "unknown_group"


def test_nothing_that_a_cms_is_told_has_anybody_in_it(school: School, cms: httpx.Client) -> None:
    """Names and ids of people, in whatever it is told: of photos with faces and names, of texts, of errors."""
    secrets = [*"noor daan yara sem kee roos".split(), "achternaam"]
    sent = [
        ask(cms, photo(faces, 20 + faces), text=text, reference=f"post-{faces}", file_name=name)
        for faces in range(4)
        for text, name in (("Noor Achternaam en Daan", "Noor.jpg"), ("Een toren", "Yara Achternaam.jpg"))
    ]
    sent += [ask(cms, text="Noor Achternaam"), ask(cms, photo(1, 30), present="noor"), ask(cms, OTHER_FILES["pdf"])]
    sent += [ask(cms, photo(2, 31), group=group) for group in ([], ["groep 6"], ["groep 5", "groep 6"])]
    asked = [cms.get(answer.json()["href"]) for answer in sent if answer.status_code == 200]
    for answer in sent + asked:
        assert not [name for name in secrets if name in answer.text.lower()], answer.text
        assert "question" not in answer.text


def test_a_key_of_a_cms_opens_nothing_but_the_gate(school: School) -> None:
    paths = httpx.get(f"{school.door.url}/openapi.json", timeout=PATIENCE).json()["paths"]
    with school.door.client(new_key(school, KeyRole.CMS)) as cms:
        given = {"which": "0" * 64, "id": "g_" + "0" * 32, "client_id": uuid.UUID(int=1), "number": 1}
        answers = {
            path: cms.get(path.format_map(Given(given)), params={"channel": "website"})
            for path, methods in paths.items()
            if "get" in methods
        }
        opened = {path for path, answer in answers.items() if answer.status_code != 403}
        of_sources = "/v1/hooks/in/{source}/{incoming_id}"  # of a source with this very key alone
        assert opened == {GATE + "/{which}", GATE + "/{id}/rendition", of_sources, "/healthz", "/readyz"}
        photos = {"photo": ("foto.jpg", photo(1))}
        refused = [
            cms.post("/v1/screenings", data={"channel": "website"}, files=photos),
            cms.post("/v1/names", data={"text": "Noor"}),
        ]
        assert [answer.status_code for answer in refused] == [403, 403]
        assert told(ask(cms, photo(0, 14)))["outcome"] == "publish"


class Given(dict[str, object]):
    """What stands in an address, and for everything else the id of nothing."""

    def __missing__(self, name: str) -> str:
        return "0" * 32


def test_what_the_service_calls_with(school: School, cms: httpx.Client) -> None:
    """Whoever fetches a photo for a CMS gives it to the gate in this way."""
    gate = Gate(school.door.registry, PostService(PostDecisions(DecisionContexts(load_policy()))), post_hours=1)
    request = GateRequest(photo(0, 15), "website", groups=frozenset({"groep 5"}), reference="post-9")
    caller = api_keys.identify(school.door.registry.database, school.keys["cms"])
    ticket = gate.take(caller, request)
    assert once(cms, ticket.id, status="done")["outcome"] == "publish"
