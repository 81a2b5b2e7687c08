"""What is revoked while an endpoint is disabled: it is told as soon as it is enabled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from tests.unit.jobs.conftest import Clock

from fotopoort.jobs.execution import Outcome
from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.registry import Registry
from fotopoort.registry.webhooks import endpoints
from fotopoort.registry.webhooks.announcements import announce
from fotopoort.registry.webhooks.endpoints import Endpoint, EventType
from fotopoort.webhooks.delivery import enable

from .conftest import DATA
from .servers import answering, serving, split

REVOKED = DATA | {"rendition_sha256": "cd" * 32}


def test_it_is_told_when_it_is_enabled_and_nothing_else_is(
    registry: Registry,
    caller: Caller,
    clock: Clock,
    endpoint: Callable[..., tuple[Endpoint, str]],
    attempt: Callable[[], Outcome | None],
) -> None:
    def tell(event: EventType, data: dict[str, str]) -> str:
        with registry.write(caller, Act.MAINTAIN) as session:
            return announce(session, event, data)

    answers = [answering("410 Gone")]  # and then 200
    with serving(lambda connection, request: (answers or [answering("200 OK")]).pop()(connection, request)) as server:
        added, _ = endpoint(server.port)
        others, _ = endpoint(server.port, events=[EventType.REVIEW_NEEDED])
        with registry.write(caller, Act.MANAGE_WEBHOOKS) as session:
            endpoints.disable(session, others.id)
        first, second = tell(EventType.VERDICT_REVOKED, REVOKED), tell(EventType.VERDICT_REVOKED, REVOKED)
        tell(EventType.SCREENING_DONE, DATA)
        assert [attempt() for _ in range(4)] == [Outcome.DEAD] * 3 + [None]
        assert len(server.requests) == 1
        server.requests.clear()
        third = tell(EventType.VERDICT_REVOKED, REVOKED)  # waits still when it is enabled
        clock.now += timedelta(days=7)
        with registry.write(caller, Act.MANAGE_WEBHOOKS) as session:
            assert enable(session, others.id) == 0
            assert enable(session, added.id) == 2
            assert enable(session, added.id) == 0
        assert [attempt(), attempt(), attempt(), attempt()] == [Outcome.DONE] * 3 + [None]
    assert sorted(split(request)[0]["webhook-id"] for request in server.requests) == sorted([first, second, third])
