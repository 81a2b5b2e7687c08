"""One photo of a folder and what was decided: what the run records and the report reads."""

from __future__ import annotations

from dataclasses import dataclass, field

from fotopoort.application.contract.documents import Json
from fotopoort.vocabulary import Failure


@dataclass(frozen=True, slots=True)
class Entry:
    """One photo of a folder with what was decided, as the ledger stores it.

    Attributes:
        path: below the folder, as os.fsdecode gives it: bytes that are no UTF-8 as surrogate escapes.
        sha256: of the file's bytes; "" where they could not be read.
        captured_at: ISO 8601 without zone, a day or a day and a time; None: neither file nor folder tells.
        groups: those named for this photo.
        perceptual_hash: see `photo/perceptual_hash.py`; "" for a flat picture or one that was not judged.
        document: what `screening_document` makes of it; a rendition's "path" is relative to the output folder. An error
            has its Dutch texts beside the English ones, as "message_nl" and "hint_nl".
        thumbnail: path of a JPEG below the output folder, covered as `renditions.covers_of_preview` says; None: there
            is none, as for a photo that was not judged.
    """

    path: str = field(repr=False)
    sha256: str
    captured_at: str | None
    groups: tuple[str, ...]
    perceptual_hash: str
    document: Json = field(repr=False)
    thumbnail: str | None

    @property
    def failure(self) -> Failure | None:
        """Why it could not be judged; None: it was. Without Dutch texts in what an older version recorded."""
        error = self.document.get("error")
        if error is None:
            return None
        return Failure(
            code=error["code"],
            message=error["message"],
            hint=error["hint"],
            message_nl=error.get("message_nl", ""),
            hint_nl=error.get("hint_nl", ""),
        )
