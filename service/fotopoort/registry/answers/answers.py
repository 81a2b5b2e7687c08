"""A teacher's answers about one photo: read from JSON, and checked against the class list.

```json
{"group": ["groep 5"], "present": ["p3"], "only_present": false, "others": false, "absent": ["p7"], "unsure": ["p8"],
 "faces": {"f1": {"person": "p3", "box": [10, 20, 30, 40]}, "f2": {"say": "adult", "box": [60, 20, 30, 40]},
           "f3": "cover"},
 "drawn": [{"box": [300, 80, 60, 70], "person": "p9"}],
 "not_names": ["n1f0c22ab9d3e4875"], "not_a_private_list": false, "no_unseen_people": false, "left_open": [],
 "harmful": false, "may_face_camera": false, "crop": false}
```

Everything may be left out. A face is a person, an `adult` (who agreed; before: `no_pupil`), `other_child`,
`not_a_person`, `unknown` ("weet ik niet") or to `cover`. Who is `unsure`, and questions whose ids are `left_open`, are
not asked about again; `others` says that there are others in it too. A face's box says where it was, and is what binds
the answer, see `binding.py`. Boxes are x, y, width, height in pixels of the upright, full-size photo. With
`only_present`, `listed` may say who was on the list then; left out, all of the groups who are on it now. Whoever is not
on the list now is dropped from it.
"""

from __future__ import annotations

import difflib
import json
import math
import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, Final

from fotopoort.errors import BadAnswers, UnknownGroup, UnknownPerson
from fotopoort.policy.posts.answers import ELSEWHERE
from fotopoort.registry.answers.binding import with_listed
from fotopoort.vocabulary import Answers, Box, DrawnFace, FaceAnswer, FaceId, FaceLabel, People, Text, group_key

KEYS: Final = tuple(
    "group present only_present others absent unsure faces drawn not_names not_a_private_list listed no_unseen_people"
    " left_open harmful may_face_camera crop".split()
)
ABOUT_A_FACE: Final = re.compile(r"q-(is-pupil|who-is-this)-.*")  # the ids of such questions
FACE_ID: Final = re.compile(rf"f[0-9]+({ELSEWHERE}([0-9.e+-]+(,[0-9.e+-]+){{3}})?)?")  # and nothing that is a text
FACE_KEYS: Final = ("person", "say", "box")
MAX_ENTRIES: Final = 10_000  # in all lists and faces of one photo's answers together
MAX_GROUPS: Final = 100  # in one photo's answers
FACE_LABELS: Final = tuple(label.value for label in FaceLabel if label is not FaceLabel.PERSON)


def read_json(text: str) -> object:
    """JSON in which no object has the same key twice: of two answers to one question neither can be trusted.

    Whole numbers of any length become floats. Those that are too large become infinite, which no answer accepts.

    Raises:
        BadAnswers: it is not such JSON.
    """

    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        if len(dict(pairs)) != len(pairs):
            raise BadAnswers(
                Text(
                    nl="Een object in de antwoorden heeft twee keer dezelfde sleutel.",
                    en="An object in the answers has the same key twice.",
                ),
                hint=Text(nl="Haal er een weg.", en="Take one of them out."),
            )
        return dict(pairs)

    try:
        return json.loads(text, object_pairs_hook=once, parse_int=float)
    except json.JSONDecodeError as error:
        raise BadAnswers(
            Text(
                nl=f"De antwoorden zijn geen JSON: {error.msg} op regel {error.lineno}, kolom {error.colno}.",
                en=f"The answers are not JSON: {error.msg} at line {error.lineno}, column {error.colno}.",
            ),
            hint=Text(nl="Verbeter het daar.", en="Correct it there."),
        ) from None
    except (ValueError, RecursionError):
        raise BadAnswers(
            Text(
                nl="De antwoorden zijn geen JSON die kan worden gelezen.",
                en="The answers are not JSON that can be read.",
            ),
            hint=Text(nl="Schrijf ze eenvoudiger.", en="Write them more simply."),
        ) from None


