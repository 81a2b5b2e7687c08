"""What is counted, what never becomes a label, and who may read it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn, cast

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import update

from fotopoort.cli.registry_session import open_registry
from fotopoort.errors import EmptyFile, RegistryUnavailable
from fotopoort.jobs.execution import Outcome
from fotopoort.jobs.queue import Queue
from fotopoort.operations.metrics.access import may_read
from fotopoort.operations.metrics.metrics import ABOUT_PEOPLE, PEOPLE, Metrics
from fotopoort.operations.metrics.snapshot import Snapshot
from fotopoort.policy.rules import RULES
from fotopoort.policy_file import load_policy
from fotopoort.registry import outbox
from fotopoort.registry.access.roles import Act, console
from fotopoort.registry.audit.chain import AuditEntry
from fotopoort.registry.registry import Registry
from fotopoort.registry.store.tables import job
from fotopoort.screening.processes.pool import PoolState, ScreeningPool
from fotopoort.screening.screen import Request, unjudged
from fotopoort.settings import Settings

KEY = "k" * 32


def samples(metrics: Metrics, name: str) -> dict[tuple[str, ...], float]:
    """The values of a metric, by its labels."""
    return {
        tuple(sample.labels.values()): sample.value
        for family in text_string_to_metric_families(metrics.text().decode())
        for sample in family.samples
        if sample.name == name
    }


def verdict(channel: str, outcome: str, *rules: str) -> AuditEntry:
    detail = {"outcomes": {channel: outcome}, "rules": {channel: list(rules)}, "screening": "s1"}
    return AuditEntry("verdict", "0" * 64, None, detail)


def test_verdicts_are_counted_by_channel_outcome_and_rule() -> None:
    metrics = Metrics()
    metrics.recorded([verdict("website", "blur", "R20", "R13"), AuditEntry("consent", person="ref1")])
    metrics.recorded([verdict("website", "blur", "R13"), verdict("facebook", "reject", "R01")])
    assert samples(metrics, "fotopoort_verdicts_total") == {("website", "blur"): 2, ("facebook", "reject"): 1}
    assert samples(metrics, "fotopoort_verdict_rules_total") == {
        ("website", ABOUT_PEOPLE): 1,
        ("website", "R13"): 2,
        ("facebook", "R01"): 1,
    }
    assert "ref1" not in metrics.text().decode()


@pytest.mark.parametrize("hidden", ["R03", "R23", "R24", "R20"])
def test_nobody_can_tell_by_the_counts_that_somebody_must_never_be_found(hidden: str) -> None:
    """Whatever rule speaks for them, the numbers are those of an ordinary refusal."""
    metrics, ordinary = Metrics(), Metrics()
    metrics.recorded([verdict("social_schools", "reject", hidden)])
    ordinary.recorded([verdict("social_schools", "reject", "R22")])
    for name in ("fotopoort_verdicts_total", "fotopoort_verdict_rules_total"):
        assert samples(metrics, name) == samples(ordinary, name)


def test_every_rule_that_speaks_as_another_counts_with_it() -> None:
    speaking = {rule.id: rule.speaks_as for rule in RULES if rule.speaks_as}
    assert speaking
    for rule, as_rule in speaking.items():
        assert {rule, as_rule} <= PEOPLE


def test_jobs_are_counted_by_kind_and_what_became_of_them() -> None:
    metrics = Metrics()
    metrics.attempted("post.photo.look", Outcome.DONE, 0.4)
    metrics.attempted("maintenance.daily.0123456789ab", Outcome.RETRY, 0.1)
    metrics.attempted("maintenance.daily.ba9876543210", Outcome.RETRY, 0.1)
    counts = samples(metrics, "fotopoort_job_seconds_count")
    assert counts == {("post.photo.look", "done"): 1, ("maintenance.daily", "retry"): 2}


def test_stages_are_measured_and_failures_counted() -> None:
    metrics = Metrics()
    failed = unjudged(b"", Request(("website",)), EmptyFile(), policy=load_policy())
    metrics.screened("screen_photo", 0.5, replace(failed, milliseconds={"look": 300.0, "read": 100.0}))
    metrics.screened("screen_photo", 0.5, None)  # the process died
    assert samples(metrics, "fotopoort_stage_seconds_sum") == {("look",): 0.3, ("read",): 0.1}
    assert samples(metrics, "fotopoort_screening_seconds_count") == {("screen_photo",): 2}
    assert samples(metrics, "fotopoort_photos_not_judged_total") == {("empty_file",): 1}


# --- what is looked up -----------------------------------------------------------------------------------


class Pool:
    """A pool with two processes."""

    def state(self) -> PoolState:
        return PoolState(waiting=3, at_once=1, memory=(10, 20), resting=1)


@pytest.fixture
def registry(tmp_path: Path, url: str) -> Iterator[Registry]:
    with open_registry(Settings(data_folder=tmp_path, registry_url=url), make=True) as (opened, caller):
        with opened.write(caller, Act.MAINTAIN) as session:
            for kind in ("post.photo.look", "post.photo.look", "webhook.deliver", "webhook.deliver"):
                outbox.enqueue(session, kind, {})
        queue = Queue(opened)
        assert queue.take("post.photo.look", 1, "here")
        dead = queue.take("webhook.deliver", 1, "here")
        assert dead is not None
        queue.fail(dead, "timed_out", None)
        yield opened


def test_the_queue_the_pool_and_the_deliveries_are_told(registry: Registry) -> None:
    metrics = Metrics()
    metrics.add_source(Snapshot(registry, cast(ScreeningPool, Pool())))
    assert samples(metrics, "fotopoort_jobs") == {
        ("post.photo.look", "due"): 1,
        ("post.photo.look", "leased"): 1,
        ("webhook.deliver", "due"): 1,
        ("webhook.deliver", "dead"): 1,
    }
    assert samples(metrics, "fotopoort_deliveries") == {("waiting",): 1, ("dead",): 1}
    assert samples(metrics, "fotopoort_screening_memory_bytes") == {("0",): 10, ("1",): 20}
    assert samples(metrics, "fotopoort_screening_waiting") == {(): 3}
    assert samples(metrics, "fotopoort_screening_resting") == {(): 1}
    assert samples(metrics, "fotopoort_posts_open") == samples(metrics, "fotopoort_originals_held") == {(): 0}
    assert samples(metrics, "fotopoort_database_up") == {(): 1}
    assert samples(metrics, "process_resident_memory_bytes")[()] > 0


def test_a_job_is_overdue_since_it_was_made_where_it_is_due_with_older_ones(registry: Registry) -> None:
    """Which is how those who make posts take turns."""
    hour = timedelta(hours=1)
    with registry.write(console("school"), Act.MAINTAIN) as session:
        for kind in ("in.turn", "old", "tried.again", "later"):
            outbox.enqueue(session, kind, {}, due=session.now + (hour if kind == "later" else -hour))
        made_before = update(job).values(made=session.now - 2 * hour)
        session.connection.execute(made_before.where(job.c.kind.in_(["old", "later"])))
        session.connection.execute(
            made_before.where(job.c.kind == "tried.again").values(due=session.now - hour / 2, attempts=1)
        )
    metrics = Metrics()
    metrics.add_source(Snapshot(registry, cast(ScreeningPool, Pool())))
    overdue = samples(metrics, "fotopoort_jobs_overdue_seconds")
    minutes = {kind: int(overdue[kind,] / 60) // 30 * 30 for kind in ("in.turn", "old", "tried.again")}
    assert minutes == {"in.turn": 0, "old": 60, "tried.again": 30}
    assert ("later",) not in overdue


def away() -> NoReturn:
    raise RegistryUnavailable


def test_without_the_database_the_rest_is_told(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    metrics = Metrics()
    metrics.add_source(Snapshot(registry, cast(ScreeningPool, Pool()), clock=lambda: now[0]))
    assert samples(metrics, "fotopoort_jobs")
    monkeypatch.setattr(registry.database, "read", away)
    assert samples(metrics, "fotopoort_jobs"), "it is not read anew each time"
    now[0] = 60
    assert samples(metrics, "fotopoort_jobs") == {}
    assert samples(metrics, "fotopoort_database_up") == {(): 0}
    assert samples(metrics, "fotopoort_screening_waiting") == {(): 3}


# --- who may read ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("client", "headers", "given", "may"),
    [
        pytest.param("127.0.0.1", {}, {}, True, id="this machine"),
        pytest.param("::1", {}, {}, True, id="this machine, by IPv6"),
        pytest.param("192.0.2.7", {}, {}, False, id="another machine"),
        pytest.param(None, {}, {}, False, id="nobody knows who"),
        pytest.param("127.0.0.1", {"x-forwarded-for": "192.0.2.7"}, {}, False, id="by way of a proxy"),
        pytest.param("127.0.0.1", {"forwarded": "for=192.0.2.7"}, {}, False, id="by way of another proxy"),
        pytest.param("127.0.0.1", {}, {"public_url": "https://foto.example"}, False, id="where there is a proxy"),
    ],
)
def test_without_a_key_programs_on_this_machine_may_read(
    client: str | None, headers: dict[str, str], given: dict[str, Any], may: bool
) -> None:
    assert may_read(Settings(**given), client, headers) is may


@pytest.mark.parametrize(
    ("authorization", "may"),
    [(f"Bearer {KEY}", True), (f"bearer {KEY}", True), (f"Bearer {KEY}k", False), (KEY, False), ("", False)],
)
def test_with_a_key_whoever_has_it_may_read(tmp_path: Path, authorization: str, may: bool) -> None:
    (tmp_path / "key").write_text(f"{KEY}\n")
    settings = Settings(metrics_key_file=tmp_path / "key")
    headers = {"authorization": authorization} if authorization else {}
    assert may_read(settings, "192.0.2.7", headers) is may
    assert may_read(settings, "127.0.0.1", {}) is False


@pytest.mark.parametrize("key", [None, "", "short", "ë" * 40], ids=["none", "empty", "short", "not ASCII"])
def test_a_key_that_is_no_good_lets_nobody_in(tmp_path: Path, key: str | None) -> None:
    if key is not None:
        (tmp_path / "key").write_text(key)
    settings = Settings(metrics_key_file=tmp_path / "key")
    assert may_read(settings, "127.0.0.1", {"authorization": f"Bearer {key or ''}"}) is False
