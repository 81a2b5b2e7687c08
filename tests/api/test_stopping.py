"""A service that is told to stop: what is under way is finished or given back, and nobody waits for nothing."""

from __future__ import annotations

import signal
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.waiting import PATIENCE, wait_for

from fotopoort.cli.registry_session import open_registry
from fotopoort.jobs import overview
from fotopoort.jobs.job import Job
from fotopoort.registry.access import api_keys
from fotopoort.registry.access.roles import Act, KeyRole, console
from fotopoort.registry.posts.work import LOOK
from fotopoort.registry.registry import Registry
from fotopoort.settings import Settings

from .pictures import drawn, slow
from .service import FOTOPOORT, serving
from .test_serve import seconds_used

# A service whose jobs at photos never end.
STUCK = f"""
import threading
from fotopoort.application.posts.photo_jobs import PhotoJobs
PhotoJobs._look = lambda self, task: threading.Event().wait()
{FOTOPOORT}
"""


def test_what_is_under_way_is_finished_or_given_back_and_streams_end(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with open_registry(Settings(data_folder=data), make=True) as (registry, caller):
        with registry.write(caller, Act.MANAGE_KEYS) as session:
            key = api_keys.make(session, KeyRole.OFFICE, "tests")[1]
        with serving(data, "--new-key", program=STUCK, screeners=1) as served:
            with served.client(key) as office, served.client() as machine, ThreadPoolExecutor(2) as pool:
                post = office.post("/v1/posts", json={"groups": [], "channels": ["website"]}).json()["id"]
                put = office.put(f"/v1/posts/{post}/photos/{uuid.uuid4()}", content=drawn(), headers=NAMED)
                assert put.status_code == 200, put.text
                wait_for(lambda: look(registry).worker)
                with office.stream("GET", f"/v1/posts/{post}/events") as stream:
                    told = stream.iter_lines()
                    assert next(told)
                    before = {pid: seconds_used(pid) for pid in served.children()}
                    photo = {"photo": ("a.jpg", slow(grey=77))}
                    answer = pool.submit(machine.post, "/v1/screenings", files=photo, data={"channel": "website"})
                    wait_for(lambda: answer.done() or any(seconds_used(pid) > used for pid, used in before.items()))
                    served.process.send_signal(signal.SIGTERM)
                    assert list(told), "it ends, and is not cut off"
                assert answer.result().status_code == 200 or answer.result().headers["retry-after"]
            assert served.process.wait(PATIENCE) == 0
        given_back = look(registry)
        assert (given_back.worker, given_back.attempts, given_back.error) == (None, 0, None)
        with registry.read(console("school"), Act.MAINTAIN) as session:
            assert given_back.due <= session.now
        with serving(data, screeners=1) as other, other.client(key) as office:
            wait_for(lambda: office.get(f"/v1/posts/{post}").json()["photos"][0]["state"] == "judged")


NAMED = {"Content-Disposition": "attachment; filename*=UTF-8''a.jpg"}


def look(registry: Registry) -> Job:
    """The job that looks at the photo."""
    with registry.read(console("school"), Act.MAINTAIN) as session:
        (found,) = [job for job in overview.jobs(session) if job.kind == LOOK]
    return found
