"""TIFF files of every layout: the picture as it was drawn, or an error that says what helps. Never another picture."""

from __future__ import annotations

import io
from collections.abc import Callable

import cv2
import numpy as np
import pytest
from PIL import Image
from tests.unit.photo import tiff_files as files
from tests.unit.photo.tiff_files import SHORT, Array, assembled, tiff

from fotopoort.errors import SAVE_AS_JPEG, FormatNotAllowed, PhotoError
from fotopoort.photo.admission import Limits
from fotopoort.photo.decode import decode
from fotopoort.photo.orientation import STEPS

LIMITS = Limits()
ROUNDING = 2  # levels
WIDER = {np.uint8: 1, np.uint16: 257}


def scene(height: int = 50, width: int = 70) -> Array:
    """Slopes of colour and a red square, (H, W, 3) uint8: no two planes or rows are alike."""
    y, x = np.mgrid[:height, :width]
    pixels = np.stack([x * 3 + 20, y * 4 + 10, 255 - x - y], axis=-1).clip(0, 255).astype(np.uint8)
    pixels[10:20, 10:30] = 200, 30, 60
    return pixels


def as_type(pixels: Array, dtype: type[np.unsignedinteger]) -> Array:
    return (pixels.astype(np.uint32) * WIDER[dtype]).astype(dtype)


def is_shown(data: bytes, expected: Array) -> None:
    photo = decode(data, LIMITS)
    assert photo.pixels.shape == expected.shape
    assert np.abs(photo.pixels.astype(int) - expected).max() <= ROUNDING


def is_refused_with_help(data: bytes) -> None:
    with pytest.raises(FormatNotAllowed) as refused:
        decode(data, LIMITS)
    assert refused.value.hint == SAVE_AS_JPEG


@pytest.mark.parametrize("tiled", [None, (32, 32), (64, 16)], ids=["strip", "tiles", "wide tiles"])
@pytest.mark.parametrize("compression", [files.NONE, files.LZW, files.DEFLATE, files.PACKBITS])
@pytest.mark.parametrize("big_endian", [False, True], ids=["little", "big"])
@pytest.mark.parametrize("planar", [1, 2], ids=["chunky", "planar"])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_colours(
    dtype: type[np.unsignedinteger], planar: int, big_endian: bool, compression: int, tiled: tuple[int, int] | None
) -> None:
    pixels = as_type(scene(), dtype)
    predictors = (1, 2) if compression in (files.LZW, files.DEFLATE) else (1,)
    for predictor in predictors:
        for rows in (None, 16, 7) if tiled is None else (None,):
            data = tiff(
                pixels,
                planar=planar,
                big_endian=big_endian,
                compression=compression,
                tile=tiled,
                rows_per_strip=rows,
                predictor=predictor,
            )
            is_shown(data, scene())


@pytest.mark.parametrize("size", [(16, 16), (17, 64), (64, 17), (33, 129), (300, 400)])
def test_planes_of_16_bits_at_other_sizes(size: tuple[int, int]) -> None:
    is_shown(tiff(as_type(scene(*size), np.uint16), planar=2), scene(*size))


@pytest.mark.parametrize("planar", [1, 2])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation(orientation: int, dtype: type[np.unsignedinteger], planar: int) -> None:
    transpose, across, down = STEPS[orientation]
    stored = scene()[:: -1 if down else 1, :: -1 if across else 1]
    turned = stored.transpose(1, 0, 2) if transpose else stored
    data = tiff(as_type(np.ascontiguousarray(turned), dtype), planar=planar, tags={274: (SHORT, (orientation,))})
    is_shown(data, scene())


@pytest.mark.parametrize("planar", [1, 2])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("kind", [0, files.ASSOCIATED, files.UNASSOCIATED])
def test_a_fourth_sample(kind: int, dtype: type[np.unsignedinteger], planar: int) -> None:
    """Opaque above, transparent below; where it is no transparency, it changes nothing."""
    alpha = np.full((50, 70, 1), 255, np.uint8)
    alpha[25:] = 0
    colours, expected = scene(), scene()
    if kind:
        expected[25:] = 255
    if kind == files.ASSOCIATED:
        colours[25:] = 0
    pixels = as_type(np.concatenate([colours, alpha], axis=2), dtype)
    for compression in (files.NONE, files.DEFLATE):
        is_shown(tiff(pixels, planar=planar, extra=(kind,), compression=compression), expected)


