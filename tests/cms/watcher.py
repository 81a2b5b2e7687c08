"""An anonymous visitor who knows every file's name: it fetches all that is under uploads/, over and over."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from types import TracebackType
from typing import Final

import httpx
from tests.cms.photos import shows_original
from tests.cms.wordpress import Site
from tests.waiting import PATIENCE

INTERVAL: Final = 0.05  # seconds


class Watcher:
    """Looks while it is entered; what it found that nobody may see is in `seen`."""

    def __init__(self, site: Site) -> None:
        self.seen: list[str] = []
        self._site = site
        self._known: set[tuple[str, int, int]] = set()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._client = httpx.Client(timeout=PATIENCE)

    def __enter__(self) -> Watcher:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()
        self.look()
        self._client.close()

    def look(self) -> None:
        """Once, at every file that is new or was changed."""
        for folder, _, names in os.walk(self._site.uploads):
            for name in names:
                self._fetch(Path(folder) / name)

    def _watch(self) -> None:
        while not self._stop.wait(INTERVAL):
            self.look()

    def _fetch(self, path: Path) -> None:
        try:
            status = path.stat()
            on_disk = path.read_bytes()
        except FileNotFoundError:
            return
        known = (str(path), status.st_size, status.st_mtime_ns)
        if known in self._known:
            return
        self._known.add(known)
        address = f"{self._site.url}/wp-content/uploads/{path.relative_to(self._site.uploads)}"
        for content in (on_disk, self._client.get(address).content):
            if shows_original(content):
                self.seen.append(path.name)
