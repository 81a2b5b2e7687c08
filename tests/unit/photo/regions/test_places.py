"""A region lies where its program saw it, in every format and orientation; one of another picture lies nowhere."""

from __future__ import annotations

import hashlib
import io
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pillow_heif
import pytest
from PIL import Image
from tests.needed import needs
from tests.regions import DIALECTS, StatedRegion, Write, apple, bag, mwg_attributes, mwg_elements, packet

from fotopoort.photo.admission import Limits
from fotopoort.photo.decode import Photo, decode
from fotopoort.photo.orientation import to_stored, upright_size
from fotopoort.photo.regions.dialects import FileRegion
from fotopoort.photo.regions.places import PlacedRegion, matched, placed
from fotopoort.vocabulary import Box

LIMITS = Limits()
WIDTH, HEIGHT = 240, 160  # as stored
PATCH = Box(36, 32, 48, 40)  # red, on grey
AREA = (PATCH.x / WIDTH, PATCH.y / HEIGHT, PATCH.w / WIDTH, PATCH.h / HEIGHT)
FACES = [StatedRegion("Tygo", AREA)]


def picture() -> Image.Image:
    pixels = np.full((HEIGHT, WIDTH, 3), 90, np.uint8)
    pixels[32:72, 36:84] = (220, 20, 20)
    return Image.fromarray(pixels)


def jpeg(xmp: bytes, orientation: int = 1) -> bytes:
    return _saved("JPEG", xmp, orientation, quality=95, subsampling=0)


def _saved(format: str, xmp: bytes, orientation: int = 1, **options: Any) -> bytes:  # noqa: ANN401 - Pillow's own
    exif = Image.Exif()
    if orientation > 1:
        exif[0x0112] = orientation
    out = io.BytesIO()
    picture().save(out, format, exif=exif.tobytes(), xmp=xmp, **options)
    return out.getvalue()


def extended(xmp: bytes) -> bytes:
    """A JPEG whose regions are in the extended part of its XMP."""
    digest = hashlib.md5(xmp, usedforsecurity=False).hexdigest().upper().encode()
    parts = [(at, xmp[at : at + 900]) for at in range(0, len(xmp), 900)]
    bodies = [
        b"http://ns.adobe.com/xmp/extension/\0" + digest + struct.pack(">II", len(xmp), at) + part for at, part in parts
    ]
    plain = jpeg(
        packet("", f"xmlns:xmpNote='http://ns.adobe.com/xmp/note/' xmpNote:HasExtendedXMP='{digest.decode()}'")
    )
    return plain[:2] + b"".join(struct.pack(">BBH", 0xFF, 0xE1, len(body) + 2) + body for body in bodies) + plain[2:]


def png(xmp: bytes) -> bytes:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_itxt("XML:com.adobe.xmp", xmp.decode())
    return _saved("PNG", b"", pnginfo=info)


def tiff(xmp: bytes) -> bytes:
    out = io.BytesIO()
    picture().save(out, "TIFF", tiffinfo={700: xmp})
    return out.getvalue()


def heif(xmp: bytes) -> bytes:
    out = io.BytesIO()
    pillow_heif.from_pillow(picture()).save(out, xmp=xmp, quality=90)
    return out.getvalue()


FORMATS: dict[str, Callable[[bytes], bytes]] = {
    "JPEG": jpeg,
    "JPEG, extended": extended,
    "PNG": png,
    "TIFF": tiff,
    "WebP": lambda xmp: _saved("WEBP", xmp, quality=95),
    "AVIF": lambda xmp: _saved("AVIF", xmp, quality=90),
    "HEIF": heif,
}


def regions_in(photo: Photo, faces: tuple[Box, ...] = ()) -> tuple[PlacedRegion, ...]:
    return placed(photo.regions, photo.region_orientations, photo.width, photo.height, faces)


