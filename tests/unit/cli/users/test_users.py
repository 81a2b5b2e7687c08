"""`fotopoort users` as whoever looks after the machine would use it."""

from __future__ import annotations

from pathlib import Path

import pytest

from fotopoort.cli.registry_session import open_registry
from fotopoort.errors import BadLogin
from fotopoort.registry.access import invitations, login
from fotopoort.registry.access.login_guard import LoginGuard
from fotopoort.settings import load_settings

from ..conftest import Done, Fotopoort

PASSWORD = "fietsbel kaas lamp dak"  # noqa: S105


@pytest.fixture
def users(fotopoort: Fotopoort, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fotopoort:
    """`fotopoort users` of a school with one group."""
    monkeypatch.setenv("FOTOPOORT_DATA_FOLDER", str(tmp_path / "data"))
    assert fotopoort("registry", "init").status == 0
    assert fotopoort("registry", "add", "p1", "Noor Bakker", "--group", "groep 5").status == 0
    return lambda *arguments: fotopoort("users", *arguments)


def follow(done: Done) -> None:
    """Choose a password by the link that was shown."""
    assert done.status == 0
    (line,) = done.out.splitlines()
    assert line.startswith("http://127.0.0.1:8470/invitation/")
    with open_registry(load_settings()) as (registry, _):
        invitations.accept(registry, "school", line.rpartition("/")[2], PASSWORD)


def log_in(name: str) -> None:
    with open_registry(load_settings()) as (registry, _):
        login.log_in(registry, LoginGuard(), "school", name, PASSWORD, "192.0.2.1")


def test_somebody_is_added_reset_disabled_and_enabled(users: Fotopoort) -> None:
    assert "nobody yet" in users("list").err
    added = users("add", "Juf@school.nl", "--name", "Juf Marieke", "--group", "groep 5")
    (row,) = users("list", "--json").documents
    assert (row["login"], row["role"], row["groups"], row["has_password"]) == (
        "juf@school.nl",
        "teacher",
        ["groep 5"],
        False,
    )
    follow(added)
    log_in("juf@school.nl")
    reset = users("reset", "JUF@school.nl", "--code")
    with pytest.raises(BadLogin):
        log_in("juf@school.nl")
    follow(reset)
    log_in("juf@school.nl")
    assert users("disable", "juf@school.nl").status == 0
    with pytest.raises(BadLogin):
        log_in("juf@school.nl")
    assert users("enable", "juf@school.nl").status == 0
    log_in("juf@school.nl")


@pytest.mark.parametrize("command", ["reset", "disable", "enable"])
def test_nobody_is_told_plainly(users: Fotopoort, command: str) -> None:
    done = users(command, "niemand@school.nl")
    assert (done.status, done.out) == (2, "")
    assert "There is no such account" in done.err
    assert "niemand" not in done.err


def test_who_cannot_be_added_is_told_plainly(users: Fotopoort) -> None:
    for arguments, says in (
        (("juf@school.nl", "--name", "Juf"), "A teacher has groups"),
        (("juf@school.nl", "--name", "Juf", "--group", "groep 9"), "There is no such group"),
        (("cms", "--name", "CMS", "--role", "machine"), "make an API key"),
    ):
        done = users("add", *arguments)
        assert (done.status, done.out) == (2, "")
        assert says in done.err


def test_the_table_is_in_the_language_that_was_asked_for(
    fotopoort: Fotopoort, users: Fotopoort, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    users("add", "po", "--name", "Sanne", "--role", "office")
    table = fotopoort("--lang", "nl", "users", "list").out
    assert "administratie" in table
    assert "tweede stap" in table


def test_the_link_begins_with_the_address_of_the_proxy(users: Fotopoort, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOTOPOORT_PUBLIC_URL", "https://foto.school.nl")
    added = users("add", "juf@school.nl", "--name", "Juf Marieke", "--group", "groep 5")
    assert added.out.startswith("https://foto.school.nl/invitation/")
