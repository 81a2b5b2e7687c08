"""What the pages say, in both languages: templates name a text as `say.<key>`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from fotopoort.registry.access.roles import KeyRole
from fotopoort.vocabulary import Text


class Refusal(NamedTuple):
    """What is said in place of an error's own words, where somebody looks at a page."""

    message: Text
    hint: Text


NOT_FOR_YOU: Final = Refusal(
    Text(nl="Met jouw account kun je deze pagina niet gebruiken.", en="Your account cannot use this page."),
    Text(nl="Vraag het de privacyfunctionaris van de school.", en="Ask the privacy officer of the school."),
)
NO_PAGE: Final = Refusal(
    Text(nl="Deze pagina is er niet, of niet meer.", en="This page is not there, or no longer."),
    Text(nl="Begin bij de startpagina.", en="Begin at the start page."),
)
NOT_THE_SAME: Final = Refusal(
    Text(nl="De twee wachtwoorden zijn niet gelijk.", en="The two passwords are different."),
    Text(nl="Typ twee keer hetzelfde wachtwoord.", en="Type the same password twice."),
)
BAD_SETUP_CODE: Final = Refusal(
    Text(nl="Deze code is niet de goede, of te oud.", en="This code is not the right one, or too old."),
    Text(
        nl="Neem de code uit het bestand setup-code.txt. Start de service opnieuw voor een nieuwe.",
        en="Take the code in the file setup-code.txt. Start the service again for a new one.",
    ),
)

NO_FILE: Final = Refusal(
    Text(nl="Er is geen bestand gekozen, of het is leeg.", en="No file was chosen, or it is empty."),
    Text(nl="Kies het bestand met de klassenlijst.", en="Choose the file with the class list."),
)
PEOPLE_ARE_THERE: Final = Refusal(
    Text(nl="Er staan al mensen in het register.", en="There are people in the registry already."),
    Text(
        nl="Lees een volgende lijst in met `fotopoort registry import`. Die zegt eerst wat er verandert.",
        en="Import the next list with `fotopoort registry import`, which first says what it changes.",
    ),
)

# In the order in which they are offered; a key for a machine is no account.
ROLES: Final[Mapping[KeyRole, Text]] = {
    KeyRole.TEACHER: Text(nl="leerkracht", en="teacher"),
    KeyRole.OFFICE: Text(nl="administratie", en="office"),
    KeyRole.PRIVACY_OFFICER: Text(nl="privacyfunctionaris", en="privacy officer"),
}

