"""The WordPress plugin's side of pull mode, in PHP, and the school's: what they agree on is `docs/pull.md`."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.needed import needs
from tests.ports import free_port
from tests.waiting import PATIENCE, wait_for

from fotopoort.errors import EmptyFile
from fotopoort.pull import pairing as pairing_module
from fotopoort.pull.hoster import Hoster, HosterFailed
from fotopoort.pull.puller import Puller

from .school import PlayedSchool, puller, rendition_of

pytestmark = needs("php", "php-cli")


@dataclass
class Website:
    """The plugin's side, without WordPress."""

    url: str
    queue: Path

    def post(self, name: str, photo: bytes | None = None, **fields: str) -> Any:  # noqa: ANN401 - JSON
        files = {"photo": ("photo", photo)} if photo is not None else None
        answer = httpx.post(f"{self.url}/{name}", data=fields, files=files, timeout=PATIENCE)
        assert answer.status_code in (200, 418), answer.text
        return answer.content if name == "rendition" else answer.json()

    def now(self, photo: bytes, locale: str = "nl_NL") -> Any:  # noqa: ANN401 - JSON
        return self.post("verdict", sha256=hashlib.sha256(photo).hexdigest(), locale=locale)

    def told(self) -> list[tuple[str, str | None]]:
        """What changed, and of which rendition."""
        told = [json.loads(line) for line in (self.queue.parent / "told").read_text().splitlines()]
        return [(kind, data.get("rendition_sha256")) for kind, data in told]


@pytest.fixture
def website(tmp_path: Path) -> Iterator[Website]:
    queue = tmp_path / "queue"
    queue.mkdir()
    port = free_port()
    command = ["php", "-n", "-d", "display_errors=stderr", "-d", "post_max_size=20M"]
    command += ["-d", "upload_max_filesize=20M", "-d", f"upload_tmp_dir={tmp_path}"]
    command += ["-S", f"127.0.0.1:{port}", str(Path(__file__).with_name("website.php"))]
    environment = os.environ | {"QUEUE": str(queue), "PHP_CLI_SERVER_WORKERS": "3"}
    with (tmp_path / "php.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
        site = Website(f"http://127.0.0.1:{port}", queue)

        def is_up() -> bool:
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", port)) == 0

        try:
            wait_for(lambda: is_up() or process.poll() is not None)
            assert process.poll() is None, (tmp_path / "php.log").read_text()
            yield site
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)  # its workers as well
            process.wait(PATIENCE)


@pytest.fixture
def pull(website: Website, school: PlayedSchool) -> Puller:
    code = website.post("code", address=f"{website.url}/wp-json/fotopoort/v1/pull")["code"]
    pairing = pairing_module.pair(school.registry, school.caller, code)
    assert website.post("code", address="x")["pairing"] == pairing
    return puller(school, pairing)


def shown_photo(website: Website, pull: Puller) -> bytes:
    """A photo that went there and back: what may be seen of it is shown."""
    original = secrets.token_bytes(3_000)
    website.post("submit", original)
    pull.step()
    pull.step()
    return original


def test_a_photo_goes_there_and_back(website: Website, school: PlayedSchool, pull: Puller) -> None:
    original = secrets.token_bytes(30_000)
    assert website.post("submit", original, text="Sem wint")["outcome"] is None
    pull.step()
    [taken] = school.verdicts.taken.values()
    assert (taken.content, taken.text, taken.file_name) == (original, "Sem wint", "semdevries.jpg")
    assert (taken.groups, taken.reference, taken.channel) == (("groep 5",), "article-1", "website")
    pull.step()
    answer = website.now(original)
    assert (answer["outcome"], answer["holds"]) == ("publish", True)
    assert website.post("rendition", sha256=hashlib.sha256(original).hexdigest()) == rendition_of(original)
    assert website.now(rendition_of(original))["holds"]  # by the hash of the rendition as well
    assert "screening.done" in (website.queue.parent / "told").read_text()


def test_the_disk_holds_nothing_of_an_original(website: Website, school: PlayedSchool, pull: Puller) -> None:
    original = secrets.token_bytes(30_000)
    website.post("submit", original, text="Sem de Vries wint")
    pieces = {original[at : at + 16] for at in range(0, len(original) - 16, 16)}
    for _ in range(3):
        for path in [path for path in website.queue.parent.rglob("*") if path.is_file() and "school" not in path.parts]:
            content = path.read_bytes()
            assert not any(content[at : at + 16] in pieces for at in range(len(content))), path
            assert b"ries" not in content
        pull.step()


