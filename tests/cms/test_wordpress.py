"""A photo comes into WordPress, by every way that there is."""

from __future__ import annotations

from typing import Final, get_args

import pytest
from tests.cms.client import WordPress
from tests.cms.gate import SENTENCES, FakeGate, Outcome
from tests.cms.photos import FORMATS, digest, is_rendition, original, shows_original
from tests.cms.ways import WAYS, Arrival, Way, copied, media_sideload_image, rest_multipart, upload_bits

SIZES: Final = {"source", "thumbnail", "medium"}


def name_of(way: Way) -> str:
    return way.__name__


def expect_rendition(wordpress: WordPress, arrival: Arrival, sizes: set[str] = SIZES) -> None:
    """Everything that visitors can get of an attachment is made from a rendition."""
    assert arrival.attachment is not None, arrival
    files = wordpress.files(arrival.attachment)
    assert set(files) >= sizes
    assert all(is_rendition(file.content) for file in files.values())
    media = wordpress.media(arrival.attachment)
    assert (media["mime_type"], media["source_url"][-4:]) == ("image/jpeg", ".jpg")


def expect_placeholder(wordpress: WordPress, arrival: Arrival) -> None:
    """There is a picture of nobody."""
    assert arrival.attachment is not None, arrival
    files = wordpress.files(arrival.attachment)
    assert files["source"].status_code == 200
    assert not any(is_rendition(file.content) for file in files.values())


def is_thorough(way: Way, outcome: Outcome) -> bool:
    """Left to `make wordpress`: a way comes once more to the same lines."""
    return outcome in ("blur", "late", "not_yet", "away", "slow") and way not in (rest_multipart, upload_bits)


def thorough(condition: bool) -> list[pytest.MarkDecorator]:
    """The mark of what is left to `make wordpress`."""
    return [pytest.mark.wordpress] if condition else []


CASES: Final = [
    pytest.param(way, outcome, marks=thorough(is_thorough(way, outcome)), id=f"{way.__name__}-{outcome}")
    for way in WAYS
    for outcome in get_args(Outcome)
    if outcome not in ("slow", "pdf")
]


@pytest.mark.parametrize(("way", "outcome"), CASES)
def test_what_becomes_of_a_photo(wordpress: WordPress, gate: FakeGate, way: Way, outcome: Outcome) -> None:
    wordpress.speak("nl_NL")
    content = original(f"{way.__name__} {outcome}")
    gate.outcomes[digest(content)] = outcome
    arrival = way(wordpress, gate, content, "juf.jpg")
    if outcome in ("publish", "blur"):
        expect_rendition(wordpress, arrival)
    elif outcome in ("late", "not_yet"):
        expect_placeholder(wordpress, arrival)
        gate.answer_later(digest(content), "publish")
        wordpress.due()
        assert wordpress.run_schedule() is True
        expect_rendition(wordpress, arrival)
    else:
        told = SENTENCES["reject"][0] if outcome == "reject" else "Fotopoort is niet bereikbaar."
        assert arrival.attachment is None
        assert told in arrival.sentence
        assert arrival.status in (None, 422 if outcome == "reject" else 503)


def test_a_slow_answer_is_waited_for(wordpress: WordPress, gate: FakeGate) -> None:
    gate.default = "slow"
    expect_rendition(wordpress, rest_multipart(wordpress, gate, original("slow"), "slow.jpg"))


@pytest.mark.parametrize("name", [pytest.param(name, marks=thorough(name == "png")) for name in FORMATS])
def test_every_format_comes_out_as_jpeg(wordpress: WordPress, gate: FakeGate, name: str) -> None:
    content = original(name, name)
    expect_rendition(wordpress, rest_multipart(wordpress, gate, content, f"foto.{name}"))
    assert gate.photos[digest(content)].asked[0]["file_name"] == [f"foto.{name}"]


@pytest.mark.wordpress
@pytest.mark.parametrize("way", WAYS, ids=name_of)
@pytest.mark.parametrize("name", FORMATS[1:])
def test_every_format_by_every_way(wordpress: WordPress, gate: FakeGate, way: Way, name: str) -> None:
    content = original(f"{way.__name__} {name}", name)
    if way is media_sideload_image and name in ("heic", "avif"):
        pytest.skip("WordPress fetches no such address")
    expect_rendition(wordpress, way(wordpress, gate, content, f"foto.{name}"))


