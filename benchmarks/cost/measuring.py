"""Judging photos while everything is recorded, in every precision that this processor has.

Photos are judged in this process, by the code that a screening process runs, for two channels and with everyone
unknown, so that every face is covered and every rendition is looked at again. Each precision judges a photo in turn
with the others; of some rounds, the one whose time is the median is told.
"""

from __future__ import annotations

import typing
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks import machine
from benchmarks.cost import limits
from benchmarks.cost.recording import Recorder, Trace
from benchmarks.cost.scenes import Scene
from benchmarks.processes import ROOT
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


def measure(
    wanted: Sequence[Scene], policy: Policy, recorder: Recorder, rounds: int, threads: int
) -> Iterator[Measured]:
    people = read_class_list(ROOT / "fixtures" / "classlist.csv")
    names = tuple(NameEntry(person.name, person.id) for person in people.persons.values())
    job = ScreeningJob(Request(CHANNELS), policy, names=names)
    detectors: dict[str, Detectors] = {}
    alone: dict[str, limits.Alone] = {}
    for name, setting in precisions().items():
        config = WorkerConfig(load_settings().models_folder, Limits(), threads, setting)
        worker.load_models(config)
        detectors[name] = Detectors(worker.finder(config), worker.people(config), worker.reader(config))
        alone[name] = limits.Alone(recorder)
    for scene in wanted:
        seen: dict[str, list[tuple[Trace, Screening]]] = {name: [] for name in detectors}
        for number in range(rounds + 1):
            for name, models in detectors.items():
                with recorder.photo() as trace:
                    screening = screen(scene.data, job, models)
                if screening.findings.failure is not None:
                    raise RuntimeError(f"{scene.id}: {screening.findings.failure.code}")
                if number:  # the first time, shapes are new
                    seen[name].append((trace, screening))
        for name, results in seen.items():
            trace, screening = sorted(results, key=lambda result: result[0].seconds)[len(results) // 2]
            yield Measured(scene, name, trace, screening, alone[name].of(trace))
