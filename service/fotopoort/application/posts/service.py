"""What the teacher's page and whoever uses posts over HTTP call, within a session of the registry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Final

from cachetools import LRUCache, cachedmethod

from fotopoort.application.contract.documents import Json
from fotopoort.application.pending import searched_for
from fotopoort.application.posts import kept
from fotopoort.application.posts.decisions import DecidedPhoto, DecidedPost, PostDecisions
from fotopoort.names import places
from fotopoort.policy.policy import StaffNames
from fotopoort.policy.posts.post import PhotoId, PostText
from fotopoort.policy.posts.verdicts import decide_text
from fotopoort.registry.answers.answers import parse_answers
from fotopoort.registry.gate import gates
from fotopoort.registry.people.groups import Years
from fotopoort.registry.posts import answers, photo_records, photos, posts, progress
from fotopoort.registry.posts.photo_records import PhotoState
from fotopoort.registry.posts.posts import Origin, PostRecord
from fotopoort.registry.registry import Session
from fotopoort.screening.name_search import name_list
from fotopoort.screening.stored_form import digest
from fotopoort.vocabulary import ChannelId, Language, NameHit, People, Verdict

MAX_TEXTS: Final = 100  # in which names were found before; of posts, so of 20,000 characters at most


@dataclass(frozen=True, slots=True)
class ReadyRendition:
    """What may go out of a photo on a channel now.

    Attributes:
        number: of the photo in its post, from 1.
    """

    number: int
    sha256: str
    jpeg: bytes = field(repr=False)


class PostService:
    """Posts as they are told of, answered about and taken away.

    Args:
        decisions: what is decided about their photos.
    """

    def __init__(self, decisions: PostDecisions) -> None:
        self.decisions = decisions
        self._found: LRUCache[str, tuple[tuple[NameHit, ...], str]] = LRUCache(MAX_TEXTS)
        self._lock = Lock()

    def document(self, session: Session, post_id: str, language: Language, since: str | None = None) -> Json:
        """What is told of a post, see `kept.post_document`.

        Raises:
            NotFound: there is no such post within reach.
        """
        decided = self.decisions.of_post(session, posts.get(session, post_id))
        return self._document(session, decided, language, since)

    def current_document(
        self, session: Session, post_id: str, language: Language, since: str | None = None
    ) -> Json | None:
        """The same; None: `refresh` has something to do first.

        Raises:
            NotFound: there is no such post within reach.
        """
        decided = self.decisions.of_post(session, posts.get(session, post_id))
        return None if any(_outdated(decided)) else self._document(session, decided, language, since)

    def _document(self, session: Session, decided: DecidedPost, language: Language, since: str | None) -> Json:
        text, clean = self._text(decided)
        log = answers.entries(session, decided.record.id)
        sender = gates.senders(session, [decided.record]).get(decided.record.id)
        return kept.post_document(decided, text, clean, log, language, since=since, sender=sender)

    def needs_refresh(self, session: Session, post_id: str) -> bool:
        """Whether `refresh` has something to do.

        Raises:
            NotFound: there is no such post within reach.
        """
        return any(_outdated(self.decisions.of_post(session, posts.get(session, post_id))))

    def refresh(self, session: Session, post_id: str) -> None:
        """Have photos looked at again that were not searched for names that are known now, and have made again what
        was made by other decisions than are taken now.

        Raises:
            NotFound: there is no such post within reach.
        """
        outdated, changed = _outdated(self.decisions.of_post(session, posts.get(session, post_id)))
        again = progress.look_again(session, post_id, outdated) if outdated else []
        again += progress.decide_again(session, post_id, changed) if changed else []
        if again:
            posts.bump(session, post_id, edited=False, photos=again)

    def answer(
        self, session: Session, post_id: str, photo_ids: Sequence[PhotoId], said: object, *, revision: int
    ) -> int:
        """Store what is said of one photo or of several at once. Returns its number.

        Args:
            said: as it was sent, see `registry/answers/answers.py`.
            revision: of the post, as the caller saw it.

        Raises:
            NotFound, PostEnded, PostChanged, BadAnswers, UnknownPerson, UnknownGroup: see `answers.answer`.
        """
        post = posts.get(session, post_id)
        people = self.decisions.context(session, post).people

        def people_in(years: Years) -> People | None:
            return self.decisions.context(session, post, years).people

        parsed = parse_answers(said, people)
        read = self.decisions.read
        return answers.answer(session, post_id, photo_ids, parsed, revision=revision, people_in=people_in, read=read)

    def log(self, session: Session, post_id: str) -> Json:
        """What was said of a post, see `kept.answers_document`.

        Raises:
            NotFound: there is no such post within reach.
        """
        records = [photo_records.record(row) for row in photo_records.rows(session, post_id)]
        return kept.answers_document(answers.log_of(session, post_id), tuple(records))

    def rendition(self, session: Session, post_id: str, photo_id: str, channel: ChannelId) -> ReadyRendition:
        """What may go out of a photo on a channel, by what is decided now.

        Raises:
            NotFound: there is no such photo within reach, or nothing of it may go out there now.
            PostEnded: the post is over.
            PhotoGone: it is not kept any more.
            KeyMissing: the key file cannot be used.
        """
        post, record = posts.get_open(session, post_id), photos.get(session, post_id, photo_id)
        decided = self.decisions.of_photo(session, post, record)
        key = decided.keys[channel] if decided is not None and decided.is_ready(channel) else None
        content = photos.rendition(session, post_id, photo_id, channel, key)
        return ReadyRendition(record.number, record.renditions[channel].sha256, content)

    def ready(self, session: Session, post_id: str, channel: ChannelId) -> list[PhotoId]:
        """The photos of which something may go out on a channel now, in the order of the post.

        Raises:
            NotFound, PostEnded: see `posts.find_open`.
        """
        decided = self.decisions.of_post(session, posts.get_open(session, post_id))
        return [record.id for record in decided.records if _is_ready(decided, record.id, channel)]

    def clean_text(self, session: Session, post_id: str, channel: ChannelId) -> str:
        """The text of a post as it may stand beside its photos on a channel: without the names that were found in it,
        unless it may go out as it is; "" where there is none, or no list of names to hold it against.

        Raises:
            NotFound, PostEnded: see `posts.find_open`.
        """
        decided = self.decisions.of_post(session, posts.get_open(session, post_id))
        text, clean = self._text(decided)
        return kept.text_for(decided, text, clean, channel)

    def text_verdict(self, session: Session, post: PostRecord, text: str, channel: ChannelId) -> Verdict | None:
        """What is decided now about a text that is sent with a photo of a post; None: it is not for that channel."""
        decided = self.decisions.of_text(session, post)
        found, _ = self._text(decided, text)
        context = decided.context
        return decide_text(replace(decided.post, text=found), context.people, context.policy).get(channel)

    def has_names(self, session: Session, groups: frozenset[str], line: str) -> bool:
        """Whether a line of a text about these groups has names in it, or words that may be some."""
        context = self.decisions.context_of(session, groups)
        staff_counts = context.policy.settings.staff_names is StaffNames.COUNT
        names = name_list(context.names, groups, staff_counts=staff_counts)
        return bool(places.in_lines(names, sha256="", text=line)[0])

    def _text(self, decided: DecidedPost, text: str | None = None) -> tuple[PostText | None, str]:
        """The text of a post, or another one in its place, with its names, and without them; None: there is none."""
        text, context = decided.record.text if text is None else text, decided.context
        if not text:
            return None, ""
        if not context.names:
            return PostText(text=text), ""
        groups = frozenset(decided.record.groups)
        staff_counts = context.policy.settings.staff_names is StaffNames.COUNT
        key = digest((text, groups, staff_counts, searched_for(context.names), context.version))
        hits, clean = self._found_in(key, decided, text, groups, staff_counts)
        return PostText(hits, checked=True, text=text), clean

    @cachedmethod(lambda self: self._found, key=lambda self, key, *_: key, lock=lambda self: self._lock)
    def _found_in(
        self,
        key: str,
        decided: DecidedPost,
        text: str,
        groups: frozenset[str],
        staff_counts: bool,
    ) -> tuple[tuple[NameHit, ...], str]:
        """The names in a post's text, and the text without them. Their ids, by which can be said that a name is none,
        are others in another text; where a CMS sent it, in another line: it sends the same lines with other ones."""
        names = name_list(decided.context.names, groups, staff_counts=staff_counts)
        if decided.record.origin is Origin.CMS:
            return places.in_lines(names, sha256=decided.record.id, text=text)
        hits = places.in_photo(names, sha256=decided.record.id, caption=text, file_name=None, hints=(), lines=())
        return hits, places.find(names, text)[1]


def _outdated(decided: DecidedPost) -> tuple[list[PhotoId], list[PhotoId]]:
    """The photos to look at again, and those to decide about again."""
    if decided.record.state is not posts.PostState.OPEN:
        return [], []
    outdated = [photo for photo, of in decided.photos.items() if of.is_outdated]
    return outdated, [photo for photo, of in decided.photos.items() if not of.is_outdated and _is_changed(of)]


def _is_ready(decided: DecidedPost, photo: PhotoId, channel: ChannelId) -> bool:
    of = decided.photos.get(photo)
    return of is not None and of.is_ready(channel)


def _is_changed(decided: DecidedPhoto) -> bool:
    """Whether a photo of which everything was made has something that was made by another decision, or was not."""
    is_made = decided.record.state is PhotoState.JUDGED
    return is_made and not all(decided.holds(channel) for channel in decided.keys)
