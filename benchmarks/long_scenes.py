"""Pictures of unusual shape or full of text, drawn for measuring and for tests: class sheets, screenshots, panoramas.

Text is drawn in Pillow's own font, people come from `fixtures/demo`; the names are made up. The same call always gives
the same picture.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont, ImageOps

from benchmarks.processes import ROOT

Array = np.ndarray[Any, np.dtype[Any]]

FIRST_NAMES = (
    "Noor", "Daan", "Yara", "Lotte", "Tijn", "Fenna", "Bram", "Julia", "Noah", "Mila", "Lucas", "Thijs", "Sofie",
    "Guus", "Jayden", "Fatima", "Olivia", "Levi", "Emma", "Zara", "Hugo", "Lieke", "Milan", "Nina", "Joris", "Femke",
    "Sander", "Marit", "Koen", "Anouk", "Ruben", "Isabel", "Jesse", "Tessa", "Stijn",
)  # fmt: skip
SURNAMES = (
    "Bakker", "Visser", "Amrani", "Groothuis", "Meerman", "Kuipers", "Hoekstra", "Willems", "Mulder", "Peters",
    "Dekker", "Verbeek", "Postma", "Janssen", "Brouwer", "Meijer", "Martina", "Yilmaz", "Haddad", "Maas", "Scholten",
)  # fmt: skip
A4 = (2480, 3508)  # pixels at 300 dpi
INK, PAPER = (25, 25, 35), (250, 249, 245)
BUBBLES = ((255, 255, 255), (217, 253, 211))
WALLPAPER = (236, 229, 221)
MESSAGES = (
    "Goedemorgen allemaal", "Wie kan er morgen rijden naar het zwembad?", "Ik kan vier kinderen meenemen",
    "Super, dank je wel!", "Denken jullie aan de gymtas", "Om half negen bij het hek",
)  # fmt: skip
PEOPLE = "IMG_2040.jpg"  # four children, seen close
HEADS = ((199, 465, 117, 144), (566, 418, 123, 139), (930, 448, 125, 148), (1306, 431, 112, 142))  # x, y, w, h
AROUND = 2.2  # the side of a portrait over the height of its face


@dataclass(frozen=True)
class LongPicture:
    """A drawn picture.

    Attributes:
        pixels: (H, W, 3) uint8, RGB.
        names: that stand in it, each once.
        faces: how many were put into it; 0: it is not about faces.
    """

    title: str
    pixels: Array
    names: tuple[str, ...] = ()
    faces: int = 0

    def encoded(self, kind: str) -> bytes:
        """As a file: "TIFF", "PNG" or "JPEG"."""
        out = io.BytesIO()
        options: dict[str, Any] = {"quality": 90} if kind == "JPEG" else {"compression": "tiff_lzw"}
        Image.fromarray(self.pixels).save(out, kind, **({} if kind == "PNG" else options))
        return out.getvalue()


def full_names(count: int) -> list[str]:
    """So many different names."""
    return [
        f"{FIRST_NAMES[number % len(FIRST_NAMES)]} {SURNAMES[(number + number // len(FIRST_NAMES)) % len(SURNAMES)]}"
        for number in range(count)
    ]


def class_sheet(lines: int, size: tuple[int, int] = A4) -> LongPicture:
    """A scanned sheet with so many lines, each with a name, from the top edge to the bottom."""
    image = Image.new("RGB", size, PAPER)
    draw = ImageDraw.Draw(image)
    names = full_names(lines)
    columns = 1 if lines <= 120 else 4
    rows = -(-lines // columns)
    step = (size[1] - 2 * 60) / rows
    font = _font(min(50, round(0.72 * step)))
    for number, name in enumerate(names):
        row, column = number % rows, number // rows
        text = f"{number + 1}  {name}  AVI M{number % 6 + 3}  {number * 37 % 100}" if columns == 1 else name
        draw.text((120 + column * (size[0] - 160) / columns, 60 + row * step), text, INK, font=font)
    return LongPicture(f"class sheet, {lines} lines", np.asarray(image), tuple(names))


def screenshot(width: int, height: int, letter: int = 42) -> LongPicture:
    """A chat on a phone, as one tall picture: who writes stands above what is written."""
    image = Image.new("RGB", (width, height), WALLPAPER)
    draw = ImageDraw.Draw(image)
    names: list[str] = []
    top, number = 12, 0
    while top + 3 * letter < height - 8:
        own = number % 3 == 2
        left = width // 3 if own else width // 30
        right = left + width * 19 // 30
        draw.rounded_rectangle((left, top, right, top + int(2.9 * letter)), letter // 2, BUBBLES[own])
        name = full_names(number + 1)[-1]
        names.append(name)
        draw.text((left + letter // 2, top + letter // 4), name, (40, 110, 160), font=_font(letter))
        message = MESSAGES[number % len(MESSAGES)][: int(width * 19 / 30 / letter * 1.7)]
        draw.text((left + letter // 2, top + int(1.5 * letter)), message, INK, font=_font(letter))
        top, number = top + int(3.3 * letter), number + 1
    return LongPicture(f"screenshot {width} × {height}", np.asarray(image), tuple(names))


def panorama(width: int, height: int, face_height: int, centres: Sequence[int] = ()) -> LongPicture:
    """A wide view with children along the whole of it, the first and last at the very ends; a name sign at each end.

    Args:
        centres: of more children: pixels from the left. Those of the others who would stand there do not come.
    """
    image = Image.fromarray(wall(width, height))
    heads = portraits()
    count = max(2, width // (6 * face_height))
    side = round(face_height * AROUND)
    row = [round((width - side) * number / (count - 1)) for number in range(count)]
    more = [centre - side // 2 for centre in centres]
    places = [left for left in row if all(abs(left - other) >= side for other in more)] + more
    for number, left in enumerate(places):
        head = heads[number % len(heads)]
        image.paste(head.resize((side, side), Image.Resampling.LANCZOS), (left, height - side - height // 8))
    draw = ImageDraw.Draw(image)
    letter = round(width * 24 / 1600)
    names = ("Noor Bakker", "Daan Visser")
    draw.text((4, height // 8), names[0], INK, font=_font(letter))
    length = draw.textlength(names[1], font=_font(letter))
    draw.text((width - length - 4, height // 8), names[1], INK, font=_font(letter))
    return LongPicture(f"panorama {width} × {height}", np.asarray(image), names, len(places))


def contact_sheet(columns: int = 7, rows: int = 5, size: tuple[int, int] = (3508, 2480)) -> LongPicture:
    """Portraits in rows, with a name under each."""
    image = Image.new("RGB", size, PAPER)
    draw = ImageDraw.Draw(image)
    width, height = size[0] // columns, size[1] // rows
    names = full_names(columns * rows)
    heads = portraits()
    side = min(width, height) - 110
    for number, name in enumerate(names):
        left, top = number % columns * width, number // columns * height
        image.paste(heads[number % len(heads)].resize((side, side)), (left + (width - side) // 2, top + 20))
        length = draw.textlength(name, font=_font(46))
        draw.text((left + (width - length) / 2, top + side + 30), name, INK, font=_font(46))
    return LongPicture(f"contact sheet, {columns * rows} portraits", np.asarray(image), tuple(names), columns * rows)


def newspaper(size: tuple[int, int] = (3508, 4961), columns: int = 5, letter: int = 38) -> LongPicture:
    """A scanned page full of columns of print, with a name here and there."""
    image = Image.new("RGB", size, (236, 232, 220))
    draw = ImageDraw.Draw(image)
    font = _font(letter)
    words = (
        "de kinderen van onze school hebben gisteren met veel plezier aan een groot feest op het plein gewerkt".split()
    )
    names: list[str] = []
    width, at = size[0] // columns, 0
    for column in range(columns):
        for row, top in enumerate(range(60, size[1] - 60, round(1.35 * letter))):
            text = ""
            if row % 12 == column:
                text = full_names(len(names) + 1)[-1]
                names.append(text)
            while draw.textlength(text, font=font) < width - 260:
                text, at = f"{text} {words[at % len(words)]}", at + 1
            draw.text((column * width + 40, top), text.strip(), INK, font=font)
    return LongPicture("newspaper page", np.asarray(image), tuple(names))


def pictures() -> Iterator[tuple[LongPicture, str]]:
    """What is measured, and the kind of file that it comes as."""
    for lines in (30, 120, 400):
        yield class_sheet(lines), "TIFF"
    yield screenshot(1080, 6000), "PNG"
    yield screenshot(1170, 20_000), "PNG"
    yield panorama(12_000, 2000, 260), "JPEG"
    yield panorama(20_000, 1500, 420), "JPEG"
    yield contact_sheet(), "JPEG"
    yield newspaper(), "JPEG"


@cache
def portraits() -> Sequence[Image.Image]:
    """Square pictures of one head each, `AROUND` times as high as the face."""
    with Image.open(ROOT / "fixtures" / "demo" / PEOPLE) as photo:
        upright = ImageOps.exif_transpose(photo).convert("RGB")
    crops = []
    for x, y, w, h in HEADS:
        half, across, down = AROUND * h / 2, x + w / 2, y + h / 2
        crops.append(upright.crop((across - half, down - half, across + half, down + half)))
    return crops


def _font(height: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(height)
    assert isinstance(font, ImageFont.FreeTypeFont)
    return font


def wall(width: int, height: int) -> Array:
    """A plain wall whose light changes along it."""
    light = 150 + 60 * np.sin(np.linspace(0, 5, width))[None, :, None] - 40 * np.linspace(0, 1, height)[:, None, None]
    pixels: Array = np.clip(light * np.array([1.0, 0.97, 0.9]), 0, 255).astype(np.uint8)
    return pixels
