"""Where a child's name can stand: caption, file name, what the file carries, the picture. From texts to `NameHit`s."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from fotopoort.errors import TextTooLong
from fotopoort.names.cleaning import cleaned
from fotopoort.names.name_list import NameList
from fotopoort.resources import dutch_words
from fotopoort.vocabulary import Box, Hint, NameEntry, NameHit, NamePlace, People, TextLine

MOST_CHARACTERS: Final = 1_000_000  # of one text
MARGIN: Final = 0.45  # of a line's height: how far a cover reaches beyond the name; the reader's steps are a sixth


def entries_of(people: People | None) -> tuple[NameEntry, ...]:
    """The names of everyone on a class list."""
    persons = people.persons.values() if people else ()
    return tuple(NameEntry(one.name, one.id, role=one.role, groups=one.groups) for one in persons)


@lru_cache(maxsize=16)
def name_list(
    entries: tuple[NameEntry, ...], groups: frozenset[str] = frozenset(), staff_counts: bool = False
) -> NameList:
    """The list of names, ready to be looked for; made once for the same names and groups."""
    return NameList(entries, groups, dutch_words(), staff_counts=staff_counts)


def find(names: NameList, text: str, place: NamePlace = NamePlace.CAPTION) -> tuple[tuple[NameHit, ...], str]:
    """The names in one text, and the text without them.

    Raises:
        TextTooLong: it has more than a million characters.
    """
    if len(text) > MOST_CHARACTERS:
        raise TextTooLong
    matches = names.find(text, place)
    hits = tuple(
        NameHit("", place, one.certain, one.person, None, text[one.start : one.end], one.start, one.end)
        for one in matches
    )
    return hits, cleaned(text, matches)


def in_picture(names: NameList, lines: Sequence[TextLine]) -> Iterator[NameHit]:
    """The names that can be read in a picture, each with the place to cover."""
    for line in lines:
        place = NamePlace.CODE if line.code else NamePlace.PICTURE
        for one in names.find(line.text[:MOST_CHARACTERS], place):
            box = line.box() if line.code else _with_margin(line.box(one.start, one.end))
            yield NameHit("", place, one.certain, one.person, box, line.text[one.start : one.end])


def in_photo(
    names: NameList,
    *,
    sha256: str,
    caption: str | None,
    file_name: str | None,
    hints: Sequence[Hint],
    lines: Sequence[TextLine],
) -> tuple[NameHit, ...]:
    """Every name in and around one photo. Its id stays the same as long as photo, place, name and doubt do.

    Raises:
        TextTooLong: the caption has more than a million characters.
    """
    found = list(find(names, caption or "")[0])
    found += find(names, (file_name or "")[:1000], NamePlace.FILE_NAME)[0]
    for hint in hints:
        found += find(names, (hint.text or "")[:MOST_CHARACTERS], NamePlace.METADATA)[0]
    found += in_picture(names, lines)
    seen: Counter[tuple[str, ...]] = Counter()
    hits = []
    for hit in found:
        said = (hit.place.value, hit.text or "", str(hit.certain))
        seen[said] += 1
        digest = hashlib.sha256("\n".join((sha256, *said, str(seen[said]))).encode("utf-8", "replace")).hexdigest()
        hits.append(
            NameHit(f"n{digest[:8]}", hit.place, hit.certain, hit.person, hit.box, hit.text, hit.start, hit.end)
        )
    return tuple(hits)


def _with_margin(box: Box) -> Box:
    margin = MARGIN * min(box.w, box.h)
    return Box(box.x - margin, box.y - margin / 2, box.w + 2 * margin, box.h + margin)