@pytest.mark.parametrize("outcome", ["publish", "late", "reject", "away"])
@pytest.mark.parametrize("name", ["jpg", pytest.param("webp", marks=pytest.mark.wordpress)])
def test_a_file_that_was_copied_is_gone_at_once(
    shared_wordpress: WordPress, gate: FakeGate, outcome: Outcome, name: str
) -> None:
    # Without the watcher: nothing stands between a plugin and the disk until it makes an attachment.
    content = original(f"copied {outcome} {name}", name)
    gate.outcomes[digest(content)] = outcome
    arrival = copied(shared_wordpress, gate, content, f"kopie-{outcome}.{name}")
    uploads = shared_wordpress.site.uploads
    assert not [path.name for path in uploads.rglob("*") if path.is_file() and shows_original(path.read_bytes())]
    if outcome == "publish":
        expect_rendition(shared_wordpress, arrival)
        return
    expect_placeholder(shared_wordpress, arrival)
    if outcome != "reject":
        gate.outcomes[digest(content)] = "publish"
        if outcome == "late":
            gate.answer_later(digest(content), "publish")
        shared_wordpress.due()
        assert shared_wordpress.run_schedule() is True
        expect_rendition(shared_wordpress, arrival)


def test_a_crop_of_a_rendition_is_cleared(wordpress: WordPress, gate: FakeGate) -> None:
    arrival = rest_multipart(wordpress, gate, original("to be cropped"), "uitsnede.jpg")
    source = wordpress.media(arrival.attachment or 0)["source_url"]
    asked = len(gate.photos)
    crop = {"src": source, "x": 10, "y": 10, "width": 50, "height": 50, "rotation": 90}
    response = wordpress.api.post(f"/wp-json/wp/v2/media/{arrival.attachment}/edit", json=crop)
    assert response.status_code == 201, response.text
    expect_rendition(wordpress, Arrival(response.json()["id"]), {"source"})
    assert len(gate.photos) == asked
    assert (wordpress.photo(response.json()["id"]) or {})["id"] == (wordpress.photo(arrival.attachment or 0) or {})[
        "id"
    ]


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (b"%PDF-1.4\n%%EOF", "brief.pdf", "pdf"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", "film.mp4", "video"),
        (b"PK\x03\x04", "brief.docx", "Office"),
        (b"ID3\x03\0\0\0\0\0\0", "lied.mp3", "dit soort bestand"),
    ],
)
def test_what_cannot_be_judged_is_refused_unless_the_school_lets_it_in(
    wordpress: WordPress, content: bytes, name: str, told: str
) -> None:
    wordpress.speak("nl_NL")
    response = wordpress.upload(content, name)
    assert response.status_code == 422
    assert told in response.json()["message"]
    wordpress.set_options(fotopoort={"kinds": ["pdf"]})
    assert wordpress.upload(content, name).status_code == (201 if name.endswith("pdf") else 422)


def test_an_address_that_is_none_of_fotopoort_clears_nothing(wordpress: WordPress, gate: FakeGate) -> None:
    # The key is wrong: Fotopoort is there, but says nothing.
    gate.key = "another"
    response = wordpress.upload(original("wrong key"))
    assert (response.status_code, response.json()["code"]) == (503, "fotopoort_away")


def test_category_and_author_say_which_group_is_asked_about(wordpress: WordPress, gate: FakeGate) -> None:
    wordpress.set_options(fotopoort={"groups": {"category:1": "groep 5, groep 6", "author:1": "groep 1"}})
    post = wordpress.api.post("/wp-json/wp/v2/posts", json={"title": "Kamp", "categories": [1]}).json()["id"]
    content = original("with a group")
    wordpress.upload(content, post=str(post))
    asked = gate.photos[digest(content)].asked[0]
    assert (asked["group"], asked["reference"]) == (["groep 5", "groep 6"], [f"post-{post}"])
    content = original("without an article")
    wordpress.upload(content)
    asked = gate.photos[digest(content)].asked[0]
    assert (asked["group"], asked.get("reference")) == (["groep 1"], None)
