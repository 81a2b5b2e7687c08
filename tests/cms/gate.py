"""A Fotopoort for tests of a CMS: it speaks the contract of `/v1/gate` over real HTTP and answers as it is told.

What it calls a rendition is a field of green, so that anything else in a site is known by its colour.
"""

from __future__ import annotations

import io
import json
import random
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, Literal
from urllib.parse import parse_qs, urlsplit

from PIL import Image
from tests.cms.photos import digest
from tests.multipart import fields

Outcome = Literal["publish", "blur", "reject", "not_yet", "late", "away", "slow", "pdf"]

KEY: Final = "fp_test"
FORBIDDEN: Final = "Sanne Jansen"  # a text with this name may not be placed
SENTENCES: Final = {
    "publish": ("Deze foto mag geplaatst worden.", "This photo may be placed."),
    "blur": ("Deze foto mag bedekt geplaatst worden.", "This photo may be placed, covered."),
    "reject": ("Op deze foto staat een kind dat niet getoond mag worden.", "A child in this photo may not be shown."),
    "not_yet": (
        "Nog niet: de leerkracht krijgt nog een vraag.",
        "Not yet: the teacher must answer a question.",
    ),
    "text": ("In de tekst staat de naam van een kind.", "The text has the name of a child."),
    "no_text": ("De tekst mag geplaatst worden.", "The text may be placed."),
}
SLOW: Final = 5.5  # seconds: more than WordPress waits by itself


@dataclass
class Judged:
    """A photo that was sent."""

    id: str
    source: str
    outcome: Outcome
    holds: bool = True
    is_fetched_last: bool = False  # who fetches its rendition now is the last: it is withdrawn at that moment
    rendition: bytes = b""
    asked_as: str = ""  # the SHA-256 that was asked about last
    given: list[str] = field(default_factory=list)  # SHA-256 of earlier renditions
    asked: list[dict[str, list[str]]] = field(default_factory=list)


class FakeGate:
    """Listens on loopback while it is entered."""

    def __init__(self) -> None:
        self.outcomes: dict[str, Outcome] = {}  # by the photo's SHA-256
        self.default: Outcome = "publish"
        self.away = False  # no answer to anything
        self.key = KEY
        self.photos: dict[str, Judged] = {}  # by the photo's SHA-256
        self.texts: list[str] = []
        self.files: dict[str, bytes] = {}  # what can be fetched from it, by path
        self.asked_again: list[str] = []

        class Handler(_Handler):
            gate = self

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def settings(self) -> dict[str, str]:
        """Constants for wp-config.php."""
        return {"FOTOPOORT_ADDRESS": self.url, "FOTOPOORT_KEY": KEY}

    def __enter__(self) -> FakeGate:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer_later(self, source: str, outcome: Outcome) -> None:
        """What was late, or waited for a person, is settled."""
        self.outcomes[source] = outcome
        self.photos[source].outcome = outcome
        self.photos[source].rendition = rendition(source)

    def give_another(self, source: str) -> None:
        """What was given does not hold any more; another rendition does."""
        photo = self.photos[source]
        photo.given.append(digest(photo.rendition))
        photo.rendition = rendition(f"another {source}")

    def find(self, sha256: str) -> Judged | None:
        """By the photo's SHA-256 or its rendition's."""
        return next(
            (photo for photo in self.photos.values() if sha256 in (photo.source, digest(photo.rendition))), None
        )


def rendition(source: str) -> bytes:
    """A JPEG of flat green; another one for each photo."""
    shade = random.Random(source)  # noqa: S311 - no secret
    colour = (shade.randrange(20, 60), shade.randrange(150, 200), shade.randrange(40, 90))
    encoded = io.BytesIO()
    Image.new("RGB", (480, 320), colour).save(encoded, "JPEG", comment=source[:16].encode())
    return encoded.getvalue()


