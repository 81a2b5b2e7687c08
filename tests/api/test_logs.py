"""What a real service logs of real requests and jobs that fail: who did what to which id, and never who anybody is."""

from __future__ import annotations

import json
import re
import uuid
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
from sqlalchemy import update
from tests.waiting import PATIENCE, wait_for

from fotopoort.cli.registry_session import open_registry
from fotopoort.registry import outbox
from fotopoort.registry.access import api_keys
from fotopoort.registry.access.roles import Act, KeyRole
from fotopoort.registry.lists import imports
from fotopoort.registry.people import people
from fotopoort.registry.posts.work import LOOK
from fotopoort.registry.store.tables import job
from fotopoort.resources import resource
from fotopoort.settings import Settings

from .pictures import drawn
from .service import Served, serving

FILE = "Fenna Wijngaarden op de Zandweg.jpg"
CAPTION = "Fenna en Joris in Zuiderdorp"
WRITTEN = ("Fenna", "Wijngaarden", "Zandweg", "Joris", "Zuiderdorp", "verstopt")


def test_nothing_that_says_who_anybody_is_comes_into_the_log(tmp_path: Path) -> None:
    data = tmp_path / "data"
    names, key = school(data)
    with serving(data, screeners=1, log_format="json") as served:
        assert served.url
        with served.client(key) as teacher:
            send_what_names_people(teacher)
            post = begun(teacher)
            for content in (drawn(), b"no photo of Fenna", drawn(1, 1, "PNG")):
                named = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(FILE)}"}
                answer = teacher.put(f"/v1/posts/{post}/photos/{uuid.uuid4()}", content=content, headers=named)
                assert answer.status_code == 200, answer.text
            wait_for(lambda: len([line for line in lines(served) if line.get("kind") == LOOK]) >= 3)
        fail_a_job(data)
        wait_for(lambda: any(line.get("outcome") == "retry" for line in lines(served)))
    logged = "".join(served.output)
    found = lines(served)
    assert len(found) == len(served.output), "every line is JSON"
    for name in names | {*WRITTEN}:
        assert not re.search(rf"\b{re.escape(name)}\b", logged, re.IGNORECASE), name
    told = [line for line in found if "route" in line]
    assert {line["route"] for line in told} >= {"/v1/screenings", "/v1/posts", "-"}
    assert all(line["request"] and line["ms"] >= 0 and line["method"] and line["status"] for line in told)
    failed = next(line for line in found if line.get("outcome") == "retry")
    assert failed["job"]
    assert all(failed["job"] in line["message"] for line in found if line["level"] == "error")


def test_the_screening_processes_log_as_the_service_does(tmp_path: Path) -> None:
    with serving(tmp_path / "data", screeners=1, log_format="json") as served:
        with served.client() as client:
            photo = {"photo": (FILE, b"no photo")}
            client.post("/v1/screenings", files=photo, data={"channel": "website", "caption": CAPTION})
        wait_for(lambda: any(line["source"] == "screening.analysis" for line in lines(served)))
    (line,) = [line for line in lines(served) if line["source"] == "screening.analysis"]
    assert line["level"] == "warning"
    assert line["process"] != served.process.pid
    assert re.fullmatch(r"photo [0-9a-f]{12} not judged: not_a_photo \(NotAPhoto\)", line["message"])


def lines(served: Served) -> list[dict[str, Any]]:
    return [json.loads(line) for line in served.output if line.startswith("{")]


def school(data: Path) -> tuple[set[str], str]:
    """A registry with the class list of the fixtures. Returns every part of a name in it, and a teacher's key."""
    with open_registry(Settings(data_folder=data), make=True) as (registry, caller):
        with registry.write(caller, Act.IMPORT) as session:
            imports.apply(session, imports.plan(session, resource("fixtures/classlist.csv").read_bytes()))
            _, key = api_keys.make(session.as_caller(caller), KeyRole.TEACHER, "Juf Wijngaarden", ["groep 5"])
        with registry.read(caller, Act.MAINTAIN) as session:
            given = [record.name for record in people.records(session)]
    return {part for name in given for part in name.split() if len(part) > 3}, key


def send_what_names_people(client: httpx.Client) -> None:
    """Requests that are fine, and others that are not, each with names in every place there is."""
    form = {"channel": "website", "group": "groep 5", "caption": CAPTION, "present": "Fenna Wijngaarden"}
    client.post("/v1/screenings", files={"photo": (FILE, drawn())}, data={**form, "present": []})
    client.post("/v1/screenings", files={"photo": (FILE, drawn())}, data=form)
    client.post("/v1/screenings", files={"photo": (FILE, b"no photo")}, data={**form, "channel": "Fenna"})
    client.post("/v1/names", json={"text": CAPTION})
    client.post("/v1/names", content=b'{"text": "Fenna')
    client.get("/Fenna/Wijngaarden", params={"q": "Joris"}, headers={"X-Name": "Fenna", "Cookie": "name=Fenna"})
    client.get("/v1/posts/Fenna")
    client.get("/v1/screenings/verstopt/renditions/Fenna")
    client.get("/v1/posts", headers={"Authorization": "Bearer verstopt"})


def begun(client: httpx.Client) -> str:
    given = {"groups": ["groep 5"], "channels": ["website"], "text": f"{CAPTION} – {FILE}"}
    answer = client.post("/v1/posts", json=given, timeout=PATIENCE)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def fail_a_job(data: Path) -> None:
    """A job whose handler raises an error with a name in it."""
    with open_registry(Settings(data_folder=data)) as (registry, caller):
        with registry.write(caller, Act.MAINTAIN) as session:
            # Nobody can enqueue such a thing; somebody may have written in the database.
            this = update(job).where(job.c.id == outbox.enqueue(session, LOOK, {}))
            session.connection.execute(this.values(payload={"Fenna": "Fenna Wijngaarden"}))
