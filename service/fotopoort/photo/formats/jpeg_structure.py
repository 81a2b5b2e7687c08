"""A JPEG's segments, and what is harmlessly wrong with them mended in memory.

What is mended is what libjpeg passes over without a change in any pixel, and so what viewers pass over: bytes between
segments (webcams, toy cameras), a scan header of a sequential JPEG with the wrong spectral selection (Samsung's
panoramas and selfies), an end-of-image marker that is missing. The mended bytes are what is decoded; whether all of the
picture is in them is for the decoder to say, to which a warning is damage.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from fotopoort.errors import COPY_AGAIN, SAVE_AS_JPEG, Damaged

MAX_SCANS: Final = 100  # progressive files have about ten; each costs a pass over the whole picture
MAX_SEGMENTS: Final = 10_000  # application and comment segments; millions of small ones would take the decoders minutes
MAX_STRAY: Final = 100_000  # bytes between segments

Segment: TypeAlias = tuple[str, bytes]  # "COM", "APP0" to "APP15", "between segments" or "after it", and its content
SEGMENTS: Final = {0xFE: "COM"} | {0xE0 + number: f"APP{number}" for number in range(16)}
STRAY: Final = "between segments"

START, END, SCAN, LINES = 0xD8, 0xD9, 0xDA, 0xDC
FRAME_HEADERS: Final = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})  # the others are tables
SEQUENTIAL: Final = frozenset({0xC0, 0xC1})
RESTARTS: Final = range(0xD0, 0xD8)  # markers without a length
APP14, ADOBE_LENGTH = 0xEE, 12  # bytes that Adobe's segment has at least
WHOLE_SPECTRUM: Final = b"\0\x3f\0"  # all 64 coefficients, in full

_MARKER = re.compile(rb"\xff([^\x00\xff])")  # as libjpeg looks for one: whatever is before it is passed over
_AFTER_SCAN = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame header (ITU-T T.81, B.2.2)."""

    marker: int
    precision: int
    height: int
    width: int
    components: tuple[tuple[int, int, int], ...]  # number, sampling across, sampling down

    @property
    def sampling(self) -> tuple[tuple[int, int], ...]:
        return tuple((across, down) for _, across, down in self.components)


@dataclass(frozen=True, slots=True)
class Structure:
    """One image in a file."""

    data: bytes = field(repr=False)  # the image alone, mended
    end: int  # where it ends in the file
    frame: Frame
    segments: tuple[Segment, ...] = field(repr=False)  # also those between its scans
    closed: bool = True  # False: the file ended before the end-of-image marker, which was added


def structure(data: bytes, at: int = 0) -> Structure:
    """Walk through the image that begins at `at`.

    Raises:
        Damaged: the segments do not lead to an end, there are more of them or more scans than any program writes, or
            not exactly one frame header; or it is said twice, and differently, how high the picture is.
    """
    walk = _Walk(data, at)
    while walk.step():
        pass
    if walk.frame is None:
        raise Damaged
    mended = [*walk.parts, data[walk.kept : walk.at]]
    if not walk.closed:
        mended.append(b"\xff\xd9")
    whole = mended[0] if len(mended) == 1 else b"".join(mended)
    return Structure(whole, walk.at, walk.frame, tuple(walk.segments), walk.closed)


class _Walk:
    """From one marker to the next."""

    def __init__(self, data: bytes, at: int) -> None:
        self.data, self.kept, self.at = data, at, at + 2
        self.parts: list[bytes] = []  # of the mended image, before `kept`
        self.segments: list[Segment] = []
        self.frame: Frame | None = None
        self.scans = self.stray = 0
        self.scanned = 0  # components in the last scan
        self.closed = True

    def step(self) -> bool:
        """Take the next segment, with the coded data after it; False: that was the end."""
        match = _MARKER.search(self.data, self.at)
        if match is None:
            return self._close()
        if self.data[self.at : match.start()].strip(b"\xff"):  # more than fill bytes
            self._drop(match.start())
        marker, start = match[1][0], match.end() + 2
        if marker == END:
            self.at = match.end()
            return False
        if marker in RESTARTS:
            self.at = match.end()
            return True
        end = match.end() + int.from_bytes(self.data[match.end() : start], "big")
        if marker == START or start > len(self.data) or end < start:
            raise Damaged(hint=COPY_AGAIN if start > len(self.data) else None)
        self._take(marker, start, end)
        return True

    def _drop(self, until: int) -> None:
        """Leave out what stands before a marker."""
        self.segments.append((STRAY, self.data[self.at : until]))
        self.parts.append(self.data[self.kept : self.at])
        self.kept = until
        self.stray += until - self.at
        if self.stray > MAX_STRAY or len(self.segments) > MAX_SEGMENTS:
            raise Damaged

    def _take(self, marker: int, start: int, end: int) -> None:
        body = self.data[start:end] if marker in FRAME_HEADERS or marker in (SCAN, LINES) else b""
        self.at = end
        if marker in SEGMENTS:
            self.segments.append((SEGMENTS[marker], self.data[start:end]))
            if marker == APP14 and end - start < ADOBE_LENGTH:  # libjpeg ignores it, but not every reader
                self.parts.append(self.data[self.kept : start - 4])
                self.kept = end
            if len(self.segments) > MAX_SEGMENTS:
                raise Damaged
        elif marker in FRAME_HEADERS:
            if self.frame is not None:
                raise Damaged
            self.frame = _frame(marker, body)
        elif marker == LINES and (self.frame is None or int.from_bytes(body[:2], "big") != self.frame.height):
            raise Damaged(hint=SAVE_AS_JPEG)  # readers differ in which they believe
        elif marker == SCAN:
            self._scan(body, start)

    def _scan(self, body: bytes, start: int) -> None:
        self.scans, self.scanned = self.scans + 1, body[0] if body else 0
        if self.scans > MAX_SCANS:
            raise Damaged
        sequential = self.frame is not None and self.frame.marker in SEQUENTIAL
        selection = start + 1 + 2 * self.scanned
        if sequential and selection + 3 == self.at and self.data[selection : self.at] != WHOLE_SPECTRUM:
            self.parts += [self.data[self.kept : selection], WHOLE_SPECTRUM]
            self.kept = self.at
        following = _AFTER_SCAN.search(self.data, self.at)
        self.at = following.start() if following else len(self.data)

    def _close(self) -> bool:
        """The file ends here. Where all components were in one scan, the decoder can tell whether it is whole."""
        frame = self.frame
        one_scan = frame is not None and self.scans == 1 and self.scanned == len(frame.components)
        if frame is None or not one_scan or frame.marker not in SEQUENTIAL:
            raise Damaged(hint=COPY_AGAIN)
        self.closed = False
        self.at = len(self.data) - self.data.endswith(b"\xff")  # half of the marker that is missing
        return False


def _frame(marker: int, body: bytes) -> Frame:
    count = body[5] if len(body) > 5 else 0
    if len(body) != 6 + 3 * count:
        raise Damaged
    return Frame(
        marker,
        precision=body[0],
        height=int.from_bytes(body[1:3], "big"),
        width=int.from_bytes(body[3:5], "big"),
        components=tuple((body[at], body[at + 1] >> 4, body[at + 1] & 15) for at in range(6, len(body), 3)),
    )
