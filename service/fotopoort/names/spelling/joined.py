"""Names run together with other names or words: semennoor, fotovannoor, noorjarig, lottevdm, noorbakker5."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Final

from fotopoort.names.evidence.table import Certainty
from fotopoort.names.lexicon import EXPRESSIONS, GREETINGS, LIMITS, MONTHS, PERSONAL_VERBS, RELATIVES

MIN_NAME: Final = 3  # letters of a name in such a run
MAX_RUN: Final = 48  # letters; no longer one is taken apart
MAX_WORD: Final = 15  # letters
MIN_WORD: Final = 4  # letters of an ordinary word beside a name; shorter ones are in every word
LETTERS: Final = re.compile(r"[^\W\d_]+")
PLAIN: Final = re.compile("en|e|s|n")  # between the parts of a compound
# Words that stand beside a name in a file name or a hashtag and begin no longer word with it.
BESIDE_NAMES: Final = (
    PERSONAL_VERBS
    | RELATIVES
    | (GREETINGS - {"dag"})
    | frozenset(
        "foto fotos pic img van vd met bij voor door jarig wordt werd was samen verjaardag verjaardagsfeest traktatie"
        " trakteert presentatie spreekbeurt boekbespreking afscheid welkom beterschap gefeliciteerd groetjes groeten"
        " liefs xxx hup goed zo goedzo topper kanjer held jarige klas klasse groep juf meester team love"
        " loves hiep kampioen winnaar"
        " zwemdiploma diploma eerste schooldag tekening werkstuk knutsel knutselwerk danst zingt speelt leest zwemt"
        " voetbal gym musical rapport portret profiel selfie filmpje video kopie".split()
    )
)
BETWEEN_NAMES: Final = frozenset("en and of met x s is op in aan naar de het".split())
# Behind a name these make the name of a street, a firm or a school: Emmastraat, Lucasonderwijs.
OF_THINGS: Final = tuple(
    "straat laan plein weg park hof huis kerk school dijk brug gracht kade dorp stad land berg burg wijk ziekenhuis"
    " hoeve borg veld singel pad onderwijs college lyceum stichting bakkerij winkel shop bouw club vereniging media"
    " design boerderij kapsalon".split()
)
GROWN_UPS: Final = ("juf", "juffrouw", "meester", "meneer", "mevrouw", "directeur", "tante", "opa")
WHOLE_NAME: Final = 9  # letters: so long a name is no accident
FIXED: Final = frozenset("".join(words) for words in EXPRESSIONS)


class _Part(IntEnum):
    """What a part of a run is. The sum of a run's parts tells how much of it speaks against a name."""

    NAME = 0
    BESIDE = 1
    WORD = 10


@dataclass(frozen=True, slots=True)
class NameInRun:
    """A name that is part of a run of letters: the form it has on the list, where in the run it begins, and whether the
    run leaves doubt."""

    form: str
    start: int
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class _Reading:
    cost: int
    names: tuple[tuple[str, int], ...]  # and where in the run each begins


class RunSplitter:
    """Takes runs of letters apart.

    Args:
        names: the names of one word that are looked for, folded.
        aliases: runs that stand for one of these, with nothing beside them: “lottevdm”, “nbakker”.
        surnames: what can stand behind one of these and belong to it, as one word.
        is_word: whether this is an ordinary word.
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
                found += [replace(name, start=name.start + letters.start()) for name in names]
        return found

    def _in_letters(self, run: str, *, whole: bool, tagged: bool) -> Iterator[NameInRun]:
        if not whole and run in self._names:  # “noor5”
            yield NameInRun(run, 0, Certainty.ASK if self._is_word(run) else Certainty.NAME)
            return
        if tagged and run in self._aliases:
            yield NameInRun(self._aliases[run], 0, Certainty.NAME)
            return
        if not tagged and (not whole or run[:MIN_NAME] not in self._beginnings):
            return
        reading = self._read(run, tagged=tagged, spellings=False)
        if reading is None and tagged:
            reading = self._read(run, tagged=True, spellings=True)
        if reading is None or (not tagged and len(reading.names) < 2):
            return
        short = any(len(name) < MIN_NAME for name, _ in reading.names)
        if short and (len(reading.names) < 2 or reading.cost >= _Part.WORD):
            return  # “jipenbo”, and not “bomen”
        if any(run[:start].endswith(GROWN_UPS) for _, start in reading.names):
            return
        loose = reading.cost >= _Part.WORD and not any(len(name) >= WHOLE_NAME for name, _ in reading.names)
        for name, start in reading.names:
            sure = tagged and not loose and not self._is_word(name)
            yield NameInRun(name, start, Certainty.NAME if sure else Certainty.ASK)

    def _read(self, run: str, *, tagged: bool, spellings: bool) -> _Reading | None:
        """The likeliest way to read a whole run as names and words, at least one name; None where there is none."""
        best: dict[tuple[int, bool], _Reading] = {(0, False): _Reading(0, ())}
        for at in range(len(run)):
            for named in (False, True):
                so_far = best.get((at, named))
                if so_far is None:
                    continue
                for length, part, name in self._parts(run, at, tagged=tagged, spellings=spellings):
                    names = (*so_far.names, (name, at)) if name else so_far.names
                    reading = _Reading(so_far.cost + part + 1, names)
                    key = (at + length, named or bool(name))
                    if key not in best or best[key].cost > reading.cost:
                        best[key] = reading
        whole = best.get((len(run), True))
        if whole is None or (whole.cost >= _Part.WORD and self._is_explained(run, whole)):
            return None
        return whole

    def _parts(self, run: str, at: int, *, tagged: bool, spellings: bool) -> Iterator[tuple[int, _Part, str]]:
        """The names and words that a run may go on with: how long each is, what it is, and the name on the list."""
        for length in self._lengths:
            if (piece := run[at : at + length]) in self._names:
                yield len(piece), _Part.NAME, piece
        inside = 0 < at
        for length in self._surname_lengths if inside and tagged else ():
            if run[at : at + length] in self._surnames:
                yield length, _Part.BESIDE, ""
        for length in range(1, min(len(run) - at, MAX_WORD) + 1):
            piece = run[at : at + length]
            between = inside and at + length < len(run) and piece in BETWEEN_NAMES
            if between or (tagged and piece in BESIDE_NAMES):
                yield length, _Part.BESIDE, ""
            elif tagged and length >= MIN_WORD and piece in self._words:
                if not (inside and run.startswith(OF_THINGS, at)):
                    yield length, _Part.WORD, ""
            if spellings and length >= MIN_WORD and (name := self._variant(piece)):
                yield length, _Part.NAME, name

    def _is_explained(self, run: str, reading: _Reading) -> bool:
        """Whether ordinary words alone explain the run, or its names are such words themselves; a long name never."""
        if any(len(name) >= WHOLE_NAME for name, _ in reading.names):
            return False
        if any(self._is_word(name) or name in LIMITS | MONTHS for name, _ in reading.names):
            return True
        reached = {0}
        for at in range(len(run)):
            if at not in reached:
                continue
            for length in range(3, min(len(run) - at, MAX_WORD) + 1):
                if run[at : at + length] in self._words:
                    reached.add(at + length)
                    link = PLAIN.match(run, at + length)
                    if link is not None:
                        reached |= {at + length + 1, link.end()}
        return len(run) in reached
