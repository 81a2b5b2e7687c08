"""What the package says of itself is true: what it imports it asks for, what it asks for is pinned."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
OPTIONAL = {  # modules that only those need who install an extra
    "service/fotopoort/batch/storage/bucket.py": "s3",
    "service/fotopoort/client/client.py": "client",
}


def normal(name: str) -> str:
    """A distribution's name as the index spells it: the bare name, lower case, dashes."""
    return re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", name)[0]).lower()


def test_every_imported_package_is_a_declared_dependency() -> None:
    distributions = packages_distributions()
    for file in (ROOT / "service").rglob("*.py"):
        extra = OPTIONAL.get(file.relative_to(ROOT).as_posix())
        wanted = PROJECT["dependencies"] + (PROJECT["optional-dependencies"][extra] if extra else [])
        declared = {normal(requirement) for requirement in wanted}
        for node in ast.walk(ast.parse(file.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            for package in {name.split(".")[0] for name in names} - {"fotopoort"} - sys.stdlib_module_names:
                offered = {normal(name) for name in distributions.get(package, [])}
                assert offered & declared, f"{file.relative_to(ROOT)} imports {package}"


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_requirements_are_pinned_with_hashes_and_tell_no_address(name: str) -> None:
    content = (ROOT / name).read_text()
    lines = [line for line in content.splitlines() if line and not line.lstrip().startswith("#")]
    blocks = re.split(r"\n(?=\S)", "\n".join(lines))
    assert [
        block for block in blocks if not re.match(r"[\w.-]+(\[\w+\])?==\S+( ; .+)? \\\n    --hash=sha256:", block)
    ] == []
    assert "://" not in content
    wanted = PROJECT["dependencies"] + (PROJECT["optional-dependencies"]["dev"] if "dev" in name else [])
    assert "\npsycopg[binary]==" in content, "without its extra pip would look for another release of it"
    assert {normal(requirement) for requirement in wanted} <= {normal(block) for block in blocks}
