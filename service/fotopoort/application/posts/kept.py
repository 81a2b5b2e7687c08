"""From what is decided about a post that is kept to its document, see `contract/post_documents.py`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from fotopoort.application.contract.build import screening_document, verdict_document
from fotopoort.application.contract.documents import Json
from fotopoort.application.contract.posts import post_as_document
from fotopoort.application.contract.statements import logged_answer, names_document
from fotopoort.application.posts.bursts import Shot, bursts
from fotopoort.application.posts.decisions import DecidedPhoto, DecidedPost, as_rendition
from fotopoort.application.posts.given import worths
from fotopoort.errors import PhotoError, kind_of
from fotopoort.policy.candidates import may_be_shown
from fotopoort.policy.crops.burst import better
from fotopoort.policy.posts.post import PhotoId, Post, PostText
from fotopoort.policy.posts.questions import post_questions
from fotopoort.policy.posts.verdicts import about_all, about_harm, decide_text
from fotopoort.registry.gate.gates import Sender
from fotopoort.registry.posts.answers import PostEntry
from fotopoort.registry.posts.photo_records import FAILURES, PhotoRecord
from fotopoort.registry.posts.posts import PostRecord, PostState
from fotopoort.screening.analysis import Stopwatch
from fotopoort.screening.screen import conclude
from fotopoort.vocabulary import ChannelId, Language, Outcome, Person, PersonId, Role, Text, Verdict

PATH: Final = "/v1/posts"


def post_document(
    decided: DecidedPost,
    text: PostText | None,
    clean: str,
    log: list[PostEntry],
    language: Language,
    *,
    since: str | None = None,
    sender: Sender | None = None,
) -> Json:
    """What `GET /v1/posts/{id}` answers.

    Args:
        text: the post's text, with the names that were found in it; None: it has none.
        clean: the text without these names.
        log: what was said of the post.
        since: a version that the client has: of photos that did not change since nothing is told.
        sender: the CMS that it came from; None: somebody at school began it.
    """
    record, post = decided.record, decided.post
    known = _known_revision(decided, since)
    asks = {photo: of.asks for photo, of in decided.photos.items()}
    verdicts = {photo: of.verdicts for photo, of in decided.photos.items()}
    whole = _with_bursts(post, decided, text)
    persons: dict[PersonId, Person] = {}
    for context in (decided.context, *(of.context for of in decided.photos.values())):
        persons |= context.people.persons if context.people else {}
    about_text = decide_text(whole, decided.context.people, decided.context.policy)
    text_questions = {question.id: question for verdict in about_text.values() for question in verdict.questions}
    questions = [*post_questions(whole, asks, list(text_questions.values()), persons)]
    if harm := about_harm(whole, verdicts):
        questions.append(harm)
    notes = about_all(whole, verdicts, decided.context.policy)
    together = [burst for burst in whole.in_bursts(decided.photos) if len(burst) > 1]
    numbers = [entry.entry.number for entry in log if entry.entry.holds]
    named = {person for asked in questions for person in asked.persons}
    named |= {person for of in decided.photos.values() for person in of.request.answers.named}
    named |= {person.id for person in persons.values() if person.groups & post.groups}  # to choose from
    return {
        **_summary(record, sender),
        "version": decided.version,
        "revision": record.revision,
        "text": record.text,
        "order": [photo.id for photo in decided.records],
        "photos": [
            _photo(record, photo, decided.photos.get(photo.id), language)
            for photo in decided.records
            if known is None or photo.revision > known
        ],
        "post": post_as_document(questions, notes, dict(_instead(decided, together)), together),
        "text_found": _text_found(whole, clean, about_text),
        "people": {id: persons[id].name for id in sorted(named) if id in persons and persons[id].name},
        "staff": sorted(id for id in named if id in persons and persons[id].role is not Role.PUPIL),
        "not_shown": list(_not_shown(decided)),
        "undo": max(numbers, default=None),
    }


def text_for(decided: DecidedPost, text: PostText | None, clean: str, channel: ChannelId) -> str:
    """The text of a post as it may stand on a channel: as it is where that may go out, and else without its names."""
    if text is None:
        return ""
    verdicts = decide_text(replace(decided.post, text=text), decided.context.people, decided.context.policy)
    return text.text if channel in verdicts and verdicts[channel].outcome is Outcome.PUBLISH else clean


def list_document(records: list[PostRecord], caller: str, senders: Mapping[str, Sender]) -> Json:
    """What `GET /v1/posts` answers."""
    return {
        "posts": [{**_summary(record, senders.get(record.id)), "is_own": record.owner == caller} for record in records]
    }


def answers_document(log: list[PostEntry], records: tuple[PhotoRecord, ...]) -> Json:
    """What `GET /v1/posts/{id}/answers` answers."""
    by_content = {record.sha256: record.id for record in records}
    return {
        "answers": [
            {
                **logged_answer(said.entry),
                "photos": sorted(by_content[content] for content in said.photos if content in by_content),
            }
            for said in log
        ]
    }


def _summary(record: PostRecord, sender: Sender | None) -> Json:
    more: Json = {}
    if sender is not None:
        more["cms"] = {"name": sender.name, "reference": record.reference, "waits": sender.waits}
    return {
        "id": record.id,
        "state": record.state.value,
        "groups": list(record.groups),
        "channels": list(record.channels),
        "together": record.together,
        "day": record.day.isoformat(),
        "made": record.made.isoformat(),
        "until": record.until.isoformat(),
        **more,
    }


def _known_revision(decided: DecidedPost, since: str | None) -> int | None:
    """The revision that the client has; None: it is to be told of every photo, as more changed than photos."""
    if since is None:
        return None
    revision, _, contexts = since.partition("-")
    return int(revision) if revision.isdecimal() and contexts == decided.version.partition("-")[2] else None


def _photo(post: PostRecord, record: PhotoRecord, decided: DecidedPhoto | None, language: Language) -> Json:
    place = f"{PATH}/{post.id}/photos/{record.id}"
    is_open = post.state is PostState.OPEN  # else nothing is given, also where it was not erased yet
    more: Json = {}
    if record.error:
        more["error"] = _error(record.error, language)
    if is_open and record.received == record.size:
        more["original"] = f"{place}/original"
    if is_open and record.screening and record.received:
        more["view"] = f"{place}/view"
    if decided is not None:
        more["judged"] = _judged(place, record, decided, language, is_given=is_open)
    return {
        "id": record.id,
        "client_id": record.client_id,
        "file": record.file_name if is_open else "",
        "size": record.size,
        "received": record.received,
        "state": record.state.value,
        "revision": record.revision,
        **more,
    }


def _judged(place: str, record: PhotoRecord, decided: DecidedPhoto, language: Language, *, is_given: bool) -> Json:
    ready = {channel: kept for channel, kept in record.renditions.items() if is_given and decided.is_ready(channel)}
    renditions = {channel: as_rendition(kept, decided.verdicts[channel]) for channel, kept in ready.items()}
    places = {channel: {"href": f"{place}/renditions/{channel}"} for channel in ready}
    answers, policy = decided.request.answers, decided.context.policy
    screening = conclude(decided.findings, decided.request, decided.verdicts, renditions, Stopwatch(), decided.asks)
    return screening_document(record.file_name if is_given else "", screening, policy, answers, places, language)


def failure_of(code: str) -> tuple[Text, Text]:
    """Why a photo failed, by the code of that, and what to do about it."""
    kind = kind_of(code, PhotoError)
    return FAILURES.get(code, (kind.text, kind.advice))


def _error(code: str, language: Language) -> Json:
    text, advice = failure_of(code)
    return {"code": code, "message": f"{text:{language}}", "hint": f"{advice:{language}}"}


def _with_bursts(post: Post, decided: DecidedPost, text: PostText | None) -> Post:
    shots = [
        Shot(photo, of.record.file_name, of.record.moment, of.findings.perceptual_hash)
        for photo, of in decided.photos.items()
    ]
    of_burst = {photo: burst[0] for burst in bursts(shots) for photo in burst}
    return replace(post, text=text, bursts=of_burst)


def _instead(decided: DecidedPost, together: list[tuple[PhotoId, ...]]) -> Iterator[tuple[PhotoId, PhotoId]]:
    for burst in together:
        of_each = {photo: decided.photos[photo] for photo in burst}
        yield from better(
            {photo: worths(of.findings, of.verdicts, of.context.policy) for photo, of in of_each.items()}
        ).items()


def _not_shown(decided: DecidedPost) -> Iterator[Json]:
    """Who of the groups may not be shown on some channel of the post; not why."""
    context, groups = decided.context, set(decided.record.groups)
    channels = [context.policy.channel(channel) for channel in decided.record.channels]
    people = context.people.persons.values() if context.people else ()
    for person in sorted(people, key=lambda person: (person.name, person.id)):
        is_theirs = not groups or bool(groups & person.groups)
        hidden = [channel.id for channel in channels if not may_be_shown(person, channel)]
        if hidden and is_theirs and not (person.nameless or person.has_left):
            yield {"id": person.id, "name": person.name, "channels": hidden}


def _text_found(post: Post, clean: str, verdicts: Mapping[str, Verdict]) -> Json | None:
    text = post.text
    if text is None:
        return None
    names = [hit for hit in text.names if hit.id not in post.about_text().not_names]
    return {
        "found": names_document(text.text, names, clean if names else text.text),
        "verdicts": {channel: verdict_document(verdict).as_json() for channel, verdict in verdicts.items()},
    }