def is_on_the_patch(photo: Photo, box: Box | None) -> bool:
    """Whether the box holds the red patch and little else."""
    assert box is not None
    red = (photo.pixels[:, :, 0] > 160) & (photo.pixels[:, :, 1] < 60)
    inside = red[round(box.y) : round(box.bottom), round(box.x) : round(box.right)]
    return bool(inside.mean() > 0.9 and inside.sum() > 0.9 * red.sum())


@pytest.mark.parametrize("made", FORMATS.values(), ids=list(FORMATS))
@pytest.mark.parametrize("write", DIALECTS.values(), ids=list(DIALECTS))
def test_every_format_and_dialect(made: Callable[[bytes], bytes], write: Write) -> None:
    photo = decode(made(packet(write(FACES, (WIDTH, HEIGHT)))), LIMITS)
    (region,) = regions_in(photo)
    assert (region.name, region.is_face) == ("Tygo", True)
    assert is_on_the_patch(photo, region.box)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("write", DIALECTS.values(), ids=list(DIALECTS))
def test_every_orientation(write: Write, orientation: int) -> None:
    """By the standard a region speaks of the picture as it is stored."""
    photo = decode(jpeg(packet(write(FACES, (WIDTH, HEIGHT))), orientation), LIMITS)
    (region,) = regions_in(photo)
    assert is_on_the_patch(photo, region.box)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_program_that_speaks_of_the_upright_picture(orientation: int) -> None:
    """Where its sides are those of the upright picture; or else where the faces are found there."""
    width, height = upright_size(WIDTH, HEIGHT, orientation)
    plain = decode(jpeg(packet(""), orientation), LIMITS)
    red = np.argwhere((plain.pixels[:, :, 0] > 160) & (plain.pixels[:, :, 1] < 60))
    (top, left), (bottom, right) = red.min(axis=0), red.max(axis=0) + 1
    area = (left / width, top / height, (right - left) / width, (bottom - top) / height)
    face = Box(left + 4, top + 4, right - left - 8, bottom - top - 8)
    for size, faces in (((width, height), (face,)), (None, (face,))):
        said = packet(mwg_attributes([StatedRegion("Tygo", tuple(map(float, area)))], size))
        photo = decode(jpeg(said, orientation), LIMITS)
        (region,) = regions_in(photo, faces)
        assert is_on_the_patch(photo, region.box)


@pytest.mark.parametrize("size", [(240, 240), (100, 200), (1000, 400), (160, 241), (1, 1_000_000)])
def test_of_a_picture_of_another_shape_only_the_names_are_left(size: tuple[int, int]) -> None:
    photo = decode(jpeg(packet(mwg_elements([*FACES, StatedRegion(None, (0.6, 0.6, 0.2, 0.2))], size))), LIMITS)
    assert regions_in(photo) == (PlacedRegion("Tygo", None, False),)


@pytest.mark.parametrize("size", [(240, 160), (4032, 2688), (1200, 801), (60, 40)])
def test_a_smaller_copy_is_the_same_picture(size: tuple[int, int]) -> None:
    photo = decode(jpeg(packet(mwg_elements(FACES, size))), LIMITS)
    assert is_on_the_patch(photo, regions_in(photo)[0].box)


def test_where_one_program_is_outdated_so_are_those_that_do_not_say() -> None:
    both = mwg_elements(FACES, (100, 200)) + DIALECTS["microsoft_attributes"]([StatedRegion("Noor", AREA)])
    regions = regions_in(decode(jpeg(packet(both)), LIMITS))
    assert {(region.name, region.box, region.is_face) for region in regions} == {
        ("Tygo", None, False), ("Noor", None, False),
    }  # fmt: skip


def test_a_picture_that_was_turned_since_is_turned_back_where_a_face_says_how() -> None:
    turned = PlacedRegion("Tygo", None, False)
    face = Box(88 + 4, 36 + 4, 40 - 8, 48 - 8)  # the patch, after a quarter turn clockwise
    region = FileRegion("Tygo", AREA, True, False, (WIDTH, HEIGHT))
    assert placed([region], (1,), HEIGHT, WIDTH, []) == (turned,)
    (found,) = placed([region], (1,), HEIGHT, WIDTH, [face])
    assert found.box == Box(88, 36, 40, 48)
    assert to_stored(found.box, 6, HEIGHT, WIDTH) == PATCH


