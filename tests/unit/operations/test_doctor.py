"""The checks of `fotopoort doctor`, each with what it warns of and what it leaves alone."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import metadata
from pathlib import Path
from typing import Any, NoReturn

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from sqlalchemy import text, update

from fotopoort.cli.registry_session import open_registry
from fotopoort.jobs.queue import Queue
from fotopoort.operations.doctor import database, files, machine, network, settings
from fotopoort.operations.doctor.examination import examine
from fotopoort.operations.doctor.finding import Check, Finding, Level, Subject
from fotopoort.policy_file import PACKAGED
from fotopoort.registry import outbox
from fotopoort.registry.access.roles import Act
from fotopoort.registry.consent import consent_log
from fotopoort.registry.consent.statements import Statement
from fotopoort.registry.lists import imports
from fotopoort.registry.people import people
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.store.database import HEAD
from fotopoort.registry.store.tables import job
from fotopoort.resources import resource
from fotopoort.settings import Settings
from fotopoort.vocabulary import ConsentState

NOW = datetime.now(UTC)


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine the clock goes on while a test does little, and more so while all the others do."""
    monkeypatch.setattr(database, "MAX_SKEW", timedelta(hours=1))
    monkeypatch.setattr(sys.modules[__name__], "NOW", datetime.now(UTC))


def subject(tmp_path: Path, **given: Any) -> Subject:  # noqa: ANN401 - settings of every type
    return Subject(Settings(data_folder=tmp_path / "data", **given), {}, lambda: NOW)


def levels(check: Check, looked_at: Subject) -> dict[str, Level]:
    return {finding.check: finding.level for finding in check(looked_at)}


def only(check: Check, looked_at: Subject) -> Finding:
    (finding,) = check(looked_at)
    return finding


def test_a_check_that_fails_is_a_finding_without_a_word_of_it(tmp_path: Path) -> None:
    def broken(_: Subject) -> NoReturn:
        raise RuntimeError("Sanne de Vries")

    (finding,) = examine(subject(tmp_path), {"broken": broken})
    assert finding.level is Level.FAIL
    assert finding.text.en == "This cannot be checked (RuntimeError)."


# --- settings --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "word"),
    [
        pytest.param({"screeners": 64}, "FOTOPOORT_SCREENERS", id="more processes than threads"),
        pytest.param({"host": "0.0.0.0"}, "FOTOPOORT_HOST", id="others without https"),  # noqa: S104
        pytest.param({"session_idle_minutes": 600, "session_hours": 1}, "IDLE_MINUTES", id="idle longer than all"),
        pytest.param({"seconds_waiting": 0}, "FOTOPOORT_SECONDS_WAITING", id="no time to wait"),
        pytest.param({"registry_url": "postgresql://a:b@c/d"}, "FOTOPOORT_REGISTRY_URL", id="a password"),
        pytest.param({"metrics_key_file": Path("/none")}, "FOTOPOORT_METRICS_KEY_FILE", id="a key that is not there"),
    ],
)
def test_settings_that_make_no_sense_together(tmp_path: Path, given: dict[str, Any], word: str) -> None:
    finding = only(settings.combinations, subject(tmp_path, **given))
    assert finding.level is not Level.OK
    assert word in finding.text.en
    assert finding.advice is not None


def test_settings_as_they_come_make_sense(tmp_path: Path) -> None:
    assert only(settings.combinations, subject(tmp_path)).level is Level.OK


def test_a_variable_with_a_typing_error_is_told_what_is_meant(tmp_path: Path) -> None:
    looked_at = replace(subject(tmp_path), environment={"FOTOPOORT_PROT": "80", "FOTOPOORT_HOST": "::1", "PATH": "/"})
    finding = only(settings.variables, looked_at)
    assert finding.text.en == "FOTOPOORT_PROT is no setting."
    assert finding.advice is not None
    assert "FOTOPOORT_PORT" in finding.advice.en


def test_a_policy_that_cannot_be_read_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text("version = 1")
    looked_at = subject(tmp_path, policy_file=tmp_path / "policy.toml")
    (finding,) = examine(looked_at, {"policy": settings.policy})
    assert finding.level is Level.FAIL


