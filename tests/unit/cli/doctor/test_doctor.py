"""`fotopoort doctor` as whoever looks after the machine would use it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fotopoort.operations.doctor.examination import CHECKS
from fotopoort.settings import PREFIX

from ..conftest import Fotopoort


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing is set but where the data is, and a port that is not listened on."""
    for name in list(os.environ):
        if name.startswith(PREFIX) and name != "FOTOPOORT_MODELS_FOLDER":
            monkeypatch.delenv(name)
    monkeypatch.setenv("FOTOPOORT_DATA_FOLDER", str(tmp_path / "data"))
    monkeypatch.setenv("FOTOPOORT_PORT", "0")


def test_a_new_installation_is_told_what_to_do_first(fotopoort: Fotopoort) -> None:
    done = fotopoort("doctor", "--json")
    assert done.status == 0
    found = {document["check"]: document for document in done.documents}
    assert found.keys() == CHECKS.keys()
    assert found["models"]["level"] == "ok"
    assert found["database"] == {
        "check": "database",
        "level": "warn",
        "nl": "Er is nog geen register.",
        "en": "There is no registry yet.",
        "advice": {"nl": "`fotopoort registry init` maakt er een.", "en": "`fotopoort registry init` makes one."},
    }


def test_with_a_registry_its_school_is_looked_at(fotopoort: Fotopoort, tmp_path: Path) -> None:
    assert fotopoort("registry", "init").status == 0
    levels = {document["check"]: document["level"] for document in fotopoort("doctor", "--json").documents}
    assert levels["schema"] == levels["clock"] == levels["jobs"] == levels["deliveries"] == levels["folder"] == "ok"
    assert levels["class_list"] == levels["backup"] == "warn"
    assert fotopoort("registry", "backup", str(tmp_path / "backup")).status == 0
    levels = {document["check"]: document["level"] for document in fotopoort("doctor", "--json").documents}
    assert levels["backup"] == "ok"


def test_what_is_not_safe_is_a_failure(fotopoort: Fotopoort, tmp_path: Path) -> None:
    assert fotopoort("registry", "init").status == 0
    (tmp_path / "data").chmod(0o755)
    done = fotopoort("--lang", "nl", "doctor")
    assert done.status == 1
    (line,) = [line for line in done.out.splitlines() if line.startswith("fail")]
    assert "folder" in line
    assert "chmod 700" in line


def test_a_setting_that_cannot_be_used_is_the_only_finding(
    fotopoort: Fotopoort, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOTOPOORT_PORT", "secret")
    done = fotopoort("doctor")
    assert done.status == 1
    (line,) = done.out.splitlines()
    assert line.startswith("fail  settings     FOTOPOORT_PORT takes a whole number")
    assert "secret" not in done.out


def test_a_database_that_cannot_be_used_is_told_without_its_address(
    fotopoort: Fotopoort, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOTOPOORT_REGISTRY_URL", "postgresql://juf:geheim@127.0.0.1:1/school")
    done = fotopoort("doctor")
    assert done.status == 1
    assert "fail  database" in done.out
    assert "geheim" not in done.out
