"""Settings come from the environment; a bad one names the variable and what it takes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fotopoort import settings as settings_module
from fotopoort.errors import BadSetting
from fotopoort.settings import PREFIX, Settings, load_settings, reference


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing is set, and the home folder is an empty one."""
    for name in list(os.environ):
        if name.startswith((PREFIX, "XDG_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))


def test_without_an_environment_one_school_is_served(tmp_path: Path) -> None:
    settings = load_settings()
    assert settings.host == "127.0.0.1"
    assert (settings.max_megabytes, settings.max_megapixels) == (60, 100)
    assert settings.screeners == settings_module.default_screeners()
    assert settings.policy_file is None
    assert settings.models_folder.is_relative_to(tmp_path)
    assert settings.data_folder.is_relative_to(tmp_path)


def test_reading_settings_makes_no_folders(tmp_path: Path) -> None:
    load_settings()
    assert list(tmp_path.iterdir()) == []


def test_the_environment_says_otherwise(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FOTOPOORT_PORT", "9000")
    monkeypatch.setenv("FOTOPOORT_MODELS_FOLDER", str(tmp_path / "models"))
    monkeypatch.setenv("FOTOPOORT_SECONDS_PER_PHOTO", "2.5")
    settings = load_settings()
    assert settings.port == 9000
    assert settings.models_folder == tmp_path / "models"
    assert settings.seconds_per_photo == 2.5


def test_an_empty_variable_is_one_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOTOPOORT_PORT", "")
    assert load_settings().port == 8470


@pytest.mark.parametrize(
    ("variable", "value", "takes"),
    [
        ("FOTOPOORT_PORT", "http", "a whole number from 0 to 65535"),
        ("FOTOPOORT_PORT", "65536", "a whole number from 0 to 65535"),
        ("FOTOPOORT_SCREENERS", "0", "a whole number from 1 to 64"),
        ("FOTOPOORT_SCREENERS", "1.5", "a whole number from 1 to 64"),
        ("FOTOPOORT_MAX_MEGABYTES", "-1", "a whole number from 1 to 1000"),
        ("FOTOPOORT_SECONDS_PER_PHOTO", "soon", "a number from 1 to 600"),
        ("FOTOPOORT_SECONDS_WAITING", "nan", "a number from 0 to 600"),
    ],
)
def test_a_bad_value_is_told_by_name_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, takes: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(BadSetting) as bad:
        load_settings()
    assert bad.value.message.en == f"{variable} takes {takes}."
    assert bad.value.__context__ is None or bad.value.__suppress_context__


@pytest.mark.parametrize(
    ("variable", "takes"),
    [
        ("FOTOPOORT_PORT", "een heel getal van 0 tot en met 65535"),
        ("FOTOPOORT_SECONDS_PER_PHOTO", "een getal van 1 tot en met 600"),
        ("FOTOPOORT_TENANT", "kleine letters, cijfers, - en _"),
        ("FOTOPOORT_PRECISION", "auto, f32, bf16 of int8"),
    ],
)
def test_a_bad_value_is_told_in_dutch_as_well(monkeypatch: pytest.MonkeyPatch, variable: str, takes: str) -> None:
    monkeypatch.setenv(variable, "Groep 8!")
    with pytest.raises(BadSetting) as bad:
        load_settings()
    assert bad.value.message.nl == f"{variable} moet dit zijn: {takes}."


def test_every_setting_says_what_it_means() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_the_documentation_has_every_setting() -> None:
    """Where this fails: put what `reference()` returns in the place of the table in docs/settings.md."""
    page = (Path(__file__).parents[2] / "docs" / "settings.md").read_text("utf-8")
    assert reference() in page


@pytest.mark.parametrize(
    ("threads", "gigabytes", "processes"), [(1, 64, 1), (2, 16, 2), (2, 4, 1), (2, 1, 1), (8, 8, 2), (8, 64, 4)]
)
def test_there_are_as_many_processes_as_threads_and_memory_are_for(
    monkeypatch: pytest.MonkeyPatch, threads: int, gigabytes: int, processes: int
) -> None:
    monkeypatch.setattr(settings_module, "processors", lambda: threads)
    monkeypatch.setattr(settings_module, "memory", lambda: gigabytes * 10**9)
    assert load_settings().screeners == processes


def test_of_memory_a_control_group_may_leave_less_than_the_machine_has(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "own").write_text("0::/system.slice/fotopoort.service\n")
    monkeypatch.setattr(settings_module, "OWN_CGROUP", tmp_path / "own")
    monkeypatch.setattr(settings_module, "CGROUPS", tmp_path)
    whole = settings_module.memory()
    assert whole > 10**8
    for group in (tmp_path / "system.slice" / "fotopoort.service", tmp_path / "system.slice", tmp_path):
        group.mkdir(parents=True, exist_ok=True)
        for content, wanted in (("9000000\n", 9_000_000), (f"{2 * whole}\n", whole), ("max\n", whole)):
            (group / "memory.max").write_text(content)
            assert settings_module.memory() == wanted


def test_of_processors_a_control_group_may_leave_less_than_the_machine_has(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "own").write_text("0::/system.slice/fotopoort.service\n")
    monkeypatch.setattr(settings_module, "OWN_CGROUP", tmp_path / "own")
    monkeypatch.setattr(settings_module, "CGROUPS", tmp_path)
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(8)), raising=False)
    assert settings_module.processors() == 8
    for group in (tmp_path / "system.slice" / "fotopoort.service", tmp_path / "system.slice", tmp_path):
        group.mkdir(parents=True, exist_ok=True)
        for content, wanted in (
            ("150000 100000\n", 2),
            ("10000 100000\n", 1),
            ("1600000 100000\n", 8),
            ("max 100000\n", 8),
        ):
            (group / "cpu.max").write_text(content)
            assert settings_module.processors() == wanted
