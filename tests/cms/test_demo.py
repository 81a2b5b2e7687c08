"""`make demo-cms`, and its receiver of webhooks, which people take as an example."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import httpx
import pytest
from integrations.demo_cms.receiver import Receiver, receiving
from tests.cms.servers import HERE
from tests.waiting import PATIENCE

from fotopoort.webhooks.signatures import PrivateKey, signed_headers, signing_key

ROOT = HERE.parents[1]


def run(out: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "integrations.demo_cms", "--lang", "en", "--out", str(out), *arguments]
    own = {"PYTHONPATH": f"{ROOT / 'service'}:{ROOT}", **environment}
    return subprocess.run(  # of many steps, each of which may take as long as it takes
        command, cwd=ROOT, env=os.environ | own, capture_output=True, text=True, timeout=10 * PATIENCE, check=False
    )


@pytest.mark.wordpress
def test_every_step_comes_out_as_it_must_and_what_may_be_published_stays(tmp_path: Path) -> None:
    ended = run(tmp_path / "out")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert [int(number) for number in re.findall(r"^ *(\d+)\. ", ended.stdout, re.MULTILINE)] == [*range(1, 11)]
    assert [path.relative_to(tmp_path) for path in tmp_path.rglob("*.*")] == [Path("out/IMG_2055.jpg")]


def test_what_goes_wrong_is_said_in_a_line_and_no_success(tmp_path: Path) -> None:
    ended = run(tmp_path / "out", "--no-wordpress", FOTOPOORT_SCREENERS="many")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("Step 1 went wrong: FOTOPOORT_SCREENERS takes ")
    assert ended.stderr.count("\n") == 1
    assert not list(tmp_path.rglob("*.*"))


def send(
    receiver: Receiver, key: PrivateKey, id_: str = "msg_1", at: float = 0, changes: Mapping[str, str] = {}
) -> int:
    data = {"id": "g_1", "sha256": "ab", "channel": "website", "href": "/v1/gate/ab"}
    body = json.dumps({"type": "screening.done", "timestamp": "2026-11-24T12:00:00Z", "data": data}).encode()
    headers = signed_headers([signing_key(str(key))], id_, int(at or time.time()), body) | dict(changes)
    return httpx.post(receiver.url, content=body, headers=headers, timeout=PATIENCE).status_code


def test_the_receiver_believes_the_service_alone_and_each_message_once() -> None:
    key = PrivateKey.new()
    with receiving() as receiver:
        receiver.key = str(key.public)
        assert [
            send(receiver, PrivateKey.new()),
            send(receiver, key, at=1),
            send(receiver, key, changes={"webhook-id": "x"}),
        ] == [401] * 3
        assert receiver.events == []
        assert [send(receiver, key), send(receiver, key)] == [204] * 2
        assert receiver.hear("screening.done", "g_1").sha256 == "ab"
        assert len(receiver.events) == 1
    with pytest.raises(httpx.TransportError):
        send(receiver, key)