def parse_answers(content: object, people: People | None, place: str = "answers") -> Answers:
    """The answers about one photo, from JSON that `read_json` read.

    Args:
        people: the class list that must have every id; None: there is none, and every id is accepted.
        place: where this was in the JSON, for messages.

    Raises:
        BadAnswers, UnknownPerson, UnknownGroup: it cannot be used; the message names the place in it.
    """
    fields = object_of(content, place, KEYS)
    _check_size(fields, place)
    faces = object_of(fields.get("faces", {}), f"{place}.faces")
    drawn = list_of(fields, "drawn", place)
    answers = Answers(
        groups=_texts(fields, "group", place),
        present=_texts(fields, "present", place),
        only_present=_flag(fields, "only_present", place),
        others=_flag(fields, "others", place),
        absent=_texts(fields, "absent", place),
        unsure=_texts(fields, "unsure", place),
        faces={face: _face_answer(faces[face], f"{place}.faces.{_face_id(face, place)}") for face in faces},
        drawn=tuple(_drawn(face, f"{place}.drawn[{number}]") for number, face in enumerate(drawn)),
        not_names=_texts(fields, "not_names", place),
        not_a_private_list=_flag(fields, "not_a_private_list", place),
        listed=_texts(fields, "listed", place) if "listed" in fields else None,
        no_unseen_people=_flag(fields, "no_unseen_people", place),
        left_open=_texts(fields, "left_open", place),
        harmful=_flag(fields, "harmful", place) if "harmful" in fields else None,
        may_face_camera=_flag(fields, "may_face_camera", place),
        crop=_flag(fields, "crop", place),
    )
    if answers.listed is not None and not answers.only_present:
        problem = Text(nl="hoort bij only_present; dat staat er niet", en="belongs to only_present, which is not there")
        raise _refused(f"{place}.listed", problem)
    return check_answers(answers, people, place)


def check_answers(answers: Answers, people: People | None, place: str = "answers") -> Answers:
    """The answers with groups spelled as on the class list and, with "nobody else", with those who are on it now.

    Raises:
        UnknownPerson, UnknownGroup: the class list does not have one of them.
        BadAnswers: somebody is both in the photo and absent from it, or there are too many groups.
    """
    if len(answers.groups) > MAX_GROUPS:
        raise _refused(f"{place}.group", _at_most(MAX_GROUPS))
    identified = {f"faces.{face}": answer.person for face, answer in answers.faces.items() if answer.person}
    identified |= {f"drawn[{number}]": drawn.person for number, drawn in enumerate(answers.drawn) if drawn.person}
    named = [("present", answers.present), ("absent", answers.absent), ("unsure", answers.unsure)]
    named += [(where, frozenset({person})) for where, person in identified.items()]
    if answers.absent & (answers.present | set(identified.values())):
        raise BadAnswers(
            Text(
                nl=f"In {place}.absent staat iemand van wie ook is gezegd dat die op de foto staat.",
                en=f"{place}.absent has somebody in it who is said to be in the photo as well.",
            ),
            hint=Text(nl="Haal die persoon uit een van de twee.", en="Take that person out of one of them."),
        )
    if people is None:
        return answers
    for where, persons in named:
        if not persons <= people.persons.keys():
            raise UnknownPerson(
                Text(
                    nl=f"In {place}.{where} staat een id dat niet op de klassenlijst staat.",
                    en=f"{place}.{where} has an id that is not in the class list.",
                ),
                hint=Text(
                    nl="Gebruik de id's uit de kolom id van de klassenlijst.",
                    en="Use the ids of the class list's column id.",
                ),
            )
    if answers.groups:
        spelling = {group_key(name): name for person in people.persons.values() for name in person.groups}
        answers = replace(answers, groups=frozenset(_group(group, spelling, place) for group in answers.groups))
    return with_listed(answers, people)


def refuse_faces(answers: Answers, place: str) -> Answers:
    """Answers about several photos, in which no question about a face is left open: its id tells of no photo.

    Raises:
        BadAnswers: there is one.
    """
    if any(map(ABOUT_A_FACE.fullmatch, answers.left_open)):
        problem = Text(
            nl="noemt een vraag over een gezicht; die hoort bij één foto, onder photos",
            en="has a question about a face, which belongs to one photo, under photos",
        )
        raise _refused(f"{place}.left_open", problem)
    return answers


def _group(group: str, spelling: Mapping[str, str], place: str) -> str:
    """A group as the class list spells it."""
    key = group_key(group)
    if key not in spelling:
        near = difflib.get_close_matches(key, spelling, 1)
        names = ", ".join(sorted(spelling.values()))
        raise UnknownGroup(
            Text(
                nl=f"In {place}.group staat een groep die niet op de klassenlijst staat.",
                en=f"{place}.group has a group that is not in the class list.",
            ),
            hint=Text(nl=f"Bedoelde je “{spelling[near[0]]}”?", en=f"Did you mean “{spelling[near[0]]}”?")
            if near
            else Text(nl=f"Dit zijn ze: {names}.", en=f"There are: {names}."),
        )
    return spelling[key]


