"""Every error a person can meet, in one tree: what went wrong and what to do next, in Dutch and in English.

Long, because every error is in this one file.

FotopoortError
├── NotReady                    the service cannot do its work now (HTTP 503)
├── UseError                    the caller asked for something that cannot be (exit 2, HTTP 4xx)
│   ├── UnknownChannel, UnknownGroup, UnknownPerson, BadAnswers, BadClassList, BadPolicy, BadSetting
│   ├── BadSchoolFile
│   ├── FileMissing, FolderUnreadable, OutputUnwritable, NothingToScreen
│   ├── NotAllowed (401): NotLoggedIn, BadLogin, BadCode, BadInvitation, BadSignature;
│   │   TooManyAttempts (429), BadPassword
│   ├── BadForm, FutureDay, Forbidden (403): CrossSite, NotFound (404), MethodNotAllowed (405)
│   ├── UploadStalled (408), AlreadyThere (409), PhotoGone (409), NoCopy (409), NoLongerValid (410), TooLarge (413)
│   ├── PostEnded (409), WrongOffset (409), PostChanged (412)
│   ├── IdempotencyConflict (409), NothingToPublish (409), CopiesNotBlocked (409)
│   ├── NotJudged (415): PdfNotJudged, VideoNotJudged, OfficeNotJudged, DrawingNotJudged, PageNotJudged
│   │   └── ArchiveNotJudged, SoundNotJudged
│   ├── NotAForm (415), HostNotAllowed (421), Busy (429)
│   ├── Overloaded (503)
│   ├── BadNames, NoNames (409), TextTooLong (413)
│   └── NoRegistry, BadRecord, BadBackup
├── PhotoError                  this photo cannot be judged (rule R01, exit 1, HTTP 200 with a reject)
│   ├── FileUnreadable, EmptyFile, NotHereYet, NotAPhoto, FormatNotAllowed, Animated
│   ├── TooManyPixels, TooManyBytes, Damaged, TooSmallToJudge, TooMuchText
│   └── ScreeningTimeout, ScreenerCrashed
├── ModelError                  a model cannot be had or used (exit 1, HTTP 503)
│   ├── ModelMissing, ModelCorrupt
│   └── ModelFailed
├── PairingFailed               a website cannot be paired with now (exit 1, HTTP 502)
└── RegistryError               the registry cannot be used (exit 1, HTTP 503)
    ├── RegistryUnavailable, RegistryNewer, RegistryMoved
    └── ChainBroken, KeyMissing

No message, hint or attribute ever holds a name, a caption, a path inside a photo or a pixel.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Final, TypeVar

from fotopoort.vocabulary import Failure, Text

Kind = TypeVar("Kind", bound="FotopoortError")


class FotopoortError(Exception):
    """Something went wrong.

    Args:
        message: what went wrong, in place of the class's own `text`.
        hint: what to do next, in place of the class's own `advice`.
    """

    code: ClassVar[str] = "error"
    http_status: ClassVar[int] = 500
    exit_status: ClassVar[int] = 1
    text: ClassVar[Text] = Text(nl="Er ging iets mis.", en="Something went wrong.")
    advice: ClassVar[Text] = Text(
        nl="Probeer het opnieuw. Blijft het zo? Meld het dan met deze code.",
        en="Try again; if it stays, report it with this code.",
    )

    def __init__(self, message: Text | None = None, *, hint: Text | None = None) -> None:
        self.message, self.hint = message or self.text, hint or self.advice
        super().__init__(self.message)

    def __str__(self) -> str:
        return self.message.en

    def failure(self) -> Failure:
        """As the reason a photo could not be judged."""
        return Failure(self.code, self.message.en, self.hint.en, self.message.nl, self.hint.nl)

    def as_dict(self, language: str = "en") -> dict[str, str]:
        """The `error` object of the JSON contracts."""
        return {"code": self.code, "message": f"{self.message:{language}}", "hint": f"{self.hint:{language}}"}


# --- wrong use -------------------------------------------------------------------------------------------


class UseError(FotopoortError):
    code = "wrong_use"
    http_status = 422
    exit_status = 2
    text = Text(nl="Zo kan dit niet.", en="This cannot be done as asked.")
    advice = Text(nl="Kijk bij `fotopoort --help`.", en="See `fotopoort --help`.")


class UnknownChannel(UseError):
    code = "unknown_channel"
    text = Text(nl="Dit kanaal bestaat niet.", en="There is no such channel.")


class UnknownGroup(UseError):
    code = "unknown_group"
    text = Text(nl="Deze groep staat niet op de klassenlijst.", en="There is no such group in the class list.")


class UnknownPerson(UseError):
    code = "unknown_person"
    text = Text(nl="Deze persoon staat niet op de klassenlijst.", en="There is no such person in the class list.")


class BadAnswers(UseError):
    code = "bad_answers"
    text = Text(nl="De antwoorden zijn niet bruikbaar.", en="The answers cannot be used.")


class BadClassList(UseError):
    code = "bad_class_list"
    text = Text(nl="De klassenlijst kan niet worden gelezen.", en="The class list cannot be read.")


class BadPolicy(UseError):
    code = "bad_policy"
    text = Text(nl="Het bestand met de regels is niet bruikbaar.", en="The policy file cannot be used.")


class BadSchoolFile(UseError):
    code = "bad_school_file"
    text = Text(nl="Het bestand van de school is niet bruikbaar.", en="The school file cannot be used.")
    advice = Text(
        nl="Verbeter het en probeer het opnieuw; een voorbeeld staat in docs/channels.md.",
        en="Correct it and try again; docs/channels.md has an example.",
    )


class BadSetting(UseError):
    code = "bad_setting"
    text = Text(nl="Een instelling heeft een waarde die niet kan.", en="A setting has a value that cannot be used.")


class FileMissing(UseError):
    code = "file_missing"
    text = Text(nl="Dit bestand bestaat niet.", en="There is no such file.")
    advice = Text(nl="Controleer het pad.", en="Check the path.")


class FolderUnreadable(UseError):
    code = "folder_unreadable"
    text = Text(nl="Deze map kan niet worden gelezen.", en="This folder cannot be read.")
    advice = Text(
        nl="Controleer de rechten, of noem een andere map.", en="Check its permissions, or name another folder."
    )


class OutputUnwritable(UseError):
    code = "output_unwritable"
    text = Text(
        nl="In de map voor de uitvoer kan niet worden geschreven.", en="The output folder cannot be written to."
    )
    advice = Text(
        nl="Controleer de rechten en de vrije ruimte, of noem een andere map met --out.",
        en="Check its permissions and free space, or name another folder with --out.",
    )


class NothingToScreen(UseError):
    code = "nothing_to_screen"
    text = Text(nl="Hier staat geen foto.", en="There is no photo here.")
    advice = Text(
        nl="Noem minstens één foto, of een map waar foto's in staan.",
        en="Name at least one photo, or a folder that holds some.",
    )


class BadForm(UseError):
    code = "bad_form"
    text = Text(nl="Het formulier is niet bruikbaar.", en="The form cannot be used.")
    advice = Text(
        nl="De velden van het formulier staan in /openapi.json.",
        en="The fields of the form are described in /openapi.json.",
    )


class FutureDay(UseError):
    code = "future_day"
    text = Text(nl="Deze dag moet nog komen.", en="That day has not come yet.")
    advice = Text(nl="Geef de dag waarop de foto is gemaakt.", en="Give the day on which the photo was taken.")


class NotAllowed(UseError):
    code = "not_allowed"
    http_status = 401
    text = Text(nl="De API-sleutel ontbreekt of is niet geldig.", en="The API key is missing or not valid.")
    advice = Text(
        nl="Stuur hem mee als `Authorization: Bearer <sleutel>`.", en="Send it as `Authorization: Bearer <key>`."
    )


class NotLoggedIn(NotAllowed):
    """There is no session, it is over, or its second factor was not given."""

    code = "not_logged_in"
    text = Text(nl="Je bent niet ingelogd, of niet meer.", en="You are not logged in, or no longer.")
    advice = Text(nl="Log in en probeer het opnieuw.", en="Log in and try again.")


class BadLogin(NotAllowed):
    code = "bad_login"
    text = Text(nl="De naam of het wachtwoord klopt niet.", en="The name or the password is not right.")
    advice = Text(
        nl="Probeer het opnieuw. Weet je het niet meer? Vraag de privacyfunctionaris om een nieuwe link.",
        en="Try again. If you do not know it any more, ask the privacy officer for a new link.",
    )


class BadCode(NotAllowed):
    code = "bad_code"
    text = Text(nl="Deze code klopt niet, of is al gebruikt.", en="This code is not right, or was used before.")
    advice = Text(
        nl="Typ de code die nu in je app staat, of een herstelcode die je nog niet hebt gebruikt.",
        en="Type the code that your app shows now, or a recovery code that you have not used yet.",
    )


class BadInvitation(NotAllowed):
    code = "bad_invitation"
    text = Text(
        nl="Deze link is niet geldig, al gebruikt of te oud.", en="This link is not valid, was used, or is too old."
    )
    advice = Text(nl="Vraag de privacyfunctionaris om een nieuwe.", en="Ask the privacy officer for a new one.")


class BadSignature(NotAllowed):
    code = "bad_signature"
    text = Text(nl="Dit bericht is niet goed ondertekend.", en="This message is not signed as it should be.")
    advice = Text(
        nl="Onderteken het met het geheim van deze afzender, en kijk of de klok goed staat.",
        en="Sign it with the secret of this source, and check the clock.",
    )


class Forbidden(UseError):
    code = "forbidden"
    http_status = 403
    text = Text(nl="Met deze sleutel mag dat niet.", en="This key may not do that.")
    advice = Text(
        nl="Vraag het de administratie of de privacyfunctionaris van de school.",
        en="Ask the office or the privacy officer of the school.",
    )


class CrossSite(Forbidden):
    """A request that a browser's session would authorise, and that another site may have had it send."""

    code = "cross_site"
    text = Text(nl="Dit verzoek kwam niet van deze pagina's.", en="This request did not come from these pages.")
    advice = Text(
        nl="Open de pagina opnieuw en probeer het nog eens. Een programma stuurt X-CSRF-Token mee, of een API-sleutel.",
        en="Open the page again and retry. A program sends X-CSRF-Token along, or an API key.",
    )


