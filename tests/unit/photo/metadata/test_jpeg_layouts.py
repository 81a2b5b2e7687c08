"""Legal JPEGs that few programs write: each shown as another decoder shows it, or refused with a hint that helps."""

from __future__ import annotations

import io
from collections.abc import Callable

import cv2
import numpy as np
import pytest
from PIL import Image
from tests.unit.photo.jpeg_files import JFIF, Array, jpeg, segment

from fotopoort.errors import COPY_AGAIN, SAVE_AS_JPEG, Damaged, FormatNotAllowed, PhotoError
from fotopoort.photo.admission import Limits
from fotopoort.photo.decode import decode

LIMITS = Limits()
EXACT = 3  # levels: what two builds of libjpeg-turbo differ by
ADOBE = b"Adobe\0\x64\0\0\0\0"


def scene(height: int = 61, width: int = 83) -> Array:
    """Smooth colours with a red square, (H, W, 3) uint8; no side is a whole number of blocks."""
    y, x = np.mgrid[:height, :width]
    pixels = np.stack([x * 2 + 40, y * 3 + 30, 220 - x - y], axis=-1).clip(0, 255).astype(np.uint8)
    pixels[16:32, 16:48] = 200, 30, 60
    return pixels


def luminance_and_colours(pixels: Array) -> list[Array]:
    coded = cv2.cvtColor(pixels, cv2.COLOR_RGB2YCrCb)
    return [coded[..., 0], coded[..., 2], coded[..., 1]]


def another_decoder(data: bytes) -> Array:
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB)
    assert pixels is not None
    return np.asarray(pixels)


def is_shown_as_elsewhere(data: bytes) -> None:
    pixels = decode(data, LIMITS).pixels
    assert np.abs(pixels.astype(int) - another_decoder(data)).max() <= EXACT
    assert np.abs(pixels.astype(int) - scene()).mean() < 12


UNUSUAL = {
    "2x1,1x1,2x1": ((2, 1), (1, 1), (2, 1)),
    "2x1,2x1,1x1": ((2, 1), (2, 1), (1, 1)),
    "3x1": ((3, 1), (1, 1), (1, 1)),
    "1x3": ((1, 3), (1, 1), (1, 1)),
    "3x2": ((3, 2), (1, 1), (1, 1)),
    "2x3": ((2, 3), (1, 1), (1, 1)),
    "4x2": ((4, 2), (1, 1), (1, 1)),
    "2x4": ((2, 4), (1, 1), (1, 1)),
    "1x2,1x1,1x2": ((1, 2), (1, 1), (1, 2)),
    "1x2,1x2,1x1": ((1, 2), (1, 2), (1, 1)),
    "2x2,2x1,1x2": ((2, 2), (2, 1), (1, 2)),
    "2x2,1x1,2x1": ((2, 2), (1, 1), (2, 1)),
    "2x2,2x2,1x1": ((2, 2), (2, 2), (1, 1)),
    "1x1,2x1,1x1": ((1, 1), (2, 1), (1, 1)),
    "1x1,2x2,2x2": ((1, 1), (2, 2), (2, 2)),
    "1x1,1x2,2x1": ((1, 1), (1, 2), (2, 1)),
    "4x1,2x1,1x1": ((4, 1), (2, 1), (1, 1)),
}
USUAL = {
    "1x1": ((1, 1), (1, 1), (1, 1)),
    "2x1": ((2, 1), (1, 1), (1, 1)),
    "1x2": ((1, 2), (1, 1), (1, 1)),
    "2x2": ((2, 2), (1, 1), (1, 1)),
    "4x1": ((4, 1), (1, 1), (1, 1)),
    "1x4": ((1, 4), (1, 1), (1, 1)),
    "2x1 all": ((2, 1), (2, 1), (2, 1)),
}
SAMPLINGS = UNUSUAL | USUAL


@pytest.mark.parametrize("restart", [0, 1, 3, 100])
@pytest.mark.parametrize("interleaved", [True, False], ids=["one scan", "a scan for each"])
@pytest.mark.parametrize("sampling", SAMPLINGS)
def test_sampling(sampling: str, interleaved: bool, restart: int) -> None:
    planes = luminance_and_colours(scene())
    is_shown_as_elsewhere(jpeg(planes, SAMPLINGS[sampling], interleaved=interleaved, restart=restart))


def test_a_sampling_that_can_only_be_in_scans_of_its_own() -> None:
    is_shown_as_elsewhere(jpeg(luminance_and_colours(scene()), ((2, 2),) * 3, interleaved=False))


