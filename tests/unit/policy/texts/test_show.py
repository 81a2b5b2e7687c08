from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pytest
from tests.unit.policy.scenes import COVERED_MEANWHILE, POLICY

from fotopoort.policy.policy import Covering, Label, Policy, PublicCloseUp
from fotopoort.policy.rules import RULES
from fotopoort.policy.texts.show import policy_page


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_page_has_every_rule_channel_and_number(lang: Literal["nl", "en"]) -> None:
    page = policy_page(POLICY, lang)
    for row in RULES:
        assert f"| {row.id} |" in page
    for channel in POLICY.channels:
        assert getattr(channel.label, lang) in page
    for number in ("28 pixels", "25 ", "30 ", "25%", "8%", "35%", "2048 pixels", "1600 pixels"):
        assert number in page
    assert POLICY.id in page
    assert "{" not in page


def test_each_language_has_its_own_words() -> None:
    assert "niet plaatsen" in policy_page(POLICY)
    assert "do not publish" in policy_page(POLICY, "en")
    assert "niet plaatsen" not in policy_page(POLICY, "en")


def test_the_page_follows_the_policy() -> None:
    changed = replace(
        POLICY,
        frontal=replace(POLICY.frontal, max_yaw=17.5),
        settings=replace(POLICY.settings, public_close_up=PublicCloseUp.ADVISE),
    )
    page = policy_page(changed, "en")
    assert "17.5 degrees" in page
    assert "advise |" in next(line for line in page.splitlines() if line.startswith("| R30"))


def test_a_rule_that_a_setting_switches_off_says_so() -> None:
    def row(policy: Policy) -> str:
        return next(line for line in policy_page(policy).splitlines() if line.startswith("| R24"))

    assert row(POLICY).endswith("| niet plaatsen |")
    assert row(COVERED_MEANWHILE).endswith("| staat uit op deze school |")


def test_whole_people_are_spoken_of_where_they_are_covered() -> None:
    whole = replace(POLICY, settings=replace(POLICY.settings, cover=Covering.FIGURE))
    assert ("De hele persoon" in policy_page(whole), "De hele persoon" in policy_page(POLICY)) == (True, False)


def test_tables_stay_tables() -> None:
    channel = replace(POLICY.channels[0], label=Label("a | b", "a | b"))
    lines = policy_page(replace(POLICY, channels=(channel,))).splitlines()
    widths = {line.replace("\\|", "").count("|") for line in lines if line.startswith("|")}
    assert widths == {5}
