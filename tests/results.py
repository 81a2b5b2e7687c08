"""What a run over a folder left in its output folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def made(out: Path) -> dict[str, bytes]:
    """Every picture in the output folder."""
    return {str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*.jpg")}


def comparable_documents(out: Path) -> list[dict[str, object]]:
    """The document of each photo, without what differs from run to run."""
    found = documents(out).values()
    return [{key: value for key, value in document.items() if key not in ("id", "ms")} for document in found]


def documents(out: Path) -> dict[str, dict[str, Any]]:
    """The document of each photo, by its path; fails where a photo has two."""
    lines = [json.loads(line) for line in (out / "results.jsonl").read_text().splitlines()]
    found = {document["file"]: document for document in lines}
    assert len(found) == len(lines)
    return found
