"""The words in the registry's tables: headings, and values of a fixed choice. In English they are those of the JSON and
of the commands; JSON has nothing but those."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fotopoort.vocabulary import Language, Outcome, label_of

HEADINGS: Final[Mapping[str, str]] = {
    "actor": "door",
    "address": "adres",
    "at": "wanneer",
    "attempts": "pogingen",
    "basis": "grond",
    "capacity": "als",
    "certain": "zeker",
    "channel": "kanaal",
    "consent": "toestemming",
    "count": "aantal",
    "days": "dagen",
    "detail": "inhoud",
    "disabled": "uit sinds",
    "done": "klaar",
    "due": "uiterlijk",
    "en": "Engels",
    "endpoint": "adres",
    "error": "fout",
    "events": "waarover",
    "fields": "velden",
    "filed": "waar bewaard",
    "first_say_who": "eerst zeggen wie",
    "group": "groep",
    "groups": "groepen",
    "has_password": "wachtwoord",
    "has_second_factor": "tweede stap",
    "hosts": "hosts",
    "id": "id",
    "key": "sleutel",
    "kind": "soort",
    "label": "naam",
    "leaves": "gaat weg",
    "lifted": "opgeheven",
    "line": "regel",
    "login": "logt in met",
    "made": "gemaakt",
    "may_be_shown": "mag te zien zijn",
    "name": "naam",
    "networks": "netwerken",
    "new": "nieuw",
    "next_at": "volgende keer",
    "nl": "wat",
    "not_known": "niet bekend",
    "outcome": "oordeel",
    "people": "mensen",
    "person": "persoon",
    "persons": "personen",
    "place": "plaats",
    "purpose": "doel",
    "reached": "gaf antwoord",
    "reason": "reden",
    "revoked": "ingetrokken",
    "role": "rol",
    "rule": "regel",
    "screening": "beoordeling",
    "seq": "nummer",
    "sha256": "sha256",
    "since": "sinds",
    "speaker": "wie",
    "state": "stand",
    "to": "naar",
    "type": "soort",
    "undoes": "herroept",
    "unjudged": "zonder oordeel",
    "url": "adres",
    "valid_until": "geldt tot",
    "weighed_by": "afgewogen door",
    "weighed_on": "afgewogen op",
    "what": "wat te doen",
    "word": "gezegd",
    "words": "gezegd",
    "worker": "wie ermee bezig is",
}
_DECISIONS: Final = {
    "granted": "toestemming",
    "refused": "geweigerd",
    "objected": "bezwaar",
    "withdrawn": "ingetrokken",
    "not_asked": "niet gevraagd",
}
VALUES: Final[Mapping[str, Mapping[str, str]]] = {
    "basis": {"consent": "toestemming", "objection": "bezwaar"},
    "capacity": {"guardian": "ouder of verzorger", "own": "zelf"},
    "first_say_who": {"on": "aan", "off": "uit"},
    "may_be_shown": {"yes": "ja", "no": "nee", "ask": "vraag het"},
    "outcome": {outcome.value: label_of(outcome).nl for outcome in Outcome},
    "role": {
        "pupil": "leerling",
        "staff": "medewerker",
        "other": "anders",
        "teacher": "leerkracht",
        "office": "administratie",
        "privacy_officer": "privacyfunctionaris",
        "machine": "machine",
        "cms": "website",
    },
    "state": _DECISIONS | {"waiting": "wacht", "done": "klaar", "dead": "opgegeven"},
    "unjudged": {"hold": "tegenhouden", "allow": "toelaten"},
    "what": {
        "conflict": "twee antwoorden",
        "ends": "loopt af",
        "ask them": "zelf vragen",
        "confirm": "bevestigen",
        "gone purpose": "doel is weg",
    },
    "word": _DECISIONS,
    "words": _DECISIONS,
}


def heading(column: str, language: Language) -> str:
    """What a column of a table is called; a column that is not known by its own name."""
    return HEADINGS.get(column, column) if language is Language.NL else column


def value(column: str, content: str, language: Language) -> str:
    """What a value of a fixed choice is called; whatever else stands in the column, as it is. Of several words, such as
    a purpose with what was said of it, each."""
    words = VALUES.get(column) if language is Language.NL else None
    if words is None:
        return content
    return words.get(content) or " ".join(words.get(word, word) for word in content.split(" "))
