"""Pictures that are coded for bright screens (PQ and HLG, Rec. ITU-R BT.2100) as sRGB.

Shown as they stand, they are dark and pale. Diffuse white lies at 203 cd/m² (BT.2408) and becomes nearly white; what is
brighter is pressed together above it, so that no face becomes a white spot.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import cv2
import numpy as np

from fotopoort.photo.metadata import iso
from fotopoort.photo.source import Array, ColourCoding

PQ, HLG = 16, 18  # transfer characteristics (ITU-T H.273)
WHITE: Final = 203.0  # cd/m²
KNEE: Final = 0.75  # of diffuse white; up to here nothing is changed
BRIGHTEST: Final = 10_000 / WHITE
STEPS: Final = 8192
ROWS: Final = 256  # at a time
# To the primaries of sRGB, by the primaries that H.273 numbers (BT.2087 for 9; for 12 see SMPTE EG 432-1).
TO_SRGB: Final = {
    9: ((1.6605, -0.5876, -0.0728), (-0.1246, 1.1329, -0.0083), (-0.0182, -0.1006, 1.1187)),
    12: ((1.2249, -0.2247, 0.0), (-0.0420, 1.0419, 0.0), (-0.0197, -0.0786, 1.0979)),
}


def coding(primaries: int, transfer: int) -> ColourCoding | None:
    """How colours are coded, by the numbers of H.273; None: for an ordinary screen."""
    return ColourCoding(primaries, transfer) if transfer in (PQ, HLG) else None


def of_primary(data: bytes) -> ColourCoding | None:
    """What a HEIF or AVIF file says of its primary picture (ISO/IEC 23008-12, 6.5.5 and 9.3; 14496-12, 12.1.5)."""
    for kind, content in iso.properties(data):
        if kind == b"colr" and content.startswith(b"nclx") and len(content) >= 8:
            return coding(int.from_bytes(content[4:6], "big"), int.from_bytes(content[6:8], "big"))
    return None


def to_sdr(pixels: Array, how: ColourCoding) -> Array:
    """Convert pixels (H, W, 3) uint8 that are coded so to sRGB."""
    linear, encoded = _linear(how.transfer), _encoded()
    matrix = TO_SRGB.get(how.primaries)
    result = np.empty_like(pixels)
    for top in range(0, len(pixels), ROWS):
        light = linear[pixels[top : top + ROWS]]
        if matrix is not None:
            light = cv2.transform(light, np.array(matrix, np.float32))
        place = np.sqrt(np.clip(light, 0, BRIGHTEST) / np.float32(BRIGHTEST)) * np.float32(STEPS - 1)
        result[top : top + ROWS] = encoded[place.astype(np.int32)]
    return result


@cache
def _linear(transfer: int) -> Array:
    """By the 8-bit value, light as a share of diffuse white."""
    value = np.arange(256) / 255
    if transfer == PQ:  # BT.2100, table 4
        power = value ** (1 / 78.84375)
        light = 10_000 * (np.maximum(power - 0.8359375, 0) / (18.8515625 - 18.6875 * power)) ** (1 / 0.1593017578125)
    else:  # table 5, with the system gamma of a screen of 1,000 cd/m²
        scene = np.where(value <= 0.5, value**2 / 3, (np.exp((value - 0.55991073) / 0.17883277) + 0.28466892) / 12)
        light = 1000 * scene**1.2
    share: Array = (light / WHITE).astype(np.float32)
    return share


@cache
def _encoded() -> Array:
    """By the root of the light, sRGB's 8-bit value (IEC 61966-2-1)."""
    light = (np.arange(STEPS) / (STEPS - 1)) ** 2 * BRIGHTEST
    rest = 1 - KNEE
    light = np.where(light <= KNEE, light, KNEE + rest * (1 - np.exp((KNEE - light) / rest)))
    value = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    levels: Array = np.rint(255 * value).astype(np.uint8)
    return levels
