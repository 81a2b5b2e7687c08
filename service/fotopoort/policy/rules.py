"""THE table: every rule of the photo policy, one row each.

A row says on which channels the rule holds (`on`), when it applies (`when`), what then happens (`then`), and the
sentence with which it is explained to whoever wants to publish the photo (`says`). `applies` is the function in
`conditions.py` that recognises the situation. The strictest effect wins; the order of the rows never matters.

Numbers in braces come from `policy.toml`. The table stays in one file, however long, so that it can be read from
beginning to end.
"""

from __future__ import annotations

from typing import Final

from fotopoort.errors import BadAnswers
from fotopoort.policy import conditions
from fotopoort.policy.policy import Covering, Policy
from fotopoort.policy.rule import On, Rule, Step, Then
from fotopoort.vocabulary import Text


def as_set_for_unchecked_names(policy: Policy) -> Then:
    return Then(policy.settings.unchecked_names)


def as_set_for_public_close_ups(policy: Policy) -> Then:
    return Then(policy.settings.public_close_up)


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
    ),
    Rule(
        "R13",
        On.PUBLIC,
        Text("In de foto is de naam van een kind te lezen.", "A child's name can be read in the picture."),
        Then.COVER,
        Text(
            "In de foto is een naam van een kind te lezen. Die plek wordt bedekt.",
            "A child's name can be read in the picture. That place is covered.",
        ),
        conditions.name_in_picture,
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
            "In de foto zijn veel namen te lezen. Kijk eerst of alle ouders die mogen zien.",
            "Many names can be read in the picture. First see whether all parents may see them.",
        ),
        conditions.list_of_names,
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
            "Nog niet: op deze foto zijn gezichten niet goed te vinden, door een patroon van punten of lijnen. Zeg"
            " eerst of er mensen op staan.",
            "Not yet: faces are hard to find in this photo because of a pattern of dots or lines. First say whether"
            " there are people in it.",
        ),
        conditions.people_may_be_hidden,
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
            "Nog niet: op deze foto lijkt iemand te staan van wie het gezicht niet is gevonden. Zeg eerst"
            " of dat zo is.",
            "Not yet: somebody seems to be in this photo whose face was not found. First say whether that is so.",
        ),
        conditions.somebody_unseen,
    ),
    # --- who is in it ---
    Rule(
        "R20",
        On.EVERY,
        Text(
            "Iemand die is aangewezen, mag niet op dit kanaal.",
            "Somebody who was pointed out may not be shown on this channel.",
        ),
        Then.COVER,
        Text(
            "Wie hier is aangewezen, mag niet op dit kanaal en wordt bedekt.",
            "Whoever was pointed out here may not be shown on this channel and is covered.",
        ),
        conditions.tapped_but_not_allowed,
    ),
    Rule(
        "R21",
        On.EVERY,
        Text("De leerkracht vraagt om iets te bedekken.", "The teacher asks to cover something."),
        Then.COVER,
        Text("Dit wordt bedekt omdat je erom vroeg.", "This is covered because you asked for it."),
        conditions.asked_to_cover,
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
            "Dit kan iemand zijn die niet op dit kanaal mag. Het gezicht wordt bedekt tot dat duidelijk is.",
            "This may be somebody who may not be shown on this channel. The face is covered until that is clear.",
        ),
        conditions.could_be_somebody_not_allowed,
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
            "Nog niet: op deze foto kan iemand staan die niet op dit kanaal mag. Zeg eerst wie erop staat.",
            "Not yet: somebody who may not be shown on this channel may be in this photo. First say who is in it.",
        ),
        conditions.not_yet_said_who,
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
            "Nog niet: in dit bestand wordt iemand genoemd die niet op dit kanaal mag. Zeg eerst wie erop staat.",
            "Not yet: this file names somebody who may not be shown on this channel. First say who is in it.",
        ),
        conditions.named_in_the_file,
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
            "Een kind is van dichtbij en recht van voren te zien. Kies voor dit kanaal een overzichtsfoto.",
            "A child is seen close by and full in the face. Choose an overview photo for this channel.",
        ),
        conditions.pupil_close_and_frontal,
        set_aside=Text(
            "Een kind is van dichtbij en recht van voren te zien. De privacyfunctionaris vindt dat hier goed.",
            "A child is seen close by and full in the face. The privacy officer approves of it here.",
        ),
    ),
    Rule(
        "R33",
        On.EVERY,
        Text(
            "Iedereen die het kan zijn mag op dit kanaal, of het is geen leerling en akkoord, of geen echt mens.",
            "Everybody it may be may be shown on this channel, or it is no pupil and agreed, or no real person.",
        ),
        Then.KEEP,
        Text(
            "Dit gezicht mag te zien zijn, maar kijkt recht in de camera. Kies voor dit kanaal liever een overzicht.",
            "This face may be shown, but is full in view. Better choose an overview photo for this channel.",
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
            "Er blijft te weinig van de foto over. Kies een andere foto of beantwoord de vragen.",
            "Too little is left of this photo. Choose another one, or answer the questions.",
        ),
        conditions.too_little_left,
        Step.WHAT_IS_LEFT,
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
            "De leerkracht vraagt om een uitsnede: wie of wat niet te zien mag zijn valt erbuiten, wie te zien mag zijn"
            " blijft, en de uitsnede zou als foto zo geplaatst mogen worden.",
            "The teacher asks for a crop: whoever or whatever may not be shown is outside it, those who may be shown"
            " stay, and the crop could go out as a photo of its own as it is.",
        ),
        Then.TELL,
        Text(
            "Je koos voor een uitsnede. Wat niet te zien mag zijn, valt daarbuiten.",
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
        Text("Deze foto mag zo op dit kanaal.", "This photo may go out on this channel as it is."),
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
