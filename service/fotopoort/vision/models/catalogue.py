"""The models on this machine: found, fetched, and never used unless they are exactly what the manifest says."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from fotopoort.errors import ModelCorrupt, ModelMissing, OutputUnwritable, UseError
from fotopoort.files import write_whole
from fotopoort.vision.models.fetch import Fetcher, SourceFailed
from fotopoort.vision.models.manifest import Model, read_manifest


class State(StrEnum):
    READY = "ready"
    MISSING = "missing"
    CORRUPT = "corrupt"  # a file is there, but not the one the manifest names


@dataclass(frozen=True, slots=True)
class Check:
    model: Model
    path: Path  # where it is, or should be
    state: State


class Catalogue:
    """The models of `manifest` (None = the one that comes with Fotopoort), kept in `folder`.

    The folder is made when the first model is fetched. Several processes may fetch into one folder at a time.
    """

    def __init__(self, folder: Path, manifest: Path | None = None) -> None:
        self._folder = folder.absolute()
        self._models = {model.id: model for model in read_manifest(manifest)}
        self._trusted: dict[str, tuple[int, ...]] = {}  # model id: the file as it was when its sha256 was right

    def path(self, model_id: str, *, fetch: bool = False) -> Path:
        """Where the model's file is, its sha256 checked (again whenever the file has changed).

        Args:
            model_id: as in the manifest.
            fetch: fetch it where it is missing or not the right one. Not while a request is served.

        Raises:
            UseError: the manifest has no such model.
            ModelMissing: it is not there, or could not be fetched.
            ModelCorrupt: the file is not the one the manifest names.
        """
        model = self._model(model_id)
        if fetch:
            self.pull([model_id])
        state = self._state(model)
        if state is State.MISSING:
            raise ModelMissing(f"The model {model.title} is not on this machine.", hint=self._by_hand([model]))
        if state is State.CORRUPT:
            raise ModelCorrupt(f"The file of {model.title} is not the right one.", hint=self._by_hand([model]))
        return self._path(model)

    def pull(self, ids: Iterable[str] | None = None, *, force: bool = False) -> tuple[Model, ...]:
        """Fetch the models `ids` (None = the required ones) that are not ready here; all of them with `force`.

        Returns:
            What was fetched.

        Raises:
            UseError: the manifest has no such model.
            ModelMissing: after all were tried: which ones could not be had, why, and where to put them by hand.
        """
        wanted = [model for model in self._chosen(ids) if force or self._state(model) is not State.READY]
        failures: dict[Model, str] = {}
        with Fetcher() as fetcher:
            for model in wanted:
                try:
                    write_whole(self._path(model), _content(model, fetcher))
                except OutputUnwritable:
                    failures[model] = "the models folder cannot be written to (FOTOPOORT_MODELS_FOLDER names another)"
                except SourceFailed as failed:
                    failures[model] = str(failed)
        if failures:
            said = "; ".join(f"{model.title}: {why}" for model, why in failures.items())
            raise ModelMissing(f"Not every model could be fetched. {said}.", hint=self._by_hand(failures))
        return tuple(wanted)

    def verify(self, ids: Iterable[str] | None = None) -> tuple[Check, ...]:
        """How each of the models `ids` (None = all) is doing here, its file read anew."""
        self._trusted.clear()
        chosen = self._models.values() if ids is None else self._chosen(ids)
        return tuple(Check(model, self._path(model), self._state(model)) for model in chosen)

    def fingerprint(self) -> str:
        """12 hex digits that change when any of the required models becomes another one."""
        facts = sorted(f"{model.id} {model.sha256}" for model in self._chosen(None))
        return hashlib.sha256("\n".join(facts).encode()).hexdigest()[:12]

    def _model(self, model_id: str) -> Model:
        if model_id not in self._models:
            raise UseError("There is no such model.", hint=f"The models are: {', '.join(self._models)}.")
        return self._models[model_id]

    def _chosen(self, ids: Iterable[str] | None) -> list[Model]:
        if ids is None:
            return [model for model in self._models.values() if model.required]
        return [self._model(model_id) for model_id in dict.fromkeys(ids)]

    def _path(self, model: Model) -> Path:
        return self._folder / model.file

    def _state(self, model: Model) -> State:
        try:
            with self._path(model).open("rb") as file:
                facts = os.fstat(file.fileno())
                seen = (facts.st_ino, facts.st_size, facts.st_mtime_ns)
                if self._trusted.get(model.id) != seen:
                    if hashlib.file_digest(file, "sha256").hexdigest() != model.sha256:
                        return State.CORRUPT
                    self._trusted[model.id] = seen
        except (FileNotFoundError, NotADirectoryError):
            return State.MISSING
        except OSError:  # a folder, or not for us to read
            return State.CORRUPT
        return State.READY

    def _by_hand(self, models: Iterable[Model]) -> str:
        places = "; ".join(f"{self._path(model)} (sha256 {model.sha256})" for model in models)
        return f"Run `fotopoort models pull` where there is a network, or put the file there by hand: {places}."


def _content(model: Model, fetcher: Fetcher) -> bytes:
    """The model's bytes from the first source that has the right ones, or SourceFailed with what each of them said."""
    failures = []
    for source in model.sources:
        try:
            content = fetcher.fetch(source, model.bytes)
        except SourceFailed as failed:
            failures.append(str(failed))
            continue
        if hashlib.sha256(content).hexdigest() == model.sha256:
            return content
        failures.append("what came is not the file the manifest names (another sha256)")
    raise SourceFailed(", and ".join(failures))
