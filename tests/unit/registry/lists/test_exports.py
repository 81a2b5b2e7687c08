"""Lists that can be imported again, and everything about one person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from fotopoort.errors import BadClassList
from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.consent import consent_log
from fotopoort.registry.consent.statements import Statement
from fotopoort.registry.lists import exports
from fotopoort.registry.people import people
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.registry import Registry
from fotopoort.registry.store import tables
from fotopoort.vocabulary import ConsentState

from ..conftest import Clock
from .class_lists import LIST, OFFICE, bring


def test_what_is_exported_is_what_holds_by_whoevers_word(registry: Registry) -> None:
    bring(registry, LIST)
    with registry.write(OFFICE, Act.RECORD_CONSENT) as session:
        consent_log.record(session, Statement("101", "website", ConsentState.OBJECTED, speaker="moeder"))
    with registry.write(OFFICE, Act.EXPORT) as session:
        row = next(line for line in exports.class_list(session).decode().splitlines() if line.startswith("101;"))
    assert "ja" not in row.split(";")


def test_what_is_exported_can_be_imported_and_changes_nothing(registry: Registry, caller: Caller) -> None:
    bring(
        registry, LIST + "103;=1+1;;@cmd|' /C calc'!A0;groep 5;;ja;\r\n104;'=Jan;;\uff0dx;groep 6;;;\r\n", caller=caller
    )
    for export in (exports.class_list, exports.consents):
        with registry.write(caller, Act.EXPORT) as session:
            content = export(session)
        for line in content.decode("utf-8-sig").splitlines():
            assert not any(
                cell.lstrip(" '").startswith(("=", "@", "\uff0d")) and cell[:1] != "'" for cell in line.split(";")
            )
        if export is exports.class_list:
            assert bring(registry, content, caller=caller).changes == ()


def test_everything_about_one_person(registry: Registry, caller: Caller) -> None:
    bring(registry, LIST)
    with registry.write(OFFICE, Act.EXPORT) as session:
        content = exports.person_export(session, "101")
    assert content["person"]["name"] == "Noor van den Berg"
    assert "never_locatable" not in content["person"]
    assert content["groups"] == {2026: ["groep 5"]}
    assert content["holds_now"] == {"website": ConsentState.GRANTED, "facebook": ConsentState.REFUSED}
    assert len(content["said"]) == 2
    assert [row["kind"] for row in content["log"]][:1] == ["person.added"]
    with registry.write(caller, Act.EXPORT) as session:
        assert exports.person_export(session, "101")["person"]["never_locatable"] is False


def test_the_office_gets_a_list_that_says_nothing_of_who_is_hidden(registry: Registry, caller: Caller) -> None:
    bring(registry, "id;naam;nooit vindbaar\np1;Noor;\np2;Sem;ja\n", caller=caller)
    with registry.write(OFFICE, Act.EXPORT) as session:
        assert b"vindbaar" not in exports.class_list(session)
    with registry.write(caller, Act.EXPORT) as session:
        assert b"nooit_vindbaar" in exports.class_list(session)


def states(registry: Registry, caller: Caller, person: str) -> Mapping[str, ConsentState]:
    with registry.read(caller, Act.SEE_PEOPLE) as session:
        derived = consent_log.derived_consents(session, [people.ref_of(session, person)])
        return {channel: now.state for (_, channel), now in derived.items()}


def moved_to(registry: Registry, caller: Caller, other_school: Caller) -> None:
    """The people and all that was said of them, taken to another school's registry."""
    with registry.write(caller, Act.EXPORT) as session:
        class_list, said = exports.class_list(session).decode("utf-8-sig"), exports.consents(session)
    bring(registry, "\n".join(";".join(line.split(";")[:11]) for line in class_list.splitlines()), caller=other_school)
    bring(registry, said, caller=other_school)


def test_what_ended_with_a_departure_has_ended_in_another_registry_too(
    registry: Registry, caller: Caller, other_school: Caller, clock: Clock
) -> None:
    with registry.write(caller, Act.RECORD_CONSENT) as session:
        people.add(session, PersonRecord("p1", name="Noor"), ["groep 5"])
        for channel in ("website", "facebook"):
            consent_log.record(session, Statement("p1", channel, ConsentState.GRANTED, "moeder"))
    moved_to(registry, caller, other_school)
    assert states(registry, other_school, "p1") == dict.fromkeys(("website", "facebook"), ConsentState.GRANTED)
    with registry.write(caller, Act.EDIT_PEOPLE) as session:
        people.leave(session, "p1", session.today)
    clock.now += timedelta(days=3)
    with registry.write(caller, Act.RECORD_CONSENT) as session:
        people.change(session, "p1", leaves=None)
        consent_log.record(session, Statement("p1", "facebook", ConsentState.GRANTED, "moeder"))
        assert "website;granted;moeder;guardian;2026-11-24;;2026-11-24" in exports.consents(session).decode()
    moved_to(registry, caller, other_school)
    assert states(registry, other_school, "p1") == states(registry, caller, "p1")
    assert states(registry, caller, "p1")["website"] is ConsentState.NOT_ASKED
    assert states(registry, caller, "p1")["facebook"] is ConsentState.GRANTED


@pytest.mark.parametrize("kept", [True, False], ids=["kept", "not kept yet"])
def test_what_a_channel_asked_for_then_is_known_in_another_registry_too(
    registry: Registry, caller: Caller, other_school: Caller, kept: bool
) -> None:
    """A yes for what the website asked for before is no yes for what it asks for now, and a no to that is one still."""
    with registry.write(caller, Act.RECORD_CONSENT) as session:
        people.add(session, PersonRecord("p1", name="Noor"), ["groep 5"])
        consent_log.record(session, Statement("p1", "website", ConsentState.GRANTED, "moeder"))
        consent_log.record(session, Statement("p1", "facebook", ConsentState.REFUSED, "vader"))
    if not kept:
        with registry.database.write() as connection:
            connection.execute(update(tables.consent).values(purposes_then=None))
    move = {"website": "pers", "facebook": "nieuws", "social_schools": "social_media"}
    registry.channels = tuple(
        replace(channel, purpose=move.get(channel.id, channel.purpose)) for channel in registry.channels
    )
    before = states(registry, caller, "p1")
    refused = dict.fromkeys(("facebook", "social_schools"), ConsentState.REFUSED)
    assert before == refused
    moved_to(registry, caller, other_school)
    assert states(registry, other_school, "p1") == before


@pytest.mark.parametrize(
    "cell", ["website", "website=", "=website", "website=a=b", "website=a|", "website=a|Website=b"]
)
def test_what_was_asked_for_then_is_told_by_channel(registry: Registry, caller: Caller, cell: str) -> None:
    bring(registry, "id;naam\np1;Noor\n", caller=caller)
    content = f"id;kanaal;antwoord;datum;doelen_toen\np1;website;ja;20-11-2026;{cell}\n"
    with pytest.raises(BadClassList, match="Line 2, column 5"):
        bring(registry, content, caller=caller)
