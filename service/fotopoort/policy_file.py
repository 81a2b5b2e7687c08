"""The school's guideline as a file: `policy.toml`, read and checked to the last key, becomes a `Policy`.

Long, because all that the file may say, and how it is refused, is in this one module.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final, TypeAlias, cast

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic.fields import FieldInfo

from fotopoort.errors import BadPolicy
from fotopoort.policy.policy import (
    NO_PURPOSE,
    Channel,
    CloseUp,
    Cover,
    Covering,
    FigureShape,
    Frontal,
    Ground,
    Label,
    Overview,
    ParentsWord,
    Policy,
    PolicySettings,
    PrivateList,
    PublicCloseUp,
    PublicFrontal,
    Recognisable,
    Smaller,
    StaffNames,
    TooLittleLeft,
    UncheckedNames,
)
from fotopoort.vocabulary import LARGEST_SIDE, ChannelId, Text

PACKAGED: Final = Path(__file__).parent / "policy" / "policy.toml"
SEEN_BY: Final = {  # where a channel does not say who sees it
    True: Label("iedereen", "everybody"),
    False: Label("ouders en medewerkers", "parents and staff"),
}


def load_policy(path: Path | None = None) -> Policy:
    """Read and check a policy file; None takes the one that comes with the program.

    A channel gets no photo larger than `LARGEST_SIDE`, whatever the file says: see `channels_made_smaller`.

    Raises:
        BadPolicy: it cannot be read, or a key is unknown, missing, of the wrong type or out of range; the message
            names the key and what it takes.
    """
    content = _content(path)
    _check_purposes(content.channels)
    return Policy(
        version=content.version,
        recognisable=Recognisable(**dict(content.recognisable)),
        frontal=Frontal(**dict(content.frontal)),
        close_up=CloseUp(**dict(content.close_up)),
        overview=Overview(**dict(content.overview)),
        cover=Cover(**dict(content.cover)),
        too_little_left=TooLittleLeft(**dict(content.too_little_left)),
        private_list=PrivateList(**dict(content.private_list)),
        settings=PolicySettings(**dict(content.settings)),
        figure=FigureShape(**dict(content.figure)),
        smaller=Smaller(**dict(content.smaller)),
        channels=tuple(
            Channel(
                id=channel_id,
                label=Label(**dict(channel.label)),
                public=channel.public,
                max_side=min(channel.max_side, LARGEST_SIDE),
                basis=channel.basis,
                purpose=channel.purpose or channel_id,
                audience=Label(**dict(channel.audience)) if channel.audience else SEEN_BY[channel.public],
                titles=tuple(channel.titles),
            )
            for channel_id, channel in content.channels.items()
        ),
    )


def channels_made_smaller(path: Path | None = None) -> tuple[ChannelId, ...]:
    """The channels that get photos smaller than the file says, since faces would not all be seen at that size.

    Raises:
        BadPolicy: as `load_policy`.
    """
    return tuple(name for name, channel in _content(path).channels.items() if channel.max_side > LARGEST_SIDE)


def _content(path: Path | None) -> PolicyFile:
    try:
        return PolicyFile.model_validate(_toml(path or PACKAGED))
    except ValidationError as error:
        raise _refusal(error) from None


def _check_purposes(channels: Mapping[str, ChannelSection]) -> None:
    """Whether what a statement is about is always clear: a purpose is called as no channel but one of its own."""
    for channel_id, channel in channels.items():
        purpose = channel.purpose or channel_id
        other = channels.get(purpose)
        if NO_PURPOSE in (channel_id, purpose):
            nl, en = "kan niet zo heten", "cannot be called so"
        elif other is not None and (other.purpose or purpose) != purpose:
            nl, en = "heet als een kanaal met een ander doel", "is called as a channel of another purpose"
        else:
            continue
        key = f"channels.{channel_id}.purpose"
        raise BadPolicy(
            Text(nl=f"In het bestand met de regels: {key} {nl}.", en=f"In the policy file, {key} {en}."),
            hint=Text(nl="Kies een ander woord.", en="Choose another word."),
        )


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise BadPolicy(
            Text(nl="Het bestand met de regels kan niet worden gelezen.", en="The policy file cannot be read."),
            hint=Text(nl="Controleer het pad en de rechten.", en="Check its path and permissions."),
        ) from None
    except ValueError as error:  # UnicodeDecodeError, TOMLDecodeError; the latter's text names line and column
        where = f": {error}" if isinstance(error, tomllib.TOMLDecodeError) else "."
        raise BadPolicy(
            Text(
                nl=f"Het bestand met de regels is geen TOML in UTF-8{where}",
                en=f"The policy file is not TOML in UTF-8{where}",
            ),
            hint=Text(nl="Verbeter het, of begin opnieuw.", en="Correct it, or start anew."),
        ) from None


# --- what the file may say -------------------------------------------------------------------------------


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("a text of spaces only")
    return text


def _number(low: float, high: float) -> Any:  # noqa: ANN401 - pydantic's Field is typed so
    return Field(ge=low, le=high, allow_inf_nan=False)


Words: TypeAlias = Annotated[str, AfterValidator(_not_blank)]
Share: TypeAlias = Annotated[float, _number(0.01, 1)]
Margin: TypeAlias = Annotated[float, _number(0, 2)]
Count: TypeAlias = Annotated[int, Field(ge=1, le=1000)]
ChannelName: TypeAlias = Annotated[  # also the name of a folder of renditions
    str, StringConstraints(pattern="^[a-z][a-z0-9_]{0,39}$")
]


class Section(BaseModel):
    """A table of the file: numbers are not given as texts, and every key is known."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class RecognisableSection(Section):
    min_face_height: float = _number(1, 200)


