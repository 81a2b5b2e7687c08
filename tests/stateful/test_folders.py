"""A run over a folder during which something happens: it leaves nothing on the disk that does not hold at its end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.stateful.folders import Asked
from tests.stateful.long import sqlite_databases
from tests.stateful.machine import School
from tests.stateful.world import CHANNELS, Approach


@pytest.fixture
def school() -> Iterator[School]:
    with sqlite_databases() as make:

        class Here(School):
            new_database = staticmethod(make)

        here = Here()
        yield here
        here.teardown()


@pytest.mark.parametrize("what", ["refused", "leave", "hide", "erase", "block"])
@pytest.mark.parametrize("once_recorded", [False, True], ids=["while judged", "between record and file"])
def test_what_happens_during_a_run_holds_for_what_it_writes(school: School, what: str, once_recorded: bool) -> None:
    world = school.world
    school.begin(who=["kind-a", "kind-b"], others=["kind-a", "kind-d", "kind-e"])
    world.fill_folder()
    for path in world.folder.photos:
        world.answer_in_file(path, Approach(tapped=5, absent=99), bound=True)
    world.run_folder(Asked(CHANNELS), lambda: school.happen(what, "kind-a"), once_recorded=once_recorded)
    assert not world.faults
    world.run_folder_to_the_end(Asked(CHANNELS))
    assert not world.faults
    assert world.counts["on disk"]


@pytest.mark.parametrize("what", ["refused", "leave", "hide", "erase", "block"])
def test_what_happens_after_a_run_holds_for_photos_whose_files_were_touched_since(school: School, what: str) -> None:
    world = school.world
    school.begin(who=["kind-a", "kind-b"], others=["kind-a", "kind-d", "kind-e"])
    world.fill_folder()
    for path in world.folder.photos:
        world.answer_in_file(path, Approach(tapped=5, absent=99), bound=True)
    world.run_folder_to_the_end(Asked(CHANNELS))
    assert world.counts["on disk"]
    school.happen(what, "kind-a")
    for path in world.folder.photos:
        world.folder.touch(path)
    world.run_folder_to_the_end(Asked(CHANNELS, only_stale=True))
    assert not world.faults