class NotFound(UseError):
    code = "not_found"
    http_status = 404
    text = Text(nl="Hier is niets, of het is verlopen.", en="There is nothing here, or it has expired.")
    advice = Text(
        nl="Beoordelingen en hun nieuwe foto's worden een uur bewaard. Laat de foto opnieuw beoordelen.",
        en="Screenings and their renditions are kept for an hour; screen the photo again.",
    )


class MethodNotAllowed(UseError):
    code = "method_not_allowed"
    http_status = 405
    text = Text(nl="Dit adres kent die methode niet.", en="This address does not take that method.")
    advice = Text(nl="De methoden staan in de kop Allow.", en="The methods are in the Allow header.")


class UploadStalled(UseError):
    code = "upload_stalled"
    http_status = 408
    text = Text(nl="De rest van het verzoek kwam niet aan.", en="The rest of the request did not come.")
    advice = Text(nl="Controleer de verbinding en stuur het opnieuw.", en="Check the connection and send it again.")


class AlreadyThere(UseError):
    code = "already_there"
    http_status = 409
    text = Text(nl="Dit bestaat al.", en="There is one already.")
    advice = Text(
        nl="Kies een ander id, of verander wat er al is.", en="Choose another id, or change the one that is there."
    )


class PhotoGone(UseError):
    code = "photo_gone"
    http_status = 409
    text = Text(
        nl="De foto zelf wordt niet meer bewaard. Er kan niets nieuws van worden gemaakt.",
        en="The photo itself is no longer held, so nothing new can be made of it.",
    )
    advice = Text(
        nl="Wat je zei, is bewaard. Stuur de foto opnieuw, met de antwoorden.",
        en="What you said is kept. Send the photo again, with the answers.",
    )


