"""The words of Fotopoort: frozen values that every room shares. Standard library only, no pixels, no I/O.

One module, though a long one: these words refer to each other, and everything else refers to them.

Data flows one way: bytes → `Photo` (in `photo/`) → `Findings` → `Verdict` → `Rendition` → `Receipt`.

**Upright** means: the file's own orientation applied and nothing else. Every box and landmark is in pixels
of the upright, full-size photo, x to the right and y down, however small the photo was when it was looked at.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final, NamedTuple, TypeAlias

ChannelId: TypeAlias = str  # a key of `channels` in policy.toml: "social_schools", "website", "facebook"
FaceId: TypeAlias = str  # "f1", "f2", …: reading order, top-left first; those that only the file speaks of come last
PersonId: TypeAlias = str  # as the class list has it
Point: TypeAlias = tuple[float, float]

# Pixels of the longer side: no channel gets a photo larger, whatever a policy says. Photos are looked at at 1280 pixels
# at most, so what is published larger shows faces that nobody looked for. Of crisp faces 30 pixels high as published,
# which is recognisable, all were found up to 2048, 22 of 23 at 3000 and 4000, 15 at 5000, 3 at 7000 and none at 9000.
LARGEST_SIDE: Final = 2048


def group_key(group: str) -> str:
    """Equal for two spellings of the same group."""
    return " ".join(group.split()).casefold()


class Language(StrEnum):
    """A language in which the program speaks to people."""

    NL = "nl"
    EN = "en"


class Text(NamedTuple):
    """A sentence for people: in Dutch (plain, B1, "je") and in English."""

    nl: str
    en: str

    def __format__(self, language: str) -> str:
        """`f"{text:nl}"`; English where no language is named."""
        return self.nl if language == "nl" else self.en


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels of the upright, full-size photo."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        return self.x + self.w

    @property
    def bottom(self) -> float:
        return self.y + self.h

    @property
    def area(self) -> float:
        return self.w * self.h

    @property
    def centre(self) -> Point:
        return self.x + self.w / 2, self.y + self.h / 2

    @property
    def corners(self) -> tuple[float, float, float, float]:
        """The edges: left, top, right and bottom."""
        return self.x, self.y, self.right, self.bottom

    def contains(self, point: Point) -> bool:
        return self.x <= point[0] <= self.right and self.y <= point[1] <= self.bottom

    def overlap(self, other: Box) -> float:
        """Area shared with `other`, in square pixels."""
        width = min(self.right, other.right) - max(self.x, other.x)
        height = min(self.bottom, other.bottom) - max(self.y, other.y)
        return max(width, 0.0) * max(height, 0.0)

    def iou(self, other: Box) -> float:
        """Intersection over union, 0 to 1."""
        shared = self.overlap(other)
        union = self.area + other.area - shared
        return shared / union if union > 0 else 0.0

    def clipped(self, width: float, height: float) -> Box:
        """The part inside a photo of `width` × `height` pixels (may have no area)."""
        x, y = min(max(self.x, 0.0), width), min(max(self.y, 0.0), height)
        return Box(x, y, max(min(self.right, width) - x, 0.0), max(min(self.bottom, height) - y, 0.0))


# --- what was seen ---------------------------------------------------------------------------------------


class FaceSource(StrEnum):
    """How it is known that there is a face."""

    SEEN = "seen"
    METADATA = "metadata"  # only the file says so: it has no landmarks, a score of 0, and counts until it is answered


@dataclass(frozen=True, slots=True)
class Face:
    """One face, as seen. Whether it is frontal, a close-up or recognisable is the policy's to say
    (`policy/measures.py`), so that a changed threshold also holds for photos seen before."""

    id: FaceId
    box: Box
    landmarks: tuple[Point, ...]  # eyes, nose tip, mouth corners; the left of an upright face first; of METADATA none
    score: float  # 0 to 1, how sure that this is a face
    yaw: float  # degrees, positive = nose to the image's right
    pitch: float  # degrees, positive = up
    roll: float  # degrees, positive = clockwise in the image
    pose_reliable: bool  # False: the angles are a guess, and the face counts as frontal
    source: FaceSource = field(default=FaceSource.SEEN, metadata={"stored_if_said": True})


@dataclass(frozen=True, slots=True)
class Figure:
    """A person as a whole, from the hair to the shoes, or as much as the photo has of them: as seen.

    Attributes:
        face: the face that was found there; None: none was, and somebody may be in the photo who was not seen.
        score: 0 to 1, how sure that this is a person.
    """

    box: Box
    score: float
    face: FaceId | None = None

    def can_have_face(self, face: Box, *, upside_down: bool = False) -> bool:
        """Whether a face there can be this person's: it begins in the upper part of the figure (where it is upside
        down, in the lower), or anywhere in that of somebody who lies or bends down, which is wider than high; and it is
        not so small that it is somebody's further back. A figure's own edges are not exact."""
        box, part = self.box, 1.0 if self.box.w > self.box.h else FACE_BEGINS
        begins = self._begins(face, upside_down)
        middle = begins + face.h / 2
        across = box.x <= face.centre[0] <= box.right
        large = max(face.w, face.h) >= min(MIN_OF_WIDTH * min(box.w, box.h), MIN_OF_HEIGHT * max(box.w, box.h))
        return across and large and -ABOVE * box.h <= middle <= box.h and begins <= part * box.h

    def distance(self, face: Box, *, upside_down: bool = False) -> float:
        """How far a face is from where one expects it, at its end of the figure and in the middle, in sizes of it."""
        across = abs(face.centre[0] - self.box.centre[0])
        return across / self.box.w + abs(self._begins(face, upside_down)) / self.box.h

    def _begins(self, face: Box, upside_down: bool) -> float:
        """How far below the top of the figure, or above its foot."""
        return self.box.bottom - face.bottom if upside_down else face.y - self.box.y


# Parts of a figure's height. Of 228 figures on the evaluation photos with one face in them, 98 % of the faces begin in
# the upper 45 %; the middle of 99 % is no higher than the figure. Of 520 figures with a face, 95 % of the faces are at
# least a fifth of the figure's width high. Of the others, those of people who run, sit or spread their arms are at
# least a tenth of its height; what is smaller is nearly always somebody's in the background.
FACE_BEGINS: Final = 0.45
ABOVE: Final = 0.05
MIN_OF_WIDTH: Final = 0.20
MIN_OF_HEIGHT: Final = 0.10


class Scene(StrEnum):
    OVERVIEW = "overview"
    GROUP = "group"
    CLOSE_UP = "close_up"
    NO_FACES = "no_faces"


class Pattern(StrEnum):
    """A regular structure over a whole photo, behind which faces may not be found."""

    SCREEN = "screen"  # the dots of a print, or the moiré that they leave
    DITHER = "dither"  # a scan or fax of black and white, or of a few colours
    NET = "net"  # a net, or a fence of wire


class HintKind(StrEnum):
    """What a file carried besides the one picture; none of it is ever in a rendition."""

    EXIF = "exif"
    GPS = "gps"
    IPTC = "iptc"
    XMP = "xmp"
    COLOUR_PROFILE = "colour_profile"
    CAPTION = "caption"  # a title, description, comment or keyword field with text in it
    PERSON_NAME = "person_name"  # a field for people: author, person in image, face region name
    TEXT = "text"  # any other text field
    THUMBNAIL = "thumbnail"
    SECOND_IMAGE = "second_image"  # MPO frame, gain map, burst or preview image
    DEPTH = "depth"
    VIDEO = "video"
    TRAILING_BYTES = "trailing_bytes"


@dataclass(frozen=True, slots=True)
class Hint:
    """Something the file carried. `text` is what a text field said (personal data: never log it)."""

    kind: HintKind
    field: str  # where, in the metadata standard's own words: "XMP dc:description", "MPF image 2"
    text: str | None = dataclasses.field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Region:
    """That somebody is in the photo, or a face somewhere in it, as the file's metadata says. It is never believed: it
    leads to questions, and to faces that count until they are answered.

    Attributes:
        box: in pixels of the upright, full-size photo; None: it is not said where.
        face: that is there, or that is taken to be there because of it.
        name: as it is written; None: no name is given. Personal data: never log it.
        persons: on the list of names whose name it can be.
        certain: it is the name of one of these and of nobody else.
    """

    box: Box | None
    face: FaceId | None = None
    name: str | None = field(default=None, repr=False)
    persons: tuple[PersonId, ...] = ()
    certain: bool = False


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of text seen in a picture, or the content of a code. Personal data: never log it.

    Attributes:
        corners: in pixels of the upright, full-size photo: where the line begins above, ends above, ends below and
            begins below, as one reads it.
        edges: where each character begins along the line, 0 to 1, and where the last one ends; empty: not known.
        score: 0 to 1, how sure the reader is.
    """

    text: str = field(repr=False)
    corners: tuple[Point, Point, Point, Point]
    edges: tuple[float, ...] = ()
    score: float = 1.0
    code: bool = False  # a QR or bar code

    def box(self, start: int = 0, end: int | None = None) -> Box:
        """The upright rectangle around the characters from `start` up to but not including `end` (None: to the end)."""
        end = len(self.text) if end is None else end
        has_edges = 0 <= start < end < len(self.edges)
        first, last = (self.edges[start], self.edges[end]) if has_edges else (0.0, 1.0)
        above, below = self.corners[:2], (self.corners[3], self.corners[2])
        points = [
            (a[0] + part * (b[0] - a[0]), a[1] + part * (b[1] - a[1]))
            for a, b in (above, below)
            for part in (first, last)
        ]
        left, top = min(x for x, _ in points), min(y for _, y in points)
        return Box(left, top, max(x for x, _ in points) - left, max(y for _, y in points) - top)


