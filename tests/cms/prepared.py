"""An installed WordPress with its database, made once from Debian's packages and kept in the cache.

Debian's `wordpress` would bring Apache along, so its package and those that it links to are unpacked, not installed.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from tests.cms.servers import HERE, SMALL, database, program, run, unprivileged
from tests.memory import short_folder

PROGRAMS: Final = ("php", "mariadbd", "mariadb-install-db", "mariadb", "dpkg-deb", "apt-get")
EXTENSIONS: Final = ("mysqli", "gd", "curl", "xml", "mbstring", "imagick", "sodium")
# Debian's name of the release, and the theme that its WordPress begins with.
SUITES: Final = {
    "stable": ("bookworm", "wordpress-theme-twentytwentythree"),
    "trixie": ("trixie", "wordpress-theme-twentytwentyfive"),
    "sid": ("sid", "wordpress-theme-twentytwentyfive"),
}
PACKAGES: Final = (
    "wordpress",
    "wordpress-l10n",
    "libphp-phpmailer",
    "php-getid3",
    "libjs-cropper",
    "libjs-jquery-ui",
    "libjs-lodash",
    "libjs-underscore",
)
KEYRING: Final = "/usr/share/keyrings/debian-archive-keyring.gpg"
INGREDIENTS: Final = ("prepared.py", "servers.py", "install.php", "wp-config.php")
GRANTS: Final = """
    create database wp character set utf8mb4;
    create user wp@localhost identified by 'wp';
    grant all on wp.* to wp@localhost
"""


class Missing(Exception):
    """Something that WordPress needs is not on this machine."""


def prepare(suite: str) -> Path:
    """The folder with an installed WordPress (site/) and its database (db/), made where it is not there yet."""
    lacking = [name for name in PROGRAMS if program(name) is None]
    if lacking:
        raise Missing(f"WordPress needs {', '.join(lacking)}: see the packages in .ci/run")
    loaded = subprocess.run(["php", "-m"], capture_output=True, text=True, check=True).stdout.lower().split()
    if lacking := [extension for extension in EXTENSIONS if extension not in loaded]:
        raise Missing(f"PHP lacks {', '.join(lacking)}: see the packages in .ci/run")
    own = hashlib.sha256(b"".join((HERE / name).read_bytes() for name in INGREDIENTS)).hexdigest()[:12]
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "fotopoort/wordpress"
    cache.mkdir(parents=True, exist_ok=True)
    prepared = cache / f"{suite}-{own}"
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not prepared.exists():
            for old in cache.glob(f"{suite}-*"):
                shutil.rmtree(old)
            with tempfile.TemporaryDirectory(prefix="wp-", dir=short_folder()) as name:
                _install(Path(name), suite, cache)
                (Path(name) / "kept").mkdir()
                for part in ("site", "db", "application-password", "version"):
                    shutil.move(Path(name) / part, Path(name) / "kept" / part)
                shutil.copytree(Path(name) / "kept", f"{prepared}.part", dirs_exist_ok=True)
            Path(f"{prepared}.part").rename(prepared)
    return prepared


def _install(folder: Path, suite: str, cache: Path) -> None:
    folder.chmod(0o755)
    for package in _packages(suite, cache):
        run("dpkg-deb", "-x", str(package), str(folder / "tree"))
    # Links into other packages become files; those into Debian's configuration lead nowhere.
    site = folder / "site"
    shutil.copytree(folder / "tree/usr/share/wordpress", site, ignore=_dangling)
    own = folder / "tree/var/lib/wordpress/wp-content"
    if own.is_dir():
        shutil.copytree(own, site / "wp-content", dirs_exist_ok=True, ignore=_dangling)
    (site / "wp-config.php").unlink(missing_ok=True)
    for inside in ("uploads", "mu-plugins"):
        (site / "wp-content" / inside).mkdir(exist_ok=True)
    shutil.copy(HERE / "wp-config.php", site / "wp-config.php")
    shutil.rmtree(folder / "tree")
    (folder / "db").mkdir()
    user = unprivileged()
    if user is not None:
        os.chown(folder / "db", user.pw_uid, user.pw_gid)
    named = [f"--user={user.pw_name}"] if user else []
    run("mariadb-install-db", "--no-defaults", *named, f"--datadir={folder / 'db'}", "--skip-test-db", *SMALL[1:],
         "--auth-root-authentication-method=normal")  # fmt: skip
    with database(folder):
        run("mariadb", "--no-defaults", "-S", str(folder / "run/db.sock"), "-uroot", "-e", GRANTS)
        run("php", "-d", "memory_limit=512M", str(HERE / "install.php"), str(folder))
    shutil.rmtree(folder / "run")


def _dangling(folder: str, names: list[str]) -> set[str]:
    """Links that lead nowhere; copytree's own look for them begins in the wrong folder."""
    return {name for name in names if not (Path(folder) / name).exists()}


def _packages(suite: str, cache: Path) -> list[Path]:
    name, theme = SUITES[suite]
    folder = cache / "packages" / suite
    folder.mkdir(parents=True, exist_ok=True)
    wanted = [*PACKAGES, theme]
    if not all(list(folder.glob(f"{package}_*.deb")) for package in wanted):
        for inside in ("lists/partial", "archives/partial"):
            (folder / "apt" / inside).mkdir(parents=True, exist_ok=True)
        (folder / "apt/sources.list").write_text(f"deb [signed-by={KEYRING}] {_mirror()} {name} main\n")
        options = [
            f"Dir::Etc::sourcelist={folder}/apt/sources.list",
            "Dir::Etc::sourceparts=/dev/null",
            f"Dir::State::lists={folder}/apt/lists",
            f"Dir::Cache={folder}/apt",
            "APT::Sandbox::User=",
        ]
        apt = ["apt-get", "-qq", *(part for option in options for part in ("-o", option))]
        try:
            run(*apt, "update", cwd=folder)
            run(*apt, "download", *wanted, cwd=folder)
        except RuntimeError as error:
            raise Missing(f"WordPress's packages of Debian {name} cannot be fetched: {error}") from error
        shutil.rmtree(folder / "apt")
    return sorted(folder.glob("*.deb"))


def _mirror() -> str:
    """Where this machine gets Debian from."""
    for path in (Path("/etc/apt/sources.list.d/debian.sources"), Path("/etc/apt/sources.list")):
        for line in path.read_text().splitlines() if path.exists() else ():
            address = next(
                (word for word in line.split() if word.startswith("http") and word.rstrip("/").endswith("debian")), None
            )
            if address:
                return address
    return "http://deb.debian.org/debian"
