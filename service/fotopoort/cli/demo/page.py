"""One page that shows what was decided about a set of photos, before and after, for looking at without a server.

The page is a single HTML file: its style and its few lines of script are inside it, and pictures are named by a path
relative to it. Everything that came from a photo, a file name or a person is escaped.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fotopoort.application import html_page
from fotopoort.files import write_whole
from fotopoort.vocabulary import Outcome, Text, label_of

PAGE = "index.html"
NOT_YET = "not_yet"  # stands in the place of the outcome where an answer can still lift the reject
LABELS: dict[str, Text] = {
    Outcome.PUBLISH: label_of(Outcome.PUBLISH),
    Outcome.BLUR: label_of(Outcome.BLUR),
    NOT_YET: label_of(Outcome.REJECT, not_yet=True),
    Outcome.REJECT: label_of(Outcome.REJECT),
}
BADGES = {outcome: (label.nl.capitalize(), label.en.capitalize()) for outcome, label in LABELS.items()}
CHANNELS = {
    "social_schools": ("Social Schools (besloten)", "Social Schools (closed)"),
    "website": ("Website", "Website"),
    "facebook": ("Facebook", "Facebook"),
}
SCENES = {
    "overview": ("overzicht", "overview"),
    "group": ("groepje", "group"),
    "close_up": ("van dichtbij", "close-up"),
    "no_faces": ("geen gezichten", "no faces"),
}
REMOVED = {
    "exif": ("cameragegevens", "camera data"),
    "gps": ("plaats (GPS)", "location (GPS)"),
    "iptc": ("persgegevens (IPTC)", "press data (IPTC)"),
    "xmp": ("bewerkgegevens (XMP)", "editing data (XMP)"),
    "colour_profile": ("kleurprofiel", "colour profile"),
    "caption": ("bijschrift", "caption"),
    "person_name": ("namen van personen", "names of people"),
    "text": ("andere tekst", "other text"),
    "thumbnail": ("miniatuur", "thumbnail"),
    "second_image": ("tweede beeld", "second image"),
    "depth": ("dieptebeeld", "depth image"),
    "video": ("filmpje", "video"),
    "trailing_bytes": ("extra bytes", "extra bytes"),
}


def write_page(results: Sequence[Mapping[str, object]], folder: Path) -> Path:
    """Write `index.html` in `folder` for `results`, whole or not at all.

    Args:
        results: objects as `screen --json` prints them, in the order to show. `verdicts[…].rendition.path` is relative
            to `folder`, or lies under it; so is `before`, the path of a preview, when there. A preview shows the
            photo uncovered: give one only for photos that anyone may see, such as the samples.
        folder: where the renditions are; made when missing.

    Returns:
        The path of the page.

    Raises:
        OutputUnwritable: the page could not be written; an older page is left as it was.
        ValueError: a picture lies outside `folder`.
    """
    photos = [dict(result) for result in results]
    html = html_page.render(
        "fotopoort.cli.demo",
        "demo.html.j2",
        {"href": lambda path: _href(str(path), folder)},
        photos=photos,
        counts=_counts(photos),
        badges=BADGES,
        channels=CHANNELS,
        scenes=SCENES,
        removed=REMOVED,
        state=_state,
    )
    page = folder / PAGE
    write_whole(page, html.encode())
    return page


def _href(path: str, folder: Path) -> str:
    """`path` as a relative address from the page."""
    where = Path(path)
    inside = Path(os.path.relpath(where, folder)) if where.is_absolute() else Path(os.path.normpath(where))
    if ".." in inside.parts:
        raise ValueError("a picture on the page lies outside its folder")
    return quote(inside.as_posix())


def _counts(photos: Sequence[Mapping[str, Any]]) -> dict[str, Counter[str]]:
    """Channel → outcome, or "not_yet" → number of photos, channels in the order they were first met."""
    counts: dict[str, Counter[str]] = {}
    for photo in photos:
        for channel, verdict in photo["verdicts"].items():
            counts.setdefault(channel, Counter())[_state(verdict)] += 1
    return counts


def _state(verdict: Mapping[str, Any]) -> str:
    return NOT_YET if verdict.get("not_yet") else str(verdict["outcome"])
