"""`fotopoort screen`: photos in, a verdict per channel and renditions out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from fotopoort.application.capture_date import require_past
from fotopoort.application.contract.documents import Json
from fotopoort.application.folders.sorting import other_endings
from fotopoort.application.input_files import collect
from fotopoort.application.output_paths import OutputPaths, check_output, write_renditions
from fotopoort.application.posts.given import post_document
from fotopoort.application.redecision import GivenScreening
from fotopoort.cli import output
from fotopoort.cli.language import Lang, choice_of
from fotopoort.cli.options import Answered, AsJson, Channels, ClassList, Photos, TakenOn, Together
from fotopoort.cli.screen.post import print_post
from fotopoort.cli.screen.run import document_of, named_channels, open_service, run
from fotopoort.errors import UseError
from fotopoort.policy_file import load_policy
from fotopoort.registry.access.roles import console
from fotopoort.registry.answers.answers import check_answers
from fotopoort.registry.answers.answers_file import AnswersFile, read_answers
from fotopoort.screening.screen import Request
from fotopoort.settings import load_settings
from fotopoort.vocabulary import Answers, ChannelId, Language, Outcome, Text

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
    answers: Answered = None,
    taken: TakenOn = None,
    place: Annotated[
        list[str] | None, typer.Option(metavar="CHANNEL=PLACE", help="Where they will appear, for the registry.")
    ] = None,
    together: Together = False,
    crop: Annotated[
        bool, typer.Option("--crop", help="Leave out a part of the photo instead of covering, where that will do.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="Write the renditions to this folder.")] = None,
    as_json: AsJson = False,
    post: Annotated[
        bool, typer.Option("--post", help="With --json: at the end one object more, about all photos together.")
    ] = False,
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
            crop=crop,
        ),
        answers_file=answers,
        caption=caption,
        taken=taken.date() if taken else None,
        places=tuple(place or ()),
        together=together,
        out=out,
        as_json=as_json,
        post=post,
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
    post: bool
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
            stated_day=options.taken,
        )
        is_post = options.post or (len(files) > 1 and not options.as_json)
        show: Callable[[Json], None] = (
            output.JsonLines()
            if options.as_json
            else output.VerdictTable(policy, options.language, with_questions=not is_post)
        )
        paths = OutputPaths(out) if out else None
        of_post: list[GivenScreening] = []
        unjudged, endings, worst, unused = 0, Counter[str](), Outcome.PUBLISH, per_photo.keys()
        with output.progress(len(files), options.error_language) as step:
            for file, given in judged:
                screening = given.screening
                where = write_renditions(file, screening, paths) if paths else {}
                show(document_of(file, given, policy, where, options.error_language))
                step()
                if is_post:
                    of_post.append(given.without_pictures())
                unused -= per_photo.keys_of(screening.findings.sha256, file.path.name)
                if screening.findings.failure is not None:
                    unjudged += 1
                    endings.update(other_endings([file.path.name]))
                outcomes = (verdict.outcome for verdict in screening.verdicts.values())
                worst = max(worst, *outcomes, key=lambda outcome: outcome.strictness)
    if of_post:
        post = post_document(of_post)
        if options.as_json:
            show({"post": post})
        else:
            shas = (given.screening.findings.sha256 for given in of_post)
            names = dict(zip(shas, (file.display_name for file in files), strict=True))
            print_post(post, policy, names, options.language)
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
