"""The language of the command line: `fotopoort --lang nl COMMAND` for any command, or `COMMAND --lang nl`.

The option of the command goes before the option in front of it. Errors are in English where neither is given. What a
command prints has a default of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

from fotopoort.vocabulary import Language


@dataclass
class LanguageChoice:
    """The language that was asked for on this command line: the object of typer's context."""

    chosen: Language | None = None

    @property
    def of_errors(self) -> Language:
        return self.chosen or Language.EN


def choice_of(context: typer.Context) -> LanguageChoice:
    """The choice that the whole command line shares."""
    return context.ensure_object(LanguageChoice)


def _choose_for_all(context: typer.Context, language: Language | None) -> Language | None:
    choice_of(context).chosen = language
    return language


def _choose_for_command(context: typer.Context, language: Language) -> Language:
    """The language of what the command prints: `language` is the command's default where the option is not given."""
    choice = choice_of(context)
    source = context.get_parameter_source("lang")
    if source is not None and source.name == "COMMANDLINE":
        choice.chosen = language
    return choice.chosen or language


GlobalLang = Annotated[
    Language | None,
    typer.Option(
        "--lang",
        callback=_choose_for_all,
        is_eager=True,  # before --help
        show_default=False,
        help="Language of errors, and of what commands print.",
    ),
]
Lang = Annotated[
    Language, typer.Option(callback=_choose_for_command, help="Language of what is printed, and of errors.")
]
