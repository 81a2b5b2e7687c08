"""TIFF files with one page. Two readers look at each: what they do not both see is not judged.

Pillow decodes by way of libtiff, whatever the compression: its own reader of uncompressed files takes the planes of
16-bit colours for 8-bit ones, and lays several pictures over each other. OpenCV, the second reader, goes by libtiff's
RGBA interface, which knows of no layout but converts each to 8-bit colours itself.
"""

from __future__ import annotations

import io
import math
from typing import Final

import cv2
import numpy as np
from PIL import Image, TiffImagePlugin
from PIL.TiffImagePlugin import TiffImageFile

from fotopoort.errors import SAVE_AS_JPEG, Animated, FormatNotAllowed
from fotopoort.photo.colour import eight_bit
from fotopoort.photo.formats import other, raw
from fotopoort.photo.source import Array, Blocks, Source
from fotopoort.vocabulary import Text

TILE_WIDTH, TILE_LENGTH, SAMPLE_FORMAT = 322, 323, 339
UNSIGNED: Final = frozenset({1, 4})  # sample formats; 4 is "undefined", which readers take for unsigned
SAME: Final = 8  # levels of 255: what two conversions of the same pixel may differ by
ROWS: Final = 256  # compared at a time

UNUSUAL = Text(
    nl="Dit TIFF-bestand is opgeslagen op een manier die niet elk programma goed leest.",
    en="This TIFF file is stored in a way that not every program reads right.",
)


def read(data: bytes) -> Source:
    """A TIFF file with one page.

    Raises:
        Animated: there are several pages.
        FormatNotAllowed: it is a raw camera file, of which only the preview could be read; or its values have no agreed
            range (signed or floating-point numbers, more than 16 bits). When decoding: two readers do not see the same.
    """
    if raw.is_raw(data):
        raise other.RAW.error()
    TiffImagePlugin.READ_LIBTIFF = True
    try:
        image = TiffImageFile(io.BytesIO(data))
    except SyntaxError as error:
        if "pixel mode" in str(error):
            raise FormatNotAllowed(UNUSUAL, hint=SAVE_AS_JPEG) from None
        raise
    if not set(image.tag_v2.get(SAMPLE_FORMAT, (1,))) <= UNSIGNED:
        raise FormatNotAllowed(UNUSUAL, hint=SAVE_AS_JPEG)
    if image.n_frames > 1:
        raise Animated(
            Text(
                nl="Het bestand heeft meer dan één pagina. Er kan maar één afbeelding worden beoordeeld.",
                en="The file holds several pages; only one picture can be judged.",
            ),
            hint=Text(nl="Sla één pagina op als JPEG.", en="Save one page as JPEG."),
        )

    tile = [int(image.tag_v2.get(tag, 0)) for tag in (TILE_WIDTH, TILE_LENGTH)]

    def load(_: int) -> Image.Image:
        image.load()
        picture = eight_bit(image)
        require_same(picture, _second_reading(data))
        return picture

    return Source(
        format="TIFF",
        width=image.size[0],  # upright: Pillow's TIFF reader applies the orientation itself
        height=image.size[1],
        blocks=Blocks(
            exif=(data,),  # EXIF is a TIFF structure
            icc=image.info.get("icc_profile"),
        ),
        load=load,
        # The second reading is in memory beside the first, and a tile is decoded whole, however little of it shows.
        further_pixels=max(math.prod(image.size), math.prod(tile)),
    )


def _second_reading(data: bytes) -> Array | None:
    level = cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)  # about every tag that it does not know
    try:
        return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB)
    except cv2.error:
        return None
    finally:
        cv2.utils.logging.setLogLevel(level)


def require_same(picture: Image.Image, pixels: Array | None) -> None:
    """Both readers must have seen the same picture, wherever it is not transparent.

    Args:
        picture: of mode L, RGB, RGBA or CMYK.
        pixels: (H, W, 3) uint8 RGB; None: the second reader could not read the file.

    Raises:
        FormatNotAllowed: they differ, or there is only one.
    """
    if pixels is None or pixels.shape != (picture.height, picture.width, 3):
        raise FormatNotAllowed(UNUSUAL, hint=SAVE_AS_JPEG)
    for top in range(0, picture.height, ROWS):
        part = picture.crop((0, top, picture.width, min(top + ROWS, picture.height)))
        difference = cv2.absdiff(np.asarray(part.convert("RGB")), pixels[top : top + ROWS])
        if part.mode == "RGBA":
            difference = difference[np.asarray(part.getchannel("A")) == 255]
        if difference.size and difference.max() > SAME:
            raise FormatNotAllowed(UNUSUAL, hint=SAVE_AS_JPEG)
