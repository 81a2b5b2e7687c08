"""`fotopoort webhooks` as whoever looks after the machine would use it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import update

from fotopoort.cli.registry_session import open_registry
from fotopoort.registry.access.roles import Act
from fotopoort.registry.audit.verification import show
from fotopoort.registry.store.tables import job
from fotopoort.registry.webhooks import endpoints
from fotopoort.registry.webhooks.announcements import announce
from fotopoort.registry.webhooks.endpoints import EventType
from fotopoort.settings import load_settings
from fotopoort.webhooks.signatures import PrivateKey, SharedSecret, signing_key, verifying_key

from ..conftest import Fotopoort

URL = "https://school.example/hook"


@pytest.fixture
def webhooks(fotopoort: Fotopoort, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fotopoort:
    monkeypatch.setenv("FOTOPOORT_DATA_FOLDER", str(tmp_path / "data"))
    assert fotopoort("registry", "init").status == 0
    return lambda *arguments: fotopoort("webhooks", *arguments)


def test_an_address_is_added_disabled_enabled_and_removed(webhooks: Fotopoort) -> None:
    assert "no endpoint yet" in webhooks("list").err
    key = webhooks("add", URL, "--event", "verdict.revoked", "--network", "192.168.1.0/24").out.strip()
    assert key.startswith("whpk_")
    verifying_key(key)
    (row,) = webhooks("list", "--json").documents
    wanted = {"url": URL, "public_key": key, "events": ["verdict.revoked"], "networks": ["192.168.1.0/24"]}
    assert wanted.items() <= row.items()
    assert webhooks("key", row["id"]).out.strip() == key
    assert webhooks("disable", row["id"]).status == 0
    assert webhooks("list", "--json").documents[0]["reason"] == "by_hand"
    assert webhooks("enable", row["id"]).status == 0
    assert webhooks("list", "--json").documents[0]["disabled"] is None
    assert webhooks("remove", row["id"]).status == 0
    assert webhooks("list", "--json").documents == []
    for command in ("disable", "enable", "remove", "key"):
        assert webhooks(command, row["id"]).status == 2


def test_a_shared_secret_is_shown_once(webhooks: Fotopoort) -> None:
    secret = webhooks("add", URL, "--shared-secret").out.strip()
    assert isinstance(verifying_key(secret), SharedSecret)
    (row,) = webhooks("list", "--json").documents
    refused = webhooks("key", row["id"])
    assert refused.status == 2
    assert secret not in refused.err + str(row)


def test_a_key_is_rotated_in_two_steps(webhooks: Fotopoort) -> None:
    old = webhooks("add", URL).out.strip()
    (row,) = webhooks("list", "--json").documents

    def signed_with() -> list[str]:
        with open_registry(load_settings()) as (registry, caller), registry.read(caller, Act.SEE_AUDIT) as session:
            keys = [signing_key(key) for key in endpoints.signing_keys(session, row["id"])]
        return [str(key.public) for key in keys if isinstance(key, PrivateKey)]

    new = webhooks("key", row["id"], "--rotate").out.strip()
    assert new != old
    assert webhooks("key", row["id"]).out.strip() == new
    assert signed_with() == [new, old]
    refused = webhooks("key", row["id"], "--rotate")  # whoever has the oldest would be left with nothing
    assert (refused.status, refused.out) == (2, "")
    assert webhooks("key", row["id"], "--drop-old").status == 0
    assert webhooks("key", row["id"], "--drop-old").status == 0
    assert signed_with() == [new]
    newest = webhooks("key", row["id"], "--rotate", "--drop-old").out.strip()  # of one that leaked
    assert signed_with() == [newest]
    with open_registry(load_settings()) as (registry, caller), registry.read(caller, Act.SEE_AUDIT) as session:
        kinds = [found.kind for found in show(session, max_rows=100)]
    assert kinds.count("webhook.endpoint.key_added") == kinds.count("webhook.endpoint.key_dropped") == 2


def test_a_shared_secret_is_rotated_into_another(webhooks: Fotopoort) -> None:
    secret = webhooks("add", URL, "--shared-secret").out.strip()
    (row,) = webhooks("list", "--json").documents
    new = webhooks("key", row["id"], "--rotate").out.strip()
    assert isinstance(verifying_key(new), SharedSecret)
    assert new != secret
    assert webhooks("key", row["id"]).status == 2


@pytest.mark.parametrize(
    "arguments", [("ftp://a.example/",), ("https://a@b.example/",), (URL, "--network", "10.0.0.1/8")]
)
def test_what_cannot_be_reached_is_not_added(webhooks: Fotopoort, arguments: tuple[str, ...]) -> None:
    done = webhooks("add", *arguments)
    assert (done.status, done.out) == (2, "")


def test_what_was_given_up_is_sent_again(webhooks: Fotopoort) -> None:
    webhooks("add", URL)
    assert "Nothing was given up" in webhooks("dead").err
    with open_registry(load_settings()) as (registry, caller), registry.write(caller, Act.MAINTAIN) as session:
        announce(session, EventType.VERDICT_REVOKED, {"sha256": "ab" * 32})
        session.connection.execute(update(job).values(state="dead", finished=session.now, error="http_500"))
    (dead,) = webhooks("dead", "--json").documents
    assert (dead["type"], dead["error"]) == ("verdict.revoked", "http_500")
    assert [webhooks("resend").status, webhooks("resend", "1", "--all").status, webhooks("resend", "1").status] == [
        2
    ] * 3
    assert "sent again: 1" in webhooks("resend", dead["id"]).err
    assert webhooks("dead", "--json").documents == []
    assert "sent again: 0" in webhooks("resend", "--all").err


def test_a_source_is_added_and_revoked(webhooks: Fotopoort, fotopoort: Fotopoort) -> None:
    assert "no source yet" in webhooks("sources", "list").err
    assert fotopoort("registry", "keys", "add", "cms", "--label", "site").status == 0
    (key,) = fotopoort("registry", "keys", "list", "--json").documents
    given = ("Onze site", "--host", "school.example", "--api-key", key["id"])
    path, secret = webhooks("sources", "add", *given).out.split()
    verifying_key(secret)
    own = str(SharedSecret.new())
    added = webhooks("sources", "add", *given, "--key", own)
    (second,) = added.out.split()
    assert "secret" not in added.err
    rows = webhooks("sources", "list", "--json").documents
    assert [f"/v1/hooks/in/{row['id']}" for row in rows] == [path, second]
    assert own not in str(rows)
    for wrong in (("x", "--host", "a b", "--api-key", key["id"]), ("x", "--host", "a.example", "--api-key", "none")):
        assert webhooks("sources", "add", *wrong).status == 2
    assert webhooks("sources", "revoke", rows[0]["id"]).status == 0
    assert webhooks("sources", "revoke", rows[0]["id"]).status == 2
