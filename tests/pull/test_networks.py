"""A school and a website, each in a network of its own: nothing listens at school, and photos go there and back."""

from __future__ import annotations

import hashlib
import ipaddress
import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from tests.certificates import write_certificate
from tests.needed import lacking
from tests.waiting import PATIENCE

from .school import rendition_of

WEBSITE, SCHOOL = "5.9.0.1", "5.9.0.2"  # addresses as the internet has them, in networks that are not on it
LISTENS = "0A"  # as /proc/net/tcp has it


def ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)


@contextmanager
def networks() -> Iterator[tuple[str, str]]:
    """The names of two networks with a cable between them."""
    if os.geteuid() != 0:
        pytest.skip("networks of their own take root")
    if not shutil.which("ip"):
        lacking("ip is not here (on Debian: apt-get install iproute2)")
    tag = secrets.token_hex(3)
    website, school = f"fpw{tag}", f"fps{tag}"
    with ExitStack() as stack:
        for name in (website, school):
            try:
                ip("netns", "add", name)
            except subprocess.CalledProcessError:
                pytest.skip("no network may be made here")
            stack.callback(ip, "netns", "delete", name)
        ip("link", "add", f"w{tag}", "netns", website, "type", "veth", "peer", "name", f"s{tag}", "netns", school)
        for name, link, address in ((website, f"w{tag}", WEBSITE), (school, f"s{tag}", SCHOOL)):
            ip("-n", name, "address", "add", f"{address}/24", "dev", link)
            ip("-n", name, "link", "set", link, "up")
            ip("-n", name, "link", "set", "lo", "up")
        yield website, school


@contextmanager
def program(network: str, *arguments: object) -> Iterator[subprocess.Popen[str]]:
    command = ["ip", "netns", "exec", network, sys.executable, "-m", "tests.pull.ends", *map(str, arguments)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    started = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment, bufsize=1
    )
    try:
        yield started
    finally:
        started.terminate()
        started.communicate(timeout=PATIENCE)


def said(program: subprocess.Popen[str]) -> dict[str, Any]:
    assert program.stdout is not None
    line = program.stdout.readline()
    assert line, "it ended"
    told: dict[str, Any] = json.loads(line)
    return told


def listening(process: int) -> list[str]:
    """Where something listens in the network of a process, for any protocol with connections, and for datagrams."""
    found = []
    for table in ("tcp", "tcp6", "udp", "udp6"):
        for line in Path(f"/proc/{process}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == LISTENS or (table.startswith("udp") and fields[2].endswith(":0000")):
                found.append(f"{table} {fields[1]}")
    return found


def test_nothing_listens_at_school_and_photos_go_there_and_back(tmp_path: Path) -> None:
    pem, key = write_certificate(tmp_path, x509.IPAddress(ipaddress.ip_address(WEBSITE)))
    photo = secrets.token_bytes(50_000)
    with networks() as (hoster_network, school_network), ExitStack() as stack:
        hoster = stack.enter_context(program(hoster_network, "website", tmp_path / "hoster", WEBSITE, pem, key))
        code = said(hoster)["code"]
        school = stack.enter_context(program(school_network, "school", tmp_path / "data", pem, code))
        assert said(school)["paired"]
        assert listening(hoster.pid)  # so that the next line can fail
        assert listening(school.pid) == []
        assert hoster.stdin is not None
        hoster.stdin.write(photo.hex() + "\n")
        hoster.stdin.flush()
        assert said(hoster)["rendition"] == hashlib.sha256(rendition_of(photo)).hexdigest()
        assert listening(school.pid) == []
