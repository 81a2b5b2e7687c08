"""No import loses a no: whatever is in the file, and whatever the options say."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from fotopoort.errors import BadClassList
from fotopoort.registry.access.roles import Act
from fotopoort.registry.consent import consent_log
from fotopoort.registry.consent.derivation import FORBIDS, Capacity, Consent
from fotopoort.registry.consent.speakers import GUARDIANS, speaker_key
from fotopoort.registry.consent.statements import Statement
from fotopoort.registry.lists import imports
from fotopoort.registry.lists.class_list import CONSENTS
from fotopoort.registry.lists.columns import key, normalised
from fotopoort.registry.lists.parsed_list import ImportOptions
from fotopoort.registry.lists.sheets import Sheet, SheetRow
from fotopoort.registry.people import people
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.registry import Registry
from fotopoort.registry.store import tables
from fotopoort.vocabulary import ConsentState, Role

from ..conftest import NOON, Clock
from .class_lists import OFFICE, bring

DAY = timedelta(days=1)
CHANNELS = ("website", "facebook")
PERSONS = (
    PersonRecord("p1", name="Noor"),
    PersonRecord("p2", name="Juf", role=Role.STAFF),
    PersonRecord("p3", name="Sem", own_from=(NOON - 9 * DAY).date()),
)
TITLES = ("id", "naam", "website", "facebook", "Website ", "foto", "mag", "website datum", "rol", "geboortedatum", "")
WORDS = ("", "ja", "Nee", " NEE", "no", "bezwaar", "ingetrokken", "niet gevraagd", "JA")
CELLS = {
    "id": st.sampled_from(["p1", "p2", "p3", "p4"]),
    "naam": st.sampled_from(["Noor", "Juf", "Sem", "Daan"]),
    "website datum": st.sampled_from(["", "20-11-2026", "24-11-2026", "1 september 2025"]),
    "rol": st.sampled_from(["", "leerling", "leerkracht"]),
    "geboortedatum": st.sampled_from(["", "01-01-2005", "01-01-2016"]),
    "": st.just(""),
}


@st.composite
def person_sheets(draw: st.DrawFn) -> Sheet:
    more = draw(st.lists(st.sampled_from(TITLES[2:]), max_size=4, unique=draw(st.integers(0, 4)) > 0))
    titles = draw(st.permutations(["id", "naam", *more]))
    rows = [tuple(titles)]
    for person in draw(st.lists(CELLS["id"], min_size=1, max_size=3, unique=True)):
        rows.append(
            tuple(person if title == "id" else draw(CELLS.get(title, st.sampled_from(WORDS))) for title in titles)
        )
    return Sheet(f"blad {draw(st.integers(0, 99))}", tuple(SheetRow(line, row) for line, row in enumerate(rows, 1)))


@st.composite
def statement_sheets(draw: st.DrawFn) -> Sheet:
    titles = ["id", "kanaal", "antwoord", "datum", "wie", "hoedanigheid"]
    rows = [tuple(titles)]
    for _ in range(draw(st.integers(1, 4))):
        person, own = draw(st.sampled_from(["p1", "p2", "p3"])), draw(st.booleans())
        rows.append(
            (
                person,
                draw(st.sampled_from(CHANNELS)),
                draw(st.sampled_from(WORDS)),
                draw(st.sampled_from(["20-11-2026", "24-11-2026", "2025-09-01"])),
                draw(st.sampled_from(["", "ouders", "moeder", "Moeder", "vader"])),
                "zelf" if own else "",
            )
        )
    return Sheet("verklaringen", tuple(SheetRow(line, row) for line, row in enumerate(rows, 1)))


@st.composite
def lists_with_options(draw: st.DrawFn) -> tuple[list[Sheet], ImportOptions]:
    sheets = draw(st.lists(st.one_of(person_sheets(), statement_sheets()), min_size=1, max_size=2))
    titles = sorted({str(title).strip() for sheet in sheets for title in sheet.rows[0].cells} - {""})
    rename: dict[str, str] = {}
    ignore = []
    for title in titles:
        way = draw(st.integers(0, 9 if title in (*CHANNELS, "foto", "mag") else 60))
        if way < (5 if title in ("foto", "mag") else 1):
            rename[title] = draw(st.sampled_from([*CHANNELS, "naam"]))
        elif title in ("foto", "mag") or (way == 1 and title != "id"):  # ids made of the names are other people's
            ignore.append(title)
    return sheets, ImportOptions(rename, ignore)


@st.composite
def earlier(draw: st.DrawFn) -> Statement:
    person = draw(st.sampled_from(["p1", "p2", "p3"]))
    own = draw(st.booleans())
    return Statement(
        person,
        draw(st.sampled_from(CHANNELS)),
        draw(st.sampled_from(ConsentState)),
        person if own else draw(st.sampled_from([GUARDIANS, "moeder", "vader"])),
        Capacity.OWN if own else Capacity.GUARDIAN,
        at=NOON - draw(st.integers(0, 9)) * DAY,
    )


def refusals(sheet: Sheet, options: ImportOptions) -> set[tuple[str, str]]:
    """About whom and which channel any cell of a sheet says no."""
    to = {key(title): column for title, column in options.rename.items()}
    titles = [key(str(title)) for title in sheet.rows[0].cells]
    found = set()
    for row in sheet.rows[1:]:
        cells = [normalised(cell) for cell in row.cells]
        person = row.cells[titles.index("id")]
        if "kanaal" in titles and CONSENTS[cells[titles.index("antwoord")]] in FORBIDS:
            found.add((str(person), cells[titles.index("kanaal")]))
        for title, cell in zip(titles, cells, strict=True):
            for channel in {title, to.get(title, "")} & set(CHANNELS):
                if CONSENTS.get(cell) in FORBIDS:
                    found.add((str(person), channel))
    return found


def is_taken_back(no: Consent, history: list[Consent], record: PersonRecord) -> bool:
    """Whether the same named speaker said otherwise later, or the person did who is old enough to."""
    own_from = datetime.min.date() if record.role is not Role.PUPIL else record.own_from
    for later in history:
        is_by_same = (speaker_key(later.speaker), later.capacity) == (speaker_key(no.speaker), no.capacity)
        is_named = speaker_key(no.speaker) != GUARDIANS or no.capacity is Capacity.OWN
        if is_by_same and is_named and later.at > no.at and later.decision not in FORBIDS:
            return True
        is_own_yes = later.capacity is Capacity.OWN and later.decision is ConsentState.GRANTED
        is_old_enough = own_from is not None and later.at.astimezone(NOON.tzinfo).date() >= own_from
        if no.capacity is Capacity.GUARDIAN and is_own_yes and is_old_enough:
            return True
    return False


@given(statements=st.lists(earlier(), max_size=4), chosen=lists_with_options())
@settings(max_examples=100)
def test_an_import_never_loses_a_no(
    registry: Registry, statements: list[Statement], chosen: tuple[list[Sheet], ImportOptions]
) -> None:
    sheets, options = chosen
    with registry.database.write() as connection:
        connection.execute(delete(tables.person))  # of the example before this one
    with registry.write(OFFICE, Act.IMPORT) as session:
        people.add_many(session, [(record, ()) for record in PERSONS])
        consent_log.record_many(session, statements, is_list=True)
    with registry.read(OFFICE, Act.IMPORT) as session:
        before = {record.id: record for record in people.records(session)}
        ids = people.ids(session)
        derived = consent_log.derived_consents(session)
        forbidden = {(ids[ref], purpose) for (ref, purpose), now in derived.items() if now.state in FORBIDS}
    with suppress(BadClassList):
        with registry.write(OFFICE, Act.IMPORT) as session:
            imports.apply(session, imports.plan(session, b"", options, sheets))
        event("imported")
        said = {pair for sheet in sheets for pair in refusals(sheet, options)}
        with registry.read(OFFICE, Act.IMPORT) as session:
            ids, after = people.ids(session), {record.id: record for record in people.records(session)}
            derived = consent_log.derived_consents(session)
            states = {(ids[ref], purpose): now.state for (ref, purpose), now in derived.items()}
            history = consent_log.all_consents(session)
        for person, channel in said | forbidden:
            of_both = [consent for consent in history if (consent.person, consent.purpose) == (person, channel)]
            nos = [consent for consent in of_both if consent.decision in FORBIDS]
            assert nos, "the no is not even recorded"
            if states[person, channel] not in FORBIDS:
                record = before.get(person, after[person])
                assert all(is_taken_back(no, of_both, record) for no in nos)


@pytest.mark.parametrize("is_before", [True, False])
def test_a_role_that_would_silence_a_guardian_is_refused(registry: Registry, is_before: bool) -> None:
    with registry.write(OFFICE, Act.IMPORT) as session:
        people.add(session, PERSONS[0])
        at = NOON - DAY if is_before else NOON
        consent_log.record(session, Statement("p1", "website", ConsentState.OBJECTED, at=at))
    content = "id;naam;rol;website;website datum\np1;Noor;leerkracht;ja;24-11-2026\n"
    if not is_before:  # what was said after their own yes holds, whatever the role
        assert any("Line 2: the list says yes" in warning for warning in bring(registry, content).warnings)
        assert holding(registry)["p1", "website"] in FORBIDS
        return
    with pytest.raises(BadClassList, match="Line 2: with this a no for website no longer counts") as refused:
        bring(registry, content)
    assert "Regel 2" in refused.value.message.nl


@pytest.mark.parametrize("role", ["leerkracht", "anders"])
def test_a_guardians_yes_about_who_is_no_pupil_is_kept_and_does_not_count(registry: Registry, role: str) -> None:
    """An older list may have one: nothing of it is lost, nobody is shown by it, and it is said."""
    bring(registry, f"id;naam;rol\nt12;Juf Wil;{role}\np1;Noor;leerling\n")
    titles = "id;kanaal;antwoord;datum;hoedanigheid\n"
    plan = bring(
        registry, f"{titles}t12;website;ja;20-11-2026;\np1;website;ja;20-11-2026;\nt12;facebook;nee;20-11-2026;\n"
    )
    assert [warning for warning in plan.warnings if "no pupil" in warning] == [
        warning for warning in plan.warnings if warning.startswith("Line 2:")
    ]
    assert len(plan.warnings) == len(plan.warnings_nl) == 1
    assert "zelf" in plan.warnings_nl[0]
    assert holding(registry) == {
        ("t12", "website"): ConsentState.NOT_ASKED,
        ("p1", "website"): ConsentState.GRANTED,
        ("t12", "facebook"): ConsentState.REFUSED,
    }
    bring(registry, f"{titles}t12;website;ja;21-11-2026;zelf\n")
    assert holding(registry)["t12", "website"] is ConsentState.GRANTED


def test_a_pupil_who_becomes_a_member_of_staff_is_asked_anew(registry: Registry) -> None:
    bring(registry, "id;naam;rol;website\np1;Noor;leerling;ja\n")
    assert holding(registry) == {("p1", "website"): ConsentState.GRANTED}
    bring(registry, "id;naam;rol\np1;Noor;leerkracht\n")
    assert holding(registry) == {("p1", "website"): ConsentState.NOT_ASKED}


def holding(registry: Registry) -> dict[tuple[str, str], ConsentState]:
    """What holds now by person and channel, where anything was said."""
    with registry.read(OFFICE, Act.SEE_PEOPLE) as session:
        ids = people.ids(session)
        return {(ids[ref], id): now.state for (ref, id), now in consent_log.derived_consents(session).items()}


def test_statements_keep_what_they_take_back_from_one_registry_to_another(registry: Registry) -> None:
    content = (
        "id;naam\np1;Noor\n",
        "id;kanaal;antwoord;datum;verklaring;neemt terug\n"
        "p1;website;ja;20-11-2026;s2;s1\np1;website;bezwaar;20-11-2026;s1;\np1;facebook;bezwaar;20-11-2026;s3;\n",
    )
    for sheet in content:
        bring(registry, sheet)
    assert bring(registry, content[1]).changes == ()
    with registry.read(OFFICE, Act.SEE_PEOPLE) as session:
        derived = consent_log.derived_consents(session)
        assert {purpose: now.state for (_, purpose), now in derived.items()} == {
            "website": ConsentState.GRANTED,
            "facebook": ConsentState.OBJECTED,
        }


def test_a_statement_that_takes_back_what_is_not_there_is_refused(registry: Registry) -> None:
    bring(registry, "id;naam\np1;Noor\n")
    content = "id;kanaal;antwoord;datum;neemt terug\np1;website;ja;20-11-2026;s1\n"
    with pytest.raises(BadClassList, match="Line 2: what this statement takes back is not there"):
        bring(registry, content)


def test_a_list_may_say_that_somebody_is_back_whose_yes_has_ended(registry: Registry, clock: Clock) -> None:
    """The no that is there again with their leaving stays so when they come back: nothing is lost by it."""
    bring(registry, "id;naam;laatste schooldag\np1;Noor;2026-11-24\n")
    with registry.write(OFFICE, Act.RECORD_CONSENT) as session:
        no = Statement("p1", "website", ConsentState.OBJECTED, "moeder", at=session.now - DAY)
        consent_log.record_many(session, [no, Statement("p1", "website", ConsentState.GRANTED, "moeder")])
    clock.now += DAY
    bring(registry, "id;naam;laatste schooldag\np1;Noor;2027-07-01\n")
    with registry.read(OFFICE, Act.SEE_PEOPLE) as session:
        ((_, now),) = consent_log.derived_consents(session).items()
    assert now.state is ConsentState.OBJECTED
