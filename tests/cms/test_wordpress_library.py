"""The library of a site as it was before the plugin, and what may stand there afterwards."""

from __future__ import annotations

import base64
import re
import subprocess
from pathlib import Path

import pytest
from tests.cms.client import WordPress
from tests.cms.gate import FakeGate, Outcome
from tests.cms.photos import digest, is_rendition, original, shows_original
from tests.cms.ways import log_in
from tests.waiting import PATIENCE


def insert_old(wordpress: WordPress, content: bytes, name: str) -> int:
    """A photo that is in the library since before the plugin, with its sizes."""
    folder = wordpress.site.uploads / "2019"
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)
    code = f"""
        global $wpdb;
        remove_all_filters('wp_image_editors');
        $values = ['post_type' => 'attachment', 'post_status' => 'inherit', 'post_mime_type' => 'image/jpeg'];
        $wpdb->insert($wpdb->posts, $values);
        $id = $wpdb->insert_id;
        $values = ['post_id' => $id, 'meta_key' => '_wp_attached_file', 'meta_value' => '2019/{name}'];
        $wpdb->insert($wpdb->postmeta, $values);
        wp_update_attachment_metadata($id, wp_generate_attachment_metadata($id, get_attached_file($id)));
        return $id;
    """
    return int(wordpress.run("php", code.encode())["value"])


