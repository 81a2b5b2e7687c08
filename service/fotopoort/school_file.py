"""What a school says of itself: its name and contact for the parents' page, its own rules, and what parents were asked.

A TOML file that FOTOPOORT_SCHOOL_FILE names; `docs/channels.md` has an example. Without one, there is nothing of it.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from fotopoort.canonical_json import digest
from fotopoort.errors import BadSchoolFile
from fotopoort.vocabulary import ChannelId, Text

NOTHING: Final = Text("", "")
MAX_OWN_TEXT: Final = 100_000  # bytes


@dataclass(frozen=True, slots=True)
class Wording:
    """A question as parents were asked it.

    Attributes:
        purpose: what consent was asked for.
        version: the school's own name for it, as on the form: "2026-1".
        channels: those that it names; a yes to it holds for these and no others.
        text: the words themselves. `en` is the same as `nl` where they were asked in Dutch only.
    """

    purpose: str
    version: str
    channels: tuple[ChannelId, ...]
    text: Text

    @property
    def sha256(self) -> str:
        """Of everything in it: another word, another hash."""
        return digest([self.purpose, self.version, sorted(self.channels), self.text.nl, self.text.en])


@dataclass(frozen=True, slots=True)
class School:
    """What the school says of itself; empty where it says nothing.

    Attributes:
        contact: whom parents turn to.
        since: from which day these rules hold.
        own_text: the school's own rules, such as those about e-mail, logins and complaints; plain text in paragraphs,
            of which those that begin with `#` are headings and those that begin with `-` are lists.
    """

    name: str = ""
    contact: Text = NOTHING
    since: date | None = None
    own_text: Text = NOTHING
    wordings: tuple[Wording, ...] = ()


def load_school(path: Path | None) -> School:
    """Read and check a school file; None: there is none.

    Raises:
        BadSchoolFile: it cannot be read, or a key is unknown, missing or of the wrong type; the message names the key.
    """
    if path is None:
        return School()
    try:
        content = SchoolFile.model_validate(tomllib.loads(_read(path)))
    except tomllib.TOMLDecodeError as error:
        raise BadSchoolFile(
            Text(nl=f"Het bestand van de school is geen TOML: {error}", en=f"The school file is no TOML: {error}")
        ) from None
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False)[0]
        key = ".".join(str(part) for part in problem["loc"])
        raise BadSchoolFile(
            Text(
                nl=f"In het bestand van de school kan {key} niet zo: {problem['msg']}.",
                en=f"In the school file, {key} cannot be like that: {problem['msg']}.",
            )
        ) from None
    wordings = tuple(
        Wording(wording.purpose, wording.version, tuple(wording.channels), Text(wording.nl, wording.en or wording.nl))
        for wording in content.wordings
    )
    if len({(wording.purpose, wording.version) for wording in wordings}) < len(wordings):
        raise BadSchoolFile(
            Text(
                nl="In het bestand van de school staat een vraag voor een doel en versie twee keer.",
                en="The school file has two wordings of one purpose and version.",
            )
        )
    return School(
        name=content.name,
        contact=_both(content.contact),
        since=content.since,
        own_text=_own_text(path.parent, content.own_text),
        wordings=wordings,
    )


def _own_text(folder: Path, files: Sentences | None) -> Text:
    names = _both(files)
    texts = [_read(folder / name) if name else "" for name in names]
    return Text(*texts)


def _read(path: Path) -> str:
    try:
        content = path.read_bytes()
        if len(content) > MAX_OWN_TEXT:
            raise ValueError
        return content.decode("utf-8-sig")
    except (OSError, ValueError):
        raise BadSchoolFile(
            Text(
                nl=f"{path.name} kan niet worden gelezen als tekst in UTF-8 van ten hoogste 100 kB.",
                en=f"{path.name} cannot be read as text in UTF-8 of 100 kB at most.",
            )
        ) from None


def _both(sentences: Sentences | None) -> Text:
    return Text(sentences.nl, sentences.en or sentences.nl) if sentences else Text("", "")


# --- what the file may say -------------------------------------------------------------------------------

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Identifier = Annotated[str, StringConstraints(pattern="^[a-z][a-z0-9_]{0,39}$")]


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Sentences(Section):
    nl: Words
    en: Words | None = None


class WordingSection(Section):
    purpose: Identifier
    version: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
    channels: Annotated[list[Identifier], Field(min_length=1)]
    nl: Words
    en: Words | None = None


class SchoolFile(Section):
    """The whole file."""

    name: str = ""
    contact: Sentences | None = None
    since: date | None = None
    own_text: Sentences | None = None  # names of files beside this one
    wordings: list[WordingSection] = []
