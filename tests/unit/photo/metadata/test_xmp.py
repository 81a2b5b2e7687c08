"""Every text in XMP becomes a hint, however it is written, and nothing of it is expanded or fetched."""

from __future__ import annotations

import pytest

from fotopoort.photo.metadata.xmp import MAX_ELEMENTS, read
from fotopoort.vocabulary import Hint, HintKind

SPACES = """xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:dc='http://purl.org/dc/elements/1.1/'
 xmlns:exif='http://ns.adobe.com/exif/1.0/' xmlns:photoshop='http://ns.adobe.com/photoshop/1.0/'
 xmlns:e='http://iptc.org/std/Iptc4xmpExt/2008-02-29/' xmlns:lr='http://ns.adobe.com/lightroom/1.0/'
 xmlns:mwg-rs='http://www.metadataworkinggroup.com/schemas/regions/' xmlns:MP='http://ns.microsoft.com/photo/1.2/'
 xmlns:MPRI='http://ns.microsoft.com/photo/1.2/t/RegionInfo#' xmlns:MPReg='http://ns.microsoft.com/photo/1.2/t/Region#'
 xmlns:stEvt='http://ns.adobe.com/xap/1.0/sType/ResourceEvent#' xmlns:mine='http://voorbeeld.nl/mine/'"""


def packet(inside: str, attributes: str = "") -> bytes:
    return f"""<?xpacket begin='\ufeff' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x='adobe:ns:meta/'>
<rdf:RDF {SPACES}><rdf:Description rdf:about='' {attributes}>{inside}</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end='w'?>{" " * 100}""".encode()


def hints_in(packet: bytes) -> list[Hint]:
    first, *others = read(packet)
    assert first == Hint(HintKind.XMP, "XMP")
    return others


def li(*items: str) -> str:
    return "".join(f"<rdf:li>{item}</rdf:li>" for item in items)


