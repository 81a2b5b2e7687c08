"""An S3 server of the tests' own, on this machine, and what is in its bucket without any code of ours."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import quote

import httpx
import pytest
from moto.moto_server.threaded_moto_server import ThreadedMotoServer
from tests.waiting import PATIENCE

NAME = "school"
KEY, SECRET = "SLEUTEL", "GEHEIM"
SIGNED = {"Authorization": f"AWS4-HMAC-SHA256 Credential={KEY}/20240312/us-east-1/s3/aws4_request"}
VARIABLES = (
    "ACCESS_KEY_ID SECRET_ACCESS_KEY SESSION_TOKEN REGION DEFAULT_REGION ENDPOINT ENDPOINT_URL ENDPOINT_URL_S3 "
    "SKIP_SIGNATURE METADATA_ENDPOINT WEB_IDENTITY_TOKEN_FILE CONTAINER_CREDENTIALS_RELATIVE_URI "
    "CONTAINER_CREDENTIALS_FULL_URI"
).split()


@dataclass(frozen=True)
class Server:
    """A server with one empty bucket, `s3://school`."""

    url: str

    def put(self, key: str, content: bytes = b"x") -> None:
        httpx.put(self._place(key), content=content, headers=SIGNED, timeout=PATIENCE).raise_for_status()

    def get(self, key: str) -> httpx.Response:
        return httpx.get(self._place(key), headers=SIGNED, timeout=PATIENCE)

    def empty(self) -> None:
        """As it was at first."""
        httpx.post(f"{self.url}/moto-api/reset", timeout=PATIENCE).raise_for_status()
        httpx.put(f"{self.url}/{NAME}", headers=SIGNED, timeout=PATIENCE).raise_for_status()

    @contextmanager
    def distrustful(self) -> Iterator[None]:
        """It looks at who asks, and knows nobody."""
        httpx.post(f"{self.url}/moto-api/reset-auth", content=b"0", timeout=PATIENCE).raise_for_status()
        try:
            yield
        finally:
            httpx.post(f"{self.url}/moto-api/reset-auth", content=b"inf", timeout=PATIENCE).raise_for_status()

    def _place(self, key: str) -> str:
        dots = {".": "%2E", "..": "%2E%2E"}  # else they are resolved on the way
        return f"{self.url}/{NAME}/" + "/".join(dots.get(part, quote(part)) for part in key.split("/"))


@contextmanager
def server() -> Iterator[Server]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    moto.start()
    try:
        yield Server("http://{}:{}".format(*moto.get_host_and_port()))
    finally:
        moto.stop()


def environment(url: str, patch: pytest.MonkeyPatch) -> None:
    """As it is for whoever uses the server at `url`, and no other."""
    for variable in VARIABLES:
        patch.delenv(f"AWS_{variable}", raising=False)
    patch.setenv("AWS_ENDPOINT_URL", url)
    patch.setenv("AWS_ACCESS_KEY_ID", KEY)
    patch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
