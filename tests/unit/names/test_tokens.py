"""A text as words."""

from __future__ import annotations

import html

from fotopoort.names.tokens import folded, tokenize


def test_words_are_folded() -> None:
    assert [folded(word) for word in ("Zoë", "Y\u0131lmaz", "ØRSTED", "Strauß", "\ufeffSem", "&eacute;", "ﬁnn")] == [
        "zoe", "yilmaz", "orsted", "strauss", "sem", "e", "finn",
    ]  # fmt: skip
    assert [token.text for token in tokenize("v.d. Berg's \u200b")] == ["v", "d", "Berg", "s"]
    assert [token.text for token in tokenize("an accent \u0301 alone")] == ["an", "accent", "alone"]
    assert html.unescape("&euml;") == "ë"
