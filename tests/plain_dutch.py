"""Words that are too hard for a Dutch text that everybody can read (B1), from `hard_words.txt`."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import Final

LIST: Final = Path(__file__).parent / "hard_words.txt"


class Reader(StrEnum):
    """Whom a text is for. Each may read less than those before."""

    OFFICE = (
        "office"  # and the privacy officer, and whoever runs the program: they know the words of the law and of files
    )
    TEACHERS = "teachers"
    PARENTS = "parents"


def _hard_words() -> dict[Reader, re.Pattern[str]]:
    words: dict[Reader, list[str]] = {reader: [] for reader in Reader}
    reader = Reader.OFFICE
    for line in LIST.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            reader = Reader(line.strip("[]"))
        elif line and not line.startswith("#"):
            words[reader].append(re.split(r"\s{2,}", line)[0])
    patterns, forms = {}, list[str]()
    for reader in Reader:
        forms += (re.escape(word).replace(re.escape("*"), r"\w*") for word in words[reader])
        patterns[reader] = re.compile(rf"\b({'|'.join(forms)})\b", re.IGNORECASE)
    return patterns


_HARD: Final = _hard_words()


def hard_words_in(text: str, reader: Reader = Reader.TEACHERS) -> list[str]:
    """Those that the text has which that reader should not meet, as they stand in it."""
    return _HARD[reader].findall(text)