@pytest.mark.parametrize(
    ("inside", "hints"),
    [
        pytest.param(
            f"<dc:subject><rdf:Bag>{li('groep 5', 'Jet')}</rdf:Bag></dc:subject>",
            [(HintKind.CAPTION, "XMP dc:subject", "groep 5"), (HintKind.CAPTION, "XMP dc:subject", "Jet")],
            id="a list",
        ),
        pytest.param(
            "<dc:title><rdf:Alt><rdf:li xml:lang='x-default'>Strand</rdf:li>"
            "<rdf:li xml:lang='nl-NL'>Jet aan zee</rdf:li></rdf:Alt></dc:title>",
            [(HintKind.CAPTION, "XMP dc:title", "Strand"), (HintKind.CAPTION, "XMP dc:title", "Jet aan zee")],
            id="languages",
        ),
        pytest.param(
            f"<dc:creator><rdf:Seq>{li('Ans &amp; Zo&#235;')}</rdf:Seq></dc:creator>",
            [(HintKind.PERSON_NAME, "XMP dc:creator", "Ans & Zoë")],
            id="escaped letters",
        ),
        pytest.param(
            "<dc:title><![CDATA[<Jet> ]]>wint</dc:title>",
            [(HintKind.CAPTION, "XMP dc:title", "<Jet> wint")],
            id="CDATA",
        ),
        pytest.param(
            "<dc:creator><rdf:Description><rdf:value>Ans</rdf:value><mine:role>juf</mine:role></rdf:Description>"
            "</dc:creator>",
            [(HintKind.PERSON_NAME, "XMP dc:creator", "Ans"), (HintKind.PERSON_NAME, "XMP dc:creator", "juf")],
            id="a qualified value",
        ),
        pytest.param(
            f"<e:PersonInImage><rdf:Bag>{li('Jet', 'Sem')}</rdf:Bag></e:PersonInImage>",
            [
                (HintKind.PERSON_NAME, "XMP Iptc4xmpExt:PersonInImage", "Jet"),
                (HintKind.PERSON_NAME, "XMP Iptc4xmpExt:PersonInImage", "Sem"),
            ],
            id="persons in the image",
        ),
        pytest.param(
            "<e:PersonInImageWDetails><rdf:Bag><rdf:li rdf:parseType='Resource'><e:PersonName><rdf:Alt>"
            f"{li('Jet')}</rdf:Alt></e:PersonName><e:PersonDescription><rdf:Alt>{li('zus van Sem')}</rdf:Alt>"
            "</e:PersonDescription></rdf:li></rdf:Bag></e:PersonInImageWDetails>",
            [
                (HintKind.PERSON_NAME, "XMP Iptc4xmpExt:PersonName", "Jet"),
                (HintKind.TEXT, "XMP Iptc4xmpExt:PersonDescription", "zus van Sem"),
            ],
            id="persons with details",
        ),
        pytest.param(
            "<mwg-rs:Regions rdf:parseType='Resource'><mwg-rs:RegionList><rdf:Bag><rdf:li><rdf:Description "
            "mwg-rs:Name='Jet' mwg-rs:Type='Face'/></rdf:li></rdf:Bag></mwg-rs:RegionList></mwg-rs:Regions>",
            [(HintKind.PERSON_NAME, "XMP mwg-rs:Name", "Jet"), (HintKind.TEXT, "XMP mwg-rs:Type", "Face")],
            id="a face region of the Metadata Working Group",
        ),
        pytest.param(
            "<MP:RegionInfo rdf:parseType='Resource'><MPRI:Regions><rdf:Bag><rdf:li rdf:parseType='Resource'>"
            "<MPReg:Rectangle>0.1, 0.2, 0.3</MPReg:Rectangle>"
            "<MPReg:PersonDisplayName>Jet</MPReg:PersonDisplayName></rdf:li></rdf:Bag></MPRI:Regions></MP:RegionInfo>",
            [(HintKind.PERSON_NAME, "XMP MPReg:PersonDisplayName", "Jet")],
            id="a face region of Microsoft",
        ),
        pytest.param(
            f"<lr:hierarchicalSubject><rdf:Bag>{li('Mensen|Jet')}</rdf:Bag></lr:hierarchicalSubject>",
            [(HintKind.CAPTION, "XMP lr:hierarchicalSubject", "Mensen|Jet")],
            id="a tree of keywords",
        ),
        pytest.param(
            f"<mine:pupils><rdf:Bag>{li('Jet', 'Sem')}</rdf:Bag></mine:pupils><mine:when>2024-05-06</mine:when>",
            [(HintKind.TEXT, "XMP mine:pupils", "Jet"), (HintKind.TEXT, "XMP mine:pupils", "Sem")],
            id="a namespace nobody knows",
        ),
        pytest.param(
            "<mine:link rdf:resource='van Jet'/>", [(HintKind.TEXT, "XMP mine:link", "van Jet")], id="a resource"
        ),
        pytest.param(
            "<stEvt:x stEvt:softwareAgent='Foto van Jet' stEvt:instanceID='xmp.iid:018011740720681185DFA072021BDFE6' "
            "stEvt:when='2024-05-06T07:08:09+02:00'/>",
            [(HintKind.TEXT, "XMP stEvt:softwareAgent", "Foto van Jet")],
            id="history",
        ),
        pytest.param(
            "<title xmlns=''>Jet</title><d:title xmlns:d='http://purl.org/dc/elements/1.1/'>Sem</d:title>",
            [(HintKind.TEXT, "XMP title", "Jet"), (HintKind.CAPTION, "XMP dc:title", "Sem")],
            id="no prefix, and one of its own",
        ),
    ],
)
def test_a_field_written_as_an_element(inside: str, hints: list[tuple[HintKind, str, str]]) -> None:
    assert hints_in(packet(inside)) == [Hint(*hint) for hint in hints]


