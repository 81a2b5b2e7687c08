"""`fotopoort screen`: photos in, a verdict per channel and renditions out."""

from __future__ import annotations

import hashlib
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from fotopoort.application.capture_date import require_past
from fotopoort.application.contract.build import screening_document
from fotopoort.application.folders.sorting import other_endings
from fotopoort.application.input_files import PhotoFile, collect, read
from fotopoort.application.output_paths import OutputPaths, check_output, write_renditions
from fotopoort.application.pending import PendingScreening
from fotopoort.application.service import ScreeningService
from fotopoort.cli import output
from fotopoort.cli.language import Lang, choice_of
from fotopoort.cli.registry_session import open_registry, read_people, require_one_school
from fotopoort.errors import RegistryError, UseError
from fotopoort.policy.policy import Policy
from fotopoort.policy_file import load_policy
from fotopoort.registry.access.roles import console
from fotopoort.registry.photos.answers import check_answers
from fotopoort.registry.photos.answers_file import AnswersFile, read_answers
from fotopoort.registry.registry import Registry
from fotopoort.screening.processes.pool import ScreeningPool
from fotopoort.screening.screen import Request, Screening
from fotopoort.settings import Settings, load_settings
from fotopoort.vocabulary import Answers, ChannelId, Language, Outcome, Text

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
        help="A class list (CSV). Beside a school's registry it only tightens. Without either everyone is unknown.",
        show_default=False,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object per photo on stdout.")]
FAIL_ON = {"blur": Outcome.BLUR, "reject": Outcome.REJECT}


def screen(
    context: typer.Context,
    photos: Photos,
    channel: Channels = None,
    class_list: ClassList = None,
    group: Annotated[list[str] | None, typer.Option(help="The group in the photos; may be repeated.")] = None,
    caption: Annotated[str | None, typer.Option(help="The text that goes with the photos.")] = None,
    present: Annotated[list[str] | None, typer.Option(metavar="ID", help="This person is in the photos.")] = None,
    only_present: Annotated[bool, typer.Option("--only-present", help="Nobody else is in the photos.")] = False,
    others: Annotated[bool, typer.Option("--others", help="People of no group that is named are in them too.")] = False,
    absent: Annotated[list[str] | None, typer.Option(metavar="ID", help="This person is not in the photos.")] = None,
    answers: Annotated[Path | None, typer.Option(help="A JSON file with answers per photo.")] = None,
    taken: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The day the photos were taken, beside what they tell."),
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
    lang: Lang = Language.NL,
) -> None:
    """Judge photos for each channel, and write renditions that may be published."""
    options = Options(
        photos=tuple(photos),
        channels=tuple(channel or ()),
        class_list=class_list,
        answers=Answers(
            groups=frozenset(group or ()),
            present=frozenset(present or ()),
            only_present=only_present,
            others=others,
            absent=frozenset(absent or ()),
        ),
        answers_file=answers,
        caption=caption,
        taken=taken.date() if taken else None,
        places=tuple(place or ()),
        together=together,
        out=out,
        as_json=as_json,
        fail_on=fail_on,
        language=lang,
        error_language=choice_of(context).of_errors,
    )
    _screen(options)


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked on the command line, before the policy and the class list have been looked at."""

    photos: tuple[Path, ...]
    channels: tuple[str, ...]
    class_list: Path | None
    answers: Answers  # for all photos
    answers_file: Path | None  # for some photos
    caption: str | None
    taken: date | None
    places: tuple[str, ...]
    together: bool
    out: Path | None
    as_json: bool
    fail_on: str | None
    language: Language
    error_language: Language


def _screen(options: Options) -> None:
    settings = load_settings()
    policy = load_policy(settings.policy_file)
    channels = named_channels(options.channels, policy)
    if options.fail_on is not None and options.fail_on not in FAIL_ON:
        raise UseError(Text(nl="--fail-on wil blur of reject.", en="--fail-on takes blur or reject."))
    places = _places(options.places, channels)
    out = options.out
    with open_service(settings, policy, options.class_list) as service:
        context = service.context(console(settings.tenant))
        require_past(options.taken, context.today)
        people = context.people
        answers = check_answers(options.answers, people)
        per_photo = read_answers(options.answers_file, people) if options.answers_file else AnswersFile()
        per_photo.check(answers, people)
        files, passed_over = collect(options.photos)
        per_photo.check_names(file.path.name for file in files)
        if warning := per_photo.warning():
            typer.echo(f"{warning:{options.error_language}}", err=True)
        if out is not None:
            check_output(out, channels, files)
        request = Request(channels, answers, options.caption, options.together)
        judged = run(
            files,
            request,
            per_photo,
            service=service,
            policy=policy,
            settings=settings,
            places=places,
            said=options.taken,
        )
        show = output.JsonLines() if options.as_json else output.VerdictTable(policy, options.language)
        paths = OutputPaths(out) if out else None
        unjudged, endings, worst, unused = 0, Counter[str](), Outcome.PUBLISH, per_photo.keys()
        with output.progress(len(files), options.error_language) as step:
            for file, effective, screening in judged:
                where = write_renditions(file, screening, paths) if paths else {}
                show(screening_document(file.display_name, screening, policy, effective, where, options.error_language))
                step()
                unused -= per_photo.keys_of(screening.findings.sha256, file.path.name)
                if screening.findings.failure is not None:
                    unjudged += 1
                    endings.update(other_endings([file.path.name]))
                outcomes = (verdict.outcome for verdict in screening.verdicts.values())
                worst = max(worst, *outcomes, key=lambda outcome: outcome.strictness)
    output.print_named_system_folders(passed_over.named_system_folders, options.error_language)
    output.print_summary(
        len(files),
        unjudged,
        passed_over.files,
        out,
        options.error_language,
        unused=len(unused),
        unjudged_endings=endings,
        found=passed_over,
    )
    if unjudged:
        raise typer.Exit(1)
    if options.fail_on and worst.strictness >= FAIL_ON[options.fail_on].strictness:
        raise typer.Exit(3)


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
    said: date | None = None,
) -> Iterator[tuple[PhotoFile, Answers, Screening]]:
    """Screen files in order.

    Args:
        per_photo: answers beside those of the request, which are about every photo.
        places: where they will appear, per channel; a channel without gets the file's name.
        said: the day the photos were taken, as the caller says.

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
                pending = service.submit(screeners, caller, data, asking, context, said=said, path=file.display_name)
                submitted.append(pending)
                yield submitted[-1].future

        for file, screening in zip(files, screeners.in_order(work()), strict=True):
            pending = submitted.popleft()
            where = dict.fromkeys(request.channels, file.display_name) | dict(places or {})
            yield file, pending.request.answers, service.record(caller, pending, screening, where)


def _places(options: Sequence[str], channels: Sequence[ChannelId]) -> dict[ChannelId, str]:
    places = {}
    for option in options:
        channel, equals, place = option.partition("=")
        if not equals or channel not in channels:
            raise UseError(
                Text(
                    nl="Bij --place hoort een gevraagd kanaal en een plek.",
                    en="--place takes a channel that is asked for and a place.",
                ),
                hint=Text(nl="Zoals website=https://…", en="As in website=https://…"),
            )
        places[channel] = place
    return places
