"""Memory of one screening process that is given photos of which no two have one shape."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from benchmarks.processes import ROOT, fotopoort
from benchmarks.table import markdown, marked

SCENES = ("IMG_2031.jpg", "IMG_2034.jpg", "IMG_2040.jpg", "IMG_2063.jpg", "IMG_2070.jpg")
COUNT = 300
MOST = 1200  # megabytes of one process
SIDES = (900, 2000)  # pixels of the longer side
RATIOS = (1.0, 6.0)  # of the longer side over the shorter


def write(folder: Path, count: int) -> None:
    """So many photos, each of another width and height, lying and standing, from square to six times as long."""
    random = np.random.default_rng(16)
    scenes = [ImageOps.exif_transpose(Image.open(ROOT / "fixtures" / "demo" / name)).convert("RGB") for name in SCENES]
    shapes: set[tuple[int, int]] = set()
    while len(shapes) < count:
        longer = int(random.integers(*SIDES))
        shorter = round(longer / RATIOS[1] ** float(random.uniform(0, 1)))
        shape = (longer, shorter) if len(shapes) % 2 else (shorter, longer)
        if shape in shapes:
            continue
        scene = scenes[len(shapes) % len(scenes)]
        out = io.BytesIO()
        ImageOps.fit(scene, shape).save(out, "JPEG", quality=88)
        (folder / f"{len(shapes):04}.jpg").write_bytes(out.getvalue())
        shapes.add(shape)


def report(count: int = COUNT) -> str:
    """The section about shapes in the results."""
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), count)
        run = fotopoort("inspect", folder, "--json", screeners="1")
    judged = sum('"error"' not in line for line in run.lines)
    rows = [
        ("Photos judged", marked(judged, judged == count), str(count)),
        ("The largest process, MB", marked(round(run.largest), run.largest < MOST), f"< {MOST}"),
        ("All processes together, MB", f"{run.together:.0f}", "–"),
        ("Seconds", f"{run.seconds:.0f}", "–"),
    ]
    return f"## {count} photos of {count} shapes, one process at a time\n\n" + markdown(
        ("", "measured", "target"), rows
    )
