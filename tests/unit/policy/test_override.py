"""What the privacy officer may set aside for one photo on one channel, and all that it leaves as it was."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fotopoort.errors import BadAnswers
from fotopoort.policy.decide import decide, decide_all
from fotopoort.policy.rules import RULES, check_override
from fotopoort.vocabulary import Action, Answers, ConsentState, Outcome, Verdict

from .scenes import FACEBOOK, NO, POLICY, WEBSITE, face, faces, photo, pupil, said, school, tapped, unhurried

CLOSE_UP = photo(face(1, 400))
ASIDE = frozenset({(WEBSITE, "R30")})


def rules(verdict: Verdict) -> list[str]:
    return [reason.rule for reason in verdict.reasons]


def test_a_close_up_of_somebody_who_may_be_shown_goes_out() -> None:
    people, answers = school(pupil("a")), said(faces=tapped(f1="a"))
    before = decide(CLOSE_UP, answers, people, POLICY, WEBSITE)
    after = decide(CLOSE_UP, replace(answers, overridden=ASIDE), people, POLICY, WEBSITE)
    assert (before.outcome, after.outcome) == (Outcome.REJECT, Outcome.PUBLISH)
    assert "R30" in rules(after)
    (reason,) = (reason for reason in after.reasons if reason.rule == "R30")
    assert "privacyfunctionaris" in reason.nl
    assert "privacy officer" in reason.en


def test_it_takes_the_place_of_no_consent() -> None:
    people, answers = school(pupil("a", NO)), replace(said(faces=tapped(f1="a")), overridden=ASIDE)
    verdict = decide(CLOSE_UP, answers, people, POLICY, WEBSITE)
    assert verdict.faces["f1"].action is Action.COVER
    assert verdict.outcome is Outcome.REJECT  # the only close-up is covered: too little is left


def test_together_the_other_channels_stay_as_strict() -> None:
    people, answers = school(pupil("a")), replace(said(faces=tapped(f1="a")), overridden=ASIDE)
    verdicts = decide_all(CLOSE_UP, answers, people, POLICY, [WEBSITE, FACEBOOK], together=True)
    assert {verdict.outcome for verdict in verdicts.values()} == {Outcome.REJECT}


def test_only_some_rules_can_be_set_aside() -> None:
    check_override("R30")
    for row in RULES:
        if row.set_aside is None:
            with pytest.raises(BadAnswers):
                check_override(row.id)
    with pytest.raises(BadAnswers):
        check_override("R99")


@given(
    consents=st.lists(st.sampled_from(ConsentState), min_size=1, max_size=4),
    height=st.sampled_from([40.0, 90.0, 400.0]),
    tap=st.booleans(),
    aside=st.sets(st.tuples(st.sampled_from([WEBSITE, FACEBOOK]), st.sampled_from([row.id for row in RULES]))),
)
@unhurried
def test_nothing_is_shown_that_was_not_cleared_and_no_other_channel_changes(
    consents: list[ConsentState], height: float, tap: bool, aside: set[tuple[str, str]]
) -> None:
    people = school(*(pupil(f"p{number}", state) for number, state in enumerate(consents, 1)))
    seen = photo(*faces(len(consents), height))
    answers: Answers = said(faces=tapped(**{f"f{n}": f"p{n}" for n in range(1, len(consents) + 1)}) if tap else {})
    for channel in (WEBSITE, FACEBOOK):
        before = decide(seen, answers, people, POLICY, channel)
        after = decide(seen, replace(answers, overridden=frozenset(aside)), people, POLICY, channel)
        assert after.faces == before.faces
        assert after.covered == before.covered
        if (channel, "R30") not in aside:
            assert after == before


def test_who_left_is_in_a_photo_only_where_somebody_says_so() -> None:
    people = school(pupil("a"), replace(pupil("b", NO), has_left=True))
    assert decide(photo(face(1)), said(), people, POLICY, WEBSITE).faces["f1"].action is Action.KEEP
    assert decide(photo(face(1)), said(present={"b"}), people, POLICY, WEBSITE).faces["f1"].action is Action.COVER
