"""Files that people read at the top of the repository and that the package needs too.

An installed package carries its own copy of them; a checkout uses the repository's.
"""

from __future__ import annotations

import gzip
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parent


def resource(relative: str) -> Path:
    """The path of the file or folder `relative`, named as in the repository: "models/manifest.toml", "fixtures/demo".

    Raises:
        FileNotFoundError: neither the installed package nor the repository has it.
    """
    for root in (PACKAGE / "_bundled", PACKAGE.parent.parent):
        if (found := root / relative).exists():
            return found
    raise FileNotFoundError(f"This installation of fotopoort lacks {relative}; install it again.")


@cache
def dutch_words() -> frozenset[str]:
    """Ordinary Dutch words of two to ten letters, without accents; `fixtures/make_words.py` makes the file."""
    return frozenset(gzip.decompress((PACKAGE / "words.txt.gz").read_bytes()).decode().split("\n"))
