"""Reported photos: who blocks and unblocks them, and where they were published."""

from __future__ import annotations

import pytest

from fotopoort.errors import BadRecord, Forbidden, NotFound
from fotopoort.photo.perceptual_hash import Blocklist
from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.photos import blocks, takedowns
from fotopoort.registry.registry import Registry

from ..audit.tampering import verified
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


def test_what_a_blocked_photo_is_recognised_by_may_come_later(school: Registry, caller: Caller) -> None:
    """It is one block, copies are found by it as if it had come at once, and nothing is asked for twice."""
    first, later, other = "00" * 13, "ff" * 13, "0f" * 13
    shots = [
        remembered(school, caller, GROUP, found=findings(photo=bytes([n]), perceptual_hash=p))
        for n, p in enumerate((first, later, other))
    ]
    sha256s = [shot.findings.sha256 for shot in shots]

    def tasks() -> list[tuple[str, bool]]:
        with school.read(caller, Act.SEE_TAKEDOWNS) as session:
            return sorted((task.photo, task.certain) for task in takedowns.tasks(session))

    with school.write(JUF, Act.REPORT_PHOTO) as session:
        block = blocks.add(session, sha256s[0], [first], "ouder belde")
    assert tasks() == [(sha256s[0], True)]
    for more in (1, 0):  # the second time nothing is new
        with school.write(JUF, Act.REPORT_PHOTO) as session:
            before = session.revision()
            blocks.add_likenesses(session, block, [later, first])
            assert session.revision() == before + more
    assert tasks() == sorted([(sha256s[0], True), (sha256s[1], False)])
    assert verified(school, caller).problem is None
    with school.write(caller, Act.LIFT_BLOCK) as session:
        blocks.lift(session, block, "vergissing")
        blocks.add_likenesses(session, block, [other])
        assert len(blocks.blocks(session)) == 1
        assert not blocks.blocklist(session).hashes
    assert verified(school, caller).problem is None


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