def test_what_is_revoked_is_gone(website: Website, school: PlayedSchool, pull: Puller) -> None:
    original = shown_photo(website, pull)
    [ticket] = school.verdicts.taken
    school.verdicts.reject(ticket)
    school.tell(ticket)
    pull.step()
    assert not list(website.queue.glob("*.jpg"))
    assert website.now(original)["outcome"] == "reject"
    assert not website.now(rendition_of(original))["holds"]
    assert ("verdict.revoked", hashlib.sha256(rendition_of(original)).hexdigest()) in website.told()


def test_a_result_without_the_rendition_that_there_was_revokes_it(
    website: Website, school: PlayedSchool, pull: Puller, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = shown_photo(website, pull)
    [ticket] = school.verdicts.taken
    school.verdicts.reject(ticket)
    school.tell(ticket)
    monkeypatch.setattr(Hoster, "revoked", lambda *_, **__: None)  # it was lost
    pull.step()
    assert ("verdict.revoked", hashlib.sha256(rendition_of(original)).hexdigest()) in website.told()
    assert not website.now(rendition_of(original))["holds"]


def test_what_is_shown_does_not_hold_once_its_photo_is_refused(
    website: Website, school: PlayedSchool, pull: Puller
) -> None:
    original = shown_photo(website, pull)
    [ticket] = school.verdicts.taken
    school.verdicts.taken.clear()  # nothing is known of it any more
    school.tell(ticket)
    pull.step()
    assert website.now(original)["code"].endswith("Refused")
    assert not website.now(rendition_of(original))["holds"]


def test_what_is_shown_holds_while_its_photo_is_asked_about_again(
    website: Website, school: PlayedSchool, pull: Puller
) -> None:
    original = shown_photo(website, pull)
    website.post("submit", original)
    answer = website.now(rendition_of(original))
    assert (answer["outcome"], answer["holds"]) == (None, True)
    assert not website.now(original)["holds"]


def test_a_verdict_that_does_not_say_that_it_holds_does_not(
    website: Website, school: PlayedSchool, pull: Puller
) -> None:
    original = secrets.token_bytes(3_000)
    website.post("submit", original)
    pull.step()
    [ticket] = school.verdicts.taken
    said = school.verdicts.documents[ticket]
    school.verdicts.documents[ticket] = {name: value for name, value in said.items() if name != "holds"}
    pull.step()
    assert not website.now(original)["holds"]


@pytest.mark.parametrize(("locale", "language"), [("nl_NL", "nl"), ("en_US", "en")])
def test_a_refusal_is_in_the_language_of_whoever_reads_it(
    website: Website, school: PlayedSchool, pull: Puller, locale: str, language: str
) -> None:
    original = secrets.token_bytes(3_000)
    school.verdicts.error = EmptyFile()
    website.post("submit", original)
    pull.step()
    pull.step()
    assert website.now(original, locale=locale)["message"] == getattr(EmptyFile.text, language)


def test_the_same_photo_is_asked_about_again(website: Website, school: PlayedSchool, pull: Puller) -> None:
    original = secrets.token_bytes(3_000)
    school.verdicts.by_itself = False
    first = website.post("submit", original)
    pull.step()
    assert website.post("submit", original)["id"] == first["id"]
    for ticket in [*school.verdicts.taken]:
        school.verdicts.publish(ticket)
    for _ in range(3):
        pull.step()
    for ticket in [*school.verdicts.taken]:
        school.verdicts.publish(ticket)
    pull.step()
    assert website.now(original)["outcome"] == "publish"


@pytest.mark.parametrize("what", ["jpg", "result.php"])
def test_what_somebody_at_the_hoster_puts_there_is_not_believed(
    website: Website, school: PlayedSchool, pull: Puller, what: str
) -> None:
    original = shown_photo(website, pull)
    [path] = website.queue.glob(f"*.{what}")
    if what == "jpg":
        path.write_bytes(original)
    else:
        head, _, body = path.read_text().partition("\n")
        stored = json.loads(body)
        stored["message"] = stored["message"][:-4] + "AAAA"
        path.write_text(f"{head}\n{json.dumps(stored)}")
    answer = website.now(original)
    assert answer["outcome"] is None or not answer["holds"]
    assert website.post("rendition", sha256=hashlib.sha256(original).hexdigest()) == b""


def test_a_stranger_gets_nothing(website: Website, school: PlayedSchool, pull: Puller) -> None:
    website.post("submit", secrets.token_bytes(100))
    for fields in ({}, {"message": "e30", "signature": "AAAA"}, {"message": "?", "signature": "?"}):
        for route in ("poll", "take", "result", "revoked", "pair"):
            answer = httpx.post(f"{website.url}/{route}", data=fields, timeout=PATIENCE)
            assert answer.status_code in (400, 403)
    other = puller(school, pull.pairing, clock=lambda: 1e9)
    with pytest.raises(HosterFailed) as caught:
        other.step()
    assert caught.value.code == "hoster.clock"