def test_what_several_programs_write_is_one_region() -> None:
    written = "".join(
        write([*FACES, StatedRegion("Noor", (0.6, 0.5, 0.2, 0.2))], (WIDTH, HEIGHT)) for write in DIALECTS.values()
    )
    persons = bag(["<rdf:li>tygo</rdf:li>", "<rdf:li>Sem</rdf:li>"])
    names = f"<Iptc4xmpExt:PersonInImage>{persons}</Iptc4xmpExt:PersonInImage>"
    regions = regions_in(
        decode(jpeg(packet(written + apple([StatedRegion(None, AREA)], (WIDTH, HEIGHT)) + names)), LIMITS)
    )
    assert sorted((region.name, region.box is None) for region in regions) == [
        ("Noor", False), ("Sem", True), ("Tygo", False),
    ]  # fmt: skip


def test_two_names_for_one_place_are_two_regions() -> None:
    regions = regions_in(
        decode(jpeg(packet(mwg_elements([*FACES, StatedRegion("Sem", AREA)], (WIDTH, HEIGHT)))), LIMITS)
    )
    assert {region.name for region in regions} == {"Tygo", "Sem"}


@needs("exiftool", "libimage-exiftool-perl")
@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", ["jpg", "tif", "png", "webp"])
def test_what_exiftool_writes(tmp_path: Path, suffix: str, orientation: int) -> None:
    """An independent writer of both standards."""
    made = {"jpg": jpeg, "tif": tiff, "png": png, "webp": FORMATS["WebP"]}[suffix]
    path = tmp_path / f"photo.{suffix}"
    path.write_bytes(made(packet("")))
    x, y, w, h = AREA
    mwg = (
        f"{{AppliedToDimensions={{W={WIDTH},H={HEIGHT},Unit=pixel}},RegionList=[{{Area={{X={x + w / 2},Y={y + h / 2},"
        f"W={w},H={h},Unit=normalized}},Name=Tygo,Type=Face}}]}}"
    )
    arguments = [
        f"-RegionInfo={mwg}",
        f"-RegionInfoMP={{Regions=[{{PersonDisplayName=Tygo,Rectangle={x}|, {y}|, {w}|, {h}}}]}}",
    ]
    options = ["-q", "-q", "-overwrite_original", "-n", f"-Orientation={orientation}"]
    command = ["exiftool", *options, *arguments, str(path)]
    subprocess.run(command, check=True)
    photo = decode(path.read_bytes(), LIMITS)
    (region,) = regions_in(photo)
    assert (region.name, region.is_face) == ("Tygo", True)
    assert is_on_the_patch(photo, region.box)


# --- faces at regions ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("box", "face", "same"),
    [
        pytest.param(Box(100, 100, 80, 100), Box(100, 100, 80, 100), True, id="the same"),
        pytest.param(Box(60, 40, 160, 220), Box(100, 100, 80, 100), True, id="a head and shoulders"),
        pytest.param(Box(120, 120, 40, 50), Box(100, 100, 80, 100), True, id="eyes to mouth"),
        pytest.param(Box(0, 0, 1000, 1000), Box(100, 100, 80, 100), False, id="the whole photo"),
        pytest.param(Box(170, 100, 80, 100), Box(100, 100, 80, 100), False, id="beside it"),
        pytest.param(Box(400, 400, 80, 100), Box(100, 100, 80, 100), False, id="elsewhere"),
    ],
)
def test_which_face_a_region_means(box: Box, face: Box, *, same: bool) -> None:
    assert matched([box], [face]) == ({0: 0} if same else {})


def test_one_face_is_at_one_region() -> None:
    face = Box(100, 100, 80, 100)
    assert matched([Box(70, 60, 140, 200), Box(98, 98, 80, 100)], [face]) == {1: 0}
    assert matched([], [face]) == matched([face], []) == {}
