"""A real WordPress on loopback, with the plugin in it.

`python -m tests.cms.wordpress [stable|trixie|sid] [PORT]` brings one up to look at.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.cms.prepared import Missing, prepare
from tests.cms.servers import HERE, database, web_server
from tests.memory import short_folder
from tests.needed import lacking
from tests.ports import free_port

PLUGIN: Final = HERE.parents[1] / "integrations/wordpress/fotopoort"
PASSWORD: Final = "admin-pw"  # noqa: S105 - of a site that is gone after the test


@dataclass(frozen=True)
class Site:
    """A WordPress that runs."""

    url: str
    folder: Path  # site/ is what the web server shows, run/ holds sockets and logs
    application_password: str
    version: str

    @property
    def uploads(self) -> Path:
        return self.folder / "site/wp-content/uploads"

    @property
    def complaints(self) -> list[str]:
        """What PHP complained about in the plugin, and what ended a request."""
        log = self.folder / "run/debug.log"
        lines = log.read_text().splitlines() if log.exists() else []
        return [line for line in lines if "plugins/fotopoort" in line or "PHP Fatal" in line]


@contextmanager
def site(suite: str = "stable", port: int = 0, settings: Mapping[str, str] | None = None) -> Iterator[Site]:
    """A fresh WordPress with the plugin switched on; it is gone afterwards.

    Args:
        suite: one of SUITES.
        port: of loopback; 0 takes a free one.
        settings: constants of wp-config.php.

    Skips where the programs or packages are not there; fails where CI has none.
    """
    try:
        prepared = prepare(suite)
    except Missing as missing:
        lacking(str(missing))
    with tempfile.TemporaryDirectory(prefix="wp-", dir=short_folder()) as name, ExitStack() as stack:
        folder = Path(name)
        folder.chmod(0o755)
        shutil.copytree(prepared / "site", folder / "site", copy_function=_link)
        shutil.copytree(prepared / "db", folder / "db")
        shutil.copytree(PLUGIN, folder / "site/wp-content/plugins/fotopoort")
        shutil.copytree(HERE / "site", folder / "site/wp-content/mu-plugins", dirs_exist_ok=True)
        _constants(folder, dict(settings or {}))
        stack.enter_context(database(folder))
        port = port or free_port()
        stack.enter_context(web_server(folder, port))
        password = (prepared / "application-password").read_text()
        yield Site(f"http://localhost:{port}", folder, password, (prepared / "version").read_text())


def _constants(folder: Path, settings: dict[str, str]) -> None:
    lines = [f"define('{name}', '{value}');" for name, value in settings.items()]
    (folder / "site/wp-settings-of-test.php").write_text("<?php\n" + "\n".join(lines) + "\n")


def _link(source: str, target: str) -> None:
    """WordPress's own files are not changed by it, so a copy may be a second name; what tests write is new."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy(source, target)


if __name__ == "__main__":
    from tests.cms.gate import FakeGate

    named, chosen = (sys.argv[1:] + ["stable", "0"][len(sys.argv) - 1 :])[:2]
    with FakeGate() as gate, site(named, int(chosen), gate.settings) as shown:
        print(f"{shown.url}/wp-admin/ (WordPress {shown.version}): admin, {PASSWORD}; its gate: {gate.url}")  # noqa: T201
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with suppress(KeyboardInterrupt):
            time.sleep(1e6)
