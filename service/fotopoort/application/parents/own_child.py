"""The copy of a photo for the parents of one child, who ask the office for it: everybody else in it is covered.

What was seen in the photo and said of it when it was screened is what the copy is made by; without that there is none.
Where the same photo was screened at other times, whoever was to be covered then is covered as well.
Whoever may be shown where is not looked at. Each copy is a row of the audit log: ids and hashes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from sqlalchemy import select

from fotopoort.application.context import DecisionContexts
from fotopoort.application.pending import require_same_names
from fotopoort.errors import NoCopy, NoRegistry, RegistryError, RegistryMoved
from fotopoort.policy.crops.own_child import NOT_POINTED_OUT, POINT_OUT, parents_copy
from fotopoort.policy.policy import Policy
from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.answers import answer_log, said_elsewhere
from fotopoort.registry.people import people
from fotopoort.registry.photos import originals, screenings
from fotopoort.registry.photos.screenings import Rejudgement
from fotopoort.registry.photos.serialisation import findings_from_json
from fotopoort.registry.registry import Registry, Session
from fotopoort.registry.store.tables import screening as screening_table
from fotopoort.screening.processes.pool import ScreeningPool
from fotopoort.screening.screen import Request, ScreeningJob
from fotopoort.vocabulary import Answers, ChannelId, Crop, Findings, NameEntry, PersonId, Rendition, Text

NOT_READ = Text(
    "Niet alle tekst op deze foto is gelezen: er kan een naam van een ander kind op staan.",
    "Not all text in this photo was read: another child's name may be in it.",
)
JUDGE_PUBLIC = Text(
    "Laat de foto eerst ook voor een openbaar kanaal beoordelen, zoals de website.",
    "Have the photo judged for a public channel as well first, such as the website.",
)
NOT_HIDDEN = Text(
    "Het lukt niet om iedereen anders op deze foto onzichtbaar te maken.",
    "Not everybody else in this photo could be made invisible.",
)


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy for parents, and the part of the photo that it shows; None: all of it."""

    rendition: Rendition
    crop: Crop | None


@dataclass(frozen=True, slots=True)
class _Asked:
    """A photo of which a copy is wanted, with what it is made by: equal where the same would be made."""

    screening: str
    findings: Findings
    answers: Answers
    number: int  # of the latest answer
    policy: Policy
    names: tuple[NameEntry, ...] = field(repr=False)  # everyone's at the school
    job: ScreeningJob = field(repr=False, compare=False)


