"""Files as spreadsheet programs write them, and those that are refused before they are read."""

from __future__ import annotations

import io
from datetime import date

import pytest
from openpyxl import Workbook

from fotopoort.registry.access.roles import Act
from fotopoort.registry.consent import consent_log
from fotopoort.registry.lists.sheets import MAX_BYTES
from fotopoort.registry.people import people
from fotopoort.registry.registry import Registry
from fotopoort.vocabulary import ConsentState

from .class_lists import LIST, OFFICE, bring, refusal


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_list_as_a_spreadsheet_writes_it(registry: Registry, encoding: str) -> None:
    bring(registry, LIST.replace("Sem", "Renée").encode(encoding))
    with registry.read(OFFICE, Act.SEE_PEOPLE) as session:
        noor, renee = people.find(session, "101"), people.find(session, "102")
        assert (noor.name, noor.surname, noor.own_from) == ("Noor van den Berg", "Berg", date(2032, 3, 12))
        assert renee.name == "Renée Bakker"
        assert len(people.members(session, "Groep 5")) == 2
        derived = consent_log.derived_consents(session)
        refs = {person: ref for ref, person in people.ids(session).items()}
        assert derived[refs["101"], "website"].state is ConsentState.GRANTED
        assert derived[refs["102"], "facebook"].state is ConsentState.OBJECTED
        assert (refs["102"], "website") not in derived  # no statement was made


def test_a_large_file_is_refused_before_it_is_read(registry: Registry) -> None:
    assert "larger than 20 MB" in refusal(registry, b"a" * (MAX_BYTES + 1)).message.en


def test_a_workbook_that_unpacks_to_too_much_is_refused(registry: Registry) -> None:
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", bytes(310_000_000))
    assert len(out.getvalue()) < 1_000_000
    assert "unpacks to more" in refusal(registry, out.getvalue()).message.en


def test_a_workbook_that_asks_for_too_much_is_refused_and_costs_nothing(registry: Registry) -> None:
    """A cell at the first place and one at the last: a small file with more cells than there is memory for."""
    workbook, out = Workbook(), io.BytesIO()
    sheet = workbook.active
    sheet["A1"], sheet["XFD1048576"] = "id", "x"
    workbook.save(out)
    assert len(out.getvalue()) < 10_000
    assert "cannot be read" in refusal(registry, out.getvalue()).message.en


def test_a_list_with_too_many_columns_is_refused(registry: Registry) -> None:
    assert "more than 200 columns" in refusal(registry, "id;naam" + ";" * 300 + "\n").message.en
