"""The models: what they are, where their files come from, and what runs them.

Begin with `catalogue`, which finds a model's file and checks it. `manifest` reads the list of models, `fetch` downloads
a file, `reading` reads it, `runtime` compiles it, `compiled_cache` keeps that for the next process, and `session` runs
it on pictures.
"""

import sys

# OpenVINO would import its tool for converting models as well, and that its telemetry: a third of its own import, in
# every screening process, for what is never used.
sys.modules.setdefault("openvino.tools.ovc", None)  # type: ignore[arg-type]
