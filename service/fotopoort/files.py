"""Files written whole or not at all, secrets for this user alone, and files removed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EINVAL, ENOTSUP
from pathlib import Path
from secrets import token_hex
from typing import IO, Final

from fotopoort.errors import OutputUnwritable
from fotopoort.vocabulary import Text

DEFAULT_MODE: Final = 0o666  # of a new file, as with most programs; the user's umask takes bits away
PARTIAL: Final = (".fotopoort-", ".part")  # how the name of a file that is being written begins and ends


def write_whole(path: Path, content: bytes, *, mode: int = DEFAULT_MODE) -> None:
    """Write `content` beside `path` and move it there in one step, so that nobody ever sees half a file.

    Missing folders are made.

    Args:
        mode: who may read and write it, less what the user's own mask (umask) takes away.

    Raises:
        OutputUnwritable: it cannot be written; nothing is left behind.
    """
    with writing_whole(path, mode=mode) as file:
        file.write(content)


@contextmanager
def writing_whole(path: Path, *, mode: int = DEFAULT_MODE) -> Iterator[IO[bytes]]:
    """`write_whole` for what is too large for memory: yields a file to write to, which moves to `path` at the end."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.parent / token_hex(8).join(PARTIAL)
        with open(partial, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
            try:
                yield file
                file.flush()
                os.fsync(file.fileno())
                os.replace(partial, path)
                _sync_folder(path.parent)
            except BaseException:
                partial.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise _unwritable(error) from None


def create_once(path: Path, content: bytes) -> bytes:
    """Write a file whole for this user alone, unless it is there already: of several programs that try at once, the
    first one's stays. Missing folders are made.

    Returns:
        What is in the file now.

    Raises:
        OutputUnwritable: it cannot be written or read; nothing is left behind.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        partial = path.parent / token_hex(8).join(PARTIAL)
        write_whole(partial, content, mode=0o600)
        try:
            os.link(partial, path)
            _sync_folder(path.parent)
        except FileExistsError:
            return path.read_bytes()
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise _unwritable(error) from None
    return content


def write_secret(path: Path, secret: str) -> None:
    """Write a line that only this user may read, in a file that is not there yet. Missing folders are made.

    Raises:
        OutputUnwritable: it cannot be written, or something is there already; nothing of the secret is left behind.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(path, "x", encoding="ascii", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            try:
                os.fchmod(file.fileno(), 0o600)
                file.write(secret + "\n")
                file.flush()
                os.fsync(file.fileno())
                _sync_folder(path.parent)
            except BaseException:
                path.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise OutputUnwritable(
            Text(
                nl=f"Het bestand met de sleutel kan niet worden geschreven ({error.strerror}).",
                en=f"The file with the key cannot be written ({error.strerror}).",
            ),
            hint=Text(
                nl="Controleer de rechten en de vrije ruimte van de map met gegevens.",
                en="Check the permissions and the free space of the data folder.",
            ),
        ) from None


def remove_partial_files(folder: Path) -> int:
    """Remove what `write_whole` left below a folder when it was killed. Returns how many files that were.

    Raises:
        OutputUnwritable: one of them cannot be removed.
    """
    removed = 0
    for subfolder, _, names in os.walk(folder):
        for name in names:
            if name.startswith(PARTIAL[0]) and name.endswith(PARTIAL[1]):
                remove(Path(subfolder, name))
                removed += 1
    return removed


def remove(path: Path) -> None:
    """Remove the file where there is one.

    Raises:
        OutputUnwritable: it is there and cannot be removed.
    """
    try:
        path.unlink()
        _sync_folder(path.parent)
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        raise OutputUnwritable(
            Text(
                nl=f"Een eerdere versie van de foto kan niet worden weggehaald ({error.strerror}).",
                en=f"An earlier rendition cannot be taken away ({error.strerror}).",
            )
        ) from None


def _sync_folder(folder: Path) -> None:
    """Make changes to a folder survive a power cut: no file that was replaced or removed comes back."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (EINVAL, ENOTSUP):  # some network drives do not know how
            raise
    finally:
        os.close(descriptor)


def _unwritable(error: OSError) -> OutputUnwritable:
    return OutputUnwritable(
        Text(
            nl=f"De uitvoer kan niet worden geschreven ({error.strerror}).",
            en=f"The output cannot be written ({error.strerror}).",
        )
    )
