"""What the figures were measured on, and with which versions."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path

import openvino

from fotopoort.vision.models import integers

PACKAGES = ("openvino", "opencv-python-headless", "opencv-python", "pillow", "pillow-heif", "numpy")


def has_bf16() -> bool:
    """Whether the processor calculates in bf16, which is faster than f32."""
    return "BF16" in openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")


def in_short() -> str:
    """The processor, as a few words."""
    model = _field(Path("/proc/cpuinfo"), "model name") or platform.machine()
    return f"{model}, {len(os.sched_getaffinity(0))} cores, {'with bf16' if has_bf16() else 'without bf16'}"


def described() -> str:
    """Processor, memory, system and versions, as one line of Markdown each."""
    model = _field(Path("/proc/cpuinfo"), "model name") or platform.machine()
    gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    precision = ", ".join(
        f"{'with' if has else 'without'} {what}" for what, has in (("VNNI", integers.is_fast()), ("bf16", has_bf16()))
    )
    return (
        f"- {model}, {len(os.sched_getaffinity(0))} cores, {precision}, {gigabytes:.0f} GB of memory\n"
        f"- {platform.system()}, Python {platform.python_version()}, {', '.join(_versions())}\n"
    )


def _versions() -> list[str]:
    found = []
    for package in PACKAGES:
        try:
            found.append(f"{package} {version(package)}")
        except ModuleNotFoundError:
            continue
    return found


def _field(path: Path, name: str) -> str | None:
    with path.open() as lines:
        return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), None)
