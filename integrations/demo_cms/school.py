"""A made-up school with a website: `fotopoort serve` as it is, in a folder that is gone afterwards."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx
from integrations.demo_cms.receiver import Receiver
from integrations.demo_cms.steps import PATIENCE, eventually, must

from fotopoort.cli.demo.school import GROUP, LOOPBACK, OF_A_SCHOOL, demo_settings
from fotopoort.cli.registry_session import open_registry
from fotopoort.registry.access import api_keys
from fotopoort.registry.access.roles import Act, KeyRole
from fotopoort.registry.lists import imports
from fotopoort.resources import resource
from fotopoort.settings import PREFIX, Settings, load_settings
from fotopoort.vocabulary import Text
from fotopoort.webhooks.registration import add_endpoint

SECONDS_TO_STOP: Final = 30
KEYS: Final = {KeyRole.CMS: (), KeyRole.TEACHER: (GROUP,), KeyRole.OFFICE: ()}


@dataclass(frozen=True)
class School:
    """The service, its data folder, and who may ask it something: the website, a teacher and the office."""

    url: str
    data: Path
    keys: Mapping[KeyRole, str] = field(repr=False)

    def ask(self, who: KeyRole, method: str, path: str, **given: Any) -> httpx.Response:  # noqa: ANN401 - as httpx takes it
        """Any request, as the pages make it for them."""
        headers = {"Authorization": f"Bearer {self.keys[who]}"} | given.pop("headers", {})
        return httpx.request(method, self.url + path, headers=headers, timeout=PATIENCE, **given)

    def done(self, who: KeyRole, method: str, path: str, **given: Any) -> Any:  # noqa: ANN401 - JSON
        """What is answered to a request that must be done.

        Raises:
            Otherwise: it is refused.
        """
        answer = self.ask(who, method, path, **given)
        refused = f"{method} {path}: {answer.status_code}"
        must(answer.is_success, Text(nl=refused, en=refused))
        return answer.json()

    def answer(self, post: str, said: Mapping[str, Any]) -> None:
        """Say something of the only photo of a post, as its teacher."""
        shown: dict[str, Any] = {}

        def is_judged() -> bool:
            shown.update(self.done(KeyRole.TEACHER, "GET", f"/v1/posts/{post}"))
            return all(photo["state"] == "judged" for photo in shown["photos"])

        eventually(is_judged, Text(nl="de foto is nog niet bekeken", en="the photo is not looked at yet"))
        new = {"photos": [photo["id"] for photo in shown["photos"]], "answers": dict(said)}
        seen = {"If-Match": f'"{shown["revision"]}"'}
        self.done(KeyRole.TEACHER, "POST", f"/v1/posts/{post}/answers", json=new, headers=seen)


@contextmanager
def serving(receiver: Receiver) -> Iterator[School]:
    """The service with everybody on the made-up class list; it tells the receiver of what happens."""
    with demo_settings(load_settings()) as settings:
        keys = _fill(settings, receiver)
        log = settings.data_folder / "serve.log"
        command = [sys.executable, "-m", "fotopoort", "serve", "--host", LOOPBACK, "--port", "0"]
        with log.open("wb") as lines:
            process = subprocess.Popen(command, env=_environment(settings), stdout=lines, stderr=lines)
        try:
            eventually(lambda: process.poll() is not None or _is_ready(log), _not_started(log))
            must(process.poll() is None, _not_started(log))
            yield School(_address(log), settings.data_folder, keys)
        finally:
            process.terminate()
            try:
                process.wait(SECONDS_TO_STOP)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _fill(settings: Settings, receiver: Receiver) -> dict[KeyRole, str]:
    with open_registry(settings, make=True) as (registry, caller):
        with registry.write(caller, Act.IMPORT) as session:
            imports.apply(session, imports.plan(session, resource("fixtures/classlist.csv").read_bytes()))
        with registry.write(caller, Act.MANAGE_KEYS) as session:
            keys = {role: api_keys.make(session, role, "schoolsite", groups)[1] for role, groups in KEYS.items()}
        with registry.write(caller, Act.MANAGE_WEBHOOKS) as session:
            _, receiver.key = add_endpoint(session, receiver.url, networks=[f"{LOOPBACK}/32"])
    return keys


def _environment(settings: Settings) -> dict[str, str]:
    """That of this process, but for what leads to a real school."""
    own = {f"{PREFIX}{name.upper()}" for name in OF_A_SCHOOL}
    kept = {name: value for name, value in os.environ.items() if name not in own}
    return kept | {f"{PREFIX}DATA_FOLDER": str(settings.data_folder)}


def _not_started(log: Path) -> Text:
    said = log.read_text(errors="replace").strip()
    return Text(nl=f"Fotopoort start niet. {said}", en=f"Fotopoort does not start. {said}")


def _address(log: Path) -> str:
    found = re.search(rf"http://{re.escape(LOOPBACK)}:\d+", log.read_text(errors="replace"))
    return found[0] if found else ""


def _is_ready(log: Path) -> bool:
    address = _address(log)
    try:
        return bool(address) and httpx.get(f"{address}/readyz", timeout=PATIENCE).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False
