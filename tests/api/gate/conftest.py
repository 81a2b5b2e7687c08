"""One school for the tests of a module, and a CMS with a key."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from ..posts.posting import School, posting_school


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    with posting_school(tmp_path_factory.mktemp("school") / "data", max_megabytes=1) as school:
        yield school


@pytest.fixture
def cms(school: School) -> Iterator[httpx.Client]:
    with school.client("cms") as client:
        yield client
