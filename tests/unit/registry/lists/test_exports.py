"""Lists that can be imported again, and everything about one person."""

from __future__ import annotations

from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.consent import consent_log
from fotopoort.registry.consent.statements import Statement
from fotopoort.registry.lists import exports
from fotopoort.registry.registry import Registry
from fotopoort.vocabulary import ConsentState

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
