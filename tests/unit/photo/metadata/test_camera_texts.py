"""What people wrote into real camera and phone files is in the hints. Skipped where those files are not."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.needed import needs

from fotopoort.errors import PhotoError
from fotopoort.photo.admission import Limits, admit
from fotopoort.photo.metadata.hints import hints
from fotopoort.photo.metadata.texts import other

EVAL = Path(__file__).parents[5] / "shared" / "eval"
LIST = EVAL / "camera_files.json"

pytestmark = [
    pytest.mark.eval,
    pytest.mark.skipif(not LIST.exists(), reason="the evaluation photos are not beside the project"),
]

# Fields that hold what people wrote, or whose name or place it is, in exiftool's words.
WRITTEN = re.compile(
    "Artist|Author|By-?line|Caption|City|Comment|Contact|Copyright|Creator|Credit|Description|Event|Headline|Host|"
    "Instructions|Keyword|Label|Location|Name|Owner|People|Person|Region|Rights|Sub-?location|Subject|Title|Writer"
)
# Its groups that are no metadata: what it says of the file, of the container's boxes and of a colour profile.
NOT_METADATA = re.compile("(ExifTool|System|Composite|JFIF|QuickTime|ICC[_-].*|File(?!:Comment)):")


def texts_by_file() -> dict[Path, str]:
    """The texts that each file that is taken carries, letters and figures only."""
    texts = {}
    for entry in json.loads(LIST.read_text(encoding="utf-8")):
        path = EVAL / entry["file"]
        try:
            blocks = admit(path.read_bytes(), Limits()).blocks
        except PhotoError:
            continue
        texts[path] = letters("\n".join(hint.text or "" for hint in hints(blocks)))
    return texts


def letters(text: str) -> str:
    """Without spaces and signs, which programs write and join in different ways."""
    return re.sub(r"[\W_]+", "", text)


def written_texts(value: object) -> Iterator[str]:
    """The texts in a value of a list or structure that a person may have written, by the rule that readers go by."""
    if isinstance(value, str) and value.startswith("{"):  # a structure as the list writes it, cut off in places
        value = re.findall(": '([^']*)'", value)
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from written_texts(item)
    elif isinstance(value, str) and "\N{REPLACEMENT CHARACTER}" not in value and next(other("", value), None):
        yield value


def missing_fields(texts: str, fields: dict[str, Any]) -> list[str]:
    """The names of fields whose text is in no hint. Never the text: it is somebody's."""
    return [name for name, value in fields.items() for text in written_texts(value) if letters(text) not in texts]


def test_every_text_field_on_the_list() -> None:
    found = texts_by_file()
    entries = [entry for entry in json.loads(LIST.read_text(encoding="utf-8")) if EVAL / entry["file"] in found]
    assert sum(len(entry["text_fields"]) for entry in entries) > 100
    missing = {entry["file"]: missing_fields(found[EVAL / entry["file"]], entry["text_fields"]) for entry in entries}
    assert {file: fields for file, fields in missing.items() if fields} == {}


@needs("exiftool", "libimage-exiftool-perl")
def test_every_field_that_exiftool_finds() -> None:
    found = texts_by_file()
    command = ["exiftool", "-json", "-n", "-G1", "-a", "-u", "-struct", *map(str, found)]
    described = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    fields = {
        Path(file["SourceFile"]): {
            name: value for name, value in file.items() if WRITTEN.search(name) and not NOT_METADATA.match(name)
        }
        for file in described
    }
    assert sum(len(of_file) for of_file in fields.values()) > 200
    missing = {path.name: missing_fields(found[path], of_file) for path, of_file in fields.items()}
    assert {file: fields for file, fields in missing.items() if fields} == {}
