"""What is sent is the same, whichever way it came."""

from __future__ import annotations

import pytest

from fotopoort.application.gate.requests import GateRequest
from fotopoort.registry.posts.photos import MAX_FILE_NAME


@pytest.mark.parametrize(
    ("sent", "taken"),
    [
        ({"text": "Titel\r\nNoor"}, {"text": "Titel\nNoor"}),
        ({"text": " \r\n"}, {"text": None}),
        ({"text": None, "file_name": None, "reference": None}, {"text": None, "file_name": "", "reference": ""}),
        ({"file_name": "a" * 2 * MAX_FILE_NAME}, {"file_name": "a" * MAX_FILE_NAME}),
        ({"groups": ["groep 5", "", "groep 5"]}, {"groups": frozenset({"groep 5"})}),
    ],
)
def test_it_is_cleaned(sent: dict[str, object], taken: dict[str, object]) -> None:
    request = GateRequest.cleaned(b"a photo", "website", **sent)  # type: ignore[arg-type]
    assert {name: getattr(request, name) for name in taken} == taken
