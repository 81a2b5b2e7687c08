"""What a run over a folder left in its output folder."""

from __future__ import annotations

import json
from pathlib import Path


def made(out: Path) -> dict[str, bytes]:
    """Every picture in the output folder."""
    return {str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*.jpg")}


def told(out: Path) -> list[dict[str, object]]:
    """What is told of each photo, without what differs from run to run."""
    documents = [json.loads(line) for line in (out / "results.jsonl").read_text().splitlines()]
    return [{key: value for key, value in document.items() if key not in ("id", "ms")} for document in documents]
