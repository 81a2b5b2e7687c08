"""The examples for other programs: what runs is run, what is data is looked at."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
import pytest
from tests.running import running
from tests.waiting import PATIENCE

from fotopoort.api.gate.form import ONCE, SEVERAL
from fotopoort.client import Fotopoort

from ..posts.posting import School, photo, shown

EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"


@pytest.fixture
def cloud() -> Iterator[tuple[str, dict[str, bytes]]]:
    """A WebDAV server, and its files by path."""
    files: dict[str, bytes] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = files.get(unquote(self.path))
            self.send_response(404 if content is None else 200)
            self.send_header("content-length", str(len(content or b"")))
            self.end_headers()
            self.wfile.write(content or b"")

        def do_PUT(self) -> None:
            files[unquote(self.path)] = self.rfile.read(int(self.headers["content-length"]))
            self.send_response(201)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with running(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as address:
        yield address, files


def test_what_nextcloud_tells_of_comes_out_as_it_may_be_published(
    school: School, cloud: tuple[str, dict[str, bytes]]
) -> None:
    spec = importlib.util.spec_from_file_location("nextcloud_bridge", EXAMPLES / "nextcloud_bridge.py")
    assert spec is not None
    assert spec.loader is not None
    example: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(example)
    address, files = cloud
    folder = "/remote.php/dav/files/fotopoort"
    files[f"{folder}/Foto's in/toren.jpg"] = photo(0, 700)  # nobody in it
    files[f"{folder}/Foto's in/kind.jpg"] = photo(1, 701)  # waits for a teacher
    files[f"{folder}/Foto's in/brief.pdf"] = b"%PDF-1.7\n" + b"0" * 3000
    with Fotopoort(school.door.url, school.keys["cms"]) as asking:
        bridge = example.Bridge(address, "fotopoort", "pw", asking)
        with running(example.server(bridge, "secret", 0)) as listens:

            def tell(path: str, secret: str = "secret") -> int:  # noqa: S107 - of the test
                event = {"event": {"class": "x", "node": {"id": 1, "path": path}}, "time": 1, "user": {"uid": "a"}}
                headers = {"x-bridge-secret": secret}
                return httpx.post(listens, json=event, headers=headers, timeout=PATIENCE).status_code

            assert tell("/fotopoort/files/Foto's in/toren.jpg", "wrong") == 403
            assert tell("/fotopoort/files/Foto's in/toren.jpg") == 204
            assert tell("/fotopoort/files/Foto's in/kind.jpg") == 204
            assert tell("/fotopoort/files/Foto's in/brief.pdf") == 503
            assert tell("/fotopoort/files/Foto's uit/toren.jpg") == 204
            assert tell("/somebody/files/Foto's in/toren.jpg") == 204
        bridge.files.close()
    out = {path: content for path, content in files.items() if "Foto's uit" in path}
    assert [*out] == [f"{folder}/Foto's uit/toren.jpg"]
    assert shown(next(iter(out.values())))["channel"] == "website"


def test_n8n_asks_for_what_the_gate_takes() -> None:
    workflow = json.loads((EXAMPLES / "n8n-gate.json").read_text())
    nodes = {node["name"]: node for node in workflow["nodes"]}
    fields = nodes["Ask Fotopoort"]["parameters"]["bodyParameters"]["parameters"]
    assert {field["name"] for field in fields} <= {*ONCE, *SEVERAL}
    for name, ways in workflow["connections"].items():
        assert name in nodes
        assert all(end["node"] in nodes for way in ways["main"] for end in way)