def _face_id(face: FaceId, place: str) -> FaceId:
    """A face's id; or one for a place where that face is not any more, as the page of a run writes it."""
    if not FACE_ID.fullmatch(face):
        raise BadAnswers(
            Text(
                nl=f"In {place}.faces staat een sleutel die geen gezicht is.",
                en=f"{place}.faces has a key that is no face.",
            ),
            hint=Text(nl="Gezichten heten f1, f2, enzovoort.", en="Faces are called f1, f2, and so on."),
        )
    return face


def _face_answer(content: object, place: str) -> FaceAnswer:
    fields: dict[str, Any] = {"say": content} if isinstance(content, str) else object_of(content, place, FACE_KEYS)
    box = _box(fields["box"], f"{place}.box") if "box" in fields else None
    if "person" in fields and fields.get("say", FaceLabel.PERSON) == FaceLabel.PERSON:
        return FaceAnswer(FaceLabel.PERSON, _text(fields["person"], f"{place}.person"), box)
    if "person" in fields or fields.get("say") not in FACE_LABELS:
        nl, en = 'moet {"person": "<id>"} zijn of een van ', 'must be {"person": "<id>"} or one of '
        raise _refused(place, Text(*(start + ", ".join(FACE_LABELS) for start in (nl, en))))
    return FaceAnswer(FaceLabel(fields["say"]), None, box)


def _drawn(content: object, place: str) -> DrawnFace:
    fields = object_of(content, place, ("box", "person"))
    person = fields.get("person")
    return DrawnFace(
        _box(fields.get("box"), f"{place}.box"), None if person is None else _text(person, f"{place}.person")
    )


def _box(content: object, place: str) -> Box:
    numbers = content if isinstance(content, list) else []
    pixels = [float(n) for n in numbers if isinstance(n, (int, float)) and not isinstance(n, bool)]
    if len(numbers) != 4 or len(pixels) != 4 or not all(map(math.isfinite, pixels)) or min(pixels[2:]) <= 0:
        problem = Text(nl="moet [x, y, breedte, hoogte] in pixels zijn", en="must be [x, y, width, height] in pixels")
        raise _refused(place, problem)
    return Box(*pixels)


def object_of(content: object, place: str | Text, keys: Collection[str] | None = None) -> dict[str, Any]:
    """The object that was read.

    Raises:
        BadAnswers: it is none, or has other keys than these.
    """
    if not isinstance(content, dict):
        raise _refused(place, Text(nl="moet een object {…} zijn", en="must be an object {…}"))
    for key in content:
        if keys is not None and key not in keys:
            accepted = ", ".join(keys)
            nl, en = f"heeft een onbekende sleutel; toegestaan: {accepted}", f"has an unknown key; it takes: {accepted}"
            raise _refused(place, Text(nl, en))
    return content


def _check_size(fields: Mapping[str, Any], place: str) -> None:
    if sum(len(content) for content in fields.values() if isinstance(content, (list, dict))) > MAX_ENTRIES:
        raise _refused(place, _at_most(MAX_ENTRIES))


def _at_most(count: int) -> Text:
    return Text(nl=f"mag hoogstens {count} dingen noemen", en=f"may name at most {count} things")


def list_of(fields: Mapping[str, Any], key: str, place: str) -> list[object]:
    content = fields.get(key, [])
    if not isinstance(content, list):
        raise _refused(f"{place}.{key}", Text(nl="moet een lijst […] zijn", en="must be a list […]"))
    return content


def _texts(fields: Mapping[str, Any], key: str, place: str) -> frozenset[str]:
    texts = enumerate(list_of(fields, key, place))
    return frozenset(_text(text, f"{place}.{key}[{number}]") for number, text in texts)


def _text(content: object, place: str) -> str:
    if not isinstance(content, str) or not content:
        problem = Text(nl="moet een tekst tussen dubbele aanhalingstekens zijn", en="must be a text in double quotes")
        raise _refused(place, problem)
    return content


def _flag(fields: Mapping[str, Any], key: str, place: str) -> bool:
    content = fields.get(key, False)
    if not isinstance(content, bool):
        raise _refused(f"{place}.{key}", Text(nl="moet true of false zijn", en="must be true or false"))
    return content


def _refused(place: str | Text, problem: Text) -> BadAnswers:
    where = place if isinstance(place, Text) else Text(place, place)
    return BadAnswers(
        Text(nl=f"In de antwoorden: {where.nl} {problem.nl}.", en=f"In the answers, {where.en} {problem.en}."),
        hint=Text(nl=f"Verbeter {where.nl} en probeer het opnieuw.", en=f"Correct {where.en} and try again."),
    )
