"""How well children's names are found in the sentences of `fixtures/names`, each set of them by another hand."""

from __future__ import annotations

import random
from typing import Final

from tests.unit.names.corpus import lines, names_of, own_scores, score, sentences

from benchmarks.table import marked
from fotopoort.names.name_list import NameList
from fotopoort.resources import dutch_words
from fotopoort.vocabulary import NameEntry

SETS: Final = ("", "news_", "phone_")
RECALL, PRECISION, DOUBTFUL, SURE_WORDS, WORDS = 0.98, 0.95, 0.15, 0.10, 0.30  # limits
SCHOOLS: Final = (90, 400, 1500)  # pupils


def rows_of_sets() -> list[list[str]]:
    """Of the first three sets, a column each, with the target behind them."""
    sets = []
    for kind in SETS:
        plain = score(names_of(f"{kind}class_list.txt"), sentences(f"{kind}names.txt"))
        worded = score(names_of(f"{kind}word_class_list.txt"), sentences(f"{kind}word_names.txt"))
        words = score(names_of(f"{kind}word_class_list.txt"), sentences(f"{kind}words.txt"))
        doubtful = (plain.doubtful + worded.doubtful) / (plain.names + worded.names)
        figures = [
            (plain.recall, plain.recall >= RECALL), (plain.precision, plain.precision >= PRECISION),
            (worded.recall, worded.recall >= RECALL), (worded.precision, worded.precision >= PRECISION),
            (doubtful, doubtful <= DOUBTFUL),
            (words.sure / words.sentences, words.sure <= SURE_WORDS * words.sentences),
            (words.flagged / words.sentences, words.flagged <= WORDS * words.sentences),
        ]  # fmt: skip
        total = plain.sentences + worded.sentences + words.sentences
        sets.append([str(total), *(marked(f"{figure:.3f}", met) for figure, met in figures)])
    titles = [
        ("Sentences", "–"), ("Names found", f"≥ {RECALL}"), ("Of what is found, names", f"≥ {PRECISION}"),
        ("Names that are ordinary words found", f"≥ {RECALL}"), ("Of what is found there, names", f"≥ {PRECISION}"),
        ("Found names that stay in doubt", f"≤ {DOUBTFUL}"),
        ("Sentences with such words as words: taken for a name", f"≤ {SURE_WORDS}"),
        ("… taken for one, or in doubt", f"≤ {WORDS}"),
    ]  # fmt: skip
    return [[title, *row, target] for (title, target), *row in zip(titles, *sets, strict=True)]


def own_rows() -> list[list[str]]:
    """Of the fourth set, with the target."""
    with_names, without = own_scores()
    lines_taken, flagged = without.sure / without.sentences, without.flagged / without.sentences
    return [
        ["Names found", marked(f"{with_names.recall:.3f}", with_names.recall >= RECALL), f"≥ {RECALL}"],
        ["Found names that stay in doubt", f"{with_names.doubtful / with_names.names:.3f}", "–"],
        ["Of what is found, names", f"{with_names.found / (with_names.found + without.flagged):.3f}", "–"],
        ["Lines without a name: taken for one", f"{lines_taken:.3f}", "–"],
        ["… taken for one, or in doubt", f"{flagged:.3f}", "–"],
    ]


def rows_of_schools() -> list[list[str]]:
    """Of schools, without a group: how many sentences are flagged in which names stand as ordinary words."""
    firsts = [
        *lines("first_names.txt"),
        *(line.split()[0] for kind in SETS for line in lines(f"{kind}word_class_list.txt")),
    ]
    surnames = lines("surnames.txt")
    read = [sentence for kind in SETS for sentence in sentences(f"{kind}words.txt")]
    found = []
    for size in SCHOOLS:
        drawn = random.Random(1)
        pupils = drawn.sample(firsts * (size // len(firsts) + 1), size)
        entries = [NameEntry(f"{first} {drawn.choice(surnames)}", str(at)) for at, first in enumerate(pupils)]
        of = score(NameList(entries, (), dutch_words()), read)
        found.append([f"{size:,}", f"{of.sure / of.sentences:.3f}", f"{of.flagged / of.sentences:.3f}"])
    return found
