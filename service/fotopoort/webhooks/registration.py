"""Endpoints and sources as people add them: what they give is read strictly, what they need to know is given back."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from fotopoort.errors import BadRecord
from fotopoort.registry.registry import Session
from fotopoort.registry.webhooks import endpoints, sources
from fotopoort.registry.webhooks.endpoints import Endpoint, EventType
from fotopoort.registry.webhooks.sources import Source
from fotopoort.vocabulary import Text
from fotopoort.webhooks.outbound.target import AllowList, Target
from fotopoort.webhooks.signatures import PrivateKey, SharedSecret, verifying_key


def add_endpoint(
    session: Session,
    url: str,
    *,
    events: Collection[EventType] = (),
    networks: Sequence[str] = (),
    shared_secret: bool = False,
) -> tuple[Endpoint, str]:
    """Have an address told. Returns it, and what its owner verifies messages with.

    Args:
        events: of which it is told; none: all.
        networks: that its addresses must lie in; none: any public one.
        shared_secret: sign with a secret that both have (`v1`), which is seen only now. Otherwise with a key of which
            the other side has the public half (`v1a`), and nothing to forge with.

    Raises:
        BadRecord: the address or a network is none.
        KeyMissing: the key file cannot be used.
    """
    AllowList.of(Target.parse(url), networks)
    key, public_key = _new_key(shared_secret=shared_secret)
    events = events or tuple(EventType)
    added = endpoints.add(session, url, [key], public_key=public_key, events=events, networks=networks)
    return added, public_key or key


def rotate_key(session: Session, endpoint_id: str) -> str:
    """Sign an endpoint's messages with a new key of the same sort too. Returns what its owner verifies with from then
    on.

    Raises:
        AlreadyThere: it has two already.
        NotFound: there is no such endpoint.
        KeyMissing: the key file cannot be used.
    """
    is_shared = endpoints.find(session, endpoint_id).public_key is None
    key, public_key = _new_key(shared_secret=is_shared)
    endpoints.add_key(session, endpoint_id, key, public_key=public_key)
    return public_key or key


def add_source(
    session: Session,
    label: str,
    hosts: Sequence[str],
    *,
    api_key: str,
    networks: Sequence[str] = (),
    keys: Sequence[str] = (),
) -> tuple[Source, str | None]:
    """Let somebody tell us of photos. Returns the source, and the secret to sign with where none was given.

    Args:
        label: who it is.
        hosts: from which its photos may be fetched, see `AllowList`.
        api_key: the id of the key on whose behalf it tells, and with which it asks what came of it.
        networks: that those must lie in; none: any public one.
        keys: it signs with one of them: shared secrets, or public keys.

    Raises:
        BadRecord: a host, network or key is none, or there is no host.
        NotFound: there is no such API key.
        KeyMissing: the key file cannot be used.
    """
    if not hosts:
        raise BadRecord(
            Text(nl="Er is geen host genoemd.", en="No host was named."),
            hint=Text(nl="Noem de host van de site waar de foto's staan.", en="Name the host that has the photos."),
        )
    allowed = AllowList.parse(hosts, networks)
    for key in keys:
        verifying_key(key)
    secret = None if keys else str(SharedSecret.new())
    added = sources.add(
        session, label, keys or [str(secret)], api_key=api_key, hosts=sorted(allowed.hosts), networks=networks
    )
    return added, secret


def _new_key(*, shared_secret: bool) -> tuple[str, str | None]:
    """A key to sign with, as a text, and its public half; a shared secret has none."""
    if shared_secret:
        return str(SharedSecret.new()), None
    key = PrivateKey.new()
    return str(key), str(key.public)
