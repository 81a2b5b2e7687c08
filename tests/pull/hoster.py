"""A website at a hoster, as `docs/pull.md` has it: small, in Python, and with a folder as its disk.

It shares no code with the service: what the two of them agree on is the document.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from nacl.exceptions import BadSignatureError
from nacl.public import PublicKey, SealedBox
from nacl.signing import VerifyKey
from tests.multipart import fields
from tests.running import running

TOLERANCE = 300  # seconds
CODE_SECONDS = 900


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Refusal(Exception):
    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


@dataclass
class PlayedHoster:
    """The website.

    Attributes:
        folder: its disk: everything that it keeps of photos.
        address: of its routes.
        failing: how the next requests are answered instead: a status each.
        max_wait: seconds of a long poll.
        log: the routes that were called.
    """

    folder: Path
    address: str = ""
    clock: float = 0.0  # how far it is ahead
    secret: bytes | None = None
    secret_until: float = 0.0
    school: dict[str, Any] | None = None
    failing: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    max_wait: float = 20
    log: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    taken_down: list[str] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)
    closing: bool = False

    # --- what the website itself does ------------------------------------------------------------------

    def code(self) -> str:
        """A new code to pair by."""
        self.secret, self.secret_until = secrets.token_bytes(20), time.time() + CODE_SECONDS
        content = self.secret + self.address.encode()
        return "fp1." + encoded(content + hashlib.sha256(content).digest()[:4])

    def upload(self, photo: bytes, photo_id: str | None = None, **header: Any) -> str:  # noqa: ANN401 - JSON
        """Put a photo in the queue, sealed. Returns its id."""
        assert self.school is not None
        photo_id = photo_id or secrets.token_hex(8)
        sha256 = hashlib.sha256(photo).hexdigest() if photo else None
        head = json.dumps({"id": photo_id, "channel": "website", "sha256": sha256} | header).encode()
        content = b"FPQ1" + len(head).to_bytes(4, "big") + head + photo
        self.put(photo_id, SealedBox(PublicKey(decoded(self.school["box_key"]))).encrypt(content), sha256)
        return photo_id

    def put(self, photo_id: str, sealed: bytes, sha256: str | None) -> None:
        with self.changed:
            (self.folder / f"{photo_id}.sealed").write_bytes(sealed)
            about = {"sealed": hashlib.sha256(sealed).hexdigest(), "sha256": sha256, "sequence": 0}
            (self.folder / f"{photo_id}.json").write_text(json.dumps(about))
            self.changed.notify_all()

    def result(self, photo_id: str) -> dict[str, Any] | None:
        """What the school said of a photo."""
        path = self.folder / f"{photo_id}.result"
        with self.changed:  # not while it is written
            message: dict[str, Any] | None
            message = json.loads(json.loads(path.read_text())["message"]) if path.exists() else None
        return message

    def rendition(self, photo_id: str) -> bytes | None:
        path = self.folder / f"{photo_id}.jpg"
        with self.changed:
            return path.read_bytes() if path.exists() else None

    # --- the routes --------------------------------------------------------------------------------------

    def answer(self, route: str, form: dict[str, bytes]) -> bytes | dict[str, Any]:
        if len(form.get("message", b"")) > 44_000:
            raise Refusal(400, "fotopoort_bad_message")
        try:
            raw, signature = decoded(form["message"].decode()), decoded(form["signature"].decode())
            message = json.loads(raw)
        except (KeyError, ValueError):
            raise Refusal(400, "fotopoort_bad_message") from None
        sign_key = message.get("sign_key") if route == "pair" else (self.school or {}).get("sign_key")
        if route != "pair" and (not self.school or message.get("pairing") != self.school["pairing"]):
            raise Refusal(403, "fotopoort_unknown_pairing")
        try:
            VerifyKey(decoded(str(sign_key))).verify(b"fotopoort pull 1\n" + raw, signature)
        except (BadSignatureError, ValueError):
            raise Refusal(403, "fotopoort_bad_signature") from None
        if message.get("v") != 1 or message.get("route") != route:
            raise Refusal(400, "fotopoort_bad_message")
        if abs(message["time"] - time.time() - self.clock) > TOLERANCE:
            raise Refusal(403, "fotopoort_clock")
        with self.changed:
            if self.school and route != "pair":
                if message["sequence"] <= self.school["sequence"]:
                    raise Refusal(409, "fotopoort_replayed")
                self.school["sequence"] = message["sequence"]
        match route:
            case "pair":
                return self._pair(message)
            case "poll":
                return self._poll(message)
            case "take":
                return self._take(message)
            case "revoked":
                return self._revoked(message)
            case _:
                return self._result(message, form, raw, signature)

    def _pair(self, message: dict[str, Any]) -> dict[str, Any]:
        keys = decoded(message["sign_key"]) + decoded(message["box_key"])
        secret, self.secret = self.secret, None
        expected = hmac.digest(secret or b"", b"fotopoort pair school\n" + keys, "sha256")
        if secret is None or time.time() > self.secret_until or decoded(message["proof"]) != expected:
            raise Refusal(403, "fotopoort_bad_code")
        pairing = hashlib.sha256(decoded(message["sign_key"])).hexdigest()[:16]
        names = ("sign_key", "box_key", "sequence")
        self.school = {name: message[name] for name in names} | {"pairing": pairing}
        return {
            "pairing": pairing,
            "proof": encoded(hmac.digest(secret, b"fotopoort pair hoster\n" + keys, "sha256")),
        }

    def _poll(self, message: dict[str, Any]) -> dict[str, Any]:
        with self.changed:
            self.changed.wait_for(
                lambda: self.closing or bool(self._waiting()), timeout=min(self.max_wait, message["wait"])
            )
            return {"photos": self._waiting()[:20], "poll_after": 0}

    def _waiting(self) -> list[dict[str, Any]]:
        files = sorted(self.folder.glob("*.sealed"), key=lambda path: path.stat().st_mtime)
        return [
            {"id": path.stem, "bytes": path.stat().st_size, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
            for path in files
        ]

    def _take(self, message: dict[str, Any]) -> bytes:
        path = self.folder / f"{message['photo']}.sealed"
        if not path.exists():
            raise Refusal(404, "fotopoort_unknown_photo")
        return path.read_bytes()

    def _result(self, message: dict[str, Any], form: dict[str, bytes], raw: bytes, signature: bytes) -> dict[str, Any]:
        about_file = self.folder / f"{message['photo']}.json"
        if not about_file.exists():
            raise Refusal(404, "fotopoort_unknown_photo")
        about = json.loads(about_file.read_text())
        if message["sealed"] != about["sealed"] or message["sha256"] not in (about["sha256"], None):
            raise Refusal(400, "fotopoort_bad_message")
        rendition, described = form.get("rendition"), message["rendition"]
        if (rendition is None) != (described is None):
            raise Refusal(422, "fotopoort_bad_rendition")
        if rendition is not None and hashlib.sha256(rendition).hexdigest() != described["sha256"]:
            raise Refusal(422, "fotopoort_bad_rendition")
        with self.changed:
            picture = self.folder / f"{message['photo']}.jpg"
            picture.unlink(missing_ok=True)
            if rendition is not None:
                picture.write_bytes(rendition)
            stored = {"message": raw.decode(), "signature": encoded(signature)}
            (self.folder / f"{message['photo']}.result").write_text(json.dumps(stored))
            (self.folder / f"{message['photo']}.sealed").unlink(missing_ok=True)
            self.changed.notify_all()
        return {"stored": True}

    def _revoked(self, message: dict[str, Any]) -> dict[str, Any]:
        with self.changed:
            (self.folder / f"{message['photo']}.jpg").unlink(missing_ok=True)
            self.taken_down.append(message["rendition_sha256"])
        return {"revoked": True}


@contextmanager
def served(folder: Path, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> Iterator[PlayedHoster]:
    """A website on a free port."""
    folder.mkdir(exist_ok=True)
    hoster = PlayedHoster(folder)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            route = self.path.rpartition("/")[2]
            hoster.log.append(route)
            hoster.bodies.append(body)
            headers: dict[str, str] = {}
            try:
                if hoster.failing:
                    status, headers = hoster.failing.pop(0)
                    answer: bytes | dict[str, Any] = {"code": "rest_error"}
                else:
                    form = {name: values[0] for name, values in fields(self.headers["content-type"], body).items()}
                    status, answer = 200, hoster.answer(route, form)
            except Refusal as refusal:
                status, answer = refusal.status, {"code": refusal.code, "message": "no"}
            content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            pass  # whoever asked left

    server = Server((host, 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    hoster.address = f"http{'s' if tls else ''}://{host}:{server.server_port}/wp-json/fotopoort/v1/pull"
    with running(server):
        try:
            yield hoster
        finally:
            with hoster.changed:
                hoster.closing = True
                hoster.changed.notify_all()
