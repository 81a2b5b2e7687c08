"""A server of the standard library that runs while a test needs it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import HTTPServer

from tests.waiting import PATIENCE


@contextmanager
def running(server: HTTPServer) -> Iterator[str]:
    """Have it serve in a thread, at this address; afterwards it is closed."""
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(PATIENCE)
        server.server_close()