def test_a_channel_whose_photos_are_made_smaller_than_asked_is_named(tmp_path: Path) -> None:
    text = PACKAGED.read_text(encoding="utf-8").replace("max_side = 2048", "max_side = 3000")
    (tmp_path / "policy.toml").write_text(text, encoding="utf-8")
    read, smaller = examine(subject(tmp_path, policy_file=tmp_path / "policy.toml"), {"policy": settings.policy})
    assert (read.level, smaller.level) == (Level.OK, Level.WARN)
    assert "social_schools become 2048 pixels at most" in smaller.text.en


# --- files -----------------------------------------------------------------------------------------------


def test_a_data_folder_of_another_user_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data").mkdir(mode=0o700)
    assert only(files.folder, subject(tmp_path)).level is Level.OK
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    assert only(files.folder, subject(tmp_path)).level is Level.WARN


def test_secrets_that_others_can_read_or_that_lie_about(tmp_path: Path) -> None:
    looked_at = subject(tmp_path)
    keys = tmp_path / "data" / "keys"
    keys.mkdir(parents=True, mode=0o700)
    (key := keys / "originals.key").write_bytes(b"")
    key.chmod(0o600)
    (keys / "audit-signing.pub").touch(0o644)
    assert only(files.secrets, looked_at).level is Level.OK
    (tmp_path / "data" / "setup-code.txt").touch(0o600)
    assert only(files.secrets, looked_at).level is Level.WARN
    key.chmod(0o640)
    assert only(files.secrets, looked_at).level is Level.FAIL


@pytest.mark.parametrize(
    ("free", "level"),
    [(10**8, Level.FAIL), (2 * 10**9, Level.WARN), (10**10, Level.OK)],
    ids=["none", "little", "much"],
)
def test_room_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, level: Level) -> None:
    class Usage:
        def __init__(self, path: Path) -> None:
            assert path == tmp_path  # the data folder is not there yet
            self.free = free

    monkeypatch.setattr(shutil, "disk_usage", Usage)
    assert only(files.disk, subject(tmp_path)).level is level


# --- the machine -----------------------------------------------------------------------------------------


def test_libraries_within_their_bounds_are_told_from_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert only(machine.libraries, subject(tmp_path)).level is Level.OK
    needed = ["pydantic>=2,<3", "numpy>=99", "not-there>=1", 'ruff>=99; extra == "dev"']
    monkeypatch.setattr(metadata, "requires", lambda _: needed)
    finding = only(machine.libraries, subject(tmp_path))
    assert finding.level is Level.FAIL
    assert "not-there" in finding.text.en
    assert "numpy" in finding.text.en
    assert "pydantic" not in finding.text.en
    assert "ruff" not in finding.text.en


def test_too_little_memory_for_the_processes_is_told(tmp_path: Path) -> None:
    assert only(machine.memory, subject(tmp_path, screeners=1)).level is Level.OK
    assert only(machine.memory, subject(tmp_path, screeners=64)).level is Level.WARN


def test_a_container_has_the_memory_that_it_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "usable_memory", lambda: 1_000_000_000)
    finding = only(machine.memory, subject(tmp_path, screeners=1))
    assert finding.level is Level.WARN
    assert finding.text.en.startswith("1.0 GB, 1.0 GB free")


def test_models_that_are_not_there_are_named(tmp_path: Path) -> None:
    finding = only(machine.models, subject(tmp_path, models_folder=tmp_path / "none"))
    assert finding.level is Level.FAIL
    assert "centerface (missing)" in finding.text.en


# --- the network -----------------------------------------------------------------------------------------


def test_a_port_that_something_else_has_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "SECONDS", 0.2)  # who does not answer is not waited for
    with socket.create_server(("127.0.0.1", 0)) as other:
        number = other.getsockname()[1]
        assert only(network.port, subject(tmp_path, port=number)).level is Level.FAIL
    assert only(network.port, subject(tmp_path, port=number)).level is Level.OK


@pytest.mark.parametrize(
    ("days", "level"), [(-1, Level.FAIL), (5, Level.WARN), (60, Level.OK)], ids=["over", "soon over", "valid"]
)
def test_a_certificate_that_ends(tmp_path: Path, days: int, level: Level) -> None:
    path = tmp_path / "certificate.pem"
    path.write_bytes(certificate(NOW + timedelta(days=days, hours=1)))
    finding = only(network.certificate, replace(subject(tmp_path), certificate=path))
    assert finding.level is level


def test_what_is_no_certificate_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "no.pem").write_text("none")
    looked_at = replace(subject(tmp_path), certificate=tmp_path / "no.pem")
    assert only(network.certificate, looked_at).level is Level.FAIL