class CopiesNotBlocked(UseError):
    code = "copies_not_blocked"
    http_status = 409
    text = Text(
        nl="Dit bestand is geblokkeerd, maar een kopie van de foto wordt nog niet herkend.",
        en="This file is blocked, but a copy of the photo is not recognised yet.",
    )
    advice = Text(
        nl="Geef de foto aan wie over privacy gaat, en vraag om de foto zelf nog een keer te blokkeren.",
        en="Give the photo to whoever looks after privacy, and ask them to block the photo itself once more.",
    )


class NoCopy(UseError):
    code = "no_copy"
    http_status = 409
    text = Text(
        nl="Van deze foto kan geen kopie voor deze ouders worden gemaakt.",
        en="No copy of this photo can be made for these parents.",
    )
    advice = Text(nl="Kies een andere foto.", en="Choose another photo.")


class NoLongerValid(UseError):
    code = "no_longer_valid"
    http_status = 410
    text = Text(
        nl="Dit oordeel geldt niet meer: daarna is er iets veranderd, in het register of bij deze foto.",
        en="This verdict no longer holds: something changed since, in the registry or about this photo.",
    )
    advice = Text(
        nl="Laat de foto opnieuw beoordelen. Is hij al geplaatst? Haal hem dan eerst weg.",
        en="Screen the photo again. If it was published already, take it down first.",
    )


