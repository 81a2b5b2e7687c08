"""Files as odd cameras and programs write them, with the real models: as the plain file, or refused with what helps."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image
from tests.unit.photo.jpeg_files import jpeg
from tests.unit.photo.tiff_files import LONG, SHORT, assembled, tiff
from tests.unit.screening.detectors import NOBODY

from fotopoort.photo.decode import Limits
from fotopoort.policy.policy import Policy
from fotopoort.screening.analysis import Detectors
from fotopoort.screening.screen import Request, Screening, ScreeningJob, screen
from fotopoort.vision.faces.detector import FaceDetector
from fotopoort.vocabulary import Outcome

CHANNELS = ("website", "social_schools")
FACES = 4
SOS = b"\xff\xda"

Pixels = np.ndarray[Any, np.dtype[Any]]
Judge = Callable[[bytes], Screening]


@pytest.fixture(scope="module")
def pixels(samples: Path) -> Pixels:
    """Four children, (450, 600, 3)."""
    with Image.open(samples / "IMG_2040.jpg") as image:
        return np.asarray(image.convert("RGB").resize((600, 450), Image.Resampling.LANCZOS))


@pytest.fixture(scope="module")
def plain(pixels: Pixels) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=90)
    return out.getvalue()


@pytest.fixture(scope="module")
def judge(finder: FaceDetector, policy: Policy) -> Judge:
    return lambda data: screen(data, ScreeningJob(Request(CHANNELS), policy), Detectors(finder, NOBODY), Limits())


def mosaic(pixels: Pixels) -> bytes:
    """A raw file as Android's camera writes it: its first directory is the mosaic itself."""
    raw = np.zeros(pixels.shape[:2], np.uint16)
    for y, x, channel in ((0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 2)):
        raw[y::2, x::2] = pixels[y::2, x::2, channel].astype(np.uint16) << 4
    height, width = raw.shape
    tags = {
        254: (LONG, (0,)),
        256: (LONG, (width,)),
        257: (LONG, (height,)),
        258: (SHORT, (16,)),
        259: (SHORT, (1,)),
        262: (SHORT, (32803,)),
        273: (LONG, (8,)),
        277: (SHORT, (1,)),
        278: (LONG, (height,)),
        279: (LONG, (raw.nbytes,)),
        33421: (SHORT, (2, 2)),
        33422: (1, (0, 1, 1, 2)),
        50706: (1, (1, 4, 0, 0)),
    }
    return assembled(raw.tobytes(), tags)


def coloured(pixels: Pixels) -> list[Pixels]:
    coded = cv2.cvtColor(pixels, cv2.COLOR_RGB2YCrCb)
    return [coded[..., 0], coded[..., 2], coded[..., 1]]


JUDGED: dict[str, Callable[[bytes, Pixels], bytes]] = {
    "a scan header as Samsung writes it": lambda plain, _: (
        plain[: plain.index(SOS) + 11] + b"\0\0\0" + plain[plain.index(SOS) + 14 :]
    ),
    "two bytes between segments": lambda plain, _: plain[:20] + b"\0\0" + plain[20:],
    "no end marker": lambda plain, _: plain[:-2],
    "16-bit planes": lambda _, pixels: tiff(pixels.astype(np.uint16) * 257, planar=2),
    "an unusual sampling": lambda _, pixels: jpeg(coloured(pixels), ((2, 1), (1, 1), (2, 1))),
}


@pytest.mark.parametrize("kind", JUDGED)
def test_the_same_faces_are_seen(kind: str, plain: bytes, pixels: Pixels, judge: Judge) -> None:
    screening = judge(JUDGED[kind](plain, pixels))
    assert screening.findings.failure is None
    assert len(screening.findings.faces) == FACES
    assert {verdict.outcome for verdict in screening.verdicts.values()} <= {Outcome.BLUR, Outcome.REJECT}
    whole = judge(plain)
    for face, other in zip(screening.findings.faces, whole.findings.faces, strict=True):
        assert face.box.iou(other.box) > 0.8


def test_a_raw_file_is_refused_and_to_be_exported(pixels: Pixels, judge: Judge) -> None:
    screening = judge(mosaic(pixels))
    failure = screening.findings.failure
    assert failure is not None
    assert (failure.code, failure.hint, failure.hint_nl) == (
        "format_not_allowed",
        "Export it as JPEG. Until then: do not publish.",
        "Exporteer het als JPEG. Tot die tijd: niet plaatsen.",
    )
    assert {verdict.outcome for verdict in screening.verdicts.values()} == {Outcome.REJECT}
