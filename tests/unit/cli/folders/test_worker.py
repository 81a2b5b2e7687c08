"""`fotopoort batch --cluster` and `fotopoort worker`: what keeps them from working together."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.postgresql import fresh_database

from fotopoort.application.service import ScreeningService
from fotopoort.batch.cluster import Cluster, shared_request
from fotopoort.batch.eligibility import Eligibilities
from fotopoort.batch.grouping import Grouping
from fotopoort.batch.run_request import RunRequest
from fotopoort.batch.storage.folder import Folder
from fotopoort.batch.storage.walk import FoundFile
from fotopoort.batch.survey import survey
from fotopoort.batch.validity import Validity
from fotopoort.cli.registry_session import open_registry
from fotopoort.policy.policy import Policy
from fotopoort.registry.access.roles import Act
from fotopoort.registry.lists import imports
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


def test_a_worker_judges_for_one_message_where_that_was_asked(
    fotopoort: Fotopoort,
    postgresql: str,
    policy: Policy,
    photos: Path,
    class_list: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found: dict[bool, list[set[str]]] = {}
    with fresh_database(postgresql) as url:
        monkeypatch.setenv("FOTOPOORT_REGISTRY_URL", url)
        settings = Settings()
        models = Catalogue(settings.models_folder).fingerprint()
        with open_registry(settings, make=True) as (registry, caller), Cluster.open(settings) as cluster:
            nobody_objects = class_list.read_bytes().replace(b"bezwaar", b"")  # to the closed channel
            with registry.write(caller, Act.IMPORT) as session:
                imports.apply(session, imports.plan(session, nobody_objects))
            eligibilities = Eligibilities(ScreeningService(policy, registry=registry), caller, models)
            for together in (False, True):
                out = Folder(tmp_path / f"uit-{together}")
                channels, grouping = ("website", "social_schools"), Grouping(frozenset({"groep 5"}))
                request = RunRequest(Folder(photos), out, channels, grouping, together=together)
                with cluster.ledger(out, settings) as ledger:
                    asked = shared_request(request, policy, models, settings)
                    survey(Validity(request, eligibilities), ledger, shared_request=asked)
                    assert "2 photos judged" in fotopoort("worker", "--once").err
                    found[together] = [
                        {verdict["outcome"] for verdict in entry.document["verdicts"].values()}
                        for entry in ledger.entries()
                    ]
    assert [len(outcomes) for outcomes in found[True]] == [1, 1]
    assert max(len(outcomes) for outcomes in found[False]) == 2
