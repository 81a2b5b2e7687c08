"""Our Face Mesh, which runs on OpenVINO, against MediaPipe's own runtime: same picture, same answer.

The limits are some thirty times what was measured in f32 (0.0003 for logits of up to 400, 0.00008 pixels), and some
three times what was measured in bf16, which keeps three digits of every number on the way.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest
from benchmarks.long_scenes import portraits
from PIL import Image, ImageOps

from fotopoort.vision.faces.detector import FaceDetector
from fotopoort.vision.models.catalogue import Catalogue
from fotopoort.vision.models.manifest import read_manifest
from fotopoort.vision.models.runtime import Runtime
from fotopoort.vision.models.session import ModelSession

from .conftest import Array, Ask

PHOTOS = Path(__file__).parents[3] / "shared" / "eval"
SIDE = 192
PICTURES, OF_EVALUATION = 40, 20
RANGES = {"face_landmark": (0.0, 1.0)}  # how the models take 0 to 255
F32, BF16_PIXELS, BF16_LOGIT = 0.01, 2.5, 1.0  # the most that answers may differ by


@pytest.fixture(scope="session")
def pictures() -> Array:
    """(N, SIDE, SIDE, 3) uint8: faces of the sample photos, cut, mirrored, turned, small and large; and, where they
    are beside the project, of the evaluation photos."""
    return np.stack([*_of_samples(), *_of_evaluation()])


@pytest.fixture(scope="session")
def oracle(ask: Ask, pictures: Array) -> Mapping[str, Array]:
    """What MediaPipe answers to them."""
    return ask(dict.fromkeys(RANGES, pictures))


def _of_samples() -> Iterator[Array]:
    random = np.random.default_rng(17)
    heads = portraits()
    for number in range(PICTURES):
        head = heads[number % len(heads)]
        if number // len(heads) % 2:
            head = ImageOps.mirror(head)
        if number % 3:
            head = head.rotate(random.uniform(-40, 40), Image.Resampling.BICUBIC)
        half = random.uniform(0.55, 1.0) * head.width / 2
        x, y = head.width / 2 + random.uniform(-0.08, 0.08, 2) * head.width
        seen = round(SIDE * random.uniform(0.12, 1.0))  # pixels that there are of it
        yield _square(head, (x - half, y - half, x + half, y + half), seen)


def _of_evaluation() -> Iterator[Array]:
    if not PHOTOS.is_dir():
        return
    listed = json.loads((PHOTOS / "faces.json").read_text(encoding="utf-8"))
    for photo in listed[:: len(listed) // OF_EVALUATION][:OF_EVALUATION]:
        x, y, width, height = max(photo["faces"], key=lambda box: box[2] * box[3])
        half, across, down = 0.65 * max(width, height), x + width / 2, y + height / 2
        with Image.open(PHOTOS / photo["file"]) as image:
            upright = ImageOps.exif_transpose(image).convert("RGB")
        yield _square(upright, (across - half, down - half, across + half, down + half), SIDE)


def _square(image: Image.Image, corners: tuple[float, float, float, float], seen: int) -> Array:
    crop = image.crop(corners).resize((seen, seen), Image.Resampling.BICUBIC)
    return np.asarray(crop.resize((SIDE, SIDE), Image.Resampling.BICUBIC))


def _answers(runtime: Runtime, model: str, pictures: Array) -> list[Array]:
    """What ours answers, (N, values) each."""
    low, high = RANGES[model]
    outputs = runtime.session(model)((pictures / np.float32(255) * (high - low) + low).astype(np.float32))
    return [output.reshape(len(pictures), -1) for output in outputs]


def _differences(ours: list[Array], oracle: Mapping[str, Array], model: str) -> list[float]:
    return [float(np.abs(values - oracle[f"{model}.{number}"]).max()) for number, values in enumerate(ours)]


def test_the_models_are_the_very_same_files(oracle: Mapping[str, Array]) -> None:
    files = {model.id: model.sha256 for model in read_manifest(None)}
    assert {model: str(oracle[f"{model}.sha256"]) for model in RANGES} == {model: files[model] for model in RANGES}


@pytest.mark.parametrize("model", RANGES)
def test_every_number_is_the_same_in_f32(
    model: str, models_folder: Path, pictures: Array, oracle: Mapping[str, Array]
) -> None:
    assert len(pictures) >= PICTURES
    runtime = Runtime(Catalogue(models_folder), precision="f32")
    assert max(_differences(_answers(runtime, model, pictures), oracle, model)) <= F32


def test_it_is_nearly_the_same_in_what_this_processor_is_fastest_in(
    runtime: Runtime, pictures: Array, oracle: Mapping[str, Array]
) -> None:
    points, presence = _differences(_answers(runtime, "face_landmark", pictures), oracle, "face_landmark")
    assert points <= BF16_PIXELS
    assert presence <= BF16_LOGIT


@pytest.mark.parametrize("name", ["IMG_2036.jpg", "IMG_2066.jpg"])
def test_what_the_program_asks_of_a_photo_mediapipe_answers_alike(
    name: str, models_folder: Path, samples: Path, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The crops that are cut out of a whole photo, and the values they are given as."""
    asked: dict[str, list[tuple[Array, list[Array]]]] = {}
    session = Runtime.session

    def recorded(runtime: Runtime, model: str) -> object:
        real: ModelSession = session(runtime, model)

        def call(batch: Array) -> list[Array]:
            outputs = real(batch)
            asked.setdefault(model, []).append((batch, outputs))
            return outputs

        return call

    monkeypatch.setattr(Runtime, "session", recorded)
    finder = FaceDetector.load(Catalogue(models_folder), precision="f32")
    with Image.open(samples / name) as image:
        assert finder.find(np.asarray(ImageOps.exif_transpose(image).convert("RGB")))
    theirs = [model for model in RANGES if model in asked]
    assert "face_landmark" in theirs
    answers = ask({model: np.concatenate([_bytes(model, batch) for batch, _ in asked[model]]) for model in theirs})
    for model in theirs:
        for number in range(2):
            ours = np.concatenate([outputs[number].reshape(len(batch), -1) for batch, outputs in asked[model]])
            assert np.abs(ours - answers[f"{model}.{number}"]).max() <= F32


def _bytes(model: str, batch: Array) -> Array:
    """The picture that a batch was made of: whole numbers of 0 to 255."""
    if batch.dtype == np.uint8:
        return batch
    low, high = RANGES[model]
    values = (batch - low) / (high - low) * 255
    assert np.abs(values - np.rint(values)).max() < 0.01
    return np.rint(values).astype(np.uint8)
