"""Files that are not accepted as photos: errors that say what each kind is, and what the user can do instead.

A file is recognised by its content. Where that says nothing, its name may: of a video that begins unusually, a raw file
of an unknown camera, or a file that a program for synchronising folders has not fetched yet.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from fotopoort.errors import FormatNotAllowed, NotAPhoto, NotHereYet, PhotoError
from fotopoort.vocabulary import Text

HEAD: Final = 4096  # bytes of a file that are looked at here


@dataclass(frozen=True, slots=True)
class OtherFormat:
    """A kind of file that is not accepted as a photo.

    Attributes:
        kind: of error; with it go the code and the status.
        text: what the file is.
        advice: what to do instead.
    """

    kind: type[PhotoError]
    text: Text
    advice: Text

    def error(self) -> PhotoError:
        """The error that such a file meets at every door."""
        return self.kind(self.text, hint=self.advice)


def _not_judged(nl: str, en: str) -> Text:
    return Text(f"Dit is {nl}. Zo'n bestand wordt niet beoordeeld.", f"This is {en}. Such a file is not judged.")


EXPORT: Final = Text("Exporteer het als JPEG.", "Export it as JPEG.")
TAKE_OUT: Final = Text(
    "Haal de foto's eruit, bewaar elke foto als JPEG en laat die beoordelen.",
    "Take the photos out of it, save each as JPEG and have those judged.",
)
FETCH: Final = NotHereYet.advice

JXL = OtherFormat(FormatNotAllowed, _not_judged("een JPEG XL-bestand", "a JPEG XL file"), EXPORT)
JPEG_2000 = OtherFormat(FormatNotAllowed, _not_judged("een JPEG 2000-bestand", "a JPEG 2000 file"), EXPORT)
JPEG_XR = OtherFormat(FormatNotAllowed, _not_judged("een JPEG XR-bestand", "a JPEG XR file"), EXPORT)
RAW = OtherFormat(
    FormatNotAllowed, Text("Dit is een raw-bestand uit een camera.", "This is a raw camera file."), EXPORT
)
OTHER_PICTURE = OtherFormat(FormatNotAllowed, FormatNotAllowed.text, FormatNotAllowed.advice)
LAYERED = OtherFormat(
    FormatNotAllowed,
    _not_judged("een bestand van een fotobewerker, zoals Photoshop", "a file of a photo editor, such as Photoshop"),
    EXPORT,
)
DRAWING = OtherFormat(
    FormatNotAllowed,
    _not_judged("een tekening, zoals SVG of Illustrator", "a drawing, such as SVG or Illustrator"),
    EXPORT,
)
PDF = OtherFormat(
    FormatNotAllowed,
    _not_judged("een PDF", "a PDF"),
    Text(
        "Bewaar elke pagina, of elke foto erin, als afbeelding (JPEG) en laat die beoordelen.",
        "Save each page, or each photo in it, as a picture (JPEG) and have those judged.",
    ),
)
OFFICE = OtherFormat(
    FormatNotAllowed,
    _not_judged("een document, zoals van Word of PowerPoint", "a document, as of Word or PowerPoint"),
    TAKE_OUT,
)
MAIL = OtherFormat(FormatNotAllowed, _not_judged("een e-mailbericht", "an e-mail message"), TAKE_OUT)
ARCHIVE = OtherFormat(
    FormatNotAllowed,
    _not_judged("een ingepakt bestand, zoals ZIP", "an archive, such as ZIP"),
    Text(
        "Pak het eerst uit en laat de foto's die erin zitten beoordelen.",
        "Unpack it first, and have the photos in it judged.",
    ),
)
VIDEO = OtherFormat(
    FormatNotAllowed,
    _not_judged("een video", "a video"),
    Text(
        "Alleen een stilstaande foto kan worden beoordeeld: sla één beeld ervan op als JPEG.",
        "Only a still photo can be judged: save one frame of it as JPEG.",
    ),
)
SOUND = OtherFormat(
    NotAPhoto, _not_judged("een geluidsbestand", "a sound file"), Text("Noem een foto.", "Name a photo.")
)
WEB_PAGE = OtherFormat(
    NotAPhoto,
    _not_judged("een webpagina, geen foto", "a web page, not a photo"),
    Text(
        "Open de pagina in een browser, bewaar daar de foto zelf en laat die beoordelen.",
        "Open the page in a browser, save the photo itself from there and have that judged.",
    ),
)
SHORTCUT = OtherFormat(
    NotAPhoto,
    _not_judged("een snelkoppeling, niet de foto zelf", "a shortcut, not the photo itself"),
    Text("Neem het bestand waar hij naar verwijst.", "Take the file that it leads to."),
)
ICLOUD = OtherFormat(
    NotHereYet,
    Text(
        "De foto staat nog in iCloud en is niet op deze computer gedownload.",
        "The photo is still in iCloud and was not downloaded to this computer.",
    ),
    Text(
        "Download hem eerst, in Finder of op icloud.com, en laat hem dan beoordelen.",
        "Download it first, in Finder or at icloud.com, and have it judged then.",
    ),
)
ONLINE = OtherFormat(
    NotHereYet,
    Text(
        "De foto staat alleen online en is niet op deze computer gedownload.",
        "The photo is online only and was not downloaded to this computer.",
    ),
    FETCH,
)
COPYING = OtherFormat(
    NotHereYet,
    Text("Het bestand wordt nog gekopieerd of gedownload.", "The file is still being copied or downloaded."),
    Text("Wacht tot dat klaar is en probeer het dan opnieuw.", "Wait until that is done, and then try it again."),
)
HOLLOW = OtherFormat(
    NotHereYet,
    Text(
        "In het bestand staat nog niets: het wordt nog gekopieerd, of staat alleen online.",
        "There is nothing in the file yet: it is still being copied, or is online only.",
    ),
    FETCH,
)

_ENDINGS: Final[dict[OtherFormat, str]] = {
    JXL: "jxl",
    JPEG_2000: "jp2 j2k j2c jpc jpf jpx jpm jph jhc",
    JPEG_XR: "jxr wdp hdp",
    RAW: (
        "dng cr2 cr3 crw nef nrw arw srf sr2 raf orf rw2 rwl pef ptx srw x3f 3fr fff iiq eip mef mos mrw dcr kdc k25"
        " erf raw gpr bay cap dcs drf mdc r3d ari braw"
    ),
    LAYERED: "psd psb xcf kra ora afphoto af clip pdn procreate sketch cpt psp pspimage",
    DRAWING: "svg svgz ai eps ps indd idml cdr afdesign afpub emf wmf",
    OTHER_PICTURE: "tga pcx pnm ppm pgm pbm pam exr hdr dds qoi sgi rgb xpm xbm flif bpg pict pct dcm fits jps pns mng",
    PDF: "pdf",
    OFFICE: "doc docx docm dot dotx ppt pptx pptm pps ppsx pot potx pub odt odp odg rtf pages key vsd vsdx one xps"
    " oxps djvu",
    MAIL: "eml msg mbox",
    ARCHIVE: "zip zipx rar 7z tar gz tgz bz2 xz zst cbz cbr sit dmg iso",
    VIDEO: (
        "mov mp4 m4v qt 3gp 3g2 avi mkv webm wmv asf flv f4v mpg mpeg mpe m2v vob mts m2ts ts mj2 ogv dv mod tod lrv"
        " insv 360 hevc h264 h265"
    ),
    ICLOUD: "icloud",
    ONLINE: "cloud cloudf nextcloud owncloud opencloud",
    COPYING: "part partial crdownload opdownload filepart download downloading !ut !qb !sync tmp aria2 fdmdownload",
}
FORMATS: Final[dict[str, OtherFormat]] = {
    f".{ending}": format for format, endings in _ENDINGS.items() for ending in endings.split()
}

_OTHER_BRANDS: Final[dict[bytes, OtherFormat]] = {
    b"crx ": RAW,
    **dict.fromkeys((b"M4A ", b"M4B ", b"M4P ", b"F4A "), SOUND),
    **dict.fromkeys((b"avci", b"avcs", b"j2ki", b"j2is", b"jpeg", b"jpgs", b"vvic", b"evbi"), OTHER_PICTURE),
}
_ISO_VIDEO_BOXES = (b"moov", b"mdat", b"wide", b"skip", b"pnot")  # a QuickTime film of before `ftyp`
_STARTS: Final[tuple[tuple[bytes, OtherFormat], ...]] = (
    (b"\xff\x0a", JXL),
    (b"\0\0\0\x0cJXL ", JXL),
    (b"\0\0\0\x0cjP  ", JPEG_2000),
    (b"\xff\x4f\xff\x51", JPEG_2000),
    (b"II\xbc", JPEG_XR),
    (b"8BPS", LAYERED),
    (b"gimp xcf", LAYERED),
    (b"%!PS", DRAWING),
    (b"\xc5\xd0\xd3\xc6", DRAWING),
    (b"{\\rtf", OFFICE),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OFFICE),
    (b"Rar!\x1a\x07", ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", ARCHIVE),
    (b"\x1f\x8b", ARCHIVE),
    (b"BZh", ARCHIVE),
    (b"\xfd7zXZ\0", ARCHIVE),
    (b"\x1a\x45\xdf\xa3", VIDEO),
    (b"\0\0\1\xba", VIDEO),
    (b"\0\0\1\xb3", VIDEO),
    (b"FLV\1", VIDEO),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", VIDEO),
    (b"ID3", SOUND),
    (b"fLaC", SOUND),
    (b"\x4c\0\0\0\x01\x14\x02\0", SHORTCUT),
    (b"[InternetShortcut]", SHORTCUT),
    (b"book\0\0\0\0mark", SHORTCUT),
)
_TRANSPORT_STREAMS = ((0, 188), (4, 192))  # of a camcorder: where the first 0x47 stands, and how far apart they are


def recognise(data: bytes) -> OtherFormat | None:
    """The kind of file by its content; None: it cannot be told, or the format is accepted.

    Args:
        data: the whole file, or at least its first `HEAD` bytes.
    """
    head = data[:HEAD]
    if len(head) >= 16 and not head.strip(b"\0"):
        return HOLLOW
    for start, format in _STARTS:
        if head.startswith(start):
            return format
    if head.startswith(b"RIFF"):
        return {b"AVI ": VIDEO, b"WAVE": SOUND}.get(head[8:12])
    if head[4:8] == b"ftyp":
        return _OTHER_BRANDS.get(head[8:12], VIDEO)
    if head[4:8] in _ISO_VIDEO_BOXES:
        return VIDEO
    if head.startswith((b"PK\3\4", b"PK\5\6", b"PK\7\x08")):
        return _of_zip(head)
    if any(head[at::step][:5].strip(b"\x47") == b"" and len(head) > at + 4 * step for at, step in _TRANSPORT_STREAMS):
        return VIDEO
    if head[257:262] == b"ustar":
        return ARCHIVE
    if head.startswith(b"bplist00"):
        return ICLOUD if b"NSURL" in head else SHORTCUT if b"URL" in head else None
    return PDF if b"%PDF-" in head[:1024] else _of_text(head)


def _of_zip(head: bytes) -> OtherFormat:
    if head[30:38] == b"mimetype":
        return LAYERED if b"openraster" in head[38:90] or b"krita" in head[38:90] else OFFICE
    return OFFICE if re.search(rb"\[Content_Types\]\.xml|word/|ppt/|xl/|Index/Document\.iwa", head) else ARCHIVE


def _of_text(head: bytes) -> OtherFormat | None:
    encoding = "utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "latin-1"
    text = head.decode(encoding, errors="replace").removeprefix("\xef\xbb\xbf").lstrip().lower()
    text = re.sub(r"\A(\s*<!--.*?-->)+\s*", "", text, flags=re.DOTALL)
    if re.match(r"<!doctype html|<(html|head|body|meta|title|script|iframe|div)\b", text):
        return WEB_PAGE
    if text.startswith(("<svg", "<?xml", "<!doctype svg")):
        if "nsurl" in text:
            return ICLOUD
        return WEB_PAGE if "<html" in text or "doctype html" in text else DRAWING if "svg" in text else None
    if re.match(r"(mime-version|return-path|received|delivered-to|from|message-id): .*\n", text):
        return MAIL
    return None


def named(name: str) -> OtherFormat | None:
    """The kind of file by the ending of its name; None: the format is accepted, or could never hold a photo."""
    return FORMATS.get(PurePath(name.lower()).suffix)
