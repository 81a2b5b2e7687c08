"""What the teacher said, as JSON: read, checked against the class list, and put together.

```json
{"photos": {"IMG_2031.jpg": {
    "group": ["groep 5"], "present": ["p3"], "only_present": false, "absent": ["p7"],
    "faces": {"f1": {"person": "p3"}, "f2": "no_pupil", "f3": {"say": "cover", "box": [10, 20, 30, 40]}},
    "drawn": [{"box": [300, 80, 60, 70], "person": "p9"}],
    "not_names": ["n1"], "not_a_private_list": false}}}
```

A photo's key is its file name or the SHA-256 of its bytes. Everything inside a photo may be left out. A face is said
to be a person, `no_pupil`, `not_a_person` or `cover`; its box says where it was. Boxes are x, y, width, height in
pixels of the upright, full-size photo.
"""

from __future__ import annotations

import difflib
import json
import math
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from fotopoort.errors import BadAnswers, FileMissing, UnknownGroup, UnknownPerson
from fotopoort.registry.lists.class_list import group_key
from fotopoort.vocabulary import Answers, Box, DrawnFace, FaceAnswer, FaceId, FaceLabel, People

KEYS: Final = ("group", "present", "only_present", "absent", "faces", "drawn", "not_names", "not_a_private_list")
SAYINGS: Final = tuple(saying.value for saying in FaceLabel if saying is not FaceLabel.PERSON)


