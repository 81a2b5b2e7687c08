"""When a photo was taken, by its file, its name and its folders."""

from __future__ import annotations

import io
from datetime import date

import pytest
from PIL import Image
from PIL.ExifTags import IFD, Base

from fotopoort.application.capture_date import find_capture_date, moment_in_file

TODAY = date(2026, 11, 24)
SPRING, AUTUMN = date(2024, 3, 12), date(2023, 10, 3)


def photo(written: str | None, kind: str = "JPEG") -> bytes:
    image, out, exif = Image.new("RGB", (32, 32)), io.BytesIO(), Image.Exif()
    if written is not None:
        exif.get_ifd(IFD.Exif)[Base.DateTimeOriginal] = written
    image.save(out, kind, exif=exif)
    return out.getvalue()


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2024:03:12 10:15:44", "2024-03-12T10:15:44"),
        ("2026:11:25 00:10:00", "2026-11-25T00:10:00"),  # a zone ahead of ours
        ("0000:00:00 00:00:00", None),
        ("1980:01:01 00:00:00", None),  # a clock that was never set
        ("2031:01:01 00:00:00", None),
        ("gisteren", None),
        ("", None),
        (None, None),
    ],
)
def test_the_camera_tells_where_its_clock_can_be_right(written: str | None, moment: str | None) -> None:
    assert moment_in_file(photo(written), TODAY) == moment


@pytest.mark.parametrize("data", [b"", b"Exif\0\0", b"Exif\0\0MM\0*\xff\xff\xff\xff", b"Exif\0\0II*\0" + b"\xff" * 99])
def test_a_broken_block_tells_nothing(data: bytes) -> None:
    assert moment_in_file(data, TODAY) is None


@pytest.mark.parametrize(
    ("path", "moment"),
    [
        ("IMG_20240312_101544.jpg", "2024-03-12T10:15:44"),
        ("PXL_20240312_101544123.jpg", "2024-03-12T10:15:44"),
        ("20240312_101544.jpg", "2024-03-12T10:15:44"),
        ("IMG-20240312-WA0001.jpg", "2024-03-12"),
        ("2024-03-12 om 10.15.44.png", "2024-03-12T10:15:44"),
        ("WhatsApp Image 2024-03-12 at 10.15.44.jpeg", "2024-03-12T10:15:44"),
        ("12-03-2024 sportdag.jpg", "2024-03-12"),
        ("2024-03-12 sportdag/IMG_1.jpg", "2024-03-12"),
        ("2023-2024/groep 5/20240312.jpg", "2024-03-12"),
    ],
)
def test_a_name_tells_the_moment(path: str, moment: str) -> None:
    found = find_capture_date(path, None)
    assert found.moment == moment
    assert found.day == SPRING


@pytest.mark.parametrize(
    "path",
    ["2023-2024/a.jpg", "schooljaar 2023-2024/groep 5/a.jpg", "2023-24/a.jpg",
     "2024-03/a.jpg", "2023_2024 groep 5/kamp/IMG_1.jpg", "2023 - 2024/a.jpg"],
)  # fmt: skip
def test_a_folder_tells_the_school_year_and_no_moment(path: str) -> None:
    found = find_capture_date(path, None)
    assert found.moment is None
    assert found.day is not None
    assert date(2023, 8, 1) <= found.day <= date(2024, 7, 31)


@pytest.mark.parametrize(
    "path",
    ["a.jpg", "IMG_2031.jpg", "2024/a.jpg", "IMG_20241399.jpg", "2023-2025/a.jpg", "DSC01998-2024.jpg", "19850312.jpg"],
)
def test_where_nothing_tells_nothing_is_guessed(path: str) -> None:
    assert find_capture_date(path, None) == find_capture_date("x", None)
    assert find_capture_date(path, None).day is None


def test_the_camera_counts_before_the_name() -> None:
    found = find_capture_date("2023-2024/IMG_20240312_101544.jpg", "2023-10-03T09:00:00")
    assert (found.moment, found.day) == ("2023-10-03T09:00:00", AUTUMN)


@pytest.mark.parametrize(
    ("path", "file_moment"),
    [
        ("2023-2024/a.jpg", "2015-01-01T00:00:00"),
        ("IMG_20240312_101544.jpg", "2021-05-01T00:00:00"),
        ("2022-2023/20240312.jpg", None),
        ("2006-07/a.jpg", None),  # July 2006, or the school year that began a month later
    ],
)
def test_where_they_disagree_about_the_school_year_the_day_is_not_known(path: str, file_moment: str | None) -> None:
    assert find_capture_date(path, file_moment).day is None


@pytest.mark.parametrize("path", ["IMG_20240312_101544.jpg", "2023-2024/a.jpg", "2022-2023/20240312.jpg"])
def test_what_was_found_once_is_found_again_without_the_file(path: str) -> None:
    found = find_capture_date(path, None)
    assert find_capture_date(path, found.moment) == found
