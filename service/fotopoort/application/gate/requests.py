"""What a CMS sends to the gate, and which files are refused there by name: what they are is told by their content."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate
from typing import Final

from fotopoort.errors import (
    ArchiveNotJudged,
    DrawingNotJudged,
    NotJudged,
    OfficeNotJudged,
    PageNotJudged,
    PdfNotJudged,
    SoundNotJudged,
    VideoNotJudged,
)
from fotopoort.photo.admission import is_taken
from fotopoort.photo.formats import other
from fotopoort.photo.formats.other import OtherFormat
from fotopoort.registry.posts.photos import MAX_FILE_NAME
from fotopoort.registry.posts.posts import MAX_TEXT
from fotopoort.vocabulary import ChannelId

MAX_REFERENCE: Final = 200  # characters
MAX_KEY: Final = 200
NOT_JUDGED: Final[dict[OtherFormat, type[NotJudged]]] = {
    other.PDF: PdfNotJudged,
    other.VIDEO: VideoNotJudged,
    other.OFFICE: OfficeNotJudged,
    other.MAIL: OfficeNotJudged,
    other.DRAWING: DrawingNotJudged,
    other.WEB_PAGE: PageNotJudged,
    other.ARCHIVE: ArchiveNotJudged,
    other.SOUND: SoundNotJudged,
}


@dataclass(frozen=True, slots=True)
class GateRequest:
    """What a CMS sends.

    Attributes:
        content: the photo; None: the text alone.
        channel: where it would be published.
        text: that goes with it, line by line; None: none.
        file_name: that it would be published under.
        groups: that are in the photo; none: of the whole school.
        reference: what the CMS calls the article: photos with the same one go into one post. "": a post for each.
        taken: the day on which the photo was taken, beside what its file tells.
        key: of the same request the same, so that it is done once; "": none.
    """

    content: bytes | None = field(repr=False)
    channel: ChannelId
    text: str | None = field(default=None, repr=False)
    file_name: str = field(default="", repr=False)
    groups: frozenset[str] = frozenset()
    reference: str = field(default="", repr=False)
    taken: date | None = None
    key: str = field(default="", repr=False)

    @classmethod
    def cleaned(
        cls,
        content: bytes | None,
        channel: ChannelId,
        *,
        text: str | None = None,
        file_name: str | None = None,
        groups: Iterable[str] = (),
        reference: str | None = None,
        taken: date | None = None,
        key: str = "",
    ) -> GateRequest:
        """What was sent, the same whichever way it came: lines of the text end in one way, a blank text is none, and
        of a file name too long the end is left out."""
        return cls(
            content=content,
            channel=channel,
            text=text.replace("\r\n", "\n") if text and text.strip() else None,
            file_name=(file_name or "")[:MAX_FILE_NAME],
            groups=frozenset(filter(None, groups)),
            reference=reference or "",
            taken=taken,
            key=key,
        )

    @property
    def sha256(self) -> str:
        """Of the photo; without one, of the text in UTF-8."""
        sent = self.content if self.content is not None else (self.text or "").encode(errors="replace")
        return hashlib.sha256(sent).hexdigest()


@dataclass(frozen=True, slots=True)
class GateTicket:
    """What was sent, as it can be asked about."""

    id: str
    sha256: str
    channel: ChannelId


def refusal_of(content: bytes) -> type[NotJudged] | None:
    """Why a file is not judged, by its content alone; None: it is a photo, or may be one."""
    head = content[: other.HEAD]
    found = None if is_taken(head) else other.recognise(head)
    return NOT_JUDGED.get(found) if found else None


def latest_lines(lines: list[str]) -> list[str]:
    """The last of these lines that fit in the text of a post together."""
    lengths = accumulate(len(line) + 1 for line in reversed(lines))  # each with the end of the line before it
    fit = sum(length <= MAX_TEXT + 1 for length in lengths)
    return lines[len(lines) - fit :]
