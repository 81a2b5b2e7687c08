"""Whoever was in a group in a school year can be in its photos, also without a row that tells of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fotopoort.errors import BadRecord
from fotopoort.policy_file import load_policy
from fotopoort.registry import retention
from fotopoort.registry.access.roles import Act, Caller, KeyRole, console
from fotopoort.registry.consent import consent_log
from fotopoort.registry.consent.statements import Statement
from fotopoort.registry.people import erasure, former, people, school_years
from fotopoort.registry.people.groups import Years, school_year
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.people.snapshot import name_entries, snapshot
from fotopoort.registry.registry import Registry, Session
from fotopoort.vocabulary import ConsentState, Person

from ..conftest import NOON, Clock

WEBSITE = load_policy().channel("website")
NEWSLETTER = replace(WEBSITE, id="newsletter", purpose="newsletter")
REFUSED, NOT_ASKED, GRANTED = ConsentState.REFUSED, ConsentState.NOT_ASKED, ConsentState.GRANTED
THIS_YEAR = frozenset({2026})
GROUPS = ("groep 7", "groep 8")


def add(session: Session, person: str, group: str, state: ConsentState, *, hidden: bool = False) -> None:
    people.add(session, PersonRecord(person, name=f"Kind {person}", never_locatable=hidden), [group])
    if state is not NOT_ASKED:
        consent_log.record(session, Statement(person, "website", state))


def erase(session: Session, person: str) -> None:
    erasure.erase(session, person, "ouders vroegen het")


def candidates(session: Session, group: str | None, years: Years) -> list[Person]:
    """Who a face in a photo of that group can be."""
    persons = snapshot(session, years).persons.values()
    return [person for person in persons if not person.has_left and (group is None or group in person.groups)]


def nameless(session: Session, group: str, years: Years = THIS_YEAR) -> list[Person]:
    return [person for person in candidates(session, group, years) if person.nameless]


def test_who_was_erased_stays_a_candidate_without_a_name(registry: Registry, caller: Caller) -> None:
    with registry.write(caller, Act.ERASE) as session:
        for person, state in (("p1", REFUSED), ("p2", NOT_ASKED), ("p3", GRANTED)):
            add(session, person, "groep 7", state)
        ids = set()
        for person, strictest in (("p3", NOT_ASKED), ("p2", NOT_ASKED), ("p1", REFUSED)):  # a yes goes with its person
            erase(session, person)
            found = nameless(session, "groep 7")
            assert [somebody.consent("website") for somebody in found] == [strictest]
            ids |= {somebody.id for somebody in found}
        assert found[0].count == 3
        assert found[0].groups == {"groep 7"}
        assert len(ids) == 3, "another make-up is another id, so that an earlier answer is not about newcomers"
        assert nameless(session, "groep 8") == nameless(session, "groep 7", frozenset({2025})) == []
        assert not any("kind" in entry.name.lower() for entry in name_entries(session, THIS_YEAR))


def test_a_channel_that_came_later_counts_them_as_never_asked(registry: Registry, caller: Caller) -> None:
    composition = former.Composition()
    composition.add({"website": GRANTED}, never_locatable=False)
    assert (composition.state(WEBSITE), composition.state(NEWSLETTER)) == (GRANTED, NOT_ASKED)
    composition.add({"website": GRANTED, "newsletter": GRANTED}, never_locatable=False)
    assert (composition.state(WEBSITE), composition.state(NEWSLETTER)) == (GRANTED, NOT_ASKED)


def test_an_id_does_not_tell_who_was_never_locatable(registry: Registry, caller: Caller, other_school: Caller) -> None:
    ids = []
    for school, hidden in ((caller, False), (other_school, True)):
        with registry.write(school, Act.ERASE) as session:
            people.add(session, PersonRecord("p1", name="Kind", never_locatable=hidden), ["groep 7"])
            everywhere = [Statement("p1", channel.id, REFUSED) for channel in session.channels]
            consent_log.record_many(session, everywhere)
            erase(session, "p1")
            (somebody,) = nameless(session, "groep 7")
            ids.append((somebody.id, dict(somebody.consents)))
    assert ids[0] == ids[1]


def test_an_id_that_only_an_erased_person_has_is_refused(registry: Registry, caller: Caller) -> None:
    for person in ("former-0123456789ab", "erased-1"):
        with pytest.raises(BadRecord), registry.write(caller, Act.EDIT_PEOPLE) as session:
            people.add(session, PersonRecord(person, name="Kind"))


def test_who_changed_groups_is_a_candidate_of_both_and_on_the_list_of_one(registry: Registry, caller: Caller) -> None:
    juf = Caller(caller.tenant, "k1", KeyRole.TEACHER, frozenset({"groep 7"}))
    with registry.write(caller, Act.EDIT_PEOPLE) as session:
        add(session, "p1", "groep 7", REFUSED)
        add(session, "p2", "groep 7", GRANTED)
        people.join(session, "p1", ["groep 8"])
        for group in GROUPS:
            assert "p1" in {person.id for person in candidates(session, group, THIS_YEAR)}
        assert [record.id for record in people.records(session, "groep 7")] == ["p2"]
        people.join(session, "p1", ["groep 7"])  # back: one row, that has not ended
        assert [record.id for record in people.records(session, "groep 7")] == ["p1", "p2"]
        people.join(session, "p1", ["groep 8"])
    with registry.read(juf, Act.SCREEN) as session:
        (somebody,) = nameless(session, "groep 7")
        assert somebody.consent("website") is REFUSED
        assert {person.id for person in candidates(session, None, None)} == {"p2", somebody.id}


def test_a_plan_for_next_year_can_be_changed(registry: Registry, caller: Caller) -> None:
    with registry.write(caller, Act.EDIT_PEOPLE) as session:
        add(session, "p1", "groep 7", REFUSED)
        people.join(session, "p1", ["groep 8"], 2027)
        people.join(session, "p1", ["groep 7"], 2027)
        assert candidates(session, "groep 8", frozenset({2027})) == []


# --- whatever happens, no photo gets freer ---------------------------------------------------------------

person_numbers = st.integers(0, 7)
events = st.one_of(
    st.tuples(
        st.just("add"), st.sampled_from(GROUPS), st.sampled_from([REFUSED, NOT_ASKED, GRANTED, GRANTED]), st.booleans()
    ),
    st.tuples(st.just("join"), person_numbers, st.sampled_from(GROUPS)),
    st.tuples(st.just("leave"), person_numbers, st.integers(0, 40)),
    st.tuples(st.just("erase"), person_numbers),
    st.tuples(st.just("wait"), st.sampled_from([1, 40, 250, 400])),
    st.tuples(st.sampled_from(["retention", "move_up"])),
)
schools = count()
ALONE = [("wait", 400), ("add", GROUPS[0], GRANTED, False)]  # of their group in that year


def strictest(session: Session, group: str | None, year: int) -> int | None:
    """How strictly the website is judged by who a face can be: 2 where somebody refused; None: nobody is known."""
    found = candidates(session, group, frozenset({year}))
    ranks = [2 if person.never_locatable else (GRANTED, NOT_ASKED).index(state) if (state := person.consent("website"))
             in (GRANTED, NOT_ASKED) else 2 for person in found]  # fmt: skip
    return max(ranks, default=None)


def happen(session: Session, event: tuple[object, ...], clock: Clock, number: int) -> None:
    kind, alive = event[0], sorted(people.ids(session).values())
    index = event[1] if len(event) > 1 and isinstance(event[1], int) else 0
    person = alive[index % len(alive)] if alive else ""
    match event:
        case ("add", str(group), ConsentState() as state, bool(hidden)):
            add(session, f"p{number:03}", group, state, hidden=hidden)
        case ("join", _, str(group)) if person:
            people.join(session, person, [group])
        case ("leave", _, int(days)) if person:
            people.leave(session, person, session.today + timedelta(days=days))
        case ("erase", _) if person:
            erase(session, person)
        case ("wait", int(days)):
            clock.now += timedelta(days=days)
        case _ if kind == "retention":
            retention.apply(session)
        case _ if kind == "move_up":
            school_years.move_up(session, school_year(session.today), apply=True)


@settings(max_examples=25)
@example([*ALONE, ("leave", 0, 0), ("wait", 1), ("leave", 0, 5)])  # a last day that has passed is moved onward
@example([*ALONE, ("leave", 0, 0), ("wait", 1), ("leave", 0, -9), ("leave", 0, 5)])
@given(st.lists(events, min_size=3, max_size=12))
def test_nothing_that_happens_to_people_makes_a_photo_freer(
    registry: Registry, clock: Clock, happening: list[tuple[object, ...]]
) -> None:
    """A property of photos of every school year until now, with and without a named group, for office and teacher."""
    clock.now = NOON
    school = console(f"school-{next(schools)}")
    registry.add_school(school, "x")
    juf = Caller(school.tenant, "k1", KeyRole.TEACHER, frozenset(GROUPS[:1]))

    def everything() -> dict[tuple[str | None, int], int | None]:
        with registry.read(school, Act.SCREEN) as session:
            years = range(2026, school_year(session.today) + 1)
            found = {(group, year): strictest(session, group, year) for group in (None, *GROUPS) for year in years}
        with registry.read(juf, Act.SCREEN) as session:
            for year in years:
                assert strictest(session, GROUPS[0], year) == found[GROUPS[0], year], "a teacher's photo is no freer"
        return found

    with registry.write(school, Act.ERASE) as session:
        for number, (group, state) in enumerate((group, state) for group in GROUPS for state in (REFUSED, GRANTED)):
            add(session, f"q{number}", group, state)
    before = everything()
    for number, event in enumerate(happening):
        with registry.write(school, Act.ERASE) as session:
            happen(session, event, clock, number)
        after = everything()
        for place, rank in before.items():
            now = after[place]
            assert rank is None or now is None or now >= rank, (event, place)
        before = after


@pytest.mark.parametrize("how", ["erase", "retention", "join", "leave"])
def test_a_refuser_still_counts(registry: Registry, caller: Caller, clock: Clock, how: str) -> None:
    happenings: dict[str, Callable[[Session], object]] = {
        "erase": lambda session: erase(session, "p1"),
        "retention": retention.apply,
        "join": lambda session: people.join(session, "p1", ["groep 8"]),
        "leave": lambda session: people.leave(session, "p1", session.today),
    }
    with registry.write(caller, Act.ERASE) as session:
        add(session, "p1", "groep 7", REFUSED)
        add(session, "p2", "groep 7", GRANTED)
        if how == "retention":
            people.leave(session, "p1", session.today)
    clock.now += timedelta(days=400 if how == "retention" else 1)
    with registry.write(caller, Act.ERASE) as session:
        happenings[how](session)
    with registry.read(caller, Act.SCREEN) as session:
        assert strictest(session, "groep 7", 2026) == 2
        assert strictest(session, None, 2026) == 2
