"""Anything that can happen at a school, in any order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, ClassVar, Final

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from tests.stateful import photos
from tests.stateful.folders import BY_FOLDER, Asked
from tests.stateful.world import CHANNELS, GROUPS, Approach, World

PERSON = st.sampled_from(photos.PEOPLE)
CHANNEL = st.sampled_from(CHANNELS)
ASKED = st.sampled_from([("website",), ("social_schools", "website"), CHANNELS, ("social_schools",), ("facebook",)])
SPEAKER = st.sampled_from(["moeder", "vader", ""])
DAYS = st.sampled_from([1, 30, 80, 200, 400])
WHICH = st.integers(0, 30)  # of the photos, screenings, keys or blocks there are
EVIDENCE = st.sampled_from(["file", "name", "said", "none", "future in file", "wrong in file", "future said"])
APPROACH = st.builds(
    Approach,
    groups=st.booleans(),
    tapped=st.integers(0, 5),
    boxed=st.sampled_from([True, True, False]),
    covered=st.booleans(),
    absent=st.sampled_from([0, 2, 99, 99]),
    only=st.booleans(),
    drawn=st.booleans(),
    named=st.booleans(),
    together=st.sampled_from([False, False, False, True]),
)
MAX_PHOTOS: Final = 8
RUNS_FOLDER: Final = 9  # steps after which the folder is run over
# What is said of a photo after each step, in turn: enough to have it shown wherever that may be.
TELLING: Final = (
    Approach(tapped=5, absent=99),
    Approach(absent=99),
    Approach(only=True),
    Approach(groups=False, tapped=5, absent=99, drawn=True),
    Approach(tapped=2, absent=99, boxed=False),
    Approach(tapped=6, drawn=True, named=True, absent=99),
    Approach(groups=False, only=True, tapped=1),
    Approach(tapped=5, absent=99, together=True),
    Approach(tapped=1, covered=True, absent=99),
)


def of(things: list[Any], which: int) -> Any:  # noqa: ANN401 - one of them
    return things[which % len(things)]


class School(RuleBasedStateMachine):
    """A world in which rules are picked at random; after each, everything that can be got is looked at.

    Attributes:
        new_database: makes the URL of a new database with the schema in it.
        unchecked: see `World`.
        without: names of rules that do nothing.
    """

    new_database: ClassVar[Callable[[], str]]
    unchecked: ClassVar[frozenset[str]] = frozenset()
    without: ClassVar[frozenset[str]] = frozenset()
    counts: ClassVar[Counter[str]] = Counter()  # of what all machines did

    def __init__(self) -> None:
        super().__init__()
        self.world = World(type(self).new_database(), self.unchecked)
        self._turn = 0

    def teardown(self) -> None:
        type(self).counts.update(self.world.counts)
        self.world.close()

    @invariant()
    def nothing_slips_through(self) -> None:
        type(self).counts["steps"] += 1
        self._show_some_photo()
        self.world.now += timedelta(minutes=1)
        self.world.look()
        assert not self.world.faults, "\n".join(self.world.faults)

    def _show_some_photo(self) -> None:
        """Screen one photo by all that is true: rules picked at random rarely say enough to have anybody shown."""
        world = self.world
        turn = self._turn = self._turn + 1
        if world.photos and not world.waiting:
            photo, key, approach = (of(list(things), turn) for things in (world.photos, world.keys, TELLING))
            world.screen(photo, key, CHANNELS, approach, hold=False, http=turn % 3 == 0)
            if turn % RUNS_FOLDER == 0:
                world.fill_folder()
                for path in world.folder.photos:
                    world.answer_in_file(path, approach, bound=True)
                world.run_folder_to_the_end(Asked(CHANNELS, publishes=turn % (3 * RUNS_FOLDER) == 0))

    # --- photos ------------------------------------------------------------------------------------------

    @initialize(
        who=st.lists(st.sampled_from(photos.PEOPLE[:4]), min_size=2, max_size=3, unique=True),
        others=st.lists(st.sampled_from(photos.EVERYBODY), min_size=1, max_size=5, unique=True),
    )
    def begin(self, who: list[str], others: list[str]) -> None:
        self.take_photo(who, None, 0, False, None, 0, "file")
        self.take_photo(others, None, 1, False, None, 0, "none")

    @precondition(lambda self: len(self.world.photos) < MAX_PHOTOS)
    @rule(
        who=st.lists(st.sampled_from(photos.EVERYBODY), min_size=1, max_size=5, unique=True),
        tiny=st.none() | PERSON,
        medium=st.integers(0, 2),
        huge=st.sampled_from([False, False, True]),
        missed=st.sampled_from([None, None, 0, 1]),
        days_ago=st.sampled_from([0, 0, 60, 300, 700]),
        evidence=EVIDENCE,
    )
    def take_photo(
        self,
        who: list[str],
        tiny: str | None,
        medium: int,
        huge: bool,
        missed: int | None,
        days_ago: int,
        evidence: str,
    ) -> None:
        world = self.world
        day, today = world.today - timedelta(days=days_ago), world.today
        number = len(world.photos) + 1
        by_file: dict[str, date] = {
            "file": day,
            "future in file": today + timedelta(days=300),
            "wrong in file": day - timedelta(days=365),
        }
        sizes = [photos.MEDIUM if place < medium else photos.LARGE for place in range(len(who))]
        told = evidence in ("name", "wrong in file")
        world.photos.append(
            photos.make(
                number,
                who,
                day,
                sizes=[*sizes[:-1], photos.HUGE] if huge else sizes,
                missed=missed,
                tiny=tiny if tiny not in who else None,
                exif=by_file.get(evidence),
                file_name=f"{day:%Y%m%d}_{number}.jpg" if told else "",
                said={"said": day, "future said": today + timedelta(days=60)}.get(evidence),
            )
        )

    @rule(photo=WHICH, key=WHICH, channels=ASKED, approach=APPROACH, hold=st.sampled_from([False, False, True]))
    def screen(self, photo: int, key: int, channels: tuple[str, ...], approach: Approach, hold: bool) -> None:
        self._screen(photo, key, channels, approach, hold=hold, http=True)

    @rule(photo=WHICH, key=WHICH, channels=ASKED, approach=APPROACH, hold=st.sampled_from([False, True]))
    def screen_in_service(
        self, photo: int, key: int, channels: tuple[str, ...], approach: Approach, hold: bool
    ) -> None:
        self._screen(photo, key, channels, approach, hold=hold, http=False)

    def _screen(
        self, photo: int, key: int, channels: tuple[str, ...], approach: Approach, *, hold: bool, http: bool
    ) -> None:
        world = self.world
        hold = hold and "hold" not in self.without
        world.screen(of(world.photos, photo), of(world.keys, key), channels, approach, hold=hold, http=http)

    @precondition(lambda self: self.world.sent)
    @rule(screening=WHICH, approach=APPROACH, hold=st.booleans())
    def answer(self, screening: int, approach: Approach, hold: bool) -> None:
        self.world.answer(of(self.world.sent, screening), approach, hold=hold and "hold" not in self.without)

    @precondition(lambda self: self.world.sent)
    @rule(screening=WHICH, which=WHICH)
    def retract(self, screening: int, which: int) -> None:
        self.world.retract(of(self.world.sent, screening), which)

    @precondition(lambda self: self.world.sent and not self.world.waiting)
    @rule(screening=WHICH, channel=CHANNEL, key=st.sampled_from([3, 3, 3, 0, 2, 4]))
    def approve(self, screening: int, channel: str, key: int) -> None:
        self.world.approve(of(self.world.sent, screening), channel, self.world.keys[key])

    @precondition(lambda self: self.world.waiting)
    @rule()
    def release(self) -> None:
        self.world.release()

    # --- the folder --------------------------------------------------------------------------------------

    @rule(photo=WHICH, approach=APPROACH, bound=st.sampled_from([True, True, False]))
    def answer_in_file(self, photo: int, approach: Approach, bound: bool) -> None:
        self.world.fill_folder()
        self.world.answer_in_file(of(sorted(self.world.folder.photos), photo), approach, bound=bound)

    @precondition(lambda self: not self.world.waiting)
    @rule(
        channels=ASKED,
        grouping=st.sampled_from([(), GROUPS[:1], GROUPS, BY_FOLDER, BY_FOLDER]),
        gone=st.none() | WHICH,
        touched=st.none() | WHICH,
        only_stale=st.sampled_from([False, False, False, True]),
        stops_after=st.sampled_from([None, None, 1, 3]),
        meanwhile=st.sampled_from(["", "refused", "leave", "hide", "erase", "block"]),
        once_recorded=st.booleans(),
        person=PERSON,
    )
    def run_folder(
        self,
        channels: tuple[str, ...],
        grouping: tuple[str, ...] | str,
        gone: int | None,
        touched: int | None,
        only_stale: bool,
        stops_after: int | None,
        meanwhile: str,
        once_recorded: bool,
        person: str,
    ) -> None:
        world, asked = self.world, Asked(channels, grouping, only_stale)
        world.fill_folder()
        if gone is not None and len(world.folder.photos) > 2:
            world.folder.take_away(of(sorted(world.folder.photos), gone))
        if touched is not None:
            world.folder.touch(of(sorted(world.folder.photos), touched))
        if meanwhile or stops_after is not None:
            first = replace(asked, stops_after=stops_after, publishes=False)
            world.run_folder(first, lambda: self.happen(meanwhile, person), once_recorded=once_recorded)
        world.run_folder_to_the_end(asked)

    def happen(self, what: str, person: str) -> None:
        """One of the things that can happen while something else goes on."""
        world = self.world
        if what == "block":
            world.block(world.photos[-1], world.office)
        elif person in world.there():
            match what:
                case "refused":
                    for channel in CHANNELS:
                        world.say(person, channel, what, speaker="vader", key=world.office)
                case "leave":
                    world.leave(person, world.today - timedelta(days=1))
                case "hide":
                    world.hide(person, True)
                case "erase":
                    world.erase(person)

    # --- people ------------------------------------------------------------------------------------------

    @rule(
        person=PERSON,
        channel=CHANNEL,
        word=st.sampled_from(["granted", "refused", "withdrawn", "not_asked"]),
        speaker=SPEAKER,
        days_ago=st.sampled_from([0, 0, 20]),
        days_valid=st.sampled_from([None, None, 10, 100]),
    )
    def say(self, person: str, channel: str, word: str, speaker: str, days_ago: int, days_valid: int | None) -> None:
        granted_until = days_valid is not None and word == "granted"
        until = self.world.today + timedelta(days=days_valid or 0) if granted_until else None
        if person in self.world.there() and "say" not in self.without:
            self.world.say(
                person, channel, word, speaker=speaker, key=self.world.office, days_ago=days_ago, until=until
            )

    @rule(person=PERSON, channel=CHANNEL, teacher=WHICH, speaker=SPEAKER)
    def object(self, person: str, channel: str, teacher: int, speaker: str) -> None:
        if person in self.world.there() and "object" not in self.without:
            self.world.say(person, channel, "objected", speaker=speaker, key=of(self.world.teachers, teacher))

    @rule(
        people=st.lists(PERSON, min_size=1, max_size=4, unique=True),
        group=st.sampled_from(GROUPS),
        cell=st.sampled_from(["ja", "nee", ""]),
        leave=st.booleans(),
    )
    def import_list(self, people: list[str], group: str, cell: str, leave: bool) -> None:
        known = self.world.school.people
        groups = {person: group for person in people if person not in known or not self.world.school.is_erased(person)}
        if groups and "import_list" not in self.without:
            self.world.import_list(groups, cell, leave=leave)

    @rule(person=PERSON, group=st.sampled_from(GROUPS))
    def join(self, person: str, group: str) -> None:
        if person in self.world.there() and "join" not in self.without:
            self.world.join(person, group, self.world.year)

    @rule(person=PERSON, days=st.sampled_from([None, -1, 0, 30]))
    def leave(self, person: str, days: int | None) -> None:
        if person in self.world.there() and "leave" not in self.without:
            self.world.leave(person, None if days is None else self.world.today + timedelta(days=days))

    @rule(person=PERSON, hidden=st.booleans())
    def hide(self, person: str, hidden: bool) -> None:
        if person in self.world.there() and "hide" not in self.without:
            self.world.hide(person, hidden)

    @rule()
    def move_up(self) -> None:
        if "move_up" not in self.without:
            self.world.move_up()

    @rule(person=PERSON)
    def erase(self, person: str) -> None:
        if person in self.world.there() and "erase" not in self.without:
            self.world.erase(person)

    @rule()
    def retain(self) -> None:
        if "retain" not in self.without:
            self.world.retain()

    @rule(days=DAYS)
    def wait(self, days: int) -> None:
        self.world.now += timedelta(days=days)

    # --- the school --------------------------------------------------------------------------------------

    @rule(photo=WHICH, key=WHICH)
    def block(self, photo: int, key: int) -> None:
        if "block" not in self.without:
            self.world.block(of(self.world.photos, photo), of(self.world.keys[:4], key))

    @precondition(lambda self: self.world.blocks)
    @rule(block=WHICH)
    def lift(self, block: int) -> None:
        self.world.lift(of(self.world.blocks, block))

    @rule(channel=CHANNEL, basis=st.sampled_from(["consent", "objection"]))
    def set_basis(self, channel: str, basis: str) -> None:
        if "set_basis" not in self.without:
            self.world.set_basis(channel, basis)

    @precondition(lambda self: not self.world.waiting)
    @rule(person=PERSON, which=WHICH)
    def meddle(self, person: str, which: int) -> None:
        self.world.meddle(person, which)
