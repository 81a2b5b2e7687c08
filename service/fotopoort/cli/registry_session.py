"""The school's registry, as commands open it: on behalf of whoever sits at the machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from fotopoort.errors import NoRegistry
from fotopoort.registry.access.roles import Caller, console
from fotopoort.registry.registry import Registry
from fotopoort.settings import Settings


@contextmanager
def open_registry(settings: Settings, *, make: bool = False) -> Iterator[tuple[Registry, Caller]]:
    """The registry and the caller for it.

    Args:
        make: where there is none yet, make an empty one.

    Raises:
        NoRegistry: there is none yet.
        RegistryUnavailable, RegistryNewer, BadSetting: it cannot be used.
    """
    if not make and not Registry.is_there(settings):
        raise NoRegistry
    registry, caller = Registry.open(settings), console(settings.tenant)
    try:
        if make and not registry.has_school(caller.tenant):
            registry.add_school(caller, settings.tenant)
        yield registry, caller
    finally:
        registry.close()
