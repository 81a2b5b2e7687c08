"""`fotopoort batch --cluster` and `fotopoort worker`: what keeps them from working together."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.postgresql import fresh_database

from fotopoort.application.service import ScreeningService
from fotopoort.batch.cluster import Cluster, shared_request
from fotopoort.batch.eligibility import Eligibilities
from fotopoort.batch.run_request import RunRequest
from fotopoort.batch.storage.folder import Folder
from fotopoort.batch.storage.walk import FoundFile
from fotopoort.batch.survey import survey
from fotopoort.batch.validity import Validity
from fotopoort.cli.registry_session import open_registry
from fotopoort.policy.policy import Policy
from fotopoort.registry.access.roles import console
from fotopoort.settings import Settings
from fotopoort.vision.models.catalogue import Catalogue

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


@pytest.mark.parametrize("together", [False, True])
def test_a_worker_judges_for_one_message_where_that_was_asked(
    fotopoort: Fotopoort,
    postgresql: str,
    policy: Policy,
    photos: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    together: bool,
) -> None:
    """The verdicts of two children whom nobody knows, on a closed channel and on a public one that crops them."""
    with fresh_database(postgresql) as url:
        monkeypatch.setenv("FOTOPOORT_REGISTRY_URL", url)
        settings = Settings()
        request = RunRequest(Folder(photos), Folder(tmp_path / "uit"), CHANNELS, together=together)
        with open_registry(settings) as (registry, _), Cluster.open(settings) as cluster:
            service = ScreeningService(policy, registry=registry)
            models = Catalogue(settings.models_folder).fingerprint()
            validity = Validity(request, Eligibilities(service, console(settings.tenant), models))
            with cluster.ledger(request.out, settings) as ledger:
                survey(validity, ledger, shared_request=shared_request(request, policy, models, settings))
                done = fotopoort("worker", "--once")
                assert (done.status, "2 photos judged" in done.err) == (0, True)
                entries = list(ledger.entries())
