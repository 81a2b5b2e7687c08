"""`fotopoort serve` as it is started, watched, harmed and stopped."""

from __future__ import annotations

import os
import resource as limits
import signal
import socket
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from tests.waiting import PATIENCE, wait_for

from .pictures import drawn, noise, slow
from .service import PACKAGE, Served, serving

SCREENINGS = "/v1/screenings"


def post(client: httpx.Client, photo: bytes, name: str = "a.jpg") -> httpx.Response:
    return client.post(SCREENINGS, files={"photo": (name, photo)}, data={"channel": "website"})


def test_the_key_is_never_printed_and_is_in_a_file_for_this_user_alone(served: Served) -> None:
    key, key_file = served.key, Path(served.after("API key in the file "))
    assert len(key) > 40
    assert not any(key in line for line in served.output)
    assert key_file.parent == served.data_folder
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    for file in served.data_folder.glob("registry.db*"):
        assert key.encode() not in file.read_bytes()
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(served.data_folder.stat().st_mode) == 0o700


def test_ready_and_alive_need_no_key(served: Served) -> None:
    assert httpx.get(f"{served.url}/healthz", timeout=PATIENCE).status_code == 200
    wait_for(served.is_ready)


def test_the_log_names_routes_and_nothing_that_was_sent(served: Served, client: httpx.Client) -> None:
    answer = post(client, b"no picture", "Sanne de Vries.jpg")
    elsewhere = client.get("/Sanne?caption=Sanne", headers={"X-Name": "Sanne"})
    for id_ in (answer.headers["x-request-id"], elsewhere.headers["x-request-id"]):
        wait_for(lambda: any(id_ in line for line in served.output))  # noqa: B023 - waited for at once
    assert any("GET - 404" in line for line in served.output)
    assert any("POST /v1/screenings 200" in line for line in served.output)
    assert "Sanne" not in "".join(served.output)


def test_more_at_once_than_it_can_do_is_done_or_told_busy(client: httpx.Client) -> None:
    photo = slow()
    with ThreadPoolExecutor(12) as pool:
        statuses = list(pool.map(lambda _: post(client, photo).status_code, range(12)))
    assert set(statuses) == {200, 429}
    assert statuses.count(200) >= 6  # two at work, four waiting


