"""What the C library is told of memory, in a process of its own: it holds for as long as that."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from fotopoort import allocator

ARENAS_OF_MANY_THREADS = """
import ctypes, threading
from fotopoort import allocator

{before}
held, together = [], threading.Barrier(8)

def hold():
    together.wait(60)
    held.append([bytes(20_000) for _ in range(50)])
    together.wait(60)

threads = [threading.Thread(target=hold) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
libc = ctypes.CDLL(None)
text, size = ctypes.c_char_p(), ctypes.c_size_t()
libc.open_memstream.restype = ctypes.c_void_p
stream = ctypes.c_void_p(libc.open_memstream(ctypes.byref(text), ctypes.byref(size)))
libc.malloc_info(0, stream)
libc.fclose(stream)
print(text.value.count(b"<heap "))
"""


def arenas(before: str = "") -> int:
    code = ARENAS_OF_MANY_THREADS.format(before=before)
    return int(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)


def test_many_threads_share_a_few_arenas() -> None:
    if arenas() <= allocator.ARENAS:
        pytest.skip("this C library makes no more by itself")
    assert arenas("allocator.limit_arenas()") <= allocator.ARENAS


BLOCK_BETWEEN_OTHERS = """
from fotopoort import allocator

{before}
del (block := [bytes(16 * 2**20)])[:]  # after which glibc keeps blocks of this size
block, other = bytearray(b"x") * 12 * 2**20, bytes(100_000)
full = allocator.resident()
del block
print(full - allocator.resident())
"""


def given_back(before: str = "") -> int:
    code = BLOCK_BETWEEN_OTHERS.format(before=before)
    return int(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)


def test_a_large_block_is_given_back_as_soon_as_it_is_freed() -> None:
    block = 10 * 2**20
    if given_back() > block:
        pytest.skip("this C library does so by itself")
    assert given_back("allocator.return_large_blocks()") > block


def test_where_the_library_knows_nothing_of_it_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ctypes.CDLL", lambda _: object())
    allocator.limit_arenas()
    allocator.return_large_blocks()
    allocator.trim()


def test_a_system_that_does_not_tell_what_a_process_holds_is_no_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    assert allocator.resident() > 10_000_000
    monkeypatch.setattr(allocator, "Path", lambda _: Path("/nowhere"))
    assert allocator.resident() == 0
