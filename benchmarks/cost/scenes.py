"""The photos whose cost is measured: 12 megapixels, with more and more faces, and with more and more lines of text.

Heads come from `fixtures/demo`, each mirrored, tilted, lit and blurred a little otherwise; a third of them are blurred
so much that a second look is needed. Text is drawn in Pillow's own font. The same call always gives the same file.
"""

from __future__ import annotations

import io
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps

from benchmarks import long_scenes

SIZE: Final = (4000, 3000)
FACES: Final = (1, 6, 30, 60, 120)
LINES: Final = (0, 10, 100)  # of text, beside six faces
WITH_TEXT: Final = 6
LARGEST: Final = 620  # pixels of a portrait's side: no face fills the frame
NOISE: Final = 7  # standard deviation of the brightness, of 255, as of a camera in a classroom
MAX_BLURRED: Final = 0.018  # of a portrait's side
INK: Final = (30, 25, 40)
TEXTS: Final = (
    "Vandaag hebben wij samen een toren gebouwd", "Iedereen heeft goed geholpen", "Welkom bij de open dag",
    "De tafel van zeven is best moeilijk", "Hoera, {} is jarig!", "Morgen gaan we naar het bos", "Denk aan je gymtas",
    "Wij lezen elke dag een kwartier", "Gemaakt door {}", "De herfst is begonnen",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scene:
    """One photo to measure.

    Attributes:
        id: by which it is chosen on the command line.
        faces, lines: how many were drawn into it; None: nobody counted.
        own: made of the project's own pictures alone, so that other programs may be given it.
    """

    id: str
    title: str
    data: bytes
    faces: int | None = None
    lines: int | None = None
    own: bool = True


def scenes(evaluation: Path | None, chosen: Collection[str] = ()) -> Iterator[Scene]:
    """All of them, or those whose id is chosen; those of the evaluation only where it is there."""
    for count in FACES:
        if not chosen or f"faces-{count}" in chosen:
            yield Scene(f"faces-{count}", f"{count} {'face' if count == 1 else 'faces'}", _file(crowd(count)), count, 0)
    for count in LINES:
        if not chosen or f"lines-{count}" in chosen:
            title = f"{WITH_TEXT} faces, {count} lines"
            yield Scene(f"lines-{count}", title, _file(written(WITH_TEXT, count)), WITH_TEXT, count)
    if evaluation is not None:
        yield from (scene for scene in _of_evaluation(evaluation) if not chosen or scene.id in chosen)


def crowd(count: int, size: tuple[int, int] = SIZE) -> Image.Image:
    """So many faces, in rows before a wall, from the front to the back."""
    random = np.random.default_rng(count)
    image = Image.fromarray(long_scenes.wall(*size))
    columns = max(1, round((count * size[0] / size[1]) ** 0.5))
    rows = -(-count // columns)
    cell = (size[0] / columns, size[1] / rows)
    heads = long_scenes.portraits()
    for number in range(count):
        side = round(min(LARGEST, *cell) * random.uniform(0.65, 0.95))
        head = heads[number % len(heads)].resize((side, side), Image.Resampling.LANCZOS)
        if random.random() < 0.5:
            head = ImageOps.mirror(head)
        head = head.rotate(random.uniform(-12, 12), Image.Resampling.BICUBIC)
        if number % 3 == 2:
            head = head.filter(ImageFilter.GaussianBlur(random.uniform(0.3, 1) * MAX_BLURRED * side))
        head = ImageEnhance.Brightness(head).enhance(random.uniform(0.6, 1.2))
        left = (number % columns + random.uniform(0.3, 0.7)) * cell[0] - side / 2
        top = (number // columns + random.uniform(0.3, 0.7)) * cell[1] - side / 2
        mask = Image.new("L", (side, side))
        ImageDraw.Draw(mask).ellipse((0, 0, side, side), 255)
        image.paste(head, (round(min(max(left, 0), size[0] - side)), round(min(max(top, 0), size[1] - side))), mask)
    return image


def written(faces: int, lines: int) -> Image.Image:
    """Faces in the upper part, lines of text on a sheet in the lower one; two lines of ten hold a child's name."""
    width, height = SIZE
    image = Image.fromarray(long_scenes.wall(*SIZE))
    upper = round(0.58 * height)
    image.paste(crowd(faces, (width, upper)), (0, 0))
    draw = ImageDraw.Draw(image)
    if not lines:
        return image
    draw.rectangle((60, upper + 20, width - 60, height - 40), (244, 242, 234))
    columns = 1 if lines <= 20 else 4
    rows = -(-lines // columns)
    step = (height - upper - 100) / rows
    font = ImageFont.load_default(min(64, round(0.72 * step)))
    for number in range(lines):
        text = TEXTS[number % len(TEXTS)].format(("Sem", "Lotte", "Fenna", "Bram")[number // 5 % 4])
        left = 110 + number // rows * (width - 160) / columns
        draw.text((left, upper + 40 + number % rows * step), text, INK, font=font)
    return image


def _of_evaluation(folder: Path) -> Iterator[Scene]:
    """Of the evaluation photos with faces: the one with fewest, with an ordinary number, and with most."""
    listed = json.loads((folder / "faces.json").read_text(encoding="utf-8"))
    listed.sort(key=lambda photo: (len(photo["faces"]), photo["file"]))
    for photo in (listed[0], listed[len(listed) // 2], listed[-1]):
        count, width, height = len(photo["faces"]), photo["width"], photo["height"]
        data = (folder / photo["file"]).read_bytes()
        title = f"evaluation photo, {width} × {height}, {count} {'face' if count == 1 else 'faces'}"
        yield Scene(f"evaluation-{count}", title, data, count, own=False)


def _file(image: Image.Image) -> bytes:
    noise = np.random.default_rng(7).normal(0, NOISE, (image.height, image.width, 1)).astype(np.float32)
    pixels = np.clip(np.asarray(image, np.float32) + noise, 0, 255).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=90)
    return out.getvalue()
