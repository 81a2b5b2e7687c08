"""Whatever text exiftool can write into a photo is in the hints, and none of it is in a rendition."""

from __future__ import annotations

import io
import json
import re
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pillow_heif
import pytest
from PIL import Image
from tests.needed import needs

from fotopoort.photo.admission import Limits
from fotopoort.photo.decode import decode
from fotopoort.photo.render import encode

pytestmark = needs("exiftool", "libimage-exiftool-perl")

# Each tag gets a text of its own, with a letter that is not ASCII. That letter and the tag's number follow this:
MARK = "Zo"
MARKED = re.compile(rf"{MARK}ë-merk-\d{{4}}")
GROUPS = {"IFD0", "ExifIFD", "GPS", "InteropIFD", "IPTC", "Photoshop", "PNG", "Ducky"}  # and every one of XMP's
TAGS_IN_A_FILE = 400
# Of the formats, which exiftool writes all: how many tags hold a text then, at least; and some that must be among them.
FORMATS = {"JPEG": 1700, "PNG": 1700, "WEBP": 1600, "TIFF": 1600, "HEIF": 1600, "AVIF": 1600}
EVERYWHERE = {
    "IFD0:Artist",
    "IFD0:ImageDescription",
    "IFD0:Copyright",
    "IFD0:HostComputer",
    "IFD0:DocumentName",
    "IFD0:XPAuthor",
    "IFD0:XPTitle",
    "IFD0:XPComment",
    "IFD0:XPKeywords",
    "IFD0:XPSubject",
    "IFD0:Software",
    "ExifIFD:UserComment",
    "ExifIFD:OwnerName",
    "ExifIFD:ImageHistory",
    "ExifIFD:LensMake",
    "GPS:GPSAreaInformation",
    "GPS:GPSProcessingMethod",
    "XMP-dc:Title",
    "XMP-dc:Description",
    "XMP-dc:Subject",
    "XMP-dc:Creator",
    "XMP-dc:Rights",
    "XMP-photoshop:Headline",
    "XMP-photoshop:CaptionWriter",
    "XMP-iptcCore:Location",
    "XMP-iptcCore:CreatorWorkEmail",
    "XMP-iptcExt:PersonInImage",
    "XMP-iptcExt:PersonInImageName",
    "XMP-iptcExt:Event",
    "XMP-mwg-rs:RegionName",
    "XMP-mwg-rs:RegionDescription",
    "XMP-MP:RegionPersonDisplayName",
    "XMP-lr:HierarchicalSubject",
    "XMP-digiKam:TagsList",
    "XMP-digiKam:CaptionsAuthorNames",
    "XMP-acdsee:Caption",
    "XMP-acdsee:Author",
    "XMP-xmpMM:HistorySoftwareAgent",
    "XMP-xmpRights:UsageTerms",
    "XMP-plus:ImageSupplierName",
    "XMP-microsoft:LastKeywordXMP",
    "XMP-mediapro:People",
    "XMP-expressionmedia:People",
    "XMP-aux:OwnerName",
    "XMP-exif:UserComment",
    "XMP-tiff:Artist",
    "XMP-pdf:Author",
}


@pytest.fixture(scope="module")
def tags() -> list[str]:
    """Every tag that can be written and might take a text, by group and name."""
    listed = subprocess.run(["exiftool", "-listx"], capture_output=True, check=True).stdout
    found = {}
    for table in ElementTree.fromstring(listed).iter("table"):  # noqa: S314 - exiftool's own
        for tag in table.iter("tag"):
            group = tag.get("g1") or table.get("g1") or ""
            if tag.get("writable") == "true" and (group in GROUPS or group.startswith("XMP-")):
                found[f"{group}:{tag.get('name')}"] = True
    return list(found)


def marked(number: int) -> str:
    return f"{MARK}ë-merk-{number:04}"


def photo(format: str) -> bytes:
    image = Image.fromarray(np.random.default_rng(0).integers(0, 255, (64, 96, 3), np.uint8))
    out = io.BytesIO()
    if format == "HEIF":
        pillow_heif.from_pillow(image).save(out)
    else:
        image.save(out, format)
    return out.getvalue()


def write(tags: list[str], format: str, folder: Path) -> None:
    """Files with a mark in every tag that takes one; exiftool leaves the others out."""
    empty, commands = photo(format), []
    for start in range(0, len(tags), TAGS_IN_A_FILE):
        file = folder / f"{start:04}.{format.lower()}"
        file.write_bytes(empty)
        marks = [f"-{tag}={marked(n)}" for n, tag in enumerate(tags[start : start + TAGS_IN_A_FILE], start)]
        commands += ["-m", "-q", "-overwrite_original", *marks, str(file), "-execute"]
    subprocess.run(["exiftool", "-@", "-"], input="\n".join(commands).encode(), capture_output=True, check=True)


def read_back(folder: Path) -> dict[str, set[str]]:
    """The marks that exiftool finds in each file."""
    output = subprocess.run(
        ["exiftool", "-json", "-G1", "-a", "-u", str(folder)], capture_output=True, check=True
    ).stdout
    return {
        file["SourceFile"]: set(MARKED.findall(json.dumps(file, ensure_ascii=False))) for file in json.loads(output)
    }


@pytest.mark.parametrize("format", FORMATS)
def test_every_text_that_can_be_written(format: str, tags: list[str], tmp_path: Path) -> None:
    write(tags, format, tmp_path)
    written = read_back(tmp_path)
    assert sum(map(len, written.values())) >= FORMATS[format]
    assert {tags[int(mark[-4:])] for marks in written.values() for mark in marks} >= EVERYWHERE

    missing = set()
    for file, marks in written.items():
        read = decode(Path(file).read_bytes(), Limits())
        missing |= marks - set(MARKED.findall("\n".join(hint.text or "" for hint in read.hints)))
        rendition = encode(read, [], 1600).jpeg
        for encoding in ("utf-8", "utf-16-le", "utf-16-be", "latin-1"):
            assert not [mark for mark in marks if mark.encode(encoding) in rendition]
            assert f"{MARK}ë-merk".encode(encoding) not in rendition
    assert [tags[int(mark[-4:])] for mark in sorted(missing)] == []


@pytest.mark.parametrize("alphabet", [[], ["-codedcharacterset=utf8"]], ids=["Windows-1252", "UTF-8"])
def test_iptc_in_the_alphabet_it_declares(alphabet: list[str], tmp_path: Path) -> None:
    file = tmp_path / "photo.jpg"
    file.write_bytes(photo("JPEG"))
    written = [*alphabet, "-iptc:caption-abstract=Zoë’s tas – €", "-iptc:by-line=Noël"]
    subprocess.run(["exiftool", "-q", *written, str(file)], capture_output=True, check=True)
    assert {"Zoë’s tas – €", "Noël"} <= {hint.text for hint in decode(file.read_bytes(), Limits()).hints}
