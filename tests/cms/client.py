"""What a test does with a WordPress."""

from __future__ import annotations

import json
from typing import Any

import httpx
from tests.cms.wordpress import Site
from tests.waiting import PATIENCE


class WordPress:
    """One site, as a program, a visitor and a plugin's code meet it."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.api = httpx.Client(base_url=site.url, auth=("admin", site.application_password), timeout=PATIENCE)
        self.browser: httpx.Client | None = None  # logged in, see ways.log_in
        self.anonymous = httpx.Client(base_url=site.url, timeout=PATIENCE)

    def run(self, way: str, content: bytes = b"", **query: str) -> Any:  # noqa: ANN401 - JSON
        """What a plugin's code would do, see site/ways.php."""
        response = self.anonymous.post("/", params={"fotopoort_test": way, **query}, content=content)
        assert response.status_code == 200, response.text
        return response.json()

    def php(self, code: str) -> Any:  # noqa: ANN401 - JSON
        """What an expression of PHP gives."""
        return self.run("php", f"return {code};".encode())["value"]

    def set_options(self, **options: object) -> None:
        self.run("option", json.dumps(options).encode())

    def speak(self, locale: str) -> None:
        """The language that the administrator reads WordPress in."""
        self.run("user", json.dumps({"locale": locale}).encode())

    def due(self) -> None:
        """All that is asked again by itself is due now, as when time went by."""
        self.run("query", b"UPDATE wp_fotopoort_photos SET checked_at = 0")

    def run_schedule(self) -> Any:  # noqa: ANN401 - JSON
        return self.php("Fotopoort\\Plugin::get()->schedule->run()")

    def upload(self, content: bytes, name: str = "photo.jpg", **fields: str) -> httpx.Response:
        """By the REST interface, as the block editor does."""
        return self.api.post("/wp-json/wp/v2/media", files={"file": (name, content)}, data=fields)

    def media(self, attachment: int) -> dict[str, Any]:
        found: dict[str, Any] = self.api.get(f"/wp-json/wp/v2/media/{attachment}", params={"context": "edit"}).json()
        return found

    def files(self, attachment: int) -> dict[str, httpx.Response]:
        """Every size of an attachment, as a visitor gets it."""
        media = self.media(attachment)
        addresses = {name: size["source_url"] for name, size in media["media_details"].get("sizes", {}).items()}
        addresses["source"] = media["source_url"]
        return {name: self.anonymous.get(address) for name, address in addresses.items()}

    def photo(self, attachment: int) -> dict[str, Any] | None:
        """The ledger's row of an attachment."""
        sql = (
            "SELECT p.* FROM wp_fotopoort_photos p JOIN wp_postmeta m ON m.meta_value = p.id"  # noqa: S608
            f" AND m.meta_key = '_fotopoort_photo' WHERE m.post_id = {attachment}"
        )
        rows = self.run("query", sql.encode())["rows"]
        return rows[0] if rows else None
