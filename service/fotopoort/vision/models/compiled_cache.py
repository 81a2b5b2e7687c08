"""What was compiled from the models, kept on disk: a process takes a third of the time to take it up that it takes to
compile it.

Nothing of a photo is in it. It is used only where it is whole, was made of this file by this code, with this version of
OpenVINO and on a processor that can do the same, and where nobody but root or this user can have written it. Whatever
else is there is made anew.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final

import openvino as ov

from fotopoort.errors import OutputUnwritable
from fotopoort.files import write_whole
from fotopoort.vision.models.integers import processor_flags

FOLDER: Final = "compiled"  # beside the models
MAX_MAKERS: Final = 3  # versions of all of this whose work is kept, the latest
DIGEST: Final = 32  # bytes, at the end of a file
SUBJECT: Final = 16  # hexadecimal digits of all that something was made of
OTHERS_MAY_WRITE: Final = 0o022
# The code that makes them, as it is when this process begins: another version may be put in its place meanwhile.
SOURCES: Final = tuple(source.read_bytes() for source in sorted(Path(__file__).parent.glob("*.py")))


def read(core: ov.Core, source: Path, name: str, made_of: object) -> bytes | None:
    """What was kept under this name; None: nothing that can be used.

    Args:
        source: the model's file, whose content the caller has checked.
        name: of a file: one for each thing that is made of it.
        made_of: all that decides what is made of it.
    """
    try:
        path = _path(core, source, name, made_of)
        with path.open("rb") as file:
            facts = os.fstat(file.fileno())
            if facts.st_uid not in (0, os.geteuid()) or facts.st_mode & OTHERS_MAY_WRITE:
                return None
            whole = file.read()
    except OSError:
        return None
    content = whole[:-DIGEST]
    return content if whole[-DIGEST:] == _digest(path, content) else None


def is_writable(source: Path) -> bool:
    """Whether there is any use in `write`: a container's models are often read only."""
    folder = source.parent / FOLDER
    return os.access(folder if folder.exists() else source.parent, os.W_OK)


def write(core: ov.Core, source: Path, name: str, made_of: object, content: bytes) -> None:
    """Keep this for `read` in place of what was there, if the folder of the models can be written to."""
    with suppress(OSError, OutputUnwritable):
        path = _path(core, source, name, made_of)
        write_whole(path, content + _digest(path, content), mode=0o644)
        for outdated in path.parent.glob(f"{name}-{'?' * SUBJECT}.bin"):
            if outdated != path:
                outdated.unlink(missing_ok=True)
        makers = sorted(path.parent.parent.iterdir(), key=lambda folder: folder.stat().st_mtime)
        for folder in makers[:-MAX_MAKERS]:
            shutil.rmtree(folder, ignore_errors=True)


def _path(core: ov.Core, source: Path, name: str, made_of: object) -> Path:
    facts = source.stat()
    subject = hashlib.sha256(repr((source.name, facts.st_size, facts.st_mtime_ns, made_of)).encode()).hexdigest()
    return (
        source.parent
        / FOLDER
        / _maker(core.get_property("CPU", "FULL_DEVICE_NAME"))
        / f"{name}-{subject[:SUBJECT]}.bin"
    )


def _digest(path: Path, content: bytes) -> bytes:
    """Of a file's content and what it is, so that none stands in for another."""
    name = f"{path.parent.name}/{path.name}"
    return hashlib.blake2b(content, digest_size=DIGEST, key=hashlib.sha256(name.encode()).digest()).digest()


@cache
def _maker(processor: str) -> str:
    """16 hexadecimal digits that tell apart whatever compiles a model otherwise: the code, OpenVINO, the processor."""
    facts = ov.get_version(), processor, sorted(processor_flags()), SOURCES
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]
