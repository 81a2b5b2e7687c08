"""An S3 server, and a folder in its bucket."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.s3 import NAME, Server, environment, server

from fotopoort.batch.storage.bucket import Bucket


@pytest.fixture(scope="package")
def running() -> Iterator[Server]:
    with server() as running:
        yield running


@pytest.fixture
def s3(running: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """A server with an empty bucket, which the environment names."""
    running.empty()
    environment(running.url, monkeypatch)
    return running


@pytest.fixture
def bucket(s3: Server) -> Bucket:
    return Bucket.open(f"s3://{NAME}/foto's/2024")
