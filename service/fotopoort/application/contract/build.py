"""From values to documents: what was seen, decided and refused, as the contract writes it.

The models are filled without validation (`model_construct`): the values were made here, not received.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Literal, cast

from fotopoort.application.contract import documents
from fotopoort.application.contract.documents import Json
from fotopoort.application.contract.pixels import Number, Rectangle, crop_key
from fotopoort.application.contract.posts import question_document, reason_document
from fotopoort.errors import FotopoortError
from fotopoort.policy.measures import is_close_up, is_frontal, is_recognisable, scene
from fotopoort.policy.policy import Policy
from fotopoort.policy.posts.questions import PostQuestion
from fotopoort.policy.texts.wording import harm_question
from fotopoort.screening.screen import Screening
from fotopoort.vocabulary import (
    Answers,
    Basis,
    Box,
    ChannelId,
    Face,
    FaceId,
    FaceSource,
    Failure,
    Findings,
    Hint,
    Language,
    NameHit,
    NamePlace,
    Outcome,
    PersonId,
    Question,
    Region,
    Rendition,
    Text,
    TextLine,
    Verdict,
    label_of,
)

PUBLIC_SIDE = 1600  # pixels of the long side; `recognisable` is judged for a photo of this size


def inspection_document(
    file: str, findings: Findings, policy: Policy, milliseconds: Mapping[str, float], language: Language = Language.EN
) -> Json:
    """What `fotopoort inspect --json` prints for one photo.

    Args:
        file: the photo's name, as the user gave it.
        milliseconds: how long each step took.
        language: of the error, where there is one: nl or en.
    """
    if findings.failure is not None:
        return documents.Uninspected.model_construct(file=file, error=_error(findings.failure, language)).as_json()
    return documents.Inspected.model_construct(
        file=file,
        width=findings.width,
        height=findings.height,
        scene=scene(findings, policy),
        faces=[_inspected_face(face, findings, policy) for face in findings.faces],
        text=[_read_line(line) for line in findings.text],
        hints=[_hint(hint) for hint in findings.hints],
        **_regions(findings),
        ms=_rounded(milliseconds),
        **_further(findings),
    ).as_json()


def screening_document(
    file: str,
    screening: Screening,
    policy: Policy,
    answers: Answers,
    places: Mapping[ChannelId, Mapping[str, str]],
    language: Language = Language.EN,
    asks: Sequence[PostQuestion] = (),
) -> Json:
    """What `fotopoort screen --json` prints and `POST /v1/screenings` answers for one photo.

    Args:
        file: the photo's name, as the user gave it.
        answers: what the teacher said of this photo.
        places: per channel where the rendition is: {"path": …} or {"href": …}.
        language: of the error, where there is one: nl or en.
        asks: the questions about the photo on all its channels together.
    """
    findings = screening.findings
    verdicts = {
        channel: verdict_document(verdict, screening.renditions.get(channel), places.get(channel, {}))
        for channel, verdict in screening.verdicts.items()
    }
    if findings.failure is not None:
        return documents.Unjudged.model_construct(
            id=screening.id,
            file=file,
            sha256=findings.sha256,
            error=_error(findings.failure, language),
            verdicts=verdicts,
            ms=_rounded(screening.milliseconds),
        ).as_json()
    people = _identified(screening.verdicts, answers)
    return documents.Judged.model_construct(
        id=screening.id,
        file=file,
        sha256=findings.sha256,
        width=findings.width,
        height=findings.height,
        scene=scene(findings, policy),
        faces=[_face(face, findings, policy, people.get(face.id)) for face in findings.faces],
        names=[_name(hit) for hit in findings.names],
        **_regions(findings),
        names_checked=findings.names_checked,
        clean=screening.clean,
        removed=sorted({hint.kind for hint in findings.hints}),
        verdicts=verdicts,
        receipt=documents.Receipt.model_construct(
            findings=screening.receipt.findings, answers=screening.receipt.answers, models=screening.receipt.models
        ),
        ms=_rounded(screening.milliseconds),
        **_further(findings),
        **_asked_besides(screening, answers),
        **_asked_together(asks),
    ).as_json()


def _asked_besides(screening: Screening, answers: Answers) -> dict[str, Any]:
    """The key `questions`, where something may go out and it was not said whether that does harm."""
    goes_out = any(verdict.outcome is not Outcome.REJECT for verdict in screening.verdicts.values())
    asked = harm_question(answers) if goes_out else None
    return {"questions": [_question(asked)]} if asked else {}


def _asked_together(asks: Sequence[PostQuestion]) -> dict[str, Any]:
    """The key `asks`, where there are any."""
    return {"asks": list(map(question_document, asks))} if asks else {}


def called(verdict: Json) -> Text:
    """What the outcome of a verdict's document is called."""
    return label_of(Outcome(verdict["outcome"]), not_yet=verdict.get("not_yet", False))


def problem_document(error: FotopoortError, language: Language = Language.EN) -> Json:
    """What is printed or answered where there is an error and nothing else."""
    return documents.Problem.model_construct(error=_error(error, language)).as_json()


