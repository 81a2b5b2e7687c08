"""Photos that others tell of by a signed message: verified and written down at once, fetched and taken in by a job."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Annotated, Final, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from fotopoort.application.gate.requests import MAX_REFERENCE, GateRequest, GateTicket
from fotopoort.errors import AlreadyThere, BadForm, BadRecord, Busy, Overloaded, UnknownChannel, UseError
from fotopoort.jobs.handlers import GiveUp, Handler, Retry, Task
from fotopoort.jobs.queue import Effects
from fotopoort.jobs.retry import HOUR, MINUTE, RetrySchedule
from fotopoort.registry.access.roles import Act, Caller, console
from fotopoort.registry.posts.photos import MAX_FILE_NAME
from fotopoort.registry.registry import Registry, Session
from fotopoort.registry.webhooks import incoming, sources
from fotopoort.registry.webhooks.incoming import KIND, ReportedPhoto
from fotopoort.registry.webhooks.sources import Source
from fotopoort.vocabulary import Text
from fotopoort.webhooks.backoff import trial_and_rest
from fotopoort.webhooks.outbound.client import GuardedClient
from fotopoort.webhooks.outbound.network import OutboundError
from fotopoort.webhooks.outbound.target import MAX_LENGTH, AllowList, Target
from fotopoort.webhooks.signatures import verify, verifying_key

SECONDS: Final = 60.0  # for one photo, from the look-up of the name to the last byte
TIMEOUT: Final = 150.0  # of the job: that, and what it is taken in by
CONCURRENCY: Final = 2
SCHEDULE: Final = RetrySchedule((0, 5, MINUTE, 10 * MINUTE, HOUR))
REVOKED: Final = "source_revoked"


class PhotoIntake(Protocol):
    """Where a photo goes that was fetched: `application.gate.service.Gate`."""

    def take(self, caller: Caller, request: GateRequest) -> GateTicket:
        """Take a photo in; what was sent before, and is not over, once."""


class UploadedMedia(BaseModel):
    """Which photo it is. Other fields are let be."""

    model_config = ConfigDict(strict=True, extra="ignore")

    href: Annotated[str, Field(max_length=MAX_LENGTH, description="Where the photo can be fetched.")]
    channel: Annotated[str, Field(max_length=40)]
    group: Annotated[list[str], Field(max_length=50, description="Who is in it; none: the whole school.")] = []
    reference: Annotated[str, Field(max_length=MAX_REFERENCE, description="What you call the article.")] = ""
    file_name: Annotated[str, Field(max_length=MAX_FILE_NAME, description="That it would be published under.")] = ""
    text: Annotated[str | None, Field(description="Title, caption, alternative text and the article.")] = None


class IncomingMessage(BaseModel):
    """A message by the Standard Webhooks specification that tells of a photo."""

    model_config = ConfigDict(strict=True, extra="ignore")

    type: Literal["media.uploaded"]
    timestamp: Annotated[str, Field(max_length=40)] = ""
    data: UploadedMedia


class IncomingPhotos:
    """Takes in what sources tell of.

    Args:
        client: fetches the photos.
        intake: where they go.
        channels: the ids of the policy's.
        max_bytes: of a photo.
        wake: called when there is a job to do.
    """

    def __init__(
        self,
        registry: Registry,
        client: GuardedClient,
        intake: PhotoIntake,
        *,
        channels: Collection[str],
        max_bytes: int,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        self._registry, self._client, self._intake = registry, client, intake
        self._channels, self._max_bytes, self._wake = channels, max_bytes, wake

    def handler(self) -> Handler:
        """What is done of each photo."""
        return Handler(KIND, self._fetch, SCHEDULE, timeout=TIMEOUT, concurrency=CONCURRENCY, dead=_forget)

    def receive(self, source_id: str, headers: Iterable[tuple[str, str]], body: bytes) -> str:
        """Write down what a source tells. Returns its id: of the same message the same.

        Raises:
            BadSignature: it is no source, or did not sign this, lately.
            BadForm: it tells of no photo.
            BadRecord: the photo's address is none, or not one that this source may name.
            UnknownChannel: there is no such channel.
            Forbidden: its API key may not.
            Busy: too much waits that it told of before.
            KeyMissing, RegistryError: it cannot be kept.
        """
        caller, source, keys = sources.identify(self._registry, source_id)
        message_id = verify(map(verifying_key, keys), headers, body, self._registry.clock().timestamp())
        media = _read(body)
        if not _allowed(source).names(Target.parse(media.href)):
            raise BadRecord(
                Text(
                    nl="Van deze host worden voor deze afzender geen foto's opgehaald.",
                    en="No photos are fetched from that host for this source.",
                ),
                hint=Text(
                    nl="Vraag de privacyfunctionaris de host toe te voegen.",
                    en="Ask the privacy officer to add the host.",
                ),
            )
        if media.channel not in self._channels:
            raise UnknownChannel
        with self._registry.write(caller, Act.GATE) as session:
            id_ = incoming.record(session, source.id, message_id, media.model_dump())
        self._wake()
        return id_

    def _fetch(self, task: Task) -> Effects | None:
        with self._registry.read(console(task.tenant), Act.MANAGE_WEBHOOKS) as session:
            told = incoming.told(session, task.id)
            if told is None:
                return None
            found = sources.find(session, told.source)
        if found is None:
            raise GiveUp(REVOKED)
        caller, source = found
        try:
            ticket = self._intake.take(caller, self._request(source, told))
        except OutboundError as error:
            if error.is_final:
                raise GiveUp(error.code) from None
            if not error.code.startswith("http_"):  # one photo that is not there says nothing of the others
                self._hold_back(task.tenant, source.id)
            raise Retry(error.code) from None
        except (AlreadyThere, Busy, Overloaded) as error:
            raise Retry(error.code) from None
        except UseError as error:  # that it is no photo, for one: to fetch it again will not help
            raise GiveUp(error.code) from None
        return lambda session: incoming.finish(session, task.id, ticket.id)

    def _request(self, source: Source, told: ReportedPhoto) -> GateRequest:
        media = UploadedMedia.model_validate(told.content)
        answer = self._client.get(media.href, _allowed(source), max_bytes=self._max_bytes, seconds=SECONDS)
        return GateRequest.cleaned(
            answer.content,
            media.channel,
            text=media.text,
            file_name=media.file_name,
            groups=media.group,
            reference=media.reference,
        )  # without a key: the same content is taken in once anyway, and by now it can be another

    def _hold_back(self, tenant: str, source_id: str) -> None:
        """Have one photo show whether a site answers again before all others of it are fetched."""
        with self._registry.write(console(tenant), Act.MANAGE_WEBHOOKS) as session:
            attempts = incoming.most_attempts(session, source_id)
            incoming.hold_back(session, source_id, *trial_and_rest(session, SCHEDULE, attempts, SECONDS))


def _forget(session: Session, incoming_id: str) -> None:
    """Erase what was told: nothing will come of it."""
    incoming.finish(session, incoming_id, None)


def _read(body: bytes) -> UploadedMedia:
    try:
        return IncomingMessage.model_validate_json(body).data
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors(include_input=False)[0]["loc"])
        raise BadForm(
            Text(
                nl=f"{place or 'Het bericht'} ontbreekt, of is niet wat het moet zijn.",
                en=f"{place or 'The message'} is missing, or is not what it must be.",
            ),
            hint=Text(nl="Kijk in docs/webhooks.md.", en="See docs/webhooks.md."),
        ) from None


def _allowed(source: Source) -> AllowList:
    return AllowList.parse(source.hosts, source.networks)
