"""Every text in IPTC records becomes a hint, whatever its encoding; and what Photoshop wraps around them is opened."""

from __future__ import annotations

import struct

import pytest
from tests.unit.photo.metadata.blocks import resource

from fotopoort.photo.metadata.iptc import MAX_DATASETS, read, resources
from fotopoort.vocabulary import Hint, HintKind


def record(dataset: int, text: bytes, number: int = 2) -> bytes:
    return b"\x1c" + bytes([number, dataset]) + struct.pack(">H", len(text)) + text


def hints_in(block: bytes) -> list[Hint]:
    first, *others = read(block)
    assert first == Hint(HintKind.IPTC, "IPTC")
    return others


def test_known_fields_keep_their_kind_and_any_other_is_a_text() -> None:
    block = record(5, b"Sportdag", number=1) + b"".join(
        record(dataset, b"Jet %d" % dataset) for dataset in (25, 80, 90, 105, 120, 122, 7, 26, 101, 221)
    )
    assert hints_in(block + record(25, b"Sem", number=9)) == [
        Hint(HintKind.TEXT, "IPTC 1:5", "Sportdag"),
        Hint(HintKind.CAPTION, "IPTC Keywords", "Jet 25"),
        Hint(HintKind.PERSON_NAME, "IPTC By-line", "Jet 80"),
        Hint(HintKind.TEXT, "IPTC City", "Jet 90"),
        Hint(HintKind.CAPTION, "IPTC Headline", "Jet 105"),
        Hint(HintKind.CAPTION, "IPTC Caption/Abstract", "Jet 120"),
        Hint(HintKind.PERSON_NAME, "IPTC Writer/Editor", "Jet 122"),
        Hint(HintKind.TEXT, "IPTC 2:7", "Jet 7"),
        Hint(HintKind.TEXT, "IPTC 2:26", "Jet 26"),
        Hint(HintKind.TEXT, "IPTC 2:101", "Jet 101"),
        Hint(HintKind.TEXT, "IPTC 2:221", "Jet 221"),
        Hint(HintKind.TEXT, "IPTC 9:25", "Sem"),
    ]


@pytest.mark.parametrize("declared", [b"", record(90, b"\x1b%G", number=1), record(90, b"\x1b.A", number=1)])
@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "cp1252"])
def test_a_text_in_any_alphabet_whatever_is_declared(declared: bytes, encoding: str) -> None:
    block = declared + record(120, "Zoë en Noël".encode(encoding))
    assert hints_in(block) == [Hint(HintKind.CAPTION, "IPTC Caption/Abstract", "Zoë en Noël")]


def test_dates_and_versions_are_no_hints() -> None:
    assert hints_in(record(0, b"\0\4") + record(55, b"20240506") + record(60, b"070809+0200") + record(120, b"")) == []


def test_a_caption_longer_than_its_length_can_say() -> None:
    extended = b"\x1c\x02\x78\x80\x04" + struct.pack(">I", 40_000) + b"Jet ".ljust(40_000, b".")
    caption, keyword = hints_in(extended + record(25, b"Sem"))
    assert caption.text == "Jet ".ljust(40_000, ".")
    assert keyword.text == "Sem"


@pytest.mark.parametrize(
    ("block", "texts"),
    [
        pytest.param(record(25, b"Jet") + b"\x1c\x02\x50", ["Jet"], id="cut off in a header"),
        pytest.param(record(25, b"Jet") + record(80, b"Ans Proef")[:-6], ["Jet", "Ans"], id="cut off in a text"),
        pytest.param(record(25, b"Jet") + b"\0\0?" + record(80, b"Ans"), ["Jet", "Ans"], id="bytes between"),
        pytest.param(b"", [], id="empty"),
    ],
)
def test_a_mistake_costs_what_it_touches(block: bytes, texts: list[str]) -> None:
    assert [hint.text for hint in hints_in(block)] == texts


def test_there_is_an_end_to_what_is_read() -> None:
    assert len(hints_in(record(25, b"Jet") * 2 * MAX_DATASETS)) == MAX_DATASETS


def test_photoshops_resources() -> None:
    block = resource(b"12345", 0x03ED, b"odd") + resource(record(25, b"Jet"), name=b"even") + resource(b"", 0x0BB7)
    assert list(resources(b"Photoshop 3.0\0" + block)) == [
        (0x03ED, b"odd", b"12345"),
        (0x0404, b"even", record(25, b"Jet")),
        (0x0BB7, b"", b""),
    ]


@pytest.mark.parametrize("cut", range(1, 30))
def test_resources_that_are_cut_off(cut: int) -> None:
    block = resource(record(25, b"Jet")) + resource(record(25, b"Sem"))
    assert next(resources(block[:-cut] if cut < 20 else block[: len(block) // 2])) == (0x0404, b"", record(25, b"Jet"))
