"""The results of a folder as files for other programs: one JSON object a line, and a table for a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import Final

from fotopoort.application.contract.build import called
from fotopoort.application.input_files import printable
from fotopoort.batch.entry import Entry
from fotopoort.batch.storage.storage import Storage
from fotopoort.registry.lists.exports import BYTE_ORDER_MARK
from fotopoort.registry.lists.sheets import harmless
from fotopoort.vocabulary import ChannelId

LINES: Final = "results.jsonl"
TABLE: Final = "results.csv"
PHOTO_COLUMNS: Final = ("foto", "sha256", "genomen", "groepen", "fout")
CHANNEL_COLUMNS: Final = ("oordeel", "regels", "bestand")
# Behind the channels, so that programs which go by the place of a column still find what they did.
ERROR_COLUMNS: Final = ("fout (Nederlands)", "advies (Nederlands)", "fout (Engels)", "advies (Engels)")
LABEL_COLUMN: Final = "uitkomst"  # what the verdict is called, as everywhere: "nog niet" among them


def write_results(entries: Iterable[Entry], channels: Sequence[ChannelId], out: Storage) -> None:
    """Write both files, one entry in memory at a time.

    Raises:
        OutputUnwritable: one of them cannot be written.
    """
    with out.writing(LINES) as lines, out.writing(TABLE) as table:
        titles = [f"{channel}: {column}" for channel in channels for column in CHANNEL_COLUMNS]
        labels = [f"{channel}: {LABEL_COLUMN}" for channel in channels]
        table.write(BYTE_ORDER_MARK.encode() + _row([*PHOTO_COLUMNS, *titles, *ERROR_COLUMNS, *labels]))
        for entry in entries:
            lines.write(json.dumps(entry.document).encode() + b"\n")
            verdicts = [cell for channel in channels for cell in _channel_cells(entry, channel)]
            called = [_label(entry, channel) for channel in channels]
            table.write(_row([*_photo_cells(entry), *verdicts, *_error_cells(entry), *called]))


def _photo_cells(entry: Entry) -> list[str]:
    message = entry.failure.message if entry.failure else ""
    return [printable(entry.path), entry.sha256, entry.captured_at or "", ", ".join(sorted(entry.groups)), message]


def _channel_cells(entry: Entry, channel: ChannelId) -> list[str]:
    verdict = entry.document["verdicts"].get(channel)
    if verdict is None:
        return ["", "", ""]
    rendition = verdict["rendition"]
    rules = " ".join(dict.fromkeys(reason["rule"] for reason in verdict["reasons"]))
    return [verdict["outcome"], rules, printable(rendition["path"]) if rendition else ""]


def _label(entry: Entry, channel: ChannelId) -> str:
    verdict = entry.document["verdicts"].get(channel)
    return called(verdict).nl if verdict else ""


def _error_cells(entry: Entry) -> list[str]:
    if entry.failure is None:
        return ["", "", "", ""]
    dutch, english = entry.failure.as_dict("nl"), entry.failure.as_dict("en")
    return [dutch["message"], dutch["hint"], english["message"], english["hint"]]


def _row(cells: Sequence[str]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerow([harmless(cell) for cell in cells])
    return text.getvalue().encode()
