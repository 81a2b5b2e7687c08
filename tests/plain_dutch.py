"""Words that are too hard for a Dutch text that everybody can read (B1), from `hard_words.txt`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

LIST: Final = Path(__file__).parent / "hard_words.txt"


def _hard_words() -> re.Pattern[str]:
    lines = LIST.read_text(encoding="utf-8").splitlines()
    words = [re.split(r"\s{2,}", line)[0] for line in lines if line and not line.startswith("#")]
    forms = "|".join(re.escape(word).replace(re.escape("*"), r"\w*") for word in words)
    return re.compile(rf"\b({forms})\b", re.IGNORECASE)


_HARD: Final = _hard_words()


def hard_words_in(text: str) -> list[str]:
    """Those that the text has, as they stand in it."""
    return _HARD.findall(text)
