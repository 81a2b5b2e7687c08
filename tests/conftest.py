"""What many tests share: the sample photos, the school's rules and class list, and the real models, loaded once."""

from __future__ import annotations

import atexit
import functools
import gc
import io
import logging
import os
import signal
import sqlite3
import sys
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pillow_heif
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import HealthCheck, settings
from PIL import Image, ImageOps

import fotopoort.vision.models.runtime
from fotopoort import logs
from fotopoort.photo.decode import Limits
from fotopoort.policy.policy import Policy
from fotopoort.policy_file import load_policy
from fotopoort.registry import registry
from fotopoort.registry.lists.class_list import read_class_list
from fotopoort.registry.store.database import HEAD, Database, sqlite_url
from fotopoort.screening.processes.pool import ScreeningPool
from fotopoort.screening.processes.worker import WorkerConfig
from fotopoort.settings import load_settings, processors
from fotopoort.vision.faces.detector import FaceDetector
from fotopoort.vision.models.catalogue import Catalogue
from fotopoort.vision.models.runtime import Runtime
from fotopoort.vocabulary import People

from . import remembered
from .memory import use_memory
from .postgresql import administration, server

Pixels: TypeAlias = np.ndarray[Any, np.dtype[Any]]

ROOT = Path(__file__).parents[1]
SECONDS_PER_PHOTO = 60  # generous: tests do not time
QUICK = {"names", "policy", "application"}  # of the rooms below tests/unit: no models, no server

# Files that take longest come first: one that is begun last keeps a single processor busy, and the others wait for it.
LONG = {
    "cms/test_wordpress.py",
    "stateful/test_interleavings.py",
    "stateful/test_never_locatable.py",
    "hostile/test_batch_cluster.py",
    "hostile/test_batch_killed.py",
    "unit/cli/test_app.py",
    "unit/cli/test_long_pictures.py",
    "unit/names/test_name_list.py",
    "unit/policy/test_properties.py",
    "unit/screening/test_verification.py",
    "unit/vision/faces/test_long_faces.py",
    "unit/vision/text/test_lines.py",
    "unit/vision/text/test_reader.py",
}

DECIDING = ("unit/names/", "unit/policy/")
# In these rooms: brute force. It needs no coverage, under which it takes twice as long, and neither do properties.
THOROUGH = {"unit/policy/test_fewest_questions.py", "unit/policy/posts/test_fewest_taps.py"}

# How many more objects there are when the collector of garbage begins. By itself it begins at 700, which takes a tenth
# of the time of a run: most of what is left behind is no cycle, and goes without it.
COLLECTED_AFTER = (10_000, 10, 10)

# On a busy machine an example takes as long as it takes. What a test is given is the same for all its examples.
UNTIMED = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
settings.register_profile("untimed", parent=settings(), deadline=None, suppress_health_check=UNTIMED)
settings.load_profile("untimed")


def pytest_configure() -> None:
    os.environ.setdefault("FOTOPOORT_SCREENERS", "1")  # for each program that a test starts: several run at a time
    gc.disable()  # until everything is collected: all that is imported stays
    atexit.register(gc.freeze)  # nothing of it is looked through at the end
    use_memory()


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """Commands that run within the tests' own process say how it logs from then on."""
    root = logging.getLogger()
    level, hooks = root.level, (sys.excepthook, threading.excepthook, sys.unraisablehook)
    yield
    for handler in [handler for handler in root.handlers if type(handler.formatter).__module__ == logs.__name__]:
        root.removeHandler(handler)
    root.setLevel(level)
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """`make quick` has these rooms, but for what is thorough, and what is marked in others."""
    for item in items:
        place = item.path.relative_to(ROOT / "tests").as_posix()
        is_property = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
        if place in THOROUGH or (is_property and place.startswith(DECIDING)):
            item.add_marker(pytest.mark.thorough)
        elif "unit" in item.path.parts and QUICK & set(item.path.relative_to(ROOT).parts):
            item.add_marker(pytest.mark.quick)
        if place.startswith(DECIDING):
            item.add_marker(pytest.mark.deciding)
    items.sort(key=lambda item: item.path.relative_to(ROOT / "tests").as_posix() not in LONG)


def pytest_collection_finish() -> None:
    """What was imported and collected stays until the end: the collector of garbage need not walk through it, which
    takes one twentieth of the time of a whole run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTED_AFTER)
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def _nobodys_registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Tests have no registry but those they make: not the one that whoever runs them may have."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOTOPOORT_DATA_FOLDER", str(tmp_path_factory.mktemp("data") / "nothing"))
        patch.delenv("FOTOPOORT_REGISTRY_URL", raising=False)
        yield


@pytest.fixture(scope="session", autouse=True)
def _room_for_models() -> Iterator[None]:
    """A test process holds more than a screening process may, so models would give back all their memory at every
    call."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fotopoort.vision.models.runtime, "MAX_RESIDENT", 2**62)
        yield


