"""How words are matched where they stand together, or were read from a picture."""

from __future__ import annotations

import pytest
from tests.unit.names.corpus import hits, names_of

from fotopoort.names.misread import MAX_COMPARED, reading_key, similar_names
from fotopoort.vocabulary import NamePlace

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
        ("x" * 40, []),
    ],
)
def test_in_pictures_letters_are_misread(text: str, found: list[str]) -> None:
    assert hits(CLASS, text, NamePlace.PICTURE) == found


def test_what_is_short_or_compared_with_too_many_is_like_no_name() -> None:
    names = {reading_key("fatima"): ["fatima"]}
    assert similar_names("fatina", names) == ["fatima"]
    assert similar_names("fat", names) == []
    assert similar_names("fatina", names | {str(number): ["fatima"] for number in range(MAX_COMPARED)}) == []
