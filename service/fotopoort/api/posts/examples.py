"""What the published contract shows of posts."""

from __future__ import annotations

from typing import Any, Final

from fotopoort.api.schema import JUDGED
from fotopoort.api.schema import POST as ASKED

_ID: Final = "6b2c1f0e9d8a4b7c8e5f3a2d1c0b9a87"
_PHOTO: Final = "1f3d5b7a9c8e4f6d8b0a2c4e6f8a0b1c"
_CLIENT_ID: Final = "0b8e3c1e-6f2d-4a57-9d43-2f1f6a7c9e10"
_SUMMARY: Final[dict[str, Any]] = {
    "id": _ID,
    "state": "open",
    "groups": ["groep 5"],
    "channels": ["website"],
    "together": False,
    "day": "2026-11-24",
    "made": "2026-11-24T15:10:00+01:00",
    "until": "2026-12-01T15:10:00+01:00",
}

UPLOAD: Final[dict[str, Any]] = {
    "id": _PHOTO,
    "client_id": _CLIENT_ID,
    "size": 4_812_345,
    "received": 262_144,
    "state": "uploading",
}
POSTS: Final[dict[str, Any]] = {"posts": [_SUMMARY | {"is_own": True}]}
POST: Final[dict[str, Any]] = _SUMMARY | {
    "version": "12-4b1c0f9e8d7a",
    "revision": 12,
    "text": "Sem bouwt een toren.",
    "order": [_PHOTO],
    "photos": [
        {
            "id": _PHOTO,
            "client_id": _CLIENT_ID,
            "file": "IMG_2031.jpg",
            "size": 4_812_345,
            "received": 4_812_345,
            "state": "judged",
            "revision": 11,
            "original": f"/v1/posts/{_ID}/photos/{_PHOTO}/original",
            "view": f"/v1/posts/{_ID}/photos/{_PHOTO}/view",
            "judged": JUDGED,
        }
    ],
    "post": ASKED,
    "text_found": {
        "found": {
            "text": "Sem bouwt een toren.",
            "hits": [{"start": 0, "end": 3, "text": "Sem", "person": "p9", "certain": True}],
            "clean": "Een kind bouwt een toren.",
        },
        "verdicts": {},
    },
    "people": {"p7": "Noor de Vries", "p9": "Sem Bakker"},
    "staff": [],
    "not_shown": [{"id": "p9", "name": "Sem Bakker", "channels": ["website"]}],
    "undo": 1,
}
PLACES: Final[dict[str, str]] = {"website": "https://school.example/nieuws/toren"}
ANSWERS: Final[dict[str, Any]] = {
    "answers": [
        {
            "number": 1,
            "at": "2026-11-24T15:12:00+01:00",
            "kind": "answer",
            "retracted": False,
            "answers": {"absent": ["p7"]},
            "photos": [_PHOTO],
        }
    ]
}
