"""What the documents tell a website's builder to do, done."""

from __future__ import annotations

import base64
import json
import runpy
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.needed import needs

from fotopoort.webhooks.signatures import PrivateKey, SharedSecret, signed_headers

EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"
KEY = PrivateKey.new()
NOW = 1_795_514_400
BODY = '{"type":"screening.done","data":{"id":"g_1é"}}'.encode()
Verify = Callable[[str, dict[str, str], bytes, int], str | None]


def in_python(public_key: str, headers: dict[str, str], body: bytes, now: int) -> str | None:
    verified = runpy.run_path(str(EXAMPLES / "verify_webhook.py"))["verified"]
    found: str | None = verified(public_key, headers, body, now=now)
    return found


def in_php(public_key: str, headers: dict[str, str], body: bytes, now: int) -> str | None:
    program = (
        f"require '{EXAMPLES / 'verify_webhook.php'}'; $given = json_decode(stream_get_contents(STDIN), true);"
        "echo json_encode(fotopoort_verified($given[0], $given[1], base64_decode($given[2]), $given[3]));"
    )

    given = json.dumps([public_key, headers, base64.b64encode(body).decode(), now])
    ran = subprocess.run(["php", "-r", program], input=given, capture_output=True, text=True, check=True)
    found: str | None = json.loads(ran.stdout)
    return found


@pytest.mark.parametrize("verify", [in_python, pytest.param(in_php, marks=needs("php", "php-cli"))])
def test_the_examples_believe_what_is_signed_and_nothing_else(verify: Verify) -> None:
    public = str(KEY.public)
    headers = signed_headers([SharedSecret.new(), KEY], "msg_1", NOW, BODY)
    assert verify(public, headers, BODY, NOW) == "msg_1"
    changed: list[tuple[dict[str, str], bytes, int]] = [
        (headers, BODY + b" ", NOW),
        (headers, BODY, NOW + 301),
        (headers | {"webhook-id": "msg_2"}, BODY, NOW),
        (headers | {"webhook-timestamp": str(NOW + 1)}, BODY, NOW),
        (headers | {"webhook-timestamp": "now"}, BODY, NOW),
        (headers | {"webhook-signature": ""}, BODY, NOW),
        (headers | {"webhook-signature": "v1a,AAAA v1a, x v1a,é"}, BODY, NOW),
        ({}, BODY, NOW),
    ]
    for given in changed:
        assert verify(public, *given) is None
    assert verify(str(PrivateKey.new().public), headers, BODY, NOW) is None


@needs("openssl", "openssl")
def test_the_command_of_the_documents_signs_as_the_specification_says(tmp_path: Path) -> None:
    text = (EXAMPLES.parent / "webhooks.md").read_text(encoding="utf-8")
    block = next(part for part in text.split("```") if part.strip().startswith("SECRET="))
    lines = block.strip().splitlines()
    secret = SharedSecret.new()
    start = f"SECRET={secret}\n" + "\n".join(lines[1 : next(i for i, line in enumerate(lines) if "curl" in line)])
    program = start + '\nprintf "%s\\n%s\\n%s\\n%s" "$ID" "$NOW" "$SIGNATURE" "$BODY"'
    ran = subprocess.run(["bash", "-c", program], capture_output=True, text=True, check=True)
    message, timestamp, signature, body = ran.stdout.split("\n", 3)
    made = signed_headers([secret], message, int(timestamp), body.encode())
    assert made["webhook-signature"] == f"v1,{signature}"
