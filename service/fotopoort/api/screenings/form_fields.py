"""The fields of a form with photos, as values. No error message repeats what a field held."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Final

from starlette.datastructures import FormData, UploadFile

from fotopoort.application.capture_date import require_past
from fotopoort.errors import BadForm
from fotopoort.vocabulary import Text

PHOTO: Final = "photo"  # the field that has files in it; all others are texts
FILE, TEXT = Text(nl="bestand", en="file"), Text(nl="tekst", en="text")


def check(form: FormData, *, once: Collection[str], several: Collection[str]) -> None:
    """Go on only where each field is known, and as often there as it may be.

    Raises:
        BadForm: a field is unknown, given too often, or not of its kind.
    """
    for name, value in form.multi_items():
        if name not in (*several, *once):
            fields = ", ".join((*several, *once))
            raise BadForm(
                Text(nl="Het formulier heeft een onbekend veld.", en="The form has an unknown field."),
                hint=Text(nl=f"Het kent: {fields}.", en=f"It takes: {fields}."),
            )
        if isinstance(value, UploadFile) is not (name == PHOTO):
            kind = FILE if name == PHOTO else TEXT
            raise BadForm(
                Text(nl=f"Het veld {name} moet een {kind.nl} zijn.", en=f"The field {name} must be a {kind.en}.")
            )
    for name in once:
        if len(form.getlist(name)) > 1:
            raise BadForm(
                Text(
                    nl=f"Het veld {name} staat er meer dan één keer in.",
                    en=f"The field {name} is there more than once.",
                )
            )


def texts(form: FormData, name: str) -> list[str]:
    """What a field that may be there several times holds."""
    return [value for value in form.getlist(name) if isinstance(value, str)]


def text(form: FormData, name: str) -> str | None:
    """What a field holds; None: it is not there."""
    return next(iter(texts(form, name)), None)


def taken(form: FormData, today: date) -> date | None:
    """The day the photos were taken, where it was sent.

    Raises:
        BadForm: it is no day.
        FutureDay: it has not come yet.
    """
    written = text(form, "taken")
    try:
        day = date.fromisoformat(written) if written else None
    except ValueError:
        raise BadForm(
            Text(nl="Het veld taken moet een dag zijn.", en="The field taken must be a day."),
            hint=Text(nl="Schrijf hem als 2026-11-24.", en="Write it as 2026-11-24."),
        ) from None
    require_past(day, today)
    return day