class PostEnded(UseError):
    code = "post_ended"
    http_status = 409
    text = Text(nl="Dit bericht is klaar of verlopen.", en="This post is finished or has expired.")
    advice = Text(nl="Maak een nieuw bericht.", en="Make a new post.")


class PostChanged(UseError):
    code = "post_changed"
    http_status = 412
    text = Text(
        nl="Iemand anders heeft dit bericht intussen veranderd.", en="Somebody else changed this post in the meantime."
    )
    advice = Text(nl="Kijk hoe het nu is, en doe het dan opnieuw.", en="See how it is now, then do it again.")


class IdempotencyConflict(UseError):
    code = "idempotency_conflict"
    http_status = 409
    text = Text(
        nl="Onder deze Idempotency-Key is eerder iets anders gestuurd.",
        en="Something else was sent under this Idempotency-Key before.",
    )
    advice = Text(nl="Bedenk voor elk verzoek een nieuwe sleutel.", en="Make a new key for each request.")


class NothingToPublish(UseError):
    code = "nothing_to_publish"
    http_status = 409
    text = Text(nl="Er is nu geen nieuwe foto om te plaatsen.", en="There is no rendition to publish now.")
    advice = Text(nl="Vraag eerst het oordeel op.", en="Ask for the verdict first.")


class NotJudged(UseError):
    """A file that is no photo, and is therefore not judged.

    Attributes:
        unjudged: what the school wants done with such a file on the channel: "hold" or "allow".
    """

    code = "not_a_photo"
    http_status = 415
    text = Text(nl="Dit bestand is geen foto.", en="This file is not a photo.")
    advice = Text(
        nl="Plaats het niet, of laat iemand op school ernaar kijken.",
        en="Do not publish it, or have somebody at school look at it.",
    )
    allowed: ClassVar[Text] = Text(
        nl="Op dit kanaal mag het zonder oordeel worden geplaatst. Zo heeft de school het ingesteld.",
        en="On this channel it may be published without a verdict. The school has set it so.",
    )

    def __init__(self, unjudged: str = "hold") -> None:
        self.unjudged = unjudged
        super().__init__(hint=self.allowed if unjudged == "allow" else None)

    def as_dict(self, language: str = "en") -> dict[str, str]:
        return {**super().as_dict(language), "unjudged": self.unjudged}


class PdfNotJudged(NotJudged):
    code = "not_a_photo_pdf"
    text = Text(nl="Dit is een PDF.", en="This is a PDF.")


class VideoNotJudged(NotJudged):
    code = "not_a_photo_video"
    text = Text(nl="Dit is een video.", en="This is a video.")


class OfficeNotJudged(NotJudged):
    code = "not_a_photo_office"
    text = Text(nl="Dit is een document, zoals van Word.", en="This is a document, as of Word.")


class DrawingNotJudged(NotJudged):
    code = "not_a_photo_drawing"
    text = Text(nl="Dit is een tekening, zoals SVG.", en="This is a drawing, such as SVG.")


class PageNotJudged(NotJudged):
    code = "not_a_photo_page"
    text = Text(nl="Dit is een webpagina.", en="This is a web page.")


