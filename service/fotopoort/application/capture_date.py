"""When a photo was taken: what its file, its name and its folders tell, and the day by which groups are looked up.

A camera whose clock was never set names a day with certainty. Where a file and the place it lies in name different
school years, the day is not known: then everyone who was ever at school may be in it.
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

FIRST_YEAR: Final = 1990  # before digital cameras; an earlier date is a clock that was not set
DATE_TIME_ORIGINAL: Final = 0x9003
EXIF_MARK: Final = b"Exif\0\0"
EXIF_SIZE: Final = 65_536  # bytes of a block that are looked through
NEW_YEAR: Final = (1, 1)  # lies in the school year that began the year before

# Names of files: a day run together or with marks between, and the time after it where there is one.
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
        moment: ISO 8601 without zone, a day or a day and a time; None: nothing tells.
        day: one in the same school year; None: it is not known for sure.
    """

    moment: str | None
    day: date | None


def taken(path: str, by_file: str | None) -> CaptureDate:
    """When a photo was taken.

    Args:
        path: below the folder; the nearest folder counts first.
        by_file: what the file itself told, or what this function said of it before.
    """
    moment, day = by_file, date.fromisoformat(by_file[:10]) if by_file else None
    for name in (PurePath(path).stem, *reversed(PurePath(path).parts[:-1])):
        for told, around in _told_by(name):
            if day is not None and school_year(day) != school_year(around):
                return CaptureDate(moment, None)
            moment, day = moment or told, day or around
    return CaptureDate(moment, day)


def told_by_file(data: bytes, today: date) -> str | None:
    """The moment that the camera wrote in a file (EXIF DateTimeOriginal); None where it did not, or cannot have.

    Only the first block of EXIF is looked at, and nothing is decoded.
    """
    at = data.find(EXIF_MARK)
    if at < 0:
        return None
    for entry in exif.entries(data[at : at + EXIF_SIZE]):
        if entry.tag == DATE_TIME_ORIGINAL and entry.directory == "Exif":
            return _moment(entry.value, today)
    return None


def _moment(value: bytes, today: date) -> str | None:
    try:
        when = datetime.strptime(value[:19].decode("ascii"), "%Y:%m:%d %H:%M:%S")
    except ValueError:
        return None
    possible = when.year >= FIRST_YEAR and when.date() <= today + timedelta(days=1)
    return when.isoformat() if possible else None


def _told_by(name: str) -> Iterator[tuple[str | None, date]]:
    """The moments that a name may tell, each with a day in its school year. "2006-07" is a month and a school year."""
    for moment, day in (*_days(name), *_school_years(name), *_months(name)):
        if day.year >= FIRST_YEAR:
            yield moment, day


def _days(name: str) -> Iterator[tuple[str | None, date]]:
    for pattern in (DAY, DUTCH_DAY):
        for found in pattern.finditer(name):
            part = found.groupdict()
            day = _date(part["year"], part["month"], part["day"])
            if day is not None:
                clock = f"T{part['hour']}:{part['minute']}:{part['second']}" if part.get("hour") else ""
                yield day.isoformat() + clock, day


def _school_years(name: str) -> Iterator[tuple[None, date]]:
    for found in SCHOOL_YEAR.finditer(name):
        first, last = int(found["from"]), int(found["to"])
        if last in (first + 1, (first + 1) % 100):
            yield None, date(first + 1, *NEW_YEAR)


def _months(name: str) -> Iterator[tuple[None, date]]:
    for found in MONTH.finditer(name):
        day = _date(found["year"], found["month"], "1")
        if day is not None:
            yield None, day


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
