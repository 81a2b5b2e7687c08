"""Every object of the JSON contract about a photo, as a pydantic model. These models are the contract; those about what
was said, and about a text without a photo, stand in `statements.py`.

The order of the fields is the order of the keys. A field with a default is a key that may be absent: it is written only
where it was set. A field that may be `None` is always there. One module, though past 300 lines: the contract is read as
a whole.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

from fotopoort.application.contract.pixels import Crop, Landmark, Number, Rectangle
from fotopoort.vocabulary import Action, Basis, FaceSource, HintKind, NamePlace, Outcome, Pattern, QuestionKind, Scene

Json: TypeAlias = dict[str, Any]

Sha256 = Annotated[str, Field(pattern="^([0-9a-f]{64})?$")]


class Document(BaseModel):
    """One object of the contract."""

    model_config = ConfigDict(extra="forbid", serialize_by_alias=True)

    def as_json(self) -> Json:
        """The object as `json.dumps` takes it: only the keys that were set, enumerations as their values."""
        return self.model_dump(mode="json", exclude_unset=True)


# --- errors ----------------------------------------------------------------------------------------------


class Error(Document):
    code: Annotated[str, Field(description="Stable; meant for programs.")]
    message: Annotated[str, Field(description="What went wrong. Never holds a name, a caption or a path.")]
    hint: Annotated[str, Field(description="What to do next.")]
    unjudged: Annotated[
        Literal["hold", "allow"] | SkipJsonSchema[None],
        Field(description="Of a file that is not judged: what the school wants done with it on this channel."),
    ] = None


class Problem(Document):
    """The answer to a request that failed as a whole."""

    error: Error


# --- what was seen in a photo ----------------------------------------------------------------------------


class InspectedFace(Document):
    id: str
    box: Rectangle
    score: Number
    yaw: Annotated[Number, Field(description="degrees, positive = nose to the image's right")]
    pitch: Annotated[Number, Field(description="degrees, positive = up")]
    roll: Annotated[Number, Field(description="degrees, positive = clockwise")]
    pose_reliable: bool
    frontal: bool
    close_up: bool
    recognisable: bool
    landmarks: Annotated[list[Landmark], Field(description="None of a face that only the file speaks of.")]
    source: Annotated[FaceSource, Field(description="metadata: only the file says that there is a face.")] = (
        FaceSource.SEEN
    )


class ReadLine(Document):
    """A line of text that was read in the picture."""

    text: str
    box: Rectangle
    code: Annotated[bool, Field(description="It is the content of a QR or bar code.")]


class Hint(Document):
    """Something the file carried besides the picture."""

    kind: HintKind
    field: str
    text: str = ""


class Region(Document):
    """That somebody is in the photo, or a face somewhere in it, as the file's metadata says."""

    box: Rectangle | None = Field(description="Null: it is not said where.")
    face: Annotated[str, Field(description="The face that is there.")] = ""
    named: Annotated[bool, Field(description="A name is given with it.")]
    persons: Annotated[list[str], Field(description="On the list of names whose name it can be.")]


Patterned = Annotated[
    Pattern | SkipJsonSchema[None],
    Field(description="Lies over the photo; people may be behind it whose faces were not found (rule R16)."),
]


class Figure(Document):
    """A person as a whole, as seen."""

    box: Rectangle
    score: Annotated[Number, Field(description="0 to 1, how sure that it is a person")]
    face: Annotated[str, Field(description="The face found there; left out: none was.")] = ""


Figures = Annotated[list[Figure], Field(description="People as whole figures (rule R17): not everybody is among them.")]


class Inspected(Document):
    """One photo as `fotopoort inspect` saw it."""

    file: str
    width: int
    height: int
    scene: Scene
    faces: list[InspectedFace]
    text: list[ReadLine]
    hints: list[Hint]
    regions: Annotated[list[Region], Field(description="Who is in it according to the file.")] = []
    ms: dict[str, Number]
    pattern: Patterned = None
    figures: Figures = []


class Uninspected(Document):
    """One photo that could not be inspected."""

    file: str
    error: Error


# --- what was decided about a photo ----------------------------------------------------------------------


class Face(InspectedFace):
    person: str | None


class Name(Document):
    id: str
    place: NamePlace
    certain: bool
    text: str | None
    person: str | None
    box: Rectangle | None = Field(description="Where in the picture, in pixels of the upright, full-size photo.")
    start: int | None = Field(description="Where in the caption, in characters.")
    end: int | None


class FaceVerdict(Document):
    action: Action
    basis: Basis


class Reason(Document):
    rule: Annotated[str, Field(pattern="^R[0-9]{2}$")]
    faces: list[str]
    nl: str
    en: str


class Question(Document):
    id: str
    kind: QuestionKind
    person: str = ""
    face: str = ""
    name: str = ""
    persons: Annotated[list[str], Field(description="Of any_of_these: whom it is about.")] = []
    box: Rectangle = Field(
        default_factory=list, description="Of is_present: where the person is according to the file."
    )
    boxes: Annotated[list[Rectangle], Field(description="Of unseen_person: the figures it is about.")] = []
    nl: str
    en: str


