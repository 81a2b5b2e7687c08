"""Entries of a batch run as the ledger has them, made up: for the report and what it is made of."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeAlias

from fotopoort.batch.entry import Entry
from fotopoort.batch.report.html_report import Facts
from fotopoort.policy.policy import Label

Json: TypeAlias = dict[str, Any]

CHANNELS = {
    "social_schools": Label("Social Schools", "Social Schools"),
    "website": Label("de website", "the website"),
}
FACTS = Facts(
    folder="schoolfoto's",
    channels=CHANNELS,
    policy="1.0+0123456789ab",
    registry="r1",
    started=datetime(2024, 3, 12, 10, 0),
    finished=datetime(2024, 3, 12, 10, 30),
)
COVERS = {
    "publish": ("R50", "Deze foto mag zo op dit kanaal.", "This photo may go out as it is."),
    "blur": ("R22", "Dit kan iemand zijn die niet op dit kanaal mag.", "This may be somebody who may not be shown."),
    "reject": ("R30", "Een kind is van dichtbij te zien.", "A child is seen close by."),
}


def reason(rule: str, nl: str, en: str, *faces: str) -> Json:
    return {"rule": rule, "faces": list(faces), "nl": nl, "en": en}


def face(number: int = 1, *, frontal: bool = False, close_up: bool = False, recognisable: bool = True) -> Json:
    box = [100.0 * number, 150.0, 100.0, 120.0]
    return {"id": f"f{number}", "box": box, "frontal": frontal, "close_up": close_up, "recognisable": recognisable}


def any_of_these(person: str = "p1", name: str = "Noor") -> Json:
    question = {"id": f"q-any-of-these-{person}", "kind": "any_of_these", "persons": [person]}
    says = {"nl": f"Let op: {name} mag niet overal te zien zijn.", "en": f"Note: {name} may not be shown everywhere."}
    return question | says | {"answer": {"absent": [person]}}


def who_is_this(*faces: str) -> Json:
    question = {"id": "q-who-is-this", "kind": "who_is_this", "nl": "Wie zijn dit?", "en": "Who are they?"}
    return question | {"faces": list(faces)}


def outsiders(*faces: str) -> Json:
    nl, en = "Hier staan meer gezichten op.", "There are more faces here."
    return {"id": "q-outsiders", "kind": "outsiders", "nl": nl, "en": en, "faces": list(faces)}


def is_name(hit: str, text: str) -> Json:
    question = {"id": f"q-is-name-{hit}", "kind": "is_name", "names": [hit], "answer": {"not_names": [hit]}}
    return question | {"nl": f"Is “{text}” hier de naam van een kind?", "en": f"Is “{text}” a child's name here?"}


IS_PRIVATE_LIST = {
    "id": "q-is-private-list",
    "kind": "is_private_list",
    "nl": "Mogen alle ouders de namen lezen?",
    "en": "May all parents read the names?",
    "answer": {"not_a_private_list": True},
}
IS_HARMFUL = {
    "id": "q-is-harmful",
    "kind": "is_harmful",
    "nl": "Kan iemand hier last van krijgen?",
    "en": "May anybody come to harm by this?",
}


def verdict(
    outcome: str, path: str | None = None, *, covered: Sequence[Sequence[float]] = (), questions: Sequence[Json] = ()
) -> Json:
    return {
        "outcome": outcome,
        "faces": {},
        "covered": [list(box) for box in covered],
        "reasons": [reason(*COVERS[outcome], "f1")],
        "questions": list(questions),
        "rendition": {"path": path, "sha256": "0" * 64, "width": 80, "height": 60} if path else None,
        "basis": "consent",
        "policy": FACTS.policy,
        "registry": FACTS.registry,
    }


def entry(
    path: str = "IMG_1.jpg",
    *,
    captured_at: str | None = None,
    likeness: str = "",
    faces: Sequence[Json] = (),
    names: Sequence[Json] = (),
    thumbnail: str | None = None,
    groups: tuple[str, ...] = (),
    asks: Sequence[Json] = (),
    questions: Sequence[Json] = (),
    **verdicts: Json | None,
) -> Entry:
    """A photo that was judged: of nobody, and fit for every channel, unless it is said otherwise.

    Args:
        asks: about the photo on all its channels; questions about faces have those of this photo.
        questions: that no verdict waits for.
    """
    sha256 = hashlib.sha256(path.encode(errors="surrogateescape")).hexdigest()
    document: Json = {
        "id": sha256[:8],
        "file": path,
        "sha256": sha256,
        "width": 4000,
        "height": 3000,
        "scene": "group" if faces else "no_faces",
        "faces": list(faces),
        "names": list(names),
        "names_checked": True,
        "removed": [],
        "verdicts": {channel: verdicts.get(channel) or verdict("publish", f"{channel}/{path}") for channel in CHANNELS},
        "ms": {},
    }
    of_photo = [
        asked | {"photos": [sha256]} | ({"faces": {sha256: asked["faces"]}} if "faces" in asked else {})
        for asked in asks
    ]
    document |= {key: value for key, value in (("asks", of_photo), ("questions", list(questions))) if value}
    return Entry(path, sha256, captured_at, groups, likeness, document, thumbnail)


def failed(path: str = "kapot.jpg", code: str = "damaged", nl: str = "") -> Entry:
    """A photo that could not be judged. `nl`: the error in Dutch, which older versions did not record."""
    dutch = {"message_nl": nl, "hint_nl": "Probeer het opnieuw."} if nl else {}
    could_not = reason("R01", "Deze foto kon niet worden beoordeeld.", "This photo could not be judged.")
    document: Json = {
        "id": "0",
        "file": path,
        "sha256": "",
        "error": {"code": code, "message": "It went wrong.", "hint": "Try again."} | dutch,
        "verdicts": {channel: verdict("reject") | {"reasons": [could_not]} for channel in CHANNELS},
        "ms": {},
    }
    return Entry(path, "", None, (), "", document, None)