@pytest.mark.parametrize("planar", [1, 2])
@pytest.mark.parametrize("compression", [files.NONE, files.LZW])
def test_cmyk(compression: int, planar: int) -> None:
    inks = np.concatenate([255 - scene(), np.zeros((50, 70, 1), np.uint8)], axis=2)
    is_shown(tiff(inks, photometric=files.CMYK, planar=planar, compression=compression), scene())


@pytest.mark.parametrize("planar", [1, 2])
@pytest.mark.parametrize("compression", [files.NONE, files.LZW])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_grey(dtype: type[np.unsignedinteger], compression: int, planar: int) -> None:
    grey = scene()[..., :1]
    data = tiff(as_type(grey, dtype), photometric=files.GREY, compression=compression, planar=planar)
    is_shown(data, np.repeat(grey, 3, axis=2))


@pytest.mark.parametrize("planar", [1, 2])
@pytest.mark.parametrize("compression", [files.NONE, files.LZW])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_grey_of_which_zero_is_white_is_never_a_negative(
    dtype: type[np.unsignedinteger], compression: int, planar: int
) -> None:
    grey = scene()[..., :1]
    data = tiff(as_type(255 - grey, dtype), photometric=files.MIN_IS_WHITE, compression=compression, planar=planar)
    if dtype is np.uint8:
        is_shown(data, np.repeat(grey, 3, axis=2))
    else:
        is_refused_with_help(data)


