"""Where a child's name can stand: caption, file name, what the file carries, the picture. From texts to `NameHit`s."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from fotopoort.names.cleaning import cleaned
from fotopoort.names.name_list import NameList, NameMatch
from fotopoort.vocabulary import Box, Hint, NameEntry, NameHit, NamePlace, People, TextLine

MAX_CHARACTERS: Final = 1_000_000  # of one text; the rest of what a file carries is not searched
MARGIN: Final = 0.45  # of a line's height: how far a cover reaches beyond the name; the reader's steps are a sixth
ID_DIGITS: Final = 16  # of a hit's id, hexadecimal: nobody makes two texts with the same one

_Found: TypeAlias = tuple[str, NameMatch, NameHit]  # the whole text, where in it, and the hit without its id


def entries_of(people: People | None) -> tuple[NameEntry, ...]:
    """The names of everyone on a class list."""
    persons = people.persons.values() if people else ()
    return tuple(NameEntry(person.name, person.id, role=person.role, groups=person.groups) for person in persons)


def find(names: NameList, text: str, place: NamePlace = NamePlace.CAPTION) -> tuple[tuple[NameHit, ...], str]:
    """The names in one text, and the text without them."""
    matches = names.find(text, place)
    return tuple(_hit(text, place, match) for match in matches), cleaned(text, matches)


def _hit(text: str, place: NamePlace, match: NameMatch) -> NameHit:
    name = text[match.start : match.end]
    return NameHit("", place, match.certain, match.person, None, name, match.start, match.end)


def in_picture(names: NameList, lines: Sequence[TextLine]) -> Iterator[NameHit]:
    """The names that can be read in a picture, each with the place to cover."""
    return (hit for _, _, hit in _in_picture(names, lines))


def _in_picture(names: NameList, lines: Sequence[TextLine]) -> Iterator[_Found]:
    for line in lines:
        place = NamePlace.CODE if line.code else NamePlace.PICTURE
        for match in names.find(line.text[:MAX_CHARACTERS], place):
            box = line.box() if line.code else _with_margin(line.box(match.start, match.end))
            text = line.text[match.start : match.end]
            yield line.text, match, NameHit("", place, match.certain, match.person, box, text)


def in_photo(
    names: NameList,
    *,
    sha256: str,
    caption: str | None,
    file_name: str | None,
    hints: Sequence[Hint],
    lines: Sequence[TextLine],
) -> tuple[NameHit, ...]:
    """Every name in and around one photo.

    An id is made of the photo, the text, and where in it the name stands. So it is the same as long as all of these
    are, and never another name's, whatever list is held against the photo and whatever else is read in it.
    """
    texts = [(NamePlace.CAPTION, caption or ""), (NamePlace.FILE_NAME, (file_name or "")[:MAX_CHARACTERS])]
    texts += [(NamePlace.METADATA, (hint.text or "")[:MAX_CHARACTERS]) for hint in hints]
    found = [(text, match, _hit(text, place, match)) for place, text in texts for match in names.find(text, place)]
    found += _in_picture(names, lines)
    repeated: Counter[tuple[object, ...]] = Counter()  # the same text in two fields of a file
    hits = []
    for text, match, hit in found:
        box = hit.box and tuple(map(round, (hit.box.x, hit.box.y, hit.box.w, hit.box.h)))
        subject = (sha256, hit.place.value, text, match.start, match.end, box)
        repeated[subject] += 1
        content = repr((*subject, repeated[subject])).encode("utf-8", "backslashreplace")
        hits.append(replace(hit, id=f"n{hashlib.sha256(content).hexdigest()[:ID_DIGITS]}"))
    return tuple(hits)


def _with_margin(box: Box) -> Box:
    margin = MARGIN * min(box.w, box.h)
    return Box(box.x - margin, box.y - margin / 2, box.w + 2 * margin, box.h + margin)
