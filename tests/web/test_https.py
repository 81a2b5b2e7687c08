"""HTTPS of the service's own, on an address that others could reach; and the code for the first account."""

from __future__ import annotations

import socket
import ssl
import stat
import threading
from ipaddress import ip_address
from pathlib import Path
from typing import cast

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from tests.api.service import POLICY, PlayedScreeners
from tests.certificates import write_certificate
from tests.waiting import PATIENCE, wait_for

from fotopoort.api.app import create_app
from fotopoort.api.limits import connections
from fotopoort.api.limits.connections import ConnectionLimits, Tls
from fotopoort.cli import serve
from fotopoort.cli.registry_session import open_registry
from fotopoort.errors import UseError
from fotopoort.registry.access import invitations
from fotopoort.registry.access.roles import KeyRole
from fotopoort.screening.processes.pool import ScreeningPool
from fotopoort.settings import Settings

from .visitor import add, school

EVERYWHERE = "0.0.0.0"  # noqa: S104 - what is tested; the listener is on a loopback address


@pytest.fixture
def files(tmp_path: Path) -> Tls:
    """A certificate of 127.0.0.1, signed by itself, and its key."""
    return Tls(*write_certificate(tmp_path, x509.IPAddress(ip_address("127.0.0.1"))))


def test_people_log_in_over_https(tmp_path: Path, files: Tls) -> None:
    settings = Settings(data_folder=tmp_path / "data", host=EVERYWHERE)
    with school(tmp_path / "data") as first:
        add(first.registry, "officer", KeyRole.PRIVACY_OFFICER)
    with open_registry(settings) as (registry, _):
        screeners = cast(ScreeningPool, PlayedScreeners())
        app = create_app(settings, screeners=screeners, policy=POLICY, registry=registry, tls=True)
        server = connections.server(app, ConnectionLimits(), tls=files)
        with socket.create_server(("127.0.0.1", 0)) as listener:
            thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
            thread.start()
            try:
                wait_for(lambda: server.started)
                url = f"https://127.0.0.1:{listener.getsockname()[1]}"
                trusted = ssl.create_default_context(cafile=files.certificate)
                with httpx.Client(base_url=url, verify=trusted, timeout=PATIENCE) as client:
                    fields = {"login": "officer", "password": "wrong"}
                    assert client.get("/login").status_code == 200
                    assert client.post("/login", data=fields, headers={"Origin": url}).status_code == 403
                    plain = url.replace("https:", "http:")
                    foreign = client.post("/login", data=fields, headers={"Origin": plain})
                    assert "niet van deze pagina" in foreign.text
            finally:
                server.should_exit = True
                thread.join(PATIENCE)


def test_without_https_there_are_no_pages_for_others(tmp_path: Path) -> None:
    with school(tmp_path / "data", host=EVERYWHERE) as served:
        officer = served.logged_in(served.add("officer", KeyRole.PRIVACY_OFFICER))
        for path in ("/", "/login", "/setup", "/users", "/v1/registry/people"):
            assert officer.get(path).status_code in (401, 404)
        key = {"Authorization": f"Bearer {served.door.key}"}
        assert officer.get("/login", headers=key).status_code == 404


def test_certificates_that_cannot_be_used_are_refused(tmp_path: Path, files: Tls) -> None:
    (tmp_path / "none.pem").write_text("nothing")
    locked = tmp_path / "locked.pem"
    key = serialization.load_pem_private_key(files.key.read_bytes(), None)
    locked.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"secret"),
        )
    )
    assert serve.tls_files(None, None) is None
    assert serve.tls_files(files.certificate, files.key) == files
    for pair in (
        (files.certificate, None),
        (None, files.key),
        (files.certificate, tmp_path / "none.pem"),
        (tmp_path / "missing.pem", files.key),
        (files.certificate, locked),
    ):
        with pytest.raises(UseError):
            serve.tls_files(*pair)


def test_the_code_for_the_first_account_is_in_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = Settings(data_folder=tmp_path / "data")
    file = settings.data_folder / serve.SETUP_CODE
    with school(tmp_path / "data") as served, open_registry(settings) as (registry, caller):
        serve.offer_setup(settings, registry, caller, "http://127.0.0.1:1")
        first = file.read_text().strip()
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        serve.offer_setup(settings, registry, caller, "http://127.0.0.1:1")
        second = file.read_text().strip()
        said = capsys.readouterr().err
        assert f"http://127.0.0.1:1/setup with the code in the file {file}" in said
        assert first != second
        assert second not in said
        with registry.visit(settings.tenant) as session:
            assert invitations.invited(session, second) is None
        served.add("officer", KeyRole.PRIVACY_OFFICER)
        serve.offer_setup(settings, registry, caller, "http://127.0.0.1:1")
        assert not file.exists()
        assert not capsys.readouterr().err