class NamePlace(StrEnum):
    CAPTION = "caption"
    FILE_NAME = "file_name"
    METADATA = "metadata"
    PICTURE = "picture"  # text readable in the picture
    CODE = "code"  # a QR or bar code in the picture


@dataclass(frozen=True, slots=True)
class NameHit:
    """A child's name that can be read somewhere. An uncertain one counts until the teacher says it is none."""

    id: str  # "n1", "n2", …
    place: NamePlace
    certain: bool
    person: PersonId | None = None
    box: Box | None = None  # for PICTURE and CODE
    text: str | None = field(default=None, repr=False)
    start: int | None = None  # in characters of the caption
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a photo could not be judged (rule R01): an error's code, message and hint, see `errors.py`.

    Attributes:
        message, hint: in English.
        message_nl, hint_nl: the same in Dutch; "" in what was stored before there was any.
    """

    code: str
    message: str
    hint: str
    message_nl: str = ""
    hint_nl: str = ""

    def as_dict(self, language: str = "en") -> dict[str, str]:
        """The `error` object of the JSON contracts."""
        dutch = language == "nl"
        message, hint = (
            (self.message_nl or self.message, self.hint_nl or self.hint) if dutch else (self.message, self.hint)
        )
        return {"code": self.code, "message": message, "hint": hint}


@dataclass(frozen=True, slots=True)
class Findings:
    """All that was seen in one photo: enough, with the teacher's answers, to decide again without it."""

    sha256: str  # of the received bytes
    width: int  # of the upright, full-size photo
    height: int
    format: str  # "JPEG", "HEIF", …
    faces: tuple[Face, ...] = ()
    hints: tuple[Hint, ...] = ()
    names: tuple[NameHit, ...] = ()
    text: tuple[TextLine, ...] = field(default=(), repr=False)  # that was read in the picture
    has_text: bool = False  # a caption was given, or text was seen in the picture
    names_checked: bool = False  # was there a list of names to hold them against, and was that done?
    perceptual_hash: str = field(default="", metadata={"stored": "likeness"})  # "": a flat picture
    blocked: bool = False  # this photo, or one much like it, was reported before (rule R02)
    failure: Failure | None = None  # set: nothing else here can be trusted
    models: str = ""  # fingerprint of the models that looked
    regions: tuple[Region, ...] = field(default=(), metadata={"stored_if_said": True})
    # Behind which faces may not have been found (rule R16). Stored and hashed only where there is one.
    pattern: Pattern | None = field(default=None, metadata={"stored_if_said": True})
    figures: tuple[Figure, ...] = field(default=(), metadata={"stored_if_said": True})


