"""THE table: every rule of the photo policy, one row each.

A row says on which channels the rule holds (`on`), when it applies (`when`), what then happens (`then`), and the
sentence with which it is explained to whoever wants to publish the photo (`says`; other sentences where that one would
not be true, see `rule.py` and `wording.py`). `applies` is the function in `conditions.py` that recognises the
situation. The strictest effect wins; the order of the rows never matters.

Numbers in braces come from `policy.toml`; `{front}` is whether it is known that somebody is full in the face. The table
stays in one file, however long, so that it can be read from beginning to end.
"""

from __future__ import annotations

from typing import Final

from fotopoort.errors import BadAnswers
from fotopoort.policy import conditions
from fotopoort.policy.policy import Covering, Policy, PublicFrontal
from fotopoort.policy.rule import On, Rule, Step, Then
from fotopoort.vocabulary import Text


def as_set_for_unchecked_names(policy: Policy) -> Then:
    return Then(policy.settings.unchecked_names)


def as_set_for_public_close_ups(policy: Policy) -> Then:
    return Then(policy.settings.public_close_up)


def as_set_for_public_frontal(policy: Policy) -> Then:
    return Then.ADVISE if policy.settings.public_frontal is PublicFrontal.ADVISE else Then.COVER


# Two rules say this on purpose, so that nobody can learn from it that a person must never be found.
FIRST_SEE_WHO_IS_IN_IT: Final = Text(
    "Kijk eerst na wie er op de foto staan. Daarna kun je de foto opnieuw laten beoordelen.",
    "First check who is in this photo. Then it can be judged again.",
)

