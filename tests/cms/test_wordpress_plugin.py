"""What the plugin is to those who look after a site: the library as it was, commands, who may do what, and its end."""

from __future__ import annotations

import base64
import io
import re
import zipfile

import pytest
from tests.cms.client import WordPress
from tests.cms.gate import SENTENCES, FakeGate
from tests.cms.photos import original
from tests.cms.ways import log_in

LEFT = """
    define('WP_UNINSTALL_PLUGIN', 'fotopoort/fotopoort.php');
    require WP_PLUGIN_DIR . '/fotopoort/uninstall.php';
    global $wpdb;
    wp_cache_flush();
    return [
        ...$wpdb->get_col("SHOW TABLES LIKE '%fotopoort%'"),
        ...$wpdb->get_col("SELECT option_name FROM $wpdb->options WHERE option_name LIKE '%fotopoort%'"),
        ...$wpdb->get_col("SELECT meta_key FROM $wpdb->postmeta WHERE meta_key LIKE '%fotopoort%'"),
        ...$wpdb->get_col("SELECT meta_key FROM $wpdb->usermeta WHERE meta_key LIKE '%fotopoort%'"),
        ...(str_contains((string) wp_json_encode(_get_cron_array()), 'fotopoort') ? ['cron'] : []),
        ...glob(dirname(ABSPATH) . '/fotopoort-*'),
    ];
"""


def test_the_temporary_file_is_empty_while_the_photo_is_asked_about(
    shared_wordpress: WordPress, gate: FakeGate
) -> None:
    code = f"""
        $path = wp_tempnam('x.jpg');
        file_put_contents($path, base64_decode('{base64.b64encode(original("temporary")).decode()}'));
        $sizes = [];
        add_filter('pre_http_request', function ($none) use ($path, &$sizes) {{
            clearstatcache();
            $sizes[] = filesize($path);
            return $none;
        }});
        $file = apply_filters('wp_handle_sideload_prefilter', ['name' => 'x.jpg', 'tmp_name' => $path, 'error' => 0]);
        return [$sizes, empty($file['error']), filesize($path) === $file['size'], unlink($path)];
    """
    sizes, *rest = shared_wordpress.run("php", code.encode())["value"]
    assert {*sizes} == {0}
    assert rest == [True, True, True]


@pytest.mark.parametrize("action", ["fotopoort_save", "fotopoort_backlog_action", "fotopoort_ask_again&attachment=1"])
def test_nothing_changes_without_its_nonce(wordpress: WordPress, action: str) -> None:
    before = wordpress.php("[get_option('fotopoort'), get_option('fotopoort_backlog')]")
    answer = log_in(wordpress).post(f"/wp-admin/admin-post.php?action={action}", data={"fotopoort[channel]": "stolen"})
    assert answer.status_code == 403
    assert wordpress.php("[get_option('fotopoort'), get_option('fotopoort_backlog')]") == before


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://fotopoort.example/", "https://fotopoort.example"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://fotopoort.example", ""),  # the key would be there for everybody to read
        ("http://127.0.0.1.example", ""),
        ("ftp://fotopoort.example", ""),
    ],
)
def test_the_key_is_sent_where_nobody_listens(wordpress: WordPress, address: str, kept: str) -> None:
    page = log_in(wordpress).get("/wp-admin/options-general.php?page=fotopoort").text
    nonce = re.search(r'value="fotopoort_save">\s*<input[^>]*name="_wpnonce" value="(\w+)"', page)
    assert nonce is not None
    form = {"action": "fotopoort_save", "_wpnonce": nonce[1], "fotopoort[address]": address}
    answer = log_in(wordpress).post("/wp-admin/admin-post.php", data=form)
    assert answer.headers["location"].endswith("told=saved" if kept else "told=address_wrong")
    assert wordpress.php("get_option('fotopoort')")["address"] == kept


def test_plugins_can_still_be_uploaded(wordpress: WordPress) -> None:
    page = log_in(wordpress).get("/wp-admin/plugin-install.php?tab=upload").text
    nonce = re.search(r'name="_wpnonce" value="(\w+)"[^>]*>(?:(?!</form>).)*name="pluginzip"', page, re.DOTALL)
    assert nonce is not None
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("hallo/hallo.php", "<?php\n/*\n * Plugin Name: Hallo\n */\n")
    files = {"pluginzip": ("hallo.zip", archive.getvalue())}
    form = {"_wpnonce": nonce[1], "install-plugin-submit": "x"}
    log_in(wordpress).post("/wp-admin/update.php?action=upload-plugin", data=form, files=files)
    assert (wordpress.site.folder / "site/wp-content/plugins/hallo/hallo.php").exists()
    assert wordpress.upload(archive.getvalue(), "hallo.zip").status_code == 422


def test_editors_have_no_settings(wordpress: WordPress) -> None:
    code = """
        wp_set_current_user(wp_insert_user(['user_login' => uniqid(), 'user_pass' => 'x', 'role' => 'editor']));
        return [current_user_can('upload_files'), current_user_can('manage_options')];
    """
    assert wordpress.run("php", code.encode())["value"] == [True, False]
    anonymous = wordpress.anonymous.post("/wp-admin/admin-ajax.php", data={"action": "fotopoort_progress"})
    assert anonymous.status_code == 400  # nobody is logged in


def test_a_sentence_of_fotopoort_is_shown_as_text(
    wordpress: WordPress, gate: FakeGate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SENTENCES, "not_yet", ("<script>alert(1)</script>", "<script>alert(1)</script>"))
    gate.default = "not_yet"
    wordpress.upload(original("with markup"))
    page = log_in(wordpress).get("/wp-admin/upload.php?mode=list&fotopoort=waiting").text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page


def test_deleting_the_plugin_leaves_nothing(wordpress: WordPress, gate: FakeGate) -> None:
    gate.default = "late"
    wordpress.upload(original("waits when the plugin goes"))
    assert list(wordpress.site.folder.glob("fotopoort-*/*.sealed"))
    assert wordpress.run("php", LEFT.encode())["value"] == []
    # What it knew of the library is gone, so the library goes too: another test's would not be looked at.
    everything = "get_posts(['post_type' => 'attachment', 'numberposts' => -1, 'fields' => 'ids'])"
    wordpress.php(f"count(array_map(fn($id) => wp_delete_attachment($id, true), {everything}))")
    # The next request finds the plugin still there, and begins anew.
    gate.default = "publish"
    assert wordpress.upload(original("after the end")).status_code == 201
