"""Every error a person can meet, in one tree. The docstring is the message; the hint says what to do next.

FotopoortError
├── UseError                    the caller asked for something that cannot be (exit 2, HTTP 4xx)
│   ├── UnknownChannel, UnknownGroup, UnknownPerson, BadAnswers, BadClassList, BadPolicy, BadSetting
│   ├── FileMissing, FolderUnreadable, OutputUnwritable, NothingToScreen
│   ├── BadForm, NotAllowed (401), Forbidden (403), NotFound (404), MethodNotAllowed (405), UploadStalled (408)
│   ├── AlreadyThere (409), PhotoGone (409), TooLarge (413), NotAForm (415), HostNotAllowed (421), Busy (429)
│   ├── Overloaded (503)
│   ├── BadNames, NoNames (409), TextTooLong (413)
│   └── NoRegistry, BadRecord, BadBackup
├── PhotoError                  this photo cannot be judged (rule R01, exit 1, HTTP 200 with a reject)
│   ├── FileUnreadable, EmptyFile, NotAPhoto, FormatNotAllowed, Animated
│   ├── TooManyPixels, TooManyBytes, Damaged, TooSmallToJudge, TooMuchText
│   └── ScreeningTimeout, ScreenerCrashed
├── ModelError                  a model cannot be had or used (exit 1, HTTP 503)
│   ├── ModelMissing, ModelCorrupt
│   └── ModelFailed
└── RegistryError               the registry cannot be used (exit 1, HTTP 503)
    ├── RegistryUnavailable, RegistryNewer
    └── ChainBroken, KeyMissing

No message, hint or attribute ever holds a name, a caption, a path inside a photo or a pixel.
"""

from __future__ import annotations

from typing import ClassVar

from fotopoort.vocabulary import Failure


class FotopoortError(Exception):
    """Something went wrong."""

    code: ClassVar[str] = "error"
    http_status: ClassVar[int] = 500
    exit_status: ClassVar[int] = 1
    hint: str = "Try again; if it stays, report it with this code."

    def __init__(self, message: str | None = None, *, hint: str | None = None) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip())
        if hint is not None:
            self.hint = hint

    @property
    def message(self) -> str:
        return str(self)

    def failure(self) -> Failure:
        """As the reason a photo could not be judged."""
        return Failure(self.code, self.message, self.hint)

    def as_dict(self) -> dict[str, str]:
        """The `error` object of the JSON contracts."""
        return {"code": self.code, "message": self.message, "hint": self.hint}


# --- wrong use -------------------------------------------------------------------------------------------


class UseError(FotopoortError):
    """This cannot be done as asked."""

    code = "wrong_use"
    http_status = 422
    exit_status = 2
    hint = "See `fotopoort --help`."


class UnknownChannel(UseError):
    """There is no such channel."""

    code = "unknown_channel"


class UnknownGroup(UseError):
    """There is no such group in the class list."""

    code = "unknown_group"


class UnknownPerson(UseError):
    """There is no such person in the class list."""

    code = "unknown_person"


class BadAnswers(UseError):
    """The answers cannot be used."""

    code = "bad_answers"


class BadClassList(UseError):
    """The class list cannot be read."""

    code = "bad_class_list"


class BadPolicy(UseError):
    """The policy file cannot be used."""

    code = "bad_policy"


class BadSetting(UseError):
    """A setting has a value that cannot be used."""

    code = "bad_setting"


class FileMissing(UseError):
    """There is no such file."""

    code = "file_missing"
    hint = "Check the path."


class FolderUnreadable(UseError):
    """This folder cannot be read."""

    code = "folder_unreadable"
    hint = "Check its permissions, or name another folder."


class OutputUnwritable(UseError):
    """The output folder cannot be written to."""

    code = "output_unwritable"
    hint = "Check its permissions and free space, or name another folder with --out."


class NothingToScreen(UseError):
    """There is no photo here."""

    code = "nothing_to_screen"
    hint = "Name at least one photo, or a folder that holds some."


class BadForm(UseError):
    """The form cannot be used."""

    code = "bad_form"
    hint = "The fields of the form are described in /openapi.json."


class NotAllowed(UseError):
    """The API key is missing or not valid."""

    code = "not_allowed"
    http_status = 401
    hint = "Send it as `Authorization: Bearer <key>`."


class Forbidden(UseError):
    """This key may not do that."""

    code = "forbidden"
    http_status = 403
    hint = "Ask the office or the privacy officer of the school."


class NotFound(UseError):
    """There is nothing here, or it has expired."""

    code = "not_found"
    http_status = 404
    hint = "Screenings and their renditions are kept for an hour; screen the photo again."


class MethodNotAllowed(UseError):
    """This address does not take that method."""

    code = "method_not_allowed"
    http_status = 405
    hint = "The methods are in the Allow header."


class UploadStalled(UseError):
    """The rest of the request did not come."""

    code = "upload_stalled"
    http_status = 408
    hint = "Check the connection and send it again."


class AlreadyThere(UseError):
    """There is one already."""

    code = "already_there"
    http_status = 409
    hint = "Choose another id, or change the one that is there."


class PhotoGone(UseError):
    """The photo itself is no longer held, so nothing new can be made of it."""

    code = "photo_gone"
    http_status = 409
    hint = "What you said is kept. Send the photo again, with the answers."


class BadNames(UseError):
    """The list of names or the text cannot be used."""

    code = "bad_names"


