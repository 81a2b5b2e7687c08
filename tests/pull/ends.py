"""The two ends of pull mode, each a program of its own, for a test that puts them in networks of their own.

python -m tests.pull.ends website FOLDER HOST CERTIFICATE KEY    tells its code; a line on stdin is a photo's hex
python -m tests.pull.ends school FOLDER CERTIFICATE CODE         fetches until stdin ends
"""

from __future__ import annotations

import hashlib
import json
import ssl
import sys
from pathlib import Path

from tests.pull.hoster import served
from tests.pull.school import MAX_BYTES, PlayedVerdicts, open_school
from tests.waiting import wait_for

from fotopoort.pull.connection import GuardedConnection
from fotopoort.pull.pairing import pair
from fotopoort.pull.runner import PullRunner
from fotopoort.registry.access.roles import console
from fotopoort.webhooks.outbound.client import GuardedClient


def tell(**what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def website(folder: str, host: str, certificate: str, key: str) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    with served(Path(folder), host, tls) as hoster:
        tell(code=hoster.code())
        for line in sys.stdin:
            wait_for(lambda: hoster.school is not None)
            photo_id = hoster.upload(bytes.fromhex(line))
            wait_for(lambda: hoster.result(photo_id) is not None)  # noqa: B023 - called here
            rendition = hoster.rendition(photo_id) or b""
            tell(rendition=hashlib.sha256(rendition).hexdigest())


def school(folder: str, certificate: str, code: str) -> None:
    registry = open_school(Path(folder))
    connection = GuardedConnection(GuardedClient(tls=ssl.create_default_context(cafile=certificate)))
    pair(registry, console("school"), code, connection)
    runner = PullRunner(registry, PlayedVerdicts(), connection, worker="school", max_bytes=MAX_BYTES)
    runner.start()
    tell(paired=True)
    sys.stdin.read()
    runner.stop(1)
    registry.close()


if __name__ == "__main__":
    if sys.argv[1] == "website":
        website(*sys.argv[2:6])
    else:
        school(*sys.argv[2:5])