def test_fields_written_as_attributes() -> None:
    attributes = "photoshop:Headline='Jet &quot;wint&quot;' mine:pupil='Sem' mine:number='5' exif:GPSLatitude='52,5.0N'"
    assert hints_in(packet("", attributes)) == [
        Hint(HintKind.GPS, "XMP exif:GPSLatitude"),
        Hint(HintKind.CAPTION, "XMP photoshop:Headline", 'Jet "wint"'),
        Hint(HintKind.TEXT, "XMP mine:pupil", "Sem"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_alphabets(encoding: str) -> None:
    text = packet("<dc:title>Zoë 張</dc:title>").decode().replace("\ufeff", "").strip()
    assert hints_in(text.encode(encoding)) == [Hint(HintKind.CAPTION, "XMP dc:title", "Zoë 張")]


# --- a mistake, or malice --------------------------------------------------------------------------------

BEFORE = "<dc:title>Dagje strand</dc:title>"


@pytest.mark.parametrize(
    "after",
    [
        pytest.param("<dc:creator>Jet & Sem</dc:creator>", id="a bare ampersand"),
        pytest.param("<nobody:knows>Jet</nobody:knows>", id="a prefix that was not declared"),
        pytest.param("<dc:creator>Jet</dc:title>", id="a wrong end"),
        pytest.param("<dc:creator>\x01 Jet</dc:creator>", id="a character that XML does not have"),
        pytest.param("<dc:creator>Jet", id="no end"),
    ],
)
def test_what_stands_before_a_mistake_is_read_and_the_rest_is_one_text(after: str) -> None:
    whole = packet(BEFORE + after).partition(b"</rdf:Description>")[0]
    first, *rest = hints_in(whole)
    assert first == Hint(HintKind.CAPTION, "XMP dc:title", "Dagje strand")
    assert any("Jet" in (hint.text or "") for hint in rest)


def test_letters_of_another_alphabet_than_utf_8() -> None:
    [title, rest] = hints_in(packet(BEFORE + "<dc:creator>Zo€</dc:creator>").replace("€".encode(), b"\xeb"))
    assert title.text == "Dagje strand"
    assert "Zoë" in (rest.text or "")


LAUGHS = "<!ENTITY a 'aaaaaaaaaa'>" + "".join(
    f"<!ENTITY {name} '{f'&{inner};' * 9}'>" for inner, name in zip("abcdefghi", "bcdefghij", strict=True)
)


@pytest.mark.parametrize(
    "entities",
    [
        pytest.param(LAUGHS, id="a billion laughs"),
        pytest.param("<!ENTITY j SYSTEM 'file:///etc/passwd'>", id="a file of ours"),
    ],
)
def test_entities_are_never_expanded(entities: str) -> None:
    text = f"<!DOCTYPE x [{entities}]>" + packet("<dc:title>van &j;</dc:title>").decode().partition("?>")[2]
    [rest] = hints_in(text.encode())
    assert (rest.kind, rest.field) == (HintKind.TEXT, "XMP")
    assert "van &j;" in (rest.text or "")
    assert len(rest.text or "") <= len(text)


@pytest.mark.parametrize("encoding", ["no-such-encoding", "utf-7", "rot13", "cp037"])
def test_an_odd_encoding_is_no_obstacle(encoding: str) -> None:
    text = f"<?xml version='1.0' encoding='{encoding}'?>" + packet(BEFORE).decode().partition("?>")[2]
    assert next(iter(read(text.encode()))) == Hint(HintKind.XMP, "XMP")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("<a>Jet" * 300_000, id="deeply nested"),
        pytest.param("<x>" + "<a>Jet</a>" * 2 * MAX_ELEMENTS + "</x>", id="many elements"),
        pytest.param("<x>" + "<a/>" * 2 * MAX_ELEMENTS + "</x>", id="many that say nothing"),
        pytest.param("<x " + " ".join(f"a{n}='Jet'" for n in range(100_000)) + "/>", id="many attributes"),
    ],
)
def test_more_than_any_program_writes_is_read_in_part(text: str) -> None:
    assert 1 <= len(list(read(text.encode()))) <= 100_001
