"""What is harmlessly wrong with a JPEG is mended in memory: the picture is the one that other decoders show.

What is really damaged is refused, and a hint never advises what cannot help.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator

import cv2
import numpy as np
import pytest
from PIL import Image
from tests.unit.photo.jpeg_files import jpeg, segment
from tests.unit.photo.metadata.blocks import texts
from tests.unit.photo.metadata.test_jpeg_layouts import USUAL, another_decoder, luminance_and_colours, scene

from fotopoort.errors import COPY_AGAIN, Damaged, PhotoError
from fotopoort.photo.admission import Limits
from fotopoort.photo.decode import decode
from fotopoort.photo.formats.jpeg_structure import MAX_STRAY, structure

LIMITS = Limits()
EXACT = 3  # levels: what two builds of libjpeg-turbo differ by
SOS, EOI = b"\xff\xda", b"\xff\xd9"


def written(subsampling: str = "4:2:0", *, progressive: bool = False, restart: int = 0, grey: bool = False) -> bytes:
    out = io.BytesIO()
    image = Image.fromarray(scene(120, 160)).convert("L" if grey else "RGB")
    options = {"restart_marker_blocks": restart} if restart else {}
    image.save(out, "JPEG", quality=90, subsampling=subsampling, progressive=progressive, **options)
    return out.getvalue()


FILES = {
    "4:2:0": written(),
    "4:4:4": written("4:4:4"),
    "4:2:2": written("4:2:2"),
    "grey": written(grey=True),
    "restarts": written(restart=3),
    "a scan for each": jpeg(luminance_and_colours(scene()), USUAL["2x2"], interleaved=False),
    "an unusual sampling": jpeg(luminance_and_colours(scene()), ((2, 1), (1, 1), (2, 1))),
    "an unusual sampling with restarts": jpeg(luminance_and_colours(scene()), ((3, 1), (1, 1), (1, 1)), restart=4),
}
PROGRESSIVE = written(progressive=True)


def markers(data: bytes) -> Iterator[tuple[int, int]]:
    """Marker and offset of each segment up to the first scan."""
    at = 2
    while True:
        yield data[at + 1], at
        if data[at : at + 2] == SOS:
            return
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")


def is_the_same_picture(changed: bytes, plain: bytes) -> None:
    """As the whole file, at every reduction, and as other decoders show the changed one."""
    for side in (None, 80, 40):
        assert np.array_equal(decode(changed, LIMITS, side).pixels, decode(plain, LIMITS, side).pixels)
    photo = decode(changed, LIMITS)
    assert photo.sha256 == hashlib.sha256(changed).hexdigest()
    assert np.abs(photo.pixels.astype(int) - another_decoder(changed)).max() <= EXACT
    theirs = np.asarray(Image.open(io.BytesIO(changed)).convert("RGB"))
    assert np.abs(photo.pixels.astype(int) - theirs).max() <= EXACT


@pytest.mark.parametrize("selection", [b"\0\0\0", b"\0\x3f\x10", b"\1\x3f\0", b"\0\5\0", b"\xff\xff\xff", b"\0\x3f\1"])
@pytest.mark.parametrize("kind", FILES)
def test_a_scan_header_with_the_wrong_spectral_selection(kind: str, selection: bytes) -> None:
    changed = bytearray(FILES[kind])
    at = changed.find(SOS)
    while at >= 0:
        end = at + 2 + int.from_bytes(changed[at + 2 : at + 4], "big")
        changed[end - 3 : end] = selection
        at = changed.find(SOS, end)
    is_the_same_picture(bytes(changed), FILES[kind])


def test_the_spectral_selection_of_a_progressive_file_is_not_touched() -> None:
    assert structure(PROGRESSIVE).data == PROGRESSIVE
    at = PROGRESSIVE.index(SOS)
    end = at + 2 + int.from_bytes(PROGRESSIVE[at + 2 : at + 4], "big")
    with pytest.raises(Damaged):
        decode(PROGRESSIVE[: end - 3] + b"\0\x3f\0" + PROGRESSIVE[end:], LIMITS)


@pytest.mark.parametrize("stray", [b"\0\0", b"\0", b"\x12\x34\x56", b"\xff\0", b"\xff", b"\xff\xff\xff", b"Jet\0" * 9])
@pytest.mark.parametrize("kind", [*FILES, "progressive"])
def test_bytes_before_any_segment(kind: str, stray: bytes) -> None:
    plain = FILES.get(kind, PROGRESSIVE)
    offsets = [at for _, at in markers(plain)][1:]
    for at in offsets:
        changed = plain[:at] + stray + plain[at:]
        if not stray.startswith(b"\xff"):
            is_the_same_picture(changed, plain)
        else:
            assert np.array_equal(decode(changed, LIMITS).pixels, decode(plain, LIMITS).pixels)
    everywhere = plain
    for at in reversed(offsets):
        everywhere = everywhere[:at] + stray + everywhere[at:]
    assert np.array_equal(decode(everywhere, LIMITS).pixels, decode(plain, LIMITS).pixels)


def test_the_text_in_bytes_between_segments_is_read() -> None:
    plain = FILES["4:2:0"]
    at = [at for _, at in markers(plain)][2]
    assert "foto van Jet" in texts(decode(plain[:at] + b"foto van Jet\0" + plain[at:], LIMITS).hints)


def test_more_bytes_between_segments_than_a_camera_writes_are_damage() -> None:
    plain = FILES["4:2:0"]
    at = [at for _, at in markers(plain)][2]
    with pytest.raises(Damaged):
        decode(plain[:at] + b"\0" * (MAX_STRAY + 1) + plain[at:], LIMITS)


@pytest.mark.parametrize("count", [1, 2, 3, 10, 64, 1000])
@pytest.mark.parametrize("kind", ["4:2:0", "4:4:4", "4:2:2", "grey", "restarts"])
def test_zeros_behind_the_last_block(kind: str, count: int) -> None:
    plain = FILES[kind]
    is_the_same_picture(plain[:-2] + bytes(count) + plain[-2:], plain)


@pytest.mark.parametrize("surplus", [b"\x12\x34", b"\0\0\1\0", b"\xa5\0\0", b"\x55" * 40, bytes(40) + b"\1"])
@pytest.mark.parametrize("kind", FILES)
def test_other_bytes_behind_the_last_block_are_damage_unless_they_are_a_few(kind: str, surplus: bytes) -> None:
    changed = FILES[kind][:-2] + surplus + FILES[kind][-2:]
    if len(surplus) > 8 or "unusual" in kind:
        with pytest.raises(Damaged):
            decode(changed, LIMITS)
    else:
        try:
            assert np.array_equal(decode(changed, LIMITS).pixels, decode(FILES[kind], LIMITS).pixels)
        except Damaged:
            pass


@pytest.mark.parametrize("fill", [b"\xff", b"\xff" * 7])
@pytest.mark.parametrize("kind", FILES)
def test_fill_bytes_before_the_end(kind: str, fill: bytes) -> None:
    plain = FILES[kind]
    is_the_same_picture(plain[:-2] + fill + plain[-2:], plain)


@pytest.mark.parametrize("half", [b"", b"\xff"], ids=["all of it", "half of it"])
@pytest.mark.parametrize("kind", [kind for kind in FILES if kind != "a scan for each"])
def test_an_end_marker_that_is_missing_where_the_picture_is_whole(kind: str, half: bytes) -> None:
    plain = FILES[kind]
    changed = plain[:-2] + half
    photo = decode(changed, LIMITS)
    assert np.array_equal(photo.pixels, decode(plain, LIMITS).pixels)
    assert photo.sha256 == hashlib.sha256(changed).hexdigest()


@pytest.mark.parametrize("kind", [kind for kind in FILES if kind != "a scan for each"])
def test_a_file_that_ends_earlier_is_refused_and_to_be_copied_again(kind: str) -> None:
    plain = FILES[kind]
    scan = plain.index(SOS) + 2 + int.from_bytes(plain[plain.index(SOS) + 2 :][:2], "big")
    ends = {*range(1, len(plain) - 40, 37), *range(len(plain) - 40, len(plain) - 2), scan, scan + 1}
    for end in sorted(ends):
        with pytest.raises(PhotoError) as refused:
            decode(plain[:end], LIMITS)
        if end > 3:
            assert refused.value.code == "damaged"
            assert refused.value.hint.en.startswith(COPY_AGAIN.en.rstrip("."))


@pytest.mark.parametrize("plain", [PROGRESSIVE, FILES["a scan for each"]], ids=["progressive", "a scan for each"])
def test_a_file_with_several_scans_that_ends_between_them_is_refused(plain: bytes) -> None:
    at = plain.index(SOS)
    while (at := plain.find(SOS, at + 2)) > 0:
        with pytest.raises(Damaged) as refused:
            decode(plain[:at], LIMITS)
        assert refused.value.hint == COPY_AGAIN
    with pytest.raises(Damaged):
        decode(plain[:-2], LIMITS)


@pytest.mark.parametrize("kind", FILES)
def test_nothing_said_about_the_application_changes_nothing(kind: str) -> None:
    plain = FILES[kind]
    assert plain[2:4] == b"\xff\xe0"
    bare = plain[:2] + plain[4 + int.from_bytes(plain[4:6], "big") :]
    is_the_same_picture(bare, plain)


@pytest.mark.parametrize("length", [5, 7, 11, 12, 14, 20])
@pytest.mark.parametrize("kind", ["4:2:0", "4:4:4", "grey"])
def test_adobes_segment_of_another_length(kind: str, length: int) -> None:
    plain = FILES[kind]
    adobe = segment(0xEE, b"Adobe\0\x64\0\0\0\0\1\0\0\0\0\0\0\0\0"[:length])
    changed = plain[:2] + adobe + plain[2:]
    assert np.array_equal(decode(changed, LIMITS).pixels, decode(plain, LIMITS).pixels)


@pytest.mark.parametrize("missing", [1, 2, 4])
def test_a_segment_that_says_it_is_shorter_than_it_is(missing: int) -> None:
    """What is left of it stands between segments."""
    plain = FILES["4:2:0"]
    body = b"Adobe\0\x64\0\0\0\0\1" + bytes(8)
    short = b"\xff\xee" + (len(body) + 2 - missing).to_bytes(2, "big") + body
    is_the_same_picture(plain[:20] + short + plain[20:], plain)


@pytest.mark.parametrize("after", [b"\0" * 100, b"\r\n", b"PK\3\4 zip", FILES["4:4:4"], b"\xff\xd9", b"\xff"])
@pytest.mark.parametrize("kind", [*FILES, "progressive"])
def test_bytes_after_the_end(kind: str, after: bytes) -> None:
    plain = FILES.get(kind, PROGRESSIVE)
    is_the_same_picture(plain + after, plain)


@pytest.mark.parametrize("before", [b"\0\0", b"\r\n", b"\xef\xbb\xbf", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_bytes_before_the_beginning_are_no_photo_and_to_be_saved_again(before: bytes) -> None:
    with pytest.raises(PhotoError) as refused:
        decode(before + FILES["4:2:0"], LIMITS)
    assert "JPEG" in refused.value.hint.en
    assert "camera" not in refused.value.hint.en


@pytest.mark.parametrize("kind", ["4:2:0", "4:4:4", "restarts", "an unusual sampling"])
def test_a_part_that_is_lost_in_the_middle_is_refused(kind: str) -> None:
    plain = FILES[kind]
    start = plain.index(SOS) + 14
    for at in range(start, len(plain) - 60, max(1, (len(plain) - start) // 12)):
        with pytest.raises(Damaged):
            decode(plain[:at] + plain[at + 48 :], LIMITS)


@pytest.mark.parametrize("seed", range(12))
def test_wherever_two_things_are_wrong_the_picture_is_the_same_or_none(seed: int) -> None:
    """Bytes changed, put in or taken out anywhere: never another picture than a tolerant decoder shows."""
    random = np.random.default_rng(seed)
    plain = FILES["4:2:0"] if seed % 2 else FILES["an unusual sampling"]
    for _ in range(25):
        changed = bytearray(plain)
        for _ in range(2):
            at = int(random.integers(2, len(changed) - 2))
            match int(random.integers(3)):
                case 0:
                    changed[at] = int(random.integers(256))
                case 1:
                    changed[at:at] = random.integers(0, 256, 3, np.uint8).tobytes()
                case _:
                    del changed[at : at + 2]
        try:
            pixels = decode(bytes(changed), LIMITS).pixels
        except PhotoError:
            continue
        theirs = cv2.imdecode(np.frombuffer(changed, np.uint8), cv2.IMREAD_COLOR_RGB | cv2.IMREAD_IGNORE_ORIENTATION)
        assert theirs is not None
        assert theirs.shape == pixels.shape
        assert np.abs(pixels.astype(int) - theirs).max() <= EXACT
