"""XMP in which a program says who is in a photo, written by code in the manner of each program."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

SPACES: Final = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "mwg-rs": "http://www.metadataworkinggroup.com/schemas/regions/",
    "stArea": "http://ns.adobe.com/xmp/sType/Area#",
    "stDim": "http://ns.adobe.com/xap/1.0/sType/Dimensions#",
    "MP": "http://ns.microsoft.com/photo/1.2/",
    "MPRI": "http://ns.microsoft.com/photo/1.2/t/RegionInfo#",
    "MPReg": "http://ns.microsoft.com/photo/1.2/t/Region#",
    "acdsee-rs": "http://ns.acdsee.com/regions/",
    "acdsee-stArea": "http://ns.acdsee.com/sType/Area#",
    "acdsee-stDim": "http://ns.acdsee.com/sType/Dimensions#",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "digiKam": "http://www.digikam.org/ns/1.0/",
    "lr": "http://ns.adobe.com/lightroom/1.0/",
    "MicrosoftPhoto": "http://ns.microsoft.com/photo/1.0/",
    "apple-fi": "http://ns.apple.com/faceinfo/1.0/",
    "expressionmedia": "http://ns.microsoft.com/expressionmedia/1.0/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
}


@dataclass(frozen=True)
class StatedRegion:
    """That somebody is in a picture: x, y, width and height from the top left, in parts of its sides."""

    name: str | None = None
    area: tuple[float, ...] = (0.25, 0.25, 0.25, 0.25)
    kind: str = "Face"


Write = Callable[..., str]  # of regions and the picture's size, what stands in a packet


def packet(inside: str, attributes: str = "") -> bytes:
    """A whole packet with this in its description."""
    spaces = " ".join(f"xmlns:{prefix}='{space}'" for prefix, space in SPACES.items())
    return (
        "<?xpacket begin='\ufeff' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x='adobe:ns:meta/'>"
        f"<rdf:RDF {spaces}><rdf:Description rdf:about='' {attributes}>{inside}</rdf:Description></rdf:RDF></x:xmpmeta>"
        "<?xpacket end='w'?>"
    ).encode()


def with_xmp(jpeg: bytes, xmp: bytes) -> bytes:
    """A JPEG that carries this packet too."""
    body = b"http://ns.adobe.com/xap/1.0/\0" + xmp
    return jpeg[:2] + struct.pack(">BBH", 0xFF, 0xE1, len(body) + 2) + body + jpeg[2:]


def bag(items: list[str], kind: str = "Bag") -> str:
    return f"<rdf:{kind}>{''.join(items)}</rdf:{kind}>"


def _centre(said: StatedRegion) -> tuple[float, float, float, float]:
    x, y, w, h = said.area
    return x + w / 2, y + h / 2, w, h


def mwg_attributes(said: list[StatedRegion], size: tuple[int, int] | None = None, unit: str = "normalized") -> str:
    """As Adobe's library writes it: structures as attributes."""
    items = []
    for region in said:
        x, y, w, h = _centre(region)
        name = f"mwg-rs:Name='{region.name}'" if region.name else ""
        kind = f"mwg-rs:Type='{region.kind}'" if region.kind else ""
        area = f"<mwg-rs:Area stArea:x='{x}' stArea:y='{y}' stArea:w='{w}' stArea:h='{h}' stArea:unit='{unit}'/>"
        items.append(f"<rdf:li><rdf:Description {name} {kind}>{area}</rdf:Description></rdf:li>")
    dimensions = (
        f"<mwg-rs:AppliedToDimensions stDim:w='{size[0]}' stDim:h='{size[1]}' stDim:unit='pixel'/>" if size else ""
    )
    return (
        f"<mwg-rs:Regions rdf:parseType='Resource'>{dimensions}<mwg-rs:RegionList>{bag(items)}</mwg-rs:RegionList>"
        "</mwg-rs:Regions>"
    )


