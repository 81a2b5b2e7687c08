"""Whether what is out may stay out: it may show less than what may be shown now, and never more."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from fotopoort.application.gate.visibility import may_still_be_shown, shown_by
from fotopoort.vocabulary import Action, Basis, Box, Crop, FaceVerdict, Outcome, Verdict

KEPT, COVERED = FaceVerdict(Action.KEEP, Basis.GROUP), FaceVerdict(Action.COVER, Basis.NONE)
A, B = Box(1.5, 2.0, 30.0, 40.0), Box(100.0, 2.0, 30.0, 40.0)
PART = Box(0, 0, 500, 500)
PUBLISHED = Verdict("website", Outcome.PUBLISH, {"f1": KEPT, "f2": KEPT}, (), (), (), False, "consent", "1", "1")
BLURRED = replace(PUBLISHED, outcome=Outcome.BLUR, faces={"f1": KEPT, "f2": COVERED}, covered=(A,))
REJECTED = replace(PUBLISHED, outcome=Outcome.REJECT, faces={"f1": COVERED, "f2": COVERED})
PARTLY = replace(PUBLISHED, crop=Crop(PART, applied=True))


@pytest.mark.parametrize(
    ("given", "now", "stays"),
    [
        pytest.param(PUBLISHED, PUBLISHED, True, id="the same"),
        pytest.param(PUBLISHED, replace(PUBLISHED, policy="2", registry="9"), True, id="by other rules"),
        pytest.param(PUBLISHED, BLURRED, False, id="somebody is to be covered"),
        pytest.param(PUBLISHED, REJECTED, False, id="nothing may go out"),
        pytest.param(BLURRED, PUBLISHED, True, id="nobody need be covered"),
        pytest.param(BLURRED, BLURRED, True, id="the same cover"),
        pytest.param(BLURRED, replace(BLURRED, covered=(A, B)), False, id="one more cover"),
        pytest.param(BLURRED, replace(BLURRED, covered=(B,)), False, id="another cover"),
        pytest.param(BLURRED, replace(BLURRED, faces={"f1": COVERED, "f2": KEPT}), False, id="somebody else"),
        pytest.param(BLURRED, replace(BLURRED, faces={"f2": COVERED}), False, id="a face is not found any more"),
        pytest.param(PARTLY, PARTLY, True, id="the same part"),
        pytest.param(PARTLY, replace(PARTLY, crop=Crop(PART)), True, id="the part may still go out"),
        pytest.param(PARTLY, replace(PARTLY, crop=Crop(Box(0, 0, 9, 9))), False, id="another part"),
        pytest.param(PARTLY, PUBLISHED, False, id="no part any more"),
    ],
)
def test_what_is_out(given: Verdict, now: Verdict, stays: bool) -> None:
    assert may_still_be_shown(json.loads(json.dumps(shown_by(given))), now) is stays


def test_what_was_rejected_shows_nothing_that_could_stay() -> None:
    with pytest.raises(ValueError, match="went out"):
        shown_by(REJECTED)
