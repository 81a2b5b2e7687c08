"""Findings, answers and requests as JSON and back: enough to decide again without analysing the photo again.

Nothing is guessed: JSON that does not have exactly the shape of the value is refused. The caption and the texts in the
file are not stored, only that there were any. Names that can be read are, for the questions about them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Final, TypeAlias, Union, cast, get_args, get_origin, get_type_hints

from fotopoort.errors import RegistryError
from fotopoort.screening.screen import Request, without_texts
from fotopoort.vocabulary import Answers, Findings, Text

Json: TypeAlias = dict[str, Any]

# Fields that were added later: what was stored before does not have them.
OPTIONAL: Final = frozenset({"text", "start", "end", "file_name", "message_nl", "hint_nl"})


def findings_to_json(findings: Findings) -> Json:
    """The findings, without the content of texts in the file."""
    return cast(Json, _plain(without_texts(findings)))


def findings_from_json(content: object) -> Findings:
    """Raises RegistryError for anything but what `findings_to_json` made."""
    return cast(Findings, _read(Findings, content))


def answers_to_json(answers: Answers) -> Json:
    """The answers."""
    return cast(Json, _plain(answers))


def answers_from_json(content: object) -> Answers:
    """Raises RegistryError for anything but what `answers_to_json` made."""
    return cast(Answers, _read(Answers, content))


def request_to_json(request: Request) -> Json:
    """The request, without the answers, which are stored separately, and without the caption and the file name."""
    return cast(Json, _plain(replace(request, answers=Answers(), caption=None, file_name=None)))


def request_from_json(content: object, answers: Answers) -> Request:
    """Raises RegistryError for anything but what `request_to_json` made."""
    return replace(cast(Request, _read(Request, content)), answers=answers)


def _plain(value: object) -> object:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(member) for key, member in value.items()}
    if isinstance(value, tuple):
        return [_plain(member) for member in value]
    if isinstance(value, frozenset):
        members: list[Any] = [_plain(member) for member in value]
        return sorted(members)
    if isinstance(value, StrEnum):
        return value.value
    if value is None or _is_scalar(type(value), value):
        return value
    raise _unreadable()


def _read(kind: Any, content: object) -> object:  # noqa: ANN401 - a type annotation
    origin, parts = get_origin(kind), get_args(kind)
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
        given, types = _object(content), _field_types(cast(type, kind))
        if types.keys() - OPTIONAL <= given.keys() <= types.keys():
            return cast(Any, kind)(**{name: _read(types[name], given[name]) for name in given})
    elif issubclass(kind, StrEnum):
        if isinstance(content, str) and content in list(kind):
            return kind(content)
    elif _is_scalar(kind, content):
        return content
    raise _unreadable()


@cache
def _field_types(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


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
