"""Files written whole or not at all, and taken away."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Final

from fotopoort.errors import OutputUnwritable

PART: Final = (".fotopoort-", ".part")  # how the name of a file that is being written begins and ends


def write_whole(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Write `content` beside `path` and put it there in one step: nobody ever sees half a file.

    Folders that are missing are made.

    Raises:
        OutputUnwritable: it cannot be written; nothing is left behind.
    """
    with writing_whole(path, mode=mode) as file:
        file.write(content)


@contextmanager
def writing_whole(path: Path, *, mode: int = 0o644) -> Iterator[IO[bytes]]:
    """`write_whole` for what is too much to hold in memory: a file to write to, in its place when the block ends."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, prefix=PART[0], suffix=PART[1], delete=False) as part:
            try:
                yield part
                part.flush()
                os.fsync(part.fileno())
                os.chmod(part.name, mode)
                os.replace(part.name, path)
            except BaseException:
                Path(part.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        raise OutputUnwritable(f"The output cannot be written ({error.strerror}).") from None


def sweep(folder: Path) -> int:
    """Take away what `write_whole` left below a folder when it was killed. Returns how many files that were.

    Raises:
        OutputUnwritable: one of them cannot be taken away.
    """
    swept = 0
    for place, _, names in os.walk(folder):
        for name in names:
            if name.startswith(PART[0]) and name.endswith(PART[1]):
                remove(Path(place, name))
                swept += 1
    return swept


def remove(path: Path) -> None:
    """Take the file away where there is one.

    Raises:
        OutputUnwritable: it is there and cannot be taken away.
    """
    try:
        path.unlink(missing_ok=True)
    except NotADirectoryError:
        return
    except OSError as error:
        raise OutputUnwritable(f"An earlier rendition cannot be taken away ({error.strerror}).") from None
