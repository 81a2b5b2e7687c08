"""Runs that many machines do together: who may take part, and whose run it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.entries import entry
from tests.postgresql import fresh_database

from fotopoort.batch.cluster import REQUIRED_NL, Cluster, SharedRun, follow, schema_of, shared_request
from fotopoort.batch.grouping import Grouping
from fotopoort.batch.ledger.ledger import Ledger, RunReplaced
from fotopoort.batch.ledger.location import OWN, SHARED
from fotopoort.batch.ledger.photo_state import PhotoState
from fotopoort.batch.run_request import RunRequest
from fotopoort.batch.storage.folder import Folder
from fotopoort.batch.storage.walk import FoundFile
from fotopoort.errors import BadSetting, OutputUnwritable, UseError
from fotopoort.policy.policy import Policy
from fotopoort.registry.answers.answers_file import AnswersFile
from fotopoort.registry.answers.binding import tightening
from fotopoort.settings import PREFIX, Settings
from fotopoort.vocabulary import Answers

MODELS = "f" * 64


@pytest.fixture
def settings(postgresql: str) -> Iterator[Settings]:
    with fresh_database(postgresql) as url:
        yield Settings(registry_url=url)


@pytest.fixture
def cluster(settings: Settings) -> Iterator[Cluster]:
    with Cluster.open(settings) as cluster:
        yield cluster


@pytest.fixture
def run_request(tmp_path: Path) -> RunRequest:
    (tmp_path / "fotos").mkdir()
    (tmp_path / "fotos" / "a.jpg").write_bytes(b"x")
    (tmp_path / "uit").mkdir()
    return RunRequest(
        photos=Folder(tmp_path / "fotos"),
        out=Folder(tmp_path / "uit"),
        channels=("website", "facebook"),
        grouping=Grouping(folder="groep 5"),
        answers=AnswersFile(by_name={"a.jpg": tightening(Answers(present=frozenset({"p1"})))}),
        day=date(2024, 3, 12),
        together=True,
    )


def run_with_one_photo(ledger: Ledger, run_request: RunRequest, policy: Policy) -> int:
    """A run with one photo to be done."""
    run = ledger.begin(run_request.photos.address, shared_request(run_request, policy, MODELS, Settings()))
    ledger.record_found(run, [FoundFile("a.jpg", 1, 2, "a")])
    ledger.plan(run, every_photo)
    return run


def every_photo(file: FoundFile, state: PhotoState | None) -> bool:
    return True


def shared(cluster: Cluster) -> SharedRun:
    (found,) = cluster.runs()
    return found


def test_a_worker_finds_runs_with_work_and_what_was_asked(
    cluster: Cluster, run_request: RunRequest, policy: Policy, settings: Settings
) -> None:
    assert list(cluster.runs()) == []
    with cluster.ledger(run_request.out, Settings()) as ledger:
        run = run_with_one_photo(ledger, run_request, policy)
        found = shared(cluster)
        assert (found.run, found.tenant, found.key) == (run, "school", (schema_of(run_request.out.address), run))
        received = found.request(policy, MODELS, settings)
        assert received.photos.address == run_request.photos.address
        assert replace(received, photos=run_request.photos, out=run_request.out) == run_request
        lease = found.ledger.leases.claim(run, "one")
        assert lease
        found.ledger.leases.finish(lease)
        assert list(cluster.runs()) == []


def test_a_run_of_which_nothing_else_was_said_is_for_each_channel_by_itself(run_request: RunRequest) -> None:
    document = run_request.to_json()
    assert RunRequest.from_json(document).together
    assert not RunRequest.from_json(replace(run_request, together=False).to_json()).together
    document.pop("together")  # as it was recorded before that could be said
    assert not RunRequest.from_json(document).together


def test_folders_have_ledgers_of_their_own(
    cluster: Cluster, run_request: RunRequest, policy: Policy, tmp_path: Path
) -> None:
    other = replace(run_request, out=Folder(tmp_path / "elders"))
    for each in (run_request, other):
        with cluster.ledger(each.out, Settings()) as ledger:
            run_with_one_photo(ledger, each, policy)
    assert {found.document["out"] for found in cluster.runs()} == {run_request.out.address, other.out.address}


def test_who_would_judge_otherwise_takes_no_part(
    cluster: Cluster, run_request: RunRequest, policy: Policy, settings: Settings
) -> None:
    with cluster.ledger(run_request.out, Settings()) as ledger:
        run_with_one_photo(ledger, run_request, policy)
    with pytest.raises(UseError, match="policy"):
        shared(cluster).request(replace(policy, version="another"), MODELS, settings)
    with pytest.raises(UseError, match="the set of models") as refusal:
        shared(cluster).request(policy, "other", settings)
    assert "de verzameling modellen" in refusal.value.message.nl
    with pytest.raises(UseError, match="FOTOPOORT_MAX_MEGAPIXELS"):
        shared(cluster).request(policy, MODELS, settings.model_copy(update={"max_megapixels": 7}))


def test_all_that_must_be_the_same_can_be_named_in_dutch(run_request: RunRequest, policy: Policy) -> None:
    required = shared_request(run_request, policy, MODELS, Settings())["alike"]
    assert {name for name in required if not name.startswith(PREFIX)} == REQUIRED_NL.keys()


def test_who_sees_another_folder_of_that_name_takes_no_part(
    cluster: Cluster, run_request: RunRequest, policy: Policy, settings: Settings, tmp_path: Path
) -> None:
    with cluster.ledger(run_request.out, Settings()) as ledger:
        run_with_one_photo(ledger, run_request, policy)
    (tmp_path / "fotos" / "a.jpg").unlink()  # as where a share is not mounted
    with pytest.raises(UseError, match="does not see the photos"):
        shared(cluster).request(policy, MODELS, settings)
    run_request.out.write(SHARED, b"of another ledger")
    with pytest.raises(UseError, match="the output folder"):
        shared(cluster).request(policy, MODELS, settings)


def test_one_run_at_a_time_is_followed(cluster: Cluster, run_request: RunRequest, settings: Settings) -> None:
    with cluster.ledger(run_request.out, settings), Cluster.open(settings) as elsewhere:
        with pytest.raises(OutputUnwritable, match="Another run"), elsewhere.ledger(run_request.out, settings):
            pytest.fail("let in")
    with cluster.ledger(run_request.out, settings):
        pass


@pytest.mark.parametrize("record", [OWN, SHARED])
def test_what_another_ledger_knows_is_not_written_over(
    record: str, cluster: Cluster, run_request: RunRequest, settings: Settings
) -> None:
    """By a run of one machine, or of machines that call the folder otherwise: it knows what to take away."""
    run_request.out.write(record, b"of others")
    with pytest.raises(OutputUnwritable, match="belongs to runs without"), cluster.ledger(run_request.out, settings):
        pytest.fail("let in")


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits between two looks."""
    monkeypatch.setattr("fotopoort.batch.cluster.time.sleep", lambda seconds: None)


