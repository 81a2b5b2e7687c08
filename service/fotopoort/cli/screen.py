"""`fotopoort screen`: photos in, a verdict per channel and renditions out."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from fotopoort.cli import report
from fotopoort.cli.photos import Destinations, PhotoFile, collect
from fotopoort.contract import screened
from fotopoort.errors import FileUnreadable, OutputUnwritable, PhotoError, TooManyBytes, UseError
from fotopoort.files import remove, write_whole
from fotopoort.policy.policy import Policy, load_policy
from fotopoort.registry.answers_file import check_answers, merge, read_answers
from fotopoort.registry.class_list import read_class_list
from fotopoort.screening import Request, Screening
from fotopoort.settings import Settings, load_settings
from fotopoort.vocabulary import Answers, ChannelId, Outcome, People
from fotopoort.workers import Screeners

Photos = Annotated[
    list[Path], typer.Argument(metavar="PHOTO…", help="Photos, or folders with photos.", show_default=False)
]
Channels = Annotated[
    list[str] | None,
    typer.Option("--channel", "-c", help="Where it would be published; once for each channel.", show_default=False),
]
Registry = Annotated[Path | None, typer.Option(help="The class list (CSV). Without it everyone is unknown.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object per photo on stdout.")]
FAIL_ON = {"blur": Outcome.BLUR, "reject": Outcome.REJECT}


def screen(
    photos: Photos,
    channel: Channels = None,
    registry: Registry = None,
    group: Annotated[list[str] | None, typer.Option(help="The group in the photos; may be repeated.")] = None,
    caption: Annotated[str | None, typer.Option(help="The text that goes with the photos.")] = None,
    present: Annotated[list[str] | None, typer.Option(metavar="ID", help="This person is in the photos.")] = None,
    only_present: Annotated[bool, typer.Option("--only-present", help="Nobody else is in the photos.")] = False,
    absent: Annotated[list[str] | None, typer.Option(metavar="ID", help="This person is not in the photos.")] = None,
    answers: Annotated[Path | None, typer.Option(help="A JSON file with answers per photo.")] = None,
    together: Annotated[
        bool, typer.Option("--together", help="One message on all channels: the strictest counts.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="Write the renditions to this folder.")] = None,
    as_json: AsJson = False,
    fail_on: Annotated[
        str | None, typer.Option(metavar="blur|reject", help="Exit with status 3 at such a verdict.")
    ] = None,
    lang: Annotated[report.Language, typer.Option(help="Language of the reasons.")] = report.Language.NL,
) -> None:
    """Judge photos for each channel, and write renditions that may be published."""
    settings = load_settings()
    policy = load_policy(settings.policy_file)
    if not channel:
        raise UseError("No channel is named.", hint="Add --channel, for example: " + policy.channels[0].id + ".")
    for name in channel:
        policy.channel(name)
    if fail_on is not None and fail_on not in FAIL_ON:
        raise UseError("--fail-on takes blur or reject.")
    people = read_class_list(registry, [known.id for known in policy.channels]) if registry else None
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
        check_output(out, channel, files)
    request = Request(tuple(dict.fromkeys(channel)), spoken, caption, together)
    judged = run(files, request, per_photo, policy=policy, people=people, settings=settings)
    show = report.Json() if as_json else report.Table(policy, lang)
    destinations = Destinations(out) if out else None
    unjudged, worst, unused = 0, Outcome.PUBLISH, set(per_photo)
    with report.progress(len(files)) as step:
        for file, answered, screening in judged:
            places = write_renditions(file, screening, destinations) if destinations else {}
            show(screened(file.shown, screening, policy, answered, places))
            step()
            unused -= {screening.findings.sha256, file.path.name}
            unjudged += screening.findings.failure is not None
            worst = max(worst, *(v.outcome for v in screening.verdicts.values()), key=lambda o: o.strictness)
    report.closing(len(files), unjudged, passed_over, out, unused=len(unused))
    if unjudged:
        raise typer.Exit(1)
    if fail_on and worst.strictness >= FAIL_ON[fail_on].strictness:
        raise typer.Exit(3)


def run(
    files: Sequence[PhotoFile],
    request: Request,
    per_photo: Mapping[str, Answers],
    *,
    policy: Policy,
    people: People | None,
    settings: Settings,
) -> Iterator[tuple[PhotoFile, Answers, Screening]]:
    """Screen files in order. Answers given for a file's sha256 or its name take the place of the request's own.

    Raises:
        ModelMissing: a model is not here and cannot be fetched.
    """
    asked: deque[Request] = deque()
    with Screeners.open(settings, policy, most=len(files)) as screeners:

        def work() -> Iterator[Future[Screening]]:
            for file in files:
                data = read(file.path, settings)
                known = per_photo.get(hashlib.sha256(data).hexdigest()) if isinstance(data, bytes) else None
                answers = known or per_photo.get(file.path.name)
                asked.append(replace(request, answers=answers) if answers else request)
                yield screeners.submit(data, asked[-1], people)

        for file, screening in zip(files, screeners.in_order(work()), strict=True):
            yield file, asked.popleft().answers, screening


def read(path: Path, settings: Settings) -> bytes | PhotoError:
    """The bytes of a photo, or why it cannot be had."""
    try:
        if path.stat().st_size > settings.max_megabytes * 1_000_000:
            return TooManyBytes()
        return path.read_bytes()
    except OSError:
        return FileUnreadable()


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


def write_renditions(
    file: PhotoFile, screening: Screening, destinations: Destinations
) -> dict[ChannelId, dict[str, str]]:
    """Write the renditions; take away what an earlier run left for a photo that may no longer be published.

    Raises:
        OutputUnwritable: one of them cannot be written or taken away.
    """
    places = {}
    for channel, verdict in screening.verdicts.items():
        path = destinations.place(file, screening.findings.sha256, verdict)
        rendition = screening.renditions.get(channel)
        if rendition is None:
            remove(path)
            for earlier in destinations.others(file, screening.findings.sha256, channel):
                remove(earlier)
        else:
            write_whole(path, rendition.jpeg)
            places[channel] = {"path": str(path)}
    return places
