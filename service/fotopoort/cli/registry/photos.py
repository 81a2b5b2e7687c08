"""`fotopoort registry …` and `fotopoort block`, `answer`: photos that were screened before."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fotopoort.application.contract.build import screening_document
from fotopoort.application.input_files import PhotoFile, read
from fotopoort.application.output_paths import OutputPaths, remove_given, write_renditions
from fotopoort.application.service import ScreeningService
from fotopoort.cli import output
from fotopoort.cli.language import Lang, choice_of
from fotopoort.cli.registry.rows import AsJson, say, show
from fotopoort.cli.registry_session import open_registry, reading, writing
from fotopoort.errors import PhotoError, UseError
from fotopoort.photo.decode import Limits, decode
from fotopoort.photo.perceptual_hash import Blocklist, perceptual_hashes
from fotopoort.policy.measures import seen_side
from fotopoort.policy_file import load_policy
from fotopoort.registry import school_settings
from fotopoort.registry.access.roles import Act
from fotopoort.registry.answers import answering
from fotopoort.registry.answers.answers import parse_answers
from fotopoort.registry.answers.answers_file import read_json_file
from fotopoort.registry.photos import blocks, takedowns
from fotopoort.screening.processes.pool import ScreeningPool
from fotopoort.settings import Settings, load_settings
from fotopoort.vocabulary import Language, Text

Reason = Annotated[str, typer.Option(help="Why, in a few words.")]
ScreeningId = Annotated[str, typer.Argument(metavar="SCREENING", help="The id that `screen --json` shows.")]


def list_takedowns(
    context: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="Also those that are done.")] = False,
    as_json: AsJson = False,
) -> None:
    """Photos that must be taken down, because somebody in them may no longer be shown."""
    with reading(Act.SEE_TAKEDOWNS) as session:
        rows = takedowns.tasks(session, open_only=not everything)
    columns = ("due", "channel", "place", "person", "certain", "done", "id")
    show(
        context,
        rows,
        columns,
        as_json=as_json,
        nothing=Text(nl="Er hoeft niets offline te worden gehaald.", en="Nothing needs to be taken down."),
    )


def taken_down(
    context: typer.Context, task: Annotated[str, typer.Argument(help="The id that `registry takedowns` shows.")]
) -> None:
    """Mark that a photo was taken down."""
    with writing(Act.SEE_TAKEDOWNS) as session:
        takedowns.mark_done(session, task)
    say(context, Text(nl="Klaar.", en="Done."))


def block(
    context: typer.Context,
    photo: Annotated[str, typer.Argument(metavar="PHOTO|SHA256", help="The photo, or its SHA-256.")],
    reason: Reason,
    as_json: AsJson = False,
) -> None:
    """Never let this photo be published, nor one much like it; tell where it may have gone."""
    settings = load_settings()
    sha256, likenesses = _hashes(photo, settings)
    with open_registry(settings, make=True) as (registry, caller):
        with registry.write(caller, Act.REPORT_PHOTO) as session:
            blocks.add(session, sha256, likenesses, reason)
            rows = blocks.verdicts_given(session, Blocklist.of([sha256], likenesses))
    if not likenesses:
        say(
            context,
            Text(
                nl="Met alleen de SHA-256 worden veranderde kopieën niet herkend.",
                en="By its SHA-256 alone, copies of it that were changed are not recognised.",
            ),
        )
    columns = ("at", "channel", "outcome", "place", "screening")
    show(
        context,
        rows,
        columns,
        as_json=as_json,
        nothing=Text(
            nl="Geblokkeerd. Er is nog niet eerder over geoordeeld.", en="Blocked. No verdict was given for it before."
        ),
    )


def _hashes(photo: str, settings: Settings) -> tuple[str, tuple[str, ...]]:
    """A photo's SHA-256 and perceptual hashes; without the latter where only its SHA-256 is given."""
    path = Path(photo)
    if not path.exists() and len(photo) == 64:
        return photo.lower(), ()
    data = read(path, settings)
    if isinstance(data, PhotoError) and path.exists():
        raise UseError(data.message, hint=data.hint)
    if isinstance(data, PhotoError):
        raise UseError(
            Text(nl="Er is geen foto met die naam.", en="There is no photo of that name."),
            hint=Text(
                nl="Noem een foto, of de 64 tekens van de SHA-256.",
                en="Name a photo, or the 64 digits of its SHA-256.",
            ),
        )
    limits = Limits(settings.max_bytes, settings.max_pixels)
    decoded = decode(data, limits, seen_side(load_policy(settings.policy_file)))
    return decoded.sha256, perceptual_hashes(decoded.pixels)


