"""Whoever wrote it and however: who is in the picture, and where, is read; of what is no region at all nothing is."""

from __future__ import annotations

import html
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.regions import DIALECTS, StatedRegion, Write, acdsee, apple, bag, iptc, mwg_attributes, mwg_elements, packet

from fotopoort.photo.regions.dialects import FileRegion, in_packet, read
from fotopoort.photo.regions.rdf import MAX_REGIONS
from fotopoort.photo.source import Blocks

SIZE = (1600, 1200)
LEFT, RIGHT = (0.1, 0.2, 0.15, 0.2), (0.6, 0.25, 0.125, 0.25)
# What programs write besides the ordinary: each is read as well by all of them.
VARIANTS = {
    "one": [StatedRegion("Tygo", LEFT)],
    "two": [StatedRegion("Tygo", LEFT), StatedRegion("Noor", RIGHT)],
    "unnamed": [StatedRegion(None, LEFT)],
    "named and unnamed": [StatedRegion(None, RIGHT), StatedRegion("Tygo de Vries", LEFT)],
    "accents": [StatedRegion("Zoë Ça&#x131;lar", LEFT)],
    "ampersand": [StatedRegion("Sem &amp; Noor", LEFT)],
    "Arabic": [StatedRegion("محمد", LEFT)],
    "on two lines": [StatedRegion("Tygo\n  de Vries ", LEFT)],
    "at the edge": [StatedRegion("Tygo", (0.0, 0.0, 0.1, 0.1)), StatedRegion("Noor", (0.9, 0.9, 0.1, 0.1))],
    "tiny": [StatedRegion("Tygo", (0.5, 0.5, 0.001, 0.001))],
    "all of it": [StatedRegion("Tygo", (0.0, 0.0, 1.0, 1.0))],
    "exponents": [StatedRegion("Tygo", (1.25e-1, 2.5e-1, 1e-1, 2e-1))],
}


def found_in(xmp: bytes) -> list[FileRegion]:
    return list(in_packet(xmp))


def fraction(region: FileRegion) -> tuple[float, ...] | None:
    """The area in parts of the sides."""
    if region.area is None:
        return None
    sides = (region.applied_to or (1, 1)) if region.in_pixels else (1, 1)
    return tuple(round(value / sides[n % 2], 6) for n, value in enumerate(region.area))


@pytest.mark.parametrize("said", VARIANTS.values(), ids=list(VARIANTS))
@pytest.mark.parametrize("write", DIALECTS.values(), ids=list(DIALECTS))
def test_every_dialect_is_read(write: Write, said: list[StatedRegion]) -> None:
    found = found_in(packet(write(said, SIZE)))
    names = [region.name and " ".join(html.unescape(region.name).split()) for region in said]
    areas = [tuple(round(value, 6) for value in region.area) for region in said]
    assert [region.name for region in found] == names
    assert [fraction(region) for region in found] == areas
    assert all(region.is_face for region in found)


@pytest.mark.parametrize("write", [mwg_attributes, mwg_elements, apple, acdsee], ids=lambda write: write.__name__)
def test_for_which_picture_they_were_written(write: Write) -> None:
    assert {region.applied_to for region in found_in(packet(write([StatedRegion(None, LEFT)], SIZE)))} == {SIZE}


def test_a_phone_names_nobody() -> None:
    (region,) = found_in(packet(apple([StatedRegion(None, LEFT)], SIZE)))
    assert (region.name, region.is_face) == (None, True)
    assert region.area == pytest.approx(LEFT)


@pytest.mark.parametrize("kind", ["Pet", "Focus", "BarCode", "pet", "FOCUS"])
@pytest.mark.parametrize("write", [mwg_attributes, mwg_elements, acdsee], ids=lambda write: write.__name__)
def test_animals_and_things_are_not_people(write: Write, kind: str) -> None:
    assert (
        found_in(packet(write([StatedRegion("Tygo", LEFT, kind), StatedRegion("Noor", RIGHT)], SIZE)))[0].name == "Noor"
    )


@pytest.mark.parametrize("write", [mwg_attributes, mwg_elements, acdsee], ids=lambda write: write.__name__)
def test_of_what_no_standard_knows_only_the_name_is_asked_about(write: Write) -> None:
    said = [StatedRegion("Tygo", LEFT, "HumanBody"), StatedRegion(None, RIGHT, "Salient")]
    assert [(region.name, region.is_face) for region in found_in(packet(write(said, SIZE)))] == [("Tygo", False)]