def mwg_elements(said: list[StatedRegion], size: tuple[int, int] | None = None, unit: str = "normalized") -> str:
    """As exiftool and many others write it: an element for everything."""
    items = []
    for region in said:
        sides = "".join(
            f"<stArea:{side}>{value}</stArea:{side}>" for side, value in zip("xywh", _centre(region), strict=True)
        )
        name = f"<mwg-rs:Name>{region.name}</mwg-rs:Name>" if region.name else ""
        kind = f"<mwg-rs:Type>{region.kind}</mwg-rs:Type>" if region.kind else ""
        items.append(
            f"<rdf:li rdf:parseType='Resource'><mwg-rs:Area rdf:parseType='Resource'>{sides}"
            f"<stArea:unit>{unit}</stArea:unit></mwg-rs:Area>{name}{kind}</rdf:li>"
        )
    dimensions = (
        f"<mwg-rs:AppliedToDimensions rdf:parseType='Resource'><stDim:w>{size[0]}</stDim:w><stDim:h>{size[1]}</stDim:h>"
        "<stDim:unit>pixel</stDim:unit></mwg-rs:AppliedToDimensions>"
        if size
        else ""
    )
    return (
        f"<mwg-rs:Regions rdf:parseType='Resource'>{dimensions}<mwg-rs:RegionList>{bag(items, 'Seq')}"
        "</mwg-rs:RegionList></mwg-rs:Regions>"
    )


def mwg_pixels(said: list[StatedRegion], size: tuple[int, int] | None = None) -> str:
    """In pixels: against the standard, and written all the same."""
    width, height = size or (1600, 1200)
    sides = (width, height, width, height)
    pixels = [
        replace(region, area=tuple(value * side for value, side in zip(region.area, sides, strict=True)))
        for region in said
    ]
    return mwg_attributes(pixels, (width, height), "pixel")


def apple(said: list[StatedRegion], size: tuple[int, int] | None = None) -> str:
    """A phone's: MWG with what its face finder measured, and no names."""
    items = []
    for region in said:
        x, y, w, h = _centre(region)
        items.append(
            f"<rdf:li rdf:parseType='Resource'><mwg-rs:Type>{region.kind}</mwg-rs:Type><mwg-rs:Extensions"
            " rdf:parseType='Resource'><apple-fi:AngleInfoYaw>0</apple-fi:AngleInfoYaw>"
            "<apple-fi:FaceID>7</apple-fi:FaceID><apple-fi:ConfidenceLevel>512</apple-fi:ConfidenceLevel></mwg-rs:Extensions>"
            f"<mwg-rs:Area rdf:parseType='Resource'><stArea:y>{y}</stArea:y><stArea:x>{x}</stArea:x>"
            f"<stArea:w>{w}</stArea:w><stArea:h>{h}</stArea:h><stArea:unit>normalized</stArea:unit></mwg-rs:Area></rdf:li>"
        )
    dimensions = (
        f"<mwg-rs:AppliedToDimensions rdf:parseType='Resource'><stDim:h>{size[1]}</stDim:h><stDim:w>{size[0]}</stDim:w>"
        "<stDim:unit>pixel</stDim:unit></mwg-rs:AppliedToDimensions>"
        if size
        else ""
    )
    return (
        f"<mwg-rs:Regions rdf:parseType='Resource'><mwg-rs:RegionList>{bag(items)}</mwg-rs:RegionList>{dimensions}"
        "</mwg-rs:Regions>"
    )


def microsoft_attributes(said: list[StatedRegion], size: tuple[int, int] | None = None) -> str:
    """As Windows Photo Gallery writes it."""
    items = [
        f"<rdf:li MPReg:Rectangle='{', '.join(map(str, region.area))}'"
        + (f" MPReg:PersonDisplayName='{region.name}'/>" if region.name else "/>")
        for region in said
    ]
    return (
        f"<MP:RegionInfo rdf:parseType='Resource'><MPRI:Regions>{bag(items)}</MPRI:Regions>"
        "<MPRI:DateRegionsValid>2026-05-01T00:00:00Z</MPRI:DateRegionsValid></MP:RegionInfo>"
    )


def microsoft_elements(said: list[StatedRegion], size: tuple[int, int] | None = None) -> str:
    """With elements, and descriptions for items, as the samples of Microsoft's codec do."""
    items = [
        f"<rdf:li><rdf:Description><MPReg:Rectangle>{','.join(map(str, region.area))}</MPReg:Rectangle>"
        + (f"<MPReg:PersonDisplayName>{region.name}</MPReg:PersonDisplayName>" if region.name else "")
        + "</rdf:Description></rdf:li>"
        for region in said
    ]
    return (
        f"<MP:RegionInfo><rdf:Description><MPRI:Regions>{bag(items)}</MPRI:Regions></rdf:Description></MP:RegionInfo>"
    )


