"""Broken and hostile files: each is read or refused with a reason, soon, in little memory, and without a crash."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

EVAL = Path(__file__).parents[3] / "shared" / "eval" / "bad_files"
PACKAGES = Path(__file__).parents[2] / "service"

SECONDS = 10  # of the processor, for one file
MEGABYTES = 600  # 261 measured

# Runs in a process of its own: says a line for each file before and after it, and for the most memory it ever held. The
# kernel keeps that per address space (VmHWM); `ru_maxrss` begins with what the process that started this one held.
READ_ALL = f"""
import signal, sys
from pathlib import Path
sys.path.insert(0, {str(PACKAGES)!r})
from fotopoort.errors import PhotoError
from fotopoort.photo.admission import Limits
from fotopoort.photo.decode import decode
from fotopoort.photo.render import encode
from fotopoort.vocabulary import Box

for path in sorted(Path(sys.argv[1]).iterdir()):
    print("file", path.name[:3], flush=True)
    signal.setitimer(signal.ITIMER_PROF, {SECONDS})
    try:
        photo = decode(path.read_bytes(), Limits(), 2048)
        encode(photo, [Box(0, 0, photo.width / 3, photo.height / 3)], 1600)
        print("read", flush=True)
    except PhotoError as error:
        print("refused", error.code, flush=True)
print("peak", int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) // 1024)
"""


def read_all(folder: Path) -> tuple[list[str], int]:
    """What became of each file, in order of name, and the peak memory in megabytes."""
    done = subprocess.run([sys.executable, "-W", "error", "-c", READ_ALL, str(folder)], capture_output=True, text=True)
    lines = done.stdout.splitlines()
    assert done.returncode == 0, f"stopped with {done.returncode} after {lines[-1:]}: {done.stderr[-500:]}"
    return [line for line in lines if line.startswith(("read", "refused"))], int(lines[-1].split()[1])


@pytest.mark.eval
@pytest.mark.skipif(not EVAL.exists(), reason="the evaluation photos are not beside the project")
def test_every_bad_file_is_read_or_refused() -> None:
    outcomes, peak = read_all(EVAL)
    assert len(outcomes) == len(list(EVAL.iterdir()))
    assert peak < MEGABYTES
    assert {line.split()[1] for line in outcomes if line.startswith("refused")} == {
        "animated", "damaged", "empty_file", "format_not_allowed", "not_a_photo", "too_many_pixels", "too_small",
    }  # fmt: skip
