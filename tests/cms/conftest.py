"""One WordPress for the tests of a process, with the plugin in it and a Fotopoort that answers as it is told."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from tests.cms.client import WordPress
from tests.cms.gate import KEY, FakeGate
from tests.cms.watcher import Watcher
from tests.cms.wordpress import site
from tests.web.conftest import browser, context

__all__ = ["browser", "context"]


@pytest.fixture(scope="session")
def shared_gate() -> Iterator[FakeGate]:
    with FakeGate() as gate:
        yield gate


@pytest.fixture(scope="session")
def suite() -> str:
    """Which Debian's WordPress; see `make wordpress`."""
    return os.environ.get("FOTOPOORT_TEST_WORDPRESS", "stable")


@pytest.fixture(scope="session")
def shared_wordpress(shared_gate: FakeGate, suite: str) -> Iterator[WordPress]:
    with site(suite, settings=shared_gate.settings) as running:
        yield WordPress(running)


@pytest.fixture
def gate(shared_gate: FakeGate) -> FakeGate:
    """It has forgotten what it was told and asked."""
    shared_gate.outcomes.clear()
    shared_gate.texts.clear()
    shared_gate.asked_again.clear()
    shared_gate.default, shared_gate.away, shared_gate.key = "publish", False, KEY
    return shared_gate


@pytest.fixture
def wordpress(shared_wordpress: WordPress, gate: FakeGate) -> Iterator[WordPress]:
    """Nobody sees an original while the test runs, and PHP has nothing to complain about."""
    shared_wordpress.set_options(fotopoort=None)
    before = len(shared_wordpress.site.complaints)
    with Watcher(shared_wordpress.site) as watcher:
        yield shared_wordpress
    assert watcher.seen == []
    assert shared_wordpress.site.complaints[before:] == []
