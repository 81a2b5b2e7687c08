"""Names that are run together with other names and words."""

from __future__ import annotations

import pytest
from tests.unit.names.corpus import hits, lines, names_of

from fotopoort.names.forms import forms_of
from fotopoort.names.name_list import NameList
from fotopoort.resources import dutch_words
from fotopoort.vocabulary import NameEntry, NamePlace

CLASS = names_of("class_list.txt")
WORDS = names_of("word_class_list.txt")


@pytest.mark.parametrize(
    ("run", "found"),
    [
        ("semennoor", ["sem", "noor"]),
        ("noorjarig", ["noorjarig"]),
        ("fotovannoor", ["fotovannoor"]),
        ("lottevdmeer", ["lottevdmeer"]),
        ("lottevandermeer", ["lottevandermeer"]),
        ("hoeralotte", ["hoeralotte"]),
        ("semnoorenlotte", ["sem", "noor", "lotte"]),
        ("semdegroot", ["semdegroot"]),
        ("semdg", ["semdg"]),
        ("noorb", ["noorb"]),
        ("sdegroot", ["sdegroot"]),
        ("nbakker", ["nbakker"]),
        ("fambakker", ["fambakker"]),
        ("familiedegroot", ["familiedegroot"]),
        ("semsverjaardag", ["semsverjaardag"]),
        ("sophiejarig", ["sophiejarig"]),
        ("mohammadbenali", ["mohammadbenali"]),
        ("zoëjarig", ["zoëjarig"]),
        ("daanvoetbalt", ["daanvoetbalt"]),
        ("saartjejarig", ["saartjejarig"]),
    ],
)
def test_names_in_hashtags_handles_and_file_names(run: str, found: list[str]) -> None:
    assert hits(CLASS, f"#{run}") == found
    assert hits(CLASS, f"Kijk op @{run} voor meer") == found
    assert hits(CLASS, run, NamePlace.FILE_NAME) == found


def test_beside_any_other_word_a_hashtag_stays_in_doubt_and_a_file_name_gets_another_one() -> None:
    assert hits(CLASS, "#evavoorleeskampioen") == ["evavoorleeskampioen?"]
    assert hits(CLASS, "evavoorleeskampioen", NamePlace.FILE_NAME) == ["evavoorleeskampioen"]
    assert hits(CLASS, "#lucasonderwijs") == []
    assert hits(CLASS, "#jufemma #meesterjan") == []


@pytest.mark.parametrize(
    ("run", "found"),
    [
        ("roosjarig", ["roosjarig?"]),
        ("meesenroos", ["mees?", "roos?"]),
        ("hoeralieve", ["hoeralieve?"]),
        ("fotovanstorm", ["fotovanstorm?"]),
        ("roosvenster", []),
        ("stormschade", []),
        ("lentekriebels", []),
        ("werkterrein", []),
        ("basisdiploma", []),
        ("bloemenvriend", []),
        ("fotosroos", []),
        ("breistertje", []),
        ("meesterwerkje", []),
        ("zeehondencreche", []),
    ],
)
def test_a_name_that_is_a_word_stays_in_doubt_in_a_run(run: str, found: list[str]) -> None:
    assert hits(WORDS, f"#{run}") == found


@pytest.mark.parametrize(
    "run",
    [
        "noordzee", "noorderlicht", "semester", "semesterplanning", "evaluatiegesprek", "evenement", "jansen",
        "finland", "saarland", "emmastraat", "maxima", "jansteen", "annefrank", "pimpampet", "tomatensoep", "vakantie",
        "levitaties", "vansnoor",
        "lottery", "maxplezier", "sportdag2026", "groep5", "img2041", "x", "ab12", "qqqqqq" * 20,
    ],
)  # fmt: skip
def test_other_runs_have_no_name(run: str) -> None:
    assert hits(CLASS, f"#{run}") == []
    assert hits(CLASS, f"@{run}") == []
    assert hits(CLASS, run, NamePlace.FILE_NAME) == []
    assert hits(CLASS, f"Dit is {run} dus.") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("foto van semennoor", ["sem?", "noor?"]),
        ("noor2015 doet mee", ["noor2015"]),
        ("Lotte5 is er", ["Lotte5"]),
        ("dat is van 5noor", ["5noor"]),
        ("roos7 is er", ["roos7?"]),
        ("noorjarig", []),
        ("mevrouw Noorman", []),
        ("zoëenlotte", ["zoë?", "lotte?"]),
    ],
)
def test_in_a_sentence_more_is_needed(text: str, found: list[str]) -> None:
    listed = WORDS if "roos" in text else CLASS
    assert hits(listed, text) == found


def test_each_name_in_a_run_is_somebody() -> None:
    assert [hit.person for hit in CLASS.find("#semennoor")] == ["Sem de Groot", "Noor Bakker"]
    assert [hit.person for hit in CLASS.find("#ﬁnnensem")] == [None], "where letters do not stand one by one"


def test_where_nobody_of_the_group_is_known_it_may_be_anybody_at_school() -> None:
    entries = [NameEntry(f"Fenna{chr(97 + n % 26)}{chr(97 + n // 26)} Bos", f"p{n}") for n in range(120)]
    assert hits(NameList(entries, {"groep 9"}, dutch_words()), "#hoerafennaaa en fenn") == ["hoerafennaaa"]
    assert hits(NameList([NameEntry("Bo", "p1")], (), dutch_words()), "#bojarig") == []


def test_a_name_of_one_word_only_has_no_short_form() -> None:
    listed = NameList([NameEntry("Fenna", "p1"), NameEntry("Bo Ek", "p2")], (), dutch_words())
    assert hits(listed, "#fennajarig #boe #bek") == ["fennajarig"]


@pytest.mark.parametrize("file", ["class_list.txt", "word_class_list.txt"])
def test_in_ordinary_words_no_name_is_read_but_what_they_are_themselves(file: str) -> None:
    """Every fortieth word: a hashtag or a file name of one word is no run of a name and something else."""
    listed = names_of(file)
    forms = {word for name in lines(file) for form, _ in forms_of(NameEntry(name)) for word in form}
    for word in sorted(dutch_words())[::40]:
        found = hits(listed, f"#{word}") + hits(listed, word, NamePlace.FILE_NAME)
        assert not found or not forms.isdisjoint((word, word[:-1])), word