# --- who could be in it ----------------------------------------------------------------------------------


class Role(StrEnum):
    PUPIL = "pupil"
    STAFF = "staff"
    OTHER = "other"


class ConsentState(StrEnum):
    """The state of one person's consent for one channel, now."""

    GRANTED = "granted"
    REFUSED = "refused"
    OBJECTED = "objected"
    WITHDRAWN = "withdrawn"
    NOT_ASKED = "not_asked"  # also: unanswered, expired


@dataclass(frozen=True, slots=True)
class Person:
    id: PersonId
    name: str = field(repr=False)
    role: Role = Role.PUPIL
    groups: frozenset[str] = frozenset()
    consents: Mapping[ChannelId, ConsentState] = field(default_factory=dict)  # absent channel = NOT_ASKED
    never_locatable: bool = field(default=False, repr=False)
    has_left: bool = False  # the school, before every year the photo can be of: in it only where somebody says so
    nameless: bool = False  # people who were erased, or whom the caller may not know: see NAMELESS
    count: int = 1  # how many people this stands for; more than one only where nameless

    def consent(self, channel: ChannelId) -> ConsentState:
        return self.consents.get(channel, ConsentState.NOT_ASKED)


# What somebody is called who may be in a photo, and is not in the registry (any more) by name.
NAMELESS: Final = Text("iemand die niet meer in het register staat", "somebody who is no longer in the registry")


