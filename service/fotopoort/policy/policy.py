"""The school's guideline as frozen values. `fotopoort.policy_file` reads them from `policy.toml`."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cached_property
from typing import Final

from fotopoort.canonical_json import digest
from fotopoort.errors import UnknownChannel
from fotopoort.vocabulary import ChannelId, Text

# Comparing faces is biometric identification: nobody is asked for it, no channel may be called so, and
# what was recorded of it earlier is kept and means nothing.
NO_PURPOSE: Final = "biometric_matching"


class Ground(StrEnum):
    """On what ground somebody may be shown on a channel."""

    CONSENT = "consent"  # only those who said yes
    OBJECTION = "objection"  # all but those who said no


class UncheckedNames(StrEnum):
    """What happens where there is text, and no list of names to check it against."""

    TELL = "tell"
    REJECT = "reject"


class StaffNames(StrEnum):
    """Whether the name of a teacher counts as a child's."""

    ALLOW = "allow"
    COUNT = "count"


class PublicCloseUp(StrEnum):
    """What happens to a pupil close by and full in the face on a public channel."""

    REJECT = "reject"
    COVER = "cover"
    ADVISE = "advise"


class PublicFrontal(StrEnum):
    """What happens to a pupil full in the face on a public channel, larger than in an overview and not close by."""

    ADVISE = "advise"
    ASK = "ask"  # covered until the teacher says that it may be seen
    COVER = "cover"


class ParentsWord(StrEnum):
    """Until when what parents granted holds for a pupil who has turned 16, and may decide."""

    HOLDS = "holds"  # until the pupil has decided
    ENDS = "ends"  # on the birthday


class Covering(StrEnum):
    """What is covered of somebody who was pointed out and may not be shown."""

    FACE = "face"
    FIGURE = "figure"  # the whole person, hair and clothes too


@dataclass(frozen=True, slots=True)
class Recognisable:
    min_face_height: float  # pixels at the published size


@dataclass(frozen=True, slots=True)
class Frontal:
    max_yaw: float  # degrees
    max_pitch: float


@dataclass(frozen=True, slots=True)
class CloseUp:
    min_share: float  # of the photo's shorter side


@dataclass(frozen=True, slots=True)
class Overview:
    max_share: float  # of the photo's shorter side
    min_faces: int


@dataclass(frozen=True, slots=True)
class Cover:
    """Margins around a found face, as parts of its width (sides) and height (bottom, top)."""

    sides: float
    bottom: float
    top: float


@dataclass(frozen=True, slots=True)
class FigureShape:
    """How a whole figure and its face go together. The defaults are for policies that do not speak of it."""

    min_score: float = 0.3  # from which on somebody in whom no face was found is somebody
    face_of_width: float = 0.33  # the face's height as a part of the figure's width
    face_of_height: float = 0.12  # and of its height; the larger of the two counts
    margin: float = 0.1  # by which its cover is wider, on each side, as a part of its size
    faces_wide: float = 4.5  # of somebody of whom only the face was found: in heights of the face
    faces_high: float = 9.5


@dataclass(frozen=True, slots=True)
class TooLittleLeft:
    min_covered_share: float  # of the photo's area
    min_faces: int
    max_covered_faces: float  # of the recognisable faces


@dataclass(frozen=True, slots=True)
class Smaller:
    min_side: int = 150  # pixels, the longest side; smaller is no picture any more


@dataclass(frozen=True, slots=True)
class PrivateList:
    min_names: int


@dataclass(frozen=True, slots=True)
class PolicySettings:
    unchecked_names: UncheckedNames
    public_close_up: PublicCloseUp
    staff_names: StaffNames = StaffNames.ALLOW
    first_say_who: bool = True
    cover: Covering = Covering.FACE
    public_frontal: PublicFrontal = PublicFrontal.ADVISE
    parents_word_at_16: ParentsWord = ParentsWord.HOLDS


@dataclass(frozen=True, slots=True)
class Label:
    nl: str
    en: str


@dataclass(frozen=True, slots=True)
class Channel:
    """Where a photo is published, and on what terms.

    Attributes:
        max_side: pixels, the longest side it is published at; `LARGEST_SIDE` at most.
        purpose: what consent is asked for. A no to it holds for each of its channels, a yes for those that were named.
        audience: who sees it.
        titles: how else a class list may call it.
    """

    id: ChannelId
    label: Label
    public: bool
    max_side: int
    basis: Ground
    purpose: str
    audience: Label
    titles: tuple[str, ...] = ()


@dataclass(frozen=True)  # without slots: its id is kept beside its fields
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
    settings: PolicySettings
    channels: tuple[Channel, ...]
    figure: FigureShape = FigureShape()
    smaller: Smaller = Smaller()

    @cached_property  # every verdict has it, and asking about one photo takes many
    def id(self) -> str:
        """Version and first 12 digits of the SHA-256 of the content: equal ids, equal rules."""
        content = asdict(self)
        content["channels"] = sorted(content["channels"], key=lambda channel: str(channel["id"]))
        return f"{self.version}+{digest(content, compact=False)[:12]}"

    def channel(self, channel: ChannelId) -> Channel:
        """The channel of that id.

        Raises:
            UnknownChannel: there is none; the hint names those there are.
        """
        by_id = {terms.id: terms for terms in self.channels}
        if channel not in by_id:
            ids = ", ".join(by_id)
            raise UnknownChannel(hint=Text(nl=f"Kies uit: {ids}.", en=f"Choose from: {ids}."))
        return by_id[channel]
