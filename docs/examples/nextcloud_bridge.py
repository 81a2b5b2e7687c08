"""Between Nextcloud and Fotopoort: photos put in one folder come out in another, as they may be published.

Nextcloud's `webhook_listeners` tells of each new file. This fetches it over WebDAV, asks Fotopoort, and puts what may
be published in the other folder. Whatever goes wrong, nothing is put there.

    pip install "./fotopoort[client]"   # a folder of the sources
    NEXTCLOUD=https://cloud.school.example NEXTCLOUD_USER=fotopoort NEXTCLOUD_PASSWORD=… SECRET=… \\
    FOTOPOORT=https://fotopoort.school.example FOTOPOORT_KEY=… python nextcloud_bridge.py
"""

from __future__ import annotations

import hmac
import json
import os
import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote

import httpx

from fotopoort.client import ClientError, Fotopoort

IN, OUT, CHANNEL = "Foto's in", "Foto's uit", "website"
MAX_BYTES = 60_000_000
MAX_BODY = 64_000  # of what Nextcloud tells


class Bridge:
    """Args: nextcloud, user, password: of WebDAV. fotopoort: asks the gate."""

    def __init__(self, nextcloud: str, user: str, password: str, fotopoort: Fotopoort) -> None:
        self.user, self.fotopoort = user, fotopoort
        self.files = httpx.Client(base_url=f"{nextcloud}/remote.php/dav/files/{quote(user)}", auth=(user, password))

    def created(self, path: str) -> str | None:
        """A file was made at this path, such as /fotopoort/files/Foto's in/toren.jpg. Returns what was put out."""
        found = re.fullmatch(rf"/{re.escape(self.user)}/files/{re.escape(IN)}/([^/]+)", path)
        if found is None:
            return None
        name = found[1]
        photo = self.files.get(f"/{quote(IN)}/{quote(name)}", timeout=120).raise_for_status().content
        if len(photo) > MAX_BYTES:
            return None
        verdict = self.fotopoort.gate(photo, channel=CHANNEL, file_name=name, reference=f"nextcloud {name}"[:200])
        if not verdict.may_publish:
            return None
        target = f"{name.rpartition('.')[0] or name}.jpg"
        rendition = self.fotopoort.rendition(verdict)
        self.files.put(f"/{quote(OUT)}/{quote(target)}", content=rendition, timeout=120).raise_for_status()
        return target


def server(bridge: Bridge, secret: str, port: int) -> ThreadingHTTPServer:
    """Listens on this machine for what Nextcloud tells."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            if length > MAX_BODY or not hmac.compare_digest(self.headers.get("x-bridge-secret", ""), secret):
                self.send_error(403)
                return
            try:
                event = json.loads(self.rfile.read(length))["event"]
                bridge.created(str(event["node"]["path"]))
            except (ValueError, KeyError, TypeError):
                self.send_error(400)
            except (ClientError, httpx.HTTPError):
                self.send_error(503)  # Nextcloud's background job tells it no more: put the file there again
            else:
                self.send_response(204)
                self.end_headers()

        def log_message(self, *_: object) -> None:
            pass  # file names can be names of children

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)


if __name__ == "__main__":
    with Fotopoort(os.environ["FOTOPOORT"], os.environ["FOTOPOORT_KEY"]) as asking:
        cloud = Bridge(os.environ["NEXTCLOUD"], os.environ["NEXTCLOUD_USER"], os.environ["NEXTCLOUD_PASSWORD"], asking)
        server(cloud, os.environ["SECRET"], int(os.environ.get("PORT", "8480"))).serve_forever()
