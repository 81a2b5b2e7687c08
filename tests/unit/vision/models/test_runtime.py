"""What runs the models: the same answer from any thread, and never a quiet failure."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import openvino as ov
import pytest
from tests.waiting import PATIENCE

from fotopoort import allocator
from fotopoort.errors import ModelFailed, ModelMissing
from fotopoort.vision.models.catalogue import Catalogue
from fotopoort.vision.models.runtime import Runtime


class Folder:
    """Model files by name, unchecked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, model_id: str) -> Path:
        return self.folder / model_id


def test_a_model_is_compiled_once_for_pictures_of_any_size(runtime: Runtime) -> None:
    session = runtime.session("centerface")
    for shape in ((1, 192, 192), (2, 96, 160), (1, 192, 192)):
        assert session(np.zeros((*shape, 3), np.uint8))[0].shape == (shape[0], 1, shape[1] // 4, shape[2] // 4)
    assert runtime.session("centerface") is session


@pytest.mark.parametrize(("model", "side"), [("centerface", 96), ("retinaface", 96), ("face_landmark", 192)])
def test_pictures_together_give_what_each_gives_alone(model: str, side: int, runtime: Runtime) -> None:
    noise = np.random.default_rng(5).uniform(-1, 1, (3, side, side, 3)).astype(np.float32)
    pictures = ((noise + 1) * 127).astype(np.uint8) if model != "face_landmark" else noise
    together = runtime.session(model)(pictures)
    for number in range(3):
        alone = runtime.session(model)(pictures[number : number + 1])
        for output, expected in zip(together, alone, strict=True):
            mine = output.reshape(3, -1)[number]
            np.testing.assert_allclose(mine, expected.reshape(-1), atol=0.02 * np.abs(expected).max())


def test_threads_get_the_answers_to_their_own_pictures(runtime: Runtime) -> None:
    session = runtime.session("centerface")
    pictures = [np.random.default_rng(seed).integers(0, 255, (1, 192, 192, 3), np.uint8) for seed in range(8)]
    alone = [session(picture) for picture in pictures]
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(session, pictures * 4))
    for number, outputs in enumerate(together):
        for output, expected in zip(outputs, alone[number % 8], strict=True):
            np.testing.assert_array_equal(output, expected)


def test_memory_is_given_back_between_calls_and_no_answer_changes(models_folder: Path) -> None:
    runtime = Runtime(Catalogue(models_folder), 1)
    picture = np.random.default_rng(9).integers(0, 255, (1, 960, 1280, 3), np.uint8)
    before = runtime.session("centerface")(picture)
    allocator.trim()  # what other tests left, and then what this one gave back, as screening processes do
    held = allocator.resident()
    runtime.release_memory()
    allocator.trim()
    assert held - allocator.resident() > 30_000_000
    for output, expected in zip(runtime.session("centerface")(picture), before, strict=True):
        np.testing.assert_array_equal(output, expected)


def test_threads_are_not_bound_to_processors(runtime: Runtime) -> None:
    """Every program would bind its first thread to the same one, and two of them would share it beside an idle one."""
    assert runtime._compile("centerface", None).get_property("ENABLE_CPU_PINNING") is False


def test_several_threads_can_read_weights_at_once(models_folder: Path) -> None:
    """In processes of their own, as what the first thread sets up there is set up for all of the process. Threads that
    wait for each other hold Python's lock, so nothing in there could tell."""
    reading = """
import sys, threading
from fotopoort.vision.models import runtime
import openvino
sys.setswitchinterval(1e-6)
operations = openvino.Core().read_model(sys.argv[1]).get_ordered_ops()
weights = [one for one in operations if one.get_type_name() == "Constant"]
start = threading.Barrier(8)
def read(number):
    start.wait()
    weights[number].get_data()
for thread in [threading.Thread(target=read, args=(number,)) for number in range(8)]:
    thread.start()
"""
    model = Catalogue(models_folder).path("text_detector")
    for _ in range(3):
        subprocess.run([sys.executable, "-c", reading, model], check=True, timeout=PATIENCE)


def test_outputs_stay_when_the_next_picture_comes(runtime: Runtime) -> None:
    session = runtime.session("centerface")
    first = session(np.zeros((1, 192, 192, 3), np.uint8))
    before = [output.copy() for output in first]
    session(np.full((1, 192, 192, 3), 255, np.uint8))
    for output, expected in zip(first, before, strict=True):
        np.testing.assert_array_equal(output, expected)


