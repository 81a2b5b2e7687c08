"""Pictures with a child's name in them, drawn for measuring: what is on cloth, board, paper or over a photo, in print
and in handwriting, seen straight or at an angle.

Fonts are Debian's (see FONTS); the names are made up. The same number always gives the same scene.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from fotopoort.vocabulary import Box

Array = np.ndarray[Any, np.dtype[Any]]

SIZE = (1600, 1200)  # as a public channel publishes it
FONT_FOLDER = Path("/usr/share/fonts")
FONTS = {  # file: package
    "truetype/dejavu/DejaVuSans.ttf": "fonts-dejavu-core",
    "truetype/dejavu/DejaVuSans-Bold.ttf": "fonts-dejavu-core",
    "truetype/liberation/LiberationSerif-Regular.ttf": "fonts-liberation",
    "truetype/liberation/LiberationSans-Bold.ttf": "fonts-liberation",
    "opentype/comic-neue/ComicNeue-Regular.otf": "fonts-comic-neue",
    "opentype/comic-neue/ComicNeue-Bold.otf": "fonts-comic-neue",
    "truetype/femkeklaver/femkeklaver.ttf": "fonts-femkeklaver",  # a child's print
    "truetype/humor-sans/Humor-Sans.ttf": "fonts-humor-sans",
    "truetype/fifthhorseman/dkg.ttf": "fonts-dkg-handwriting",
    "opentype/dancingscript/DancingScript-Regular.otf": "fonts-dancingscript",  # joined-up writing
    "opentype/dancingscript/DancingScript-Bold.otf": "fonts-dancingscript",
    "truetype/breip/Breip.ttf": "fonts-breip",
}
NAMES = (
    "Noor Bakker", "Daan Visser", "Yara Amrani", "Sem Groothuis", "Lotte Meerman", "Tijn Kuipers", "Fenna Hoekstra",
    "Bram Willems", "Julia Mulder", "Noah Peters", "Mila Dekker", "Lucas Verbeek", "Eva Postma", "Thijs Janssen",
    "Sofie Brouwer", "Guus Meijer", "Jayden Martina", "Fatima Yilmaz", "Amir Haddad", "Olivia Maas", "Saar Scholten",
    "Levi Hendriks", "Emma Bosman", "Finn Dijkstra", "Zara Demir", "Hugo Kramer", "Lieke Jacobs", "Milan Vermeer",
    "Nina Schouten", "Otis Verhoeven",
)  # fmt: skip
PHRASES = ("{}", "{}", "{}", "{}", "van {}", "Gemaakt door {}", "Jarig: {}", "{} 8 jaar", "Hoera {}!", "groep 5 - {}")
OTHER_TEXTS = (
    "Welkom", "rekenen", "Lezen is leuk", "groep 5", "pauze", "Veel plezier!", "Nooduitgang", "tafel van 7",
    "de herfst", "Sinterklaas", "taal en spelling", "maandag", "Goed gedaan", "stil werken", "Fruit eten", "kapstok",
    "bibliotheek",
    "handen wassen", "Wij bouwen een toren", "muziek", "schooltuin", "verkeersexamen", "Open dag", "gym",
    "buitenspelen", "De Regenboog", "kleuters", "zomerfeest", "tekenen", "wereldkaart",
)  # fmt: skip
INK = {"cloth": ((245, 245, 245), (250, 220, 60), (20, 20, 40)), "board": ((240, 240, 235), (250, 240, 150)),
       "paper": ((20, 20, 30), (30, 40, 130), (150, 20, 30)), "photo": ((255, 255, 255), (10, 10, 10))}  # fmt: skip


@dataclass(frozen=True)
class Scene:
    """A drawn picture.

    Attributes:
        pixels: (H, W, 3) uint8, RGB.
        text: what is written in it.
        name: the full name on the class list; None: no child's.
        box: around the ink, in pixels.
        height: pixels of the font at published size.
    """

    number: int
    pixels: Array
    text: str
    name: str | None
    box: Box
    height: int
    ground: str
    font: str


def missing_fonts() -> list[str]:
    """The packages whose fonts are not here."""
    return sorted({package for file, package in FONTS.items() if not (FONT_FOLDER / file).exists()})


def scenes(count: int, photos: Sequence[Path] = (), *, with_name: bool = True) -> Iterator[Scene]:
    """The first `count` scenes; over `photos` only where there are any."""
    for number in range(count):
        yield scene(number, photos, with_name=with_name)


def scene(number: int, photos: Sequence[Path] = (), *, with_name: bool = True) -> Scene:
    chance = random.Random(f"{number} {with_name}")
    noise = np.random.default_rng([number, with_name])
    grounds = ["cloth", "board", "paper", *["photo"] * bool(photos)]
    ground = grounds[number % len(grounds)]
    name = NAMES[number % len(NAMES)] if with_name else None
    written = name.split()[0] if name and chance.random() < 0.75 else name
    text = chance.choice(PHRASES).format(written) if written else chance.choice(OTHER_TEXTS)
    file = chance.choice(list(FONTS))
    height = chance.choice((12, 14, 16, 18)) if number % 5 == 4 else round(20 * 4 ** chance.random())
    ink = chance.choice(INK[ground])
    background = _ground(ground, noise, chance, photos)
    layer, box = _written(text, FONT_FOLDER / file, height, chance)
    alpha = cv2.GaussianBlur(layer, (0, 0), 0.6)[..., None].astype(np.float32) / 255 * chance.uniform(0.85, 1.0)
    if ground == "board":
        alpha = alpha * noise.uniform(0.7, 1.0, (*alpha.shape[:2], 1)).astype(np.float32)  # chalk
    if ground == "photo":
        x, y, right, bottom = (int(v) for v in (box.x, box.y, box.right, box.bottom))
        bright = float(background[max(y, 0) : bottom, max(x, 0) : right].mean())
        ink = (255, 255, 255) if bright < 128 else (10, 10, 10)
    mixed = background * (1 - alpha) + np.array(ink, np.float32) * alpha
    mixed += noise.normal(0, 3, mixed.shape)
    pixels = np.clip(mixed, 0, 255).astype(np.uint8)
    return Scene(number, pixels, text, name, box, height, ground, Path(file).stem)


def _ground(kind: str, noise: np.random.Generator, chance: random.Random, photos: Sequence[Path]) -> Array:
    width, height = SIZE
    if kind == "photo":
        with Image.open(chance.choice(list(photos))) as picture:
            fitted = picture.convert("RGB").resize(SIZE)
        return np.asarray(fitted, np.float32)
    colour = {
        "cloth": chance.choice([(150, 30, 40), (30, 60, 140), (20, 110, 60), (90, 40, 110)]),
        "board": chance.choice([(25, 60, 45), (30, 30, 32)]),
        "paper": chance.choice([(248, 246, 238), (250, 240, 200), (225, 238, 250)]),
    }[kind]
    plain = np.full((height, width, 3), colour, np.float32)
    shade = cv2.resize(noise.normal(0, 1, (9, 12)).astype(np.float32), SIZE, interpolation=cv2.INTER_CUBIC)
    plain += shade[..., None] * (14 if kind == "cloth" else 5)
    if kind == "cloth":  # the weave
        plain += 5 * np.sin(np.arange(width) * 1.6)[None, :, None] + 5 * np.sin(np.arange(height) * 1.6)[:, None, None]
    elif kind == "board":
        plain += cv2.GaussianBlur(noise.normal(0, 30, (height, width)).astype(np.float32), (0, 0), 5)[..., None]
    elif chance.random() < 0.5:  # ruled paper
        plain[::48] = (150, 180, 215)
    return plain


def _written(text: str, font: Path, height: int, chance: random.Random) -> tuple[Array, Box]:
    """The text as a layer (H, W) of 0 to 255, turned and seen at an angle; and where its ink is."""
    # drawn four times as large: Pillow places letters on whole pixels
    big = ImageFont.truetype(str(font), height * 4)
    left, top, right, bottom = (int(v) for v in big.getbbox(text))
    tile = Image.new("L", (right - left + 80, bottom - top + 80))
    ImageDraw.Draw(tile).text((40 - left, 40 - top), text, 255, font=big)
    source: Array = np.asarray(tile)
    h, w = source.shape
    angle = np.deg2rad(chance.uniform(-30, 30)) if chance.random() < 0.6 else 0.0
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    corners = np.array([[-w, -h], [w, -h], [w, h], [-w, h]], np.float64) / 8
    lean = np.array([[chance.uniform(-0.08, 0.08) * w / 8, chance.uniform(-0.12, 0.12) * h / 8] for _ in corners])
    placed = (corners + lean) @ turn.T
    reach = np.abs(placed).max(axis=0) + 10
    centre = [chance.uniform(reach[i], max(SIZE[i] - reach[i], reach[i] + 1)) for i in (0, 1)]
    placed = (placed + centre).astype(np.float32)
    start = np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float32)
    matrix = cv2.getPerspectiveTransform(start, placed)
    soft = cv2.GaussianBlur(source, (0, 0), 1.6)  # four pixels become one
    layer = cv2.warpPerspective(soft, matrix, SIZE, flags=cv2.INTER_LINEAR)
    ys, xs = np.nonzero(layer > 40)
    box = Box(float(xs.min()), float(ys.min()), float(np.ptp(xs) + 1), float(np.ptp(ys) + 1))
    return layer, box
