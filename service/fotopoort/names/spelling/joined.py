"""Names run together with other names or words: semennoor, fotovannoor, noorjarig, lottevdm, noorbakker5."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Final

from fotopoort.names.evidence.table import Certainty
from fotopoort.names.lexicon import EXPRESSIONS, GREETINGS, LIMITS, MONTHS, PERSONAL_VERBS, RELATIVES

MIN_NAME: Final = 3  # letters of a name inside a run of letters
MAX_RUN: Final = 48  # letters; a longer run is not taken apart
MAX_WORD: Final = 15  # letters
MIN_WORD: Final = 4  # letters of an ordinary word beside a name; nearly every word contains a shorter one
LETTERS: Final = re.compile(r"[^\W\d_]+")
LINK: Final = re.compile("en|e|s")  # between the parts of a compound
# Words that stand beside a name in a file name or a hashtag, and seldom begin or end a longer word.
BESIDE_NAMES: Final = (
    PERSONAL_VERBS
    | RELATIVES
    | (GREETINGS - {"dag"})
    | frozenset(
        "foto fotos pic img van vd met bij voor door jarig isjarig isde wordt werd was samen verjaardag traktatie"
        " trakteert verjaardagsfeest presentatie spreekbeurt boekbespreking afscheid welkom beterschap gefeliciteerd"
        " groetjes liefs xxx hup goed zo goedzo topper beste kanjer held jarige team love loves hiep kampioen winnaar"
        " jaar forever bff proudof real official iam its kleine grote zwemdiploma diploma eerste schooldag tekening"
        " werkstuk knutsel knutselwerk danst zingt speelt leest zwemt voetbal gym musical rapport portret profiel"
        " selfie filmpje video kopie groeten".split()
    )
)
# Those of them that make a name likely where it is an ordinary word as well: “fotovanroos”, and not “musicalster”.
TELLING: Final = (GREETINGS - {"dag"}) | frozenset(
    "foto van jarig isjarig verjaardag gefeliciteerd team hup tekening werkstuk knutsel portret".split()
)
CONJUNCTIONS: Final = frozenset(("en", "and", "of", "x"))
BETWEEN: Final = CONJUNCTIONS | frozenset("s met op in aan naar de het".split())
# Behind a name these make the name of a street, a firm or a school: Emmastraat, Lucasonderwijs.
OF_THINGS: Final = tuple(
    "straat laan plein weg park hof huis kerk school dijk brug gracht kade dorp stad land berg burg wijk ziekenhuis"
    " hoeve borg veld singel pad onderwijs college lyceum stichting bakkerij winkel shop bouw club vereniging media"
    " design boerderij kapsalon".split()
)
GROWN_UPS: Final = frozenset(("juf", "juffrouw", "meester", "meneer", "mevrouw", "directeur", "tante", "opa"))
WHOLE_NAME: Final = 9  # letters: a name this long does not stand in a run by accident
FIXED: Final = frozenset("".join(words) for words in EXPRESSIONS)


class _Kind(IntEnum):
    """What a part of a run is, and how much it speaks against there being a name in the run."""

    NAME = 0
    BESIDE = 1
    WORD = 10


@dataclass(frozen=True, slots=True)
class NameInRun:
    """A name inside a run of letters.

    Attributes:
        form: the name as it is on the list.
        start, end: its first letter in the run, and the one behind its last.
        certainty: whether it surely is a name there, or must be asked about.
    """

    form: str
    start: int
    end: int
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a run, from letter `start` on; of a name, the form it has on the list."""

    text: str
    start: int
    kind: _Kind
    form: str = ""


@dataclass(frozen=True, slots=True)
class _Reading:
    """A whole run, or its beginning, as parts."""

    cost: int = 0
    parts: tuple[_Part, ...] = ()

    def then(self, part: _Part) -> _Reading:
        return _Reading(self.cost + part.kind + 1, (*self.parts, part))

    @property
    def names(self) -> list[_Part]:
        return [part for part in self.parts if part.kind is _Kind.NAME]

    @property
    def loose(self) -> bool:
        """Some part is any word at all, and no name is too long to be an accident."""
        return self.cost >= _Kind.WORD and not any(len(part.text) >= WHOLE_NAME for part in self.names)

    def makes_sense(self) -> bool:
        """Whether names can stand where they were read: in “semennoor”, and not in “basisdiploma”, “jufemma”."""
        names = self.names
        if any(len(part.text) < MIN_NAME for part in names) and (len(names) < 2 or self.loose):
            return False
        for before, part, after in zip((None, *self.parts), self.parts, (*self.parts[1:], None), strict=False):
            follows_name = before is not None and before.kind is _Kind.NAME
            if part.text in CONJUNCTIONS and not (follows_name and after in names):
                return False
            if part.text == "s" and not follows_name:
                return False
            if part.kind is _Kind.NAME and before is not None:
                inside = after is not None and len(part.text) == MIN_NAME and self.loose
                if inside or before.text in GROWN_UPS:
                    return False
        return True


