"""The command itself, run as a person runs it: in a process of its own, from any folder."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from tests.waiting import PATIENCE, wait_for

from fotopoort.errors import NotAPhoto
from fotopoort.policy.rules import RULES

if TYPE_CHECKING:
    from tests.unit.cli.conftest import Fotopoort

COMMAND = [sys.executable, "-m", "fotopoort"]
SERVICE = Path(__file__).parents[3] / "service"


@pytest.fixture
def environment(models_folder: Path) -> dict[str, str]:
    more = {"PYTHONPATH": str(SERVICE), "FOTOPOORT_MODELS_FOLDER": str(models_folder), "FOTOPOORT_SCREENERS": "1"}
    return {**os.environ, **more}


def processes_below(folder: Path) -> set[int]:
    """Processes whose working folder is `folder`."""
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").resolve() == folder.resolve():
                found.add(int(process.name))
        except OSError:
            continue
    return found


@pytest.mark.quick
def test_it_works_from_any_folder(environment: dict[str, str], samples: Path, tmp_path: Path) -> None:
    photos = [os.path.relpath(samples / name, tmp_path) for name in ("IMG_2055.png", "IMG_2063.jpg")]
    done = subprocess.run(
        [*COMMAND, "screen", *photos, "--channel", "website", "--json", "--out", "uit"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=PATIENCE,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    documents = [json.loads(line) for line in done.stdout.splitlines()]
    assert [document["verdicts"]["website"]["outcome"] for document in documents] == ["publish", "blur"]
    assert {path.name for path in (tmp_path / "uit" / "website").iterdir()} == {"IMG_2055.jpg", "IMG_2063.jpg"}
    assert done.stderr == "2 photos, renditions in uit.\n"
    assert processes_below(tmp_path) == set()


def test_a_command_that_cannot_be_leaves_no_process(environment: dict[str, str], tmp_path: Path) -> None:
    """One is started before the command line has been read."""
    done = subprocess.run(
        [*COMMAND, "screen", "nothing.jpg", "--kanaal", "website"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=PATIENCE,
    )  # fmt: skip
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert processes_below(tmp_path) == set()


def test_an_interrupt_stops_at_once_and_leaves_whole_files_only(
    environment: dict[str, str], samples: Path, tmp_path: Path
) -> None:
    """As a terminal sends it: to the command and to its processes."""
    running = subprocess.Popen(
        [*COMMAND, "screen", *[samples] * 5, "--channel", "social_schools", "--json", "--out", "uit"],
        cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip
    assert running.stdout is not None
    first = json.loads(running.stdout.readline())
    assert first["file"].endswith("20260312_101544.jpg")
    os.killpg(running.pid, signal.SIGINT)
    _, err = running.communicate(timeout=PATIENCE)
    assert running.returncode == 130
    assert "Traceback" not in err
    wait_for(lambda: not processes_below(tmp_path))
    written = list((tmp_path / "uit").rglob("*"))
    for path in written:
        if path.is_file():
            assert path.suffix == ".jpg"
            assert path.read_bytes().endswith(b"\xff\xd9"), "whole"


def test_a_model_that_is_missing_and_cannot_be_had_is_status_1(
    environment: dict[str, str], samples: Path, tmp_path: Path
) -> None:
    nowhere = {"PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": "/dev/null", "PIP_FIND_LINKS": str(tmp_path)}
    nowhere |= {"https_proxy": "http://127.0.0.1:9", "FOTOPOORT_MODELS_FOLDER": str(tmp_path / "modellen")}
    environment |= nowhere
    done = subprocess.run(
        [*COMMAND, "inspect", samples / "IMG_2055.png"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "put the file there by hand" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_reader_that_leaves_is_no_error_of_ours(environment: dict[str, str]) -> None:
    shell = f"'{sys.executable}' -m fotopoort policy show | head -c 20"
    done = subprocess.run(["/bin/sh", "-c", shell], env=environment, capture_output=True, text=True, timeout=PATIENCE)
    assert len(done.stdout) == 20
    assert "Traceback" not in done.stderr


LOADED = """
import sys
from fotopoort.cli.app import main
try:
    main()
finally:
    print(sorted({"alembic", "cv2", "fastapi", "numpy", "openvino", "sqlalchemy"} & set(sys.modules)), file=sys.stderr)
