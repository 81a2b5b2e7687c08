"""A teacher of the school."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from .posting import School


@pytest.fixture
def juf(school: School) -> Iterator[httpx.Client]:
    with school.client("juf") as client:
        yield client