class ArchiveNotJudged(NotJudged):
    code = "not_a_photo_archive"
    text = Text(nl="Dit is een ingepakt bestand, zoals ZIP.", en="This is an archive, such as ZIP.")


class SoundNotJudged(NotJudged):
    code = "not_a_photo_sound"
    text = Text(nl="Dit is een geluidsbestand.", en="This is a sound file.")


class WrongOffset(UseError):
    """Attributes: `received`: the bytes of the photo that are there; the next part begins there."""

    code = "wrong_offset"
    http_status = 409
    text = Text(nl="Dit deel van de foto sluit niet aan.", en="This part of the photo does not follow on.")

    def __init__(self, received: int = 0) -> None:
        self.received = received
        super().__init__(
            hint=Text(nl=f"Ga verder vanaf byte {received}.", en=f"Go on from byte {received}."),
        )


class BadNames(UseError):
    code = "bad_names"
    text = Text(nl="De namenlijst of de tekst is niet bruikbaar.", en="The list of names or the text cannot be used.")


class NoNames(UseError):
    code = "no_names"
    http_status = 409
    text = Text(
        nl="Er is geen namenlijst om de tekst naast te leggen.",
        en="There is no list of names to hold the text against.",
    )
    advice = Text(
        nl="Importeer eerst de mensen van de school, of noem een lijst.",
        en="Import the school's people first, or name a list.",
    )


class TextTooLong(UseError):
    code = "text_too_long"
    http_status = 413
    text = Text(nl="De tekst is langer dan een miljoen tekens.", en="The text is longer than a million characters.")
    advice = Text(nl="Stuur de tekst in delen.", en="Send it in parts.")


class TooLarge(UseError):
    code = "too_large"
    http_status = 413
    text = Text(
        nl="Het verzoek is groter dan deze server aanneemt.", en="The request is larger than this server takes."
    )
    advice = Text(nl="Stuur minder of kleinere foto's tegelijk.", en="Send fewer or smaller photos at once.")


class NotAForm(UseError):
    code = "not_a_form"
    http_status = 415
    text = Text(nl="Het verzoek is geen formulier met bestanden.", en="The request is not a form with files.")
    advice = Text(nl="Stuur de foto's als multipart/form-data.", en="Send the photos as multipart/form-data.")


class HostNotAllowed(UseError):
    code = "host_not_allowed"
    http_status = 421
    text = Text(
        nl="Het verzoek was bedoeld voor een andere server dan deze.",
        en="The request was meant for another host name than this server's.",
    )
    advice = Text(nl="Gebruik 127.0.0.1 of localhost als adres.", en="Use 127.0.0.1 or localhost as the address.")


class Busy(UseError):
    code = "busy"
    http_status = 429
    text = Text(nl="Er wachten te veel foto's.", en="Too many screenings are waiting.")
    advice = Text(
        nl="Probeer het opnieuw na het aantal seconden in Retry-After.",
        en="Try again after the seconds in Retry-After.",
    )


class TooManyAttempts(UseError):
    """Attributes:
    seconds: until the next attempt is looked at.
    """

    code = "too_many_attempts"
    http_status = 429
    text = Text(nl="Er is te vaak een verkeerd wachtwoord gegeven.", en="A wrong password was given too often.")
    advice = Text(nl="Wacht even en probeer het dan opnieuw.", en="Wait a moment, then try again.")

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(
            hint=Text(
                nl=f"Wacht {seconds} seconden en probeer het dan opnieuw.",
                en=f"Wait {seconds} seconds, then try again.",
            )
        )


class Overloaded(UseError):
    code = "overloaded"
    http_status = 503
    text = Text(nl="De foto kwam niet op tijd aan de beurt.", en="The screening did not get its turn in time.")
    advice = Text(
        nl="Probeer het opnieuw na het aantal seconden in Retry-After.",
        en="Try again after the seconds in Retry-After.",
    )


class NotReady(FotopoortError):
    code = "not_ready"
    http_status = 503
    text = Text(nl="De service kan nu geen foto's beoordelen.", en="The service cannot judge photos now.")
    advice = Text(
        nl="Vraag het aan wie deze computer beheert: `fotopoort doctor` zegt wat er ontbreekt.",
        en="Ask whoever looks after this machine: `fotopoort doctor` says what is missing.",
    )