@pytest.mark.parametrize("across", [1, 2])
@pytest.mark.parametrize("down", [1, 2])
def test_luminance_and_subsampled_colours(down: int, across: int) -> None:
    """Uncompressed YCbCr: per unit, its luminances in rows, then one Cb and one Cr (TIFF 6.0, section 21)."""
    pixels = np.repeat(np.repeat(scene(25, 35), 2, axis=0), 2, axis=1)
    coded = cv2.cvtColor(pixels, cv2.COLOR_RGB2YCrCb)[..., [0, 2, 1]]
    units = coded.reshape(50 // down, down, 70 // across, across, 3)
    luminance = units[..., 0].transpose(0, 2, 1, 3).reshape(50 // down, 70 // across, down * across)
    body = np.concatenate([luminance, units[:, 0, :, 0, 1:]], axis=2).tobytes()
    data = assembled(body, described(70, 50, 8, files.YCBCR, 3, len(body)) | {530: (SHORT, (across, down))})
    photo = decode(data, LIMITS)
    assert np.abs(photo.pixels.astype(int) - pixels).mean() < ROUNDING


def described(
    width: int, height: int, bits: int, photometric: int, samples: int, size: int
) -> dict[int, tuple[int, tuple[int, ...]]]:
    """The tags of an uncompressed picture in one strip."""
    return {
        256: (SHORT, (width,)),
        257: (SHORT, (height,)),
        258: (SHORT, (bits,) * samples),
        259: (SHORT, (files.NONE,)),
        262: (SHORT, (photometric,)),
        273: (files.LONG, (8,)),
        277: (SHORT, (samples,)),
        278: (SHORT, (height,)),
        279: (files.LONG, (size,)),
    }


REVERSED = np.array([int(f"{byte:08b}"[::-1], 2) for byte in range(256)], np.uint8)


@pytest.mark.parametrize("fill_order", [1, 2])
@pytest.mark.parametrize("photometric", [files.MIN_IS_WHITE, files.GREY])
def test_black_and_white(photometric: int, fill_order: int) -> None:
    light = scene()[..., 0] > 100
    bits = np.packbits(light if photometric == files.GREY else ~light, axis=1)
    body = (REVERSED[bits] if fill_order == 2 else bits).tobytes()
    data = assembled(body, described(70, 50, 1, photometric, 1, len(body)) | {266: (SHORT, (fill_order,))})
    is_shown(data, np.repeat(np.where(light, 255, 0).astype(np.uint8)[..., None], 3, axis=2))


def test_bytes_whose_first_bit_is_the_lowest() -> None:
    is_shown(tiff(REVERSED[scene()], tags={266: (SHORT, (2,))}), scene())


def test_a_palette() -> None:
    index = scene()[..., :1]
    steps = np.arange(256)
    palette = np.stack([steps, 255 - steps, steps[::-1] // 2], axis=1).astype(np.uint8)
    colours = tuple((palette.T.astype(int) * 257).ravel().tolist())
    is_shown(tiff(index, photometric=3, tags={320: (SHORT, colours)}), palette[index[..., 0]])


@pytest.mark.parametrize("compression", ["jpeg", "tiff_lzw", "tiff_adobe_deflate", "packbits"])
def test_what_pillow_writes(compression: str) -> None:
    out = io.BytesIO()
    Image.fromarray(scene()).save(out, "TIFF", compression=compression)
    photo = decode(out.getvalue(), LIMITS)
    assert np.abs(photo.pixels.astype(int) - scene()).mean() <= 3 * ROUNDING


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("compression", [1, 5, 8, 32773, 32946])
def test_what_opencv_writes(compression: int, dtype: type[np.unsignedinteger]) -> None:
    options = [cv2.IMWRITE_TIFF_COMPRESSION, compression]
    _, data = cv2.imencode(".tiff", as_type(scene(), dtype)[..., ::-1], options)
    is_shown(data.tobytes(), scene())


def twelve_bits(values: Array) -> bytes:
    """Rows of 12-bit numbers."""
    bits = np.unpackbits(
        (values.astype(np.uint16) << 4).astype(">u2").view(np.uint8).reshape(len(values), -1, 2), axis=2
    )
    return np.packbits(bits[..., 4:].reshape(len(values), -1), axis=1).tobytes()


def floats(scale: float, dtype: type) -> Array:
    return (scene() * scale).astype(dtype)


UNREADABLE: dict[str, Callable[[], bytes]] = {
    "12-bit grey": lambda: assembled(
        twelve_bits(scene()[..., 0]), described(70, 50, 12, files.GREY, 1, len(twelve_bits(scene()[..., 0])))
    ),
    "12-bit colour": lambda: assembled(
        twelve_bits(scene().reshape(50, -1)),
        described(70, 50, 12, files.RGB, 3, len(twelve_bits(scene().reshape(50, -1)))),
    ),
    "32-bit colour": lambda: tiff(scene().astype(np.uint32) * 16_843_009),
    "32-bit planes": lambda: tiff(scene().astype(np.uint32) * 16_843_009, planar=2),
    "32-bit grey": lambda: tiff(scene()[..., :1].astype(np.uint32) * 16_843_009, photometric=files.GREY),
    "floating point": lambda: tiff(floats(1 / 255, np.float32)),
    "floating point in planes": lambda: tiff(floats(1 / 255, np.float32), planar=2),
    "floating point, predictor 3": lambda: tiff(floats(1 / 255, np.float32), compression=8, predictor=3),
    "double": lambda: tiff(floats(1 / 255, np.float64)),
    "grey floating point": lambda: tiff(floats(1 / 255, np.float32)[..., :1], photometric=files.GREY),
    "signed bytes": lambda: tiff(floats(0.5, np.int8)),
    "signed grey": lambda: tiff(floats(0.5, np.int8)[..., :1], photometric=files.GREY),
    "signed 16-bit": lambda: tiff(floats(128, np.int16)),
    "CIE L*a*b*": lambda: tiff(scene(), photometric=8),
    "ICC L*a*b*": lambda: tiff(scene(), photometric=9),
    "five samples": lambda: tiff(np.concatenate([scene(), scene()[..., :2]], axis=2), extra=(0, 0)),
    "five samples of 16 bits": lambda: tiff(
        as_type(np.concatenate([scene(), scene()[..., :2]], axis=2), np.uint16), extra=(0, 0)
    ),
    "16-bit inks": lambda: tiff(as_type(np.concatenate([scene(), scene()[..., :1]], axis=2), np.uint16), photometric=5),
    "samples of different depth": lambda: tiff(scene(), tags={258: (SHORT, (8, 16, 8))}),
    "5, 6 and 5 bits": lambda: tiff(scene(), tags={258: (SHORT, (5, 6, 5))}),
}


@pytest.mark.parametrize("kind", UNREADABLE)
def test_what_readers_do_not_agree_on_is_refused_with_what_helps(kind: str) -> None:
    with pytest.raises(PhotoError) as refused:
        decode(UNREADABLE[kind](), LIMITS)
    assert refused.value.code == "format_not_allowed"
    assert "JPEG" in refused.value.hint.en
    assert "camera" not in refused.value.hint.en


@pytest.mark.parametrize("planar", [1, 2])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_a_plane_that_is_cut_off_is_refused(dtype: type[np.unsignedinteger], planar: int) -> None:
    data = tiff(as_type(scene(), dtype), planar=planar)
    directory = int.from_bytes(data[4:8], "little")
    short = data[:4] + (directory - 400).to_bytes(4, "little") + data[8 : directory - 400] + data[directory:]
    with pytest.raises(PhotoError):
        decode(short, LIMITS)