RULES: Final[tuple[Rule, ...]] = (
    # --- the photo as a whole ---
    Rule(
        "R01",
        On.EVERY,
        Text("De foto kon niet worden beoordeeld.", "The photo could not be judged."),
        Then.REJECT,
        Text(
            "Deze foto kon niet worden beoordeeld. Plaats hem niet.",
            "This photo could not be judged. Do not publish it.",
        ),
        conditions.could_not_be_judged,
    ),
    Rule(
        "R02",
        On.EVERY,
        Text(
            "De foto, of een foto die er sterk op lijkt, is eerder gemeld of geblokkeerd.",
            "The photo, or one much like it, was reported or blocked before.",
        ),
        Then.REJECT,
        Text(
            "Deze foto is eerder gemeld of geblokkeerd. Plaats hem niet.",
            "This photo was reported or blocked before. Do not publish it.",
        ),
        conditions.reported_before,
    ),
    Rule(
        "R03",
        On.EVERY,
        Text(
            "Iemand die nooit vindbaar mag zijn, is op de foto aangewezen.",
            "Somebody who must never be found was pointed out in the photo.",
        ),
        Then.REJECT,
        FIRST_SEE_WHO_IS_IN_IT,
        conditions.somebody_never_locatable,
        speaks_as="R23",
    ),
    Rule(
        "R04",
        On.EVERY,
        Text(
            "Een leerkracht zegt dat een kind of een leerkracht last kan krijgen van de foto, nu of toen dezelfde foto"
            " eerder werd gestuurd.",
            "A teacher says that a child or a teacher may come to harm by the photo, now or when the same photo was"
            " sent before.",
        ),
        Then.REJECT,
        Text(
            "Iemand kan last krijgen van deze foto. Plaats hem niet en kies een andere.",
            "Somebody may come to harm by this photo. Do not publish it, and choose another one.",
        ),
        conditions.said_to_be_harmful,
    ),
    Rule(
        "R05",
        On.EVERY,
        Text(
            "Niemand zei of een kind of een leerkracht last kan krijgen van de foto.",
            "Nobody said whether a child or a teacher may come to harm by the photo.",
        ),
        Then.ADVISE,
        Text(
            "Kan iemand hier last van krijgen, een kind of een leerkracht? Plaats de foto dan niet.",
            "May anybody come to harm by this, a child or a teacher? Then do not publish the photo.",
        ),
        None,
        Step.AFTERWARDS,
    ),
    # --- names and text ---
    Rule(
        "R10",
        On.PUBLIC,
        Text(
            "In het bijschrift of bericht staat de naam van een kind.",
            "The caption or message holds a child's name.",
        ),
        Then.REJECT,
        Text(
            "In de tekst bij de foto staat een naam van een kind, of een woord dat zo'n naam kan zijn. Haal het weg.",
            "The text with this photo holds a child's name, or a word that may be one. Take it out.",
        ),
        conditions.name_in_caption,
        text_alone=Text(
            "Foto goed, tekst aanpassen: er staat een naam van een kind in, of misschien een naam. Haal het weg.",
            "Photo fine, change the text: it holds a child's name, or a word that may be one. Take it out.",
        ),
    ),
    Rule(
        "R11",
        On.PUBLIC,
        Text(
            "In de bestandsnaam staat de naam van een kind, of de naam is niet gecontroleerd.",
            "The file name holds a child's name, or was not checked for one.",
        ),
        Then.NEUTRAL_NAME,
        Text(
            "In de bestandsnaam staat een naam van een kind. De nieuwe foto krijgt een andere bestandsnaam.",
            "The file name holds a child's name. The new photo gets another file name.",
        ),
        conditions.name_in_file_name,
        rejected=Text(
            "In de bestandsnaam staat een naam van een kind. Geef het bestand een andere naam.",
            "The file name holds a child's name. Give the file another name.",
        ),
    ),
    Rule(
        "R12",
        On.EVERY,
        Text(
            "In het bestand zitten een plaats, namen of een bijschrift.",
            "The file carries a location, names or a caption.",
        ),
        Then.TELL,
        Text(
            "In het bestand zitten een plaats, namen of een bijschrift. Die gaan niet mee in de nieuwe foto.",
            "The file carries a location, names or a caption. They are not in the new photo.",
        ),
        conditions.telling_metadata,
        rejected=Text(
            "In het bestand zitten een plaats, namen of een bijschrift. Geef dit bestand niet door.",
            "The file carries a location, names or a caption. Do not pass this file on.",
        ),
    ),
    Rule(
        "R13",
        On.PUBLIC,
        Text("In de foto is de naam van een kind te lezen.", "A child's name can be read in the picture."),
        Then.COVER,
        Text(
            "In de foto is een naam van een kind te lezen. Die plek wordt bedekt. Plaats alleen de nieuwe foto.",
            "A child's name can be read in the picture. That place is covered. Publish only the new photo.",
        ),
        conditions.name_in_picture,
        rejected=Text(
            "In de foto is een naam van een kind te lezen. Kies liever een foto zonder namen.",
            "A child's name can be read in the picture. Better choose a photo without names.",
        ),
    ),
    Rule(
        "R14",
        On.PUBLIC,
        Text(
            "Er is tekst bij of in de foto, en geen lijst met namen om die mee te vergelijken.",
            "There is text with or in the photo, and no list of names to check it against.",
        ),
        as_set_for_unchecked_names,
        Text(
            "Namen niet gecontroleerd: er is tekst bij of in de foto, maar geen lijst met namen. Kijk die zelf na.",
            "Names not checked: there is text with or in the photo, but no list of names. Check it yourself.",
        ),
        conditions.unchecked_text,
    ),
    Rule(
        "R15",
        On.CLOSED,
        Text(
            "In de foto zijn {policy.private_list.min_names} of meer namen te lezen.",
            "{policy.private_list.min_names} names or more can be read in the picture.",
        ),
        Then.REJECT,
        Text(
            "In de foto zijn veel namen te lezen. Kies een andere foto.",
            "Many names can be read in the picture. Choose another photo.",
        ),
        conditions.list_of_names,
        not_yet=Text(
            "In de foto zijn veel namen te lezen. Kijk eerst of alle ouders die mogen zien.",
            "Many names can be read in the picture. First see whether all parents may see them.",
        ),
    ),
    # --- who may be hidden in it ---
    Rule(
        "R16",
        On.EVERY,
        Text(
            "Over de foto ligt een patroon (de punten van drukwerk, een scan in zwart-wit, een net of hek) waarachter"
            " gezichten niet goed te vinden zijn, en niemand zei dat er verder geen mensen op staan.",
            "A pattern lies over the photo (the dots of a print, a scan in black and white, a net or fence) behind"
            " which faces are hard to find, and nobody said that nobody else is in it.",
        ),
        Then.REJECT,
        Text(
            "Op deze foto zijn gezichten niet goed te vinden, door een patroon van punten of lijnen. Kies een andere"
            " foto.",
            "Faces are hard to find in this photo because of a pattern of dots or lines. Choose another photo.",
        ),
        conditions.people_may_be_hidden,
        not_yet=Text(
            "Nog niet: op deze foto zijn gezichten niet goed te vinden, door een patroon van punten of lijnen. Zeg"
            " eerst of er mensen op staan.",
            "Not yet: faces are hard to find in this photo because of a pattern of dots or lines. First say whether"
            " there are people in it.",
        ),
    ),
    Rule(
        "R17",
        On.PUBLIC,
        Text(
            "Iemand is zo groot te zien dat het gezicht herkenbaar zou zijn, maar daar is geen gezicht gevonden of"
            " getekend, en niemand zei dat er verder geen mensen op staan.",
            "Somebody is seen so large that the face would be recognisable, but none was found or drawn there, and"
            " nobody said that nobody else is in it.",
        ),
        Then.REJECT,
        Text(
            "Op deze foto lijkt iemand te staan van wie het gezicht niet is gevonden. Kies een andere foto.",
            "Somebody seems to be in this photo whose face was not found. Choose another photo.",
        ),
        conditions.somebody_unseen,
        not_yet=Text(
            "Nog niet: op deze foto lijkt iemand te staan van wie het gezicht niet is gevonden. Zeg eerst"
            " of dat zo is.",
            "Not yet: somebody seems to be in this photo whose face was not found. First say whether that is so.",
        ),
    ),
    # --- who is in it ---
    Rule(
        "R20",
        On.EVERY,
        Text(
            "Iemand die is aangewezen, mag niet op dit kanaal. Of het is een kind dat niet op de lijst staat.",
            "Somebody who was pointed out may not be shown on this channel. Or it is a child who is not on the list.",
        ),
        Then.COVER,
        Text(
            "Wie hier is aangewezen, mag niet op dit kanaal en wordt bedekt. Plaats alleen de nieuwe foto.",
            "Whoever was pointed out here may not be shown on this channel and is covered. Publish only the new photo.",
        ),
        conditions.identified_but_not_allowed,
        rejected=Text(
            "Wie hier is aangewezen, mag niet op dit kanaal. Kies een foto zonder deze persoon.",
            "Whoever was pointed out here may not be shown on this channel. Choose a photo without this person.",
        ),
        not_yet=Text(
            "Wie hier is aangewezen, mag niet op dit kanaal. Mag de foto straks wel, dan is dit bedekt.",
            "Whoever was pointed out here may not be shown on this channel. If the photo may go out later, this is"
            " covered.",
        ),
    ),
    Rule(
        "R21",
        On.EVERY,
        Text("De leerkracht vraagt om iets te bedekken.", "The teacher asks to cover something."),
        Then.COVER,
        Text(
            "Dit wordt bedekt omdat je erom vroeg. Plaats alleen de nieuwe foto.",
            "This is covered because you asked for it. Publish only the new photo.",
        ),
        conditions.asked_to_cover,
        rejected=Text("Je vroeg om dit te bedekken.", "You asked to cover this."),
    ),
    Rule(
        "R22",
        On.EVERY,
        Text(
            "Van een herkenbaar gezicht is niet gezegd wie het is, en het kan iemand zijn die niet op dit kanaal mag.",
            "Nobody said whose a recognisable face is, and it may be somebody who may not be shown on this channel.",
        ),
        Then.COVER,
        Text(
            "Dit kan iemand zijn die niet op dit kanaal mag. Het gezicht wordt bedekt tot je zegt wie het is.",
            "This may be somebody who may not be shown on this channel. The face is covered until you say who it is.",
        ),
        conditions.could_be_somebody_not_allowed,
        rejected=Text(
            "Dit kan iemand zijn die niet op dit kanaal mag. Kies een foto zonder dit gezicht.",
            "This may be somebody who may not be shown on this channel. Choose a photo without this face.",
        ),
        not_yet=Text(
            "Dit kan iemand zijn die niet op dit kanaal mag. Zeg eerst wie het is.",
            "This may be somebody who may not be shown on this channel. First say who it is.",
        ),
    ),
    Rule(
        "R23",
        On.EVERY,
        Text(
            "Iemand die niet op dit kanaal mag, staat op de foto maar is niet aangewezen. Of er zijn meer gezichten dan"
            " mensen die er volgens de leerkracht op staan.",
            "Somebody who may not be shown on this channel is in the photo, but was not pointed out. Or there are more"
            " faces than people who are in it according to the teacher.",
        ),
        Then.REJECT,
        FIRST_SEE_WHO_IS_IN_IT,
        conditions.sayings_do_not_fit,
    ),
    Rule(
        "R24",
        On.EVERY,
        Text(
            "Van een gezicht, hoe klein ook, is niet gezegd wie het is, en iemand die niet op dit kanaal mag is niet"
            " uitgesloten.",
            "Nobody said whose a face is, however small, and somebody who may not be shown on this channel is not ruled"
            " out.",
        ),
        Then.REJECT,
        Text(
            "Op deze foto kan iemand staan die niet op dit kanaal mag. Kies een andere foto.",
            "Somebody who may not be shown on this channel may be in this photo. Choose another photo.",
        ),
        conditions.not_yet_said_who,
        not_yet=Text(
            "Nog niet: op deze foto kan iemand staan die niet op dit kanaal mag. Zeg eerst wie erop staat.",
            "Not yet: somebody who may not be shown on this channel may be in this photo. First say who is in it.",
        ),
        off=lambda policy: not policy.settings.first_say_who,
    ),
    Rule(
        "R25",
        On.EVERY,
        Text(
            "Iemand die niet op dit kanaal mag, wordt in de metadata van het bestand genoemd, en niemand heeft gezegd"
            " of die erop staat.",
            "The file's metadata names somebody who may not be shown on this channel, and nobody said whether they are"
            " in the photo.",
        ),
        Then.REJECT,
        Text(
            "In dit bestand wordt iemand genoemd die niet op dit kanaal mag. Kies een andere foto.",
            "This file names somebody who may not be shown on this channel. Choose another photo.",
        ),
        conditions.named_in_the_file,
        not_yet=Text(
            "Nog niet: in dit bestand wordt iemand genoemd die niet op dit kanaal mag. Zeg eerst wie erop staat.",
            "Not yet: this file names somebody who may not be shown on this channel. First say who is in it.",
        ),
    ),
    Rule(
        "R26",
        On.EVERY,
        Text(
            "Dezelfde foto is vaker gestuurd. Toen is hier om bedekken gevraagd, iemand getekend, een ander kind"
            " aangewezen, of iemand die niet op dit kanaal mag.",
            "The same photo was sent at another time. Then it was asked to cover this, somebody was drawn here, or"
            " another child or somebody who may not be shown on this channel was pointed out.",
        ),
        Then.COVER,
        Text(
            "Dit wordt bedekt door wat iemand eerder bij dezelfde foto zei. Dat kan daar worden teruggenomen. Plaats"
            " alleen de nieuwe foto.",
            "This is covered because of what somebody said of the same photo before. It can be taken back there."
            " Publish only the new photo.",
        ),
        conditions.covered_by_what_was_said_elsewhere,
        rejected=Text(
            "Iemand zei eerder bij dezelfde foto iets waardoor dit niet in beeld mag.",
            "Because of what somebody said of the same photo before, this may not be seen.",
        ),
    ),
    # --- how they are in it ---
    Rule(
        "R30",
        On.PUBLIC,
        Text(
            "Een leerling, of iemand die dat kan zijn, is van dichtbij en recht van voren te zien.",
            "A pupil, or somebody who may be one, is seen close by and full in the face.",
        ),
        as_set_for_public_close_ups,
        Text(
            "Een kind is van dichtbij en {front} te zien. Kies voor dit kanaal liever een overzichtsfoto.",
            "A child is seen close by and {front}. Better choose an overview photo for this channel.",
        ),
        conditions.pupil_close_and_frontal,
        rejected=Text(
            "Een kind is van dichtbij en {front} te zien. Kies een andere foto, of een stuk van deze foto zonder dit"
            " kind. Of vraag de privacyfunctionaris of het hier mag.",
            "A child is seen close by and {front}. Choose another photo, or a crop of this one without this child. Or"
            " ask the privacy officer whether it may be shown here.",
        ),
        not_yet=Text(
            "Nog niet: iemand is van dichtbij en {front} te zien. Zeg eerst of dit een leerling is. Is het een"
            " leerling? Kies dan een andere foto, of een stuk van deze foto. Of vraag de privacyfunctionaris.",
            "Not yet: somebody is seen close by and {front}. First say whether this is a pupil. Is it a pupil? Then"
            " choose another photo, or a crop of this one. Or ask the privacy officer.",
        ),
        set_aside=Text(
            "Een kind is van dichtbij en {front} te zien. De privacyfunctionaris vindt dat hier goed.",
            "A child is seen close by and {front}. The privacy officer approves of it here.",
        ),
    ),
    Rule(
        "R33",
        On.EVERY,
        Text(
            "Iedereen die het kan zijn mag op dit kanaal. Of het is een volwassene die het goedvindt, of geen echt"
            " mens.",
            "Everybody it may be may be shown on this channel. Or it is an adult who agreed, or no real person.",
        ),
        Then.KEEP,
        Text(
            "Dit gezicht mag te zien zijn, maar is {front} te zien. Kies voor dit kanaal liever een overzichtsfoto.",
            "This face may be shown, but is seen {front}. Better choose an overview photo for this channel.",
        ),
        conditions.may_be_seen,
    ),
    Rule(
        "R34",
        On.EVERY,
        Text(
            "Een gezicht is op dit kanaal lager dan {policy.recognisable.min_face_height:g} pixels en zo niet te"
            " herkennen.",
            "A face is less than {policy.recognisable.min_face_height:g} pixels high on this channel, and so cannot be"
            " recognised.",
        ),
        Then.KEEP,
        Text(
            "Dit gezicht is te klein om te herkennen en mag zo blijven.",
            "This face is too small to recognise and may stay as it is.",
        ),
        conditions.too_small_to_recognise,
        rejected=Text(
            "Dit gezicht is te klein om te herkennen. Hierdoor wordt de foto niet tegengehouden.",
            "This face is too small to recognise. It is not what holds the photo back.",
        ),
    ),
    Rule(
        "R35",
        On.EVERY,
        Text(
            "Iemand die op school werkt is van dichtbij te zien, en zei niet zelf dat dat op dit kanaal mag.",
            "Somebody who works at the school is seen close by, and did not say themselves that this channel may show"
            " it.",
        ),
        Then.COVER,
        Text(
            "Dit is een portret van iemand die op school werkt. Het wordt bedekt. Vraag die persoon of het mag.",
            "This is a portrait of somebody who works at the school. It is covered. Ask that person whether it may be"
            " shown.",
        ),
        conditions.staff_close_by,
        rejected=Text(
            "Dit is een portret van iemand die op school werkt. Vraag die persoon of het mag.",
            "This is a portrait of somebody who works at the school. Ask that person whether it may be shown.",
        ),
    ),
    Rule(
        "R36",
        On.PUBLIC,
        Text(
            "Een kind is van dichtbij en recht van voren te zien. Maar de foto kan zo klein dat niemand te herkennen"
            " is, en is dan nog {policy.smaller.min_side} pixels of meer.",
            "A child is seen close by and full in the face. But the photo can be so small that nobody can be"
            " recognised, and still have {policy.smaller.min_side} pixels or more.",
        ),
        Then.TELL,
        Text(
            "Een kleinere foto kan ook. Maak de langste kant {side} pixels of minder: dan is niemand te herkennen.",
            "A smaller photo will do too. Make its longest side {side} pixels or less: then nobody can be recognised.",
        ),
        conditions.only_smaller,
    ),
    Rule(
        "R37",
        On.PUBLIC,
        Text(
            "Een leerling, of iemand die dat kan zijn, is recht van voren te zien, groter dan op een overzichtsfoto.",
            "A pupil, or somebody who may be one, is seen full in the face and larger than in an overview photo.",
        ),
        as_set_for_public_frontal,
        Text(
            "Dit gezicht is groot en {front} te zien, en wordt daarom bedekt. Kies liever een overzichtsfoto.",
            "This face is large and seen {front}, and so it is covered. Better choose an overview photo.",
        ),
        conditions.large_and_frontal,
        off=lambda policy: policy.settings.public_frontal is PublicFrontal.ADVISE,
        rejected=Text(
            "Dit gezicht is groot en {front} te zien. Kies voor dit kanaal liever een overzichtsfoto.",
            "This face is large and seen {front}. Better choose an overview photo for this channel.",
        ),
    ),
    # --- what is left of the photo ---
    Rule(
        "R40",
        On.EVERY,
        Text(
            "Er wordt te veel bedekt: {policy.too_little_left.min_covered_share:.0%} van de foto of meer.",
            "Too much is covered: {policy.too_little_left.min_covered_share:.0%} of the photo or more.",
        ),
        Then.REJECT,
        Text(
            "Er blijft te weinig van de foto over. Kies een andere foto.",
            "Too little is left of this photo. Choose another one.",
        ),
        conditions.too_little_left,
        Step.WHAT_IS_LEFT,
        not_yet=Text(
            "Zo blijft er te weinig van de foto over. Beantwoord eerst de vragen.",
            "As it is, too little is left of this photo. First answer the questions.",
        ),
        who_open=Text(
            "We weten nog niet wie erop staan. Met al die gezichten bedekt blijft er te weinig over. Beantwoord eerst"
            " de vragen.",
            "We do not know yet who is in it. With all these faces covered, too little is left. First answer the"
            " questions.",
        ),
    ),
    Rule(
        "R41",
        On.EVERY,
        Text(
            "Na twee keer bedekken is nog iets te zien dat bedekt moest worden.",
            "After covering twice, something can still be seen that had to be covered.",
        ),
        Then.REJECT,
        Text(
            "Het lukt niet om alles te bedekken wat bedekt moet worden. Kies een andere foto.",
            "Not everything that must be covered could be covered. Choose another photo.",
        ),
        None,
        Step.AFTERWARDS,
    ),
    Rule(
        "R42",
        On.EVERY,
        Text(
            "Het enige gezicht van dichtbij wordt bedekt, of meer dan {policy.too_little_left.max_covered_faces:.0%}"
            " van de herkenbare gezichten als dat er {policy.too_little_left.min_faces} of meer zijn.",
            "The only face close by is covered, or more than {policy.too_little_left.max_covered_faces:.0%} of the"
            " recognisable faces where there are {policy.too_little_left.min_faces} or more.",
        ),
        Then.TELL,
        Text(
            "Op deze foto is straks bijna niemand meer te zien. Kies misschien een andere foto.",
            "Hardly anybody can be seen in this photo then. Perhaps choose another one.",
        ),
        conditions.few_faces_left,
        Step.WHAT_IS_LEFT,
    ),
    Rule(
        "R43",
        On.EVERY,
        Text(
            "Van iemand wordt de hele persoon bedekt, en daarachter verdwijnt ook een gezicht dat te zien mag zijn.",
            "Somebody is covered as a whole, and a face that may be shown disappears behind that cover too.",
        ),
        Then.TELL,
        Text(
            "Dit gezicht mag te zien zijn, maar verdwijnt ook: het zit achter wat van een ander wordt bedekt.",
            "This face may be shown, but disappears too: it is behind what is covered of somebody else.",
        ),
        conditions.others_behind_a_cover,
        Step.WHAT_IS_LEFT,
        off=lambda policy: policy.settings.cover is Covering.FACE,
    ),
    Rule(
        "R44",
        On.EVERY,
        Text(
            "De leerkracht kiest een stuk van de foto: wie of wat niet te zien mag zijn valt erbuiten, wie te zien mag"
            " zijn blijft, en dat stuk zou als foto zo geplaatst mogen worden.",
            "The teacher asks for a crop: whoever or whatever may not be shown is outside it, those who may be shown"
            " stay, and the crop could go out as a photo of its own as it is.",
        ),
        Then.TELL,
        Text(
            "Je koos een stuk van de foto. Wat niet te zien mag zijn, valt daarbuiten.",
            "You chose a crop. What may not be shown is outside it.",
        ),
        None,
        Step.AFTERWARDS,
    ),
    Rule(
        "R50",
        On.EVERY,
        Text("Niets van het bovenstaande houdt de foto tegen.", "Nothing above holds the photo back."),
        Then.PUBLISH,
        Text(
            "Deze foto mag zo op dit kanaal. Je kunt hem plaatsen.",
            "This photo may go out on this channel as it is. You can publish it.",
        ),
        conditions.nothing_limits,
        Step.NOTHING_ELSE,
    ),
    Rule(
        "R60",
        On.EVERY,
        Text(
            "Eén bericht gaat naar meer kanalen tegelijk: de strengste regels gelden voor alle.",
            "One message goes to several channels at once: the strictest rules hold for all.",
        ),
        Then.TELL,
        Text(
            "Dit bericht gaat ook naar {channels}. Daarom gelden hier de regels die daar gelden.",
            "This message also goes to {channels}. That is why the rules that hold there hold here too.",
        ),
        None,
        Step.AFTERWARDS,
    ),
    Rule(
        "R61",
        On.PUBLIC,
        Text(
            "Van de foto's in een bericht is minder dan de helft een overzichtsfoto of een foto zonder gezichten.",
            "Of the photos of a post less than half are overview photos, or photos without faces.",
        ),
        Then.ADVISE,
        Text(
            "Overzichtsfoto's: {overviews} van de {photos}. Kies voor dit kanaal vooral overzichtsfoto's.",
            "Overview photos: {overviews} of {photos}. Choose mostly overview photos for this channel.",
        ),
        None,
        Step.AFTERWARDS,
    ),
)


def rule(rule_id: str) -> Rule:
    """The row of that id."""
    return next(row for row in RULES if row.id == rule_id)


def check_override(rule_id: str) -> None:
    """Go on only if the privacy officer may set this rule aside for a photo.

    Raises:
        BadAnswers: there is no such rule, or nobody may.
    """
    allowed = [row.id for row in RULES if row.set_aside]
    if rule_id not in allowed:
        ids = ", ".join(allowed)
        raise BadAnswers(
            Text(nl="Die regel kan niet opzij worden gezet.", en="That rule cannot be set aside."),
            hint=Text(nl=f"Dit kan wel: {ids}.", en=f"What can be: {ids}."),
        )
