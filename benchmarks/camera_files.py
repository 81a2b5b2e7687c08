"""Real camera and phone files through the real command: an upright rendition and nothing else, or a named error."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageOps
from pillow_heif import register_heif_opener

from benchmarks.processes import fotopoort
from benchmarks.table import markdown, none

# Pupils enough for all faces. Everybody may be shown on the closed channel, so that every photo that can be read gets a
# whole rendition there; one may not be shown on the website, so that every face is covered there.
PUPILS = [
    f"p{number};Qx{chr(97 + number // 26)}{chr(97 + number % 26)};leerling;groep 1;ja;ja" for number in range(200)
]
CLASS_LIST = "\n".join(
    ["id;naam;rol;groep;social_schools;website", "s1;Iedereen;medewerker;groep 1;ja;nee", *PUPILS, ""]
)

# What exiftool says of a JPEG that holds pixels and a colour profile.
PLAIN_GROUPS = {"ExifTool", "System", "File", "JFIF", "Composite", "ICC_Profile", "ICC-header", "ICC-chrm"}
SIGNATURES = (b"Exif\0\0", b"http://ns.adobe.com/", b"Photoshop 3.0", b"MPF\0", b"ftyp", b"JFXX\0", b"IEND")
LIKENESS = 0.95  # correlation of two 32 × 32 grey pictures; the same photo turned or mirrored stays far below


@dataclass(frozen=True)
class Handled:
    """What became of all files. Problems are told by the number that a file's name begins with."""

    files: int
    renditions: int
    errors: Counter[str]
    unnamed: tuple[str, ...]  # neither a rendition nor an error with a code and a hint
    not_upright: tuple[str, ...]
    leaking: tuple[str, ...]  # bytes of the source's metadata, or a second picture, in a rendition
    described: tuple[str, ...] | None  # what exiftool finds besides pixels; None: exiftool is not here


def measure(folder: Path) -> Handled:
    """Screen all camera files of the evaluation photos for a channel that shows everyone and one that shows nobody."""
    entries = {Path(entry["file"]).name: entry for entry in json.loads((folder / "camera_files.json").read_text())}
    photos = [folder / entry["file"] for entry in entries.values()]
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        class_list = work / "classlist.csv"
        class_list.write_text(CLASS_LIST)
        answers = work / "answers.json"  # two of them have two colours, as a scan in black and white has
        said = {hashlib.sha256(photo.read_bytes()).hexdigest(): {"no_unseen_people": True} for photo in photos}
        answers.write_text(json.dumps({"photos": said}))
        documents = _screened(photos, work / "out", class_list, answers)
        renditions = {
            Path(document["file"]).name: Path(rendition["path"])
            for document in documents
            if (rendition := document["verdicts"]["social_schools"]["rendition"])
        }
        errors = {Path(document["file"]).name: document["error"] for document in documents if "error" in document}
        every = sorted(work.glob("out/*/*.jpg"))
        texts = {
            str(text) for entry in entries.values() for text in entry["text_fields"].values() if len(str(text)) > 4
        }
        return Handled(
            files=len(entries),
            renditions=len(every),
            errors=Counter(error["code"] for error in errors.values()),
            unnamed=_numbers(
                name
                for name in entries
                if name not in renditions
                and not all(errors.get(name, {}).get(key) for key in ("code", "message", "hint"))
            ),
            not_upright=_numbers(
                name for name, path in renditions.items() if not _alike(folder / entries[name]["file"], path)
            ),
            leaking=_numbers(path.name for path in every if _leaks(path.read_bytes(), texts)),
            described=_described(every),
        )


def _screened(photos: Sequence[Path], out: Path, class_list: Path, answers: Path) -> list[dict[str, Any]]:
    options: list[str | Path] = ["--registry", class_list, "--group", "groep 1", "--answers", answers]
    options += ["--out", out, "--json"]
    run = fotopoort("screen", *photos, "--channel", "social_schools", "--channel", "website", *options)
    if run.status not in (0, 1) or len(run.lines) != len(photos):
        raise RuntimeError(f"fotopoort screen ended with {run.status}: {run.errors[-500:]}")
    return [json.loads(line) for line in run.lines]


def _numbers(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(name.partition("_")[0] for name in names))


def _alike(source: Path, rendition: Path) -> bool:
    """Whether a rendition shows what another program shows, the same way up. A flat picture has no way up."""
    register_heif_opener()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what that program thinks of the source's metadata does not matter here
        with Image.open(source) as opened:
            turned = ImageOps.exif_transpose(opened)
            shape = turned.width / turned.height
            expected = _thumbnail(turned)
    with Image.open(rendition) as opened:
        got, off = _thumbnail(opened), abs(opened.width / opened.height / shape - 1) * min(opened.size)
    flat = expected.std() < 1 or got.std() < 1
    return off <= 1 and bool(flat or np.corrcoef(expected.ravel(), got.ravel())[0, 1] > LIKENESS)


def _thumbnail(image: Image.Image) -> np.ndarray[Any, np.dtype[np.float64]]:
    if image.mode.startswith("I"):  # 16 bits
        image = Image.fromarray((np.asarray(image, np.float64) / 257).astype(np.uint8))
    if image.has_transparency_data:
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image.convert("RGBA"))
    small = image.convert("RGB").convert("L").resize((32, 32), Image.Resampling.BOX)
    return np.asarray(small, np.float64)


def _leaks(jpeg: bytes, texts: Iterable[str]) -> bool:
    one_picture = jpeg.count(b"\xff\xd8\xff") == 1 and jpeg.count(b"\xff\xd9") == 1 and jpeg.endswith(b"\xff\xd9")
    told = [text.encode(code) for text in texts for code in ("utf-8", "utf-16-le", "utf-16-be")]
    return not one_picture or any(known in jpeg for known in (*SIGNATURES, *told))


def _described(renditions: Sequence[Path]) -> tuple[str, ...] | None:
    exiftool = shutil.which("exiftool")
    if exiftool is None:
        return None
    command: list[str | Path] = [exiftool, "-json", "-G1", "-a", "-u", "-ee", "-q", *renditions]
    files = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    tags = {tag for file in files for tag in file if tag != "SourceFile"}
    return tuple(sorted(tag for tag in tags if tag.partition(":")[0] not in PLAIN_GROUPS or tag == "ExifTool:Warning"))


def report(folder: Path) -> str:
    """The section on camera files, as Markdown."""
    handled = measure(folder)
    refused = ", ".join(f"{code} {count}" for code, count in sorted(handled.errors.items()))
    described = "exiftool is not here" if handled.described is None else none(len(handled.described))
    rows = [
        ["Renditions written, whole and covered", str(handled.renditions), "–"],
        ["Files refused with a named error", str(handled.errors.total()), "–"],
        ["Files with neither", none(len(handled.unnamed)), "0"],
        ["Renditions that are not upright", none(len(handled.not_upright)), "0"],
        ["Tags of the source that exiftool finds", described, "0"],
        [
            "Renditions with bytes of its metadata, a second picture or anything after the end",
            none(len(handled.leaking)),
            "0",
        ],
    ]
    return (
        "## Camera and phone files\n\n"
        f"{handled.files} files through `fotopoort screen`, for a channel on which everyone may be shown and one on"
        f" which nobody may. Refused: {refused}. Upright is as Pillow and libheif show the file.\n\n"
        + markdown(["", "measured", "target"], rows)
    )