class NoRegistry(UseError):
    code = "no_registry"
    text = Text(nl="Op deze computer is nog geen register.", en="There is no registry on this machine yet.")
    advice = Text(nl="Maak er een met `fotopoort registry init`.", en="Make one with `fotopoort registry init`.")


class BadPassword(UseError):
    code = "bad_password"
    text = Text(nl="Dit wachtwoord is makkelijk te raden.", en="This password is easy to guess.")
    advice = Text(
        nl="Neem een ander, bijvoorbeeld vier losse woorden. Gebruik geen namen en geen jaartal.",
        en="Take another one, such as four words with no link. Use no names and no year.",
    )


class BadRecord(UseError):
    code = "bad_record"
    text = Text(nl="Dit kan niet in het register worden geschreven.", en="This cannot be written in the registry.")


class BadBackup(UseError):
    code = "bad_backup"
    text = Text(nl="De back-up is niet bruikbaar.", en="The backup cannot be used.")
    advice = Text(
        nl="Noem een bestand dat `fotopoort registry backup` heeft gemaakt.",
        en="Name a file that `fotopoort registry backup` wrote.",
    )


# --- a photo that cannot be judged -----------------------------------------------------------------------

UNTIL_THEN: Final = Text(nl="Tot die tijd: niet plaatsen.", en="Until then: do not publish.")


class PhotoError(FotopoortError):
    code = "photo_error"
    http_status = 422
    text = Text(nl="Deze foto kan niet worden beoordeeld.", en="This photo cannot be judged.")
    advice = Text(
        nl="Sla de foto opnieuw op als JPEG en probeer dat bestand.", en="Export it again as JPEG and try that file."
    )

    def failure(self) -> Failure:
        """As the reason a photo could not be judged: every door says with it that the photo is not to be published."""
        hint = Text(nl=f"{self.hint.nl} {UNTIL_THEN.nl}", en=f"{self.hint.en} {UNTIL_THEN.en}")
        return Failure(self.code, self.message.en, hint.en, self.message.nl, hint.nl)

    def as_dict(self, language: str = "en") -> dict[str, str]:
        return self.failure().as_dict(language)


class EmptyFile(PhotoError):
    code = "empty_file"
    text = Text(nl="Het bestand is leeg.", en="The file is empty.")
    advice = Text(
        nl="Wordt het nog gekopieerd, of staat het alleen online (OneDrive, Dropbox)? Wacht dan of download het eerst."
        " Blijft het leeg? Kopieer het opnieuw van de camera of telefoon.",
        en="Is it still being copied, or online only (OneDrive, Dropbox)? Then wait, or download it first. If it stays"
        " empty, copy it from the camera or phone again.",
    )


class NotHereYet(PhotoError):
    code = "not_here_yet"
    text = Text(
        nl="Het bestand staat nog niet helemaal op deze computer.",
        en="The file is not on this computer as a whole yet.",
    )
    advice = Text(
        nl="Download het eerst (“altijd op dit apparaat bewaren”), of wacht tot het kopiëren klaar is.",
        en="Download it first (“always keep on this device”), or wait until the copying is done.",
    )


class FileUnreadable(PhotoError):
    code = "file_unreadable"
    text = Text(nl="Het bestand kan niet worden gelezen.", en="The file cannot be read.")
    advice = Text(
        nl="Controleer de rechten, en of het er nog is. Staat het alleen online? Download het dan eerst.",
        en="Check its permissions, and that it is still there. If it is online only, download it first.",
    )


class NotAPhoto(PhotoError):
    code = "not_a_photo"
    text = Text(
        nl="In het bestand staat geen foto die kan worden gelezen.", en="The file holds no picture that can be read."
    )
    advice = Text(
        nl="Probeer het te openen in een fotoprogramma. Lukt dat, bewaar het dan als JPEG en probeer dat bestand.",
        en="Try to open it in a photo program; if that works, save it as JPEG and try that file.",
    )


class FormatNotAllowed(PhotoError):
    code = "format_not_allowed"
    text = Text(nl="Dit soort beeldbestand wordt niet aangenomen.", en="This kind of picture file is not taken.")
    advice = Text(
        nl="Gebruik JPEG, PNG, WebP, HEIC, AVIF of TIFF met één foto erin.",
        en="Take JPEG, PNG, WebP, HEIC, AVIF or TIFF with one picture in it.",
    )