@pytest.fixture(scope="session", autouse=True)
def _no_certificates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nobody outside is trusted but whom a test names: every client would read the 150 authorities of the world
    before its first request, which takes ten times as long as that request. There is one authority, of nobody: some
    clients will not begin without any."""
    folder = tmp_path_factory.mktemp("certificates")
    nobody = folder / "nobody.pem"
    nobody.write_bytes(_authority_of_nobody())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_DIR", str(folder))
        patch.setenv("SSL_CERT_FILE", str(nobody))
        patch.setattr("certifi.where", lambda: str(nobody))  # for those that read it whatever the environment says
        yield


def _authority_of_nobody() -> bytes:
    """A certificate whose key is thrown away, in PEM."""
    key = Ed25519PrivateKey.generate()
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "nobody")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(1))
    authority = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    return authority.sign(key, None).public_bytes(Encoding.PEM)


@pytest.fixture(scope="session", autouse=True)
def _an_interrupt_is_not_ignored() -> Iterator[None]:
    """Programs that the tests start can be interrupted, also where the tests run in the background of a shell script:
    there an interrupt is ignored, and so it would be by every program below."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        yield
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    else:
        yield


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of sample photos; who is in them: `fixtures/PROVENANCE.md`."""
    return ROOT / "fixtures" / "demo"


@pytest.fixture(scope="session")
def class_list() -> Path:
    return ROOT / "fixtures" / "classlist.csv"


@pytest.fixture(scope="session")
def people(class_list: Path) -> People:
    return read_class_list(class_list)


@pytest.fixture(scope="session")
def policy() -> Policy:
    """The rules that come with Fotopoort."""
    return load_policy(None)


@pytest.fixture(scope="session")
def pixels_of(samples: Path) -> Callable[[str], Pixels]:
    """A sample photo as upright RGB pixels, read without any code of ours."""
    pillow_heif.register_heif_opener()

    def read(name: str) -> Pixels:
        with Image.open(samples / name) as image:
            return np.asarray(ImageOps.exif_transpose(image).convert("RGB"))

    return read


@pytest.fixture(scope="session")
def jpeg() -> Callable[[Pixels], bytes]:
    """Pixels as the bytes of a JPEG."""

    def write(pixels: Pixels) -> bytes:
        out = io.BytesIO()
        Image.fromarray(np.ascontiguousarray(pixels)).save(out, "JPEG", quality=90)
        return out.getvalue()

    return write


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a PostgreSQL server, with {database} in it."""
    with server() as url:
        yield url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the schema in it."""
    return migrated_sqlite(tmp_path_factory.mktemp("sqlite") / "template.db")


def migrated_sqlite(path: Path) -> Path:
    """Make an SQLite file with the schema in it."""
    database = Database(sqlite_url(path))
    database.migrate()
    database.vacuum()
    database.close()
    return path


@pytest.fixture(scope="session", autouse=True)
def _new_registries_without_migrations(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A new SQLite registry that the tests open in their own process gets its schema at once: it is the same as after
    all migrations, which take longer than what most tests do with it. Whatever opens a `Database` itself migrates it,
    and so do the programs that tests start."""
    template = functools.cache(lambda: _statements(migrated_sqlite(tmp_path_factory.mktemp("schema") / "new.db")))

    class NewDatabase(Database):
        def upgrade(self, to: str = HEAD) -> None:
            if to == HEAD and self.dialect == "sqlite" and self.version() is None:
                with self.write() as connection:
                    for statement in template():
                        connection.exec_driver_sql(statement)
            else:
                super().upgrade(to)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "Database", NewDatabase)
        yield


def _statements(path: Path) -> list[str]:
    """What makes the same SQLite file, in a transaction that is there already."""
    with closing(sqlite3.connect(path)) as connection:
        return [line for line in connection.iterdump() if line not in ("BEGIN TRANSACTION;", "COMMIT;")]


@pytest.fixture(scope="session")
def postgresql_template(postgresql: str) -> Iterator[str]:
    """The name of a PostgreSQL database with the schema in it."""
    name = f"template_{uuid.uuid4().hex}"  # of a server that others may use as well
    with administration(postgresql) as run:
        run(f"CREATE DATABASE {name}")
    database = Database(postgresql.format(database=name))
    database.migrate()
    database.close()
    yield name
    with administration(postgresql) as run:
        run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def models_folder() -> Path:
    """Where `fotopoort models pull` put the models."""
    return load_settings().models_folder


@pytest.fixture(scope="session")
def runtime(models_folder: Path) -> Runtime:
    return Runtime(Catalogue(models_folder))


@pytest.fixture(scope="session")
def finder(models_folder: Path) -> FaceDetector:
    return FaceDetector.load(Catalogue(models_folder))


@pytest.fixture(scope="session")
def worker_config(models_folder: Path) -> WorkerConfig:
    return WorkerConfig(models_folder, Limits(), threads=max(1, processors() // 2))


@pytest.fixture(scope="session", autouse=True)
def looks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder for what was seen in photos, of all tests of this run and the programs that they start."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "looks"
    folder.mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(remembered.FOLDER, str(folder))
        yield folder


@pytest.fixture(scope="session")
def screeners(worker_config: WorkerConfig, policy: Policy, looks: Path) -> Iterator[ScreeningPool]:
    """Two screening processes that look at the same pixels once."""
    load = functools.partial(remembered.load_and_remember, looks)
    with ScreeningPool(worker_config, policy, count=2, seconds=SECONDS_PER_PHOTO, load=load) as pool:
        pool.warm_up()
        yield pool
