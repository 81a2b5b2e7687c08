"""The table itself: whole, in plain words, and without surprises."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from fotopoort.policy.policy import PublicCloseUp, PublicFrontal, UncheckedNames
from fotopoort.policy.rule import Rule, Step, Then
from fotopoort.policy.rules import FIRST_SEE_WHO_IS_IN_IT, RULES, rule

from .scenes import POLICY

IDS = [row.id for row in RULES]


def test_all_rules_of_the_guideline_are_there_once() -> None:
    assert IDS == (
        "R01 R02 R03 R04 R05 R10 R11 R12 R13 R14 R15 R16 R17 R20 R21 R22 R23 R24 R25 R26 R30 R33 R34 R35 R36 R37"
        " R40 R41 R42 R43 R44 R50 R60 R61".split()
    )  # fmt: skip


@pytest.mark.parametrize("row", RULES, ids=IDS)
def test_every_rule_is_told_in_both_languages(row: Rule) -> None:
    for text in (row.when, *row.sentences, *filter(None, [row.set_aside])):
        for sentence in text:
            assert re.match(r"[A-ZÉ{]", sentence)
            assert sentence.endswith(".")
        assert text.nl != text.en


@pytest.mark.parametrize("row", RULES, ids=IDS)
def test_the_teacher_is_spoken_to_plainly(row: Rule) -> None:
    """No sentence has more than twenty words, and the teacher is "je"."""
    for text in row.sentences:
        for sentence in re.split(r"(?<=[.:?]) ", f"{text.nl} {text.en}"):
            assert len(sentence.split()) <= 20
        assert not re.search(r"\b(u|uw)\b", text.nl)


def test_never_locatable_speaks_with_the_words_of_another_rule() -> None:
    assert rule("R03").speaks_as == "R23"
    assert rule("R03").says == rule("R23").says == FIRST_SEE_WHO_IS_IN_IT
    assert [row.id for row in RULES if row.speaks_as] == ["R03"]


def test_only_what_comes_after_deciding_has_no_condition() -> None:
    assert [row.id for row in RULES if row.applies is None] == ["R05", "R41", "R44", "R60", "R61"]
    assert [row.id for row in RULES if row.step is Step.AFTERWARDS] == ["R05", "R41", "R44", "R60", "R61"]


def test_settings_change_an_effect() -> None:
    strict = replace(
        POLICY,
        settings=replace(
            POLICY.settings,
            unchecked_names=UncheckedNames.REJECT,
            public_close_up=PublicCloseUp.COVER,
            public_frontal=PublicFrontal.ASK,
        ),
    )
    assert (rule("R14").effect(POLICY), rule("R14").effect(strict)) == (Then.TELL, Then.REJECT)
    assert (rule("R30").effect(POLICY), rule("R30").effect(strict)) == (Then.REJECT, Then.COVER)
    assert (rule("R37").effect(POLICY), rule("R37").effect(strict)) == (Then.ADVISE, Then.COVER)
