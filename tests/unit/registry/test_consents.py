"""What was said, and what it comes to: a word at a time, and whatever is said in whatever order."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fotopoort.registry.consent.derivation import FORBIDS, Capacity, Consent, DerivedConsent, standing
from fotopoort.vocabulary import ConsentState

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


def said(
    word: ConsentState,
    speaker: str = "mother",
    days_ago: int = 10,
    capacity: Capacity = GUARDIAN,
    valid_from: date | None = None,
    valid_until: date | None = None,
) -> Consent:
    mark = f"{speaker} {word} {days_ago} {capacity}"
    return Consent(mark, "p1", "website", word, speaker, capacity, NOON - days_ago * DAY, valid_from, valid_until)


def mine(word: ConsentState, days_ago: int) -> Consent:
    return said(word, "p1", days_ago, OWN)


SIXTEEN = TODAY - 5 * DAY  # came of age five days ago
CASES: dict[str, tuple[ConsentState, Sequence[Consent], dict[str, date]]] = {
    "nobody said anything": (NOT_ASKED, [], {}),
    "granted": (GRANTED, [said(GRANTED)], {}),
    "granted, but only tomorrow": (NOT_ASKED, [said(GRANTED, days_ago=-1)], {}),
    "granted from tomorrow on": (NOT_ASKED, [said(GRANTED, valid_from=TODAY + DAY)], {}),
    "granted from today on": (GRANTED, [said(GRANTED, valid_from=TODAY)], {}),
    "granted until today": (GRANTED, [said(GRANTED, valid_until=TODAY)], {}),
    "granted until yesterday": (NOT_ASKED, [said(GRANTED, valid_until=TODAY - DAY)], {}),
    "a refusal does not end by itself": (REFUSED, [said(REFUSED, valid_until=TODAY - DAY)], {}),
    "granted, later withdrawn": (WITHDRAWN, [said(GRANTED), said(WITHDRAWN, days_ago=1)], {}),
    "refused, later granted": (GRANTED, [said(REFUSED), said(GRANTED, days_ago=1)], {}),
    "granted and refused at one moment": (REFUSED, [said(GRANTED), said(REFUSED)], {}),
    "objected, and taken back": (NOT_ASKED, [said(OBJECTED), said(NOT_ASKED, days_ago=1)], {}),
    "one guardian is enough": (GRANTED, [said(GRANTED), said(NOT_ASKED, "father")], {}),
    "guardians disagree": (REFUSED, [said(GRANTED, days_ago=1), said(WITHDRAWN, "father")], {}),
    "guardians both forbid": (OBJECTED, [said(OBJECTED), said(REFUSED, "father")], {}),
    "one grant has ended": (GRANTED, [said(GRANTED, valid_until=TODAY - DAY), said(GRANTED, "father")], {}),
    "left today": (GRANTED, [said(GRANTED)], {"leaves": TODAY}),
    "left yesterday": (NOT_ASKED, [said(GRANTED)], {"leaves": TODAY - DAY}),
    "left, and had objected": (OBJECTED, [said(OBJECTED)], {"leaves": TODAY - DAY}),
    "a child's own yes is not enough": (NOT_ASKED, [mine(GRANTED, 1)], {}),
    "a child's own no is": (REFUSED, [said(GRANTED), mine(REFUSED, 1)], {}),
    "of age today: must be asked again": (NOT_ASKED, [said(GRANTED)], {"own_from": TODAY}),
    "of age tomorrow": (GRANTED, [said(GRANTED)], {"own_from": TODAY + DAY}),
    "of age: a guardian's no holds until they speak": (REFUSED, [said(REFUSED)], {"own_from": SIXTEEN}),
    "of age, and said yes": (GRANTED, [said(REFUSED), mine(GRANTED, 4)], {"own_from": SIXTEEN}),
    "of age, and said no": (REFUSED, [said(GRANTED, days_ago=1), mine(REFUSED, 4)], {"own_from": SIXTEEN}),
    "said yes on the very day": (GRANTED, [mine(GRANTED, 5)], {"own_from": SIXTEEN}),
    "said yes the day before": (NOT_ASKED, [mine(GRANTED, 6)], {"own_from": SIXTEEN}),
    "said no before, a guardian yes since": (OBJECTED, [mine(OBJECTED, 9), said(GRANTED)], {"own_from": SIXTEEN}),
    "of age, their yes has ended": (
        NOT_ASKED,
        [replace(mine(GRANTED, 4), valid_until=TODAY - DAY), said(GRANTED)],
        {"own_from": SIXTEEN},
    ),
    "of age, their yes has ended, a guardian said no": (
        OBJECTED,
        [replace(mine(GRANTED, 4), valid_until=TODAY - DAY), said(OBJECTED)],
        {"own_from": SIXTEEN},
    ),
    "granted with and without an end": (NOT_ASKED, [said(GRANTED), said(GRANTED, valid_until=TODAY - DAY)], {}),
    "of age, and took their word back": (
        REFUSED,
        [mine(GRANTED, 4), mine(NOT_ASKED, 3), said(REFUSED)],
        {"own_from": SIXTEEN},
    ),
}


@pytest.mark.parametrize(("state", "consents", "dates"), CASES.values(), ids=CASES)
def test_what_words_come_to(state: ConsentState, consents: Sequence[Consent], dates: dict[str, date]) -> None:
    found = standing(consents, NOON, **dates)
    assert found.state is state
    assert set(found.by) <= {one.id for one in consents}
    assert bool(found.by) is (state is not NOT_ASKED)
    assert not (state is GRANTED and found.conflict)


def test_it_says_by_whose_word_and_since_when() -> None:
    yes, no = said(GRANTED, days_ago=3), said(WITHDRAWN, "father", 8)
    assert standing([yes, no], NOON) == DerivedConsent(REFUSED, tuple(sorted([yes.id, no.id])), yes.at, conflict=True)
    assert standing([], NOON) == DerivedConsent(NOT_ASKED)


@pytest.mark.parametrize(
    ("consents", "dates"),
    [
        pytest.param([said(GRANTED, valid_until=TODAY - DAY)], {}, id="past its day"),
        pytest.param([said(GRANTED)], {"leaves": TODAY - DAY}, id="left"),
        pytest.param([said(GRANTED)], {"own_from": TODAY}, id="came of age"),
    ],
)
def test_a_consent_that_ended_is_told(consents: Sequence[Consent], dates: dict[str, date]) -> None:
    assert standing(consents, NOON, **dates).ended
    assert not standing(consents, NOON - 2 * DAY, **dates).ended


def test_days_are_the_schools_own() -> None:
    """At eleven in the evening in London it is tomorrow at school."""
    late = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
    until = said(GRANTED, valid_until=TODAY)
    assert standing([until], late).state is GRANTED
    assert standing([until], late.astimezone(AMSTERDAM)).state is NOT_ASKED
    own = replace(mine(GRANTED, 0), at=late)
    assert standing([own], late.astimezone(AMSTERDAM) + DAY, own_from=TODAY + DAY).state is GRANTED


# --- whatever is said ------------------------------------------------------------------------------------

speakers = st.sampled_from([("mother", GUARDIAN), ("father", GUARDIAN), ("p1", OWN)])
days = st.none() | st.integers(-9, 9).map(lambda number: TODAY + number * DAY)


@st.composite
def some_consents(draw: st.DrawFn, words: Collection[ConsentState] = tuple(ConsentState)) -> Consent:
    speaker, capacity = draw(speakers)
    one = said(
        draw(st.sampled_from(sorted(words))), speaker, draw(st.integers(-2, 12)), capacity, draw(days), draw(days)
    )
    return replace(one, id=draw(st.uuids()).hex)


several = st.lists(some_consents(), max_size=7)
dates = st.fixed_dictionaries({"own_from": days, "leaves": days})
LOOSENESS = {GRANTED: 2, NOT_ASKED: 1} | dict.fromkeys(FORBIDS, 0)


def looseness(consents: Sequence[Consent], moment: datetime, dates: dict[str, date]) -> int:
    return LOOSENESS[standing(consents, moment, **dates).state]


@given(several, dates, st.randoms())
def test_the_order_of_the_records_does_not_matter(
    consents: list[Consent], dates: dict[str, date], random: Random
) -> None:
    shuffled = list(consents)
    random.shuffle(shuffled)
    assert standing(shuffled, NOON, **dates) == standing(consents, NOON, **dates)


@given(several, dates, some_consents(FORBIDS))
def test_a_word_that_forbids_never_loosens(consents: list[Consent], dates: dict[str, date], no: Consent) -> None:
    assert looseness([*consents, no], NOON, dates) <= looseness(consents, NOON, dates)


@given(several, dates, st.integers(1, 12))
def test_time_alone_never_loosens(consents: list[Consent], dates: dict[str, date], later: int) -> None:
    """Nothing is said meanwhile, and nothing said before begins to count."""
    known = [replace(one, at=min(one.at, NOON), valid_from=None) for one in consents]
    assert looseness(known, NOON + later * DAY, dates) <= looseness(known, NOON, dates)


@given(several, dates, some_consents())
def test_what_is_said_later_changes_nothing_before(
    consents: list[Consent], dates: dict[str, date], one: Consent
) -> None:
    future = replace(one, at=NOON + DAY)
    assert standing([*consents, future], NOON, **dates) == standing(consents, NOON, **dates)


@given(several, dates, st.sampled_from(sorted(FORBIDS)))
def test_a_guardians_last_no_is_never_a_yes(
    consents: list[Consent], dates: dict[str, date], word: ConsentState
) -> None:
    """Unless a pupil who is of age says so."""
    last = said(word, "mother", -3)
    found = standing([*consents, last], NOON + 3 * DAY, **dates)
    own_from = dates["own_from"]
    assert found.state is not GRANTED or (own_from is not None and own_from <= TODAY + 3 * DAY)


def test_nobody_speaks_for_another_as_if_it_were_themselves() -> None:
    with pytest.raises(ValueError, match="themselves"):
        said(GRANTED, "mother", capacity=OWN)
    with pytest.raises(ValueError, match="themselves"):
        said(GRANTED, "p1", capacity=GUARDIAN)


def test_words_about_others_are_not_mixed_in() -> None:
    with pytest.raises(ValueError, match="one purpose"):
        standing([said(GRANTED), replace(said(GRANTED), purpose="facebook")], NOON)
