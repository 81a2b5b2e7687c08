"""The leases that one worker holds, so that it gives back what it did not do."""

from __future__ import annotations

from concurrent.futures import Future, wait
from contextlib import suppress
from typing import Final, TypeVar

from fotopoort.batch.ledger.leases import Lease, Leases
from fotopoort.errors import OutputUnwritable

Result = TypeVar("Result")

RENEWALS: Final = 4  # while a lease lasts


class HeldLeases:
    """The leases that a worker holds on the shards of one run.

    Attributes:
        records: what writes with a lease in hand.
    """

    def __init__(self, records: Leases, run: int, worker: str) -> None:
        self.records = records
        self._run, self._worker = run, worker
        self._held: set[Lease] = set()

    def __contains__(self, lease: Lease) -> bool:
        return lease in self._held

    def claim(self) -> Lease | None:
        """Hold one more; None: there is no shard to be had now."""
        lease = self.records.claim(self._run, self._worker)
        if lease is not None:
            self._held.add(lease)
        return lease

    def result_of(self, screening: Future[Result]) -> Result:
        """Wait for a photo's screening, however long it may take: what is held is renewed meanwhile, or others would
        begin with the same photos, and count us among those who never came back.

        Raises:
            OutputUnwritable: the database cannot be used.
        """
        while not wait([screening], timeout=self.records.seconds / RENEWALS).done:
            for lease in self._held:
                self.records.renew(lease)
        return screening.result()

    def finish(self, lease: Lease) -> None:
        """All its photos are done."""
        self.records.finish(lease)
        self._held.discard(lease)

    def drop(self, lease: Lease) -> None:
        """It was lost to another worker."""
        self._held.discard(lease)

    def release_all(self) -> None:
        """Give back what is not done, for other workers to continue."""
        for lease in self._held:
            with suppress(OutputUnwritable):  # then it runs out
                self.records.release(lease)
