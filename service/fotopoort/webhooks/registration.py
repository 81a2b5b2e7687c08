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
    key = SharedSecret.new() if shared_secret else PrivateKey.new()
    public_key = None if isinstance(key, SharedSecret) else str(key.public)
    events = events or tuple(EventType)
    added = endpoints.add(session, url, [str(key)], public_key=public_key, events=events, networks=networks)
    return added, public_key or str(key)


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