class FrontalSection(Section):
    max_yaw: float = _number(0, 90)
    max_pitch: float = _number(0, 90)


class CloseUpSection(Section):
    min_share: Share


class OverviewSection(Section):
    max_share: Share
    min_faces: Count


class CoverSection(Section):
    sides: Margin
    bottom: Margin
    top: Margin


class FigureSection(Section):
    """Came later than the others, so that each has what it was without it."""

    min_score: float = Field(default=FigureShape().min_score, ge=0.3, le=1, allow_inf_nan=False)  # none below is kept
    face_of_width: float = Field(default=FigureShape().face_of_width, ge=0.05, le=1, allow_inf_nan=False)
    face_of_height: float = Field(default=FigureShape().face_of_height, ge=0.05, le=1, allow_inf_nan=False)
    margin: float = Field(default=FigureShape().margin, ge=0, le=1, allow_inf_nan=False)
    faces_wide: float = Field(default=FigureShape().faces_wide, ge=1, le=20, allow_inf_nan=False)
    faces_high: float = Field(default=FigureShape().faces_high, ge=1, le=20, allow_inf_nan=False)


class TooLittleLeftSection(Section):
    min_covered_share: Share
    min_faces: Count
    max_covered_faces: Share


class PrivateListSection(Section):
    min_names: Count


class SmallerSection(Section):
    min_side: int = Field(default=Smaller().min_side, ge=50, le=2000)


class SettingsSection(Section):
    unchecked_names: UncheckedNames = Field(strict=False)  # the file has the word that the choice is named by
    public_close_up: PublicCloseUp = Field(strict=False)
    staff_names: StaffNames = Field(default=StaffNames.ALLOW, strict=False)  # came later than the others
    first_say_who: bool = True  # later still
    cover: Covering = Field(default=Covering.FACE, strict=False)
    public_frontal: PublicFrontal = Field(default=PublicFrontal.ADVISE, strict=False)
    parents_word_at_16: ParentsWord = Field(default=ParentsWord.HOLDS, strict=False)


class LabelSection(Section):
    nl: Words
    en: Words


class ChannelSection(Section):
    label: LabelSection
    public: bool
    max_side: int = Field(ge=200, le=10_000)  # see LARGEST_SIDE for what is made of it
    basis: Ground = Field(strict=False)
    purpose: ChannelName | None = None  # this and what follows came later: a channel without is a purpose by itself
    audience: LabelSection | None = None
    titles: list[Words] = Field(default=[], max_length=50)


