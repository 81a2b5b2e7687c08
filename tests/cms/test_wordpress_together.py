"""Several processes come to one photo in WordPress at once, or one of them is interrupted."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.cms.client import WordPress
from tests.cms.gate import FakeGate
from tests.cms.photos import digest, is_rendition, original
from tests.cms.test_wordpress_afterwards import addresses, upload


def state(wordpress: WordPress, attachment: int) -> str:
    return str((wordpress.photo(attachment) or {})["state"])


def test_what_is_withdrawn_while_it_is_placed_does_not_stay(wordpress: WordPress, gate: FakeGate) -> None:
    gate.default = "late"
    attachment, source = upload(wordpress, "withdrawn at once")
    gate.answer_later(source, "publish")
    gate.photos[source].is_fetched_last = True  # the message of it found nothing that was placed
    shown = addresses(wordpress, attachment)  # of its placeholder
    wordpress.due()
    wordpress.run_schedule()
    assert state(wordpress, attachment) == "revoked"
    assert {wordpress.anonymous.get(address).status_code for address in shown} == {404}


def test_of_processes_that_come_together_one_places_a_photo(wordpress: WordPress, gate: FakeGate) -> None:
    gate.default = "late"
    attachment, source = upload(wordpress, "placed by two")
    gate.answer_later(source, "publish")
    code = f"""
        $GLOBALS['placed'] = 0;
        add_filter('wp_generate_attachment_metadata', function ($made) {{
            usleep(300000);
            $GLOBALS['placed']++;
            return $made;
        }});
        $plugin = Fotopoort\\Plugin::get();
        $plugin->schedule->askAgain($plugin->ledger->ofAttachment({attachment}));
        return $GLOBALS['placed'];
    """
    with ThreadPoolExecutor(3) as pool:
        placed = list(pool.map(lambda _: wordpress.run("php", code.encode())["value"], range(3)))
    assert sorted(placed) == [0, 0, 1]  # the others find it there
    files = wordpress.files(attachment)
    assert len(files) > 1
    assert all(is_rendition(file.content) for file in files.values())


def test_who_asked_before_it_was_placed_does_not_undo_that(wordpress: WordPress, gate: FakeGate) -> None:
    gate.default = "late"
    attachment, source = upload(wordpress, "asked before")
    gate.answer_later(source, "publish")
    code = f"""
        $plugin = Fotopoort\\Plugin::get();
        $before = $plugin->ledger->ofAttachment({attachment});
        $plugin->schedule->askAgain($before);
        $looking = Fotopoort\\Gate\\Answer::fromDocument(['status' => 'pending']);
        $plugin->placement->settle($before, $looking);
        $plugin->placement->ask($before);  // its original is not held any more
        return $plugin->ledger->ofAttachment({attachment})->state;
    """
    assert wordpress.run("php", code.encode())["value"] == "cleared"
    assert all(is_rendition(file.content) for file in wordpress.files(attachment).values())


def test_a_late_word_of_an_earlier_rendition_leaves_the_one_that_holds(wordpress: WordPress, gate: FakeGate) -> None:
    attachment, _ = upload(wordpress, "two renditions")
    code = f"""
        $plugin = Fotopoort\\Plugin::get();
        $before = $plugin->ledger->ofAttachment({attachment});
        $plugin->ledger->update($before->id, ['rendition' => str_repeat('a', 64)]);  // as another process placed it
        $plugin->placement->revoke($before);
        return $plugin->ledger->ofAttachment({attachment})->state;
    """
    assert wordpress.run("php", code.encode())["value"] == "cleared"
    assert all(is_rendition(file.content) for file in wordpress.files(attachment).values())


def test_an_answer_that_comes_before_the_upload_has_ended_waits_for_it(wordpress: WordPress, gate: FakeGate) -> None:
    gate.default = "late"
    content = original("answered during its upload")
    screen = f"""
        $bytes = base64_decode('{base64.b64encode(content).decode()}');
        $context = Fotopoort\\Photos\\Context::ofRequest();
        return Fotopoort\\Plugin::get()->screening->screen($bytes, 'x.jpg', $context)->photo;
    """
    photo = wordpress.run("php", screen.encode())["value"]
    gate.answer_later(digest(content), "publish")
    ask = f"""
        $plugin = Fotopoort\\Plugin::get();
        $plugin->schedule->askAgain($plugin->ledger->photo({photo}));
        return [$plugin->ledger->photo({photo})->state, $plugin->ledger->photo({photo})->held !== null];
    """
    assert wordpress.run("php", ask.encode())["value"] == ["waiting", True]


@pytest.mark.parametrize("moment", ["wp_generate_attachment_metadata", "update_attached_file"])
def test_what_was_interrupted_is_placed_by_the_next_run(wordpress: WordPress, gate: FakeGate, moment: str) -> None:
    gate.default = "late"
    attachment, source = upload(wordpress, f"interrupted {moment}")
    gate.answer_later(source, "publish")
    code = f"""
        add_filter('{moment}', function () {{ exit; }});
        $plugin = Fotopoort\\Plugin::get();
        $plugin->schedule->askAgain($plugin->ledger->ofAttachment({attachment}));
    """
    wordpress.anonymous.post("/", params={"fotopoort_test": "php"}, content=code.encode())
    wordpress.due()
    wordpress.run_schedule()
    assert state(wordpress, attachment) == "cleared"
    assert (wordpress.photo(attachment) or {})["held"] is None
    assert all(is_rendition(file.content) for file in wordpress.files(attachment).values())
