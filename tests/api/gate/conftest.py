"""A CMS with a key of the school."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from ..posts.posting import School


@pytest.fixture
def cms(school: School) -> Iterator[httpx.Client]:
    with school.client("cms") as client:
        yield client
