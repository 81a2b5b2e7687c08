"""What is counted as it happens in this program, and how it is written down for Prometheus.

Labels are channels, outcomes, kinds, codes and routes, of which there are few, and never ids. Rules about who is in a
photo are counted together: by one of them alone it could be told that there is somebody who must never be found.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from typing import Final, Protocol

from prometheus_client import CollectorRegistry, Counter, Histogram, Info, ProcessCollector, generate_latest
from prometheus_client.metrics_core import Metric

from fotopoort.jobs.execution import Outcome
from fotopoort.jobs.maintenance import DAILY
from fotopoort.registry.audit.chain import AuditEntry
from fotopoort.screening.screen import Screening

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
VERDICT: Final = "verdict"  # the kind of its row in the audit log
# Rules about who is in a photo, and who may be: that of the never-locatable speaks as one of them, and could stand out.
PEOPLE: Final = frozenset({"R03", "R16", "R17", "R20", "R22", "R23", "R24", "R25", "R26"})
ABOUT_PEOPLE: Final = "people"
REQUEST_SECONDS: Final = (0.05, 0.1, 0.3, 1, 3, 10, 30)
WORK_SECONDS: Final = (0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 120)


class Source(Protocol):
    """What is looked up when somebody reads."""

    def collect(self) -> Iterable[Metric]: ...


class Metrics:
    """The counts of this program, from its start. Any thread may count."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry(auto_describe=False)
        ProcessCollector(registry=registry)
        Info("fotopoort_build", "The program.", registry=registry).info({"version": version("fotopoort")})
        self._requests = Counter(
            "fotopoort_requests", "Requests that were answered.", ("method", "route", "status"), registry=registry
        )
        self._request_seconds = Histogram(
            "fotopoort_request_seconds",
            "How long requests took.",
            ("route",),
            buckets=REQUEST_SECONDS,
            registry=registry,
        )
        self._jobs = Histogram(
            "fotopoort_job_seconds",
            "How long attempts at jobs took, by what became of them: done, retry, dead or lost.",
            ("kind", "outcome"),
            buckets=WORK_SECONDS,
            registry=registry,
        )
        self._work = Histogram(
            "fotopoort_screening_seconds",
            "How long a screening process was at work on one photo, loading its models again where need be.",
            ("work",),
            buckets=WORK_SECONDS,
            registry=registry,
        )
        self._stages = Histogram(
            "fotopoort_stage_seconds",
            "How long each stage of a photo took: decode, look, read, render and so on.",
            ("stage",),
            buckets=WORK_SECONDS,
            registry=registry,
        )
        self._failures = Counter(
            "fotopoort_photos_not_judged", "Photos that could not be judged.", ("code",), registry=registry
        )
        self._verdicts = Counter(
            "fotopoort_verdicts", "Verdicts that were recorded.", ("channel", "outcome"), registry=registry
        )
        self._rules = Counter(
            "fotopoort_verdict_rules",
            "Verdicts in which a rule spoke; those about who is in the photo count as one.",
            ("channel", "rule"),
            registry=registry,
        )

    def add_source(self, source: Source) -> None:
        """Have this written down as well."""
        self._registry.register(source)  # which asks for no more

    def text(self) -> bytes:
        """All of it, as Prometheus reads it. It may wait for the database."""
        return generate_latest(self._registry)

    # --- what is told ------------------------------------------------------------------------------------

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """A request was answered; `route` as it was declared."""
        self._requests.labels(method, route, str(status)).inc()
        self._request_seconds.labels(route).observe(seconds)

    def attempted(self, kind: str, outcome: Outcome, seconds: float) -> None:
        """An attempt at a job ended."""
        self._jobs.labels(job_kind(kind), outcome.value).observe(seconds)

    def screened(self, work: str, seconds: float, result: object) -> None:
        """A screening process did something with a photo, of which this came."""
        self._work.labels(work).observe(seconds)
        if not isinstance(result, Screening):
            return
        for stage, milliseconds in result.milliseconds.items():
            self._stages.labels(stage).observe(milliseconds / 1000)
        if result.findings.failure is not None:
            self._failures.labels(result.findings.failure.code).inc()

    def recorded(self, entries: Sequence[AuditEntry]) -> None:
        """A transaction wrote these in the audit log."""
        for entry in entries:
            if entry.kind != VERDICT:
                continue
            outcomes: Mapping[str, str] = entry.detail["outcomes"]
            rules: Mapping[str, Sequence[str]] = entry.detail["rules"]
            for channel, outcome in outcomes.items():
                self._verdicts.labels(channel, outcome).inc()
                for rule in {ABOUT_PEOPLE if rule in PEOPLE else rule for rule in rules[channel]}:
                    self._rules.labels(channel, rule).inc()


def job_kind(kind: str) -> str:
    """A kind of job as a label: without the policy's digest, with which there would be ever more of them."""
    return DAILY.rstrip(".") if kind.startswith(DAILY) else kind