class RunSplitter:
    """Takes runs of letters apart.

    Args:
        names: the names of one word that are looked for, folded.
        aliases: runs that stand for one of these, with nothing beside them: “lottevdm”, “nbakker”.
        surnames: what can stand behind one of these and belong to it, as one word.
        is_word: whether this is an ordinary word.
        words: ordinary Dutch words, folded.
        variant: the name on the list that a word is another spelling of, "" for none.
    """

    def __init__(
        self,
        names: Set[str],
        aliases: Mapping[str, str],
        surnames: Set[str],
        is_word: Callable[[str], bool],
        words: Container[str],
        variant: Callable[[str], str],
    ) -> None:
        self._names = {name for name in names if len(name) > 1}
        self._lengths = sorted({len(name) for name in self._names}, reverse=True)
        self._beginnings = {name[:MIN_NAME] for name in self._names if len(name) >= MIN_NAME}
        self._aliases = aliases
        self._surnames = surnames
        self._surname_lengths = sorted({len(surname) for surname in surnames})
        self._is_word = is_word
        self._words = words
        self._variant = variant

    def names_in(self, fold: str, *, tagged: bool) -> list[NameInRun]:
        """The names in a run of letters and digits that has no name as it stands.

        Args:
            tagged: it stands in a hashtag, a handle or a file name, where words are run together on purpose.
        """
        if not self._names or len(fold) > MAX_RUN or fold in FIXED:
            return []
        found: list[NameInRun] = []
        for letters in LETTERS.finditer(fold):
            run, whole = letters[0], letters[0] == fold
            if len(run) >= MIN_NAME and not (whole and self._is_word(run)):
                names = self._in_letters(run, whole=whole, tagged=tagged)
                at = letters.start()
                found += [replace(name, start=name.start + at, end=name.end + at) for name in names]
        return found

    def _in_letters(self, run: str, *, whole: bool, tagged: bool) -> list[NameInRun]:
        if not whole and run in self._names:  # “noor5”
            return [NameInRun(run, 0, len(run), Certainty.ASK if self._is_word(run) else Certainty.NAME)]
        if tagged and run in self._aliases:
            return [NameInRun(self._aliases[run], 0, len(run), Certainty.NAME)]
        if not tagged and (not whole or run[:MIN_NAME] not in self._beginnings):
            return []
        reading = self._read(run, tagged=tagged, spellings=False)
        if reading is None and tagged:
            reading = self._read(run, tagged=True, spellings=True)
        if reading is None or (not tagged and len(reading.names) < 2):
            return []
        sure = tagged and not reading.loose
        return [
            NameInRun(
                part.form,
                part.start,
                part.start + len(part.text),
                Certainty.NAME if sure and not self._is_word(part.form) else Certainty.ASK,
            )
            for part in reading.names
        ]

    def _read(self, run: str, *, tagged: bool, spellings: bool) -> _Reading | None:
        """The likeliest way to read a whole run as names and words, at least one name; None where there is none."""
        best: dict[tuple[int, bool], _Reading] = {(0, False): _Reading()}
        for at in range(len(run)):
            for named in (False, True):
                so_far = best.get((at, named))
                if so_far is None:
                    continue
                for part in self._parts(run, at, tagged=tagged, spellings=spellings):
                    reading = so_far.then(part)
                    key = (at + len(part.text), named or part.kind is _Kind.NAME)
                    if key not in best or best[key].cost > reading.cost:
                        best[key] = reading
        whole = best.get((len(run), True))
        if whole is None or not whole.makes_sense():
            return None
        if all(self._is_word(part.form) for part in whole.names) and not self._is_told(whole):
            return None
        return None if whole.loose and self._is_explained(run, whole) else whole

    def _parts(self, run: str, at: int, *, tagged: bool, spellings: bool) -> Iterator[_Part]:
        """The names and words that a run may go on with at letter `at`."""
        for length in self._lengths:
            if (piece := run[at : at + length]) in self._names:
                yield _Part(piece, at, _Kind.NAME, piece)
        for length in self._surname_lengths if at and tagged else ():
            if (piece := run[at : at + length]) in self._surnames:
                yield _Part(piece, at, _Kind.BESIDE)
        for length in range(1, min(len(run) - at, MAX_WORD) + 1):
            piece = run[at : at + length]
            between = 0 < at < len(run) - length and piece in BETWEEN
            if between or (tagged and piece in BESIDE_NAMES):
                yield _Part(piece, at, _Kind.BESIDE)
            elif tagged and length >= MIN_WORD and piece in self._words and not (at and run.startswith(OF_THINGS, at)):
                yield _Part(piece, at, _Kind.WORD)
            if spellings and length >= MIN_WORD and (form := self._variant(piece)):
                yield _Part(piece, at, _Kind.NAME, form)

    def _is_told(self, reading: _Reading) -> bool:
        """Whether something speaks for names that are ordinary words: “roosenmees”, “fotovanroos”."""
        return not reading.loose and any(part.text in TELLING | CONJUNCTIONS for part in reading.parts)

    def _is_explained(self, run: str, reading: _Reading) -> bool:
        """Whether ordinary words alone explain the run, or its names are such words themselves."""
        if any(self._is_word(part.form) or part.form in LIMITS | MONTHS for part in reading.names):
            return True
        reached = {0}
        for at in range(len(run)):
            if at not in reached:
                continue
            for length in range(3, min(len(run) - at, MAX_WORD) + 1):
                if run[at : at + length] in self._words:
                    link = LINK.match(run, at + length)
                    reached |= {at + length, at + length + 1 if link else 0, link.end() if link else 0}
        return len(run) in reached
