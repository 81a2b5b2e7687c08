"""The parents' page: who sees which photos, what is covered, and how to say no. No pixels, degrees or rule ids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fotopoort.application import html_page
from fotopoort.application.pages import own_text
from fotopoort.application.pages.days import spelled
from fotopoort.application.pages.facts import Facts
from fotopoort.policy.policy import Channel, Covering, Ground, ParentsWord, Policy, PublicCloseUp, PublicFrontal
from fotopoort.vocabulary import Language, Text

TITLE: Final = Text("Foto’s van je kind", "Photos of your child")
ABOUT: Final = Text(
    "Op deze pagina lees je waar de school foto’s plaatst, wie ze ziet en wat jij daarover te zeggen hebt.",
    "This page tells where the school publishes photos, who sees them, and what you have a say in.",
)
WHERE: Final = Text("Waar plaatsen we foto’s?", "Where do we publish photos?")
CHANNEL: Final = Text("Waar", "Where")
AUDIENCE: Final = Text("Wie ziet de foto’s?", "Who sees the photos?")
YOUR_SAY: Final = Text("Wat zeg jij?", "What do you say?")
ASKED: Final = Text(
    "We vragen je toestemming. Zeg je niets, dan telt dat als nee.",
    "We ask for your consent. If you say nothing, that counts as no.",
)
NOT_ASKED: Final = Text(
    "We vragen geen toestemming. Wil je het niet? Dan kun je bezwaar maken.",
    "We do not ask for consent. If you do not want it, you can object.",
)
WEIGHED: Final = Text(
    "Dat is zo besloten op {on}, door {by}. Het besluit kun je inzien: {filed}.",
    "This was decided on {on}, by {by}. You can see the decision: {filed}.",
)
NOT_WEIGHED: Final = Text(
    "De school heeft nog niet opgeschreven wie dat heeft besloten en waarom.",
    "The school has not yet written down who decided this, and why.",
)
TOGETHER: Final = Text(
    "Een nee geldt voor alles met hetzelfde doel. Zeg je nee bij één van deze, dan geldt het voor alle: {channels}.",
    "A no holds for everything with the same purpose. If you say no to one of these, it holds for all: {channels}.",
)
LATER: Final = Text(
    "Een ja geldt alleen voor wat we je hebben gevraagd. Komt er later iets bij, dan vragen we het opnieuw.",
    "A yes holds for what we asked you, and nothing else. If something is added later, we ask again.",
)
COVERED: Final = Text("Wat laten we zien?", "What do we show?")
HARM: Final = Text(
    "We plaatsen geen foto waar een kind of een leerkracht last van kan krijgen.",
    "We do not publish a photo that can harm a child or a teacher.",
)
FACES: Final = {
    Covering.FACE: Text(
        "Mag je kind niet op de foto? Dan maken we het gezicht onherkenbaar, of we plaatsen de foto niet.",
        "May your child not be in the photo? Then we make the face unrecognisable, or we do not publish the photo.",
    ),
    Covering.FIGURE: Text(
        "Mag je kind niet op de foto? Dan bedekken we je kind helemaal, of we plaatsen de foto niet.",
        "May your child not be in the photo? Then we cover your child as a whole, or we do not publish the photo.",
    ),
}
WAITS: Final = Text(
    "Weten we nog niet wie er op een foto staan? Dan wacht de foto tot de leerkracht dat heeft gezegd.",
    "Do we not know yet who is in a photo? Then the photo waits until the teacher has said so.",
)
CLOSE_UPS: Final = {
    PublicCloseUp.REJECT: Text(
        "Waar iedereen kan kijken, plaatsen we liefst foto’s van de hele groep. Een kind van dichtbij en recht van"
        " voren plaatsen we daar niet.",
        "Where everybody can look, we like to show the whole group. A child close by and full in the face is not"
        " published there.",
    ),
    PublicCloseUp.COVER: Text(
        "Waar iedereen kan kijken, plaatsen we liefst foto’s van de hele groep. Het gezicht van een kind van dichtbij"
        " en recht van voren bedekken we daar.",
        "Where everybody can look, we like to show the whole group. The face of a child close by and full in the face"
        " is covered there.",
    ),
    PublicCloseUp.ADVISE: Text(
        "Waar iedereen kan kijken, plaatsen we liefst foto’s van de hele groep, en zo weinig mogelijk kinderen van"
        " dichtbij.",
        "Where everybody can look, we like to show the whole group, and as few children close by as we can.",
    ),
}
FRONTAL: Final = {
    PublicFrontal.ADVISE: None,
    PublicFrontal.ASK: Text(
        "Een gezicht dat daar groot en recht van voren te zien is, bedekken we. De leerkracht kan zeggen dat het wel"
        " mag.",
        "A face that is seen large and from the front is covered there. The teacher can say that it may be seen.",
    ),
    PublicFrontal.COVER: Text(
        "Een gezicht dat daar groot en recht van voren te zien is, bedekken we ook.",
        "A face that is seen large and from the front is covered there as well.",
    ),
}
NAMES: Final = Text(
    "Waar iedereen kan kijken, staat er nooit een naam van een kind bij de foto.",
    "Where everybody can look, there is never a name of a child with the photo.",
)
NEVER: Final = Text(
    "We herkennen geen gezichten met de computer, en we raden niet hoe oud iemand is of hoe iemand zich voelt.",
    "We do not recognise faces by computer, and we do not guess how old somebody is or how somebody feels.",
)
SAY_NO: Final = Text("Nee zeggen, of van gedachten veranderen", "To say no, or to change your mind")
ALWAYS: Final = Text(
    "Dat kan altijd, en je hoeft niet te zeggen waarom. Zeg het tegen {contact}.",
    "You always can, and you need not say why. Tell {contact}.",
)
AT_ONCE: Final = Text(
    "Het geldt meteen: er komen geen nieuwe foto’s van je kind bij.", "It holds at once: no new photos are added."
)
TAKEN_DOWN: Final = Text(
    "Foto’s die er al staan, halen we weg binnen {days}.", "Photos that are there already are taken away within {days}."
)
OUT_OF_HAND: Final = Text(
    "Wat op papier staat of wat een ander heeft bewaard, kunnen we niet terughalen.",
    "What is on paper, or what somebody else has kept, we cannot take back.",
)
DISAGREE: Final = Text(
    "Zeggen twee ouders iets anders? Dan plaatsen we niets tot jullie het eens zijn.",
    "Do two parents say different things? Then we publish nothing until you agree.",
)
SIXTEEN: Final = {
    ParentsWord.HOLDS: Text(
        "Wie 16 is, mag zelf kiezen. Wij vertellen dat. Tot die keuze geldt wat de ouders hebben gezegd.",
        "Who is 16 may choose. We tell them so. Until they do, what the parents said holds.",
    ),
    ParentsWord.ENDS: Text(
        "Wie 16 is, kiest zelf. De toestemming van de ouders geldt dan niet meer.",
        "Who is 16 chooses for themselves. The parents' consent ends then.",
    ),
}
SHARE: Final = Text("Foto’s doorsturen", "Passing photos on")
RESHARE: Final = Text(
    "Zet foto’s van school niet zelf op internet en stuur ze niet door. Alleen een foto met enkel je eigen kind mag je"
    " delen.",
    "Do not put photos of the school on the internet and do not pass them on. Only a photo with nobody but your own"
    " child may be shared.",
)
QUESTIONS: Final = Text("Dit vragen we je", "What we ask you")
CONTACT: Final = Text("Vragen?", "Questions?")
ASK: Final = Text("Vraag het aan {contact}.", "Ask {contact}.")
TEACHER: Final = Text("de leerkracht van je kind", "your child’s teacher")
SINCE: Final = Text("Deze regels gelden vanaf {day}.", "These rules hold from {day}.")
VERSION: Final = Text("Versie {id}", "Version {id}")
DAY: Final = (Text("één dag", "one day"), Text("{days} dagen", "{days} days"))


@dataclass(frozen=True, slots=True)
class Row:
    """A channel as the page shows it. `notes`: what is said below it, about a channel without consent."""

    label: str
    audience: str
    say: str
    is_asked: bool
    note: str = ""


def parents_page(facts: Facts, language: Language = Language.NL) -> str:
    """The page as HTML, in one language."""

    def say(text: Text, **values: str) -> str:
        return f"{text:{language}}".format(**values)

    policy, school = facts.policy, facts.school
    contact = f"{school.contact:{language}}" or say(TEACHER)
    days = say(DAY[facts.takedown_days != 1], days=str(facts.takedown_days))
    sections = [
        (
            say(COVERED),
            [
                say(HARM),
                say(FACES[policy.settings.cover]),
                *([say(WAITS)] if policy.settings.first_say_who else []),
                *(say(text) for text in _about_public(policy) if _any_public(policy.channels)),
                say(NEVER),
            ],
        ),
        (
            say(SAY_NO),
            [
                say(ALWAYS, contact=contact),
                say(AT_ONCE),
                say(TAKEN_DOWN, days=days),
                say(OUT_OF_HAND),
                say(DISAGREE),
                say(SIXTEEN[policy.settings.parents_word_at_16]),
            ],
        ),
        (say(SHARE), [say(RESHARE)]),
    ]
    texts = {"title": TITLE, "about": ABOUT, "where": WHERE, "channel": CHANNEL, "audience": AUDIENCE, "say": YOUR_SAY}
    texts |= {"questions": QUESTIONS, "contact": CONTACT}
    return html_page.render(
        __package__ or "",
        "parents.html.j2",
        {},
        lang=language.value,
        say={name: say(text) for name, text in texts.items()},
        school=school.name,
        rows=[_row(channel, facts, language) for channel in policy.channels],
        together=[say(TOGETHER, channels=_listed(ids, language)) for ids in _shared(policy.channels)],
        later=say(LATER) if any(channel.basis is Ground.CONSENT for channel in policy.channels) else "",
        sections=sections,
        questions=_questions(facts, language),
        own=own_text.blocks(f"{school.own_text:{language}}"),
        ask=say(ASK, contact=contact),
        since=say(SINCE, day=spelled(school.since, language)) if school.since else "",
        version=say(VERSION, id=policy.id),
    )


def _row(channel: Channel, facts: Facts, language: Language) -> Row:
    label, audience = (f"{Text(said.nl, said.en):{language}}" for said in (channel.label, channel.audience))
    label = label[0].upper() + label[1:]
    if channel.basis is Ground.CONSENT:
        return Row(label, audience, f"{ASKED:{language}}", True)
    note = f"{NOT_WEIGHED:{language}}"
    if (weighing := facts.weighings.get(channel.id)) is not None:
        note = f"{WEIGHED:{language}}".format(on=spelled(weighing.on, language), by=weighing.by, filed=weighing.filed)
    return Row(label, audience, f"{NOT_ASKED:{language}}", False, note)


def _about_public(policy: Policy) -> list[Text]:
    """What is shown where everybody can look."""
    settings = policy.settings
    texts = [CLOSE_UPS[settings.public_close_up], FRONTAL[settings.public_frontal], NAMES]
    return [text for text in texts if text is not None]


def _any_public(channels: Sequence[Channel]) -> bool:
    return any(channel.public for channel in channels)


def _shared(channels: Sequence[Channel]) -> list[list[Channel]]:
    """The channels of each purpose that has several."""
    purposes = dict.fromkeys(channel.purpose for channel in channels)
    groups = ([channel for channel in channels if channel.purpose == purpose] for purpose in purposes)
    return [group for group in groups if len(group) > 1]


def _listed(channels: Sequence[Channel], language: Language) -> str:
    return ", ".join(f"{Text(channel.label.nl, channel.label.en):{language}}" for channel in channels)


def _questions(facts: Facts, language: Language) -> list[str]:
    """The question of each purpose as it is asked now: the last one in the school file."""
    purposes = {channel.purpose for channel in facts.policy.channels}
    latest = {wording.purpose: wording for wording in facts.school.wordings if wording.purpose in purposes}
    return [f"{wording.text:{language}}" for wording in latest.values()]
