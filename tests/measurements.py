"""Measurements that take minutes, kept for as long as nothing changes that they rest on.

A measurement rests on the code that sees and judges, the models, the packages, the processor and the photos, and on
nothing else. Its key is a hash of all of these, so what is found again is what would be measured again. On a new
machine, and with FOTOPOORT_MEASURE_AGAIN=1, everything is measured.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
from collections.abc import Callable, Iterable
from importlib.metadata import distributions
from pathlib import Path
from typing import Any, Final

from platformdirs import user_cache_path

from fotopoort.files import write_whole

ROOT: Final = Path(__file__).resolve().parents[1]
SEEING: Final = ("fotopoort.screening.processes.pool", "fotopoort.application.contract")  # and whatever they import
AGAIN: Final = "FOTOPOORT_MEASURE_AGAIN"


def measured(name: str, inputs: Iterable[Path], measure: Callable[[], Any], code: Iterable[Path] = ()) -> Any:  # noqa: ANN401 - JSON
    """What `measure` returns (JSON), from an earlier time where nothing that it rests on has changed since.

    Args:
        name: of the measurement.
        inputs: the files that are measured on.
        code: of the measurement itself.
    """
    kept = user_cache_path("fotopoort") / "measurements" / f"{name}-{_key(inputs, code)}.json"
    if AGAIN not in os.environ:
        try:
            return json.loads(kept.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            pass
    result = measure()
    kept.parent.mkdir(parents=True, exist_ok=True)
    write_whole(kept, json.dumps(result).encode())
    return json.loads(json.dumps(result))


def _key(inputs: Iterable[Path], code: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    data = [path for folder in ("models", "fixtures/names") for path in (ROOT / folder).rglob("*") if path.is_file()]
    data += [path for path in (ROOT / "service" / "fotopoort").rglob("*") if path.suffix in (".toml", ".gz", ".icc")]
    for path in sorted({*_modules(), *data, *code}) + sorted(inputs):
        digest.update(f"{path.name}\0".encode("utf-8", "surrogateescape") + hashlib.sha256(path.read_bytes()).digest())
    digest.update(json.dumps(sorted(f"{one.name} {one.version}" for one in distributions())).encode())
    digest.update(_processor().encode())
    settings = {key: value for key, value in os.environ.items() if key.startswith("FOTOPOORT_") and "FOLDER" not in key}
    digest.update(json.dumps(sorted(settings.items())).encode())
    return digest.hexdigest()[:32]


def _modules() -> set[Path]:
    """The files of the code that sees and judges: these modules and everything of ours that they import."""
    found, waiting = set[Path](), list(SEEING)
    while waiting:
        place = ROOT / "service" / Path(*waiting.pop().split("."))
        path = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
        if path in found or not path.is_file():
            continue
        found.add(path)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                waiting += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return found


def _processor() -> str:
    """Its model and what it can do: answers differ in their last digits between processors."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    return "\n".join(sorted({line for line in lines if line.startswith(("model name", "flags"))}))