class NoNames(UseError):
    """There is no list of names to hold the text against."""

    code = "no_names"
    http_status = 409
    hint = "Import the school's people first, or name a list."


class TextTooLong(UseError):
    """The text is longer than a million characters."""

    code = "text_too_long"
    http_status = 413
    hint = "Send it in parts."


class TooLarge(UseError):
    """The request is larger than this server takes."""

    code = "too_large"
    http_status = 413
    hint = "Send fewer or smaller photos at once."


class NotAForm(UseError):
    """The request is not a form with files."""

    code = "not_a_form"
    http_status = 415
    hint = "Send the photos as multipart/form-data."


class HostNotAllowed(UseError):
    """The request was meant for another host name than this server's."""

    code = "host_not_allowed"
    http_status = 421
    hint = "Use 127.0.0.1 or localhost as the address."


class Busy(UseError):
    """Too many screenings are waiting."""

    code = "busy"
    http_status = 429
    hint = "Try again after the seconds in Retry-After."


class Overloaded(UseError):
    """The screening did not get its turn in time."""

    code = "overloaded"
    http_status = 503
    hint = "Try again after the seconds in Retry-After."


class NoRegistry(UseError):
    """There is no registry on this machine yet."""

    code = "no_registry"
    hint = "Make one with `fotopoort registry init`."


class BadRecord(UseError):
    """This cannot be written in the registry."""

    code = "bad_record"


class BadBackup(UseError):
    """The backup cannot be used."""

    code = "bad_backup"
    hint = "Name a file that `fotopoort registry backup` wrote."


# --- a photo that cannot be judged -----------------------------------------------------------------------


class PhotoError(FotopoortError):
    """This photo cannot be judged."""

    code = "photo_error"
    http_status = 422
    hint = "Export it again as JPEG and try that file."


class EmptyFile(PhotoError):
    """The file is empty."""

    code = "empty_file"
    hint = "Copy it from the camera or phone again."


class FileUnreadable(PhotoError):
    """The file cannot be read."""

    code = "file_unreadable"
    hint = "Check its permissions, and that it is still there."


class NotAPhoto(PhotoError):
    """The file holds no picture that can be read."""

    code = "not_a_photo"


class FormatNotAllowed(PhotoError):
    """This kind of picture file is not taken."""

    code = "format_not_allowed"
    hint = "Take JPEG, PNG, WebP, HEIC, AVIF or TIFF with one picture in it."


class Animated(PhotoError):
    """The file holds a moving picture; only still ones can be judged."""

    code = "animated"
    hint = "Save one frame of it as JPEG."


class TooManyPixels(PhotoError):
    """The picture has more pixels than the limit."""

    code = "too_many_pixels"
    hint = "Make it smaller, or raise FOTOPOORT_MAX_MEGAPIXELS."


class TooManyBytes(PhotoError):
    """The file is larger than the limit."""

    code = "too_many_bytes"
    hint = "Make it smaller, or raise FOTOPOORT_MAX_MEGABYTES."


class Damaged(PhotoError):
    """The picture is damaged or cut off."""

    code = "damaged"
    hint = "Copy it from the camera or phone again."


class TooMuchText(PhotoError):
    """There is more text in the photo than can be searched for names."""

    code = "too_much_text"
    hint = "Cut the photo so that less of the text is in it."


class TooSmallToJudge(PhotoError):
    """The picture is too small or too narrow to judge."""

    code = "too_small"
    hint = "Take the original instead of a thumbnail."


class ScreeningTimeout(PhotoError):
    """Judging the photo took too long."""

    code = "timeout"
    hint = "Make the photo smaller and try again."


class ScreenerCrashed(PhotoError):
    """The program that looks at photos stopped on this one."""

    code = "crashed"


# --- models ----------------------------------------------------------------------------------------------


class ModelError(FotopoortError):
    """A model cannot be used."""

    code = "model_error"
    http_status = 503
    hint = "Run `fotopoort models verify`."


class ModelMissing(ModelError):
    """A model is not on this machine and could not be fetched."""

    code = "model_missing"
    hint = "Run `fotopoort models pull` where there is a network."


class ModelCorrupt(ModelError):
    """A model file is not the one the manifest names, and is not used."""

    code = "model_corrupt"
    hint = "Delete it and run `fotopoort models pull`."


class ModelFailed(ModelError):
    """A model could not look at this photo."""

    code = "model_failed"


# --- the registry ----------------------------------------------------------------------------------------


class RegistryError(FotopoortError):
    """The registry cannot be used."""

    code = "registry_error"
    http_status = 503
    hint = "Ask whoever looks after this machine."


class RegistryUnavailable(RegistryError):
    """The registry with who may be shown does not answer."""

    code = "registry_unavailable"
    hint = "Try again in a few minutes. If it stays, ask whoever looks after this machine to see to the registry."


class RegistryNewer(RegistryError):
    """The registry was made by a newer version of this program."""

    code = "registry_newer"
    hint = "Install that version, or restore a backup that this one made."


class ChainBroken(RegistryError):
    """The audit log was changed by something else than this program."""

    code = "chain_broken"
    http_status = 500
    hint = "Keep a copy of the database as it is, and tell the privacy officer."


class KeyMissing(RegistryError):
    """A key file of the registry is not there, or holds something else."""

    code = "key_missing"
    hint = "Put it back from where it was kept; what was written with it cannot be read without it."
