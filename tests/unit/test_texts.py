"""Every text of the service that people read: found in the code, in both languages, and plain Dutch for whom it is.

What is said of a photo is held more closely in `policy/texts/test_wording.py`, and stands in golden files there.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

import pytest
from tests.plain_dutch import Reader, hard_words_in
from tests.texts_in_code import FILLED_IN, Dutch, Written, dutch_elsewhere, modules, texts, texts_of_templates

# Whom the texts of a module are for, by how its path begins; those of all others are for teachers.
READERS: Final[Mapping[str, Reader]] = {
    "application/pages/parents.py": Reader.PARENTS,
    "application/pages/own_text.py": Reader.PARENTS,
    "application/pages/templates/parents.html.j2": Reader.PARENTS,
    "application/pages/officer.py": Reader.OFFICE,
    "application/pages/reasons.py": Reader.OFFICE,
    "application/pages/templates/officer.html.j2": Reader.OFFICE,
    "batch/cluster.py": Reader.OFFICE,  # several computers, and storage that is none of this one
    "batch/ledger/": Reader.OFFICE,
    "batch/storage/": Reader.OFFICE,
    "cli/audit.py": Reader.OFFICE,
    "cli/folders/worker.py": Reader.OFFICE,
    "cli/registry/": Reader.OFFICE,
    "cli/doctor/": Reader.OFFICE,
    "operations/": Reader.OFFICE,
    "errors.py": Reader.OFFICE,  # teachers meet most of them: held more closely in test_plain_dutch.py
    "policy/rules.py": Reader.OFFICE,  # the conditions; what a rule says to teachers is held in test_wording.py
    "policy/texts/show.py": Reader.OFFICE,
    "registry/": Reader.OFFICE,
    "registry/answers/answers": Reader.TEACHERS,  # what teachers say
    "settings.py": Reader.OFFICE,
}
# The same in both languages, and rightly so.
SAME: Final = frozenset({"worker", "workers", "Website", "Facebook", "extra bytes"})
# Names of options and of files in a Dutch text.
NAMES: Final = re.compile(r"“[^”]*”|--[\w-]+|\w+\.\w+|\b[A-Z_]{4,}\b")
ENGLISH_WORDS: Final = re.compile(r"\b(the|and|with|which|not|this|that|are|from|your)\b", re.IGNORECASE)
DUTCH_WORDS: Final = re.compile(r"\b(het|een|niet|wordt|deze|voor|zijn|ook|wie|staat|bij|geen)\b", re.IGNORECASE)
MOST_WORDS: Final = 20  # in a sentence

# Where Dutch stands that is no text in two languages, and why: words that are read and never said, and the others.
WORD_LISTS: Final = ("names/", "registry/consent/speakers.py", "registry/lists/")
DUTCH_ELSEWHERE: Final[Mapping[str, str]] = {
    "api/gate/examples.py": "examples of answers, in both languages",
    "api/names.py": "a made caption, in the example of a request",
    "api/posts/examples.py": "a made text of a post, in the example of an answer",
    "api/schema.py": "examples of answers, in both languages",
    "cli/registry/dutch.py": "the help in Dutch; the English one is the commands' own. Held in test_plain_dutch.py",
    "photo/formats/other.py": "the kinds of files, each beside its English name: `_not_judged` makes the text",
    "policy_file.py": "a part of a text, with its English beside it",
    "registry/answers/answers.py": "a part of a text, with its English beside it",
}


@cache  # not while tests are collected: each process that runs some of them collects them all
def all_texts() -> Sequence[Written]:
    return (*(text for module, tree in modules() for text in texts(module, tree)), *texts_of_templates())


def reader_of(module: str) -> Reader:
    """Whom the texts of that module are for: the longest beginning of its path tells."""
    told = [path for path in READERS if module.startswith(path)]
    return READERS[max(told, key=len)] if told else Reader.TEACHERS


def letters(text: str) -> bool:
    """Whether it says anything by itself."""
    return bool(re.search(r"[^\W\d_]{2,}", text.replace(FILLED_IN, "")))


def without_names(text: str) -> str:
    return NAMES.sub("", text)


def test_the_texts_are_found() -> None:
    """Those that nobody thought of too."""
    found = {text.nl for text in all_texts()}
    assert len(all_texts()) > 1100
    assert {
        f"Wie zijn dit?{FILLED_IN}",
        f"Let op: {FILLED_IN} mag niet overal te zien zijn.{FILLED_IN}",
        "Op deze foto is niet aangewezen wie dit kind is.",
        "Deze foto is gemeld of geblokkeerd.",
        "Graden opzij. Verder gedraaid is niet meer recht van voren.",
        "van dichtbij",
    } <= found
    assert any(text.nl.startswith("Gebruik liever") for text in all_texts())
    assert {text.module for text in all_texts()} >= {"registry/store/backup.py", "cli/demo/templates/demo.html.j2"}


def test_every_text_is_there_in_both_languages() -> None:
    assert not [str(text) for text in all_texts() if bool(text.nl.strip()) != bool(text.en.strip())]


def test_no_text_is_the_same_in_both_languages() -> None:
    same = [text for text in all_texts() if text.nl == text.en and letters(text.nl)]
    assert not [str(text) for text in same if text.nl not in SAME]
    assert {text.nl for text in same} >= SAME, "an exception that is none any more"


def test_no_text_stands_in_the_place_of_the_other_language() -> None:
    assert not [str(text) for text in all_texts() if ENGLISH_WORDS.search(without_names(text.nl))]
    assert not [f"{text}: {text.en}" for text in all_texts() if DUTCH_WORDS.search(without_names(text.en))]


def test_both_languages_are_filled_in_with_as_much() -> None:
    def filled(text: str) -> tuple[int, list[str]]:
        return text.count(FILLED_IN), sorted(re.findall(r"\{(\w[\w.]*)", text))

    assert not [f"{text}: {text.en}" for text in all_texts() if letters(text.nl) and filled(text.nl) != filled(text.en)]


@pytest.mark.parametrize("reader", Reader)
def test_every_text_is_plain_dutch_for_whom_it_is(reader: Reader) -> None:
    told = [text for text in all_texts() if reader_of(text.module) is reader]
    assert told
    assert not [(str(text), hard) for text in told if (hard := hard_words_in(without_names(text.nl), reader))]
    assert not [str(text) for text in told if re.search(r"\b(u|uw)\b", text.nl)]


def test_no_sentence_for_teachers_or_parents_is_long() -> None:
    sentences = [
        (str(text), sentence)
        for text in all_texts()
        if reader_of(text.module) is not Reader.OFFICE
        for sentence in re.split(r"(?<=[.:;?!])\s", text.nl)
    ]
    assert not [where for where, sentence in sentences if len(sentence.split()) > MOST_WORDS]


def test_dutch_that_is_no_text_in_two_languages_stands_where_it_is_known() -> None:
    elsewhere = (found for module, tree in modules() for found in dutch_elsewhere(module, tree))
    said = [found for found in elsewhere if not found.module.startswith(WORD_LISTS)]
    assert {found.module for found in said} == set(DUTCH_ELSEWHERE)
    assert not [found for found in said if hard_words_in(without_names(found.nl), reader_of(found.module))]


def test_the_finder_finds_what_is_hidden() -> None:
    """Another name for the class, an f-string, two strings put together, keywords, a call of its own kind."""
    code = ast.parse(
        """
from fotopoort.vocabulary import Text as Sentence
A = Sentence("Dit is " + name + " niet.", f"This is not {name}.")
B = raised(nl="Een woord.", en="A word.")
C = Question("q", KIND, f"Wie is {name}?", "Who?")
D = "Dit is een zin die niet in een tekst staat."
E = Text(*both)
'''Een docstring die niet telt, ook niet als hij van een les is.'''
"""
    )
    assert [(text.nl, text.en) for text in texts("a.py", code)] == [
        (f"Dit is {FILLED_IN} niet.", f"This is not {FILLED_IN}."),
        ("Een woord.", "A word."),
        (f"Wie is {FILLED_IN}?", "Who?"),
    ]
    assert list(dutch_elsewhere("a.py", code)) == [Dutch("a.py", 6, "Dit is een zin die niet in een tekst staat.")]
    assert str(Written("a.py", 1, "Ja.", "Yes.")) == "a.py:1: Ja."
