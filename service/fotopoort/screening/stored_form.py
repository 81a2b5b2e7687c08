"""How values are stored and hashed: as plain JSON, by one function, so that receipts hash what the registry stores.

A field that has been renamed in the code is stored under its earlier name, which is its metadata's `stored`. A field
that was added later, with `stored_if_said` in its metadata, is left out where it has its default: the hash of what was
stored before stays the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import Field, fields, is_dataclass, replace
from enum import StrEnum
from typing import Any, Final

from fotopoort import canonical_json
from fotopoort.vocabulary import Findings, NamePlace

SOME_TEXT: Final = "…"  # stored in the place of a text that is not stored


def stored_form(value: object) -> object:
    """A value as plain JSON: objects, lists, and scalars as they are. Sets are sorted."""
    if is_dataclass(value) and not isinstance(value, type):
        return {
            stored_name(field): stored_form(getattr(value, field.name))
            for field in fields(value)
            if not (field.metadata.get("stored_if_said") and getattr(value, field.name) == field.default)
        }
    if isinstance(value, Mapping):
        return {key: stored_form(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [stored_form(item) for item in value]
    if isinstance(value, frozenset):
        members: list[Any] = [stored_form(item) for item in value]
        return sorted(members)
    return value.value if isinstance(value, StrEnum) else value


def stored_name(field: Field[Any]) -> str:
    """The key under which a dataclass's field is stored."""
    name: str = field.metadata.get("stored", field.name)
    return name


def digest(value: object) -> str:
    """SHA-256 of a value's stored form, whatever the order of its keys."""
    return canonical_json.digest(stored_form(value))


def without_texts(findings: Findings) -> Findings:
    """The findings as they are stored: that the file carried texts, not what they said."""
    hints = tuple(replace(hint, text=hint.text and SOME_TEXT) for hint in findings.hints)
    names = tuple(replace(hit, text=None) if hit.place is NamePlace.METADATA else hit for hit in findings.names)
    regions = tuple(replace(region, name=region.name and SOME_TEXT) for region in findings.regions)
    return replace(findings, hints=hints, text=(), names=names, regions=regions)
