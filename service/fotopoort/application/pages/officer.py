"""The privacy officer's page: every channel, setting, number and rule that is in force, each with its reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Final

from fotopoort.application import html_page
from fotopoort.application.pages.days import spelled
from fotopoort.application.pages.facts import Facts
from fotopoort.application.pages.reasons import REASONS
from fotopoort.policy.policy import Channel, Ground, Policy
from fotopoort.policy.rules import RULES
from fotopoort.policy.texts.show import EFFECTS, SWITCHED_OFF, WHERE
from fotopoort.vocabulary import Language, Text

NUMBERS: Final = (
    "recognisable", "frontal", "close_up", "overview", "cover", "figure", "too_little_left", "private_list",
    "smaller",
)  # fmt: skip
SAYS: Final = {
    "title": Text("Het beleid voor foto’s", "The policy on photos"),
    "channels": Text("Kanalen", "Channels"),
    "channel": Text("Kanaal", "Channel"),
    "purpose": Text("Doel", "Purpose"),
    "audience": Text("Wie ziet het", "Who sees it"),
    "reach": Text("Bereik", "Reach"),
    "side": Text("Langste zijde", "Longest side"),
    "basis": Text("Grondslag", "Basis"),
    "why": Text("Sinds en waarom", "Since, and why"),
    "questions": Text("Vragen aan ouders", "Questions to parents"),
    "version": Text("Versie", "Version"),
    "named": Text("Genoemde kanalen", "Channels named"),
    "text": Text("De vraag", "The question"),
    "settings": Text("Instellingen", "Settings"),
    "setting": Text("Instelling", "Setting"),
    "value": Text("Waarde", "Value"),
    "reason": Text("Reden", "Reason"),
    "numbers": Text("Getallen", "Numbers"),
    "number": Text("Getal", "Number"),
    "rules": Text("Regels", "Rules"),
    "rule": Text("Regel", "Rule"),
    "on": Text("Kanalen", "Channels"),
    "when": Text("Wanneer", "When"),
    "then": Text("Dan", "Then"),
}
REACH: Final = {True: Text("openbaar", "public"), False: Text("besloten", "closed")}
BASES: Final = {
    Ground.CONSENT: Text("toestemming", "consent"),
    Ground.OBJECTION: Text("geen bezwaar", "no objection"),
}
AS_POLICY: Final = Text("zoals in het bestand met de regels", "as the policy file has it")
WEIGHED: Final = Text("Afgewogen op {on} door {by}; te vinden: {filed}.", "Weighed on {on} by {by}; filed: {filed}.")
NOT_WEIGHED: Final = Text(
    "Niet vastgelegd wie dit heeft afgewogen, wanneer, en waar dat te vinden is.",
    "It is not laid down who weighed this, when, and where that is filed.",
)
NO_QUESTIONS: Final = Text(
    "In het bestand van de school staat geen vraag. Een toestemming is dan niet aantoonbaar.",
    "The school file has no question. A consent cannot be shown then.",
)
NO_REGISTRY: Final = Text(
    "Er is geen register: de grondslagen hieronder zijn die van het bestand met de regels.",
    "There is no registry: the bases below are those of the policy file.",
)
TAKEDOWN: Final = Text(
    "Dagen waarbinnen een foto weg moet na een intrekking of bezwaar.",
    "Days within which a photo must be gone after a withdrawal or an objection.",
)


@dataclass(frozen=True, slots=True)
class ChannelRow:
    id: str
    label: str
    purpose: str
    audience: str
    reach: str
    side: int
    basis: str
    why: str
    weighing: str
    is_missing: bool


def officer_page(facts: Facts, language: Language = Language.NL) -> str:
    """The page as HTML, in one language."""
    policy = facts.policy
    rules = [
        (
            rule.id,
            f"{WHERE[rule.on]:{language}}",
            f"{rule.when:{language}}".format(policy=policy),
            f"{SWITCHED_OFF if rule.off(policy) else EFFECTS[rule.effect(policy)]:{language}}",
        )
        for rule in RULES
    ]
    questions = [
        (wording.purpose, wording.version, ", ".join(wording.channels), f"{wording.text:{language}}", wording.sha256)
        for wording in facts.school.wordings
    ]
    return html_page.render(
        __package__ or "",
        "officer.html.j2",
        {},
        lang=language.value,
        say={name: f"{text:{language}}" for name, text in SAYS.items()},
        school=facts.school.name,
        no_registry="" if facts.has_registry else f"{NO_REGISTRY:{language}}",
        channels=[_channel(channel, facts, language) for channel in policy.channels],
        questions=questions,
        no_questions=f"{NO_QUESTIONS:{language}}",
        settings=[
            *_values(policy, ("settings",), language),
            ("takedown.days", facts.takedown_days, f"{TAKEDOWN:{language}}"),
        ],
        numbers=list(_values(policy, NUMBERS, language)),
        rules=rules,
        version=policy.id,
    )


def _channel(channel: Channel, facts: Facts, language: Language) -> ChannelRow:
    basis, weighing = facts.bases.get(channel.id), facts.weighings.get(channel.id)
    why = f"{spelled(basis.since.date(), language)}: {basis.reason}" if basis else f"{AS_POLICY:{language}}"
    weighed = ""
    if channel.basis is Ground.OBJECTION:
        weighed = f"{NOT_WEIGHED:{language}}"
        if weighing is not None:
            day = spelled(weighing.on, language)
            weighed = f"{WEIGHED:{language}}".format(on=day, by=weighing.by, filed=weighing.filed)
    return ChannelRow(
        id=channel.id,
        label=f"{Text(channel.label.nl, channel.label.en):{language}}",
        purpose=channel.purpose,
        audience=f"{Text(channel.audience.nl, channel.audience.en):{language}}",
        reach=f"{REACH[channel.public]:{language}}",
        side=channel.max_side,
        basis=f"{BASES[channel.basis]:{language}}",
        why=why,
        weighing=weighed,
        is_missing=channel.basis is Ground.OBJECTION and weighing is None,
    )


def _values(policy: Policy, sections: tuple[str, ...], language: Language) -> Iterator[tuple[str, str, str]]:
    """Each key of these sections of the policy file, with its value and its reason."""
    for name in sections:
        section = getattr(policy, name)
        for key in (f"{name}.{field.name}" for field in fields(section)):
            value = getattr(section, key.removeprefix(f"{name}."))
            shown = (
                str(value).lower()
                if isinstance(value, bool)
                else f"{value:g}"
                if isinstance(value, float)
                else str(value)
            )
            yield key, shown, f"{REASONS[key]:{language}}" if key in REASONS else ""
