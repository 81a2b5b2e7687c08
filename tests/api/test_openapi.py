"""The contract as it is published, held against the service."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.waiting import PATIENCE

from fotopoort.api import schema, swagger2
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
            paths = "/v1/posts(?!.*/events)" if who == "somebody with posts" else "/v1/(registry|blocks)"
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
        timeout=10 * PATIENCE,  # hundreds of requests
        check=False,
    )
    assert ended.returncode == 0, ended.stdout[-6000:] + ended.stderr[-2000:]


def parts(document: object) -> Iterator[dict[str, Any]]:
    """All objects in a document."""
    if isinstance(document, dict):
        yield document
    for part in document.values() if isinstance(document, dict) else document if isinstance(document, list) else []:
        yield from parts(part)


def test_no_default_is_refused_by_its_own_schema(published: dict[str, Any]) -> None:
    """Programs that make a client from it stop at such a thing."""
    assert not [part for part in parts(published) if part.get("default") == [] and part.get("minItems")]


def test_the_gate_is_published_in_the_older_form_as_well(published: dict[str, Any]) -> None:
    document = swagger2.gate_part(published, "fotopoort.school.example")
    assert (document["swagger"], document["host"]) == ("2.0", "fotopoort.school.example")
    assert set(document["paths"]) == {path for path in published["paths"] if path.startswith("/v1/gate")}
    newer = {"anyOf", "oneOf", "const", "content", "requestBody", "components", "prefixItems", "examples"}
    assert not [part for part in parts(document) if newer & part.keys() and "$ref" not in part]
    referred = {part["$ref"].rpartition("/")[2] for part in parts(document) if isinstance(part.get("$ref"), str)}
    assert referred == document["definitions"].keys()
    asked = document["paths"]["/v1/gate"]["post"]
    fields = {field["name"]: field for field in asked["parameters"] if field["in"] == "formData"}
    assert (fields["photo"]["type"], fields["channel"]["required"], fields["group"]["type"]) == ("file", True, "array")
    assert all(field["type"] in ("string", "integer", "number", "array", "file") for field in fields.values())
    answer = asked["responses"]["200"]["schema"]["$ref"].rpartition("/")[2]
    assert document["definitions"][answer]["properties"]["outcome"] == {"$ref": "#/definitions/Outcome"}
    assert document["paths"]["/v1/gate/{id}/rendition"]["get"]["responses"]["200"]["schema"] == {"type": "file"}


def test_the_command_writes_it_without_a_school(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "fotopoort", "openapi", "--swagger2"]
    environment = os.environ | {"FOTOPOORT_DATA_FOLDER": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=True)
    assert json.loads(done.stdout)["paths"]
    assert list(tmp_path.iterdir()) == []  # nothing of a school was made
