"""The fields of `POST /v1/gate`, as values. No error message repeats what a field held."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from starlette.datastructures import FormData, UploadFile

from fotopoort.api.screenings import form_fields
from fotopoort.application.gate.requests import MAX_REFERENCE, GateRequest
from fotopoort.errors import BadForm
from fotopoort.policy.policy import Policy
from fotopoort.registry.posts.photos import MAX_FILE_NAME
from fotopoort.registry.posts.posts import MAX_TEXT
from fotopoort.vocabulary import Text

ONCE: Final = ("photo", "channel", "text", "file_name", "reference", "taken", "deadline")
SEVERAL: Final = ("group",)
MIN_SECONDS, SECONDS, MAX_SECONDS = 1, 15, 60


@dataclass(frozen=True, slots=True)
class Form:
    """What is sent, and how long its answer may take (seconds)."""

    request: GateRequest
    seconds: float


async def read(form: FormData, today: date, key: str) -> Form:
    """What the form asks.

    Args:
        key: the request's `Idempotency-Key`.

    Raises:
        BadForm: a field is unknown, missing, given too often, or not of its kind.
        FutureDay: the photo was taken on a day that has not come yet.
    """
    form_fields.check(form, once=ONCE, several=SEVERAL)
    photo = form.get("photo")
    channel = form_fields.text(form, "channel")
    if not channel:
        raise BadForm(
            Text(nl="Het veld channel ontbreekt.", en="The field channel is missing."),
            hint=Text(nl="Noem één kanaal.", en="Name one channel."),
        )
    file_name = form_fields.text(form, "file_name")
    if isinstance(photo, UploadFile) and not file_name:
        file_name = photo.filename or ""
    request = GateRequest.cleaned(
        await photo.read() if isinstance(photo, UploadFile) else None,
        channel,
        text=form_fields.text(form, "text"),
        file_name=file_name,
        groups=form_fields.texts(form, "group"),
        reference=form_fields.text(form, "reference"),
        taken=form_fields.taken(form, today),
        key=key,
    )
    return Form(request, _seconds(form))


def _seconds(form: FormData) -> float:
    written = form_fields.text(form, "deadline")
    try:
        seconds = float(written) if written else float(SECONDS)
    except ValueError:
        seconds = 0.0
    if not MIN_SECONDS <= seconds <= MAX_SECONDS:
        raise BadForm(
            Text(
                nl=f"Het veld deadline is een aantal seconden van {MIN_SECONDS} tot en met {MAX_SECONDS}.",
                en=f"The field deadline is a number of seconds from {MIN_SECONDS} to {MAX_SECONDS}.",
            ),
            hint=Text(nl=f"Laat je het weg, dan is het {SECONDS}.", en=f"Left out, it is {SECONDS}."),
        )
    return seconds


def published(policy: Policy) -> dict[str, Any]:
    """The request body, as the published contract has it."""
    fields: Mapping[str, Any] = {
        "photo": {
            "type": "string",
            "format": "binary",
            "description": "JPEG, PNG, WebP, HEIC, AVIF or TIFF with one picture in it. Left out: the text alone.",
        },
        "channel": {"type": "string", "enum": [channel.id for channel in policy.channels]},
        "text": {
            "type": "string",
            "maxLength": MAX_TEXT,
            "description": "What goes with it: title, caption, alternative text and the article, each on a line.",
        },
        "file_name": {
            "type": "string",
            "maxLength": MAX_FILE_NAME,
            "description": "That it would be published under. Left out: that of the file in `photo`.",
        },
        "group": {
            "type": "array",
            "items": {"type": "string", "minLength": 1},
            "description": "Those in the photo, as on the class list: their teachers answer. None: the office does.",
        },
        "reference": {
            "type": "string",
            "maxLength": MAX_REFERENCE,
            "description": "What you call the article. Photos with the same one, for the same channel and groups, are "
            "asked about together; a text that comes alone takes the place of the one before.",
        },
        "taken": {
            "type": "string",
            "format": "date",
            "description": "The day the photo was taken. Where neither this nor its file tells, it can be of any year.",
        },
        "deadline": {
            "type": "integer",
            "minimum": MIN_SECONDS,
            "maximum": MAX_SECONDS,
            "default": SECONDS,
            "description": "Seconds within which there is an answer. What takes longer goes on, and the answer is 202.",
        },
    }
    form = {
        "type": "object",
        "required": ["channel"],
        "properties": dict(fields),
        "additionalProperties": False,
    }
    example = {
        "photo": "(the file)",
        "channel": policy.channels[0].id,
        "group": ["groep 5"],
        "text": "Wij bouwen een toren.",
        "reference": "post-123",
    }
    return {"required": True, "content": {"multipart/form-data": {"schema": form, "example": example}}}
