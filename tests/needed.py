"""What tests take that a machine may lack: there they are skipped, but in CI, which installs it, they fail.

Elsewhere skipped, in CI too: what takes root or a network of its own, systemd, and the evaluation photos.
"""

from __future__ import annotations

import os
import shutil
from typing import Final, NoReturn

import pytest

IN_CI: Final = os.environ.get("CI") == "true"


def lacking(what: str) -> NoReturn:
    """Skip this test, as the machine has not what it takes; fail it in CI."""
    if IN_CI:
        pytest.fail(what)
    pytest.skip(what)


def needs(program: str, package: str) -> pytest.MarkDecorator:
    """Skips a test where the program is not there; in CI it runs and fails.

    Args:
        program: its name.
        package: the one that it is in, on Debian.
    """
    reason = f"{program} is not here (on Debian: apt-get install {package})"
    return pytest.mark.skipif(shutil.which(program) is None and not IN_CI, reason=reason)
