"""Files written whole or not at all, and taken away."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EINVAL, ENOTSUP
from pathlib import Path
from secrets import token_hex
from typing import IO, Final

from fotopoort.errors import OutputUnwritable

AS_USUAL: Final = 0o666  # as programs make files: the user's mask takes from it
PART: Final = (".fotopoort-", ".part")  # how the name of a file that is being written begins and ends


def write_whole(path: Path, content: bytes, *, mode: int = AS_USUAL) -> None:
    """Write `content` beside `path` and put it there in one step: nobody ever sees half a file.

    Folders that are missing are made.

    Args:
        mode: who may read and write it, as far as the user's own mask (umask) leaves that.

    Raises:
        OutputUnwritable: it cannot be written; nothing is left behind.
    """
    with writing_whole(path, mode=mode) as file:
        file.write(content)


@contextmanager
def writing_whole(path: Path, *, mode: int = AS_USUAL) -> Iterator[IO[bytes]]:
    """`write_whole` for what is too much to hold in memory: a file to write to, in its place when the block ends."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.parent / token_hex(8).join(PART)
        with open(part, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
            try:
                yield file
                file.flush()
                os.fsync(file.fileno())
                os.replace(part, path)
                _settle(path.parent)
            except BaseException:
                part.unlink(missing_ok=True)
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
        path.unlink()
        _settle(path.parent)
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        raise OutputUnwritable(f"An earlier rendition cannot be taken away ({error.strerror}).") from None


def _settle(folder: Path) -> None:
    """What a folder has in it now it still has after the power was gone: not an earlier file, nor one taken away."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (EINVAL, ENOTSUP):  # some network drives do not know how
            raise
    finally:
        os.close(descriptor)
