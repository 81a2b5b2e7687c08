"""The website's side of webhooks: a small server that believes only what the service signed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

from integrations.demo_cms.steps import eventually

from fotopoort.client import ClientError, Event, verified
from fotopoort.vocabulary import Text

MAX_BYTES: Final = 65_536  # of a message: more is sent by nobody who is to be believed


@dataclass
class Receiver:
    """Where messages come in.

    Attributes:
        key: with which messages are verified, once the service has told it.
        events: that came and were verified.
    """

    url: str
    key: str = ""
    events: list[Event] = field(default_factory=list)

    def hear(self, kind: str, id_: str) -> Event:
        """Wait for a message about what was sent.

        Raises:
            Otherwise: it did not come.
        """

        def came() -> list[Event]:
            return [event for event in self.events if (event.type, event.id) == (kind, id_)]

        eventually(lambda: bool(came()), Text(nl=f"het bericht {kind} kwam niet", en=f"{kind} did not come"))
        return came()[-1]


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        timeout = 20  # seconds that a sender may be silent

        def do_POST(self) -> None:
            length = self.headers.get("content-length", "")
            body = self.rfile.read(min(int(length), MAX_BYTES)) if length.isdecimal() else b""
            try:
                event = verified(receiver.key, dict(self.headers.items()), body)
            except ClientError:
                self._answer(401)
                return
            # A message can come twice. A real website keeps which ones it had.
            if event.message not in {earlier.message for earlier in receiver.events}:
                receiver.events.append(event)
            self._answer(204)

        def _answer(self, status: int) -> None:
            self.send_response(status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver = Receiver(f"http://127.0.0.1:{server.server_address[1]}/hook")
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()
