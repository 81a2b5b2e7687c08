"""Takes the steps: `python -m integrations.demo_cms [--lang en] [--no-wordpress]`."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path
from typing import Annotated, Final

import httpx
import typer
from integrations.demo_cms.in_wordpress import show_wordpress
from integrations.demo_cms.receiver import Receiver, receiving
from integrations.demo_cms.school import School, serving
from integrations.demo_cms.steps import PATIENCE, Otherwise, Steps, eventually, must

from fotopoort.cli.demo.school import GROUP, samples
from fotopoort.cli.language import Lang
from fotopoort.client import ClientError, Fotopoort, Verdict
from fotopoort.errors import FotopoortError
from fotopoort.files import write_whole
from fotopoort.registry.access.roles import KeyRole
from fotopoort.vocabulary import Language, Outcome, Text, label_of

CHANNEL: Final = "website"
NOBODY, IN_CLASS = "IMG_2055.png", "IMG_2031.jpg"  # of fixtures/demo
CHILD: Final = "p5"  # of fixtures/classlist.csv, who may be shown until somebody says otherwise
WITH_NAME, WITHOUT_NAME = "Lotte legt de laatste steen.", "Een kind legt de laatste steen."
NOT_SO: Final = Text(nl="dat hoort anders", en="that should be otherwise")


def demo(
    lang: Lang = Language.NL,
    wordpress: Annotated[bool, typer.Option(help="Show it in a WordPress too, where its packages are.")] = True,
    out: Annotated[Path, typer.Option(help="Where the renditions go.")] = Path("demo-output/cms"),
) -> None:
    """A website and Fotopoort, step by step: asking, an answer, a message, a withdrawal."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))  # through what must be stopped
    steps = Steps(lang)
    try:
        with receiving() as receiver, serving(receiver) as school:
            steps.say(
                Text(
                    nl=f"Fotopoort draait op {school.url}, met een verzonnen school en een sleutel voor de website.",
                    en=f"Fotopoort runs on {school.url}, with a made-up school and a key for its website.",
                )
            )
            with Fotopoort(school.url, school.keys[KeyRole.CMS], language=lang) as fotopoort:
                _round_trip(steps, school, receiver, fotopoort, out)
                if wordpress:
                    show_wordpress(steps, school, fotopoort)
    except (Otherwise, FotopoortError, ClientError, httpx.HTTPError, OSError) as problem:
        why = f"{problem.message:{lang}} {problem.hint:{lang}}" if isinstance(problem, FotopoortError) else str(problem)
        why = f"{problem.what:{lang}}" if isinstance(problem, Otherwise) else why
        where = Text(nl=f"Stap {steps.number + 1} ging niet goed", en=f"Step {steps.number + 1} went wrong")
        typer.echo(f"{where:{lang}}: {why}", err=True)
        raise typer.Exit(1) from None
    kept = Text(
        nl="Alles is gestopt en opgeruimd, ook de adressen hierboven. Wat geplaatst mag worden, staat in",
        en="All is stopped and gone, the addresses above too. What may be published is in",
    )
    typer.echo(f"{kept:{lang}} {out}/")


