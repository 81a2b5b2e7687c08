"""The school's list of names, made ready to be looked for in texts."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from rapidfuzz.distance import DamerauLevenshtein

from fotopoort.names import evidence
from fotopoort.names.evidence import Place, Text
from fotopoort.names.forms import PREFIXES, Kind, Words, forms, initials, parts_of
from fotopoort.names.lexicon import ARTICLES
from fotopoort.names.misread import MAX_TRIED, key, misread
from fotopoort.names.tokens import Token, tokens
from fotopoort.vocabulary import NameEntry, NamePlace, PersonId, Role

A_CLASS: Final = 100  # names; where no group is named, a list of at most so many is the photo's own group
TOGETHER: Final = frozenset(("en", "and", "of"))
WRITTEN_TOGETHER: Final = frozenset((NamePlace.FILE_NAME, NamePlace.PICTURE, NamePlace.CODE))


@dataclass(frozen=True, slots=True)
class Match:
    """A child's name in a text, from character `start` up to but not including `end`.

    Attributes:
        certain: False: it may be an ordinary word or somebody else, and the teacher should say.
        person: whose name it is, where it can only be one person's.
        owns: it is a possessive: “Sems tekening”.
    """

    start: int
    end: int
    certain: bool
    person: PersonId | None = None
    owns: bool = False


@dataclass(slots=True)
class _Form:
    """Whose form of a name it is: numbers of entries, by what it is of theirs."""

    kinds: dict[Kind, set[int]]


@dataclass(frozen=True, slots=True)
class _Found:
    """A form at a place in a text, the last of its words perhaps with a possessive ending."""

    first: int
    after: int
    form: _Form
    owns: bool
    end: int  # character, with the ending


_Judged: TypeAlias = tuple[_Found, bool | None, frozenset[int]]  # whether it is a name; whose it may be


class NameList:
    """Names to look for.

    Args:
        entries: everyone's names; staff's and parents' are no child's.
        groups: who is in the photo: their names are looked for strictly, the rest of the school's more carefully. None
            named: a list no longer than a few classes is looked for strictly.
        persons: whose names are looked for strictly as well, whatever their group.
        words: ordinary Dutch words, folded, of at most ten letters.
        staff_counts: names of staff count as a child's.
    """

    def __init__(
        self,
        entries: Iterable[NameEntry],
        groups: Collection[str] = (),
        words: Container[str] = frozenset(),
        *,
        persons: Collection[PersonId] = (),
        staff_counts: bool = False,
    ) -> None:
        counted = {Role.PUPIL, Role.STAFF} if staff_counts else {Role.PUPIL}
        self._entries = [entry for entry in entries if entry.role in counted]
        wanted = {" ".join(group.split()).casefold() for group in groups}
        named = {
            number
            for number, entry in enumerate(self._entries)
            if entry.person in persons or any(" ".join(group.split()).casefold() in wanted for group in entry.groups)
        }
        everyone = not named and len(self._entries) <= A_CLASS
        self._near = frozenset(range(len(self._entries))) if everyone else frozenset(named)
        self._words = words
        self._forms: dict[Words, _Form] = {}
        self._lengths: dict[str, set[int]] = {}  # of the forms that begin with this word
        self._initials = [initials(entry) for entry in self._entries]
        self._lasts = ["".join(name.prefix + name.surname) for name in map(parts_of, self._entries)]
        self._letters: list[set[str]] = [set() for _ in self._entries]  # with which a part of the surname begins
        for number, entry in enumerate(self._entries):
            for form, kind in forms(entry):
                if kind is Kind.SURNAME:
                    self._letters[number].add(form[-1][0])
                self._forms.setdefault(form, _Form({})).kinds.setdefault(kind, set()).add(number)
                self._lengths.setdefault(form[0], set()).add(len(form))
        self._given = {form[0] for form, whose in self._forms.items() if len(form) == 1 and Kind.GIVEN in whose.kinds}
        self._keys: dict[str, list[str]] = {}  # one-word forms of the own group as they may be misread
        for form, whose in self._forms.items():
            kinds = [kind for kind, numbers in whose.kinds.items() if numbers & self._near]
            if len(form) == 1 and len(form[0]) > 2 and kinds and min(kinds) < Kind.PART and Kind.SMALL not in kinds:
                self._keys.setdefault(key(form[0]), []).append(form[0])

    def __len__(self) -> int:
        return len(self._entries)

    def find(self, text: str, place: NamePlace = NamePlace.CAPTION) -> tuple[Match, ...]:
        """Every name in `text`, in order; none overlaps another.

        Args:
            place: where the text stands. In file names and pictures words may be written together, and letters may be
                misread; a file name has no capitals that mean anything.
        """
        if not self._entries:
            return ()
        together = place in WRITTEN_TOGETHER
        read = tokens(text, inner=together)
        context = Text.of(read, label=together)
        found: list[_Judged] = []
        at = 0
        while at < len(read):
            best = self._best(context, at, place)
            if best is None:
                at += 1
                continue
            found.append(best)
            at = best[0].after
        return tuple(
            Match(read[one.first].start, one.end, certain, self._person(numbers), one.owns)
            for one, certain, numbers in _with_neighbours(context, found)
            if certain is not None
        )

    def _best(self, text: Text, at: int, place: NamePlace) -> _Judged | None:
        """The longest name that begins at token `at`, whether it is one, and whose it may be."""
        if (whole := self._with_initials(text.tokens, at)) is not None:
            return whole
        doubtful: _Judged | None = None
        for one in self._at(text.tokens, at):
            if (whole := self._with_surname(text.tokens, one)) is not None:
                return whole
            for kind, numbers in sorted(one.form.kinds.items()):
                near = bool(numbers & self._near)
                chosen = frozenset(numbers & self._near if near else numbers)
                one = self._with_letter(text.tokens, one, chosen) if kind < Kind.SURNAME else one
                certain = self._judged(text, one, kind, near, place)
                if certain:
                    return one, True, chosen
                if certain is False and doubtful is None:
                    doubtful = one, False, chosen
                elif doubtful is None and kind in (Kind.GIVEN, Kind.SMALL) and near:
                    doubtful = one, None, chosen  # its neighbours may still tell
        if doubtful is None and place is not NamePlace.METADATA:
            return self._misread(text, at, place)
        return doubtful

    def _judged(self, text: Text, one: _Found, kind: Kind, near: bool, place: NamePlace) -> bool | None:
        read = text.tokens[one.first : one.after]
        apart = one.end != read[-1].end  # “Roos' tas”, and not “Merels”, which may be several
        here = Place(
            text,
            one.first,
            one.after,
            kind,
            near,
            self._ordinary(read),
            one.owns and apart,
            one.owns and not apart,
            [self._lasts[number] for number in one.form.kinds[kind]],
            self._words,
            self._given,
        )
        if place is NamePlace.FILE_NAME:  # another file name costs nobody anything
            return True if near or not here.word else None
        if kind is Kind.FULL:
            return True
        if kind is Kind.SURNAME:
            return evidence.is_surname(here, follows_name=self._follows_name(here))
        return evidence.is_given(here)

    def _follows_name(self, place: Place) -> bool:
        before = place.before
        if before is None or place.token.gap != " ":
            return False
        return before.capital and (len(before.fold) == 1 or not self._is_word(before.fold) or not before.opens)

    def _ordinary(self, read: Sequence[Token]) -> bool:
        """Whether all of these are ordinary words; a plural of one is one too."""
        main = [token.fold for token in read if token.fold not in PREFIXES] or [read[0].fold]
        return all(
            self._is_word(fold) or (fold[-1:] == "s" != fold[-2:-1] and self._is_word(fold[:-1])) for fold in main
        )

    def _is_word(self, fold: str) -> bool:
        return len(fold) < 3 or fold in self._words

    def _at(self, read: Sequence[Token], at: int) -> list[_Found]:
        """The forms that begin at token `at`, the longest first; those with an ending taken off come last."""
        found = []
        for length in sorted(self._lengths.get(read[at].fold, ()), reverse=True):
            if (form := self._forms.get(_folds(read, at, length))) and _one_name(read, at, length):
                found.append(_Found(at, at + length, form, *_ending(read, at + length)))
        for fold, end in _without_s(read[at]):
            if form := self._forms.get((fold,)):
                found.append(_Found(at, at + 1, form, True, end))
        for length in (2, 3, 4):  # “van den Bergs hond”
            if at + length <= len(read) and length in self._lengths.get(read[at].fold, ()):
                for fold, end in _without_s(read[at + length - 1]):
                    if form := self._forms.get((*_folds(read, at, length - 1), fold)):
                        found.append(_Found(at, at + length, form, True, end))
        if at + 1 < len(read) and read[at + 1].gap in ("-", " "):
            joined = read[at].fold + read[at + 1].fold
            form = self._forms.get((joined,))
            if (
                form
                and Kind.GIVEN in form.kinds
                and not (self._is_word(read[at].fold) and self._is_word(read[at + 1].fold))
            ):
                found.append(_Found(at, at + 2, form, *_ending(read, at + 2)))
        return found

    def _with_surname(self, read: Sequence[Token], one: _Found) -> tuple[_Found, bool, frozenset[int]] | None:
        """First name and surname of one child, either first, further given names and initials between them."""
        given = {n for kind in (Kind.GIVEN, Kind.SMALL, Kind.PART) for n in one.form.kinds.get(kind, ())}
        last = one.form.kinds.get(Kind.SURNAME, set())
        for skipped in range(3):
            at = one.after + skipped
            if at >= len(read) or read[at].opens or (one.owns and one.end != read[one.after - 1].end):
                break
            if skipped and not (len(read[at - 1].fold) == 1 or (read[at - 1].fold,) in self._forms):
                break
            if not skipped and read[at].gap.strip(" .-'’") and not (last and read[at].gap.strip() == ","):
                break
            for other in self._at(read, at):
                both = given & other.form.kinds.get(Kind.SURNAME, set())
                if read[at].gap.strip() == ",":
                    both = set()
                if not skipped:
                    both |= last & other.form.kinds.get(Kind.GIVEN, set())
                if both:
                    near = both & self._near
                    main = read[one.first : other.after]
                    if self._ordinary(main) and not any(token.capital for token in main):
                        return None  # “wolf vos”
                    return (
                        _Found(one.first, other.after, one.form, other.owns, other.end),
                        True,
                        frozenset(near or both),
                    )
        return None

    def _with_initials(self, read: Sequence[Token], at: int) -> tuple[_Found, bool, frozenset[int]] | None:
        """“S. de Groot”, “A.F. van den Berg”."""
        if evidence.titled(read, at):
            return None
        after = at
        while after < len(read) and after < at + 4 and len(read[after].fold) == 1 and read[after].text.isupper():
            after += 1
        if after == at or after == len(read) or read[after].gap.strip(" .-"):
            return None
        for one in self._at(read, after):
            whose = {n for n in one.form.kinds.get(Kind.SURNAME, ()) if read[at].fold in self._initials[n]}
            main = read[one.first : one.after]
            if whose and any(token.capital for token in main):
                return _Found(at, one.after, one.form, one.owns, one.end), True, frozenset(whose & self._near or whose)
        return None

    def _with_letter(self, read: Sequence[Token], one: _Found, numbers: frozenset[int]) -> _Found:
        """“Sem G.”, “Sem de G.”: the letter of the surname goes along."""
        at = one.after
        while at < len(read) and at < one.after + 3 and read[at].fold in PREFIXES and read[at].gap == " ":
            at += 1
        if at == len(read) or one.owns or len(read[at].fold) != 1 or not read[at].text.isupper() or read[at].gap != " ":
            return one
        ends = at + 1 == len(read) or read[at + 1].gap[:1] in ".,;)" or read[at + 1].fold in TOGETHER
        if ends and any(read[at].fold in self._letters[number] for number in numbers):
            return _Found(one.first, at + 1, one.form, False, read[at].end)
        return one

    def _misread(self, text: Text, at: int, place: NamePlace) -> tuple[_Found, bool, frozenset[int]] | None:
        """A name of the own group in which letters were misread or split: “L0tte”, “Ernma”, “Se m”."""
        token = text.tokens[at]
        picture = place is NamePlace.PICTURE
        readable = len(token.fold) <= 30 and not token.fold.isdigit()
        if not readable or (self._is_word(token.fold) and not picture):
            return None
        for read, after in _readings(text.tokens, at, together=picture):
            names = self._keys.get(key(read), ())
            if not names and picture:
                names = self._nearly(read)
            plain = read.isalpha() and not picture
            for name in names:
                if (
                    (name == read and after == at + 1)
                    or (plain and not misread(read, name))
                    or (self._is_word(read) and after == at + 1)
                ):
                    continue
                form = self._forms[(name,)]
                numbers = frozenset(n for whose in form.kinds.values() for n in whose if n in self._near)
                exact = not picture and not self._is_word(read)
                one = _Found(at, after, form, *_ending(text.tokens, after))
                return (
                    (self._with_surname(text.tokens, one) or (one, exact, numbers)) if exact else (one, False, numbers)
                )
        return None

    def _nearly(self, read: str) -> list[str]:
        """The names that are one letter away from what was read; two, in a long name."""
        if len(read) < 4 or self._is_word(read) or len(self._keys) > MAX_TRIED:
            return []
        seen = key(read)
        most = 2 if len(seen) >= 8 else 1
        return [
            name
            for known, names in self._keys.items()
            if len(known) >= 4
            and abs(len(known) - len(seen)) <= most
            and DamerauLevenshtein.distance(known, seen, score_cutoff=most) <= most
            for name in names
        ]

    def _person(self, numbers: frozenset[int]) -> PersonId | None:
        persons = {self._entries[number].person for number in numbers}
        return persons.pop() if len(persons) == 1 else None


def _with_neighbours(text: Text, found: Sequence[_Judged]) -> list[_Judged]:
    """What a list of names says of the doubtful ones in it: “Roos en Sem”, “sem, noor en roos”."""
    judged = list(found)
    for run in _runs(text.tokens, found):
        certain = [number for number in run if found[number][1]]
        capitals = {number for number in run if text.tokens[found[number][0].first].capital}
        for number in run:
            one, now, numbers = found[number]
            if now or len(run) < 2 or evidence.titled(text.tokens, one.first):
                continue
            capital = number in capitals and not text.shouted
            if certain and capital and not _after_article(text.tokens, one.first):
                judged[number] = one, True, numbers
            elif certain or (len(run) >= 3 and len(capitals) == len(run)):
                judged[number] = one, capital and now is not None, numbers
            elif len(run) >= 3 or (len(capitals) == len(run) and now is None):
                judged[number] = one, False, numbers
    return judged


def _runs(read: Sequence[Token], found: Sequence[_Judged]) -> list[list[int]]:
    """Numbers of matches that stand in one list: with nothing but commas and “en” between them."""
    runs: list[list[int]] = []
    for number, (one, _, _) in enumerate(found):
        if runs and _listed(read, found[runs[-1][-1]][0].after, one.first):
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs


def _listed(read: Sequence[Token], after: int, first: int) -> bool:
    between = read[after:first]
    if len(between) > 1 or any(token.fold not in TOGETHER for token in between):
        return False
    gap = read[first].gap if not between else between[0].gap + read[first].gap
    if not between and gap == " ":
        return not read[first].capital  # “roos mees en koen”, typed in haste
    if between:
        return not gap.strip(" ,")
    return gap.strip(" ") in {",", "&", "+", "/", "\n", "•", "-", ";"} or "\n" in gap


def _after_article(read: Sequence[Token], first: int) -> bool:
    return bool(first) and not read[first].opens and read[first - 1].fold in ARTICLES


def _folds(read: Sequence[Token], at: int, length: int) -> Words:
    return tuple(token.fold for token in read[at : at + length])


def _one_name(read: Sequence[Token], at: int, length: int) -> bool:
    """Nothing but spaces, hyphens, dots and apostrophes between the words."""
    return not any(
        token.gap.strip(" \t\xa0-.'’\u2018`_/") for token in read[at + 1 : at + length]
    ) and at + length <= len(read)


def _ending(read: Sequence[Token], after: int) -> tuple[bool, int]:
    """Whether an apostrophe or 's stands behind the word before token `after`, and the character where it ends."""
    end = read[after - 1].end
    if after < len(read) and read[after].fold == "s" and read[after].gap in ("'", "’", "\u2018", "`"):
        return True, read[after].end
    if after < len(read) and read[after].gap in ("' ", "’ ") and read[after - 1].fold[-1] in "sxz":
        return True, end + 1
    return False, end


def _without_s(token: Token) -> list[tuple[str, int]]:
    """“Sems”: the word without a possessive s, and where it ends."""
    if len(token.fold) > 3 and token.fold.endswith("s") and not token.fold.endswith("ss"):
        return [(token.fold[:-1], token.end)]
    return []


def _readings(read: Sequence[Token], at: int, *, together: bool) -> list[tuple[str, int]]:
    """The word at token `at`; in a picture also together with the words behind it."""
    found = [(read[at].fold, at + 1)]
    if together:
        for after in (at + 2, at + 3):
            if after <= len(read) and not any(token.gap.strip(" -.'") for token in read[at + 1 : after]):
                found.append(("".join(_folds(read, at, after - at)), after))
    return found
