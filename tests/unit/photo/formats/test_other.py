"""What a file is that holds no photo we take: by its content, and by its name where that tells nothing."""

from __future__ import annotations

import io
import plistlib

import pytest
from PIL import Image
from tests.other_files import OTHER_FILES, OtherFile, film, icloud, zipped

from fotopoort.errors import UNTIL_THEN, NotAPhoto, PhotoError
from fotopoort.photo.admission import Limits, admit, error_by_content, error_by_name, is_taken
from fotopoort.photo.formats import other as formats
from fotopoort.photo.formats.other import FORMATS, OtherFormat, named, recognise

TRANSPORT_STREAM = (b"\x47" + bytes(187)) * 6
CAMCORDER_STREAM = (bytes(4) + b"\x47" + bytes(187)) * 6
XML = b'<?xml version="1.0" encoding="UTF-8"?>\n'

BY_CONTENT: dict[str, tuple[OtherFormat, list[bytes]]] = {
    "videos": (
        formats.VIDEO,
        [film(brand) for brand in (b"qt  ", b"isom", b"mp41", b"mp42", b"M4V ", b"3gp4", b"avc1", b"MSNV", b"dash")]
        + [b"\0\0\x10\0" + box + bytes(99) for box in (b"moov", b"mdat", b"wide", b"skip", b"pnot")]
        + [
            b"\x1a\x45\xdf\xa3webm",
            b"RIFF\1\0\0\0AVI LIST",
            b"\0\0\1\xba!",
            b"\0\0\1\xb3!",
            b"FLV\1\5",
            TRANSPORT_STREAM,
        ]
        + [CAMCORDER_STREAM, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11" + bytes(9)],
    ),
    "raw": (formats.RAW, [film(b"crx ")]),
    "documents": (
        formats.OFFICE,
        [zipped(*names) for names in (["[Content_Types].xml"], ["_rels/.rels", "ppt/slides"], ["word/document.xml"])]
        + [
            zipped("mimetype"),
            zipped("Index/Document.iwa"),
            b"{\\rtf1",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(9),
        ],
    ),
    "archives": (
        formats.ARCHIVE,
        [
            zipped("a.jpg"),
            zipped("foto's/a.jpg"),
            zipped(),
            b"Rar!\x1a\x07\x01",
            b"7z\xbc\xaf'\x1c\x00",
            b"\x1f\x8b\x08",
            b"BZh9",
            b"\xfd7zXZ\x00\x00",
            b"klas/a.jpg".ljust(257, b"\x00") + b"ustar\x0000",
        ],
    ),
    "web pages": (
        formats.WEB_PAGE,
        [
            b"<!DOCTYPE html>",
            b"<!doctype HTML PUBLIC>",
            b"<html>",
            b"  \n<HTML lang=nl>",
            b"\xef\xbb\xbf<html>",
            b"<head>",
            b"<!-- opgeslagen -->\n<html>",
            XML + b"<!DOCTYPE html><html/>",
            XML + b"<html xmlns='x'/>",
            b"<title>Foto",
            "\ufeff<html>".encode("utf-16-le"),
            b"<script>location='x'</script>",
            b"<!-- a --><!-- b -->\n<body>",
        ],
    ),
    "drawings": (
        formats.DRAWING,
        [b"<svg/>", XML + b"<svg/>", b"%!PS-Adobe-3.0", b"\xc5\xd0\xd3\xc6\1", b"<!DOCTYPE svg>"],
    ),
    "PDF": (
        formats.PDF,
        [b"%PDF-1.3", b"%PDF-2.0\n%\xe2", b"\xef\xbb\xbf%PDF-1.4", b"\n\n%PDF-1.5", b"rommel\n%PDF-1.7"],
    ),
    "not downloaded": (
        formats.ICLOUD,
        [icloud(name) for name in ("IMG_1.HEIC", "é.jpg", "x" * 200)]
        + [plistlib.dumps({"NSURLNameKey": "IMG_1.HEIC"}, fmt=plistlib.FMT_XML)],
    ),
    "nothing in it": (formats.HOLLOW, [bytes(size) for size in (16, 100, 4095, 4096, 4097, 100_000)]),
    "sounds": (formats.SOUND, [b"ID3\4\0", b"fLaC\0", b"RIFF\1\0\0\0WAVEfmt ", film(b"M4A "), film(b"M4B ")]),
    "shortcuts": (
        formats.SHORTCUT,
        [b"[InternetShortcut]\r\nURL=x", b"\x4c\0\0\0\x01\x14\x02\0", b"book\0\0\0\0mark\0"],
    ),
    "mail": (formats.MAIL, [b"From: a\n\nb", b"Received: x\r\n", b"MIME-Version: 1.0\n", b"Return-Path: <a@b>\n"]),
    "Photoshop and its like": (formats.LAYERED, [b"8BPS\0\1", b"8BPS\0\2", b"gimp xcf file", b"gimp xcf v011"]),
    "JPEG XL": (formats.JXL, [b"\xff\x0a", b"\xff\x0a\1", b"\0\0\0\x0cJXL \r\n\x87\n"]),
    "JPEG 2000": (formats.JPEG_2000, [b"\0\0\0\x0cjP  \r\n", b"\xff\x4f\xff\x51\0"]),
    "JPEG XR": (formats.JPEG_XR, [b"II\xbc\1"]),
}


@pytest.mark.parametrize(("format", "contents"), BY_CONTENT.values(), ids=BY_CONTENT.keys())
def test_a_file_is_recognised_by_its_content_whatever_it_is_called(format: OtherFormat, contents: list[bytes]) -> None:
    for content in contents:
        assert recognise(content) == format, content[:40]
        with pytest.raises(PhotoError) as refused:
            admit(content, Limits())
        assert (refused.value.code, refused.value.message) == (format.kind.code, format.text)
        assert error_by_name(content, "IMG_1.jpg") is None, "its content tells"


def test_of_other_pictures_and_texts_no_more_is_said_than_is_known() -> None:
    for content in (film(b"avci"), film(b"jpeg"), b"GIF89a", b"BM", XML + b"<office:document/>"):
        with pytest.raises(PhotoError) as refused:
            admit(content, Limits())
        assert (refused.value.code, refused.value.message) == ("format_not_allowed", formats.OTHER_PICTURE.text)


@pytest.mark.parametrize(
    "content",
    [
        b"geen foto",
        b"x",
        b"\0" * 15,
        b"G" * 50,
        b"RIFF\1\0\0\0XXXX",
        b"bplist00\xd1\1\2Xwhatever",
        b"{}",
        b"Fromage: ja\n",
    ],
)
def test_of_any_other_content_nothing_is_said(content: bytes) -> None:
    assert recognise(content) is None
    assert error_by_content(content) is None
    with pytest.raises(NotAPhoto):
        admit(content, Limits())


@pytest.mark.parametrize(("name", "format"), FORMATS.items())
def test_a_name_tells_what_the_content_does_not(name: str, format: OtherFormat) -> None:
    for called in (f"foto{name}", f"FOTO{name.upper()}", f"a.jpg{name}", f".foto{name}"):
        assert named(called) == format
        told = error_by_name(b"onbekend", called)
        assert told is not None
        assert (told.code, told.message, told.hint) == (format.kind.code, format.text, format.advice)


@pytest.mark.parametrize("name", ["a.jpg", "a.HEIC", "a.txt", "a", "", ".", "..", "jxl", "a.jxl.jpg", "a.mov/", "pdf."])
def test_a_name_of_a_photo_or_of_anything_else_tells_nothing(name: str) -> None:
    assert named(name) is None or name == "a.mov/"


@pytest.mark.parametrize("ending", sorted(FORMATS))
def test_a_photo_is_a_photo_whatever_it_is_called(ending: str) -> None:
    out = io.BytesIO()
    Image.new("RGB", (40, 40)).save(out, "JPEG")
    assert is_taken(out.getvalue())
    assert error_by_name(out.getvalue(), f"foto{ending}") is None
    assert error_by_content(out.getvalue()) is None


def test_an_empty_file_is_empty_unless_its_name_says_that_it_is_still_to_come() -> None:
    assert error_by_name(b"", "a.jpg") is None
    assert error_by_name(b"", "a.pdf") is None
    told = error_by_name(b"", "a.jpg.icloud")
    assert told is not None
    assert told.code == "not_here_yet"


def test_a_name_says_no_more_of_what_is_known_to_be_a_picture() -> None:
    assert error_by_name(b"GIF89a", "a.pdf.mp3") is None
    assert error_by_name(b"GIF89a", "a.icloud") is None


@pytest.mark.parametrize("file", OTHER_FILES, ids=lambda file: file.name)
def test_each_says_what_it_is_what_to_do_and_that_it_is_not_to_be_published(file: OtherFile) -> None:
    try:
        told = error_by_name(file.content, file.name)
        if told is None:
            admit(file.content, Limits())
        assert told is not None
    except PhotoError as refused:
        told = refused
    failure = told.failure()
    assert failure.code == file.code
    for words, language in ((file.nl, "nl"), (file.en, "en")):
        error = failure.as_dict(language)
        assert words[0] in error["message"]
        assert words[1] in error["hint"]
        assert error["hint"].endswith(f"{UNTIL_THEN:{language}}")


def test_no_hint_advises_what_cannot_help() -> None:
    """A smaller film or archive is refused as well, and what is not there cannot be saved as anything."""
    for format in {*FORMATS.values(), formats.HOLLOW, formats.WEB_PAGE, formats.SHORTCUT, formats.SOUND}:
        for text in format.advice:
            assert "FOTOPOORT_" not in text
            assert "kleiner" not in text
            if format in (formats.ICLOUD, formats.ONLINE, formats.COPYING, formats.HOLLOW):
                assert "JPEG" not in text
