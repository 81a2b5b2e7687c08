"""A WordPress that cannot call into the school: Fotopoort fetches its photos, and brings back what may be seen."""

from __future__ import annotations

import base64
import itertools
import shutil
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pytest
from tests.cms.client import WordPress
from tests.cms.gate import FakeGate, rendition
from tests.cms.photos import digest, is_rendition, original, shows_original
from tests.cms.watcher import Watcher
from tests.cms.ways import Arrival, async_upload, log_in, own_action, rest_multipart
from tests.cms.wordpress import site
from tests.pull.school import PlayedSchool, PlayedVerdicts, open_school, puller
from tests.waiting import PATIENCE, wait_for

from fotopoort.pull.hoster import HosterFailed
from fotopoort.pull.messages import SealedPhoto
from fotopoort.pull.pairing import pair


class GreenVerdicts(PlayedVerdicts):
    """A rendition is a field of green."""

    def picture(self, photo: bytes) -> bytes:
        return rendition(digest(photo))


@dataclass
class FetchingSchool(PlayedSchool):
    """Fetches all the time. `turn`: is held while it does; it does not for whoever else has it."""

    turn: threading.Lock = field(default_factory=threading.Lock)


@pytest.fixture(scope="module")
def wordpress(suite: str) -> Iterator[WordPress]:
    with site(suite) as running:
        yield WordPress(running)


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory, wordpress: WordPress) -> Iterator[FetchingSchool]:
    """One that is paired with the site, and fetches from it all the time."""
    registry = open_school(tmp_path_factory.mktemp("school") / "data")
    school = FetchingSchool(registry, GreenVerdicts())
    code = wordpress.php(
        "(new Fotopoort\\Pull\\School(new Fotopoort\\Pull\\Folder(get_option('fotopoort_pull_folder'))))"
        "->code(rest_url('fotopoort/v1/pull'))"
    )
    pairing = pair(registry, school.caller, code)
    assert wordpress.php("get_option('fotopoort_paired')") == pairing
    is_over = threading.Event()

    def fetch() -> None:
        pull = puller(school, pairing, max_bytes=2_000_000)
        while not is_over.wait(0.1):
            with school.turn, suppress(HosterFailed):  # the runner tries again as well
                pull.step()

    thread = threading.Thread(target=fetch)
    thread.start()
    try:
        yield school
    finally:
        is_over.set()
        thread.join(PATIENCE)
        registry.close()


def kept(wordpress: WordPress) -> list[Path]:
    """What the site keeps of photos: what it shows, the queue, and what waits."""
    content = wordpress.site.folder / "site/wp-content"
    folders = [content / "uploads", *content.glob("fotopoort-*"), *wordpress.site.folder.glob("fotopoort-*")]
    return [path for folder in folders for path in folder.rglob("*") if path.is_file()]


def test_a_photo_is_uploaded_shown_as_its_rendition_and_taken_down(
    wordpress: WordPress, school: FetchingSchool
) -> None:
    content = original("fetched")
    with Watcher(wordpress.site) as watcher:
        uploaded = wordpress.upload(content, "fetched.jpg")
        assert uploaded.status_code == 201, uploaded.text
        attachment = uploaded.json()["id"]
        wait_for(lambda: are_placed(wordpress, [attachment]))  # on a busy machine the answer may come too late for it
        files = wordpress.files(attachment)
        with school.turn:  # while it fetches, the site writes there
            assert kept(wordpress)
            for path in kept(wordpress):  # nothing of the original on the site's disk
                found = path.read_bytes()
                assert content[2000:2032] not in found
                assert not shows_original(found)
        ticket = next(ticket for ticket, taken in tickets(school) if taken.content == content)
        school.verdicts.reject(ticket)
        school.tell(ticket)
        addresses = [str(file.url) for file in files.values()]
        wait_for(lambda: all(wordpress.anonymous.get(address).status_code == 404 for address in addresses))
    assert watcher.seen == []


def test_a_photo_that_may_not_be_placed_is_refused_with_the_schools_sentence(
    wordpress: WordPress, school: PlayedSchool
) -> None:
    def uploaded(number: int) -> int:
        """The status of an upload that school refuses."""
        content = original(f"refused {number}")

        def refuse() -> None:
            wait_for(lambda: any(taken.content == content for _, taken in tickets(school)))
            school.verdicts.reject(next(ticket for ticket, taken in tickets(school) if taken.content == content))

        thread = threading.Thread(target=refuse)
        thread.start()
        try:
            answer = wordpress.upload(content, f"refused-{number}.jpg")
        finally:
            thread.join(PATIENCE)
        if answer.status_code == 201:  # it waits
            assert content not in [file.content for file in wordpress.files(answer.json()["id"]).values()]
        return answer.status_code

    numbers = itertools.count()
    school.verdicts.by_itself = False
    try:
        wait_for(lambda: uploaded(next(numbers)) == 422)  # on a busy machine the answer may come too late for an upload
    finally:
        school.verdicts.by_itself = True