def microsoft_without_items(said: list[StatedRegion], size: tuple[int, int] | None = None) -> str:
    """Descriptions right in the list, as some write."""
    items = [
        f"<rdf:Description MPReg:Rectangle='{', '.join(map(str, region.area))}'"
        + (f" MPReg:PersonDisplayName='{region.name}'/>" if region.name else "/>")
        for region in said
    ]
    return f"<MP:RegionInfo rdf:parseType='Resource'><MPRI:Regions>{bag(items)}</MPRI:Regions></MP:RegionInfo>"


def acdsee(said: list[StatedRegion], size: tuple[int, int] | None = None) -> str:
    """ACDSee's: where its face finder saw a face, and where it is shown."""
    items = []
    for region in said:
        x, y, w, h = _centre(region)
        name = f"<acdsee-rs:Name>{region.name}</acdsee-rs:Name>" if region.name else ""
        area = "".join(
            f"<acdsee-rs:{kind} acdsee-stArea:x='{x}' acdsee-stArea:y='{y}' acdsee-stArea:w='{w}'"
            f" acdsee-stArea:h='{h}'/>"
            for kind in ("ALGArea", "DLYArea")
        )
        items.append(
            f"<rdf:li rdf:parseType='Resource'>{area}{name}<acdsee-rs:NameAssignType>manual</acdsee-rs:NameAssignType>"
            f"<acdsee-rs:Type>{region.kind}</acdsee-rs:Type></rdf:li>"
        )
    dimensions = (
        f"<acdsee-rs:AppliedToDimensions acdsee-stDim:w='{size[0]}' acdsee-stDim:h='{size[1]}'"
        " acdsee-stDim:unit='pixel'/>"
        if size
        else ""
    )
    return (
        f"<acdsee-rs:Regions rdf:parseType='Resource'>{dimensions}<acdsee-rs:RegionList>{bag(items)}"
        "</acdsee-rs:RegionList></acdsee-rs:Regions>"
    )


def iptc(said: list[StatedRegion], size: tuple[int, int] | None = None) -> str:
    """IPTC's image regions: any shape, and what kind of thing is there."""
    items = []
    for region in said:
        x, y, w, h = region.area
        name = (
            f"<Iptc4xmpExt:Name><rdf:Alt><rdf:li xml:lang='x-default'>{region.name}</rdf:li></rdf:Alt>"
            "</Iptc4xmpExt:Name>"
            if region.name
            else ""
        )
        items.append(
            "<rdf:li rdf:parseType='Resource'><Iptc4xmpExt:RegionBoundary rdf:parseType='Resource'>"
            f"<Iptc4xmpExt:rbShape>rectangle</Iptc4xmpExt:rbShape><Iptc4xmpExt:rbUnit>relative</Iptc4xmpExt:rbUnit>"
            f"<Iptc4xmpExt:rbX>{x}</Iptc4xmpExt:rbX><Iptc4xmpExt:rbY>{y}</Iptc4xmpExt:rbY>"
            f"<Iptc4xmpExt:rbW>{w}</Iptc4xmpExt:rbW><Iptc4xmpExt:rbH>{h}</Iptc4xmpExt:rbH></Iptc4xmpExt:RegionBoundary>"
            f"{name}<Iptc4xmpExt:rCtype><rdf:Bag><rdf:li rdf:parseType='Resource'><Iptc4xmpExt:Name><rdf:Alt>"
            f"<rdf:li xml:lang='en'>{region.kind}</rdf:li></rdf:Alt></Iptc4xmpExt:Name></rdf:li></rdf:Bag>"
            "</Iptc4xmpExt:rCtype></rdf:li>"
        )
    return f"<Iptc4xmpExt:ImageRegion>{bag(items)}</Iptc4xmpExt:ImageRegion>"


DIALECTS: Final[dict[str, Write]] = {
    write.__name__: write
    for write in (
        mwg_attributes, mwg_elements, mwg_pixels, microsoft_attributes, microsoft_elements, microsoft_without_items,
        acdsee, iptc,
    )
}  # fmt: skip
