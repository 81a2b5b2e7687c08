"""Two models that can be fetched, as lines of a manifest."""

from __future__ import annotations

import hashlib

EYES, EARS = b"the weights of eyes " * 500, b"the weights of ears " * 300
HERE = '{ kind = "package", requirement = "toymodels==1.0", member = "toymodels/eyes.onnx" }'
NOWHERE = '{ kind = "package", requirement = "no-such-package==1.0", member = "x" }'


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
