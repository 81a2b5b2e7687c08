"""What /openapi.json says beside the documents (`application/contract/documents.py`): responses, forms, examples."""

from __future__ import annotations

from typing import Any, Final, TypeAlias

from fotopoort.api.screenings.form import ONCE, SEVERAL
from fotopoort.application.contract.build import problem_document
from fotopoort.application.contract.documents import Problem
from fotopoort.errors import FotopoortError
from fotopoort.policy.policy import Policy

Responses: TypeAlias = dict[int | str, dict[str, Any]]

# Not the model itself: FastAPI would build a validator for each response of each route. Nothing uses those hundreds,
# and building them took 40 % of the time in which the application is made.
PROBLEM: Final = {"$ref": f"#/components/schemas/{Problem.__name__}"}


def ok(description: str, model: Any, **examples: Any) -> Responses:  # noqa: ANN401 - a type, JSON values
    """The `responses` of a route for status 200, with examples."""
    named = {name: {"value": value} for name, value in examples.items()}
    return {200: {"description": description, "model": model, "content": {"application/json": {"examples": named}}}}


def problems(*kinds: type[FotopoortError]) -> Responses:
    """The `responses` of a route that can answer with these errors, each with an example."""
    responses: Responses = {}
    for kind in kinds:
        error = kind()
        response = responses.setdefault(
            kind.http_status,
            {"description": "", "content": {"application/json": {"schema": PROBLEM, "examples": {}}}},
        )
        response["description"] = f"{response['description']} {error.message}".strip()
        response["content"]["application/json"]["examples"][kind.code] = {"value": problem_document(error)}
    return responses


def any_error() -> Responses:
    """The `responses` entry that stands for every error not listed."""
    (response,) = problems(FotopoortError).values()
    # With the model, so that the schema is there to refer to.
    return {"default": response | {"model": Problem, "description": "Every error has this shape."}}


def form(policy: Policy) -> dict[str, Any]:
    """The request body of `POST /v1/screenings`."""
    channels = [channel.id for channel in policy.channels]
    texts = {"type": "array", "items": {"type": "string", "minLength": 1}}
    flag = {"type": "string", "enum": ["true", "false"], "default": "false"}
    fields = {
        "photo": {
            "type": "array",
            "minItems": 1,
            "items": {"type": "string", "format": "binary"},
            "description": "JPEG, PNG, WebP, HEIC, AVIF or TIFF with one picture in it. With more than one photo the "
            "answer is an object with a list `screenings`, and `post`: what to ask about all of them together.",
        },
        "channel": {
            "type": "array",
            "minItems": 1,
            "items": {"type": "string", "enum": channels},
            "description": "Where it would be published.",
        },
        "group": texts | {"description": "The groups in the photos, as on the class list."},
        "present": texts | {"description": "Ids of people who are in the photos."},
        "absent": texts | {"description": "Ids of people who are not in the photos."},
        "only_present": flag | {"description": "Nobody else is in the photos."},
        "others": flag
        | {"description": "Others are in them who are not of these groups: nobody is shown by the group."},
        "caption": {"type": "string", "description": "The text that goes with the photos."},
        "answers": {
            "type": "string",
            "contentMediaType": "application/json",
            "description": "A JSON object with any of group, present, only_present, others, absent, unsure, harmful, "
            "crop and, for a single photo, faces, drawn, not_names, not_a_private_list, no_unseen_people, left_open "
            "and may_face_camera. An answer about a face holds with its box; without one it can only cover. Of several "
            "photos: an object with `photos` (what was said of one photo, by its SHA-256; under its file name only "
            "what makes verdicts stricter) and `posts` (of several at once: `photos`, a list of SHA-256, beside what "
            "was said).",
        },
        "taken": {
            "type": "string",
            "format": "date",
            "description": "The day the photos were taken, beside what their files and names tell. Where nothing does, "
            "everybody who ever was in the groups may be in them.",
        },
        "place": texts | {"description": "Where a photo will appear, as <channel>=<address or words>."},
        "crop": flag
        | {
            "description": "Where a part of a photo may go out as it is (`crop` of a verdict), it does, without covers."
        },
        "together": flag | {"description": "One message on all channels: the strictest verdict counts for each."},
    }
    schema = {
        "type": "object",
        "required": ["photo", "channel"],
        "properties": {key: fields[key] for key in SEVERAL + ONCE},
        "additionalProperties": False,
    }
    example = {
        "photo": ["(the file)"],
        "channel": channels,
        "group": ["groep 5"],
        "caption": "Sportdag",
        "answers": '{"faces": {"f1": {"say": "adult", "box": [812.0, 640.5, 140.2, 171.9]}}}',
    }
    return {"required": True, "content": {"multipart/form-data": {"schema": schema, "example": example}}}


