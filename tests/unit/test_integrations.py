"""The unit for systemd, the compose file and the Dockerfile name settings that there are, and leave time to stop."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from fotopoort.api.app import SECONDS_FOR_JOBS
from fotopoort.api.middleware import is_loopback
from fotopoort.cli.serve import SECONDS_TO_FINISH
from fotopoort.settings import PREFIX, Settings

ROOT: Final = Path(__file__).parents[2]
UNIT: Final = ROOT / "integrations" / "systemd" / "fotopoort.service"
COMPOSE: Final = ROOT / "integrations" / "compose" / "compose.yaml"
SETTINGS: Final = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
SECONDS_TO_STOP: Final = SECONDS_TO_FINISH + SECONDS_FOR_JOBS


def unit() -> dict[str, list[str]]:
    """What the unit says, by key."""
    said: dict[str, list[str]] = {}
    for key, value in re.findall(r"^(\w+)=(.*)$", UNIT.read_text(), re.MULTILINE):
        said.setdefault(key, []).append(value)
    return said


def services() -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml.safe_load(COMPOSE.read_text())["services"]
    return found


def dockerfile() -> str:
    return (ROOT / "Dockerfile").read_text().replace("\\\n", " ")


@pytest.mark.parametrize("path", [UNIT, COMPOSE, ROOT / "Dockerfile"], ids=["systemd", "compose", "docker"])
def test_only_settings_that_there_are_are_named(path: Path) -> None:
    named = set(re.findall(rf"\b{PREFIX}[A-Z_]+", path.read_text()))
    assert named
    assert named <= SETTINGS


def test_the_unit_leaves_time_to_stop_and_tells_the_program_alone() -> None:
    said = unit()
    assert int(said["TimeoutStopSec"][0]) > SECONDS_TO_STOP
    assert said["KillMode"] == ["mixed"], "the screening processes are the program's to end, with what they do"
    assert said["UMask"] == ["0077"]
    assert "MemoryDenyWriteExecute" not in said, "the runtime writes code that it runs"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not here")
def test_systemd_reads_the_unit(tmp_path: Path) -> None:
    text = re.sub(r"(?m)^ExecStart=\S+", f"ExecStart={shutil.which('true')}", UNIT.read_text())
    (tmp_path / UNIT.name).write_text(re.sub(r"(?m)^(User|Group)=.*", r"\1=root", text))
    verified = subprocess.run(
        ["systemd-analyze", "verify", tmp_path / UNIT.name],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (verified.returncode, verified.stderr) == (0, "")


def test_the_compose_file_publishes_nothing_but_the_service_on_this_machine() -> None:
    served, database = services()["fotopoort"], services()["database"]
    assert all(port.startswith("127.0.0.1:") for port in served["ports"])
    assert "ports" not in database
    assert database["networks"] == ["inside"]
    assert int(served["stop_grace_period"].removesuffix("s")) > SECONDS_TO_STOP
    assert served["environment"]["FOTOPOORT_REGISTRY_URL"].startswith("postgresql://fotopoort@database/")
    assert (COMPOSE.parent / served["build"] / "Dockerfile").samefile(ROOT / "Dockerfile")
    assert [volume.split(":")[1] for volume in served["volumes"]] == ["/data", "/models/compiled"]


def test_the_container_listens_where_it_is_told_and_may() -> None:
    (host,) = re.findall(r"FOTOPOORT_HOST=(\S+)", dockerfile())
    commands = [json.loads(command) for command in re.findall(r"^CMD (\[.*)$", dockerfile(), re.MULTILINE)]
    commands.append(services()["fotopoort"]["command"])
    for command in commands:
        assert command[:2] == ["fotopoort", "serve"]
        assert is_loopback(host) or "--allow-remote" in command
