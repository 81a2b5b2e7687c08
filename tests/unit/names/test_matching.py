"""How words are matched where they stand together, or were read from a picture."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.names.corpus import hits, names_of

from fotopoort.names.misread import ALIKE, MAX_COMPARED, reading_key, similar_names
from fotopoort.names.name_list import NameList
from fotopoort.resources import dutch_words
from fotopoort.vocabulary import NameEntry, NamePlace

CLASS = names_of("class_list.txt")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("sem_en_noor_2024", ["sem", "noor"]),
        ("IMG_SemDeGroot", ["SemDeGroot"]),
        ("SemNoor5", ["Sem", "Noor"]),
        ("familie-hoekstra", ["hoekstra"]),
        ("saartje-schommelt", ["saartje"]),
        ("semdegroot", ["semdegroot"]),
        ("roos", ["roos"]),
        ("IMG_2041", []),
    ],
)
def test_in_file_names_words_stand_together(text: str, found: list[str]) -> None:
    assert hits(CLASS, text, NamePlace.FILE_NAME) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Roos", ["Roos?"]),
        ("Sem", ["Sem"]),
        ("Se m", ["Se m?"]),
        ("Lotle", ["Lotle?"]),
        ("Jayden Martima", ["Jayden", "Martima?"]),
        ("Jaydem", ["Jaydem?"]),
        ("vanFenna", ["Fenna"]),
        ("hoekstra", ["hoekstra?"]),
        ("lezen", []),
        ("groep 5 - Fenna", ["Fenna"]),
        ("12345", []),
        ("9Noor Bakker AVI M4", ["Noor Bakker"]),
        ("Fenna|Sem!", ["Fenna", "Sem"]),
        ("|Sem|!Fenna", ["Sem", "Fenna"]),
        ("|ezen !een", []),
        ("x" * 40, []),
        ("Jayden’s SEM DE GROOT", ["Jayden’s", "SEM DE GROOT"]),
        ("en Fenna Hoekstra 3e Jayden Martina", ["Fenna Hoekstra", "Jayden Martina"]),
        ("de Hoekstra", ["de Hoekstra?"]),
    ],
)
def test_in_pictures_letters_are_misread(text: str, found: list[str]) -> None:
    assert hits(CLASS, text, NamePlace.PICTURE) == found


@given(st.text("abcdegilmnoqrsuvw", min_size=1, max_size=12), st.data())
def test_whatever_signs_are_taken_for_one_another_the_word_is_the_same(name: str, data: st.DataObject) -> None:
    """“Ilse” read as “llse”, “Julia” as “Jlllia”: whichever signs look like which letter, in any place."""
    pairs = {"m": ("rn", "nn"), "w": ("vv",), "d": ("cl",), "u": ("ll", "ii", "il")}
    spelled = "".join(data.draw(st.sampled_from([letter, *pairs.get(letter, ())])) for letter in name)
    read = "".join(
        data.draw(
            st.sampled_from([letter, *(sign for sign in map(chr, ALIKE) if reading_key(sign) == reading_key(letter))])
        )
        for letter in spelled
    )
    assert reading_key(read) == reading_key(name)


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("Ilse", "llse"),
        ("Milan", "Mllan"),
        ("Silke", "Sllke"),
        ("Emil", "Emll"),
        ("Ruud", "Riiud"),
        ("Thijs", "Thljs"),
        ("Isa", "1sa"),
        ("Imke", "1mke"),
        ("Isa", "|sa"),
        ("Iris", "!ris"),
        ("Ilse", "|lse"),
        ("Isa", "|s a"),
        ("Milan", "M|lan"),
        ("Ilse", "I!se"),
        ("Julia", "Jlllia"),
        ("Storm", "Stornn"),
        ("Liam", "Lian"),
        ("Liam", "Llem"),
        ("Ella", "Elle"),
        ("Elif", "Elit"),
        ("Elin", "Elim"),
        ("Sam", "5am"),
        ("Lotte", "10tte"),
        ("Emma", "Ernna"),
        ("Samuel", "Sarnuels"),
        ("Samuel", "Sarnuol"),
    ],
)
def test_a_name_that_was_misread_in_a_picture_is_found(name: str, read: str) -> None:
    listed = NameList([NameEntry(f"{name} Bos", "p1")], (), dutch_words())
    assert hits(listed, read, NamePlace.PICTURE) == [f"{read}?"]


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("Sam", "5 am, 15am"),
        ("Isa", "Dorpsstraat 15a"),
        ("Bob", "nummer 60b"),
        ("Lou", "om 10u"),
        ("Zoe", "de 20e"),
        ("Emma", "Em|ilse"),
        ("Elin", "el / in"),
    ],
)
def test_a_number_or_another_word_in_a_picture_is_no_name(name: str, read: str) -> None:
    assert hits(NameList([NameEntry(f"{name} Bos", "p1")], (), dutch_words()), read, NamePlace.PICTURE) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Lucia was op bezoek", ["Lucia?"]),
        ("Lucla was op bezoek", ["Lucla?"]),
        ("Lucla Bos was op bezoek", ["Lucla Bos"]),
        ("1uda was op bezoek", ["1uda"]),
    ],
)
def test_in_a_caption_other_letters_may_be_another_name(text: str, found: list[str]) -> None:
    assert hits(NameList([NameEntry("Luda Bos", "p1")], (), dutch_words()), text) == found


def test_what_is_short_or_compared_with_too_many_is_like_no_name() -> None:
    names = {reading_key("fatima"): ["fatima"]}
    assert similar_names("fatina", names) == ["fatima"]
    assert similar_names("fat", names) == []
    assert similar_names("fatina", names | {str(number): ["fatima"] for number in range(MAX_COMPARED)}) == []
