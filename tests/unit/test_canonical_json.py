"""Canonical JSON: the bytes under digests that are kept in receipts, the audit log and ledgers never change."""

from __future__ import annotations

import hashlib
from enum import StrEnum

import pytest

from fotopoort.canonical_json import canonical, digest
from fotopoort.screening.stored_form import stored_form


class Colour(StrEnum):
    RED = "red"


VALUE = {"b": [1, 2.5, None, True], "a": {"z": "é", "y": Colour.RED}}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param(canonical(VALUE), r'{"a":{"y":"red","z":"\u00e9"},"b":[1,2.5,null,true]}', id="audit log"),
        pytest.param(
            canonical(VALUE, sort_keys=False),
            r'{"b":[1,2.5,null,true],"a":{"z":"\u00e9","y":"red"}}',
            id="keys of results in a ledger",
        ),
        pytest.param(
            canonical(VALUE, compact=False),
            r'{"a": {"y": "red", "z": "\u00e9"}, "b": [1, 2.5, null, true]}',
            id="revision of a class list",
        ),
        pytest.param(canonical(stored_form({"a": frozenset("cb")})), '{"a":["b","c"]}', id="receipts"),
    ],
)
def test_each_kind_of_digest_keeps_its_bytes(written: str, expected: str) -> None:
    assert written == expected


def test_a_digest_is_of_the_canonical_json() -> None:
    assert digest(VALUE) == hashlib.sha256(canonical(VALUE).encode()).hexdigest()
    assert digest({"b": 1, "a": 2}) == "d3626ac30a87e6f7a6428233b3c68299976865fa5508e4267c5415c76af7a772"


def test_keys_in_another_order_are_the_same_value() -> None:
    assert digest({"b": 1, "a": 2}) == digest({"a": 2, "b": 1})
    assert digest({"b": 1, "a": 2}, sort_keys=False) != digest({"a": 2, "b": 1}, sort_keys=False)


def test_a_set_is_written_only_where_one_is_expected() -> None:
    with pytest.raises(TypeError):
        canonical(frozenset("a"))
