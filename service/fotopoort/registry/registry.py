"""The registry of a school, as the front doors hold it: who asks, what for, and one transaction for each thing done.

    with registry.write(caller, Act.RECORD_CONSENT) as session:
        consent_log.record(session, said)

What can be done stands in the modules beside this one, as functions of a session. Here stands what holds for all of
them: who may not do it is refused and the refusal is logged; the audit log is written in the same transaction.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Self
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert, select, update

from fotopoort.errors import AlreadyThere, BadRecord, Forbidden, FotopoortError, NoRegistry, UnknownGroup, UnknownPerson
from fotopoort.policy.policy import Channel
from fotopoort.policy_file import load_policy
from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.audit import chain
from fotopoort.registry.store.database import Database, sqlite_url
from fotopoort.registry.store.tables import audit_head, tenant
from fotopoort.settings import Settings

log = logging.getLogger(__name__)

SQLITE_FILE = "registry.db"  # in the data folder
KEYS = "keys"  # in the data folder, unless the settings name another place
AMSTERDAM = "Europe/Amsterdam"


@dataclass(frozen=True, slots=True)
class Session:
    """One transaction, on behalf of one caller.

    Attributes:
        now: this moment, in the school's time zone.
        data_folder: where files beside the database are (held originals).
        keys_folder: where key files are.
        channels: those that the school's policy has.
    """

    connection: Connection
    caller: Caller
    now: datetime
    channels: tuple[Channel, ...]
    data_folder: Path
    keys_folder: Path
    entries: list[chain.AuditEntry] = field(default_factory=list)

    @property
    def tenant(self) -> str:
        return self.caller.tenant

    @property
    def today(self) -> date:
        return self.now.date()

    def note(self, kind: str, *, photo: str | None = None, person: str | None = None, **detail: object) -> None:
        """Write this in the audit log when the transaction ends. `detail`: ids and hashes only."""
        self.entries.append(chain.AuditEntry(kind, photo, person, detail))

    def bump_revision(self) -> None:
        """Something changed that a verdict could depend on."""
        self.connection.execute(update(tenant).where(tenant.c.id == self.tenant).values(revision=tenant.c.revision + 1))

    def revision(self) -> int:
        """Goes up with every change that a verdict could depend on."""
        return int(self.connection.execute(select(tenant.c.revision).where(tenant.c.id == self.tenant)).scalar_one())


class Registry:
    """The schools in one database.

    Args:
        database: with the schema of this version.
        data_folder: for files beside the database.
        keys_folder: for key files.
        channels: those that the policy has; None: the packaged one's.
        clock: what time it is, with a time zone.
    """

    def __init__(
        self,
        database: Database,
        *,
        data_folder: Path,
        keys_folder: Path,
        channels: tuple[Channel, ...] | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.database, self.data_folder, self.keys_folder, self.clock = database, data_folder, keys_folder, clock
        self.channels = channels or load_policy().channels

    @classmethod
    def open(cls, settings: Settings, *, migrate: bool = True) -> Self:
        """The registry that the settings name.

        Args:
            migrate: bring its schema up to date.

        Raises:
            BadSetting: the URL is of no database that can be used.
            RegistryUnavailable, RegistryNewer: it cannot be used now.
        """
        database = Database(settings.registry_url or sqlite_url(settings.data_folder / SQLITE_FILE))
        if migrate:
            database.migrate()
        return cls(
            database,
            data_folder=settings.data_folder,
            keys_folder=settings.keys_folder or settings.data_folder / KEYS,
            channels=load_policy(settings.policy_file).channels,
        )

    @staticmethod
    def is_there(settings: Settings) -> bool:
        """Whether a registry was ever made here, without opening it."""
        return settings.registry_url is not None or (settings.data_folder / SQLITE_FILE).exists()

    def close(self) -> None:
        """Let go of every connection."""
        self.database.close()

    def schools(self) -> list[str]:
        """The ids of the schools in this database."""
        with self.database.read() as connection:
            return list(connection.execute(select(tenant.c.id).order_by(tenant.c.id)).scalars())

    def has_school(self, tenant_id: str) -> bool:
        """Whether this school was made here."""
        with self.database.read() as connection:
            return connection.execute(select(tenant.c.id).where(tenant.c.id == tenant_id)).first() is not None

    def add_school(self, caller: Caller, name: str, *, time_zone: str = AMSTERDAM) -> None:
        """Make the caller's tenant: an empty school with an audit log of its own.

        Raises:
            AlreadyThere: it was made before.
            BadRecord: there is no such time zone.
        """
        caller.must(Act.MANAGE_KEYS)
        try:
            zone = ZoneInfo(time_zone)
        except (KeyError, ValueError, OSError):
            raise BadRecord("There is no such time zone.", hint=f"Write it as {AMSTERDAM}.") from None
        with self.database.write() as connection:
            if connection.execute(select(tenant.c.id).where(tenant.c.id == caller.tenant)).first():
                raise AlreadyThere("This school is there already.", hint="Nothing needs to be done.")
            row = {"id": caller.tenant, "name": name, "time_zone": time_zone, "revision": 0}
            connection.execute(insert(tenant).values(row))
            connection.execute(insert(audit_head).values(tenant=caller.tenant, seq=0, hash=chain.BEGINNING))
            at = self.clock().astimezone(zone)
            chain.append(connection, caller.tenant, at, caller.id, [chain.AuditEntry("school.made")])

    def read(self, caller: Caller, act: Act) -> AbstractContextManager[Session]:
        """A session that sees one state of the registry, and changes nothing.

        Raises:
            Forbidden: the caller may not; this is logged.
            NoRegistry: there is no such school.
            RegistryUnavailable: the database does not answer.
        """
        return self._session(caller, act, self.database.read)

    def write(self, caller: Caller, act: Act) -> AbstractContextManager[Session]:
        """A session whose changes and audit rows are all there when it ends well, and none of them when it does not.

        Raises:
            Forbidden: the caller may not; this is logged.
            NoRegistry: there is no such school.
            RegistryUnavailable: the database does not answer, or stays locked.
        """
        return self._session(caller, act, self.database.write)

    @contextmanager
    def _session(
        self, caller: Caller, act: Act, transaction: Callable[[], AbstractContextManager[Connection]]
    ) -> Iterator[Session]:
        try:
            caller.must(act)
            with transaction() as connection:
                session = self.session(connection, caller)
                yield session
                if session.entries:
                    chain.append(connection, caller.tenant, session.now, caller.id, session.entries)
        except (Forbidden, UnknownPerson, UnknownGroup) as error:
            # To who may only see their own groups, what is elsewhere is unknown: asking for it is a refusal too.
            if isinstance(error, Forbidden) or caller.own_groups_only:
                self._log_refusal(caller, act, error)
            raise

    def session(self, connection: Connection, caller: Caller) -> Session:
        """A session in a transaction that began elsewhere; what it notes is not written by itself.

        Raises:
            NoRegistry: there is no such school.
        """
        zone = connection.execute(select(tenant.c.time_zone).where(tenant.c.id == caller.tenant)).scalar()
        if zone is None:
            raise NoRegistry
        now = self.clock().astimezone(ZoneInfo(zone))
        return Session(connection, caller, now, self.channels, self.data_folder, self.keys_folder)

    def _log_refusal(self, caller: Caller, act: Act, error: FotopoortError) -> None:
        with self.database.write() as connection:
            session = self.session(connection, caller)
            session.note("refused", act=act.value, role=caller.role.value, code=error.code)
            chain.append(connection, caller.tenant, session.now, caller.id, session.entries)