class Animated(PhotoError):
    code = "animated"
    text = Text(
        nl="Het bestand bevat bewegend beeld. Alleen een stilstaande foto kan worden beoordeeld.",
        en="The file holds a moving picture; only still ones can be judged.",
    )
    advice = Text(nl="Sla één beeld ervan op als JPEG.", en="Save one frame of it as JPEG.")


class TooManyPixels(PhotoError):
    code = "too_many_pixels"
    text = Text(nl="De foto heeft meer pixels dan de grens.", en="The picture has more pixels than the limit.")
    advice = Text(
        nl="Maak hem kleiner, of verhoog FOTOPOORT_MAX_MEGAPIXELS.",
        en="Make it smaller, or raise FOTOPOORT_MAX_MEGAPIXELS.",
    )


class TooManyBytes(PhotoError):
    code = "too_many_bytes"
    text = Text(nl="Het bestand is groter dan de grens.", en="The file is larger than the limit.")
    advice = Text(
        nl="Maak het kleiner, of verhoog FOTOPOORT_MAX_MEGABYTES.",
        en="Make it smaller, or raise FOTOPOORT_MAX_MEGABYTES.",
    )


# What helps where only a part of the file arrived; and where it is whole, but not written as most programs write it.
COPY_AGAIN = Text(nl="Kopieer hem opnieuw van de camera of telefoon.", en="Copy it from the camera or phone again.")
SAVE_AS_JPEG = Text(
    nl="Open hem in een fotoprogramma en sla hem opnieuw op als JPEG.",
    en="Open it in a photo program and save it again as JPEG.",
)


class Damaged(PhotoError):
    code = "damaged"
    text = Text(nl="De foto is beschadigd of niet compleet.", en="The picture is damaged or cut off.")
    advice = Text(
        nl="Kopieer hem opnieuw van de camera of telefoon. Helpt dat niet? Open hem dan in een fotoprogramma en sla hem"
        " opnieuw op als JPEG.",
        en="Copy it from the camera or phone again. If that does not help, open it in a photo program and save it again"
        " as JPEG.",
    )


class TooMuchText(PhotoError):
    code = "too_much_text"
    text = Text(
        nl="Er staat meer tekst in de foto dan op namen kan worden nagekeken.",
        en="There is more text in the photo than can be searched for names.",
    )
    advice = Text(
        nl="Snijd de foto bij, zodat er minder tekst op staat.", en="Cut the photo so that less of the text is in it."
    )


class TooSmallToJudge(PhotoError):
    code = "too_small"
    text = Text(
        nl="De foto is te klein of te smal om te beoordelen.", en="The picture is too small or too narrow to judge."
    )
    advice = Text(
        nl="Neem de originele foto in plaats van een kleine kopie.", en="Take the original instead of a thumbnail."
    )


class ScreeningTimeout(PhotoError):
    code = "timeout"
    text = Text(nl="Het beoordelen van de foto duurde te lang.", en="Judging the photo took too long.")
    advice = Text(nl="Maak de foto kleiner en probeer het opnieuw.", en="Make the photo smaller and try again.")


class ScreenerCrashed(PhotoError):
    code = "crashed"
    text = Text(
        nl="Het programma dat foto's bekijkt, stopte bij deze foto.",
        en="The program that looks at photos stopped on this one.",
    )


# Codes of errors that lie in the file itself: another try ends the same way.
SETTLED: Final = frozenset(
    error.code for error in (EmptyFile, NotAPhoto, FormatNotAllowed, Animated, Damaged, TooSmallToJudge)
)


# --- models ----------------------------------------------------------------------------------------------


class ModelError(FotopoortError):
    code = "model_error"
    http_status = 503
    text = Text(nl="Een model kan niet worden gebruikt.", en="A model cannot be used.")
    advice = Text(nl="Voer `fotopoort models verify` uit.", en="Run `fotopoort models verify`.")


