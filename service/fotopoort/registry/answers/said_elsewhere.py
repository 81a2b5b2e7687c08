"""What was said of the very same photo where it was sent at other times: in a post, by the gate, or by itself.

It is read from the logs there each time, so that what is taken back there is gone here too. What came with a photo
(number 0 of its log) holds for that one time: it cannot be taken back but by sending the photo again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Row, String, cast, func, or_, select

from fotopoort.policy.posts.elsewhere import holds_elsewhere, is_same_place
from fotopoort.registry.access.roles import SERVICE
from fotopoort.registry.answers.answer_log import LogEntry, answers_in, elsewhere_in_photo, entries, read_log
from fotopoort.registry.registry import Session
from fotopoort.registry.store.tables import answer, person, post_answer, post_photo
from fotopoort.vocabulary import NOTHING_ELSEWHERE, Answers, Box, SaidElsewhere, SaidPlace


def of_photo(
    session: Session, sha256: str, *, but: str = "", here: Sequence[LogEntry] = (), with_sent: bool = False
) -> SaidElsewhere:
    """What was said of a photo elsewhere.

    Args:
        but: the id of the screening, or of the post, that is "here".
        here: what was said of it here.
        with_sent: with what came with it each time.
    """
    found = of_photos(session, [sha256], but=but, here={sha256: here}, with_sent=with_sent)
    return found.get(sha256, NOTHING_ELSEWHERE)


def of_photos(
    session: Session,
    photos: Collection[str],
    *,
    but: str = "",
    here: Mapping[str, Sequence[LogEntry]] = MappingProxyType({}),
    with_sent: bool = False,
) -> dict[str, SaidElsewhere]:
    """The same of each of these photos of which there is anything; see `of_photo`.

    Args:
        photos: their SHA-256.
        here: by the photo's.
    """
    found: dict[str, SaidElsewhere] = {}
    logs = [*_by_itself(session, photos, but, with_sent), *_in_posts(session, photos, but)]
    hidden = _hidden(session) if logs else frozenset()
    for sha256, said in logs:
        held = _held(said, here.get(sha256, ()), hidden)
        if held != NOTHING_ELSEWHERE:
            found[sha256] = found.get(sha256, NOTHING_ELSEWHERE).with_more(held)
    return found


def answers_with_elsewhere(session: Session, screening_id: str, sha256: str) -> Answers:
    """All answers about a photo that was screened, with what was said of it elsewhere as it is now."""
    here = entries(session, screening_id)
    return replace(answers_in(here), elsewhere=of_photo(session, sha256, but=screening_id, here=here))


def spoken_of(session: Session) -> frozenset[str]:
    """The SHA-256 of all photos of which there may be anything."""
    by_itself = select(answer.c.sha256).where(
        answer.c.tenant == session.tenant, answer.c.number > 0, answer.c.actor != SERVICE
    )
    is_own = (post_photo.c.tenant == post_answer.c.tenant) & (post_photo.c.id == post_answer.c.photo)
    own = select(post_photo.c.sha256).join(post_answer, is_own).where(post_photo.c.tenant == session.tenant)
    found = set(session.connection.execute(by_itself.union(own)).scalars())
    shared = select(post_answer.c.photos).where(post_answer.c.tenant == session.tenant, _is_shared_harm())
    for photos in session.connection.execute(shared).scalars():
        found.update(photos)
    return frozenset(found - {None})


def count(session: Session) -> int:
    """How often anybody said anything at this school, or took it back: where it is the same, so is what was said."""
    by_itself = answer.c.tenant == session.tenant, answer.c.number > 0, answer.c.actor != SERVICE
    counts = (
        select(func.count()).select_from(answer).where(*by_itself),
        select(func.count()).select_from(post_answer).where(post_answer.c.tenant == session.tenant),
    )
    return sum(int(session.connection.execute(query).scalar_one()) for query in counts)


def _hidden(session: Session) -> frozenset[str]:
    """Who must never be found, of the whole school."""
    query = select(person.c.id).where(person.c.tenant == session.tenant, person.c.never_locatable)
    return frozenset(session.connection.execute(query).scalars())


def _by_itself(
    session: Session, photos: Collection[str], but: str, with_sent: bool
) -> Iterator[tuple[str, list[LogEntry]]]:
    """What was said each time that one of them was sent by itself. What the service wrote in such a log stands in that
    of a post, where it is newer."""
    query = select(answer).where(
        answer.c.tenant == session.tenant, answer.c.sha256.in_(photos), answer.c.screening != but
    )
    if not with_sent:
        query = query.where(answer.c.number > 0)
    logs: defaultdict[tuple[str, str], list[Row[Any]]] = defaultdict(list)
    for row in session.connection.execute(query.order_by(answer.c.screening, answer.c.number)):
        logs[row.sha256, row.screening].append(row)
    for (sha256, _), rows in logs.items():
        yield sha256, [entry for entry in read_log(rows) if entry.actor != SERVICE]


def _in_posts(session: Session, photos: Collection[str], but: str) -> Iterator[tuple[str, list[LogEntry]]]:
    """What was said of them in each post. Of what was said of several at once only harm counts: faces are of one."""
    is_there = (
        post_photo.c.tenant == session.tenant,
        post_photo.c.sha256.in_(photos),
        post_photo.c.post != but,
    )
    own = select(post_photo.c.id).where(*is_there)
    in_posts = select(post_photo.c.post).where(*is_there)
    is_about = or_(post_answer.c.photo.in_(own), _is_shared_harm(), post_answer.c.retracts.is_not(None))
    query = select(post_answer).where(
        post_answer.c.tenant == session.tenant, post_answer.c.post.in_(in_posts), is_about
    )
    logs: defaultdict[str, list[Row[Any]]] = defaultdict(list)
    for row in session.connection.execute(query.order_by(post_answer.c.post, post_answer.c.number)):
        logs[row.post].append(row)
    for rows in logs.values():
        said: defaultdict[str, list[LogEntry]] = defaultdict(list)
        for row, entry in zip(rows, read_log(rows), strict=True):
            for sha256 in {*row.photos}.intersection(photos):
                said[sha256].append(entry)
        yield from sorted(said.items())


def _is_shared_harm() -> ColumnElement[bool]:
    """Of `post_answer`: it was said of several photos at once, and may say that they do harm."""
    return post_answer.c.photo.is_(None) & cast(post_answer.c.answers, String).contains('"harmful"')


def _held(said: Sequence[LogEntry], here: Sequence[LogEntry], hidden: Collection[str]) -> SaidElsewhere:
    """What holds of one log elsewhere, and which of it was said after what was said here. When that was is not known of
    what the service wrote down of a post: it does so again each time that it decides.

    Args:
        hidden: who must never be found.
    """
    entries = [entry for entry in said if entry.holds]
    merged = holds_elsewhere(answers_in(entries))
    at = {place: entry.at for entry in entries for place in holds_elsewhere(entry.answers).places}
    present = frozenset[str]().union(*(entry.answers.present for entry in entries))

    def as_seen_here(place: SaidPlace) -> SaidPlace:
        told = [entry for entry in here if entry.holds and is_same_place(place.box, _boxes(entry.answers))]
        later = bool(told) and all(entry.actor == SERVICE or entry.at <= at[place] for entry in told)
        was_hidden = place.person is not None and elsewhere_in_photo(place.person) in present  # before they were erased
        return replace(place, later=later, hides=place.person in hidden or was_hidden)

    return replace(merged, places=tuple(map(as_seen_here, merged.places)))


def _boxes(answers: Answers) -> list[Box]:
    return [answer.box for answer in answers.faces.values() if answer.box]
