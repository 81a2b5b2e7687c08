"""Files whose headers contradict each other: refused with what to do, or judged as small as the decoder sees them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from .many_headers import files

LIMIT = 1_200_000  # kB of memory, of any process

DECODE = """
import sys
from pathlib import Path
from fotopoort.errors import PhotoError
from fotopoort.photo.decode import Limits, decode
for name in sys.argv[1:]:
    try:
        photo = decode(Path(name).read_bytes(), Limits(), 1600)
    except PhotoError as error:
        print(name, error.code, bool(error.hint.nl and error.hint.en))
    else:
        print(name, "judged", photo.width * photo.height <= Limits().max_pixels)
print(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
"""


def test_no_file_of_many_headers_takes_much_memory(tmp_path: Path) -> None:
    """One of each kind several times over; `benchmarks` measures two hundred larger ones."""
    paths = []
    for name, data in files(30, sides=(3000, 14_000)):
        paths.append(tmp_path / name)
        paths[-1].write_bytes(data)
    run = subprocess.run([sys.executable, "-c", DECODE, *paths], capture_output=True, text=True, check=True)
    *answers, peak = run.stdout.splitlines()
    assert len(answers) == len(paths)
    assert not [answer for answer in answers if not answer.endswith("True")]
    assert int(peak) < LIMIT
