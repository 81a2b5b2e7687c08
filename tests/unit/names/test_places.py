"""Names in and around a photo: where they stand, what of the picture is covered, and ids that last."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fotopoort.errors import TextTooLong
from fotopoort.names.places import (
    MAX_CHARACTERS,
    entries_of,
    file_line,
    find,
    in_lines,
    in_photo,
    in_picture,
)
from fotopoort.screening import name_search
from fotopoort.screening.name_search import name_list
from fotopoort.vocabulary import Box, Hint, HintKind, NameEntry, NameHit, NamePlace, People, Role, TextLine

ENTRIES = (
    NameEntry("Sem de Groot", "p4"),
    NameEntry("Noor Bakker", "p1"),
    NameEntry("Roos Kok", "p17"),
    NameEntry("Sara Osman", "p41", groups=frozenset({"groep 6"})),
)
NAMES = name_list(ENTRIES)
PHOTO = "ab" * 32


def line(text: str, *, x: float = 100, y: float = 200, size: float = 20, code: bool = False) -> TextLine:
    """A level line of text, each character `size` wide and one and a half times as high."""
    right, bottom = x + size * len(text), y + 1.5 * size
    corners = ((x, y), (right, y), (right, bottom), (x, bottom))
    return TextLine(text, corners, tuple(n / len(text) for n in range(len(text) + 1)), code=code)


def photo(sha256: str = PHOTO, **given: Any) -> tuple[NameHit, ...]:  # noqa: ANN401
    around: dict[str, Any] = {"caption": None, "file_name": None, "hints": (), "lines": ()}
    return in_photo(NAMES, sha256=sha256, **around | given)


def texts(hits: Sequence[NameHit]) -> list[tuple[str, str | None]]:
    return [(hit.place.value, hit.text) for hit in hits]


# --- the list --------------------------------------------------------------------------------------------


def test_everyone_on_a_class_list_is_a_name_with_a_role_and_groups(people: People) -> None:
    entries = {entry.person: entry for entry in entries_of(people)}
    assert entries.keys() == people.persons.keys()
    assert (entries["p5"].name, entries["p5"].role) == ("Lotte van der Meer", Role.PUPIL)
    assert (entries["s3"].groups, entries["s3"].role) == (frozenset({"groep 5", "groep 6"}), Role.STAFF)
    assert entries_of(None) == ()


def test_a_list_is_made_once_for_the_same_names_groups_and_setting() -> None:
    names = name_list(ENTRIES)
    assert name_list(tuple(ENTRIES)) is names
    assert name_list(ENTRIES, frozenset({"groep 6"})) is not names
    assert name_list(ENTRIES[:1]) is not names
    assert name_list(ENTRIES, staff_counts=True) is not names


def test_the_groups_say_whose_names_are_looked_for_strictly() -> None:
    assert texts(find(name_list(ENTRIES, frozenset({"groep 6"})), "daar lopen roos en sara")[0]) == [
        ("caption", "sara")
    ]
    assert texts(find(NAMES, "daar loopt sara")[0]) == [("caption", "sara")], "a short list is one class"


# --- a text in lines -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found", "clean"),
    [
        ("Jarig deze week:\nroos\nnoor", [("roos", False), ("noor", True)], "Jarig deze week:\n[naam]\n[naam]"),
        ("ROOS\nLEEST\nVOOR", [("ROOS", False)], "[naam]\nLEEST\nVOOR"),
        ("Sem de Groot\nSem", [("Sem de Groot", True), ("Sem", True)], "[naam]\n[naam]"),
        ("Een toren\nfotovannoor.jpg", [("fotovannoor", False)], "Een toren\n[naam].jpg"),
        ("IMG_1 Sem.HEIC", [("Sem", True)], "IMG_1 [naam].HEIC"),
        ("noorjarig.png\nroos.webp", [("noorjarig", False), ("roos", False)], "[naam].png\n[naam].webp"),
        ("fotovannoor", [], "fotovannoor"),
        ("Sem.2026.Groot.jpg", [("Sem.2026.Groot", True)], "[naam].jpg"),
        ("Noor.2026_Bakker3.jpg", [("Noor.2026_Bakker", True)], "[naam]3.jpg"),
        (
            "N0or.jpg\nHier speelt N0or in foto.jpg",
            [("N0or", True)] * 2,
            "[naam].jpg\nHier speelt een kind in foto.jpg",
        ),
        ("Noor.JPG\nfoto van 2Noor.HEIC", [("Noor", True)] * 2, "[naam].JPG\nfoto van 2[naam].HEIC"),
        ("5em.jpg", [("5em", False)], "[naam].jpg"),
        ("Roos2026leest.jpg", [("Roos", True)], "[naam]2026leest.jpg"),
        ("juf_Noor.jpg\nNoor_Watson.png", [("Noor", False)] * 2, "juf_[naam].jpg\n[naam]_Watson.png"),
        ("roos Noor\nroos", [("Noor", True), ("roos", False)], "Een kind een kind\n[naam]"),
        ("\n\n", [], "\n\n"),
    ],
)
def test_lines_are_searched_one_by_one_and_together(text: str, found: list[tuple[str, bool]], clean: str) -> None:
    hits, without = in_lines(NAMES, sha256=PHOTO, text=text)
    assert [(text[hit.start : hit.end], hit.certain) for hit in hits] == found
    assert [hit.text for hit in hits] == [name for name, _ in found]
    assert without == clean


LINES = ("Sem de Groot won", "roos", "Jarig:", "noor.jpg", "Noor_2026.png", "", "Sem, Noor", "@sem_en_noor")


@given(st.lists(st.sampled_from(LINES)))
def test_a_name_in_a_line_keeps_its_id_beside_other_lines(lines: list[str]) -> None:
    text = "\n".join(lines)
    hits, _ = in_lines(NAMES, sha256=PHOTO, text=text)
    assert all(first.end <= second.start for first, second in itertools.pairwise(hits))  # type: ignore[operator]
    together = {hit.id for hit in hits}
    alone = {hit.id for line in lines for hit in in_lines(NAMES, sha256=PHOTO, text=line)[0]}
    assert alone <= together
    for hit in find(NAMES, text)[0]:  # what any other door finds in it
        assert any(of.start <= hit.start < of.end and of.certain >= hit.certain for of in hits)  # type: ignore[operator]


def test_the_name_of_a_file_is_a_line_that_is_known_for_one() -> None:
    assert [file_line(name) for name in ("foto.JPG", "foto\n van noor.png ", "foto.noor")] == [
        "foto.JPG", "foto van noor.png", "foto.noor.jpg",
    ]  # fmt: skip


# --- one text --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "hits", "clean"),
    [
        ("Sem en Noor bouwen een toren.", [(0, 3, "p4", True), (7, 11, "p1", True)], "Twee kinderen bouwen een toren."),
        ("Een mooie Roos", [(10, 14, "p17", False)], "Een mooie [naam]"),
        ("😀👩‍👧 Vandaag las Sem voor.", [(17, 20, "p4", True)], "😀👩‍👧 Vandaag las een kind voor."),
        ("Half \ud83d en Noor", [(10, 14, "p1", True)], "Half \ud83d en een kind"),
        ("Wij bouwen een toren.", [], "Wij bouwen een toren."),
        ("", [], ""),
    ],
)
def test_a_text_has_its_names_by_character_and_a_copy_without_them(
    text: str, hits: list[tuple[int, int, str, bool]], clean: str
) -> None:
    found, without = find(NAMES, text)
    assert [(hit.start, hit.end, hit.person, hit.certain) for hit in found] == hits
    assert [hit.text for hit in found] == [text[start:end] for start, end, _, _ in hits]
    assert without == clean


SAID = ("Sem", "Sem de Groot", "Noor", "Noor Bakker", "Bakker", "Roos", "Roos Kok", "Sara Osman", "Sara", "Adam", "en",
        "met", "is", "wint", "de", "V.", ",", "#", "@", "\n", "foto.jpg\n")  # fmt: skip


@given(st.lists(st.sampled_from(SAID), min_size=1, max_size=8))
@example(["Roos", "Noor", "Roos Kok", "is"])
@example(["Noor Bakker", "Bakker", "Sem", "wint"])
@example(["Roos Kok", "Roos", "Sara", "en"])
@example(["Roos", "Noor", "\n", "Roos"])
def test_nobody_who_was_taken_out_of_a_text_is_found_in_it_again(words: list[str]) -> None:
    text = " ".join(words)
    for found, clean in (find(NAMES, text), in_lines(NAMES, sha256=PHOTO, text=text)):
        persons = {hit.person for hit in found}
        assert [hit.text for hit in find(NAMES, clean)[0] if hit.certain or hit.person in persons] == [], clean


def test_the_place_says_how_words_are_written() -> None:
    assert find(NAMES, "semNoor2026")[0] == ()
    assert texts(find(NAMES, "semNoor2026", NamePlace.FILE_NAME)[0]) == [("file_name", "sem"), ("file_name", "Noor")]


def test_a_text_may_have_a_million_characters_and_no_more() -> None:
    longest = "😀" * (MAX_CHARACTERS - 4) + " Sem"
    assert [hit.end for hit in find(NAMES, longest)[0]] == [1_000_000]
    with pytest.raises(TextTooLong):
        name_search.find(NAMES, longest + ".")
    with pytest.raises(TextTooLong):
        name_search.require_searchable(longest + ".")


# --- the picture -----------------------------------------------------------------------------------------


def test_a_name_in_a_longer_line_is_boxed_by_itself_with_a_margin() -> None:
    """Characters of 20 by 30 pixels, “Sem” behind nine of them: 13.5 pixels beside it, half of that above it."""
    (hit,) = in_picture(NAMES, [line("groep 5: Sem leest")])
    assert (hit.place, hit.text, hit.person, hit.certain) == (NamePlace.PICTURE, "Sem", "p4", True)
    assert hit.box == Box(266.5, 193.25, 87, 43.5)


def test_two_names_in_a_line_have_a_box_each() -> None:
    first, second = in_picture(NAMES, [line("Sem en Noor")])
    assert first.box is not None
    assert second.box is not None
    assert first.box.overlap(second.box) == 0


def test_where_it_is_not_known_where_letters_stand_the_whole_line_is_boxed() -> None:
    known = line("groep 5: Sem leest")
    (hit,) = in_picture(NAMES, [TextLine(known.text, known.corners)])
    assert hit.box == Box(86.5, 193.25, 387, 43.5)


def test_a_name_on_a_slant_is_boxed_where_it_stands() -> None:
    """A line that rises: 11 characters over 220 pixels to the right and 110 up."""
    corners = ((100.0, 300.0), (320.0, 190.0), (330.0, 210.0), (110.0, 320.0))
    (hit,) = in_picture(NAMES, [TextLine("hier is Sem", corners, tuple(n / 11 for n in range(12)))])
    assert hit.box is not None
    assert hit.box.contains((295, 215)), "the middle of the name"
    assert not hit.box.contains((150, 285)), "the middle of the first word"


def test_a_code_is_boxed_whole_and_hides_no_more_than_itself() -> None:
    content = line("https://school.example/klas/sem-de-groot", code=True)
    (hit,) = in_picture(NAMES, [content])
    assert (hit.place, hit.text) == (NamePlace.CODE, "sem-de-groot")
    assert hit.box == content.box()


def test_lines_without_a_name_have_no_hits() -> None:
    assert list(in_picture(NAMES, [])) == []
    assert list(in_picture(NAMES, [line("Welkom in groep 5"), line("https://school.example", code=True)])) == []


def test_of_an_endless_line_as_much_is_read_as_of_a_text() -> None:
    endless = TextLine("x" * MAX_CHARACTERS + " Sem", line("x").corners, code=True)
    assert list(in_picture(NAMES, [endless])) == []


# --- everything around one photo -------------------------------------------------------------------------

EVERYWHERE: dict[str, Any] = {
    "caption": "Noor op het plein",
    "file_name": "groep 5/sem_2",
    "hints": (
        Hint(HintKind.GPS, "EXIF GPS"),
        Hint(HintKind.PERSON_NAME, "XMP Iptc4xmpExt:PersonInImage", "Noor Bakker"),
        Hint(HintKind.CAPTION, "XMP dc:description", "Sem vond een slak"),
        Hint(HintKind.TEXT, "EXIF Software", "Gimp"),
    ),
    "lines": (line("Sem"), line("https://school.example/noor", y=400, code=True)),
}


def test_names_are_found_in_every_place() -> None:
    hits = photo(**EVERYWHERE)
    assert texts(hits) == [
        ("caption", "Noor"),
        ("file_name", "sem"),
        ("metadata", "Noor Bakker"),
        ("metadata", "Sem"),
        ("picture", "Sem"),
        ("code", "noor"),
    ]
    assert [hit.box is not None for hit in hits] == [False] * 4 + [True] * 2
    assert (hits[0].start, hits[0].end) == (0, 4)
    assert [(hit.start, hit.end) for hit in hits[4:]] == [(None, None)] * 2


def test_around_a_photo_without_words_there_is_no_name() -> None:
    assert photo() == ()
    assert photo(caption="", file_name="", hints=(Hint(HintKind.EXIF, "EXIF"),)) == ()


def test_ids_are_the_same_each_time_and_all_different() -> None:
    hits = photo(**EVERYWHERE)
    assert photo(**EVERYWHERE) == hits
    assert len({hit.id for hit in hits}) == len(hits)
    assert all(re.fullmatch("n[0-9a-f]{16}", hit.id) for hit in hits)


def test_a_name_keeps_its_id_whatever_else_is_found() -> None:
    """So that an answer about it still holds when a name is read in the picture after all."""
    (alone,) = photo(caption="Een mooie Roos")
    more = photo(**EVERYWHERE | {"caption": "Een mooie Roos"})
    assert len(more) > 1
    assert alone.id in {hit.id for hit in more}


def test_an_answer_about_a_text_does_not_hold_for_another_text() -> None:
    (opera,) = photo(caption="De opera heet Sem")
    (angry,) = photo(caption="Vandaag werd Sem boos")
    assert opera.id != angry.id


@pytest.mark.parametrize(
    "other",
    [
        {"sha256": "cd" * 32, "caption": "Roos"},
        {"caption": "roos en Noor, Sem"},
        {"file_name": "Roos"},
        {"lines": (line("Roos"),)},
    ],
    ids=["another photo", "written otherwise", "the file name", "the picture"],
)
def test_a_name_elsewhere_is_another_question(other: dict[str, Any]) -> None:
    (here,) = photo(caption="Roos")
    there = photo(**other)
    assert there
    assert here.id not in {hit.id for hit in there}


def test_the_same_name_twice_is_two_names() -> None:
    first, second = photo(caption="Een mooie Roos en een lieve Roos")
    assert first.text == second.text == "Roos"
    assert first.id != second.id
    named = photo(hints=(Hint(HintKind.CAPTION, "IPTC", "Sem"), Hint(HintKind.CAPTION, "XMP", "Sem")))
    assert len({hit.id for hit in named}) == 2


def test_what_a_file_says_at_too_great_a_length_is_no_reason_to_fail() -> None:
    endless = "x" * MAX_CHARACTERS
    hits = photo(file_name="Sem " + endless, hints=(Hint(HintKind.TEXT, "XMP", "Noor " + endless),))
    assert texts(hits) == [("file_name", "Sem"), ("metadata", "Noor")]


def test_who_is_named_is_in_no_repr() -> None:
    shown = repr((photo(**EVERYWHERE), ENTRIES, NAMES, EVERYWHERE["lines"], EVERYWHERE["hints"])).lower()
    assert not [name for name in ("sem", "noor", "bakker") if name in shown]


WORDS = ("Roos", "roos", "Sem", "Kok", "noor", "een", "mooie", "en", "de", "juf", "Groot", ".")
A_SCHOOL = tuple(NameEntry(f"Naam{number} Achter{number}", f"x{number}") for number in range(120))


@settings(deadline=None)  # lists are made in it
@given(
    words=st.lists(st.sampled_from(WORDS), max_size=6),
    place=st.sampled_from(["caption", "file_name", "lines", "codes", "unplaced"]),
    strictly=st.tuples(*[st.frozensets(st.sampled_from([entry.person or "" for entry in ENTRIES]))] * 2),
)
def test_two_hits_with_one_id_are_the_same_text_in_the_same_place(
    words: list[str], place: str, strictly: tuple[frozenset[str], frozenset[str]]
) -> None:
    """Whatever lists are held against a photo: so "this is no name" never clears another name."""
    text = " ".join(words)
    read = line(text or "x", code=place == "codes")
    given_text: dict[str, Any] = {"lines": (TextLine(read.text, read.corners, code=read.code),)}
    if place in ("caption", "file_name"):
        given_text = {place: text}
    elif place == "lines":
        given_text = {"lines": (read,)}
    around: dict[str, Any] = {"caption": None, "file_name": None, "hints": (), "lines": ()}
    meant: dict[str, object] = {}
    for persons in strictly:
        names = name_list((*ENTRIES, *A_SCHOOL), persons=persons)
        for hit in in_photo(names, sha256=PHOTO, **around | given_text):
            subject = (hit.place, hit.text, hit.start, hit.end, hit.box)
            assert meant.setdefault(hit.id, subject) == subject


def test_of_a_line_without_edges_each_name_has_an_id_of_its_own() -> None:
    """Both are boxed as the whole line, and are told apart by the list that is held against the photo."""
    read = line("roos Roos")
    unplaced = TextLine(read.text, read.corners, code=True)
    both, second = (
        photo(lines=(unplaced,)),
        in_photo(
            name_list(ENTRIES, frozenset({"groep 6"})),
            sha256=PHOTO,
            caption=None,
            file_name=None,
            hints=(),
            lines=(unplaced,),
        ),
    )
    assert {hit.id for hit in second} <= {hit.id for hit in both}
    assert len({hit.id for hit in both}) == len(both)
