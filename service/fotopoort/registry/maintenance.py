"""Scheduled maintenance: every few minutes, and once a day. `fotopoort serve` runs it, and so can cron.

Part of what is done once a day belongs to a school, and is done by one program however many there are (see the room
`jobs`); part of it belongs to a machine, as do the files beside the database.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial

from fotopoort.registry import retention
from fotopoort.registry.access import accounts, invitations, login_sessions
from fotopoort.registry.access.roles import Act, console
from fotopoort.registry.audit import checkpoints
from fotopoort.registry.consent import follow_ups, new_noes
from fotopoort.registry.do_each import do_each
from fotopoort.registry.photos import originals
from fotopoort.registry.posts import ending
from fotopoort.registry.registry import Registry, Session

log = logging.getLogger(__name__)


def frequent(registry: Registry) -> None:
    """In every school, erase the encrypted originals that have been kept long enough, and end posts past their time.

    Raises:
        RegistryError: it could not be done in some school; the next run does it.
    """

    def erase(school: str) -> None:
        with registry.write(console(school), Act.MAINTAIN) as session:
            originals.erase_expired(session)
            ending.expire(session)

    in_each_school(registry, erase)


def daily(registry: Registry) -> None:
    """All that is done once a day, at once.

    Raises:
        RegistryError, OutputUnwritable: part of it could not be done, and the rest was; the next run does it.
    """

    def maintain(school: str) -> None:
        try:
            before_daily(registry, school)
        finally:
            with registry.write(console(school), Act.MAINTAIN) as session:
                daily_in(session)
        tell_gone_purposes(registry, school)

    def maintain_each() -> None:
        in_each_school(registry, maintain)

    do_each(maintain_each, lambda: sign(registry), registry.database.vacuum)


def before_daily(registry: Registry, school: str) -> None:
    """What a school's daily maintenance begins with, in transactions of their own, as there can be much of it: a whole
    group 8 that left. Where it is not done, it goes on from there the next time.

    Raises:
        RegistryError: part of it could not be done.
    """
    caller = console(school)
    with registry.write(caller, Act.MAINTAIN) as session:
        new_noes.take_down(session)  # first: of who is erased, nobody knows any more where they were shown
    retention.erase_leavers(registry, caller)


def daily_in(session: Session) -> None:
    """In one school, after `before_daily` and whatever came of that: erase what has been kept long enough and who is
    logged in no more, and where there is a no since yesterday that nobody recorded, have what went out taken down."""
    new_noes.take_down(session)
    retention.apply(session, leavers=False)
    login_sessions.forget_ended(session)
    invitations.forget_ended(session)
    accounts.erase_disabled(session)


def tell_gone_purposes(registry: Registry, school: str) -> None:
    """Tell in the log what people said no to and is no longer there; `fotopoort registry lists` says what to do.

    Raises:
        RegistryError: it could not be found out.
    """
    with registry.read(console(school), Act.MAINTAIN) as session:
        for gone in follow_ups.gone_purposes(session):
            log.error("no channel has the purpose %s any more, to which people said no", gone.purpose)


def sign(registry: Registry) -> None:
    """Sign where each school's audit log ends, in a file in the data folder of this machine.

    Raises:
        RegistryError, OutputUnwritable: it could not be done for some school; the next run does it.
    """

    def export(school: str) -> None:
        with registry.read(console(school), Act.SEE_AUDIT) as session:
            checkpoints.export_checkpoint(session, session.data_folder / checkpoints.FOLDER)

    in_each_school(registry, export)


def in_each_school(registry: Registry, act: Callable[[str], None]) -> None:
    """Act in each school, whatever happens in the others; the first error is raised in the end."""
    do_each(*(partial(act, school) for school in registry.schools()))
