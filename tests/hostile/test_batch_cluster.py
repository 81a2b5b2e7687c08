"""A folder that three workers do together, of which one is killed for good and one is frozen for a while."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine, create_engine, text
from tests import s3
from tests.postgresql import fresh_database
from tests.programs import running
from tests.results import comparable_documents, made
from tests.waiting import PATIENCE, wait_for

import fotopoort
from fotopoort.batch.cluster import schema_of
from fotopoort.cli.registry_session import open_registry
from fotopoort.registry.access.roles import Act
from fotopoort.registry.lists import imports
from fotopoort.settings import Settings

from .played import picture

PACKAGE = Path(next(iter(fotopoort.__path__))).parent
FOTOPOORT = "from tests.hostile.played import main; main()"
PHOTOS = 300
SECONDS_PER_PHOTO = 1  # a lease lasts for eight


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Photos in folders, some dark, one broken."""
    folder = tmp_path / "fotos"
    chance = np.random.default_rng(5)
    for number in range(PHOTOS - 1):
        path = folder / f"2023-2024/groep {5 + number % 2}" / f"IMG_{number:04}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        picture(chance, number, (640, 480)).save(path)
    (folder / "kapot.jpg").write_bytes(b"\xff\xd8\xff geen foto")
    return folder


class School:
    """A registry in PostgreSQL, and programs that use it."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.folder = url, folder
        self.engine: Engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))

    @contextmanager
    def started(self, *arguments: str | Path) -> Iterator[subprocess.Popen[str]]:
        environment = os.environ | {
            "PYTHONPATH": f"{PACKAGE}:{Path(__file__).parents[2]}",
            "FOTOPOORT_REGISTRY_URL": self.url,
            "FOTOPOORT_DATA_FOLDER": tempfile.mkdtemp(dir=self.folder),  # each is another machine
            "FOTOPOORT_SECONDS_PER_PHOTO": str(SECONDS_PER_PHOTO),
        }
        command = [sys.executable, "-c", FOTOPOORT, *map(str, arguments)]
        with running(command, environment) as process:
            yield process

    def ended(self, *arguments: str | Path) -> tuple[int, str]:
        with self.started(*arguments) as process:
            errors = process.communicate(timeout=PATIENCE)[1]
            return process.returncode, errors

    def count(self, out: Path, what: str, worker: subprocess.Popen[str] | None = None) -> int:
        """What a query says of the ledger of an output folder; 0 as long as there is none."""
        schema = schema_of(str(out.resolve()))
        with self.engine.connect() as connection:
            exists = connection.execute(text("SELECT to_regclass(:name)"), {"name": f"{schema}.batch_result"})
            if exists.scalar() is None:
                return 0
            connection.execute(text(f"SET search_path = {schema}"))
            return int(connection.execute(text(what), {"worker": f"%:{worker.pid}"} if worker else {}).scalar_one())


@pytest.fixture
def registry(postgresql: str, class_list: Path, tmp_path: Path) -> Iterator[School]:
    with fresh_database(postgresql) as url:
        folder = tmp_path / "machines"
        folder.mkdir()
        with open_registry(Settings(registry_url=url, data_folder=folder / "first"), make=True) as (
            registry,
            caller,
        ):
            with registry.write(caller, Act.IMPORT) as session:
                imports.apply(session, imports.plan(session, class_list.read_bytes()))
        made = School(url, folder)
        yield made
        made.engine.dispose()


def batch(photos: str | Path, out: str | Path) -> list[str | Path]:
    channels = ("--channel", "website", "--channel", "social_schools")
    return ["batch", photos, *channels, "--group-from", "folder", "--out", out, "--quiet"]


RESULTS = "SELECT count(*) FROM batch_result"
HELD = "SELECT count(*) FROM batch_shard WHERE worker LIKE :worker AND NOT finished"
TAKEN_OVER = "SELECT count(*) FROM batch_shard WHERE worker LIKE :worker AND failures > 0"


def test_each_photo_has_one_result_whoever_is_killed_or_frozen(photos: Path, registry: School, tmp_path: Path) -> None:
    alone, together = tmp_path / "alleen", tmp_path / "samen"
    assert registry.ended(*batch(photos, alone))[0] == 1  # one photo is broken
    assert sum("error" in document for document in comparable_documents(alone)) == 1
    with ExitStack() as stack:
        run = stack.enter_context(registry.started(*batch(photos, together), "--cluster"))
        # One after the other: of several at once, one may find that the others have taken all.
        killed = stack.enter_context(registry.started("worker"))
        wait_for(lambda: registry.count(together, HELD, killed) > 0, PATIENCE)
        killed.kill()
        frozen = stack.enter_context(registry.started("worker"))
        wait_for(lambda: registry.count(together, HELD, frozen) > 0, PATIENCE)
        frozen.send_signal(signal.SIGSTOP)
        third = stack.enter_context(registry.started("worker"))
        wait_for(lambda: registry.count(together, TAKEN_OVER, third) > 0, PATIENCE)
        frozen.send_signal(signal.SIGCONT)
        assert run.wait(PATIENCE) == 1
        assert registry.count(together, RESULTS) == PHOTOS
        for worker in (frozen, third):
            assert worker.poll() is None, "it waits for other work"
            worker.send_signal(signal.SIGINT)
            assert worker.wait(PATIENCE) == 130
    assert len(comparable_documents(together)) == PHOTOS
    assert comparable_documents(together) == comparable_documents(alone)
    assert made(together) == made(alone)
    assert not list(together.rglob("*.part"))


@pytest.mark.quick
def test_photos_and_results_may_lie_in_a_bucket(
    photos: Path, registry: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = sorted(photos.rglob("*.jpg"))[::60]
    with s3.server() as server, ExitStack() as stack:
        s3.environment(server.url, monkeypatch)
        server.empty()
        for number, photo in enumerate(few):
            server.put(f"fotos/groep 5/Noor Bakker {number}.jpg", photo.read_bytes())
        run = stack.enter_context(registry.started(*batch("s3://school/fotos", "s3://school/uit"), "--cluster"))
        stack.enter_context(registry.started("worker"))
        assert run.wait(PATIENCE) == 0
        documents = [json.loads(line) for line in server.get("uit/results.jsonl").text.splitlines()]
        assert len(documents) == len(few)
        renditions = [
            verdict["rendition"]["path"]
            for document in documents
            for verdict in document["verdicts"].values()
            if verdict["rendition"]
        ]
        assert renditions
        for path in renditions:
            assert server.get(f"uit/{path}").content.startswith(b"\xff\xd8")
        assert server.get("uit/report.html").headers["content-type"].startswith("text/html")