def test_nothing_tells_the_name_of_a_file_that_nobody_looked_at(wordpress: WordPress, school: PlayedSchool) -> None:
    ways = (rest_multipart, async_upload, own_action, named_later)  # one for each place where a file gets its name
    contents = [original(f"named {way.__name__}") for way in ways]
    school.verdicts.by_itself = False
    log_in(wordpress)
    try:
        with ThreadPoolExecutor(len(ways)) as pool:  # each waits for an answer that does not come
            upload = [
                pool.submit(way, wordpress, cast(FakeGate, None), content, "Lotte van der Meer.jpg")
                for way, content in zip(ways, contents, strict=True)
            ]
        attachments = [uploaded.result().attachment or 0 for uploaded in upload]
        for attachment in attachments:
            assert says_foto(wordpress, attachment)
        assert not [path for path in wordpress.site.uploads.rglob("*") if "lotte" in path.name.lower()]
        wait_for(lambda: {*contents} <= {taken.content for _, taken in tickets(school)})
    finally:
        school.verdicts.by_itself = True
    for ticket in [ticket for ticket, taken in tickets(school) if taken.content in contents]:
        school.verdicts.publish(ticket, is_named=True)  # not under that name, which it does not have any more
        school.tell(ticket)
    wait_for(lambda: are_placed(wordpress, attachments))
    assert len({wordpress.media(attachment)["source_url"] for attachment in attachments}) == len(ways)
    assert all(says_foto(wordpress, attachment) for attachment in attachments)


def tickets(school: PlayedSchool) -> list[tuple[str, SealedPhoto]]:
    """What school has taken, while it takes more."""
    return list(school.verdicts.taken.items())


def are_placed(wordpress: WordPress, attachments: Sequence[int]) -> bool:
    """Whether all their files are renditions, after those were placed that have come."""
    files = [file for attachment in attachments for file in wordpress.files(attachment).values()]
    if files and all(is_rendition(file.content) for file in files):
        return True
    wordpress.due()
    wordpress.run_schedule()
    return False


def named_later(wordpress: WordPress, gate: FakeGate, content: bytes, name: str) -> Arrival:
    """A plugin that makes an attachment, and then says which file it is."""
    code = f"""
        $upload = wp_upload_bits('{name}', null, base64_decode('{base64.b64encode(content).decode()}'));
        $id = wp_insert_attachment(['post_title' => '{name}', 'post_mime_type' => 'image/jpeg']);
        update_attached_file($id, $upload['file']);
        wp_update_attachment_metadata($id, wp_generate_attachment_metadata($id, $upload['file']));
        return $id;
    """
    return Arrival(int(wordpress.run("php", code.encode())["value"]))


def says_foto(wordpress: WordPress, attachment: int) -> bool:
    """Whether its address, title and files are called so, and nothing in it is called otherwise."""
    listed = wordpress.anonymous.get("/wp-json/wp/v2/media", params={"include": attachment})
    told = f"{listed.text} {wordpress.media(attachment)} {wordpress.php(f'get_post({attachment})')}"
    return bool(listed.json()[0]["slug"].startswith("foto")) and "lotte" not in told.lower()


def is_silent(wordpress: WordPress, seconds: int | None = None) -> bool:
    """Whether Site Health says that school does not poll; as if it had polled so long ago."""
    as_if = f"fn() => time() - {seconds}" if seconds is not None else "fn() => false"  # false: what is stored
    found = wordpress.php(
        f"(add_filter('pre_option_fotopoort_polled_at', {as_if}) ? 1 : 0) . (str_contains("
        "(new Fotopoort\\Admin\\SiteHealth("
        "Fotopoort\\Plugin::get()->settings, Fotopoort\\Plugin::get()->transport, Fotopoort\\Plugin::get()->hold, "
        "Fotopoort\\Plugin::get()->files"
        "))->test()['description'], esc_html(Fotopoort\\Texts::get('health_silent'))) ? 'silent' : 'well')"
    )
    return {"1silent": True, "1well": False}[found]


def test_site_health_says_when_school_does_not_poll(wordpress: WordPress, school: PlayedSchool) -> None:
    assert not is_silent(wordpress)
    assert not is_silent(wordpress, 3500)
    assert is_silent(wordpress, 3700)


@pytest.mark.parametrize(("chosen", "seconds"), [(None, "20"), ("0", "0"), ("7", "7"), ("99", "20"), ("-3", "0")])
def test_a_poll_keeps_a_process_for_as_long_as_the_hoster_says(
    wordpress: WordPress, chosen: str | None, seconds: str
) -> None:
    define = f"define('FOTOPOORT_PULL_WAIT', {chosen})" if chosen else "true"
    assert wordpress.php(f"{define} ? (string) Fotopoort\\Plugin::get()->settings->pullWait() : ''") == seconds


def test_the_plugin_leaves_nothing(wordpress: WordPress, school: FetchingSchool) -> None:
    folder = Path(wordpress.php("get_option('fotopoort_pull_folder')"))
    copy = wordpress.site.folder / "copy"
    with school.turn:  # a plugin that WordPress deletes takes no requests any more
        shutil.copytree(folder, copy)
        wordpress.php("Fotopoort\\Pull\\Website::uninstall()")
        assert not folder.exists()
        shutil.copytree(copy, folder)
    assert list(copy.iterdir())
