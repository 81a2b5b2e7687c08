"""Where a child's name can stand: caption, file name, what the file carries, the picture. From texts to `NameHit`s."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import starmap
from typing import Final, TypeAlias

from fotopoort.names.cleaning import cleaned
from fotopoort.names.name_list import NameList, NameMatch
from fotopoort.vocabulary import Box, Hint, NameEntry, NameHit, NamePlace, People, TextLine

MAX_CHARACTERS: Final = 1_000_000  # of one text; the rest of what a file carries is not searched
MAX_CLEANINGS: Final = 4  # of one text; with a name out of it, another stands beside other words
MARGIN: Final = 0.45  # of a line's height: how far a cover reaches beyond the name; the reader's steps are a sixth
ID_DIGITS: Final = 16  # of a hit's id, hexadecimal: nobody makes two texts with the same one
# Between the words of a file's name, where no day of a month or number of a group is: “Emma.2026_Visser3”, not “L0tte”.
SEPARATOR: Final = re.compile(r"[_.]|\d{3,}|(?<=[^\W\d_])\d+(?![^\W_])|(?<![^\W_])\d+(?=[^\W\d_])")
PICTURE_FILE: Final = re.compile(r".*\.(?:jpe?g|png|heic|heif|avif|webp|gif|tiff?|bmp)\s*", re.IGNORECASE)

_Lines: TypeAlias = list[tuple[str, Sequence[NameMatch]]]  # of a text, and where in each there is a name
_Found: TypeAlias = tuple[str, NameMatch, NameHit]  # the whole text, where in it, and the hit without its id


def entries_of(people: People | None) -> tuple[NameEntry, ...]:
    """The names of everyone on a class list."""
    persons = people.persons.values() if people else ()
    return tuple(NameEntry(person.name, person.id, role=person.role, groups=person.groups) for person in persons)


def find(names: NameList, text: str, place: NamePlace = NamePlace.CAPTION) -> tuple[tuple[NameHit, ...], str]:
    """The names in one text, and the text without them."""
    matches = names.find(text, place)
    hits = tuple(_hit(text, place, match) for match in matches)
    return hits, _without(lambda text: [(text, names.find(text, place))], [(text, matches)])


def _without(search: Callable[[str], _Lines], lines: _Lines) -> str:
    """These lines as a text without the names in them, and without what is then found of the same persons."""
    persons = {match.person for _, matches in lines for match in matches}
    text, left = "\n".join(line for line, _ in lines), MAX_CLEANINGS
    while left and any(matches for _, matches in lines):
        text, left = "\n".join(starmap(cleaned, lines)), left - 1
        found = search(text)
        lines = [(line, [match for match in of if match.certain or match.person in persons]) for line, of in found]
    return text


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
        hits.append(replace(hit, id=_id(*subject, repeated[subject])))
    return tuple(hits)


def in_lines(names: NameList, *, sha256: str, text: str) -> tuple[tuple[NameHit, ...], str]:
    """The names in a text whose lines may come again among others, and the text without them: those that are found in
    the whole of it, and those that are found in a line by itself.

    A hit's id is made of its line alone. A line that is the name of a picture's file is searched as words, as such a
    name and as it stands; what is found in the last two alone is doubtful.

    Args:
        sha256: of what the text belongs to.
    """
    lines = _in_lines(names, text)
    hits: list[NameHit] = []
    start = 0
    for line, matches in lines:
        for match in matches:
            place = NamePlace.CAPTION
            hit_id = _id(sha256, place.value, line, match.start, match.end, None, 1)
            hits.append(replace(_hit(text, place, _moved(match, start)), id=hit_id))
        start += len(line) + 1
    return tuple(hits), _without(partial(_in_lines, names), lines)


def _in_lines(names: NameList, text: str) -> _Lines:
    lines = text.split("\n")
    as_words = [SEPARATOR.sub(_spaces, line) if PICTURE_FILE.fullmatch(line) else line for line in lines]
    whole = deque(names.find("\n".join(as_words)))
    found: _Lines = []
    start = 0
    for line, words in zip(lines, as_words, strict=True):
        matches = list(names.find(words))
        while whole and whole[0].start <= start + len(line):
            matches.append(_moved(whole.popleft(), -start))
        if words is not line:
            matches += [replace(match, certain=False) for match in names.find(line, NamePlace.FILE_NAME)]
            others = [match for match in names.find(line) if not any(_overlap(match, other) for other in matches)]
            matches += [replace(match, certain=False) for match in others]
        found.append((line, _together(matches)))
        start += len(line) + 1
    return found


def _overlap(one: NameMatch, other: NameMatch) -> bool:
    return one.start < other.end and other.start < one.end


def _spaces(separator: re.Match[str]) -> str:
    return " " * len(separator[0])


def file_line(name: str) -> str:
    """The name of a picture's file as a line that `in_lines` takes for one."""
    line = " ".join(name.split())
    return line if PICTURE_FILE.fullmatch(line) else f"{line}.jpg"


def _together(matches: Iterable[NameMatch]) -> list[NameMatch]:
    """Matches in order, those that overlap as one: certain where any is, and somebody's where all are."""
    together: list[NameMatch] = []
    for match in sorted(matches, key=lambda match: (match.start, -match.end)):
        if together and match.start < together[-1].end:
            last = together[-1]
            person = last.person if last.person == match.person else None
            end, certain, owns = max(last.end, match.end), last.certain or match.certain, last.owns or match.owns
            together[-1] = NameMatch(last.start, end, certain, person, owns)
        else:
            together.append(match)
    return together


def _moved(match: NameMatch, by: int) -> NameMatch:
    return replace(match, start=match.start + by, end=match.end + by)


def _id(*subject: object) -> str:
    content = repr(subject).encode("utf-8", "backslashreplace")
    return f"n{hashlib.sha256(content).hexdigest()[:ID_DIGITS]}"


def _with_margin(box: Box) -> Box:
    margin = MARGIN * min(box.w, box.h)
    return Box(box.x - margin, box.y - margin / 2, box.w + 2 * margin, box.h + margin)