def certificate(until: datetime) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "school.example")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(until - timedelta(days=90)).not_valid_after(until)
    return made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


# --- the database ----------------------------------------------------------------------------------------


@contextmanager
def school(looked_at: Subject) -> Iterator[tuple[Any, Any]]:
    with open_registry(looked_at.settings, make=True) as (registry, caller):
        yield registry, caller


def later(looked_at: Subject, **passed: float) -> Subject:
    return replace(looked_at, clock=lambda: NOW + timedelta(**passed))


def test_the_class_list_and_the_backup_grow_old(tmp_path: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at = subject(tmp_path, registry_url=url)
    with school(looked_at) as (registry, caller), registry.write(caller, Act.IMPORT) as session:
        imports.apply(session, imports.plan(session, resource("fixtures/classlist.csv").read_bytes()))
        session.note("backup", rows=1)
    found = levels(database.database, looked_at)
    assert set(found.values()) == {Level.OK}
    monkeypatch.setattr(database, "database_clock", lambda _: NOW + timedelta(days=400))
    found = levels(database.database, later(looked_at, days=400))
    assert (found["class_list"], found["backup"], found["clock"]) == (Level.WARN, Level.WARN, Level.OK)


@pytest.mark.parametrize("shift", [-2, 2], ids=["behind", "ahead"])
def test_a_clock_that_is_wrong_is_a_failure(tmp_path: Path, shift: int) -> None:
    looked_at = subject(tmp_path)
    with school(looked_at):
        assert levels(database.database, later(looked_at, hours=shift))["clock"] is Level.FAIL


def test_statements_of_a_day_to_come_are_counted_and_nobody_is_named(tmp_path: Path, url: str) -> None:
    looked_at = subject(tmp_path, registry_url=url)
    with school(looked_at) as (registry, caller), registry.write(caller, Act.EDIT_PEOPLE) as session:
        for person in ("p1", "p2"):
            people.add(session, PersonRecord(person, name="Noor"))
            consent_log.record(session, Statement(person, "website", ConsentState.GRANTED))
            consent_log.record(session, Statement(person, "facebook", ConsentState.GRANTED))
    assert "consents" not in levels(database.database, looked_at)
    (found,) = [told for told in database.database(later(looked_at, days=-200)) if told.check == "consents"]
    assert found.level is Level.WARN
    assert found.text.en.startswith("Of 2 people, something is recorded with a day to come")
    assert "Noor" not in str(found)


def test_jobs_and_deliveries_that_were_given_up_or_wait_for_nobody(tmp_path: Path, url: str) -> None:
    looked_at = subject(tmp_path, registry_url=url)
    with school(looked_at) as (registry, caller):
        queue = Queue(registry)
        with registry.write(caller, Act.MAINTAIN) as session:
            outbox.enqueue(session, "webhook.deliver", {})
        lease = queue.take("webhook.deliver", 1, "here")
        assert lease is not None
        queue.fail(lease, "timed_out", None)
        with registry.write(caller, Act.MAINTAIN) as session:
            before = session.now - timedelta(hours=1)
            in_turn = outbox.enqueue(session, "post.photo.look", {}, due=before)
            outbox.enqueue(session, "post.photo.render", {}, due=before)
            session.connection.execute(update(job).where(job.c.id != in_turn).values(made=before))
    found = list(database.database(looked_at))
    told = [finding.text.en for finding in found if finding.level is Level.WARN and finding.check != "class_list"]
    assert told[-3:] == [
        "1 jobs were given up.",
        "1 jobs have waited for more than a quarter of an hour.",
        "1 deliveries were given up.",
    ]


@pytest.mark.parametrize(("version", "level"), [("0001", Level.WARN), ("9999", Level.FAIL)], ids=["older", "newer"])
def test_the_schema_of_another_version(tmp_path: Path, version: str, level: Level) -> None:
    looked_at = subject(tmp_path)
    with school(looked_at) as (registry, _), registry.database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})
    found = list(examine(looked_at, {"database": database.database}))
    assert found[-1].level is level
    assert version != HEAD


def test_a_school_that_is_not_in_it_is_a_failure(tmp_path: Path) -> None:
    with school(subject(tmp_path)):
        assert levels(database.database, subject(tmp_path, tenant="other"))["school"] is Level.FAIL


def test_nothing_is_made_by_looking(tmp_path: Path) -> None:
    assert list(examine(subject(tmp_path, port=0)))
    assert list(tmp_path.iterdir()) == []
