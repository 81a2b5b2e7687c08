"""Judging photos while everything is recorded, in every precision that this processor has.

Photos are judged by the code that a screening process runs, for two channels and with everyone unknown, so that every
face is covered and every rendition is looked at again. Each precision has a process of its own, as models give memory
back by how much their process holds, and judges a photo in turn with the others; of some rounds, the one whose time is
the median is told.
"""

from __future__ import annotations

import typing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Final, NamedTuple

from benchmarks import machine
from benchmarks.cost import limits
from benchmarks.cost.recording import Recorder, Trace
from benchmarks.cost.scenes import Scene
from benchmarks.processes import ROOT
from fotopoort import allocator
from fotopoort.photo.decode import Limits
from fotopoort.policy.policy import Policy
from fotopoort.registry.lists.class_list import read_class_list
from fotopoort.screening.analysis import Detectors
from fotopoort.screening.processes import worker
from fotopoort.screening.processes.worker import WorkerConfig
from fotopoort.screening.screen import Request, Screening, ScreeningJob, screen
from fotopoort.settings import Settings, load_settings
from fotopoort.vision.models import integers
from fotopoort.vocabulary import NameEntry

CHANNELS: Final = ("social_schools", "website")


@dataclass(frozen=True, slots=True)
class Measured:
    """One scene in one precision."""

    scene: Scene
    precision: str
    trace: Trace
    screening: Screening
    alone: limits.Time  # of its models by themselves

    @property
    def time(self) -> limits.Time:
        return limits.Time(self.trace.seconds, self.trace.processor)

    @property
    def covers(self) -> int:
        return max((len(verdict.covered) for verdict in self.screening.verdicts.values()), default=0)


def precisions() -> dict[str, str]:
    """Each precision that this processor can calculate in, by its name, with the setting that chooses it: whatever
    values the setting takes."""
    found: dict[str, str] = {}
    plain = "bf16" if machine.has_bf16() else "f32"
    for setting in typing.get_args(Settings.model_fields["precision"].annotation):
        name = {"auto": plain, "bf16": plain}.get(setting, setting)
        if name != "int8" or integers.is_fast():
            found.setdefault(name, setting)
    return dict(sorted(found.items(), key=lambda pair: pair[0] != "f32"))


def measure(wanted: Sequence[Scene], policy: Policy, rounds: int, threads: int) -> Iterator[Measured]:
    with ExitStack() as processes:
        judges: dict[str, ProcessPoolExecutor] = {}
        for name, setting in precisions().items():
            judge = ProcessPoolExecutor(1, get_context("spawn"), _load, (setting, threads, policy))
            judges[name] = processes.enter_context(judge)
            judge.submit(_judge, wanted[0].data).result()  # none loads its models while another judges
        for scene in wanted:
            seen: dict[str, list[tuple[Trace, Screening]]] = {name: [] for name in judges}
            for number in range(rounds + 1):
                for name, judge in judges.items():
                    trace, screening = judge.submit(_judge, scene.data).result()
                    if screening.findings.failure is not None:
                        raise RuntimeError(f"{scene.id}: {screening.findings.failure.code}")
                    if number:  # the first time, shapes are new
                        seen[name].append((trace, screening))
            for name, results in seen.items():
                trace, screening = sorted(results, key=lambda result: result[0].seconds)[len(results) // 2]
                alone = judges[name].submit(_alone, trace).result()
                yield Measured(scene, name, trace, screening, alone)


class _Models(NamedTuple):
    """What a process that judges has loaded."""

    recorder: Recorder
    detectors: Detectors
    job: ScreeningJob
    alone: limits.Alone


_loaded: Final[list[_Models]] = []


def _load(setting: str, threads: int, policy: Policy) -> None:
    allocator.limit_arenas()  # as `screening.processes.entry` does
    allocator.return_large_blocks()
    people = read_class_list(ROOT / "fixtures" / "classlist.csv")
    names = tuple(NameEntry(person.name, person.id) for person in people.persons.values())
    recorder = Recorder()
    recorder.__enter__()  # until the process ends
    config = WorkerConfig(load_settings().models_folder, Limits(), threads, setting)
    worker.load_models(config)
    detectors = Detectors(worker.finder(config), worker.people(config), worker.reader(config))
    job = ScreeningJob(Request(CHANNELS), policy, names=names)
    _loaded.append(_Models(recorder, detectors, job, limits.Alone(recorder)))


def _judge(data: bytes) -> tuple[Trace, Screening]:
    (models,) = _loaded
    with models.recorder.photo() as trace:
        screening = screen(data, models.job, models.detectors)
    return trace, screening


def _alone(trace: Trace) -> limits.Time:
    (models,) = _loaded
    return models.alone.of(trace)