ANSWERS: dict[str, Any] = {
    "required": True,
    "description": "Any of group, present, only_present, others, absent, unsure, faces, drawn, not_names, "
    "not_a_private_list, no_unseen_people, left_open, harmful, may_face_camera and crop. A face is a person, adult "
    "(who agreed; no_pupil was the earlier word), other_child, not_a_person, unknown or to cover. An answer about a "
    "face holds for the place at which this screening found it, or for the box that comes with it.",
    "content": {
        "application/json": {
            "schema": {"type": "object"},
            "example": {"faces": {"f1": {"person": "p4"}, "f2": "adult"}, "absent": ["p7"]},
        }
    },
}

ANSWER_LOG: dict[str, Any] = {
    "answers": [
        {
            "number": 0,
            "at": "2026-11-24T12:00:00+01:00",
            "kind": "answer",
            "retracted": False,
            "answers": {"group": ["groep 5"]},
        },
        {
            "number": 1,
            "at": "2026-11-24T12:01:00+01:00",
            "kind": "answer",
            "retracted": True,
            "answers": {"absent": ["p7"]},
        },
        {"number": 2, "at": "2026-11-24T12:02:00+01:00", "kind": "retraction", "retracted": False, "retracts": 1}
        | {"answers": {}},
    ]
}

JUDGED: dict[str, Any] = {
    "id": "0f8fad5bd9cb469fa16570867728950e",
    "file": "IMG_2031.jpg",
    "sha256": "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8",
    "width": 4032,
    "height": 3024,
    "scene": "overview",
    "faces": [
        {
            "id": "f1",
            "box": [812.0, 640.5, 140.2, 171.9],
            "score": 0.97,
            "yaw": -31.0,
            "pitch": 2.5,
            "roll": 1.0,
            "pose_reliable": True,
            "frontal": False,
            "close_up": False,
            "recognisable": True,
            "landmarks": [[850.1, 700.2], [905.7, 702.0], [861.3, 741.8], [856.0, 773.4], [899.9, 774.1]],
            "person": None,
        }
    ],
    "names": [],
    "names_checked": True,
    "clean": None,
    "removed": ["exif", "gps"],
    "verdicts": {
        "website": {
            "outcome": "blur",
            "faces": {"f1": {"action": "cover", "basis": "none"}},
            "covered": [[784.0, 576.0, 208.0, 272.0]],
            "reasons": [
                {
                    "rule": "R22",
                    "faces": ["f1"],
                    "nl": "Dit kan iemand zijn die hier niet op de foto mag.",
                    "en": "This could be somebody who may not be shown here.",
                }
            ],
            "questions": [
                {
                    "id": "q-who_is_this-f1",
                    "kind": "who_is_this",
                    "face": "f1",
                    "nl": "Wie is dit?",
                    "en": "Who is this?",
                }
            ],
            "rendition": {
                "href": "/v1/screenings/0f8fad5bd9cb469fa16570867728950e/renditions/website",
                "sha256": "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
                "width": 1600,
                "height": 1200,
            },
            "basis": "consent",
            "policy": "1+0123456789ab",
            "registry": None,
        }
    },
    "receipt": {
        "findings": "fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9",
        "answers": "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
        "models": "0123456789ab",
    },
    "ms": {"decode": 52.1, "look": 110.4, "render": 60.3, "verify": 88.0},
}

POST: dict[str, Any] = {
    "questions": [
        {
            "id": "q-any-of-these-1c6a3a9b",
            "kind": "any_of_these",
            "nl": "Let op: deze 2 mogen niet overal te zien zijn: Noor en Sem. Tik hun gezichten aan. Zie je verder"
            " niemand van dit lijstje? Kies dan “verder niemand”.",
            "en": "Note: these 2 may not be shown everywhere: Noor and Sem. Tap their faces. Do you see nobody else of"
            " this list? Then choose “nobody else”.",
            "photos": [JUDGED["sha256"]],
            "persons": ["p7", "p9"],
            "faces": {JUDGED["sha256"]: ["f1"]},
            "answer": {"absent": ["p7", "p9"]},
        }
    ],
    "notes": {
        "website": {
            "rule": "R61",
            "faces": [],
            "nl": "Overzichtsfoto's: 1 van de 3. Kies voor dit kanaal vooral overzichtsfoto's.",
            "en": "Overview photos: 1 of 3. Choose mostly overview photos for this channel.",
        }
    },
    "instead": {JUDGED["sha256"]: "9834876dcfb05cb167a5c24953eba58c4ac89b1adf57f28f2f9d09af107ee8f0"},
}

UNJUDGED: dict[str, Any] = {
    "id": "7c9e6679742540de944be07fc1f90ae7",
    "file": "IMG_2032.jpg",
    "sha256": "fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9",
    "error": {
        "code": "damaged",
        "message": "The picture is damaged or cut off.",
        "hint": "Copy it from the camera or phone again.",
    },
    "verdicts": {
        "website": {
            "outcome": "reject",
            "faces": {},
            "covered": [],
            "reasons": [
                {
                    "rule": "R01",
                    "faces": [],
                    "nl": "Deze foto kon niet worden beoordeeld.",
                    "en": "This photo could not be judged.",
                }
            ],
            "questions": [],
            "rendition": None,
            "basis": "consent",
            "policy": "1+0123456789ab",
            "registry": None,
        }
    },
    "ms": {},
}
