"""The objects of the JSON contract about a post that is kept: what a teacher works at, photo by photo."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from fotopoort.application.contract.documents import Document, Error, Judged, Post, Verdict
from fotopoort.application.contract.statements import CheckedText, LoggedAnswer


class PostPhoto(Document):
    """One photo of a post."""

    id: str
    client_id: Annotated[str, Field(description="What whoever sent it calls it.")]
    file: Annotated[str, Field(description="The name it was sent with.")]
    size: Annotated[int, Field(description="Bytes, as announced.")]
    received: Annotated[int, Field(description="Bytes that are there: the next part begins here.")]
    state: Literal["uploading", "waiting", "seen", "judged", "failed"] = Field(
        description="waiting: to be looked at. seen: there are questions and verdicts, and what may go out is being"
        " made. judged: that is made too."
    )
    revision: Annotated[int, Field(description="Of the post when this photo changed last.")]
    error: Annotated[Error | None, Field(description="Why it could not be judged: it goes nowhere.")] = None
    view: Annotated[str | None, Field(description="Where the whole photo can be seen, small.")] = None
    original: Annotated[str | None, Field(description="Where the photo itself is.")] = None
    judged: Annotated[
        Judged | None, Field(description="As for a photo alone; a rendition is there once it was made and still holds.")
    ] = None


class NotShown(Document):
    """Somebody who may not be shown, or not everywhere."""

    id: str
    name: str
    channels: Annotated[list[str], Field(description="Of the post's: where they may not be shown, or must be asked.")]


class TextOfPost(Document):
    """What was found in the text of a post."""

    found: CheckedText
    verdicts: Annotated[dict[str, Verdict], Field(description="Per channel, about the text alone.")]


class FromCms(Document):
    """The website, or another program, that sent the photos of a post."""

    name: Annotated[str, Field(description="Of its key.")]
    reference: Annotated[str, Field(description="What it calls the article; empty where it did not say.")]
    waits: Annotated[bool, Field(description="Something in it waits for an answer.")]


class KeptPost(Document):
    """A post: its photos, what is decided about each, and what to ask about all of them."""

    id: str
    version: Annotated[str, Field(description="Send it back as `since` to be told what differs.")]
    revision: Annotated[int, Field(description="For `If-Match`.")]
    state: Literal["open", "finished", "expired"]
    groups: list[str]
    channels: list[str]
    together: Annotated[bool, Field(description="All channels get the same, by the strictest of them.")]
    day: Annotated[str, Field(description="ISO 8601.")]
    text: str
    made: str
    until: Annotated[str, Field(description="It expires then, and everything is erased that could be seen or read.")]
    order: Annotated[list[str], Field(description="The ids of all its photos.")]
    photos: Annotated[list[PostPhoto], Field(description="All, or with `since` those that differ.")]
    post: Annotated[Post, Field(description="What to ask about all photos. In it photos are called by their ids here.")]
    text_found: Annotated[TextOfPost | None, Field(description="Null without a text.")]
    people: Annotated[
        dict[str, str], Field(description="The names of the groups' people, and of all others whose ids are used here.")
    ]
    staff: Annotated[list[str], Field(description="The ids of those of them who are no pupils.")]
    not_shown: Annotated[list[NotShown], Field(description="Who of the groups may not be shown somewhere.")]
    undo: Annotated[int | None, Field(description="The number of the latest answer that holds.")]
    cms: Annotated[FromCms | SkipJsonSchema[None], Field(description="Where nobody at school began it.")] = None


class PostSummary(Document):
    """A post in the list of posts."""

    id: str
    state: Literal["open", "finished", "expired"]
    groups: list[str]
    channels: list[str]
    together: Annotated[bool, Field(description="All channels get the same, by the strictest of them.")]
    day: str
    made: str
    until: str
    is_own: Annotated[bool, Field(description="Whoever asks made it.")]
    cms: Annotated[FromCms | SkipJsonSchema[None], Field(description="Where nobody at school began it.")] = None


class PostList(Document):
    """The posts within reach, newest first."""

    posts: list[PostSummary]


class PostAnswer(LoggedAnswer):
    """What was said of photos of a post, or taken back."""

    photos: Annotated[list[str], Field(description="The ids of the photos that it is about, as far as they are there.")]


class PostAnswers(Document):
    """What was said of a post, in order."""

    answers: list[PostAnswer]
