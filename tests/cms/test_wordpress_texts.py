"""Texts in WordPress: asked about when they are published."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.cms.client import WordPress
from tests.cms.gate import FORBIDDEN, SENTENCES, FakeGate
from tests.cms.photos import digest, original
from tests.cms.ways import async_upload, log_in, rest_multipart


def insert_post(wordpress: WordPress, **fields: str) -> int:
    """By code, as plugins do."""
    values = ", ".join(f"'{name}' => '{value}'" for name, value in {"post_title": "x", **fields}.items())
    return int(wordpress.php(f"wp_insert_post([{values}])"))


def test_a_text_is_asked_about_when_it_is_published(wordpress: WordPress, gate: FakeGate) -> None:
    wordpress.speak("nl_NL")
    written = {"title": "Kamp", "content": f"<p>{FORBIDDEN} zat in de boot.</p>"}
    draft = wordpress.api.post("/wp-json/wp/v2/posts", json={**written, "status": "draft"})
    assert (draft.status_code, gate.texts) == (201, [])
    response = wordpress.api.post(f"/wp-json/wp/v2/posts/{draft.json()['id']}", json={"status": "publish"})
    assert response.status_code == 422
    assert response.json()["message"] == SENTENCES["text"][0]
    cleaned = {"status": "publish", "content": "<p>Wij zaten in de boot.</p>"}
    right = wordpress.api.post(f"/wp-json/wp/v2/posts/{draft.json()['id']}", json=cleaned)
    assert right.json()["status"] == "publish"


@pytest.mark.parametrize(
    "content",
    [
        f'<img src="x.jpg" alt="{FORBIDDEN}">',
        f'<!-- wp:cover {{"alt":"{FORBIDDEN}"}} --><div></div><!-- /wp:cover -->',
        f"[caption]{FORBIDDEN}[/caption]",
        "<p>Sanne&nbsp;Jansen</p>".replace("&nbsp;", "&#32;"),
    ],
)
def test_a_name_is_found_wherever_people_meet_it(wordpress: WordPress, content: str) -> None:
    response = wordpress.api.post("/wp-json/wp/v2/posts", json={"title": "x", "content": content, "status": "publish"})
    assert response.status_code == 422


def test_the_alt_text_of_a_photo_is_asked_about(wordpress: WordPress) -> None:
    attachment = wordpress.upload(original("alt text")).json()["id"]
    changed = wordpress.api.post(f"/wp-json/wp/v2/media/{attachment}", json={"alt_text": FORBIDDEN})
    assert changed.status_code == 422
    assert wordpress.upload(original("with alt"), alt_text=FORBIDDEN).status_code == 422
    wordpress.php(f"update_post_meta({attachment}, '_wp_attachment_image_alt', '{FORBIDDEN}')")
    wordpress.php(f"wp_update_post(['ID' => {attachment}, 'post_excerpt' => '{FORBIDDEN}'])")
    media = wordpress.media(attachment)
    assert (media["alt_text"], media["caption"]["raw"]) == ("", "")


def test_by_other_ways_a_post_waits(wordpress: WordPress) -> None:
    wordpress.speak("nl_NL")
    new = wordpress.php(
        f"wp_insert_post(['post_title' => 'x', 'post_content' => '{FORBIDDEN}', 'post_status' => 'publish'])"
    )
    assert wordpress.php(f"get_post_status({new})") == "pending"
    assert SENTENCES["text"][0] in log_in(wordpress).get("/wp-admin/edit.php").text
    assert SENTENCES["text"][0] not in log_in(wordpress).get("/wp-admin/edit.php").text
    shown = wordpress.php(
        "wp_insert_post(['post_title' => 'x', 'post_content' => 'Goed.', 'post_status' => 'publish'])"
    )
    wordpress.php(f"wp_update_post(['ID' => {shown}, 'post_content' => '{FORBIDDEN}'])")
    assert wordpress.php(f"[get_post({shown})->post_content, get_post_status({shown})]") == ["Goed.", "publish"]
    assert FORBIDDEN in wordpress.php(f"wp_get_post_autosave({shown})->post_content")


def test_a_planned_post_is_asked_about_when_its_moment_comes(wordpress: WordPress, gate: FakeGate) -> None:
    day = f"{datetime.now(UTC) + timedelta(days=400):%Y-%m-%d %H:%M:%S}"
    post = insert_post(wordpress, post_content="Straks.", post_status="future", post_date=day)
    assert wordpress.php(f"get_post_status({post})") == "future"
    wordpress.run("query", b"UPDATE wp_fotopoort_files SET created_at = 0")
    gate.away = True
    wordpress.php(f"wp_publish_post({post})")
    assert wordpress.php(f"get_post_status({post})") == "pending"


def test_without_fotopoort_nothing_is_published(wordpress: WordPress, gate: FakeGate) -> None:
    wordpress.speak("nl_NL")
    gate.away = True
    response = wordpress.api.post("/wp-json/wp/v2/posts", json={"title": "x", "content": "Weg.", "status": "publish"})
    assert response.status_code == 503
    assert response.json()["message"].startswith("Fotopoort is niet bereikbaar.")


def test_a_photo_is_not_placed_under_the_name_of_a_child(wordpress: WordPress, gate: FakeGate) -> None:
    """The name is in the file's address, and in the title that WordPress makes of it."""
    wordpress.speak("nl_NL")
    refused = wordpress.upload(original("by its name"), f"{FORBIDDEN}.jpg")
    assert (refused.status_code, refused.json()["message"]) == (422, SENTENCES["text"][0])
    gate.default = "late"
    assert wordpress.upload(original("by its name, late"), f"{FORBIDDEN}.jpg").status_code == 422
    gate.default = "publish"
    uploaded = wordpress.upload(original("by its name"), "kamp.jpg")
    assert uploaded.status_code == 201
    # What is placed is not asked about once more, so nobody looks at the name that it has by now.
    placed = wordpress.files(uploaded.json()["id"])["source"].content
    for way in (rest_multipart, async_upload):
        again = way(wordpress, gate, placed, f"{FORBIDDEN}.jpg").attachment
        assert again is not None
        assert FORBIDDEN.lower() not in str(wordpress.media(again)).lower()
        assert digest(wordpress.files(again)["source"].content) == digest(placed)
