"""A class list, and importing one in a test."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from openpyxl import Workbook

from fotopoort.errors import BadClassList
from fotopoort.registry.access.roles import Act, Caller, KeyRole
from fotopoort.registry.lists import imports
from fotopoort.registry.lists.imports import Plan
from fotopoort.registry.lists.parsed_list import ImportOptions
from fotopoort.registry.people import people
from fotopoort.registry.registry import Registry

OFFICE = Caller("school", "k1", KeyRole.OFFICE)
LIST = (
    "Leerlingnummer;Roepnaam;Voorvoegsel;Achternaam;Groep;Geboortedatum;website;facebook\r\n"
    "101;Noor;van den;Berg;groep 5;12-03-2016;ja;nee\r\n"
    "102;Sem;;Bakker;groep 5;1 juli 2010;;bezwaar\r\n"
)


def bring(
    registry: Registry,
    content: str | bytes,
    options: ImportOptions = ImportOptions(),  # noqa: B008 - a frozen value
    caller: Caller = OFFICE,
) -> Plan:
    """Import a list, and return what was planned."""
    with registry.write(caller, Act.IMPORT) as session:
        plan = imports.plan(session, content.encode() if isinstance(content, str) else content, options)
        imports.apply(session, plan)
    return plan


def refusal(registry: Registry, content: str | bytes, options: ImportOptions = ImportOptions()) -> BadClassList:  # noqa: B008
    with pytest.raises(BadClassList) as refused:
        bring(registry, content, options)
    with registry.read(OFFICE, Act.SEE_PEOPLE) as session:
        assert people.records(session) == []
    return refused.value


def book(**sheets: Sequence[Sequence[object]]) -> bytes:
    workbook, out = Workbook(), io.BytesIO()
    workbook.remove(workbook.active)
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    workbook.save(out)
    return out.getvalue()
