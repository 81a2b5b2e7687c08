"""Texts out of bytes, and which of them a person may have written."""

from __future__ import annotations

import pytest

from fotopoort.photo.metadata.texts import MAX_TEXT, decoded, inside, other
from fotopoort.vocabulary import Hint, HintKind


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (b"Jet", "Jet"),
        ("Zoë".encode(), "Zoë"),
        ("Zoë".encode("latin-1"), "Zoë"),
        ("Zoë’s “tas” – €".encode("cp1252"), "Zoë’s “tas” – €"),
        (b"\0 Jet \r\n\0\0", "Jet"),
        (b"Jet\0Sem\0", "Jet\nSem"),
        (b"Jet\x81", "Jet\N{REPLACEMENT CHARACTER}"),
        (b"", ""),
    ],
)
def test_the_encoding_is_recognised_by_the_text(value: bytes, text: str) -> None:
    assert decoded(value) == text


@pytest.mark.parametrize(
    "text",
    [
        "Jet",
        "Bo",
        "Zoë",
        "Łucja",
        "张伟",
        "groep 5, 2024",
        "Person:Jet",
        "Kinderen/Groep 5/Jet",
        "mailto:jet@voorbeeld.nl",
        "zie http://voorbeeld.nl",
        "Abebe-Dade",
        "trueman",
        "Jet Voorbeeld " * 20,
    ],
)
def test_what_a_person_may_have_written(text: str) -> None:
    assert list(other("XMP x:y", text)) == [Hint(HintKind.TEXT, "XMP x:y", text.strip())]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n",
        "5",
        "1/250",
        "-0.5",
        "52,5.0N",
        "2024:05:06 07:08:09",
        "2024-05-06T07:08:09.12+02:00",
        "2024-05-06T07:08Z",
        "0, 0, 255, 255",
        "True",
        "false",
        "http://ns.adobe.com/xap/1.0/",
        "HTTPS://voorbeeld.nl/a?b=c",
        "uuid:faf5bdd5-ba3d-11da-ad31-d33d75182f1b",
        "urn:uuid:FAF5BDD5-ba3d-11da-ad31-d33d75182f1b",
        "xmp.did:018011740720681185DFA072021BDFE6",
        "adobe:docid:photoshop:84f0a1a2-1b5c-117b-8f3b-a2f3b0d4e4c1",
        "2a68f92da36c336e3d10aea5d25a2e20",
        "/9j/4AAQSkZJRgABAgEASABIAAD" * 20,
        "/9j/4AAQSkZJRgABAgEASABIAADiaFGgsklErTYUJDkskfUeuHAYGBNNVVSg\n+jhGTRDF75FdeeHT==",
    ],
)
def test_what_no_person_wrote(text: str) -> None:
    assert list(other("XMP x:y", text)) == []


@pytest.mark.parametrize(
    ("block", "text"),
    [
        pytest.param(b"\1\2Jet\0\3", "Jet", id="ends with a zero"),
        pytest.param(b"\1\2Jet", "Jet", id="ends with the block"),
        pytest.param(b"\1\2Jet Voorbeeld\xff\xfe", "Jet Voorbeeld", id="long"),
        pytest.param(b"\1\2JetV\xff\xfe", "", id="short, and without an end: mostly chance"),
        pytest.param(b"\1\2" + "Zoë".encode() + b"\0", "Zoë", id="UTF-8"),
        pytest.param(b"\1\2" + "Jet Proef".encode("utf-16-le") + b"\0\0", "Jet Proef", id="UTF-16, little-endian"),
        pytest.param(b"\1\2" + "Jet Proef".encode("utf-16-be") + b"\0\0", "Jet Proef", id="UTF-16, big-endian"),
        pytest.param(b"Jet\0\0\0\1Sem\0", "Jet\nSem", id="several"),
        pytest.param(b"0100\0+-12.5\0", "", id="numbers"),
        pytest.param(bytes(range(0x20)) * 9 + b"\x80\x90\xa0", "", id="no text"),
    ],
)
def test_texts_inside_a_block_of_unknown_make(block: bytes, text: str) -> None:
    assert inside(block) == text


def test_a_large_block_is_not_read_whole() -> None:
    assert len(inside(b"Jet\0" * 1_000_000)) <= MAX_TEXT