class _Handler(BaseHTTPRequestHandler):
    gate: FakeGate
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Tests do not print."""

    def do_GET(self) -> None:
        path = urlsplit(self.path)
        if path.path in self.gate.files:
            self._send(200, self.gate.files[path.path], "image/jpeg")
            return
        if not self._is_admitted():
            return
        parts = path.path.split("/")
        photo = self.gate.find(parts[3]) or next(
            (photo for photo in self.gate.photos.values() if photo.id == parts[3]), None
        )
        if parts[-1] == "rendition":
            if photo is None or not photo.holds:
                self._refuse(410, "outdated")
            else:
                photo.holds = not photo.is_fetched_last
                self._send(200, photo.rendition, "image/jpeg")
            return
        self.gate.asked_again.append(parts[3])
        if photo is None:
            self._refuse(404, "not_found")
        else:
            photo.asked_as = parts[3]
            self._json(200, self._document(photo, parse_qs(path.query)["channel"][0]))

    def do_POST(self) -> None:
        sent = fields(self.headers["Content-Type"], self.rfile.read(int(self.headers["Content-Length"])))
        if not self._is_admitted():
            return
        channel = sent["channel"][0].decode()
        text = sent.get("text", [b""])[0].decode()
        if "photo" not in sent:
            self.gate.texts.append(text)
            self._json(200, self._text_document(text, channel))
            return
        content = sent["photo"][0]
        source = digest(content)
        outcome = self.gate.outcomes.get(source, self.gate.default)
        if outcome == "away":
            self.close_connection = True
            return
        if outcome == "pdf":
            self._refuse(415, "not_a_photo_pdf")
            return
        if outcome == "slow":
            time.sleep(SLOW)
            outcome = "publish"
        photo = self.gate.photos.setdefault(source, Judged(f"g_{source[:12]}", source, outcome))
        photo.outcome, photo.holds, photo.asked_as = outcome, True, source
        photo.rendition = rendition(source) if outcome in ("publish", "blur") else b""
        photo.asked.append(
            {name: [value.decode() for value in values] for name, values in sent.items() if name != "photo"}
        )
        self._json(202 if outcome == "late" else 200, self._document(photo, channel))

    def _document(self, photo: Judged, channel: str) -> dict[str, Any]:
        late, waits = photo.outcome == "late", photo.outcome == "not_yet"
        may = photo.outcome in ("publish", "blur") and photo.holds
        outcome = photo.outcome if may else "reject"
        nl, en = SENTENCES["not_yet" if waits else outcome]
        return {
            "id": photo.id,
            "status": "pending" if late else "done",
            "sha256": photo.source,
            "channel": channel,
            "outcome": None if late else outcome,
            "review": {"href": "https://fotopoort.example/posts/7"} if waits else None,
            "message": {"nl": nl, "en": en},
            "text": self._told_of_text("text")
            if photo.asked and FORBIDDEN in photo.asked[-1]["file_name"][0]
            else None,
            "rendition": {
                "href": f"/v1/gate/{photo.id}/rendition",
                "sha256": digest(photo.rendition),
                "width": 480,
                "height": 320,
                "bytes": len(photo.rendition),
                "media_type": "image/jpeg",
            }
            if may
            else None,
            "href": f"/v1/gate/{photo.source}?channel={channel}",
            "policy": "1",
            "registry": 1,
            "holds": may and (photo.asked_as in (photo.source, digest(photo.rendition))),
        }

    def _text_document(self, text: str, channel: str) -> dict[str, Any]:
        told = self._told_of_text("text" if FORBIDDEN in text else "no_text")
        return {
            "id": "g_text",
            "status": "done",
            "sha256": None,
            "channel": channel,
            "outcome": None,
            "review": None,
            "message": told["message"],
            "text": told,
            "rendition": None,
            "href": None,
            "policy": "1",
            "registry": 1,
        }

    def _told_of_text(self, kind: Literal["text", "no_text"]) -> dict[str, Any]:
        nl, en = SENTENCES[kind]
        return {"outcome": "reject" if kind == "text" else "publish", "message": {"nl": nl, "en": en}}

    def _is_admitted(self) -> bool:
        if self.gate.away:
            self.close_connection = True
            return False
        if self.headers["Authorization"] != f"Bearer {self.gate.key}":
            self._refuse(401, "unauthorised")
            return False
        return True

    def _refuse(self, status: int, code: str) -> None:
        self._json(status, {"error": {"code": code, "message": f"Refused: {code}.", "hint": ""}})

    def _json(self, status: int, document: dict[str, Any]) -> None:
        self._send(status, json.dumps(document).encode(), "application/json")

    def _send(self, status: int, content: bytes, media_type: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(content)))
        if status == 202:
            self.send_header("Retry-After", "5")
        self.end_headers()
        self.wfile.write(content)
