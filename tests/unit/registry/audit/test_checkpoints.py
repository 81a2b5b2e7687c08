"""Signed checkpoints: a file a day, and they show a log that was cut off or rewritten."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import Connection, text

from fotopoort.registry import maintenance
from fotopoort.registry.access.roles import Act, Caller, console
from fotopoort.registry.audit.checkpoints import FOLDER, PRIVATE, PUBLIC, export_checkpoint, read_checkpoints
from fotopoort.registry.audit.verification import verify_with_checkpoints
from fotopoort.registry.registry import Registry

from ..conftest import Clock
from .tampering import ROWS, cut, forge, verified


@pytest.mark.parametrize(("attack", "says"), [(forge, "not the one that was signed"), (cut, "a signed head has them")])
def test_a_signed_checkpoint_shows_a_log_that_was_rewritten_together_with_its_head(
    log: Registry,
    caller: Caller,
    clock: Clock,
    tmp_path: Path,
    attack: Callable[[Connection, int], None],
    says: str,
) -> None:
    with log.read(caller, Act.SEE_AUDIT) as session:
        export_checkpoint(session, tmp_path / "heads")
    with log.database.write() as connection:
        connection.execute(text("DELETE FROM consent"))  # else those give it away first
        attack(connection, 3)
    problem = verified(log, caller, tmp_path / "heads").problem
    assert problem is not None
    assert says in problem.en
    clock.now += timedelta(days=1)


def test_programs_that_sign_first_at_the_same_moment_sign_with_one_key(
    log: Registry, caller: Caller, tmp_path: Path
) -> None:
    programs, rounds = 6, 12
    together = Barrier(programs)

    def sign(number: int, keys_folder: Path, heads: Path) -> None:
        with log.read(caller, Act.SEE_AUDIT) as session:
            together.wait()
            export_checkpoint(replace(session, keys_folder=keys_folder), heads / str(number))

    with ThreadPoolExecutor(programs) as pool:
        for attempt in range(rounds):
            keys, heads = tmp_path / f"keys {attempt}", tmp_path / f"heads {attempt}"
            list(pool.map(sign, range(programs), [keys] * programs, [heads] * programs))
            for number in range(programs):
                checkpoints, forged = read_checkpoints(heads / str(number), keys, "school")
                assert (len(checkpoints), forged) == (1, [])


def test_a_public_key_that_is_not_the_private_ones_is_put_right(log: Registry, caller: Caller, tmp_path: Path) -> None:
    for left in (None, b"of a key that was never finished"):
        public = log.keys_folder / PUBLIC
        public.unlink(missing_ok=True)
        if left is not None:
            public.write_bytes(left)
        with log.read(caller, Act.SEE_AUDIT) as session:
            export_checkpoint(session, tmp_path / "heads")
        assert read_checkpoints(tmp_path / "heads", log.keys_folder, "school")[1] == []


def test_checkpoints_are_one_file_a_day_and_signed(log: Registry, caller: Caller, clock: Clock, tmp_path: Path) -> None:
    folder = tmp_path / "heads"
    for _ in range(2):
        with log.read(caller, Act.SEE_AUDIT) as session:
            export_checkpoint(session, folder)
            export_checkpoint(session, folder)
        clock.now += timedelta(days=1)
    assert [path.name for path in sorted(folder.iterdir())] == ["school-2026-11-24.json", "school-2026-11-25.json"]
    checkpoints, forged = read_checkpoints(folder, log.keys_folder, "school")
    assert [checkpoint.seq for checkpoint in checkpoints] == [ROWS, ROWS]
    assert not forged
    assert (log.keys_folder / PRIVATE).stat().st_mode & 0o777 == 0o600
    first = folder / "school-2026-11-24.json"
    first.write_text(json.dumps(json.loads(first.read_text()) | {"seq": 3}))
    assert read_checkpoints(folder, log.keys_folder, "school")[1] == ["school-2026-11-24.json"]


OTHERS = (
    "school-noord",
    "school-2026",
    "school-2026-11-24",
    "sch",
    "s",
    "s-",
    "s_",
    "s--",
    "s-2026-11-24",
    "[s]",
    "s*",
    "?",
)


def test_checkpoints_are_of_one_school_whatever_others_in_the_folder_are_called(log: Registry, caller: Caller) -> None:
    """Also where an id is how another begins, ends as a day does, or would match others in a search for files."""
    for tenant in OTHERS:
        log.add_school(console(tenant), tenant)
    maintenance.sign(log)
    heads = log.data_folder / FOLDER
    for tenant in (caller.tenant, *OTHERS):
        assert read_checkpoints(heads, log.keys_folder, tenant)[1] == []
        verification = verify_with_checkpoints(log, console(tenant))
        assert (verification.checkpoints, verification.problem) == (1, None)
    (heads / "school-2026-11-24 (1).json").write_bytes((heads / "school-2026-11-24.json").read_bytes())
    assert len(read_checkpoints(heads, log.keys_folder, "school")[0]) == 2
    other = (heads / "school-noord-2026-11-24.json").read_bytes()
    (heads / "school-2026-11-25.json").write_bytes(other)  # one of another school in the place of its own
    assert read_checkpoints(heads, log.keys_folder, "school")[1] == ["school-2026-11-25.json"]
