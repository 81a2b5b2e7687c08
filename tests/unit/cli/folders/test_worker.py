"""`fotopoort batch --cluster` and `fotopoort worker`: what keeps them from working together."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.postgresql import fresh_database

from fotopoort.batch.cluster import Cluster, shared_request
from fotopoort.batch.run_request import RunRequest
from fotopoort.batch.storage.folder import Folder
from fotopoort.batch.storage.walk import FoundFile
from fotopoort.policy.policy import Policy
from fotopoort.settings import Settings

if TYPE_CHECKING:
    from tests.unit.cli.conftest import Fotopoort

WEBSITE = ("--channel", "website", "--cluster")


@pytest.mark.parametrize("command", [("worker",), ("batch", "FOLDER", *WEBSITE, "--out", "OUT")])
def test_without_a_database_to_share_it_says_what_to_set(
    command: tuple[str, ...], fotopoort: Fotopoort, photos: Path, tmp_path: Path
) -> None:
    places = {"FOLDER": photos, "OUT": tmp_path / "uit"}
    done = fotopoort(*(places.get(argument, argument) for argument in command))
    assert done.status == 2
    assert "FOTOPOORT_REGISTRY_URL" in done.err


def test_people_are_looked_up_in_the_registry_only(fotopoort: Fotopoort, photos: Path, class_list: Path) -> None:
    done = fotopoort("batch", photos, *WEBSITE, "--registry", class_list)
    assert done.status == 2
    assert "fotopoort registry import" in done.err


def test_what_is_done_elsewhere_is_not_told_here(fotopoort: Fotopoort, photos: Path) -> None:
    done = fotopoort("batch", photos, *WEBSITE, "--json")
    assert done.status == 2
    assert "results.jsonl" in done.err


def test_a_worker_says_once_why_it_leaves_a_run_alone(
    fotopoort: Fotopoort, postgresql: str, policy: Policy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with fresh_database(postgresql) as url:
        monkeypatch.setenv("FOTOPOORT_REGISTRY_URL", url)
        request = RunRequest(Folder(tmp_path), Folder(tmp_path / "uit"), ("website",))
        with Cluster.open(Settings()) as cluster, cluster.ledger(request.out, Settings()) as ledger:
            run = ledger.begin(str(tmp_path), shared_request(request, policy, "of another machine", Settings()))
            ledger.record_found(run, [FoundFile("a.jpg", 1, 2, "a")])
            ledger.plan(run, lambda file, state: True)
            done = fotopoort("worker", "--once")
            assert done.status == 0
            assert done.err.count("the set of models is not as on") == 1
            assert ledger.remaining(run) == 1