def _round_trip(steps: Steps, school: School, receiver: Receiver, fotopoort: Fotopoort, out: Path) -> None:
    verdict = fotopoort.gate(samples() / NOBODY, channel=CHANNEL, groups=[GROUP], reference="post-1", wait=PATIENCE)
    must(verdict.outcome is Outcome.PUBLISH, NOT_SO)
    steps.say(
        Text(
            nl=f"De website vraagt of een foto geplaatst mag: {NOBODY}.",
            en=f"The website asks whether a photo may be published: {NOBODY}.",
        ),
        *_told(verdict, steps.language),
        _saved(fotopoort, verdict, out / "IMG_2055.jpg"),
    )

    waiting = fotopoort.gate(samples() / IN_CLASS, channel=CHANNEL, groups=[GROUP], reference="post-2", wait=PATIENCE)
    must(waiting.outcome is Outcome.REJECT and waiting.review is not None, NOT_SO)
    receiver.hear("review.needed", waiting.id)
    steps.say(
        Text(
            nl=f"Op {IN_CLASS} staan kinderen. De juf krijgt een vraag, op deze pagina:",
            en=f"{IN_CLASS} shows children. Their teacher is asked, on this page:",
        ),
        *_told(waiting, steps.language),
        waiting.review,
    )

    answers = json.loads((samples() / "answers.json").read_text())["photos"][waiting.sha256]
    school.answer((waiting.review or "").partition("#post=")[2], {"absent": answers["absent"]})
    steps.say(
        Text(
            nl="De juf antwoordt: niemand staat erop die niet op de website mag.",
            en="The teacher answers: nobody is in it who may not be on the website.",
        )
    )

    receiver.hear("screening.done", waiting.id)
    forged = httpx.post(receiver.url, json={"type": "screening.done", "data": {}}, timeout=PATIENCE)
    must(forged.status_code == httpx.codes.UNAUTHORIZED, NOT_SO)
    steps.say(
        Text(
            nl="De website krijgt screening.done, en de handtekening klopt. Een nagemaakt bericht is geweigerd.",
            en="The website is told screening.done, and the signature is right. A forged message was refused.",
        )
    )

    settled = fotopoort.verdict(waiting.id)
    rendition = settled.rendition
    if rendition is None or not settled.may_publish:
        raise Otherwise(NOT_SO)
    steps.say(
        Text(nl="De website vraagt wat er nu geplaatst mag worden.", en="The website asks what may be published now."),
        *_told(settled, steps.language),
        _saved(fotopoort, settled, out / IN_CLASS),
    )

    withdrawn = {"person": CHILD, "channel": CHANNEL, "word": "withdrawn"}
    school.done(KeyRole.OFFICE, "POST", "/v1/registry/objections", json=withdrawn)
    revoked = receiver.hear("verdict.revoked", waiting.id)
    must(revoked.rendition_sha256 == rendition.sha256, NOT_SO)
    must(not fotopoort.holds(rendition.sha256, CHANNEL), NOT_SO)
    eventually(lambda: school.ask(KeyRole.CMS, "GET", rendition.href).status_code == httpx.codes.GONE, NOT_SO)
    (out / IN_CLASS).unlink()
    steps.say(
        Text(
            nl="Een ouder trekt de toestemming in. De website krijgt verdict.revoked en haalt de foto weg.",
            en="A parent withdraws consent. The website is told verdict.revoked and takes the photo down.",
        ),
        f"{school.url}{rendition.href} → 410",
    )

    refused = fotopoort.gate(text=WITH_NAME, channel=CHANNEL, reference="post-3")
    must(refused.text is not None and not refused.may_publish, NOT_SO)
    allowed = fotopoort.gate(text=WITHOUT_NAME, channel=CHANNEL, reference="post-3")
    must(allowed.text is not None and allowed.may_publish, NOT_SO)
    steps.say(
        Text(nl="Een tekst met een naam, en dezelfde zonder.", en="A text with a name, and the same without it."),
        f"“{WITH_NAME}” → {refused.message:{steps.language}}",
        f"“{WITHOUT_NAME}” → {allowed.message:{steps.language}}",
    )


def _told(verdict: Verdict, language: Language) -> list[str]:
    if verdict.outcome is None:
        return [f"{verdict.message:{language}}"]
    label = label_of(verdict.outcome, not_yet=verdict.review is not None)
    return [f"{label:{language}}: {verdict.message:{language}}"]


def _saved(fotopoort: Fotopoort, verdict: Verdict, place: Path) -> Path:
    write_whole(place, fotopoort.rendition(verdict))
    return place


if __name__ == "__main__":
    typer.run(demo)
