"""The sentences of `fixtures/names`: names in them stand between double square brackets."""

from __future__ import annotations

import re
from dataclasses import astuple, dataclass
from functools import cache
from pathlib import Path

from fotopoort.names.name_list import NameList, NameMatch
from fotopoort.resources import dutch_words
from fotopoort.vocabulary import NameEntry, NamePlace

OWN_TEXTS = 210  # lines of the fourth set before its file names
FOLDER = Path(__file__).parents[3] / "fixtures" / "names"


@dataclass(frozen=True)
class Sentence:
    text: str
    names: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Score:
    """Counted in names; `flagged` and `sure` in sentences."""

    sentences: int
    names: int
    found: int
    doubtful: int  # of those found
    wrong: int
    flagged: int
    sure: int

    @property
    def recall(self) -> float:
        return self.found / self.names

    @property
    def precision(self) -> float:
        return self.found / (self.found + self.wrong)


def lines(name: str) -> list[str]:
    return (FOLDER / name).read_text(encoding="utf-8").splitlines()


def sentences(name: str) -> list[Sentence]:
    return [_sentence(line) for line in lines(name)]


@cache
def names_of(file: str) -> NameList:
    return NameList([NameEntry(name, name) for name in lines(file)], (), dutch_words())


def hits(listed: NameList, text: str, place: NamePlace = NamePlace.CAPTION) -> list[str]:
    """What is found; with a question mark where it is not certain."""
    return [text[hit.start : hit.end] + "?" * (not hit.certain) for hit in listed.find(text, place)]


def own_sentences() -> list[tuple[NamePlace, list[Sentence]]]:
    """Captions, hashtags and handles, and the file names of the fourth set, which are its last lines."""
    read = sentences("own_names.txt")
    return [(NamePlace.CAPTION, read[:OWN_TEXTS]), (NamePlace.FILE_NAME, read[OWN_TEXTS:])]


def own_scores() -> tuple[Score, Score]:
    """Of the fourth set: the lines with names, and those without any."""
    listed = names_of("own_class_list.txt")
    scores = [
        [score(listed, [line for line in read if bool(line.names) is named], place) for place, read in own_sentences()]
        for named in (True, False)
    ]
    with_names, without = (Score(*map(sum, zip(*map(astuple, parts), strict=True))) for parts in scores)
    return with_names, without


def score(listed: NameList, read: list[Sentence], where: NamePlace = NamePlace.CAPTION) -> Score:
    names = found = doubtful = wrong = flagged = sure = 0
    for sentence in read:
        hits = listed.find(sentence.text, where)
        flagged += bool(hits)
        sure += any(hit.certain for hit in hits)
        names += len(sentence.names)
        for place in sentence.names:
            there = [hit for hit in hits if _overlap(hit, place)]
            found += bool(there)
            doubtful += bool(there) and not any(hit.certain for hit in there)
        wrong += sum(not any(_overlap(hit, place) for place in sentence.names) for hit in hits)
    return Score(len(read), names, found, doubtful, wrong, flagged, sure)


def _sentence(line: str) -> Sentence:
    text, names, begun = "", [], 0
    for part in re.split(r"(\[\[|\]\])", line):
        if part == "[[":
            begun = len(text)
        elif part == "]]":
            names.append((begun, len(text)))
        else:
            text += part
    return Sentence(text, tuple(names))


def _overlap(hit: NameMatch, place: tuple[int, int]) -> bool:
    return hit.start < place[1] and hit.end > place[0]
