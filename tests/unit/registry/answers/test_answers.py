"""Answers in JSON: everything a teacher can say, and what is refused by place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fotopoort.errors import BadAnswers, FileMissing, UnknownGroup, UnknownPerson, UseError
from fotopoort.policy.posts.answers import merge
from fotopoort.registry.answers.answers import check_answers, parse_answers
from fotopoort.registry.answers.answers_file import read_answers
from fotopoort.registry.photos.serialisation import as_sent
from fotopoort.vocabulary import Answers, Box, DrawnFace, FaceAnswer, FaceLabel, People, Person, Text

SHA256 = "5e" * 32
PEOPLE = People({id: Person(id, f"Name of {id}", groups=frozenset({"Groep 5"})) for id in ("p1", "p2", "p3")}, "r")


def written(tmp_path: Path, content: object) -> Path:
    path = tmp_path / "answers.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def test_everything_a_teacher_can_say(tmp_path: Path) -> None:
    content = {
        "group": ["groep 5"],
        "present": ["p1", "p2"],
        "only_present": True,
        "absent": ["p3"],
        "faces": {
            "f1": {"person": "p1"},
            "f2": "no_pupil",
            "f3": {"say": "not_a_person"},
            "f5": "adult",
            "f6": {"say": "other_child", "box": [5, 6, 7, 8]},
            "f4": {"say": "cover", "box": [1, 2, 3.5, 4]},
            "f12": {"say": "person", "person": "p2", "box": [-1, 0, 5, 6]},
        },
        "drawn": [{"box": [9, 8, 7, 6], "person": "p2"}, {"box": [1, 1, 1, 1]}],
        "not_names": ["n1"],
        "not_a_private_list": True,
        "no_unseen_people": True,
        "harmful": False,
        "may_face_camera": True,
    }
    file = read_answers(written(tmp_path, {"photos": {"IMG_1.jpg": {"sha256": SHA256} | content, "00ff": {}}}), PEOPLE)
    assert file.by_sha256[SHA256] == Answers(
        groups=frozenset({"Groep 5"}),  # as the class list spells it
        present=frozenset({"p1", "p2"}),
        only_present=True,
        absent=frozenset({"p3"}),
        faces={
            "f1": FaceAnswer(FaceLabel.PERSON, "p1"),
            "f2": FaceAnswer(FaceLabel.NO_PUPIL),
            "f3": FaceAnswer(FaceLabel.NOT_A_PERSON),
            "f5": FaceAnswer(FaceLabel.ADULT),
            "f6": FaceAnswer(FaceLabel.OTHER_CHILD, box=Box(5, 6, 7, 8)),
            "f4": FaceAnswer(FaceLabel.COVER, box=Box(1, 2, 3.5, 4)),
            "f12": FaceAnswer(FaceLabel.PERSON, "p2", Box(-1, 0, 5, 6)),
        },
        drawn=(DrawnFace(Box(9, 8, 7, 6), "p2"), DrawnFace(Box(1, 1, 1, 1))),
        not_names=frozenset({"n1"}),
        not_a_private_list=True,
        no_unseen_people=True,
        harmful=False,
        may_face_camera=True,
        listed=frozenset({"p1", "p2", "p3"}),
    )
    assert file.by_name == {"00ff": Answers()}


REFUSED = {
    "no object": ([], "answers must be an object"),
    "unknown key": ({"groups": ["groep 5"]}, "answers has an unknown key; it takes: group, present"),
    "group as text": ({"group": "groep 5"}, "answers.group must be a list"),
    "number for a person": ({"present": ["p1", 3]}, "answers.present[1] must be a text"),
    "empty person": ({"absent": [""]}, "answers.absent[0] must be a text"),
    "flag as text": ({"only_present": "yes"}, "answers.only_present must be true or false"),
    "flag as null": ({"not_a_private_list": None}, "answers.not_a_private_list must be true or false"),
    "faces as list": ({"faces": []}, "answers.faces must be an object"),
    "a text at a face": ({"faces": {"f1@Noor": "cover"}}, "answers.faces has a key that is no face"),
    "no face": ({"faces": {"Noor": "cover"}}, "answers.faces has a key that is no face"),
    "unknown word": ({"faces": {"f1": "hide"}}, "answers.faces.f1 must be"),
    "person without who": ({"faces": {"f1": "person"}}, "answers.faces.f1 must be"),
    "person and another word": ({"faces": {"f1": {"person": "p1", "say": "cover"}}}, "answers.faces.f1 must be"),
    "word of a strange kind": ({"faces": {"f1": {"say": ["cover"]}}}, "answers.faces.f1 must be"),
    "person of a strange kind": ({"faces": {"f1": {"person": 1}}}, "answers.faces.f1.person must be a text"),
    "unknown key of a face": ({"faces": {"f1": {"who": "p1"}}}, "answers.faces.f1 has an unknown key"),
    "nothing about a face": ({"faces": {"f1": {}}}, "answers.faces.f1 must be"),
    "box of three": ({"faces": {"f1": {"say": "cover", "box": [1, 2, 3]}}}, "answers.faces.f1.box must be [x, y"),
    "box without size": ({"drawn": [{"box": [1, 2, 0, 4]}]}, "answers.drawn[0].box must be [x, y"),
    "box of text": ({"drawn": [{"box": "1234"}]}, "answers.drawn[0].box must be [x, y"),
    "box with a flag": ({"drawn": [{"box": [1, 2, 3, True]}]}, "answers.drawn[0].box must be [x, y"),
    "endless box": ({"drawn": [{"box": [1, 2, 3, float("inf")]}]}, "answers.drawn[0].box must be [x, y"),
    "no box": ({"drawn": [{"person": "p1"}]}, "answers.drawn[0].box must be [x, y"),
    "present and absent": ({"present": ["p1"], "absent": ["p1"]}, "answers.absent has somebody in it"),
    "tapped and absent": ({"faces": {"f1": {"person": "p1"}}, "absent": ["p1"]}, "answers.absent has somebody"),
    "drawn and absent": ({"drawn": [{"box": [1, 2, 3, 4], "person": "p1"}], "absent": ["p1"]}, "answers.absent has"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "message"), REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("people", [None, PEOPLE], ids=["without class list", "with class list"])
def test_bad_answers_are_refused_by_place(content: object, message: str, people: People | None) -> None:
    with pytest.raises(BadAnswers) as error:
        parse_answers(content, people)
    assert message in error.value.message.en
    assert "Noor" not in repr((error.value.message, error.value.hint))


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ({"present": ["p1", "Noor"]}, "answers.present"),
        ({"absent": ["Noor"]}, "answers.absent"),
        ({"faces": {"f2": {"person": "Noor"}}}, "answers.faces.f2"),
        ({"drawn": [{"box": [1, 1, 1, 1], "person": "Noor"}]}, "answers.drawn[0]"),
    ],
)
def test_an_unknown_person_is_refused_without_saying_who(content: object, place: str) -> None:
    with pytest.raises(UnknownPerson) as error:
        parse_answers(content, PEOPLE)
    assert error.value.message.en.startswith(place)
    assert "Noor" not in repr((error.value.message, error.value.hint))


def test_without_a_class_list_any_id_is_accepted() -> None:
    assert parse_answers({"present": ["x"], "group": ["y"]}, None) == Answers(
        groups=frozenset({"y"}), present=frozenset({"x"})
    )


def test_an_unknown_group_gets_a_suggestion() -> None:
    with pytest.raises(UnknownGroup) as error:
        parse_answers({"group": ["grop 5"]}, PEOPLE)
    assert error.value.hint.en == "Did you mean “Groep 5”?"
    with pytest.raises(UnknownGroup) as error:
        check_answers(Answers(groups=frozenset({"x"})), PEOPLE)
    assert error.value.hint == Text(nl="Dit zijn ze: Groep 5.", en="There are: Groep 5.")


@pytest.mark.parametrize(
    ("content", "error", "message"),
    [
        ("{", BadAnswers, "not JSON: .* at line 1, column 2"),
        ("[" * 100_000, BadAnswers, "not JSON"),
        ('{"photos": {"a.jpg": {"drawn": [{"box": [1, 2, 3, 1' + "0" * 400 + "]}]}}}", BadAnswers, "in pixels"),
        ("[]", BadAnswers, "the file must be an object"),
        ({}, BadAnswers, "photos must be an object"),
        ({"photos": {}, "version": 1}, BadAnswers, "the file has an unknown key"),
        ('{"photos": {"a.jpg": {}, "a.jpg": {}}}', BadAnswers, "the same key twice"),
        ({"photos": {"a.jpg": {}, "Noor.jpg": {"x": 1}}}, BadAnswers, r"photos\[1\] has an unknown key"),
        ({"photos": {"Noor.jpg": {"present": ["p9"]}}}, UnknownPerson, r"photos\[0\].present"),
    ],
)
def test_a_bad_file(tmp_path: Path, content: object, error: type[UseError], message: str) -> None:
    with pytest.raises(error, match=message) as refused:
        read_answers(written(tmp_path, content), PEOPLE)
    assert "Noor" not in repr((refused.value.message, refused.value.hint))


def test_a_refusal_names_the_place_in_dutch_too() -> None:
    with pytest.raises(BadAnswers) as error:
        parse_answers({"faces": {"f1": "hide"}}, None)
    assert error.value.message.nl.startswith('In de antwoorden: answers.faces.f1 moet {"person": "<id>"} zijn')
    assert error.value.hint.nl == "Verbeter answers.faces.f1 en probeer het opnieuw."


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(FileMissing):
        read_answers(tmp_path / "none.json", None)
    with pytest.raises(BadAnswers, match="cannot be read"):
        read_answers(tmp_path, None)
    (tmp_path / "a.json").write_bytes(b"\xff")
    with pytest.raises(BadAnswers, match="UTF-8"):
        read_answers(tmp_path / "a.json", None)


def test_merge_adds_up_and_the_later_answer_about_a_face_counts() -> None:
    base = parse_answers(
        {"group": ["a"], "present": ["p1"], "only_present": True, "faces": {"f1": "cover", "f2": "cover"}}, None
    )
    more = parse_answers({"group": ["b"], "absent": ["p2"], "faces": {"f2": "no_pupil"}, "not_names": ["n1"]}, None)
    assert merge(base, more) == Answers(
        groups=frozenset({"a", "b"}),
        present=frozenset({"p1"}),
        only_present=True,
        absent=frozenset({"p2"}),
        faces={"f1": FaceAnswer(FaceLabel.COVER), "f2": FaceAnswer(FaceLabel.NO_PUPIL)},
        not_names=frozenset({"n1"}),
    )
    assert merge(base, Answers()) == merge(Answers(), base) == base


@pytest.mark.parametrize(
    ("base", "more", "merged"),
    [(None, None, None), (None, False, False), (False, None, False), (True, False, True), (False, True, True)],
)
def test_that_it_does_harm_stays_whoever_says_no(base: bool | None, more: bool | None, merged: bool | None) -> None:
    assert merge(Answers(harmful=base), Answers(harmful=more)).harmful is merged


def test_who_said_so_cannot_be_sent_along() -> None:
    with pytest.raises(BadAnswers):
        parse_answers({"faces": {"f1": {"say": "adult", "by": "somebody else"}}}, None)


def test_answers_are_told_as_they_are_sent() -> None:
    sent = {
        "group": ["Groep 5"],
        "present": ["p1"],
        "only_present": True,
        "others": True,
        "absent": ["p3"],
        "unsure": ["p2"],
        "faces": {"f1": {"person": "p1", "box": [1, 2, 3, 4]}, "f2": {"say": "no_pupil"}, "f3": {"say": "unknown"}},
        "drawn": [{"person": "p2", "box": [9, 8, 7, 6]}, {"box": [1, 1, 1, 1]}],
        "not_names": ["n1"],
        "not_a_private_list": True,
        "no_unseen_people": True,
        "left_open": ["q-is-private-list"],
        "may_face_camera": True,
        "harmful": False,
    }
    assert as_sent(parse_answers(sent, PEOPLE)) == sent
    assert as_sent(Answers()) == {}


def test_who_was_listed_is_said_with_nobody_else_alone() -> None:
    with pytest.raises(BadAnswers) as refused:
        parse_answers({"listed": ["p1", "p2"]}, PEOPLE)
    assert "answers.listed" in str(refused.value)
    said = parse_answers({"only_present": True, "listed": ["p1", "somebody"]}, PEOPLE)
    assert said.listed == frozenset({"p1"})  # nobody whom the list does not have


def test_a_list_without_nobody_else_does_not_widen_an_earlier_one() -> None:
    said = Answers(only_present=True, listed=frozenset({"p1"}))
    more = Answers(listed=frozenset({"p2"}))
    assert merge(said, more).listed == merge(more, said).listed == frozenset({"p1"})


@pytest.mark.parametrize(
    "content",
    [
        {"group": [f"groep {number}" for number in range(101)]},
        {"present": [f"p{number}" for number in range(10_001)]},
        {"absent": ["p1"] * 5_000, "not_names": ["n1"] * 5_001},
        {"faces": {f"f{number}": "cover" for number in range(10_001)}},
        {"drawn": [{"box": [1, 1, 9, 9]}] * 10_001},
    ],
    ids=lambda content: next(iter(content)),
)
def test_answers_that_name_too_much_are_refused(content: dict[str, object]) -> None:
    with pytest.raises(BadAnswers, match="at most"):
        parse_answers(content, PEOPLE)


def test_the_groups_of_everybody_are_read_once_whatever_is_said() -> None:
    class Counted(dict[str, Person]):
        walks = 0

        def values(self) -> Any:  # noqa: ANN401 - as of a dict
            Counted.walks += 1
            return super().values()

    people = People(Counted({str(n): Person(str(n), "N", groups=frozenset({f"groep {n}"})) for n in range(50)}), "r")
    parse_answers({"group": [f"Groep {number}" for number in range(50)]}, people)
    assert Counted.walks == 1