def test_a_file_is_read_once(models_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading takes as long as compiling, and every screening process waits for it."""
    runtime, read = Runtime(Catalogue(models_folder), 1), list[str]()
    reader = runtime._read

    def reading(model: str) -> ov.Model:
        read.append(model)
        return reader(model)

    monkeypatch.setattr(runtime, "_read", reading)
    assert runtime.characters("text_recogniser")
    runtime.session("text_recogniser", (0, 1))
    assert read == ["text_recogniser"]


MEMORY = """
import sys
from pathlib import Path
import numpy as np
from fotopoort import allocator
from fotopoort.vision.models import runtime as room
from fotopoort.vision.models.catalogue import Catalogue

allocator.return_large_blocks()
runtime = room.Runtime(Catalogue(Path(sys.argv[1])), 1, "f32")

def look(model, *shape):
    runtime.session(model)(np.zeros((*shape, 3), np.uint8))
    return allocator.resident()
"""


def memory(models_folder: Path, code: str) -> list[int]:
    """What `code` prints, a number to a line, in a process of its own; `MEMORY` is there."""
    command = [sys.executable, "-c", MEMORY + code, str(models_folder)]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=PATIENCE)
    return [int(line) for line in said.stdout.splitlines()]


def test_models_whose_turn_it_is_not_give_their_memory_back_where_it_is_short(models_folder: Path) -> None:
    photo, small = "1, 928, 1280", "1, 96, 96"  # no shape that is compiled alone
    kept, given_back = (
        memory(
            models_folder,
            f"room.MAX_RESIDENT = {most}\n"
            f"look('centerface', {small}), look('text_detector', {small}), look('centerface', {photo})\n"
            f"print(look('text_detector', {photo}))",
        )[0]
        for most in (2**62, 0)
    )
    assert given_back < kept - 150_000_000  # CenterFace needed 270 MB for that


def test_memory_does_not_grow_with_the_shapes_of_pictures(models_folder: Path) -> None:
    walk = """
for number in range(90):
    look("retinaface", 1, 64 + 32 * (number % 9), 64 + 32 * (number // 9))
    if number in (29, 89):
        runtime.release_memory()
        allocator.trim()
        print(allocator.resident())
"""
    early, late = memory(models_folder, walk)
    assert late < early + 60_000_000  # it grew by 300 MB


def test_a_model_that_answers_no_number_has_failed(runtime: Runtime) -> None:
    with pytest.raises(ModelFailed):
        runtime.session("face_landmark")(np.full((1, 192, 192, 3), np.nan, np.float32))


def test_a_picture_the_model_cannot_take_is_a_failure_and_the_next_is_seen(runtime: Runtime) -> None:
    session, picture = runtime.session("centerface"), np.full((1, 96, 96, 3), 90, np.uint8)
    before = session(picture)
    with pytest.raises(ModelFailed):
        session(np.zeros((1, 50, 50, 3), np.uint8))
    for output, expected in zip(session(picture), before, strict=True):
        np.testing.assert_array_equal(output, expected)


def test_a_file_that_is_no_model_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "broken.onnx").write_bytes(b"not a model")
    with pytest.raises(ModelFailed) as failed:
        Runtime(Folder(tmp_path)).session("broken.onnx")
    assert failed.value.hint.en == "Run `fotopoort models verify`."
    assert failed.value.hint.nl == "Voer `fotopoort models verify` uit."
    assert str(tmp_path) not in failed.value.message.nl + failed.value.message.en


def test_a_model_that_is_not_here_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing):
        Runtime(Catalogue(tmp_path)).session("centerface")


def test_bf16_and_f32_see_the_same_face(models_folder: Path, runtime: Runtime) -> None:
    picture = np.random.default_rng(7).integers(0, 255, (1, 192, 192, 3), np.uint8)
    plain = Runtime(Catalogue(models_folder), precision="f32")
    assert plain.precision == "f32"
    exact = plain.session("centerface")(picture)
    for output, expected in zip(runtime.session("centerface")(picture), exact, strict=True):
        assert np.abs(output - expected).max() < 0.15
