"""The JSON that every front door speaks: one place where values become the documented objects.

Nothing is decided here and nothing is left out for one door only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any

from fotopoort.policy.measures import is_close_up, is_frontal, is_recognisable, scene
from fotopoort.policy.policy import Policy
from fotopoort.screening.screen import Screening
from fotopoort.vocabulary import (
    Answers,
    Basis,
    Box,
    ChannelId,
    Face,
    FaceId,
    Failure,
    Findings,
    Hint,
    NameHit,
    NamePlace,
    Rendition,
    Verdict,
)

Json = dict[str, Any]

PUBLIC_SIDE = 1600  # pixels; the size at which `recognisable` is told of a photo that is only inspected


def inspected(file: str, findings: Findings, policy: Policy, milliseconds: Mapping[str, float]) -> Json:
    """What `fotopoort inspect --json` prints for one photo."""
    if findings.failure is not None:
        return {"file": file, "error": _error(findings.failure)}
    return {
        "file": file,
        "width": findings.width,
        "height": findings.height,
        "scene": scene(findings, policy).value,
        "faces": [_face(face, findings, policy) for face in findings.faces],
        "text": [{"text": line.text, "box": _box(line.box()), "code": line.code} for line in findings.text],
        "hints": [_hint(hint) for hint in findings.hints],
        "ms": _rounded(milliseconds),
    }


def screened(
    file: str,
    screening: Screening,
    policy: Policy,
    answers: Answers,
    places: Mapping[ChannelId, Mapping[str, str]],
) -> Json:
    """What `fotopoort screen --json` prints and `POST /v1/screenings` answers for one photo.

    Args:
        places: per channel where the rendition is: {"path": …} or {"href": …}.
    """
    findings = screening.findings
    verdicts = {
        channel: _verdict(verdict, screening.renditions.get(channel), places.get(channel, {}))
        for channel, verdict in screening.verdicts.items()
    }
    document: Json = {"id": screening.id, "file": file, "sha256": findings.sha256}
    if findings.failure is not None:
        document["error"] = _error(findings.failure)
        return document | {"verdicts": verdicts, "ms": _rounded(screening.milliseconds)}
    tapped = {face for verdict in screening.verdicts.values() for face in verdict.faces if _is_tapped(verdict, face)}
    people = {face: answer.person for face, answer in answers.faces.items() if face in tapped}
    return document | {
        "width": findings.width,
        "height": findings.height,
        "scene": scene(findings, policy).value,
        "faces": [_face(face, findings, policy) | {"person": people.get(face.id)} for face in findings.faces],
        "names": [
            {
                "id": hit.id,
                "place": hit.place.value,
                "certain": hit.certain,
                "text": hit.text,
                "person": hit.person,
                "box": _box(hit.box) if hit.box else None,
                "start": hit.start if hit.place is NamePlace.CAPTION else None,
                "end": hit.end if hit.place is NamePlace.CAPTION else None,
            }
            for hit in findings.names
        ],
        "names_checked": findings.names_checked,
        "clean": screening.clean,
        "removed": sorted({hint.kind.value for hint in findings.hints}),
        "verdicts": verdicts,
        "receipt": {
            "findings": screening.receipt.findings,
            "answers": screening.receipt.answers,
            "models": screening.receipt.models,
        },
        "ms": _rounded(screening.milliseconds),
    }


def names_in(text: str, hits: Sequence[NameHit], clean: str) -> Json:
    """What `fotopoort names check --json` prints and `POST /v1/names` answers for one text."""
    return {
        "text": text,
        "hits": [
            {"start": hit.start, "end": hit.end, "text": hit.text, "person": hit.person, "certain": hit.certain}
            for hit in hits
        ],
        "clean": clean,
    }


def plain(value: Any) -> Any:  # noqa: ANN401 - whatever the registry answers
    """A value of the registry as JSON has it: dataclasses as objects, days and moments as text."""
    if is_dataclass(value) and not isinstance(value, type):
        public = (one.name for one in fields(value) if not one.name.startswith("_"))
        return {name: plain(getattr(value, name)) for name in public}
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted(map(plain, value))
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def _error(failure: Failure) -> Json:
    return {"code": failure.code, "message": failure.message, "hint": failure.hint}


def _face(face: Face, findings: Findings, policy: Policy) -> Json:
    return {
        "id": face.id,
        "box": _box(face.box),
        "score": round(face.score, 4),
        "yaw": round(face.yaw, 1),
        "pitch": round(face.pitch, 1),
        "roll": round(face.roll, 1),
        "pose_reliable": face.pose_reliable,
        "frontal": is_frontal(face, policy),
        "close_up": is_close_up(face, findings.width, findings.height, policy),
        "recognisable": is_recognisable(face, findings.width, findings.height, PUBLIC_SIDE, policy),
        "landmarks": [[round(x, 1), round(y, 1)] for x, y in face.landmarks],
    }


def _verdict(verdict: Verdict, rendition: Rendition | None, place: Mapping[str, str]) -> Json:
    covered = rendition.covered if rendition else verdict.covered
    return {
        "outcome": verdict.outcome.value,
        "faces": {
            face: {"action": judged.action.value, "basis": judged.basis.value} for face, judged in verdict.faces.items()
        },
        "covered": [_box(box) for box in covered],
        "reasons": [
            {"rule": reason.rule, "faces": list(reason.faces), "nl": reason.nl, "en": reason.en}
            for reason in verdict.reasons
        ],
        "questions": [
            {"id": question.id, "kind": question.kind.value}
            | {
                key: value
                for key, value in (("person", question.person), ("face", question.face), ("name", question.name))
                if value is not None
            }
            | {"nl": question.nl, "en": question.en}
            for question in verdict.questions
        ],
        "rendition": dict(place) | {"sha256": rendition.sha256, "width": rendition.width, "height": rendition.height}
        if rendition
        else None,
        "basis": verdict.basis,
        "policy": verdict.policy,
        "registry": verdict.registry,
    }


def _is_tapped(verdict: Verdict, face: FaceId) -> bool:
    """Whether the policy took what the teacher said: an answer about a face elsewhere is none about this one."""
    return verdict.faces[face].basis is Basis.IDENTIFIED


def _hint(hint: Hint) -> Json:
    return {"kind": hint.kind.value, "field": hint.field} | ({"text": hint.text} if hint.text is not None else {})


def _box(box: Box) -> list[float]:
    return [round(value, 1) for value in (box.x, box.y, box.w, box.h)]


def _rounded(milliseconds: Mapping[str, float]) -> dict[str, float]:
    return {step: round(value, 1) for step, value in milliseconds.items()}
