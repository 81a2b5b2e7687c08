"""Which photo of a burst to use."""

from __future__ import annotations

from dataclasses import replace

from fotopoort.policy.crops.burst import Usable, better, ranked, usable
from fotopoort.policy.decide import decide_all
from fotopoort.vocabulary import Box, Crop, Outcome, Verdict

from ..scenes import CLOSED, POLICY, WEBSITE, consenting, photo, said, school

PLAIN = decide_all(photo(), said(), school(*consenting(2)), POLICY, [WEBSITE])[WEBSITE]


def verdict(outcome: Outcome, *, crop: float = 0, covers: int = 0) -> Verdict:
    part = Crop(Box(0, 0, crop, 1)) if crop else None
    return replace(PLAIN, outcome=outcome, crop=part, covered=(Box(0, 0, 1, 1),) * covers)


AS_IT_IS, COVERED, NOT = verdict(Outcome.PUBLISH), verdict(Outcome.BLUR, covers=1), verdict(Outcome.REJECT)
CROPPED, SMALLER = verdict(Outcome.REJECT, crop=9), verdict(Outcome.BLUR, crop=8)


def test_what_can_be_had_of_a_photo() -> None:
    every = [NOT, COVERED, CROPPED, SMALLER, AS_IT_IS]
    assert [usable(one) for one in every] == [
        Usable.NOT, Usable.COVERED, Usable.CROPPED, Usable.CROPPED, Usable.AS_IT_IS,
    ]  # fmt: skip


def test_as_it_is_comes_before_a_crop_and_a_crop_before_covers() -> None:
    burst = {n: {WEBSITE: given} for n, given in enumerate([NOT, COVERED, SMALLER, AS_IT_IS, CROPPED, AS_IT_IS])}
    assert ranked(burst) == [3, 5, 4, 2, 1, 0]


def test_fewer_covers_are_better() -> None:
    burst = {n: {WEBSITE: verdict(Outcome.BLUR, covers=n)} for n in (3, 1, 2)}
    assert ranked(burst) == [1, 2, 3]


def test_the_channel_that_gets_least_counts_first() -> None:
    burst = {"a": {WEBSITE: NOT, CLOSED: AS_IT_IS}, "b": {WEBSITE: COVERED, CLOSED: COVERED}}
    assert ranked(burst) == ["b", "a"]


def test_another_one_is_named_only_where_more_can_be_had_of_it() -> None:
    burst = {"a": {WEBSITE: COVERED}, "b": {WEBSITE: verdict(Outcome.BLUR)}, "c": {WEBSITE: NOT}}
    assert [better(one, burst) for one in burst] == [None, None, "b"]
    assert better("b", burst | {"d": {WEBSITE: AS_IT_IS}}) == "d"
