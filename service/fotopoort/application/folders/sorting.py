"""Which files of a folder are taken: photos, and what may be one and must be told of because it cannot be judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from enum import Enum
from os.path import splitext
from typing import Final

from fotopoort.application.folders.passed_over import ending_of
from fotopoort.photo.admission import is_taken
from fotopoort.photo.formats.other import (
    COPYING,
    FORMATS,
    HOLLOW,
    ICLOUD,
    ONLINE,
    SHORTCUT,
    SOUND,
    VIDEO,
    WEB_PAGE,
    recognise,
)

# The files that count as photos in a folder; a file named by itself may have any ending. Formats that are refused are
# among them on purpose: the user must hear that such a photo was not judged.
ENDINGS: Final = frozenset(
    ".jpg .jpeg .jpe .jfif .jif .jfi .pjpeg .pjp .mpo .insp .png .apng .webp .heic .heif .hif .heics .heifs .avci .avif"
    " .avifs .tif .tiff .gif .bmp .dib".split()
)
# Files that certainly are no photos, so that nobody looks into them.
NO_PHOTOS: Final = frozenset(
    ".txt .md .log .csv .tsv .xls .xlsx .xlsm .ods .numbers .db .sqlite .ini .inf .cfg .json .jsonl .xml .xmp .aae .yml"
    " .yaml .mp3 .m4a .m4b .wav .aac .flac .ogg .oga .opus .wma .mid .aif .aiff .amr .html .htm .css .js .py .sh .bat"
    " .ps1 .exe .msi .dll .apk .jar .lnk .url .webloc .desktop .ttf .otf .woff .woff2 .ics .vcf .srt .vtt .thm .ctg"
    " .lock .torrent .lrcat .lrprev .ico .icns .cur .cube .lut".split()
)
SYSTEM_FILES: Final = frozenset(
    {"thumbs.db", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini", "icon\r", "picasa.ini"}
)
SYSTEM_ENDINGS: Final = ("@synoeastream", "@synoresource", "zbthumbnail.info")
HIDDEN_START: Final = (".", "~$")  # ~$: beside a document that is open

NO_PHOTO_IN: Final = frozenset({VIDEO, SOUND, WEB_PAGE, SHORTCUT, HOLLOW})
PLACEHOLDERS: Final = frozenset({ICLOUD, ONLINE, COPYING})


class Sort(Enum):
    """What is done with a file of a folder."""

    TAKEN = "taken"  # a photo, or what may be one: it is judged, or told of as not judged
    HIDDEN = "hidden"  # of the system, or hidden by whoever made it
    OTHER = "other"  # no photo: it is counted


def sort(name: str, head: Callable[[], bytes]) -> Sort:
    """What is done with a file of a folder, by its name; where that tells nothing, by how its content begins.

    Args:
        head: its first bytes, `formats.other.HEAD` or fewer; empty where they cannot be read.
    """
    lower = name.lower()
    ending = splitext(lower)[1]
    format = FORMATS.get(ending)
    if lower.startswith(HIDDEN_START) and format is not ICLOUD:  # iCloud hides what it has not downloaded yet
        return Sort.HIDDEN
    if lower in SYSTEM_FILES or lower.endswith(SYSTEM_ENDINGS):
        return Sort.HIDDEN
    if ending in ENDINGS:
        return Sort.TAKEN
    if format in PLACEHOLDERS:
        return _sort_placeholder(lower, ending)
    if format is not None:
        return Sort.OTHER if format in NO_PHOTO_IN else Sort.TAKEN
    if ending in NO_PHOTOS:
        return Sort.OTHER
    begin = head()
    found = recognise(begin)
    return Sort.TAKEN if is_taken(begin) or (found and found not in NO_PHOTO_IN) else Sort.OTHER


def _sort_placeholder(lower: str, ending: str) -> Sort:
    """`foto.jpg.icloud` and its like: what it stands for is told by the ending before."""
    kind = splitext(splitext(lower)[0].removeprefix("."))[1]
    if kind in ENDINGS or (kind in FORMATS and FORMATS[kind] not in NO_PHOTO_IN):
        return Sort.TAKEN
    is_known = kind in NO_PHOTOS or kind in FORMATS
    return Sort.OTHER if is_known or ending == ".tmp" else Sort.TAKEN


def is_photo_ending(name: str) -> bool:
    """Whether a name ends as those of photos do that are judged, or refused one by one."""
    return splitext(name)[1].lower() in ENDINGS


def other_endings(paths: Iterable[str]) -> Counter[str]:
    """How many files have each ending, of those that do not end as photos do."""
    return Counter(ending_of(path) for path in paths if not is_photo_ending(path))


def has_videos(endings: Iterable[str]) -> bool:
    """Whether there are videos among files with these endings."""
    return any(FORMATS.get(ending) is VIDEO for ending in endings)
