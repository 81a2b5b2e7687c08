"""When a photo was taken, by its file, its name and its folders."""

from __future__ import annotations

import io
from datetime import date

import pillow_heif
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.ExifTags import IFD, Base

from fotopoort.application.capture_date import CaptureDate, find_capture_date, moment_in_file
from fotopoort.errors import FutureDay

TODAY = date(2026, 11, 24)
SPRING, AUTUMN = date(2024, 3, 12), date(2023, 10, 3)


def found_by(path: str, file_moment: str | None = None, stated_day: date | None = None) -> CaptureDate:
    return find_capture_date(path, file_moment, today=TODAY, stated_day=stated_day)


def photo(written: str | None, kind: str = "JPEG") -> bytes:
    image, out, exif = Image.new("RGB", (32, 32)), io.BytesIO(), Image.Exif()
    exif[Base.Make] = "Camera"
    if written is not None:
        exif.get_ifd(IFD.Exif)[Base.DateTimeOriginal] = written
    pillow_heif.register_heif_opener()
    image.save(out, kind, exif=exif.tobytes())
    return out.getvalue()


KINDS = ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIF"]


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2024:03:12 10:15:44", "2024-03-12T10:15:44"),
        ("2026:11:25 00:10:00", "2026-11-25T00:10:00"),  # a zone ahead of ours
        ("0000:00:00 00:00:00", None),
        ("1980:01:01 00:00:00", None),  # a clock that was never set
        ("2031:01:01 00:00:00", "2031-01-01T00:00:00"),  # it is told, so that it can be doubted
        ("gisteren", None),
        ("", None),
        (None, None),
    ],
)
def test_the_camera_tells_where_its_clock_can_be_right(written: str | None, moment: str | None) -> None:
    assert moment_in_file(photo(written)) == moment


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("written", ["2024:03:12 10:15:44", None])
def test_the_camera_tells_in_every_format(kind: str, written: str | None) -> None:
    assert moment_in_file(photo(written, kind)) == (written and "2024-03-12T10:15:44")


@pytest.mark.parametrize("written", ["2024:03:12 10:15:44", "2023:10:03 09:00:00", "2021:10:03 09:00:00"])
def test_two_blocks_of_one_file_tell_together(written: str) -> None:
    chunk = photo("2024:03:12 10:15:44", "PNG")
    other = photo(written, "PNG")
    at, end = (other.index(mark) for mark in (b"eXIf", b"IDAT"))
    at_most = chunk.index(b"eXIf") - 4
    found = moment_in_file(chunk[:at_most] + other[at - 4 : end - 4] + chunk[at_most:])
    assert (found_by("a.jpg", found).years is None) == written.startswith("2021")


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_a_file_that_cannot_be_walked_leaves_any_year(kind: str) -> None:
    whole = photo("2021:10:03 09:00:00", kind)
    assert found_by("2023-2024/a.jpg", moment_in_file(whole[:-20])).years is None


@given(st.sampled_from(KINDS), st.data())
def test_no_bytes_make_it_fail(kind: str, data: st.DataObject) -> None:
    whole = bytearray(photo("2024:03:12 10:15:44", kind))
    for at in data.draw(st.lists(st.integers(0, len(whole) - 1), max_size=8)):
        whole[at] = data.draw(st.integers(0, 255))
    found = moment_in_file(bytes(whole[: data.draw(st.integers(0, len(whole)))]))
    assert found is None or found_by("a.jpg", found)


@pytest.mark.parametrize("data", [b"", b"Exif\0\0", b"Exif\0\0MM\0*\xff\xff\xff\xff", b"Exif\0\0II*\0" + b"\xff" * 99])
def test_a_broken_block_tells_nothing(data: bytes) -> None:
    assert moment_in_file(data) is None


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
    found = found_by(path)
    assert found.moment == moment
    assert found.day == SPRING


@pytest.mark.parametrize(
    "path",
    ["2023-2024/a.jpg", "schooljaar 2023-2024/groep 5/a.jpg", "2023-24/a.jpg",
     "2024-03/a.jpg", "2023_2024 groep 5/kamp/IMG_1.jpg", "2023 - 2024/a.jpg"],
)  # fmt: skip
def test_a_folder_tells_the_school_year_and_no_moment(path: str) -> None:
    found = found_by(path)
    assert found.moment is None
    assert found.day is not None
    assert date(2023, 8, 1) <= found.day <= date(2024, 7, 31)


