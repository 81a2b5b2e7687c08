"""Photos to remember: screenings as the gate hands them over, without looking at any."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace

from fotopoort.policy.decide import decide_all
from fotopoort.policy_file import load_policy
from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.consent import consent_log
from fotopoort.registry.consent.statements import Statement
from fotopoort.registry.people import people
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.people.snapshot import snapshot
from fotopoort.registry.photos import screenings
from fotopoort.registry.registry import Registry
from fotopoort.screening.analysis import Stopwatch
from fotopoort.screening.screen import Request, Screening, conclude
from fotopoort.vocabulary import Answers, Box, ConsentState, Face, Findings, Outcome, Rendition

POLICY = load_policy()
PHOTO = b"the bytes of a photo"
SIDE = 2000


def face(number: int) -> Face:
    """A face of 100 pixels, turned away."""
    return Face(f"f{number}", Box(200.0 * number, 300.0, 80.0, 100.0), ((0.0, 0.0),) * 5, 0.9, 60.0, 0.0, 0.0, True)


def findings(faces: int = 2, photo: bytes = PHOTO, perceptual_hash: str = "") -> Findings:
    seen = tuple(face(number) for number in range(1, faces + 1))
    return Findings(hashlib.sha256(photo).hexdigest(), SIDE, SIDE, "JPEG", seen, perceptual_hash=perceptual_hash)


def fill(registry: Registry, caller: Caller, *, group: str = "groep 5") -> None:
    """A group of two, who may be shown on the website."""
    with registry.write(caller, Act.EDIT_PEOPLE) as session:
        people.add_many(session, [(PersonRecord(f"p{n}", name=f"Kind {n} Achternaam"), [group]) for n in (1, 2)])
        consent_log.record_many(session, [Statement(f"p{n}", "website", ConsentState.GRANTED) for n in (1, 2)])


def judged(registry: Registry, caller: Caller, answers: Answers, found: Findings | None = None) -> Screening:
    """What the policy says of a photo, with a rendition where it allows one."""
    found = found or findings()
    request = Request(("website", "facebook"), answers)
    with registry.read(caller, Act.SCREEN) as session:
        verdicts = decide_all(found, answers, snapshot(session), POLICY, request.channels)
    renditions = {
        channel: Rendition(b"jpeg", hashlib.sha256(channel.encode()).hexdigest(), 10, 10, verdict.covered, True)
        for channel, verdict in verdicts.items()
        if verdict.outcome is not Outcome.REJECT
    }
    return conclude(found, request, verdicts, renditions, Stopwatch())


def remembered(
    registry: Registry,
    caller: Caller,
    answers: Answers,
    *,
    places: Mapping[str, str] | None = None,
    found: Findings | None = None,
) -> Screening:
    """A photo that was screened and written down."""
    screening = judged(registry, caller, answers, found)
    request = Request(tuple(screening.verdicts), answers)
    with registry.write(caller, Act.SCREEN) as session:
        screenings.remember(session, screening, request, places=places or {"website": "https://school.example/1"})
    return screening


def renamed(screening: Screening, name: str) -> Screening:
    return replace(screening, id=name)
