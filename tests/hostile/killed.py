"""What `test_registry_killed.py` kills: does one kind of work over and over, until it is stopped from outside.
Each time it is a fork that works: nothing is imported again.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NoReturn

from fotopoort.errors import EmptyFile
from fotopoort.policy_file import load_policy
from fotopoort.registry.access.roles import Act, console
from fotopoort.registry.consent import consent_log
from fotopoort.registry.consent.statements import Statement
from fotopoort.registry.lists import imports
from fotopoort.registry.people import people
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.photos import screenings
from fotopoort.registry.registry import Registry
from fotopoort.registry.store.database import Database
from fotopoort.screening.screen import Request, unjudged
from fotopoort.vocabulary import ConsentState

AT_ONCE = 40  # people in one import, statements in one transaction
POLICY = load_policy()


def opened(url: str, folder: Path) -> Registry:
    return Registry(Database(url), data_folder=folder, keys_folder=folder / "keys")


def import_list(registry: Registry, number: int) -> None:
    """Import a list of people with their guardians' decisions."""
    rows = "".join(f"{number}-{row};Kind {number} {row};groep 5;ja\n" for row in range(AT_ONCE))
    with registry.write(console("school"), Act.IMPORT) as session:
        imports.apply(session, imports.plan(session, f"id;naam;groep;website\n{rows}".encode()))


def write_consents(registry: Registry, number: int) -> None:
    """Record so many statements at once."""
    with registry.write(console("school"), Act.RECORD_CONSENT) as session:
        if not people.records(session):  # whoever was to add somebody may have been killed before
            people.add(session, PersonRecord(f"p{number}", name="Kind"))
        person = people.records(session)[0].id
        statement = Statement(person, "website", ConsentState.WITHDRAWN)
        consent_log.record_many(session, [statement] * AT_ONCE)


def screen(registry: Registry, number: int) -> None:
    """Remember a verdict on two channels."""
    request = Request(("website", "facebook"))
    screening = unjudged(str(number).encode(), request, EmptyFile(), policy=POLICY)
    with registry.write(console("school"), Act.SCREEN) as session:
        screenings.remember(session, screening, request, places={})


WORK = {"import": import_list, "consents": write_consents, "screening": screen}


def work(kind: str, url: str, folder: Path, number: int) -> NoReturn:
    registry = opened(url, folder)
    tell(f"ready {os.getpid()}")  # for whoever kills this
    while True:
        WORK[kind](registry, number)
        tell("done")
        number += 1


def tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """For each number that comes, a process that works from there until it is killed."""
    kind, url, folder = sys.argv[1:]
    for number in sys.stdin:
        child = os.fork()
        if not child:
            work(kind, url, Path(folder), int(number))
        os.waitpid(child, 0)
        tell("ended")


if __name__ == "__main__":
    main()