@dataclass(frozen=True, slots=True)
class NameEntry:
    """A name on the school's list of names: what texts and pictures are searched for.

    Attributes:
        person: whose it is; None where that is not for the caller to know.
        name: as it is used, first name first; the parts are used where they are filled in.
    """

    name: str = field(repr=False)
    person: PersonId | None = None
    call_name: str = field(default="", repr=False)
    given_names: str = field(default="", repr=False)
    prefix: str = field(default="", repr=False)
    surname: str = field(default="", repr=False)
    nicknames: tuple[str, ...] = field(default=(), repr=False)
    role: Role = Role.PUPIL
    groups: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class People:
    """Everyone the school knows, as of one moment. `revision` changes when anything in it does."""

    persons: Mapping[PersonId, Person]
    revision: str


class FaceLabel(StrEnum):
    """What the teacher says a face is."""

    PERSON = "person"  # this face is that person ("tapped")
    ADULT = "adult"  # "volwassene, akkoord": an adult who agreed; who says so is kept with it
    NO_PUPIL = "no_pupil"  # "geen leerling, akkoord": the earlier word for ADULT, and means just that
    OTHER_CHILD = "other_child"  # "ander kind": a child whom the list does not have, and a child under every rule
    NOT_A_PERSON = "not_a_person"  # "geen echt mens": a poster, a doll
    COVER = "cover"  # "toch bedekken"
    UNKNOWN = "unknown"  # "weet ik niet": it stays as open as it was, and is not asked about again


@dataclass(frozen=True, slots=True)
class FaceAnswer:
    """What the teacher said of one face. Fields with `stored` are stored and hashed under that earlier name."""

    label: FaceLabel = field(metadata={"stored": "saying"})
    person: PersonId | None = None  # with FaceLabel.PERSON
    box: Box | None = None  # where the face was when this was said; the answer does not hold for a face elsewhere
    # Who says that this adult agreed: the caller's id, as in the audit log. None: not an adult, or nobody known.
    by: str | None = field(default=None, metadata={"stored_if_said": True})


@dataclass(frozen=True, slots=True)
class DrawnFace:
    """A face the teacher drew because it was not found. It is always covered."""

    box: Box
    person: PersonId | None = None


@dataclass(frozen=True, slots=True)
class SaidPlace:
    """A place in a photo of which something was said elsewhere.

    Attributes:
        person: whose face it is; None: nobody said, or it is to be covered whoever it is.
        drawn: the face was drawn, so it is covered whoever it is.
        later: it was said after all that is said here of that place, which then does not lift it.
        hides: that person must never be found, wherever at the school they are.
    """

    box: Box
    person: PersonId | None = None
    drawn: bool = False
    later: bool = False
    hides: bool = False


@dataclass(frozen=True, slots=True)
class SaidElsewhere:
    """What was said of the very same photo where it was sent at other times, as far as that can only make a verdict
    stricter. It is looked up each time, and never stored with what was said here.

    Attributes:
        harmful: somebody may come to harm by the photo.
    """

    places: tuple[SaidPlace, ...] = ()
    harmful: bool = False

    def with_more(self, more: SaidElsewhere) -> SaidElsewhere:
        """All that was said in either."""
        return SaidElsewhere(tuple(dict.fromkeys(self.places + more.places)), self.harmful or more.harmful)

    def after_all(self) -> SaidElsewhere:
        """The same, said after all that is said here."""
        return replace(self, places=tuple(replace(place, later=True) for place in self.places))


