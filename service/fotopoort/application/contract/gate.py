"""The objects of the JSON contract at the gate: what a CMS hears. No name, no id of anybody, and no question."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from fotopoort.application.contract.documents import Document, Sha256
from fotopoort.vocabulary import Outcome


class Sentence(Document):
    """One sentence, to show to whoever publishes."""

    nl: str
    en: str


class GateReview(Document):
    """Somebody at school can still let it go out."""

    href: Annotated[str, Field(description="The page on which they answer.")]


class GateText(Document):
    """What is decided about the text."""

    outcome: Literal[Outcome.PUBLISH, Outcome.REJECT]
    message: Sentence


class GateRendition(Document):
    """The file to publish, in place of what was sent."""

    href: Annotated[str, Field(description="Where it is, with the same key.")]
    sha256: Sha256
    width: Annotated[int, Field(description="Pixels.")]
    height: Annotated[int, Field(description="Pixels.")]
    bytes: int
    media_type: Literal["image/jpeg"]


class GateDocument(Document):
    """What is decided about what was sent, now."""

    id: Annotated[str, Field(description="The same each time that the same is sent.")]
    status: Literal["done", "pending"] = Field(
        description="pending: it is being looked at. done: it was, and waits for nobody but where there is a `review`."
    )
    sha256: Annotated[Sha256, Field(description="Of the photo as it was sent; of a text alone, of that in UTF-8.")]
    channel: str
    outcome: Annotated[
        Outcome | None, Field(description="Of the photo. Null: it is pending, or a text came alone. Then it is no yes.")
    ]
    review: Annotated[GateReview | None, Field(description="Null: nobody can change the outcome.")]
    message: Sentence
    text: Annotated[
        GateText | None, Field(description="Null where no text was sent, or where it is not known any more.")
    ]
    rendition: Annotated[
        GateRendition | None, Field(description="Publish this, never the original. Null: there is nothing to publish.")
    ]
    href: Annotated[str, Field(description="Where this document is as it holds at any moment.")]
    policy: Annotated[str, Field(description="Version and hash of the rules.")]
    registry: Annotated[int, Field(description="Revision of who may be shown.")]
    holds: Annotated[
        bool,
        Field(
            description="Whether the rendition that was asked about, or that was given last, may stay where it was"
            " published; of a text alone, whether it may. False: take it down."
        ),
    ]
