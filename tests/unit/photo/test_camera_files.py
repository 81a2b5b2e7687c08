"""Real camera and phone files, measured where they are; skipped where they are not."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageOps
from tests.needed import needs

from fotopoort.errors import Animated, Damaged, FormatNotAllowed, PhotoError, TooSmallToJudge
from fotopoort.photo.admission import Limits
from fotopoort.photo.colour import srgb_profile
from fotopoort.photo.decode import decode
from fotopoort.photo.render import encode
from fotopoort.vocabulary import Box

EVAL = Path(__file__).parents[4] / "shared" / "eval"
LIST = EVAL / "camera_files.json"

pytestmark = [
    pytest.mark.eval,
    pytest.mark.skipif(not LIST.exists(), reason="the evaluation photos are not beside the project"),
]

EXTRAS = {
    "embedded_thumbnail": "thumbnail",
    "iptc": "iptc",
    "xmp": "xmp",
    "gain_map": "second_image",
    "mpf": "second_image",
    "motion_photo": "video",
}


def entries() -> list[dict[str, Any]]:
    return json.loads(LIST.read_text(encoding="utf-8")) if LIST.exists() else []


def reason_to_refuse(entry: dict[str, Any]) -> type[PhotoError] | None:
    if entry["format"] == "GIF":
        return FormatNotAllowed
    if entry["frames"] > 1 and entry["pil_format"] == "WEBP":
        return Animated
    if min(entry["size"]) < 16:
        return TooSmallToJudge
    return None if entry["pil_decodes"] else Damaged


def segments(jpeg: bytes) -> list[tuple[int, bytes]]:
    """Marker and body of every segment of a baseline JPEG, the last one being its end; fails on anything after it."""
    found, at = [], 2
    assert jpeg[:2] == b"\xff\xd8"
    while jpeg[at + 1] != 0xD9:
        size = int.from_bytes(jpeg[at + 2 : at + 4], "big")
        found.append((jpeg[at + 1], jpeg[at + 4 : at + 2 + size]))
        at += 2 + size
        if found[-1][0] == 0xDA:
            at = jpeg.index(b"\xff\xd9", at)
    assert at + 2 == len(jpeg)
    return found


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: Path(entry["file"]).name[:40])
def test_an_upright_rendition_of_pixels_alone_or_a_reason(entry: dict[str, Any]) -> None:
    data = (EVAL / entry["file"]).read_bytes()
    if (reason := reason_to_refuse(entry)) is not None:
        with pytest.raises(reason):
            decode(data, Limits(), 2048)
        return
    photo = decode(data, Limits(), 2048)
    kinds = {hint.kind.value for hint in photo.hints}
    assert {EXTRAS[extra] for extra in entry["extras"] if extra in EXTRAS} <= kinds
    assert not entry["has_gps"] or "gps" in kinds

    rendition = encode(photo, [Box(photo.width / 4, photo.height / 4, photo.width / 8, photo.height / 8)], 1600)
    for marker, body in segments(rendition.jpeg):
        assert marker in {0xE0, 0xE2, 0xDB, 0xC0, 0xC4, 0xDA}
        if marker == 0xE0:
            assert body[:5] == b"JFIF\0"
            assert body[12:] == b"\0\0", "no thumbnail"
        if marker == 0xE2:
            assert body == b"ICC_PROFILE\0\1\1" + srgb_profile()
    texts = [hint.text for hint in photo.hints if hint.text] + [str(text) for text in entry["text_fields"].values()]
    for text in texts:
        if len(text) > 4:
            assert text.encode() not in rendition.jpeg
            assert text.encode("utf-16-le") not in rendition.jpeg


@pytest.mark.parametrize(
    "entry",
    [entry for entry in entries() if entry["format"] in ("JPEG", "AVIF") and reason_to_refuse(entry) is None],
    ids=lambda entry: Path(entry["file"]).name[:40],
)
def test_upright_as_another_program_sees_it(entry: dict[str, Any]) -> None:
    with Image.open(EVAL / entry["file"]) as image:
        other = ImageOps.exif_transpose(image).convert("L")
    photo = decode((EVAL / entry["file"]).read_bytes(), Limits(), 2048)
    assert (photo.width, photo.height) == other.size
    ours, theirs = (
        np.asarray(image.resize((32, 32), Image.Resampling.BOX), float).ravel()
        for image in (Image.fromarray(photo.pixels).convert("L"), other)
    )
    assert np.allclose(ours, theirs, atol=3) or np.corrcoef(ours, theirs)[0, 1] > 0.98


@needs("exiftool", "libimage-exiftool-perl")
def test_exiftool_finds_nothing_either(tmp_path: Path) -> None:
    for number, entry in enumerate(entries()):
        try:
            photo = decode((EVAL / entry["file"]).read_bytes(), Limits(), 1024)
        except PhotoError:
            continue
        (tmp_path / f"{number}.jpg").write_bytes(encode(photo, [], 800).jpeg)
    output = subprocess.run(
        ["exiftool", "-json", "-G1", "-a", "-u", "-q", str(tmp_path)], capture_output=True, check=True
    )
    described = json.loads(output.stdout)
    assert len(described) > 80
    groups = {name.partition(":")[0] for file in described for name in file if name != "SourceFile"}
    assert groups <= {"ExifTool", "System", "File", "JFIF", "Composite", "ICC_Profile", "ICC-header", "ICC-chrm"}
    assert not [file for file in described if "ExifTool:Warning" in file]
