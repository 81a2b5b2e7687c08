"""One website: poll it, take its photos, bring it their verdicts.

Everything that must not be lost is in the database before the next message is sent: whoever is killed anywhere, another
goes on. What was taken and not written down is taken again under the same id; what was answered and not written down is
answered again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

from fotopoort.canonical_json import digest
from fotopoort.errors import FotopoortError, NotFound, PhotoGone, PostEnded
from fotopoort.pull.connection import Connection
from fotopoort.pull.hoster import MAX_WAIT, Hoster, HosterFailed, Offered, Signer, UnknownPhoto
from fotopoort.pull.messages import KEY_BYTES, OVERHEAD, BadMessage, Keys, unseal
from fotopoort.pull.verdicts import UNREADABLE, Verdict, Verdicts, is_final, lasting, refused, without_addresses
from fotopoort.registry.access.roles import Act, Caller, KeyRole
from fotopoort.registry.pull import pairings, photos
from fotopoort.registry.pull.photos import PulledPhoto
from fotopoort.registry.registry import Registry, Session
from fotopoort.vocabulary import Outcome

MAX_OPEN: Final = 8  # photos that were taken and have no verdict yet
MAX_TOLD: Final = 50  # between two polls
LEASE_SECONDS: Final = 180.0  # until others may poll, where a program was killed; longer than any one exchange
SECONDS_BETWEEN_LOOKS: Final = 0.5  # at whether there is a verdict
SECONDS_BETWEEN_POLLS: Final = 2.0  # while verdicts are waited for
MIN_POLL_SECONDS: Final = 1.0  # from one poll to the next, however soon the website answers
SECONDS_POSTPONED: Final = 30.0
SECONDS_BETWEEN_RECORDS: Final = 60.0  # of when the website was reached
# What is wrong with one photo; the others can be answered all the same.
_OF_ONE_PHOTO: Final = frozenset(
    {"hoster.bad_rendition", "hoster.bad_message", "hoster.status_413", "hoster.status_422"}
)
_GOES_OUT: Final = frozenset({Outcome.PUBLISH.value, Outcome.BLUR.value})


class LeaseLost(Exception):
    """Another program polls this website now, or the pairing was removed."""


def caller(tenant: str, pairing: str) -> Caller:
    """On whose behalf photos of a website are judged: a CMS, as one with a key is."""
    return Caller(tenant, pairing, KeyRole.CMS)


class Puller:
    """Fetches from one website.

    Args:
        caller: for this pairing, see `caller`.
        connection: used by this alone; closing it is the caller's.
        worker: the name of this program; of several, one polls.
        max_bytes: of a photo.
        is_stopping: whether to begin nothing any more.
        wait: seconds of a long poll.
        clock: Unix time in seconds.
        ticks: seconds that never go back.
    """

    def __init__(
        self,
        registry: Registry,
        caller: Caller,
        verdicts: Verdicts,
        connection: Connection,
        *,
        worker: str,
        max_bytes: int,
        is_stopping: Callable[[], bool] = lambda: False,
        wait: int = MAX_WAIT,
        clock: Callable[[], float] = time.time,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._registry, self._caller, self._verdicts, self._connection = registry, caller, verdicts, connection
        self._worker, self._max_bytes, self._is_stopping, self._wait = worker, max_bytes, is_stopping, wait
        self._clock, self._ticks = clock, ticks
        self._next_poll, self._next_record = 0.0, 0.0
        self._postponed = dict[str, float]()  # photos of which the website cannot be told now, and until when
        self._looked_at = set[str]()  # photos of this round, where there are more than are looked at in one step
        self._has_looked_again = False

    @property
    def pairing(self) -> str:
        """Its id."""
        return self._caller.id

    def step(self) -> float:
        """Bring what there is to bring, and fetch what waits. Returns after how many seconds to do so again.

        Raises:
            LeaseLost: another does.
            HosterFailed: the website did not do its part.
            FotopoortError: the registry, or what judges photos, cannot do its part now.
        """
        lease = self._lease()
        keys = Keys(lease.secret[:KEY_BYTES], lease.secret[KEY_BYTES:])
        signer = Signer(keys, lambda: self._lease().sequence, self._clock)
        hoster = Hoster(self._connection, lease.address, signer, self._max_bytes)
        if not self._has_looked_again:  # something may have changed while no program ran
            with self._writing() as session:
                photos.mark_changed_again(session, self.pairing)
            self._has_looked_again = True
        self._tell_all(hoster)
        still_open = self._count_open()
        if self._ticks() < self._next_poll:
            return SECONDS_BETWEEN_LOOKS
        asked = self._ticks()
        offer = hoster.poll(0 if still_open else self._wait)
        if not self._postponed:
            self._record(None)
        taken = self._take_new(hoster, offer.photos, MAX_OPEN - still_open)
        if still_open + taken:
            self._next_poll = self._ticks() + max(SECONDS_BETWEEN_POLLS, offer.poll_after)
            return SECONDS_BETWEEN_LOOKS
        return max(offer.poll_after, asked + MIN_POLL_SECONDS - self._ticks())

    def record_failure(self, code: str) -> None:
        """Have `pull list` show what went wrong."""
        self._record(code)

    def _lease(self) -> pairings.Lease:
        if self._is_stopping():
            raise LeaseLost
        with self._registry.write(self._caller, Act.GATE) as session:
            number = int(self._clock() * 1000)
            found = pairings.lease(session, self.pairing, self._worker, seconds=LEASE_SECONDS, number=number)
        if found is None:
            raise LeaseLost
        return found

    def _record(self, error: str | None) -> None:
        if error is None and self._ticks() < self._next_record:
            return
        self._next_record = 0.0 if error else self._ticks() + SECONDS_BETWEEN_RECORDS
        with self._registry.write(self._caller, Act.GATE) as session:
            pairings.record(session, self.pairing, error)

    def _count_open(self) -> int:
        with self._registry.read(self._caller, Act.GATE) as session:
            return photos.count_open(session, self.pairing, without=self._postponed)

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        """A transaction, which only whoever has the lease writes in.

        Raises:
            LeaseLost: another has it by now, or the pairing was removed: what it wrote stays.
        """
        with self._registry.write(self._caller, Act.GATE) as session:
            if not pairings.has_lease(session, self.pairing, self._worker):
                raise LeaseLost
            yield session

    # --- photos in ---------------------------------------------------------------------------------------

    def _take_new(self, hoster: Hoster, offered: tuple[Offered, ...], room: int) -> int:
        """Take what was not taken yet, as far as there is room. Returns how many have no verdict there."""
        if not offered:
            return 0
        with self._registry.read(self._caller, Act.GATE) as session:
            found = photos.find(session, self.pairing, [photo.id for photo in offered])
        same = {photo.id for photo in offered if photo.id in found and found[photo.id].sealed == photo.sha256}
        if lost := [photo_id for photo_id in same if found[photo_id].sent is not None]:
            with self._writing() as session:  # the website was put back, perhaps
                photos.mark_changed_again(session, self.pairing, lost)
        new = [photo for photo in offered if photo.id not in same]
        for photo in new[: max(0, room)]:
            try:
                self._take(hoster, photo)
            except UnknownPhoto:
                continue  # removed meanwhile
        return len(lost) + len(new)

    def _take(self, hoster: Hoster, offered: Offered) -> None:
        ticket = refusal = original = None
        try:
            if offered.bytes > self._max_bytes + OVERHEAD:
                raise BadMessage("size")
            sealed = hoster.take(offered)
            with self._writing():  # of a website that was removed meanwhile nothing is looked at
                pass
            photo = unseal(hoster.signer.keys, offered.id, sealed)
            original = photo.sha256
            key = f"pull:{self.pairing}:{offered.id}:{offered.sha256[:16]}"
            ticket = self._verdicts.take(self._caller, photo, key)
        except BadMessage:
            refusal = UNREADABLE
        except FotopoortError as error:
            if not is_final(error):
                raise
            refusal = error.code
        row = PulledPhoto(offered.id, offered.sha256, original, ticket, refusal, sent=None, rendition=None)
        with self._writing() as session:
            photos.add(session, self.pairing, row)

    # --- verdicts out ------------------------------------------------------------------------------------

    def _tell_all(self, hoster: Hoster) -> None:
        now = self._ticks()
        self._postponed = {photo: until for photo, until in self._postponed.items() if until > now}
        with self._registry.read(self._caller, Act.GATE) as session:
            passed = self._looked_at | self._postponed.keys()
            changed = photos.changed(session, self.pairing, MAX_TOLD, without=passed)
        # Where there are more, the next step goes on after these: many that wait hold up no other.
        self._looked_at = set() if len(changed) < MAX_TOLD else self._looked_at | {photo.id for photo in changed}
        for photo in changed:
            try:
                self._tell(hoster, photo)
            except UnknownPhoto:
                with self._writing() as session:
                    photos.forget(session, self.pairing, photo.id)
            except LeaseLost:
                raise
            except HosterFailed as error:
                if error.code not in _OF_ONE_PHOTO:
                    raise
                self._postpone(photo, error.code)
            except Exception as error:  # whatever is wrong with one photo, what was withdrawn of another is told
                self._postpone(photo, getattr(error, "code", type(error).__name__))

    def _postpone(self, photo: PulledPhoto, code: str) -> None:
        self._postponed[photo.id] = self._ticks() + SECONDS_POSTPONED
        self._record(code)

    def _tell(self, hoster: Hoster, photo: PulledPhoto) -> None:
        """Bring what a photo comes to, unless that is not known yet or the website has it already.

        The website never has a rendition that is not written down here: what replaces one is brought after that was
        revoked, and is written down before it is brought.
        """
        verdict = self._verdict(photo)
        if photo.rendition not in (None, verdict.rendition) and not verdict.holds:
            photo = self._revoke(hoster, photo)
        if verdict.document is None:
            return
        rendition = None
        try:
            if verdict.rendition is not None and photo.ticket is not None:
                rendition = self._verdicts.rendition(self._caller, photo.ticket, verdict.rendition)
                if rendition is None:
                    return  # it changed again: the next look tells
            elif verdict.document.get("outcome") in _GOES_OUT:
                raise PostEnded  # nothing is made of it any more
        except (PhotoGone, PostEnded) as error:
            if photo.sent and photo.rendition and (verdict.holds or photo.rendition == verdict.rendition):
                self._was_told(photo, photo.sent, photo.rendition)  # what the website shows may stay
                return
            verdict = Verdict(refused(error.code, photo.original))
        document = verdict.document or {}
        sent = digest([lasting(document), verdict.rendition])
        if sent != photo.sent:
            if photo.rendition not in (None, verdict.rendition):
                photo = self._revoke(hoster, photo)
            if verdict.rendition is not None:
                with self._writing() as session:
                    photos.record_bringing(session, self.pairing, photo.id, verdict.rendition)
            hoster.result(photo.id, sealed=photo.sealed, sha256=photo.original, verdict=document, rendition=rendition)
        self._was_told(photo, sent, verdict.rendition)

    def _was_told(self, photo: PulledPhoto, sent: str, rendition: str | None) -> None:
        with self._writing() as session:
            photos.record_sent(session, self.pairing, photo, sent, rendition)

    def _revoke(self, hoster: Hoster, photo: PulledPhoto) -> PulledPhoto:
        """Have what the website shows of a photo taken down. Returns the photo as it is then."""
        hoster.revoked(photo.id, sha256=photo.original, rendition=photo.rendition or "")
        with self._writing() as session:
            photos.record_revoked(session, self.pairing, photo.id)
        return replace(photo, sent=None, rendition=None)

    def _verdict(self, photo: PulledPhoto) -> Verdict:
        if photo.ticket is None:
            return Verdict(refused(photo.refusal or UNREADABLE, photo.original))
        try:
            verdict = self._verdicts.verdict(self._caller, photo.ticket, photo.rendition)
        except NotFound as error:  # nothing is kept of it any more: nothing vouches for what is shown
            return Verdict(refused(error.code, photo.original))
        document = verdict.document
        return replace(verdict, document=None if document is None else without_addresses(document))
