"""What is announced: in the caller's transaction, to those who want it, without anything about people."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import func, select
from tests.unit.registry.conftest import caller, clock, other_school, registry, url

from fotopoort.errors import KeyMissing, NotFound
from fotopoort.registry import retention
from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.audit.verification import show
from fotopoort.registry.registry import Registry
from fotopoort.registry.store.tables import job, webhook_delivery
from fotopoort.registry.webhooks import deliveries, endpoints
from fotopoort.registry.webhooks.announcements import MAX_BYTES, announce
from fotopoort.registry.webhooks.endpoints import EventType

__all__ = ["caller", "clock", "other_school", "registry", "url"]

DATA = {
    "id": "g_0123456789abcdef",
    "sha256": "ab" * 32,
    "channel": "website",
    "href": "https://fotos.example/v1/gate/ab",
}
KEY = "whsk_1234"


def add(registry: Registry, caller: Caller, *events: EventType) -> str:
    with registry.write(caller, Act.MANAGE_WEBHOOKS) as session:
        made = endpoints.add(
            session, "https://cms.example/hook", [KEY], public_key="whpk_", events=events or tuple(EventType)
        )
        return made.id


def bodies(registry: Registry, caller: Caller) -> dict[str, str]:
    """What waits, by endpoint."""
    with registry.read(caller, Act.MANAGE_WEBHOOKS) as session:
        found = deliveries.deliveries(session, ["waiting"])
        messages = [(row.endpoint, deliveries.message_of(session, row.id)) for row in found]
        return {endpoint: message.body.decode() for endpoint, message in messages if message is not None}


def test_those_who_want_it_are_told_the_same(registry: Registry, caller: Caller, other_school: Caller) -> None:
    everything, revoked = add(registry, caller), add(registry, caller, EventType.VERDICT_REVOKED)
    disabled = add(registry, caller)
    add(registry, other_school)
    with registry.write(caller, Act.MANAGE_WEBHOOKS) as session:
        endpoints.disable(session, disabled)
        announce(session, EventType.VERDICT_REVOKED, DATA | {"rendition_sha256": "cd" * 32})
    told = bodies(registry, caller)
    assert told.keys() == {everything, revoked, disabled}  # a revocation is kept for who is disabled
    assert len(set(told.values())) == 1
    assert json.loads(told[everything])["data"].keys() == DATA.keys() | {"rendition_sha256"}
    with registry.write(caller, Act.MANAGE_WEBHOOKS) as session:
        announce(session, EventType.REVIEW_NEEDED, DATA)
        waiting = deliveries.deliveries(session, ["waiting"])
        assert len({row.message for row in waiting}) == 2
        assert [row.endpoint for row in waiting if row.type == EventType.REVIEW_NEEDED] == [everything]
    assert bodies(registry, other_school) == {}


def test_nothing_is_told_of_what_was_not_stored(registry: Registry, caller: Caller) -> None:
    add(registry, caller)
    with pytest.raises(RuntimeError), registry.write(caller, Act.MAINTAIN) as session:
        announce(session, EventType.SCREENING_DONE, DATA)
        raise RuntimeError
    with registry.database.read() as connection:
        for table in (job, webhook_delivery):
            assert connection.execute(select(func.count()).select_from(table)).scalar_one() == 0


@pytest.mark.parametrize(
    "extra",
    [
        {"name": "Noor"}, {"person": "p1"}, {"reasons": "R20"}, {"group": "groep 5"}, {"channel": "Noor Bakker"},
        {"id": "Noor Bakker"}, {"href": "javascript:alert(1)"}, {"href": "/v1/Noor Bakker"}, {"sha256": "AB" * 32},
        {"href": "https://a@b/"}, {"sha256": ""}, {"href": "/" + "a" * MAX_BYTES},
    ],
    ids=str,
)  # fmt: skip
def test_nothing_about_people_is_told(registry: Registry, caller: Caller, extra: dict[str, str]) -> None:
    add(registry, caller)
    with pytest.raises(ValueError, match="cannot be told"), registry.write(caller, Act.MAINTAIN) as session:
        announce(session, EventType.SCREENING_DONE, DATA | extra)
    assert bodies(registry, caller) == {}


def test_every_change_is_in_the_audit_log_without_the_address_or_the_key(registry: Registry, caller: Caller) -> None:
    added = add(registry, caller)
    with registry.write(caller, Act.MANAGE_WEBHOOKS) as session:
        for change in (endpoints.disable, endpoints.disable, endpoints.enable, endpoints.enable, endpoints.remove):
            change(session, added)
    with registry.read(caller, Act.SEE_AUDIT) as session:
        rows = [row for row in show(session, max_rows=100) if row.kind.startswith("webhook.")]
    kinds = ["added", "disabled", "enabled", "removed"]
    assert sorted(row.kind for row in rows) == [f"webhook.endpoint.{kind}" for kind in kinds]
    assert not any("cms.example" in str(row) or KEY in str(row) for row in rows)


def test_who_is_not_there_cannot_be_changed(registry: Registry, caller: Caller, other_school: Caller) -> None:
    theirs = add(registry, other_school)
    for change in (endpoints.disable, endpoints.enable, endpoints.remove, endpoints.signing_keys):
        with pytest.raises(NotFound), registry.write(caller, Act.MANAGE_WEBHOOKS) as session:
            change(session, theirs)


def test_keys_are_sealed_and_without_their_file_nothing_is_sent(registry: Registry, caller: Caller) -> None:
    added = add(registry, caller)
    path = registry.keys_folder / "webhooks.key"
    assert path.stat().st_mode & 0o077 == 0
    content = path.read_bytes()
    with registry.read(caller, Act.MANAGE_WEBHOOKS) as session:
        assert endpoints.signing_keys(session, added) == (KEY,)
        for other in (b"", content[::-1]):
            path.write_bytes(other)
            with pytest.raises(KeyMissing):
                endpoints.signing_keys(session, added)
    if registry.database.dialect == "sqlite":
        files = [file for file in registry.data_folder.rglob("*") if file.is_file()]
        assert not any(KEY.encode() in Path(file).read_bytes() for file in files)


def test_what_was_told_goes_with_its_job(registry: Registry, caller: Caller) -> None:
    add(registry, caller)
    with registry.write(caller, Act.MAINTAIN) as session:
        announce(session, EventType.SCREENING_DONE, DATA)
        session.connection.execute(job.update().values(state="done", finished=session.now.replace(year=2020)))
        retention.apply(session)
        assert deliveries.deliveries(session, ["waiting", "done", "dead"]) == []
