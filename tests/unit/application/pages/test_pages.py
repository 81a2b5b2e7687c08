"""The pages about the policy: what they say follows what holds at the school, and what a school writes stays text."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from tests.plain_dutch import Reader, hard_words_in

from fotopoort.application.pages import parents
from fotopoort.application.pages.facts import Facts
from fotopoort.application.pages.officer import officer_page
from fotopoort.application.pages.own_text import Block, blocks
from fotopoort.application.pages.parents import parents_page
from fotopoort.application.pages.reasons import REASONS
from fotopoort.policy.policy import Ground, ParentsWord, Policy, PublicCloseUp, PublicFrontal
from fotopoort.policy.rules import RULES
from fotopoort.policy_file import PACKAGED, load_policy
from fotopoort.registry.school_settings import Weighing
from fotopoort.school_file import School, load_school
from fotopoort.vocabulary import Language, Text

EXAMPLES = Path(__file__).parents[4] / "docs" / "examples"
NL, EN = Language.NL, Language.EN
POLICY = load_policy()
WEIGHING = Weighing("de directie & MR", date(2026, 5, 1), "map <AVG> 3")


def text_of(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.split("</head>")[1])).split())


def example_policy(tmp_path: Path) -> Policy:
    path = tmp_path / "policy.toml"
    path.write_text(PACKAGED.read_text("utf-8") + (EXAMPLES / "channels.toml").read_text("utf-8"), "utf-8")
    return load_policy(path)


@pytest.mark.parametrize("language", Language)
def test_parents_read_who_sees_what_and_how_to_say_no(language: Language, tmp_path: Path) -> None:
    policy, school = example_policy(tmp_path), load_school(EXAMPLES / "school.toml")
    page = parents_page(Facts(policy, school, takedown_days=3), language)
    text = text_of(page)
    for channel in policy.channels:
        assert getattr(channel.label, language).casefold() in text.casefold()
        assert getattr(channel.audience, language) in text
    wanted = {
        NL: ("binnen 3 dagen", "Facebook, Instagram", "alleen een foto met enkel je eigen kind", "1 augustus 2026"),
        EN: ("within 3 days", "Facebook, Instagram", "only a photo with nobody but your own child", "1 August 2026"),
    }[language]
    assert all(words.casefold() in text.casefold() for words in wanted)
    assert f"{school.contact:{language}}" in text
    assert "Instagram zetten?" in text or "on Instagram?" in text, "the question as it is asked now"
    assert "Facebookpagina zetten?" not in text, "and not as it was asked before"
    assert {NL: "E-mail en inloggen", EN: "E-mail and logins"}[language] in text
    assert f'<html lang="{language}">' in page


@pytest.mark.parametrize("language", Language)
def test_parents_meet_no_numbers_of_the_rules(language: Language, tmp_path: Path) -> None:
    text = text_of(parents_page(Facts(example_policy(tmp_path)), language))
    assert not re.search(r"\bR\d\d\b|pixel|graden|degrees|%|px\b|yaw", text.split("Versi")[0])
    assert "{" not in text
    assert "None" not in text


def test_the_dutch_of_the_parents_page_is_plain() -> None:
    """B1: none of the hard words, and no sentence that is long."""
    values = vars(parents).values()
    said = [value for value in values if isinstance(value, Text)]
    said += [text for value in values if isinstance(value, dict) for text in value.values() if isinstance(text, Text)]
    assert len(said) > 25
    for text in said:
        assert not hard_words_in(text.nl, Reader.PARENTS)
        for sentence in re.split(r"[.?!:]\s", text.nl):
            assert len(sentence.split()) <= 20, sentence


def test_the_page_as_it_is_printed_has_no_hard_words(tmp_path: Path) -> None:
    """Its template, and the labels of the channels, too."""
    page = text_of(parents_page(Facts(example_policy(tmp_path), load_school(EXAMPLES / "school.toml")), NL))
    assert not hard_words_in(page, Reader.PARENTS)


def test_the_page_follows_the_settings() -> None:
    def page(**settings: Any) -> str:  # noqa: ANN401 - fields of PolicySettings
        return text_of(parents_page(Facts(replace(POLICY, settings=replace(POLICY.settings, **settings)))))

    assert "plaatsen we daar niet" in page()
    assert "bedekken we daar" in page(public_close_up=PublicCloseUp.COVER)
    assert "zo weinig mogelijk kinderen" in page(public_close_up=PublicCloseUp.ADVISE)
    assert "groot en recht van voren" not in page(public_frontal=PublicFrontal.ADVISE)
    assert "recht van voren te zien is, bedekken we ook" in page(public_frontal=PublicFrontal.COVER)
    assert "De leerkracht kan zeggen dat het wel mag" in page(public_frontal=PublicFrontal.ASK)
    closed = replace(POLICY, channels=tuple(channel for channel in POLICY.channels if not channel.public))
    settings = replace(POLICY.settings, public_frontal=PublicFrontal.COVER)
    assert "recht van voren" not in parents_page(Facts(replace(closed, settings=settings)))
    assert "wacht de foto" in page()
    assert "wacht de foto" not in page(first_say_who=False)
    assert "Tot die keuze" in page()
    assert "geldt dan niet meer" in page(parents_word_at_16=ParentsWord.ENDS)


def test_a_channel_without_consent_is_marked() -> None:
    without, weighed = Facts(POLICY), Facts(POLICY, weighings={"social_schools": WEIGHING})
    assert "nog niet opgeschreven" in parents_page(without)
    assert "nog niet opgeschreven" not in parents_page(weighed)
    assert "1 mei 2026, door de directie &amp; MR" in parents_page(weighed)
    assert "map &lt;AVG&gt; 3" in parents_page(weighed)
    assert "Niet vastgelegd" in officer_page(without)
    assert "Afgewogen op 1 mei 2026" in officer_page(weighed)
    asked = replace(POLICY, channels=tuple(replace(channel, basis=Ground.CONSENT) for channel in POLICY.channels))
    assert "opgeschreven" not in parents_page(Facts(asked))
    assert "bezwaar maken" not in parents_page(Facts(asked))


def test_what_a_school_writes_stays_text() -> None:
    evil = "<script>alert(1)</script> & {{ 7*7 }} {name}"
    school = School(evil, Text(evil, evil), None, Text(f"# {evil}\n- {evil}\n{evil}", evil))
    channel = replace(POLICY.channels[0], label=replace(POLICY.channels[0].label, nl=evil))
    facts = Facts(
        replace(POLICY, channels=(channel,)), school, weighings={"social_schools": replace(WEIGHING, by=evil)}
    )
    for page in (parents_page(facts), officer_page(facts)):
        assert "<script" not in page
        assert "{{ 7*7 }} {name}" in page
        assert "default-src 'none'" in page


TWO = [("text", ("Een regel gaat door.",)), ("text", ("Op",))]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("# Mail\nEen regel\ngaat door.\n\nOp", [("heading", ("Mail",)), *TWO]),
        ("- een\n- twee\n  gaat door\n* drie", [("list", ("een", "twee gaat door", "drie"))]),
        ("- een\n\n- los", [("list", ("een",)), ("list", ("los",))]),
        ("[hier](javascript:alert(1)) en ![x](y)", [("text", ("hier) en x",))]),
        ("# A\n# B", [("heading", ("A",)), ("heading", ("B",))]),
        ("tekst\n- punt", [("text", ("tekst",)), ("list", ("punt",))]),
    ],
)  # fmt: skip
def test_own_rules_are_headings_lists_and_paragraphs(text: str, found: list[tuple[str, tuple[str, ...]]]) -> None:
    assert blocks(text) == [Block(kind, lines) for kind, lines in found]  # type: ignore[arg-type]


@pytest.mark.parametrize("language", Language)
def test_the_officer_reads_every_rule_number_and_reason(language: Language, tmp_path: Path) -> None:
    policy, school = example_policy(tmp_path), load_school(EXAMPLES / "school.toml")
    text = text_of(officer_page(Facts(policy, school), language))
    for rule in RULES:
        assert f" {rule.id} " in text
    for channel in policy.channels:
        assert f" {channel.id} {channel.purpose} " in text
    for key, reason in REASONS.items():
        assert key in text
        assert f"{reason:{language}}" in text
    for wording in school.wordings:
        assert wording.sha256[:12] in text
    assert "0.08" in text
    assert policy.id in text
    assert "{" not in text


@pytest.mark.parametrize("language", Language)
def test_each_value_that_the_officer_is_shown_has_its_reason(language: Language) -> None:
    """Each of the policy file, whatever table of that it is in; and there is no reason for what is not shown."""
    rows = re.findall(r'<th scope="row"><code>([^<]+)</code></th><td[^>]*>([^<]*)</td><td[^>]*>([^<]*)</td>',
                      officer_page(Facts(POLICY), language))  # fmt: skip
    reasons = {key: unescape(reason) for key, _, reason in rows}
    tables = {field.name: getattr(POLICY, field.name) for field in fields(POLICY)}
    keys = {f"{name}.{field.name}" for name, table in tables.items() if is_dataclass(table) for field in fields(table)}
    assert reasons.keys() == {*keys, "takedown.days"} == {*REASONS, "takedown.days"}
    assert all(reason.strip() for reason in reasons.values())
    assert reasons["smaller.min_side"] == f"{REASONS['smaller.min_side']:{language}}"


def test_without_questions_the_officer_is_told_that_no_consent_can_be_shown() -> None:
    assert "niet aantoonbaar" in officer_page(Facts(POLICY))
    assert "Er is geen register" in officer_page(Facts(POLICY))
    assert "Er is geen register" not in officer_page(Facts(POLICY, has_registry=True))
