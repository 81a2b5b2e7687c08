"""Pictures coded for bright screens (PQ, HLG) look as they do on an ordinary one, in every container that has them."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import cv2
import numpy as np
import pillow_heif
import pytest
from PIL import Image

from fotopoort.photo.admission import Limits
from fotopoort.photo.decode import decode
from fotopoort.photo.formats.hdr import HLG, PQ, to_sdr
from fotopoort.photo.source import ColourCoding

Array = np.ndarray[Any, np.dtype[Any]]

LIMITS = Limits()
BT709, BT2020, P3 = 1, 9, 12
# From sRGB's primaries: the inverse of BT.2087, and of SMPTE EG 432-1.
FROM_SRGB = {
    BT709: np.eye(3),
    BT2020: np.array([[0.6274, 0.3293, 0.0433], [0.0691, 0.9195, 0.0114], [0.0164, 0.0880, 0.8956]]),
    P3: np.array([[0.8225, 0.1774, 0], [0.0332, 0.9669, 0], [0.0171, 0.0724, 0.9108]]),
}


def scene() -> Array:
    """Skin, hair, cloth and grey, (64, 96, 3) uint8, no brighter than diffuse white."""
    pixels = np.zeros((64, 96, 3), np.uint8)
    colours = [(205, 160, 135), (120, 80, 60), (40, 30, 25), (60, 90, 160), (118, 118, 118), (170, 40, 50)]
    for n, colour in enumerate(colours):
        pixels[:, 16 * n : 16 * n + 16] = colour
    return pixels


def coded(pixels: Array, primaries: int, transfer: int) -> Array:
    """The same colours with diffuse white at 203 cd/m², by BT.2100, as shares of 1."""
    value = pixels / 255
    light = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4) @ FROM_SRGB[primaries].T
    light = np.clip(light, 0, None) * 203
    if transfer == PQ:
        power = (light / 10_000) ** 0.1593017578125
        result: Array = ((0.8359375 + 18.8515625 * power) / (1 + 18.6875 * power)) ** 78.84375
        return result
    linear = (light / 1000) ** (1 / 1.2)
    bright = 0.17883277 * np.log(np.maximum(12 * linear - 0.28466892, 1e-9)) + 0.55991073
    hybrid: Array = np.where(linear <= 1 / 12, np.sqrt(3 * linear), bright)
    return hybrid


def heif(pixels: Array, primaries: int, transfer: int) -> bytes:
    """Of 10 bits."""
    deep = np.rint(coded(pixels, primaries, transfer) * 1023).astype(np.uint16) << 6
    file = pillow_heif.from_bytes("RGB;16", (pixels.shape[1], pixels.shape[0]), deep.tobytes())
    out = io.BytesIO()
    file.save(
        out, quality=95, chroma=444, color_primaries=primaries, transfer_characteristics=transfer, matrix_coefficients=9
    )
    return out.getvalue()


def avif(pixels: Array, primaries: int, transfer: int) -> bytes:
    out = io.BytesIO()
    levels = np.rint(coded(pixels, primaries, transfer) * 255).astype(np.uint8)
    Image.fromarray(levels).save(out, "AVIF", quality=95, subsampling="4:4:4")
    at = out.getvalue().index(b"nclx") + 4
    return out.getvalue()[:at] + struct.pack(">HH", primaries, transfer) + out.getvalue()[at + 4 :]


def png(pixels: Array, primaries: int, transfer: int, *, deep: bool = False) -> bytes:
    share = coded(pixels, primaries, transfer)
    levels = np.rint(share * 65_535).astype(np.uint16) if deep else np.rint(share * 255).astype(np.uint8)
    data = cv2.imencode(".png", levels[..., ::-1])[1].tobytes()
    body = b"cICP" + bytes([primaries, transfer, 0, 1])
    return data[:33] + struct.pack(">I", 4) + body + struct.pack(">I", zlib.crc32(body)) + data[33:]


CONTAINERS = {"HEIF": heif, "AVIF": avif, "PNG": png}


@pytest.mark.parametrize("primaries", [BT709, BT2020, P3])
@pytest.mark.parametrize("transfer", [PQ, HLG])
@pytest.mark.parametrize("container", CONTAINERS)
def test_colours_come_back(container: str, transfer: int, primaries: int) -> None:
    photo = decode(CONTAINERS[container](scene(), primaries, transfer), LIMITS)
    for n in range(6):
        shown = photo.pixels[20:44, 16 * n + 5 : 16 * n + 11].reshape(-1, 3).mean(axis=0)
        assert np.abs(shown - scene()[0, 16 * n]).max() <= 8, (n, shown)


@pytest.mark.parametrize("transfer", [PQ, HLG])
def test_a_png_of_16_bits(transfer: int) -> None:
    photo = decode(png(scene(), BT2020, transfer, deep=True), LIMITS)
    assert np.abs(photo.pixels.astype(int) - scene()).max() <= 8


@pytest.mark.parametrize("side", [None, 48])
@pytest.mark.parametrize("container", CONTAINERS)
def test_it_is_not_dark_at_any_size(container: str, side: int | None) -> None:
    shown = decode(CONTAINERS[container](scene(), BT2020, PQ), LIMITS, side).pixels
    assert abs(float(shown.mean()) - float(scene().mean())) < 6


@pytest.mark.parametrize("transfer", [PQ, HLG])
@pytest.mark.parametrize("primaries", [BT709, BT2020, P3, 2, 200])
def test_brighter_is_never_darker_and_the_brightest_is_white(primaries: int, transfer: int) -> None:
    greys = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, axis=2)
    shown = to_sdr(greys, ColourCoding(primaries, transfer)).astype(int)
    assert (np.diff(shown, axis=1) >= 0).all()
    assert shown[0, 0].max() == 0
    assert shown[0, -1].min() >= 250


@pytest.mark.parametrize("transfer", [1, 2, 6, 8, 13])
@pytest.mark.parametrize("container", ["AVIF", "PNG"])
def test_what_is_coded_for_an_ordinary_screen_is_not_changed(container: str, transfer: int) -> None:
    data = CONTAINERS[container](scene(), BT709, PQ)
    said = bytes([0, BT709, 0, PQ]) if container == "AVIF" else bytes([BT709, PQ, 0, 1])
    at = data.index(b"nclx" if container == "AVIF" else b"cICP") + 4
    assert data[at : at + 4] == said
    changed = bytearray(data)
    changed[at : at + 4] = bytes([0, BT709, 0, transfer]) if container == "AVIF" else bytes([BT709, transfer, 0, 1])
    plain = np.rint(coded(scene(), BT709, PQ) * 255)
    assert np.abs(decode(bytes(changed), LIMITS).pixels[30] - plain[30]).mean() < 3


@pytest.mark.parametrize("body", [b"", b"\x09", b"\x09\x10\0"])
def test_a_png_that_does_not_say_it_to_the_end_is_an_ordinary_one(body: bytes) -> None:
    data = cv2.imencode(".png", scene()[..., ::-1])[1].tobytes()
    chunk = struct.pack(">I", len(body)) + b"cICP" + body + struct.pack(">I", zlib.crc32(b"cICP" + body))
    assert np.array_equal(decode(data[:33] + chunk + data[33:], LIMITS).pixels, scene())
