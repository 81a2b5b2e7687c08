"""Names of children in Dutch text."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.names.corpus import hits, lines, names_of, own_scores, own_sentences, score, sentences

from fotopoort.names.cleaning import cleaned
from fotopoort.names.name_list import NameList
from fotopoort.resources import dutch_words
from fotopoort.vocabulary import NameEntry, NamePlace, Role

CLASS = names_of("class_list.txt")
WORDS = names_of("word_class_list.txt")
KINDS = ("", "news_", "phone_")  # of the sentences, each by another hand


def list_of(name: str, **parts: object) -> NameList:
    return NameList([NameEntry(name, "p1", **parts)], (), dutch_words())  # type: ignore[arg-type]


def test_the_corpus_is_as_large_as_it_says() -> None:
    everything = [*sentences("names.txt"), *sentences("word_names.txt"), *sentences("words.txt")]
    assert len(everything) >= 400
    assert len(sentences("words.txt")) >= 120
    assert len(set(everything)) == len(everything)
    assert len(set(lines("first_names.txt"))) >= 200
    assert len(lines("surnames.txt")) >= 100


@pytest.mark.parametrize("kind", KINDS)
def test_names_are_found_and_other_words_are_not(kind: str) -> None:
    plain = score(names_of(f"{kind}class_list.txt"), sentences(f"{kind}names.txt"))
    worded = score(names_of(f"{kind}word_class_list.txt"), sentences(f"{kind}word_names.txt"))
    assert plain.recall >= 0.98
    assert worded.recall >= 0.98
    assert plain.precision >= 0.95
    assert worded.precision >= 0.95
    assert plain.doubtful + worded.doubtful <= 0.15 * (plain.names + worded.names)


@pytest.mark.parametrize("kind", KINDS)
def test_words_that_are_also_names_are_left_alone(kind: str) -> None:
    words = score(names_of(f"{kind}word_class_list.txt"), sentences(f"{kind}words.txt"))
    assert words.sure <= 0.10 * words.sentences
    assert words.flagged <= 0.30 * words.sentences


def test_names_are_found_as_teachers_write_them_in_captions_hashtags_handles_and_file_names() -> None:
    """The fourth set: written by somebody who had not seen the program."""
    with_names, without = own_scores()
    assert (with_names.sentences + without.sentences, with_names.names) == (300, 200)
    assert with_names.recall >= 0.98
    assert with_names.doubtful <= 0.08 * with_names.names
    assert with_names.wrong == 0, "words beside a name in the same line"
    assert without.sure <= 0.08 * without.sentences
    assert without.flagged <= 0.10 * without.sentences


def test_of_a_name_as_teachers_write_it_nothing_is_left() -> None:
    left = []
    for place, read in own_sentences():
        for sentence in read:
            found = names_of("own_class_list.txt").find(sentence.text, place)
            covered = {at for hit in found for at in range(hit.start, hit.end)}
            for hit, following in pairwise(found):
                if sentence.text[hit.end : following.start].isalpha():  # what joins two names: “semennoor”
                    covered |= set(range(hit.end, following.start))
            left += [sentence.text[a:b] for a, b in sentence.names if not covered.issuperset(range(a, b))]
    assert left == []


@pytest.mark.parametrize("name", lines("first_names.txt"))
def test_every_first_name_is_found(name: str) -> None:
    surname = random.Random(name).choice(lines("surnames.txt"))  # noqa: S311
    listed = list_of(f"{name} {surname}")
    for text in (f"Vandaag las {name} voor.", f"We gaan met {name} naar de boerderij.", f"{name} {surname} won."):
        assert hits(listed, text), text
    assert hits(listed, f"{name[0]}. {surname} won.") == [f"{name[0]}. {surname}"]
    assert hits(listed, "De kinderen bouwen een toren.") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Sem en Noor bouwen een toren", ["Sem", "Noor"]),
        ("Lotte vd Meer", ["Lotte vd Meer"]),
        ("Lotte v.d. Meer", ["Lotte v.d. Meer"]),
        ("Meer, Lotte van der", ["Meer, Lotte van der"]),
        ("Meer, Lotte van der, en Groot, Sem de", ["Meer, Lotte van der", "Groot, Sem de"]),
        ("Meer, Lotte van Gent", ["Meer, Lotte"]),
        ('Sem "de beer" de Groot', ['Sem "de beer" de Groot']),
        ("Sem (groep 5) de Groot", ["Sem (groep 5) de Groot"]),
        ("Sem (met Lotte) de Groot", ["Sem", "Lotte", "de Groot?"]),
        ("Sem (met lottes) de Groot", ["Sem", "lottes", "de Groot?"]),
        ("van der Meer, Lotte", ["van der Meer, Lotte"]),
        ("de hond van Van der Meers buurman", ["Van der Meers?"]),
        ("S. de Groot en P. de Groot", ["S. de Groot", "de Groot?"]),
        ("Sem de G. doet mee", ["Sem de G."]),
        ("Sem de G. Morgen weer", ["Sem de G"]),
        ("Lotte Maria van der Meer, Sem Adam Louis de Groot", ["Lotte Maria van der Meer", "Sem Adam Louis de Groot"]),
        ("Emma gaf Adam de Vries een hand", ["Emma", "de Vries?"]),
        ("A.F. van den Berg", ["A.F. van den Berg"]),
        ("S\u200bem en Zo\u0308e\u0308", ["S\u200bem", "Zo\u0308e\u0308"]),
        ("Zo&euml; danst", ["Zo&euml;"]),
        ("<b>Sem</b> &amp; <i>Noor</i>", ["Sem", "Noor"]),
        ("Emma Watson speelt Hermelien", []),
        ("Max. 4 kinderen op de klimboog", []),
        ("De Jan van Galenstraat is dicht", []),
        ("heeft Emma Sinterklaas gezien", ["Emma"]),
        ("mevrouw Van der Meer en gymjuf Emma", []),
        ("leerplichtambtenaar S. de Groot", []),
        ("Dekker Schilders en Hoekstra-kaas", []),
        ("een emma", ["emma?"]),
        ("Koning Sem en koningin Noor openen de spelen", ["Sem?", "Noor?"]),
        ("directeur Emma Watson", []),
        ("Op vrijdag kreeg Emma Nijntje mee naar huis", ["Emma?"]),
        ("Groetjes van Sem Groep 5", ["Sem?"]),
        ("burgemeester De Groot", []),
        ("Jan en alleman kwam", []),
        ("Beste ouders, Emma en Sem zijn ziek", ["Emma", "Sem"]),
        ("Emma M.G. Schmidt", []),
        ("Dit is van Emma. Morgen is er gym.", ["Emma"]),
        ("Dit is Emma. S. de Vries belde.", ["Emma", "S. de Vries"]),
        ("Emma Sem Noor", ["Emma", "Sem", "Noor"]),
        ("Goed zo Emma! Morgen weer.", ["Emma"]),
        ("de heer Dekker belde", []),
        ("de max is vier", []),
        ("mats en tess", []),
        ("Jan en Emma kwamen", ["Jan", "Emma"]),
        ("Ernma", ["Ernma?"]),
        ("L0tte zingt", ["L0tte"]),
        ("juf Emma en meester Sem", []),
        ("de juffen Emma, Eva en Sofie zingen", []),
        ("Met dank aan de ouders en Sem", ["Sem"]),
        ("De juffen en Emma zingen samen", ["Emma"]),
        ("De moeders, vaders en Noor zingen", ["Noor"]),
        ("Bedankt ouders of Sem!", ["Sem"]),
        ("Juf, Emma huilt", ["Emma"]),
        ("familie De Groot", ["De Groot"]),
        ("meneer de Groot belde", []),
        ("restaurant Dekker is dicht", []),
        ("Karin Hoekstra kwam helpen", ["Hoekstra?"]),
        ("ook Hoekstra was er", ["Hoekstra"]),
        ("in Hoekstra", []),
        ("Hoekstra", ["Hoekstra?"]),
        ("het is 20 jan", []),
        ("12 Jan: ouderavond, van 08 Jan tot 31-Jan", ["Jan?", "Jan?", "Jan?"]),
        ("Op 12 Jan is Jan jarig", ["Jan?", "Jan"]),
        ("Groep 5 Jan zingt, rij 45 Jan", ["Jan", "Jan"]),
        ("Groep 8: Jan en groep 8, Jan", ["Jan", "Jan"]),
        ("In Jan, vanaf 1e Jan", ["Jan?", "Jan?"]),
        ("daar komt jan in jan", ["jan", "jan"]),
        ("IN JAN EN MAART GYM", ["JAN"]),
        ("Sem Spreekbeurt, Noor Herfstwandeling", ["Sem?", "Noor?"]),
        ("Foto van Sem Zwemdiploma 2026", ["Sem?"]),
        ("Emma Avondvierdaagse", ["Emma?"]),
        ("Emma Hoogendoorn, Sem Middelkoop", []),
        ("max. 25 kinderen", []),
        ("max 25", []),
        ("Anne en Fleur", ["Anne?", "Fleur?"]),
        ("Sem op Schiphol", ["Sem"]),
        ("Sem van Veen", []),
        ("Sem de Groet", ["Sem?"]),
        ("SEM EN EMMA", ["SEM", "EMMA"]),
        ("", []),
        ("NoorBakker", ["NoorBakker"]),
        ("Sem X. won", ["Sem"]),
        ("😀 🎉", []),
        ("שלום Sem", ["Sem"]),
        ("\u202eSem\u202c", ["Sem"]),
        ("o.a. Sem en Noor", ["Sem", "Noor"]),
        ("Noor&hellip; en Sem&lt;br&gt;Emma", ["Noor", "Sem", "Emma"]),
        ("S&shy;em", ["S&shy;em"]),
        ("Sem&rsquo;s hond, &quot;Noor&quot;", ["Sem&rsquo;s", "Noor"]),
        ("Sem&Noor&amp;Emma&unknown;Lotte", ["Sem", "Noor", "Emma", "Lotte"]),
        ("https://school.nl/?q=zo%C3%AB-jarig&naam=sem", ["zo%C3%AB", "sem"]),
        ("foto%2Fsem, naam%3Dnoor, %C3%28emma, 100%lotte, %C0%80 mila", ["sem", "noor", "emma", "lotte", "mila"]),
        ("Noor\u02bcs tekening, Sem\u00b4s hond", ["Noor\u02bcs", "Sem\u00b4s"]),
        ("emma\u2011lotte, sem\u2013noor", ["emma", "lotte", "sem", "noor"]),
        ("Gefeliciteerd Emma\u2014Haarlem is trots", ["Emma"]),
        ("Emma\u2013Watson", ["Emma"]),
        ("Noor\u2014Wies Jansen, Noor\u2013Bakker", ["Noor", "Noor\u2013Bakker"]),
        ("Bakker\u2014Noor Bakker, de Groot\u2013Sem", ["Bakker\u2014Noor Bakker", "de Groot\u2013Sem"]),
        ("Groot, Sem de Groot en Groot Sem de Groot", ["Groot, Sem de Groot", "Groot Sem de Groot"]),
        ("Bakker Noor Bakker’s tas", ["Bakker Noor Bakker’s"]),
        ("Bakker Noor’s Bakker en Bakker Noor Emma", ["Bakker Noor’s", "Bakker Noor", "Emma"]),
        ("Noor\u2003Zwolle, Noor\u2003Bakker", ["Noor", "Noor\u2003Bakker"]),
        ("Sem 'de groot' wint", ["Sem 'de groot"]),
        ("Emma Bezoekt Bakker Bart", ["Emma?"]),
        ("<p>A</p>Sem<p>Noor</p>, <span>E</span>mma, Em<wbr>ma", ["Sem", "Noor", "E</span>mma", "Em<wbr>ma"]),
        (
            "Zo&amp;euml;, zo&euml is er, Zo&#0000235;, Zo&#x00EB;",
            ["Zo&amp;euml;", "zo&euml", "Zo&#0000235;", "Zo&#x00EB;"],
        ),
        ("Wie%Daan, korting%Fenna, wie%daan", ["Daan", "Fenna", "daan"]),
        ("juf\u2003Emma", []),
        ("zo%EB.jpg, 100%Emma, Zoe\u00cc\u02c6", ["zo%EB", "Emma", "Zoe\u00cc\u02c6"]),
        ("sem\u202fde\u202fGroot", ["sem\u202fde\u202fGroot"]),
        ("Ⓢⓔⓜ", ["Ⓢⓔⓜ"]),
    ],
)
def test_a_text_has_these_names(text: str, found: list[str]) -> None:
    assert hits(CLASS, text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("de Roos", []),
        ("onze Roos is lief", ["Roos?"]),
        ("Basisschool Bloem", []),
        ("Villa Storm", []),
        ("Gisteren kwam Karin Storm", ["Storm?"]),
        ("Roos", ["Roos?"]),
        ("ROOS LEEST VOOR", ["ROOS?"]),
        ("HOI ROOS", ["ROOS?"]),
        ("DE ROOS BLOEIT", []),
        ("Storms opa komt", ["Storms"]),
        ("Storms fiets is weg", ["Storms?"]),
        ("Storms regenlaarzen staan klaar", ["Storms?"]),
        ("Storms komen en gaan", []),
        ("Storms. Wind.", []),
        ("Roos straalt op het podium", ["Roos?"]),
        ("Roos niet", []),
        ("Roos Tuin", ["Roos?"]),
        ("Wie is er jarig? Roos!", ["Roos?"]),
        ("Winnaars: 1. Roos 2. Mees", ["Roos?", "Mees?"]),
        ("ROOS IS JARIG", ["ROOS?"]),
        ("Mees z'n schoen is zoek", ["Mees?"]),
        ("Storms Lied is mooi", ["Storms?"]),
        ("Mees, 6 jaar", ["Mees"]),
        ("Roos (7) wint", []),
        ("- Linde: leesboek meenemen", ["Linde?"]),
        ("Roos plukte bloemen", ["Roos?"]),
        ("LENTE DE BOS wandeling", []),
        ("we horen van storm en wolf", ["storm?", "wolf?"]),
        ("het strookje van storm", ["storm?"]),
        ("het strookje van de storm", []),
        ("het huis van roos en tulp", []),
        ("Fijne dag #lente", ["lente?"]),
        ("Roos en tulp", []),
        ("Gedichten van Roos en tulp", ["Roos?"]),
        ("Roos, mama en oma", ["Roos?"]),
        ("klaas vaak en wolf", ["wolf?"]),
        ("Project Lente", []),
        ("de nieuwsbrief van Lente 2025", []),
        ("Hotel van der Wolf", []),
        ("roos, storm en mees winnen", ["roos?", "storm?", "mees?"]),
        ('Roos: "Ik vond het leuk"', ["Roos?"]),
        ("Roos' tas", ["Roos'"]),
        ("wolf vos", []),
        ("Wolf Vos", ["Wolf Vos"]),
    ],
)
def test_word_names_need_evidence(text: str, found: list[str]) -> None:
    assert hits(WORDS, text) == found


def test_the_rest_of_the_school_is_matched_more_carefully() -> None:
    school = NameList(
        [
            NameEntry("Sem de Groot", "p1", groups=frozenset({"Groep 5"})),
            NameEntry("Fenna Hoekstra", "p2", groups=frozenset({"Groep 6"})),
            NameEntry("Roos Vermeulen", "p3", groups=frozenset({"Groep 6"})),
            NameEntry("Anna Maria Dekker", "p4", groups=frozenset({"Groep 6"})),
        ],
        {"groep  5"},
        dutch_words(),
    )
    assert hits(school, "sem en fenna") == ["sem", "fenna?"]
    assert hits(school, "daar is fenna") == ["fenna?"]
    assert hits(school, "Sem ziet Roos") == ["Sem"]
    assert hits(school, "Sem speelt met Roos") == ["Sem", "Roos?"]
    assert hits(school, "Roos leest voor") == ["Roos?"]
    assert hits(school, "ook Hoekstra en Fenna Watson") == []
    assert hits(school, "ook Maria was er") == []
    assert hits(school, "Fenna Hoekstra en S. de Groot") == ["Fenna Hoekstra", "S. de Groot"]
    assert hits(school, "Roos Vermeulen") == ["Roos Vermeulen"]


OTHERS = [NameEntry(f"X{a}{b}x Tuinstra", f"{a}{b}") for a in "abcdefghijkl" for b in "abcdefghij"]  # of a large school


def test_where_no_group_is_named_the_whole_school_is_looked_for_strictly() -> None:
    """Of so many names some are like any other word: what is merely like one is left, and file names are lenient."""
    class_of = [NameEntry(name, name) for name in ("Roos Bos", "Sofie Dekker", "Noor Bakker", "Ilse Smit")]
    school = NameList([*class_of, *OTHERS], (), dutch_words())
    for text in (
        "Vandaag was Roos jarig",
        "Sophie wint",
        "#hoeranoor",
        "Nooooor is jarig",
        "N00r wint",
        "nbakker@x.nl",
    ):
        assert [hit.person for hit in school.find(text)], text
        assert hits(school, text) == hits(NameList(class_of, (), dutch_words()), text)
    assert hits(school, "llse", NamePlace.PICTURE) == ["llse?"]
    assert hits(school, "Notr", NamePlace.PICTURE) == []
    assert hits(school, "roos op school", NamePlace.FILE_NAME) == []
    assert hits(school, "noor 2", NamePlace.FILE_NAME) == ["noor"]
    everybody = NameList([replace(entry, groups=frozenset({"5"})) for entry in (*class_of, *OTHERS)], {"5"})
    assert hits(everybody, "Notr", NamePlace.PICTURE) == ["Notr?"], "as many, but named"


def test_who_is_said_to_be_there_is_looked_for_strictly() -> None:
    entries = [
        NameEntry("Roos Vermeulen", "p3", groups=frozenset({"Groep 6"})),
        NameEntry("Sem Bos", "p1", groups=frozenset({"Groep 5"})),
    ]
    assert hits(NameList(entries, {"Groep 5"}, dutch_words()), "Vandaag was Roos jarig") == []
    assert hits(NameList(entries, {"Groep 5"}, dutch_words(), persons={"p3"}), "Vandaag was Roos jarig") == ["Roos"]
    everybody = NameList([*entries, *OTHERS], (), dutch_words(), persons={"p3"})
    assert hits(everybody, "Vandaag was Sem jarig, en Roos ook") == ["Sem", "Roos"], (
        "no group is named: the others no less"
    )
    for place, text in (
        (NamePlace.FILE_NAME, "foto roos"),
        (NamePlace.FILE_NAME, "fotovanvermeulenroos"),
        (NamePlace.PICTURE, "Vermeulon"),
    ):
        assert everybody.find(text, place), "what is like the name of who is said to be there"
    assert [hit.person for hit in everybody.find("semenroos", NamePlace.CODE)] == ["p1", "p3"]
    assert not everybody.find("fotovansem", NamePlace.CODE)
    assert not everybody.find("bss", NamePlace.FILE_NAME)
    assert not everybody.find("fotovansem", NamePlace.FILE_NAME)


def test_a_part_of_a_double_name_is_no_date() -> None:
    entries = [NameEntry("Jan-Willem Bos", "p1"), NameEntry("Sem Bos", "p2", groups=frozenset({"5"}))]
    school = NameList(entries, {"5"}, dutch_words())
    assert hits(school, "Op 12 Jan is er gym") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("DE WOLF EN VOS", []),
        ("ROOS EN VERMEULEN", ["ROOS?"]),
        ("De Wolf En De Vos", ["Wolf?"]),
        ("Wolf Adriaan Vos", ["Wolf Adriaan Vos"]),
        ("En daar komt vandaag Wolf Storm Vos", ["Wolf Storm Vos"]),
        ("Mees Leest Kuipers Boek", ["Mees?"]),
    ],
)
def test_in_the_middle_of_a_name_stand_no_ordinary_words(text: str, found: list[str]) -> None:
    listed = NameList(
        [NameEntry(name, name) for name in ("Wolf Vos", "Roos Vermeulen", "Mees Kuipers")], (), dutch_words()
    )
    assert hits(listed, text) == found


def test_staff_and_parents_are_no_children() -> None:
    entries = [NameEntry("Karin Bos", "s1", role=Role.STAFF), NameEntry("Piet Bos", "o1", role=Role.OTHER)]
    assert hits(NameList(entries), "Karin en Piet") == []
    assert hits(NameList(entries, staff_counts=True), "Karin en Piet") == ["Karin"]


def test_whose_name_it_is_is_told_where_it_can_only_be_one() -> None:
    both = NameList([NameEntry("Emma Bos", "p1"), NameEntry("Emma Dekker", "p2")], (), dutch_words())
    assert [hit.person for hit in both.find("Emma, Emma Bos en E. Dekker")] == [None, "p1", "p2"]


def test_parts_that_the_school_filled_in_are_used() -> None:
    listed = list_of(
        "Mo Benali", call_name="Mo", given_names="Mohammed Ali", prefix="", surname="Benali", nicknames=("Momo",)
    )
    assert hits(listed, "Momo en Mo, Mohammed Benali, M. Benali") == ["Momo", "Mo", "Mohammed Benali", "M. Benali"]
    assert hits(list_of("Zo&euml; D\u02bc&nbsp;Bos"), "Zoë D'Bos") == ["Zoë D'Bos"]
    assert hits(list_of("Lies Bos", call_name="Liesbeth"), "Liesbeth Bos") == ["Liesbeth Bos"]
    assert hits(list_of("Bakker, Noor (5)"), "Noor Bakker") == ["Noor Bakker"]
    assert hits(list_of("Noor Bakker-de Vries"), "Noor Bakker en Noor de Vries") == ["Noor Bakker", "Noor de Vries"]


AS_WORDS = ("Sem", "Noor", "de Groot", "van", "is", "jarig.", "Lotte's", "Zoë", "Şem", "Lotte’s", "d'Emma", "en,",
            "o.a.", "Anne-Fleur")  # fmt: skip
CODES = {
    " ": ("&nbsp;", "&nbsp", "&#32;", "&#x20;", "%20", "Â\u00a0", "&#0032;", "&amp;nbsp;"),
    "ë": ("&euml;", "%C3%AB", "Ã«", "&euml", "%EB", "&amp;#235;"),
    "Ş": ("&#350;", "%C5%9E", "Åž", "Å\u009e"),
    "’": ("&rsquo;", "%E2%80%99", "â€™", "â\u0080\u0099"),
    "'": ("&#39;", "&apos;", "%27"),
    "-": ("&#45;", "%2D"),
    ",": ("&#44;",),
}


@given(st.lists(st.sampled_from(AS_WORDS), min_size=1, max_size=8), st.data())
def test_however_signs_are_coded_the_same_names_are_found(words: list[str], data: st.DataObject) -> None:
    """In HTML, in web addresses, and in UTF-8 that was taken for another encoding: the names as they stand there, from
    their first sign to their last."""
    signs = [(sign, data.draw(st.sampled_from((sign, *CODES.get(sign, ()))))) for sign in " ".join(words)]
    plain, coded = ("".join(way) for way in zip(*signs, strict=True))
    begins = [0, *itertools.accumulate(len(code) for _, code in signs)]
    expected = [(begins[hit.start], begins[hit.end], hit.certain) for hit in CLASS.find(plain)]
    assert [(hit.start, hit.end, hit.certain) for hit in CLASS.find(coded)] == expected


@given(st.text(max_size=200))
@settings(max_examples=300)
def test_any_text_gets_an_answer(text: str) -> None:
    for place in NamePlace:
        found = CLASS.find(text, place)
        assert all(0 <= hit.start < hit.end <= len(text) for hit in found)
        assert all(first.end <= second.start for first, second in itertools.pairwise(found))
    cleaned(text, CLASS.find(text))


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Sem, Noor en de anderen bouwen vandaag een toren. " * 20_000, 40_000),
        ("Sem," * 10_000, 10_000),
        ("x" * 1_000_000, 0),
        ("\u200b" * 1_000_000, 0),
    ],
    ids=["sentences", "one list", "one word", "nothing to be seen"],
)
def test_a_megabyte_is_looked_through(text: str, names: int) -> None:
    assert len(CLASS.find(text)) == names


def test_an_empty_list_finds_nothing() -> None:
    assert NameList([]).find("Sem") == ()
    assert len(NameList([])) == 0
    assert NameList([NameEntry("", "p1"), NameEntry("...", "p2")]).find("Sem") == ()


@pytest.mark.parametrize("place", NamePlace)
@pytest.mark.parametrize(
    "text", ["SEM'S-e-m", "Noor'sBakker", "foto sem'sGroot", "van dam'sIdrissi", "Lottemees'sBakker"]
)
def test_no_name_reaches_into_the_next(text: str, place: NamePlace) -> None:
    people = "Sem de Groot", "Noor Bakker", "Emma van Dam", "Mo Idrissi", "Lotte Kok", "Mees Smit"
    found = NameList([NameEntry(name, str(number)) for number, name in enumerate(people)]).find(text, place)
    assert all(0 <= match.start < match.end <= len(text) for match in found)
    assert all(first.end <= second.start for first, second in itertools.pairwise(found))
