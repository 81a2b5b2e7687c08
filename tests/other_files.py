"""Files that hold no photo we take, as they lie in folders: what each door must say of them."""

from __future__ import annotations

import io
import plistlib
import zipfile
from dataclasses import dataclass


@dataclass(frozen=True)
class OtherFile:
    """A file, and what is said of it.

    Attributes:
        says: words that the error has, in Dutch and in English: what it is, and what to do.
        is_listed: in a folder it is one of the photos, which could not be judged; else it is only counted.
    """

    name: str
    content: bytes
    code: str
    nl: tuple[str, str]
    en: tuple[str, str]
    is_listed: bool = True


def zipped(*names: str) -> bytes:
    """A ZIP file with empty members, the first of them first."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "application/vnd.oasis.opendocument.text" if name == "mimetype" else b"")
    return out.getvalue()


def icloud(name: str) -> bytes:
    """What macOS leaves in the place of a file that is not downloaded."""
    return plistlib.dumps({"NSURLNameKey": name, "NSURLFileSizeKey": 123456}, fmt=plistlib.FMT_BINARY)


def film(brand: bytes) -> bytes:
    return b"\0\0\0\x14ftyp" + brand + b"\0\0\2\0" + brand + b"\0\0\0\x08mdat"


NOT_TAKEN, NO_PHOTO, NOT_HERE = "format_not_allowed", "not_a_photo", "not_here_yet"
EXPORT = ("Exporteer", "Export it as JPEG")
OTHER_FILES = [
    OtherFile("foto.jxl", b"\xff\x0a", NOT_TAKEN, ("JPEG XL", EXPORT[0]), ("JPEG XL", EXPORT[1])),
    OtherFile("foto.jp2", b"\0\0\0\x0cjP  \r\n\x87\n", NOT_TAKEN, ("JPEG 2000", EXPORT[0]), ("JPEG 2000", EXPORT[1])),
    OtherFile("DSC_1.NEF", b"MMOR of wat dan ook", NOT_TAKEN, ("raw-bestand", EXPORT[0]), ("raw camera", EXPORT[1])),
    OtherFile("IMG_1.CR3", film(b"crx "), NOT_TAKEN, ("raw-bestand", EXPORT[0]), ("raw camera", EXPORT[1])),
    OtherFile("foto.psd", b"8BPS\0\1", NOT_TAKEN, ("Photoshop", EXPORT[0]), ("Photoshop", EXPORT[1])),
    OtherFile("logo.svg", b"<svg xmlns='x'/>", NOT_TAKEN, ("SVG", EXPORT[0]), ("SVG", EXPORT[1])),
    OtherFile("klas.pdf", b"%PDF-1.7\n", NOT_TAKEN, ("PDF", "elke pagina"), ("PDF", "each page")),
    OtherFile(
        "brief.docx", zipped("[Content_Types].xml", "word/a"), NOT_TAKEN, ("Word", "eruit"), ("Word", "out of it")
    ),
    OtherFile("brief.odt", zipped("mimetype"), NOT_TAKEN, ("document", "eruit"), ("document", "out of it")),
    OtherFile(
        "oud.ppt", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), NOT_TAKEN, ("PowerPoint", "eruit"), ("Word", "out")
    ),
    OtherFile("fotos.zip", zipped("a.jpg"), NOT_TAKEN, ("ZIP", "Pak het eerst uit"), ("ZIP", "Unpack it first")),
    OtherFile("post.eml", b"From: a\nTo: b\n\nhoi", NOT_TAKEN, ("e-mail", "eruit"), ("e-mail", "out of it")),
    OtherFile("IMG_1.MOV", film(b"qt  "), NOT_TAKEN, ("video", "één beeld"), ("video", "one frame"), is_listed=False),
    OtherFile("VID_1.mp4", film(b"isom"), NOT_TAKEN, ("video", "één beeld"), ("video", "one frame"), is_listed=False),
    OtherFile("vreemd.avi", b"wie weet", NOT_TAKEN, ("video", "één beeld"), ("video", "one frame"), is_listed=False),
    OtherFile("nep.jpg", film(b"mp42"), NOT_TAKEN, ("video", "één beeld"), ("video", "one frame")),
    OtherFile(".IMG_2.HEIC.icloud", icloud("IMG_2.HEIC"), NOT_HERE, ("iCloud", "Download"), ("iCloud", "Download")),
    OtherFile("IMG_3.jpg.icloud", b"iets anders", NOT_HERE, ("iCloud", "Download"), ("iCloud", "Download")),
    OtherFile("IMG_4.jpg.nextcloud", b" ", NOT_HERE, ("online", "Download"), ("online", "Download")),
    OtherFile("IMG_5.jpg.part", b"half", NOT_HERE, ("gekopieerd", "Wacht"), ("copied", "Wait")),
    OtherFile("IMG_6.jpg", bytes(50_000), NOT_HERE, ("staat nog niets", "Download"), ("nothing", "Download")),
    OtherFile("leeg.jpg", b"", "empty_file", ("leeg", "Dropbox"), ("empty", "Dropbox")),
    OtherFile("pagina.jpg", b"<!DOCTYPE html><p>404", NO_PHOTO, ("webpagina", "browser"), ("web page", "browser")),
    OtherFile("los.jpg", b"geen foto", NO_PHOTO, ("geen foto", "fotoprogramma"), ("no picture", "photo program")),
    OtherFile(
        "lied.mp3", b"ID3\4\0", NO_PHOTO, ("geluid", "Noem een foto"), ("sound", "Name a photo"), is_listed=False
    ),
]
