"""How well a photo is known when it comes back changed, and whether others are taken for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import cv2
import numpy as np

from benchmarks.table import markdown, marked
from fotopoort.photo.perceptual_hash import BYTES, Blocklist, perceptual_hash, perceptual_hashes

Pixels: TypeAlias = np.ndarray[Any, np.dtype[Any]]

FOLDERS = ("faces", "no_faces")  # each photo of another scene, but for a few bursts
SIDE = 1024  # pixels: as large as most of them are


def cropped(left: float, top: float, right: float, bottom: float) -> Callable[[Pixels], Pixels]:
    def cut(pixels: Pixels) -> Pixels:
        height, width = pixels.shape[:2]
        return pixels[int(top * height) : height - int(bottom * height), int(left * width) : width - int(right * width)]

    return cut


def compressed(pixels: Pixels) -> Pixels:
    _, written = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 30])
    found = cv2.imdecode(written, cv2.IMREAD_COLOR)
    assert found is not None
    return found


CHANGES: dict[str, Callable[[Pixels], Pixels]] = {
    "compressed to quality 30": compressed,
    "to 40 % of its size": lambda pixels: cv2.resize(pixels, None, fx=0.4, fy=0.4),
    "cropped by 3 % on each side": cropped(0.03, 0.03, 0.03, 0.03),
    "cropped by 5, 2, 3 and 6 %": cropped(0.05, 0.02, 0.03, 0.06),
    "cropped by 8 % on one side": cropped(0.08, 0, 0, 0),
    "cropped by 10 % on one side": cropped(0, 0.1, 0, 0),
    "cropped by 10 % on two sides": cropped(0.1, 0, 0.1, 0),
    "mirrored": lambda pixels: pixels[:, ::-1],
    "turned": lambda pixels: np.rot90(pixels),
}


def report(folder: Path) -> str:
    """The figures as a chapter of RESULTS.md."""
    photos = [_read(path) for name in FOLDERS for path in sorted((folder / name).glob("*.jpg"))]
    blocked = [Blocklist.of([], perceptual_hashes(pixels)) for pixels in photos]
    prints = [perceptual_hash(pixels) for pixels in photos]
    false = sum(one.holds("", other) for n, one in enumerate(blocked) for m, other in enumerate(prints) if n != m)
    rows = []
    for title, change in CHANGES.items():
        found = [
            one.holds("", perceptual_hash(np.ascontiguousarray(change(pixels))))
            for one, pixels in zip(blocked, photos, strict=True)
        ]
        share = sum(found) / len(found)
        rows.append([f"Known again: {title}", marked(f"{share:.3f}", share >= 0.98), "≥ 0.98"])
    pairs = len(photos) * (len(photos) - 1)
    rows.append([f"Pairs of different photos taken for one, of {pairs:,}", marked(false, not false), "0"])
    large = np.random.default_rng(0).integers(0, 255, (1536, 2048, 3), np.uint8)
    rows.append(["A print of a photo of 2048 pixels, ms", f"{_milliseconds(lambda: perceptual_hash(large)):.1f}", "–"])
    many = Blocklist(frozenset(), bytes(30 * BYTES * 10_000))
    rows.append(
        ["Held against 10,000 blocked photos, ms", f"{_milliseconds(lambda: many.holds('', prints[0])):.1f}", "–"]
    )
    about = f"{len(photos)} photos, each blocked as it is and sent again changed."
    return f"## Blocked photos\n\n{about}\n\n{markdown(['', 'measured', 'target'], rows)}"


def _read(path: Path) -> Pixels:
    pixels = cv2.imread(str(path), cv2.IMREAD_COLOR)
    assert pixels is not None, path
    scale = min(1.0, SIDE / max(pixels.shape[:2]))
    found: Pixels = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return found


def _milliseconds(work: Callable[[], object], times: int = 10) -> float:
    start = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - start) * 1000 / times