def _error(error: FotopoortError | Failure, language: Language) -> documents.Error:
    fields: Json = dict(error.as_dict(language))
    return documents.Error.model_construct(**fields)


def _further(findings: Findings) -> dict[str, Any]:
    """The keys `pattern` and `figures`, where there are any."""
    seen: list[Json] = [
        {"box": _box(figure.box), "score": round(figure.score, 4)} | ({"face": figure.face} if figure.face else {})
        for figure in findings.figures
    ]
    figures = [documents.Figure.model_construct(**figure) for figure in seen]
    return {key: value for key, value in (("pattern", findings.pattern), ("figures", figures)) if value}


def _inspected_face(face: Face, findings: Findings, policy: Policy) -> documents.InspectedFace:
    return documents.InspectedFace.model_construct(**_face_fields(face, findings, policy))


def _face(face: Face, findings: Findings, policy: Policy, person: PersonId | None) -> documents.Face:
    return documents.Face.model_construct(**_face_fields(face, findings, policy), person=person)


def _face_fields(face: Face, findings: Findings, policy: Policy) -> Json:
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
    } | ({} if face.source is FaceSource.SEEN else {"source": face.source})


def _regions(findings: Findings) -> Json:
    """The key `regions`, where the file has any."""

    def document(region: Region) -> documents.Region:
        face: Json = {} if region.face is None else {"face": region.face}
        box = _box(region.box) if region.box else None
        return documents.Region.model_construct(
            box=box, **face, named=region.name is not None, persons=list(region.persons)
        )

    return {"regions": list(map(document, findings.regions))} if findings.regions else {}


def _read_line(line: TextLine) -> documents.ReadLine:
    return documents.ReadLine.model_construct(text=line.text, box=_box(line.box()), code=line.code)


def _hint(hint: Hint) -> documents.Hint:
    text: Json = {} if hint.text is None else {"text": hint.text}
    return documents.Hint.model_construct(kind=hint.kind, field=hint.field, **text)


def _name(hit: NameHit) -> documents.Name:
    in_caption = hit.place is NamePlace.CAPTION
    return documents.Name.model_construct(
        id=hit.id,
        place=hit.place,
        certain=hit.certain,
        text=hit.text,
        person=hit.person,
        box=_box(hit.box) if hit.box else None,
        start=hit.start if in_caption else None,
        end=hit.end if in_caption else None,
    )


def _identified(verdicts: Mapping[ChannelId, Verdict], answers: Answers) -> dict[FaceId, PersonId | None]:
    """Whom the policy took each face for.

    An answer about a face that is now elsewhere is none about this one, so that an answer alone is not enough.
    """
    identified = {
        face
        for verdict in verdicts.values()
        for face, judged in verdict.faces.items()
        if judged.basis is Basis.IDENTIFIED
    }
    return {face: answer.person for face, answer in answers.faces.items() if face in identified}


def verdict_document(
    verdict: Verdict, rendition: Rendition | None = None, place: Mapping[str, str] = MappingProxyType({})
) -> documents.Verdict:
    """One channel's verdict. `place`: where its rendition is."""
    photo: Json = {"photo_outcome": verdict.photo_outcome} if verdict.photo_outcome else {}
    return documents.Verdict.model_construct(
        outcome=verdict.outcome,
        faces={
            face: documents.FaceVerdict.model_construct(action=judged.action, basis=judged.basis)
            for face, judged in verdict.faces.items()
        },
        covered=[_box(box) for box in (rendition or verdict).covered],
        reasons=list(map(reason_document, verdict.reasons)),
        questions=[_question(question) for question in verdict.questions],
        rendition=_rendition(rendition, place) if rendition else None,
        basis=cast(Literal["consent", "objection"], verdict.basis),
        policy=verdict.policy,
        registry=verdict.registry,
        not_yet=verdict.not_yet,
        label=documents.Label.model_construct(**verdict.label._asdict()),
        **photo,
        **crop_key(verdict.crop),
    )


def _question(question: Question) -> documents.Question:
    subjects = (("person", question.person), ("face", question.face), ("name", question.name))
    subject: Json = {key: value for key, value in subjects if value is not None}
    if question.persons:
        subject["persons"] = list(question.persons)
    if question.box:
        subject["box"] = _box(question.box)
    if question.boxes:
        subject["boxes"] = list(map(_box, question.boxes))
    fields: Json = {"id": question.id, "kind": question.kind, "nl": question.nl, "en": question.en}
    return documents.Question.model_construct(**fields, **subject)


def _rendition(rendition: Rendition, place: Mapping[str, str]) -> documents.Rendition | documents.WrittenRendition:
    fields: Json = dict(place) | {"sha256": rendition.sha256, "width": rendition.width, "height": rendition.height}
    if "href" in place:
        return documents.Rendition.model_construct(**fields)
    return documents.WrittenRendition.model_construct(**fields)


def _box(box: Box) -> Rectangle:
    return [round(value, 1) for value in (box.x, box.y, box.w, box.h)]


def _rounded(milliseconds: Mapping[str, float]) -> dict[str, Number]:
    return {step: round(value, 1) for step, value in milliseconds.items()}
