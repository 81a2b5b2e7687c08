"""What came of a folder as files for other programs."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path

from tests.entries import CHANNELS, entry, failed, verdict

from fotopoort.batch.entry import Entry
from fotopoort.batch.report.results import LINES, TABLE, write_results
from fotopoort.batch.storage.folder import Folder
from fotopoort.errors import Damaged
from fotopoort.registry.lists.exports import BYTE_ORDER_MARK

FIRST = ["foto", "sha256", "genomen", "groepen", "fout"]
OF_CHANNELS = [
    "social_schools: oordeel", "social_schools: regels", "social_schools: bestand",
    "website: oordeel", "website: regels", "website: bestand",
]  # fmt: skip
ERRORS = ["fout (Nederlands)", "advies (Nederlands)", "fout (Engels)", "advies (Engels)"]
LAST = [*ERRORS, "social_schools: uitkomst", "website: uitkomst"]


def table(out: Path, entries: Sequence[Entry]) -> list[list[str]]:
    write_results(entries, list(CHANNELS), Folder(out))
    content = (out / TABLE).read_bytes()
    assert content.startswith(BYTE_ORDER_MARK.encode())
    return list(csv.reader(content.decode("utf-8-sig").splitlines(), delimiter=";"))


def test_columns_that_were_added_come_after_those_that_were_there(tmp_path: Path) -> None:
    assert table(tmp_path, []) == [[*FIRST, *OF_CHANNELS, *LAST]]


def test_a_photo_that_was_judged_has_a_verdict_for_each_channel_and_no_error(tmp_path: Path) -> None:
    photo = entry("IMG_1.jpg", captured_at="2024-03-12", groups=("groep 6", "groep 5"), website=verdict("reject"))
    assert table(tmp_path, [photo])[1] == [
        *("IMG_1.jpg", photo.sha256, "2024-03-12", "groep 5, groep 6", ""),
        *("publish", "R50", "social_schools/IMG_1.jpg", "reject", "R30", ""),
        *("", "", "", ""),
        *("plaatsen", "niet plaatsen"),
    ]


def test_what_an_answer_can_still_lift_is_called_so(tmp_path: Path) -> None:
    photo = entry("IMG_1.jpg", website=verdict("reject") | {"not_yet": True})
    assert table(tmp_path, [photo])[1][-2:] == ["plaatsen", "nog niet"]


def test_an_error_is_told_in_dutch_and_in_english(tmp_path: Path) -> None:
    row = table(tmp_path, [failed("kapot.jpg", nl="Het ging mis.")])[1]
    assert row[4] == "It went wrong."
    assert row[-6:-2] == ["Het ging mis.", "Probeer het opnieuw.", "It went wrong.", "Try again."]


def test_an_error_of_an_older_version_is_told_in_english_alone(tmp_path: Path) -> None:
    row = table(tmp_path, [failed("kapot.jpg")])[1]
    assert row[-6:-2] == ["It went wrong.", "Try again."] * 2


def test_each_line_is_an_object_with_the_error_in_english(tmp_path: Path) -> None:
    write_results([entry("a.jpg"), failed("b.jpg", nl="Het ging mis.")], list(CHANNELS), Folder(tmp_path))
    judged, unjudged = (json.loads(line) for line in (tmp_path / LINES).read_text().splitlines())
    assert "error" not in judged
    assert {key: unjudged["error"][key] for key in ("code", "message", "hint")} == {
        "code": "damaged",
        "message": "It went wrong.",
        "hint": "Try again.",
    }


def test_an_entry_gives_back_the_failure_that_was_recorded() -> None:
    failure = Damaged().failure()
    error = failure.as_dict() | {"message_nl": failure.message_nl, "hint_nl": failure.hint_nl}
    photo = failed()
    photo.document["error"] = error
    assert photo.failure == failure
    assert entry().failure is None
