"""What is looked up when somebody reads the metrics: jobs, posts and photos in the database, processes and memory.

What is in the database is the same for every program on it: of several machines, take the largest and not the sum.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Final

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from sqlalchemy import Connection, case, func, select

from fotopoort.errors import RegistryError
from fotopoort.jobs.job import WAITING_SINCE, JobState
from fotopoort.operations.deliveries import count_jobs
from fotopoort.operations.metrics.metrics import job_kind
from fotopoort.registry.posts.posts import PostState
from fotopoort.registry.registry import Registry
from fotopoort.registry.store.dialects import database_clock
from fotopoort.registry.store.tables import job, post, post_photo, screening
from fotopoort.screening.processes.pool import ScreeningPool

SECONDS_FRESH: Final = 10.0  # of what was read in the database: whoever reads often does not make it work


class Snapshot:
    """The source of those metrics.

    Args:
        registry: whose database it is.
        pool: the processes that look at photos.
        clock: seconds that never go back.
    """

    def __init__(
        self,
        registry: Registry,
        pool: ScreeningPool,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._registry, self._pool, self._clock = registry, pool, clock
        self._read: list[Metric] = []
        self._read_at: float | None = None

    def collect(self) -> Iterator[Metric]:
        """Each of them."""
        yield from self._of_pool()
        yield from self._of_database()

    def _of_pool(self) -> Iterator[Metric]:
        state = self._pool.state()
        yield GaugeMetricFamily("fotopoort_screening_processes", "Processes that look at photos.", len(state.memory))
        yield GaugeMetricFamily(
            "fotopoort_screening_at_once",
            "Photos that may be looked at at once now; fewer where it is busy.",
            state.at_once,
        )
        yield GaugeMetricFamily(
            "fotopoort_screening_resting",
            "Processes that could not be started and are tried again after a pause.",
            state.resting,
        )
        yield GaugeMetricFamily("fotopoort_screening_waiting", "Photos that wait for a process.", state.waiting)
        memory = GaugeMetricFamily(
            "fotopoort_screening_memory_bytes", "Memory of each process that looks at photos.", labels=["place"]
        )
        for place, size in enumerate(state.memory):
            memory.add_metric([str(place)], size)
        yield memory

    def _of_database(self) -> Iterator[Metric]:
        now = self._clock()
        up = True
        if self._read_at is None or now - self._read_at > SECONDS_FRESH:
            try:
                with self._registry.database.read() as connection:
                    self._read = [*_jobs(connection), *_photos(connection), _delivered(connection)]
                self._read_at = now
            except RegistryError:  # numbers that are no longer true are not given
                self._read, self._read_at, up = [], None, False
        yield GaugeMetricFamily("fotopoort_database_up", "Whether the database answers.", int(up))
        yield from self._read


def _delivered(connection: Connection) -> Metric:
    counts = count_jobs(connection)
    family = GaugeMetricFamily("fotopoort_deliveries", "Messages to others, waiting or given up.", labels=["state"])
    family.add_metric(["waiting"], counts.waiting)
    family.add_metric(["dead"], counts.dead)
    return family


def _jobs(connection: Connection) -> Iterator[Metric]:
    now = database_clock(connection)
    is_dead = job.c.state == JobState.DEAD.value
    state = case((is_dead, "dead"), (job.c.worker.is_not(None), "leased"), (job.c.due <= now, "due"), else_="later")
    query = select(job.c.kind, state.label("state"), func.count().label("jobs"), func.min(WAITING_SINCE).label("first"))
    query = query.where(job.c.state != JobState.DONE.value).group_by(job.c.kind, state)
    family = GaugeMetricFamily(
        "fotopoort_jobs",
        "Jobs by kind: due (they wait for a worker), leased (one has them), later, or dead (given up).",
        labels=["kind", "state"],
    )
    counts, waits = dict[tuple[str, str], int](), dict[str, float]()
    for row in connection.execute(query):
        kind = job_kind(row.kind)
        counts[kind, row.state] = counts.get((kind, row.state), 0) + row.jobs
        if row.state == "due":
            waits[kind] = max(waits.get(kind, 0.0), (now - row.first).total_seconds())
    for labels, count in sorted(counts.items()):
        family.add_metric(labels, count)
    yield family
    overdue = GaugeMetricFamily(
        "fotopoort_jobs_overdue_seconds",
        "How long a job of a kind has waited at most, since it was made and due.",
        labels=["kind"],
    )
    for kind, seconds in sorted(waits.items()):
        overdue.add_metric([kind], seconds)
    yield overdue


def _photos(connection: Connection) -> Iterator[Metric]:
    is_open = post.c.state == PostState.OPEN.value
    count = select(func.count()).select_from(post).where(is_open)
    yield GaugeMetricFamily(
        "fotopoort_posts_open", "Posts that are not finished.", connection.execute(count).scalar_one()
    )
    joined = post_photo.join(post, (post.c.tenant == post_photo.c.tenant) & (post.c.id == post_photo.c.post))
    query = select(post_photo.c.state, func.count().label("photos")).select_from(joined).where(is_open)
    family = GaugeMetricFamily("fotopoort_post_photos", "Photos of posts that are not finished.", labels=["state"])
    for row in connection.execute(query.group_by(post_photo.c.state).order_by(post_photo.c.state)):
        family.add_metric([row.state], row.photos)
    yield family
    held = select(func.count()).select_from(screening).where(screening.c.held_until.is_not(None))
    yield GaugeMetricFamily(
        "fotopoort_originals_held",
        "Originals that are kept, encrypted, for later answers.",
        connection.execute(held).scalar_one(),
    )
