"""The help of the office's commands in Dutch, for `fotopoort --lang nl registry … --help`: by the English sentence; and
of the other commands the sentence in the list of all.

A sentence that is not here is shown in English. The commands themselves, and the words they take, are the same. It is
one file, as it is one table.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import typer
from typer import rich_utils

HELP: Final[Mapping[str, str]] = {
    # --- commands ---
    "Print the description of the HTTP interface: OpenAPI 3.1, with this school's channels.": (
        "Laat de beschrijving van de HTTP-interface zien: OpenAPI 3.1, met de kanalen van deze school."
    ),
    "Who may be shown where, by whose word, since when.": "Wie waar te zien mag zijn, wie dat zei, en sinds wanneer.",
    "Make an empty registry for this school, or bring the one that is there up to date.": (
        "Maak een leeg register voor deze school, of werk het register bij dat er al is."
    ),
    "Import a class list: tell line by line what it changes; with --apply, do all of it or nothing.": (
        "Lees een klassenlijst in: zeg per regel wat er verandert; met --apply gebeurt alles, of niets."
    ),
    "The class list, or all that was said, as a CSV that can be imported again.": (
        "De klassenlijst, of alles wat is gezegd, als CSV die je weer kunt inlezen."
    ),
    "Everything that is known of one person, as JSON: for when they or their parents ask.": (
        "Alles wat over één persoon bekend is, als JSON: voor als die persoon of de ouders erom vragen."
    ),
    "Everyone in the registry, by name.": "Iedereen in het register, op naam.",
    "Write one person down.": "Schrijf één persoon op.",
    "Change what is written down of one person.": "Verander wat er over één persoon is opgeschreven.",
    "Take everything that says who a person was out of the registry. This cannot be undone.": (
        "Haal alles uit het register waaruit blijkt wie iemand was. Dat is niet terug te draaien."
    ),
    "The groups of a school year, with how many are in each.": (
        "De groepen van een schooljaar, en hoeveel er in zitten."
    ),
    "Put every pupil in the next group; who is in the last one leaves.": (
        "Zet elke leerling in de volgende groep; wie in de laatste zit, gaat van school."
    ),
    "Write down what was said about showing somebody. It holds at once; earlier words stay known.": (
        "Schrijf op wat er is gezegd over het tonen van iemand. Het geldt meteen; wat eerder is gezegd, blijft bekend."
    ),
    "All that was ever said about showing somebody.": "Alles wat ooit is gezegd over het tonen van iemand.",
    "Who of a group may be shown on a channel now.": "Wie van een groep nu te zien mag zijn op een kanaal.",
    "About whom something must be done: disagreement, consent that ends, coming of age, what waits for the office.": (
        "Over wie er iets te doen is: ouders die het niet eens zijn, toestemming die afloopt, wie 16 wordt, en wat op"
        " de administratie wacht."
    ),
    "The office has looked at what a teacher wrote down.": (
        "De administratie heeft gezien wat een leerkracht opschreef."
    ),
    "On what ground people are shown on each channel; with a channel and a ground, change it from now on.": (
        "Op welke grond mensen per kanaal te zien zijn; met een kanaal en een grond verander je dat vanaf nu."
    ),
    "Whether a photo waits until it is said who is in it while somebody could be who may not be shown.": (
        "Of een foto wacht tot is gezegd wie erop staat, zolang er iemand op kan staan die niet te zien mag zijn."
    ),
    "Photos that must be taken down, because somebody in them may no longer be shown.": (
        "Foto's die weg moeten, omdat iemand erop niet meer te zien mag zijn."
    ),
    "Mark that a photo was taken down.": "Zeg dat een foto is weggehaald.",
    "Photos that may not be published.": "Foto's die niet geplaatst mogen worden.",
    "Let a photo be published again.": "Laat een foto weer geplaatst worden.",
    "Set a rule aside for one photo; `fotopoort answer` then decides again.": (
        "Zet een regel opzij voor één foto; daarna oordeelt `fotopoort answer` opnieuw."
    ),
    "What a website does with files that are no photos; with a channel and a word, change it from now on.": (
        "Wat een website doet met bestanden die geen foto zijn; met een kanaal en een woord verander je dat vanaf nu."
    ),
    "What has been kept long enough; with --apply, take it away.": (
        "Wat lang genoeg is bewaard; met --apply gaat het weg."
    ),
    "Lay down how many days a kind of record is kept.": "Leg vast hoeveel dagen iets wordt bewaard.",
    "What `fotopoort serve` does by itself once a day: retention, and the signed head of the audit log.": (
        "Wat `fotopoort serve` zelf elke dag doet: wegdoen wat lang genoeg is bewaard, en het logboek ondertekenen."
    ),
    "Write the whole registry, of every school, to one file. Key files and held photos are not in it.": (
        "Schrijf het hele register, van elke school, naar één bestand. Sleutels en bewaarde foto's zitten er niet in."
    ),
    "Fill an empty registry from a backup: all of it, or nothing.": (
        "Vul een leeg register met een reservekopie: alles, of niets."
    ),
    "Hold the photos that wait for answers under a new key, and let the old key go.": (
        "Bewaar de foto's die op antwoord wachten met een nieuwe sleutel, en doe de oude weg."
    ),
    "API keys: who may come in, and for what.": "Sleutels voor de API: wie erin mag, en waarvoor.",
    "Every key that was made.": "Elke sleutel die is gemaakt.",
    "Make a key. It is shown once, on stdout.": "Maak een sleutel. Die is één keer te zien, op stdout.",
    "Take a key back.": "Trek een sleutel in.",
    "The audit log: what happened, and that nobody changed it.": (
        "Het logboek: wat er gebeurde, en dat niemand dat veranderde."
    ),
    "Work out every hash anew, and name the first row that does not fit. Exit status 1 where one does not.": (
        "Reken elke hash opnieuw uit, en noem de eerste regel die niet klopt. Klopt er een niet, dan is de uitkomst 1."
    ),
    "What the log says of a photo or a person.": "Wat het logboek zegt over een foto of een persoon.",
    "Sign where the log ends now, in a file of today. Keep these files elsewhere too.": (
        "Onderteken waar het logboek nu eindigt, in een bestand van vandaag. Bewaar die bestanden ook ergens anders."
    ),
    "Never let this photo be published, nor one much like it; tell where it may have gone.": (
        "Laat deze foto nooit plaatsen, en ook geen foto die er sterk op lijkt; zeg waar hij kan staan."
    ),
    "Decide again about a photo that is still held, with further answers or without an earlier one, and make its\n"
    "renditions anew.": (
        "Oordeel opnieuw over een foto die nog wordt bewaard, met nieuwe antwoorden of zonder een eerder antwoord, en"
        " maak de bestanden opnieuw."
    ),
    "Make the copy of a photo for a child's parents: everybody else is covered. The audit log tells of it.": (
        "Maak de kopie van een foto voor de ouders van een kind: alle anderen zijn bedekt. Het komt in het logboek."
    ),
    "Work that `fotopoort serve` does by itself: what waits, and what was given up.": (
        "Werk dat `fotopoort serve` zelf doet: wat er wacht, en wat is opgegeven."
    ),
    "Jobs that wait, and those that were given up.": "De taken die wachten, en de taken die zijn opgegeven.",
    "Try a job that was given up again.": "Probeer een taak die is opgegeven opnieuw.",
    # --- the list of all commands ---
    "The photo gate for schools: may this photo be published, on which channel, and how?": (
        "De fotopoort voor scholen: mag deze foto geplaatst worden, op welk kanaal, en hoe?"
    ),
    "Judge photos for each channel, and write renditions that may be published.": (
        "Beoordeel foto's per kanaal, en schrijf de bestanden die geplaatst mogen worden."
    ),
    "Judge a whole folder of photos, and go on where an earlier run stopped.": (
        "Beoordeel een hele map met foto's, en ga verder waar een eerdere keer stopte."
    ),
    "Judge the photos of `fotopoort batch --cluster`, whoever began it; stop it with Ctrl-C at any moment.": (
        "Beoordeel de foto's van `fotopoort batch --cluster`, wie er ook mee begon; stoppen kan altijd, met Ctrl-C."
    ),
    "Judge photos as they arrive in a folder, also on a network drive; stop it with Ctrl-C at any moment.": (
        "Beoordeel foto's zodra ze in een map komen, ook op een netwerkschijf; stoppen kan altijd, met Ctrl-C."
    ),
    "Show the faces, the kind of scene, the text that can be read and what the file carries.": (
        "Laat zien welke gezichten erop staan, wat voor foto het is, welke tekst te lezen is en wat er in het bestand"
        " zit."
    ),
    "Judge photos over HTTP, and let people log in. The first start writes an API key and a setup code to files.": (
        "Beoordeel foto's over HTTP, en laat mensen inloggen. De eerste start schrijft een sleutel en een code op."
    ),
    "Screen the sample photos for every channel and show verdicts, renditions and a page with before and after.": (
        "Beoordeel de voorbeeldfoto's voor elk kanaal: met de oordelen, de bestanden en een pagina met voor en na."
    ),
    "The models that look at photos.": "De modellen die naar foto's kijken.",
    "Look for children's names in texts.": "Zoek namen van kinderen in teksten.",
    "The school's rules.": "De regels van de school.",
    "Language of errors, and of what commands print.": "De taal van fouten, en van wat opdrachten laten zien.",
    "Install completion for the current shell.": "Laat deze shell opdrachten aanvullen.",
    "Show completion for the current shell, to copy it or customize the installation.": (
        "Laat zien wat de shell opdrachten doet aanvullen, om het zelf ergens neer te zetten."
    ),
    # --- arguments and options ---
    "A JSON file with what is said of this one photo.": "Een JSON-bestand met wat er over deze ene foto is gezegd.",
    "Take back answer N; with --answers, say that in its place.": (
        "Neem antwoord N terug; met --answers komt dat ervoor in de plaats."
    ),
    "Write the renditions to this folder.": "Schrijf de bestanden in deze map.",
    "Language of what is printed, and of errors.": "De taal van wat er te lezen is, en van fouten.",
    "A photo in which the child was pointed out.": "Een foto waarop het kind is aangewezen.",
    "The child whose parents ask.": "Het kind van wie de ouders het vragen.",
    "Write the copy to this folder.": "Schrijf de kopie in deze map.",
    "The part with that child alone, where there is one.": "Het deel met alleen dat kind, als dat er is.",
    "A CSV file or a spreadsheet.": "Een CSV-bestand of een spreadsheet.",
    "Do it; without, it is only told.": "Doe het; zonder wordt het alleen verteld.",
    "The year in which the school year begins; this one if left out.": (
        "Het jaar waarin het schooljaar begint; anders dit jaar."
    ),
    "What a title stands for.": "Wat er onder een kop staat.",
    "A column to leave out.": "Een kolom die niet meetelt.",
    "Who is in a group on the list, and not on it, leaves on this day.": (
        "Wie in een groep van de lijst zit en er niet op staat, gaat op deze dag van school."
    ),
    "One JSON object per line on stdout.": "Eén JSON-object per regel op stdout.",
    "Only this group.": "Alleen deze groep.",
    "All that was said, in place of the people.": "Alles wat is gezegd, en niet de mensen.",
    "The file to write; stdout if left out.": "Het bestand om te schrijven; anders stdout.",
    "The school's own id, a pupil number.": "Het id van de school zelf, een leerlingnummer.",
    "Only who is in this group.": "Alleen wie in deze groep zit.",
    "The name as it is used.": "De naam zoals die wordt gebruikt.",
    "pupil, staff or other.": "pupil (leerling), staff (medewerker) of other (anders).",
    "A group; may be repeated.": "Een groep; mag vaker.",
    "The 16th birthday of a pupil.": "De dag waarop een leerling 16 wordt.",
    "The groups of this school year; replaces them.": "De groepen van dit schooljaar; dit komt in hun plaats.",
    "The last day at school.": "De laatste dag op school.",
    "There is no last day at school, or no longer.": "Er is geen laatste dag op school, of niet meer.",
    "The last day was written down wrongly: what was said goes on.": (
        "De laatste dag was verkeerd opgeschreven: wat is gezegd, loopt door."
    ),
    "Why; it is kept as a hash.": "Waarom; daarvan blijft alleen een hash.",
    "Do not ask.": "Vraag niets.",
    "The school year that ends: the year it began in.": "Het schooljaar dat eindigt: het jaar waarin het begon.",
    "Where a group goes.": "Waar een groep heen gaat.",
    "A channel, or what consent is asked for.": "Een kanaal, of waarvoor toestemming is gevraagd.",
    "A channel.": "Een kanaal.",
    "The day a pupil was told that they decide from 16 on.": (
        "De dag waarop een leerling hoorde dat hij of zij vanaf 16 zelf beslist."
    ),
    "With objection: who weighed it, by function.": "Bij objection: wie het heeft afgewogen, als functie.",
    "The day it was weighed.": "De dag waarop het is afgewogen.",
    "Where that is filed.": "Waar dat wordt bewaard.",
    "Which version of the question the answers are to.": "Op welke versie van de vraag de antwoorden zijn.",
    "Whose consent cannot be shown: it is not known which question was answered, or by whom.": (
        "Van wie de toestemming niet aantoonbaar is: de vraag of wie antwoordde is niet bekend."
    ),
    "What was said.": "Wat er is gezegd.",
    "Who said it; left out: the guardians.": "Wie het zei; anders de ouders of verzorgers.",
    "The person said it themselves.": "Die persoon zei het zelf.",
    "The day it was said; left out: now.": "De dag waarop het is gezegd; anders nu.",
    "It holds from this day on.": "Het geldt vanaf deze dag.",
    "The last day it holds.": "De laatste dag waarop het geldt.",
    "How it is known that it was them.": "Waaruit blijkt dat zij het waren.",
    "Which version of the question they answered.": "Op welke versie van de vraag dit het antwoord is.",
    "Where the signed form or message is kept.": "Waar het getekende formulier of het bericht ligt.",
    "The id of an earlier no that the same guardian takes back with this.": (
        "Het id van een eerdere nee die dezelfde ouder hiermee terugneemt."
    ),
    "How many days ahead.": "Hoeveel dagen vooruit.",
    "The id that `registry lists` shows.": "Het id dat `registry lists` laat zien.",
    "The channel to change.": "Het kanaal om te veranderen.",
    "consent or objection.": "consent (toestemming) of objection (bezwaar).",
    "Why it changes.": "Waarom het verandert.",
    "on or off; left out: only tell.": "on (aan) of off (uit); anders wordt het alleen verteld.",
    "Also those that are done.": "Ook wat al klaar is.",
    "The id that `registry takedowns` shows.": "Het id dat `registry takedowns` laat zien.",
    "The id that `registry blocks` shows.": "Het id dat `registry blocks` laat zien.",
    "Why, in a few words.": "Waarom, in een paar woorden.",
    "The id that `screen --json` shows.": "Het id dat `screen --json` laat zien.",
    "The channel it holds for.": "Het kanaal waarvoor het geldt.",
    "The rule to set aside for this one photo.": "De regel die voor deze ene foto opzij gaat.",
    "As `registry retention` shows it.": "Zoals `registry retention` het laat zien.",
    "The file to write.": "Het bestand om te schrijven.",
    "A file that `registry backup` wrote.": "Een bestand dat `registry backup` schreef.",
    "teacher, office, privacy_officer, machine or cms.": (
        "teacher (leerkracht), office (administratie), privacy_officer (privacyfunctionaris), machine of cms (website)."
    ),
    "Whose it is, or what for.": "Van wie hij is, of waarvoor.",
    "A teacher's own group; may be repeated.": "Een eigen groep van een leerkracht; mag vaker.",
    "The id that `keys list` shows.": "Het id dat `keys list` laat zien.",
    "A folder with signed heads; heads in the data folder if left out.": (
        "Een map met getekende koppen; anders heads in de datamap."
    ),
    "hold or allow.": "hold (tegenhouden) of allow (toelaten).",
    "A photo's file, or the first digits of its SHA-256.": "Het bestand van een foto, of het begin van de SHA-256.",
    "The school's own id of a person.": "Het id van de school zelf voor een persoon.",
    "A folder; heads in the data folder if left out.": "Een map; anders heads in de datamap.",
    "The id that `jobs list` shows.": "Het id dat `jobs list` laat zien.",
    # --- websites whose photos are fetched ---
    "Websites at a hoster, which cannot call in: `fotopoort serve` fetches their photos.": (
        "Websites bij een hoster, die niet naar binnen kunnen bellen: `fotopoort serve` haalt hun foto's op."
    ),
    "Pair with a website. Prints the id, which the plugin shows as well: compare them.": (
        "Koppel een website. Laat het id zien dat ook in de plugin staat: vergelijk ze."
    ),
    "Websites that are paired, when each was reached last, and what went wrong since.": (
        "Websites die zijn gekoppeld, wanneer ze voor het laatst antwoord gaven, en wat er daarna misging."
    ),
    "Fetch nothing from a website any more. Photos that it shows stay there: take them down first.": (
        "Haal niets meer op van een website. Foto's die erop staan, blijven staan: haal ze er eerst af."
    ),
    "The code that the website's plugin shows.": "De code die de plugin van de website laat zien.",
    "The id that `pull list` shows.": "Het id dat `pull list` laat zien.",
    "Every job that was given up.": "Elke taak die is opgegeven.",
    "Whom the service tells of what happens, and who tells it.": "Wie bericht krijgt, en van wie er berichten komen.",
    "Every address that is told.": "Elk adres dat bericht krijgt.",
    "Tell an address of what happens. On stdout: the public key that it verifies with, or the shared secret.": (
        "Stuur een adres bericht van wat er gebeurt. Op stdout: de sleutel waarmee het controleert, of het geheim."
    ),
    "Where messages go: https://school.nl/hook.": "Waar de berichten heen gaan: https://school.nl/hook.",
    "Of what it is told; may be repeated. Left out: of everything.": (
        "Waarover het bericht krijgt; mag vaker. Weggelaten: over alles."
    ),
    "A network that its address must lie in: 192.168.1.0/24; may be repeated.": (
        "Een netwerk waar het adres in moet liggen: 192.168.1.0/24; mag vaker."
    ),
    "Sign with a secret that both have (v1), for who cannot do v1a.": (
        "Onderteken met een geheim dat beide hebben (v1), voor wie v1a niet kan."
    ),
    "The id that `webhooks list` shows.": "Het id dat `webhooks list` laat zien.",
    "The public key with which the owner of an address verifies what comes. Anybody may have it.": (
        "De sleutel waarmee wie bericht krijgt, dat controleert. Iedereen mag hem hebben."
    ),
    "Make a new key. The old one still signs too, until --drop-old.": (
        "Maak een nieuwe sleutel. De oude tekent ook nog, tot --drop-old."
    ),
    "Sign with the newest key alone.": "Teken alleen nog met de nieuwste sleutel.",
    "Tell an address nothing any more. What waits for it is given up when it is due.": (
        "Stuur een adres geen bericht meer. Wat nog wacht, wordt opgegeven."
    ),
    "Tell an address again, first of what was revoked meanwhile. For the rest: `webhooks resend`.": (
        "Stuur een adres weer bericht, eerst over wat intussen is ingetrokken. Voor de rest: `webhooks resend`."
    ),
    "Forget an address, with all that it would still be told.": "Vergeet een adres, met alles wat nog wacht.",
    "Messages that were given up.": "Berichten die zijn opgegeven.",
    "Send a message that was given up again, under its own id.": "Stuur een opgegeven bericht opnieuw, onder zijn id.",
    "The id that `webhooks dead` shows.": "Het id dat `webhooks dead` laat zien.",
    "Every message that was given up.": "Elk bericht dat is opgegeven.",
    "Who may tell of photos by a signed message.": "Wie ondertekende berichten over foto's mag sturen.",
    "Every source that was added.": "Elke afzender die is toegevoegd.",
    "Let somebody tell of photos. On stdout: the address to tell it to, and the secret to sign with.": (
        "Laat iemand berichten over foto's sturen. Op stdout: het adres daarvoor, en het geheim om mee te ondertekenen."
    ),
    "Who it is: “our website”.": "Wie het is: “onze website”.",
    "A host from which its photos may be fetched; may be repeated.": (
        "Een host waar de foto's mogen worden opgehaald; mag vaker."
    ),
    "The id of the API key with which it asks what came of its photos.": (
        "Het id van de API-sleutel waarmee het vraagt wat er van de foto's is geworden."
    ),
    "A network they must lie in: 192.168.1.0/24; may be repeated.": (
        "Een netwerk waar die in moeten liggen: 192.168.1.0/24; mag vaker."
    ),
    "A public key (whpk_…) it signs with, in place of a new secret.": (
        "Een openbare sleutel (whpk_…) waarmee het ondertekent, in plaats van een nieuw geheim."
    ),
    "Believe a source no more.": "Geloof een afzender niet meer.",
    "The id that `webhooks sources list` shows.": "Het id dat `webhooks sources list` laat zien.",
    "People who can log in, as what.": "Wie er kan inloggen, en als wat.",
    "Everybody who can log in.": "Iedereen die kan inloggen.",
    "Add somebody. On stdout: the link by which they choose a password.": (
        "Voeg iemand toe. Op stdout: de link waarmee die een wachtwoord kiest."
    ),
    "Log somebody out and have them choose another password. On stdout: the link for that.": (
        "Log iemand uit en laat die een ander wachtwoord kiezen. Op stdout: de link daarvoor."
    ),
    "Let somebody in no more, and log them out everywhere.": "Laat iemand niet meer binnen, en log die overal uit.",
    "Let somebody in again who was disabled.": "Laat iemand weer binnen die niet meer mocht.",
    "What this person logs in with.": "Waarmee deze persoon inlogt.",
    "What this person will log in with; an e-mail address is a good choice.": (
        "Waarmee deze persoon gaat inloggen; een e-mailadres is een goede keuze."
    ),
    "What this person is called.": "Hoe deze persoon heet.",
    "teacher, office or privacy_officer.": (
        "teacher (leerkracht), office (administratie) of privacy_officer (privacyfunctionaris)."
    ),
    "Also forget their second factor, as for a lost phone.": (
        "Vergeet ook de tweede stap, zoals bij een telefoon die weg is."
    ),
    "A class list (CSV). Where the registry has people, it only tightens.": (
        "Een klassenlijst (CSV). Staan er mensen in het register, dan wordt het er alleen strenger van."
    ),
    "The address to listen on; FOTOPOORT_HOST or 127.0.0.1.": (
        "Het adres om op te luisteren; anders FOTOPOORT_HOST of 127.0.0.1."
    ),
    "FOTOPOORT_PORT or 8470; 0 takes a free one.": "De poort; anders FOTOPOORT_PORT of 8470; 0 neemt een vrije.",
    "Let other machines in. Put HTTPS before it: photos and key are plain.": (
        "Laat andere computers binnen. Zet er HTTPS voor: foto's en sleutel zijn niet versleuteld."
    ),
    "Make another API key, in a file, then serve.": "Maak nog een API-sleutel, in een bestand, en begin dan.",
    "Speak HTTPS: the certificate, with those of who signed it (PEM).": (
        "Spreek HTTPS: het certificaat, met die van wie het ondertekende (PEM)."
    ),
    "The certificate's private key (PEM).": "De geheime sleutel van het certificaat (PEM).",
    "Check this installation, and say what to do. Exit status 1 where something does not work or is not safe.": (
        "Controleer deze installatie, en zeg wat er te doen is. Werkt er iets niet, of is het niet veilig, dan is de"
        " uitkomst 1."
    ),
    "The certificate that `serve` is given, to see until when it is valid.": (
        "Het certificaat dat `serve` krijgt, om te zien tot wanneer het geldt."
    ),
    "A made-up school to try things with. Tells how to log in; keeps nothing.": (
        "Een verzonnen school om te proberen. Zegt hoe je inlogt; bewaart niets."
    ),
    "The photo, or its SHA-256.": "De foto, of de SHA-256 ervan.",
    "Show this message and exit.": "Laat deze tekst zien en stop.",
}
PANELS: Final[Mapping[str, str]] = {
    "People": "Mensen",
    "Consents": "Toestemming",
    "Photos": "Foto's",
    "Upkeep": "Onderhoud",
}


def in_dutch(command: Any) -> Any:  # noqa: ANN401 - typer's own command
    """The command with its help, and that of all commands in it, in Dutch."""
    rich_utils.ARGUMENTS_PANEL_TITLE = "Wat je opgeeft"
    rich_utils.OPTIONS_PANEL_TITLE = "Opties"
    rich_utils.COMMANDS_PANEL_TITLE = "Opdrachten"
    command.help = HELP.get(command.help, command.help)
    command.rich_help_panel = PANELS.get(command.rich_help_panel, command.rich_help_panel)
    own = command.get_help_option(typer.Context(command))
    for param in [*command.params, *filter(None, [own])]:
        param.help = HELP.get(getattr(param, "help", None) or "", getattr(param, "help", None))
    for inner in filter(None, getattr(command, "commands", {}).values()):
        in_dutch(inner)
    return command


def listed_in_dutch(command: Any) -> Any:  # noqa: ANN401 - typer's own command
    """The command, as the list of all commands tells of it in Dutch; its own help is as it was."""
    command.short_help = HELP.get(command.help)
    return command
