"""When a website is tried again, and that a thread ends when its pairing does."""

from __future__ import annotations

import pytest
from tests.waiting import wait_for

from fotopoort.pull import runner as runner_module
from fotopoort.pull.connection import GuardedConnection
from fotopoort.pull.pairing import pair
from fotopoort.pull.runner import PullRunner, backoff
from fotopoort.registry.access.roles import Act
from fotopoort.registry.pull import pairings
from fotopoort.webhooks.outbound.client import GuardedClient

from .hoster import PlayedHoster
from .school import MAX_BYTES, PlayedSchool, rendition_of


@pytest.mark.parametrize(
    ("failures", "after", "chance", "seconds"),
    [
        (1, None, 0.0, 0.5),
        (1, None, 1.0, 1.0),
        (4, None, 1.0, 8.0),
        (99, None, 1.0, 300.0),
        (1, 60.0, 0.0, 60.0),
        (9, 1.0, 1.0, 256.0),
    ],
)
def test_backoff(failures: int, after: float | None, chance: float, seconds: float) -> None:
    assert backoff(failures, after, chance) == seconds


def test_a_website_is_fetched_from_for_as_long_as_it_is_paired(
    school: PlayedSchool, hoster: PlayedHoster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner_module, "SECONDS_BETWEEN_LOOKS", 0.05)
    hoster.max_wait = 0.05
    connection = GuardedConnection(GuardedClient())
    pulling = PullRunner(
        school.registry, school.verdicts, connection, worker="w", max_bytes=MAX_BYTES, chance=lambda: 0.0
    )
    pulling.start()
    try:
        pairing = pair(school.registry, school.caller, hoster.code(), connection)
        hoster.failing = [(503, {}), (500, {})]
        photo_id = hoster.upload(b"a photo")
        wait_for(lambda: hoster.result(photo_id))
        assert hoster.rendition(photo_id) == rendition_of(b"a photo")
        with school.registry.write(school.caller, Act.MANAGE_KEYS) as session:
            pairings.remove(session, pairing)
        wait_for(lambda: not pulling._websites)
    finally:
        pulling.stop(5)