@pytest.mark.usefixtures("at_once")
def test_a_run_is_followed_until_it_is_done(cluster: Cluster, run_request: RunRequest, policy: Policy) -> None:
    with cluster.ledger(run_request.out, Settings()) as ledger:
        run = run_with_one_photo(ledger, run_request, policy)
        following = follow(ledger, run)
        assert next(following) == (1, 0)
        lease = ledger.leases.claim(run, "one")
        assert lease
        assert next(following) == (1, 1)
        ledger.leases.record(lease, entry("a.jpg"), FoundFile("a.jpg", 1, 2, "a"), "k", [])
        ledger.leases.finish(lease)
        assert list(following) == [(0, 0)]


@pytest.mark.usefixtures("at_once")
def test_following_ends_when_another_run_was_begun(cluster: Cluster, run_request: RunRequest, policy: Policy) -> None:
    with cluster.ledger(run_request.out, Settings()) as ledger:
        following = follow(ledger, run_with_one_photo(ledger, run_request, policy))
        assert next(following) == (1, 0)
        run_with_one_photo(ledger, run_request, policy)
        with pytest.raises(RunReplaced):
            next(following)


@pytest.mark.usefixtures("at_once")
def test_a_database_that_is_away_for_a_while_is_waited_for(
    cluster: Cluster, run_request: RunRequest, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    with cluster.ledger(run_request.out, Settings()) as ledger:
        run = run_with_one_photo(ledger, run_request, policy)
        remaining, outages = Ledger.remaining, [OutputUnwritable()] * 3

        def sometimes(self: Ledger, number: int) -> int:
            if outages:
                raise outages.pop()
            return remaining(self, number)

        monkeypatch.setattr(Ledger, "remaining", sometimes)
        assert next(follow(ledger, run)) == (1, 0)
        outages += [OutputUnwritable()] * 1000
        with pytest.raises(OutputUnwritable):
            next(follow(ledger, run))


@pytest.mark.parametrize("url", [None, "sqlite:////tmp/x.db", "no url at all"])
def test_it_takes_a_database_that_machines_can_share(url: str | None) -> None:
    with pytest.raises(BadSetting, match="PostgreSQL"), Cluster.open(Settings(registry_url=url)):
        pytest.fail("opened")
