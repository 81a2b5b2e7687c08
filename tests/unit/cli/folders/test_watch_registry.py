"""`fotopoort watch`: who may be shown changes, or cannot be known, while it looks on."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select
from tests.results import documents
from tests.unit.cli.folders.runs import Step, nothing, outcome

from fotopoort.errors import RegistryUnavailable
from fotopoort.registry.access.roles import Act, console
from fotopoort.registry.answers import answering
from fotopoort.registry.consent import consent_log
from fotopoort.registry.consent.statements import Statement
from fotopoort.registry.people import people
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.registry import Registry
from fotopoort.registry.store.database import Database, sqlite_url
from fotopoort.registry.store.tables import answer
from fotopoort.settings import load_settings
from fotopoort.vocabulary import Answers, ConsentState

if TYPE_CHECKING:
    from tests.unit.cli.conftest import Done


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registry:
    """The school's, with Noor and Sem in it, who may be shown; two faces can be no more than two people."""
    monkeypatch.setenv("FOTOPOORT_DATA_FOLDER", str(tmp_path / "data"))
    (tmp_path / "data").mkdir()
    database = Database(sqlite_url(tmp_path / "data" / "registry.db"))
    database.migrate()
    registry = Registry(database, data_folder=tmp_path / "data", keys_folder=tmp_path / "keys")
    registry.add_school(caller(), "De Regenboog")
    with registry.write(caller(), Act.IMPORT) as session:
        for name in ("Noor", "Sem"):
            people.add(session, PersonRecord(name.lower(), name=name))
            consent_log.record(session, Statement(name.lower(), "social_schools", ConsentState.GRANTED))
    return registry


def caller() -> Any:  # noqa: ANN401
    return console(load_settings().tenant)


def test_a_withdrawal_takes_away_what_was_made(watch: Callable[..., Done], out: Path, registry: Registry) -> None:
    def withdraw() -> None:
        assert outcome(out, "IMG_2.jpg") == "publish"
        with registry.write(caller(), Act.RECORD_CONSENT) as session:
            consent_log.record(session, Statement("noor", "social_schools", ConsentState.WITHDRAWN))

    done = watch(nothing, nothing, withdraw, nothing)
    assert outcome(out, "IMG_1.png") == "publish", "nobody is in it"
    assert outcome(out, "IMG_2.jpg") != "publish"
    assert done.err.count("2 judged") == 2


def test_what_is_said_of_a_photo_elsewhere_takes_away_what_was_made(
    watch: Callable[..., Done], photos: Path, out: Path, registry: Registry
) -> None:
    sha256 = hashlib.sha256((photos / "IMG_2.jpg").read_bytes()).hexdigest()

    def say() -> None:
        assert outcome(out, "IMG_2.jpg") == "publish"
        is_photo = answer.c.sha256 == sha256
        with registry.write(caller(), Act.SCREEN) as session:
            screening = session.connection.execute(select(answer.c.screening).where(is_photo)).scalar_one()
            answering.answer(session, screening, Answers(harmful=True))

    done = watch(nothing, nothing, say, nothing)
    assert (outcome(out, "IMG_1.png"), outcome(out, "IMG_2.jpg")) == ("publish", "reject")
    assert done.err.count("judged") == 2


def test_a_withdrawal_counts_for_photos_of_a_day_and_however_long_it_takes(
    watch: Callable[..., Done], photos: Path, out: Path, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        shutil.copy(photos / "IMG_2.jpg", photos / f"2026-03-{12 + number}_IMG_2.jpg")

    def withdraw() -> None:
        assert {outcome(out, name) for name in documents(out) if "IMG_2" in name} == {"publish"}
        monkeypatch.setattr("fotopoort.cli.folders.watch.SECONDS_OF_WORK", 0)  # a run is one photo
        with registry.write(caller(), Act.RECORD_CONSENT) as session:
            consent_log.record(session, Statement("noor", "social_schools", ConsentState.WITHDRAWN))

    watch(nothing, nothing, withdraw, nothing)
    assert "publish" not in {outcome(out, name) for name in documents(out) if "IMG_2" in name}


def test_a_registry_that_does_not_answer_is_told_once_and_waited_for(
    watch: Callable[..., Done], photos: Path, out: Path, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Registry.read

    def refuse(*_: object) -> Any:  # noqa: ANN401
        raise RegistryUnavailable

    def answer_again() -> None:
        assert set(documents(out)) == {"IMG_1.png", "IMG_2.jpg"}
        monkeypatch.setattr(Registry, "read", real)

    def refuse_from_now_on() -> None:
        shutil.copy(photos / "IMG_1.png", photos / "nieuw.png")
        monkeypatch.setattr(Registry, "read", refuse)

    done = watch(nothing, refuse_from_now_on, nothing, nothing, answer_again, nothing)
    assert done.err.count("does not answer") == 1
    assert set(documents(out)) == {"IMG_1.png", "IMG_2.jpg", "nieuw.png"}


def test_a_registry_that_does_not_answer_at_the_start_is_waited_for_as_well(
    watch: Callable[..., Done], out: Path, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> Any:  # noqa: ANN401
        raise RegistryUnavailable

    with monkeypatch.context() as patch:
        patch.setattr(Registry, "open", refuse)
        done = watch(nothing, nothing, patch.undo, nothing, nothing)
    assert done.err.count("does not answer") == 1
    assert outcome(out, "IMG_2.jpg") == "publish"


def test_a_class_list_that_is_written_anew_holds_once_it_is_still(
    watch: Callable[..., Done], out: Path, tmp_path: Path
) -> None:
    people = tmp_path / "lijst.csv"
    yes = "id;naam;rol;groep;social_schools\np1;Noor Bakker;leerling;groep 5;ja\np2;Sem Vos;leerling;groep 5;ja\n"
    was = []

    def write(text: str) -> Step:
        def then() -> None:
            was.append(outcome(out, "IMG_2.jpg"))
            people.write_text(text)

        return then

    people.write_text(yes)
    steps = (nothing, nothing, write(yes[:20]), nothing, nothing, nothing, write(yes.replace("ja", "nee")))
    done = watch(*steps, nothing, nothing, options=("--registry", people))
    assert was == ["publish", "publish"], "while the list cannot be read, nothing is judged by it"
    assert outcome(out, "IMG_2.jpg") != "publish"
    assert done.err.count("Trying again.") == 1