NOTHING_ELSEWHERE: Final = SaidElsewhere()


@dataclass(frozen=True, slots=True)
class Answers:
    """Everything the teacher said about one photo. An unanswered question leaves the stricter outcome."""

    groups: frozenset[str] = frozenset()
    present: frozenset[PersonId] = frozenset()
    only_present: bool = False  # nobody else is in it
    absent: frozenset[PersonId] = frozenset()
    faces: Mapping[FaceId, FaceAnswer] = field(default_factory=dict)
    drawn: tuple[DrawnFace, ...] = ()
    not_names: frozenset[str] = frozenset()  # ids of name hits that are no child's name
    not_a_private_list: bool = False  # the names in the picture may be seen by all parents (rule R15)
    overridden: frozenset[tuple[ChannelId, str]] = frozenset()  # rules that the privacy officer set aside
    # Who was on the list when `only_present` was said: it rules out nobody else. None: nobody said it, or before this
    # was kept. Stored and hashed only where it says something, so that earlier answers keep their hash.
    listed: frozenset[PersonId] | None = field(default=None, metadata={"stored_if_said": True})
    # Nobody is in it but the faces that were found or drawn (rules R16 and R17).
    no_unseen_people: bool = field(default=False, metadata={"stored_if_said": True})
    # Whether a child or a teacher can come to harm by it (rule R04). None: nobody said; then it is only told.
    harmful: bool | None = field(default=None, metadata={"stored_if_said": True})
    # The faces that look into the camera may do so here (rule R37, where that is asked).
    may_face_camera: bool = field(default=False, metadata={"stored_if_said": True})
    # People are in it who are not of these groups: nobody is cleared by the group. It outweighs `only_present`.
    others: bool = field(default=False, metadata={"stored_if_said": True})
    # Answered with "weet ik niet", and not asked about again: people, and the ids of questions about anything else.
    unsure: frozenset[PersonId] = field(default=frozenset(), metadata={"stored_if_said": True})
    left_open: frozenset[str] = field(default=frozenset(), metadata={"stored_if_said": True})
    # Of those in `present`: who was said to be in a file of that name. They account for no face.
    unbound: frozenset[PersonId] = field(default=frozenset(), metadata={"stored_if_said": True})
    # Where a part of the photo may go out as it is, that goes out, and nothing is covered.
    crop: bool = field(default=False, metadata={"stored_if_said": True})
    # Hashed where there is any, and never stored: see `registry/answers/said_elsewhere.py`.
    elsewhere: SaidElsewhere = field(default=NOTHING_ELSEWHERE, metadata={"stored_if_said": True})

    @property
    def nobody_else(self) -> bool:
        """Whether only those who are present are in it."""
        return self.only_present and not self.others

    @property
    def pointed_out(self) -> frozenset[PersonId]:
        """Everybody who was tapped or drawn, believed or not."""
        persons = [*(face.person for face in self.faces.values()), *(shape.person for shape in self.drawn)]
        return frozenset(person for person in persons if person)

    @property
    def named(self) -> frozenset[PersonId]:
        """Everybody who is named in them."""
        return self.present | self.absent | self.unsure | self.pointed_out


# --- what was decided ------------------------------------------------------------------------------------


class Outcome(StrEnum):
    """One channel's outcome. The strictest wins: reject > blur > publish."""

    PUBLISH = "publish"
    BLUR = "blur"
    REJECT = "reject"

    @property
    def strictness(self) -> int:
        return (Outcome.PUBLISH, Outcome.BLUR, Outcome.REJECT).index(self)


OUTCOME_LABELS: Final[Mapping[Outcome, Text]] = {
    Outcome.PUBLISH: Text("plaatsen", "publish"),
    Outcome.BLUR: Text("plaatsen, bedekt", "publish, covered"),
    Outcome.REJECT: Text("niet plaatsen", "do not publish"),
}
NOT_YET: Final = Text("nog niet", "not yet")  # a reject that an answer to an open question can still lift


def label_of(outcome: Outcome, *, not_yet: bool = False) -> Text:
    """What an outcome is called, in every door and file."""
    return NOT_YET if not_yet else OUTCOME_LABELS[outcome]


class Action(StrEnum):
    KEEP = "keep"
    COVER = "cover"


