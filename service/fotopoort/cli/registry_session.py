"""The school's registry, as commands open it, on behalf of whoever sits at the machine; or a class list."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fotopoort.errors import NoRegistry, UseError
from fotopoort.policy.policy import Policy
from fotopoort.registry.access.roles import Act, Caller, console
from fotopoort.registry.lists.class_list import SEVERAL_SCHOOLS, read_class_list
from fotopoort.registry.registry import Registry, Session
from fotopoort.settings import Settings, load_settings
from fotopoort.vocabulary import People, Text


@contextmanager
def open_registry(settings: Settings, *, make: bool = False) -> Iterator[tuple[Registry, Caller]]:
    """The registry and the caller for it.

    Args:
        make: create an empty one where there is none yet.

    Raises:
        NoRegistry: there is none yet.
        RegistryUnavailable, RegistryNewer, BadSetting: it cannot be used.
    """
    if not make and not Registry.is_there(settings):
        raise NoRegistry
    caller = console(settings.tenant)
    registry = Registry.open(settings, add_school=caller if make else None)
    try:
        yield registry, caller
    finally:
        registry.close()


@contextmanager
def reading(act: Act) -> Iterator[Session]:
    """A transaction that changes nothing, in the registry that the settings name.

    Raises:
        NoRegistry, RegistryUnavailable, RegistryNewer, BadSetting: see `open_registry`.
    """
    with open_registry(load_settings()) as (registry, caller), registry.read(caller, act) as session:
        yield session


@contextmanager
def writing(act: Act) -> Iterator[Session]:
    """A transaction there whose changes are all stored, or none of them.

    Raises:
        NoRegistry, RegistryUnavailable, RegistryNewer, BadSetting: see `open_registry`.
    """
    with open_registry(load_settings()) as (registry, caller), registry.write(caller, act) as session:
        yield session


def require_one_school(registry: Registry) -> None:
    """Go on only where a class list can be nobody's but this school's.

    Raises:
        UseError: the database has several schools.
        RegistryUnavailable: it does not answer.
    """
    if len(registry.schools()) > 1:
        raise UseError(
            SEVERAL_SCHOOLS,
            hint=Text(
                nl="Laat --registry weg, en importeer de lijst bij de school waar hij bij hoort.",
                en="Leave --registry out, and import the list at the school it is of.",
            ),
        )


def read_people(class_list: Path, policy: Policy) -> People:
    """The people of a class list.

    Raises:
        BadClassList, FileMissing: it cannot be used.
    """
    return read_class_list(class_list, policy.channels, first_say_who=policy.settings.first_say_who)
