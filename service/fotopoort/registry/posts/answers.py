"""What was said of the photos of a post, as a log: an answer can be taken back, and then it is as if it was never said.

An answer about one photo is that photo's own word; one about several holds for each of these, unless its own word says
something else, and for no photo that comes later. A photo can be spoken of once it was judged: before, nobody has seen
which faces are in it and who is listed for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Row, insert, select, update

from fotopoort.canonical_json import digest
from fotopoort.errors import BadAnswers, NotFound, UnknownGroup, UnknownPerson
from fotopoort.policy.posts.answers import merge
from fotopoort.policy.posts.post import PhotoId, Post, SharedAnswers
from fotopoort.registry.answers import answer_log, said_elsewhere, same_photos
from fotopoort.registry.answers.answer_log import EntryKind, LogEntry
from fotopoort.registry.answers.answers import refuse_faces
from fotopoort.registry.answers.binding import signed, with_boxes, with_listed
from fotopoort.registry.people.groups import Years, is_own
from fotopoort.registry.photos.screenings import is_within_reach
from fotopoort.registry.photos.serialisation import (
    answers_to_json,
)
from fotopoort.registry.posts import photo_records, progress
from fotopoort.registry.posts.photo_records import SeenPhoto, seen
from fotopoort.registry.posts.posts import bump, find, find_current, find_open, is_open
from fotopoort.registry.registry import Session
from fotopoort.registry.store.tables import post_answer
from fotopoort.vocabulary import Answers, Findings, People, Text


@dataclass(frozen=True, slots=True)
class PostEntry:
    """A row of the log.

    Attributes:
        photo: the only one that it was said of; None: it was said of several at once.
        photos: the SHA-256 of each that it was said of.
    """

    entry: LogEntry
    photo: PhotoId | None
    photos: frozenset[str] = field(repr=False)


# --- said and taken back ---------------------------------------------------------------------------------


def answer(
    session: Session,
    post_id: str,
    photos: Sequence[PhotoId],
    answers: Answers,
    *,
    revision: int,
    people_in: Callable[[Years], People | None] = lambda years: None,
    read: Callable[[str], Findings] = photo_records.read_findings,
) -> int:
    """Store what is said of one photo or of several at once; they wait to be judged by it. Returns its number.

    Args:
        photos: none at all: it is said of the post's text.
        revision: of the post, as the caller saw it.
        people_in: who are listed for a photo of these school years, for "nobody else".
        read: see `photo_records.seen`.

    Raises:
        NotFound, PostEnded, PostChanged: see `posts.find_open`; or one of the photos is not there or was not judged.
        BadAnswers: they speak of a face that is not in the photo, or of faces in several photos at once.
        UnknownPerson, UnknownGroup: they name somebody or a group outside the caller's reach.
    """
    row = find_open(session, post_id, revision)
    looked_at = seen(session, post_id, photos, read=read)
    of = [looked_at[photo] for photo in dict.fromkeys(photos) if photo in looked_at]
    if len(of) < len(set(photos)):
        raise NotFound(
            Text(
                nl="Een van deze foto's is er niet, of is nog niet beoordeeld.",
                en="One of these photos is not there, or was not judged yet.",
            ),
            hint=Text(nl="Wacht tot de foto is beoordeeld.", en="Wait until the photo was judged."),
        )
    _check_reach(session, answers)
    if not photos:
        answers = _about_text(answers)
    elif len(of) == 1:
        answers = with_boxes(answers, of[0].findings)
    elif answers.faces or answers.drawn:
        raise BadAnswers(
            Text(
                nl="Een antwoord over een gezicht hoort bij één foto.",
                en="An answer about a face belongs to one photo.",
            ),
            hint=Text(nl="Geef het bij die foto.", en="Give it with that photo."),
        )
    else:
        answers = refuse_faces(answers, "answers")
    groups = answers.groups or frozenset(row.groups)
    for years in {photo.years for photo in of}:  # of several: who is listed for each of them
        answers = with_listed(answers, people_in(years), groups)
    # A rule is set aside for a photo, not for a post; see `screenings.override`.
    answers = replace(signed(answers, session.caller.id), overridden=frozenset())
    number = _add(session, post_id, of, answers, photo=photos[0] if len(of) == 1 else None)
    photo = of[0].sha256 if len(of) == 1 else None  # so that it is found where that photo is covered elsewhere
    said = digest(answers_to_json(answers))
    session.note("post.answer", photo=photo, post=post_id, number=number, answers=said)
    _have_judged(session, post_id, {photo.sha256 for photo in of}, answers)
    return number


def retract(session: Session, post_id: str, number: int, *, revision: int) -> None:
    """Take an answer back: its photos wait to be judged as if it had never been given. Of a post that is over nothing
    is made any more, but what was said there of a photo holds wherever the same photo is sent again.

    Raises:
        NotFound, PostChanged: see `posts.find_open`; or there is no such answer that holds.
    """
    row = find_current(session, post_id, revision)
    log = entries(session, post_id)
    answer_log.check_retractable([said.entry for said in log], number)
    retracted = next(said for said in log if said.entry.number == number)
    new = _add(session, post_id, [], Answers(), photo=retracted.photo, retracts=number)
    session.note("post.answer.retracted", post=post_id, number=new, retracts=number)
    if is_open(session, row):
        _have_judged(session, post_id, retracted.photos, retracted.entry.answers)
        return
    looked_at = {photo: found for photo, found in seen(session, post_id).items() if found.sha256 in retracted.photos}
    content = post_of(session, row, looked_at)
    for photo, found in looked_at.items():
        answer_log.replace_all(session, found.screening, found.sha256, content.about(photo))
    same_photos.judge_again(session, retracted.photos, retracted.entry.answers, but=post_id)


def undo(session: Session, post_id: str, *, revision: int) -> int:
    """Take back the latest answer that holds. Returns its number.

    Raises:
        NotFound, PostEnded, PostChanged: see `posts.find_open`; or no answer holds.
    """
    find_open(session, post_id, revision)
    latest = max((said.entry.number for said in entries(session, post_id) if said.entry.holds), default=0)
    retract(session, post_id, latest, revision=revision)
    return latest


# --- read ------------------------------------------------------------------------------------------------


def log_of(session: Session, post_id: str) -> list[PostEntry]:
    """Everything that was said of a post, and what was taken back.

    A teacher reads of the own groups alone: an entry that names somebody else has no answers in it.

    Raises:
        NotFound: there is no such post within reach.
    """
    find(session, post_id)
    return [
        said
        if is_within_reach(session, said.entry.answers)
        else replace(said, entry=replace(said.entry, answers=Answers()))
        for said in entries(session, post_id)
    ]


def as_post(session: Session, post_id: str, looked_at: Mapping[PhotoId, SeenPhoto] | None = None) -> Post:
    """A post as the policy takes it: its photos that were judged, by their ids, and all that was said and holds. Its
    text is not in it, as nothing was searched for names here.

    Args:
        looked_at: its photos, or those that are asked about, see `seen`; None: all that were judged.

    Raises:
        NotFound: there is no such post within reach.
    """
    return post_of(session, find(session, post_id), looked_at)


def post_of(session: Session, row: Row[Any], looked_at: Mapping[PhotoId, SeenPhoto] | None = None) -> Post:
    """The same, of a row of the table `post`."""
    looked_at = seen(session, row.id) if looked_at is None else looked_at
    by_content = {found.sha256: photo for photo, found in looked_at.items()}  # taken out and sent again
    own: dict[PhotoId, Answers] = {}
    own_entries: defaultdict[str, list[LogEntry]] = defaultdict(list)
    shared: list[SharedAnswers] = []
    for said in entries(session, row.id):
        if said.entry.holds and said.photo is None:
            shared.append(SharedAnswers(said.entry.answers, said.photos))
        elif said.entry.holds:
            for photo in {by_content[content] for content in said.photos if content in by_content}:
                own[photo] = merge(own.get(photo, Answers()), said.entry.answers)
                own_entries[looked_at[photo].sha256].append(said.entry)
    found = said_elsewhere.of_photos(session, by_content.keys(), but=row.id, here=own_entries)
    for content, elsewhere in found.items():
        photo = by_content[content]
        own[photo] = replace(own.get(photo, Answers()), elsewhere=elsewhere)
    return Post(
        photos={photo: found.findings for photo, found in looked_at.items()},
        channels=tuple(row.channels),
        groups=frozenset(row.groups),
        shared_answers=tuple(shared),
        answers=own,
        together=row.together,
    )


def entries(session: Session, post_id: str) -> list[PostEntry]:
    """The log of a post, in order."""
    rows = session.connection.execute(
        select(post_answer)
        .where(post_answer.c.tenant == session.tenant, post_answer.c.post == post_id)
        .order_by(post_answer.c.number)
    ).all()
    log = zip(rows, answer_log.read_log(rows), strict=True)
    return [PostEntry(entry, row.photo, frozenset(row.photos)) for row, entry in log]


def erase_texts(session: Session, post_id: str) -> None:
    """Take out of what was said of a post and its photos the ids that are made of a name, or that somebody wrote."""
    for row in photo_records.rows(session, post_id):
        if row.screening:
            answer_log.erase_texts(session, row.screening)
    for said in entries(session, post_id):
        answers = answer_log.without_texts(said.entry.answers)
        is_row = (
            post_answer.c.tenant == session.tenant,
            post_answer.c.post == post_id,
            post_answer.c.number == said.entry.number,
        )
        session.connection.execute(update(post_answer).where(*is_row).values(answers=answers_to_json(answers)))


def _add(
    session: Session,
    post_id: str,
    of: Sequence[SeenPhoto],
    answers: Answers,
    *,
    photo: PhotoId | None,
    retracts: int | None = None,
) -> int:
    """Add a row to the log. Returns its number."""
    number = len(entries(session, post_id)) + 1
    row = {
        "tenant": session.tenant,
        "post": post_id,
        "number": number,
        "at": session.now,
        "actor": session.caller.id,
        "kind": (EntryKind.ANSWER if retracts is None else EntryKind.RETRACTION).value,
        "retracts": retracts,
        "photo": photo,
        "photos": sorted(photo.sha256 for photo in of),
        "answers": answers_to_json(answers),
    }
    session.connection.execute(insert(post_answer).values(row))
    return number


def _have_judged(session: Session, post_id: str, sha256s: Collection[str], said: Answers) -> None:
    """Have these photos judged again, as something else holds for them now that this was said or taken back; in other
    posts too, where that may matter there."""
    photos = {row.id for row in photo_records.rows(session, post_id) if row.sha256 in sha256s}
    bump(session, post_id, edited=True, photos=progress.decide_again(session, post_id, photos))
    same_photos.judge_again(session, sha256s, said, but=post_id)


def _about_text(answers: Answers) -> Answers:
    """What can be said of the post's text: which names in it are none, and what stays open."""
    about = Answers(not_names=answers.not_names, left_open=answers.left_open)
    if about != answers:
        raise BadAnswers(
            Text(
                nl="Dit antwoord gaat over een foto, maar er is geen foto genoemd.",
                en="This answer is about a photo, and no photo is named.",
            ),
            hint=Text(nl="Noem de foto's.", en="Name the photos."),
        )
    return about


def _check_reach(session: Session, answers: Answers) -> None:
    if not is_within_reach(session, answers):
        raise UnknownPerson
    if not all(is_own(session, group) for group in answers.groups):
        raise UnknownGroup
