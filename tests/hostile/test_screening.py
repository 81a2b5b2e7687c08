"""Nasty files through the same processes as every photo: each gets a verdict, and the next good photo too."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from tests.waiting import PATIENCE

from fotopoort.policy.policy import Policy
from fotopoort.screening.processes.pool import ScreeningPool
from fotopoort.screening.screen import Request, ScreeningJob
from fotopoort.vocabulary import Outcome


def saved(image: Image.Image, format: str, **options: Any) -> bytes:  # noqa: ANN401 - Pillow's own
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def png_claiming(width: int, height: int, rows: int) -> bytes:
    """A PNG whose header claims a size, with only so many rows of it inside, and then nothing."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(rows * (1 + 3 * width)))[:-8]
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def still(side: int = 64) -> Image.Image:
    return Image.linear_gradient("L").resize((side, side)).convert("RGB")


NASTY: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "empty_file"),
    "one byte": (lambda: b"\xff", "not_a_photo"),
    "text": (lambda: b"Dit is geen foto, maar de lijst van groep 5.", "not_a_photo"),
    "a page": (lambda: b"<!doctype html><img src=x onerror=alert(1)>", "not_a_photo"),
    "a drawing with a script": (lambda: b"<svg onload='alert(1)'/>", "format_not_allowed"),
    "one pixel": (lambda: saved(Image.new("RGB", (1, 1)), "PNG"), "too_small"),
    "65,000 × 1": (lambda: saved(Image.new("RGB", (65_000, 1)), "JPEG"), "too_small"),
    "a header alone": (lambda: saved(still(), "JPEG")[:30], "damaged"),
    "half a JPEG": (lambda: saved(still(256), "JPEG")[:-900], "damaged"),
    "half a WebP": (lambda: saved(still(256), "WEBP")[:-200], "damaged"),
    "moving": (lambda: saved(still(), "WEBP", save_all=True, append_images=[still().rotate(90)]), "animated"),
    "a bomb of many pixels": (lambda: png_claiming(60_000, 60_000, 1), "too_many_pixels"),
    "a bomb of few rows": (lambda: png_claiming(9_000, 9_000, 1), "damaged"),
}


@pytest.mark.parametrize(("make", "code"), NASTY.values(), ids=NASTY)
def test_a_nasty_file_is_a_reject_with_a_code(
    make: Callable[[], bytes], code: str, screeners: ScreeningPool, policy: Policy
) -> None:
    request = Request(("social_schools", "website"), caption="Fenna")
    screening = screeners.submit(make(), ScreeningJob(request, policy)).result(PATIENCE)
    assert screening.findings.failure is not None
    assert screening.findings.failure.code == code
    assert {verdict.outcome for verdict in screening.verdicts.values()} == {Outcome.REJECT}
    assert screening.renditions == {}


def test_all_of_them_at_once_leave_a_good_photo_judged(samples: Path, screeners: ScreeningPool, policy: Policy) -> None:
    good = (samples / "IMG_2055.png").read_bytes()
    files = [make() for make, _ in NASTY.values()]
    work = [
        screeners.submit(data, ScreeningJob(Request(("website",)), policy)) for data in [*files, good, *files, good]
    ]
    outcomes = [future.result(PATIENCE).verdicts["website"].outcome for future in work]
    published = [place for place, outcome in enumerate(outcomes) if outcome is Outcome.PUBLISH]
    assert published == [len(files), 2 * len(files) + 1]


@pytest.mark.parametrize("size", [(16, 16), (16, 6000), (6000, 16)], ids=str)
def test_odd_shapes_that_are_photos_are_judged(size: tuple[int, int], screeners: ScreeningPool, policy: Policy) -> None:
    photo = saved(Image.linear_gradient("L").resize(size).convert("RGB"), "JPEG")
    screening = screeners.submit(photo, ScreeningJob(Request(("website",)), policy)).result(PATIENCE)
    assert screening.findings.failure is None
    assert max(screening.renditions["website"].width, screening.renditions["website"].height) <= 1600
