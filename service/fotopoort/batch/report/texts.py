"""All texts of the report, in Dutch and English. {file} and the like are filled in where the text is used."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fotopoort.application.folders.passed_over import UNKNOWN_KIND
from fotopoort.vocabulary import NOT_YET, Outcome, Text, label_of

TEXTS: Final[Mapping[str, Text]] = {
    # --- the head of the page ---
    "title": Text("Nagekeken foto's", "Photos checked"),
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
    "with_registry": Text("met de gegevens van de school", "with the school's list of people"),
    "without_registry": Text(
        "zonder lijst van kinderen: iedereen is onbekend", "without a list of people: everybody is unknown"
    ),
    **{outcome.value: label_of(outcome) for outcome in Outcome},
    "not_yet": NOT_YET,
    "not_yet_lead": Text(
        "Nog niet: plaats de foto niet zolang een vraag open is. Na je antwoord mag hij misschien wel.",
        "Not yet: do not publish while a question has no answer. The answer may still let the photo through.",
    ),
    "passed_over": Text("Overgeslagen of misgegaan", "Passed over or gone wrong"),
    "hidden": Text("Verborgen bestanden", "Hidden files"),
    "unsupported": Text("Bestanden die geen foto zijn", "Files that are not photos"),
    "system_folders": Text(
        "Mappen van de NAS of computer zelf, zoals een prullenbak of miniaturen",
        "Folders that the NAS or computer keeps for itself, such as a bin or thumbnails",
    ),
    "unknown_kind": UNKNOWN_KIND,
    "videos": Text("Video's worden niet beoordeeld. Plaats ze niet.", "Videos are not judged. Do not publish them."),
    "links": Text("Snelkoppelingen", "Links"),
    "gone": Text(
        "Foto's die niet meer in de map staan; wat ervan gemaakt was, is verwijderd",
        "Photos that are no longer in the folder; what was made of them was removed",
    ),
    "unreadable": Text("Map die niet geopend kan worden", "Folder that cannot be read"),
    "per_rule": Text("Hoe vaak elke regel is toegepast", "How often each rule applied"),
    "rule": Text("Regel", "Rule"),
    # --- what needs a person ---
    "person": Text("Hier is een mens nodig", "This needs a person"),
    "questions_lead": Text(
        "Eén antwoord geldt voor alle foto's bij de vraag. Kijk in de foto's zelf, want hier zijn gezichten bedekt; een"
        " lijn laat zien waar ze zijn. Staat het kind wel op een foto, klopt het antwoord daar niet, of twijfel je?"
        " Toon dan de foto's en vink die foto aan: die blijft zoals hij is. Weet je het bij geen enkele foto? Kies"
        " “weet ik niet”: dan wordt het niet nog eens gevraagd.",
        "One answer holds for all photos of a question. Look at the photos themselves, for here faces are covered; a"
        " line shows where they are. Is the child in one of them, is the answer not right for it, or are you not sure?"
        " Then show the photos and tick that one: it stays as it is. Do you not know it of any of them? Choose “I do"
        " not know”: then it is not asked again.",
    ),
    "show_photos": Text("Toon de foto's", "Show the photos"),
    "show_more": Text("Toon er meer", "Show more"),
    "answer_any_of_these": Text("Nee, op geen van deze foto's", "No, in none of these photos"),
    "answer_is_name": Text("Nee, geen naam van een kind", "No, not a child's name"),
    "answer_is_private_list": Text("Ja, dat mag op al deze foto's", "Yes, in all of these photos"),
    "answer_unseen_people": Text("Nee, verder niemand op al deze foto's", "No, nobody else in any of these photos"),
    "answer_unseen_person": Text("Nee, verder niemand op al deze foto's", "No, nobody else in any of these photos"),
    "answer_may_face_camera": Text("Ja, dat mag op al deze foto's", "Yes, in all of these photos"),
    "answer_is_harmful": Text("Nee, bij geen van deze foto's", "No, with none of these photos"),
    "is_harmful_lead": Text(
        "Is het bij een foto wel zo? Toon de foto's en vink die aan: die wordt nergens geplaatst.",
        "Is it so with one of them? Show the photos and tick that one: it will not be published anywhere.",
    ),
    "is_pupil": Text(
        "Is dit een leerling? Zo niet, is het een volwassene die het goedvindt?",
        "Is this a pupil? If not, is it an adult who agrees?",
    ),
    "who_close_up": Text("Wie is hier van dichtbij te zien?", "Who is seen close by here?"),
    "who_frontal": Text("Wie kijkt hier in de camera?", "Who is looking at the camera here?"),
    "who_other": Text("Wie is dit?", "Who is this?"),
    "each_by_itself": Text(
        "Dit is per foto anders: zet het antwoord in het bestand met antwoorden, bij het nummer van het gezicht.",
        "This differs by photo: put the answer in the answers file, at the number of the face.",
    ),
    "do_not_know": Text("Weet ik niet", "I do not know"),
    "see_all_first": Text(
        "Dit antwoord geldt voor alle foto's. Bekijk ze eerst: nog {count}.",
        "This answer holds for all photos. Look at them first: {count} to go.",
    ),
    "outlined": Text("met een lijn om {faces}", "with a line around {faces}"),
    "of_one_moment": Text("{count} foto's van één moment", "{count} photos of one moment"),
    "except": Text("niet bij deze foto", "not for this photo"),
    "exceptions": Text("niet meegeteld", "left out"),
    "except_is_harmful": Text("ja, bij deze foto", "yes, with this photo"),
    "exceptions_is_harmful": Text("niet plaatsen", "not to be published"),
    "answered": Text("beantwoord", "answered"),
    "questions": Text("vragen", "questions"),
    "question": Text("vraag", "question"),
    "save": Text("Antwoorden opslaan", "Save the answers"),
    "save_file": Text("antwoorden.json", "answers.json"),
    "save_lead": Text(
        "Geef dit bestand aan wie Fotopoort draait. Die start de opdracht opnieuw met --answers en dit bestand, en"
        " ook elke keer daarna. Alleen deze foto's worden opnieuw beoordeeld.",
        "Give this file to whoever runs Fotopoort: to run the command again with --answers and this file, and so each"
        " time after. Only these photos are judged again.",
    ),
    "unjudged": Text("Niet beoordeeld", "Not judged"),
    "unjudged_lead": Text(
        "Deze foto's zijn niet beoordeeld. Plaats ze niet.",
        "These photos were not judged. Do not publish them.",
    ),
    # --- crops ---
    "use_crop": Text(
        "Gebruik een stuk van de foto: dat mag zonder bedekken ({channels})",
        "Use a crop of the photo: it may go out without covers ({channels})",
    ),
    "crop": Text("foto waarvan je een stuk gebruikt", "photo of which you use a crop"),
    "crops": Text("foto's waarvan je een stuk gebruikt", "photos of which you use a crop"),
    "can_be_cropped": Text("waarvan een stuk wel mag", "of which a crop may go out"),
    # --- bursts ---
    "bursts": Text("Bijna dezelfde foto's", "Nearly the same photos"),
    "bursts_lead": Text(
        "Van elk rijtje kun je er één het best gebruiken: daarvan mag je het meest laten zien, met de minste gezichten"
        " recht in beeld.",
        "In each row one photo is best to use: you may show most of it, with the fewest faces full in view.",
    ),
    "use_this": Text("Gebruik deze", "Use this one"),
    "use_none": Text("Geen van deze mag nu geplaatst worden.", "None of these may be published now."),
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
    "none_found": Text("Geen foto past hierbij.", "No photo matches."),
    "loading": Text("laden …", "loading …"),
    "of": Text("van", "of"),
    "previous": Text("Vorige", "Previous"),
    "next": Text("Volgende", "Next"),
    "close": Text("Sluiten", "Close"),
    "before": Text("De foto; wie niet getoond mag worden, is bedekt", "The photo; whoever may not be shown is covered"),
    "covered_photo": Text(
        "De foto {file}; wie niet getoond mag worden, is bedekt",
        "The photo {file}; whoever may not be shown is covered",
    ),
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
    # --- why a photo was not judged, by the error's code; for another code the error's own message is shown ---
    "failure_empty_file": Text(
        "Het bestand is leeg. Download het eerst als het alleen online staat, of kopieer het opnieuw.",
        "The file is empty. If it is online only, download it first; else copy it again.",
    ),
    "failure_not_here_yet": Text(
        "Het bestand staat nog niet helemaal op deze computer. Download het eerst, of wacht tot het kopiëren klaar is.",
        "The file is not on this computer as a whole yet. Download it first, or wait until the copying is done.",
    ),
    "failure_file_unreadable": Text("Het bestand kan niet gelezen worden.", "The file cannot be read."),
    "failure_not_a_photo": Text("Er zit geen leesbare foto in.", "The file holds no picture that can be read."),
    "failure_format_not_allowed": Text(
        "Dit soort bestand kan Fotopoort niet gebruiken. Bewaar de foto als JPEG.",
        "Fotopoort cannot use this kind of file. Save the photo as JPEG.",
    ),
    "failure_animated": Text(
        "Dit is een bewegend beeld. Bewaar één beeld ervan als JPEG.",
        "This is a moving picture. Save one frame of it as JPEG.",
    ),
    "failure_too_many_pixels": Text(
        "De foto heeft te veel pixels. Maak hem kleiner.", "The photo has too many pixels. Make it smaller."
    ),
    "failure_too_many_bytes": Text(
        "Het bestand is te groot. Maak de foto kleiner.", "The file is too large. Make the photo smaller."
    ),
    "failure_damaged": Text(
        "De foto is beschadigd of niet compleet. Kopieer hem opnieuw van de camera of telefoon, of sla hem in een"
        " fotoprogramma opnieuw op als JPEG.",
        "The photo is damaged or cut off. Copy it again from the camera or phone, or save it again as JPEG in a photo"
        " program.",
    ),
    "failure_too_small": Text(
        "De foto is te klein om te beoordelen. Neem het origineel.",
        "The photo is too small to judge. Take the original.",
    ),
    "failure_too_much_text": Text(
        "Er staat te veel tekst op de foto. Snijd een deel van de tekst weg.",
        "There is too much text in the photo. Crop some of it away.",
    ),
    "failure_timeout": Text(
        "Het beoordelen duurde te lang. Maak de foto kleiner.", "Judging took too long. Make the photo smaller."
    ),
    "failure_crashed": Text(
        "Het programma liep op deze foto vast.", "The program that looks at photos stopped on this one."
    ),
    "failure_model_failed": Text(
        "Het programma kon niet naar deze foto kijken. Draai de opdracht opnieuw.",
        "The program could not look at this photo. Run the command again.",
    ),
    "failure_error": Text(
        "Er ging iets mis. Draai de opdracht opnieuw.", "Something went wrong. Run the command again."
    ),
    "failure_not_yet": Text(
        "De foto is nog niet voor al deze kanalen beoordeeld.",
        "The photo was not judged for all of these channels yet.",
    ),
}