@pytest.mark.parametrize("kind", ["animal", "Dier", "plant", "building"])
def test_animals_and_things_of_the_iptc(kind: str) -> None:
    assert found_in(packet(iptc([StatedRegion("Tygo", LEFT, kind)]))) == []


def test_a_whole_person_is_asked_about_and_is_no_place_of_a_face() -> None:
    (region,) = found_in(packet(iptc([StatedRegion("Tygo", LEFT, "human")])))
    assert (region.name, region.is_face) == ("Tygo", False)


def test_other_shapes_of_the_iptc() -> None:
    def of(shape: str) -> FileRegion:
        parts = "".join(f"<Iptc4xmpExt:rb{name}>{value}</Iptc4xmpExt:rb{name}>" for name, value in eval_pairs(shape))
        boundary = f"<Iptc4xmpExt:RegionBoundary rdf:parseType='Resource'>{parts}</Iptc4xmpExt:RegionBoundary>"
        persons = f"<Iptc4xmpExt:PersonInImage>{bag(['<rdf:li>Tygo</rdf:li>'])}</Iptc4xmpExt:PersonInImage>"
        item = f"<rdf:li rdf:parseType='Resource'>{boundary}{persons}</rdf:li>"
        (region,) = found_in(packet(f"<Iptc4xmpExt:ImageRegion>{bag([item])}</Iptc4xmpExt:ImageRegion>"))
        return region

    def eval_pairs(shape: str) -> list[tuple[str, str]]:
        return [(name, value) for name, _, value in (part.partition("=") for part in shape.split(" "))]

    assert of("Shape=circle Unit=relative X=0.5 Y=0.5 Rx=0.1").area == pytest.approx((0.4, 0.4, 0.2, 0.2))
    pixels = of("Shape=rectangle Unit=pixel X=100 Y=200 W=50 H=60")
    assert (pixels.area, pixels.in_pixels, pixels.name) == ((100, 200, 50, 60), True, "Tygo")


def test_a_polygon() -> None:
    points = "".join(
        f"<rdf:li rdf:parseType='Resource'><Iptc4xmpExt:rbX>{x}</Iptc4xmpExt:rbX><Iptc4xmpExt:rbY>{y}</Iptc4xmpExt:rbY>"
        "</rdf:li>"
        for x, y in ((0.2, 0.3), (0.4, 0.35), (0.3, 0.6))
    )
    boundary = (
        "<Iptc4xmpExt:RegionBoundary rdf:parseType='Resource'><Iptc4xmpExt:rbUnit>relative</Iptc4xmpExt:rbUnit>"
        f"<Iptc4xmpExt:rbVertices><rdf:Seq>{points}</rdf:Seq></Iptc4xmpExt:rbVertices></Iptc4xmpExt:RegionBoundary>"
        "<Iptc4xmpExt:Name>Tygo</Iptc4xmpExt:Name>"
    )
    item = f"<rdf:li rdf:parseType='Resource'>{boundary}</rdf:li>"
    (region,) = found_in(packet(f"<Iptc4xmpExt:ImageRegion>{bag([item])}</Iptc4xmpExt:ImageRegion>"))
    assert region.area == pytest.approx((0.2, 0.3, 0.2, 0.3))


