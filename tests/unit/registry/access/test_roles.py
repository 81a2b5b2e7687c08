"""The table of who may do what."""

from __future__ import annotations

from fotopoort.registry.access.roles import MAY, Act, KeyRole


def test_every_act_has_somebody_who_may() -> None:
    assert set(MAY) == set(Act)
    assert all(KeyRole.PRIVACY_OFFICER in roles for roles in MAY.values())
    assert [act for act in Act if KeyRole.MACHINE in MAY[act]] == [Act.LOG_IN, Act.SCREEN, Act.GATE]
    assert [act for act in Act if KeyRole.CMS in MAY[act]] == [Act.LOG_IN, Act.GATE]
