"""The job that tells an endpoint what was announced, and having it done again by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from fotopoort.errors import NotFound
from fotopoort.jobs import overview
from fotopoort.jobs.handlers import GiveUp, Handler, Retry, Task
from fotopoort.jobs.queue import Effects
from fotopoort.jobs.retry import WEBHOOK_DELIVERY
from fotopoort.registry.access.roles import Act, console
from fotopoort.registry.registry import Registry, Session
from fotopoort.registry.store.dialects import database_clock
from fotopoort.registry.webhooks import deliveries, endpoints
from fotopoort.registry.webhooks.announcements import KIND
from fotopoort.registry.webhooks.deliveries import Message
from fotopoort.vocabulary import Text
from fotopoort.webhooks.backoff import trial_and_rest
from fotopoort.webhooks.outbound.client import Answer, GuardedClient
from fotopoort.webhooks.outbound.network import OutboundError
from fotopoort.webhooks.outbound.target import AllowList, Target
from fotopoort.webhooks.signatures import signed_headers, signing_key

SECONDS: Final = 20.0  # for one attempt, from the look-up of the name to the answer
TIMEOUT: Final = 60.0  # of the job: that, and the database
CONCURRENCY: Final = 3
GONE: Final = 410
THROTTLED: Final = frozenset({429, 502, 503, 504})  # may say in Retry-After when to come back
DISABLED: Final = "endpoint_disabled"


class WebhookDelivery:
    """Delivers what was announced.

    Args:
        client: makes the requests.
    """

    def __init__(self, registry: Registry, client: GuardedClient) -> None:
        self._registry, self._client = registry, client

    def handler(self) -> Handler:
        """What is done of each message for each endpoint."""
        return Handler(KIND, self._deliver, WEBHOOK_DELIVERY, timeout=TIMEOUT, concurrency=CONCURRENCY)

    def _deliver(self, task: Task) -> Effects | None:
        with self._registry.read(console(task.tenant), Act.MANAGE_WEBHOOKS) as session:
            message = deliveries.message_of(session, task.id)
        if message is None:
            return None
        if message.endpoint.disabled is not None:
            raise GiveUp(DISABLED)
        try:
            answer = self._send(message, self._registry.clock())
        except OutboundError as error:
            if not error.is_final:
                self._hold_back(task.tenant, message.endpoint.id)
            raise Retry(error.code) from None
        if 200 <= answer.status < 300:
            return lambda session: deliveries.record(session, task.id, answer.status)
        code = f"http_{answer.status}"
        if answer.status == GONE:
            with self._registry.write(console(task.tenant), Act.MANAGE_WEBHOOKS) as session:
                endpoints.disable(session, message.endpoint.id, endpoints.GONE)
            raise GiveUp(code)
        limit = WEBHOOK_DELIVERY.max_retry_after
        after = answer.retry_after(self._registry.clock(), at_most=limit) if answer.status in THROTTLED else None
        if after:
            self._pause(task.tenant, message.endpoint.id, after)
        raise Retry(code, after=after)

    def _send(self, message: Message, now: datetime) -> Answer:
        keys = [signing_key(key) for key in message.keys]
        headers = signed_headers(keys, message.id, int(now.timestamp()), message.body)
        allowed = AllowList.of(Target.parse(message.endpoint.url), message.endpoint.networks)
        headers["Content-Type"] = "application/json"
        return self._client.post(message.endpoint.url, allowed, message.body, headers=headers, seconds=SECONDS)

    def _pause(self, tenant: str, endpoint_id: str, seconds: float) -> None:
        """Keep all that waits for an endpoint until it wants to be told again."""
        with self._registry.write(console(tenant), Act.MANAGE_WEBHOOKS) as session:
            until = database_clock(session.connection) + timedelta(seconds=seconds)
            endpoints.pause(session, endpoint_id, until)

    def _hold_back(self, tenant: str, endpoint_id: str) -> None:
        """Have one message show whether an endpoint answers again before all others for it are tried."""
        with self._registry.write(console(tenant), Act.MANAGE_WEBHOOKS) as session:
            attempts = endpoints.most_attempts(session, endpoint_id)
            moments = trial_and_rest(session, WEBHOOK_DELIVERY, attempts, SECONDS)
            endpoints.hold_back(session, endpoint_id, *moments)


def enable(session: Session, endpoint_id: str) -> int:
    """Tell an endpoint again, and first of all of each revocation that it was not told of: what it shows since then is
    what may be shown no longer. Returns how many there are.

    Raises:
        NotFound: there is no such endpoint.
    """
    endpoints.enable(session, endpoint_id)
    return sum(overview.retry(session, id_) for id_ in deliveries.dead_revocations(session, endpoint_id))


def resend(session: Session, delivery_id: str | None = None) -> int:
    """Have dead letters of enabled endpoints sent again, each under its own id and from the beginning of its schedule.
    Returns how many there are.

    Args:
        delivery_id: of one alone; None: all.

    Raises:
        NotFound: there is no such dead letter, or its endpoint is disabled.
    """
    enabled = {endpoint.id for endpoint in endpoints.endpoints(session) if endpoint.disabled is None}
    dead = [
        delivery.id
        for delivery in deliveries.deliveries(session, limit=None)
        if delivery.endpoint in enabled and delivery_id in (None, delivery.id)
    ]
    if delivery_id is not None and not dead:
        raise NotFound(
            Text(
                nl="Dit bericht is niet opgegeven, of het adres staat uit.",
                en="This message was not given up, or its endpoint is disabled.",
            ),
            hint=Text(
                nl="Kijk bij `fotopoort webhooks dead` en `fotopoort webhooks list`.",
                en="See `fotopoort webhooks dead` and `fotopoort webhooks list`.",
            ),
        )
    return sum(overview.retry(session, id_) for id_ in dead)
