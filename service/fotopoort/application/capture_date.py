"""When a photo was taken: by its file, its name, its folders and what the caller says; and in which school years.

The school years tell who can be in it.

A camera whose clock was never set gives a wrong date without any doubt, and a folder can hold what was copied into it.
So what these tell is united: the photo can be of each of those school years. Where nothing tells anything, or a day
lies in the future, it can be of any.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import PurePath
from typing import Final

from fotopoort.errors import FutureDay
from fotopoort.photo.admission import exif_blocks
from fotopoort.photo.metadata import exif
from fotopoort.registry.people.groups import AUGUST, Years, school_year

FIRST_YEAR: Final = 1990  # there were no digital cameras yet: an earlier date comes from a clock that was not set
DATE_TIME_ORIGINAL: Final = 0x9003
ANY_DAY: Final = "2999-12-31"  # stands for a file whose day cannot be told: a day to come leaves any school year
MAX_BLOCKS: Final = 10  # of EXIF in one file
TOMORROW: Final = timedelta(days=1)  # it is that already in a zone ahead of ours

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
        moment: ISO 8601 without a zone: a day, or a day and a time, as the file or a name has it; None: none has.
        day: one in the same school year; None: not known for sure.
        years: the school years it can be of, by the year they begin in; None: any.
    """

    moment: str | None
    day: date | None
    years: Years


def find_capture_date(
    path: str | None, file_moment: str | None, *, today: date, stated_day: date | None = None
) -> CaptureDate:
    """When a photo was taken.

    Args:
        path: the photo's name, with the folders it lies in; the nearest folder counts first for `moment`.
        file_moment: from `moment_in_file`, or the `moment` that this function found before.
        today: in the school's time zone.
        stated_day: the day that the caller gives.

    Raises:
        FutureDay: that day is in the future.
    """
    require_past(stated_day, today)
    found: list[tuple[str | None, date]] = []
    if file_moment:
        found.append((file_moment, date.fromisoformat(file_moment[:10])))
    names = (PurePath(path).stem, *reversed(PurePath(path).parts[:-1])) if path else ()
    found += [moment_and_day for name in names for moment_and_day in _moments_in(name)]
    found += [(None, stated_day)] if stated_day else []
    moment = next((moment for moment, _ in found if moment), None)
    years = frozenset(school_year(day) for _, day in found)
    if not found or any(day > today + TOMORROW for _, day in found):
        return CaptureDate(moment, None, None)
    return CaptureDate(moment, found[0][1] if len(years) == 1 else None, years)


def require_past(stated_day: date | None, today: date) -> None:
    """Refuse a day that has not come yet.

    Raises:
        FutureDay: it is in the future.
    """
    if stated_day is not None and stated_day > today:
        raise FutureDay


def moment_in_file(data: bytes) -> str | None:
    """The moment that the camera wrote in a file (EXIF DateTimeOriginal), also one in the future; None: it wrote none,
    or an impossible one.

    Nothing is decoded. Where the file is too broken to tell, or tells of several school years, it is `ANY_DAY`.
    """
    blocks = exif_blocks(data)
    if blocks is None or len(blocks) > MAX_BLOCKS:
        return ANY_DAY
    moments = [moment for block in blocks if (moment := _moment_in(block))]
    years = {school_year(date.fromisoformat(moment[:10])) for moment in moments}
    return ANY_DAY if len(years) > 1 else next(iter(moments), None)


def _moment_in(block: bytes) -> str | None:
    for entry in exif.entries(block):
        if entry.tag == DATE_TIME_ORIGINAL and entry.directory == "Exif":
            return _moment(entry.value)
    return None


def _moment(value: bytes) -> str | None:
    try:
        moment = datetime.strptime(value[:19].decode("ascii"), "%Y:%m:%d %H:%M:%S")
    except ValueError:
        return None
    return moment.isoformat() if moment.year >= FIRST_YEAR else None


def _moments_in(name: str) -> Iterator[tuple[str | None, date]]:
    """The moments that a name may stand for, each with its first day. "2006-07" can be a month as well as a school
    year."""
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
            yield None, date(first, AUGUST, 1)


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
