"""Names that are drawn out, or spelled letter by letter."""

from __future__ import annotations

import pytest
from tests.unit.names.corpus import hits, names_of

from fotopoort.names.spelling.stretched import MAX_LETTERS, short_forms
from fotopoort.vocabulary import NamePlace

CLASS = names_of("class_list.txt")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Nooooor!", ["Nooooor"]),
        ("Semmm!!!", ["Semmm"]),
        ("SEEEEM", ["SEEEEM"]),
        ("lotteeee kom je", ["lotteeee"]),
        ("Zoëëë zingt", ["Zoëëë"]),
        ("NOOOOR EN SEMMMM", ["NOOOOR", "SEMMMM"]),
        ("Emmmmmaaaaaa", ["Emmmmmaaaaaa"]),
        ("Nooooor Bakker", ["Nooooor Bakker"]),
        ("Daaaaan's tas", ["Daaaaan's"]),
        ("hup hup Evaaaaa", ["Evaaaaa"]),
        ("#noooor", ["noooor?"]),
        ("@fennnnna", ["fennnnna"]),
        ("Roooos!", ["Roooos?"]),
        ("Sophieeee", ["Sophieeee"]),
        ("daaaan gaan we", ["daaaan?"]),
        ("juf Emmaaaa", []),
        ("Jaaaaaa!", []),
        ("Hoooooi allemaal", []),
        ("Stormmm op komst", ["Stormmm?"]),
        ("De stormmm komt", []),
        ("juf Roooos", []),
        ("Boooo op de skelter", []),
        ("aabbbccddeeffgghh", []),
    ],
)
def test_a_name_that_is_drawn_out_is_found(text: str, found: list[str]) -> None:
    assert hits(CLASS, text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Hoera voor S e m !", ["S e m"]),
        ("S-E-M wint", ["S-E-M"]),
        ("S.E.M. wint", ["S.E.M"]),
        ("s e m", ["s e m"]),
        ("N O O R  I S  J A R I G", ["N O O R"]),
        ("N-o-o-r en S-e-m", ["N-o-o-r", "S-e-m"]),
        ("L_o_t_t_e", ["L_o_t_t_e"]),
        ("Z o ë", ["Z o ë"]),
        ("J*a*n", ["J*a*n"]),
        ("F  e  n  n  a", ["F  e  n  n  a"]),
        ("s e m e n n o o r", ["s e m e n n o o r"]),
        ("Daar is S e m de Groot", ["S e m de Groot"]),
        ("R o o s", ["R o o s?"]),
        ("a b c d e f", []),
        ("S, e, m", []),
        ("x s e m", []),
        ("S e", []),
        ("1 2 3", []),
    ],
)
def test_a_name_that_is_spelled_is_found(text: str, found: list[str]) -> None:
    assert hits(CLASS, text) == found


@pytest.mark.parametrize("name", ["nooooor", "S_e_m", "s-e-m 2", "Semmmmm", "NOOOOR_2026"])
def test_in_file_names_too(name: str) -> None:
    assert CLASS.find(name, NamePlace.FILE_NAME)


def test_what_a_drawn_out_word_may_stand_for() -> None:
    assert set(short_forms("nooor")) == {"nor", "noor"}
    assert set(short_forms("emmmaaa")) == {"ema", "emma", "emaa", "emmaa"}
    assert list(short_forms("noor")) == []
    assert list(short_forms("o" * (MAX_LETTERS + 1))) == []
    assert list(short_forms("aaabbccddeeff")) == []
