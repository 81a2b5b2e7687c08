"""Photos from a disk through the service, one after the other: what `screen` and `demo` share."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

from fotopoort.application.contract.build import screening_document
from fotopoort.application.contract.documents import Json
from fotopoort.application.input_files import PhotoFile, read
from fotopoort.application.pending import PendingScreening
from fotopoort.application.posts.given import questions_about
from fotopoort.application.redecision import GivenScreening
from fotopoort.application.service import ScreeningService
from fotopoort.cli.registry_session import open_registry, read_people, require_one_school
from fotopoort.errors import RegistryError, UseError
from fotopoort.policy.policy import Policy
from fotopoort.registry.access.roles import console
from fotopoort.registry.answers.answers_file import AnswersFile
from fotopoort.registry.registry import Registry
from fotopoort.screening.processes.pool import ScreeningPool
from fotopoort.screening.screen import Request, Screening
from fotopoort.settings import Settings
from fotopoort.vocabulary import ChannelId, Language, Text


@contextmanager
def open_service(settings: Settings, policy: Policy, class_list: Path | None) -> Iterator[ScreeningService]:
    """The screening service with the people of the school's registry, of a class list, or with nobody known. Beside a
    registry a class list may only tighten.

    A registry that cannot be used makes every verdict a reject, see `application/service.py`.

    Raises:
        BadClassList, FileMissing: the class list cannot be used.
        UseError: there is a class list, and there are several schools in the registry.
    """
    people = read_people(class_list, policy) if class_list is not None else None
    if not Registry.is_there(settings):
        yield ScreeningService(policy, people=people)
        return
    with ExitStack() as stack:
        registry: Registry | RegistryError
        try:
            registry, _ = stack.enter_context(open_registry(settings))
            if people is not None:
                require_one_school(registry)
        except RegistryError as failure:
            registry = failure
        yield ScreeningService(policy, registry=registry, people=people, hours_held=settings.hours_held)


def named_channels(named: Sequence[str] | None, policy: Policy) -> tuple[ChannelId, ...]:
    """The channels that were named, each once.

    Raises:
        UseError: none was.
        UnknownChannel: there is no such channel.
    """
    if not named:
        example = policy.channels[0].id
        raise UseError(
            Text(nl="Er is geen kanaal genoemd.", en="No channel is named."),
            hint=Text(nl=f"Voeg --channel toe, bijvoorbeeld: {example}.", en=f"Add --channel, for example: {example}."),
        )
    for name in named:
        policy.channel(name)
    return tuple(dict.fromkeys(named))


def run(
    files: Sequence[PhotoFile],
    request: Request,
    per_photo: AnswersFile,
    *,
    service: ScreeningService,
    policy: Policy,
    settings: Settings,
    places: Mapping[ChannelId, str] | None = None,
    stated_day: date | None = None,
) -> Iterator[tuple[PhotoFile, GivenScreening]]:
    """Screen files in order.

    Args:
        per_photo: answers beside those of the request, which are about every photo.
        places: where they will appear, per channel; a channel without gets the file's name.
        stated_day: the day the photos were taken, as the caller says.

    Raises:
        ModelMissing: a model is not here and cannot be fetched.
    """
    submitted: deque[PendingScreening] = deque()
    caller = console(settings.tenant)
    with ScreeningPool.open(settings, policy, max_processes=len(files)) as screeners:

        def work() -> Iterator[Future[Screening]]:
            for file in files:
                data = read(file.path, settings)
                sha256 = hashlib.sha256(data).hexdigest() if isinstance(data, bytes) else ""
                context = service.context(caller)
                answers = per_photo.about(request.answers, context.people, sha256, file.path.name)
                asking = replace(request, answers=answers, file_name=str(file.relative.with_suffix("")))
                pending = service.submit(
                    screeners, caller, data, asking, context, stated_day=stated_day, path=file.display_name
                )
                submitted.append(pending)
                yield submitted[-1].future

        for file, screening in zip(files, screeners.in_order(work()), strict=True):
            pending = submitted.popleft()
            where = dict.fromkeys(request.channels, file.display_name) | dict(places or {})
            yield file, service.record_given(caller, pending, screening, where)


def document_of(
    file: PhotoFile,
    given: GivenScreening,
    policy: Policy,
    places: Mapping[ChannelId, Mapping[str, str]],
    language: Language,
) -> Json:
    """The document about one photo, with what to ask about it on all its channels together."""
    asks = questions_about([given])
    answers = given.request.answers
    return screening_document(file.display_name, given.screening, policy, answers, places, language, asks)