NAMES = {
    "IPTC": ("<Iptc4xmpExt:PersonInImage><rdf:Bag><rdf:li>Tygo</rdf:li><rdf:li>Noor</rdf:li></rdf:Bag>"
             "</Iptc4xmpExt:PersonInImage>", "Tygo Noor"),
    "IPTC, plain": ("<Iptc4xmpExt:PersonInImage>Tygo</Iptc4xmpExt:PersonInImage>", "Tygo"),
    "IPTC, with details": (
        "<Iptc4xmpExt:PersonInImageWDetails><rdf:Bag><rdf:li rdf:parseType='Resource'><Iptc4xmpExt:PersonName><rdf:Alt>"
        "<rdf:li xml:lang='x-default'>Tygo</rdf:li></rdf:Alt></Iptc4xmpExt:PersonName></rdf:li></rdf:Bag>"
        "</Iptc4xmpExt:PersonInImageWDetails>", "Tygo"),
    "digiKam": ("<digiKam:TagsList><rdf:Seq><rdf:li>People/Tygo</rdf:li><rdf:li>Plaatsen/Utrecht</rdf:li>"
                "<rdf:li>People/Groep 5/Noor</rdf:li><rdf:li>People</rdf:li></rdf:Seq></digiKam:TagsList>",
                "Tygo Noor"),
    "digiKam, Dutch": ("<digiKam:TagsList><rdf:Seq><rdf:li>Personen/Tygo</rdf:li></rdf:Seq></digiKam:TagsList>",
                       "Tygo"),
    "Lightroom": ("<lr:hierarchicalSubject><rdf:Bag><rdf:li>people|Tygo</rdf:li><rdf:li>sport|Noor</rdf:li></rdf:Bag>"
                  "</lr:hierarchicalSubject>", "Tygo"),
    "Windows": ("<MicrosoftPhoto:LastKeywordXMP><rdf:Bag><rdf:li>People/Tygo</rdf:li></rdf:Bag>"
                "</MicrosoftPhoto:LastKeywordXMP>", "Tygo"),
    "Expression Media": ("<expressionmedia:People><rdf:Bag><rdf:li>Tygo</rdf:li></rdf:Bag></expressionmedia:People>",
                         "Tygo"),
    "Microsoft without a rectangle": (
        "<MP:RegionInfo rdf:parseType='Resource'><MPRI:Regions><rdf:Bag><rdf:li MPReg:PersonDisplayName='Tygo'/>"
        "</rdf:Bag></MPRI:Regions></MP:RegionInfo>", "Tygo"),
    "MWG without an area": (
        "<mwg-rs:Regions rdf:parseType='Resource'><mwg-rs:RegionList><rdf:Bag><rdf:li mwg-rs:Name='Tygo'"
        " mwg-rs:Type='Face'/></rdf:Bag></mwg-rs:RegionList></mwg-rs:Regions>", "Tygo"),
    "nobody in particular": ("<digiKam:TagsList><rdf:Seq><rdf:li>People/Unknown</rdf:li></rdf:Seq>"
                             "</digiKam:TagsList>", ""),
}  # fmt: skip


@pytest.mark.parametrize(("inside", "names"), NAMES.values(), ids=list(NAMES))
def test_names_without_a_place(inside: str, names: str) -> None:
    found = found_in(packet(inside))
    assert [region.name for region in found] == names.split()
    assert all(region.area is None and not region.is_face for region in found)


def test_a_name_that_was_denied_names_nobody() -> None:
    denied = acdsee([StatedRegion("Tygo", LEFT)], SIZE).replace(">manual<", ">denied<")
    (region,) = found_in(packet(denied))
    assert (region.name, region.is_face) == (None, True)


def test_words_for_nobody() -> None:
    said = [StatedRegion(name, LEFT) for name in ("Unknown", "Onbekend", "ffffffffffffffff", "  ")]
    assert {region.name for region in found_in(packet(mwg_elements(said, SIZE)))} == {None}


# --- what cannot be --------------------------------------------------------------------------------------

IMPOSSIBLE = {
    "not a number": ("nan", "0.2", "0.1", "0.1"),
    "infinite": ("0.1", "0.2", "inf", "0.1"),
    "far too large a number": ("0.1", "0.2", "1e999", "0.1"),
    "negative": ("0.1", "0.2", "-0.1", "0.1"),
    "no width": ("0.1", "0.2", "0", "0.1"),
    "wider than the picture": ("0.5", "0.5", "3", "0.1"),
    "beside the picture": ("4", "0.2", "0.1", "0.1"),
    "above the picture": ("0.4", "-5", "0.1", "0.1"),
    "no numbers": ("a", "b", "c", "d"),
    "nothing": ("", "", "", ""),
    "a long number": ("0." + "1" * 100_000, "x" * 100_000, "0.1", "0.1"),
}


@pytest.mark.parametrize("sides", IMPOSSIBLE.values(), ids=list(IMPOSSIBLE))
@pytest.mark.parametrize("name", ["Tygo", ""])
def test_an_area_that_cannot_be_is_none_and_the_name_counts(sides: tuple[str, ...], name: str) -> None:
    area = " ".join(f"stArea:{side}='{value}'" for side, value in zip("xywh", sides, strict=True))
    named = f"mwg-rs:Name='{name}'" if name else ""
    item = f"<rdf:li><rdf:Description {named} mwg-rs:Type='Face'><mwg-rs:Area {area}/></rdf:Description></rdf:li>"
    found = found_in(
        packet(
            f"<mwg-rs:Regions rdf:parseType='Resource'><mwg-rs:RegionList>{bag([item])}</mwg-rs:RegionList>"
            "</mwg-rs:Regions>"
        )
    )
    assert found == ([FileRegion("Tygo")] if name else [])


