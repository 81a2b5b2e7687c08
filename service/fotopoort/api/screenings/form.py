"""The fields of `POST /v1/screenings`, as values."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from starlette.datastructures import FormData, UploadFile

from fotopoort.errors import BadAnswers, BadForm, NothingToScreen, TooLarge
from fotopoort.policy.policy import Policy
from fotopoort.registry.photos.answers import check_answers, merge, parse_answers, read_json
from fotopoort.screening.screen import Request
from fotopoort.vocabulary import Answers, ChannelId, People

ONCE = ("caption", "only_present", "answers", "together", "taken")
SEVERAL = ("photo", "channel", "group", "present", "absent", "place")
FLAGS = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}


@dataclass(frozen=True, slots=True)
class Upload:
    """One photo as it was sent: the name the sender gave it, and its bytes."""

    name: str = field(repr=False)
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Form:
    """One message: photos, and the same request for each of them. `places`: where it will appear, per channel."""

    photos: tuple[Upload, ...]
    request: Request
    places: dict[ChannelId, str] = field(default_factory=dict, repr=False)
    taken: date | None = None


def taken(form: FormData) -> date | None:
    """The day the photos were taken, where it was sent.

    Raises:
        BadForm: it is no day.
    """
    text = _text(form, "taken")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadForm("The field taken must be a day.", hint="Write it as 2026-11-24.") from None


async def read(form: FormData, policy: Policy, people: People | None, max_photos: int) -> Form:
    """The form's meaning. No message says what a field held.

    Raises:
        BadForm: a field is unknown, missing, given too often, or not of its kind.
        NothingToScreen: there is no photo.
        TooLarge: there are too many photos.
        UnknownChannel, BadAnswers, UnknownPerson, UnknownGroup: as their rooms say.
    """
    _check_fields(form)
    photos = [one for one in form.getlist("photo") if isinstance(one, UploadFile)]
    if not photos:
        raise NothingToScreen(hint="Send at least one file in the field photo.")
    if len(photos) > max_photos:
        raise TooLarge(f"There are more than {max_photos} photos in this request.")
    channels = dict.fromkeys(_texts(form, "channel"))
    if not channels:
        raise BadForm("The field channel is missing.", hint="Send it once for each channel.")
    for channel in channels:
        policy.channel(channel)
    request = Request(
        channels=tuple(channels),
        answers=_answers(form, people, several=len(photos) > 1),
        caption=_text(form, "caption"),
        together=_flag(form, "together"),
    )
    uploads = tuple([Upload(one.filename or "", await one.read()) for one in photos])
    return Form(uploads, request, _places(form, request.channels), taken(form))


def _check_fields(form: FormData) -> None:
    for key, value in form.multi_items():
        if key not in ONCE + SEVERAL:
            raise BadForm("The form has an unknown field.", hint=f"It takes: {', '.join(SEVERAL + ONCE)}.")
        if isinstance(value, UploadFile) is not (key == "photo"):
            raise BadForm(f"The field {key} must be a {'file' if key == 'photo' else 'text'}.")
    for key in ONCE:
        if len(form.getlist(key)) > 1:
            raise BadForm(f"The field {key} is there more than once.")


def _answers(form: FormData, people: People | None, *, several: bool) -> Answers:
    spoken = Answers(
        groups=frozenset(_texts(form, "group")),
        present=frozenset(_texts(form, "present")),
        only_present=_flag(form, "only_present"),
        absent=frozenset(_texts(form, "absent")),
    )
    text = _text(form, "answers")
    if text:
        said = parse_answers(read_json(text), people)
        if several and (said.faces or said.drawn or said.not_names or said.not_a_private_list):
            raise BadAnswers(
                "Answers about faces and names belong to one photo, and this request has several.",
                hint="Send each photo with its own answers.",
            )
        spoken = merge(spoken, said)
    return check_answers(spoken, people)


def _places(form: FormData, channels: Collection[ChannelId]) -> dict[ChannelId, str]:
    places = {}
    for text in _texts(form, "place"):
        channel, equals, place = text.partition("=")
        if not equals or channel not in channels or channel in places:
            raise BadForm(
                "The field place must name a channel of this request, once.", hint="Send it as website=https://…"
            )
        places[channel] = place
    return places


def _texts(form: FormData, key: str) -> list[str]:
    return [value for value in form.getlist(key) if isinstance(value, str)]


def _text(form: FormData, key: str) -> str | None:
    return next(iter(_texts(form, key)), None)


def _flag(form: FormData, key: str) -> bool:
    text = (_text(form, key) or "false").strip().lower()
    if text not in FLAGS:
        raise BadForm(f"The field {key} must be true or false.")
    return FLAGS[text]
