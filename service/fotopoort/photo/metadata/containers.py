"""Opening WebP, AVIF and HEIF files without decoding their pixels."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import cv2
import numpy as np
import pillow_heif
from PIL import Image
from PIL.AvifImagePlugin import AvifImageFile

from fotopoort.errors import Animated, Damaged
from fotopoort.photo.formats import hdr
from fotopoort.photo.metadata import iso
from fotopoort.photo.metadata.coded import decoded_pixels
from fotopoort.photo.metadata.exif import orientation_of
from fotopoort.photo.source import Blocks, ColourCoding, Source
from fotopoort.vocabulary import Hint, HintKind

SEQUENCE_BRANDS = frozenset({b"msf1", b"hevc", b"hevx", b"hevm", b"hevs", b"avis"})
MAX_CHUNKS = 100_000
XMP_CHUNKS = frozenset({b"XMP ", b"XMP\0"})  # some programs write the second by mistake
PICTURE_CHUNKS = frozenset({b"VP8 ", b"VP8L"})  # one of them, and none of the following more than once
ONCE_CHUNKS = PICTURE_CHUNKS | {b"VP8X", b"ALPH", b"ANIM"}
KNOWN_CHUNKS = XMP_CHUNKS | PICTURE_CHUNKS | {b"VP8X", b"ALPH", b"ICCP", b"EXIF"}


def webp(data: bytes) -> Source:
    """A WebP file with one frame.

    Raises:
        Animated: the header says so.
        Damaged: a chunk is cut off, there are more than any program writes, or not exactly one picture of the size that
            the header names.
    """
    all_chunks = list(islice(_riff(data), MAX_CHUNKS + 1))
    if len(all_chunks) > MAX_CHUNKS:
        raise Damaged
    chunks = dict(all_chunks)
    kinds = [kind for kind, _ in all_chunks if kind in ONCE_CHUNKS]
    extended = kinds[:1] == [b"VP8X"]
    if b"ANIM" in chunks or (extended and chunks[b"VP8X"][0] & 0x02):
        raise Animated
    pictures = [(kind, body) for kind, body in all_chunks if kind in PICTURE_CHUNKS]
    if len(set(kinds)) < len(kinds) or len(pictures) != 1 or all_chunks[0][0] not in (b"VP8X", pictures[0][0]):
        raise Damaged  # whatever comes before the first known chunk, the decoder takes for the picture itself
    width, height = _webp_size(*pictures[0])
    if extended and (width, height) != tuple(_number(chunks[b"VP8X"], at, 3) + 1 for at in (4, 7)):
        raise Damaged
    length = 8 + _number(data, 4, 4)
    trailing = data[length + length % 2 :]

    def load(_: int) -> Image.Image:
        # Pillow would decode by way of two canvases of the animation decoder: 1.5 GB for 100 megapixels.
        pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
        if pixels is None:
            raise Damaged
        layout = "BGRA" if pixels.shape[2] == 4 else "BGR"
        mode = "RGBA" if layout == "BGRA" else "RGB"
        return Image.frombuffer(mode, pixels.shape[1::-1], pixels, "raw", layout, 0, 1)

    return Source(
        format="WEBP",
        width=width,
        height=height,
        blocks=Blocks(
            exif=tuple(body for kind, body in all_chunks if kind == b"EXIF"),
            xmp=tuple(body for kind, body in all_chunks if kind in XMP_CHUNKS),
            icc=chunks.get(b"ICCP"),
            unknown=(
                *((f"WebP {kind.decode('latin-1')}", body) for kind, body in all_chunks if kind not in KNOWN_CHUNKS),
                ("WebP after its end", trailing),
            ),
            others=(Hint(HintKind.TRAILING_BYTES, "after the WebP image"),) if trailing.strip(b"\0") else (),
        ),
        load=load,
        orientation=orientation_of(chunks.get(b"EXIF")),
    )


def avif(data: bytes) -> Source:
    """An AVIF file with one frame.

    Raises:
        Animated: it is an image sequence.
        Damaged: the coded picture is not the one that the file speaks of.
    """
    pixels = decoded_pixels(data)
    image = AvifImageFile(io.BytesIO(data))
    if image.n_frames > 1:
        raise Animated

    def load(_: int) -> Image.Image:
        image.load()
        return image

    return Source(
        format="AVIF",
        width=image.size[0],
        height=image.size[1],
        blocks=iso.read(data, image.info.get("icc_profile")),
        load=load,
        bright=hdr.of_primary(data),
        orientation=orientation_of(image.info.get("exif")),  # Pillow adds the container's rotation and mirroring to it
        further_pixels=max(0, pixels - math.prod(image.size)),
    )


def heif(data: bytes) -> Source:
    """The primary image of a HEIC or HEIF file, which libheif turns upright by the container's own properties.

    Raises:
        Animated: it is an image sequence.
        Damaged: there is no picture inside, or the coded picture is not the one that the file speaks of.
    """
    if data[8:12] in SEQUENCE_BRANDS:
        raise Animated
    pixels = decoded_pixels(data)
    pictures = pillow_heif.open_heif(data, convert_hdr_to_8bit=True)
    if not len(pictures):
        raise Damaged
    primary = pictures[pictures.primary_index]
    info: dict[str, Any] = primary.info
    hints = [Hint(HintKind.SECOND_IMAGE, f"HEIF image {n}") for n in range(2, len(pictures) + 1)]
    hints += [Hint(HintKind.THUMBNAIL, "HEIF thumbnail") for _ in info.get("thumbnails", ())[:1]]
    hints += [Hint(HintKind.DEPTH, "HEIF depth image") for _ in info.get("depth_images", ())[:1]]
    hints += [Hint(HintKind.SECOND_IMAGE, f"HEIF auxiliary image {kind}") for kind in info.get("aux", {})]
    return Source(
        format="HEIF",
        width=primary.size[0],
        height=primary.size[1],
        blocks=iso.read(data, info.get("icc_profile"), hints),
        load=lambda _: primary.to_pillow(),
        bright=hdr.of_primary(data) or _by_coded_data(info.get("nclx_profile")),
        further_pixels=max(pixels, sum(math.prod(picture.size) for picture in pictures)) - math.prod(primary.size),
    )


def _by_coded_data(profile: Mapping[str, Any] | None) -> ColourCoding | None:
    """How colours are coded as libheif has it, from the coded data where the container is silent."""
    return hdr.coding(profile["color_primaries"], profile["transfer_characteristics"]) if profile else None


def _webp_size(kind: bytes, picture: bytes) -> tuple[int, int]:
    """Width and height by the picture's own header, from which the decoder takes them."""
    if kind == b"VP8L":
        bits = _number(picture, 1, 4)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return _number(picture, 6, 2) & 0x3FFF, _number(picture, 8, 2) & 0x3FFF


def _number(data: bytes, at: int, size: int) -> int:
    return int.from_bytes(data[at : at + size], "little")


def _riff(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Type and body of each chunk of a RIFF file."""
    at, end = 12, 8 + _number(data, 4, 4)
    if end > len(data):
        raise Damaged
    while at + 8 <= end:
        size = _number(data, at + 4, 4)
        if at + 8 + size > end:
            raise Damaged
        yield data[at : at + 4], data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
