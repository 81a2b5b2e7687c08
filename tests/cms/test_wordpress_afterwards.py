"""What becomes of a photo that is in WordPress: called back, asked about again."""

from __future__ import annotations

import base64
import json
import time
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tests.cms.client import WordPress
from tests.cms.gate import SENTENCES, FakeGate
from tests.cms.photos import digest, is_rendition, original, shows_original
from tests.cms.ways import log_in

SIGNER = Ed25519PrivateKey.from_private_bytes(b"7" * 32)
PUBLIC = "whpk_" + base64.b64encode(SIGNER.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


def send(wordpress: WordPress, kind: str, data: dict[str, str], **changes: str) -> httpx.Response:
    """A message of Fotopoort's, by the Standard Webhooks specification; `changes` are of its headers and its body."""
    body = changes.get("body") or json.dumps({"type": kind, "timestamp": "2026-11-29T20:00:00Z", "data": data})
    stamp = changes.get("timestamp") or str(int(time.time()))
    signature = base64.b64encode(SIGNER.sign(f"msg_1.{stamp}.{body}".encode())).decode()
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": stamp,
        "webhook-signature": changes.get("signature") or f"v1,abc v1a,{signature}",
        "content-type": "application/json",
    }
    sent = changes.get("sent") or body
    return wordpress.anonymous.post("/wp-json/fotopoort/v1/hook", content=sent, headers=headers)


def upload(wordpress: WordPress, seed: str) -> tuple[int, str]:
    """The attachment of a new photo, and the photo's SHA-256."""
    content = original(seed)
    response = wordpress.upload(content, f"{seed.replace(' ', '-')}.jpg")
    assert response.status_code == 201, response.text
    return response.json()["id"], digest(content)


def addresses(wordpress: WordPress, attachment: int) -> list[str]:
    return [str(file.url) for file in wordpress.files(attachment).values()]


def sealed(wordpress: WordPress) -> set[Path]:
    """The files of what is held."""
    return set(wordpress.site.folder.glob("fotopoort-*/*.sealed"))


@pytest.fixture
def listening(wordpress: WordPress) -> WordPress:
    """It knows Fotopoort's public key."""
    wordpress.set_options(fotopoort={"webhook_key": PUBLIC})
    return wordpress


def test_a_photo_that_is_called_back_is_gone_in_every_size(listening: WordPress, gate: FakeGate) -> None:
    attachment, source = upload(listening, "called back")
    crop = {"src": listening.media(attachment)["source_url"], "x": 0, "y": 0, "width": 50, "height": 50}
    cropped = listening.api.post(f"/wp-json/wp/v2/media/{attachment}/edit", json=crop).json()["id"]
    gone = [*addresses(listening, attachment), *addresses(listening, cropped)]
    assert len(gone) >= 4
    data = {"id": "g_1", "sha256": source, "channel": "website", "href": f"/v1/gate/{source}"}
    assert send(listening, "verdict.revoked", data).status_code == 204
    assert {listening.anonymous.get(address).status_code for address in gone} == {404}
    assert (listening.photo(attachment) or {})["state"] == "revoked"
    # Neither does it come back by its own rendition.
    assert listening.php(f"wp_get_attachment_image_src({attachment})") is False


def test_a_file_that_two_attachments_share_is_gone_too(listening: WordPress) -> None:
    attachment, source = upload(listening, "shared by two")
    gone = addresses(listening, attachment)
    listening.php(f"wp_insert_attachment(['post_mime_type' => 'image/jpeg'], get_attached_file({attachment}))")
    assert send(listening, "verdict.revoked", {"sha256": source, "channel": "website"}).status_code == 204
    assert {listening.anonymous.get(address).status_code for address in gone} == {404}


def test_what_another_plugin_made_of_it_elsewhere_is_gone_too(listening: WordPress) -> None:
    attachment, source = upload(listening, "made elsewhere")
    code = f"""
        $folder = wp_upload_dir()['basedir'] . '/cache-of-theme';
        wp_mkdir_p($folder);
        $editor = wp_get_image_editor(get_attached_file({attachment}));
        $editor->resize(60, 60);
        return $editor->save("$folder/small.jpg")['path'];
    """
    made = Path(listening.run("php", code.encode())["value"])
    assert made.exists()
    assert send(listening, "verdict.revoked", {"sha256": source, "channel": "website"}).status_code == 204
    assert not made.exists()


