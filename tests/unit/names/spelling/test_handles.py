"""Handles, addresses and what stands in them: with a name all of it is covered."""

from __future__ import annotations

import pytest
from tests.unit.names.corpus import hits, names_of

from fotopoort.names.cleaning import cleaned
from fotopoort.names.spelling.handles import handle_spans
from fotopoort.vocabulary import NamePlace

CLASS = names_of("class_list.txt")


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("via @lottevdmeer", "via @[naam]"),
        ("@noorbakker5 is er ook", "@[naam] is er ook"),
        ("IG: noor_bakker", "IG: [naam]"),
        ("Foto: @sem.degroot", "Foto: @[naam]"),
        ("mail noor.bakker@school.nl", "mail [naam]"),
        ("mail naar noor.bakker+gym@mail.school.nl, graag", "mail naar [naam], graag"),
        ("Vraag het n.bakker@school.nl.", "Vraag het [naam]."),
        ("volg sem_degroot op insta", "volg [naam] op insta"),
        ("insta: noorb", "insta: [naam]"),
        ("tiktok = semdg", "tiktok = [naam]"),
        ("@noor_bakker, @sem.degroot_08 en @lotte_vdm", "@[naam], @[naam] en @[naam]"),
        ("noor.bakker", "[naam]"),
        ("xx_noor_xx", "[naam]"),
        ("@s.degroot en @sdegroot", "@[naam] en @[naam]"),
        ("(@zoë.jacobs)", "(@[naam])"),
        ("@roos.vermeulen", "@[naam]"),
        ("@emma-kramer-groep5", "@[naam]"),
        ("https://school.nl/foto/semennoor.jpg", "https://school.nl/foto/[naam].jpg"),
        ("\uff20noor_b", "\uff20[naam]"),
        ("#semennoor #groep5", "#[naam] #groep5"),
        ("@sem_en_noor", "@[naam]"),
        ("@semennoor en @semnoorenlotte_8", "@[naam] en @[naam]"),
        ("vannoor@school.nl", "[naam]"),
        ("fam.semennoor@school.nl", "[naam]"),
        ("@obsdelinde en info@school.nl", "@obsdelinde en info@school.nl"),
        ("kosten @ 5 euro _nu_", "kosten @ 5 euro _nu_"),
        ("_Sem_ wint", "_[naam]_ wint"),
    ],
)
def test_the_whole_of_a_handle_goes(text: str, clean: str) -> None:
    assert cleaned(text, CLASS.find(text)) == clean


def test_a_name_that_is_a_word_is_a_name_with_its_surname_in_a_handle() -> None:
    words = names_of("word_class_list.txt")
    assert hits(words, "@wolf.vos en @roos") == ["wolf.vos", "roos?"]


def test_a_handle_with_two_names_is_each_of_theirs() -> None:
    found = CLASS.find("Foto: @sem_en_noor")
    assert [(hit.start, hit.end, hit.person) for hit in found] == [(7, 14, "Sem de Groot"), (14, 18, "Noor Bakker")]


def test_in_file_names_names_stand_apart() -> None:
    assert hits(CLASS, "sem_en_noor_2024", NamePlace.FILE_NAME) == ["sem", "noor"]


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("@noor", ["noor"]),
        ("a@b.nl, c@d.nl", ["a@b.nl", "c@d.nl"]),
        ("noor_bakker.", ["noor_bakker"]),
        ("@", []),
        ("@ @ _ a_ _b", []),
        ("@@noor", ["noor"]),
        ("@...", []),
    ],
)
def test_where_handles_stand(text: str, spans: list[str]) -> None:
    assert [text[start:end] for start, end in handle_spans(text)] == spans


@pytest.mark.parametrize(
    ("unit", "names"),
    [("@noor_b ", 1), ("#semennoor ", 2), ("Nooooor ", 1), ("s e m  ", 1), ("a_", 0), ("x.@", 0), ("@", 0), ("sem", 0)],
)
def test_a_long_text_of_them_is_looked_through(unit: str, names: int) -> None:
    times = 40_000 // len(unit)
    assert len(CLASS.find(unit * times)) == names * times
