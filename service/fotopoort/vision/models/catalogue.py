"""The models on this machine. A file is used only if it is exactly the one that the manifest names."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from fotopoort.errors import ModelCorrupt, ModelMissing, OutputUnwritable, UseError
from fotopoort.files import write_whole
from fotopoort.vision.models.fetch import Fetcher, SourceFailed
from fotopoort.vision.models.manifest import Model, read_manifest
from fotopoort.vocabulary import Text

# Of the ways in which photos are read, looked at and judged: one higher with every change by which a photo that was
# judged before may be judged otherwise. By it, what an earlier program found or decided is not taken for our own.
GENERATION: Final = 7

CANNOT_WRITE = Text(
    nl="in de map met modellen kan niet worden geschreven (FOTOPOORT_MODELS_FOLDER noemt een andere)",
    en="the models folder cannot be written to (FOTOPOORT_MODELS_FOLDER names another)",
)
ANOTHER_FILE = Text(
    nl="wat er kwam, is niet het bestand uit de lijst (een andere sha256)",
    en="what came is not the file the manifest names (another sha256)",
)


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

    The folder is made when the first model is fetched. Several processes may fetch into one folder at the same time.
    """

    def __init__(self, folder: Path, manifest: Path | None = None) -> None:
        self._folder = folder.absolute()
        self._models = {model.id: model for model in read_manifest(manifest)}
        self._verified: dict[str, tuple[int, ...]] = {}  # model id: inode, size and mtime when its sha256 was right

    def path(self, model_id: str, *, fetch: bool = False) -> Path:
        """Where the model's file is. Its sha256 is checked, and checked again whenever the file has changed.

        Args:
            model_id: as in the manifest.
            fetch: fetch the file if it is missing or not the right one. Never do so while serving a request.

        Raises:
            UseError: the manifest has no such model.
            ModelMissing: the file is not there, or could not be fetched.
            ModelCorrupt: the file is not the one the manifest names.
        """
        model = self._model(model_id)
        if fetch:
            self.pull([model_id])
        state = self._state(model)
        if state is State.MISSING:
            message = Text(
                nl=f"Het model {model.title} staat niet op deze computer.",
                en=f"The model {model.title} is not on this machine.",
            )
            raise ModelMissing(message, hint=self._by_hand([model]))
        if state is State.CORRUPT:
            message = Text(
                nl=f"Het bestand van {model.title} is niet het juiste bestand.",
                en=f"The file of {model.title} is not the right one.",
            )
            raise ModelCorrupt(message, hint=self._by_hand([model]))
        return self._path(model)

    def pull(self, ids: Iterable[str] | None = None, *, force: bool = False) -> tuple[Model, ...]:
        """Fetch those of the models `ids` (None = the required ones) that are not ready here; all of them with `force`.

        Returns:
            The models that were fetched.

        Raises:
            UseError: the manifest has no such model.
            ModelMissing: raised after all were tried; says which failed, why, and where to put them by hand.
        """
        wanted = [model for model in self._chosen(ids) if force or self._state(model) is not State.READY]
        failures: dict[Model, Text] = {}
        with Fetcher() as fetcher:
            for model in wanted:
                try:
                    write_whole(self._path(model), _content(model, fetcher))
                except OutputUnwritable:
                    failures[model] = CANNOT_WRITE
                except SourceFailed as failed:
                    failures[model] = failed.reason
        if failures:
            dutch = "; ".join(f"{model.title}: {reason:nl}" for model, reason in failures.items())
            english = "; ".join(f"{model.title}: {reason:en}" for model, reason in failures.items())
            message = Text(
                nl=f"Niet elk model kon worden opgehaald. {dutch}.",
                en=f"Not every model could be fetched. {english}.",
            )
            raise ModelMissing(message, hint=self._by_hand(failures))
        return tuple(wanted)

    def verify(self, ids: Iterable[str] | None = None) -> tuple[Check, ...]:
        """The state here of each of the models `ids` (None = all). Every file is read anew."""
        self._verified.clear()
        chosen = self._models.values() if ids is None else self._chosen(ids)
        return tuple(Check(model, self._path(model), self._state(model)) for model in chosen)

    def fingerprint(self) -> str:
        """12 hexadecimal digits that change when any required model is replaced by another, or what looks with them."""
        facts = [str(GENERATION), *sorted(f"{model.id} {model.sha256}" for model in self._chosen(None))]
        return hashlib.sha256("\n".join(facts).encode()).hexdigest()[:12]

    def _model(self, model_id: str) -> Model:
        if model_id not in self._models:
            names = ", ".join(self._models)
            raise UseError(
                Text(nl="Dit model bestaat niet.", en="There is no such model."),
                hint=Text(nl=f"De modellen zijn: {names}.", en=f"The models are: {names}."),
            )
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
                current = (facts.st_ino, facts.st_size, facts.st_mtime_ns)
                if self._verified.get(model.id) != current:
                    if hashlib.file_digest(file, "sha256").hexdigest() != model.sha256:
                        return State.CORRUPT
                    self._verified[model.id] = current
        except (FileNotFoundError, NotADirectoryError):
            return State.MISSING
        except OSError:  # a folder, or a file that we may not read
            return State.CORRUPT
        return State.READY

    def _by_hand(self, models: Iterable[Model]) -> Text:
        places = "; ".join(f"{self._path(model)} (sha256 {model.sha256})" for model in models)
        return Text(
            nl=f"Voer `fotopoort models pull` uit waar internet is, of zet het bestand er zelf neer: {places}.",
            en=f"Run `fotopoort models pull` where there is a network, or put the file there by hand: {places}.",
        )


def _content(model: Model, fetcher: Fetcher) -> bytes:
    """The model's bytes from the first source that has the right ones.

    Raises:
        SourceFailed: no source has them; the reason names each source's own.
    """
    failures: list[Text] = []
    for source in model.sources:
        try:
            content = fetcher.fetch(source, model.bytes)
        except SourceFailed as failed:
            failures.append(failed.reason)
            continue
        if hashlib.sha256(content).hexdigest() == model.sha256:
            return content
        failures.append(ANOTHER_FILE)
    raise SourceFailed(
        Text(nl=", en ".join(reason.nl for reason in failures), en=", and ".join(reason.en for reason in failures))
    )
