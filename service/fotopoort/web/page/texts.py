"""What the teacher's page says, in both languages: its modules name a text by key, and fill in what is in braces."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fotopoort.vocabulary import Text

PAGE_TEXTS: Final[Mapping[str, Text]] = {
    # --- begin ---
    "new_post": Text(nl="Nieuw bericht", en="New post"),
    "which_group": Text(nl="Welke groep staat erop?", en="Which group is in the photos?"),
    "which_channels": Text(nl="Waar gaan de foto's heen?", en="Where are the photos going?"),
    "together": Text(nl="Overal dezelfde foto's", en="The same photos everywhere"),
    "together_about": Text(
        nl="Wat op één plek niet mag, gaat dan nergens heen.", en="What may not go to one place then goes nowhere."
    ),
    "other_day": Text(nl="Niet van vandaag?", en="Not of today?"),
    "day": Text(nl="Op welke dag zijn de foto's gemaakt?", en="On which day were the photos taken?"),
    "begin": Text(nl="Begin", en="Start"),
    "choose_first": Text(nl="Kies eerst een groep en een plek.", en="First choose a group and a place."),
    "text_elsewhere": Text(
        nl="Deze tekst staat op de website. Verander hem daar.", en="This text is on the website. Change it there."
    ),
    "sent_and_waits": Text(nl="Dit wacht op jou", en="This waits for you"),
    "sent_and_done": Text(nl="Ook van de website", en="More from the website"),
    "sent_by": Text(nl="van {name}", en="from {name}"),
    "sent_by_as": Text(nl="van {name}, artikel {reference}", en="from {name}, article {reference}"),
    "of_website": Text(nl="de website", en="the website"),
    "go_on_with": Text(nl="Ga verder met", en="Go on with"),
    "whole_school": Text(nl="De hele school", en="The whole school"),
    "of_colleague": Text(nl="van een collega", en="by a colleague"),
    "all_posts": Text(nl="Alle berichten", en="All posts"),
    "loading": Text(nl="Even wachten …", en="One moment …"),
    "no_script": Text(
        nl="Voor deze pagina moet JavaScript aan staan in je browser.", en="This page needs JavaScript in your browser."
    ),
    # --- photos in ---
    "add_photos": Text(nl="Foto's erbij", en="Add photos"),
    "choose_photos": Text(nl="Kies foto's", en="Choose photos"),
    "take_photo": Text(nl="Maak een foto", en="Take a photo"),
    "or_drop": Text(nl="of sleep ze hierheen", en="or drop them here"),
    "progress": Text(nl="Voortgang", en="Progress"),
    "sent": Text(nl="{there} van {count} verstuurd.", en="{there} of {count} sent."),
    "looked": Text(nl="{looked} van {count} bekeken.", en="{looked} of {count} looked at."),
    "choose_again": Text(
        nl="{there} van {count} foto's zijn er al. Koos jij de andere, en gaan die niet verder? Kies ze dan nog eens.",
        en="{there} of {count} photos are there already. Did you choose the others, and they do not go on? Then choose"
        " them once more.",
    ),
    "understood": Text(nl="Begrepen", en="I see"),
    "offline": Text(nl="Er is nu geen verbinding.", en="There is no connection now."),
    "offline_hint": Text(
        nl="Kijk of je wifi aan staat. Daarna gaat het vanzelf verder.",
        en="See whether your wifi is on. Then it goes on.",
    ),
    "goes_on": Text(nl="Zodra die er is, gaat het verder.", en="It goes on as soon as there is one."),
    "failed": Text(nl="Dit lukte niet.", en="That did not work."),
    "failed_hint": Text(nl="Probeer het zo nog eens.", en="Try again in a moment."),
    "other_login": Text(nl="Je bent intussen opnieuw ingelogd.", en="You have logged in again meanwhile."),
    "other_login_hint": Text(
        nl="Laad deze pagina opnieuw en doe het dan nog eens.", en="Load this page again and then do it once more."
    ),
    "not_kept": Text(nl="Dit is niet bewaard.", en="This was not saved."),
    "video": Text(nl="Dit is een video.", en="This is a video."),
    "video_hint": Text(nl="Fotopoort kijkt alleen naar foto's.", en="Fotopoort looks at photos only."),
    "empty": Text(nl="Dit bestand is leeg.", en="This file is empty."),
    "empty_hint": Text(
        nl="Staat de foto alleen online? Haal hem dan eerst op.", en="Is the photo online only? Then fetch it first."
    ),
    "too_large": Text(nl="Deze foto is te groot.", en="This photo is too large."),
    "too_large_hint": Text(nl="Hij mag hooguit {megabytes} MB zijn.", en="It may be {megabytes} MB at most."),
    "unreadable": Text(nl="Deze foto kan niet worden gelezen.", en="This photo cannot be read."),
    "unreadable_hint": Text(nl="Kies hem nog eens.", en="Choose it once more."),
    # --- what needs somebody ---
    "needs_you": Text(nl="{count} vragen", en="{count} questions"),
    "needs_you_one": Text(nl="1 vraag", en="1 question"),
    "any_of_these": Text(
        nl="Let op wie niet overal te zien mag zijn. Kies een naam, tik de gezichten aan, en kies dan “verder"
        " niemand”.",
        en="Note who may not be shown everywhere. Choose a name, tap the faces, and then choose “nobody else”.",
    ),
    "not_on": Text(nl="niet op {channels}", en="not on {channels}"),
    "whose_faces": Text(nl="Van wie tik je de gezichten aan?", en="Whose faces are you tapping?"),
    "tap_faces_of": Text(nl="Tik elk gezicht aan: {name}.", en="Tap each face: {name}."),
    "nobody_else": Text(nl="Verder niemand van dit lijstje", en="Nobody else of this list"),
    "dont_know": Text(nl="Weet ik niet", en="I don't know"),
    "face_in_photo": Text(nl="Gezicht {face} op foto {photo}", en="Face {face} in photo {photo}"),
    "face_number": Text(nl="Gezicht {face}", en="Face {face}"),
    "who_is_this": Text(nl="Wie is dit?", en="Who is this?"),
    "adult": Text(nl="Volwassene die het goedvindt", en="Adult who agrees"),
    "other_child": Text(nl="Een ander kind", en="Another child"),
    "cover": Text(nl="Bedekken", en="Cover"),
    "cover_about": Text(
        nl="Weet je het niet, of mag het niet? Kies Bedekken: dan komt er overal een vlak over dit gezicht.",
        en="You do not know, or it may not? Choose Cover: then this face is covered everywhere.",
    ),
    "no_person": Text(nl="Geen mens", en="Not a person"),
    "take_back": Text(nl="Neem terug", en="Take back"),
    "tap_and_say": Text(nl="Tik een gezicht aan en zeg wie het is.", en="Tap a face and say who it is."),
    "search_name": Text(nl="Zoek een naam", en="Search a name"),
    "not_everywhere": Text(nl="mag niet overal", en="not everywhere"),
    "look_at_photos": Text(nl="Bekijk de foto's", en="Look at the photos"),
    "there_is": Text(nl="Ja, kijk", en="Yes, look"),
    "harmful": Text(nl="Ja, niet plaatsen", en="Yes, do not publish"),
    "settles_is_name": Text(nl="Nee, geen naam", en="No, not a name"),
    "settles_is_private_list": Text(nl="Ja, dat mag", en="Yes, they may"),
    "settles_unseen_people": Text(nl="Nee, niemand", en="No, nobody"),
    "settles_unseen_person": Text(nl="Nee, niemand", en="No, nobody"),
    "settles_may_face_camera": Text(nl="Ja, dat mag", en="Yes, they may"),
    "settles_is_harmful": Text(nl="Nee", en="No"),
    # --- photos ---
    "photos": Text(nl="{count} foto's", en="{count} photos"),
    "photos_one": Text(nl="1 foto", en="1 photo"),
    "now_ready": Text(nl="{count} klaar", en="{count} ready"),
    "saving": Text(nl="Even wachten …", en="One moment …"),
    "undo": Text(nl="Maak ongedaan", en="Undo"),
    "open_photo": Text(nl="Open foto {number}", en="Open photo {number}"),
    "photo_number": Text(nl="Foto {number}", en="Photo {number}"),
    "being_sent": Text(nl="wordt verstuurd", en="being sent"),
    "being_looked_at": Text(nl="wordt bekeken", en="being looked at"),
    "being_made": Text(nl="De foto wordt gemaakt …", en="The photo is being made …"),
    "use_instead": Text(nl="Foto {number} is beter", en="Photo {number} is better"),
    "previous": Text(nl="Vorige foto", en="Previous photo"),
    "next": Text(nl="Volgende foto", en="Next photo"),
    "zoom": Text(nl="Vergroot", en="Zoom"),
    "close": Text(nl="Sluit", en="Close"),
    "faces_here": Text(nl="De gezichten op deze foto", en="The faces in this photo"),
    "draw": Text(nl="Bedek nog iets", en="Cover something else"),
    "draw_area": Text(nl="Teken waar het bedekt moet worden", en="Draw where it is to be covered"),
    "draw_how": Text(
        nl="Trek een vlak over de foto, of tik twee hoeken aan. Met het toetsenbord: pijltjes verplaatsen, shift en"
        " pijltjes maken het groter, enter is klaar.",
        en="Drag a box over the photo, or tap two corners. With the keyboard: arrows move it, shift and arrows"
        " change its size, enter is done.",
    ),
    "crop": Text(nl="Gebruik alleen dit deel", en="Use this part only"),
    "no_crop": Text(nl="Gebruik de hele foto", en="Use the whole photo"),
    "compare": Text(nl="Bekijk het resultaat", en="See the result"),
    "slide": Text(nl="Schuif tussen het resultaat en de foto", en="Slide between the result and the photo"),
    "as_published": Text(nl="Zo komt de foto op {channel}", en="The photo as it goes on {channel}"),
    "download": Text(nl="Downloaden", en="Download"),
    "report": Text(nl="Meld deze foto", en="Report this photo"),
    "report_why": Text(nl="Waarom mag deze foto nergens heen?", en="Why may this photo go nowhere?"),
    "report_about": Text(
        nl="De foto verdwijnt uit alle berichten en kan niet meer worden geplaatst.",
        en="The photo disappears from all posts and cannot be published any more.",
    ),
    "report_now": Text(nl="Meld en wis de foto", en="Report and erase the photo"),
    "try_again": Text(nl="Probeer opnieuw", en="Try again"),
    "remove_photo": Text(nl="Haal weg", en="Remove"),
    # --- text and out ---
    "text": Text(nl="Tekst bij de foto's", en="Text with the photos"),
    "names_in_text": Text(nl="In je tekst staan namen:", en="There are names in your text:"),
    "without_names": Text(nl="Haal de namen weg", en="Take the names out"),
    "take_away": Text(nl="Klaar om te plaatsen", en="Ready to publish"),
    "ready": Text(nl="{count} van {all} foto's zijn klaar.", en="{count} of {all} photos are ready."),
    "ready_one": Text(nl="1 van {all} foto's is klaar.", en="1 of {all} photos is ready."),
    "more_coming_one": Text(nl="Er wordt er nog 1 gemaakt.", en="1 more is being made."),
    "more_coming": Text(nl="Nog {count} worden gemaakt.", en="{count} more are being made."),
    "download_all": Text(nl="Download {count} foto's", en="Download {count} photos"),
    "download_all_one": Text(nl="Download 1 foto", en="Download 1 photo"),
    "copy_text": Text(nl="Kopieer tekst", en="Copy text"),
    "copied": Text(nl="Gekopieerd", en="Copied"),
    "finish": Text(nl="Klaar", en="Done"),
    "finish_about": Text(
        nl="Heb je alles gedownload? Daarna wordt alles van dit bericht gewist.",
        en="Have you downloaded everything? Then all of this post is erased.",
    ),
    "finish_now": Text(nl="Ja, wis alles", en="Yes, erase everything"),
    "places": Text(nl="Waar heb je ze geplaatst?", en="Where did you publish them?"),
    "places_about": Text(
        nl="Je mag dit overslaan. Trekt een ouder later de toestemming in, dan weet de school waar de foto weg moet.",
        en="You may skip this. If a parent withdraws consent later, the school knows where a photo has to go.",
    ),
    "saved": Text(nl="Bewaard.", en="Saved."),
    "is_finished": Text(
        nl="Dit bericht is klaar. De foto's zijn gewist.", en="This post is done. Its photos are erased."
    ),
    "is_expired": Text(
        nl="Dit bericht is verlopen. De foto's zijn gewist.", en="This post has expired. Its photos are erased."
    ),
}
