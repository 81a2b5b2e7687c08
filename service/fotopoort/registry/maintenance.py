"""Scheduled maintenance: every few minutes, and once a day. `fotopoort serve` runs it, and so can cron."""

from __future__ import annotations

import logging

from fotopoort.registry import retention
from fotopoort.registry.access.roles import Act, console
from fotopoort.registry.audit import checkpoints
from fotopoort.registry.consent import follow_ups, new_noes
from fotopoort.registry.photos import originals
from fotopoort.registry.registry import Registry

log = logging.getLogger(__name__)


def frequent(registry: Registry) -> None:
    """Erase the encrypted originals of every school that have been kept long enough.

    Raises:
        RegistryError: it could not be done; the next run does it.
    """
    for school in registry.schools():
        with registry.write(console(school), Act.MAINTAIN) as session:
            originals.erase_expired(session)


def daily(registry: Registry) -> None:
    """Erase what has been kept long enough, and sign where each school's audit log ends. Where there is a no since
    yesterday that nobody recorded, what went out is to be taken down. What people said no to and is no longer there is
    told in the log; `fotopoort registry lists` says what to do.

    Raises:
        RegistryError, OutputUnwritable: it could not be done; the next run does it.
    """
    for school in registry.schools():
        with registry.write(console(school), Act.MAINTAIN) as session:
            new_noes.take_down(session)
            retention.apply(session)
        with registry.read(console(school), Act.SEE_AUDIT) as session:
            for gone in follow_ups.gone_purposes(session):
                log.error("no channel has the purpose %s any more, to which people said no", gone.purpose)
            checkpoints.export_checkpoint(session, session.data_folder / checkpoints.FOLDER)
    registry.database.vacuum()