"""


def test_a_command_does_not_load_what_others_need(environment: dict[str, str]) -> None:
    """The page of rules is there before pictures or databases could be loaded."""
    command = [sys.executable, "-c", LOADED, "policy", "show"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=PATIENCE)
    assert (done.returncode, done.stderr) == (0, "[]\n")


# --- the small commands ----------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_policy_is_shown_as_a_page(lang: str, fotopoort: Fotopoort) -> None:
    done = fotopoort("policy", "show", "--lang", lang)
    assert done.status == 0
    for rule in RULES:
        assert getattr(rule.when, lang).partition("{")[0] in done.out
    assert done.err == ""


def test_the_policy_is_dutch_unless_asked_otherwise(fotopoort: Fotopoort) -> None:
    assert fotopoort("policy", "show").out == fotopoort("policy", "show", "--lang", "nl").out


@pytest.mark.parametrize("lang", ["de", ""])
def test_another_language_is_wrong_use(lang: str, fotopoort: Fotopoort) -> None:
    assert fotopoort("policy", "show", "--lang", lang).status == 2


def test_a_broken_policy_is_wrong_use(fotopoort: Fotopoort, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "policy.toml").write_text('version = "1"\n')
    monkeypatch.setenv("FOTOPOORT_POLICY_FILE", str(tmp_path / "policy.toml"))
    done = fotopoort("policy", "show")
    assert (done.status, done.out) == (2, "")
    assert "Traceback" not in done.err


def test_a_bad_setting_is_wrong_use(fotopoort: Fotopoort, samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOTOPOORT_SCREENERS", "veel")
    done = fotopoort("screen", samples, "--channel", "website")
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert "FOTOPOORT_SCREENERS" in done.err


def test_without_a_command_it_tells_what_there_is(fotopoort: Fotopoort) -> None:
    done = fotopoort()
    for command in ("screen", "inspect", "serve", "demo", "models", "policy"):
        assert command in done.out + done.err


def test_models_are_listed_and_verified(fotopoort: Fotopoort) -> None:
    assert "centerface" in fotopoort("models", "list").out
    done = fotopoort("models", "verify")
    assert (done.status, done.out.count("ready") >= 3) == (0, True)


# --- the demo --------------------------------------------------------------------------------------------


def test_the_demo_says_at_once_that_it_cannot_write(fotopoort: Fotopoort, tmp_path: Path) -> None:
    (tmp_path / "taken").write_bytes(b"")
    done = fotopoort("demo", "--out", tmp_path / "taken" / "demo")
    assert done.status == 2
    assert "written" in done.err
    assert done.out == ""


def test_the_demo_shows_every_sample_on_every_channel(
    fotopoort: Fotopoort, samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = fotopoort("demo", "--out", "demo", "--lang", "en")
    names = [path.name for path in sorted(samples.iterdir()) if path.suffix != ".json"]
    assert done.status == 0, done.err
    assert [name for name in names if name not in done.out] == []
    page = (tmp_path / "demo" / "index.html").read_text("utf-8")
    assert [name for name in names if name not in page] == []
    assert str(tmp_path / "demo" / "index.html") in done.err
    assert done.err.endswith("Open the page for teachers with fotopoort serve --demo\n")
    assert len(list((tmp_path / "demo" / "before").iterdir())) == len(names)
    pictures = re.findall(r'<img src="([^"]+)"', page)
    assert len(pictures) > 2 * len(names)
    assert [one for one in pictures if not (tmp_path / "demo" / unquote(one)).is_file()] == [], "every picture shows"
    assert not list((tmp_path / "demo").rglob("*.part"))
    assert not (tmp_path / "demo" / "website" / "Fenna op het plein.jpg").exists()


# --- the language of errors ------------------------------------------------------------------------------

DUTCH = "Er is geen kanaal genoemd. Voeg --channel toe, bijvoorbeeld: social_schools.\n"
ENGLISH = "No channel is named. Add --channel, for example: social_schools.\n"


@pytest.mark.parametrize(
    ("before", "after", "error"),
    [
        pytest.param((), (), ENGLISH, id="nothing is asked"),
        pytest.param(("--lang", "nl"), (), DUTCH, id="before the command"),
        pytest.param((), ("--lang", "nl"), DUTCH, id="after the command"),
        pytest.param((), ("--lang", "en"), ENGLISH, id="English after the command"),
        pytest.param(("--lang", "nl"), ("--lang", "en"), ENGLISH, id="the command's own goes first"),
        pytest.param(("--lang", "en"), ("--lang", "nl"), DUTCH, id="the command's own goes first, the other way round"),
    ],
)
def test_an_error_is_in_the_language_asked_for(
    before: tuple[str, ...], after: tuple[str, ...], error: str, fotopoort: Fotopoort, samples: Path
) -> None:
    done = fotopoort(*before, "screen", samples, *after)
    assert (done.status, done.out, done.err) == (2, "", error)


@pytest.mark.parametrize(
    "command",
    [
        ("inspect", "weg.jpg"),
        ("batch", "weg"),
        ("registry", "people"),
        ("audit", "verify"),
        ("serve", "--host", "192.0.2.1"),
    ],
)
def test_every_command_takes_the_language_before_its_name(
    command: tuple[str, ...], fotopoort: Fotopoort, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOTOPOORT_DATA_FOLDER", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    english, dutch = fotopoort(*command), fotopoort("--lang", "nl", *command)
    assert english.status == dutch.status == 2
    assert english.err != dutch.err
    assert fotopoort("--lang", "en", *command).err == english.err


def test_a_command_prints_in_the_language_before_its_name(fotopoort: Fotopoort) -> None:
    english = fotopoort("policy", "show", "--lang", "en").out
    assert fotopoort("--lang", "en", "policy", "show").out == english
    assert fotopoort("--lang", "nl", "policy", "show", "--lang", "en").out == english


@pytest.mark.parametrize(
    ("lang", "message"),
    [
        pytest.param((), NotAPhoto.text.en, id="English where nothing is asked"),
        pytest.param(("--lang", "nl"), NotAPhoto.text.nl, id="Dutch"),
    ],
)
@pytest.mark.parametrize("command", [("inspect",), ("screen", "--channel", "website")])
def test_the_error_of_a_photo_follows_though_another_process_found_it(
    lang: tuple[str, ...], message: str, command: tuple[str, ...], fotopoort: Fotopoort, tmp_path: Path
) -> None:
    (tmp_path / "IMG_1.jpg").write_bytes(b"no photo")
    done = fotopoort(*lang, *command, tmp_path / "IMG_1.jpg", "--json")
    assert done.status == 1
    (document,) = done.documents
    assert (document["error"]["code"], document["error"]["message"]) == ("not_a_photo", message)


def test_it_speaks_dutch_in_a_process_of_its_own(environment: dict[str, str], tmp_path: Path) -> None:
    done = subprocess.run(
        [*COMMAND, "--lang", "nl", "inspect", "weg.jpg"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=PATIENCE,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (2, "Er is geen bestand of map weg.jpg. Controleer het pad.\n")
