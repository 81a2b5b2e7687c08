"""One chain for each school, whoever writes."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor

from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.audit.verification import Verification
from fotopoort.registry.registry import Registry

from .tampering import tamper, verified


def test_many_writers_keep_one_chain(registry: Registry, caller: Caller) -> None:
    writers, entries = 4, 12

    def write(writer: int) -> None:
        for number in range(entries):
            with registry.write(caller, Act.SCREEN) as session:
                session.note("key.used", route=f"{writer} {number}")
                session.note("key.used", route="again")

    with ThreadPoolExecutor(writers) as pool:
        list(pool.map(write, range(writers)))
    assert verified(registry, caller) == Verification(1 + 2 * writers * entries)


def test_each_school_has_a_chain_of_its_own(registry: Registry, caller: Caller, other_school: Caller) -> None:
    for who, _ in itertools.product((caller, other_school), range(3)):
        with registry.write(who, Act.SCREEN) as session:
            session.note("key.used")
    tamper(registry, "UPDATE audit SET kind = 'x' WHERE tenant = 'other' AND seq = 2")
    assert verified(registry, caller) == Verification(4)
    problem = verified(registry, other_school).problem
    assert problem is not None
    assert problem.en == "Row 2 was changed."