@pytest.mark.parametrize(
    "rectangle", ["", ",", "0.1,0.2,0.3", "0.1, 0.2, 0.3, 0.4, 0.5", "x", "nan,nan,nan,nan", "9,9,9,9"]
)
def test_a_rectangle_that_is_none(rectangle: str) -> None:
    item = f"<rdf:li MPReg:Rectangle='{rectangle}' MPReg:PersonDisplayName='Tygo'/>"
    assert found_in(
        packet(f"<MP:RegionInfo rdf:parseType='Resource'><MPRI:Regions>{bag([item])}</MPRI:Regions></MP:RegionInfo>")
    ) == [FileRegion("Tygo")]


# --- hostile ---------------------------------------------------------------------------------------------


def test_no_more_regions_than_people_in_a_photo() -> None:
    many = [StatedRegion(f"Kind {n}", (n / 20_000, 0.1, 0.01, 0.01)) for n in range(10_000)]
    for write in DIALECTS.values():
        assert len(read(Blocks(xmp=(packet(write(many, SIZE)),) * 20))) <= MAX_REGIONS
    names = "".join(f"<rdf:li>Kind {n}</rdf:li>" for n in range(10_000))
    persons = f"<Iptc4xmpExt:PersonInImage><rdf:Bag>{names}</rdf:Bag></Iptc4xmpExt:PersonInImage>"
    assert len(read(Blocks(xmp=(packet(persons),)))) <= MAX_REGIONS


def test_what_is_nested_a_thousand_deep_ends_there() -> None:
    for element in ("rdf:Description", "rdf:Bag", "rdf:li", "mwg-rs:Regions", "Iptc4xmpExt:ImageRegion"):
        deep = f"<{element}>" * 1000 + mwg_elements([StatedRegion("Noor", LEFT)]) + f"</{element}>" * 1000
        found = found_in(packet(mwg_attributes([StatedRegion("Tygo", LEFT)], SIZE) + deep))
        assert found[0].name == "Tygo"


def test_no_entity_is_expanded() -> None:
    bomb = "".join(f"<!ENTITY e{n} '{f'&e{n - 1};' * 10 if n else 'Tygo'}'>" for n in range(10))
    xmp = packet(mwg_elements([StatedRegion("&e9;", LEFT)], SIZE))
    assert found_in(f"<!DOCTYPE x [{bomb}]>".encode() + xmp.split(b"?>", 1)[1]) == []


def test_a_long_packet_is_read_as_far_as_any_is() -> None:
    long = packet(mwg_elements([StatedRegion("Tygo", LEFT)], SIZE) + "<xmp:Label>" + "x" * 50_000_000 + "</xmp:Label>")
    assert [region.name for region in found_in(long)] == ["Tygo"]


def test_a_long_name_is_cut_off() -> None:
    (region,) = found_in(packet(mwg_elements([StatedRegion("T" * 1_000_000, LEFT)], SIZE)))
    assert len(region.name or "") <= 200


@pytest.mark.parametrize("write", DIALECTS.values(), ids=list(DIALECTS))
def test_wherever_it_is_cut_off_nothing_fails(write: Write) -> None:
    whole = packet(write([StatedRegion("Tygo", LEFT), StatedRegion("Noor", RIGHT)], SIZE))
    for end in range(0, len(whole), 7):
        names = {region.name for region in found_in(whole[:end])}
        assert names <= {None, "Tygo", "Noor"} or all(
            "Tygo".startswith(n or "") or "Noor".startswith(n or "") for n in names
        )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_encodings(encoding: str) -> None:
    text = packet(mwg_elements([StatedRegion("Zoë", LEFT)], SIZE)).decode()
    text = text[text.index("<x:xmpmeta") :]
    assert [region.name for region in found_in(text.encode(encoding))] == ["Zoë"]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 2000), st.sampled_from(sorted(DIALECTS)))
def test_whatever_is_put_in_between_nothing_fails(junk: bytes, at: int, dialect: str) -> None:
    whole = packet(DIALECTS[dialect]([StatedRegion("Tygo", LEFT)], SIZE))
    for region in found_in(whole[:at] + junk + whole[at:]):
        assert region.area is None or all(map(math.isfinite, region.area))


def test_no_region_says_its_name_by_itself() -> None:
    assert "Tygo" not in repr(found_in(packet(mwg_elements([StatedRegion("Tygo", LEFT)], SIZE))))