class PolicyFile(Section):
    """The whole file."""

    version: Words
    recognisable: RecognisableSection
    frontal: FrontalSection
    close_up: CloseUpSection
    overview: OverviewSection
    cover: CoverSection
    too_little_left: TooLittleLeftSection
    private_list: PrivateListSection
    settings: SettingsSection
    figure: FigureSection = FigureSection()
    smaller: SmallerSection = SmallerSection()
    channels: dict[ChannelName, ChannelSection] = Field(min_length=1)


# --- how it says what is wrong ---------------------------------------------------------------------------

A_TEXT: Final = Text("moet een tekst tussen aanhalingstekens zijn", "must be a text in quotes")
CHANNELS: Final = Text(
    "moet bestaan uit secties [channels.<naam>], minstens één", "must be sections [channels.<name>], one at least"
)
PROBLEMS: Final[dict[str, Text]] = {  # by pydantic's type of error
    "missing": Text("ontbreekt", "is missing"),
    "model_type": Text("moet een sectie zijn", "must be a section"),
    "bool_type": Text("moet true of false zijn", "must be true or false"),
    "float_type": Text("moet een getal zijn", "must be a number"),
    "int_type": Text("moet een heel getal zijn", "must be a whole number"),
    "string_type": A_TEXT,
    "value_error": A_TEXT,
    "string_pattern_mismatch": Text(
        "moet een naam hebben van kleine letters, cijfers en _", "must have a name of small letters, digits and _"
    ),
    "list_type": Text("moet een lijst van teksten zijn", "must be a list of texts"),
    "too_long": Text("heeft te veel teksten", "has too many texts"),
    "dict_type": CHANNELS,
    "too_short": CHANNELS,
}
OWN_NAME: Final = Text("is de naam van de sectie zelf, en geen sleutel", "is the section's own name, and no key")


def _refusal(error: ValidationError) -> BadPolicy:
    """The first thing to correct: keys that are unknown, then those that are missing, the outermost section first."""
    problem = min(
        error.errors(include_url=False, include_input=False),
        key=lambda details: (len(details["loc"]), details["type"] != "extra_forbidden", details["type"] != "missing"),
    )
    key = ".".join(str(part) for part in problem["loc"] if part != "[key]")
    says = _problem(problem["type"], problem["loc"])
    return BadPolicy(
        Text(nl=f"In het bestand met de regels: {key} {says.nl}.", en=f"In the policy file, {key} {says.en}."),
        hint=Text(nl=f"Verbeter {key} en probeer het opnieuw.", en=f"Correct {key} and try again."),
    )


def _problem(kind: str, loc: Sequence[int | str]) -> Text:
    """What is wrong with the key at `loc`, by pydantic's name for it."""
    if (text := PROBLEMS.get(kind)) is not None:
        return text
    *path, key = (str(part) for part in loc)
    section = _section(path)
    if kind == "extra_forbidden":
        if section is ChannelSection and key == "id":
            return OWN_NAME
        keys = ", ".join(section.model_fields)
        return Text(f"is onbekend; er zijn: {keys}", f"is unknown; there are: {keys}")
    field = section.model_fields[key]
    if kind == "enum":
        choices = [f'"{choice}"' for choice in _choices(field)]
        return Text(f"moet {' of '.join(choices)} zijn", f"must be {' or '.join(choices)}")
    low, high = _limits(field)
    return Text(f"moet van {low:g} tot en met {high:g} zijn", f"must be from {low:g} to {high:g}")


def _section(path: list[str]) -> type[BaseModel]:
    """The section that this path of keys leads to."""
    if not path:
        return PolicyFile
    if path[0] == "channels":
        return ChannelSection if len(path) == 2 else LabelSection
    return cast("type[BaseModel]", PolicyFile.model_fields[path[0]].annotation)


def _choices(field: FieldInfo) -> list[StrEnum]:
    return list(cast("type[StrEnum]", field.annotation))


def _limits(field: FieldInfo) -> tuple[float, float]:
    low = next(limit.ge for limit in field.metadata if hasattr(limit, "ge"))
    high = next(limit.le for limit in field.metadata if hasattr(limit, "le"))
    return low, high
