"""What the published contract shows of the gate."""

from __future__ import annotations

from typing import Any, Final

from fotopoort.application.gate.notices import PATH

_SHA256: Final = "ab" * 32
_ID: Final = "g_1f3d5b7a9c8e4f6d8b0a2c4e6f8a0b1c"
DONE: Final[dict[str, Any]] = {
    "id": _ID,
    "status": "done",
    "sha256": _SHA256,
    "channel": "website",
    "outcome": "blur",
    "review": None,
    "message": {
        "nl": "Deze foto mag worden geplaatst, met een deel bedekt.",
        "en": "This photo may be published, with a part covered.",
    },
    "text": {
        "outcome": "publish",
        "message": {"nl": "De tekst mag worden geplaatst.", "en": "The text may be published."},
    },
    "rendition": {
        "href": f"{PATH}/{_ID}/rendition",
        "sha256": "cd" * 32,
        "width": 1600,
        "height": 1200,
        "bytes": 412_345,
        "media_type": "image/jpeg",
    },
    "href": f"{PATH}/{_SHA256}?channel=website",
    "policy": "1-4b1c0f9e8d7a",
    "registry": 123,
    "holds": True,
}
WAITS: Final[dict[str, Any]] = DONE | {
    "outcome": "reject",
    "review": {"href": "https://fotopoort.school.example/#post=6b2c1f0e9d8a4b7c8e5f3a2d1c0b9a87"},
    "message": {
        "nl": "Deze foto wacht op een antwoord van iemand op school.",
        "en": "This photo waits for an answer of somebody at school.",
    },
    "rendition": None,
    "holds": False,
}
PENDING: Final[dict[str, Any]] = DONE | {
    "status": "pending",
    "outcome": None,
    "message": {"nl": "Deze foto wordt nog bekeken.", "en": "This photo is still being looked at."},
    "rendition": None,
    "holds": False,
}
