"""Everything the report says, in Dutch and English. {n} and the like are filled in where it is used."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fotopoort.policy.rule import Text

TEXTS: Final[Mapping[str, Text]] = {
    # --- the head of the page ---
    "title": Text("Foto's nagekeken", "Photos gone through"),
    "to_photos": Text("Naar de foto's", "To the photos"),
    "other_language": Text("English", "Nederlands"),
    "no_script": Text(
        "Dit verslag heeft JavaScript nodig. Zonder kun je results.csv bekijken, in dezelfde map.",
        "This report needs JavaScript. Without it, look at results.csv in the same folder.",
    ),
    "file_gone": Text(
        "Een deel van dit verslag ontbreekt. Kopieer de hele map, of draai de opdracht opnieuw.",
        "Part of this report is missing. Copy the whole folder, or run the command again.",
    ),
    "photo": Text("foto", "photo"),
    "photos": Text("foto's", "photos"),
    "rules_version": Text("regels", "rules"),
    "with_registry": Text("met de lijst van de school", "with the school's list of people"),
    "without_registry": Text(
        "zonder lijst van kinderen: iedereen is onbekend", "without a list of people: everybody is unknown"
    ),
    "publish": Text("plaatsen", "publish"),
    "blur": Text("bedekt plaatsen", "publish covered"),
    "reject": Text("niet plaatsen", "do not publish"),
    "passed_over": Text("Overgeslagen of misgegaan", "Passed over or gone wrong"),
    "hidden": Text("Verborgen bestanden", "Hidden files"),
    "unsupported": Text("Bestanden die geen foto zijn", "Files that are no photo"),
    "links": Text("Snelkoppelingen", "Links"),
    "gone": Text(
        "Niet meer in de map; wat daarvan gemaakt was, is weg",
        "No longer in the folder; what was made of them is gone",
    ),
    "unreadable": Text("Niet te openen map", "Folder that cannot be read"),
    "per_rule": Text("Hoe vaak elke regel gold", "How often each rule held"),
    "rule": Text("Regel", "Rule"),
    # --- what needs a person ---
    "person": Text("Hier is een mens nodig", "This needs a person"),
    "questions_lead": Text(
        "Eén antwoord geldt voor alle foto's bij de vraag. Kijk in de foto's zelf, want hier zijn gezichten bedekt."
        " Klopt het antwoord bij een foto niet, of twijfel je? Toon dan de foto's en vink die foto aan.",
        "One answer holds for all photos of a question. Look at the photos themselves, for here faces are covered. Is"
        " the answer not right for a photo, or are you not sure? Then show the photos and tick that one.",
    ),
    "show_photos": Text("Toon de foto's", "Show the photos"),
    "show_more": Text("Toon er meer", "Show more"),
    "answer_is_present": Text("Op geen van deze foto's", "In none of these photos"),
    "answer_is_name": Text("Nee, geen naam van een kind", "No, not a child's name"),
    "answer_is_private_list": Text("Ja, dat mag op al deze foto's", "Yes, in all of these photos"),
    "who_close_up": Text("Wie is hier van dichtbij te zien?", "Who is seen close by here?"),
    "who_frontal": Text("Wie kijkt hier in de camera?", "Who is full in view here?"),
    "who_other": Text("Wie is dit?", "Who is this?"),
    "each_by_itself": Text(
        "Dit is per foto anders: zet het antwoord in het bestand met antwoorden, bij het nummer van het gezicht.",
        "This differs by photo: put the answer in the answers file, at the number of the face.",
    ),
    "except": Text("niet bij deze foto", "not for this photo"),
    "exceptions": Text("uitgezonderd", "excepted"),
    "answered": Text("beantwoord", "answered"),
    "questions": Text("vragen", "questions"),
    "question": Text("vraag", "question"),
    "save": Text("Antwoorden opslaan", "Save the answers"),
    "save_file": Text("antwoorden.json", "answers.json"),
    "save_lead": Text(
        "Draai de opdracht daarna nog eens, met --answers en dit bestand. Alleen deze foto's worden opnieuw bekeken.",
        "Then run the command again, with --answers and this file. Only these photos are judged again.",
    ),
    "unjudged": Text("Niet beoordeeld", "Not judged"),
    "unjudged_lead": Text(
        "Deze foto's zijn niet bekeken en mogen dus niet geplaatst worden.",
        "These photos were not looked at, so they may not be published.",
    ),
    # --- bursts ---
    "bursts": Text("Bijna dezelfde foto's", "Nearly the same photos"),
    "bursts_lead": Text(
        "Van elk rijtje is er één het beste overzicht: met de minste gezichten recht in beeld en het minst bedekt.",
        "Of each row one is the best overview: with the fewest faces full in view and the least covered.",
    ),
    "use_this": Text("Gebruik deze", "Use this one"),
    "use_none": Text("Geen van deze mag geplaatst worden.", "None of these may be published."),
    # --- the photos ---
    "all_photos": Text("Alle foto's", "All photos"),
    "search": Text("Naam van bestand of map", "Name of file or folder"),
    "show": Text("Toon", "Show"),
    "any": Text("alle", "all"),
    "any_rule": Text("elke regel", "any rule"),
    "with_question": Text("met een vraag", "with a question"),
    "not_judged": Text("niet beoordeeld", "not judged"),
    "in_burst": Text("met bijna dezelfde ernaast", "with others nearly the same"),
    "clear": Text("Alles weer tonen", "Show all again"),
    "none_found": Text("Geen foto past hierbij.", "No photo fits this."),
    "loading": Text("laden …", "loading …"),
    "of": Text("van", "of"),
    "previous": Text("Vorige", "Previous"),
    "next": Text("Volgende", "Next"),
    "close": Text("Sluiten", "Close"),
    "before": Text("De foto, met gezichten bedekt", "The photo, with faces covered"),
    "covered_photo": Text("De foto {file}, met gezichten bedekt", "The photo {file}, with faces covered"),
    "new_photo": Text("De nieuwe foto van {file} voor {channel}", "The new photo of {file} for {channel}"),
    "no_picture": Text("Geen beeld", "No picture"),
    "no_photo": Text("Geen nieuwe foto", "No new photo"),
    "face": Text("gezicht", "face"),
    "faces": Text("gezichten", "faces"),
    "overview": Text("overzicht", "overview"),
    "group": Text("groepje", "small group"),
    "close_up": Text("van dichtbij", "close-up"),
    "no_faces": Text("geen gezichten", "no faces"),
    "foot": Text(
        "In dit verslag kunnen namen van kinderen staan: bewaar het op school en stuur het niet rond. De foto's zelf"
        " zijn niet veranderd.",
        "This report may name children: keep it at school and do not pass it on. The photos themselves are unchanged.",
    ),
    # --- why a photo was not judged, by the error's code; one that is not here is told in its own words ---
    "failure_empty_file": Text("Het bestand is leeg.", "The file is empty."),
    "failure_file_unreadable": Text("Het bestand kan niet gelezen worden.", "The file cannot be read."),
    "failure_not_a_photo": Text("Er zit geen leesbare foto in.", "The file holds no picture that can be read."),
    "failure_format_not_allowed": Text(
        "Dit soort bestand wordt niet aangenomen. Bewaar het als JPEG.",
        "This kind of picture file is not taken. Save it as JPEG.",
    ),
    "failure_animated": Text("Dit is een bewegend beeld.", "This is a moving picture."),
    "failure_too_many_pixels": Text("De foto is te groot (pixels).", "The picture has more pixels than the limit."),
    "failure_too_many_bytes": Text("Het bestand is te groot.", "The file is larger than the limit."),
    "failure_damaged": Text("De foto is beschadigd.", "The picture is damaged or cut off."),
    "failure_too_small": Text("De foto is te klein om te beoordelen.", "The picture is too small to judge."),
    "failure_timeout": Text("Het beoordelen duurde te lang.", "Judging the photo took too long."),
    "failure_not_yet": Text(
        "De foto is nog niet voor al deze kanalen beoordeeld.",
        "The photo was not judged for all of these channels yet.",
    ),
    "failure_crashed": Text(
        "Het programma liep op deze foto vast.", "The program that looks at photos stopped on this one."
    ),
    "failure_registry_unavailable": Text(
        "De lijst van de school was niet te bereiken. Draai de opdracht opnieuw.",
        "The registry did not answer. Run the command again.",
    ),
}