class PostQuestion(Document):
    """A question about several photos at once, or about one photo on all its channels."""

    id: str
    kind: QuestionKind
    nl: str
    en: str
    photos: Annotated[list[str], Field(description="The SHA-256 of each photo that it is about.")]
    persons: Annotated[list[str], Field(description="Whom it is about.")] = []
    faces: Annotated[
        dict[str, list[str]], Field(description="By a photo's SHA-256: the faces to tap on, or those it is about.")
    ] = {}
    names: Annotated[list[str], Field(description="Of is_name: the ids of the names it is about.")] = []
    answer: Annotated[
        dict[str, Any],
        Field(
            description="What to send of all these photos to settle it: that nobody else of these is there, that it is"
            " no name, that nobody is unseen or comes to harm; with is_private_list and may_face_camera, that it may be"
            " so. An object as in `answers`. Left out: each face needs an answer of its own."
        ),
    ] = {}
    left_open: Annotated[
        dict[str, list[str]],
        Field(
            description="By a photo's SHA-256: what to send of that photo as `left_open` where nobody knows. Left out:"
            " `persons` can be `unsure`, and `faces` can be `unknown`."
        ),
    ] = {}


class Rendition(Document):
    """A rendition over HTTP."""

    href: Annotated[str, Field(description="Where to fetch it, with the same key.")]
    sha256: Sha256
    width: int
    height: int


class WrittenRendition(Document):
    """A rendition on the command line or in a folder. `path`: where it was written, if it was."""

    path: str = ""
    sha256: Sha256
    width: int
    height: int


class Label(Document):
    """What something is called, in both languages."""

    nl: str
    en: str


class Verdict(Document):
    outcome: Outcome
    faces: dict[str, FaceVerdict]
    covered: list[Rectangle]
    reasons: list[Reason]
    questions: list[Question]
    rendition: Rendition | SkipJsonSchema[WrittenRendition] | None  # over HTTP it is always the first
    basis: Literal["consent", "objection"]
    policy: str
    registry: str | None
    not_yet: Annotated[bool, Field(description="A reject that an answer to one of the questions can still lift.")] = (
        False
    )
    label: Annotated[
        Label | SkipJsonSchema[None],
        Field(description="What the outcome is called, everywhere: plaatsen, …, nog niet."),
    ] = None
    photo_outcome: Annotated[
        Outcome | SkipJsonSchema[None],
        Field(description="Where the text beside the photo holds a name (rule R10): the outcome were that taken out."),
    ] = None
    crop: Annotated[Crop | SkipJsonSchema[None], Field(description="What may go out instead; asked for by `crop`.")] = (
        None
    )


class Receipt(Document):
    findings: Sha256
    answers: Sha256
    models: str


Answered = Annotated[
    int, Field(description="Where it was judged again after an answer: the number by which that can be taken back.")
]


class Judged(Document):
    """One photo that was judged, with a verdict per channel."""

    id: str
    file: Annotated[str, Field(description="The name it was sent with.")]
    sha256: Sha256
    width: int
    height: int
    scene: Scene
    faces: list[Face]
    names: list[Name]
    regions: Annotated[
        list[Region], Field(description="Who is in it according to the file; it is asked, and not believed.")
    ] = []
    names_checked: bool = Field(description="There is a list of names, and it was held against all of this.")
    clean: str | None = Field(description="The caption without names; null without either, and after answers.")
    removed: Annotated[list[HintKind], Field(description="What the file carried and no rendition has.")]
    verdicts: dict[str, Verdict]
    receipt: Receipt
    ms: dict[str, Number]
    answer: Answered = 0
    pattern: Patterned = None
    figures: Figures = []
    questions: Annotated[
        list[Question], Field(description="About the photo, whatever the channels; no verdict waits for the answer.")
    ] = []
    asks: Annotated[
        list[PostQuestion], Field(description="The fewest that settle the photo on all its channels together.")
    ] = []


class Unjudged(Document):
    """One photo that could not be judged: a reject by rule R01 on every channel."""

    id: str
    file: str
    sha256: Sha256
    error: Error
    verdicts: dict[str, Verdict]
    ms: dict[str, Number]
    answer: Answered = 0


class Post(Document):
    """Several photos that were sent together."""

    questions: Annotated[
        list[PostQuestion],
        Field(
            description="The fewest that settle all photos on all channels, the cheapest first; last, the one about"
            " harm, which no verdict waits for."
        ),
    ]
    notes: Annotated[
        dict[str, Reason], Field(description="Per channel, what is told of its photos as a whole (rule R61).")
    ] = {}
    instead: Annotated[
        dict[str, str],
        Field(
            description="By a photo's SHA-256, that of one of the same moment of which more can go out: use that one."
        ),
    ] = {}
    bursts: Annotated[
        list[list[str]],
        Field(
            description="The SHA-256 of the photos of each moment of which there are several, in the order they were"
            " sent. Show them together, each face outlined, before one answer is taken for all of them."
        ),
    ] = []


class Several(Document):
    """What is answered for more than one photo, in the order they were sent."""

    screenings: list[Judged | Unjudged]
    post: Post | SkipJsonSchema[None] = None