@pytest.mark.parametrize(
    "path",
    ["a.jpg", "IMG_2031.jpg", "2024/a.jpg", "IMG_20241399.jpg", "2023-2025/a.jpg", "DSC01998-2024.jpg", "19850312.jpg"],
)
def test_where_nothing_tells_nothing_is_guessed(path: str) -> None:
    assert found_by(path) == found_by("x")
    assert found_by(path).day is None
    assert found_by(path).years is None


def test_the_camera_counts_before_the_name() -> None:
    found = found_by("2023-2024/IMG_20240312_101544.jpg", "2023-10-03T09:00:00")
    assert (found.moment, found.day) == ("2023-10-03T09:00:00", AUTUMN)


@pytest.mark.parametrize(
    ("path", "file_moment", "said", "years"),
    [
        ("2023-2024/a.jpg", "2015-01-01T00:00:00", None, frozenset({2014, 2023})),
        ("IMG_20240312_101544.jpg", "2021-05-01T00:00:00", None, frozenset({2020, 2023})),
        ("2022-2023/20240312.jpg", None, None, frozenset({2022, 2023})),
        (
            "2006-07/a.jpg",
            None,
            None,
            frozenset({2005, 2006}),
        ),  # July 2006, or the school year that began a month later
        ("2023-2024/a.jpg", "2023-10-03T09:00:00", date(2026, 11, 1), frozenset({2023, 2026})),
        ("a.jpg", "2023-10-03T09:00:00", date(2022, 9, 1), frozenset({2022, 2023})),
    ],
)
def test_what_they_tell_is_united(path: str, file_moment: str | None, said: date | None, years: frozenset[int]) -> None:
    found = found_by(path, file_moment, said)
    assert found.years == years
    assert found.day is None


def test_what_the_caller_says_counts_where_nothing_else_tells() -> None:
    assert found_by("a.jpg", stated_day=SPRING) == CaptureDate(None, SPRING, frozenset({2023}))
    assert find_capture_date(None, None, today=TODAY, stated_day=TODAY).years == frozenset({2026})


@pytest.mark.parametrize("path", ["a.jpg", "2023-2024/a.jpg", "IMG_20240312_101544.jpg"])
@pytest.mark.parametrize("said", [None, SPRING])
def test_a_camera_that_is_ahead_of_today_leaves_any_year(path: str, said: date | None) -> None:
    assert found_by(path, "2026-11-26T00:00:00", said).years is None
    assert found_by(path, "2026-11-25T09:00:00", said).years is not None


@pytest.mark.parametrize("path", ["20310101.jpg", "2027-2028/a.jpg", "2026-12/a.jpg", "2031-01/20240312.jpg"])
def test_a_name_that_is_ahead_of_today_leaves_any_year(path: str) -> None:
    assert found_by(path).years is None
    assert found_by(path, "2024-03-12T10:15:44").years is None


def test_a_day_that_the_caller_says_must_have_come() -> None:
    with pytest.raises(FutureDay):
        found_by("a.jpg", stated_day=date(2026, 11, 25))


moments = st.dates(date(1985, 1, 1), date(2030, 1, 1))


@given(st.lists(moments.map(lambda day: f"{day:%Y%m%d}"), max_size=3), st.none() | moments, st.none() | moments)
def test_more_evidence_never_takes_a_year_away(names: list[str], in_file: date | None, said: date | None) -> None:
    """A property: of a photo about which something is told, one source more only adds years."""
    said = said if said is None or said <= TODAY else TODAY
    moment = f"{in_file}T09:00:00" if in_file else None
    whole = found_by("/".join(["x", *names]), moment, said).years
    for part in (found_by("/".join(["x", *names]), moment), found_by("x", moment, said), found_by("x", None, said)):
        assert whole is None or part.years is None or part.years <= whole


@pytest.mark.parametrize("path", ["IMG_20240312_101544.jpg", "2023-2024/a.jpg", "2022-2023/20240312.jpg"])
def test_what_was_found_once_is_found_again_without_the_file(path: str) -> None:
    found = found_by(path)
    assert found_by(path, found.moment) == found
