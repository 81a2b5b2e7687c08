"""Forms as pages send them, read whole and checked for what no text can be."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl

from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from fotopoort.errors import BadForm, TooLarge
from fotopoort.vocabulary import Text

MAX_BYTES: Final = 16_384
MAX_FIELDS: Final = 200  # a school has fewer groups
SECONDS_FOR_A_FILE: Final = 30
KIND: Final = "application/x-www-form-urlencoded"
KIND_WITH_FILE: Final = "multipart/form-data"
UNREADABLE: Final = Text(nl="Open de pagina opnieuw en vul het nog eens in.", en="Open the page again and fill it in.")


@dataclass(frozen=True, slots=True)
class Form:
    """What was filled in: names of fields and what stands in them, some several times.

    Attributes:
        file: what is in the file that was chosen; empty: none was.
    """

    fields: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    file: bytes = field(default=b"", repr=False)

    def __getitem__(self, name: str) -> str:
        """What stands in the field first; nothing where there is no such field."""
        return next((value for key, value in self.fields if key == name), "")

    def all(self, name: str) -> list[str]:
        """Everything that stands in the fields of that name."""
        return [value for key, value in self.fields if key == name]


class InMemoryParser(MultiPartParser):
    """Files never touch the disk: an upload has no size at which it moves to a temporary file."""

    spool_max_size = 0  # what a SpooledTemporaryFile takes for "no limit"


async def read(request: Request, max_file_bytes: int = 0) -> Form:
    """The request's form.

    Args:
        max_file_bytes: of the one file that may come with it; 0: none may.

    Raises:
        BadForm: it is none, or not in UTF-8, or holds a character that no text has.
        TooLarge: the file is.
        RefusedBody: it is too large, or stopped coming.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == KIND_WITH_FILE and max_file_bytes:
        form = await _read_with_file(request, max_file_bytes)
    elif kind == KIND:
        form = await _read_fields(request)
    else:
        raise BadForm(hint=UNREADABLE)
    if any("\0" in part for pair in form.fields for part in pair):
        raise BadForm(hint=UNREADABLE)
    return form


async def _read_fields(request: Request) -> Form:
    try:
        sent = (await request.body()).decode("ascii")
        return Form(tuple(parse_qsl(sent, keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)))
    except ValueError:
        raise BadForm(hint=UNREADABLE) from None


async def _read_with_file(request: Request, max_file_bytes: int) -> Form:
    if int(request.headers.get("content-length", "0")) > max_file_bytes + MAX_BYTES:
        raise TooLarge(
            Text(nl="Dit bestand is te groot.", en="This file is too large."),
            hint=Text(
                nl=f"Kies een bestand van hooguit {max_file_bytes // 1_000_000} MB.",
                en=f"Choose a file of {max_file_bytes // 1_000_000} MB at most.",
            ),
        )
    request.state.body.allow(max_file_bytes + MAX_BYTES, grace_seconds=SECONDS_FOR_A_FILE)
    parser = InMemoryParser(
        request.headers, request.stream(), max_files=1, max_fields=MAX_FIELDS, max_part_size=MAX_BYTES
    )
    try:
        sent = await parser.parse()
    except (MultiPartException, ValueError):  # ValueError: a charset that cannot decode what was sent
        raise BadForm(hint=UNREADABLE) from None
    try:
        return await _form_of(sent)
    finally:
        await sent.close()


async def _form_of(sent: FormData) -> Form:
    parts = sent.multi_items()
    files = [await part.read() for _, part in parts if isinstance(part, UploadFile)]
    return Form(tuple((name, part) for name, part in parts if isinstance(part, str)), b"".join(files))