@pytest.mark.parametrize("size", [(16, 16), (17, 65), (120, 33), (48, 96)])
@pytest.mark.parametrize("sampling", UNUSUAL)
def test_unusual_sampling_at_other_sizes(sampling: str, size: tuple[int, int]) -> None:
    pixels = scene(*size)
    data = jpeg(luminance_and_colours(pixels), UNUSUAL[sampling])
    assert np.abs(decode(data, LIMITS).pixels.astype(int) - another_decoder(data)).max() <= EXACT


@pytest.mark.parametrize("sampling", UNUSUAL)
def test_unusual_sampling_made_smaller(sampling: str) -> None:
    photo = decode(jpeg(luminance_and_colours(scene(200, 320)), UNUSUAL[sampling]), LIMITS, 160)
    assert (photo.width, photo.height, photo.reduction) == (320, 200, 2)
    whole = another_decoder(jpeg(luminance_and_colours(scene(200, 320)), UNUSUAL[sampling]))
    small = cv2.resize(whole, (160, 100), interpolation=cv2.INTER_AREA)
    assert np.abs(photo.pixels.astype(int) - small).max() <= EXACT


@pytest.mark.parametrize("interleaved", [True, False], ids=["one scan", "a scan for each"])
@pytest.mark.parametrize("restart", [0, 2])
@pytest.mark.parametrize("sampling", ["2x1,1x1,2x1", "3x1", "2x4", "1x1,2x1,1x1"])
def test_unusual_sampling_that_is_cut_off_anywhere_is_refused(sampling: str, restart: int, interleaved: bool) -> None:
    data = jpeg(luminance_and_colours(scene()), UNUSUAL[sampling], restart=restart, interleaved=interleaved)
    start = data.index(b"\xff\xda") + 14
    for end in range(start, len(data) - 2, max(1, (len(data) - start) // 15)):
        for closed in (data[:end], data[:end] + b"\xff\xd9"):
            with pytest.raises(PhotoError):
                decode(closed, LIMITS)


@pytest.mark.parametrize("sampling", ["2x1,1x1,2x1", "3x2", "4x2"])
def test_unusual_sampling_with_data_too_many_or_out_of_order_is_refused(sampling: str) -> None:
    data = jpeg(luminance_and_colours(scene()), UNUSUAL[sampling], restart=2)
    second = data.index(b"\xff\xd1")
    for wrong in (
        data[:-2] + b"\x12\x34\x56" + data[-2:],
        data[:second] + b"\xff\xd3" + data[second + 2 :],
        data[:second] + data[second + 2 :],
        data[:second] + b"\x55\x55" + data[second:],
        data[: second - 4] + data[second:],
    ):
        with pytest.raises(Damaged):
            decode(wrong, LIMITS)


@pytest.mark.parametrize("sampling", [((3, 1), (2, 1), (1, 1)), ((2, 3), (1, 2), (1, 1))])
def test_a_sampling_that_no_reader_takes_is_refused_with_what_helps(sampling: tuple[tuple[int, int], ...]) -> None:
    planes = luminance_and_colours(scene(48, 96))
    frame = jpeg(planes, ((1, 1), (1, 1), (1, 1)))
    at = frame.index(b"\xff\xc0") + 10
    changed = bytearray(frame)
    for n, (across, down) in enumerate(sampling):
        changed[at + 3 * n + 1] = across << 4 | down
    with pytest.raises(PhotoError):
        decode(bytes(changed), LIMITS)


@pytest.mark.parametrize("sampling", USUAL)
def test_colours_that_are_red_green_and_blue_themselves(sampling: str) -> None:
    pixels = scene()
    planes = [pixels[..., n] for n in range(3)]
    for header, numbers in ((segment(0xEE, ADOBE + b"\0"), (1, 2, 3)), (b"", (82, 71, 66))):
        data = jpeg(planes, USUAL[sampling], header=header, numbers=numbers)
        assert np.abs(decode(data, LIMITS).pixels.astype(int) - another_decoder(data)).max() <= EXACT


def test_an_rgb_jpeg_of_another_encoder() -> None:
    out = io.BytesIO()
    Image.fromarray(scene()).save(out, "JPEG", quality=95, keep_rgb=True)
    assert np.abs(decode(out.getvalue(), LIMITS).pixels.astype(int) - scene()).mean() < EXACT


def test_colours_on_which_two_segments_contradict_each_other_are_refused() -> None:
    planes = [scene()[..., n] for n in range(3)]
    with pytest.raises(FormatNotAllowed) as refused:
        decode(jpeg(planes, USUAL["1x1"], header=JFIF + segment(0xEE, ADOBE + b"\0")), LIMITS)
    assert refused.value.hint == SAVE_AS_JPEG


@pytest.mark.parametrize("sampling", [((1, 1),) * 4, ((2, 2), (1, 1), (1, 1), (2, 2))])
@pytest.mark.parametrize("restart", [0, 2])
@pytest.mark.parametrize("transform", [0, 2])
def test_four_inks_with_adobes_segment(transform: int, restart: int, sampling: tuple[tuple[int, int], ...]) -> None:
    black = np.full(scene().shape[:2], 255, np.uint8)
    planes = luminance_and_colours(255 - scene()) if transform else [scene()[..., n] for n in range(3)]
    data = jpeg([*planes, black], sampling, header=segment(0xEE, ADOBE + bytes([transform])), restart=restart)
    pixels = decode(data, LIMITS).pixels
    theirs = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
    assert np.abs(pixels.astype(int) - theirs).max() <= EXACT
    assert np.abs(pixels.astype(int) - scene()).mean() < 12


@pytest.mark.parametrize("header", [b"", JFIF, segment(0xEE, ADOBE[:9])], ids=["none", "JFIF", "Adobe, cut off"])
def test_four_inks_of_which_nobody_says_what_they_are_may_be_a_negative(header: bytes) -> None:
    planes = [*[scene()[..., n] for n in range(3)], np.full(scene().shape[:2], 255, np.uint8)]
    with pytest.raises(FormatNotAllowed) as refused:
        decode(jpeg(planes, ((1, 1),) * 4, header=header), LIMITS)
    assert refused.value.hint == SAVE_AS_JPEG


@pytest.mark.parametrize("restart", [0, 1, 7])
@pytest.mark.parametrize("sampling", [(1, 1), (2, 2), (4, 1)])
def test_grey(sampling: tuple[int, int], restart: int) -> None:
    grey = cv2.cvtColor(scene(), cv2.COLOR_RGB2GRAY)
    data = jpeg([grey], (sampling,), restart=restart)
    assert np.abs(decode(data, LIMITS).pixels.astype(int) - another_decoder(data)).max() <= EXACT


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("subsampling", ["4:4:4", "4:2:2", "4:2:0"])
@pytest.mark.parametrize("blocks", [0, 1, 5])
def test_what_another_encoder_writes(blocks: int, subsampling: str, progressive: bool) -> None:
    out = io.BytesIO()
    options = {"restart_marker_blocks": blocks} if blocks else {}
    Image.fromarray(scene()).save(out, "JPEG", quality=95, subsampling=subsampling, progressive=progressive, **options)
    is_shown_as_elsewhere(out.getvalue())


@pytest.mark.parametrize("sampling", ["2x2", "3x1"])
def test_without_any_application_segment(sampling: str) -> None:
    is_shown_as_elsewhere(jpeg(luminance_and_colours(scene()), SAMPLINGS[sampling], header=b""))


UNREADABLE: dict[str, Callable[[bytes], bytes]] = {
    "12 bits": lambda data: data.replace(b"\xff\xc0\0\x11\x08", b"\xff\xc1\0\x11\x0c"),
    "lossless": lambda data: data.replace(b"\xff\xc0", b"\xff\xc3", 1),
    "hierarchical": lambda data: data.replace(b"\xff\xc0", b"\xff\xc5", 1),
    "arithmetic": lambda data: data.replace(b"\xff\xc0", b"\xff\xc9", 1),
    "progressive, arithmetic": lambda data: data.replace(b"\xff\xc0", b"\xff\xca", 1),
    "lossless, arithmetic": lambda data: data.replace(b"\xff\xc0", b"\xff\xcb", 1),
    "height after the lines": lambda data: (
        data.replace(b"\xff\xc0\0\x11\x08\0\x3d", b"\xff\xc0\0\x11\x08\0\0")[:-2] + b"\xff\xdc\0\4\0\x3d\xff\xd9"
    ),
    "another height after the lines": lambda data: data[:-2] + b"\xff\xdc\0\4\0\x20\xff\xd9",
    "two components": lambda data: jpeg(luminance_and_colours(scene())[:2], ((1, 1), (1, 1))),
}


@pytest.mark.parametrize("kind", UNREADABLE)
def test_what_few_programs_read_is_refused_with_what_helps(kind: str) -> None:
    data = UNREADABLE[kind](jpeg(luminance_and_colours(scene()), USUAL["2x2"]))
    with pytest.raises(PhotoError) as refused:
        decode(data, LIMITS)
    assert refused.value.hint == SAVE_AS_JPEG
    assert refused.value.hint != COPY_AGAIN
