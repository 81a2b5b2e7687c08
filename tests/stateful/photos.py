"""Made photos: every face is a patch of its person's own hue, so that who can be seen is looked up in the pixels.

Everything else is grey. A row of black and white squares at the bottom holds the photo's number, so that a rendition
tells by itself which photo it is of, wherever it was found.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import cv2
import numpy as np
from PIL import Image

from fotopoort.vocabulary import Box

Pixels = np.ndarray[Any, np.dtype[Any]]

WIDTH, HEIGHT = 640, 288
PEOPLE: Final = tuple(f"kind-{letter}" for letter in "abcdefghijkl")
OUTSIDERS: Final = ("vreemde-x", "vreemde-y")
EVERYBODY: Final = (*PEOPLE, *OUTSIDERS)
HUE_STEP: Final = 180 // (len(EVERYBODY) + 1)  # on OpenCV's scale of 0 to 179
SATURATED: Final = 100  # of 255: a face can be seen
FOUND: Final = 200  # and it is found; a pale one is missed
PALE: Final = 150
# Width and height of a face in pixels; a huge one is seen full in the face.
HUGE, LARGE, MEDIUM, TINY = (96, 144), (48, 64), (32, 40), (14, 16)
SLOTS: Final = tuple((24 + 120 * number, 104) for number in range(5))
BACKGROUND: Final = (592, 8)  # where a tiny face stands: the first in reading order
BITS: Final = 10
DATE_TIME_ORIGINAL, EXIF_DIRECTORY = 0x9003, 0x8769


@dataclass(frozen=True, slots=True)
class Depicted:
    """Who is where in a photo.

    Attributes:
        who: one of EVERYBODY.
        missed: the face is not found; who looks at the photo does see it.
    """

    who: str
    box: Box
    missed: bool = False


@dataclass(frozen=True, slots=True)
class MadePhoto:
    """A photo, and the truth about it.

    Attributes:
        day: when it was really taken.
        said: the day that the sender says, if any.
    """

    number: int
    day: date
    depicted: tuple[Depicted, ...]
    file_name: str
    said: date | None
    data: bytes = field(repr=False)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    @property
    def who(self) -> frozenset[str]:
        return frozenset(depicted.who for depicted in self.depicted)


def make(
    number: int,
    who: Sequence[str],
    day: date,
    *,
    sizes: Sequence[tuple[int, int]] = (),
    tiny: str | None = None,
    missed: int | None = None,
    exif: date | None = None,
    file_name: str = "",
    said: date | None = None,
) -> MadePhoto:
    """A photo of these people from left to right.

    Args:
        sizes: of their faces; large where there are too few.
        tiny: who is far away in it besides: too small to recognise anywhere.
        missed: whose face, from the left, is not found.
        exif: the day in the file.
        file_name: with what the name tells of the day.
    """
    chance = np.random.default_rng(number)
    grey = chance.integers(80, 176, (5, 9)).astype(np.float32)
    pixels = np.repeat(cv2.resize(grey, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)[..., None], 3, axis=2)
    pixels = np.clip(pixels, 0, 255).astype(np.uint8)
    depicted = []
    for place, person in enumerate(who):
        size = sizes[place] if place < len(sizes) else LARGE
        x, y = SLOTS[place]
        y -= (size[1] - LARGE[1]) // 2 if size == HUGE else 0  # its cover stays off the photo's number
        depicted.append(Depicted(person, Box(x, y, *size), missed=place == missed))
    if tiny is not None:
        depicted.append(Depicted(tiny, Box(*BACKGROUND, *TINY)))
    for face in depicted:
        box = face.box
        pixels[int(box.y) : int(box.bottom), int(box.x) : int(box.right)] = _colour(face)
    for bit in range(BITS):
        pixels[HEIGHT - 24 :, 16 + 32 * bit : 48 + 32 * bit] = 255 if number >> bit & 1 else 0
    out, image = io.BytesIO(), Image.fromarray(pixels)
    metadata = image.getexif()
    if exif is not None:
        metadata.get_ifd(EXIF_DIRECTORY)[DATE_TIME_ORIGINAL] = f"{exif:%Y:%m:%d} 10:00:00"
    image.save(out, "JPEG", quality=92, subsampling=0, exif=metadata)
    return MadePhoto(number, day, tuple(depicted), file_name or f"IMG_{number}.jpg", said, out.getvalue())


def opened(jpeg: bytes) -> Pixels:
    """The pixels (H, W, 3) uint8 of a picture."""
    return np.asarray(Image.open(io.BytesIO(jpeg)).convert("RGB"))


def number_of(pixels: Pixels) -> int:
    """Which photo a rendition is of."""
    scale = pixels.shape[1] / WIDTH
    row = pixels[int((HEIGHT - 12) * scale)].mean(axis=1)
    return sum(1 << bit for bit in range(BITS) if row[int((32 + 32 * bit) * scale)] > 128)


def visible(pixels: Pixels, photo: MadePhoto) -> tuple[Depicted, ...]:
    """Whose faces can be seen in a rendition of the photo."""
    scale = pixels.shape[1] / WIDTH
    seen = []
    for face in photo.depicted:
        box = face.box
        x0, x1 = ((box.x + part * box.w) * scale for part in (0.3, 0.7))
        y0, y1 = ((box.y + part * box.h) * scale for part in (0.3, 0.7))
        middle = pixels[int(y0) : max(int(y1), int(y0) + 1), int(x0) : max(int(x1), int(x0) + 1)]
        colour = middle.reshape(-1, 3).mean(axis=0).astype(np.uint8).reshape(1, 1, 3)
        hue, saturation, _ = (int(value) for value in cv2.cvtColor(colour, cv2.COLOR_RGB2HSV)[0, 0])
        if saturation >= SATURATED and _distance(hue, EVERYBODY.index(face.who) * HUE_STEP) < HUE_STEP / 2:
            seen.append(face)
    return tuple(seen)


def found(pixels: Pixels, least_height: int) -> list[tuple[str, Box]]:
    """The patches in a picture, in reading order, with their boxes in its own pixels."""
    hsv = cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2HSV)
    saturated = hsv[..., 1] >= FOUND
    nearest = ((hsv[..., 0].astype(int) + HUE_STEP // 2) // HUE_STEP) % (180 // HUE_STEP)
    ys, xs = np.nonzero(saturated)
    whose, faces = nearest[ys, xs], []
    for index, count in enumerate(np.bincount(whose, minlength=len(EVERYBODY))[: len(EVERYBODY)]):
        if count < least_height * least_height // 2:
            continue
        of_person, person = whose == index, EVERYBODY[index]
        ys_of, xs_of = ys[of_person], xs[of_person]
        (x0, x1), (y0, y1) = np.percentile(xs_of, (1, 99)), np.percentile(ys_of, (1, 99))
        box = Box(float(x0), float(y0), float(x1 - x0 + 1), float(y1 - y0 + 1))
        if box.h >= least_height and count > 0.5 * box.area:
            faces.append((person, box))
    return sorted(faces, key=lambda face: (face[1].y > 48 * pixels.shape[1] / WIDTH, face[1].x))


def _colour(face: Depicted) -> Pixels:
    hsv = np.array([[[EVERYBODY.index(face.who) * HUE_STEP, PALE if face.missed else 255, 235]]], np.uint8)
    return np.asarray(cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB)[0, 0])


def _distance(hue: int, other: int) -> int:
    apart = abs(hue - other) % 180
    return min(apart, 180 - apart)
