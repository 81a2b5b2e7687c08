"""The policy as a page for parents: the same table and numbers that decide, in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

from fotopoort.policy.policy import Covering, Ground, Policy
from fotopoort.policy.rule import On, Then
from fotopoort.policy.rules import RULES
from fotopoort.vocabulary import Text

Language = Literal["nl", "en"]

TITLE: Final = Text("Wanneer plaatst de school een foto?", "When does the school publish a photo?")
INTRO: Final = Text(
    "Voor elke foto en elk kanaal kijkt de school naar de regels op deze pagina. De uitkomst is: “plaatsen”,"
    " “plaatsen, bedekt” (met bedekte gezichten of namen), “niet plaatsen” of “nog niet”. Bij “nog niet” is er eerst"
    " antwoord nodig op een vraag. De strengste regel wint. Een vraag waarop geen antwoord kwam, telt als nee."
    " Toestemming intrekken kan altijd: zeg het tegen de leerkracht.",
    "For every photo and every channel the school looks at the rules on this page. The outcome is “publish”, “publish,"
    " covered” (with faces or names covered), “do not publish” or “not yet”. At “not yet” a question has to be answered"
    " first. The strictest rule wins. A"
    " question without an answer counts as no. Consent can be withdrawn at any time: tell the teacher.",
)
CHANNELS: Final = Text("Kanalen", "Channels")
CHANNELS_HEAD: Final = Text(
    "| Kanaal | Wie ziet het | Wie mag te zien zijn | Grootste maat |",
    "| Channel | Who sees it | Who may be shown | Largest size |",
)
SHOWN: Final = {
    Ground.CONSENT: Text("alleen wie toestemming gaf", "only those who gave consent"),
    Ground.OBJECTION: Text(
        "iedereen, behalve wie bezwaar maakte, weigerde of introk",
        "everybody except those who objected, refused or withdrew",
    ),
}
NUMBERS: Final = Text("Wat de woorden betekenen", "What the words mean")
WORDS: Final = (
    Text(
        "**Herkenbaar**: het gezicht is op dat kanaal {p.recognisable.min_face_height:g} pixels hoog of meer.",
        "**Recognisable**: the face is {p.recognisable.min_face_height:g} pixels high or more on that channel.",
    ),
    Text(
        "**Recht van voren**: niet meer dan {p.frontal.max_yaw:g} graden opzij gedraaid en niet meer"
        " dan {p.frontal.max_pitch:g} graden omhoog of omlaag. Is dat niet goed te meten, dan"
        " geldt het als recht van voren.",
        "**Full in the face**: turned aside no more than {p.frontal.max_yaw:g} degrees, and no more than"
        " {p.frontal.max_pitch:g} degrees up or down. Where this cannot be measured well, it counts as full in the"
        " face.",
    ),
    Text(
        "**Van dichtbij**: het gezicht is {p.close_up.min_share:.0%} van de kortste kant van de foto, of meer.",
        "**Close by**: the face is {p.close_up.min_share:.0%} of the photo's shorter side, or more.",
    ),
    Text(
        "**Overzichtsfoto**: niemand van dichtbij, en het grootste gezicht is hooguit {p.overview.max_share:.0%} van de"
        " kortste kant, of er zijn {p.overview.min_faces} of meer gezichten.",
        "**Overview photo**: nobody close by, and the largest face is at most {p.overview.max_share:.0%} of the shorter"
        " side, or there are {p.overview.min_faces} faces or more.",
    ),
    Text(
        "**Bedekken**: het gezicht verdwijnt onder een egaal vlak, met een rand voor oren en haar ({p.cover.sides:.0%}"
        " links en rechts, {p.cover.top:.0%} boven en {p.cover.bottom:.0%} onder).",
        "**Covering**: the face disappears under a plain shape, with a margin for ears and hair ({p.cover.sides:.0%}"
        " left and right, {p.cover.top:.0%} above and {p.cover.bottom:.0%} below).",
    ),
)
WHOLE: Final = Text(
    "**De hele persoon bedekken**: van wie is aangewezen en niet te zien mag zijn, verdwijnt niet alleen het gezicht,"
    " maar ook de rest van het lichaam (regel R20).",
    "**Covering the whole person**: of whoever was pointed out and may not be shown not only the face disappears, but"
    " the rest of the body too (rule R20).",
)
RULES_TITLE: Final = Text("De regels", "The rules")
RULES_HEAD: Final = Text("| Regel | Kanalen | Wanneer | Dan |", "| Rule | Channels | When | Then |")
WHERE: Final = {
    On.EVERY: Text("alle", "all"),
    On.PUBLIC: Text("openbaar", "public"),
    On.CLOSED: Text("besloten", "closed"),
}
EFFECTS: Final = {
    Then.REJECT: Text("niet plaatsen", "do not publish"),
    Then.COVER: Text("bedekken", "cover"),
    Then.KEEP: Text("laten zien", "leave as it is"),
    Then.NEUTRAL_NAME: Text("andere bestandsnaam", "another file name"),
    Then.TELL: Text("melden", "say so"),
    Then.ADVISE: Text("advies geven", "advise"),
    Then.PUBLISH: Text("plaatsen", "publish"),
}
SWITCHED_OFF: Final = Text("staat uit op deze school", "switched off at this school")
FOOTER: Final = Text("Versie van deze regels: {id}", "Version of these rules: {id}")


def policy_page(policy: Policy, lang: Language = "nl") -> str:
    """The whole policy in Markdown, in Dutch or English."""
    return "\n".join(_lines(policy, lang)) + "\n"


def _lines(policy: Policy, lang: Language) -> Iterator[str]:
    def say(text: Text) -> str:
        return text.nl if lang == "nl" else text.en

    yield from (f"# {say(TITLE)}", "", say(INTRO), "")
    yield from (f"## {say(CHANNELS)}", "", say(CHANNELS_HEAD), "|---|---|---|---|")
    for channel in policy.channels:
        label, audience = (
            say(Text(said.nl, said.en)).replace("|", "\\|") for said in (channel.label, channel.audience)
        )
        yield f"| {label} | {audience} | {say(SHOWN[channel.basis])} | {channel.max_side} pixels |"
    yield from ("", f"## {say(NUMBERS)}", "")
    for word in WORDS:
        yield f"- {say(word).format(p=policy)}"
    if policy.settings.cover is Covering.FIGURE:
        yield f"- {say(WHOLE)}"
    yield from ("", f"## {say(RULES_TITLE)}", "", say(RULES_HEAD), "|---|---|---|---|")
    for rule in RULES:
        when = say(rule.when).format(policy=policy)
        effect = SWITCHED_OFF if rule.off(policy) else EFFECTS[rule.effect(policy)]
        yield f"| {rule.id} | {say(WHERE[rule.on])} | {when} | {say(effect)} |"
    yield from ("", say(FOOTER).format(id=policy.id))
