"""The contract as it is published, held against the service."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.waiting import PATIENCE

from fotopoort.api import schema
from fotopoort.application.contract.documents import Judged, Unjudged
from fotopoort.cli.registry_session import open_registry
from fotopoort.registry.access import api_keys
from fotopoort.registry.access.roles import Act, KeyRole
from fotopoort.settings import Settings

from .service import Served, serving


@pytest.fixture(scope="module")
def published(served: Served) -> dict[str, Any]:
    document: dict[str, Any] = httpx.get(f"{served.url}/openapi.json", timeout=PATIENCE).json()
    return document


def test_the_examples_are_what_they_say() -> None:
    Judged.model_validate(schema.JUDGED)
    Unjudged.model_validate(schema.UNJUDGED)


def test_every_error_and_everything_about_photos_has_an_example(published: dict[str, Any]) -> None:
    answers = [
        (path, status, kind, content)
        for path, methods in published["paths"].items()
        for operation in methods.values()
        for status, answer in operation["responses"].items()
        for kind, content in answer["content"].items()
    ]
    assert len(answers) > 20
    assert not [
        (path, status)
        for path, status, kind, content in answers
        if kind == "application/json" and "examples" not in content and (status != "200" or "screenings" in path)
    ]


def test_what_wants_a_key_says_so(published: dict[str, Any]) -> None:
    wants = {
        path
        for path, methods in published["paths"].items()
        for operation in methods.values()
        if operation.get("security")
    }
    signed = {"/v1/hooks/in/{source}"}  # says by its signature who sent it
    assert wants == {path for path in published["paths"] if path.startswith("/v1/")} - signed
    assert [scheme["scheme"] for scheme in published["components"]["securitySchemes"].values()] == ["bearer"]


@pytest.mark.parametrize(
    "who", ["a machine with photos", "the privacy officer with the registry", "somebody with posts"]
)
def test_whatever_is_tried_the_service_answers_as_published(tmp_path: Path, who: str) -> None:
    """Schemathesis: examples and made-up requests, right and wrong ones. It never gets a 500 or another shape."""
    with serving(tmp_path / "data", screeners=1, max_megabytes=20) as served:
        assert served.url
        if who == "a machine with photos":
            # Not /readyz: where the machine is busy, a 503 is what it should say.
            fuzz(served, tmp_path, served.key, "--include-path-regex=/v1/screenings|/v1/gate|/healthz$")
        else:
            with open_registry(Settings(data_folder=served.data_folder)) as (registry, caller):
                with registry.write(caller, Act.MANAGE_KEYS) as session:
                    _, key = api_keys.make(session, KeyRole.PRIVACY_OFFICER, "tests")
            # Not a stream of events: it lasts for most of a minute.
            paths = "/v1/posts(?!.*/events)" if who == "an officer with posts" else "/v1/(registry|blocks)"
            fuzz(served, tmp_path, key, f"--include-path-regex={paths}")


def fuzz(served: Served, tmp_path: Path, key: str, *arguments: str) -> None:
    ended = subprocess.run(
        [
            str(Path(sys.executable).with_name("schemathesis")),
            "run",
            f"{served.url}/openapi.json",
            f"--header=Authorization: Bearer {key}",
            *arguments,
            "--phases=examples,fuzzing",
            "--max-examples=8",  # of each operation, however long they take
            f"--request-timeout={PATIENCE}",
            "--generation-deterministic",
            "--no-color",
            # Whether an answers text is JSON about people on the class list is more than a schema can say.
            "--exclude-checks=positive_data_acceptance",
        ],
        cwd=tmp_path,
        env=os.environ | {"HYPOTHESIS_STORAGE_DIRECTORY": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout[-6000:] + ended.stderr[-2000:]