class ModelMissing(ModelError):
    code = "model_missing"
    text = Text(
        nl="Een model staat niet op deze computer en kon niet worden opgehaald.",
        en="A model is not on this machine and could not be fetched.",
    )
    advice = Text(
        nl="Voer `fotopoort models pull` uit waar internet is.",
        en="Run `fotopoort models pull` where there is a network.",
    )


class ModelCorrupt(ModelError):
    code = "model_corrupt"
    text = Text(
        nl="Een modelbestand is niet het bestand dat in de lijst staat, en wordt niet gebruikt.",
        en="A model file is not the one the manifest names, and is not used.",
    )
    advice = Text(
        nl="Gooi het weg en voer `fotopoort models pull` uit.", en="Delete it and run `fotopoort models pull`."
    )


class ModelFailed(ModelError):
    code = "model_failed"
    text = Text(nl="Een model kon deze foto niet bekijken.", en="A model could not look at this photo.")


# --- the registry ----------------------------------------------------------------------------------------


class PairingFailed(FotopoortError):
    code = "pairing_failed"
    http_status = 502
    text = Text(
        nl="De website geeft geen antwoord, of een ander dan de plugin geeft.",
        en="The website does not answer, or not as the plugin does.",
    )
    advice = Text(
        nl="Kijk of de website het doet en de plugin aanstaat, en probeer het opnieuw met een nieuwe code.",
        en="See that the website works and its plugin is active, and try again with a new code.",
    )


class RegistryError(FotopoortError):
    code = "registry_error"
    http_status = 503
    text = Text(nl="Het register kan niet worden gebruikt.", en="The registry cannot be used.")
    advice = Text(nl="Vraag het aan wie deze computer beheert.", en="Ask whoever looks after this machine.")


class RegistryUnavailable(RegistryError):
    code = "registry_unavailable"
    text = Text(
        nl="Het register waarin staat wie er op de foto mag, geeft geen antwoord.",
        en="The registry with who may be shown does not answer.",
    )
    advice = Text(
        nl="Probeer het over een paar minuten opnieuw. Blijft het zo? Vraag het dan aan wie deze computer beheert.",
        en="Try again in a few minutes. If it stays, ask whoever looks after this machine to see to the registry.",
    )


class RegistryNewer(RegistryError):
    code = "registry_newer"
    text = Text(
        nl="Het register is gemaakt door een nieuwere versie van dit programma.",
        en="The registry was made by a newer version of this program.",
    )
    advice = Text(
        nl="Installeer die versie, of zet een back-up terug die deze versie heeft gemaakt.",
        en="Install that version, or restore a backup that this one made.",
    )


class RegistryMoved(RegistryError):
    code = "registry_moved"
    text = Text(
        nl="Het register veranderde steeds terwijl de foto werd beoordeeld.",
        en="The registry kept changing while the photo was judged.",
    )
    advice = Text(nl="Stuur de foto opnieuw.", en="Send the photo again.")


class ChainBroken(RegistryError):
    code = "chain_broken"
    http_status = 500
    text = Text(
        nl="Het logboek is veranderd door iets anders dan dit programma.",
        en="The audit log was changed by something else than this program.",
    )
    advice = Text(
        nl="Bewaar een kopie van de database zoals hij is, en vertel het de privacyfunctionaris.",
        en="Keep a copy of the database as it is, and tell the privacy officer.",
    )


class KeyMissing(RegistryError):
    code = "key_missing"
    text = Text(
        nl="Een sleutelbestand van het register is er niet, of er staat iets anders in.",
        en="A key file of the registry is not there, or holds something else.",
    )
    advice = Text(
        nl="Zet het terug vanaf de plek waar het werd bewaard. Zonder is niet te lezen wat ermee is geschreven.",
        en="Put it back from where it was kept; what was written with it cannot be read without it.",
    )


# --- by their codes --------------------------------------------------------------------------------------


def kinds(of: type[Kind]) -> Iterator[type[Kind]]:
    """An error, and all that are of its kind."""
    yield of
    for more in of.__subclasses__():
        yield from kinds(more)


def kind_of(code: str, among: type[Kind]) -> type[Kind]:
    """The error of this kind that has a code, of several the more general one; where there is none any more, the kind
    itself."""
    return next((kind for kind in kinds(among) if kind.code == code), among)