@pytest.mark.parametrize(
    ("photo", "code"),
    [
        pytest.param(b"", "empty_file", id="empty"),
        pytest.param(b"\x00" * 1000, "not_here_yet", id="zeroes"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", None, id="svg"),
        pytest.param(drawn()[:5000], None, id="cut off"),
        pytest.param(drawn(1, 1, "PNG"), "too_small", id="one pixel"),
        pytest.param(drawn()[:4] + b"\xff" * 100_000, None, id="nonsense after a good start"),
        pytest.param(b"x" * 21_000_000, "too_many_bytes", id="larger than a photo may be"),
    ],
)
def test_hostile_files_are_rejected_and_the_next_photo_is_judged(
    client: httpx.Client, photo: bytes, code: str | None
) -> None:
    document = post(client, photo).json()
    assert document["verdicts"]["website"]["outcome"] == "reject"
    assert [reason["rule"] for reason in document["verdicts"]["website"]["reasons"]] == ["R01"]
    if code is not None:
        assert document["error"]["code"] == code
    assert post(client, drawn()).json()["verdicts"]["website"]["outcome"] == "publish"


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds the processes in /proc")
def test_a_killed_screening_process_costs_no_photo(served: Served, client: httpx.Client) -> None:
    before = {pid: seconds_used(pid) for pid in served.children()}
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(post, client, slow(grey=131))
        wait_for(lambda: any(seconds_used(pid) > used + 0.1 for pid, used in before.items()))
        busy = max(before, key=lambda pid: seconds_used(pid) - before[pid])
        os.kill(busy, signal.SIGKILL)
        document = answer.result().json()
    assert "error" not in document
    assert document["verdicts"]["website"]["outcome"] == "publish"
    assert post(client, drawn()).json()["verdicts"]["website"]["outcome"] == "publish"
    wait_for(served.is_ready)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds the processes in /proc")
def test_a_screening_process_killed_while_it_did_nothing_is_replaced(served: Served, client: httpx.Client) -> None:
    idle = next(pid for pid in served.children() if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes())
    os.kill(idle, signal.SIGKILL)
    wait_for(lambda: is_gone(idle))
    assert post(client, drawn()).json()["verdicts"]["website"]["outcome"] == "publish"


@pytest.mark.skipif(not hasattr(limits, "prlimit"), reason="forbids another process to write, which Linux can")
def test_photos_never_touch_the_disk_where_none_are_held(tmp_path: Path) -> None:
    photo = noise(6)
    max_bytes = len(photo) // 2  # the registry's own files are far smaller
    with serving(tmp_path / "data", screeners=1, hours_held=0) as service, service.client() as client:
        for pid in [service.process.pid, *service.children()]:
            limits.prlimit(pid, limits.RLIMIT_FSIZE, (max_bytes, limits.RLIM_INFINITY))  # no file may grow beyond that
        files = [("photo", ("a.jpg", photo)), ("photo", ("b.png", drawn(format="PNG")))]
        answer = client.post(SCREENINGS, files=files, data={"channel": "website"})
        assert answer.status_code == 200
        assert not any("error" in document for document in answer.json()["screenings"])
    assert not list((tmp_path / "data").glob("originals/**/*"))


def test_a_photo_that_is_held_cannot_be_read_on_the_disk(served: Served, client: httpx.Client) -> None:
    photo = noise(1)
    screening = post(client, photo).json()["id"]
    held = served.data_folder / "originals" / "school" / screening
    assert len(held.read_bytes()) > len(photo)
    inside = [photo[start : start + 16] for start in range(0, len(photo) - 16, 1000)]
    for file in served.data_folder.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert not any(part in content for part in inside), file.name
            if file.parent.name != "heads" and file.suffix != ".pub":  # those are to be shown to others
                assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name


def test_a_second_start_makes_no_key_and_takes_the_first_ones(tmp_path: Path) -> None:
    with serving(tmp_path, screeners=1) as first:
        assert first.key
        with serving(tmp_path, "--new-key", screeners=1) as again:
            assert again.key != first.key
            for key in (first.key, again.key):
                with again.client(key) as client:
                    assert client.get(f"{SCREENINGS}/x").status_code == 404
            again.process.terminate()
            assert again.process.wait(PATIENCE) == 0
    with serving(tmp_path, screeners=1) as third:
        assert third.url
        assert "".join(third.output).count("API key") == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(["--host", "0.0.0.0"], "--allow-remote", id="other machines"),  # noqa: S104
        pytest.param(["--host", "photos.school.example"], "--allow-remote", id="a name of the network"),
        pytest.param(["--registry", "nowhere.csv"], "class list", id="no class list"),
        pytest.param(["--demo", "--host", "0.0.0.0"], "this machine alone", id="a demo for others"),  # noqa: S104
        pytest.param(["--demo", "--new-key"], "this machine alone", id="a demo with a key"),
        pytest.param(["--demo", "--port", "TAKEN"], "cannot listen", id="a demo where the port is taken"),
        pytest.param(["--port", "TAKEN"], "cannot listen", id="port taken"),
        pytest.param(["--host", "192.0.2.1", "--allow-remote"], "cannot listen", id="not our address"),
    ],
)
def test_what_cannot_be_served_is_one_sentence_and_status_2(tmp_path: Path, arguments: list[str], words: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        arguments = [str(other.getsockname()[1]) if argument == "TAKEN" else argument for argument in arguments]
        ended = subprocess.run(
            [sys.executable, "-m", "fotopoort", "serve", *arguments],
            env=os.environ | {"FOTOPOORT_DATA_FOLDER": str(tmp_path / "data"), "PYTHONPATH": str(PACKAGE)},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    assert ended.returncode == 2
    assert words in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
    assert not (tmp_path / "data").exists()


def is_gone(pid: int) -> bool:
    """Whether a process that was killed has ended; somebody may still have to ask how."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def seconds_used(pid: int) -> float:
    """Processor time of a process."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
