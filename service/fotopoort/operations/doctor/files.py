"""Files and folders: who may read them, which secrets lie about, and how much room there is."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from fotopoort.operations.doctor.finding import Finding, Subject, fail, ok, warn
from fotopoort.vocabulary import Text

GIGABYTE: Final = 1_000_000_000
MIN_FREE: Final = GIGABYTE  # below it photos can soon not be kept
LOW_FREE: Final = 5 * GIGABYTE
OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
MAX_NAMED: Final = 3  # files of a finding
# In the data folder, to be read once; see `cli/serve.py`.
TO_BE_READ: Final = ("api-key-*.txt", "setup-code.txt")


def folder(subject: Subject) -> Iterator[Finding]:
    """Whether the data folder is there, can be written in, and can be read by nobody else."""
    path = subject.settings.data_folder
    if not path.exists():
        text = Text(nl=f"De map met gegevens is er nog niet: {path}", en=f"The data folder is not there yet: {path}")
        advice = Text(nl="De eerste `fotopoort serve` maakt hem.", en="The first `fotopoort serve` makes it.")
        yield warn("folder", text, advice)
        return
    owner = path.stat().st_uid
    if owner != os.geteuid():
        text = Text(
            nl=f"De map met gegevens is van een andere gebruiker ({owner}): {path}",
            en=f"The data folder is another user's ({owner}): {path}",
        )
        advice = Text(
            nl="Voer opdrachten uit als die gebruiker, of ze maken bestanden die de service niet kan lezen.",
            en="Run commands as that user, or they make files that the service cannot read.",
        )
        yield warn("folder", text, advice)
    elif not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        text = Text(
            nl=f"In de map met gegevens kan niet worden geschreven: {path}",
            en=f"The data folder cannot be written to: {path}",
        )
        yield fail(
            "folder",
            text,
            Text(nl="Geef hem aan wie Fotopoort draait (chown).", en="Give it to who runs Fotopoort (chown)."),
        )
    elif path.stat().st_mode & OTHERS:
        text = Text(
            nl=f"Anderen kunnen in de map met gegevens kijken: {path}",
            en=f"Others can look into the data folder: {path}",
        )
        yield fail("folder", text, Text(nl=f"Sluit hem: chmod 700 {path}", en=f"Close it: chmod 700 {path}"))
    else:
        yield ok("folder", Text(nl=f"{path}, alleen voor deze gebruiker.", en=f"{path}, for this user alone."))


def secrets(subject: Subject) -> Iterator[Finding]:
    """Whether keys and the registry can be read by nobody else, and none lies about that was to be deleted."""
    settings = subject.settings
    keys = settings.keys_folder or settings.data_folder / "keys"
    places = [*_files(keys, "*"), *_files(settings.data_folder, "registry.db*")]
    places += [path for pattern in TO_BE_READ for path in _files(settings.data_folder, pattern)]
    places += [path for path in [settings.metrics_key_file] if path is not None and path.is_file()]
    private = [path for path in places if path.suffix != ".pub"]
    if open_ := [path for path in private if path.stat().st_mode & OTHERS]:
        named = _named(open_)
        text = Text(nl=f"Anderen kunnen dit lezen: {named}", en=f"Others can read: {named}")
        yield fail(
            "secrets", text, Text(nl="Neem hun de rechten af: chmod 600.", en="Take their permission away: chmod 600.")
        )
    elif left := [path for path in private if any(path.match(pattern) for pattern in TO_BE_READ)]:
        named = _named(left)
        text = Text(nl=f"Hier staat nog een geheim in: {named}", en=f"A secret is still in: {named}")
        yield warn(
            "secrets", text, Text(nl="Gebruik het, en gooi het bestand weg.", en="Use it, then delete the file.")
        )
    else:
        yield ok(
            "secrets",
            Text(
                nl=f"{len(private)} bestanden, alleen voor deze gebruiker.",
                en=f"{len(private)} files, for this user alone.",
            ),
        )


def disk(subject: Subject) -> Iterator[Finding]:
    """How much room there is for photos and the database."""
    free = shutil.disk_usage(existing(subject.settings.data_folder)).free
    text = Text(
        nl=f"{free / GIGABYTE:.1f} GB vrij bij de gegevens.", en=f"{free / GIGABYTE:.1f} GB free where the data is."
    )
    advice = Text(
        nl="Maak ruimte, of zet FOTOPOORT_DATA_FOLDER op een grotere schijf.",
        en="Make room, or put FOTOPOORT_DATA_FOLDER on a larger disk.",
    )
    if free < MIN_FREE:
        yield fail("disk", text, advice)
    elif free < LOW_FREE:
        yield warn("disk", text, advice)
    else:
        yield ok("disk", text)


def existing(path: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    return next(place for place in [path.absolute(), *path.absolute().parents] if place.exists())


def _files(place: Path, pattern: str) -> list[Path]:
    return sorted(path for path in place.glob(pattern) if path.is_file())


def _named(paths: list[Path]) -> str:
    return ", ".join(map(str, paths[:MAX_NAMED])) + (f" (+{len(paths) - MAX_NAMED})" if len(paths) > MAX_NAMED else "")
