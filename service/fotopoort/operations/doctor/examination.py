"""All checks, one after the other, whatever becomes of each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from fotopoort.errors import FotopoortError
from fotopoort.operations.doctor import database, files, machine, network, settings
from fotopoort.operations.doctor.finding import Check, Finding, Subject, fail
from fotopoort.vocabulary import Text

CHECKS: Final[dict[str, Check]] = {
    "python": machine.python,
    "libraries": machine.libraries,
    "processor": machine.processor,
    "memory": machine.memory,
    "limits": machine.limits,
    "models": machine.models,
    "settings": settings.combinations,
    "variables": settings.variables,
    "policy": settings.policy,
    "school": settings.school,
    "folder": files.folder,
    "secrets": files.secrets,
    "disk": files.disk,
    "database": database.database,
    "port": network.port,
    "certificate": network.certificate,
    "proxies": network.proxies,
}


def examine(subject: Subject, checks: dict[str, Check] = CHECKS) -> Iterator[Finding]:
    """Every finding, as soon as there is one. Never fails: a check that does is a finding."""
    for name, check in checks.items():
        try:
            yield from check(subject)
        except FotopoortError as error:
            yield fail(name, error.message, error.hint)
        except Exception as error:  # what it says may quote anything
            kind = type(error).__name__
            yield fail(
                name,
                Text(nl=f"Dit is niet te controleren ({kind}).", en=f"This cannot be checked ({kind})."),
                Text(nl="Meld het met deze code.", en="Report it with this code."),
            )
