"""The fields of `POST /v1/screenings`, as values.

The form is read by hand: with a pydantic model every error would still have to be put into our own words, and the
checks against the policy and the class list stay.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from starlette.datastructures import FormData, UploadFile

from fotopoort.api.screenings import form_fields
from fotopoort.application.context import DecisionContext
from fotopoort.errors import BadAnswers, BadForm, NothingToScreen, TooLarge
from fotopoort.policy.policy import Policy
from fotopoort.policy.posts.answers import merge
from fotopoort.registry.answers.answers import check_answers, parse_answers, read_json
from fotopoort.registry.answers.answers_file import AnswersFile, parse_answers_file
from fotopoort.screening.screen import Request
from fotopoort.vocabulary import Answers, ChannelId, People, Text

ONCE = ("caption", "only_present", "others", "answers", "together", "taken", "crop")
SEVERAL = ("photo", "channel", "group", "present", "absent", "place")
FLAGS = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}


@dataclass(frozen=True, slots=True)
class Upload:
    """One photo as it was sent: the name the sender gave it, its bytes and their SHA-256."""

    name: str = field(repr=False)
    content: bytes = field(repr=False)
    sha256: str


@dataclass(frozen=True, slots=True)
class Form:
    """One message: photos, and the same request for each of them.

    Attributes:
        places: where the photos will appear, per channel.
        stated_day: the day they were taken, as the sender says.
        per_photo: what was said of some of them, beside the request's answers, which are about all.
    """

    photos: tuple[Upload, ...]
    request: Request
    places: dict[ChannelId, str] = field(default_factory=dict, repr=False)
    stated_day: date | None = None
    per_photo: AnswersFile = field(default_factory=AnswersFile, repr=False)


async def read(form: FormData, policy: Policy, context: DecisionContext, max_photos: int) -> Form:
    """What the form asks. No error message repeats what a field held.

    Args:
        context: of any school year.

    Raises:
        FutureDay: the photos were taken on a day that has not come yet.
        BadForm: a field is unknown, missing, given too often, or not of its kind.
        NothingToScreen: there is no photo.
        TooLarge: there are too many photos.
        UnknownChannel, BadAnswers, UnknownPerson, UnknownGroup: as their rooms say.
    """
    form_fields.check(form, once=ONCE, several=SEVERAL)
    photos = [value for value in form.getlist("photo") if isinstance(value, UploadFile)]
    if not photos:
        raise NothingToScreen(
            hint=Text(
                nl="Stuur minstens één bestand in het veld photo.", en="Send at least one file in the field photo."
            )
        )
    if len(photos) > max_photos:
        raise TooLarge(
            Text(
                nl=f"Er zitten meer dan {max_photos} foto's in dit verzoek.",
                en=f"There are more than {max_photos} photos in this request.",
            )
        )
    channels = dict.fromkeys(form_fields.texts(form, "channel"))
    if not channels:
        raise BadForm(
            Text(nl="Het veld channel ontbreekt.", en="The field channel is missing."),
            hint=Text(nl="Stuur het één keer voor elk kanaal.", en="Send it once for each channel."),
        )
    for channel in channels:
        policy.channel(channel)
    answers, per_photo = await asyncio.to_thread(_answers, form, context.people, several=len(photos) > 1)
    uploads = tuple([await _upload(photo) for photo in photos])
    _check_said(per_photo, uploads)
    request = Request(
        channels=tuple(channels),
        answers=answers,
        caption=form_fields.text(form, "caption"),
        together=_flag(form, "together"),
    )
    return Form(uploads, request, _places(form, request.channels), form_fields.taken(form, context.today), per_photo)


async def _upload(photo: UploadFile) -> Upload:
    content = await photo.read()
    sha256 = await asyncio.to_thread(lambda: hashlib.sha256(content).hexdigest())
    return Upload(photo.filename or "", content, sha256)


def _check_said(per_photo: AnswersFile, uploads: Collection[Upload]) -> None:
    """Refuse answers that would not count, whole or in part: what was said to cover somebody must not be lost.

    Raises:
        BadAnswers: they are about a photo that is not here, or only name it.
    """
    per_photo.check_names(upload.name for upload in uploads)
    here = {key for upload in uploads for key in (upload.name, upload.sha256)}
    if per_photo.keys() - here:
        raise BadAnswers(
            Text(
                nl="De antwoorden gaan over een foto die niet in dit verzoek zit.",
                en="The answers are about a photo that is not in this request.",
            ),
            hint=Text(
                nl="Stuur die foto mee, of haal de antwoorden erover weg.",
                en="Send that photo as well, or take out the answers about it.",
            ),
        )
    if warning := per_photo.warning():
        raise BadAnswers(warning)


def _answers(form: FormData, people: People | None, *, several: bool) -> tuple[Answers, AnswersFile]:
    """What was said of all photos, and of some of them."""
    answers = Answers(
        groups=frozenset(form_fields.texts(form, "group")),
        present=frozenset(form_fields.texts(form, "present")),
        only_present=_flag(form, "only_present"),
        others=_flag(form, "others"),
        absent=frozenset(form_fields.texts(form, "absent")),
        crop=_flag(form, "crop"),
    )
    text = form_fields.text(form, "answers")
    said = read_json(text) if text else None
    if isinstance(said, dict) and said.keys() & {"photos", "posts"}:
        answers, per_photo = check_answers(answers, people), parse_answers_file(said, people)
        per_photo.check(answers, people)
        return answers, per_photo
    if text:
        parsed = parse_answers(said, people)
        about_one = parsed.faces or parsed.drawn or parsed.not_names or parsed.left_open or parsed.may_face_camera
        if several and (about_one or parsed.not_a_private_list or parsed.no_unseen_people):
            raise BadAnswers(
                Text(
                    nl="Antwoorden over gezichten en namen horen bij één foto, en in dit verzoek zitten er meer.",
                    en="Answers about faces and names belong to one photo, and this request has several.",
                ),
                hint=Text(
                    nl='Stuur ze als {"photos": {"<SHA-256 van de foto>": …}}.',
                    en='Send them as {"photos": {"<SHA-256 of the photo>": …}}.',
                ),
            )
        answers = merge(answers, parsed)
    return check_answers(answers, people), AnswersFile()


def _places(form: FormData, channels: Collection[ChannelId]) -> dict[ChannelId, str]:
    places = {}
    for text in form_fields.texts(form, "place"):
        channel, equals, place = text.partition("=")
        if not equals or channel not in channels or channel in places:
            raise BadForm(
                Text(
                    nl="Het veld place moet een kanaal van dit verzoek noemen, één keer.",
                    en="The field place must name a channel of this request, once.",
                ),
                hint=Text(nl="Stuur het als website=https://…", en="Send it as website=https://…"),
            )
        places[channel] = place
    return places


def _flag(form: FormData, key: str) -> bool:
    text = (form_fields.text(form, key) or "false").strip().lower()
    if text not in FLAGS:
        raise BadForm(Text(nl=f"Het veld {key} moet true of false zijn.", en=f"The field {key} must be true or false."))
    return FLAGS[text]
