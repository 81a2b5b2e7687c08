"""Memory of one screening process that is given photos of which no two have one shape."""

from __future__ import annotations

import io
import itertools
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from benchmarks.processes import ROOT, fotopoort
from benchmarks.table import markdown, marked

SCENES = ("IMG_2031.jpg", "IMG_2034.jpg", "IMG_2040.jpg", "IMG_2063.jpg", "IMG_2070.jpg")
COUNTS = (100, 300)  # photos; 1000 and more take an hour
MAX_MB = 1200  # megabytes of one process
SIDES = (900, 2000)  # pixels of the longer side
RATIOS = (1.0, 6.0)  # of the longer side over the shorter


def write(folder: Path, count: int, longest: int = SIDES[1]) -> None:
    """So many photos, each of another width and height, lying and standing, from square to six times as long.

    Args:
        longest: pixels of the longer side of the largest.
    """
    shortest = min(SIDES[0], longest // 2)
    random = np.random.default_rng(16)
    scenes = [ImageOps.exif_transpose(Image.open(ROOT / "fixtures" / "demo" / name)).convert("RGB") for name in SCENES]
    shapes: set[tuple[int, int]] = set()
    while len(shapes) < count:
        longer = int(random.integers(shortest, longest))
        shorter = round(longer / RATIOS[1] ** float(random.uniform(0, 1)))
        shape = (longer, shorter) if len(shapes) % 2 else (shorter, longer)
        if shape in shapes:
            continue
        scene = scenes[len(shapes) % len(scenes)]
        out = io.BytesIO()
        ImageOps.fit(scene, shape).save(out, "JPEG", quality=88)
        (folder / f"{len(shapes):04}.jpg").write_bytes(out.getvalue())
        shapes.add(shape)


def report(counts: Sequence[int] = COUNTS, longest: int = SIDES[1]) -> str:
    """The chapter of RESULTS.md: as many photos in one process as the largest count, and how much memory the process
    held after each of the counts. Processes that grow too large are replaced as ever."""
    count = max(counts)
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), count, longest)
        run = fotopoort("inspect", folder, "--json", screeners="1")
    judged = sum('"error"' not in line for line in run.lines)
    rows = [
        (f"Photos judged of {count}", marked(judged, judged == count), str(count)),
        *(
            (
                f"The largest process from {before} to {after} photos, MB",
                marked(round(most), most < MAX_MB),
                f"< {MAX_MB}",
            )
            for before, after in itertools.pairwise((0, *sorted(counts)))
            for most in [max(run.resident[before:after], default=0.0)]
        ),
        ("The largest process at any moment, MB", marked(round(run.largest), run.largest < MAX_MB), f"< {MAX_MB}"),
        ("All processes together, MB", f"{run.together:.0f}", "–"),
        ("Seconds", f"{run.seconds:.0f}", "–"),
    ]
    return (
        "## Memory over shapes\n\n"
        f"No two photos of one shape, longer sides up to {longest} pixels; one process at a time.\n\n"
    ) + markdown(("", "measured", "target"), rows)
