"""The registry of a school as the front doors use it: one transaction, on behalf of a caller, for each thing done.

    with registry.write(caller, Act.RECORD_CONSENT) as session:
        consent_log.record(session, statement)

What can be done is in the modules beside this one, as functions of a session. Here is what holds for all of them: a
caller who may not do it is refused and the refusal is logged, and the audit log is written in the same transaction. It
is one file, as none of that holds without the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final, Self
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from fotopoort.errors import AlreadyThere, BadRecord, Forbidden, FotopoortError, NoRegistry, UnknownGroup, UnknownPerson
from fotopoort.policy.policy import Channel, ParentsWord
from fotopoort.policy_file import load_policy
from fotopoort.registry.access.roles import Act, Caller, visitor
from fotopoort.registry.audit import chain
from fotopoort.registry.gate import rechecks
from fotopoort.registry.store.database import Database, is_duplicate, sqlite_url
from fotopoort.registry.store.engine import writes
from fotopoort.registry.store.tables import audit_head, tenant
from fotopoort.school_file import Wording, load_school
from fotopoort.settings import Settings
from fotopoort.vocabulary import Text

KEYS: Final = "keys"  # in the data folder, unless the settings name another folder
AMSTERDAM: Final = "Europe/Amsterdam"


@dataclass(frozen=True, slots=True)
class Session:
    """One transaction, on behalf of one caller.

    Attributes:
        now: this moment, in the school's time zone.
        data_folder, keys_folder: the files beside the database (encrypted originals, signed checkpoints); key files.
        channels: those of the school's policy.
        first_say_who, parents_word: as that policy has them; see `school_settings.first_say_who`.
        wordings: the questions that the school asks now.
        entries, bumps: what the audit log gets when the transaction ends; one for each time that the revision went up.
    """

    connection: Connection
    caller: Caller
    now: datetime
    channels: tuple[Channel, ...]
    data_folder: Path
    keys_folder: Path
    first_say_who: bool = True
    parents_word: ParentsWord = ParentsWord.HOLDS
    wordings: tuple[Wording, ...] = ()
    entries: list[chain.AuditEntry] = field(default_factory=list)
    bumps: list[None] = field(default_factory=list)

    @property
    def tenant(self) -> str:
        return self.caller.tenant

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def may_write(self) -> bool:
        """Whether this transaction can change anything; if not, it can lock no rows either."""
        return writes(self.connection)

    def as_caller(self, caller: Caller) -> Session:
        """The same transaction, on behalf of somebody else at this school, as far as whoever opened it may do that."""
        if caller.tenant != self.tenant:
            raise ValueError("a transaction is of one school")
        return replace(self, caller=caller)

    def note(self, kind: str, *, photo: str | None = None, person: str | None = None, **detail: object) -> None:
        """Write this in the audit log when the transaction ends. `detail` takes ids and hashes only."""
        self.entries.append(chain.AuditEntry(kind, photo, person, detail))

    def bump_revision(self) -> None:
        """Record that something changed that a verdict could depend on."""
        self.connection.execute(update(tenant).where(tenant.c.id == self.tenant).values(revision=tenant.c.revision + 1))
        self.bumps.append(None)

    def revision(self) -> int:
        """A number that goes up with every change that a verdict could depend on."""
        return int(self.connection.execute(select(tenant.c.revision).where(tenant.c.id == self.tenant)).scalar_one())

    def has_other_schools(self) -> bool:
        """Whether there is another school in this database."""
        other = select(tenant.c.id).where(tenant.c.id != self.tenant).limit(1)
        return self.connection.execute(other).first() is not None

    def hold_revision(self) -> None:
        """Have whoever would change something that a verdict could depend on wait until this transaction ends."""
        row = select(tenant.c.revision).where(tenant.c.id == self.tenant).with_for_update()
        self.connection.execute(row).scalar_one()


class Registry:
    """The schools in one database.

    Args:
        database: with the schema of this version.
        data_folder, keys_folder: for the files beside the database, and for key files.
        channels: those of the policy; None: of the packaged policy.
        first_say_who, parents_word: as the policy has it.
        wordings: the questions that the school asks now.
        clock: returns this moment, with a time zone.

    Attributes:
        observe: told what each transaction wrote in the audit log, once it is stored.
    """

    def __init__(
        self,
        database: Database,
        *,
        data_folder: Path,
        keys_folder: Path,
        channels: tuple[Channel, ...] | None = None,
        first_say_who: bool = True,
        parents_word: ParentsWord = ParentsWord.HOLDS,
        wordings: tuple[Wording, ...] = (),
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.database, self.data_folder, self.keys_folder, self.clock = database, data_folder, keys_folder, clock
        self.channels, self.first_say_who = channels or load_policy().channels, first_say_who
        self.parents_word, self.wordings = parents_word, wordings
        self.observe: Callable[[Sequence[chain.AuditEntry]], None] = lambda entries: None

    @classmethod
    def open(cls, settings: Settings, *, migrate: bool = True, add_school: Caller | None = None) -> Self:
        """The registry that the settings name. Programs that open a new one at the same time wait for each other.

        Args:
            migrate: bring its schema up to date.
            add_school: add this caller's tenant if it is not there yet.

        Raises:
            BadSetting: the URL is of no database that can be used.
            BadPolicy, BadSchoolFile: that file cannot be used.
            RegistryUnavailable, RegistryNewer: it cannot be used now.
        """
        database = Database(settings.registry_url or sqlite_url(settings.sqlite_file))
        policy, school = load_policy(settings.policy_file), load_school(settings.school_file)
        registry = cls(
            database,
            data_folder=settings.data_folder,
            keys_folder=settings.keys_folder or settings.data_folder / KEYS,
            channels=policy.channels,
            first_say_who=policy.settings.first_say_who,
            parents_word=policy.settings.parents_word_at_16,
            wordings=school.wordings,
        )
        try:
            if migrate:
                with database.opening():
                    database.upgrade()
                    # In the same block, so that nobody finds a new registry without its school.
                    if add_school is not None and not registry.has_school(add_school.tenant):
                        registry.add_school(add_school, add_school.tenant)
        except BaseException:
            registry.close()
            raise
        return registry

    @staticmethod
    def is_there(settings: Settings) -> bool:
        """Whether a registry was ever created here, without opening it."""
        return settings.has_registry

    def close(self) -> None:
        """Close every connection."""
        self.database.close()

    def schools(self) -> list[str]:
        """The ids of the schools in this database."""
        with self.database.read() as connection:
            return list(connection.execute(select(tenant.c.id).order_by(tenant.c.id)).scalars())

    def has_school(self, tenant_id: str) -> bool:
        """Whether this school was added."""
        with self.database.read() as connection:
            return connection.execute(select(tenant.c.id).where(tenant.c.id == tenant_id)).first() is not None

    def add_school(self, caller: Caller, name: str, *, time_zone: str = AMSTERDAM) -> None:
        """Add the caller's tenant: an empty school with an audit log of its own.

        Raises:
            AlreadyThere: it was added before.
            BadRecord: there is no such time zone.
        """
        caller.must(Act.MANAGE_KEYS)
        try:
            zone = ZoneInfo(time_zone)
        except (KeyError, ValueError, OSError):
            raise BadRecord(
                Text(nl="Deze tijdzone bestaat niet.", en="There is no such time zone."),
                hint=Text(nl=f"Schrijf hem als {AMSTERDAM}.", en=f"Write it as {AMSTERDAM}."),
            ) from None
        with _translating_duplicates(), self.database.write() as connection:
            if connection.execute(select(tenant.c.id).where(tenant.c.id == caller.tenant)).first():
                raise AlreadyThere(
                    Text(nl="Deze school is er al.", en="This school is there already."),
                    hint=Text(nl="Je hoeft niets te doen.", en="Nothing needs to be done."),
                )
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
        return self._session(caller, act, self.database.read, writes=False)

    def write(self, caller: Caller, act: Act) -> AbstractContextManager[Session]:
        """A session whose changes and audit rows are all stored when it ends well, and none of them when it does not.

        Raises:
            Forbidden: the caller may not; this is logged.
            NoRegistry: there is no such school.
            AlreadyThere: what was added was added meanwhile; nothing was changed.
            RegistryUnavailable: the database does not answer, or stays locked.
        """
        return self._session(caller, act, self.database.write, writes=True)

    def visit(self, tenant_id: str, *, writes: bool = True) -> AbstractContextManager[Session]:
        """A session on behalf of somebody who has not said yet who they are: for `access` alone, so that they can log
        in or follow a link. Raises as `write` does, but `Forbidden`."""
        transaction = self.database.write if writes else self.database.read
        return self._session(visitor(tenant_id), Act.LOG_IN, transaction, writes=writes)

    @contextmanager
    def _session(
        self, caller: Caller, act: Act, transaction: Callable[[], AbstractContextManager[Connection]], *, writes: bool
    ) -> Iterator[Session]:
        try:
            caller.must(act)
            with _translating_duplicates(), transaction() as connection:
                session = self.session(connection, caller, writes=writes)
                yield session
                if session.bumps:
                    rechecks.ask(session)
                if session.entries:
                    chain.append(connection, caller.tenant, session.now, caller.id, session.entries)
            self.observe(session.entries)
        except (Forbidden, UnknownPerson, UnknownGroup) as error:
            # Callers who may see only their own groups are told that the rest is unknown: that is a refusal too.
            if isinstance(error, Forbidden) or caller.own_groups_only:
                self._log_refusal(caller, act, error)
            raise

    def session(self, connection: Connection, caller: Caller, *, writes: bool = False) -> Session:
        """A session in a transaction that began elsewhere; its audit entries are not written by themselves.

        Args:
            writes: wait until no other session writes in this school, and keep others waiting until the transaction
                ends: what a session reads before it writes stays true. SQLite has one writer at a time anyway.

        Raises:
            NoRegistry: there is no such school.
        """
        query = select(tenant.c.time_zone).where(tenant.c.id == caller.tenant)
        zone = connection.execute(query.with_for_update(key_share=True) if writes else query).scalar()
        if zone is None:
            raise NoRegistry
        now = self.clock().astimezone(ZoneInfo(zone))
        folders = self.data_folder, self.keys_folder
        return Session(
            connection, caller, now, self.channels, *folders, self.first_say_who, self.parents_word, self.wordings
        )

    def _log_refusal(self, caller: Caller, act: Act, error: FotopoortError) -> None:
        with self.database.write() as connection:
            session = self.session(connection, caller, writes=True)
            session.note("refused", act=act.value, role=caller.role.value, code=error.code)
            chain.append(connection, caller.tenant, session.now, caller.id, session.entries)


@contextmanager
def _translating_duplicates() -> Iterator[None]:
    """What two sessions add at once is there already for the second of them."""
    try:
        yield
    except IntegrityError as error:
        if not is_duplicate(error):
            raise
        raise AlreadyThere(
            Text(
                nl="Iemand anders heeft dit intussen al opgeslagen.",
                en="Somebody else has stored this in the meantime.",
            ),
            hint=Text(nl="Kijk wat er nu staat.", en="Look at what is there now."),
        ) from None