class OwnChildCopies:
    """Makes copies for parents.

    Args:
        policy: the school's rules: how faces are covered, and how large a copy is.
        registry: where photos and what was said of them are written down.
    """

    def __init__(self, policy: Policy, registry: Registry | RegistryError | None) -> None:
        self._policy, self._registry, self._contexts = policy, registry, DecisionContexts(policy)

    def of_photo(self, pool: ScreeningPool, caller: Caller, data: bytes, child: PersonId, *, crop: bool) -> Copy:
        """The copy of a photo that is at hand, by the latest screening of it in which faces were answered for.

        Raises:
            Forbidden: the caller does not work at the office.
            UnknownPerson: there is no such person.
            NoCopy: there can be none; the message says why. Also where the photo was never screened.
            RegistryError, NoRegistry: there is no registry, or it does not answer.
        """
        sha256 = hashlib.sha256(data).hexdigest()

        def look(session: Session) -> _Asked:
            return self._asked(session, _latest(session, sha256), child, crop=crop)

        with self._usable().read(caller, Act.OWN_CHILD) as session:
            asked = look(session)
        return self._made(pool, caller, data, asked, child, look)

    def of_screening(self, pool: ScreeningPool, caller: Caller, screening: str, child: PersonId, *, crop: bool) -> Copy:
        """The copy of a photo that is held.

        Raises:
            NotFound: there is no such screening.
            PhotoGone: the photo is not held any more, or names became known that it was not searched for.
            Forbidden, UnknownPerson, NoCopy, RegistryError, NoRegistry: as `of_photo`.
        """

        def look(session: Session) -> _Asked:
            return self._asked(session, screening, child, crop=crop)

        with self._usable().read(caller, Act.OWN_CHILD) as session:
            asked, data = look(session), originals.take(session, screening)
        return self._made(pool, caller, data, asked, child, look)

    def _asked(self, session: Session, screening: str, child: PersonId, *, crop: bool) -> _Asked:
        row = screenings.find(session, screening)
        people.refs_of(session, {child})
        context = self._contexts.current(session)
        findings = findings_from_json(row.findings)
        findings = replace(findings, blocked=context.blocked.holds(findings.sha256, findings.perceptual_hash))
        public = {channel.id for channel in context.policy.channels if channel.public}
        if findings.failure is None and not (findings.names_checked and public & set(row.request["channels"])):
            raise NoCopy(NOT_READ, hint=JUDGE_PUBLIC)
        elsewhere = said_elsewhere.of_photo(session, findings.sha256, but=screening, with_sent=True)
        answers = replace(answer_log.answers_of(session, screening), crop=crop, elsewhere=elsewhere)
        request = Request((_channel(context.policy),), answers)
        number = answer_log.last_number(session, screening)
        require_same_names(Rejudgement(findings, request, number, number, None, row.names_searched), context)
        job = replace(context.job(request), findings=findings, own_child=child)
        return _Asked(screening, findings, answers, number, context.policy, context.names, job)

    def _made(
        self,
        pool: ScreeningPool,
        caller: Caller,
        data: bytes,
        asked: _Asked,
        child: PersonId,
        look: Callable[[Session], _Asked],
    ) -> Copy:
        """The copy, written in the log.

        Args:
            look: finds the same again, as it is then.

        Raises:
            RegistryMoved: it would be made otherwise by then.
        """
        (channel,), failure = asked.job.request.channels, asked.findings.failure
        if failure is None:
            parents_copy(asked.findings, asked.answers, child, asked.job.policy, channel, crop=asked.answers.crop)
            screening = pool.submit(data, asked.job).result()
            failure = screening.findings.failure
        if failure is not None:
            raise NoCopy(Text(failure.message_nl, failure.message), hint=Text(failure.hint_nl, failure.hint))
        rendition = screening.renditions.get(channel)
        if rendition is None:
            raise NoCopy(NOT_HIDDEN)
        crop = screening.verdicts[channel].crop
        with self._usable().write(caller, Act.OWN_CHILD) as session:
            session.hold_revision()
            if look(session) != asked:
                raise RegistryMoved
            (ref,) = people.refs_of(session, {child}).values()
            session.note(
                "own_child",
                photo=asked.findings.sha256,
                person=ref,
                screening=asked.screening,
                number=asked.number,
                rendition=rendition.sha256,
                cropped=crop is not None,
            )
        return Copy(rendition, crop)

    def _usable(self) -> Registry:
        if isinstance(self._registry, Registry):
            return self._registry
        raise self._registry or NoRegistry()


def _channel(policy: Policy) -> ChannelId:
    """That as large as which copies are: a closed one, since parents see the photo there."""
    return next((channel.id for channel in policy.channels if not channel.public), policy.channels[0].id)


def _latest(session: Session, sha256: str) -> str:
    """The latest screening of a photo in which somebody said whose a face is.

    Raises:
        NoCopy: there is none.
    """
    for screening in _screenings_of(session, sha256):
        if answer_log.answers_of(session, screening).faces:
            return screening
    raise NoCopy(NOT_POINTED_OUT, hint=POINT_OUT)


def _screenings_of(session: Session, sha256: str) -> list[str]:
    """Each screening of a photo, the latest first."""
    query = (
        select(screening_table.c.id)
        .where(screening_table.c.tenant == session.tenant, screening_table.c.sha256 == sha256)
        .order_by(screening_table.c.at.desc(), screening_table.c.id)
    )
    return list(session.connection.execute(query).scalars())
