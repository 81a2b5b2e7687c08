"""What came of a folder as files for other programs: an object a line, and a table for a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import Final

from fotopoort.application.input_files import printable
from fotopoort.batch.entry import Entry
from fotopoort.batch.storage.storage import Storage
from fotopoort.registry.lists.exports import BYTE_ORDER_MARK
from fotopoort.registry.lists.sheets import harmless
from fotopoort.vocabulary import ChannelId

LINES: Final = "results.jsonl"
TABLE: Final = "results.csv"


def write_results(entries: Iterable[Entry], channels: Sequence[ChannelId], out: Storage) -> None:
    """Write both files, one entry in memory at a time.

    Raises:
        OutputUnwritable: one of them cannot be written.
    """
    with out.writing(LINES) as lines, out.writing(TABLE) as table:
        titles = ["foto", "sha256", "genomen", "groepen", "fout"]
        titles += [f"{channel}: {word}" for channel in channels for word in ("oordeel", "regels", "bestand")]
        table.write(BYTE_ORDER_MARK.encode() + _row(titles))
        for entry in entries:
            lines.write(json.dumps(entry.document).encode() + b"\n")
            table.write(_row(_cells(entry, channels)))


def _cells(entry: Entry, channels: Sequence[ChannelId]) -> list[str]:
    failure = entry.document.get("error", {}).get("message", "")
    cells = [printable(entry.path), entry.sha256, entry.taken or "", ", ".join(sorted(entry.groups)), failure]
    for channel in channels:
        verdict = entry.document["verdicts"].get(channel)
        if verdict is None:
            cells += ["", "", ""]
            continue
        rendition = verdict["rendition"]
        cells.append(verdict["outcome"])
        cells.append(" ".join(dict.fromkeys(reason["rule"] for reason in verdict["reasons"])))
        cells.append(printable(rendition["path"]) if rendition else "")
    return cells


def _row(cells: Sequence[str]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerow([harmless(cell) for cell in cells])
    return text.getvalue().encode()
