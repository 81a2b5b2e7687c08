"""When a photo was taken: from its file, its name and its folders; and the day by which groups are looked up.

A camera whose clock was never set gives a wrong date without any doubt. Where the file and the place it lies in point
to different school years, the day is not known: then everyone who was ever at school may be in the photo.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import PurePath
from typing import Final

from fotopoort.photo.metadata import exif
from fotopoort.registry.people.groups import school_year

FIRST_YEAR: Final = 1990  # there were no digital cameras yet: an earlier date comes from a clock that was not set
DATE_TIME_ORIGINAL: Final = 0x9003
EXIF_MARK: Final = b"Exif\0\0"
EXIF_SIZE: Final = 65_536  # bytes of a block that are searched
NEW_YEAR: Final = (1, 1)  # month and day; in the school year that began the year before

# In names: a day with or without separators, followed by the time where there is one.
DAY = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<mark>[-_. ]?)(?P<month>\d\d)(?P=mark)(?P<day>\d\d)(?!\d)"
    r"(?:[-_ T](?:at |om )?(?P<hour>[01]\d|2[0-3])[-.:_ ]?(?P<minute>[0-5]\d)[-.:_ ]?(?P<second>[0-5]\d)(?!\d{4}))?"
)
DUTCH_DAY = re.compile(r"(?<!\d)(?P<day>\d\d?)[-_. ](?P<month>\d\d?)[-_. ](?P<year>(?:19|20)\d\d)(?!\d)")
SCHOOL_YEAR = re.compile(r"(?<!\d)(?P<from>(?:19|20)\d\d)\s*[-_–]\s*(?P<to>(?:(?:19|20)\d\d|\d\d))(?![-_.]?\d)")
MONTH = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)[-_. ](?P<month>0[1-9]|1[0-2])(?![-_. ]?\d)")


@dataclass(frozen=True, slots=True)
class CaptureDate:
    """When a photo was taken.

    Attributes:
        moment: ISO 8601 without a zone: a day, or a day and a time; None: not known.
        day: one in the same school year; None: not known for sure.
    """

    moment: str | None
    day: date | None


def find_capture_date(path: str, file_moment: str | None) -> CaptureDate:
    """When a photo was taken.

    Args:
        path: below the folder; the nearest folder counts first.
        file_moment: from `moment_in_file`, or the `moment` that this function found before.
    """
    moment, day = file_moment, date.fromisoformat(file_moment[:10]) if file_moment else None
    for name in (PurePath(path).stem, *reversed(PurePath(path).parts[:-1])):
        for moment_in_name, day_in_name in _moments_in(name):
            if day is not None and school_year(day) != school_year(day_in_name):
                return CaptureDate(moment, None)
            moment, day = moment or moment_in_name, day or day_in_name
    return CaptureDate(moment, day)


def moment_in_file(data: bytes, today: date) -> str | None:
    """The moment that the camera wrote in a file (EXIF DateTimeOriginal); None: it wrote none, or an impossible one.

    Only the first block of EXIF is searched, and nothing is decoded.
    """
    start = data.find(EXIF_MARK)
    if start < 0:
        return None
    for entry in exif.entries(data[start : start + EXIF_SIZE]):
        if entry.tag == DATE_TIME_ORIGINAL and entry.directory == "Exif":
            return _moment(entry.value, today)
    return None


def _moment(value: bytes, today: date) -> str | None:
    try:
        moment = datetime.strptime(value[:19].decode("ascii"), "%Y:%m:%d %H:%M:%S")
    except ValueError:
        return None
    possible = moment.year >= FIRST_YEAR and moment.date() <= today + timedelta(days=1)  # a zone ahead of ours
    return moment.isoformat() if possible else None


def _moments_in(name: str) -> Iterator[tuple[str | None, date]]:
    """The moments that a name may stand for, each with a day in its school year. "2006-07" can be a month as well as a
    school year."""
    for moment, day in (*_days(name), *_school_years(name), *_months(name)):
        if day.year >= FIRST_YEAR:
            yield moment, day


def _days(name: str) -> Iterator[tuple[str | None, date]]:
    for pattern in (DAY, DUTCH_DAY):
        for match in pattern.finditer(name):
            parts = match.groupdict()
            day = _date(parts["year"], parts["month"], parts["day"])
            if day is not None:
                time = f"T{parts['hour']}:{parts['minute']}:{parts['second']}" if parts.get("hour") else ""
                yield day.isoformat() + time, day


def _school_years(name: str) -> Iterator[tuple[None, date]]:
    for match in SCHOOL_YEAR.finditer(name):
        first, last = int(match["from"]), int(match["to"])
        if last in (first + 1, (first + 1) % 100):
            yield None, date(first + 1, *NEW_YEAR)


def _months(name: str) -> Iterator[tuple[None, date]]:
    for match in MONTH.finditer(name):
        day = _date(match["year"], match["month"], "1")
        if day is not None:
            yield None, day


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
