"""One photo of a folder and what was decided: what the run writes down and the report reads."""

from __future__ import annotations

from dataclasses import dataclass, field

from fotopoort.application.contract.documents import Json


@dataclass(frozen=True, slots=True)
class Entry:
    """One photo of a folder with what was decided, as the ledger keeps it.

    Attributes:
        path: below the folder, as os.fsdecode gives it: bytes that are no UTF-8 as surrogate escapes.
        sha256: of the file's bytes; "" where they could not be read.
        taken: when, ISO 8601 without zone, a day or a day and a time, where the file or its folder tells.
        groups: those named for this photo.
        likeness: its perceptual hash, see photo/likeness.py; "" for a flat picture or a photo that was not judged.
        document: what `screening_document` makes of it; a rendition's "path" is relative to the output folder.
        thumbnail: a JPEG relative to the output folder, covered as `renditions.covers_of_preview` says; None: there
            is none, as for a photo that was not judged.
    """

    path: str = field(repr=False)
    sha256: str
    taken: str | None
    groups: tuple[str, ...]
    likeness: str
    document: Json = field(repr=False)
    thumbnail: str | None
