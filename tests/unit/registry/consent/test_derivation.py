"""Deriving what holds from statements: case by case, and for any statements in any order."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fotopoort.policy.candidates import may_be_shown
from fotopoort.policy.policy import Ground, ParentsWord
from fotopoort.policy_file import load_policy
from fotopoort.registry.consent.derivation import FORBIDS, Capacity, Consent, DerivedConsent, derive
from fotopoort.registry.consent.speakers import GUARDIANS, speaker_key
from fotopoort.vocabulary import ConsentState, Person

GRANTED, REFUSED, OBJECTED, WITHDRAWN, NOT_ASKED = (
    ConsentState.GRANTED,
    ConsentState.REFUSED,
    ConsentState.OBJECTED,
    ConsentState.WITHDRAWN,
    ConsentState.NOT_ASKED,
)
GUARDIAN, OWN = Capacity.GUARDIAN, Capacity.OWN
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NOON = datetime(2026, 3, 2, 12, tzinfo=AMSTERDAM)
TODAY, DAY = NOON.date(), timedelta(days=1)


def statement(
    decision: ConsentState,
    speaker: str = "mother",
    days_ago: int = 10,
    capacity: Capacity = GUARDIAN,
    valid_from: date | None = None,
    valid_until: date | None = None,
    undoes: str | None = None,
) -> Consent:
    id = f"{speaker} {decision} {days_ago} {capacity}"
    at = NOON - days_ago * DAY
    return Consent(id, "p1", "website", decision, speaker, capacity, at, valid_from, valid_until, undoes=undoes)


def own_statement(decision: ConsentState, days_ago: int) -> Consent:
    return statement(decision, "p1", days_ago, OWN)


Dates: TypeAlias = dict[str, Any]  # keyword arguments of `derive`
NO = statement(OBJECTED, GUARDIANS)  # by a guardian who is not named
SIXTEEN = TODAY - 5 * DAY  # came of age five days ago
LEFT = NOON - 9 * DAY  # from then on they had, and are back
UNDONE = statement(GRANTED, days_ago=9, undoes=NO.id)  # by the mother, who names that no
CASES: dict[str, tuple[ConsentState, Sequence[Consent], Dates]] = {
    "nobody said anything": (NOT_ASKED, [], {}),
    "a no that was taken back": (GRANTED, [NO, UNDONE], {}),
    "is there again when the yes that followed has ended": (
        OBJECTED,
        [NO, UNDONE, statement(GRANTED, days_ago=5, valid_until=TODAY - DAY)],
        {},
    ),
    "and when what was granted is taken back for another purpose": (
        OBJECTED,
        [NO, UNDONE, replace(statement(NOT_ASKED, days_ago=5), keeps_no=True)],
        {},
    ),
    "not while the yes that followed counts": (
        GRANTED,
        [NO, UNDONE, statement(GRANTED, days_ago=5, valid_until=TODAY)],
        {},
    ),
    "granted": (GRANTED, [statement(GRANTED)], {}),
    "granted, but only tomorrow": (NOT_ASKED, [statement(GRANTED, days_ago=-1)], {}),
    "granted from tomorrow on": (NOT_ASKED, [statement(GRANTED, valid_from=TODAY + DAY)], {}),
    "granted from today on": (GRANTED, [statement(GRANTED, valid_from=TODAY)], {}),
    "granted until today": (GRANTED, [statement(GRANTED, valid_until=TODAY)], {}),
    "granted until yesterday": (NOT_ASKED, [statement(GRANTED, valid_until=TODAY - DAY)], {}),
    "a refusal does not end by itself": (REFUSED, [statement(REFUSED, valid_until=TODAY - DAY)], {}),
    "granted, later withdrawn": (WITHDRAWN, [statement(GRANTED), statement(WITHDRAWN, days_ago=1)], {}),
    "refused, later granted": (GRANTED, [statement(REFUSED), statement(GRANTED, days_ago=1)], {}),
    "granted and refused at one moment": (REFUSED, [statement(GRANTED), statement(REFUSED)], {}),
    "objected, and taken back": (NOT_ASKED, [statement(OBJECTED), statement(NOT_ASKED, days_ago=1)], {}),
    "one guardian is enough": (GRANTED, [statement(GRANTED), statement(NOT_ASKED, "father")], {}),
    "guardians disagree": (REFUSED, [statement(GRANTED, days_ago=1), statement(WITHDRAWN, "father")], {}),
    "guardians both forbid": (OBJECTED, [statement(OBJECTED), statement(REFUSED, "father")], {}),
    "one grant has ended": (GRANTED, [statement(GRANTED, valid_until=TODAY - DAY), statement(GRANTED, "father")], {}),
    "left today": (GRANTED, [statement(GRANTED)], {"leaves": TODAY}),
    "left yesterday": (NOT_ASKED, [statement(GRANTED)], {"leaves": TODAY - DAY}),
    "left, and had objected": (OBJECTED, [statement(OBJECTED)], {"leaves": TODAY - DAY}),
    "a child's own yes is not enough": (NOT_ASKED, [own_statement(GRANTED, 1)], {}),
    "a child's own no is": (REFUSED, [statement(GRANTED), own_statement(REFUSED, 1)], {}),
    "of age today: a guardian's yes holds until they speak": (GRANTED, [statement(GRANTED)], {"own_from": TODAY}),
    "of age, decided, and took it back: a guardian's yes stays gone": (
        NOT_ASKED,
        [own_statement(GRANTED, 4), own_statement(NOT_ASKED, 3), statement(GRANTED)],
        {"own_from": SIXTEEN},
    ),
    "of age, decided, and a guardian says yes once more": (
        WITHDRAWN,
        [own_statement(WITHDRAWN, 4), statement(GRANTED, days_ago=1)],
        {"own_from": SIXTEEN},
    ),
    "of age tomorrow": (GRANTED, [statement(GRANTED)], {"own_from": TODAY + DAY}),
    "of age: a guardian's no holds until they speak": (REFUSED, [statement(REFUSED)], {"own_from": SIXTEEN}),
    "of age, and said yes": (GRANTED, [statement(REFUSED), own_statement(GRANTED, 4)], {"own_from": SIXTEEN}),
    "of age, and said no": (
        REFUSED,
        [statement(GRANTED, days_ago=1), own_statement(REFUSED, 4)],
        {"own_from": SIXTEEN},
    ),
    "said yes on the very day": (GRANTED, [own_statement(GRANTED, 5)], {"own_from": SIXTEEN}),
    "said yes the day before": (NOT_ASKED, [own_statement(GRANTED, 6)], {"own_from": SIXTEEN}),
    "said no before, a guardian yes too": (
        REFUSED,
        [own_statement(OBJECTED, 9), statement(GRANTED)],
        {"own_from": SIXTEEN},
    ),
    "of age, their yes has ended": (
        NOT_ASKED,
        [replace(own_statement(GRANTED, 4), valid_until=TODAY - DAY), statement(GRANTED)],
        {"own_from": SIXTEEN},
    ),
    "of age, their yes has ended, a guardian said no": (
        OBJECTED,
        [replace(own_statement(GRANTED, 4), valid_until=TODAY - DAY), statement(OBJECTED)],
        {"own_from": SIXTEEN},
    ),
    "granted with and without an end": (
        NOT_ASKED,
        [statement(GRANTED), statement(GRANTED, valid_until=TODAY - DAY)],
        {},
    ),
    "of age, and took their statement back": (
        REFUSED,
        [own_statement(GRANTED, 4), own_statement(NOT_ASKED, 3), statement(REFUSED)],
        {"own_from": SIXTEEN},
    ),
    "no and later yes, both without a name": (REFUSED, [NO, statement(GRANTED, GUARDIANS, 1)], {}),
    "no and later yes by some guardian": (REFUSED, [NO, statement(GRANTED, "ouders", 1)], {}),
    "no without a name, taken back without one": (OBJECTED, [NO, statement(NOT_ASKED, GUARDIANS, 1)], {}),
    "no without a name, yes by one who has a name": (REFUSED, [NO, statement(GRANTED, days_ago=1)], {}),
    "yes and later no, both without a name": (OBJECTED, [statement(GRANTED, GUARDIANS, 11), NO], {}),
    "no, and the yes that takes it back": (GRANTED, [NO, statement(GRANTED, GUARDIANS, 1, undoes=NO.id)], {}),
    "no, taken back at the same moment": (GRANTED, [NO, statement(GRANTED, GUARDIANS, undoes=NO.id)], {}),
    "no, taken back by one who has a name": (GRANTED, [NO, statement(GRANTED, days_ago=1, undoes=NO.id)], {}),
    "no, taken back for nothing": (NOT_ASKED, [NO, statement(NOT_ASKED, days_ago=1, undoes=NO.id)], {}),
    "a yes from before takes nothing back": (REFUSED, [NO, statement(GRANTED, days_ago=11, undoes=NO.id)], {}),
    "one of two refusals taken back": (
        REFUSED,
        [NO, statement(WITHDRAWN, GUARDIANS, 8), statement(GRANTED, GUARDIANS, 1, undoes=NO.id)],
        {},
    ),
    "a no by one who has a name, taken back; what it replaced stays so": (
        NOT_ASKED,
        [
            statement(GRANTED, days_ago=11),
            statement(REFUSED),
            replace(statement(NOT_ASKED, "father", 1), undoes=statement(REFUSED).id),
        ],
        {},
    ),
    "no, and a yes until yesterday": (
        OBJECTED,
        [statement(OBJECTED), statement(GRANTED, days_ago=5, valid_until=TODAY - DAY)],
        {},
    ),
    "no, a yes until yesterday, and a yes": (
        GRANTED,
        [statement(OBJECTED), statement(GRANTED, days_ago=5, valid_until=TODAY - DAY), statement(GRANTED, days_ago=1)],
        {},
    ),
    "no, a yes until yesterday, and all taken back": (
        NOT_ASKED,
        [
            statement(OBJECTED),
            statement(GRANTED, days_ago=5, valid_until=TODAY - DAY),
            statement(NOT_ASKED, days_ago=1),
        ],
        {},
    ),
    "yes, no, and a yes until yesterday: the first yes stays replaced": (
        REFUSED,
        [statement(GRANTED, days_ago=11), statement(REFUSED), statement(GRANTED, days_ago=5, valid_until=TODAY - DAY)],
        {},
    ),
    "no, a yes that was shortened, and its day is past": (
        REFUSED,
        [
            statement(REFUSED),
            statement(GRANTED, days_ago=5, valid_until=TODAY + DAY),
            statement(GRANTED, days_ago=4, valid_until=TODAY - DAY),
        ],
        {},
    ),
    "no, a yes, and one until yesterday": (
        REFUSED,
        [statement(REFUSED), statement(GRANTED, days_ago=5), statement(GRANTED, days_ago=4, valid_until=TODAY - DAY)],
        {},
    ),
    "no, a yes, and they left": (
        OBJECTED,
        [statement(OBJECTED), statement(GRANTED, days_ago=5)],
        {"leaves": TODAY - DAY},
    ),
    "no, a yes, and they left and came back": (
        OBJECTED,
        [statement(OBJECTED, days_ago=12), statement(GRANTED)],
        {"had_left": LEFT},
    ),
    "no, a yes, taken back, and they left": (
        NOT_ASKED,
        [statement(OBJECTED), statement(GRANTED, days_ago=5), statement(NOT_ASKED, days_ago=4)],
        {"leaves": TODAY - DAY},
    ),
    "no without a name, taken back by who left": (
        OBJECTED,
        [NO, replace(statement(GRANTED, "father", 1), undoes=NO.id)],
        {"leaves": TODAY - DAY},
    ),
    "no without a name, taken back until yesterday": (
        OBJECTED,
        [NO, replace(statement(GRANTED, "father", 1, valid_until=TODAY - DAY), undoes=NO.id)],
        {},
    ),
    "came back, and was not asked": (NOT_ASKED, [statement(GRANTED)], {"had_left": LEFT}),
    "came back, and said yes before": (
        NOT_ASKED,
        [replace(statement(GRANTED), at=LEFT - DAY / 24)],
        {"had_left": LEFT},
    ),
    "came back, and said yes since": (GRANTED, [replace(statement(GRANTED), at=LEFT)], {"had_left": LEFT}),
    "came back, and had objected": (OBJECTED, [statement(OBJECTED)], {"had_left": LEFT}),
    "came back, and left again": (
        NOT_ASKED,
        [statement(GRANTED, days_ago=1)],
        {"had_left": LEFT, "leaves": TODAY - DAY},
    ),
    "came back, one guardian was asked again": (
        GRANTED,
        [statement(GRANTED), statement(GRANTED, "father", 1)],
        {"had_left": LEFT},
    ),
}


OF_NO_PUPIL: dict[str, tuple[ConsentState, Sequence[Consent], Dates]] = {
    "a guardian's yes is none": (NOT_ASKED, [statement(GRANTED)], {}),
    "a guardian's yes without a name is none": (NOT_ASKED, [statement(GRANTED, GUARDIANS)], {}),
    "a guardian's yes is none, whatever birthday is recorded": (
        NOT_ASKED, [statement(GRANTED)], {"own_from": TODAY + DAY}
    ),
    "where the word of parents holds too": (NOT_ASKED, [statement(GRANTED)], {"parents_word": ParentsWord.HOLDS}),
    "their own yes": (GRANTED, [own_statement(GRANTED, 4)], {}),
    "their own yes, whatever birthday is recorded": (
        GRANTED, [own_statement(GRANTED, 4)], {"own_from": TODAY + DAY}
    ),
    "their own no, and a guardian's yes": (
        WITHDRAWN, [own_statement(WITHDRAWN, 4), statement(GRANTED, days_ago=1)], {}
    ),
    "their yes has ended, and a guardian's yes": (
        NOT_ASKED, [replace(own_statement(GRANTED, 4), valid_until=TODAY - DAY), statement(GRANTED)], {}
    ),
    "a guardian's no": (OBJECTED, [statement(OBJECTED)], {}),
    "a guardian's no that a guardian's yes takes back": (
        OBJECTED, [statement(OBJECTED), statement(GRANTED, days_ago=1)], {}
    ),
    "a guardian's no without a name, and a yes that names it": (
        OBJECTED, [NO, statement(GRANTED, GUARDIANS, 1, undoes=NO.id)], {}
    ),
    "a guardian's no that a guardian takes back": (
        NOT_ASKED, [statement(OBJECTED), statement(NOT_ASKED, days_ago=1)], {}
    ),
    "their yes after a guardian's no": (GRANTED, [statement(OBJECTED), own_statement(GRANTED, 4)], {}),
    "a guardian's no after their yes": (
        REFUSED, [own_statement(GRANTED, 4), statement(OBJECTED, days_ago=1)], {}
    ),
    "a no without a name after their yes": (
        REFUSED, [own_statement(GRANTED, 4), statement(WITHDRAWN, GUARDIANS, 1)], {}
    ),
    "a guardian's no at the moment of their yes": (
        REFUSED, [own_statement(GRANTED, 4), statement(OBJECTED, days_ago=4)], {}
    ),
    "their yes once more after that no": (
        GRANTED, [own_statement(GRANTED, 4), statement(OBJECTED, days_ago=3), own_statement(GRANTED, 2)], {}
    ),
}  # fmt: skip
CASES |= {
    f"no pupil: {id}": (state, said, {**dates, "is_pupil": False}) for id, (state, said, dates) in OF_NO_PUPIL.items()
}


@pytest.mark.parametrize(("state", "consents", "dates"), CASES.values(), ids=CASES)
def test_what_statements_come_to(state: ConsentState, consents: Sequence[Consent], dates: Dates) -> None:
    derived = derive(consents, NOON, **dates)
    assert derived.state is state
    assert set(derived.by) <= {consent.id for consent in consents}
    assert bool(derived.by) is (state is not NOT_ASKED)
    assert not (state is GRANTED and derived.conflict)


def test_it_names_the_statements_that_decide_it_and_since_when() -> None:
    yes, no = statement(GRANTED, days_ago=3), statement(WITHDRAWN, "father", 8)
    assert derive([yes, no], NOON) == DerivedConsent(REFUSED, tuple(sorted([yes.id, no.id])), yes.at, conflict=True)
    assert derive([], NOON) == DerivedConsent(NOT_ASKED)


@pytest.mark.parametrize(
    ("consents", "dates"),
    [
        pytest.param([statement(GRANTED, valid_until=TODAY - DAY)], {}, id="past its day"),
        pytest.param([statement(GRANTED)], {"leaves": TODAY - DAY}, id="left"),
        pytest.param(
            [statement(REFUSED), statement(GRANTED, days_ago=5, valid_until=TODAY - DAY)],
            {},
            id="and a no is there again",
        ),
        pytest.param([own_statement(NOT_ASKED, 0), statement(GRANTED)], {"own_from": TODAY}, id="decided otherwise"),
    ],
)
def test_a_consent_that_has_ended_is_marked(consents: Sequence[Consent], dates: Dates) -> None:
    assert derive(consents, NOON, **dates).ended
    assert not derive(consents, NOON - 2 * DAY, **dates).ended


@pytest.mark.parametrize("parents_word", ParentsWord)
def test_a_school_can_have_the_word_of_parents_end_at_16(parents_word: ParentsWord) -> None:
    yes, no = statement(GRANTED), statement(REFUSED, "father")
    holds = GRANTED if parents_word is ParentsWord.HOLDS else NOT_ASKED
    assert derive([yes], NOON, own_from=TODAY + DAY, parents_word=parents_word).state is GRANTED
    assert derive([yes], NOON, own_from=TODAY, parents_word=parents_word).state is holds
    assert derive([yes], NOON, own_from=TODAY, parents_word=parents_word).ended is (holds is NOT_ASKED)
    assert derive([no], NOON, own_from=TODAY, parents_word=parents_word).state is REFUSED


# What guardians said of a pupil who turns 16 and has not decided; whether the pupil is shown, by basis: before that
# day, and on it where their word holds, and where it ends.
HOLDS, ENDS = ParentsWord
MOTHER, FATHER = statement(GRANTED), statement(OBJECTED, "father")
SHOWN: dict[str, tuple[Sequence[Consent], dict[Ground, tuple[bool, bool, bool]]]] = {
    "nothing": ([], {Ground.CONSENT: (False, False, False), Ground.OBJECTION: (True, True, True)}),
    "yes": ([MOTHER], {Ground.CONSENT: (True, True, False), Ground.OBJECTION: (True, True, True)}),
    "no": ([FATHER], {Ground.CONSENT: (False, False, False), Ground.OBJECTION: (False, False, False)}),
    "yes and no": ([MOTHER, FATHER], {Ground.CONSENT: (False, False, False), Ground.OBJECTION: (False, False, False)}),
    "no, and yes until the day before": (
        [FATHER, statement(GRANTED, "father", 7, valid_until=TODAY - DAY)],
        {Ground.CONSENT: (True, False, False), Ground.OBJECTION: (True, False, False)},
    ),
    "no, and then yes": (
        [FATHER, statement(GRANTED, "father", 7)],
        {Ground.CONSENT: (True, True, False), Ground.OBJECTION: (True, True, False)},
    ),
    "no, taken back": (
        [FATHER, statement(NOT_ASKED, "father", 7)],
        {Ground.CONSENT: (False, False, False), Ground.OBJECTION: (True, True, True)},
    ),
    "a no without a name, and another guardian's yes": (
        [NO, statement(GRANTED, days_ago=1)],
        {Ground.CONSENT: (False, False, False), Ground.OBJECTION: (False, False, False)},
    ),
}


def is_shown(consents: Sequence[Consent], basis: Ground, moment: datetime, parents_word: ParentsWord) -> bool:
    state = derive(consents, moment, own_from=TODAY, parents_word=parents_word).state
    pupil = Person("p1", "Noor", consents={"website": state})
    return may_be_shown(pupil, replace(load_policy().channel("website"), basis=basis))


@pytest.mark.parametrize("basis", Ground)
@pytest.mark.parametrize(("consents", "shown"), SHOWN.values(), ids=SHOWN)
def test_turning_16_shows_nobody_who_was_not_shown(
    consents: Sequence[Consent], shown: dict[Ground, tuple[bool, bool, bool]], basis: Ground
) -> None:
    """Also where the word of parents ends: what they granted does, and their no holds until the pupil has decided."""
    before, holds, ends = (
        is_shown(consents, basis, NOON - DAY, HOLDS),
        is_shown(consents, basis, NOON, HOLDS),
        is_shown(consents, basis, NOON, ENDS),
    )
    assert (before, holds, ends) == shown[basis]
    assert is_shown(consents, basis, NOON - DAY, ENDS) is before
    assert ends <= holds <= before


@pytest.mark.parametrize("parents_word", ParentsWord)
@pytest.mark.parametrize("basis", Ground)
@pytest.mark.parametrize(("consents", "shown"), SHOWN.values(), ids=SHOWN)
def test_who_is_16_decides(
    consents: Sequence[Consent],
    shown: dict[Ground, tuple[bool, bool, bool]],
    basis: Ground,
    parents_word: ParentsWord,
) -> None:
    assert is_shown([*consents, own_statement(GRANTED, 0)], basis, NOON, parents_word)
    assert not is_shown([*consents, own_statement(REFUSED, 0)], basis, NOON, parents_word)
    undecided = [*consents, own_statement(GRANTED, 0), replace(own_statement(NOT_ASKED, -1), id="taken back")]
    assert is_shown(undecided, basis, NOON + 2 * DAY, parents_word) is (shown[basis][2])


def test_days_are_the_schools_own() -> None:
    """At eleven in the evening in London it is tomorrow at school."""
    late = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
    until = statement(GRANTED, valid_until=TODAY)
    assert derive([until], late).state is GRANTED
    assert derive([until], late.astimezone(AMSTERDAM)).state is NOT_ASKED
    own = replace(own_statement(GRANTED, 0), at=late)
    assert derive([own], late.astimezone(AMSTERDAM) + DAY, own_from=TODAY + DAY).state is GRANTED


# --- any statements --------------------------------------------------------------------------------------

speakers = st.sampled_from([("mother", GUARDIAN), ("father", GUARDIAN), ("p1", OWN), (GUARDIANS, GUARDIAN)])
days = st.none() | st.integers(-9, 9).map(lambda number: TODAY + number * DAY)


IDS = [f"c{number}" for number in range(12)]


@st.composite
def some_consents(draw: st.DrawFn, decisions: Collection[ConsentState] = tuple(ConsentState)) -> Consent:
    speaker, capacity = draw(speakers)
    consent = statement(
        draw(st.sampled_from(sorted(decisions))), speaker, draw(st.integers(-2, 12)), capacity, draw(days), draw(days)
    )
    return replace(consent, id=draw(st.sampled_from(IDS)), undoes=draw(st.none() | st.sampled_from(IDS)))


several = st.lists(some_consents(), max_size=7, unique_by=lambda consent: consent.id)
moments = st.none() | st.integers(-9, 9).map(lambda number: NOON + number * DAY)
dates = st.fixed_dictionaries(
    {"own_from": days, "leaves": days, "had_left": moments, "is_pupil": st.sampled_from([True, True, False])}
)
LOOSENESS = {GRANTED: 2, NOT_ASKED: 1} | dict.fromkeys(FORBIDS, 0)


def looseness(consents: Sequence[Consent], moment: datetime, dates: Dates) -> int:
    return LOOSENESS[derive(consents, moment, **dates).state]


@given(several, dates, st.randoms())
def test_the_order_of_the_records_does_not_matter(consents: list[Consent], dates: Dates, random: Random) -> None:
    shuffled = list(consents)
    random.shuffle(shuffled)
    assert derive(shuffled, NOON, **dates) == derive(consents, NOON, **dates)


@given(several, dates, some_consents(FORBIDS))
def test_a_statement_that_forbids_never_loosens(consents: list[Consent], dates: Dates, no: Consent) -> None:
    no = replace(no, id="no")
    assert looseness([*consents, no], NOON, dates) <= looseness(consents, NOON, dates)


@given(several, dates, st.integers(1, 30))
def test_where_the_basis_is_objection_turning_16_takes_away_no_objection(
    consents: list[Consent], dates: Dates, later: int
) -> None:
    """Whoever was not shown the day before, and said nothing themselves since, is not shown."""
    before = [replace(consent, at=min(consent.at, NOON), valid_from=None) for consent in consents]
    own_from = {**dates, "own_from": TODAY + later * DAY}
    for parents_word in ParentsWord:
        day_before = derive(before, NOON + (later - 1) * DAY, **own_from, parents_word=parents_word).state
        on_the_day = derive(before, NOON + later * DAY, **own_from, parents_word=parents_word).state
        assert day_before not in FORBIDS or on_the_day in FORBIDS


@given(several, dates, st.integers(1, 12))
def test_time_alone_never_loosens(consents: list[Consent], dates: Dates, later: int) -> None:
    """Nothing is said meanwhile, and nothing said before begins to count."""
    in_force = [replace(consent, at=min(consent.at, NOON), valid_from=None) for consent in consents]
    assert looseness(in_force, NOON + later * DAY, dates) <= looseness(in_force, NOON, dates)


@given(several, dates, some_consents())
def test_what_is_said_later_changes_nothing_before(consents: list[Consent], dates: Dates, consent: Consent) -> None:
    future = replace(consent, id="future", at=NOON + DAY)
    assert derive([*consents, future], NOON, **dates) == derive(consents, NOON, **dates)


@given(several, dates, st.sampled_from(sorted(FORBIDS)))
def test_a_guardians_last_no_is_never_a_yes(consents: list[Consent], dates: Dates, decision: ConsentState) -> None:
    """Unless a pupil who is of age says so."""
    last = statement(decision, "mother", -3)
    derived = derive([*consents, last], NOON + 3 * DAY, **dates)
    own_from = dates["own_from"]
    is_pupil_of_age = dates["is_pupil"] and own_from is not None and own_from <= TODAY + 3 * DAY
    assert derived.state is not GRANTED or is_pupil_of_age


@given(several, dates, st.sampled_from(ParentsWord))
def test_nobody_but_they_themselves_grants_anything_of_who_is_no_pupil(
    consents: list[Consent], dates: Dates, parents_word: ParentsWord
) -> None:
    dates = {**dates, "is_pupil": False, "parents_word": parents_word}
    yeses = {consent.id for consent in consents if consent.capacity is GUARDIAN and consent.decision is GRANTED}
    derived = derive(consents, NOON, **dates)
    assert not yeses.intersection(derived.by)
    without = derive([consent for consent in consents if consent.id not in yeses], NOON, **dates)
    assert derived.state is without.state or derived.state in FORBIDS  # one that has ended may bring back a no


UNNAMED = [
    "", " ", "?", "-", "...", "ouder/verzorger", "Ouder(s)", "ouder(s)/verzorger(s)", "Ouders/verzorgers", "de ouders",
    "vader/moeder", "vader en moeder", "Papa & mama", "mama's", "gezin", "onbekend", "n.v.t.", "a parent", "ouder 1",
    "voogd(en)", "beide ouders", "de vader en de moeder", "mum and dad", "wettelijk vertegenwoordiger",
    "leerkracht", "guardian",
]  # fmt: skip
NAMED = [
    "moeder", "de moeder", "Vader", "mother", "father", "papa", "mama", "dad", "A. de Vries", "ouder Jansen",
    "moeder van Sem", "An", "s1", "a1", "101", "06-12345678", "王", "familie Bakker",
]  # fmt: skip


@pytest.mark.parametrize("speaker", UNNAMED)
def test_what_only_says_that_it_is_a_guardian_names_nobody(speaker: str) -> None:
    no, yes = statement(OBJECTED, speaker), statement(GRANTED, speaker, 1)
    assert speaker_key(speaker) == GUARDIANS
    assert derive([no, yes], NOON).state in FORBIDS


@pytest.mark.parametrize("speaker", NAMED)
def test_who_is_named_takes_back_what_they_said(speaker: str) -> None:
    assert speaker_key(speaker) != GUARDIANS
    assert derive([statement(OBJECTED, speaker), statement(GRANTED, speaker, 1)], NOON).state is GRANTED


@given(several, dates, some_consents({GRANTED, NOT_ASKED}), st.sampled_from(UNNAMED))
def test_a_yes_without_a_name_loosens_no_refusal_that_it_does_not_take_back(
    consents: list[Consent], dates: Dates, yes: Consent, speaker: str
) -> None:
    yes = replace(yes, id="yes", speaker=speaker, capacity=GUARDIAN, valid_from=None, at=NOON)
    before, after = derive(consents, NOON, **dates), derive([*consents, yes], NOON, **dates)
    refusals = set(before.by) if before.state in FORBIDS else set()
    decided_by = {consent.id for consent in consents if consent.decision in FORBIDS} & refusals
    if decided_by - {yes.undoes}:
        assert after.state in FORBIDS


def test_a_no_that_is_there_again_is_not_taken_back_by_what_somebody_else_says() -> None:
    """Without a name nobody knows whose word it was that ended: perhaps of whoever had taken the no back."""
    no = statement(OBJECTED, "moeder", 8)
    back = statement(NOT_ASKED, "ouder", 6, undoes=no.id)
    ended = statement(GRANTED, "ouder", 4, valid_until=TODAY - DAY)
    assert derive([no, back, ended], NOON - 2 * DAY).state is GRANTED
    assert derive([no, back, ended], NOON).state is OBJECTED
    for more in (GRANTED, NOT_ASKED):
        assert derive([no, back, ended, statement(more, "ouder", 0)], NOON).state in FORBIDS
        assert derive([no, back, ended, statement(more, "ouder", 0, undoes=no.id)], NOON).state is more


def test_nobody_speaks_for_another_as_if_it_were_themselves() -> None:
    with pytest.raises(ValueError, match="themselves"):
        statement(GRANTED, "mother", capacity=OWN)
    with pytest.raises(ValueError, match="themselves"):
        statement(GRANTED, "p1", capacity=GUARDIAN)


def test_statements_about_others_are_not_mixed_in() -> None:
    with pytest.raises(ValueError, match="one purpose"):
        derive([statement(GRANTED), replace(statement(GRANTED), purpose="facebook")], NOON)
