"""The school's guideline, read from `policy.toml` into frozen values and checked to the last key."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from dataclasses import MISSING, asdict, dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar, get_args, get_origin, get_type_hints

from fotopoort.errors import BadPolicy, UnknownChannel
from fotopoort.vocabulary import ChannelId

PACKAGED: Final = Path(__file__).with_name("policy.toml")
CHANNEL_ID: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")  # also the name of a folder of renditions

Section = TypeVar("Section")


class Ground(StrEnum):
    """On what ground somebody may be shown on a channel."""

    CONSENT = "consent"  # only those who said yes
    OBJECTION = "objection"  # all but those who said no


class UncheckedNames(StrEnum):
    TELL = "tell"
    REJECT = "reject"


class StaffNames(StrEnum):
    ALLOW = "allow"
    COUNT = "count"


class PublicCloseUp(StrEnum):
    REJECT = "reject"
    COVER = "cover"
    ADVISE = "advise"


@dataclass(frozen=True, slots=True)
class Between:
    """The numbers a key takes, both ends included."""

    low: float
    high: float


Share = Annotated[float, Between(0.01, 1)]


@dataclass(frozen=True, slots=True)
class Recognisable:
    min_face_height: Annotated[float, Between(1, 200)]  # pixels at the published size


@dataclass(frozen=True, slots=True)
class Frontal:
    max_yaw: Annotated[float, Between(0, 90)]  # degrees
    max_pitch: Annotated[float, Between(0, 90)]


@dataclass(frozen=True, slots=True)
class CloseUp:
    min_share: Share  # of the photo's shorter side


@dataclass(frozen=True, slots=True)
class Overview:
    max_share: Share  # of the photo's shorter side
    min_faces: Annotated[int, Between(1, 1000)]


@dataclass(frozen=True, slots=True)
class Cover:
    """Margins around a found face, as parts of its width (sides) and height (bottom, top)."""

    sides: Annotated[float, Between(0, 2)]
    bottom: Annotated[float, Between(0, 2)]
    top: Annotated[float, Between(0, 2)]


@dataclass(frozen=True, slots=True)
class TooLittleLeft:
    min_covered_share: Share  # of the photo's area
    min_faces: Annotated[int, Between(1, 1000)]
    max_covered_faces: Share  # of the recognisable faces


@dataclass(frozen=True, slots=True)
class PrivateList:
    min_names: Annotated[int, Between(1, 1000)]


@dataclass(frozen=True, slots=True)
class Settings:
    unchecked_names: UncheckedNames
    public_close_up: PublicCloseUp
    staff_names: StaffNames = StaffNames.ALLOW


@dataclass(frozen=True, slots=True)
class Label:
    nl: str
    en: str


@dataclass(frozen=True, slots=True)
class Channel:
    """Where a photo is published, and on what terms."""

    id: ChannelId
    label: Label
    public: bool
    max_side: Annotated[int, Between(200, 10_000)]  # pixels, the longest side it is published at
    basis: Ground


@dataclass(frozen=True, slots=True)
class Policy:
    """All of `policy.toml`; the meaning of each number stands there."""

    version: str
    recognisable: Recognisable
    frontal: Frontal
    close_up: CloseUp
    overview: Overview
    cover: Cover
    too_little_left: TooLittleLeft
    private_list: PrivateList
    settings: Settings
    channels: tuple[Channel, ...]

    @property
    def id(self) -> str:
        """Version and first 12 digits of the SHA-256 of the content: equal ids, equal rules."""
        content = asdict(self)
        content["channels"] = sorted(content["channels"], key=lambda channel: str(channel["id"]))
        digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
        return f"{self.version}+{digest[:12]}"

    def channel(self, channel: ChannelId) -> Channel:
        """The channel of that id.

        Raises:
            UnknownChannel: there is none; the hint names those there are.
        """
        for known in self.channels:
            if known.id == channel:
                return known
        raise UnknownChannel(hint=f"Choose from: {', '.join(known.id for known in self.channels)}.")


def load_policy(path: Path | None = None) -> Policy:
    """Read and check a policy file; None takes the one that comes with the program.

    Raises:
        BadPolicy: it cannot be read, or a key is unknown, missing, of the wrong type or out of range; the message
            names the key and what it takes.
    """
    try:
        content = tomllib.loads((path or PACKAGED).read_text(encoding="utf-8"))
    except OSError:
        raise BadPolicy("The policy file cannot be read.", hint="Check its path and permissions.") from None
    except ValueError as error:  # UnicodeDecodeError, TOMLDecodeError; the latter's text names line and column
        where = f": {error}" if isinstance(error, tomllib.TOMLDecodeError) else "."
        raise BadPolicy(f"The policy file is not TOML in UTF-8{where}", hint="Correct it, or start anew.") from None
    channels = content.get("channels")
    if isinstance(channels, dict):
        content["channels"] = tuple(_channel(channel, channels[channel]) for channel in channels)
    return _section(Policy, content, "")


def _channel(channel: ChannelId, content: object) -> Channel:
    if not CHANNEL_ID.fullmatch(channel):
        raise _refused(f"channels.{channel}", "must have a name of small letters, digits and _")
    if isinstance(content, dict):
        if "id" in content:
            raise _refused(f"channels.{channel}.id", "is the section's own name, and no key")
        content = {"id": channel, **content}
    return _section(Channel, content, f"channels.{channel}")


def _section(kind: type[Section], content: object, place: str) -> Section:
    """`content` as a `kind`, whose annotations say what each key takes."""
    if not isinstance(content, dict):
        raise _refused(place, "must be a section")
    wanted = get_type_hints(kind, include_extras=True)
    for key in content:
        if key not in wanted:
            raise _refused(_join(place, key), f"is unknown; there are: {', '.join(wanted)}")
    for key in wanted:
        if key not in content and key not in _defaults(kind):
            raise _refused(_join(place, key), "is missing")
    return kind(**{key: _value(wanted[key], content[key], _join(place, key)) for key in wanted if key in content})


def _defaults(kind: type[Any]) -> set[str]:
    """The keys that may be left out: those that came later."""
    return {one.name for one in fields(kind) if one.default is not MISSING}


def _value(kind: Any, value: object, place: str) -> object:  # noqa: ANN401 - a type annotation
    if get_origin(kind) is Annotated:
        number, limits = get_args(kind)
        return _number(number, limits, value, place)
    if kind is bool:
        if isinstance(value, bool):
            return value
        raise _refused(place, "must be true or false")
    if kind is str:
        if isinstance(value, str) and value.strip():
            return value
        raise _refused(place, "must be a text in quotes")
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        if isinstance(value, str) and value in list(kind):
            return kind(value)
        raise _refused(place, "must be " + " or ".join(f'"{choice}"' for choice in kind))
    if get_origin(kind) is tuple:
        if isinstance(value, tuple) and value:
            return value
        raise _refused(place, "must be sections [channels.<name>], one at least")
    return _section(kind, value, place)


def _number(kind: type[float], limits: Between, value: object, place: str) -> float:
    whole = kind is int
    if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
        raise _refused(place, f"must be a {'whole ' * whole}number")
    if not limits.low <= value <= limits.high:
        raise _refused(place, f"must be from {limits.low:g} to {limits.high:g}")
    return kind(value)


def _join(place: str, key: str) -> str:
    return f"{place}.{key}" if place else key


def _refused(place: str, problem: str) -> BadPolicy:
    return BadPolicy(f"In the policy file, {place} {problem}.", hint=f"Correct {place} and try again.")
