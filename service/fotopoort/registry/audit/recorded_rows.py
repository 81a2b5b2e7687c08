"""Rows that must be as the log says that they were written: settings, overrides, blocks, and who is never locatable.

The log holds a digest of each, not what is in it. The one of a person is salted anew with every change and written at
every change, so that nobody can read in the log who must never be located.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Row, Table, select

from fotopoort.registry.audit.chain import row_digest
from fotopoort.registry.registry import Session
from fotopoort.registry.store.tables import block, override, person, screening, setting
from fotopoort.vocabulary import Text

KINDS: Final = frozenset(
    {"setting", "override", "block", "block.lifted", "person.added", "person.changed", "person.hidden", "erased"}
)
NAMES: Final = {
    setting: Text(nl="Instelling", en="Setting"),
    override: Text(nl="Uitzondering", en="Override"),
    block: Text(nl="Blokkade", en="Block"),
    person: Text(nl="Persoon", en="Person"),
}


class RecordedRows:
    """What the log says was written, to compare the tables with.

    Rows that were written before the log held digests are known by their keys.
    """

    def __init__(self) -> None:
        self._settings: dict[str, str] = {}  # the keys, by digest
        self._early_settings: Counter[tuple[str, str, str]] = Counter()
        self._overrides: dict[tuple[str, str, str], str | None] = {}
        self._blocks: dict[str, str | None] = {}
        self._lifted: dict[str, str | None] = {}
        self._people: dict[str, str | None] = {}

    def take(self, row: Row[Any]) -> None:
        """Remember what a row of the log says; rows come in their order, and are of one of the KINDS."""
        detail = json.loads(row.detail)
        sha256: str | None = detail.get("sha256")
        if row.kind == "setting" and sha256 is not None:
            self._settings[sha256] = detail["key"]
        elif row.kind == "setting":
            self._early_settings[detail["key"], detail["value"], row.actor] += 1
        elif row.kind == "override":
            key = (detail["screening"], detail["channel"], detail["rule"])
            self._overrides[key] = sha256 or self._overrides.get(key)
        elif row.kind == "block":
            self._blocks[detail["block"]] = sha256
        elif row.kind == "block.lifted":
            self._lifted[detail["block"]] = sha256
        elif row.kind == "erased":
            self._people.pop(row.person, None)
        elif row.kind == "person.added" or sha256 is not None:
            self._people[row.person] = sha256

    def problem(self, session: Session) -> Text | None:
        """The first row that is not as the log has it; None: all are."""
        checks = (self._of_settings, self._of_overrides, self._of_blocks, self._of_people)
        return next((problem for check in checks for problem in check(session)), None)

    def _of_settings(self, session: Session) -> Iterator[Text]:
        logged, early = dict(self._settings), Counter(self._early_settings)
        for row in _rows(session, setting):
            if logged.pop(row_digest(setting, row._asdict()), None) is None:
                key = (row.key, row.value, row.actor)
                if not early[key]:
                    yield _changed(setting, row.key)
                early[key] -= 1
        for name in [*logged.values(), *(name for name, _, _ in +early)]:
            yield _taken_out(setting, name)

    def _of_overrides(self, session: Session) -> Iterator[Text]:
        logged = dict(self._overrides)
        for row in _rows(session, override):
            key = (row.screening, row.channel, row.rule)
            if key not in logged:
                yield _not_in_the_log(override, "/".join(key))
            elif logged.pop(key) not in (None, row_digest(override, row._asdict())):
                yield _changed(override, "/".join(key))
        is_here = screening.c.tenant == session.tenant
        screenings = set(session.connection.execute(select(screening.c.id).where(is_here)).scalars())
        for key, sha256 in logged.items():
            if sha256 is not None and key[0] in screenings:  # it goes with its screening
                yield _taken_out(override, "/".join(key))

    def _of_blocks(self, session: Session) -> Iterator[Text]:
        logged = dict(self._blocks)
        for row in _rows(session, block):
            values = row._asdict()
            if row.id not in logged:
                yield _not_in_the_log(block, row.id)
            elif logged.pop(row.id) not in (None, row_digest(block, values)):
                yield _changed(block, row.id)
            if (row.lifted is not None) is not (row.id in self._lifted):
                yield _changed(block, row.id)
            elif self._lifted.get(row.id) not in (None, row_digest(block, values, lifted=True)):
                yield _changed(block, row.id)
        for block_id in logged.keys() - self._lifted.keys():  # only lifted ones are taken away after some years
            yield _taken_out(block, block_id)

    def _of_people(self, session: Session) -> Iterator[Text]:
        logged = dict(self._people)
        for row in _rows(session, person):
            if row.ref not in logged:
                yield _not_in_the_log(person, row.ref)
                continue
            sha256 = logged.pop(row.ref)
            if sha256 != (None if row.salt is None else row_digest(person, row._asdict())):
                yield _changed(person, row.ref)
        for ref, sha256 in logged.items():
            if sha256 is not None:
                yield _taken_out(person, ref)


def _rows(session: Session, table: Table) -> list[Row[Any]]:
    query = select(table).where(table.c.tenant == session.tenant).order_by(*table.primary_key.columns)
    return list(session.connection.execute(query))


def _changed(table: Table, key: str) -> Text:
    return Text(nl=f"{NAMES[table].nl} {key} is veranderd.", en=f"{NAMES[table].en} {key} was changed.")


def _taken_out(table: Table, key: str) -> Text:
    return Text(nl=f"{NAMES[table].nl} {key} is weggehaald.", en=f"{NAMES[table].en} {key} was taken out.")


def _not_in_the_log(table: Table, key: str) -> Text:
    return Text(
        nl=f"{NAMES[table].nl} {key} staat niet in het logboek.", en=f"{NAMES[table].en} {key} is not in the log."
    )
