"""Forms as pages send them, read whole and checked for what no text can be."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import Request

from fotopoort.errors import BadForm
from fotopoort.vocabulary import Text

MAX_BYTES: Final = 16_384
MAX_FIELDS: Final = 200  # a school has fewer groups
KIND: Final = "application/x-www-form-urlencoded"
UNREADABLE: Final = Text(nl="Open de pagina opnieuw en vul het nog eens in.", en="Open the page again and fill it in.")


@dataclass(frozen=True, slots=True)
class Form:
    """What was filled in: names of fields and what stands in them, some several times."""

    fields: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    def __getitem__(self, name: str) -> str:
        """What stands in the field first; nothing where there is no such field."""
        return next((value for key, value in self.fields if key == name), "")

    def all(self, name: str) -> list[str]:
        """Everything that stands in the fields of that name."""
        return [value for key, value in self.fields if key == name]


async def read(request: Request) -> Form:
    """The request's form.

    Raises:
        BadForm: it is none, or not in UTF-8, or holds a character that no text has.
        RefusedBody: it is too large, or stopped coming.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != KIND:
        raise BadForm(hint=UNREADABLE)
    try:
        sent = (await request.body()).decode("ascii")
        fields = parse_qsl(sent, keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
    except ValueError:
        raise BadForm(hint=UNREADABLE) from None
    if any("\0" in part for pair in fields for part in pair):
        raise BadForm(hint=UNREADABLE)
    return Form(tuple(fields))
