"""The machine: Python and its libraries, the processor, memory, and the models."""

from __future__ import annotations

import re
import resource
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Final

from fotopoort.operations.doctor.finding import Finding, Subject, fail, ok, warn
from fotopoort.settings import memory as usable_memory
from fotopoort.settings import processors
from fotopoort.vision.models.catalogue import Catalogue, State
from fotopoort.vocabulary import Text

GIGABYTE: Final = 1_000_000_000
# Of memory, in bytes: of the service, and of each screening process, which is replaced when it takes more.
SERVICE_BYTES: Final = 400_000_000
SCREENER_BYTES: Final = 1_300_000_000
OPEN_FILES: Final = 1_024  # of the service: 512 connections at most, with files and the database beside them
REQUIREMENT: Final = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?\s*([^;]*)")
BOUND: Final = re.compile(r"(>=|<|==)\s*([0-9][0-9.]*)")
REINSTALL: Final = Text(
    nl="Installeer opnieuw: pip install -r requirements.txt en dan pip install .",
    en="Install again: pip install -r requirements.txt, then pip install .",
)
INT8_WANTED: Final = "int8"


def python(_: Subject) -> Iterator[Finding]:
    """Its version; older ones do not start at all."""
    version, program = ".".join(map(str, sys.version_info[:3])), metadata.version("fotopoort")
    yield ok(
        "python",
        Text(nl=f"Python {version}, met fotopoort {program}.", en=f"Python {version}, with fotopoort {program}."),
    )


def libraries(_: Subject) -> Iterator[Finding]:
    """Whether each library is there, in a version that this program was made for, and OpenCV once."""
    needed = [line for line in metadata.requires("fotopoort") or [] if "extra ==" not in line]
    wrong = sorted(filter(None, map(_wrong, needed)))
    if wrong:
        names = ", ".join(wrong)
        text = Text(
            nl=f"Niet de goede versie, of niet aanwezig: {names}.", en=f"Missing, or of another version: {names}."
        )
        yield fail("libraries", text, REINSTALL)
    elif len(opencv := sorted(set(metadata.packages_distributions().get("cv2", [])))) > 1:
        names = ", ".join(opencv)
        text = Text(nl=f"OpenCV is er meer dan één keer: {names}.", en=f"OpenCV is there more than once: {names}.")
        yield fail(
            "libraries",
            text,
            Text(nl="Maak een nieuwe omgeving voor Fotopoort alleen.", en="Make an environment for Fotopoort alone."),
        )
    else:
        yield ok(
            "libraries",
            Text(nl=f"{len(needed)} bibliotheken, alle goed.", en=f"{len(needed)} libraries, all as they must be."),
        )


def processor(subject: Subject) -> Iterator[Finding]:
    """How many threads, and what they calculate in: that decides how fast photos are looked at."""
    from fotopoort.vision.models.integers import is_fast  # the runtime takes a moment to import
    from fotopoort.vision.models.runtime import has_bf16

    threads, wanted = processors(), subject.settings.precision
    if wanted == INT8_WANTED and not is_fast():
        yield warn(
            "processor",
            Text(nl="Deze processor kan niet snel met int8 rekenen.", en="This processor is not fast in int8."),
            Text(nl="Laat FOTOPOORT_PRECISION weg.", en="Leave FOTOPOORT_PRECISION out."),
        )
    elif wanted != "f32" and has_bf16():
        yield ok(
            "processor",
            Text(
                nl=f"{threads} threads met bf16: per foto ongeveer 0,7 s op twee threads, met veel tekst 1,3 s.",
                en=f"{threads} threads with bf16: some 0.7 s a photo on two threads, 1.3 s with much text.",
            ),
        )
    else:
        yield ok(
            "processor",
            Text(
                nl=f"{threads} threads zonder bf16 (f32): per foto 1 tot 2 s op twee threads, met veel tekst langer.",
                en=f"{threads} threads without bf16 (f32): 1 to 2 s a photo on two threads, longer with much text.",
            ),
        )


def memory(subject: Subject) -> Iterator[Finding]:
    """Whether there is enough for the screening processes of the settings."""
    count = subject.settings.screeners
    needed = SERVICE_BYTES + count * SCREENER_BYTES
    facts = dict(re.findall(r"^(\w+):\s+(\d+) kB", Path("/proc/meminfo").read_text(), re.MULTILINE))
    total = usable_memory()  # of a container, what that has
    free = min(total, int(facts["MemAvailable"]) * 1024)
    line = f"{total / GIGABYTE:.1f} GB, {free / GIGABYTE:.1f} GB"
    text = Text(
        nl=f"{line} vrij; nodig is {needed / GIGABYTE:.1f} GB.",
        en=f"{line} free; {needed / GIGABYTE:.1f} GB is needed.",
    )
    if total < needed:
        advice = Text(
            nl="Zet FOTOPOORT_SCREENERS lager, of neem meer geheugen.", en="Lower FOTOPOORT_SCREENERS, or add memory."
        )
        yield warn("memory", text, advice)
    else:
        yield ok("memory", text)


def limits(_: Subject) -> Iterator[Finding]:
    """How many files the program may have open."""
    soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < OPEN_FILES:
        text = Text(
            nl=f"Er mogen maar {soft} bestanden tegelijk open zijn.", en=f"Only {soft} files may be open at once."
        )
        yield warn("limits", text, Text(nl="Maak er 1024 van: ulimit -n 1024.", en="Make it 1024: ulimit -n 1024."))
    else:
        yield ok(
            "limits", Text(nl=f"Er mogen {soft} bestanden tegelijk open zijn.", en=f"{soft} files may be open at once.")
        )


def models(subject: Subject) -> Iterator[Finding]:
    """Whether every model that is needed is here, and is the file of the list."""
    checks = [check for check in Catalogue(subject.settings.models_folder).verify() if check.model.required]
    wrong = [check for check in checks if check.state is not State.READY]
    if wrong:
        names = ", ".join(f"{check.model.id} ({check.state})" for check in wrong)
        text = Text(nl=f"Niet bruikbaar: {names}.", en=f"These cannot be used: {names}.")
        yield fail("models", text, Text(nl="Voer `fotopoort models pull` uit.", en="Run `fotopoort models pull`."))
    else:
        yield ok(
            "models",
            Text(
                nl=f"{len(checks)} modellen, alle met de goede sha256.", en=f"{len(checks)} models, sha256 as listed."
            ),
        )


def _wrong(requirement: str) -> str | None:
    """A library that is not there, or not in a version within the bounds; None: it is."""
    match = REQUIREMENT.match(requirement)
    assert match is not None  # noqa: S101 - it is our own list
    name, bounds = match.groups()
    try:
        version = metadata.version(name)
    except metadata.PackageNotFoundError:
        return name
    here = _numbers(version)
    for sign, bound in BOUND.findall(bounds):
        limit = _numbers(bound)
        width = max(len(here), len(limit))
        left, right = (part + (0,) * (width - len(part)) for part in (here, limit))
        if not {">=": left >= right, "<": left < right, "==": left == right}[sign]:
            return f"{name} {version}"
    return None


def _numbers(version: str) -> tuple[int, ...]:
    found = re.match(r"\d+(\.\d+)*", version)
    return tuple(map(int, found.group().split("."))) if found else ()
