"""The two jobs of each photo of a post: to look at it, and to make what may go out of it.

Both read what they need, have a screening process do the work outside of any transaction, and compare in the
transaction that writes the result whether it still is what would be done. Where it is not, the photo waits for a job of
its next generation, or one is asked for.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Final

from fotopoort.application.capture_date import CaptureDate, find_capture_date, moment_in_file
from fotopoort.application.context import DecisionContext
from fotopoort.application.pending import names_searched, sha256_of
from fotopoort.application.posts.decisions import DecidedPhoto, PostDecisions, as_rendition
from fotopoort.application.redecision import GivenScreening
from fotopoort.errors import NotFound, PhotoError, PhotoGone, PostChanged, PostEnded, ScreenerCrashed
from fotopoort.jobs.handlers import Handler, Retry, Task
from fotopoort.jobs.queue import Effects
from fotopoort.jobs.retry import RetrySchedule
from fotopoort.policy.decide import unverified
from fotopoort.registry.access.roles import Act, service
from fotopoort.registry.photos import screenings
from fotopoort.registry.posts import erasing, photos, posts, progress
from fotopoort.registry.posts.photo_records import BLOCKED, PhotoRecord, PhotoState
from fotopoort.registry.posts.posts import PostRecord
from fotopoort.registry.posts.progress import NewRendition
from fotopoort.registry.posts.work import LOOK, RENDER
from fotopoort.registry.registry import Registry, Session
from fotopoort.screening.analysis import Stopwatch
from fotopoort.screening.processes.pool import ScreeningPool
from fotopoort.screening.screen import Request, Screening, conclude
from fotopoort.vocabulary import Answers, ChannelId, Rendition

log = logging.getLogger(__name__)

VIEW_SIDE: Final = 1280  # pixels of the picture that a teacher works with
MAX_ATTEMPTS: Final = 5  # at one photo
SCHEDULE: Final = RetrySchedule((0, 1, 5, 30, 120), forever=True)  # a photo never waits for nothing
TIMEOUT: Final = 600.0  # seconds, with those that it waits for a screening process
GONE: Final = (NotFound, PostEnded, PhotoGone)  # there is nothing to do any more


@dataclass(frozen=True, slots=True)
class _Photo:
    """A photo to work on, as it was read."""

    post: PostRecord
    record: PhotoRecord
    content: bytes = field(repr=False)


class PhotoJobs:
    """Does the jobs of photos.

    Args:
        registry: where the posts are.
        decisions: what is decided about their photos.
        pool: the processes that look at photos.
    """

    def __init__(self, registry: Registry, decisions: PostDecisions, pool: ScreeningPool) -> None:
        self._registry, self._decisions, self._pool = registry, decisions, pool

    def handlers(self) -> list[Handler]:
        """What is done of each kind of job. A photo that waits for its renditions never waits for others to be looked
        at: each kind has as many threads as there are processes."""
        at_once = self._pool.count
        return [
            Handler(LOOK, self._look, SCHEDULE, timeout=TIMEOUT, concurrency=at_once),
            Handler(RENDER, self._render, SCHEDULE, timeout=TIMEOUT, concurrency=at_once),
        ]

    # --- looking -----------------------------------------------------------------------------------------

    def _look(self, task: Task) -> Effects | None:
        with self._registry.read(service(task.tenant), Act.POST) as session:
            found = _read(session, task, PhotoState.WAITING)
            if found is None:
                return None
            if _ends_its_workers(task):
                return _record_failed(task, found, ScreenerCrashed.code)
            capture_date = find_capture_date(
                found.record.file_name,
                moment_in_file(found.content),
                today=session.today,
                stated_day=found.post.stated_day,
            )
            context = self._context(session, found.post, capture_date)
        request = Request(
            found.post.channels,
            Answers(groups=frozenset(found.post.groups)),
            file_name=PurePath(found.record.file_name).stem,
        )
        request = context.effective_for(request, sha256_of(found.content))
        job = replace(context.job(request), renders=False, view_side=VIEW_SIDE)
        screening = self._pool.submit(found.content, job).result()
        if screening.findings.failure is not None:
            return _failed(task, found, screening)
        given = GivenScreening(screening, request, context)

        def effects(session: Session) -> None:
            session = session.as_caller(service(task.tenant))
            with suppress(*GONE, PostChanged):
                progress.require_current(session, found.post.id, found.record.id, found.record.generation)
                session.hold_revision()
                now = self._context(session, found.post, capture_date)
                findings = screening.findings
                if now.blocked.holds(findings.sha256, findings.perceptual_hash):
                    erasing.erase(session, found.post.id, found.record.id, BLOCKED)
                elif now.names != context.names:  # also where they are somebody else's, or of another group
                    _again(session, found, progress.look_again)
                else:
                    self._remember(session, found, given, capture_date)

        return effects

    def _remember(self, session: Session, found: _Photo, given: GivenScreening, capture_date: CaptureDate) -> None:
        screening = given.screening
        screenings.remember_findings(
            session,
            screening,
            replace(given.request, answers=Answers()),  # what is said stands with the post
            taken=capture_date.day,
            years=capture_date.years,
            names_searched=names_searched(given),
        )
        generation = found.record.generation
        progress.record_seen(
            session,
            found.post.id,
            found.record.id,
            screening.id,
            screening.view,
            generation=generation,
            moment=capture_date.moment,
        )

    def _context(self, session: Session, post: PostRecord, capture_date: CaptureDate) -> DecisionContext:
        return self._decisions.context(session, post, capture_date.years)

    # --- rendering ---------------------------------------------------------------------------------------

    def _render(self, task: Task) -> Effects | None:
        with self._registry.read(service(task.tenant), Act.POST) as session:
            found = _read(session, task, PhotoState.SEEN)
            decided = self._decisions.of_photo(session, found.post, found.record) if found else None
        if found is None or decided is None:
            return None
        if _ends_its_workers(task):
            return _record_failed(task, found, ScreenerCrashed.code)
        new: dict[ChannelId, NewRendition] = {}
        made: dict[ChannelId, Rendition] = {}
        channels = tuple(channel for channel in decided.keys if not decided.holds(channel))
        if channels and found.post.together:
            channels = found.post.channels  # what is strictest shows in all of them alone
        if channels and not decided.is_outdated:
            job = decided.context.job(replace(decided.request, channels=channels))
            screening = self._pool.submit(found.content, replace(job, findings=decided.findings)).result()
            if screening.findings.failure is not None:
                return _failed(task, found, screening)
            made = dict(screening.renditions)
            new = self._new_renditions(channels, decided, made)

        def effects(session: Session) -> None:
            session = session.as_caller(service(task.tenant))
            with suppress(*GONE, PostChanged):
                progress.require_current(session, found.post.id, found.record.id, found.record.generation)
                session.hold_revision()
                now = self._decisions.of_photo(session, found.post, found.record)
                if now is None or now.is_outdated:
                    _again(session, found, progress.look_again)
                elif now.keys != decided.keys:
                    _again(session, found, progress.decide_again)
                else:
                    self._record(session, found, now, new, made)

        return effects

    def _new_renditions(
        self, channels: tuple[ChannelId, ...], decided: DecidedPhoto, made: Mapping[ChannelId, Rendition]
    ) -> dict[ChannelId, NewRendition]:
        prints = {rendition.sha256: rendition.jpeg for rendition in made.values()}
        likenesses = {sha256: self._likenesses(jpeg) for sha256, jpeg in prints.items()}
        return {
            channel: NewRendition(b"", "", key=decided.keys[channel])
            if (rendition := made.get(channel)) is None
            else NewRendition(
                rendition.jpeg,
                likenesses[rendition.sha256],
                key=decided.keys[channel],
                width=rendition.width,
                height=rendition.height,
            )
            for channel in channels
        }

    def _likenesses(self, jpeg: bytes) -> str:
        prints = self._pool.prints(jpeg).result()
        if isinstance(prints, PhotoError):
            raise Retry(prints.code)
        return " ".join(prints[1])

    def _record(
        self,
        session: Session,
        found: _Photo,
        now: DecidedPhoto,
        new: Mapping[ChannelId, NewRendition],
        made: Mapping[ChannelId, Rendition],
    ) -> None:
        stay = {channel: kept for channel, kept in now.record.renditions.items() if now.holds(channel)}
        verdicts = {
            channel: unverified(verdict) if channel in new and channel not in made else verdict
            for channel, verdict in now.verdicts.items()
        }
        renditions = {
            channel: as_rendition(kept, verdicts[channel]) for channel, kept in stay.items() if kept.sha256
        } | dict(made)
        screening = conclude(now.findings, now.request, verdicts, renditions, Stopwatch(), now.asks)
        screenings.remember_decision(session, replace(screening, id=now.screening), now.request.answers)
        progress.record_rendered(
            session, found.post.id, found.record.id, {**stay, **new}, generation=found.record.generation
        )


def _read(session: Session, task: Task, state: PhotoState) -> _Photo | None:
    """The photo of a job, where it is in the state in which that is to be done."""
    post_id, photo_id = str(task.payload["post"]), str(task.payload["photo"])
    try:
        record = photos.get(session, post_id, photo_id)
        if record.state is state:
            return _Photo(posts.get(session, post_id), record, photos.original(session, post_id, photo_id))
    except GONE:
        pass
    return None


def _again(session: Session, found: _Photo, begin: Callable[[Session, str, list[str]], list[str]]) -> None:
    """Have a photo looked at or decided about once more, and whoever looks at its post told so."""
    again = begin(session, found.post.id, [found.record.id])
    posts.bump(session, found.post.id, edited=False, photos=again)


def _ends_its_workers(task: Task) -> bool:
    """Whether a photo was tried often enough, and whoever tried it last never came back. Once more could end this
    program as well, and with it the work at all other photos."""
    return task.is_lost and task.attempt > MAX_ATTEMPTS


def _failed(task: Task, found: _Photo, screening: Screening) -> Effects:
    """Have it recorded that a photo could not be judged; one at which a process crashed is tried again first."""
    failure = screening.findings.failure
    code = failure.code if failure else ScreenerCrashed.code
    if code == ScreenerCrashed.code and task.attempt < MAX_ATTEMPTS:
        raise Retry(code)
    return _record_failed(task, found, code)


def _record_failed(task: Task, found: _Photo, code: str) -> Effects:
    def effects(session: Session) -> None:
        session = session.as_caller(service(task.tenant))
        with suppress(*GONE, PostChanged):
            progress.require_current(session, found.post.id, found.record.id, found.record.generation)
            progress.record_failed(session, found.post.id, found.record.id, code)

    return effects
