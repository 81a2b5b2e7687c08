"""Camera and phone files through the real command."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks import camera_files
from tests.needed import lacking

pytestmark = pytest.mark.eval


@pytest.fixture(scope="module")
def handled(photos: Path) -> camera_files.Handled:
    return camera_files.measure(photos)


def test_each_gets_a_rendition_or_an_error_with_a_code_and_a_hint(handled: camera_files.Handled) -> None:
    assert handled.unnamed == ()
    assert handled.errors.keys() <= {"animated", "format_not_allowed", "damaged", "too_small"}


def test_renditions_are_upright(handled: camera_files.Handled) -> None:
    assert handled.not_upright == ()


def test_renditions_hold_one_picture_and_nothing_of_the_source(handled: camera_files.Handled) -> None:
    assert handled.renditions > handled.files
    assert handled.leaking == ()


def test_exiftool_finds_nothing_of_the_source(handled: camera_files.Handled) -> None:
    if handled.described is None:
        lacking("exiftool is not here (on Debian: apt-get install libimage-exiftool-perl)")
    assert handled.described == ()