def read_answers(path: Path, people: People | None) -> Mapping[str, Answers]:
    """The answers in a file, per photo (file name or SHA-256).

    Raises:
        FileMissing: there is no such file.
        BadAnswers, UnknownPerson, UnknownGroup: it cannot be used; the message names the place, never a photo.
    """
    try:
        content = read_json(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise FileMissing("There is no file with answers at that path.") from None
    except OSError:
        raise BadAnswers("The answers cannot be read.", hint="Name a JSON file that you may read.") from None
    except UnicodeDecodeError:
        raise BadAnswers("The answers are not JSON in UTF-8.", hint="Save the file as UTF-8.") from None
    photos = _object(_object(content, "the file", ("photos",)).get("photos"), "photos")
    # Numbered, not named: a file name may hold a child's name.
    return {key: parse_answers(photos[key], people, f"photos[{number}]") for number, key in enumerate(photos)}


def read_json(text: str) -> object:
    """JSON in which no key stands twice in an object: of two answers to one question neither can be trusted.

    Whole numbers of any length become floats, and those that are too large infinite, which no answer takes.

    Raises:
        BadAnswers: it is not such JSON.
    """

    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        if len(dict(pairs)) != len(pairs):
            raise BadAnswers("An object in the answers has the same key twice.", hint="Take one of them out.")
        return dict(pairs)

    try:
        return json.loads(text, object_pairs_hook=once, parse_int=float)
    except json.JSONDecodeError as error:
        raise BadAnswers(
            f"The answers are not JSON: {error.msg} at line {error.lineno}, column {error.colno}.",
            hint="Correct it there.",
        ) from None
    except (ValueError, RecursionError):
        raise BadAnswers("The answers are not JSON that can be read.", hint="Write them more simply.") from None


def parse_answers(content: object, people: People | None, place: str = "answers") -> Answers:
    """What was said about one photo, from JSON that was read already.

    Args:
        people: whom the ids must be known to; None: any id is taken, and nobody is known.
        place: where this stood, for messages.

    Raises:
        BadAnswers, UnknownPerson, UnknownGroup: it cannot be used; the message names the place in it.
    """
    said = _object(content, place, KEYS)
    faces = _object(said.get("faces", {}), f"{place}.faces")
    drawn = _list(said, "drawn", place)
    answers = Answers(
        groups=_texts(said, "group", place),
        present=_texts(said, "present", place),
        only_present=_flag(said, "only_present", place),
        absent=_texts(said, "absent", place),
        faces={face: _face_answer(faces[face], f"{place}.faces.{_face_id(face, place)}") for face in faces},
        drawn=tuple(_drawn(one, f"{place}.drawn[{number}]") for number, one in enumerate(drawn)),
        not_names=_texts(said, "not_names", place),
        not_a_private_list=_flag(said, "not_a_private_list", place),
    )
    return check_answers(answers, people, place)


def check_answers(answers: Answers, people: People | None, place: str = "answers") -> Answers:
    """The answers with groups spelled as on the class list.

    Raises:
        UnknownPerson, UnknownGroup: the class list does not have one of them.
        BadAnswers: somebody is said both to be in the photo and not to be.
    """
    tapped = {f"faces.{face}": answer.person for face, answer in answers.faces.items() if answer.person}
    tapped |= {f"drawn[{number}]": drawn.person for number, drawn in enumerate(answers.drawn) if drawn.person}
    named = [("present", answers.present), ("absent", answers.absent)]
    named += [(where, frozenset({person})) for where, person in tapped.items()]
    if answers.absent & (answers.present | set(tapped.values())):
        raise BadAnswers(
            f"{place}.absent has somebody in it who is said to be in the photo as well.",
            hint="Take that person out of one of them.",
        )
    if people is None:
        return answers
    for where, persons in named:
        if persons - people.persons.keys():
            raise UnknownPerson(
                f"{place}.{where} has an id that is not in the class list.",
                hint="Use the ids of the class list's column id.",
            )
    return replace(answers, groups=frozenset(_known_group(group, people, place) for group in answers.groups))


def merge(base: Answers, more: Answers) -> Answers:
    """Both together. What `more` says of a face replaces what `base` says of it; in all else they add up."""
    return Answers(
        groups=base.groups | more.groups,
        present=base.present | more.present,
        only_present=base.only_present or more.only_present,
        absent=base.absent | more.absent,
        faces={**base.faces, **more.faces},
        drawn=base.drawn + more.drawn,
        not_names=base.not_names | more.not_names,
        not_a_private_list=base.not_a_private_list or more.not_a_private_list,
        overridden=base.overridden | more.overridden,
    )


def _known_group(group: str, people: People, place: str) -> str:
    known = {group_key(name): name for person in people.persons.values() for name in person.groups}
    key = group_key(group)
    if key not in known:
        near = difflib.get_close_matches(key, known, 1)
        raise UnknownGroup(
            f"{place}.group has a group that is not in the class list.",
            hint=f"Did you mean “{known[near[0]]}”?" if near else f"There are: {', '.join(sorted(known.values()))}.",
        )
    return known[key]


def _face_id(face: FaceId, place: str) -> FaceId:
    if face[:1] != "f" or not face[1:].isdecimal():
        raise BadAnswers(f"{place}.faces has a key that is no face.", hint="Faces are called f1, f2, and so on.")
    return face


def _face_answer(content: object, place: str) -> FaceAnswer:
    said: dict[str, Any] = {"say": content} if isinstance(content, str) else _object(content, place, _FACE_KEYS)
    box = _box(said["box"], f"{place}.box") if "box" in said else None
    if "person" in said and said.get("say", FaceLabel.PERSON) == FaceLabel.PERSON:
        return FaceAnswer(FaceLabel.PERSON, _text(said["person"], f"{place}.person"), box)
    if "person" in said or said.get("say") not in SAYINGS:
        raise _refused(place, 'must be {"person": "<id>"} or one of ' + ", ".join(SAYINGS))
    return FaceAnswer(FaceLabel(said["say"]), None, box)


_FACE_KEYS: Final = ("person", "say", "box")


def _drawn(content: object, place: str) -> DrawnFace:
    said = _object(content, place, ("box", "person"))
    person = said.get("person")
    return DrawnFace(
        _box(said.get("box"), f"{place}.box"), None if person is None else _text(person, f"{place}.person")
    )


def _box(content: object, place: str) -> Box:
    numbers = content if isinstance(content, list) else []
    plain = [float(one) for one in numbers if isinstance(one, (int, float)) and not isinstance(one, bool)]
    if len(numbers) != 4 or len(plain) != 4 or not all(map(math.isfinite, plain)) or min(plain[2:]) <= 0:
        raise _refused(place, "must be [x, y, width, height] in pixels")
    return Box(*plain)


def _object(content: object, place: str, keys: Collection[str] | None = None) -> dict[str, Any]:
    if not isinstance(content, dict):
        raise _refused(place, "must be an object {…}")
    for key in content:
        if keys is not None and key not in keys:
            raise _refused(place, f"has an unknown key; it takes: {', '.join(keys)}")
    return content


def _list(said: Mapping[str, Any], key: str, place: str) -> list[object]:
    content = said.get(key, [])
    if not isinstance(content, list):
        raise _refused(f"{place}.{key}", "must be a list […]")
    return content


def _texts(said: Mapping[str, Any], key: str, place: str) -> frozenset[str]:
    return frozenset(_text(one, f"{place}.{key}[{n}]") for n, one in enumerate(_list(said, key, place)))


def _text(content: object, place: str) -> str:
    if not isinstance(content, str) or not content:
        raise _refused(place, "must be a text in double quotes")
    return content


def _flag(said: Mapping[str, Any], key: str, place: str) -> bool:
    content = said.get(key, False)
    if not isinstance(content, bool):
        raise _refused(f"{place}.{key}", "must be true or false")
    return content


def _refused(place: str, problem: str) -> BadAnswers:
    return BadAnswers(f"In the answers, {place} {problem}.", hint=f"Correct {place} and try again.")