TEXTS: Final[Mapping[str, Text]] = {
    # --- on every page ---
    "skip": Text(nl="Naar de inhoud", en="To the content"),
    "menu": Text(nl="Hoofdmenu", en="Main menu"),
    "hello": Text(nl="Dag", en="Hello"),
    "start": Text(nl="Start", en="Home"),
    "your_account": Text(nl="Je account", en="Your account"),
    "users": Text(nl="Gebruikers", en="Users"),
    "log_out": Text(nl="Uitloggen", en="Log out"),
    "local": Text(
        nl="Fotopoort draait bij de school zelf. Er gaat geen foto naar buiten.",
        en="Fotopoort runs at the school itself. No photo leaves it.",
    ),
    "problem": Text(nl="Dit ging niet goed", en="Something is not right"),
    "error": Text(nl="Fout:", en="Error:"),
    "cancel": Text(nl="Terug", en="Back"),
    "to_start": Text(nl="Naar de startpagina", en="To the start page"),
    "save": Text(nl="Bewaren", en="Save"),
    # --- logging in ---
    "log_in": Text(nl="Inloggen", en="Log in"),
    "login": Text(nl="Inlognaam", en="Login name"),
    "login_hint": Text(nl="Vaak is dat je e-mailadres.", en="Often this is your e-mail address."),
    "password": Text(nl="Wachtwoord", en="Password"),
    "forgotten": Text(
        nl="Wachtwoord vergeten? Vraag de privacyfunctionaris van de school om een nieuwe link.",
        en="Password forgotten? Ask the privacy officer of the school for a new link.",
    ),
    "chosen": Text(nl="Je wachtwoord is bewaard. Log er nu mee in.", en="Your password is saved. Now log in with it."),
    "code_title": Text(nl="Nog één stap", en="One more step"),
    "code_about": Text(
        nl="Open de app op je telefoon en typ de code die er nu staat.",
        en="Open the app on your phone and type the code that it shows now.",
    ),
    "code": Text(nl="Code van 6 cijfers", en="Code of 6 digits"),
    "code_hint": Text(
        nl="Telefoon kwijt? Typ dan een van je herstelcodes.", en="Phone lost? Then type one of your recovery codes."
    ),
    "confirm": Text(nl="Verder", en="Continue"),
    "other_account": Text(nl="Met een ander account inloggen", en="Log in with another account"),
    # --- the second factor ---
    "factor_title": Text(nl="Inloggen met je telefoon erbij", en="Log in with your phone as well"),
    "factor_about": Text(
        nl="Wie je wachtwoord raadt, mag nog niet naar binnen. Daarom vragen we ook een code van je telefoon.",
        en="Whoever guesses your password must not get in. So we also ask for a code of your phone.",
    ),
    "factor_needed": Text(
        nl="Voor jouw account moet dat. Zonder deze stap kun je niet verder.",
        en="Your account needs this. Without it you cannot go on.",
    ),
    "factor_app": Text(
        nl="Je hebt een app nodig die codes maakt, zoals Aegis, Google Authenticator of Microsoft Authenticator.",
        en="You need an app that makes codes, such as Aegis, Google Authenticator or Microsoft Authenticator.",
    ),
    "factor_replaces": Text(
        nl="Je hebt al een telefoon gekoppeld. Met een nieuwe werkt de oude niet meer.",
        en="You have connected a phone already. With a new one, the old one works no more.",
    ),
    "factor_begin": Text(nl="Toon de QR-code", en="Show the QR code"),
    "factor_scan": Text(nl="Scan deze QR-code met de app.", en="Scan this QR code with the app."),
    "factor_qr": Text(nl="QR-code voor de app", en="QR code for the app"),
    "factor_type": Text(nl="Lukt het scannen niet? Typ dan dit in de app:", en="No way to scan? Then type this:"),
    "factor_confirm": Text(nl="Typ de code die de app nu toont.", en="Type the code that the app shows now."),
    "recovery_title": Text(nl="Bewaar je herstelcodes", en="Keep your recovery codes"),
    "recovery_about": Text(
        nl="Met zo'n code kom je binnen als je telefoon kwijt is. Elke code werkt één keer.",
        en="With such a code you get in when your phone is lost. Each code works once.",
    ),
    "recovery_once": Text(
        nl="Je ziet ze alleen nu. Print deze pagina of schrijf ze op, en leg ze op een veilige plek.",
        en="You see them only now. Print this page or write them down, and keep them in a safe place.",
    ),
    "recovery_kept": Text(nl="Ik heb ze bewaard", en="I have kept them"),
    # --- choosing a password ---
    "invitation_title": Text(nl="Kies een wachtwoord", en="Choose a password"),
    "welcome": Text(nl="Welkom,", en="Welcome,"),
    "invitation_about": Text(
        nl="Kies een wachtwoord dat alleen jij kent. Daarna log je ermee in.",
        en="Choose a password that only you know. Then you log in with it.",
    ),
    "new_password": Text(nl="Nieuw wachtwoord", en="New password"),
    "password_hint": Text(
        nl="12 tekens of meer. Vier losse woorden zijn goed te onthouden.",
        en="12 characters or more. Four words with no link are easy to remember.",
    ),
    "again": Text(nl="Nog een keer hetzelfde wachtwoord", en="The same password once more"),
    "choose": Text(nl="Wachtwoord bewaren", en="Save the password"),
    # --- the first account ---
    "setup_title": Text(nl="Fotopoort in gebruik nemen", en="Set up Fotopoort"),
    "setup_about": Text(
        nl="Hier maak je het eerste account: dat van de privacyfunctionaris. Daarna log je in, en kies je de"
        " klassenlijst.",
        en="Here you make the first account: the privacy officer's. Then you log in and choose the class list.",
    ),
    "setup_code": Text(nl="Code uit het bestand", en="Code in the file"),
    "setup_code_hint": Text(
        nl="De code staat in setup-code.txt. Waar dat bestand is, zei de service bij het starten.",
        en="The code is in setup-code.txt. Where that file is, the service said when it started.",
    ),
    "school_name": Text(nl="Naam van de school", en="Name of the school"),
    "officer_name": Text(nl="Jouw naam", en="Your name"),
    "setup_login_hint": Text(
        nl="Hiermee log je in. Een e-mailadres is een goede keuze.",
        en="You log in with this. An e-mail address is a good choice.",
    ),
    "setup_done": Text(nl="Account maken", en="Make the account"),
    # --- the class list ---
    "class_list": Text(nl="Klassenlijst", en="Class list"),
    "list_about": Text(
        nl="Fotopoort moet weten wie er in welke groep zit, en wie waar op een foto mag. Dat staat in je klassenlijst.",
        en="Fotopoort must know who is in which group, and who may be shown where. Your class list says so.",
    ),
    "list_file": Text(nl="Bestand met de klassenlijst", en="File with the class list"),
    "list_file_hint": Text(
        nl="Een CSV-bestand of een rekenblad (XLSX, XLS of ODS), met een kolom voor de naam en een voor de groep.",
        en="A CSV file or a spreadsheet (XLSX, XLS or ODS), with a column for the name and one for the group.",
    ),
    "list_read": Text(nl="Lijst inlezen", en="Import the list"),
    "made_up_title": Text(nl="Eerst even proberen?", en="Just trying it out?"),
    "made_up_about": Text(
        nl="Neem dan een verzonnen lijst: twee groepen met kinderen die niet bestaan. Je haalt die er niet meer uit."
        " Begin straks dus met een lege map als je het echt gaat gebruiken.",
        en="Then take a made-up list: two groups of children who do not exist. You cannot take it out again, so begin"
        " with an empty folder when you use it for real.",
    ),
    "made_up": Text(nl="Probeer het met een verzonnen lijst", en="Try it with a made-up list"),
    "skip_list": Text(nl="Overslaan: dit kan later ook", en="Skip: you can do this later"),
    "list_done": Text(nl="De lijst is ingelezen.", en="The list was imported."),
    "list_count": Text(nl="Mensen in het register", en="People in the registry"),
    "list_check": Text(nl="Kijk dit nog even na", en="Please check this"),
    "list_titles": Text(nl="Gelezen als toestemming:", en="Read as consents:"),
    "list_left_out": Text(nl="Niet nodig, en niet gelezen:", en="Not needed, and not read:"),
    "list_next": Text(
        nl="Een nieuwe lijst inlezen kan met deze opdracht, die eerst zegt wat er verandert:",
        en="Another list is imported by this command, which first says what it changes:",
    ),
    "list_users": Text(nl="Leerkrachten toevoegen", en="Add teachers"),
    # --- the start page ---
    # --- the account ---
    "name": Text(nl="Naam", en="Name"),
    "role": Text(nl="Rol", en="Role"),
    "groups": Text(nl="Groepen", en="Groups"),
    "change_password": Text(nl="Wachtwoord veranderen", en="Change your password"),
    "old_password": Text(nl="Wachtwoord dat je nu hebt", en="Password that you have now"),
    "password_changed": Text(
        nl="Je nieuwe wachtwoord is bewaard. Op andere plekken ben je uitgelogd.",
        en="Your new password is saved. In other places you are logged out.",
    ),
    "phone": Text(nl="Telefoon", en="Phone"),
    "phone_on": Text(nl="Bij het inloggen vragen we een code van je telefoon.", en="We ask for a code of your phone."),
    "phone_off": Text(nl="Je logt nu in met alleen een wachtwoord.", en="You now log in with no more than a password."),
    "phone_replace": Text(nl="Andere telefoon koppelen", en="Connect another phone"),
    "phone_add": Text(nl="Telefoon koppelen", en="Connect a phone"),
    "everywhere": Text(nl="Overal uitloggen", en="Log out everywhere"),
    "everywhere_about": Text(
        nl="Ben je ergens vergeten uit te loggen? Dan doe je dat hier, ook op deze computer.",
        en="Did you forget to log out somewhere? You do it here, on this computer as well.",
    ),
    # --- users ---
    "add_user": Text(nl="Iemand toevoegen", en="Add somebody"),
    "add_about": Text(
        nl="Je krijgt een link die je aan die persoon geeft. Daarmee kiest die zelf een wachtwoord.",
        en="You get a link to give to that person, who chooses a password with it.",
    ),
    "add": Text(nl="Toevoegen", en="Add"),
    "state": Text(nl="Stand", en="State"),
    "change": Text(nl="Veranderen", en="Change"),
    "you": Text(nl="dit ben je zelf", en="this is you"),
    "active": Text(nl="kan inloggen", en="can log in"),
    "waiting": Text(nl="heeft nog geen wachtwoord gekozen", en="has not chosen a password yet"),
    "disabled": Text(nl="kan niet inloggen", en="cannot log in"),
    "with_phone": Text(nl="met telefoon", en="with a phone"),
    "groups_hint": Text(nl="Alleen voor een leerkracht: de eigen groepen.", en="Of a teacher alone: their own groups."),
    "no_groups": Text(
        nl="Er zijn nog geen groepen. Lees eerst de klassenlijst in; daarna kun je een leerkracht toevoegen.",
        en="There are no groups yet. Import the class list first; then you can add a teacher.",
    ),
    "new_link": Text(nl="Nieuwe link maken", en="Make a new link"),
    "new_link_about": Text(
        nl="Wachtwoord vergeten? Met een nieuwe link kiest die persoon een ander. De vorige link werkt dan niet meer.",
        en="Password forgotten? With a new link that person chooses another one. The link before works no more then.",
    ),
    "drop_phone": Text(nl="Telefoon loskoppelen", en="Disconnect the phone"),
    "drop_phone_about": Text(
        nl="Telefoon kwijt? Koppel hem los. Die persoon is dan overal uitgelogd, en kiest met een nieuwe link een ander"
        " wachtwoord. Wie een telefoon nodig heeft, koppelt bij het inloggen een nieuwe.",
        en="Phone lost? Disconnect it. They are logged out everywhere, and choose another password with a new link."
        " Whoever needs a phone connects another when they log in.",
    ),
    "disable": Text(nl="Account uitzetten", en="Turn the account off"),
    "disable_about": Text(
        nl="Werkt iemand hier niet meer? Zet het account uit. Die persoon is dan meteen overal uitgelogd.",
        en="Does somebody no longer work here? Turn the account off. They are logged out everywhere at once.",
    ),
    "enable": Text(nl="Account weer aanzetten", en="Turn the account on again"),
    "enable_about": Text(
        nl="Die persoon kan dan weer inloggen, met hetzelfde wachtwoord.",
        en="They can then log in again, with the same password.",
    ),
    "link_title": Text(nl="Link om een wachtwoord te kiezen", en="Link to choose a password"),
    "link_for": Text(nl="Geef deze link aan:", en="Give this link to:"),
    "link_once": Text(
        nl="Je ziet de link alleen nu. Wie hem heeft, kan het wachtwoord kiezen. Geef hem dus aan niemand anders.",
        en="You see the link only now. Whoever has it can choose the password, so give it to nobody else.",
    ),
    "link_until": Text(nl="De link werkt één keer, tot", en="The link works once, until"),
    "to_users": Text(nl="Naar de gebruikers", en="To the users"),
}