def test_a_table_of_an_earlier_version_is_completed(listening: WordPress) -> None:
    listening.run("query", b"ALTER TABLE wp_fotopoort_files DROP COLUMN path")
    listening.set_options(fotopoort_schema="1")
    assert listening.anonymous.get("/").status_code == 200
    assert listening.run("query", b"SHOW COLUMNS FROM wp_fotopoort_files LIKE 'path'")["rows"]


def test_caches_are_emptied(listening: WordPress) -> None:
    attachment, source = upload(listening, "in caches")
    before = listening.php("get_option('purged', [])")
    send(listening, "verdict.revoked", {"sha256": source, "channel": "website"})
    purged = listening.php("get_option('purged', [])")[len(before) :]
    assert {*purged} == {"wp_cache_clear_cache", "w3tc_flush_all", "rocket_clean_domain", "litespeed_purge_all"}
    assert (listening.photo(attachment) or {})["state"] == "revoked"


@pytest.mark.parametrize(
    "changes",
    [
        {"timestamp": str(int(time.time()) - 400)},
        {"timestamp": "tomorrow"},
        {"signature": "v1a," + base64.b64encode(b"7" * 64).decode()},
        {"signature": "v1a,?"},
        {"signature": "v1a"},
        {"sent": "{}"},
        {"sent": f'"{"x" * 30_000}"'},
    ],
)
def test_a_message_without_a_right_signature_does_nothing(listening: WordPress, changes: dict[str, str]) -> None:
    attachment, source = upload(listening, f"forged {changes!s:.40}")
    response = send(listening, "verdict.revoked", {"sha256": source, "channel": "website"}, **changes)
    assert response.status_code == 401
    assert (listening.photo(attachment) or {})["state"] == "cleared"


def test_another_rendition_takes_the_place_of_one_that_is_called_back(listening: WordPress, gate: FakeGate) -> None:
    attachment, source = upload(listening, "covered more")
    before = digest(listening.files(attachment)["source"].content)
    gate.give_another(source)
    message = {"sha256": source, "channel": "website", "rendition_sha256": before}
    assert send(listening, "verdict.revoked", message).status_code == 204
    after = digest(listening.files(attachment)["source"].content)
    assert after == digest(gate.photos[source].rendition) != before
    assert send(listening, "verdict.revoked", message).status_code == 204  # once more, late
    assert digest(listening.files(attachment)["source"].content) == after


def test_a_message_of_another_channel_does_nothing(listening: WordPress) -> None:
    attachment, source = upload(listening, "another channel")
    assert send(listening, "verdict.revoked", {"sha256": source, "channel": "facebook"}).status_code == 204
    assert (listening.photo(attachment) or {})["state"] == "cleared"


def test_the_answer_of_a_teacher_comes_by_itself(listening: WordPress, gate: FakeGate) -> None:
    listening.speak("nl_NL")
    before = sealed(listening)
    gate.default = "not_yet"
    attachment, source = upload(listening, "a question")
    page = log_in(listening).get("/wp-admin/upload.php?mode=list&fotopoort=waiting").text
    assert SENTENCES["not_yet"][0] in page
    assert "https://fotopoort.example/posts/7" in page
    old = listening.media(attachment)["source_url"]
    gate.answer_later(source, "blur")
    assert send(listening, "screening.done", {"sha256": source, "channel": "website"}).status_code == 204
    files = listening.files(attachment)
    assert all(is_rendition(file.content) for file in files.values())
    assert listening.media(attachment)["source_url"] == old
    assert sealed(listening) == before


def test_what_waits_is_sealed_outside_the_site(wordpress: WordPress, gate: FakeGate) -> None:
    gate.default = "late"
    before = sealed(wordpress)
    content = original("sealed")
    attachment = wordpress.upload(content).json()["id"]
    (held,) = sealed(wordpress) - before
    assert content[:200] not in held.read_bytes()
    assert not shows_original(held.read_bytes())
    wordpress.api.delete(f"/wp-json/wp/v2/media/{attachment}", params={"force": "true"})
    assert not held.exists()


def test_posts_show_the_photo_where_they_showed_its_placeholder(wordpress: WordPress, gate: FakeGate) -> None:
    gate.default = "late"
    content = original("odd", size=(1000, 300))  # of another shape than the rendition, so sizes have other names
    attachment = wordpress.upload(content, "vorm.jpg").json()["id"]
    medium = wordpress.media(attachment)["media_details"]["sizes"]["medium"]["source_url"]
    post = {"title": "Vorm", "content": f'<img class="wp-image-{attachment}" src="{medium}">', "status": "publish"}
    link = wordpress.api.post("/wp-json/wp/v2/posts", json=post).json()["link"]
    gate.answer_later(digest(content), "publish")
    wordpress.due()
    wordpress.run_schedule()
    assert wordpress.anonymous.get(medium).status_code == 404
    assert (
        wordpress.media(attachment)["media_details"]["sizes"]["medium"]["source_url"]
        in wordpress.anonymous.get(link).text
    )


