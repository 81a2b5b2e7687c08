"""Titles as pupil administrations and school apps write them, and those that only look alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from fotopoort.errors import BadClassList
from fotopoort.policy_file import PACKAGED, load_policy
from fotopoort.registry.access.roles import Act
from fotopoort.registry.consent import consent_log
from fotopoort.registry.lists import exports
from fotopoort.registry.lists.parsed_list import ImportOptions
from fotopoort.registry.lists.titles.consents import ConsentTitles
from fotopoort.registry.people import people
from fotopoort.registry.registry import Registry
from fotopoort.school_file import load_school
from fotopoort.vocabulary import ConsentState

from ..conftest import Clock
from .class_lists import OFFICE, bring, refusal

EXAMPLES = Path(__file__).parents[4] / "docs" / "examples"
GRANTED, REFUSED = ConsentState.GRANTED, ConsentState.REFUSED


@pytest.fixture
def channels(tmp_path: Path, registry: Registry) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(PACKAGED.read_text("utf-8") + (EXAMPLES / "channels.toml").read_text("utf-8"), "utf-8")
    registry.channels, registry.wordings = load_policy(path).channels, load_school(EXAMPLES / "school.toml").wordings


TITLES = {
    "website": "website",
    "Beeldmateriaal website": "website",
    "Toestemming foto's op de website": "website",
    "Foto’s op de openbare website van de school": "website",
    "AVG: publicatie op schoolwebsite": "website",
    "Beeldmateriaal nieuwsbrief": "newsletter",
    "Gebruik van beeldmateriaal in de (digitale) nieuwsbrief": "newsletter",
    "Beeldmateriaal schoolgids": "school_guide",
    "Foto in schoolgids en/of schoolbrochure": "school_guide",
    "Foto in gids en brochure": "school_guide",
    "Beeldmateriaal social media": "social_media",
    "Sociale-media accounts van de school": "social_media",
    "Toestemming Facebook": "facebook",
    "Foto's op Instagram": "instagram",
    "Foto's op het besloten deel van de website": "social_schools",
    "Social Schools": "social_schools",
    "Kranten/tijdschriften": "press",
}
OTHERWISE = [
    "Geen foto op website", "Bezwaar foto's website", "Niet op Facebook", "Website en Facebook", "Naam op website",
    "Beeldmateriaal Parro", "Deelname aan onderzoeken", "Foto's", "Toestemming", "Website weigering", "Opmerkingen",
    "Adres website", "Toestemming ingetrokken Facebook", "", "Website niet", "No Facebook", "WhatsApp",
]  # fmt: skip


@pytest.mark.usefixtures("channels")
def test_titles_are_understood_where_nothing_else_is_in_them(registry: Registry) -> None:
    titles = ConsentTitles(registry.channels)
    assert {title: titles.name(title) for title in TITLES} == TITLES
    assert {title: titles.name(title) for title in OTHERWISE} == dict.fromkeys(OTHERWISE)


def test_a_title_that_two_channels_claim_is_nobodys() -> None:
    website = load_policy().channel("website")
    both = ConsentTitles([replace(website, titles=("extern",)), replace(website, id="guide", titles=("extern",))])
    assert both.name("Extern") is None


PARNASSYS = (
    "Leerlingnummer;Roepnaam;Voorvoegsel;Achternaam;Geslacht;Geboortedatum;Stamgroep;BSN;Postcode;E-mailadres;"
    "Beeldmateriaal website;Beeldmateriaal social media;Beeldmateriaal schoolgids;Biometrie\r\n"
    "101;Noor;van den;Berg;V;12-03-2016;groep 5;123456782;1234 AB;a@b.example;Ja;Nee;Geen antwoord;Ja\r\n"
    "102;Sem;;Bakker;M;01-07-2015;groep 5;;;;Geen toestemming;;J;Nee\r\n"
)
MAGISTER = "Stamnr;Roepnaam;Tussenv;Achternaam;Klas;Geb.datum;Telefoon\n103;Daan;de;Wit;1A;01-07-2014;06-1\n"
SOMTODAY = "Leerlingnummer;Roepnaam;Voorvoegsel;Achternaam;Stamgroep;Leerjaar;Vestiging\n104;Fem;;Vos;1B;1;Zuid\n"
ESIS = (
    "Leerling nr.;Achternaam;Voorvoegsels;Voornaam;Voorletters;Geb.dat.;Groepsnaam\n105;Mol;;Lot;L.;1-7-2014;groep 6\n"
)


@pytest.mark.usefixtures("channels")
def test_lists_of_administrations_are_read(registry: Registry) -> None:
    plan = bring(registry, PARNASSYS)
    assert {title.title: title.read_as for title in plan.titles} == {
        "Geslacht": None,
        "BSN": None,
        "Postcode": None,
        "E-mailadres": None,
        "Biometrie": None,
        "Beeldmateriaal website": "website",
        "Beeldmateriaal social media": "social_media",
        "Beeldmateriaal schoolgids": "school_guide",
    }
    assert [warning for warning in plan.warnings_nl if "Biometrie" in warning and "overgeslagen" in warning]
    with registry.read(OFFICE, Act.SEE_PEOPLE) as session:
        derived = consent_log.derived_consents(session)
        noor, sem = (people.ref_of(session, id) for id in ("101", "102"))
        assert derived[noor, "website"].state is GRANTED
        assert derived[noor, "facebook"].state is derived[noor, "instagram"].state is REFUSED
        assert (noor, "school_guide") not in derived
        assert (derived[sem, "website"].state, derived[sem, "school_guide"].state) == (REFUSED, GRANTED)
    for content, id, name in ((MAGISTER, "103", "Daan de Wit"), (SOMTODAY, "104", "Fem Vos"), (ESIS, "105", "Lot Mol")):
        bring(registry, content)
        with registry.read(OFFICE, Act.SEE_PEOPLE) as session:
            assert people.find(session, id).name == name


@pytest.mark.usefixtures("channels")
def test_a_yes_for_a_purpose_with_several_channels_names_its_question(registry: Registry) -> None:
    content = "id;naam;Beeldmateriaal social media\np1;Noor;ja\np2;Sem;nee\n"
    assert "Line 2: a yes for social_media" in refusal(registry, content).message.en
    plan = bring(registry, content, ImportOptions(wording="2025-1"))
    assert [change.words for change in plan.changes] == [("social_media granted",), ("social_media refused",)]
    assert bring(registry, content, ImportOptions(wording="2025-1")).changes == ()
    with registry.read(OFFICE, Act.SEE_PEOPLE) as session:
        states = consent_log.derived_consents(session)
        ref = people.ref_of(session, "p1")
        assert states[ref, "facebook"].state is GRANTED
        assert (ref, "instagram") not in states


@pytest.mark.usefixtures("channels")
def test_a_list_can_tell_later_which_question_was_answered(registry: Registry, clock: Clock) -> None:
    content = "id;naam;website\np1;Noor;ja\n"
    bring(registry, content)
    assert bring(registry, content).changes == ()
    clock.now += timedelta(days=1)
    assert [change.words for change in bring(registry, content, ImportOptions(wording="2026-1")).changes]
    assert bring(registry, content, ImportOptions(wording="2026-1")).changes == ()
    with registry.read(OFFICE, Act.SEE_PEOPLE) as session:
        assert [item.channels for item in consent_log.all_consents(session)] == [None, ("website",)]


@pytest.mark.parametrize(
    ("title", "message"),
    [
        ("Geen foto op website", "is unknown"),
        ("Opmerkingen", "is unknown"),
        ("Beeldmateriaal Parro", "is unknown"),
        ("Beeldmateriaal website datum", "means nothing"),
    ],
)
def test_what_is_not_understood_is_told_and_nothing_is_imported(registry: Registry, title: str, message: str) -> None:
    assert message in refusal(registry, f"id;naam;{title}\np1;Noor;01-09-2026\n").message.en


def test_a_no_below_a_title_in_other_words_is_not_left_out(registry: Registry) -> None:
    content = "id;naam;Foto's website\np1;Noor;nee\n"
    options = ImportOptions(ignore=("Foto's website",))
    assert "cannot be ignored" in refusal(registry, content, options).message.en
    bring(registry, content.replace("nee", "ja"), options)


def test_rows_about_biometrics_are_left_out_with_a_sentence(registry: Registry) -> None:
    plan = bring(registry, "id;naam\np1;Noor\n")
    rows = "id;kanaal;antwoord;datum\np1;biometric_matching;ja;01-09-2026\np1;website;ja;01-09-2026\n"
    plan = bring(registry, rows)
    assert len(plan.changes) == 1
    assert "biometrics" in " ".join(plan.warnings)
    with registry.write(OFFICE, Act.EXPORT) as session:
        bring_again = exports.consents(session)
    assert bring(registry, bring_again).changes == ()
    with pytest.raises(BadClassList):
        bring(registry, "id;kanaal;antwoord;datum\np1;tv;ja;01-09-2026\n")
