"""Answers about a group of two, and a withdrawal by one of them."""

from __future__ import annotations

from fotopoort.registry.access.roles import Act, Caller, KeyRole
from fotopoort.registry.consent import consent_log
from fotopoort.registry.consent.statements import Statement
from fotopoort.registry.photos import takedowns
from fotopoort.registry.photos.takedowns import Task
from fotopoort.registry.registry import Registry
from fotopoort.vocabulary import Answers, ConsentState, FaceAnswer, FaceLabel

from ..screened_photos import face

GROUP = Answers(groups=frozenset({"groep 5"}))
JUF = Caller("school", "k1", KeyRole.TEACHER, frozenset({"groep 5"}))
OTHER = Caller("school", "k2", KeyRole.TEACHER, frozenset({"groep 6"}))


def tap(face_id: str, person: str) -> dict[str, FaceAnswer]:
    return {face_id: FaceAnswer(FaceLabel.PERSON, person, face(int(face_id[1:])).box)}


def withdraw(
    registry: Registry, caller: Caller, person: str, decision: ConsentState = ConsentState.WITHDRAWN
) -> list[Task]:
    with registry.write(caller, Act.RECORD_CONSENT) as session:
        consent_log.record(session, Statement(person, "website", decision))
        return takedowns.tasks(session)