class Basis(StrEnum):
    """What a face's action rests on."""

    IDENTIFIED = "tapped"  # the teacher said who it is
    GROUP = "group"
    VOUCHED = "vouched"
    OTHER_CHILD = "other_child"  # the teacher said that it is a child whom the list does not have
    NOT_A_PERSON = "not_a_person"
    TOO_SMALL = "too_small"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class FaceVerdict:
    action: Action
    basis: Basis


@dataclass(frozen=True, slots=True)
class Reason:
    rule: str  # a rule id, see policy/rules.py
    faces: tuple[FaceId, ...]
    nl: str
    en: str


class QuestionKind(StrEnum):
    IS_PRESENT = "is_present"  # is this person in the photo, and if so, which face?
    ANY_OF_THESE = "any_of_these"  # is any of these persons in the photo, and if so, which faces?
    WHO_IS_THIS = "who_is_this"  # whose face is this?
    POINT_OUT = "point_out"  # this person is in it: which face, or draw where
    IS_NAME = "is_name"  # is this a child's name?
    IS_PRIVATE_LIST = "is_private_list"  # is this a list that is not for all parents?
    UNSEEN_PEOPLE = "unseen_people"  # are there people in it whose faces were not found? They are to be drawn.
    UNSEEN_PERSON = "unseen_person"  # the same, where figures without a face were seen
    IS_PUPIL = "is_pupil"  # is this a pupil (or another child), or an adult who agreed?
    MAY_FACE_CAMERA = "may_face_camera"  # may those who look into the camera be seen so?
    IS_HARMFUL = "is_harmful"  # can a child or a teacher come to harm by this? The one that nothing waits for
    OUTSIDERS = "outsiders"  # which of these faces are of nobody in the group? Of a post alone.


@dataclass(frozen=True, slots=True)
class Question:
    id: str
    kind: QuestionKind
    nl: str = field(repr=False)
    en: str = field(repr=False)
    person: PersonId | None = None
    face: FaceId | None = None
    name: str | None = None  # id of a name hit
    persons: tuple[PersonId, ...] = ()  # with ANY_OF_THESE
    box: Box | None = None  # where in the photo this person is according to the file
    boxes: tuple[Box, ...] = ()  # with UNSEEN_PERSON: the figures it is about


@dataclass(frozen=True, slots=True)
class Crop:
    """A part of the photo that may go out as it is, instead of all of it with covers.

    Attributes:
        box: in whole pixels of the upright, full-size photo.
        applied: it was asked for: the rendition is this part.
    """

    box: Box
    applied: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """One channel's outcome for one photo."""

    channel: ChannelId
    outcome: Outcome
    faces: Mapping[FaceId, FaceVerdict]
    covered: tuple[Box, ...]  # what must be covered; the rendition may cover more, never less
    reasons: tuple[Reason, ...]
    questions: tuple[Question, ...]
    neutral_name: bool  # the rendition may not keep the file's name (rule R11)
    basis: str  # "consent" or "objection": the channel's setting in force
    policy: str  # version and hash of the policy
    registry: str | None  # revision of the people it was decided with
    not_yet: bool = False  # a reject that an answer to one of the questions can still lift ("nog niet")
    photo_outcome: Outcome | None = None  # the photo's own, were the text with it without names; None: `outcome`
    crop: Crop | None = None  # what may go out instead, or does

    @property
    def label(self) -> Text:
        """What the outcome is called."""
        return label_of(self.outcome, not_yet=self.not_yet)

    @property
    def part(self) -> Box | None:
        """The part of the photo that goes out instead of covers; None: it is the whole photo."""
        return self.crop.box if self.crop is not None and self.crop.applied else None


# --- what comes out --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rendition:
    """A new JPEG for one channel. Nothing of the source file but its uncovered pixels is in it."""

    jpeg: bytes = field(repr=False)
    sha256: str
    width: int
    height: int
    covered: tuple[Box, ...]  # in pixels of the upright, full-size photo
    verified: bool  # looked at again: nothing that should be covered was seen


@dataclass(frozen=True, slots=True)
class Receipt:
    """Hashes that tie a photo, what was seen, what was decided and what came out together."""

    photo: str
    findings: str
    answers: str
    models: str
    policy: str
    registry: str | None
    renditions: Mapping[ChannelId, str]
