"""`fotopoort screen`: photos in, a verdict per channel and renditions out."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from fotopoort.application.contract import screened
from fotopoort.application.input_files import PhotoFile, read
from fotopoort.application.output_paths import Destinations, write_renditions
from fotopoort.application.service import ScreeningService
from fotopoort.cli import output
from fotopoort.cli.photo_arguments import collect
from fotopoort.cli.registry_session import open_registry
from fotopoort.errors import OutputUnwritable, PhotoError, RegistryError, UseError
from fotopoort.files import write_whole
from fotopoort.policy.policy import Policy
from fotopoort.policy_file import load_policy
from fotopoort.registry.access.roles import console
from fotopoort.registry.lists.class_list import read_class_list
from fotopoort.registry.photos.answers import check_answers, merge, read_answers
from fotopoort.registry.registry import Registry
from fotopoort.screening.pool import ScreeningPool
from fotopoort.screening.screen import Request, Screening
from fotopoort.settings import Settings, load_settings
from fotopoort.vocabulary import Answers, ChannelId, Outcome

Photos = Annotated[
    list[Path], typer.Argument(metavar="PHOTO…", help="Photos, or folders with photos.", show_default=False)
]
Channels = Annotated[
    list[str] | None,
    typer.Option("--channel", "-c", help="Where it would be published; once for each channel.", show_default=False),
]
ClassList = Annotated[
    Path | None,
    typer.Option(
        "--registry",
        help="A class list (CSV), in place of the school's registry. Without either everyone is unknown.",
        show_default=False,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object per photo on stdout.")]
FAIL_ON = {"blur": Outcome.BLUR, "reject": Outcome.REJECT}


def screen(
    photos: Photos,
    channel: Channels = None,
    class_list: ClassList = None,
    group: Annotated[list[str] | None, typer.Option(help="The group in the photos; may be repeated.")] = None,
    caption: Annotated[str | None, typer.Option(help="The text that goes with the photos.")] = None,
    present: Annotated[list[str] | None, typer.Option(metavar="ID", help="This person is in the photos.")] = None,
    only_present: Annotated[bool, typer.Option("--only-present", help="Nobody else is in the photos.")] = False,
    absent: Annotated[list[str] | None, typer.Option(metavar="ID", help="This person is not in the photos.")] = None,
    answers: Annotated[Path | None, typer.Option(help="A JSON file with answers per photo.")] = None,
    taken: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day the photos were taken: groups as of then.")
    ] = None,
    place: Annotated[
        list[str] | None, typer.Option(metavar="CHANNEL=PLACE", help="Where they will appear, for the registry.")
    ] = None,
    together: Annotated[
        bool, typer.Option("--together", help="One message on all channels: the strictest counts.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="Write the renditions to this folder.")] = None,
    as_json: AsJson = False,
    fail_on: Annotated[
        str | None, typer.Option(metavar="blur|reject", help="Exit with status 3 at such a verdict.")
    ] = None,
    lang: Annotated[output.Language, typer.Option(help="Language of the reasons.")] = output.Language.NL,
) -> None:
    """Judge photos for each channel, and write renditions that may be published."""
    settings = load_settings()
    policy = load_policy(settings.policy_file)
    channels = named_channels(channel, policy)
    if fail_on is not None and fail_on not in FAIL_ON:
        raise UseError("--fail-on takes blur or reject.")
    places = _places(place or [], channels)
    with gate_of(settings, policy, class_list) as gate:
        caller, on = console(settings.tenant), taken.date() if taken else None
        people = gate.known(caller, on).people
        spoken = Answers(
            groups=frozenset(group or ()),
            present=frozenset(present or ()),
            only_present=only_present,
            absent=frozenset(absent or ()),
        )
        spoken = check_answers(spoken, people)
        said = read_answers(answers, people) if answers else {}
        per_photo = {  # numbered in messages, not named: a file name may hold a child's name
            photo: check_answers(merge(spoken, said[photo]), people, f"photos[{number}]")
            for number, photo in enumerate(said)
        }
        files, passed_over = collect(photos)
        if out is not None:
            check_output(out, channels, files)
        request = Request(channels, spoken, caption, together)
        judged = run(files, request, per_photo, gate=gate, policy=policy, settings=settings, places=places, on=on)
        show = output.Json() if as_json else output.Table(policy, lang)
        destinations = Destinations(out) if out else None
        unjudged, worst, unused = 0, Outcome.PUBLISH, set(per_photo)
        with output.progress(len(files)) as step:
            for file, answered, screening in judged:
                where = write_renditions(file, screening, destinations) if destinations else {}
                show(screened(file.shown, screening, policy, answered, where))
                step()
                unused -= {screening.findings.sha256, file.path.name}
                unjudged += screening.findings.failure is not None
                worst = max(worst, *(v.outcome for v in screening.verdicts.values()), key=lambda o: o.strictness)
    output.closing(len(files), unjudged, passed_over, out, unused=len(unused))
    if unjudged:
        raise typer.Exit(1)
    if fail_on and worst.strictness >= FAIL_ON[fail_on].strictness:
        raise typer.Exit(3)


@contextmanager
def gate_of(settings: Settings, policy: Policy, class_list: Path | None) -> Iterator[ScreeningService]:
    """The gate with the people of a class list, or of the school's registry, or with nobody known.

    A registry that cannot be used makes every verdict a reject: see `gate.py`.

    Raises:
        BadClassList, FileMissing: the class list cannot be used.
    """
    if class_list is not None:
        yield ScreeningService(policy, people=read_class_list(class_list, [channel.id for channel in policy.channels]))
    elif not Registry.is_there(settings):
        yield ScreeningService(policy)
    else:
        with ExitStack() as stack:
            kept: Registry | RegistryError
            try:
                kept, _ = stack.enter_context(open_registry(settings))
            except RegistryError as failure:
                kept = failure
            yield ScreeningService(policy, registry=kept, hours_held=settings.hours_held)


def named_channels(named: Sequence[str] | None, policy: Policy) -> tuple[ChannelId, ...]:
    """The channels that were named, each once.

    Raises:
        UseError: none was.
        UnknownChannel: there is no such channel.
    """
    if not named:
        raise UseError("No channel is named.", hint="Add --channel, for example: " + policy.channels[0].id + ".")
    for name in named:
        policy.channel(name)
    return tuple(dict.fromkeys(named))


def run(
    files: Sequence[PhotoFile],
    request: Request,
    per_photo: Mapping[str, Answers],
    *,
    gate: ScreeningService,
    policy: Policy,
    settings: Settings,
    places: Mapping[ChannelId, str] | None = None,
    on: date | None = None,
) -> Iterator[tuple[PhotoFile, Answers, Screening]]:
    """Screen files in order. Answers given for a file's sha256 or its name take the place of the request's own.

    Args:
        places: where they will appear, per channel; a channel without gets the file's name.
        on: the day the photos were taken.

    Raises:
        ModelMissing: a model is not here and cannot be fetched.
    """
    asked: deque[tuple[Request, bytes | PhotoError]] = deque()
    caller = console(settings.tenant)
    with ScreeningPool.open(settings, policy, most=len(files)) as screeners:

        def work() -> Iterator[Future[Screening]]:
            for file in files:
                data = read(file.path, settings)
                known = per_photo.get(hashlib.sha256(data).hexdigest()) if isinstance(data, bytes) else None
                answers = known or per_photo.get(file.path.name)
                asking = replace(request, file_name=str(file.relative.with_suffix("")))
                asking = replace(asking, answers=answers) if answers else asking
                asked.append((asking, data))
                yield gate.submit(screeners, caller, data, asking, gate.known(caller, on))

        for file, screening in zip(files, screeners.in_order(work()), strict=True):
            asking, data = asked.popleft()
            where = dict.fromkeys(request.channels, file.shown) | dict(places or {})
            yield file, asking.answers, gate.remember(caller, data, asking, screening, where, on)


def _places(given: Sequence[str], channels: Sequence[ChannelId]) -> dict[ChannelId, str]:
    places = {}
    for one in given:
        channel, equals, place = one.partition("=")
        if not equals or channel not in channels:
            raise UseError("--place takes a channel that is asked for and a place.", hint="As in website=https://…")
        places[channel] = place
    return places


def check_output(out: Path, channels: Sequence[ChannelId], files: Sequence[PhotoFile]) -> None:
    """Refuse before any work what cannot end well: a folder that takes no files, or one that holds the originals."""
    folders = {folder.resolve() for folder in (out, *(out / channel for channel in channels))}
    if any(not folders.isdisjoint(file.path.resolve().parents) for file in files):
        raise OutputUnwritable(
            "The output folder holds photos that are to be screened.",
            hint="Name another folder with --out: originals are never written over.",
        )
    write_whole(out / ".fotopoort-test", b"")
    (out / ".fotopoort-test").unlink()