def list_blocks(context: typer.Context, as_json: AsJson = False) -> None:
    """Photos that may not be published."""
    with reading(Act.REPORT_PHOTO) as session:
        rows = blocks.blocks(session)
    show(
        context,
        rows,
        ("at", "sha256", "reason", "lifted", "id"),
        as_json=as_json,
        nothing=Text(nl="Er is geen foto geblokkeerd.", en="No photo is blocked."),
    )


def unblock(
    context: typer.Context,
    block_id: Annotated[str, typer.Argument(metavar="ID", help="The id that `registry blocks` shows.")],
    reason: Reason,
) -> None:
    """Let a photo be published again."""
    with writing(Act.LIFT_BLOCK) as session:
        blocks.lift(session, block_id, reason)
    say(context, Text(nl="Opgeheven.", en="Lifted."))


def override(
    context: typer.Context,
    screening: ScreeningId,
    channel: Annotated[str, typer.Argument(help="The channel it holds for.")],
    rule: Annotated[str, typer.Argument(help="The rule to set aside for this one photo.")],
    reason: Reason,
) -> None:
    """Set a rule aside for one photo; `fotopoort answer` then decides again."""
    settings = load_settings()
    policy = load_policy(settings.policy_file)
    with open_registry(settings) as (registry, caller):
        ScreeningService(policy, registry=registry).set_aside(caller, screening, channel, rule, reason)
    say(context, Text(nl="Deze regel telt voor deze foto niet meer.", en="Set aside."))


def unjudged(
    context: typer.Context,
    channel: Annotated[str | None, typer.Argument(help="The channel to change.")] = None,
    then: Annotated[school_settings.Unjudged | None, typer.Argument(help="hold or allow.")] = None,
    reason: Reason = "",
    as_json: AsJson = False,
) -> None:
    """What a website does with files that are no photos; with a channel and a word, change it from now on."""
    with open_registry(load_settings()) as (registry, caller):
        if channel and then:
            with registry.write(caller, Act.SET) as session:
                school_settings.set_unjudged(session, channel, then, reason)
        with registry.read(caller, Act.SET) as session:
            rows = [
                {"channel": of_policy.id, "unjudged": school_settings.unjudged(session, of_policy.id)}
                for of_policy in session.channels
                if channel in (None, of_policy.id)
            ]
    nothing = Text(nl="Dit kanaal bestaat niet.", en="There is no such channel.")
    show(context, rows, ("channel", "unjudged"), as_json=as_json, nothing=nothing)


def answer(
    context: typer.Context,
    screening: ScreeningId,
    answers: Annotated[Path | None, typer.Option(help="A JSON file with what is said of this one photo.")] = None,
    retract: Annotated[
        int | None,
        typer.Option(
            metavar="N", min=0, help="Take back answer N; with --answers, say that in its place.", show_default=False
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write the renditions to this folder.")] = None,
    as_json: AsJson = False,
    lang: Lang = Language.NL,
) -> None:
    """Decide again about a photo that is still held, with further answers or without an earlier one, and make its
    renditions anew."""
    settings = load_settings()
    policy = load_policy(settings.policy_file)
    with open_registry(settings) as (registry, caller):
        service = ScreeningService(policy, registry=registry, hours_held=settings.hours_held)
        content = read_json_file(answers) if answers else {}
        further = parse_answers(content, service.context(caller).people)
        with ScreeningPool.open(settings, policy, max_processes=1) as screeners:
            if retract is not None and answers is None:
                pending = service.retract(screeners, caller, screening, retract)
            else:
                pending = service.rejudge(screeners, caller, screening, further, replaces=retract)
            given = service.record_given_again(caller, pending, pending.future.result())
        with registry.read(caller, Act.SCREEN) as session:
            earlier = answering.renditions_given(session, screening)
    result, effective = given.screening, given.request.answers
    file = PhotoFile(Path(screening), screening, Path(screening))
    if out:
        remove_given(out, earlier)
    places = write_renditions(file, result, OutputPaths(out)) if out else {}
    show_ = output.JsonLines() if as_json else output.VerdictTable(policy, lang)
    language, number = choice_of(context).of_errors, pending.rejudgement.number
    document = screening_document(screening, result, policy, effective, places, language)
    show_(document | {"answer": number})
    if retract is None or answers is not None:
        typer.echo(f"{_how_to_retract(screening, number):{language}}", err=True)
    if result.findings.failure is not None:
        raise typer.Exit(1)


def _how_to_retract(screening: str, number: int) -> Text:
    command = f"fotopoort answer {screening} --retract {number}"
    return Text(
        nl=f"Dit is antwoord {number}. Neem het terug met: {command}",
        en=f"This is answer {number}. Take it back with: {command}",
    )
