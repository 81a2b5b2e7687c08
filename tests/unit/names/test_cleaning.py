"""Texts without the names in them."""

from __future__ import annotations

import pytest
from tests.unit.names.corpus import names_of, sentences

from fotopoort.names.cleaning import cleaned

CLASS = names_of("class_list.txt")
WORDS = names_of("word_class_list.txt")


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Sem en Noor bouwen een toren", "Twee kinderen bouwen een toren"),
        ("Vandaag las Sem voor.", "Vandaag las een kind voor."),
        ("Sem, Noor en papa", "Twee kinderen en papa"),
        ("Sems tekening", "Iemands tekening"),
        ("Kijk: Emma's!", "Kijk: [naam]!"),
        ("Hoi Sem, tot morgen", "Hoi [naam], tot morgen"),
        ("zusje Emma", "zusje [naam]"),
        ("Sem Adam Louis de Groot wint", "Een kind wint"),
        ("Sem de G. wint", "Een kind wint"),
        ("Groot, Sem de", "[naam]"),
        ("Feest! Sem is jarig.", "Feest! Een kind is jarig."),
        ("#Sem", "#[naam]"),
        ("Sem", "[naam]"),
        ("Emma's!", "[naam]!"),
        ("SEM EN NOOR WINNEN DE QUIZ!", "TWEE KINDEREN WINNEN DE QUIZ!"),
        ("SEM, NOOR EN LOTTE WINNEN", "DRIE KINDEREN WINNEN"),
        ("SEM & NOOR + LOTTE ZINGEN", "DRIE KINDEREN ZINGEN"),
        ("DE TEKENING VAN SEM", "DE TEKENING VAN EEN KIND"),
        ("HIER IS SEM! NOOR IS ER OOK", "HIER IS EEN KIND! EEN KIND IS ER OOK"),
        ("SEMS TEKENING HANGT IN DE GANG", "IEMANDS TEKENING HANGT IN DE GANG"),
        ("HOI SEM, TOT MORGEN", "HOI [naam], TOT MORGEN"),
        ("SEM!", "[naam]!"),
        ("Hoera voor SEM en NOOR", "Hoera voor twee kinderen"),
        ("SEM wint", "Een kind wint"),
        ("Sem, Noor, en Lotte winnen", "Drie kinderen winnen"),
        ("Sem and Noor win", "Twee kinderen win"),
        ("Wat knap. SEM EN NOOR WINNEN", "Wat knap. Twee kinderen WINNEN"),
        ("We zagen Sem. Noor was ziek.", "We zagen een kind. Een kind was ziek."),
        ("Kijk op #semennoor", "Kijk op #[naam]"),
        ("Wat leuk van S e m en Nooooor", "Wat leuk van twee kinderen"),
        ("Daan, Yara, Sem, Noor, Emma, Eva, Liv, Finn, Julia, Max en Amir zingen", "11 kinderen zingen"),
        ("De school is dicht", "De school is dicht"),
    ],
)
def test_the_cleaned_text_reads_well(text: str, clean: str) -> None:
    assert cleaned(text, CLASS.find(text)) == clean


def test_no_name_is_left_in_a_cleaned_text() -> None:
    for listed, file in ((CLASS, "names.txt"), (WORDS, "word_names.txt"), (WORDS, "words.txt")):
        for sentence in sentences(file):
            clean = cleaned(sentence.text, listed.find(sentence.text))
            again = listed.find(clean)
            assert all(not hit.certain for hit in again), clean