def test_a_long_run_sees_what_is_taken_away_meanwhile(wordpress: WordPress, gate: FakeGate) -> None:
    attachment, _ = upload(wordpress, "shown in a long run")
    code = f"""
        $ledger = Fotopoort\\Plugin::get()->ledger;
        $seen = [$ledger->isRevoked({attachment})];
        $revoke = "UPDATE wp_fotopoort_photos p JOIN wp_postmeta m ON m.meta_value = p.id
            SET p.state = 'revoked' WHERE m.meta_key = '_fotopoort_photo' AND m.post_id = {attachment}";
        $GLOBALS['wpdb']->query($revoke);  // as another process does
        sleep(4);
        $seen[] = $ledger->isRevoked({attachment});
        $GLOBALS['wpdb']->suppress_errors();
        add_filter('query', fn($sql) => str_contains($sql, 'SELECT id FROM') ? 'x' : $sql);
        sleep(4);
        $seen[] = $ledger->isRevoked({attachment});
        return $seen;
    """  # noqa: S608
    assert wordpress.run("php", code.encode())["value"] == [False, True, True]


def test_after_an_outage_everything_is_asked_again(wordpress: WordPress, gate: FakeGate) -> None:
    kept, _ = upload(wordpress, "still holds")
    gone, source = upload(wordpress, "does not hold")
    wordpress.set_options(fotopoort_asked_at=int(time.time()), fotopoort_recheck=0)  # as after a run a moment ago
    wordpress.run_schedule()  # what was placed just now is asked about once more
    gate.photos[source].holds = False
    gate.asked_again.clear()
    wordpress.run_schedule()
    assert gate.asked_again == []  # Fotopoort would have said so
    two_days = int(time.time()) - 48 * 3600
    wordpress.set_options(fotopoort_asked_at=two_days)
    wordpress.run("query", f"UPDATE wp_fotopoort_photos SET checked_at = {two_days}".encode())  # noqa: S608
    wordpress.run_schedule()
    assert (wordpress.photo(gone) or {})["state"] == "revoked"
    assert (wordpress.photo(kept) or {})["state"] == "cleared"


def test_what_fotopoort_forgot_is_looked_at_anew(wordpress: WordPress, gate: FakeGate) -> None:
    attachment, source = upload(wordpress, "forgotten")
    del gate.photos[source]
    gate.default = "reject"
    wordpress.due()
    wordpress.set_options(fotopoort_asked_at=0)
    wordpress.run_schedule()
    assert (wordpress.photo(attachment) or {})["state"] == "refused"
    assert not any(is_rendition(file.content) for file in wordpress.files(attachment).values())


def test_somebody_elses_404_empties_nothing(wordpress: WordPress) -> None:
    attachment, _ = upload(wordpress, "wrong address")
    wordpress.due()
    code = """
        $answer = ['response' => ['code' => 404], 'body' => '{"code":"rest_no_route"}', 'headers' => []];
        add_filter('pre_http_request', fn() => $answer);
        return Fotopoort\\Plugin::get()->schedule->run();
    """
    assert wordpress.run("php", code.encode())["value"] is False
    assert (wordpress.photo(attachment) or {})["state"] == "cleared"
    assert all(is_rendition(file.content) for file in wordpress.files(attachment).values())


def test_what_must_go_does_not_wait_for_what_gets_no_answer(wordpress: WordPress, gate: FakeGate) -> None:
    gate.default = "late"
    waiting = [upload(wordpress, f"no answer {i}")[1] for i in range(2)]
    gate.default = "publish"
    gone, source = upload(wordpress, "must go")
    late, _ = upload(wordpress, "still holds, after")
    gate.photos[source].holds = False
    wordpress.due()
    code = f"""
        $bad = '~{"|".join(waiting)}~';
        add_filter('pre_http_request', fn($no, $how, $url) => preg_match($bad, $url) ? new WP_Error('x') : $no, 10, 3);
        return Fotopoort\\Plugin::get()->schedule->run();
    """
    assert wordpress.run("php", code.encode())["value"] is False
    assert (wordpress.photo(gone) or {})["state"] == "revoked"
    assert (wordpress.photo(late) or {})["state"] == "cleared"
    assert wordpress.run_schedule() is True
