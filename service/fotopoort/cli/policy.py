"""`fotopoort policy show`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from fotopoort.cli.language import Lang
from fotopoort.files import write_whole
from fotopoort.policy.texts.show import policy_page
from fotopoort.policy_file import load_policy
from fotopoort.settings import Settings, load_settings
from fotopoort.vocabulary import Language

app = typer.Typer(help="The school's rules.", no_args_is_help=True)


class Page(StrEnum):
    """A page about the rules."""

    PARENTS = "parents"
    OFFICER = "officer"


@app.command()
def show(
    lang: Lang = Language.NL,
    page: Annotated[Page | None, typer.Option(help="As HTML: for parents, or the privacy officer's tables.")] = None,
    out: Annotated[Path | None, typer.Option(help="The file to write; stdout if left out.")] = None,
) -> None:
    """Print the rules as they are at this school; without --page all of them, as Markdown."""
    settings = load_settings()
    if page is None and not settings.has_registry:
        content = policy_page(load_policy(settings.policy_file), lang.value)
    else:
        content = _page(settings, page, lang)
    if out is None:
        typer.echo(content, nl=False)
    else:
        write_whole(out, content.encode())


@app.callback()
def rules() -> None:
    """The school's rules."""


def _page(settings: Settings, page: Page | None, language: Language) -> str:
    # Imported here: printing the rules as they are shipped should not wait until the database modules are imported.
    from fotopoort.application.pages.facts import Facts, of_registry
    from fotopoort.application.pages.officer import officer_page
    from fotopoort.application.pages.parents import parents_page
    from fotopoort.cli.registry_session import open_registry
    from fotopoort.registry.access.roles import Act
    from fotopoort.school_file import load_school

    facts = Facts(load_policy(settings.policy_file), load_school(settings.school_file))
    if settings.has_registry:
        with open_registry(settings) as (registry, caller), registry.read(caller, Act.SET) as session:
            facts = of_registry(session, facts.policy, facts.school)
    if page is None:
        return policy_page(facts.policy, language.value)
    return (parents_page if page is Page.PARENTS else officer_page)(facts, language)