def command(wordpress: WordPress, name: str) -> subprocess.CompletedProcess[str]:
    """`wp fotopoort NAME`."""
    script = Path(__file__).parent / "cli.php"
    return subprocess.run(
        ["php", str(script), str(wordpress.site.folder / "site"), name],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def originals(wordpress: WordPress) -> list[str]:
    files = [path for path in wordpress.site.uploads.rglob("*") if path.is_file()]
    return [path.name for path in files if shows_original(path.read_bytes())]


def test_what_was_there_is_looked_at_when_somebody_says_so(shared_wordpress: WordPress, gate: FakeGate) -> None:
    wordpress = shared_wordpress
    states: dict[Outcome, str] = {"publish": "cleared", "reject": "refused", "not_yet": "waiting"}
    attachments = {}
    for outcome in states:
        content = original(f"old {outcome}")
        gate.outcomes[digest(content)] = outcome
        attachments[outcome] = insert_old(wordpress, content, f"oud-{outcome}.jpg")
    assert len(originals(wordpress)) >= 6
    page = log_in(wordpress).get("/wp-admin/options-general.php?page=fotopoort").text
    assert re.search(r"(3 photos have not been looked at|3 foto’s zijn nog niet bekeken)", page)
    ended = command(wordpress, "screen")
    assert (ended.returncode, ended.stdout.splitlines()[-2:]) == (0, ["3 of 3", "Success: Every photo was looked at."])
    assert originals(wordpress) == []
    for outcome, state in states.items():
        assert (wordpress.photo(attachments[outcome]) or {})["state"] == state
        assert wordpress.media(attachments[outcome])["source_url"].endswith(f"2019/oud-{outcome}.jpg")
    assert all(is_rendition(file.content) for file in wordpress.files(attachments["publish"]).values())
    assert re.search(r"^waiting: [1-9]", command(wordpress, "status").stdout, re.MULTILINE)
    # What was refused is kept sealed, so it can come back when somebody may be shown after all.
    gate.outcomes[digest(original("old reject"))] = "publish"
    list_page = log_in(wordpress).get("/wp-admin/upload.php?mode=list&fotopoort=refused").text
    link = re.search(rf'href="([^"]*fotopoort_ask_again[^"]*attachment={attachments["reject"]}&[^"]*)"', list_page)
    assert link is not None
    log_in(wordpress).get(link[1].replace("&#038;", "&").replace("&amp;", "&"))
    assert (wordpress.photo(attachments["reject"]) or {})["state"] == "cleared"


def test_looking_stops_where_fotopoort_is_away_and_loses_nothing(shared_wordpress: WordPress, gate: FakeGate) -> None:
    wordpress = shared_wordpress
    content = original("old and away")
    attachment = insert_old(wordpress, content, "oud-weg.jpg")
    gate.away = True
    ended = command(wordpress, "screen")
    assert (ended.returncode, "does not answer" in ended.stdout) == (1, True)
    assert wordpress.photo(attachment) is None
    assert len(originals(wordpress)) == 3  # it may be the only copy, and nobody could say anything of it
    gate.away = False
    assert command(wordpress, "screen").returncode == 0
    assert (wordpress.photo(attachment) or {})["state"] == "cleared"
    assert originals(wordpress) == []


def test_stop_is_heard_while_fotopoort_is_asked(shared_wordpress: WordPress, gate: FakeGate) -> None:
    wordpress = shared_wordpress
    attachment = insert_old(wordpress, original("old, stopped"), "oud-stop.jpg")
    code = """
        $backlog = Fotopoort\\Plugin::get()->backlog;
        $backlog->start();
        add_filter('pre_http_request', function () {
            update_option('fotopoort_backlog', ['state' => 'stopped'] + get_option('fotopoort_backlog'));
            return new WP_Error('away');
        });
        $backlog->step();
        $backlog->resume();
        return $backlog->state();
    """
    assert wordpress.run("php", code.encode())["value"] == "stopped"
    assert command(wordpress, "screen").returncode == 0
    assert (wordpress.photo(attachment) or {})["state"] == "cleared"


def test_an_old_photo_that_cannot_be_kept_stays_as_it_is(shared_wordpress: WordPress, gate: FakeGate) -> None:
    wordpress = shared_wordpress
    content = original("old, no hold")
    attachment = insert_old(wordpress, content, "oud-bewaard.jpg")
    screen = f"Fotopoort\\Plugin::get()->backlog->screen({attachment})"
    full = "define('FOTOPOORT_HOLD', '/nowhere'); add_filter('pre_option_fotopoort_hold_folder', fn() => '');"
    assert wordpress.run("php", f"{full} return {screen};".encode())["value"] == "away"
    broken = "add_filter('query', fn($sql) => str_contains($sql, 'INSERT INTO `wp_fotopoort_photos`') ? 'x' : $sql);"
    before = set(wordpress.site.folder.glob("fotopoort-*/*.sealed"))
    quiet = "$GLOBALS['wpdb']->suppress_errors();"
    assert wordpress.run("php", f"{quiet} {broken} return {screen};".encode())["value"] == "away"
    assert set(wordpress.site.folder.glob("fotopoort-*/*.sealed")) == before
    assert (wordpress.site.uploads / "2019/oud-bewaard.jpg").read_bytes() == content
    assert wordpress.photo(attachment) is None
    wordpress.php(screen)
    assert (wordpress.photo(attachment) or {})["state"] == "cleared"


@pytest.mark.parametrize("outcome", ["publish", "not_yet"])
def test_what_the_ledger_cannot_note_is_not_placed(
    shared_wordpress: WordPress, gate: FakeGate, outcome: Outcome
) -> None:
    gate.default = outcome
    before = set(shared_wordpress.site.folder.glob("fotopoort-*/*.sealed"))
    code = f"""
        $GLOBALS['wpdb']->suppress_errors();
        add_filter('query', fn($sql) => str_contains($sql, 'INSERT INTO `wp_fotopoort_photos`') ? 'x' : $sql);
        $bytes = base64_decode('{base64.b64encode(original(f"no ledger {outcome}")).decode()}');
        $context = Fotopoort\\Photos\\Context::ofRequest();
        $screened = Fotopoort\\Plugin::get()->screening->screen($bytes, 'x.jpg', $context);
        return [$screened->state, $screened->bytes === null];
    """
    assert shared_wordpress.run("php", code.encode())["value"] == ["away", True]
    assert set(shared_wordpress.site.folder.glob("fotopoort-*/*.sealed")) == before


def test_a_photo_that_is_replaced_in_place_is_looked_at(shared_wordpress: WordPress, gate: FakeGate) -> None:
    wordpress = shared_wordpress
    attachment = wordpress.upload(original("first"), "vervang.jpg").json()["id"]
    other = original("in its place")
    gate.outcomes[digest(other)] = "reject"
    code = f"""
        $path = get_attached_file({attachment});
        file_put_contents($path, base64_decode('{base64.b64encode(other).decode()}'));
        wp_update_attachment_metadata({attachment}, wp_generate_attachment_metadata({attachment}, $path));
    """
    wordpress.run("php", code.encode())
    assert (wordpress.photo(attachment) or {})["state"] == "refused"
    assert originals(wordpress) == []


def test_sizes_whose_photo_is_gone_are_looked_at(shared_wordpress: WordPress, gate: FakeGate) -> None:
    wordpress = shared_wordpress
    attachment = insert_old(wordpress, original("gone, sizes left"), "half-weg.jpg")
    (wordpress.site.uploads / "2019/half-weg.jpg").unlink()
    assert originals(wordpress) != []
    gate.default = "reject"
    wordpress.php(f"Fotopoort\\Plugin::get()->backlog->screen({attachment})")
    assert (wordpress.photo(attachment) or {})["state"] == "refused"
    assert originals(wordpress) == []


def test_what_is_held_for_nobody_goes(shared_wordpress: WordPress, gate: FakeGate) -> None:
    wordpress = shared_wordpress
    gate.default = "late"
    before = set(wordpress.site.folder.glob("fotopoort-*/*.sealed"))
    attachment = wordpress.upload(original("for nobody")).json()["id"]
    wordpress.run("query", f"DELETE FROM wp_postmeta WHERE post_id = {attachment}".encode())  # noqa: S608
    gate.photos.pop(digest(original("for nobody")))
    wordpress.due()
    wordpress.run_schedule()
    assert set(wordpress.site.folder.glob("fotopoort-*/*.sealed")) <= before


def test_only_one_run_takes_a_photo(shared_wordpress: WordPress, gate: FakeGate) -> None:
    code = """
        global $wpdb;
        $other = new wpdb(DB_USER, DB_PASSWORD, DB_NAME, DB_HOST);
        $lock = md5("fotopoort backlog $wpdb->dbname $wpdb->prefix");
        $other->get_var("SELECT GET_LOCK('$lock', 0)");
        $step = Fotopoort\\Plugin::get()->backlog->step(...);
        $taken = $step();
        $other->get_var("SELECT RELEASE_LOCK('$lock')");
        return [$taken, $step()];
    """
    assert shared_wordpress.run("php", code.encode())["value"] == [False, True]


def test_an_old_photo_that_is_edited_is_looked_at_first(shared_wordpress: WordPress, gate: FakeGate) -> None:
    wordpress = shared_wordpress
    for outcome, state in {"publish": "cleared", "reject": "refused"}.items():
        gate.default = outcome  # type: ignore[assignment]
        attachment = insert_old(wordpress, original(f"old, edited, {outcome}"), f"oud-draai-{outcome}.jpg")
        code = f"""
            $_REQUEST += ['target' => 'all', 'do' => 'save', 'history' => '[{{"r":90}}]', 'context' => ''];
            require_once ABSPATH . 'wp-admin/includes/image-edit.php';
            return wp_save_image({attachment});
        """
        wordpress.run("php", code.encode())
        assert (wordpress.photo(attachment) or {})["state"] == state
        assert originals(wordpress) == []
        wordpress.php(f"wp_delete_attachment({attachment}, true)")


def test_an_editor_writes_nothing_of_what_is_called_back_meanwhile(shared_wordpress: WordPress, gate: FakeGate) -> None:
    wordpress = shared_wordpress
    attachment = wordpress.upload(original("called back meanwhile")).json()["id"]
    code = f"""
        $path = get_attached_file({attachment});
        $editor = wp_get_image_editor($path);
        $plugin = Fotopoort\\Plugin::get();
        $plugin->placement->revoke($plugin->ledger->ofAttachment({attachment}));
        $saved = $editor->save(dirname($path) . '/late.jpg');
        return [is_wp_error($saved) ? $saved->get_error_code() : '', $editor->multi_resize(['x' => ['width' => 50]])];
    """
    assert wordpress.run("php", code.encode())["value"] == ["fotopoort_unseen", []]
    assert not list(wordpress.site.uploads.rglob("late*"))


def test_what_cannot_be_deleted_is_told_and_goes_later(shared_wordpress: WordPress, gate: FakeGate) -> None:
    wordpress = shared_wordpress
    attachment = wordpress.upload(original("of another user"), "vast.jpg").json()["id"]
    stuck = sorted(wordpress.site.uploads.rglob("vast*"))
    assert len(stuck) >= 3
    code = f"""
        add_filter('wp_delete_file', '__return_empty_string');  // as where the folder is another user's
        $plugin = Fotopoort\\Plugin::get();
        $plugin->placement->revoke($plugin->ledger->ofAttachment({attachment}));
        $plugin->files->retry();
        $page = new Fotopoort\\Admin\\SiteHealth($plugin->settings, $plugin->transport, $plugin->hold, $plugin->files);
        return $page->test();
    """
    told = wordpress.run("php", code.encode())["value"]
    assert told["status"] == "critical"
    assert all(str(path) in told["description"] for path in stuck)
    wordpress.run_schedule()
    assert not any(path.exists() for path in stuck)
    assert wordpress.php("Fotopoort\\Plugin::get()->files->stuck()") == []


def test_where_nothing_can_be_written_the_original_is_kept(shared_wordpress: WordPress, gate: FakeGate) -> None:
    wordpress = shared_wordpress
    attachment = insert_old(wordpress, original("no room"), "vol.jpg")
    blocker = wordpress.site.uploads / "2019/vol.jpg.part"
    blocker.mkdir()
    wordpress.php(f"Fotopoort\\Plugin::get()->backlog->screen({attachment})")
    assert (wordpress.photo(attachment) or {})["state"] == "away"
    blocker.rmdir()
    wordpress.due()
    wordpress.run_schedule()
    assert (wordpress.photo(attachment) or {})["state"] == "cleared"
    assert all(is_rendition(file.content) for file in wordpress.files(attachment).values())


def test_what_was_marked_and_not_taken_down_goes_at_the_next_question(
    shared_wordpress: WordPress, gate: FakeGate
) -> None:
    wordpress = shared_wordpress
    content = original("killed between")
    attachment = insert_old(wordpress, content, "halverwege.jpg")
    gate.outcomes[digest(content)] = "not_yet"
    code = f"""
        $plugin = Fotopoort\\Plugin::get();
        $bytes = file_get_contents(get_attached_file({attachment}));
        $values = ['source' => hash('sha256', $bytes), 'held' => $plugin->hold->put($bytes)];
        $values += ['state' => 'away', 'found' => 1];
        $plugin->files->mark({attachment}, $plugin->ledger->add($values));
    """
    wordpress.run("php", code.encode())
    wordpress.due()
    wordpress.run_schedule()
    assert (wordpress.photo(attachment) or {})["state"] == "waiting"
    assert originals(wordpress) == []
