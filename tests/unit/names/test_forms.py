"""The forms in which a name is written."""

from __future__ import annotations

from fotopoort.names.forms import diminutives, parts_of
from fotopoort.vocabulary import NameEntry


def test_a_name_of_prefixes_alone_has_a_first_name_all_the_same() -> None:
    assert parts_of(NameEntry("van der Berg")).given == ("van",)
    assert parts_of(NameEntry("")).given == ()


def test_pet_forms() -> None:
    assert {"saartje", "saratje"} & diminutives("sara") >= {"saartje"}
    assert {"emmetje", "emmaatje"} <= diminutives("emma")
    assert {"tommie", "tommetje"} <= diminutives("tom")
    assert "sjakie" in diminutives("sjaak")
    assert diminutives("o") == set()
