"""`fotopoort demo`: screens the sample photos, and makes a page to look at."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from fotopoort.application.contract.documents import Json
from fotopoort.application.input_files import collect
from fotopoort.application.output_paths import OutputPaths, check_output, write_renditions
from fotopoort.application.posts.given import post_document
from fotopoort.application.redecision import GivenScreening
from fotopoort.application.service import ScreeningService
from fotopoort.cli import output
from fotopoort.cli.demo.page import write_page
from fotopoort.cli.language import Lang, choice_of
from fotopoort.cli.registry_session import read_people
from fotopoort.cli.screen.post import print_post
from fotopoort.cli.screen.run import document_of, run
from fotopoort.files import write_whole
from fotopoort.photo.decode import Limits, decode
from fotopoort.photo.render import encode
from fotopoort.policy_file import load_policy
from fotopoort.registry.answers.answers_file import read_answers
from fotopoort.resources import resource
from fotopoort.screening.screen import Request
from fotopoort.settings import load_settings
from fotopoort.vocabulary import Language, Text

PREVIEW_SIDE = 800  # pixels, long side
TO_LOG_IN = Text(nl="Open de pagina voor leerkrachten met", en="Open the page for teachers with")


def demo(
    context: typer.Context,
    out: Annotated[Path, typer.Option(help="Where the renditions and the page go.")] = Path("demo-output"),
    lang: Lang = Language.NL,
) -> None:
    """Screen the sample photos for every channel and show verdicts, renditions and a page with before and after."""
    settings = load_settings()
    policy = load_policy(settings.policy_file)
    samples = resource("fixtures/demo")
    people = read_people(resource("fixtures/classlist.csv"), policy)
    answers = read_answers(samples / "answers.json", people)
    files, _ = collect([samples])
    show, paths = output.VerdictTable(policy, lang, with_questions=False), OutputPaths(out)
    request = Request(tuple(channel.id for channel in policy.channels))
    check_output(out, request.channels, files)
    language = choice_of(context).of_errors
    results: list[Json] = []
    of_post: dict[str, GivenScreening] = {}  # by the name of the file
    with output.progress(len(files), language) as step:
        judged = run(
            files, request, answers, service=ScreeningService(policy, people=people), policy=policy, settings=settings
        )
        for number, (file, given) in enumerate(judged, start=1):
            file = replace(file, display_name=file.path.name)
            document = document_of(file, given, policy, write_renditions(file, given.screening, paths), language)
            show(document)
            of_post[file.display_name] = given.without_pictures()
            results.append(_for_page(document) | _preview(file.path, out / "before" / f"{number}.jpg"))
            step()
    names = {given.screening.findings.sha256: name for name, given in of_post.items()}
    print_post(post_document([*of_post.values()]), policy, names, lang)
    page = write_page(results, out.resolve())
    unjudged = sum("error" in result for result in results)
    output.print_summary(len(files), unjudged, 0, out, language)
    typer.echo(f"{Text(nl='Bekijk', en='Look at'):{language}} {page}", err=True)
    typer.echo(f"{TO_LOG_IN:{language}} {_program()} serve --demo", err=True)
    if unjudged:
        raise typer.Exit(1)


def _program() -> str:
    """This program, as it can be started from this folder again."""
    started = Path(sys.argv[0])
    return str(started) if started.name == "fotopoort" else "fotopoort"


def _for_page(document: Json) -> Json:
    """With absolute paths: those in the terminal are relative to the current folder, where the page is not."""
    verdicts = {}
    for channel, verdict in document["verdicts"].items():
        rendition = verdict["rendition"]
        place = rendition and rendition | {"path": str(Path(rendition["path"]).resolve())}
        verdicts[channel] = verdict | {"rendition": place}
    return document | {"verdicts": verdicts}


def _preview(photo: Path, place: Path) -> dict[str, str]:
    """The sample as it was, for the page; samples only: anyone may see them."""
    preview = encode(decode(photo.read_bytes(), Limits(), PREVIEW_SIDE), (), PREVIEW_SIDE)
    write_whole(place, preview.jpeg)
    return {"before": str(place.resolve())}
