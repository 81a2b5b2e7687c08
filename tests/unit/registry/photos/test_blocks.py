"""Reported photos: who blocks and unblocks them, and where they were published."""

from __future__ import annotations

import pytest

from fotopoort.errors import BadRecord, Forbidden, NotFound
from fotopoort.photo.perceptual_hash import Blocklist
from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.photos import blocks
from fotopoort.registry.registry import Registry

from ..screened_photos import findings, remembered
from .tapping import GROUP, JUF


def test_a_blocked_photo_and_what_is_like_it_are_told_of(school: Registry, caller: Caller) -> None:
    blocked, alike, other = "00" * 13, "00" * 12 + "ff", "ff" * 13
    shots = [
        remembered(school, caller, GROUP, found=findings(photo=bytes([n]), perceptual_hash=p))
        for n, p in enumerate((blocked, alike, other))
    ]
    sha256 = shots[0].findings.sha256
    with school.write(JUF, Act.REPORT_PHOTO) as session:
        blocks.add(session, sha256, [blocked], "ouder belde")
        listed = blocks.blocklist(session)
        assert [listed.holds(shot.findings.sha256, shot.findings.perceptual_hash) for shot in shots] == [
            True,
            True,
            False,
        ]
        assert {row.screening for row in blocks.verdicts_given(session, Blocklist.of([sha256], [blocked]))} == {
            shots[0].id,
            shots[1].id,
        }


def test_only_who_may_lifts_a_block(school: Registry, caller: Caller, other_school: Caller) -> None:
    with school.write(JUF, Act.REPORT_PHOTO) as session:
        block = blocks.add(session, "0" * 64, [], "ouder belde")
        with pytest.raises(Forbidden):
            blocks.lift(session, block, "vergissing")
    for who, error in ((JUF, Forbidden), (other_school, NotFound)):
        with pytest.raises(error), school.write(who, Act.LIFT_BLOCK) as session:
            blocks.lift(session, block, "vergissing")
    with school.write(caller, Act.LIFT_BLOCK) as session:
        before = session.revision()
        with pytest.raises(BadRecord):
            blocks.lift(session, block, "")
        blocks.lift(session, block, "vergissing")
        assert session.revision() == before + 1
        assert not blocks.blocklist(session).sha256s
        assert [block.lifted is not None for block in blocks.blocks(session)] == [True]


@pytest.mark.parametrize(("sha256", "reason"), [("0" * 64, " "), ("x" * 64, "a"), ("0" * 63, "a"), ("", "a")])
def test_what_cannot_be_blocked(school: Registry, caller: Caller, sha256: str, reason: str) -> None:
    with pytest.raises(BadRecord), school.write(caller, Act.REPORT_PHOTO) as session:
        blocks.add(session, sha256, [], reason)
