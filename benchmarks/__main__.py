"""Measure Fotopoort.

    python -m benchmarks                 everything, and write benchmarks/RESULTS.md
    python -m benchmarks quality         how well faces are found
    python -m benchmarks prints          what is found behind the dots of a print, dithering and nets
    python -m benchmarks speed           how fast, in how much memory, against deface
    python -m benchmarks verify          what is found in renditions in windows around covers, against the whole
    python -m benchmarks names           how well children's names are found in texts and pictures
    python -m benchmarks files           what becomes of real and of hostile files
    python -m benchmarks likeness        whether a blocked photo is known when it comes back changed
    python -m benchmarks registry        how fast the registry is, on both databases
    python -m benchmarks batch           how fast whole folders go, and what records of many photos cost
    python -m benchmarks overload        what files that lie cost, and whether a busy machine judges all
    python -m benchmarks lying-files     the files of overload alone
    python -m benchmarks shapes          memory of one process over 300 photos of 300 shapes
    python -m benchmarks long-pictures   what class sheets, screenshots and panoramas cost, and what in them is missed
    python -m benchmarks service         what bodies without end cost, and what one key costs the others

A single part is printed, not written. The evaluation photos, beside the project, are needed by quality, prints,
verify, names, files, likeness and overload.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

from benchmarks import (
    bad_files,
    batch,
    camera_files,
    likeness,
    long_pictures,
    machine,
    names,
    overload,
    prints,
    quality,
    registry,
    service,
    shapes,
    speed,
    verify,
)
from benchmarks.processes import ROOT

RESULTS = ROOT / "benchmarks" / "RESULTS.md"
NEEDS_PHOTOS = ("quality", "prints", "verify", "names", "files", "likeness", "overload")  # the evaluation photos
NEEDS_NONE = ("speed", "registry", "batch", "shapes", "long-pictures", "service")
LYING_FILES = "lying-files"  # a part of a part


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("part", nargs="?", choices=[*NEEDS_PHOTOS, *NEEDS_NONE, LYING_FILES])
    parser.add_argument("--eval", type=Path, default=ROOT.parent / "shared" / "eval", help="the evaluation photos")
    parser.add_argument("--photos", type=int, default=24, help="how many 12-megapixel photos the speed is measured on")
    parser.add_argument("--folder", type=int, default=2000, help="how many photos are in the large folder of batch")
    chosen = parser.parse_args()
    folder = chosen.eval.resolve()
    if chosen.part in (None, *NEEDS_PHOTOS) and not folder.is_dir():
        sys.exit("The evaluation photos are not there; name their folder with --eval.")
    parts: dict[str, Callable[[], str]] = {
        "quality": lambda: quality.report(folder),
        "prints": lambda: prints.report(folder),
        "verify": lambda: verify.report(folder),
        "speed": lambda: speed.report(chosen.photos),
        "names": lambda: names.report(folder),
        "files": lambda: camera_files.report(folder) + "\n" + bad_files.report(folder),
        "likeness": lambda: likeness.report(folder),
        "registry": registry.report,
        "batch": lambda: batch.report(chosen.folder),
        "overload": lambda: overload.report(folder),
        "shapes": shapes.report,
        "long-pictures": long_pictures.report,
        "service": service.report,
    }
    if chosen.part == LYING_FILES:
        print(overload.report(None))
        return
    if chosen.part:
        print(parts[chosen.part]())
        return
    head = f"# Results\n\n`python -m benchmarks` on {date.today()}. A figure in bold misses its target.\n\n"
    RESULTS.write_text("\n".join([head + machine.described(), *(part() for part in parts.values())]), encoding="utf-8")
    print(f"Written: {RESULTS.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
