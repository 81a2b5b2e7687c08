"""Is this word a name here? What speaks for it and against it, around one place in a text.

Every answer is True (a name), False (perhaps: a question for the teacher) or None (no name). Names that are no ordinary
words are names wherever they stand, unless something speaks against it; names that are ordinary words (Roos, Storm, de
Groot) need something that speaks for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fotopoort.names.forms import PREFIXES, Kind
from fotopoort.names.tokens import Token

# Whoever stands behind these is a grown-up of the school or the family, not the child of that name.
TITLES: Final = frozenset(
    "juf juffrouw juffie meester meneer mijnheer mevrouw mevr mw dhr directeur directrice conciergie concierge dokter"
    " tandarts wethouder burgemeester koning koningin prinses opa oma tante oom papa mama vader moeder wijkagent agent"
    " brandweerman brandweervrouw boswachter boer boerin schrijver schrijfster auteur illustrator zanger zangeres"
    " schilder dichter kapper bakker slager stagiair stagiaire leerkracht leraar lerares docent docente trainer coach"
    " invaller invaljuf dominee pastoor imam pater zuster broeder minister president professor sint sinte san santa"
    " buurvrouw buurman fotograaf schoolleider teamleider coordinator begeleider ouder overblijfouder".split()
)
TITLE_ENDINGS: Final = (
    "juf",
    "meester",
    "moeder",
    "vader",
    "leerkracht",
    "docent",
    "directeur",
    "begeleider",
    "trainer",
)
TITLES_OF_MANY: Final = frozenset(
    "juffen meesters leerkrachten ouders moeders vaders stagiaires docenten directeuren".split()
)
FAMILY: Final = frozenset("familie fam gezin".split())
ARTICLES: Final = frozenset("de het een t n d".split())
DETERMINERS: Final = frozenset(
    "deze die dit dat geen elke iedere elk ieder welke welk zo mooie rode witte gele grote kleine oude nieuwe lieve"
    " onze ons mijn jouw zijn haar hun je uw veel alle twee drie vier vijf".split()
)
# A capital behind these begins the name of a thing.
THINGS: Final = frozenset(
    "groep klas team thema project boek boekje straat plein school basisschool bso kinderopvang kinderdagverblijf"
    " restaurant cafe winkel boerderij camping villa huize stichting vereniging club park orkaan storm film serie lied"
    " liedje band merk firma bedrijf gemeente provincie dorp stad wijk hotel museum theater hof vakgroep unit lokaal"
    " uitgeverij bakkerij supermarkt schip boot kasteel bos meer gebouw familie planeet sterrenbeeld"
    " peuterspeelzaal kinderboerderij manege kamp".split()
)
PERSONAL: Final = frozenset(
    "leest las lazen schrijft schreef vertelt vertelde zegt zei roept riep lacht lachte huilt huilde tekent tekende"
    " knutselt knutselde bouwt bouwde rekent rekende speelt speelde wint won kreeg krijgt mag mocht wil wilde helpt"
    " hielp durft durfde viert vierde trakteert trakteerde presenteert presenteerde poseert poseerde oefent oefende"
    " fietst fietste zwemt zwom danst danste zingt zong klimt klom rent rende kijkt keek leert leerde vindt vond denkt"
    " dacht weet wist kan kon maakt maakte verft verfde bakt bakte plakt plakte proeft proefde juicht juichte geniet"
    " genoot laat liet toont toonde scoort scoorde deed doet hield houdt bedankt dank draagt droeg gooit gooide vangt"
    " ving heet pakt pakte eet at drinkt dronk slaapt sliep vraagt vroeg wacht wachtte zoekt zocht zwaait zwaaide"
    " loopt liep ziet zag springt sprong bedacht bedenkt verkleed verkleedde feliciteert"
    " gefeliciteerd voetbalt turnt".split()
)
LOOSE: Final = frozenset(
    "is was komt kwam zit zat staat stond gaat ging heeft had wordt werd blijft bleef moet moest zal zou ligt lag hangt"
    " hing ook zelf samen jarig en".split()
)
TOWARDS: Final = frozenset("met van voor door bij tegen aan naast achter naar jarig hoi hallo dag lieve beste".split())
LONGEST_LIST: Final = 60  # words back to the title of a list: “de juffen Anna, Eva en Sofie”
GREETINGS: Final = frozenset("hoi hallo dag lieve beste bravo proficiat hoera bedankt gefeliciteerd succes".split())
PLACES: Final = frozenset("in uit naar te nabij richting".split())
MONTHS: Final = frozenset("jan mrt apr mei jun jul aug sep sept okt nov dec mart juni juli".split())
LEAST: Final = frozenset("max min ca circa".split())
CALLED: Final = frozenset(
    "leerling leerlinge kind kinderen zusje broertje zus broer vriend vriendin vriendje vriendinnetje"
    " klasgenoot klasgenootje jarige winnaar winnares dochter zoon meisje jongen kleuter".split()
)


@dataclass(frozen=True, slots=True)
class Text:
    """What a text as a whole says about its capitals.

    Attributes:
        shouted: all capitals: they tell nothing.
        titled: nearly every word has one: they tell little.
        label: a few words that need not be a sentence: written in a picture, a name tag.
    """

    tokens: Sequence[Token]
    shouted: bool
    titled: bool
    label: bool

    @classmethod
    def of(cls, tokens: Sequence[Token], *, label: bool) -> Text:
        words = [token for token in tokens if token.text[:1].isalpha()]
        long = [token for token in words if len(token.fold) > 1]
        shouted = bool(long) and all(token.shouted for token in long)
        capitals = sum(token.capital for token in words if token.fold not in PREFIXES)
        others = sum(token.fold not in PREFIXES for token in words)
        return cls(tokens, shouted, others >= 5 and capitals > 0.7 * others, label)


@dataclass(frozen=True, slots=True)
class Place:
    """One place in a text where a form of a name stands: from token `first` up to but not including `after`.

    Attributes:
        near: it is a name of the photo's own group.
        word: it is an ordinary word as well.
        owns: a possessive s or apostrophe stands behind it.
    """

    text: Text
    first: int
    after: int
    kind: Kind
    near: bool
    word: bool
    owns: bool
    plural: bool = False  # an s without an apostrophe: a possessive, or several

    @property
    def token(self) -> Token:
        return self.text.tokens[self.first]

    @property
    def before(self) -> Token | None:
        """The word before it in the same sentence."""
        return None if self.token.opens or not self.first else self.text.tokens[self.first - 1]

    @property
    def next(self) -> Token | None:
        """The word behind it in the same sentence."""
        behind = self.text.tokens[self.after] if self.after < len(self.text.tokens) else None
        return None if behind is None or behind.opens else behind

    @property
    def speaks(self) -> bool:
        """What is said stands behind it: “Roos: "Ik vond het leuk."”"""
        gap = self.text.tokens[self.after].gap if self.after < len(self.text.tokens) else ""
        return gap.startswith(":") and bool(set(gap) & set("\"'\u2018’“”„"))

    @property
    def capital(self) -> bool:
        """It has a capital that it would not have as an ordinary word."""
        if self.text.shouted or not any(t.capital for t in self.text.tokens[self.first : self.after]):
            return False
        opens = self.token.opens and self.token.capital
        rest = self.text.tokens[self.first + 1 : self.after]
        return not opens or any(token.capital for token in rest)


def titled(tokens: Sequence[Token], first: int) -> bool:
    """Whether a title (juf, meneer, oma) stands right before token `first`; or, of several, before its list."""
    at = first
    while at and at > first - LONGEST_LIST and not tokens[at].opens:
        before = tokens[at - 1]
        if before.fold in TITLES_OF_MANY:
            return True
        if at == first and tokens[at].gap.strip(" .") == "" and is_title(before.fold):
            return True
        if at < first and not before.capital and before.fold not in ("en", "of"):
            return False
        listed = tokens[at].gap.strip() in (",", "&") or before.fold == "en" or tokens[at].fold == "en"
        if not listed:
            return False
        at -= 1
    return False


def is_title(fold: str) -> bool:
    return fold in TITLES or (len(fold) > 6 and fold.endswith(TITLE_ENDINGS))


def is_given(place: Place) -> bool | None:
    """A first name, a nickname, a diminutive or a part of a double name, with no surname of that child behind it."""
    if titled(place.text.tokens, place.first) or _is_date_or_least(place):
        return None
    if place.kind is Kind.PART and not (place.near and (place.capital or place.token.capital)):
        return None
    if _somebody_elses(place):
        return False if place.near else None
    if place.kind is Kind.PART:
        return None if place.word and _word(place) is None else False
    if place.word:
        return _word(place)
    return place.near or place.token.capital


def _word(place: Place) -> bool | None:
    """A name that is an ordinary word."""
    alone = place.first == 0 and place.after == len(place.text.tokens)
    if alone and (place.text.label or place.token.capital):
        return False if place.near else None  # all that is written there
    before, behind = place.before, place.next
    personal = behind is not None and behind.fold in PERSONAL and behind.gap.isspace()
    if not place.capital:
        if not place.token.capital and not place.text.shouted:
            return None
        if place.text.shouted:
            greeted = before is not None and before.fold in GREETINGS
            return False if place.near and (personal or greeted) and not _behind_article(place) else None
        if place.plural:  # “Storms opa”, and not “Storms komen en gaan”
            owned = behind is not None and not behind.capital and not behind.fold.endswith("en")
            return False if owned and place.near else None
        if place.speaks:
            return False if place.near else None
        if place.owns:
            return place.near
        if personal:
            return True if place.near else False
        return False if place.near and behind is not None and behind.fold in LOOSE else None
    if _behind_article(place):
        return None
    if before is not None and before.fold in THINGS and place.token.gap == " ":
        return None
    if before is not None and before.fold in DETERMINERS:
        return False if place.near else None
    if before is not None and before.capital and not before.opens and place.token.gap == " " and not is_called(before):
        return False if place.near else None  # the second word of some other name
    if not place.near:
        return False if personal or (before is not None and before.fold in TOWARDS | CALLED) else None
    return not place.text.titled


def is_surname(place: Place, *, follows_name: bool) -> bool | None:
    """A surname without the first name of a child of that name before it.

    Args:
        follows_name: the word before it looks like somebody's first name.
    """
    before, token = place.before, place.token
    tokens = place.text.tokens
    if before is not None and before.fold in FAMILY:
        return True
    if titled(tokens, place.first) or (before is not None and before.fold in THINGS):
        return None
    main = tokens[place.first : place.after]
    capitals = any(one.capital for one in main if one.fold not in PREFIXES) and not place.text.shouted
    if not capitals:
        return False if place.near and not place.word and place.text.label else None
    if follows_name:
        return False if place.near and not (place.word and _in_title(place)) else None
    if before is not None and (before.fold in PLACES or before.fold in ARTICLES):
        return None
    bare = len(main) == 1
    if place.word or len(main[-1].fold) < 4:
        return False if place.near and not token.opens and not (bare and place.text.titled) else None
    return not token.opens if place.near else None


def is_called(token: Token) -> bool:
    return token.fold in CALLED


def _in_title(place: Place) -> bool:
    """“De Gouden Leeuw”: the name of a thing."""
    tokens, at = place.text.tokens, place.first - 1
    while at > 0 and tokens[at].capital and not tokens[at].opens and tokens[at].fold not in ARTICLES:
        at -= 1
    return at >= 0 and tokens[at].fold in ARTICLES


def _behind_article(place: Place) -> bool:
    return place.before is not None and place.before.fold in ARTICLES


def _is_date_or_least(place: Place) -> bool:
    """“20 jan”, “max. 25”."""
    token, before, behind = place.token, place.before, place.next
    if token.capital and not place.text.shouted:
        return False
    numbers = [one for one in (before, behind) if one is not None and one.fold.isdigit()]
    if token.fold in MONTHS:
        return bool(numbers)
    after = place.text.tokens[place.after].gap if place.after < len(place.text.tokens) else ""
    return token.fold in LEAST and (bool(numbers) or after.startswith("."))


def _somebody_elses(place: Place) -> bool:
    """A surname that is not this child's stands behind it: “Emma Watson”, “Jan van Riebeeck”."""
    tokens, at = place.text.tokens, place.after
    if place.owns or place.text.titled or place.text.shouted or place.text.label:
        return False
    while at < len(tokens) and tokens[at].fold in PREFIXES and _goes_on(tokens[at]) and not tokens[at].capital:
        at += 1
    if at == len(tokens) or not _goes_on(tokens[at]) or not place.token.capital:
        return False
    if at > place.after and tokens[place.after].fold in ("in", "op", "aan", "bij", "uit", "over", "voor", "onder", "d"):
        return False  # “Sem op Schiphol”
    if (
        at > place.after
        and len(tokens[place.after : at]) == 1
        and tokens[place.after].fold in ("de", "van", "het", "la")
    ):
        return tokens[place.after].fold == "van" or tokens[at].capital
    return tokens[at].capital and len(tokens[at].fold) > 1 and not tokens[at].shouted


def _goes_on(token: Token) -> bool:
    return not token.opens and token.gap in (" ", "-")
