"""What MediaPipe's own runtime answers: run in an environment in which it is installed, and where nothing of ours is.

    python mediapipe_answers.py QUESTIONS.npz ANSWERS.npz

Questions: `MODEL` (N, 192, 192, 3) uint8 RGB for each of MODELS. Answers: for each model `MODEL.0`, `MODEL.1`, …: its
outputs (N, …) float32 in the model's order, from MediaPipe's own graph; and `MODEL.sha256`.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import Any, TypeAlias

import mediapipe
import numpy as np
from mediapipe.python import packet_creator, packet_getter
from mediapipe.python._framework_bindings import calculator_graph, resource_util

Array: TypeAlias = "np.ndarray[Any, np.dtype[Any]]"

MODELS = {  # file in the package, how it takes 0 to 255, and how many outputs it has
    "face_landmark": ("modules/face_landmark/face_landmark.tflite", (0.0, 1.0), 2),
}
PACKAGE = Path(mediapipe.__file__).parent

GRAPH = """
input_stream: "image"
{streams}
node {{ calculator: "ImageToTensorCalculator" input_stream: "IMAGE:image" output_stream: "TENSORS:pixels" options {{
  [mediapipe.ImageToTensorCalculatorOptions.ext] {{ output_tensor_width: 192 output_tensor_height: 192
    output_tensor_float_range {{ min: {low} max: {high} }} }} }} }}
node {{ calculator: "InferenceCalculator" input_stream: "TENSORS:pixels" output_stream: "TENSORS:all" options {{
  [mediapipe.InferenceCalculatorOptions.ext] {{ model_path: "mediapipe/{file}" delegate {{ xnnpack {{}} }} }} }} }}
node {{ calculator: "SplitTensorVectorCalculator" input_stream: "all" {splits} options {{
  [mediapipe.SplitVectorCalculatorOptions.ext] {{ {ranges} }} }} }}
{floats}
"""


def graph(model: str) -> str:
    """A graph of MediaPipe's own calculators that tells a model's outputs as they are."""
    file, (low, high), outputs = MODELS[model]
    numbers = range(outputs)
    return GRAPH.format(
        file=file,
        low=low,
        high=high,
        streams=" ".join(f'output_stream: "floats{k}"' for k in numbers),
        splits=" ".join(f'output_stream: "output{k}"' for k in numbers),
        ranges=" ".join(f"ranges: {{ begin: {k} end: {k + 1} }}" for k in numbers),
        floats="\n".join(
            f'node {{ calculator: "TensorsToFloatsCalculator" input_stream: "TENSORS:output{k}"'
            f' output_stream: "FLOATS:floats{k}" }}'
            for k in numbers
        ),
    )


def outputs(model: str, pictures: Array) -> list[Array]:
    """Every output of a model for each of the pictures, (N, values) float32."""
    running = calculator_graph.CalculatorGraph(graph_config=graph(model))
    told: list[list[list[float]]] = [[] for _ in range(MODELS[model][2])]
    for number, rows in enumerate(told):
        running.observe_output_stream(
            f"floats{number}", lambda _, packet, rows=rows: rows.append(packet_getter.get_float_list(packet))
        )
    running.start_run()
    for time, picture in enumerate(pictures, start=1):
        image = packet_creator.create_image_frame(
            image_format=mediapipe.ImageFormat.SRGB, data=np.ascontiguousarray(picture)
        )
        running.add_packet_to_input_stream("image", image.at(time))
        running.wait_until_idle()
    running.close()
    return [np.array(rows, np.float32) for rows in told]


def main(questions: str, answers: str) -> None:
    resource_util.set_resource_dir(str(PACKAGE.parent))
    given = np.load(questions)
    told: dict[str, Any] = {}
    for model in given.files:
        for number, values in enumerate(outputs(model, given[model])):
            told[f"{model}.{number}"] = values
        told[f"{model}.sha256"] = hashlib.sha256((PACKAGE / MODELS[model][0]).read_bytes()).hexdigest()
    np.savez(answers, **told)


if __name__ == "__main__":
    main(*sys.argv[1:])
