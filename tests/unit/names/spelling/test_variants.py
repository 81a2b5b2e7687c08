"""Ways to spell a first name."""

from __future__ import annotations

import itertools

import pytest
from tests.unit.names.corpus import hits, names_of

from fotopoort.names.name_list import NameList
from fotopoort.names.spelling.variants import MAX_NAME, SETS, spelling_key
from fotopoort.names.tokens import folded
from fotopoort.resources import dutch_words
from fotopoort.vocabulary import NameEntry, NamePlace

CLASS = NameList([NameEntry("Mohamed Yilmaz", "p1"), NameEntry("Sofie Groen", "p2")], (), dutch_words())

SAME = [
    ("Mohamed", "Mohammed", "Muhammed", "Mohammad", "Muhammad", "Mohamad"),
    ("Sofie", "Sophie", "Sofi", "Sophy"),
    ("Jasmijn", "Yasmine", "Jasmine", "Yasmin", "Jasmin", "Yasmina"),
    ("Thijs", "Tijs"),
    ("Sara", "Sarah"),
    ("Noa", "Noah"),
    ("Lucas", "Lukas"),
    ("Evi", "Evie", "Evy"),
    ("Finn", "Fin", "Fynn"),
    ("Rick", "Rik", "Ric"),
    ("Chris", "Kris"),
    ("Natasja", "Natasha", "Natascha"),
    ("Youssef", "Yusuf", "Joesoef"),
    ("Aisha", "Aïcha", "Ayşe"),
    ("Djamila", "Jamila", "Jamilla"),
    ("Maria", "Marija", "Mariya"),
    ("Tygo", "Tigo", "Thygo"),
    ("Jaylinn", "Jaylin", "Jailyn"),
    ("Zoë", "Zoey"),
    ("Thiago", "Tiago", "Tjago"),
    ("Alexander", "Aleksander"),
    ("Ahmed", "Achmed", "Ahmet"),
    ("Karolien", "Caroline"),
]
APART = [
    ("Sem", "Siem"), ("Sem", "Sam"), ("Fien", "Finn"), ("Thijs", "Ties"), ("Noor", "Nour"), ("Mike", "Mieke"),
    ("Stijn", "Stien"), ("Daan", "Dan"), ("Lotte", "Lot"), ("Zofia", "Sofia"), ("Saar", "Sara"), ("Bo", "Bob"),
]  # fmt: skip


@pytest.mark.parametrize("names", SAME, ids=lambda names: names[0])
def test_a_name_is_found_in_every_spelling(names: tuple[str, ...]) -> None:
    for on_list, written in itertools.permutations(names, 2):
        listed = NameList([NameEntry(f"{on_list} Groen", "p1")], (), dutch_words())
        assert hits(listed, f"We gaan met {written} naar de boerderij."), f"{written} for {on_list}"
        assert hits(listed, f"Vandaag las {written} Groen voor.") == [f"{written} Groen"]


@pytest.mark.parametrize("names", APART, ids="-".join)
def test_names_that_are_merely_alike_are_different(names: tuple[str, str]) -> None:
    first, second = (spelling_key(folded(name)) for name in names)
    assert first != second or first == ""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Welkom terug, Mohammed!", ["Mohammed"]),
        ("Sophies tas en Sophie's jas", ["Sophies", "Sophie's"]),
        ("daar is sophie", ["sophie"]),
        ("Sofie en Sophie", ["Sofie", "Sophie"]),
        ("#sophie en @muhammed_y", ["sophie", "muhammed_y"]),
        ("Hoera voor S o p h i e !", ["S o p h i e"]),
        ("Sophie Jansen", []),
        ("juf Sophie is ziek", []),
        ("de sofa staat in de hal", []),
    ],
)
def test_another_spelling_is_judged_as_the_name_would_be(text: str, found: list[str]) -> None:
    assert hits(CLASS, text) == found


def test_a_spelling_that_is_an_ordinary_word_needs_a_capital_in_a_sentence() -> None:
    listed = NameList([NameEntry("Yasmine Groen", "p1")], (), dutch_words())
    assert hits(listed, "We gaan met Jasmijn naar de boerderij.") == ["Jasmijn"]
    for text in ("de jasmijn bloeit", "#jasmijn", "DE JASMIJN BLOEIT"):
        assert hits(listed, text) == []
    assert listed.find("Jasmijn", NamePlace.FILE_NAME) == ()


def test_only_names_of_the_own_group_are_found_in_another_spelling() -> None:
    entries = [
        NameEntry("Sofie Groen", "p1", groups=frozenset({"5"})),
        NameEntry("Thijs Bos", "p2", groups=frozenset({"6"})),
    ]
    listed = NameList(entries, {"5"}, dutch_words())
    assert hits(listed, "Daar zijn Sophie en Tijs") == ["Sophie"]


def test_what_is_too_short_or_too_long_has_no_key() -> None:
    assert spelling_key("bo") == ""
    assert spelling_key("x" * (MAX_NAME + 1)) == ""


def test_no_name_is_in_two_sets() -> None:
    sets = [line.split() for line in SETS.splitlines() if line]
    assert all(len(names) > 1 for names in sets)
    for names in sets:
        assert len({spelling_key(name) for name in names}) == 1, names
    assert len({spelling_key(names[0]) for names in sets}) == len(sets)


def test_a_name_of_the_class_is_itself_first() -> None:
    assert [hit.person for hit in names_of("class_list.txt").find("Ties en Thijs")] == [
        "Ties van 't Hof",
        "Thijs Janssen",
    ]
