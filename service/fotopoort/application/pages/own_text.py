"""The school's own rules as blocks of a page: headings, lists and paragraphs. Everything else in them is plain text."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")  # of Markdown: what it says stays, where it leads does not


class Block(NamedTuple):
    kind: Literal["heading", "list", "text"]
    lines: tuple[str, ...]


def blocks(text: str) -> list[Block]:
    """The blocks of a text, in order; nothing in them is marked up."""
    found: list[Block] = []
    open_kind = ""
    for line in map(str.strip, LINK.sub(r"\1", text).splitlines()):
        kind, content = _kind(line)
        if not content:
            open_kind = ""
        elif kind == "heading" or (kind != open_kind and not (kind == "text" and open_kind == "list")):
            found.append(Block(kind, (content,)))
            open_kind = "" if kind == "heading" else kind
        elif kind == "list":
            found[-1] = Block("list", (*found[-1].lines, content))
        else:  # a line goes on
            *before, last = found[-1].lines
            found[-1] = found[-1]._replace(lines=(*before, f"{last} {content}"))
    return found


def _kind(line: str) -> tuple[Literal["heading", "list", "text"], str]:
    if line.startswith("#"):
        return "heading", line.lstrip("#").strip()
    if line.startswith(("- ", "* ")):
        return "list", line[2:].strip()
    return "text", line
