"""Raw camera files, recognised by their content. Of most, only a preview could be read, and not the photo itself."""

from __future__ import annotations

from typing import Final, Literal

from PIL.ExifTags import Base

from fotopoort.photo.metadata import exif

# How raw files begin that are no TIFF: Olympus (two), OM System, Panasonic and Leica, Fujifilm, Sigma, Minolta, Canon's
# first, ARRI. By offset.
MAGIC: Final = (
    (0, b"IIRO"), (0, b"IIRS"), (0, b"MMOR"), (0, b"IIU\0"), (0, b"FUJIFILMCCD-RAW"), (0, b"FOVb"), (0, b"\0MRM"),
    (0, b"II\x1a\0\0\0HEAPCCDR"), (0, b"ARRI"), (0, b"MMMMRawT"), (0, b"IIIITwaR"), (4, b"ftypcrx "), (8, b"CR\2\0"),
)  # fmt: skip
TIFF: Final = (b"II*\0", b"MM\0*")
DNG_VERSION, PHASE_ONE = 50706, b"IIII"
MOSAIC, LINEAR = 32803, 34892  # photometric interpretations: TIFF/EP and DNG 1.7
# Compressions of Sony, Nikon, Samsung, Pentax and Kodak, and of DNG (lossy, JPEG XL).
COMPRESSIONS: Final = frozenset({32767, 32769, 32770, 32772, 34713, 34892, 52546, 65000, 65535, 262})
SUB_IFDS, NEW_SUBFILE_TYPE = Base.SubIFDs, Base.NewSubfileType


def is_raw(data: bytes) -> bool:
    """Whether a file is a camera's raw file, whatever it is called."""
    if any(data[at : at + len(magic)] == magic for at, magic in MAGIC):
        return True
    return data.startswith(TIFF) and (data[8:12] == PHASE_ONE or _has_raw_tags(data))


def _has_raw_tags(data: bytes) -> bool:
    order: Literal["little", "big"] = "little" if data.startswith(b"II") else "big"
    preview = pictures_below = False
    for entry in exif.entries(data):
        number = int.from_bytes(entry.value[: 2 if entry.type == 3 else 4], order)
        photometric = entry.tag == Base.PhotometricInterpretation and number in (MOSAIC, LINEAR)
        compressed = entry.tag == Base.Compression and number in COMPRESSIONS
        if photometric or compressed or entry.tag == DNG_VERSION:
            return True
        if entry.directory == "IFD0":
            preview |= entry.tag == NEW_SUBFILE_TYPE and bool(number & 1)
            pictures_below |= entry.tag == SUB_IFDS
    return preview and pictures_below
