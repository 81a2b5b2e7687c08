"""Paths that a bucket cannot have, and the settings that photos are read with."""

from __future__ import annotations

from fotopoort.settings import Settings

SETTINGS = Settings(max_megabytes=1)
IMPOSSIBLE = ["a\nb.jpg", "a\udcff.jpg", "a//b.jpg", "../a.jpg"]
