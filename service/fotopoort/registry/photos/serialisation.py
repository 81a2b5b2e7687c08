"""Findings, answers and requests as JSON and back: enough to decide again without analysing the photo again.

Nothing is guessed: JSON that does not have exactly the shape of the value is refused. The caption and the texts in the
file are not stored, only that there were any. Names that can be read are, for the questions about them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Final, NamedTuple, TypeAlias, Union, cast, get_args, get_origin, get_type_hints

from fotopoort.errors import RegistryError
from fotopoort.registry.people.groups import Years, school_year
from fotopoort.screening.screen import Request
from fotopoort.screening.stored_form import stored_form, stored_name, without_texts
from fotopoort.vocabulary import NOTHING_ELSEWHERE, Answers, Box, DrawnFace, FaceAnswer, Findings, Text

Json: TypeAlias = dict[str, Any]

# Fields that were added later: what was stored before does not have them.
OPTIONAL: Final = frozenset(
    {
        "text",
        "start",
        "end",
        "file_name",
        "message_nl",
        "hint_nl",
        "listed",
        "source",
        "regions",
        "pattern",
        "figures",
        "no_unseen_people",
        "harmful",
        "may_face_camera",
        "by",
        "others",
        "unsure",
        "left_open",
        "unbound",
        "crop",
        "elsewhere",
    }
)


def findings_to_json(findings: Findings) -> Json:
    """The findings, without the content of texts in the file."""
    return _to_json(without_texts(findings))


def findings_from_json(content: object) -> Findings:
    """Raises RegistryError for anything but what `findings_to_json` made."""
    return cast(Findings, _read(Findings, content))


def answers_to_json(answers: Answers) -> Json:
    """The answers, without what was said elsewhere, which stands there."""
    return _to_json(replace(answers, elsewhere=NOTHING_ELSEWHERE))


def answers_from_json(content: object) -> Answers:
    """Raises RegistryError for anything but what `answers_to_json` made."""
    return cast(Answers, _read(Answers, content))


def as_sent(answers: Answers) -> dict[str, Any]:
    """The answers as `answers.parse_answers` reads them: only what was said, and not who was listed."""

    def corners(box: Box) -> list[float]:
        return [box.x, box.y, box.w, box.h]

    def about_face(answer: FaceAnswer | DrawnFace) -> dict[str, Any]:
        person = {"person": answer.person} if answer.person else {}
        label = {"say": answer.label.value} if isinstance(answer, FaceAnswer) and not person else {}
        return label | person | ({"box": corners(answer.box)} if answer.box else {})

    fields: dict[str, Any] = {
        "group": sorted(answers.groups),
        "present": sorted(answers.present),
        "only_present": answers.only_present,
        "others": answers.others,
        "absent": sorted(answers.absent),
        "unsure": sorted(answers.unsure),
        "faces": {face_id: about_face(answer) for face_id, answer in answers.faces.items()},
        "drawn": [about_face(face) for face in answers.drawn],
        "not_names": sorted(answers.not_names),
        "left_open": sorted(answers.left_open),
    } | {flag: getattr(answers, flag) for flag in ("not_a_private_list", "no_unseen_people", "may_face_camera", "crop")}
    told = {key: value for key, value in fields.items() if value}
    return told if answers.harmful is None else told | {"harmful": answers.harmful}


def request_to_json(request: Request) -> Json:
    """The request, without the answers, which are stored separately, and without the caption and the file name."""
    return _to_json(replace(request, answers=Answers(), caption=None, file_name=None))


def request_from_json(content: object, answers: Answers) -> Request:
    """Raises RegistryError for anything but what `request_to_json` made."""
    return replace(cast(Request, _read(Request, content)), answers=answers)


def years_to_json(years: Years) -> list[int]:
    """The school years that a photo can be of; any: an empty list."""
    return sorted(years or ())


def years_from_json(content: list[int] | None, taken: date | None) -> Years:
    """What `years_to_json` made.

    Args:
        content: None: it was recorded before school years were, and only the day is known.
        taken: that day, where it was given.
    """
    if content is None:
        return None if taken is None else frozenset({school_year(taken)})
    return frozenset(content) or None


def _to_json(value: object) -> Json:
    """Raises RegistryError for a value with something in it that JSON cannot hold."""
    form = stored_form(value)
    _check(form)
    return cast(Json, form)


def _check(form: object) -> None:
    if isinstance(form, (dict, list)):
        for item in form.values() if isinstance(form, dict) else form:
            _check(item)
    elif form is not None and not _is_scalar(type(form), form):
        raise _unreadable()


def _read(kind: Any, content: object) -> object:  # noqa: ANN401 - a type annotation
    origin, parts = _shape(kind)
    if origin in (Union, UnionType):
        return None if content is None else _read(next(part for part in parts if part is not NoneType), content)
    if origin is tuple:
        listed = _list(content)
        kinds = parts[:1] * len(listed) if parts[-1] is Ellipsis else parts
        if len(kinds) == len(listed):
            return tuple(map(_read, kinds, listed))
    elif origin is frozenset:
        found = frozenset(_read(parts[0], member) for member in _list(content))
        if len(found) == len(_list(content)):
            return found
    elif origin is Mapping:
        return {key: _read(parts[1], member) for key, member in _object(content).items()}
    elif is_dataclass(kind):
        given, wanted = _object(content), _fields(cast(type, kind))
        if wanted.keys() - OPTIONAL <= given.keys() <= wanted.keys():
            read = {wanted[key].name: _read(wanted[key].kind, given[key]) for key in given}
            return cast(Any, kind)(**read)
    elif issubclass(kind, StrEnum):
        if isinstance(content, str) and content in list(kind):
            return kind(content)
    elif _is_scalar(kind, content):
        return content
    raise _unreadable()


@cache
def _shape(kind: Any) -> tuple[Any, tuple[Any, ...]]:  # noqa: ANN401 - a type annotation
    """What a type is made of: found out once, as a photo has hundreds of values."""
    return get_origin(kind), get_args(kind)


class _Field(NamedTuple):
    name: str
    kind: Any  # a type annotation


@cache
def _fields(kind: type) -> dict[str, _Field]:
    """A dataclass's fields, by the keys under which they are stored."""
    kinds = get_type_hints(kind)
    return {stored_name(field): _Field(field.name, kinds[field.name]) for field in fields(kind)}


def _is_scalar(kind: type, content: object) -> bool:
    if isinstance(content, bool):
        return kind is bool
    if kind is float:  # a whole number stays one, so that it is written again to the same digit
        return isinstance(content, int) or (isinstance(content, float) and math.isfinite(content))
    return kind in (int, str) and isinstance(content, kind)


def _list(content: object) -> list[object]:
    if isinstance(content, list):
        return content
    raise _unreadable()


def _object(content: object) -> Json:
    if isinstance(content, dict):
        return content
    raise _unreadable()


def _unreadable() -> RegistryError:
    return RegistryError(
        Text(
            nl="Wat van deze foto is gezien of gezegd, kan niet meer worden gelezen.",
            en="What was seen or said of this photo cannot be read any more.",
        ),
        hint=Text(nl="Stuur de foto opnieuw.", en="Send the photo again."),
    )
