"""What the service says of a photo or a text, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from fotopoort.client.failures import NoAnswer
from fotopoort.vocabulary import Outcome, Text


@dataclass(frozen=True, slots=True)
class Rendition:
    """The file to publish.

    Attributes:
        width, height: pixels.
        bytes: of the JPEG.
    """

    href: str
    sha256: str
    width: int
    height: int
    bytes: int


@dataclass(frozen=True, slots=True)
class TextVerdict:
    """What is decided about the text. `message`: one sentence for whoever publishes."""

    may_publish: bool
    message: Text


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is decided about what was sent.

    Attributes:
        id: the same each time that the same is sent.
        sha256: of what was sent.
        outcome: of the photo; None: it is still being looked at, or a text came alone.
        message: one sentence for whoever publishes.
        review: the page on which somebody at school can still lift a reject; None: nobody can.
        text: None: none was sent.
        rendition: publish this, never the original; None: there is nothing to publish.
        href: where this is found again.
        holds: whether what was published before may stay.
    """

    id: str
    is_pending: bool
    sha256: str
    channel: str
    outcome: Outcome | None
    message: Text
    review: str | None
    text: TextVerdict | None
    rendition: Rendition | None
    href: str
    holds: bool

    @property
    def may_publish(self) -> bool:
        """Whether all that was sent may be published: the rendition, and the text as it is."""
        is_photo_right = self.rendition is not None if self.outcome is not None else self.text is not None
        return not self.is_pending and is_photo_right and (self.text is None or self.text.may_publish)

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Self:
        """From JSON; fields that came later are left out.

        Raises:
            NoAnswer: it is something else.
        """
        try:
            outcome, review, text = document["outcome"], document["review"], document["text"]
            rendition = document["rendition"]
            return cls(
                id=document["id"],
                is_pending=document["status"] != "done",
                sha256=document["sha256"],
                channel=document["channel"],
                outcome=None if outcome is None else Outcome(outcome),
                message=_text(document["message"]),
                review=None if review is None else review["href"],
                text=None if text is None else TextVerdict(text["outcome"] == "publish", _text(text["message"])),
                rendition=None
                if rendition is None
                else Rendition(**{name: rendition[name] for name in Rendition.__dataclass_fields__}),
                href=document["href"],
                holds=document["holds"] is True,
            )
        except (KeyError, TypeError, ValueError):
            raise NoAnswer("something else answered") from None


def _text(sentence: Mapping[str, str]) -> Text:
    return Text(nl=sentence["nl"], en=sentence["en"])
