"""Dutch words that speak for or against a name beside them, folded as in `tokens`."""

from __future__ import annotations

from typing import Final

# Whoever is named behind these is a grown-up of the school or the family, not the child of that name.
TITLES: Final = frozenset(
    "juf juffrouw juffie gymjuf zwemjuf meester meneer mijnheer heer hr mevrouw mevr mw dhr opa oma tante oom oudtante"
    " papa mama vader moeder ouder buurvrouw buurman leerkracht leraar lerares docent docente stagiair stagiaire"
    " invaller invaljuf overblijfouder coach trainer wijkagent wethouder fotograaf tandarts huisarts schoolarts arts"
    " psycholoog logopedist logopediste orthopedagoog therapeut verpleegkundige ambtenaar chauffeur"
    " schoolleider teamleider coordinator begeleider conciergie concierge".split()
)
TITLE_ENDINGS: Final = (
    "juf", "leerkracht", "docent", "docente", "leraar", "lerares", "begeleider", "begeleidster", "ambtenaar",
    "medewerker", "medewerkster", "coordinator", "moeder", "vader",
)  # fmt: skip
# Grown-ups too, but children play them: “koning Sem opent de Koningsspelen”.
ROLES: Final = frozenset(
    "directeur directrice dokter burgemeester kinderburgemeester koning koningin prins prinses keizer keizerin ridder"
    " agent brandweerman brandweervrouw boswachter boer boerin schrijver schrijfster auteur illustrator zanger zangeres"
    " schilder dichter kapper bakker slager dominee pastoor imam pater zuster broeder minister president professor sint"
    " sinte san santa kapitein presentator presentatrice acteur actrice componist architect profeet apostel".split()
)
PLURAL_TITLES: Final = frozenset(
    "juffen meesters leerkrachten ouders moeders vaders stagiaires docenten directeuren".split()
)
FAMILY: Final = frozenset("familie fam gezin".split())
ARTICLES: Final = frozenset("de het een t n d".split())
DETERMINERS: Final = frozenset(
    "deze die dit dat geen elke iedere elk ieder welke welk zo mooie rode witte gele grote kleine oude nieuwe lieve"
    " onze ons mijn jouw zijn haar hun je uw veel alle twee drie vier vijf".split()
)
# A capital behind these begins the name of a thing.
NAMED_THINGS: Final = frozenset(
    "groep klas team thema project boek boekje straat plein school basisschool bso kinderopvang kinderdagverblijf"
    " restaurant cafe winkel boerderij camping villa huize stichting vereniging club park orkaan storm film serie lied"
    " liedje band merk firma bedrijf gemeente provincie dorp stad wijk hotel museum theater hof vakgroep unit lokaal"
    " uitgeverij bakkerij supermarkt schip boot kasteel bos meer gebouw familie planeet sterrenbeeld"
    " peuterspeelzaal kinderboerderij manege kamp".split()
)
# Only persons do these, so the word before such a verb is a person.
PERSONAL_VERBS: Final = frozenset(
    "leest las lazen schrijft schreef vertelt vertelde zegt zei roept riep lacht lachte huilt huilde tekent tekende"
    " knutselt knutselde bouwt bouwde rekent rekende speelt speelde wint won kreeg krijgt mag mocht wil wilde helpt"
    " hielp durft durfde viert vierde trakteert trakteerde presenteert presenteerde poseert poseerde oefent oefende"
    " fietst fietste zwemt zwom danst danste zingt zong klimt klom rent rende kijkt keek leert leerde vindt vond denkt"
    " dacht weet wist kan kon maakt maakte verft verfde bakt bakte plakt plakte proeft proefde juicht juichte geniet"
    " genoot laat liet toont toonde scoort scoorde deed doet hield houdt bedankt dank draagt droeg gooit gooide vangt"
    " ving heet pakt pakte eet at drinkt dronk slaapt sliep vraagt vroeg wacht wachtte zoekt zocht zwaait zwaaide"
    " loopt liep ziet zag springt sprong bedacht bedenkt verkleed verkleedde feliciteert"
    " gefeliciteerd voetbalt turnt spreekt sprak werkt werkte belt belde stuurt stuurde luistert luisterde droomt"
    " droomde verzamelt verzamelde versiert versierde deelt deelde kiest koos verzint verzon haalt haalde legt legde"
    " zet zette bezoekt bezocht mist miste oogst oogstte telt telde ontdekt ontdekte".split()
)
# Only a person has these, so a possessive before one of them is a person's name.
RELATIVES: Final = frozenset(
    "moeder vader mama papa ouders oma opa broer broertje broertjes zus zusje zusjes tante oom neef neefje nicht"
    " nichtje familie verjaardag vriend vriendin vriendje vriendinnetje juf meester".split()
)
# These can stand right behind a name, but behind a thing as well.
BEHIND_NAMES: Final = frozenset(
    "is was komt kwam zit zat staat stond gaat ging heeft had wordt werd blijft bleef moet moest zal zou ligt lag hangt"
    " hing ook zelf samen jarig en zijn haar zn dr z d"
    " viel valt bracht brengt gaf geeft nam neemt reed rijdt gleed glijdt sloeg slaat brak"
    " breekt verloor verliest kroop kruipt trok trekt schoot schiet stak steekt had begint begon raakt raakte".split()
)
PLURAL_VERBS: Final = frozenset("staan zijn waren liggen hangen gaan komen hebben zitten worden werden moeten".split())
TOWARDS_PERSONS: Final = frozenset(
    "met van voor door bij tegen aan naast achter naar jarig hoi hallo dag lieve beste".split()
)
GREETINGS: Final = frozenset("hoi hallo dag lieve beste bravo proficiat hoera bedankt gefeliciteerd succes".split())
# Words that can stand for a person, or begin something new: “Roos en ik”, “Roos en toen”.
PERSONS: Final = frozenset(
    "ik jij hij zij wij jullie ook nog dan daarna alle andere anderen rest klasgenoten klasgenootjes vrienden"
    " vriendinnen vriendje in op bij met van voor die wie wat waar hoe toen als want maar is zijn hun ons iedereen"
    " allebei samen opas omas papas mamas".split()
)
PLACE_PREPOSITIONS: Final = frozenset("in uit naar te nabij richting".split())
# Where children are in photos: a caption that is a name and one of these needs no verb, “Roos in de klas”.
WHERE: Final = frozenset("in op bij met aan achter tijdens naast voor onder onderweg tussen".split())
SCHOOL_PLACES: Final = frozenset(
    "klas klaslokaal lokaal plein schoolplein gang hal aula kring gymzaal gym gymles speelzaal speellokaal zandbak"
    " schommel glijbaan klimrek klimtoestel wip speeltuin podium toneel foto school groep stoel bank bus trein fiets"
    " step kamp schoolkamp schoolreis schoolreisje zwembad zwemles bad water boerderij kinderboerderij tuin schooltuin"
    " moestuin bibliotheek bieb keuken leeshoek poppenhoek bouwhoek huishoek computer ipad tafel tekentafel"
    " watertafel trampoline disco markt rommelmarkt opening viering feest schoolfeest les rekenles werk lezen rekenen"
    " knutselen tekenen spelen bouwen verven kleuren koken bakken dansen zwemmen pauze"
    " buitenspelen bord digibord deur".split()
)
# Names in these belong to nobody at school.
EXPRESSIONS: Final = tuple(
    tuple(words.split())
    for words in (
        "jan en alleman", "boven jan", "jan met de pet", "jan modaal", "jan publiek", "jan klaassen", "klaas vaak",
        "piet precies", "pietje precies", "pietje bell", "pietje puk", "jantje beton", "jantje van leiden", "hbo max",
        "zwarte piet", "sint en piet", "ome jan", "jip en janneke", "bert en ernie", "emma kinderziekenhuis",
        "max verstappen", "jan steen",
        "anne frank", "jan smit", "sam sam", "ground floor", "dance floor", "the floor", "floor is lava",
        "dikke bob", "holle bolle gijs", "pim pam pet",
    )
)  # fmt: skip
BEFORE_SURNAMES: Final = frozenset("der den vd vdr ter".split())
NO_SURNAME_BEGINS: Final = frozenset("in op aan bij uit over voor onder d".split())
NO_VERBS: Final = frozenset("want niet met wat dat tot uit het beste laatste eerste achter midden lucht".split())
# These have a capital inside a sentence, and are nobody's surname: “heeft Emma Sinterklaas gezien”.
OWN_CAPITALS: Final = frozenset(
    "sinterklaas sint piet pieten kerst kerstmis kerstman pasen paashaas pinksteren hemelvaart koningsdag carnaval"
    " ramadan suikerfeest offerfeest divali halloween moederdag vaderdag dierendag engels nederlands frans duits spaans"
    " fries turks arabisch pools chinees nederland efteling artis nemo cito avi lego minecraft fortnite pokemon roblox"
    " ipad facebook instagram whatsapp youtube tiktok snappet junior kids".split()
)
# How words end that stand behind a child's name in titles: “Thijs Spreekbeurt”, “Emma Zwemdiploma”.
OCCASIONS: Final = tuple(
    "avond beurt bespreking bezoek dag dagen diner diploma examen feest feestje foto lunch middag morgen musical"
    " ochtend ontbijt optocht optreden plein presentatie project quiz receptie reis reisje spelen tekening tocht"
    " toernooi uitje viering vierdaagse voetbal voorstelling wandeling wedstrijd week weekend werkje werkstuk".split()
)
MONTHS: Final = frozenset("jan mrt apr mei jun jul aug sep sept okt nov dec mart juni juli".split())
BEFORE_MONTHS: Final = frozenset("in begin eind half medio vanaf sinds tot".split())
LIMITS: Final = frozenset("max min ca circa".split())
CHILD_NOUNS: Final = frozenset(
    "leerling leerlinge kind kinderen zusje broertje zus broer vriend vriendin vriendje vriendinnetje"
    " klasgenoot klasgenootje jarige winnaar winnares dochter zoon meisje jongen kleuter".split()
)
# A name can stand right behind these, in a text without capitals.
BEFORE_NAMES: Final = (
    (TOWARDS_PERSONS - {"voor", "aan"}) | GREETINGS | CHILD_NOUNS | BEHIND_NAMES | PERSONAL_VERBS
) | frozenset("en of dat ook iemand nu".split())
# Beside a name, these do not show that it is a thing.
NO_THINGS: Final = CHILD_NOUNS | RELATIVES | DETERMINERS | ARTICLES | PERSONS
