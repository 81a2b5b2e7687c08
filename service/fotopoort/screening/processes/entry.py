"""Where a screening process begins. It imports what it needs while the program that started it does the same.

Nothing is imported here, so that a program can start one before it has imported anything itself.
"""

from __future__ import annotations

import signal
from multiprocessing.connection import Connection


def begin(jobs: Connection, answers: Connection, ahead: bool) -> None:
    """Import, be told what this process is for, and serve.

    Args:
        jobs: gives what `worker.serve` is given beside the pipes, and then its jobs.
        answers: as for `worker.serve`.
        ahead: it is started long before it is told; until then it loads the models that it will probably need.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt is for the program that this process belongs to
    from fotopoort import allocator
    from fotopoort.screening.processes import worker

    allocator.limit_arenas()
    allocator.return_large_blocks()
    worker.import_detectors()
    if ahead:
        worker.load_ahead()
    try:
        config, load, logging_as = jobs.recv()
    except EOFError:  # the program is no more, or had nothing to do
        return
    worker.serve(jobs, answers, config, load, logging_as)
