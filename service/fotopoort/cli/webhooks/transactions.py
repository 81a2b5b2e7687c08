"""The transactions in which endpoints and sources are looked at and changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from fotopoort.cli.registry_session import open_registry
from fotopoort.registry.access.roles import Act
from fotopoort.registry.registry import Session
from fotopoort.settings import load_settings


@contextmanager
def reading() -> Iterator[Session]:
    """A transaction that changes nothing."""
    with (
        open_registry(load_settings()) as (registry, caller),
        registry.read(caller, Act.MANAGE_WEBHOOKS) as session,
    ):
        yield session


@contextmanager
def writing() -> Iterator[Session]:
    """A transaction whose changes are all stored, or none of them."""
    with (
        open_registry(load_settings()) as (registry, caller),
        registry.write(caller, Act.MANAGE_WEBHOOKS) as session,
    ):
        yield session
