"""The forms in which somebody's name is written: in full, with initials, a pet name, part of a double name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, TypeAlias

from fotopoort.names.tokens import decoded, tokenize
from fotopoort.vocabulary import NameEntry

Words: TypeAlias = tuple[str, ...]  # folded

# Words between a first name and a surname. Written small or large, abbreviated or not, they do not tell names apart.
PREFIXES: Final = frozenset(
    "van de den der het t ten ter te in op aan bij onder over uit voor tot von zu zum el al la le les l d du des da das"
    " do dos di del della ben bin bint ibn abu ou ait oulad o v vd vdr vh".split()
)
SHORTENED: Final = {"van": "v", "de": "d", "den": "d", "der": "d", "het": "h"}
VOWELS: Final = "aeiouy"


class FormKind(IntEnum):
    """What a form is, the surest first."""

    FULL = 0  # first name and surname, written as one word
    GIVEN = 1  # the name the child is called by, or one of the nicknames
    DIMINUTIVE = 2  # a diminutive of it
    SURNAME = 3
    PART = 4  # of a double name, or a further given name


@dataclass(frozen=True, slots=True)
class NameParts:
    """A name taken apart, folded."""

    given: Words
    more: Words  # further given names, or the first part of a double surname: they look the same
    prefix: Words
    surname: Words


def parts_of(entry: NameEntry) -> NameParts:
    """The parts of a name as the school filled them in, or else as the full name shows them."""
    whole = entry.name.strip()
    if "," in whole:  # "Groot, Sem de"
        last, _, first = whole.partition(",")
        whole = f"{first.strip()} {last.strip()}"
    spaced = [_words(word) for word in re.sub(r"\([^)]*\)", " ", whole).split()]
    spaced = [word for word in spaced if word]
    given, rest = (spaced[0] if spaced else ()), spaced[1:]
    double = next((i for i, word in enumerate(rest) if word[-1] in PREFIXES and word[0] not in PREFIXES), None)
    at = next((i for i, word in enumerate(rest) if _is_prefix(word)), None)
    if double is not None and double < len(rest) - 1:  # “Bakker-de Vries”
        more, prefix, surname = rest[:double], [], rest[double:]
    elif at is not None and at < len(rest) - 1:
        after = next((i for i in range(at, len(rest) - 1) if not _is_prefix(rest[i])), len(rest) - 1)
        more, prefix, surname = rest[:at], rest[at:after], rest[after:]
    else:
        more, prefix, surname = rest[:-1], [], rest[-1:]
    called = _words(entry.call_name)
    further = tuple(word for word in _words(entry.given_names) if word not in called)
    if called and called != given:
        further = tuple(dict.fromkeys((*further, *given)))
    return NameParts(
        given=called or given,
        more=tuple(dict.fromkeys((*_flat(more), *further))) if entry.surname == "" else further,
        prefix=_words(entry.prefix) if entry.surname else _flat(prefix),
        surname=_words(entry.surname) or _flat(surname),
    )


def forms_of(entry: NameEntry) -> Iterator[tuple[Words, FormKind]]:
    """Every form of one name, each as folded words. First name and surname are put together in `matching`."""
    name = parts_of(entry)
    calls = [name.given, *(_words(nickname) for nickname in entry.nicknames)]
    for call in dict.fromkeys(calls):
        if len(call) > 1:
            yield call, FormKind.GIVEN
            yield ("".join(call),), FormKind.GIVEN
            yield from (((part,), FormKind.PART) for part in call if len(part) > 2)
        elif call:
            yield call, FormKind.GIVEN
            yield from (((small,), FormKind.DIMINUTIVE) for small in diminutives(call[0]))
    if len(name.given) == 1 and name.more:  # “Mei Lin Chen”
        yield (*name.given, name.more[0]), FormKind.GIVEN
        yield (name.given[0] + name.more[0],), FormKind.GIVEN
    yield from (((part,), FormKind.PART) for part in name.more if len(part) > 2)
    if name.surname:
        yield from ((last, FormKind.SURNAME) for last in _surnames(name))
        short = tuple(SHORTENED.get(word, word) for word in name.prefix)
        for last in dict.fromkeys((name.prefix + name.surname, name.surname, short + name.surname)):
            yield ("".join(name.given + last),), FormKind.FULL


def initials(entry: NameEntry) -> frozenset[str]:
    """The letters with which this child's first names begin."""
    name = parts_of(entry)
    nicknames = [word for nickname in entry.nicknames for word in _words(nickname)[:1]]
    return frozenset(word[0] for word in (*name.given, *name.more, *nicknames))


def _surnames(name: NameParts) -> Iterator[Words]:
    """The surname with its prefix, with the prefix shortened, and without it."""
    yield name.prefix + name.surname
    if name.prefix:
        short = tuple(SHORTENED.get(word, word) for word in name.prefix)
        yield short + name.surname
        yield ("".join(short), *name.surname)
        yield ("".join(name.prefix), *name.surname)
        yield ("".join(name.prefix + name.surname),)
        yield name.surname
    if len(name.surname) > 1:
        yield ("".join(name.surname),)
        for at in range(1, len(name.surname)):  # either half of a double surname
            halves = name.surname[:at], name.surname[at:]
            yield from (half for half in halves if not _is_prefix(half))


def diminutives(word: str) -> set[str]:
    """The pet forms of a first name: Jantje, Saartje, Tommie, Bramske."""
    if len(word) < 2:
        return set()
    last, stem = word[-1], word
    found = {stem + ending for ending in ("je", "tje", "pje", "etje", "kje", "ke", "ie", "ietje", "eke", "ske", "lief")}
    if last in VOWELS:
        found |= {stem + last + "tje", stem[:-1] + "tje", stem[:-1] + "je", stem[:-1] + "ie", stem + last + "tjes"}
        closed = re.fullmatch(r"(.*[^aeiouy])?([aeou])([^aeiouy])[aeiouy]", stem)  # Sara: Saartje
        if closed:
            long = (closed[1] or "") + 2 * closed[2] + closed[3]
            found |= {long + "tje", long + "je", long + "pje", long}
        double = re.fullmatch(r"(.*?)([^aeiouy])\2[aeiouy]", stem)  # Emma: Emmetje
        if double:
            found |= {double[1] + 2 * double[2] + ending for ending in ("etje", "ie", "eke")}
            found |= {double[1] + double[2] + "je"}
    elif len(stem) > 2 and stem[-2] in VOWELS and stem[-3] not in VOWELS:  # Tom: Tommie, Tommetje
        found |= {stem + last + ending for ending in ("ie", "etje", "eke", "ietje", "y")}
    long = re.fullmatch(r"(.*)([aeou])\2([^aeiouy])", stem)  # Sjaak: Sjakie
    if long:
        found |= {long[1] + long[2] + times * long[3] + "ie" for times in (1, 2)}
    return found - {word}


def _is_prefix(words: Words) -> bool:
    return all(word in PREFIXES for word in words)


def _words(text: str) -> Words:
    return tuple(token.fold for token in tokenize(decoded(text)[0]))


def _flat(words: list[Words]) -> Words:
    return tuple(fold for word in words for fold in word)
